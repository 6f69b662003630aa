//! The cookies of one conversation: taken from answers, sent with the next requests.
//!
//! A jar belongs to a call, or to a pair of numbers that text each other; whoever owns it keeps it
//! as text ([`Jar::to_text`]) and forgets it after [`COOKIE_IDLE_MAX`] without use. The guarded
//! client fills it and asks it for the `Cookie` header of each request.
//! It never reads a clock (`now` is an argument) and knows no list of public suffixes: a cookie
//! can be set for any parent name with a dot in it, which only its own conversation will see.
//! The contract is RFC 6265 (5.1-5.4) and spec/webhooks.md 1.3.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

use super::url::{Scheme, Url};

/// A jar for messages is forgotten after this time without a message.
pub const COOKIE_IDLE_MAX: Duration = Duration::from_secs(4 * 60 * 60);
/// Cookies in one jar; the oldest goes first.
pub const COOKIES_MAX: usize = 50;
/// Name, value, domain and path of one cookie in bytes; a larger one is ignored.
pub const COOKIE_BYTES_MAX: usize = 4096;
/// All cookies of a jar in bytes, and with that the longest `Cookie` header.
pub const JAR_BYTES_MAX: usize = 16 * 1024;
/// Attributes read from one `Set-Cookie`.
const ATTRIBUTES_MAX: usize = 32;
/// Fields of a cookie in the jar's text.
const FIELDS: usize = 6;

/// A `Set-Cookie` with control characters or without a name: Twilio 11206.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadCookie;

/// Twilio's code for [`BadCookie`].
pub const BAD_COOKIE_CODE: u32 = 11206;

#[derive(Debug, Clone, PartialEq, Eq)]
struct Cookie {
    name: String,
    value: String,
    /// Lower case, without a leading dot.
    domain: String,
    path: String,
    host_only: bool,
    secure: bool,
    /// Unix seconds; `None` lives as long as the jar.
    expires: Option<i64>,
}

impl Cookie {
    fn bytes(&self) -> usize {
        self.name.len() + self.value.len() + self.domain.len() + self.path.len()
    }

    fn is_for(&self, url: &Url) -> bool {
        let host = url.host().trim_end_matches('.');
        let domain_fits = if self.host_only {
            host.eq_ignore_ascii_case(&self.domain)
        } else {
            domain_matches(host, &self.domain)
        };
        domain_fits
            && path_matches(url.path(), &self.path)
            && (!self.secure || url.scheme() == Scheme::Https)
    }

    fn is_alive(&self, now: Timestamp) -> bool {
        self.expires.is_none_or(|expires| expires > now.as_second())
    }
}

/// The cookies of one conversation, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Jar {
    cookies: Vec<Cookie>,
}

impl Jar {
    /// Takes the value of one `Set-Cookie` header from an answer to `url`. A cookie that the URL
    /// may not set, or that is too large, is ignored like in a browser.
    ///
    /// # Errors
    /// Control characters and empty names, which are worth an alert.
    pub fn set(&mut self, url: &Url, header: &[u8], now: Timestamp) -> Result<(), BadCookie> {
        if header.iter().any(|b| *b < 0x20 || *b == 0x7f) {
            return Err(BadCookie);
        }
        let header = String::from_utf8_lossy(header);
        let mut parts = header.split(';');
        let (name, value) = parts.next().unwrap_or("").split_once('=').ok_or(BadCookie)?;
        let (name, value) = (name.trim(), value.trim());
        if name.is_empty() {
            return Err(BadCookie);
        }
        let Some(mut cookie) = with_attributes(url, parts, now) else {
            return Ok(());
        };
        cookie.name = name.to_owned();
        cookie.value = value.to_owned();
        if cookie.bytes() <= COOKIE_BYTES_MAX {
            self.put(cookie, now);
        }
        Ok(())
    }

    fn put(&mut self, cookie: Cookie, now: Timestamp) {
        self.cookies.retain(|old| {
            old.is_alive(now)
                && (old.name != cookie.name
                    || old.domain != cookie.domain
                    || old.path != cookie.path)
        });
        if cookie.is_alive(now) {
            self.cookies.push(cookie);
        }
        let mut bytes: usize = self.cookies.iter().map(Cookie::bytes).sum();
        while self.cookies.len() > COOKIES_MAX || bytes > JAR_BYTES_MAX {
            bytes -= self.cookies.remove(0).bytes();
        }
    }

