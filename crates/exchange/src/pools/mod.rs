//! Messaging Services: a pool of senders with settings of its own, and who of it sends.

pub mod choice;
pub mod configure;
mod record;

pub use record::{Sender, Service, VALIDITY_SECONDS, sms_hook};
