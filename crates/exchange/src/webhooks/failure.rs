//! Every way a request to a customer can fail, with Twilio's alert code and our words.
//!
//! Built by the guarded client and by [`super::redirect`]; read by whoever raises the alert,
//! chooses the fallback URL or decides on a retry. One place decides which code stands for what.
//! It never holds secrets: URLs in its texts carry no userinfo.
//! The contract is spec/webhooks.md 5.1 (codes), 4.2 (what counts as which retry trigger) and 8.

use std::fmt;

use super::connection::Trigger;
use super::guard::Refusal;

/// The code for a 4xx or 5xx answer. Twilio documents 11217 too, but a real fallback request
/// carried 11200 (spec/webhooks.md 8), and applications match on that.
const STATUS_CODE: u32 = 11200;

/// Why an exchange has no usable answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The configured URL cannot be used.
    BadUrl(String),
    /// The guard does not permit the address.
    Refused(Box<Refusal>),
    /// The name has no address.
    HostName(String),
    /// No connection within the connect timeout.
    ConnectTimeout {
        /// The timeout in milliseconds.
        timeout_ms: u32,
    },
    /// Every address refused the connection.
    ConnectRefused,
    /// The network failed in another way while connecting.
    Connect(String),
    /// No TLS session.
    TlsHandshake(String),
    /// The certificate is for another name.
    CertificateName(String),
    /// The certificate is out of date.
    CertificateExpired(String),
    /// Self-signed, unknown authority, or an incomplete chain.
    CertificatePath(String),
    /// Plain HTTP where TLS was expected.
    PlainOnTls,
    /// Connected, but silent for the read timeout.
    ReadTimeout {
        /// The timeout in milliseconds.
        timeout_ms: u32,
    },
    /// Silent in the middle of an answer; never tried again.
    Stalled {
        /// The timeout in milliseconds.
        timeout_ms: u32,
    },
    /// The whole budget is used up.
    TotalTimeout {
        /// The budget in milliseconds.
        timeout_ms: u32,
    },
    /// The connection ended before the first byte of an answer.
    Closed(String),
    /// The connection ended in the middle of an answer; never tried again.
    Truncated(String),
    /// What came is not HTTP as we understand it.
    Protocol(String),
    /// More than ten redirects.
    TooManyRedirects,
    /// A 3xx that cannot be followed.
    BadRedirect(String),
    /// A 4xx or 5xx.
    Status(u16),
    /// The body is larger than wanted.
    BodyTooLarge {
        /// The limit in bytes.
        body_bytes_max: usize,
    },
    /// A document was expected and a chunked answer without one came.
    EmptyBody,
}

impl Failure {
    /// Twilio's alert code.
    pub fn code(&self) -> u32 {
        match self {
            Failure::BadUrl(_) => 11100,
            Failure::ReadTimeout { .. } | Failure::Stalled { .. } => 11200,
            Failure::Status(_) => STATUS_CODE,
            Failure::ConnectTimeout { .. } => 11201,
            Failure::ConnectRefused => 11202,
            Failure::TotalTimeout { .. } => 11203,
            Failure::Refused(_)
            | Failure::Connect(_)
            | Failure::Closed(_)
            | Failure::Truncated(_) => 11205,
            Failure::Protocol(_) | Failure::PlainOnTls => 11206,
            Failure::HostName(_) => 11210,
            Failure::TooManyRedirects => 11215,
            Failure::BadRedirect(_) => 11216,
            Failure::TlsHandshake(_) => 11220,
            Failure::CertificateName(_) => 11235,
            Failure::CertificateExpired(_) => 11236,
            Failure::CertificatePath(_) => 11237,
            Failure::BodyTooLarge { .. } => 11750,
            Failure::EmptyBody => 11770,
        }
    }

    /// Which word of a retry policy covers it; `None` for what is never tried again.
    pub fn trigger(&self) -> Option<Trigger> {
        match self {
            Failure::HostName(_)
            | Failure::ConnectTimeout { .. }
            | Failure::ConnectRefused
            | Failure::Connect(_)
            | Failure::TlsHandshake(_)
            | Failure::CertificateName(_)
            | Failure::CertificateExpired(_)
            | Failure::CertificatePath(_)
            | Failure::PlainOnTls => Some(Trigger::Connect),
            Failure::ReadTimeout { .. } | Failure::Closed(_) => Some(Trigger::Read),
            Failure::Status(400..=499) => Some(Trigger::FourXx),
            Failure::Status(_) => Some(Trigger::FiveXx),
            Failure::BadUrl(_)
            | Failure::Refused(_)
            | Failure::Stalled { .. }
            | Failure::TotalTimeout { .. }
            | Failure::Truncated(_)
            | Failure::Protocol(_)
            | Failure::TooManyRedirects
            | Failure::BadRedirect(_)
            | Failure::BodyTooLarge { .. }
            | Failure::EmptyBody => None,
        }
    }

