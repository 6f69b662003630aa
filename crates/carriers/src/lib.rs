//! The outside networks, seen from the house: messages and calls are handed over,
//! reports come back.
//!
//! Today there is one, the [`simulator`]; SIP and SMPP will stand beside it behind the same
//! reports. A carrier never sees the store, webhooks or TwiML (law 3).

pub mod simulator;

/// What a network says of a message it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Report {
    /// It has taken the message.
    Sent,
    /// The handset has it.
    Delivered,
    /// The person has read it.
    Read,
    /// The handset does not get it; Twilio's code says why.
    Undelivered(u32),
    /// The network does not take it; Twilio's code says why.
    Failed(u32),
}
