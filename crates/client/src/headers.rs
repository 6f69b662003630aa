//! The headers of a webhook: names, fixed values, and their order.
//!
//! Built once per attempt: as a map for the wire and as lines for the request log. Values come from
//! fixed texts, parsed URLs, base64 and checked text, so no parameter can add a header.
//! Contract: spec/webhooks.md 1.2.

use exchange::webhooks::FieldLines;
use http::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HOST, HeaderMap,
    HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, USER_AGENT,
};
use webhook::headers as text;

use crate::fetch::Validators;

const SIGNATURE: HeaderName = HeaderName::from_static("x-twilio-signature");
const IDEMPOTENCY_TOKEN: HeaderName = HeaderName::from_static("i-twilio-idempotency-token");
const HOME_REGION: HeaderName = HeaderName::from_static("x-home-region");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
/// Headers that a webhook has; with cookies and credentials the map grows.
const HEADERS: usize = 12;
/// What a webhook's headers are in the log, and some more.
const LOG_BYTES: usize = 512;

/// The values that differ from request to request.
pub(crate) struct Values<'a> {
    pub host: &'a str,
    pub accept_encoding: &'static str,
    /// Type and length of a POST's body.
    pub content: Option<(&'static str, usize)>,
    pub signature: Option<&'a str>,
    /// Idempotency token and home region.
    pub marks: Option<(&'a str, &'a str)>,
    pub validators: Option<Validators<'a>>,
    pub cookie: Option<&'a str>,
    pub authorization: Option<&'a str>,
    /// The public scheme, when a map leads the request elsewhere: what a proxy in front of the
    /// application would say, and what it needs to check the signature.
    pub forwarded_proto: Option<&'static str>,
}

/// Headers for the wire and for the log.
pub(crate) struct Headers {
    pub map: HeaderMap,
    pub log: FieldLines,
}

impl Headers {
    pub(crate) fn new(values: &Values<'_>) -> Headers {
        let map = HeaderMap::with_capacity(HEADERS);
        let mut headers = Headers { map, log: FieldLines::with_capacity(LOG_BYTES) };
        headers.text(HOST, "Host", values.host);
        headers.fixed(USER_AGENT, "User-Agent", text::USER_AGENT);
        headers.fixed(ACCEPT, "Accept", text::ACCEPT);
        headers.fixed(ACCEPT_ENCODING, "Accept-Encoding", values.accept_encoding);
        if let Some((content_type, length)) = values.content {
            headers.fixed(CONTENT_TYPE, "Content-Type", content_type);
            headers.text(CONTENT_LENGTH, "Content-Length", &length.to_string());
        }
        if let Some(signature) = values.signature {
            headers.text(SIGNATURE, text::SIGNATURE, signature);
        }
        if let Some((idempotency_token, home_region)) = values.marks {
            headers.text(IDEMPOTENCY_TOKEN, text::IDEMPOTENCY_TOKEN, idempotency_token);
            headers.text(HOME_REGION, text::HOME_REGION, home_region);
        }
        if let Some(etag) = values.validators.and_then(|known| known.etag) {
            headers.text(IF_NONE_MATCH, "If-None-Match", etag);
        }
        if let Some(date) = values.validators.and_then(|known| known.last_modified) {
            headers.text(IF_MODIFIED_SINCE, "If-Modified-Since", date);
        }
        if let Some(scheme) = values.forwarded_proto {
            headers.fixed(FORWARDED_PROTO, "X-Forwarded-Proto", scheme);
        }
        if let Some(cookie) = values.cookie {
            headers.text(COOKIE, "Cookie", cookie);
        }
        if let Some(authorization) = values.authorization {
            headers.secret(authorization);
        }
        headers
    }

    fn fixed(&mut self, name: HeaderName, shown: &'static str, value: &'static str) {
        self.log.push(shown, value);
        self.map.insert(name, HeaderValue::from_static(value));
    }

    /// Text that cannot be a header's value is left out rather than repaired.
    fn text(&mut self, name: HeaderName, shown: &'static str, value: &str) {
        if let Ok(header) = HeaderValue::from_str(value) {
            self.log.push(shown, value);
            self.map.insert(name, header);
        }
    }

    /// The wire gets the credentials, the log their scheme.
    fn secret(&mut self, authorization: &str) {
        if let Ok(value) = HeaderValue::from_str(authorization) {
            let scheme =
                if authorization.starts_with("Basic") { "Basic ***" } else { "Digest ***" };
            self.log.push("Authorization", scheme);
            self.map.insert(AUTHORIZATION, value);
        }
    }
}
