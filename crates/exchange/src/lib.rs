//! The pure middle: decides, never does.
//!
//! Plain functions and small state machines over the house's nouns. Time, ids and randomness are
//! arguments; there is no async, socket, file, thread or log in here (law 2 of ARCHITECTURE.md).
//! `store` keeps what is decided here, `server` carries it out.

pub mod accounts;
pub mod addresses;
pub mod alerts;
pub mod audit;
pub mod bins;
pub mod caller_ids;
pub mod calls;
pub mod chats;
pub mod documents;
pub mod duration;
pub mod keys;
pub mod lookups;
pub mod media;
pub mod messages;
pub mod numbers;
pub mod phones;
pub mod pools;
pub mod refusal;
pub mod sid;
pub mod sinks;
pub mod usage;
pub mod verify;
pub mod webhooks;
