//! The receiver's end: is this request signed with our token?
//!
//! Called by the application with the request as it came. Tries the spellings of the URL that the
//! official SDKs try, because senders disagree about ports and escapes; all of them name the same
//! resource, so none makes a forged request pass. On a mismatch `diagnosis` finds out why.
//! Signatures are compared in constant time. It never trusts a header the caller did not pass.
//! Contract: Twilio's "Webhooks security" page and the SDKs' request validators.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use subtle::ConstantTimeEq as _;

use crate::diagnosis::diagnose;
use crate::form::{Form, PAIRS_MAX, parse_query_leniently, push_escape};
use crate::mismatch::Mismatch;
use crate::signature::{BODY_HASH, Key, MAC_BYTES, body_hash};
use crate::url::{Parts, without_fragment};

/// A request as the application received it.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// `GET`, `POST`, … For a WebSocket handshake `GET`.
    pub method: &'a str,
    /// The absolute URL as the sender asked for it, query included. Behind a proxy that is not the
    /// URL the application sees: take scheme and host from configuration or from the forwarding
    /// headers of a proxy you trust. For a WebSocket handshake it starts with `wss://`.
    pub url: &'a str,
    /// The raw body; not read for a GET.
    pub body: &'a [u8],
    /// `Content-Type`; a body without one is taken for a form.
    pub content_type: Option<&'a str>,
    /// `X-Twilio-Signature`.
    pub signature: Option<&'a str>,
}

/// A request whose signature is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// The spelling of the URL that was signed.
    pub url: String,
    /// The parameters: the form of a POST, or the decoded query of a request without a form.
    ///
    /// Everything in it was signed. Feed it to a `from_form`.
    pub parameters: Form,
}

/// Checks a request against the account's auth token.
///
/// # Errors
///
/// A [`Mismatch`], which says why. To find out, a few hundred variants are tried, so a forged request
/// costs as many HMACs; one of more than 32 KiB is refused without looking for the reason.
///
/// ```
/// use webhook::{Key, Mismatch, Request, verify};
///
/// let url = "https://example.com/sms?x=1&Body=hi+there&From=%2B15551230000&To=%2B15559870000";
/// let get = Request {
///     method: "GET",
///     url,
///     body: b"",
///     content_type: None,
///     signature: Some("qlbHq7dz2hHgTptc/UikR68sJns="),
/// };
/// let verified = verify("12345", &get).unwrap();
/// assert_eq!(verified.parameters.get("Body"), Some("hi there"));
/// assert_eq!(verify("54321", &get), Err(Mismatch::WrongTokenOrUrl));
/// ```
pub fn verify(auth_token: &str, request: &Request<'_>) -> Result<Verified, Mismatch> {
    Key::new(auth_token).verify(request)
}

impl Key {
    /// [`verify()`] with a prepared key.
    ///
    /// # Errors
    ///
    /// As [`verify()`].
    pub fn verify(&self, request: &Request<'_>) -> Result<Verified, Mismatch> {
        let signature = match request.signature {
            None | Some("") => return Err(Mismatch::MissingSignature),
            Some(text) => decode_signature(text).ok_or(Mismatch::MalformedSignature)?,
        };
        let attempt = Attempt { key: self, signature, request };
        let hash = signed_body_hash(request.url);
        if !attempt.has_body() {
            return attempt.check_url();
        }
        match (attempt.has_form(), hash) {
            (false, None) if accepted_url(&attempt, None).is_some() => Err(Mismatch::UnsignedBody),
            (false, None) => Err(attempt.why(None, Mismatch::UnsignedBody)),
            (false, Some(hash)) => attempt.check_body(&hash),
            (true, None) => attempt.check_form(),
            // A form to a URL that has a bodySHA256 of its own, or a sender that hashes forms too.
            (true, Some(hash)) => {
                attempt.check_form().or_else(|why| attempt.check_body(&hash).map_err(|_| why))
            }
        }
    }
}

/// One request under examination.
pub(crate) struct Attempt<'a> {
    pub(crate) key: &'a Key,
    pub(crate) signature: [u8; MAC_BYTES],
    pub(crate) request: &'a Request<'a>,
}

impl Attempt<'_> {
    /// Whether this URL with these body parameters is what was signed.
    pub(crate) fn fits(&self, url: &str, form: Option<&Form>) -> bool {
        self.key.fits(&self.signature, url, form)
    }

    /// Whether all parameters are in the URL by the method's nature.
    pub(crate) fn is_get(&self) -> bool {
        let method = self.request.method;
        method.eq_ignore_ascii_case("GET") || method.eq_ignore_ascii_case("HEAD")
    }

    fn has_body(&self) -> bool {
        !self.is_get() && !self.request.body.is_empty()
    }

    fn has_form(&self) -> bool {
        self.request.content_type.is_none_or(|content_type| {
            let media_type = content_type.split(';').next().unwrap_or_default().trim();
            media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded")
        })
    }

    fn check_url(&self) -> Result<Verified, Mismatch> {
        match accepted_url(self, None) {
            Some(url) => Ok(Verified { parameters: query_parameters(&url), url }),
            None => Err(self.why(None, Mismatch::WrongTokenOrUrl)),
        }
    }

    fn check_form(&self) -> Result<Verified, Mismatch> {
        let form = Form::parse(self.request.body).map_err(Mismatch::UnreadableBody)?;
        match accepted_url(self, Some(&form)) {
            Some(url) => Ok(Verified { url, parameters: form }),
            None => Err(self.why(Some(&form), Mismatch::WrongTokenOrUrl)),
        }
    }

    fn check_body(&self, signed: &str) -> Result<Verified, Mismatch> {
        let verified = self.check_url()?;
        let seen = body_hash(self.request.body);
        if bool::from(seen.as_bytes().ct_eq(signed.as_bytes())) {
            Ok(verified)
        } else {
            Err(Mismatch::BodyHashDiffers { signed: signed.to_owned(), seen })
        }
    }

    fn why(&self, form: Option<&Form>, otherwise: Mismatch) -> Mismatch {
        diagnose(self, form).unwrap_or(otherwise)
    }
}

