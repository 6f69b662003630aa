//! How results look on the wire: JSON bodies and the two date formats.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use exchange::sid::Parts;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

/// A JSON answer.
pub(crate) fn json(status: StatusCode, body: &impl Serialize) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json;charset=utf-8")];
    let body = serde_json::to_string(body).expect("texts and numbers by name always serialise");
    (status, headers, body).into_response()
}

/// 200.
pub(crate) fn ok(body: &impl Serialize) -> Response {
    json(StatusCode::OK, body)
}

/// 201.
pub(crate) fn created(body: &impl Serialize) -> Response {
    json(StatusCode::CREATED, body)
}

/// 204 without a body.
pub(crate) fn deleted() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

/// A date of the 2010 API: `Thu, 24 Aug 2023 05:01:45 +0000`.
pub(crate) fn rfc2822(time: Timestamp) -> String {
    time.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

/// A date of the v1 products and of our own API: `2023-08-24T05:01:45Z`.
pub(crate) fn iso8601(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A text, or null when it is empty.
pub(crate) fn text_or_null(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { Value::from(text) }
}

/// `RQ` and 32 hex digits.
pub(crate) fn request_id(parts: Parts) -> String {
    exchange::sid::Sid::from_parts(*b"RQ", parts).to_string()
}
