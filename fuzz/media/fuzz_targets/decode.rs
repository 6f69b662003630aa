//! Files of any type and content.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| checks::decode(input));