fn decode_signature(text: &str) -> Option<[u8; MAC_BYTES]> {
    // Checked first so that a huge header is not decoded.
    if text.len() != 28 {
        return None;
    }
    STANDARD.decode(text).ok()?.try_into().ok()
}

fn query_of(url: &str) -> &str {
    without_fragment(url).split_once('?').map_or("", |(_, query)| query)
}

fn query_parameters(url: &str) -> Form {
    parse_query_leniently(query_of(url))
}

/// The hash in the URL; the last one if there are several, for that is the sender's.
fn signed_body_hash(url: &str) -> Option<String> {
    let query = query_of(url);
    let last = query.rsplit('&').find_map(|pair| pair.strip_prefix(BODY_HASH)?.strip_prefix('='));
    last.map(str::to_owned)
}

/// The spelling of the request's URL that was signed, among those that mean the same request.
fn accepted_url(attempt: &Attempt<'_>, form: Option<&Form>) -> Option<String> {
    let seen = without_fragment(attempt.request.url);
    if attempt.fits(seen, form) {
        return Some(seen.to_owned());
    }
    let parts = Parts::split(seen)?;
    spellings(&parts).into_iter().find(|url| attempt.fits(url, form))
}

/// Other spellings of a URL: with and without port, user and password, the escapes that Node's
/// `URL` and `querystring` would write, host in lower case, and the slash that is only there
/// because a request cannot ask for an empty path. 72 at most; two or three for a plain URL.
fn spellings(parts: &Parts<'_>) -> Vec<String> {
    let lower_scheme = parts.scheme.to_ascii_lowercase();
    let lower_host = parts.host.to_ascii_lowercase();
    let escaped_query = browser_query(parts.query);
    let rebuilt_query = node_query(parts.query);
    let origins = distinct([(parts.scheme, parts.host), (&lower_scheme, &lower_host)]);
    let queries = match parts.query {
        // Nothing is asked with a lone `?`, and frameworks drop it.
        "" => vec!["", "?"],
        "?" => vec!["?", ""],
        query => distinct([query, &escaped_query, &rebuilt_query]),
    };
    let ports = distinct(["", parts.port, parts.default_port()]);
    let mut urls = Vec::new();
    for query in queries {
        for path in same_paths(parts) {
            for (scheme, host) in origins.iter().copied() {
                for userinfo in distinct([parts.userinfo, ""]) {
                    for port in ports.iter().copied() {
                        urls.push(Parts { scheme, userinfo, host, port, path, query }.join());
                    }
                }
            }
        }
    }
    urls
}

/// The first of each value, in order.
fn distinct<T: PartialEq + Copy, const N: usize>(values: [T; N]) -> Vec<T> {
    let mut kept: Vec<T> = Vec::with_capacity(N);
    for value in values {
        if !kept.contains(&value) {
            kept.push(value);
        }
    }
    kept
}

/// The path as it is, and without (or with) a slash that changes nothing.
///
/// WebSocket receivers are told by Twilio to try both.
fn same_paths<'a>(parts: &Parts<'a>) -> Vec<&'a str> {
    let is_socket = parts.is("wss") || parts.is("ws");
    match parts.path {
        "" => vec!["", "/"],
        path => match path.strip_suffix('/') {
            Some(shorter) if is_socket || shorter.is_empty() => vec![path, shorter],
            _ => vec![path],
        },
    }
}

/// A query escaped as browsers (and Node's `new URL`) escape the characters they do not allow.
fn browser_query(query: &str) -> String {
    let mut text = String::with_capacity(query.len());
    for character in query.chars() {
        if character.is_ascii_graphic() && !matches!(character, '"' | '\'' | '<' | '>') {
            text.push(character);
        } else {
            push_escaped(character, &mut text);
        }
    }
    text
}

/// A query parsed and written again by Node's `querystring`: a repeated name moves to its first
/// place, a name alone gets its `=`, and `-_.!~*'()` stay unescaped.
fn node_query(query: &str) -> String {
    if query.len() < 2 {
        return query.to_owned();
    }
    let mut pairs: Vec<(String, String)> = Vec::new();
    // Quadratic in the pairs, hence the bound; Node's own is the same.
    for (name, value) in parse_query_leniently(&query[1..]).into_iter().take(PAIRS_MAX) {
        match pairs.iter().rposition(|(known, _)| *known == name) {
            Some(last) => pairs.insert(last + 1, (name, value)),
            None => pairs.push((name, value)),
        }
    }
    let mut text = String::with_capacity(query.len());
    for (name, value) in pairs {
        text.push(if text.is_empty() { '?' } else { '&' });
        push_node_escaped(&name, &mut text);
        text.push('=');
        push_node_escaped(&value, &mut text);
    }
    text
}

fn push_node_escaped(plain: &str, text: &mut String) {
    for character in plain.chars() {
        if character.is_ascii_alphanumeric() || "-_.!~*'()".contains(character) {
            text.push(character);
        } else {
            push_escaped(character, text);
        }
    }
}

fn push_escaped(character: char, text: &mut String) {
    let mut bytes = [0; 4];
    for byte in character.encode_utf8(&mut bytes).bytes() {
        push_escape(byte, text);
    }
}
