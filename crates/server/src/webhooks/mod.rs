//! Asks and tells on their way: the delivery thread and what it does with answers.

mod answers;
mod ask;
mod delivery;
mod destinations;
mod exchange;
mod finish;
mod happened;
mod outbound;
mod trouble;

pub use delivery::{Delivery, start};
