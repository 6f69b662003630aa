//! `X-Twilio-Signature`: which URL is signed, over which bytes, with which key.
//!
//! The sender calls [`signing_url`] and then one of [`Key`]'s methods; `verify` calls the same ones
//! from the other end. Signing is on the path of every webhook: a [`Key`] is prepared once per
//! account, and signing a form allocates one list and the result. It never sends or stores
//! anything. Contract: Twilio's "Webhooks security" page; where that is silent, what the official
//! SDKs' request validators accept.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use crate::form::Form;
use crate::url::{Parts, without_fragment};

/// The query parameter that carries the hash of a body that is not a form.
pub const BODY_HASH: &str = "bodySHA256";

/// Bytes of an HMAC-SHA1.
pub(crate) const MAC_BYTES: usize = 20;

/// What the webhook is about. The two sign the port differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Product {
    /// Calls: over https the port is left out of the signed URL, even an unusual one.
    Voice,
    /// Messages and everything else: the port is signed as it is written in the URL.
    Messaging,
}

/// The URL as it is signed: without user, password and fragment, the port by [`Product`]'s rule.
///
/// An empty path is `/` and a `?` without a query is dropped, for that is what is requested and
/// all that a receiver sees. Everything else is kept to the letter: case, escapes, a trailing
/// slash. A port is never added. Text that is no absolute URL only loses its fragment.
///
/// ```
/// use webhook::{Product, signing_url};
///
/// let url = "https://user:pass@Example.com:8443/voice?a=%2f#rc=2";
/// assert_eq!(signing_url(url, Product::Voice), "https://Example.com/voice?a=%2f");
/// assert_eq!(signing_url(url, Product::Messaging), "https://Example.com:8443/voice?a=%2f");
/// ```
pub fn signing_url(url: &str, product: Product) -> String {
    let Some(parts) = Parts::split(url) else {
        return without_fragment(url).to_owned();
    };
    let drops_port = product == Product::Voice && parts.is("https");
    let port = if drops_port { "" } else { parts.port };
    Parts { userinfo: "", port, ..parts }.requested().join()
}

/// The URL as it is requested: without user and password (they go into `Authorization`, and only
/// when asked for) and without the fragment (it holds connection settings for the sender). Path and
/// query are those of [`signing_url`].
///
/// ```
/// let url = webhook::request_url("https://user:pass@example.com:8443/voice#rc=2");
/// assert_eq!(url, "https://example.com:8443/voice");
/// ```
pub fn request_url(url: &str) -> String {
    match Parts::split(url) {
        Some(parts) => Parts { userinfo: "", ..parts }.requested().join(),
        None => without_fragment(url).to_owned(),
    }
}

/// The URL of a GET webhook: the URL's own query first, then the parameters; no fragment. Path and
/// an empty query are those of [`signing_url`].
///
/// ```
/// use webhook::{Form, append_query};
///
/// let form = Form::from_pairs([("Body", "hi there"), ("From", "+15551230000")]);
/// assert_eq!(
///     append_query("https://example.com/sms?x=1#rc=2", &form),
///     "https://example.com/sms?x=1&Body=hi+there&From=%2B15551230000"
/// );
/// ```
pub fn append_query(url: &str, form: &Form) -> String {
    let mut text = requested(url);
    if !form.is_empty() {
        push_query_joint(&mut text);
        text.reserve(form.encoded_size_bytes());
        form.encode_into(&mut text);
    }
    text
}

/// `url` without its fragment, with the path and query of a request.
fn requested(url: &str) -> String {
    match Parts::split(url) {
        Some(parts) => parts.requested().join(),
        None => without_fragment(url).to_owned(),
    }
}

/// Adds the `?` or `&` after which the next parameter can be written.
fn push_query_joint(url: &mut String) {
    if !url.contains('?') {
        url.push('?');
    } else if !url.ends_with(['?', '&']) {
        url.push('&');
    }
}

