//! A sink and a subscription, as the house knows them.
//!
//! ```text
//! initialized ─▶ validating   a test event was sent
//!                   └──────▶ active   its id came back
//! ```
//!
//! A webhook sink gets its events wherever it stands. Contract: rest.md 5 and A.16, webhooks.md 2h.

use crate::sid::{AccountSid, SinkSid, SubscriptionSid};
use jiff::Timestamp;

/// How far a sink was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SinkStatus {
    /// Not at all.
    Initialized,
    /// A test event is out.
    Validating,
    /// The test event's id came back.
    Active,
}

impl SinkStatus {
    /// The wire's word.
    pub fn as_str(self) -> &'static str {
        match self {
            SinkStatus::Initialized => "initialized",
            SinkStatus::Validating => "validating",
            SinkStatus::Active => "active",
        }
    }

    /// Reads the wire's word.
    pub fn parse(text: &str) -> Option<SinkStatus> {
        [SinkStatus::Initialized, SinkStatus::Validating, SinkStatus::Active]
            .into_iter()
            .find(|one| one.as_str() == text)
    }
}

/// Where events go: a webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sink {
    /// Its sid.
    pub sid: SinkSid,
    /// Whose it is.
    pub account: AccountSid,
    /// For people.
    pub description: String,
    /// The URL that gets them.
    pub destination: String,
    /// Whether several events may come in one request.
    pub batch_events: bool,
    /// How far it was tried.
    pub status: SinkStatus,
    /// The id in the newest test event; empty before the first.
    pub test_id: String,
    /// House time.
    pub created: Timestamp,
    /// House time.
    pub updated: Timestamp,
}

/// An event type that a subscription wants, and in which version of its schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscribed {
    /// The event type's name.
    pub kind: String,
    /// Of its schema.
    pub version: u32,
}

/// Which events go to a sink.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Its sid.
    pub sid: SubscriptionSid,
    /// Whose it is.
    pub account: AccountSid,
    /// For people.
    pub description: String,
    /// Where they go.
    pub sink: SinkSid,
    /// In the order of their names, each once.
    pub wanted: Vec<Subscribed>,
    /// House time.
    pub created: Timestamp,
    /// House time.
    pub updated: Timestamp,
}

/// A sink of an account, with all that its subscriptions want.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// The sink.
    pub sink: SinkSid,
    /// Its URL, without a fragment: connection overrides are for other webhooks.
    pub url: String,
    /// Whether several events may come in one request.
    pub batch_events: bool,
    /// Every wish of every subscription: who wants an event twice gets it twice.
    pub wanted: Vec<Subscribed>,
}
