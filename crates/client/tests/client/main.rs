//! The guarded client against servers that behave, misbehave and lie.
//!
//! Every test starts its own server on a free port; nothing leaves this machine.

mod answers;
mod cookies;
mod fetch;
mod guard;
mod headers;
mod keep_alive;
mod login;
mod redirects;
mod retries;
mod support;
mod times;
mod tls;
