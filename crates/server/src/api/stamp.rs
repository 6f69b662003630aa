//! The response headers that every answer of an API carries.
//!
//! `Twilio-Request-Id` and `Twilio-Request-Duration` (seconds) tell one request from another in
//! bug reports, `Twilio-Concurrent-Requests` is how many this house was answering, this one
//! included. Contract: rest.md 1.5.

use super::show;
use crate::house::House;
use axum::http::{HeaderMap, HeaderValue};
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

fn put_all(headers: &mut HeaderMap, id: &str, took_us: i64, concurrent: u64) {
    put(headers, "twilio-request-id", id);
    put(headers, "twilio-request-duration", &format!("{:.3}", took_us as f64 / 1e6));
    put(headers, "twilio-concurrent-requests", &concurrent.to_string());
    put(headers, "x-home-region", "us1");
    put(headers, "x-shenanigans", "none");
}

fn put(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
