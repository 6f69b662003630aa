//! What reaches a script: answers to its orders, and what happens on the line.

use crate::calls::script::Ticket;
use crate::calls::{AnsweredBy, State};
use crate::documents::{Answer, Remark};
use crate::numbers::Target;
use crate::sid::{CallSid, MessageSid, RecordingSid};

/// What a call begins or goes on with.
#[derive(Debug, Clone, PartialEq)]
pub enum First {
    /// A document that is asked for.
    Ask(Target),
    /// A document that is here (`Twiml=` of the REST API): it has no URL, so nothing in it can be
    /// relative to it.
    Twiml(String),
}

/// How a leg and its script begin.
#[derive(Debug, Clone, PartialEq)]
pub struct Setup {
    /// Which end of which kind of call it is.
    pub role: Role,
    /// What it begins with.
    pub first: First,
    /// Asked when a document of this call can't be had.
    pub fallback: Option<Target>,
    /// Seconds it may last from the answer on.
    pub time_limit_seconds: Option<u32>,
    /// The other party of an `<Sms>` without `to`: the caller of an inbound call, the called of an
    /// outbound one.
    pub peer: String,
    /// The number of the house: the sender of an `<Sms>` without `from`.
    pub own: String,
}

/// Which end of which kind of call a script runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A caller who rings until the document answers.
    Inbound,
    /// Somebody who was called, and has answered.
    Outbound,
    /// Somebody who was called by a `<Dial>` and hears a document before being connected. It may
    /// not dial (13201).
    Whisper,
}

/// Something that happened, at a time that the script is told.
///
/// An answer with the ticket of an order that is no longer under way does nothing.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// A fetch came to its end.
    Document(Ticket, Answer),
    /// A key was pressed: one of `0-9 A-D * #`.
    Digit(char),
    /// Sound other than silence began on the line, or ended.
    Voice(bool),
    /// Words were understood for a [`Output::Listen`](super::Output::Listen).
    Speech(Ticket, Heard),
    /// A sound came to its end, or could not be had.
    Played(Ticket, Result<(), Remark>),
    /// A recording came to its end.
    Recorded(Ticket, RecordingEnd),
    /// Somebody who was dialled is connected with this leg now.
    Bridged(Ticket),
    /// A dial came to its end.
    Dialed(Ticket, DialEnd),
    /// A text was queued, or refused.
    Sent(Ticket, Result<MessageSid, Remark>),
    /// A transfer came to its end.
    Referred(Ticket, ReferEnd),
    /// The call goes on with this, whatever it does (REST update).
    Replaced(First),
    /// From now on this is asked when a document can't be had (REST update).
    FallbackSet(Option<Target>),
    /// It may last this many seconds, counted from the answer (REST update); `None` is any time.
    TimeLimitSet(Option<u32>),
    /// The leg is over: the person or the house hung up. Sounds and listening end with it without
    /// an order; `Recorded`, `Dialed` or `Referred` still come for what was under way.
    HungUp,
    /// The deadline has come. Before it nothing happens.
    Tick,
}

/// Words of a person.
#[derive(Debug, Clone, PartialEq)]
pub enum Heard {
    /// What was understood so far, of words that are still being said.
    Partial(String),
    /// What was understood of a stretch of speech that has ended.
    Final {
        /// The words.
        text: String,
        /// 0.0 to 1.0, as the wire shows it; empty when nobody knows.
        confidence: String,
    },
}

/// What became of a `<Record>`.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordingEnd {
    /// The recording; `None` when there was not a single frame of sound: then nothing was kept.
    pub kept: Option<Kept>,
}

/// A recording that was kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// Its sid.
    pub sid: RecordingSid,
    /// Its URL, without an extension.
    pub url: String,
    /// Whole seconds, at least 1.
    pub duration_seconds: u64,
}

/// What became of a `<Dial>` (webhooks.md 2e).
#[derive(Debug, Clone, PartialEq)]
pub struct DialEnd {
    /// `completed`, `busy`, `no-answer`, `failed`, `canceled`.
    pub status: State,
    /// The leg that was connected, else the last that was tried.
    pub sid: Option<CallSid>,
    /// Seconds that the connected leg lasted; `None` when there was none.
    pub duration_seconds: Option<u32>,
    /// Whether the two were connected.
    pub bridged: bool,
    /// The recording, when `record` asked for one.
    pub recording: Option<Kept>,
    /// Who answered, when that was to be found out.
    pub answered_by: Option<AnsweredBy>,
    /// Further parameters (`DialSipCallId`, …).
    pub parameters: Vec<(String, String)>,
}

/// What became of a `<Refer>` (webhooks.md 2e).
#[derive(Debug, Clone, PartialEq)]
pub struct ReferEnd {
    /// `in-progress`, `busy`, `failed`, `canceled`.
    pub status: State,
    /// SIP's answer to the REFER.
    pub refer_code: Option<u16>,
    /// SIP's code in the last NOTIFY.
    pub notify_code: Option<u16>,
}
