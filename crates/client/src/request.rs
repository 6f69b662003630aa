//! What goes into the client and what comes out: a request, and the outcome with its attempts.
//!
//! Built by the ask and tell workers, read by whoever writes the request log. Plain data.
//! Contract: spec/webhooks.md 1.2 and 4.7.

use std::net::SocketAddr;

use bytes::Bytes;
use exchange::numbers::Method;
use exchange::webhooks::cookies::Jar;
use exchange::webhooks::failure::Failure;
use exchange::webhooks::{FieldLines, Problem};
use jiff::Timestamp;
use webhook::{Form, Key, Product};

use crate::answer::Answer;

/// The largest answer that is read, in bytes after gunzip: one TwiML document (Twilio 11750).
pub const BODY_BYTES_MAX: usize = 64 * 1024;

/// Whether the server's certificate has to be good (Twilio's "SSL Certificate Validation").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Certificates {
    /// Mozilla's authorities and the trusted ones; the default.
    Verify,
    /// Any certificate will do.
    AcceptAny,
}

/// What the caller does with the answer's body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Expects {
    /// An ask: too large, undecodable or chunked-but-empty bodies are failures.
    Document,
    /// An ask that need not be answered with anything: whole and unpacked, and soon.
    Advice,
    /// A tell: any body of a 2xx is fine; only its beginning is kept.
    Nothing,
}

/// One webhook to send.
#[derive(Debug)]
pub struct Request<'a> {
    /// As configured: userinfo and connection overrides included.
    pub url: &'a str,
    /// How the first request is made.
    pub method: Method,
    /// The parameters: a body for POST, appended to the query for GET.
    pub form: &'a Form,
    /// The same as [`Form::encode`] writes it: who sends a webhook has it as its row.
    pub encoded: &'a str,
    /// The account's prepared auth token; each hop is signed anew.
    pub key: &'a Key,
    /// Which port rule the signature follows.
    pub product: Product,
    /// `I-Twilio-Idempotency-Token`, the same for all attempts. Must be visible ASCII; anything
    /// else is not sent.
    pub idempotency_token: &'a str,
    /// `X-Home-Region`, for instance `us1`. Must be visible ASCII; anything else is not sent.
    pub home_region: &'a str,
    /// Whether certificates are verified.
    pub certificates: Certificates,
    /// What the answer is for.
    pub expects: Expects,
    /// Answers are read up to this size in bytes, at most [`BODY_BYTES_MAX`].
    pub body_bytes_max: usize,
    /// The conversation's cookies; `None` neither sends nor keeps any.
    pub cookies: Option<Jar>,
    /// House time, for the cookies' ages.
    pub now: Timestamp,
}

/// Why an attempt was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Why {
    /// It was the first.
    First,
    /// The one before failed and the retry policy names that failure.
    Retry,
    /// The one before was answered with a redirect.
    Redirect,
    /// The one before was answered with a 401 that credentials may satisfy.
    Challenge,
}

impl Why {
    /// The word of the request log.
    pub fn as_str(self) -> &'static str {
        match self {
            Why::First => "first",
            Why::Retry => "retry",
            Why::Redirect => "redirect",
            Why::Challenge => "challenge",
        }
    }
}

/// One request on the wire, or the try of one. All times are wire time.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// Why it was made.
    pub why: Why,
    /// What was requested and signed: no userinfo, no fragment, a GET's parameters included.
    pub url: String,
    /// Its method.
    pub method: Method,
    /// Headers as sent, in order; credentials are cut down to their scheme.
    pub request_headers: FieldLines,
    /// The address that was dialled; `None` if none answered.
    pub remote_address: Option<SocketAddr>,
    /// Start, in microseconds after the exchange began.
    pub started_us: u64,
    /// From start to end, in microseconds.
    pub duration_us: u64,
    /// Microseconds from start until the connection (TLS included) stood; `None` when one was
    /// reused or none came about.
    pub connect_us: Option<u64>,
    /// Microseconds from start to the first byte of the answer.
    pub first_byte_us: Option<u64>,
    /// What came back, if at least its head did.
    pub answer: Option<Answer>,
    /// What went wrong with this attempt. A redirect that is followed and a challenge that is
    /// answered are no failures.
    pub failure: Option<Failure>,
}

impl Attempt {
    /// Lets go of a file's content: the log shows what was answered, not megabytes of sound.
    pub(crate) fn forget_file(&mut self) {
        if let Some(answer) = self.answer.as_mut().filter(|answer| answer.is_success()) {
            answer.body = Bytes::new();
        }
    }
}

/// How an exchange went.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Every request made, in order. Empty only if the URL could not be read.
    pub attempts: Vec<Attempt>,
    /// The 2xx answer of the last attempt (304 for a conditional fetch), or why there is none.
    pub result: Result<Answer, Failure>,
    /// Worth an alert, but no failure: bad overrides (1124x), bad cookies (11206).
    pub problems: Vec<Problem>,
    /// The request's jar, with what the answers set.
    pub cookies: Option<Jar>,
}

impl Outcome {
    /// The last answer that came in, of whatever status.
    pub fn answer(&self) -> Option<&Answer> {
        self.attempts.iter().rev().find_map(|attempt| attempt.answer.as_ref())
    }

    /// The URL the last attempt asked: what relative URLs in its document are resolved against.
    pub fn final_url(&self) -> Option<&str> {
        self.attempts.last().map(|attempt| attempt.url.as_str())
    }
}
