//! Requests as Twilio would send them, to test a receiver with.
//!
//! A test makes one from a typed form, gives it to the application's router or handler, and looks at
//! the answer. Nothing is sent from here. Contract: the same code that a sender signs with.

use crate::form::CONTENT_TYPE;
use crate::headers;
use crate::parameters::Parameters;
use crate::signature::{Key, Product, append_query, request_url, signing_url};
use crate::verify::Request;

/// The auth token that requests are signed with unless told otherwise.
pub const TOKEN: &str = "12345";

/// A signed request.
///
/// ```
/// use webhook::testing::SignedRequest;
/// use webhook::{InboundMessage, verify};
///
/// let message = InboundMessage::new("SM1", "AC1", "+15551230000", "+15559870000", "hi");
/// let request = SignedRequest::post("https://example.com/sms", &message).with_token("secret");
/// assert!(verify("secret", &request.to_verify()).is_ok());
/// assert!(verify("another", &request.to_verify()).is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignedRequest {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The absolute URL, with parameters and `bodySHA256` if it has them.
    pub url: String,
    /// Names and values; `Host` and `Content-Length` are the client's matter.
    pub headers: Vec<(&'static str, String)>,
    /// The body; empty for a GET.
    pub body: Vec<u8>,
    /// What was signed, to sign it again with another token.
    signed: Signed,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Signed {
    Form(crate::form::Form),
    Url,
}

impl SignedRequest {
    /// A form, as most webhooks are.
    pub fn post(url: &str, parameters: &impl Parameters) -> Self {
        let form = parameters.to_form();
        let body = form.encode().into_bytes();
        let headers = vec![("Content-Type", CONTENT_TYPE.to_owned())];
        Self::new("POST", request_url(url), headers, body).signing(Signed::Form(form))
    }

    /// Parameters in the query, as a webhook that is set to GET.
    pub fn get(url: &str, parameters: &impl Parameters) -> Self {
        let url = append_query(&request_url(url), &parameters.to_form());
        Self::new("GET", url, Vec::new(), Vec::new()).signing(Signed::Url)
    }

    /// JSON, protected by `bodySHA256`.
    pub fn json(url: &str, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        let (url, _) = Key::new(TOKEN).sign_body(&request_url(url), &body);
        let headers = vec![("Content-Type", "application/json".to_owned())];
        Self::new("POST", url, headers, body).signing(Signed::Url)
    }

    /// The handshake of a WebSocket, `wss://…`: a media stream or ConversationRelay.
    pub fn handshake(url: &str) -> Self {
        let headers = [
            ("Connection", "Upgrade"),
            ("Upgrade", "websocket"),
            ("Sec-WebSocket-Version", "13"),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ];
        let headers = headers.map(|(name, value)| (name, value.to_owned())).to_vec();
        Self::new("GET", request_url(url), headers, Vec::new()).signing(Signed::Url)
    }

    fn new(
        method: &'static str,
        url: String,
        mut headers: Vec<(&'static str, String)>,
        body: Vec<u8>,
    ) -> Self {
        headers.push(("User-Agent", headers::USER_AGENT.to_owned()));
        headers.push((headers::IDEMPOTENCY_TOKEN, headers::idempotency_token([0; 16])));
        Self { method, url, headers, body, signed: Signed::Url }
    }

    fn signing(self, signed: Signed) -> Self {
        Self { signed, ..self }.with_token(TOKEN)
    }

    /// Signs with this auth token.
    #[must_use]
    pub fn with_token(self, auth_token: &str) -> Self {
        let key = Key::new(auth_token);
        // Twilio signs calls without the port and messages with it; receivers accept both.
        let url = signing_url(&self.url, Product::Messaging);
        let signature = match &self.signed {
            Signed::Form(form) => key.sign_form(&url, form),
            Signed::Url => key.sign_url(&url),
        };
        self.with_header(headers::SIGNATURE, signature)
    }

    /// The same without a signature.
    #[must_use]
    pub fn unsigned(mut self) -> Self {
        self.headers.retain(|(name, _)| *name != headers::SIGNATURE);
        self
    }

    /// With this idempotency token; otherwise all requests have the same.
    #[must_use]
    pub fn with_idempotency_token(self, token: impl Into<String>) -> Self {
        self.with_header(headers::IDEMPOTENCY_TOKEN, token)
    }

    /// With this header, instead of another of the same name.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.headers.push((name, value.into()));
        self
    }

    /// A header's value; names in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// As [`verify`](crate::verify()) takes it.
    pub fn to_verify(&self) -> Request<'_> {
        Request {
            method: self.method,
            url: &self.url,
            body: &self.body,
            content_type: self.header("Content-Type"),
            signature: self.header(headers::SIGNATURE),
        }
    }

    /// As a server sees it: the host in its header, path and query in the URI.
    ///
    /// # Panics
    ///
    /// If the URL or a header is none that a request can have; a test should stop there.
    #[cfg(feature = "http")]
    pub fn into_http<B: From<Vec<u8>>>(self) -> http::Request<B> {
        let (_, rest) = self.url.split_once("://").expect("the test's URL is absolute");
        let path_at = rest.find('/').unwrap_or(rest.len());
        let (host, target) = rest.split_at(path_at);
        let mut request = http::Request::builder().method(self.method).uri(target);
        request = request.header(http::header::HOST, host);
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        request.body(B::from(self.body)).expect("the test's URL and headers can be sent")
    }
}