    /// The value of the `Cookie` header for a request to `url`; `None` without a fitting cookie.
    /// Longer paths come first (RFC 6265 5.4).
    pub fn header(&self, url: &Url, now: Timestamp) -> Option<String> {
        let mut fitting: Vec<&Cookie> =
            self.cookies.iter().filter(|c| c.is_alive(now) && c.is_for(url)).collect();
        if fitting.is_empty() {
            return None;
        }
        fitting.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        let mut header = String::new();
        for cookie in fitting {
            if !header.is_empty() {
                header.push_str("; ");
            }
            header.push_str(&cookie.name);
            header.push('=');
            header.push_str(&cookie.value);
        }
        Some(header)
    }

    /// No cookies.
    pub fn is_empty(&self) -> bool {
        self.cookies.is_empty()
    }

    /// The jar as text for the store: one line per cookie, fields separated by tabs, which no
    /// cookie can contain.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for cookie in &self.cookies {
            let host = if cookie.host_only { "h" } else { "" };
            let secure = if cookie.secure { "s" } else { "" };
            let expires = cookie.expires.map_or(String::new(), |seconds| seconds.to_string());
            let Cookie { name, value, domain, path, .. } = cookie;
            text.push_str(&format!(
                "{name}\t{value}\t{domain}\t{path}\t{host}{secure}\t{expires}\n"
            ));
        }
        text
    }

    /// Reads what [`Jar::to_text`] wrote; lines it cannot read are dropped.
    pub fn from_text(text: &str) -> Jar {
        let cookies = text.lines().take(COOKIES_MAX).filter_map(read_line).collect();
        Jar { cookies }
    }
}

fn read_line(line: &str) -> Option<Cookie> {
    let fields: Vec<&str> = line.splitn(FIELDS + 1, '\t').collect();
    let [name, value, domain, path, flags, expires] = fields.as_slice() else {
        return None;
    };
    let clean = !line.bytes().any(|b| b != b'\t' && b < 0x20 || b == 0x7f);
    if name.is_empty() || line.len() > COOKIE_BYTES_MAX + 64 || !clean {
        return None;
    }
    let expires = if expires.is_empty() { None } else { Some(expires.parse().ok()?) };
    Some(Cookie {
        name: (*name).to_owned(),
        value: (*value).to_owned(),
        domain: (*domain).to_owned(),
        path: (*path).to_owned(),
        host_only: flags.contains('h'),
        secure: flags.contains('s'),
        expires,
    })
}

/// A cookie without name and value; `None` if the URL may not set it (RFC 6265 5.3).
fn with_attributes<'a>(
    url: &Url,
    attributes: impl Iterator<Item = &'a str>,
    now: Timestamp,
) -> Option<Cookie> {
    let host = url.host().trim_end_matches('.').to_ascii_lowercase();
    let (mut domain, mut path, mut secure) = (None, None, false);
    let (mut expires, mut max_age) = (None, None);
    for attribute in attributes.take(ATTRIBUTES_MAX) {
        let (key, value) = attribute.split_once('=').unwrap_or((attribute, ""));
        let value = value.trim();
        match key.trim().to_ascii_lowercase().as_str() {
            "domain" => domain = Some(value.trim_start_matches('.').to_ascii_lowercase()),
            "path" => path = value.starts_with('/').then(|| value.to_owned()),
            "secure" => secure = true,
            "expires" => expires = read_date(value).or(expires),
            "max-age" => max_age = read_max_age(value, now).or(max_age),
            _ => {}
        }
    }
    let (domain, host_only) = match domain.filter(|domain| !domain.is_empty()) {
        None => (host, true),
        Some(domain) if domain == host => (domain, false),
        Some(domain) if domain.contains('.') && domain_matches(&host, &domain) => (domain, false),
        Some(_) => return None,
    };
    let path = path.unwrap_or_else(|| default_path(url.path()).to_owned());
    let expires = max_age.or(expires);
    let (name, value) = (String::new(), String::new());
    Some(Cookie { name, value, domain, path, host_only, secure, expires })
}

/// RFC 6265 5.2.2: at or below zero is "already expired".
fn read_max_age(value: &str, now: Timestamp) -> Option<i64> {
    let digits = value.strip_prefix('-').unwrap_or(value);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    if value.starts_with('-') {
        return Some(i64::MIN);
    }
    let seconds = digits.parse::<i64>().unwrap_or(i64::MAX);
    Some(if seconds == 0 { i64::MIN } else { now.as_second().saturating_add(seconds) })
}

/// RFC 6265 5.1.4.
fn default_path(path: &str) -> &str {
    match path.rfind('/') {
        None | Some(0) => "/",
        Some(at) => &path[..at],
    }
}

