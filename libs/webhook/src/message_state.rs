//! The states a message can be in, as one word each.
//!
//! Used by the typed forms, by the REST API's message resource and by the platform's own records.
//! It only names the states; which may follow which is decided elsewhere. Contract: the `status`
//! enum of Twilio's Message resource.

use std::fmt;

/// A message's status: `MessageStatus` and `SmsStatus` of a webhook, `status` of the resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MessageState {
    /// Taken by a Messaging Service that has yet to choose the sender.
    Accepted,
    /// To be sent later.
    Scheduled,
    /// Waiting to be sent.
    Queued,
    /// On its way to the carrier.
    Sending,
    /// The carrier has it.
    Sent,
    /// The carrier says the handset has it.
    Delivered,
    /// The carrier says the handset will not get it.
    Undelivered,
    /// It never left.
    Failed,
    /// The person read it (WhatsApp, RCS).
    Read,
    /// It was scheduled and taken back.
    Canceled,
    /// Some of several recipients have it.
    PartiallyDelivered,
    /// Coming in, not complete yet.
    Receiving,
    /// Come in.
    Received,
}

impl MessageState {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Accepted,
        Self::Scheduled,
        Self::Queued,
        Self::Sending,
        Self::Sent,
        Self::Delivered,
        Self::Undelivered,
        Self::Failed,
        Self::Read,
        Self::Canceled,
        Self::PartiallyDelivered,
        Self::Receiving,
        Self::Received,
    ];

    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Scheduled => "scheduled",
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Undelivered => "undelivered",
            Self::Failed => "failed",
            Self::Read => "read",
            Self::Canceled => "canceled",
            Self::PartiallyDelivered => "partially_delivered",
            Self::Receiving => "receiving",
            Self::Received => "received",
        }
    }

    /// The state this word names, exactly as written on the wire.
    ///
    /// ```
    /// use webhook::MessageState;
    ///
    /// assert_eq!(MessageState::parse("delivered"), Some(MessageState::Delivered));
    /// assert_eq!(MessageState::parse("Delivered"), None);
    /// ```
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

impl fmt::Display for MessageState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_is_read_back_from_its_word() {
        for state in MessageState::ALL {
            assert_eq!(MessageState::parse(state.as_str()), Some(state));
        }
        assert_eq!(MessageState::parse(""), None);
    }
}
