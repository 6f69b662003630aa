//! The URL of a webhook as the customer wrote it, taken apart without rewriting it.
//!
//! A signature covers the URL's text, so nothing is normalised: host case and default ports stay.
//! But what cannot be requested is not signed: an empty path is `/`, a `?` without a query goes,
//! and what cannot stand in a request line (spaces, non-ASCII and a few
//! others) is percent-encoded, and that encoded text is then both sent and signed.
//! Used by the guarded client, by redirects and by relative TwiML URLs.
//! It never resolves names and never judges addresses: `1.1`, `0x7f000001` and `[::1]` are hosts
//! like any other, the guard sees what they turn into.
//! The contract is RFC 3986 (5.2 for relative references) and spec/webhooks.md 1.4, 1.6, 3.3.

use std::borrow::Cow;
use std::fmt;
use std::net::Ipv6Addr;
use std::ops::Range;

/// Longest accepted URL in bytes, fragment included. Twilio caps a StatusCallback at 4000.
pub const URL_BYTES_MAX: usize = 8192;
/// Longest host name in bytes (RFC 1035 2.3.4).
pub const HOST_BYTES_MAX: usize = 253;
/// Longest label of a host name in bytes (RFC 1035 2.3.4).
const LABEL_BYTES_MAX: usize = 63;

/// How the customer is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// Plain HTTP, port 80 unless written.
    Http,
    /// HTTP over TLS, port 443 unless written.
    Https,
}

impl Scheme {
    /// The scheme in lower case, without the colon.
    pub fn as_str(self) -> &'static str {
        match self {
            Scheme::Http => "http",
            Scheme::Https => "https",
        }
    }

    fn default_port(self) -> u16 {
        match self {
            Scheme::Http => 80,
            Scheme::Https => 443,
        }
    }
}

/// User name and password out of a URL, percent-decoded and free of control characters.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Before the first colon.
    pub user: String,
    /// After it; may be empty.
    pub password: String,
}

impl fmt::Debug for Credentials {
    // A password has no business in a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("user", &self.user).finish_non_exhaustive()
    }
}

/// Why a text is no usable URL (Twilio 11100), in words for the alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UrlError(Cow<'static, str>);

impl fmt::Display for UrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for UrlError {}

fn wrong<T>(why: impl Into<Cow<'static, str>>) -> Result<T, UrlError> {
    Err(UrlError(why.into()))
}

/// An absolute `http` or `https` URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Url {
    bare: String,
    scheme: Scheme,
    host: Range<usize>,
    port: Option<u16>,
    path_start: usize,
    credentials: Option<Credentials>,
    fragment: Option<String>,
}

