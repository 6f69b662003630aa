//! A call, which is one leg: who, where it stands, and what was planned for it.
//!
//! ```text
//! inbound        ringing ─▶ in-progress ─▶ completed
//!                   └─▶ busy | no-answer | failed | canceled | completed
//! outbound   queued ─▶ ringing ─▶ in-progress ─▶ completed
//!               └────────┴─▶ busy | no-answer | failed | canceled
//! ```
//!
//! `initiated` is an event of the way, told but never shown as the resource's status. The store
//! keeps the record, `status` moves it. Contract: rest.md 4.2, webhooks.md 6.2.

use crate::calls::script::First;
use crate::numbers::Target;
use crate::sid::{AccountSid, ApplicationSid, CallSid, NumberSid};
use jiff::Timestamp;
pub use twiml::{CallEvent, MachineDetection, RecordingEvent, RecordingTrack, Trim};
pub use webhook::{CallState as State, Direction};

/// Whether nothing can follow a state.
pub fn is_final(state: State) -> bool {
    matches!(
        state,
        State::Completed | State::Busy | State::Failed | State::NoAnswer | State::Canceled
    )
}

/// One leg of a call.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Its sid.
    pub sid: CallSid,
    /// Whose it is.
    pub account: AccountSid,
    /// The leg whose `<Dial>` made this one.
    pub parent: Option<CallSid>,
    /// Which way it goes.
    pub direction: Direction,
    /// The caller: E.164, `client:…`, `sip:…`, or a caller ID as it came.
    pub from: String,
    /// Who is called.
    pub to: String,
    /// Where it stands; never `initiated`.
    pub state: State,
    /// Events so far: the `SequenceNumber` of the next one.
    pub events: u32,
    /// The number of the house on one of its ends.
    pub number: Option<NumberSid>,
    /// The application that handles it.
    pub application: Option<ApplicationSid>,
    /// The number it was diverted from.
    pub forwarded_from: Option<String>,
    /// The caller's name, where it is looked up.
    pub caller_name: Option<String>,
    /// Who or what answered, once that is known.
    pub answered_by: Option<AnsweredBy>,
    /// SIP's code for how it was answered or refused.
    pub sip_response_code: Option<u16>,
    /// What was planned for it when it was made; a REST update replaces parts.
    pub plan: Plan,
    /// House time.
    pub created: Timestamp,
    /// House time.
    pub updated: Timestamp,
    /// When it began to be dialled, or came in.
    pub started: Option<Timestamp>,
    /// When it was answered.
    pub answered: Option<Timestamp>,
    /// When it ended.
    pub ended: Option<Timestamp>,
}

impl Call {
    /// The address at the other end, seen from the house.
    pub fn peer(&self) -> &str {
        match self.direction {
            Direction::Inbound => &self.from,
            Direction::OutboundApi | Direction::OutboundDial => &self.to,
        }
    }

    /// Whole seconds from the answer to the end, rounded up; `None` until it has ended. 0 for a
    /// call that was never answered.
    pub fn duration_seconds(&self) -> Option<u32> {
        let ended = self.ended?;
        let Some(answered) = self.answered else { return Some(0) };
        let millis = ended.duration_since(answered).as_millis().max(0);
        Some(u32::try_from((millis + 999) / 1000).unwrap_or(u32::MAX))
    }
}

/// What a call does, and who is told: fixed when it is made, changed by REST only.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Plan {
    /// What it begins with; `None` when nobody is asked (a number without a URL, a `<Dial>`'s leg
    /// without a whisper).
    pub first: Option<First>,
    /// Asked when a document of this call can't be had.
    pub fallback: Option<Target>,
    /// Who is told of its events.
    pub callback: Option<Callback>,
    /// Seconds after it was made before it is dialled.
    pub delay_seconds: u32,
    /// Seconds it rings before it is given up.
    pub timeout_seconds: u32,
    /// Seconds it may last from the answer on.
    pub time_limit_seconds: Option<u32>,
    /// Keys that are pressed after the answer (REST `SendDigits`, `<Number sendDigits>`).
    pub send_digits: Option<String>,
    /// Whether the whole call is recorded, and how.
    pub record: Option<RecordPlan>,
    /// Whether it is found out who answers.
    pub detection: Option<Detection>,
    /// The call that it goes on from an earlier point of.
    pub forked_from: Option<CallSid>,
    /// Parameters of the application's own, sent with every ask (`<Client><Parameter>`, …).
    pub parameters: Vec<(String, String)>,
}

