//! An errand to a service that the operator named: a speech engine behind `--speech http://…`.
//!
//! Built by the server's speech. The address is the operator's own choice, like the local side of a
//! map, so the guard is not asked about it, and no redirect leads on from it. It carries no
//! signature, no account and no cookie.

use bytes::Bytes;

/// One POST to the operator's service.
#[derive(Debug, Clone)]
pub struct Errand<'a> {
    /// As configured, the query included.
    pub url: &'a str,
    /// The type of the body.
    pub content_type: &'static str,
    /// What it gets.
    pub body: Bytes,
    /// The answer is read up to this size in bytes, at most
    /// [`MEDIA_BYTES_MAX`](crate::MEDIA_BYTES_MAX).
    pub body_bytes_max: usize,
    /// Milliseconds for everything, at most
    /// [`FETCH_TOTAL_TIMEOUT_MS_MAX`](crate::FETCH_TOTAL_TIMEOUT_MS_MAX).
    pub total_timeout_ms: u32,
}
