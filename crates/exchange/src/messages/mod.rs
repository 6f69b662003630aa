//! Texts: what they cost, their records and, beside this, how they are received, sent and advanced.

pub mod inbound;
pub mod opt_out;
pub mod options;
pub mod pace;
pub mod pacing;
mod record;
pub mod replies;
pub mod schedule;
pub mod segments;
pub mod send;
pub mod session;
pub mod smart_encoding;
pub mod status;

pub use record::{Direction, Feedback, Media, Message, State, is_final};
