//! Bytes of something long, all of it or from the middle: `Range`, `Content-Range` and 416.
//! Contract: RFC 9110 section 14.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use http_body_util::channel::{Channel, Sender};
use std::ops::Range;

/// Pieces that wait for a slow reader.
const PIECES_MAX: usize = 4;

/// Which bytes are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    All,
    /// From the first to the last, both included; to the end without a last.
    From(u64, Option<u64>),
    /// So many at the end.
    Last(u64),
}

/// The one range of a request; several at once, and what is none, mean the whole.
pub(super) fn range_of(headers: &HeaderMap) -> Wanted {
    let value = headers.get(header::RANGE).and_then(|value| value.to_str().ok());
    let bounds = value.and_then(|text| text.strip_prefix("bytes=")).and_then(|text| {
        let (first, last) = text.trim().split_once('-')?;
        Some(match (first, last) {
            ("", last) => Wanted::Last(last.parse().ok()?),
            (first, "") => Wanted::From(first.parse().ok()?, None),
            (first, last) => {
                let (first, last) = (first.parse().ok()?, last.parse().ok()?);
                if last < first {
                    return None;
                }
                Wanted::From(first, Some(last))
            }
        })
    });
    bounds.unwrap_or(Wanted::All)
}

impl Wanted {
    /// The bytes it means of `total`; `None` when there are no such.
    pub(super) fn of(self, total: u64) -> Option<Range<u64>> {
        let range = match self {
            Wanted::All => 0..total,
            Wanted::From(first, last) => {
                first..last.map_or(total, |last| last.saturating_add(1).min(total))
            }
            Wanted::Last(count) => total.saturating_sub(count)..total,
        };
        (range.start < range.end).then_some(range)
    }
}

/// Answers with what is wanted of `total` bytes; `pour` sends the bytes of a range.
pub(super) fn answer<P: Future<Output = ()> + Send + 'static>(
    content_type: &'static str,
    (wanted, total): (Wanted, u64),
    pour: impl FnOnce(Range<u64>, Sender<Bytes>) -> P,
) -> Response {
    let Some(range) = wanted.of(total) else {
        let headers = [(header::CONTENT_RANGE, format!("bytes */{total}"))];
        return (StatusCode::RANGE_NOT_SATISFIABLE, headers).into_response();
    };
    let is_part = wanted != Wanted::All;
    let status = if is_part { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(content_type)),
        (header::ACCEPT_RANGES, HeaderValue::from_static("bytes")),
        (header::CONTENT_LENGTH, HeaderValue::from(range.end - range.start)),
    ];
    let part = format!("bytes {}-{}/{total}", range.start, range.end - 1);
    let (sender, body) = Channel::<Bytes>::new(PIECES_MAX);
    tokio::spawn(pour(range, sender));
    let mut response = (status, headers, Body::new(body)).into_response();
    if is_part && let Ok(value) = part.parse() {
        response.headers_mut().insert(header::CONTENT_RANGE, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_read_as_http_writes_it() {
        for (text, wanted, of_100) in [
            ("bytes=0-9", Wanted::From(0, Some(9)), Some(0..10)),
            ("bytes=90-", Wanted::From(90, None), Some(90..100)),
            ("bytes=90-200", Wanted::From(90, Some(200)), Some(90..100)),
            ("bytes=-5", Wanted::Last(5), Some(95..100)),
            ("bytes=-500", Wanted::Last(500), Some(0..100)),
            ("bytes=100-", Wanted::From(100, None), None),
            ("bytes=-0", Wanted::Last(0), None),
            ("bytes=9-0", Wanted::All, Some(0..100)),
            ("bytes=0-1,5-6", Wanted::All, Some(0..100)),
            ("bytes=a-b", Wanted::All, Some(0..100)),
            ("lines=0-1", Wanted::All, Some(0..100)),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::RANGE, text.parse().expect("a value"));
            assert_eq!(range_of(&headers), wanted, "{text}");
            assert_eq!(wanted.of(100), of_100, "{text}");
        }
        assert_eq!(range_of(&HeaderMap::new()), Wanted::All);
    }
}
