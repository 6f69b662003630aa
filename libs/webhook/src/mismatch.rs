//! Why a request's signature was refused: the outcomes and their sentences.
//!
//! `verify` and `diagnosis` choose the outcome; the application logs it, and `Display` is the text
//! for that. It never carries the token or the signature that would have been right. Do not send
//! it to the caller: it helps whoever tries to forge one. Answer 403 and keep the text.

use std::fmt;

use crate::form::FormError;

/// Why a request is not accepted. Where a `url` is given, the signature fits that URL.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mismatch {
    /// There is no `X-Twilio-Signature`, or it is empty.
    MissingSignature,
    /// The header is not the base64 of 20 bytes (28 characters, the last of them `=`).
    MalformedSignature,
    /// The body says it is a form and cannot be read as one.
    UnreadableBody(FormError),
    /// The body is not a form and the URL has no `bodySHA256`, so nothing protects it.
    UnsignedBody,
    /// The signature is right, but the body is not the one the URL's `bodySHA256` was made of.
    BodyHashDiffers {
        /// The hash in the URL.
        signed: String,
        /// The hash of the body that came.
        seen: String,
    },
    /// Signed for https and seen as http (or any other pair): a proxy ends TLS on the way.
    SignedForOtherScheme {
        /// The scheme that was signed.
        scheme: String,
        /// The scheme of [`crate::Request::url`].
        seen: String,
        /// The URL that was signed.
        url: String,
    },
    /// Signed with another port, or without one.
    SignedForOtherPort {
        /// The URL that was signed.
        url: String,
    },
    /// Signed with a slash at the end of the path where none was seen, or the other way round.
    SignedForOtherPath {
        /// The URL that was signed.
        url: String,
    },
    /// Signed with another query: without the one that was seen, or with the body's hash in it.
    SignedForOtherQuery {
        /// The URL that was signed.
        url: String,
    },
    /// Signed as another method: parameters count in the body of a POST, in the URL of a GET.
    SignedForOtherMethod {
        /// The method that was signed, `GET` or `POST`.
        method: &'static str,
        /// The method that was seen.
        seen: String,
        /// The URL that was signed.
        url: String,
    },
    /// The signature covers the URL alone; the parameters of the body are not in it.
    SignedWithoutParameters {
        /// The URL that was signed.
        url: String,
    },
    /// One parameter was added, or its value was padded with blanks, after signing.
    ParameterChanged {
        /// The parameter.
        name: String,
        /// The URL that was signed.
        url: String,
    },
    /// Nothing that was tried fits: another token, another URL, or changed parameters.
    WrongTokenOrUrl,
}

impl Mismatch {
    /// One or two sentences for the log: what is wrong and what to do about it.
    ///
    /// ```
    /// use webhook::{Form, Key, Request, verify};
    ///
    /// let signature = Key::new("12345").sign_form("https://example.com/sms", &Form::new());
    /// let request = Request {
    ///     method: "POST",
    ///     url: "http://example.com/sms",
    ///     body: b"",
    ///     content_type: None,
    ///     signature: Some(&signature),
    /// };
    /// let mismatch = verify("12345", &request).unwrap_err();
    /// assert!(mismatch.reason().starts_with("signed for https, but you saw http"));
    /// assert_eq!(mismatch.signed_url(), Some("https://example.com/sms"));
    /// ```
    pub fn reason(&self) -> String {
        self.to_string()
    }

    /// The URL the signature was made for, when it could be found out.
    pub fn signed_url(&self) -> Option<&str> {
        match self {
            Self::SignedForOtherScheme { url, .. }
            | Self::SignedForOtherPort { url }
            | Self::SignedForOtherPath { url }
            | Self::SignedForOtherQuery { url }
            | Self::SignedForOtherMethod { url, .. }
            | Self::SignedWithoutParameters { url }
            | Self::ParameterChanged { url, .. } => Some(url),
            Self::MissingSignature
            | Self::MalformedSignature
            | Self::UnreadableBody(_)
            | Self::UnsignedBody
            | Self::BodyHashDiffers { .. }
            | Self::WrongTokenOrUrl => None,
        }
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingSignature => f.write_str(
                "the request has no X-Twilio-Signature: it is not a webhook, or a proxy removed it",
            ),
            Self::MalformedSignature => f.write_str(
                "X-Twilio-Signature is not the base64 of 20 bytes (28 characters, ending in =)",
            ),
            Self::UnreadableBody(error) => {
                write!(f, "the body is not a form that can be read: {error}")
            }
            Self::UnsignedBody => f.write_str(
                "the body is not a form and the URL has no bodySHA256, so no signature covers it",
            ),
            Self::BodyHashDiffers { signed, seen } => write!(
                f,
                "the signature fits, but the body does not: its SHA-256 is {seen}, \
                 the URL's bodySHA256 says {signed}; verify the raw body, before any parser"
            ),
            Self::SignedForOtherScheme { scheme, seen, url } => write!(
                f,
                "signed for {scheme}, but you saw {seen}: verify {url} \
                 (behind a proxy take the scheme from X-Forwarded-Proto)"
            ),
            Self::SignedForOtherPort { url } => write!(
                f,
                "signed for another port: verify {url} \
                 (behind a proxy take the port from X-Forwarded-Host or X-Forwarded-Port)"
            ),
            Self::SignedForOtherPath { url } => {
                write!(f, "signed for a path that differs in its last slash: verify {url}")
            }
            Self::SignedForOtherQuery { url } => {
                write!(f, "signed for another query, changed on the way: verify {url}")
            }
            Self::SignedForOtherMethod { method, seen, url } => write!(
                f,
                "signed as a {method} of {url}, but you saw a {seen}: \
                 a redirect or proxy changed the method, or the webhook is set to {method}"
            ),
            Self::SignedWithoutParameters { url } => write!(
                f,
                "signed for {url} alone: the parameters of the body are not in the signature"
            ),
            Self::ParameterChanged { name, url } => write!(
                f,
                "signed for {url} without the parameter {name}, or without the blanks around its \
                 value: verify the body as it came"
            ),
            Self::WrongTokenOrUrl => f.write_str(
                "no variant of the URL fits: check that the auth token is the primary one of the \
                 account that owns the resource, that the URL is the one configured there, and \
                 that the parameters are as they came",
            ),
        }
    }
}

impl std::error::Error for Mismatch {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::UnreadableBody(error) => Some(error),
            _ => None,
        }
    }
}
