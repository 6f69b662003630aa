//! `Sip`: a SIP address to dial, with `Uri`, `Headers` and `Header`.
//!
//! A noun of `Dial`; holds one URI as text, or several `Uri` and the headers to send. Reads the
//! URI of a `Refer` too. One without a usable URI is skipped.
//! Contract: Twilio docs, TwiML Sip; error pages 13241, 13243, 13249, 13252, 13253.

use crate::choices::{CallEvent, MachineDetection, Method};
use crate::element::{Content, SCHEMA, URL, element};
use crate::nouns::number::BAD_DETECTION;
use crate::reader::{Allowed, Reader, Xml};
use crate::rules;
use crate::writer::Writer;

/// Bytes of a SIP URI without its headers (Sip page).
pub(crate) const URI_BYTES_MAX: usize = 254;
/// Bytes of the headers in a SIP URI (Sip page).
pub(crate) const HEADERS_BYTES_MAX: usize = 1023;
/// Characters of a user name or password (error page 13249).
const CREDENTIAL_CHARACTERS_MAX: usize = 256;

const BAD_URI: u32 = 13243;
const BAD_CREDENTIALS: u32 = 13249;
const BAD_HEADER: u32 = 13252;
const HEADERS_TOO_LONG: u32 = 13253;

/// Headers that can be sent without beginning with `x-` (Sip page).
const PLAIN_HEADERS: [&str; 4] =
    ["user-to-user", "remote-party-id", "p-preferred-identity", "p-called-party-id"];

element! {
    /// A SIP address to dial.
    Sip = "Sip" {
        /// The user name for authentication.
        text username "username" [credential], BAD_CREDENTIALS;
        /// The password for authentication.
        text password "password" [credential], BAD_CREDENTIALS;
        /// A document for whoever answers, before they are connected.
        text url "url" [rules::url], URL;
        /// How that is requested.
        value method "method": Method = Method::Post, 13241;
        /// Who is told what happens to the leg.
        text status_callback "statusCallback" [rules::callback], URL;
        /// How that is requested.
        value status_callback_method "statusCallbackMethod": Method = Method::Post, SCHEMA;
        /// What is told.
        list status_callback_event "statusCallbackEvent": CallEvent
            = [CallEvent::Completed], SCHEMA;
        /// Whether it is found out if a person answered. Not given: it is not.
        maybe machine_detection "machineDetection": MachineDetection, BAD_DETECTION;
        /// Seconds that finding out can take.
        value machine_detection_timeout "machineDetectionTimeout": u32 [3..=60] = 30,
            BAD_DETECTION;
        /// Milliseconds of speech that make a machine.
        value machine_detection_speech_threshold "machineDetectionSpeechThreshold": u32
            [1000..=6000] = 2400, BAD_DETECTION;
        /// Milliseconds of silence that end the speech.
        value machine_detection_speech_end_threshold "machineDetectionSpeechEndThreshold": u32
            [500..=5000] = 1200, BAD_DETECTION;
        /// Milliseconds of silence after which nothing is known.
        value machine_detection_silence_timeout "machineDetectionSilenceTimeout": u32
            [2000..=10_000] = 5000, BAD_DETECTION;
        /// Who is told the result.
        text amd_status_callback "amdStatusCallback" [rules::callback], URL;
        /// How that is requested.
        value amd_status_callback_method "amdStatusCallbackMethod": Method = Method::Post, SCHEMA;
    }
    inside {
        /// The addresses; usually one.
        uris: Vec<Uri>,
        /// Headers that are sent.
        headers: Vec<Header>,
    }
}

element! {
    /// One of several SIP addresses.
    Uri = "Uri" {
        /// The user name for authentication.
        text username "username" [credential], BAD_CREDENTIALS;
        /// The password for authentication.
        text password "password" [credential], BAD_CREDENTIALS;
        /// Lower ones are tried first.
        text priority "priority", SCHEMA;
        /// How often it is tried among those of one priority.
        text weight "weight", SCHEMA;
    }
    inside {
        /// The address.
        uri: String,
    }
}

element! {
    /// A SIP header to send.
    Header = "Header" {
        /// Its name; begins with `x-`, but for a few.
        required name "name" [header_name], BAD_HEADER;
        /// Its value.
        required value "value", SCHEMA;
    }
}

fn credential(text: &str) -> Result<&str, crate::value::Wrong> {
    rules::short(text, CREDENTIAL_CHARACTERS_MAX)
}

fn header_name(text: &str) -> Result<&str, crate::value::Wrong> {
    let name = text.trim().to_ascii_lowercase();
    if name.starts_with("x-") || PLAIN_HEADERS.contains(&name.as_str()) {
        return Ok(text.trim());
    }
    Err(crate::value::Wrong::expected("a name that begins with 'x-'"))
}

impl Sip {
    /// Dials one address.
    pub fn new(uri: impl Into<String>) -> Sip {
        Sip { uris: vec![Uri::new(uri)], ..Sip::default() }
    }

