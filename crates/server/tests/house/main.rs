//! The house from outside: journeys over its wires, in one binary.
//!
//! Each test opens a house of its own (`support`) and states what has to come over which wire.
//! Nothing sleeps; ports are free ones.

mod asker;
mod rest;
mod support;
