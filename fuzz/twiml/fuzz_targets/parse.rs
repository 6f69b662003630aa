//! Any text as a document, for a call and for a message.
//!
//! Run with `cargo fuzz run parse` in `fuzz/twiml`. What is asked of every text is in the file
//! of the library's tests that is included here; the corpus runs there as a plain test too.

#![no_main]

#[path = "../../../libs/twiml/tests/invariants/mod.rs"]
mod invariants;

libfuzzer_sys::fuzz_target!(|text: &str| invariants::hold(text));