    /// Adds another address.
    #[must_use]
    pub fn uri(mut self, uri: Uri) -> Sip {
        self.uris.push(uri);
        self
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Sip {
        self.headers.push(Header { name: name.into(), value: value.into() });
        self
    }

    fn is_plain(&self) -> bool {
        let bare = |uri: &Uri| *uri == Uri::new(uri.uri.as_str());
        self.headers.is_empty() && self.uris.len() == 1 && self.uris.iter().all(bare)
    }
}

impl Uri {
    /// That address.
    pub fn new(uri: impl Into<String>) -> Uri {
        Uri { uri: uri.into(), ..Uri::default() }
    }
}

impl<T: Into<String>> From<T> for Sip {
    fn from(uri: T) -> Sip {
        Sip::new(uri)
    }
}

/// Checks a SIP URI and the headers in it; reports one that cannot be dialed.
pub(crate) fn check_uri(reader: &mut Reader<'_>, node: Xml<'_>, uri: &str) -> bool {
    let (address, headers) = uri.split_once('?').unwrap_or((uri, ""));
    let scheme = address.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    let known = matches!(scheme.as_deref(), Some("sip" | "sips"));
    let blank = uri.contains(|c: char| c.is_whitespace() || c.is_control());
    if !known || blank || address.ends_with(':') || address.len() > URI_BYTES_MAX {
        reader.bad_text(node, BAD_URI, "a SIP URI of at most 254 characters");
        return false;
    }
    if headers.len() > HEADERS_BYTES_MAX {
        reader.bad_text(
            node,
            HEADERS_TOO_LONG,
            "a SIP URI with less than 1024 characters of headers",
        );
    }
    let names = headers.split('&').filter(|header| !header.is_empty());
    if names
        .map(|header| header.split('=').next().unwrap_or_default())
        .any(|n| header_name(n).is_err())
    {
        reader.bad_text(node, BAD_HEADER, "a SIP URI whose headers begin with 'x-'");
    }
    true
}

impl Content for Sip {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<Sip> {
        let mut sip: Sip = reader.attributes(node);
        let allowed = Allowed::only(&["Uri", "Headers"]);
        let text = reader.mixed(node, allowed, |reader, name, child| {
            match name {
                "Uri" => sip.uris.extend(Uri::read(reader, child)),
                "Headers" => sip.headers.extend(read_headers(reader, child)),
                _ => return false,
            }
            true
        });
        if !sip.uris.is_empty() {
            reader.stray(node, &text);
        } else if check_uri(reader, node, &text.text) {
            sip.uris.push(Uri::new(text.text));
        }
        (!sip.uris.is_empty()).then_some(sip)
    }

    fn write(&self, out: &mut Writer) {
        out.element(self, |out| {
            if self.is_plain() {
                return self.uris.iter().for_each(|uri| out.text(&uri.uri));
            }
            self.uris.iter().for_each(|uri| uri.write(out));
            if !self.headers.is_empty() {
                let headers = |out: &mut Writer| self.headers.iter().for_each(|h| h.write(out));
                out.tag("Headers", |_| {}, headers);
            }
        });
    }
}

fn read_headers(reader: &mut Reader<'_>, node: Xml<'_>) -> Vec<Header> {
    let mut headers = Vec::new();
    reader.no_attributes(node);
    reader.children(node, Allowed::only(&["Header"]), |reader, name, child| {
        let known = name == "Header";
        if known {
            headers.extend(Header::read(reader, child));
        }
        known
    });
    headers
}

impl Content for Uri {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<Uri> {
        let mut uri: Uri = reader.attributes(node);
        uri.uri = reader.text(node);
        check_uri(reader, node, &uri.uri).then_some(uri)
    }

    fn write(&self, out: &mut Writer) {
        out.text_element(self, &self.uri);
    }
}

impl Content for Header {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<Header> {
        let header: Header = reader.attributes(node);
        reader.empty(node);
        (!header.name.is_empty()).then_some(header)
    }

    fn write(&self, out: &mut Writer) {
        out.element(self, |_| {});
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{problems, voice};
    use crate::{Dial, Sip, Uri, Verb};

    fn dial(inside: &str) -> String {
        format!("<Dial><Sip>{inside}</Sip><Number>1</Number></Dial>")
    }

    #[test]
    fn a_uri_is_text_or_one_of_several_beside_headers() {
        let of = |inside: &str| voice(&format!("<Dial><Sip>{inside}</Sip></Dial>"));
        let plain = Verb::Dial(Dial::new().sip("sip:a@b.com?x-c=d"));
        assert_eq!(of("\n sip:a@b.com?x-c=d\n"), plain);
        assert_eq!(of("<Uri>sip:a@b.com?x-c=d</Uri>"), plain);
        let inside = "<Uri priority='1'>sip:a@b.com</Uri><Uri>sips:c@b.com</Uri>\
                      <Headers><Header name='X-One' value='1'/></Headers>";
        let sip = Sip::default()
            .uri(Uri::new("sip:a@b.com").priority("1"))
            .uri(Uri::new("sips:c@b.com"))
            .header("X-One", "1");
        assert_eq!(of(inside), Verb::Dial(Dial::new().sip(sip)));
        assert_eq!(problems(&dial(inside)), []);
    }

    #[test]
    fn what_is_wrong_has_its_own_code() {
        let long = format!("sip:{}@b.com", "a".repeat(250));
        let headers = format!("sip:a@b.com?x-a={}", "a".repeat(1020));
        for (inside, code) in [
            ("", 13243),
            ("a@b.com", 13243),
            ("sip:", 13243),
            ("sip:a b@c.com", 13243),
            ("tel:+1", 13243),
            (&long, 13243),
            ("sip:a@b.com?subject=x", 13252),
            (&headers, 13253),
            ("sip:a@b.com<Uri>sip:c@b.com</Uri>", 12200),
            ("sip:a@b.com<Headers><Header name='subject' value='x'/></Headers>", 13252),
        ] {
            assert_eq!(problems(&dial(inside)), [code], "{inside}");
        }
        assert_eq!(problems("<Dial><Sip method='x'>sip:a@b.com</Sip></Dial>"), [13241]);
        let name = "x".repeat(257);
        let xml = format!("<Dial><Sip username='{name}'>sip:a@b.com</Sip></Dial>");
        assert_eq!(problems(&xml), [13249]);
    }
}
