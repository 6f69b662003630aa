//! Fetching a file from a customer's address: the audio of a `<Play>`, the media of a message.
//!
//! Built by the server's audio shelf and by who collects media. The same guard, maps, redirects, challenges, overrides and
//! certificates as a webhook's; no parameters, no cookies, a larger body and more time.
//! It is signed with the account's key as a GET without parameters: an application that checks
//! everything it is asked lets it pass, any other does not notice.
//! Contract: spec/twiml.md 2.2, spec/webhooks.md 1.7; RFC 9110 13.1 (conditional requests).

use webhook::{Key, Product};

use crate::request::Certificates;

/// The largest file that is fetched, in bytes after gunzip.
pub const MEDIA_BYTES_MAX: usize = 40 * 1024 * 1024;
/// Milliseconds for a whole file, redirects and retries included. A server that sends something
/// every now and then is not waited for longer.
pub const FETCH_TOTAL_TIMEOUT_MS_MAX: u32 = 60_000;

/// One file to fetch, by GET.
#[derive(Debug, Clone, Copy)]
pub struct Fetch<'a> {
    /// As the document has it: userinfo and connection overrides included.
    pub url: &'a str,
    /// The account's prepared auth token; each hop is signed anew.
    pub key: &'a Key,
    /// Which port rule the signature follows.
    pub product: Product,
    /// Whether certificates are verified.
    pub certificates: Certificates,
    /// Files are read up to this size in bytes, at most [`MEDIA_BYTES_MAX`].
    pub body_bytes_max: usize,
    /// Milliseconds for everything, at most [`FETCH_TOTAL_TIMEOUT_MS_MAX`].
    pub total_timeout_ms: u32,
    /// What is known of an earlier answer: if it still holds, the result is a 304 without a body.
    pub validators: Option<Validators<'a>>,
}

/// What an earlier answer said about its version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validators<'a> {
    /// Which URL answered, as [`Outcome::final_url`](crate::Outcome::final_url) named it. Another
    /// one on the way there is asked without condition: a version is a version of one URL.
    pub url: &'a str,
    /// Its `ETag`.
    pub etag: Option<&'a str>,
    /// Its `Last-Modified`.
    pub last_modified: Option<&'a str>,
}
