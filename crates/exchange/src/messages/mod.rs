//! Texts: what they cost, their records and, beside this, how they are received, sent and advanced.

pub mod inbound;
pub mod options;
pub mod pace;
pub mod replies;
pub mod send;
pub mod session;
pub mod status;
mod record;
pub mod segments;
pub mod smart_encoding;

pub use record::{Direction, Feedback, Media, Message, State, is_final};