/// Recording of a call or a `<Dial>`.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordPlan {
    /// Both ends on channels of their own.
    pub dual: bool,
    /// From the first ringing on, not from the answer.
    pub from_ringing: bool,
    /// Which side is heard.
    pub track: RecordingTrack,
    /// What happens to silence at the ends.
    pub trim: Trim,
    /// Who is told.
    pub callback: Option<RecordingCallback>,
}

/// Who is told what becomes of a recording.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordingCallback {
    /// Where.
    pub target: Target,
    /// What of it.
    pub events: Vec<RecordingEvent>,
}

/// Who is told of a call's events, and of which.
#[derive(Debug, Clone, PartialEq)]
pub struct Callback {
    /// Where.
    pub target: Target,
    /// Which ones.
    pub events: Events,
    /// The callback of a *number*: once, at the end, in the older shape without source, sequence
    /// and time (webhooks.md 2d).
    pub of_number: bool,
}

/// A set of call events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Events(u8);

impl Events {
    /// The set of these.
    pub fn of(events: impl IntoIterator<Item = CallEvent>) -> Events {
        Events(events.into_iter().fold(0, |set, event| set | Events::bit(event)))
    }

    /// Whether `event` is one of them.
    pub fn has(self, event: CallEvent) -> bool {
        self.0 & Events::bit(event) != 0
    }

    /// Its members, in the order of a call's life.
    pub fn iter(self) -> impl Iterator<Item = CallEvent> {
        [CallEvent::Initiated, CallEvent::Ringing, CallEvent::Answered, CallEvent::Completed]
            .into_iter()
            .filter(move |event| self.has(*event))
    }

    fn bit(event: CallEvent) -> u8 {
        match event {
            CallEvent::Initiated => 1,
            CallEvent::Ringing => 2,
            CallEvent::Answered => 4,
            CallEvent::Completed => 8,
        }
    }
}

/// Answering machine detection, as ordered. Times in milliseconds (webhooks.md 2e.2).
#[derive(Debug, Clone, PartialEq)]
pub struct Detection {
    /// At once, or at the end of the machine's greeting.
    pub mode: MachineDetection,
    /// How long finding out may take; then it is `unknown`.
    pub timeout_ms: u32,
    /// Speech of this length is a machine's.
    pub speech_threshold_ms: u32,
    /// Silence of this length ends the speech.
    pub speech_end_threshold_ms: u32,
    /// Silence of this length from the answer on: `unknown`.
    pub silence_timeout_ms: u32,
    /// Who is told. Asynchronous when the call does not wait for the verdict.
    pub callback: Option<Target>,
    /// Whether the call goes on without waiting for the verdict.
    pub is_async: bool,
}

/// Who or what answered (webhooks.md 2e.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnsweredBy {
    /// A person.
    Human,
    /// A machine, told at once.
    MachineStart,
    /// A machine, after its beep.
    MachineEndBeep,
    /// A machine, after its greeting and silence.
    MachineEndSilence,
    /// A machine, after its greeting, otherwise.
    MachineEndOther,
    /// A fax.
    Fax,
    /// It could not be found out.
    Unknown,
}

impl AnsweredBy {
    /// All of them.
    pub const ALL: [AnsweredBy; 7] = [
        AnsweredBy::Human,
        AnsweredBy::MachineStart,
        AnsweredBy::MachineEndBeep,
        AnsweredBy::MachineEndSilence,
        AnsweredBy::MachineEndOther,
        AnsweredBy::Fax,
        AnsweredBy::Unknown,
    ];

    /// The wire's word.
    pub fn as_str(self) -> &'static str {
        match self {
            AnsweredBy::Human => "human",
            AnsweredBy::MachineStart => "machine_start",
            AnsweredBy::MachineEndBeep => "machine_end_beep",
            AnsweredBy::MachineEndSilence => "machine_end_silence",
            AnsweredBy::MachineEndOther => "machine_end_other",
            AnsweredBy::Fax => "fax",
            AnsweredBy::Unknown => "unknown",
        }
    }

    /// Reads the wire's word.
    pub fn parse(text: &str) -> Option<AnsweredBy> {
        AnsweredBy::ALL.into_iter().find(|by| by.as_str() == text)
    }
}
