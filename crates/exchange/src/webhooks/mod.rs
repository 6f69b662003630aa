//! Webhooks: their rows, and the rules of every request to a customer's URL: what may be sent
//! where, what an answer means and when to try again.
//!
//! The rules are called by the guarded client (`crates/client`), which does what they decide, and
//! by whoever explains an outcome (alerts, request log, console).
//! Nothing here opens a socket, reads a clock or draws a random number: `now`, addresses and
//! nonces are arguments.
//! The contract is spec/webhooks.md sections 1.3-1.6, 4.1, 4.2 and 5.1.

pub mod acknowledgement;
pub mod cache;
pub mod challenge;
pub mod charset;
pub mod connection;
pub mod cookies;
pub mod failure;
mod field_lines;
pub mod guard;
mod record;
pub mod redirect;
pub mod replay;
pub mod retry;
pub mod url;

pub use field_lines::FieldLines;
pub use record::{
    ANSWER_BODY_BYTES_MAX, AnswerRecord, AttemptRecord, Finish, Kind, ProblemRecord, Purpose,
    Status, Webhook,
};

/// Something worth an alert that did not stop the exchange: a bad override in the URL's fragment,
/// a bad cookie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Twilio's code (spec/webhooks.md 5.1).
    pub code: u32,
    /// What was wrong, for people.
    pub message: String,
}
