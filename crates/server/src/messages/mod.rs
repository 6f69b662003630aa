//! Messages at the house's edge: what a handset sends in.

mod inbound;

pub(crate) use inbound::turned_away;
pub use inbound::{ReceiveError, receive};
