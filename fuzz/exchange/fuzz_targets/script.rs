//! What happens in a call, in any order, with documents of any kind.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &str| checks::script(input));
