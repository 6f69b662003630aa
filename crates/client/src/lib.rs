//! The one guarded HTTP client for customer addresses.
//!
//! The server's ask and tell workers hand it a [`Request`]; it signs, connects, follows redirects,
//! answers challenges, keeps cookies, tries again, and returns an [`Outcome`] with every attempt.
//! It fetches the files that documents name ([`Fetch`]) and runs [`Errand`]s to the operator's own
//! services by the same machinery.
//! What is allowed and what follows from an answer is decided by the rules in `exchange::webhooks`.
//!
//! It is the only crate that opens connections to customer addresses, and it asks the guard about
//! each address it is about to dial, after the name is resolved. It never touches the store, never
//! reads house time (cookies get it as an argument; sockets live on wire time), never logs and
//! never keeps a secret in an attempt.
//! The contract is spec/webhooks.md sections 1.2-1.6, 4.1, 4.2 and 4.6.

mod answer;
mod budget;
mod dial;
mod errand;
mod fetch;
mod headers;
mod map;
mod order;
mod pool;
mod request;
mod run;
mod settings;
mod tls;
mod wire;

pub use answer::{Answer, HEADER_BYTES_MAX, HEADERS_MAX};
pub use errand::Errand;
pub use fetch::{FETCH_TOTAL_TIMEOUT_MS_MAX, Fetch, MEDIA_BYTES_MAX, Validators};
pub use map::{Map, MapError};
pub use request::{Attempt, BODY_BYTES_MAX, Certificates, Expects, Outcome, Request, Why};
pub use settings::{Client, Settings, SettingsError};
