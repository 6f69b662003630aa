//! Messages at the house's edge: what a handset sends in, and what the house does by itself.

mod inbound;
mod replies;

pub use inbound::{ReceiveError, receive};
pub(crate) use inbound::{is_out, take, turned_away};
