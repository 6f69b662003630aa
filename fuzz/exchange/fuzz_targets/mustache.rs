//! Templates of any kind, with a value.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &str| checks::mustache(input));
