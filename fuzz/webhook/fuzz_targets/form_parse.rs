//! Form text of any kind.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| checks::form_parse(input));
