//! Verify: codes that are sent to a person and asked back.

pub mod check;
pub mod configure;
pub mod limits;
mod record;
pub mod start;
pub mod wording;

pub use record::{Attempt, Channel, Standing, Verification, VerifyService};
