//! Enumerations that attributes of several elements share.
//!
//! Each variant knows its spelling (`as_str`, `Display`). Those of one element alone are in that
//! element's file.
//! Contract: the attribute tables of the verb pages in Twilio's docs.

use std::borrow::Cow;

use crate::value::{Value, Wrong, choices};

/// How a URL is requested. Written in capitals; read in any.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// Parameters in the query.
    Get,
    /// Parameters in a form.
    Post,
}

impl Method {
    /// The spelling in a document and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
        }
    }
}

impl std::fmt::Display for Method {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Value for Method {
    type Rule = ();

    fn read(text: &str, (): ()) -> Result<Method, Wrong> {
        [Method::Get, Method::Post]
            .into_iter()
            .find(|method| method.as_str().eq_ignore_ascii_case(text.trim()))
            .ok_or_else(|| Wrong::expected("one of 'GET, POST'"))
    }

    fn write(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.as_str())
    }
}

choices! {
    /// What happens to silence at the ends of a recording.
    Trim {
        /// It is cut off.
        TrimSilence = "trim-silence" | "true",
        /// It stays.
        DoNotTrim = "do-not-trim" | "false",
    }
}

choices! {
    /// What a recording status callback tells.
    RecordingEvent {
        /// The recording began.
        InProgress = "in-progress",
        /// The recording can be fetched.
        Completed = "completed",
        /// There is no recording: nothing was heard, or it was too short.
        Absent = "absent",
    }
}

choices! {
    /// What a status callback of a dialed leg tells.
    CallEvent {
        /// Dialing began.
        Initiated = "initiated",
        /// It rings.
        Ringing = "ringing",
        /// Somebody answered.
        Answered = "answered",
        /// The leg ended.
        Completed = "completed",
    }
}

choices! {
    /// Which side of a call is recorded.
    RecordingTrack {
        /// Both.
        Both = "both",
        /// What the caller says.
        Inbound = "inbound",
        /// What the caller hears.
        Outbound = "outbound",
    }
}

choices! {
    /// Which side of a call is forked.
    Track {
        /// What the caller says.
        Inbound = "inbound_track",
        /// What the caller hears.
        Outbound = "outbound_track",
        /// Both, as two tracks.
        Both = "both_tracks",
    }
}

choices! {
    /// Whether and from when a dialed call is recorded.
    CallRecord {
        /// Not at all.
        DoNotRecord = "do-not-record" | "false",
        /// From the answer, both sides on one channel.
        FromAnswer = "record-from-answer" | "true",
        /// From the first ring, both sides on one channel.
        FromRinging = "record-from-ringing",
        /// From the answer, a channel per side.
        FromAnswerDual = "record-from-answer-dual",
        /// From the first ring, a channel per side.
        FromRingingDual = "record-from-ringing-dual",
    }
}

choices! {
    /// Whether it is found out if a person answered.
    MachineDetection {
        /// As soon as it is known.
        Enable = "Enable",
        /// At the end of a machine's greeting.
        DetectMessageEnd = "DetectMessageEnd",
    }
}

choices! {
    /// What a caller can do that counts while something is spoken.
    Interruption {
        /// Nothing.
        None = "none" | "false",
        /// Pressing keys.
        Dtmf = "dtmf",
        /// Speaking.
        Speech = "speech",
        /// Both.
        Any = "any" | "true",
    }
}

choices! {
    /// How easily speech interrupts.
    Sensitivity {
        /// Hardly.
        Low = "low",
        /// In between.
        Medium = "medium",
        /// At once.
        High = "high",
    }
}

choices! {
    /// Whether text is spelled out before it is spoken.
    TextNormalization {
        /// Always.
        On = "on",
        /// As the voice decides.
        Auto = "auto",
        /// Never.
        Off = "off",
    }
}

choices! {
    /// A kind of payment card.
    CardType {
        /// Visa.
        Visa = "visa",
        /// Mastercard.
        Mastercard = "mastercard",
        /// American Express.
        Amex = "amex",
        /// Maestro.
        Maestro = "maestro",
        /// Discover.
        Discover = "discover",
        /// Optima.
        Optima = "optima",
        /// JCB.
        Jcb = "jcb",
        /// Diners Club.
        DinersClub = "diners-club",
        /// EnRoute.
        Enroute = "enroute",
    }
}