/// An account's auth token, made ready to sign.
///
/// Making one costs two rounds of SHA-1, so keep it beside the account. It prints as `Key(…)`,
/// never with the token.
#[derive(Clone)]
pub struct Key(Hmac<Sha1>);

impl Key {
    /// Prepares the primary auth token of the account that owns the number, message or call.
    pub fn new(auth_token: &str) -> Self {
        let mac =
            Hmac::new_from_slice(auth_token.as_bytes()).expect("HMAC takes a key of any size");
        Self(mac)
    }

    /// Signs a POST of `form` to `url`.
    ///
    /// `url` is signed to the letter; make it with [`signing_url`]. Names are sorted by their bytes;
    /// the values of one name are sorted too, equal ones counted once; each pair adds its name and
    /// its decoded value, without anything in between.
    ///
    /// ```
    /// use webhook::{Form, Key};
    ///
    /// let form = Form::from_pairs([
    ///     ("CallSid", "CA1234567890ABCDE"),
    ///     ("Caller", "+14158675309"),
    ///     ("Digits", "1234"),
    ///     ("From", "+14158675309"),
    ///     ("To", "+18005551212"),
    /// ]);
    /// let signature = Key::new("12345").sign_form("https://mycompany.com/myapp.php?foo=1&bar=2", &form);
    /// assert_eq!(signature, "RSOYDt4T1cUTdK1PDd93/VVr8B8=");
    /// ```
    pub fn sign_form(&self, url: &str, form: &Form) -> String {
        STANDARD.encode(self.mac(url, Some(form)))
    }

    /// Signs a request that has no parameters outside its URL: a GET with all of them in its query
    /// (see [`append_query`]), or the handshake of a WebSocket (`wss://…`).
    pub fn sign_url(&self, url: &str) -> String {
        STANDARD.encode(self.mac(url, None))
    }

    /// Signs a POST whose body is not a form, for instance JSON: gives the URL to request, which is
    /// `url` with the body's SHA-256 as `bodySHA256`, and the signature of that URL.
    ///
    /// ```
    /// use webhook::Key;
    ///
    /// let body = br#"{"property": "value", "boolean": true}"#;
    /// let (url, signature) = Key::new("12345").sign_body("https://mycompany.com/myapp.php", body);
    /// assert!(url.starts_with("https://mycompany.com/myapp.php?bodySHA256=0a1ff7634d9ab3b9"));
    /// assert_eq!(signature, "y77kIzt2vzLz71DgmJGsen2scGs=");
    /// ```
    pub fn sign_body(&self, url: &str, body: &[u8]) -> (String, String) {
        let url = append_body_hash(url, &body_hash(body));
        let signature = self.sign_url(&url);
        (url, signature)
    }

    /// Whether `mac` is the one of this URL and form. Takes the same time wherever they differ.
    pub(crate) fn fits(&self, mac: &[u8; MAC_BYTES], url: &str, form: Option<&Form>) -> bool {
        self.mac(url, form).ct_eq(mac).into()
    }