impl Url {
    /// Reads an absolute URL; surrounding spaces are ignored.
    ///
    /// # Errors
    /// Anything but http(s), an unusable host, port or userinfo, control characters, or more than
    /// [`URL_BYTES_MAX`] bytes.
    pub fn parse(text: &str) -> Result<Url, UrlError> {
        let text = text.trim_matches([' ', '\t', '\r', '\n']);
        if text.len() > URL_BYTES_MAX {
            return wrong(format!("the URL is longer than {URL_BYTES_MAX} bytes"));
        }
        if text.bytes().any(|b| b < 0x20 || b == 0x7f) {
            return wrong("the URL contains a control character");
        }
        let (scheme, rest) = split_scheme(text)?;
        let authority_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, tail) = rest.split_at(authority_end);
        let (userinfo, host_port) = match authority.rsplit_once('@') {
            Some((userinfo, host_port)) => (userinfo, host_port),
            None => ("", authority),
        };
        let credentials = read_credentials(userinfo)?;
        let (host_text, port) = split_port(host_port)?;
        check_host(host_text)?;
        let (target, fragment) = match tail.split_once('#') {
            Some((target, fragment)) => (target, Some(fragment.to_owned())),
            None => (tail, None),
        };
        // The scheme is kept as written too: `HTTPS://` is signed as `HTTPS://`.
        let scheme_len = text.len() - rest.len();
        let mut bare = String::with_capacity(text.len());
        bare.push_str(&text[..scheme_len]);
        bare.push_str(host_port);
        let bracket = usize::from(host_text.starts_with('['));
        let host = scheme_len + bracket..scheme_len + host_text.len() - bracket;
        let path_start = bare.len();
        let (path, query) = target.split_at(target.find('?').unwrap_or(target.len()));
        push_encoded(&mut bare, if path.is_empty() { "/" } else { path });
        push_encoded(&mut bare, if query == "?" { "" } else { query });
        Ok(Url { bare, scheme, host, port, path_start, credentials, fragment })
    }

    /// The text that is requested and signed: no userinfo, no fragment, a path of `/` at least, no
    /// empty query; otherwise as written.
    pub fn bare(&self) -> &str {
        &self.bare
    }

    /// http or https.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The host name or address, without the brackets of an IPv6 address.
    pub fn host(&self) -> &str {
        &self.bare[self.host.clone()]
    }

    /// The port to dial.
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(self.scheme.default_port())
    }

    /// The value of the `Host` header: the port only where it is not the scheme's own.
    pub fn host_header(&self) -> &str {
        let bracket = usize::from(self.bare.as_bytes().get(self.host.end) == Some(&b']'));
        let start = self.host.start - bracket;
        match self.port {
            Some(port) if port != self.scheme.default_port() => &self.bare[start..self.path_start],
            _ => &self.bare[start..self.host.end + bracket],
        }
    }

    /// Path and query as requested; it begins with a slash.
    pub fn target(&self) -> &str {
        &self.bare[self.path_start..]
    }

    /// The path alone, `/` when none is written.
    pub fn path(&self) -> &str {
        self.target().split('?').next().unwrap_or("/")
    }

    /// Where [`Url::target`] begins in [`Url::bare`].
    pub fn path_start(&self) -> usize {
        self.path_start
    }

    /// User name and password, if the URL carries them.
    pub fn credentials(&self) -> Option<&Credentials> {
        self.credentials.as_ref()
    }

    /// Everything after the first `#`: the connection overrides.
    pub fn fragment(&self) -> Option<&str> {
        self.fragment.as_deref()
    }

    /// Same scheme, host (in any case) and port.
    pub fn same_origin(&self, other: &Url) -> bool {
        self.scheme == other.scheme
            && self.port() == other.port()
            && self.host().eq_ignore_ascii_case(other.host())
    }

    /// The URL as it is requested and signed: a missing path is `/`, and a query without anything
    /// in it is left out. That is what an application rebuilds from the request it gets, and so
    /// the only spelling that it can verify.
    pub fn asked(&self) -> String {
        let (authority, rest) = self.bare.split_at(self.path_start);
        let empty_query = rest.find('?').is_some_and(|at| at + 1 == rest.len());
        let rest = if empty_query { &rest[..rest.len() - 1] } else { rest };
        let slash = if rest.starts_with('/') { "" } else { "/" };
        [authority, slash, rest].concat()
    }

    /// Resolves a reference (`Location`, a TwiML `action`) against this URL (RFC 3986 5.2).
    /// A relative one inherits the userinfo; the fragment is the reference's own.
    ///
    /// # Errors
    /// As [`Url::parse`]; also any scheme but http(s).
    pub fn join(&self, reference: &str) -> Result<Url, UrlError> {
        let reference = reference.trim_matches([' ', '\t', '\r', '\n']);
        if reference.len() > URL_BYTES_MAX {
            return wrong(format!("the URL is longer than {URL_BYTES_MAX} bytes"));
        }
        if has_scheme(reference) {
            return Url::parse(reference);
        }
        if reference.starts_with("//") {
            return Url::parse(&format!("{}:{reference}", self.scheme.as_str()));
        }
        // RFC 3986 4.2: the first segment of a relative path has no colon.
        let first = reference.split(['/', '?', '#']).next().unwrap_or_default();
        if first.contains(':') {
            return wrong("what stands before its colon is no scheme");
        }
        let (before_fragment, fragment) = match reference.split_once('#') {
            Some((before, fragment)) => (before, Some(fragment)),
            None => (reference, None),
        };
        let mut text = self.bare[..self.path_start].to_owned();
        if before_fragment.is_empty() {
            text.push_str(self.target());
        } else if before_fragment.starts_with('?') {
            text.push_str(self.path());
            text.push_str(before_fragment);
        } else {
            let (path, query) = match before_fragment.find('?') {
                Some(at) => before_fragment.split_at(at),
                None => (before_fragment, ""),
            };
            let merged = if path.starts_with('/') {
                Cow::Borrowed(path)
            } else {
                let base = self.path();
                let directory = &base[..base.rfind('/').map_or(0, |at| at + 1)];
                Cow::Owned(format!("{directory}{path}"))
            };
            text.push_str(&without_dot_segments(&merged));
            text.push_str(query);
        }
        if let Some(fragment) = fragment {
            text.push('#');
            text.push_str(fragment);
        }
        let mut url = Url::parse(&text)?;
        url.credentials = self.credentials.clone();
        Ok(url)
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.bare)
    }
}

