//! Which URL Twilio asked for, where the application sees another one.
//!
//! A signature covers the URL as the sender wrote it. Behind a proxy or tunnel the application sees
//! http instead of https, an inner host, a path without its prefix. [`Origin`] says where to take
//! scheme and host from; `Receiver` and handlers of any framework call [`Origin::url`]. It trusts
//! no header unless told to. Contract: Twilio's "Webhooks security", RFC 7239 for `Forwarded`.

use std::fmt;

use crate::url::Parts;

/// Where scheme and host of a request's URL come from.
///
/// [`Origin::fixed`] is right nearly always: it is what you typed into the console, and nothing a
/// request says can change it.
///
/// ```
/// use webhook::Origin;
///
/// let headers = |name: &str| match name {
///     "Host" => Some("10.0.0.7:8080"),
///     "X-Forwarded-Proto" => Some("https"),
///     "X-Forwarded-Host" => Some("example.com"),
///     _ => None,
/// };
/// let url = |origin: Origin| origin.url("/sms?x=1", headers).unwrap();
/// assert_eq!(url(Origin::fixed("https://example.com").unwrap()), "https://example.com/sms?x=1");
/// assert_eq!(url(Origin::forwarded()), "https://example.com/sms?x=1");
/// assert_eq!(url(Origin::http_host()), "http://10.0.0.7:8080/sms?x=1");
/// ```
///
/// # Traps
///
/// - A proxy that strips a path's prefix: give the prefix to [`Origin::fixed`]
///   (`https://example.com/hooks`); no usual header names it.
/// - [`Origin::forwarded`] without a proxy that *overwrites* these headers lets every caller choose
///   the URL that is checked. A signature of yours, made for another of your URLs, then passes.
/// - Of several values (`https,http`) the first counts: it is the outermost proxy's, if that
///   one overwrites what callers send.
/// - Voice over https is signed without the port, everything else with it. [`crate::verify()`]
///   tries both, so an unusual port needs no attention here.
/// - A slash at the end, `%2F` and `/`, capitals in a path: all signed as written. A framework that
///   cleans up paths before the handler changes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(Source);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Source {
    Fixed(String),
    Host(&'static str),
    Forwarded,
}

impl Origin {
    /// The public base URL: scheme, host, port if it is written in the webhook's URL, and the
    /// part of the path that a proxy takes away.
    ///
    /// # Errors
    ///
    /// [`OriginError::NotABase`] if it is no `http` or `https` URL, or has a user, query or fragment.
    pub fn fixed(base_url: impl Into<String>) -> Result<Self, OriginError> {
        let base_url = base_url.into();
        let parts = Parts::split(&base_url).filter(|parts| {
            let is_web = parts.is("http") || parts.is("https");
            let is_bare = parts.userinfo.is_empty() && parts.query.is_empty();
            is_web && is_bare && !parts.host.is_empty() && !base_url.contains('#')
        });
        match parts {
            Some(parts) => Ok(Self(Source::Fixed(parts.join().trim_end_matches('/').to_owned()))),
            None => Err(OriginError::NotABase { base_url }),
        }
    }

    /// `http` and the `Host` header: no proxy and no TLS in between, as in tests and at home.
    pub fn http_host() -> Self {
        Self(Source::Host("http"))
    }

    /// `https` and the `Host` header: the application ends TLS itself, or a proxy that leaves
    /// `Host` alone does.
    pub fn https_host() -> Self {
        Self(Source::Host("https"))
    }

    /// `Forwarded`, or else `X-Forwarded-Proto`, `-Host` and `-Port`, of a proxy that overwrites
    /// them; what they leave open is `http` and the `Host` header.
    pub fn forwarded() -> Self {
        Self(Source::Forwarded)
    }

