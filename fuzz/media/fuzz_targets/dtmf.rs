//! Texts of digits of any kind.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &str| checks::dtmf(input));
