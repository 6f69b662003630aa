//! Alerts: what the debugger knows about.

pub mod codes;
pub mod raise;
mod record;

pub use record::{Alert, RequestRecord};
