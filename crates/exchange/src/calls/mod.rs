//! Calls: what follows from what in a conversation.

pub mod speech;
mod voices;
