//! A URL cut into its pieces without changing a character of them.
//!
//! The signature covers the URL's text as it was written, so a parser that normalises (lower-case
//! host, default port, escapes) would break it. Used by `signature` and `verify`. It never decides
//! which form is signed, and it accepts any text: what has no `scheme://` has no pieces.
//! Contract: RFC 3986 section 3, as far as cutting goes.

/// The pieces of an absolute URL, each with its delimiter; the fragment is dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Parts<'a> {
    /// Without `://`.
    pub(crate) scheme: &'a str,
    /// With its `@`, or empty.
    pub(crate) userinfo: &'a str,
    pub(crate) host: &'a str,
    /// With its `:`, or empty.
    pub(crate) port: &'a str,
    /// From the first `/`, or empty.
    pub(crate) path: &'a str,
    /// With its `?`, or empty.
    pub(crate) query: &'a str,
}

impl<'a> Parts<'a> {
    /// Cuts `url`; `None` if it does not start with `scheme://`.
    pub(crate) fn split(url: &'a str) -> Option<Self> {
        let (scheme, rest) = without_fragment(url).split_once("://")?;
        if !is_scheme(scheme) {
            return None;
        }
        let authority_end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at(authority_end);
        let host_start = authority.rfind('@').map_or(0, |at| at + 1);
        let (userinfo, host_and_port) = authority.split_at(host_start);
        // A colon starts the port only after the bracket that closes an IPv6 address.
        let bracket_end = host_and_port.rfind(']').map_or(0, |at| at + 1);
        let host_end = host_and_port[bracket_end..]
            .find(':')
            .map_or(host_and_port.len(), |at| bracket_end + at);
        let (host, port) = host_and_port.split_at(host_end);
        let (path, query) = rest.split_at(rest.find('?').unwrap_or(rest.len()));
        Some(Self { scheme, userinfo, host, port, path, query })
    }

    /// The pieces as one text again.
    pub(crate) fn join(&self) -> String {
        [self.scheme, "://", self.userinfo, self.host, self.port, self.path, self.query].concat()
    }

    /// The same with the path and query of a request: a path is never empty, nor is a query.
    pub(crate) fn requested(self) -> Self {
        let path = if self.path.is_empty() { "/" } else { self.path };
        let query = if self.query == "?" { "" } else { self.query };
        Self { path, query, ..self }
    }

    /// Whether the scheme is `scheme`, in any case.
    pub(crate) fn is(&self, scheme: &str) -> bool {
        self.scheme.eq_ignore_ascii_case(scheme)
    }

    /// The port this scheme has when none is written, with its colon.
    pub(crate) fn default_port(&self) -> &'static str {
        if self.is("https") || self.is("wss") { ":443" } else { ":80" }
    }
}

/// `url` up to its `#`: fragments are instructions to the sender and never leave it.
pub(crate) fn without_fragment(url: &str) -> &str {
    url.split_once('#').map_or(url, |(before, _)| before)
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_cut_and_joined_without_a_change() {
        let cases = [
            ("https://example.com", ["https", "", "example.com", "", "", ""]),
            ("https://example.com/", ["https", "", "example.com", "", "/", ""]),
            ("HTTP://u:p@Host:80/a?b=/c", ["HTTP", "u:p@", "Host", ":80", "/a", "?b=/c"]),
            ("http://h?a@b:c", ["http", "", "h", "", "", "?a@b:c"]),
            ("wss://[::1]:8080/x", ["wss", "", "[::1]", ":8080", "/x", ""]),
            ("wss://[::1]/x", ["wss", "", "[::1]", "", "/x", ""]),
            ("http://a@b@c:1", ["http", "a@b@", "c", ":1", "", ""]),
            ("http://h:/", ["http", "", "h", ":", "/", ""]),
            ("http://", ["http", "", "", "", "", ""]),
            ("http://]:@[/", ["http", "]:@", "[", "", "/", ""]),
        ];
        for (url, [scheme, userinfo, host, port, path, query]) in cases {
            let parts = Parts::split(url).unwrap();
            assert_eq!(parts, Parts { scheme, userinfo, host, port, path, query }, "{url}");
            assert_eq!(parts.join(), url);
        }
    }

    #[test]
    fn text_without_a_scheme_has_no_parts() {
        for url in ["", "/path", "example.com/x", "://x", "1http://x", "/a?u=http://x", "a b://x"] {
            assert_eq!(Parts::split(url), None, "{url}");
        }
    }
}
