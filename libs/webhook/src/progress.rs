//! Where a message or call stands, from status callbacks that come twice or out of order.
//!
//! Each callback is a request of its own, and nothing promises their order: `delivered` may come
//! before `sent`. An application that stores the last one it got ends up with `sent`. The reducers
//! here only move forward: the same callbacks in any order, any of them repeated, end in the same
//! state. They are values without a clock; the application keeps them, one per sid.
//! Contract: the lists of statuses in Twilio's docs, "Outbound message status" and "Call status".

use crate::call_state::CallState;
use crate::call_status::CallStatus;
use crate::message_state::MessageState;
use crate::message_status::MessageStatus;

impl MessageState {
    /// Its place among the states of a message: the one with the greater place stays.
    ///
    /// Among ends that exclude each other the one with proof wins: a message that was read was
    /// delivered, whatever a carrier said before.
    fn place(self) -> u8 {
        match self {
            Self::Scheduled => 0,
            Self::Accepted => 1,
            Self::Queued => 2,
            Self::Sending => 3,
            Self::Sent => 4,
            Self::Canceled => 5,
            Self::Failed => 6,
            Self::Undelivered => 7,
            Self::PartiallyDelivered => 8,
            Self::Delivered => 9,
            Self::Read => 10,
            Self::Receiving => 11,
            Self::Received => 12,
        }
    }

    /// Whether nothing follows, except that a delivered message may be read.
    pub fn is_end(self) -> bool {
        match self {
            Self::Scheduled
            | Self::Accepted
            | Self::Queued
            | Self::Sending
            | Self::Sent
            | Self::Receiving => false,
            Self::Canceled
            | Self::Failed
            | Self::Undelivered
            | Self::PartiallyDelivered
            | Self::Delivered
            | Self::Read
            | Self::Received => true,
        }
    }
}

impl CallState {
    /// Its place among the states of a call: the one with the greater place stays.
    fn place(self) -> u8 {
        match self {
            Self::Queued => 0,
            Self::Initiated => 1,
            Self::Ringing => 2,
            Self::InProgress => 3,
            Self::Canceled => 4,
            Self::Failed => 5,
            Self::NoAnswer => 6,
            Self::Busy => 7,
            Self::Completed => 8,
        }
    }

    /// Whether the call is over.
    pub fn is_end(self) -> bool {
        match self {
            Self::Queued | Self::Initiated | Self::Ringing | Self::InProgress => false,
            Self::Canceled | Self::Failed | Self::NoAnswer | Self::Busy | Self::Completed => true,
        }
    }
}

/// How far one message has come.
///
/// ```
/// use webhook::{MessageProgress, MessageState, MessageStatus};
///
/// let told = |state| MessageStatus::new("SM1", "AC1", "+15559870000", "+15551230000", state);
/// let mut progress = MessageProgress::default();
/// assert!(progress.apply(&told(MessageState::Delivered)));
/// assert!(!progress.apply(&told(MessageState::Sent))); // late: nothing to do
/// assert_eq!(progress.state, Some(MessageState::Delivered));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct MessageProgress {
    /// The furthest state that was told; `None` before the first.
    pub state: Option<MessageState>,
    /// Twilio's code that came with that state.
    pub error_code: Option<u32>,
}

impl MessageProgress {
    /// A message of which this much is known, for instance from a row of your own.
    pub fn at(state: MessageState, error_code: Option<u32>) -> Self {
        Self { state: Some(state), error_code }
    }

    /// Takes a callback in; whether it said anything new.
    ///
    /// All must be of one message: the sid is not compared.
    pub fn apply(&mut self, status: &MessageStatus) -> bool {
        let told = (status.state.place(), status.error_code);
        let known = self.state.map(|state| (state.place(), self.error_code));
        let is_new = known.is_none_or(|known| told > known);
        if is_new {
            *self = Self::at(status.state, status.error_code);
        }
        is_new
    }
}

/// How far one call has come.
///
/// ```
/// use webhook::{CallProgress, CallState, CallStatus, VoiceRequest};
///
/// let told = |state, number| {
///     let call = VoiceRequest::new("CA1", "AC1", "+15559870000", "+15551230000", state);
///     CallStatus::new(call, number, "Fri, 20 Aug 2010 01:13:42 +0000")
/// };
/// let mut ended = told(CallState::Completed, 3);
/// ended.duration_secs = Some(61);
///
/// let mut progress = CallProgress::default();
/// assert!(progress.apply(&ended));
/// assert!(!progress.apply(&told(CallState::InProgress, 2)));
/// assert_eq!((progress.state, progress.duration_secs), (Some(CallState::Completed), Some(61)));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct CallProgress {
    /// The furthest state that was told; `None` before the first.
    pub state: Option<CallState>,
    /// Seconds it lasted, when it is over.
    pub duration_secs: Option<u32>,
}

impl CallProgress {
    /// A call of which this much is known, for instance from a row of your own.
    pub fn at(state: CallState, duration_secs: Option<u32>) -> Self {
        Self { state: Some(state), duration_secs }
    }

    /// Takes a callback in; whether it said anything new.
    ///
    /// All must be of one leg: the sid is not compared. `SequenceNumber` is not needed for it, and
    /// callbacks of a number have none.
    pub fn apply(&mut self, status: &CallStatus) -> bool {
        let state = status.call.state;
        let told = (state.place(), status.duration_secs);
        let known = self.state.map(|state| (state.place(), self.duration_secs));
        let is_new = known.is_none_or(|known| told > known);
        if is_new {
            *self = Self::at(state, status.duration_secs);
        }
        is_new
    }
}
