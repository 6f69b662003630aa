//! The command line, driven as a person or a script drives it: the real binary, its output and its
//! exit code.

mod documents;
mod serving;
mod support;
mod tables;
mod texting;
mod usage;