fn split_scheme(text: &str) -> Result<(Scheme, &str), UrlError> {
    let Some((scheme, rest)) = text.split_once("://") else {
        return wrong("the URL is not absolute: it has to begin with http:// or https://");
    };
    if scheme.eq_ignore_ascii_case("https") {
        Ok((Scheme::Https, rest))
    } else if scheme.eq_ignore_ascii_case("http") {
        Ok((Scheme::Http, rest))
    } else {
        wrong("the URL has to begin with http:// or https://")
    }
}

/// RFC 3986 3.1: a letter, then letters, digits, `+`, `-`, `.`, then the colon.
fn has_scheme(reference: &str) -> bool {
    let Some((scheme, _)) = reference.split_once(':') else {
        return false;
    };
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
}

fn split_port(host_port: &str) -> Result<(&str, Option<u16>), UrlError> {
    let host_len = if host_port.starts_with('[') {
        match host_port.find(']') {
            Some(at) => at + 1,
            None => return wrong("the URL's IPv6 address has no closing bracket"),
        }
    } else {
        host_port.find(':').unwrap_or(host_port.len())
    };
    let (host, rest) = host_port.split_at(host_len);
    let port = match rest.strip_prefix(':') {
        None if rest.is_empty() => None,
        None => return wrong("the URL's host is malformed"),
        Some("") => None,
        Some(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => match digits.parse() {
            Ok(0) | Err(_) => return wrong("the URL's port is not between 1 and 65535"),
            Ok(port) => Some(port),
        },
        Some(_) => return wrong("the URL's port is not a number"),
    };
    Ok((host, port))
}

fn check_host(host: &str) -> Result<(), UrlError> {
    if let Some(inside) = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')) {
        return match inside.parse::<Ipv6Addr>() {
            Ok(_) => Ok(()),
            Err(_) => wrong("the URL's IPv6 address is malformed"),
        };
    }
    if host.is_empty() {
        return wrong("the URL has no host");
    }
    if !host.is_ascii() {
        return wrong("the URL's host has to be written in its ASCII form (xn--…)");
    }
    let name = host.strip_suffix('.').unwrap_or(host);
    let labels_fit = name.split('.').all(|label| {
        (1..=LABEL_BYTES_MAX).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    });
    if name.len() > HOST_BYTES_MAX || !labels_fit {
        return wrong("the URL's host is not a valid name");
    }
    Ok(())
}

fn read_credentials(userinfo: &str) -> Result<Option<Credentials>, UrlError> {
    if userinfo.is_empty() {
        return Ok(None);
    }
    // RFC 3986 3.2.1: unreserved, percent-encoded, sub-delims and the colon.
    let legal = |b: u8| b.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:%".contains(&b);
    if !userinfo.bytes().all(legal) {
        return wrong("the URL's user name or password contains an illegal character");
    }
    let (user, password) = userinfo.split_once(':').unwrap_or((userinfo, ""));
    match (percent_decoded(user), percent_decoded(password)) {
        (Some(user), Some(password)) => Ok(Some(Credentials { user, password })),
        _ => wrong("the URL's user name or password is badly percent-encoded"),
    }
}

