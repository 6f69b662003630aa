//! The house from outside: journeys over its wires, in one binary.
//!
//! Each test opens a house of its own and a customer for it (`support`), does what persons and
//! customers do, and states what has to come over which wire. Nothing sleeps; ports are free ones.

mod asker;
mod audio;
mod bad_input;
mod calls;
mod chat_media;
mod chats;
mod clock;
mod customer;
mod failures;
mod inbound;
mod media;
mod opt_outs;
mod outbound;
mod own;
mod pacing;
mod pools;
mod rest;
mod restart;
mod sessions;
mod sinks;
mod speech;
mod support;
mod tells;
mod typed;
mod verify;
mod whatsapp;
mod wire;