    /// The URL to verify, from the request's target (path and query) and its headers.
    ///
    /// The handshake of a WebSocket (`Upgrade: websocket`) is asked as `wss://` or `ws://`.
    ///
    /// # Errors
    ///
    /// There is no host, or one that is none; a scheme that is none; a target that is no path.
    pub fn url<'h>(
        &self,
        target: &str,
        header: impl Fn(&str) -> Option<&'h str>,
    ) -> Result<String, OriginError> {
        if !target.starts_with('/') {
            return Err(OriginError::NotAPath { target: target.to_owned() });
        }
        let base = match &self.0 {
            Source::Fixed(base) => base.clone(),
            Source::Host(scheme) => join(scheme, header("Host"))?,
            Source::Forwarded => forwarded(&header)?,
        };
        let is_socket = header("Upgrade").is_some_and(|to| to.eq_ignore_ascii_case("websocket"));
        // http becomes ws, https becomes wss.
        let base = match base.split_at_checked("http".len()) {
            Some((_, rest)) if is_socket => ["ws", rest].concat(),
            _ => base,
        };
        Ok([base.as_str(), target].concat())
    }
}

fn join(scheme: &str, host: Option<&str>) -> Result<String, OriginError> {
    let host = host.ok_or(OriginError::NoHost)?;
    // Anything else could move the border between host and path, and so the signed URL's meaning.
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
    if host.is_empty() || !host.bytes().all(is_host) {
        return Err(OriginError::BadHost { host: host.to_owned() });
    }
    Ok([scheme, "://", host].concat())
}

fn forwarded<'h>(header: &impl Fn(&str) -> Option<&'h str>) -> Result<String, OriginError> {
    let standard = header("Forwarded").map(first_element).unwrap_or_default();
    let first = |name: &str| header(name).map(|list| list.split(',').next().unwrap_or("").trim());
    let scheme = pair(standard, "proto").or_else(|| first("X-Forwarded-Proto"));
    let scheme = match scheme.unwrap_or("http").to_ascii_lowercase().as_str() {
        "http" | "ws" => "http",
        "https" | "wss" => "https",
        other => return Err(OriginError::BadScheme { scheme: other.to_owned() }),
    };
    let host = pair(standard, "host").or_else(|| first("X-Forwarded-Host"));
    let base = join(scheme, host.or_else(|| header("Host")))?;
    let has_port = Parts::split(&base).is_some_and(|parts| !parts.port.is_empty());
    match first("X-Forwarded-Port") {
        // The usual ones are never written in a URL, and are often the inner listener's.
        None | Some("" | "80" | "443") => Ok(base),
        Some(_) if has_port => Ok(base),
        Some(port) if port.bytes().all(|byte| byte.is_ascii_digit()) => {
            Ok([&base, ":", port].concat())
        }
        Some(port) => Err(OriginError::BadHost { host: format!(":{port}") }),
    }
}

/// What the first proxy wrote: up to the first comma that is not quoted.
fn first_element(list: &str) -> &str {
    let mut quoted = false;
    let end = list.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b',' && !quoted
    });
    &list[..end.unwrap_or(list.len())]
}

/// The value of `name=value` or `name="value"`; escapes in it do not occur in hosts and schemes.
fn pair<'e>(element: &'e str, name: &str) -> Option<&'e str> {
    element.split(';').find_map(|pair| {
        let (known, value) = pair.split_once('=')?;
        let value = value.trim().trim_matches('"');
        (known.trim().eq_ignore_ascii_case(name) && !value.is_empty()).then_some(value)
    })
}

/// Why there is no URL to verify.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OriginError {
    /// The configured base is not like `https://example.com` or `https://example.com/prefix`.
    NotABase {
        /// What was configured.
        base_url: String,
    },
    /// The request has no `Host`.
    NoHost,
    /// The host has characters that no host has.
    BadHost {
        /// As it came.
        host: String,
    },
    /// The proxy names a scheme that is neither http nor https.
    BadScheme {
        /// As it came.
        scheme: String,
    },
    /// The request's target is not a path, for instance `*`.
    NotAPath {
        /// As it came.
        target: String,
    },
}

impl fmt::Display for OriginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotABase { base_url } => write!(
                f,
                "{base_url:?} is no base URL: write scheme and host, as in https://example.com"
            ),
            Self::NoHost => f.write_str("the request has no Host header"),
            Self::BadHost { host } => write!(f, "{host:?} is no host"),
            Self::BadScheme { scheme } => {
                write!(f, "the proxy names the scheme {scheme:?}, expected http or https")
            }
            Self::NotAPath { target } => write!(f, "the request's target {target:?} is no path"),
        }
    }
}

