//! A handset of the simulated network: an address that no account owns, and how it behaves.
//!
//! There on first use with the defaults; only settings that were changed are kept.
//! Contract: DESIGN section 1, `/offhook/v1/Phones/{address}`.

use crate::duration;
use crate::refusal::Refusal;
use webhook::Form;

/// A handset's delays at most: a day.
pub const DELAY_MS_MAX: u64 = 86_400_000;
/// Lines of a handset at most.
pub const LINES_MAX: u32 = 100;
/// Characters of a WhatsApp profile's name at most.
pub const PROFILE_NAME_CHARACTERS_MAX: usize = 100;
/// The greatest error code a handset may be given.
const ERROR_CODE_MAX: u32 = 99_999;

/// How a handset behaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handset {
    /// E.164, or `client:…`, `sip:…`, `whatsapp:…`.
    pub address: String,
    /// What it does when it is called.
    pub on_call: OnCall,
    /// How long it rings before it is answered, in milliseconds.
    pub answer_after_ms: u64,
    /// What it does with a message.
    pub on_message: OnMessage,
    /// The code a message that does not arrive carries; `None` for the usual one.
    pub error_code: Option<u32>,
    /// How long a message takes from the network to it, in milliseconds.
    pub deliver_after_ms: u64,
    /// Calls it can hold at once.
    pub lines: u32,
    /// How its person is called on WhatsApp; empty for the phone number.
    pub profile_name: String,
    /// When its person reads a WhatsApp message after it came, in milliseconds; `None` when told
    /// so only.
    pub read_after_ms: Option<u64>,
    /// Whether WhatsApp's rule of 24 hours is kept: what comes later than that after the person's
    /// last message fails.
    pub service_window: bool,
}

impl Handset {
    /// One nobody has changed: rings, answers a call when told so, gets every message at once.
    pub fn new(address: impl Into<String>) -> Handset {
        Handset {
            address: address.into(),
            on_call: OnCall::Ring,
            answer_after_ms: 0,
            on_message: OnMessage::Deliver,
            error_code: None,
            deliver_after_ms: 0,
            lines: 1,
            profile_name: String::new(),
            read_after_ms: None,
            service_window: false,
        }
    }
}

/// Applies `OnCall`, `AnswerAfter`, `OnMessage`, `ErrorCode`, `DeliverAfter`, `Lines`, and for
/// WhatsApp `ProfileName`, `ReadAfter` and `ServiceWindow`; what is absent stays. An empty
/// `ErrorCode` is the usual one, an empty `ProfileName` the phone number, an empty `ReadAfter` never.
///
/// # Errors
/// The first parameter that can't be; `handset` may then be half changed.
pub fn configure(handset: &mut Handset, form: &Form) -> Result<(), Refusal> {
    let filled = |name: &str| form.get(name).map(str::trim).filter(|text| !text.is_empty());
    if let Some(text) = filled("OnCall") {
        handset.on_call = word(OnCall::parse(text), "OnCall", OnCall::WORDS)?;
    }
    if let Some(text) = filled("OnMessage") {
        handset.on_message = word(OnMessage::parse(text), "OnMessage", OnMessage::WORDS)?;
    }
    if let Some(text) = filled("AnswerAfter") {
        handset.answer_after_ms = delay_ms(text, "AnswerAfter")?;
    }
    if let Some(text) = filled("DeliverAfter") {
        handset.deliver_after_ms = delay_ms(text, "DeliverAfter")?;
    }
    if let Some(text) = form.get("ErrorCode") {
        handset.error_code = match text.trim() {
            "" => None,
            text => Some(number(text, "ErrorCode", ERROR_CODE_MAX)?),
        };
    }
    if let Some(text) = filled("Lines") {
        handset.lines = number(text, "Lines", LINES_MAX)?;
    }
    whatsapp(handset, form)
}

fn whatsapp(handset: &mut Handset, form: &Form) -> Result<(), Refusal> {
    let given = |name: &str| form.get(name).map(str::trim);
    if let Some(text) = given("ProfileName") {
        let is_name = text.chars().count() <= PROFILE_NAME_CHARACTERS_MAX
            && !text.chars().any(char::is_control);
        if !is_name {
            let why = format!("use at most {PROFILE_NAME_CHARACTERS_MAX} characters");
            return Err(Refusal::parameter_invalid("ProfileName", why));
        }
        text.clone_into(&mut handset.profile_name);
    }
    if let Some(text) = given("ReadAfter") {
        handset.read_after_ms = match text {
            "" => None,
            text => Some(delay_ms(text, "ReadAfter")?),
        };
    }
    if let Some(text) = given("ServiceWindow").filter(|text| !text.is_empty()) {
        handset.service_window = match text.to_ascii_lowercase().as_str() {
            "true" => true,
            "false" => false,
            _ => return Err(Refusal::parameter_invalid("ServiceWindow", "use true or false")),
        };
    }
    Ok(())
}

fn word<T>(found: Option<T>, name: &str, words: &[&str]) -> Result<T, Refusal> {
    let refused = || Refusal::parameter_invalid(name, format!("use one of {}", words.join(", ")));
    found.ok_or_else(refused)
}

fn number(text: &str, name: &str, max: u32) -> Result<u32, Refusal> {
    text.parse().ok().filter(|n| (1..=max).contains(n)).ok_or_else(|| {
        Refusal::parameter_invalid(name, format!("use a whole number from 1 to {max}"))
    })
}

fn delay_ms(text: &str, name: &str) -> Result<u64, Refusal> {
    let ms = duration::parse(text).and_then(|found| u64::try_from(found.as_millis()).ok());
    ms.filter(|ms| *ms <= DELAY_MS_MAX).ok_or_else(|| {
        Refusal::parameter_invalid(name, "use an ISO 8601 duration up to a day, such as PT2S")
    })
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name {
            $($(#[$vdoc])* $variant,)*
        }

        impl $name {
            /// Every word, in the manual's order.
            pub const WORDS: &[&str] = &[$($word),*];

            /// The API's word.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word,)* }
            }

            /// Reads the API's word.
            pub fn parse(text: &str) -> Option<$name> {
                match text { $($word => Some($name::$variant),)* _ => None }
            }
        }
    };
}

words! {
    /// What a handset does when it is called.
    OnCall {
        /// Rings until a person acts.
        Ring = "ring",
        /// Answers by itself.
        Answer = "answer",
        /// Is engaged.
        Busy = "busy",
        /// Rings until the caller gives up.
        NoAnswer = "no-answer",
        /// Declines.
        Reject = "reject",
        /// An answering machine answers.
        Machine = "machine",
        /// The network can't find it.
        Unreachable = "unreachable",
    }
}

words! {
    /// What becomes of a message to a handset.
    OnMessage {
        /// It arrives.
        Deliver = "deliver",
        /// The network takes it, the handset does not.
        Undelivered = "undelivered",
        /// The network refuses it.
        Fail = "fail",
        /// The network takes it and never says more.
        Silent = "silent",
    }
}
