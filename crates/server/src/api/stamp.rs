//! The response headers that every answer of an API carries.
//!
//! `Twilio-Request-Id` and `Twilio-Request-Duration` (seconds) tell one request from another in
//! bug reports, `Twilio-Concurrent-Requests` is how many this house was answering, this one
//! included. Contract: rest.md 1.5.

use super::show;
use crate::house::House;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Requests in progress.
#[derive(Debug, Clone, Default)]
pub(super) struct InProgress(Arc<AtomicU64>);

/// One request in progress, until it is answered or given up.
pub(super) struct Stamp {
    in_progress: InProgress,
    concurrent: u64,
    began_us: i64,
}

impl Drop for Stamp {
    fn drop(&mut self) {
        self.in_progress.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A request comes in.
pub(super) fn begin(house: &House, in_progress: &InProgress) -> Stamp {
    Stamp {
        concurrent: in_progress.0.fetch_add(1, Ordering::Relaxed) + 1,
        in_progress: in_progress.clone(),
        began_us: house.clock.wire_us(),
    }
}

impl Stamp {
    /// Stamps its answer.
    pub(super) fn put(self, house: &House, response: &mut Response) {
        let took_us = (house.clock.wire_us() - self.began_us).max(0);
        let id = show::request_id(house.ids.parts(self.began_us));
        put_all(response.headers_mut(), &id, took_us, self.concurrent);
    }
}

const REQUEST_ID: HeaderName = HeaderName::from_static("twilio-request-id");
const REQUEST_DURATION: HeaderName = HeaderName::from_static("twilio-request-duration");
const CONCURRENT_REQUESTS: HeaderName = HeaderName::from_static("twilio-concurrent-requests");
const HOME_REGION: HeaderName = HeaderName::from_static("x-home-region");
const SHENANIGANS: HeaderName = HeaderName::from_static("x-shenanigans");
/// What is put here, and the length and the date that are put after it.
const HEADERS: usize = 7;

fn put_all(headers: &mut HeaderMap, id: &str, took_us: i64, concurrent: u64) {
    headers.reserve(HEADERS);
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
    if let Ok(took) = HeaderValue::from_str(&format!("{:.3}", took_us as f64 / 1e6)) {
        headers.insert(REQUEST_DURATION, took);
    }
    headers.insert(CONCURRENT_REQUESTS, HeaderValue::from(concurrent));
    headers.insert(HOME_REGION, HeaderValue::from_static("us1"));
    headers.insert(SHENANIGANS, HeaderValue::from_static("none"));
}