/// `None` for a broken escape, invalid UTF-8 or a control character.
pub(super) fn percent_decoded(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'%' {
            let digits = bytes.get(at + 1..at + 3)?;
            let digit = |b: u8| (b as char).to_digit(16);
            out.push((digit(digits[0])? * 16 + digit(digits[1])?) as u8);
            at += 3;
        } else {
            out.push(bytes[at]);
            at += 1;
        }
    }
    let decoded = String::from_utf8(out).ok()?;
    if decoded.chars().any(char::is_control) { None } else { Some(decoded) }
}

/// Copies path and query, percent-encoding what may not stand in a request line.
fn push_encoded(out: &mut String, target: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for &byte in target.as_bytes() {
        if byte <= b' ' || byte >= 0x7f || b"\"<>\\^`{|}".contains(&byte) {
            out.push('%');
            out.push(HEX[usize::from(byte >> 4)] as char);
            out.push(HEX[usize::from(byte & 15)] as char);
        } else {
            out.push(byte as char);
        }
    }
}

/// RFC 3986 5.2.4 for a path that begins with a slash.
fn without_dot_segments(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.strip_prefix('/').unwrap_or(path).split('/').peekable();
    while let Some(segment) = segments.next() {
        let last = segments.peek().is_none();
        match segment {
            "." | ".." => {
                if segment == ".." {
                    kept.pop();
                }
                if last {
                    kept.push("");
                }
            }
            _ => kept.push(segment),
        }
    }
    format!("/{}", kept.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_url_is_taken_apart_and_its_text_is_kept() {
        let url = Url::parse(" HTTPS://Us%65r:p%3Aw@App.Example.com:8443/a b?x=ü&y={1}#rc=2#ct=1 ");
        let url = url.expect("a valid URL");
        assert_eq!(url.bare(), "HTTPS://App.Example.com:8443/a%20b?x=%C3%BC&y=%7B1%7D");
        assert_eq!(
            (url.scheme(), url.host(), url.port()),
            (Scheme::Https, "App.Example.com", 8443)
        );
        assert_eq!(url.host_header(), "App.Example.com:8443");
        assert_eq!(url.path(), "/a%20b");
        let login = url.credentials().expect("credentials");
        assert_eq!((login.user.as_str(), login.password.as_str()), ("User", "p:w"));
        assert_eq!(url.fragment(), Some("rc=2#ct=1"));
    }

    #[test]
    fn an_empty_path_is_a_slash_and_an_empty_query_is_none() {
        for (text, bare, target) in [
            ("http://A:80", "http://A:80/", "/"),
            ("http://a?", "http://a/", "/"),
            ("http://a?x=1#rc=1", "http://a/?x=1", "/?x=1"),
            ("http://a/sms?", "http://a/sms", "/sms"),
            ("http://a/sms?#rc=1", "http://a/sms", "/sms"),
            ("http://a/sms??", "http://a/sms??", "/sms??"),
        ] {
            let url = Url::parse(text).expect(text);
            assert_eq!((url.bare(), url.target()), (bare, target), "{text}");
        }
    }

    #[test]
    fn host_header_names_only_unusual_ports() {
        for (text, header, port) in [
            ("http://a.example", "a.example", 80),
            ("http://a.example:80/x", "a.example", 80),
            ("http://a.example:443/x", "a.example:443", 443),
            ("https://a.example:443?x", "a.example", 443),
            ("https://[::1]/x", "[::1]", 443),
            ("https://[::1]:444/x", "[::1]:444", 444),
            ("http://a.example:/x", "a.example", 80),
            ("http://2130706433/", "2130706433", 80),
        ] {
            let url = Url::parse(text).expect(text);
            assert_eq!((url.host_header(), url.port()), (header, port), "{text}");
        }
        assert_eq!(Url::parse("https://[::1]:444/x").expect("valid").host(), "::1");
    }

    #[test]
    fn unusable_urls_are_refused() {
        for text in [
            "",
            "example.com/x",
            "//example.com",
            "ftp://example.com",
            "javascript:alert(1)",
            "http://",
            "http:///x",
            "http://?x",
            "http://a..b/",
            "http://.a/",
            "http://a b/",
            "http://a\r\nX: y/",
            "http://a/\u{0}",
            "http://a:0/",
            "http://a:65536/",
            "http://a:8x/",
            "http://a:+80/",
            "http://[::1/",
            "http://[::1]x/",
            "http://[fe80::1%25eth0]/",
            "http://ü.example/",
            "http://good.example\\@evil.example/",
            "http://a@b@c.example/",
            "http://us er@c.example/",
            "http://u:%0d%0aX@c.example/",
            "http://u:%zz@c.example/",
        ] {
            assert!(Url::parse(text).is_err(), "{text}");
        }
        assert!(Url::parse(&format!("http://a/{}", "x".repeat(URL_BYTES_MAX))).is_err());
    }

    #[test]
    fn references_resolve_as_in_rfc_3986() {
        // Section 5.4, over a host that may carry them.
        let base = Url::parse("http://u:p@a/b/c/d;p?q#rc=1").expect("valid");
        for (reference, expected) in [
            ("g", "http://a/b/c/g"),
            ("./g", "http://a/b/c/g"),
            ("g/", "http://a/b/c/g/"),
            ("/g", "http://a/g"),
            ("?y", "http://a/b/c/d;p?y"),
            ("g?y", "http://a/b/c/g?y"),
            ("#s", "http://a/b/c/d;p?q"),
            ("", "http://a/b/c/d;p?q"),
            (";x", "http://a/b/c/;x"),
            (".", "http://a/b/c/"),
            ("..", "http://a/b/"),
            ("../g", "http://a/b/g"),
            ("../..", "http://a/"),
            ("../../../g", "http://a/g"),
            ("/./g", "http://a/g"),
            ("g.", "http://a/b/c/g."),
            ("..g", "http://a/b/c/..g"),
            ("./g/.", "http://a/b/c/g/"),
            ("g/../h", "http://a/b/c/h"),
            ("g?y/../x", "http://a/b/c/g?y/../x"),
            ("//g:81/x", "http://g:81/x"),
            ("/g:h", "http://a/g:h"),
            ("./g:h", "http://a/b/c/g:h"),
            ("g?y:z", "http://a/b/c/g?y:z"),
            ("https://h/x?y", "https://h/x?y"),
        ] {
            let url = base.join(reference).expect(reference);
            assert_eq!(url.bare(), expected, "{reference}");
            assert_eq!(url.credentials().is_some(), url.host() == "a", "{reference}");
        }
        assert_eq!(base.join("/x#rc=3").expect("valid").fragment(), Some("rc=3"));
        for reference in [
            "mailto:a@b",
            "ftp://a/",
            "http:g",
            "//",
            "http://",
            "ht!tp://",
            "ht!tp://a/b",
            "1http://a",
            "://a",
            ":80/x",
            "a b:c",
        ] {
            assert!(base.join(reference).is_err(), "{reference}");
        }
    }

    proptest! {
        #[test]
        fn parsing_and_joining_never_panic(a in ".{0,60}", b in ".{0,60}") {
            let _ = Url::parse(&a);
            if let Ok(url) = Url::parse(&format!("http://a.example/{a}")) {
                prop_assert!(url.bare().bytes().all(|c| c > b' ' && c < 0x7f));
                if let Ok(joined) = url.join(&b) {
                    prop_assert!(joined.bare().bytes().all(|c| c > b' ' && c < 0x7f));
                }
            }
        }

        #[test]
        fn the_bare_text_reads_back_as_itself(path in "/[!-~]{0,40}") {
            let url = Url::parse(&format!("https://a.example{path}"));
            let url = url.expect("printable paths are fine");
            let again = Url::parse(url.bare()).expect("what we wrote");
            prop_assert_eq!(again.bare(), url.bare());
        }
    }

    #[test]
    fn what_is_asked_has_a_path_and_no_empty_query() {
        for (url, asked) in [
            ("http://h:3000", "http://h:3000/"),
            ("http://h:3000?a=b", "http://h:3000/?a=b"),
            ("http://h/sms?", "http://h/sms"),
            ("http://h?", "http://h/"),
            ("http://h/sms??", "http://h/sms??"),
            ("http://u:p@h/sms?a=b#rc=1", "http://h/sms?a=b"),
        ] {
            assert_eq!(Url::parse(url).expect(url).asked(), asked);
        }
    }
}