impl std::error::Error for OriginError {}

#[cfg(test)]
mod tests {
    use super::*;

    /// The URL of `/p` under these headers, or why there is none.
    fn url(origin: &Origin, headers: &[(&str, &str)]) -> Result<String, OriginError> {
        origin.url("/p", |name| {
            headers.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
        })
    }

    #[test]
    fn a_trusted_proxys_headers_make_the_url() {
        let host = ("Host", "inner:80");
        let proto = ("X-Forwarded-Proto", "https");
        let cases: &[(&[(&str, &str)], &str)] = &[
            (&[host], "http://inner:80/p"),
            (&[host, proto], "https://inner:80/p"),
            (&[host, proto, ("X-Forwarded-Host", "a.com")], "https://a.com/p"),
            (&[host, ("X-Forwarded-Proto", "HTTPS, http")], "https://inner:80/p"),
            (&[proto, ("X-Forwarded-Host", "a.com, b.com")], "https://a.com/p"),
            (&[("Host", "a.com"), proto, ("X-Forwarded-Port", "8443")], "https://a.com:8443/p"),
            (&[("Host", "a.com"), proto, ("X-Forwarded-Port", "443")], "https://a.com/p"),
            (&[("Host", "a.com:1"), proto, ("X-Forwarded-Port", "2")], "https://a.com:1/p"),
            (&[host, ("Forwarded", "for=1.2.3.4;proto=https;host=a.com")], "https://a.com/p"),
            (
                &[host, ("Forwarded", "For=\"[::1]\"; Proto=https; Host=\"a.com:8443\"")],
                "https://a.com:8443/p",
            ),
            (
                &[host, ("Forwarded", "proto=https;host=a.com, proto=http;host=b")],
                "https://a.com/p",
            ),
            (&[host, proto, ("Forwarded", "for=1.2.3.4")], "https://inner:80/p"),
            (&[host, proto, ("Upgrade", "WebSocket")], "wss://inner:80/p"),
            (&[host, ("X-Forwarded-Proto", "wss"), ("Upgrade", "websocket")], "wss://inner:80/p"),
        ];
        for (headers, expected) in cases {
            assert_eq!(url(&Origin::forwarded(), headers).as_deref(), Ok(*expected), "{headers:?}");
        }
    }

    #[test]
    fn without_trust_no_header_of_a_proxy_counts() {
        let headers = [
            ("Host", "a.com"),
            ("Forwarded", "proto=http;host=b.com"),
            ("X-Forwarded-Host", "b.com"),
            ("X-Forwarded-Proto", "http"),
        ];
        let fixed = Origin::fixed("https://c.com:8443/hooks/").unwrap();
        assert_eq!(url(&Origin::https_host(), &headers).unwrap(), "https://a.com/p");
        assert_eq!(url(&fixed, &headers).unwrap(), "https://c.com:8443/hooks/p");
        assert_eq!(url(&fixed, &[("Upgrade", "websocket")]).unwrap(), "wss://c.com:8443/hooks/p");
    }

    #[test]
    fn what_is_no_host_scheme_path_or_base_is_refused() {
        for host in ["", "a.com/sms?x=", "a.com#", "u@a.com", "a b", "a\u{e9}"] {
            let error = url(&Origin::http_host(), &[("Host", host)]).unwrap_err();
            assert_eq!(error, OriginError::BadHost { host: host.to_owned() });
        }
        assert_eq!(url(&Origin::http_host(), &[]), Err(OriginError::NoHost));
        let headers = [("Host", "a"), ("X-Forwarded-Proto", "javascript")];
        let error = url(&Origin::forwarded(), &headers).unwrap_err();
        assert!(error.to_string().contains("expected http or https"));
        let port = [("Host", "a"), ("X-Forwarded-Port", "1/x")];
        assert!(url(&Origin::forwarded(), &port).is_err());
        assert!(Origin::http_host().url("*", |_| Some("a")).is_err());
        for base in
            ["example.com", "ftp://a.com", "https://", "https://a?x", "https://u@a", "http://a#"]
        {
            let error = Origin::fixed(base).unwrap_err();
            assert!(error.to_string().starts_with(&format!("{base:?}")), "{base}");
        }
    }
}
