//! The closed list of verbs.
//!
//! [`Verb`] is what a document is made of. Adding one here makes the compiler name every place
//! that has to know it. What a verb holds is in the file of its name under `verbs`.
//! Contract: the TwiML pages of Twilio's docs, one per verb.

use crate::element::one_of;
use crate::verbs::{
    Connect, Dial, Echo, Enqueue, Gather, Hangup, Leave, Message, Pause, Pay, Play, Prompt, Queue,
    Record, Redirect, Refer, Reject, Say, Sms, Start, Stop,
};

one_of! {
    /// One instruction of a document.
    Verb {
        /// Hands the call to a session: a stream, a relay, a room.
        Connect,
        /// Connects the caller to others.
        Dial,
        /// Plays the caller's own sound back.
        Echo,
        /// Puts the caller in a queue.
        Enqueue,
        /// Collects keys or speech.
        Gather,
        /// Ends the call.
        Hangup,
        /// Leaves the queue.
        Leave,
        /// Waits in silence.
        Pause,
        /// Collects a payment.
        Pay,
        /// Plays audio or tones.
        Play,
        /// Replaces the prompts of a Pay.
        Prompt,
        /// The legacy place of a queue, directly under the root.
        Queue,
        /// Records the caller.
        Record,
        /// Goes on with another document.
        Redirect,
        /// Transfers a SIP call.
        Refer,
        /// Refuses the call without answering it.
        Reject,
        /// Reads text aloud.
        Say,
        /// Sends a text message during a call; deprecated.
        Sms,
        /// Begins something that runs beside the call.
        Start,
        /// Ends what a Start began.
        Stop,
        /// Replies to a message; messaging only.
        Message,
    }
}

impl Verb {
    /// The verbs of a call: all but the last.
    pub(crate) const VOICE_NAMES: &'static [&'static str] =
        Verb::NAMES.split_at(Verb::NAMES.len() - 1).0;
}
