//! The command line, driven as a person or a script drives it: the real binary, its output and its
//! exit code.

mod dialing;
mod documents;
mod house_line;
mod picking_up;
mod serving;
mod shells;
mod support;
mod tables;
mod texting;
mod usage;

// Needs the switchboard at work.
mod calling;