fn domain_matches(host: &str, domain: &str) -> bool {
    if host.eq_ignore_ascii_case(domain) {
        return true;
    }
    // An address has no parent domains.
    if host.parse::<std::net::IpAddr>().is_ok() || host.len() <= domain.len() {
        return false;
    }
    let (prefix, suffix) = host.as_bytes().split_at(host.len() - domain.len());
    prefix.ends_with(b".") && suffix.eq_ignore_ascii_case(domain.as_bytes())
}

fn path_matches(path: &str, cookie_path: &str) -> bool {
    path.strip_prefix(cookie_path)
        .is_some_and(|rest| rest.is_empty() || cookie_path.ends_with('/') || rest.starts_with('/'))
}

/// The forgiving date of RFC 6265 5.1.1, as Unix seconds.
fn read_date(text: &str) -> Option<i64> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let (mut time, mut day, mut month, mut year) = (None, None, None, None);
    let delimiter = |c: char| !(c.is_alphanumeric() || c == ':');
    for token in text.split(delimiter).filter(|token| !token.is_empty()).take(ATTRIBUTES_MAX) {
        let number = || token.parse::<i16>().ok();
        if time.is_none() && token.contains(':') {
            time = read_time(token);
        } else if day.is_none() && token.len() <= 2 && number().is_some() {
            day = number().and_then(|day| i8::try_from(day).ok());
        } else if month.is_none() && token.is_char_boundary(3) && token.len() >= 3 {
            let word = token[..3].to_ascii_lowercase();
            let found = MONTHS.iter().position(|name| **name == word);
            month = found.and_then(|at| i8::try_from(at + 1).ok());
            if month.is_none() && year.is_none() {
                year = number();
            }
        } else if year.is_none() && token.len() >= 2 {
            year = number();
        }
    }
    let year = match year? {
        year @ 70..=99 => year + 1900,
        year @ 0..=69 => year + 2000,
        year => year,
    };
    let (hour, minute, second) = time?;
    if year < 1601 {
        return None;
    }
    let date = DateTime::new(year, month?, day?, hour, minute, second, 0).ok()?;
    Some(Offset::UTC.to_timestamp(date).ok()?.as_second())
}