    fn mac(&self, url: &str, form: Option<&Form>) -> [u8; MAC_BYTES] {
        let mut mac = self.0.clone();
        mac.update(url.as_bytes());
        if let Some(form) = form {
            let mut pairs: Vec<(&str, &str)> = form.iter().collect();
            // Rust compares texts by their UTF-8 bytes, which is the order the signature needs.
            pairs.sort_unstable();
            pairs.dedup();
            for (name, value) in pairs {
                mac.update(name.as_bytes());
                mac.update(value.as_bytes());
            }
        }
        mac.finalize().into_bytes().into()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

/// `url` with `hash` as its last query parameter.
pub(crate) fn append_body_hash(url: &str, hash: &str) -> String {
    let mut url = requested(url);
    push_query_joint(&mut url);
    url.push_str(BODY_HASH);
    url.push('=');
    url.push_str(hash);
    url
}

/// SHA-256 of a raw body in lower-case hexadecimal: Twilio's form of it, not base64.
pub(crate) fn body_hash(body: &[u8]) -> String {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(body) {
        text.push(char::from(HEX[usize::from(byte >> 4)]));
        text.push(char::from(HEX[usize::from(byte & 15)]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_dropped_for_voice_over_https_only() {
        use Product::{Messaging, Voice};
        let cases = [
            (Voice, "https://u:p@h.com:8443/a#rc=1", "https://h.com/a"),
            (Voice, "HTTPS://h.com:443/a", "HTTPS://h.com/a"),
            (Voice, "https://[::1]:8443/a", "https://[::1]/a"),
            (Voice, "http://u:p@h.com:8080/a#rc=1", "http://h.com:8080/a"),
            (Voice, "wss://h.com:8443/media", "wss://h.com:8443/media"),
            (Messaging, "https://u:p@h.com:8443/a#rc=1", "https://h.com:8443/a"),
            (Messaging, "https://h.com:443/a", "https://h.com:443/a"),
            (Messaging, "http://u@h.com:8080/a?b=c#d?e", "http://h.com:8080/a?b=c"),
            (Voice, "wss://h.com/media?", "wss://h.com/media"),
            (Messaging, "https://h.com/a/?q=%7e'", "https://h.com/a/?q=%7e'"),
            (Voice, "/relative:1/x@y#z", "/relative:1/x@y"),
        ];
        for (product, url, signed) in cases {
            assert_eq!(signing_url(url, product), signed, "{product:?} {url}");
        }
    }

    #[test]
    fn an_empty_path_is_a_slash_and_an_empty_query_is_none() {
        let form = Form::from_pairs([("a", "b")]);
        let cases = [
            ("http://H.com:80", "http://H.com:80/", "http://H.com:80/?a=b"),
            ("http://h.com?", "http://h.com/", "http://h.com/?a=b"),
            ("http://h.com?x=1", "http://h.com/?x=1", "http://h.com/?x=1&a=b"),
            ("http://h.com/sms?", "http://h.com/sms", "http://h.com/sms?a=b"),
            ("http://h.com/sms?#rc=1", "http://h.com/sms", "http://h.com/sms?a=b"),
            ("http://h.com/sms??", "http://h.com/sms??", "http://h.com/sms??a=b"),
            ("http://h.com/sms/", "http://h.com/sms/", "http://h.com/sms/?a=b"),
        ];
        for (url, bare, get) in cases {
            assert_eq!(signing_url(url, Product::Messaging), bare, "{url}");
            assert_eq!(request_url(url), bare, "{url}");
            assert_eq!(append_query(url, &Form::new()), bare, "{url}");
            assert_eq!(append_query(url, &form), get, "{url}");
            let (hashed, _) = Key::new("t").sign_body(url, b"{}");
            let joint = if bare.contains('?') { "" } else { "?" };
            assert!(hashed.starts_with(&format!("{bare}{joint}")), "{url}: {hashed}");
        }
    }

    #[test]
    fn parameters_go_behind_the_query_that_is_there() {
        let form = Form::from_pairs([("a", "+ 1")]);
        let cases = [
            ("https://h/x", "https://h/x?a=%2B+1"),
            ("https://h/x?", "https://h/x?a=%2B+1"),
            ("https://h/x?b=%2f", "https://h/x?b=%2f&a=%2B+1"),
            ("https://h/x?b&", "https://h/x?b&a=%2B+1"),
            ("https://h/x?b#rc=1?", "https://h/x?b&a=%2B+1"),
            ("https://h/x#?b", "https://h/x?a=%2B+1"),
        ];
        for (url, expected) in cases {
            assert_eq!(append_query(url, &form), expected);
        }
    }

    #[test]
    fn a_key_does_not_print_its_token() {
        assert_eq!(format!("{:?}", Key::new("secret")), "Key(…)");
    }
}
