//! Messages at the house's edge: what a handset sends in.

mod inbound;

pub use inbound::{ReceiveError, receive};
