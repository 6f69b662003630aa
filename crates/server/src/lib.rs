//! The house: edges and wiring of everything else.
//!
//! `house` is the value in the middle; `webhooks` carries asks and tells, `messages` takes what
//! handsets send, `api` and `cli` are its doors. See ARCHITECTURE.md for the map.

pub mod api;
pub mod audio;
pub mod bins;
pub mod calls;
mod chats;
pub mod cli;
pub mod clock;
mod counting;
pub mod data_dir;
pub mod events;
pub mod first;
pub mod house;
pub mod ids;
pub mod listener;
pub mod media_files;
pub mod messages;
pub mod metrics;
pub mod moved;
pub mod mp3;
pub mod open;
mod process;
pub mod recordings;
pub mod reset;
mod retention;
pub mod seed;
pub mod sessions;
pub mod shelf;
mod sinks;
pub mod speech;
pub mod turns;
mod validations;
pub mod webhooks;
