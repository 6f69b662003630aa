//! Calls at work: the switchboard that owns every live leg, and how the rest of the house
//! reaches it.
//!
//! Law 7: one task owns a call. Here that is one thread for all of them, without locks: legs that
//! talk to each other do so by a function call. Whoever wants something of a live call sends an
//! [`Order`](orders::Order) through [`Calls`] and awaits the answer. What is decided about a call
//! is `exchange::calls`; here it is done.

mod asks;
mod begin;
mod carry;
mod dial;
mod ends;
mod forks;
mod home;
mod inbound;
mod leg;
mod listen;
mod orders;
mod person;
mod recorder;
mod recordings;
mod restart;
mod sounds;
mod switchboard;
mod texts;
mod turns;
mod updates;
mod user_messages;

pub use inbound::{ReceiveError, receive};
pub use orders::{AudioLine, CallError, Calls, Did, Orders, Person, RecordingUpdate, Transcript};
pub use restart::take_up;
pub use switchboard::{Switchboard, start};
pub use user_messages::Posted;
