//! Asks and tells on their way: the delivery thread and what it does with answers.

pub(crate) mod answers;
mod ask;
mod delivery;
mod destinations;
pub(crate) mod exchange;
mod fetching;
mod finish;
mod happened;
mod meter;
mod outbound;
mod paced;
mod pools;
pub(crate) mod trouble;

pub(crate) use ask::read as read_answer;
pub use delivery::{Delivery, start};
pub(crate) use outbound::advance;
