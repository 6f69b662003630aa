//! A message, and how its status moves.
//!
//! ```text
//! inbound    received
//! outbound   accepted | scheduled ─▶ queued, canceled
//!            queued ─▶ sending ─▶ sent ─▶ delivered | undelivered
//!               └────────┴──────▶ failed      └─▶ read (WhatsApp)
//! ```
//!
//! Contract: rest.md 4.1 and webhooks.md 6.1. The store keeps it, `advance` moves it.

use crate::numbers::Target;
use crate::sid::{AccountSid, MediaSid, MessageSid, ServiceSid};
use jiff::Timestamp;
pub use webhook::MessageState as State;

/// Which way a message went, and who made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From a handset to a number of the house.
    Inbound,
    /// Made by the REST API.
    OutboundApi,
    /// Made by `<Sms>` during a call.
    OutboundCall,
    /// Made by TwiML that answered an inbound message.
    OutboundReply,
}

impl Direction {
    /// The wire's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Direction::Inbound => "inbound",
            Direction::OutboundApi => "outbound-api",
            Direction::OutboundCall => "outbound-call",
            Direction::OutboundReply => "outbound-reply",
        }
    }

    /// Reads the wire's word.
    pub fn parse(text: &str) -> Option<Direction> {
        [
            Direction::Inbound,
            Direction::OutboundApi,
            Direction::OutboundCall,
            Direction::OutboundReply,
        ]
        .into_iter()
        .find(|d| d.as_str() == text)
    }
}

/// A message of an account.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Its sid.
    pub sid: MessageSid,
    /// Whose it is.
    pub account: AccountSid,
    /// Which way it went.
    pub direction: Direction,
    /// The sender's address; empty until its service has picked one.
    pub from: String,
    /// The receiver's address.
    pub to: String,
    /// The text; empty after redaction.
    pub body: String,
    /// Where it stands.
    pub state: State,
    /// Why it failed or was not delivered.
    pub error_code: Option<u32>,
    /// SMS segments of the body as sent.
    pub num_segments: u32,
    /// The media it carries, in order.
    pub media: Vec<Media>,
    /// The service it went through.
    pub service: Option<ServiceSid>,
    /// Where its statuses are told.
    pub status_callback: Option<Target>,
    /// The inbound message whose reply session made it.
    pub in_reply_to: Option<MessageSid>,
    /// House time.
    pub created: Timestamp,
    /// House time.
    pub updated: Timestamp,
    /// When the network took it, or when it came in; house time.
    pub sent: Option<Timestamp>,
    /// What the sender of it asked feedback for, and what was answered (`confirmed` or
    /// `unconfirmed`).
    pub feedback: Option<Feedback>,
    /// When a scheduled one goes; house time.
    pub send_at: Option<Timestamp>,
    /// When it is too old to be sent; house time.
    pub expires: Option<Timestamp>,
}

impl Message {
    /// The address outside the house: the handset's.
    pub fn peer(&self) -> &str {
        match self.direction {
            Direction::Inbound => &self.from,
            _ => &self.to,
        }
    }
}

/// A piece of media of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// Its sid.
    pub sid: MediaSid,
    /// Where its content came from, or is to be fetched.
    pub url: String,
    /// Its media type; empty until its content was fetched and is kept.
    pub content_type: String,
}

impl Media {
    /// One that is still to be fetched.
    pub fn at(sid: MediaSid, url: impl Into<String>) -> Media {
        Media { sid, url: url.into(), content_type: String::new() }
    }

    /// Whether its content is there.
    pub fn is_kept(&self) -> bool {
        !self.content_type.is_empty()
    }
}

/// Whether the message reached somebody, as the customer later learnt (rest.md 4.1, Feedback).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feedback {
    /// Asked for with ProvideFeedback; nothing said yet.
    Expected,
    /// The person acted on it.
    Confirmed,
    /// The person did not.
    Unconfirmed,
}

impl Feedback {
    /// The wire's word; `expected` is ours.
    pub fn as_str(self) -> &'static str {
        match self {
            Feedback::Expected => "expected",
            Feedback::Confirmed => "confirmed",
            Feedback::Unconfirmed => "unconfirmed",
        }
    }

    /// Reads the word.
    pub fn parse(text: &str) -> Option<Feedback> {
        [Feedback::Expected, Feedback::Confirmed, Feedback::Unconfirmed]
            .into_iter()
            .find(|f| f.as_str() == text)
    }
}

/// Whether a message in this state will move no more.
pub fn is_final(state: State) -> bool {
    matches!(
        state,
        State::Delivered
            | State::Undelivered
            | State::Failed
            | State::Read
            | State::Canceled
            | State::Received
    )
}
