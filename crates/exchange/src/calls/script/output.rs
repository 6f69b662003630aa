//! What a script wants done.

use crate::calls::{Callback, Detection, RecordPlan, RecordingCallback};
use crate::documents::Remark;
use crate::numbers::Target;
use twiml::{Say, Trim};

/// The number of an order: what comes of it carries the same one, and an answer to an order that
/// is no longer under way does nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u32);

/// Something to be done, in the order given.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// Ask for a document; answered by `Document`.
    Fetch(Ticket, Ask),
    /// Answer the call.
    Answer,
    /// Refuse the call; it is over.
    Reject(twiml::Reason),
    /// Let the person hear this, once; answered by `Played`.
    Play(Ticket, Sound),
    /// Stop that sound; nothing comes of it any more.
    StopPlaying(Ticket),
    /// Understand what is said, until told to stop; `Speech` comes as often as there is some.
    Listen(Ticket, Listen),
    /// Stop understanding.
    StopListening(Ticket),
    /// Record the person; answered by `Recorded` after it was stopped, or after a hang-up.
    Record(Ticket, RecordOrder),
    /// End that recording and keep it.
    StopRecording(Ticket),
    /// Call others and connect whoever answers; `Bridged` and `Dialed` come of it.
    Dial(Ticket, Box<DialOrder>),
    /// End that dial, whether connected or not; `Dialed` still comes.
    CancelDial(Ticket),
    /// Transfer a SIP call to this URI; answered by `Referred`.
    Refer(Ticket, String),
    /// Send a text; answered by `Sent`.
    Send(Ticket, Text),
    /// Record beside the document (`<Start><Recording>`), under this name if it has one.
    StartRecording(Option<String>, RecordPlan),
    /// End what such a `Start` began, by its name; `None` is the newest.
    StopTap(Option<String>),
    /// Tell something; the answer is ignored.
    Tell(Tell),
    /// Something is wrong with a document or its execution.
    Remark(Remark),
    /// End the call, and with it all that is under way: nothing is stopped one by one. What was
    /// recorded, dialled or transferred is still answered, and its action asked.
    Hangup,
}

/// A document that is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Ask {
    /// Where.
    pub target: Target,
    /// What is told beside the call's standard parameters.
    pub parameters: Vec<(String, String)>,
}

/// Something told to an application beside the call's standard parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct Tell {
    /// Where.
    pub target: Target,
    /// What.
    pub parameters: Vec<(String, String)>,
}

/// Something to hear.
#[derive(Debug, Clone, PartialEq)]
pub enum Sound {
    /// Words, said once: `loop` is the script's.
    Say(Box<Say>),
    /// The audio at an absolute URL.
    Url(String),
    /// Audio that came instead of a document, by its URL, with its Content-Type.
    Document {
        /// Where it came from.
        url: String,
        /// Its type.
        content_type: String,
    },
    /// Keys, as tones (twiml.md 7).
    Digits(String),
    /// The beep before a recording.
    Beep,
    /// Twilio's sentence for an application that failed and has no fallback.
    ApplicationError,
}

/// How to understand what is said.
#[derive(Debug, Clone, PartialEq)]
pub struct Listen {
    /// The language.
    pub language: String,
    /// Words to expect.
    pub hints: Option<String>,
    /// The model.
    pub model: Option<String>,
    /// Whether swear words lose their letters.
    pub profanity_filter: bool,
    /// Whether partial results are wanted.
    pub partial: bool,
}

/// How to record the person (`<Record>`). When it ends is the script's to say.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordOrder {
    /// What happens to silence at the ends; never empties it.
    pub trim: Trim,
    /// Who is told what becomes of it.
    pub callback: Option<RecordingCallback>,
    /// Who is told its words; `None` when they are not wanted.
    pub transcribe: Option<Option<Target>>,
}

/// Whom to call, and how (`<Dial>`).
#[derive(Debug, Clone, PartialEq)]
pub struct DialOrder {
    /// Whom; at most ten, and at least one.
    pub callees: Vec<Callee>,
    /// One after the other, not all at once.
    pub is_sequential: bool,
    /// Seconds each of them rings.
    pub timeout_seconds: u32,
    /// Seconds they may talk.
    pub time_limit_seconds: u32,
    /// Who seems to call; `None`: who called.
    pub caller_id: Option<String>,
    /// The caller's call is only answered when somebody answers this.
    pub answers_on_bridge: bool,
    /// The country of the ringing that the caller hears.
    pub ring_tone: Option<String>,
    /// Whether it is recorded.
    pub record: Option<RecordPlan>,
    /// Asked when the other side transfers by SIP.
    pub refer: Option<Target>,
}

/// One of those a `<Dial>` calls.
#[derive(Debug, Clone, PartialEq)]
pub struct Callee {
    /// Who.
    pub address: CalleeAddress,
    /// A document that they hear before they are connected.
    pub whisper: Option<Target>,
    /// Who is told of the leg's events.
    pub callback: Option<Callback>,
    /// Keys that are pressed after the answer.
    pub send_digits: Option<String>,
    /// Whether it is found out who answers.
    pub detection: Option<Detection>,
    /// Parameters of the application's own.
    pub parameters: Vec<(String, String)>,
}

/// Who is called, as the document wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CalleeAddress {
    /// `<Number>`, or the text of a Dial.
    Number(String),
    /// `<Client>`: its identity.
    Client(String),
    /// `<Sip>`: its URI.
    Sip(String),
    /// `<Sim>`: its sid.
    Sim(String),
    /// `<WhatsApp>`: its number.
    WhatsApp(String),
    /// `<Application>`: an application of the account that takes the call.
    Application {
        /// Its sid.
        sid: String,
        /// Whether it is told the number that the parent was called at.
        copies_parent_to: bool,
        /// Who calls, to it.
        customer_id: Option<String>,
    },
}

/// A text (`<Sms>`).
#[derive(Debug, Clone, PartialEq)]
pub struct Text {
    /// To whom.
    pub to: String,
    /// From whom.
    pub from: String,
    /// The words.
    pub body: String,
    /// Who is told its statuses.
    pub status_callback: Option<Target>,
}
