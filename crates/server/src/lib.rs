//! The house: edges and wiring of everything else.
//!
//! `house` is the value in the middle; `webhooks` carries asks and tells, `messages` takes what
//! handsets send, `api` and `cli` are its doors. See ARCHITECTURE.md for the map.

pub mod bins;
pub mod clock;
pub mod events;
pub mod house;
pub mod ids;
pub mod media;
pub mod webhooks;
