//! A webhook as a row: an ask or a tell, what it will send, and where it stands.
//!
//! ```text
//! waiting ─▶ (on its way) ─▶ done      the exchange went as it should
//!    ▲            │     └──▶ failed    it did not, and nothing more will be tried
//!    └── retry ◀──┘     └──▶ dead      every retry of the durable profile is used up
//! ```
//!
//! "On its way" is not a stored state: a row that is still `waiting` after a restart is sent
//! again, with the same idempotency token. Contract: DESIGN's webhook entry, webhooks.md 4.

use super::field_lines::FieldLines;
use crate::numbers::{Method, Target};
use crate::sid::{AccountSid, Sid};
use jiff::Timestamp;
use webhook::{Form, Product};

/// Does the answer matter?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The answer is TwiML and decides what happens next.
    Ask,
    /// The answer is ignored.
    Tell,
}

impl Kind {
    /// The API's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Ask => "ask",
            Kind::Tell => "tell",
        }
    }

    /// Reads the API's word.
    pub fn parse(text: &str) -> Option<Kind> {
        [Kind::Ask, Kind::Tell].into_iter().find(|k| k.as_str() == text)
    }
}

/// What a webhook is about; decides the signing rules and what becomes of its outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Asks what to answer to an inbound message, or goes on with its reply session.
    InboundMessage,
    /// Tells a message's status.
    MessageStatus,
    /// Asks what a call shall do.
    Voice,
    /// Fetches the audio of a `<Play>`.
    Audio,
    /// Fetches a medium of a message.
    Media,
    /// Tells a call's event.
    CallStatus,
    /// Tells what becomes of a recording.
    RecordingStatus,
    /// Tells the words of a recording.
    Transcription,
    /// Tells who or what answered.
    AmdStatus,
    /// Tells what was understood so far, while it is being said.
    PartialResult,
    /// Tells a message that the client program of a call has sent.
    UserMessage,
    /// Tells whether a caller id was verified.
    CallerId,
    /// Tells that a trigger of usage fired.
    UsageTrigger,
    /// Tells a debugger event.
    Debugger,
    /// Tells what happened in a conversation.
    Conversation,
    /// Events for a sink, as JSON.
    SinkEvent,
    /// A person pressed replay: recorded, acted on by nobody.
    Replay,
}

impl Purpose {
    /// All of them.
    pub const ALL: [Purpose; 17] = [
        Purpose::InboundMessage,
        Purpose::MessageStatus,
        Purpose::Voice,
        Purpose::Audio,
        Purpose::Media,
        Purpose::CallStatus,
        Purpose::RecordingStatus,
        Purpose::Transcription,
        Purpose::AmdStatus,
        Purpose::PartialResult,
        Purpose::UserMessage,
        Purpose::CallerId,
        Purpose::UsageTrigger,
        Purpose::Debugger,
        Purpose::Conversation,
        Purpose::SinkEvent,
        Purpose::Replay,
    ];

    /// Whether it belongs to a call: such requests are signed by the rules of voice.
    pub fn is_voice(self) -> bool {
        matches!(
            self,
            Purpose::Voice
                | Purpose::Audio
                | Purpose::CallStatus
                | Purpose::RecordingStatus
                | Purpose::Transcription
                | Purpose::AmdStatus
                | Purpose::PartialResult
                | Purpose::UserMessage
                | Purpose::CallerId
        )
    }

    /// The stored word.
    pub fn as_str(self) -> &'static str {
        match self {
            Purpose::InboundMessage => "inbound-message",
            Purpose::MessageStatus => "message-status",
            Purpose::Voice => "voice",
            Purpose::Audio => "audio",
            Purpose::Media => "media",
            Purpose::CallStatus => "call-status",
            Purpose::RecordingStatus => "recording-status",
            Purpose::Transcription => "transcription",
            Purpose::AmdStatus => "amd-status",
            Purpose::PartialResult => "partial-result",
            Purpose::UserMessage => "user-defined-message",
            Purpose::CallerId => "caller-id",
            Purpose::UsageTrigger => "usage-trigger",
            Purpose::Debugger => "debugger",
            Purpose::Conversation => "conversation",
            Purpose::SinkEvent => "sink-event",
            Purpose::Replay => "replay",
        }
    }

    /// Reads the stored word.
    pub fn parse(text: &str) -> Option<Purpose> {
        Purpose::ALL.into_iter().find(|p| p.as_str() == text)
    }
}

/// Where a webhook stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// To be sent, now or at its due time.
    Waiting,
    /// On its way; only shown, never stored.
    Running,
    /// The exchange went as it should.
    Done,
    /// It did not, and nothing more will be tried.
    Failed,
    /// Every retry is used up; a person may replay it.
    Dead,
}