    /// Whether no answer can have begun: the application never saw a whole request.
    pub fn is_connect(&self) -> bool {
        self.trigger() == Some(Trigger::Connect)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::BadUrl(why) => write!(f, "the URL cannot be used: {why}"),
            Failure::Refused(refusal) => refusal.fmt(f),
            Failure::HostName(why) => write!(f, "the host name has no address: {why}"),
            Failure::ConnectTimeout { timeout_ms } => {
                write!(f, "no connection within {timeout_ms} ms")
            }
            Failure::ConnectRefused => f.write_str("the connection was refused"),
            Failure::Connect(why) => write!(f, "the connection failed: {why}"),
            Failure::TlsHandshake(why) => write!(f, "the TLS handshake failed: {why}"),
            Failure::CertificateName(why) => {
                write!(f, "the certificate is for another name: {why}")
            }
            Failure::CertificateExpired(why) => {
                write!(f, "the certificate is out of date: {why}")
            }
            Failure::CertificatePath(why) => write!(f, "the certificate is not trusted: {why}"),
            Failure::PlainOnTls => f.write_str("the server does not speak TLS on this port"),
            Failure::ReadTimeout { timeout_ms } => write!(f, "no answer within {timeout_ms} ms"),
            Failure::Stalled { timeout_ms } => {
                write!(f, "the answer stopped for {timeout_ms} ms before its end")
            }
            Failure::TotalTimeout { timeout_ms } => {
                write!(f, "the total time of {timeout_ms} ms is used up")
            }
            Failure::Closed(why) => write!(f, "the connection ended without an answer: {why}"),
            Failure::Truncated(why) => write!(f, "the connection ended within the answer: {why}"),
            Failure::Protocol(why) => write!(f, "the answer is not valid HTTP: {why}"),
            Failure::TooManyRedirects => f.write_str("more than 10 redirects"),
            Failure::BadRedirect(why) => write!(f, "the redirect cannot be followed: {why}"),
            Failure::Status(status) => write!(f, "the application answered {status}"),
            Failure::BodyTooLarge { body_bytes_max } => {
                write!(f, "the answer is larger than {body_bytes_max} bytes")
            }
            Failure::EmptyBody => f.write_str("the answer has no body"),
        }
    }
}

impl std::error::Error for Failure {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::webhooks::guard::{Guard, Profile};

    #[test]
    fn each_failure_has_its_code_and_its_retry_trigger() {
        use Trigger::*;
        let why = || "why".to_owned();
        let guard = Guard { profile: Profile::Public, allow: vec![] };
        let refusal = guard.permits("a", [127, 0, 0, 1].into()).expect_err("refused");
        for (failure, code, trigger) in [
            (Failure::BadUrl(why()), 11100, None),
            (Failure::Refused(Box::new(refusal)), 11205, None),
            (Failure::HostName(why()), 11210, Some(Connect)),
            (Failure::ConnectTimeout { timeout_ms: 1 }, 11201, Some(Connect)),
            (Failure::ConnectRefused, 11202, Some(Connect)),
            (Failure::Connect(why()), 11205, Some(Connect)),
            (Failure::TlsHandshake(why()), 11220, Some(Connect)),
            (Failure::CertificateName(why()), 11235, Some(Connect)),
            (Failure::CertificateExpired(why()), 11236, Some(Connect)),
            (Failure::CertificatePath(why()), 11237, Some(Connect)),
            (Failure::PlainOnTls, 11206, Some(Connect)),
            (Failure::ReadTimeout { timeout_ms: 1 }, 11200, Some(Read)),
            (Failure::Stalled { timeout_ms: 1 }, 11200, None),
            (Failure::TotalTimeout { timeout_ms: 1 }, 11203, None),
            (Failure::Closed(why()), 11205, Some(Read)),
            (Failure::Truncated(why()), 11205, None),
            (Failure::Protocol(why()), 11206, None),
            (Failure::TooManyRedirects, 11215, None),
            (Failure::BadRedirect(why()), 11216, None),
            (Failure::Status(400), 11200, Some(FourXx)),
            (Failure::Status(429), 11200, Some(FourXx)),
            (Failure::Status(500), 11200, Some(FiveXx)),
            (Failure::Status(599), 11200, Some(FiveXx)),
            (Failure::BodyTooLarge { body_bytes_max: 1 }, 11750, None),
            (Failure::EmptyBody, 11770, None),
        ] {
            assert_eq!((failure.code(), failure.trigger()), (code, trigger), "{failure:?}");
            assert!(!failure.to_string().is_empty());
        }
    }
}
