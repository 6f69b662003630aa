//! A handset of the simulated network: an address that no account owns, and how it behaves.
//!
//! There on first use with the defaults; only settings that were changed are kept.
//! Contract: DESIGN section 1, `/offhook/v1/Phones/{address}`.

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
        }
    }
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
