//! TwiML as types: parse, build, check.
