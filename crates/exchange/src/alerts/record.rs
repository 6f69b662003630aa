//! A debugger event: one error or warning that the account should see.
//!
//! Contract: webhooks.md 2f and rest.md 4.5 (`monitor/v1` Alerts).

use crate::alerts::codes::Level;
use crate::sid::{AccountSid, AlertSid, Sid};
use jiff::Timestamp;

/// An alert of an account.
#[derive(Debug, Clone, PartialEq)]
pub struct Alert {
    /// Its sid.
    pub sid: AlertSid,
    /// Whose it is.
    pub account: AccountSid,
    /// The message, call, … it is about.
    pub resource: Option<Sid>,
    /// Twilio's code.
    pub code: u32,
    /// How grave it was here: the code's own level, but for a tell's answer, where all are warnings.
    pub level: Level,
    /// What happened, as a query string (rest.md 4.5).
    pub text: String,
    /// The request that led to it.
    pub request: Option<RequestRecord>,
    /// House time.
    pub created: Timestamp,
}

/// The request an alert is about and the answer it got.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RequestRecord {
    /// `GET` or `POST`.
    pub method: String,
    /// The URL that failed.
    pub url: String,
    /// Its parameters, form-encoded.
    pub variables: String,
    /// As `Name: value` lines.
    pub headers: String,
    /// HTTP status of the answer, 0 for none.
    pub response_status: u16,
    /// As `Name: value` lines.
    pub response_headers: String,
    /// The answer's body.
    pub response_body: String,
}
