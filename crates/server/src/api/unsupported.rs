//! What no route takes: an operation that is known and not supported, a wrong method, or nothing.
//!
//! Never a fake success and never a 5xx, which SDKs would repeat. Who may not come in learns
//! nothing: the credentials are checked before an operation is named. Contract: DESIGN section 1,
//! rest.md 1.6; what is known is `operations`.

use super::door::AskedPath;
use super::error::ApiError;
use super::operations::{Meaning, Operations};
use super::request;
use crate::house::House;
use axum::extract::Request;
use exchange::refusal::Refusal;

/// No route has the path.
pub(super) fn no_such_path(operations: &Operations, house: &House, request: &Request) -> ApiError {
    match operations.meaning(request.method().as_str(), request.uri().path()) {
        Meaning::Known(name) => named(house, request, name),
        Meaning::OtherMethod => Refusal::method_not_allowed().into(),
        Meaning::Unknown => not_found(request),
    }
}

pub(super) fn not_found(request: &Request) -> ApiError {
    let asked = request.extensions().get::<AskedPath>();
    let asked = asked.map_or_else(|| request.uri().path().to_owned(), |path| path.0.clone());
    Refusal::not_found(asked).into()
}

/// Whether a path is text once its escapes are read; where it is none, nothing is there.
pub(super) fn is_readable(path: &str) -> bool {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).filter(|_| *first == b'%');
        let hex = hex.and_then(|hex| std::str::from_utf8(hex).ok());
        let escaped = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { &after[2..] } else { after };
    }
    std::str::from_utf8(&bytes).is_ok()
}

/// The path is there, the method is not.
pub(super) fn no_such_method(
    operations: &Operations,
    house: &House,
    request: &Request,
) -> ApiError {
    match operations.meaning(request.method().as_str(), request.uri().path()) {
        Meaning::Known(name) => named(house, request, name),
        _ => Refusal::method_not_allowed().into(),
    }
}

fn named(house: &House, request: &Request, name: String) -> ApiError {
    match request::authenticate(house, request.headers()) {
        Ok(_) => Refusal::unsupported(name).into(),
        Err(refused) => refused,
    }
}
