//! Messages at the house's edge: what a handset sends in, the media of all of them, and what the
//! house does by itself.

mod inbound;
mod media;
mod replies;

pub use inbound::{ReceiveError, receive};
pub(crate) use inbound::{is_out, take, turned_away};
pub(crate) use media::{Collected, Requested, Trouble, collect};
pub use media::{Media, Upload};
