//! Event Streams: where events go, who wants which, and which there are.

pub mod catalog;
pub mod configure;
mod record;

pub use record::{Route, Sink, SinkStatus, Subscribed, Subscription};
