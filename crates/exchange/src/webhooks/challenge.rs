//! Answers to a `401`: which `WWW-Authenticate` challenge to take, and the `Authorization` header
//! that follows.
//!
//! Called by the guarded client, after a 401 only: the first request never carries credentials.
//! It draws no random numbers (the client nonce is an argument) and keeps no count of its own.
//! The contract is RFC 7617 (Basic), RFC 7616 and 2617 (Digest), spec/webhooks.md 1.4.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::Md5;
use sha2::{Digest as _, Sha256};

use super::url::Credentials;
use crate::numbers::Method;

/// Challenges read from one answer.
const CHALLENGES_MAX: usize = 8;
/// Parameters read from one challenge.
const PARAMETERS_MAX: usize = 16;
/// Bytes read from one `WWW-Authenticate` header.
const HEADER_BYTES_MAX: usize = 4096;

/// The digests of RFC 7616 that servers use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Algorithm {
    /// The default.
    Md5,
    /// MD5 over a session key.
    Md5Session,
    /// SHA-256.
    Sha256,
    /// SHA-256 over a session key.
    Sha256Session,
}

impl Algorithm {
    fn parse(name: &str) -> Option<Algorithm> {
        match name.to_ascii_lowercase().as_str() {
            "md5" => Some(Algorithm::Md5),
            "md5-sess" => Some(Algorithm::Md5Session),
            "sha-256" => Some(Algorithm::Sha256),
            "sha-256-sess" => Some(Algorithm::Sha256Session),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Algorithm::Md5 => "MD5",
            Algorithm::Md5Session => "MD5-sess",
            Algorithm::Sha256 => "SHA-256",
            Algorithm::Sha256Session => "SHA-256-sess",
        }
    }

    fn is_session(self) -> bool {
        matches!(self, Algorithm::Md5Session | Algorithm::Sha256Session)
    }

    fn hash(self, text: &str) -> String {
        match self {
            Algorithm::Md5 | Algorithm::Md5Session => hex(&Md5::digest(text.as_bytes())),
            Algorithm::Sha256 | Algorithm::Sha256Session => hex(&Sha256::digest(text.as_bytes())),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut out = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        out.push(DIGITS[usize::from(byte >> 4)] as char);
        out.push(DIGITS[usize::from(byte & 15)] as char);
    }
    out
}

/// A Digest challenge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest {
    /// What the credentials are for.
    pub realm: String,
    /// The server's nonce.
    pub nonce: String,
    /// Given back as it came.
    pub opaque: Option<String>,
    /// How to hash.
    pub algorithm: Algorithm,
    /// `qop=auth` is offered; without it the older form of RFC 2069 is used.
    pub qop_auth: bool,
    /// The nonce before was too old, the credentials are fine.
    pub stale: bool,
}

/// A challenge we can answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Challenge {
    /// User and password in the clear.
    Basic,
    /// A hash over them.
    Digest(Digest),
}

impl Challenge {
    /// The strongest challenge of an answer's `WWW-Authenticate` headers: SHA-256, MD5, Basic.
    /// `None` if there is none that we can answer.
    pub fn choose<'a>(headers: impl Iterator<Item = &'a str>) -> Option<Challenge> {
        let mut best: Option<Challenge> = None;
        for challenge in headers.take(CHALLENGES_MAX).flat_map(read_header) {
            if best.as_ref().is_none_or(|best| challenge.rank() > best.rank()) {
                best = Some(challenge);
            }
        }
        best
    }

    fn rank(&self) -> Option<Algorithm> {
        match self {
            Challenge::Basic => None,
            Challenge::Digest(digest) => Some(digest.algorithm),
        }
    }

    /// Whether the server refused only the nonce, so that the same credentials may be tried again.
    pub fn is_stale(&self) -> bool {
        matches!(self, Challenge::Digest(digest) if digest.stale)
    }

    /// The value of `Authorization` for a request. `target` is the request line's path and query,
    /// `count` how often this challenge's nonce has been used (from 1), `client_nonce` fresh
    /// random text of the caller.
    pub fn authorization(
        &self,
        credentials: &Credentials,
        request: (Method, &str),
        count: u32,
        client_nonce: &str,
    ) -> String {
        match self {
            Challenge::Basic => {
                let pair = format!("{}:{}", credentials.user, credentials.password);
                format!("Basic {}", STANDARD.encode(pair))
            }
            Challenge::Digest(digest) => digest.answer(credentials, request, count, client_nonce),
        }
    }
}

