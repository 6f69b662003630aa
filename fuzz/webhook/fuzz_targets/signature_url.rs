//! URLs of any kind, with a form.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| checks::signature_url(input));