impl Status {
    /// The API's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Waiting => "waiting",
            Status::Running => "running",
            Status::Done => "done",
            Status::Failed => "failed",
            Status::Dead => "dead",
        }
    }

    /// Reads the API's word.
    pub fn parse(text: &str) -> Option<Status> {
        [Status::Waiting, Status::Running, Status::Done, Status::Failed, Status::Dead]
            .into_iter()
            .find(|s| s.as_str() == text)
    }
}

/// What is saved, with the state that causes it, before anything is sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Webhook {
    /// The row's key, given by the store in the order of commits; 0 until saved.
    pub id: i64,
    /// Whose it is; its token signs.
    pub account: AccountSid,
    /// Ask or tell.
    pub kind: Kind,
    /// What it is about.
    pub purpose: Purpose,
    /// The message, call, … it belongs to; with the URL it makes the lane that keeps order.
    pub resource: Sid,
    /// As configured: with user info and fragment.
    pub url: String,
    /// GET or POST.
    pub method: Method,
    /// The parameters, form-encoded; or the JSON of events, which begins with a bracket as no form
    /// does.
    pub parameters: String,
    /// `I-Twilio-Idempotency-Token`, the same for all attempts; a UUID's 128 bits.
    pub token: u128,
    /// Asked when an ask fails.
    pub fallback: Option<Target>,
    /// What an ask needs to go on with when the answer is there; opaque to the store.
    pub context: String,
    /// Not before; house time.
    pub due: Timestamp,
    /// House time.
    pub created: Timestamp,
    /// Exchanges that failed so far (durable profile).
    pub failures: u32,
}

impl Webhook {
    /// Whether it carries the JSON of events instead of a form.
    pub fn is_json(&self) -> bool {
        self.parameters.starts_with('[')
    }

    /// Its parameters, read; none where it carries events. They were encoded by us: anything else
    /// in the row would be a broken disk.
    pub fn form(&self) -> Form {
        match self.is_json() {
            true => Form::new(),
            false => Form::parse(self.parameters.as_bytes()).unwrap_or_default(),
        }
    }

    /// By whose rules it is signed; what is replayed goes by the rules of what it was.
    pub fn product(&self) -> Product {
        let of_call = self.purpose == Purpose::Replay && self.resource.prefix() == "CA";
        if of_call || self.purpose.is_voice() { Product::Voice } else { Product::Messaging }
    }
}

/// One request of an exchange, as the log shows it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AttemptRecord {
    /// Why it was made: `first`, `retry`, `redirect`, `challenge`.
    pub why: &'static str,
    /// Requested URL.
    pub url: String,
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Address that was dialled, when it came so far.
    pub remote_address: Option<String>,
    /// Headers as sent.
    pub request_headers: FieldLines,
    /// Wire time, Unix microseconds.
    pub started_us: i64,
    /// Whole request.
    pub duration_us: u64,
    /// Until the connection stood; absent on a reused one.
    pub connect_us: Option<u64>,
    /// Until the first byte of the answer.
    pub first_byte_us: Option<u64>,
    /// HTTP status of the answer.
    pub status: Option<u16>,
    /// Headers of the answer.
    pub response_headers: FieldLines,
    /// Twilio's code and text of what went wrong.
    pub error: Option<(u32, String)>,
}

/// The answer an exchange ended with, as the log keeps it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AnswerRecord {
    /// HTTP status.
    pub status: u16,
    /// Its headers.
    pub headers: FieldLines,
    /// As text, at most [`ANSWER_BODY_BYTES_MAX`].
    pub body: String,
    /// Whether more body came than is kept.
    pub truncated: bool,
}

/// Bytes of an answer's body that the log keeps: a whole TwiML document.
pub const ANSWER_BODY_BYTES_MAX: usize = 64 * 1024;

/// A problem found in an answer, as the log shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProblemRecord {
    /// Twilio's code.
    pub code: u32,
    /// `error` or `warning`.
    pub level: &'static str,
    /// What is wrong.
    pub message: String,
    /// 1-based line and column in the document.
    pub at: Option<(u32, u32)>,
}

/// How an exchange ended: written together with everything it causes.
#[derive(Debug, Clone, PartialEq)]
pub struct Finish {
    /// The row.
    pub id: i64,
    /// `Done`, `Failed`, `Dead`, or `Waiting` for another exchange at `due`.
    pub status: Status,
    /// When the next exchange is due, for `Waiting`; else when this one ended. House time.
    pub due: Timestamp,
    /// Exchanges that failed so far.
    pub failures: u32,
    /// It went out of its order, because a failing one before it was waited for long enough.
    pub late: bool,
    /// When this exchange began: wire time, Unix microseconds.
    pub begun_us: i64,
    /// The requests of this exchange.
    pub attempts: Vec<AttemptRecord>,
    /// Its answer.
    pub answer: Option<AnswerRecord>,
    /// What is wrong with the answer.
    pub problems: Vec<ProblemRecord>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_purpose_is_read_back_from_its_word() {
        for purpose in Purpose::ALL {
            assert_eq!(Purpose::parse(purpose.as_str()), Some(purpose));
        }
    }
}