impl Digest {
    fn answer(
        &self,
        credentials: &Credentials,
        (method, target): (Method, &str),
        count: u32,
        client_nonce: &str,
    ) -> String {
        let Digest { realm, nonce, algorithm, .. } = self;
        let Credentials { user, password } = credentials;
        let mut secret = algorithm.hash(&format!("{user}:{realm}:{password}"));
        if algorithm.is_session() {
            secret = algorithm.hash(&format!("{secret}:{nonce}:{client_nonce}"));
        }
        let request = algorithm.hash(&format!("{}:{target}", method.as_str()));
        let response = if self.qop_auth {
            let text = format!("{secret}:{nonce}:{count:08x}:{client_nonce}:auth:{request}");
            algorithm.hash(&text)
        } else {
            algorithm.hash(&format!("{secret}:{nonce}:{request}"))
        };
        let mut header = format!(
            "Digest username={}, realm={}, nonce={}, uri={}, response=\"{response}\", algorithm={}",
            quoted(user),
            quoted(realm),
            quoted(nonce),
            quoted(target),
            algorithm.name()
        );
        if let Some(opaque) = &self.opaque {
            header.push_str(&format!(", opaque={}", quoted(opaque)));
        }
        if self.qop_auth {
            header.push_str(&format!(", qop=auth, nc={count:08x}"));
        }
        if self.qop_auth || algorithm.is_session() {
            header.push_str(&format!(", cnonce={}", quoted(client_nonce)));
        }
        header
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// One header can hold several challenges: `Digest realm="a", nonce="b", Basic realm="c"`.
fn read_header(header: &str) -> Vec<Challenge> {
    let mut found = Vec::new();
    let mut rest = if header.len() <= HEADER_BYTES_MAX { header } else { "" };
    for _ in 0..CHALLENGES_MAX {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        let (scheme, after) = split_token(rest);
        if scheme.is_empty() {
            break;
        }
        let (parameters, after) = read_parameters(after);
        rest = after;
        found.extend(to_challenge(scheme, &parameters));
    }
    found
}

type Parameters<'a> = Vec<(&'a str, String)>;

/// Reads `key=value` pairs until something that is no pair: the next challenge's scheme.
fn read_parameters(text: &str) -> (Parameters<'_>, &str) {
    let mut parameters = Vec::new();
    let mut rest = text;
    for _ in 0..PARAMETERS_MAX {
        let start = rest.trim_start_matches([' ', '\t', ',']);
        let (key, after) = split_token(start);
        let Some(after) = after.trim_start().strip_prefix('=') else {
            break;
        };
        if key.is_empty() {
            break;
        }
        let (value, after) = read_value(after.trim_start());
        parameters.push((key, value));
        rest = after;
    }
    (parameters, rest)
}

fn split_token(text: &str) -> (&str, &str) {
    let separator = |c: char| !c.is_ascii_graphic() || "()<>@,;:\\\"/[]?={}".contains(c);
    text.split_at(text.find(separator).unwrap_or(text.len()))
}

fn read_value(text: &str) -> (String, &str) {
    let Some(inside) = text.strip_prefix('"') else {
        // Unquoted values of sloppy servers end at a comma or space.
        let end = text.find([',', ' ', '\t']).unwrap_or(text.len());
        return (text[..end].to_owned(), &text[end..]);
    };
    let mut value = String::new();
    let mut escaped = false;
    for (at, c) in inside.char_indices() {
        match c {
            _ if escaped => {
                value.push(c);
                escaped = false;
            }
            '\\' => escaped = true,
            '"' => return (value, &inside[at + 1..]),
            _ => value.push(c),
        }
    }
    (value, "")
}

fn to_challenge(scheme: &str, parameters: &Parameters) -> Option<Challenge> {
    let get = |name: &str| {
        let found = parameters.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    };
    if scheme.eq_ignore_ascii_case("Basic") {
        return Some(Challenge::Basic);
    }
    if !scheme.eq_ignore_ascii_case("Digest") {
        return None;
    }
    let algorithm = Algorithm::parse(get("algorithm").unwrap_or("MD5"))?;
    let qop_auth = match get("qop") {
        None => false,
        Some(offered) if offered.split(',').any(|q| q.trim().eq_ignore_ascii_case("auth")) => true,
        // Only auth-int, which would hash the body: nobody asks for it.
        Some(_) => return None,
    };
    Some(Challenge::Digest(Digest {
        realm: get("realm").unwrap_or("").to_owned(),
        nonce: get("nonce")?.to_owned(),
        opaque: get("opaque").map(str::to_owned),
        algorithm,
        qop_auth,
        stale: get("stale").is_some_and(|stale| stale.eq_ignore_ascii_case("true")),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn login(user: &str, password: &str) -> Credentials {
        Credentials { user: user.to_owned(), password: password.to_owned() }
    }

    fn choose(header: &str) -> Option<Challenge> {
        Challenge::choose([header].into_iter())
    }

    #[test]
    fn basic_is_answered_as_in_rfc_7617() {
        let basic = choose("Basic realm=\"WallyWorld\"").expect("basic");
        let request = (Method::Get, "/");
        assert_eq!(
            basic.authorization(&login("Aladdin", "open sesame"), request, 1, "x"),
            "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="
        );
    }

    #[test]
    fn digest_is_answered_as_in_rfc_7616_section_3_9_1() {
        let cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
        for (algorithm, expected) in [
            ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
            ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
        ] {
            let header = format!(
                "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", \
                 algorithm={algorithm}, nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", \
                 opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\""
            );
            let digest = choose(&header).expect("digest");
            let request = (Method::Get, "/dir/index.html");
            let answer =
                digest.authorization(&login("Mufasa", "Circle of Life"), request, 1, cnonce);
            for part in [
                &format!("response=\"{expected}\""),
                &format!("algorithm={algorithm}"),
                "username=\"Mufasa\"",
                "uri=\"/dir/index.html\"",
                "qop=auth, nc=00000001",
                "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"",
            ] {
                assert!(answer.contains(part), "{part} in {answer}");
            }
        }
    }

    #[test]
    fn digest_without_qop_is_answered_as_in_rfc_2069() {
        // RFC 2069 2.4, with the response corrected by its erratum 749.
        let digest = choose(
            "Digest realm=\"testrealm@host.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\"",
        );
        let answer = digest.expect("digest").authorization(
            &login("Mufasa", "CircleOfLife"),
            (Method::Get, "/dir/index.html"),
            1,
            "x",
        );
        assert!(answer.contains("response=\"1949323746fe6a43ef61f9606e7febea\""), "{answer}");
        assert!(!answer.contains("qop") && !answer.contains("cnonce"));
    }

    #[test]
    fn the_strongest_challenge_that_we_know_is_taken() {
        let basic = "Basic realm=\"a, b=\\\"c\\\"\"";
        let md5 = "Digest realm=a,nonce=m";
        let sha = "digest nonce=\"s\", algorithm=SHA-256, qop=auth";
        let nonce = |headers: &[&str]| match Challenge::choose(headers.iter().copied()) {
            None => "none".to_owned(),
            Some(Challenge::Basic) => "basic".to_owned(),
            Some(Challenge::Digest(digest)) => digest.nonce,
        };
        assert_eq!(nonce(&[basic, md5, sha]), "s");
        assert_eq!(nonce(&[sha, basic]), "s");
        assert_eq!(nonce(&[md5, basic]), "m");
        assert_eq!(nonce(&[&format!("{basic}, {md5}, {sha}")]), "s");
        assert_eq!(nonce(&[&format!("{md5}, {basic}")]), "m");
        assert_eq!(nonce(&["Negotiate", basic]), "basic");
        assert_eq!(nonce(&["Bearer realm=x", "Negotiate abc=="]), "none");
        assert_eq!(nonce(&["Digest realm=a"]), "none");
        assert_eq!(nonce(&["Digest nonce=a, qop=auth-int"]), "none");
        assert_eq!(nonce(&["Digest nonce=a, algorithm=SHA-512-256"]), "none");
        assert_eq!(nonce(&["", ",,,", "\"", "=\"\\"]), "none");
        assert!(choose("Digest nonce=a, stale=TRUE").expect("digest").is_stale());
    }

    #[test]
    fn quotes_in_names_cannot_leave_their_parameter() {
        let digest = choose("Digest realm=\"a\\\"b\", nonce=n").expect("digest");
        let answer = digest.authorization(&login("x\", uri=\"", "p"), (Method::Get, "/"), 1, "c");
        assert!(answer.contains("username=\"x\\\", uri=\\\"\", realm=\"a\\\"b\""), "{answer}");
    }

    proptest! {
        #[test]
        fn no_header_can_upset_the_reader(header in "[ -~\u{e9}]{0,120}") {
            if let Some(challenge) = choose(&header) {
                challenge.authorization(&login("u", "p"), (Method::Post, "/"), 1, "c");
            }
        }
    }
}