fn read_time(token: &str) -> Option<(i8, i8, i8)> {
    let mut fields = token.splitn(3, ':').map(|field| field.parse::<i8>().ok());
    Some((fields.next()??, fields.next()??, fields.next()??))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: i64 = 1_700_000_000;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).expect("in range")
    }

    fn url(text: &str) -> Url {
        Url::parse(text).expect(text)
    }

    fn jar(from: &str, headers: &[&str]) -> Jar {
        let mut jar = Jar::default();
        for header in headers {
            assert_eq!(jar.set(&url(from), header.as_bytes(), at(NOW)), Ok(()), "{header}");
        }
        jar
    }

    fn sent(jar: &Jar, to: &str) -> String {
        jar.header(&url(to), at(NOW)).unwrap_or_default()
    }

    #[test]
    fn cookies_go_back_where_they_may() {
        let from = "https://app.example.com/sms/in";
        for (header, to, expected) in [
            ("a=1", "https://app.example.com/sms/x", "a=1"),
            ("a=1", "https://APP.example.com/sms", "a=1"),
            ("a=1", "https://app.example.com/", ""),
            ("a=1; Path=/", "https://app.example.com/voice", "a=1"),
            ("a=1; Path=/sms", "https://app.example.com/smsx", ""),
            ("a=1; Path=relative", "https://app.example.com/sms/x", "a=1"),
            ("a=1; Path=/", "https://x.app.example.com/", ""),
            ("a=1; Path=/; Domain=app.example.com", "https://x.app.example.com/", "a=1"),
            ("a=1; Path=/; Domain=.Example.com", "https://other.example.com/", "a=1"),
            ("a=1; Path=/; Domain=other.example.com", "https://other.example.com/", ""),
            ("a=1; Path=/; Domain=com", "https://app.example.com/", ""),
            ("a=1; Path=/; Domain=ample.com", "https://ample.com/", ""),
            ("a=1; Path=/; Secure; HttpOnly", "http://app.example.com/", ""),
            ("a=1; Path=/; Secure; SameSite=Lax", "https://app.example.com:8443/", "a=1"),
            ("a = b=c ", "https://app.example.com/sms/x", "a=b=c"),
            ("a=", "https://app.example.com/sms/x", "a="),
        ] {
            assert_eq!(sent(&jar(from, &[header]), to), expected, "{header} to {to}");
        }
        let address =
            jar("http://10.0.0.1/", &["a=1; Domain=0.0.1", "b=1; Domain=10.0.0.1", "c=1"]);
        assert_eq!(sent(&address, "http://10.0.0.1/"), "b=1; c=1");
    }

    #[test]
    fn cookies_end_as_they_say() {
        for (header, alive) in [
            ("a=1; Max-Age=1", true),
            ("a=1; Max-Age=0", false),
            ("a=1; Max-Age=-9", false),
            ("a=1; Max-Age=99999999999999999999", true),
            ("a=1; Max-Age=x", true),
            ("a=1; Expires=Tue, 14 Nov 2023 22:13:19 GMT", false),
            ("a=1; Expires=Tue, 14 Nov 2023 22:13:21 GMT", true),
            ("a=1; Expires=Tue, 14-Nov-23 22:13:19 GMT", false),
            ("a=1; Expires=Tue Nov 14 22:13:19 2023", false),
            ("a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT", false),
            ("a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=5", true),
            ("a=1; Expires=nonsense", true),
            ("a=1; Expires=Tue, 31 Feb 2023 22:13:19 GMT", true),
        ] {
            let jar = jar("http://a.example/", &[header]);
            assert_eq!(!sent(&jar, "http://a.example/").is_empty(), alive, "{header}");
        }
        let jar = jar("http://a.example/", &["a=1; Max-Age=10"]);
        assert!(jar.header(&url("http://a.example/"), at(NOW + 9)).is_some());
        assert!(jar.header(&url("http://a.example/"), at(NOW + 10)).is_none());
    }

    #[test]
    fn a_new_value_replaces_and_an_expired_one_removes() {
        let one = jar("http://a.example/", &["a=1", "b=2", "a=3"]);
        assert_eq!(sent(&one, "http://a.example/"), "b=2; a=3");
        let none = jar("http://a.example/", &["a=1", "a=; Max-Age=0"]);
        assert!(none.is_empty());
        let order = jar("http://a.example/x/y", &["a=1; Path=/", "b=2; Path=/x"]);
        assert_eq!(sent(&order, "http://a.example/x/y"), "b=2; a=1");
    }

    #[test]
    fn control_characters_and_missing_names_are_bad_cookies() {
        for header in ["", "=", "=1", " =1", "novalue", "a=1\tb", "a\u{b}=1", "a=1; Path=/\u{c}"] {
            let mut jar = Jar::default();
            let url = url("http://a.example/");
            assert_eq!(jar.set(&url, header.as_bytes(), at(NOW)), Err(BadCookie), "{header:?}");
            assert!(jar.is_empty());
        }
    }

    #[test]
    fn a_jar_is_bounded() {
        let url = url("http://a.example/");
        let mut jar = Jar::default();
        for n in 0..200 {
            let header = format!("n{n}={}", "x".repeat(1000));
            jar.set(&url, header.as_bytes(), at(NOW)).expect("good");
        }
        let header = jar.header(&url, at(NOW)).expect("cookies");
        assert!(
            header.len() < JAR_BYTES_MAX && header.contains("n199=") && !header.contains("n0=")
        );
        let large = format!("large={}", "x".repeat(COOKIE_BYTES_MAX));
        jar.set(&url, large.as_bytes(), at(NOW)).expect("ignored");
        assert_eq!(jar.header(&url, at(NOW)).expect("cookies"), header);
        let mut many = Jar::default();
        for n in 0..200 {
            many.set(&url, format!("n{n}=").as_bytes(), at(NOW)).expect("good");
        }
        assert_eq!(many.cookies.len(), COOKIES_MAX);
    }

    #[test]
    fn the_text_of_a_jar_reads_back() {
        let jar = jar(
            "https://app.example.com/x",
            &["a=1; Secure; Max-Age=60", "b=\"q\"; Domain=example.com; Path=/x"],
        );
        assert_eq!(Jar::from_text(&jar.to_text()), jar);
        assert_eq!(Jar::from_text("nonsense\n\t\t\t\t\t\na\tb\tc\td\t\tx\n"), Jar::default());
    }

    proptest! {
        #[test]
        fn any_header_is_taken_or_refused_and_the_text_reads_back(
            header in ".{0,80}",
            text in ".{0,80}",
        ) {
            let mut jar = Jar::from_text(&text);
            let _ = jar.set(&url("https://a.example/x/y"), header.as_bytes(), at(NOW));
            let _ = read_date(&header);
            prop_assert_eq!(Jar::from_text(&jar.to_text()), jar);
        }
    }
}
