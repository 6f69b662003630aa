//! What came back: status, headers, and a body of bounded size, unpacked.
//!
//! Filled by the wire while it reads. It never looks into the body: content types and TwiML are
//! the caller's business.
//! Contract: spec/webhooks.md 1.2 (gzip), 4.6 and 7 (10).

use std::io::Read as _;
use std::sync::Arc;

use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use http::HeaderMap;
use http::header::{CONTENT_ENCODING, HeaderName};

/// The head of an answer in bytes; a larger one is a protocol violation (11206).
pub const HEADER_BYTES_MAX: usize = 64 * 1024;
/// Headers of an answer; more are a protocol violation (11206).
pub const HEADERS_MAX: usize = 100;
/// What gzip adds to data that cannot be made smaller, generously.
const GZIP_OVERHEAD_BYTES_MAX: usize = 1024;

/// An answer, whatever its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// At most [`HEADERS_MAX`] headers of [`HEADER_BYTES_MAX`] bytes together.
    pub headers: Arc<HeaderMap>,
    /// The body, gunzipped, up to the request's limit.
    pub body: Bytes,
    /// More body was sent than is kept.
    pub truncated: bool,
    /// The body could not be unpacked and is as it came.
    pub undecoded: bool,
}

impl Answer {
    pub(crate) fn new(status: u16, headers: HeaderMap) -> Answer {
        // Shared by the attempt and the outcome.
        let headers = Arc::new(headers);
        Answer { status, headers, body: Bytes::new(), truncated: false, undecoded: false }
    }

    /// A header as text; `None` if absent or not visible ASCII.
    pub fn header(&self, name: HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Whether it is a success, 2xx.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    fn packing(&self) -> Packing {
        let mut encodings = self.headers.get_all(CONTENT_ENCODING).iter();
        match (encodings.next().map(|value| value.as_bytes()), encodings.next()) {
            (None, _) => Packing::None,
            (Some(name), None) if name.eq_ignore_ascii_case(b"identity") => Packing::None,
            (Some(b""), None) => Packing::None,
            (Some(name), None)
                if name.eq_ignore_ascii_case(b"gzip") || name.eq_ignore_ascii_case(b"x-gzip") =>
            {
                Packing::Gzip
            }
            _ => Packing::Unknown,
        }
    }

    /// Takes the body as it came over the wire and unpacks it.
    pub(crate) fn fill(&mut self, raw: Raw, body_bytes_max: usize) {
        self.truncated = raw.overflow;
        let bytes = raw.into_bytes();
        match self.packing() {
            Packing::Gzip if !bytes.is_empty() => match gunzip(&bytes, body_bytes_max) {
                (body, Unpacked::All) => self.body = body,
                (body, Unpacked::Overflow) => {
                    self.body = body;
                    self.truncated = true;
                }
                // Cut off by our own limit: what could be unpacked is the beginning.
                (body, Unpacked::Broken) if self.truncated => self.body = body,
                (_, Unpacked::Broken) => {
                    self.body = bytes;
                    self.undecoded = true;
                }
            },
            Packing::None | Packing::Gzip => self.body = bytes,
            Packing::Unknown => {
                self.undecoded = !bytes.is_empty();
                self.body = bytes;
            }
        }
        if self.body.len() > body_bytes_max {
            self.truncated = true;
            self.body.truncate(body_bytes_max);
        }
    }

    /// How many bytes of this answer's body are worth reading.
    pub(crate) fn raw_bytes_max(&self, body_bytes_max: usize) -> usize {
        match self.packing() {
            Packing::Gzip => body_bytes_max + GZIP_OVERHEAD_BYTES_MAX,
            Packing::None | Packing::Unknown => body_bytes_max,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Packing {
    None,
    Gzip,
    Unknown,
}

enum Unpacked {
    All,
    Overflow,
    Broken,
}

/// Unpacks at most `bytes_max` bytes, however many the input would become.
fn gunzip(packed: &[u8], bytes_max: usize) -> (Bytes, Unpacked) {
    let mut body = Vec::with_capacity(packed.len().saturating_mul(2).min(bytes_max));
    let one_more = u64::try_from(bytes_max).unwrap_or(u64::MAX).saturating_add(1);
    let read = MultiGzDecoder::new(packed).take(one_more).read_to_end(&mut body);
    let end = match read {
        Err(_) => Unpacked::Broken,
        Ok(_) if body.len() > bytes_max => Unpacked::Overflow,
        Ok(_) => Unpacked::All,
    };
    body.truncate(bytes_max);
    (Bytes::from(body), end)
}

/// A body on its way in. The usual one arrives in one piece and is never copied.
pub(crate) struct Raw {
    first: Bytes,
    all: Vec<u8>,
    bytes_max: usize,
    overflow: bool,
}

impl Raw {
    pub(crate) fn new(bytes_max: usize) -> Raw {
        Raw { first: Bytes::new(), all: Vec::new(), bytes_max, overflow: false }
    }

    /// Takes a piece; `false` when there is no room for more.
    pub(crate) fn push(&mut self, mut piece: Bytes) -> bool {
        // Once there are two pieces, `all` holds the first one too.
        let room = self.bytes_max - self.first.len().max(self.all.len());
        if piece.len() > room {
            piece.truncate(room);
            self.overflow = true;
        }
        if self.first.is_empty() && self.all.is_empty() {
            self.first = piece;
        } else {
            if self.all.is_empty() {
                self.all.extend_from_slice(&self.first);
            }
            self.all.extend_from_slice(&piece);
        }
        !self.overflow
    }

    fn into_bytes(self) -> Bytes {
        if self.all.is_empty() { self.first } else { Bytes::from(self.all) }
    }
}
