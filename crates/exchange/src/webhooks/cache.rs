//! How long an answer to a GET may be used again: HTTP's rules of caching, as far as audio files
//! need them.
//!
//! Called by the server's audio shelf with the headers of each answer; it keeps what [`store`]
//! returns beside the file and asks [`Kept::standing`] before it plays the file again.
//! Nothing is fetched or stored here, and `now` is an argument: house time. A server's `Date` is
//! only compared with its own `Expires`, because house time may be virtual and far from the
//! world's.
//! An answer that names no lifetime has none: it is asked for again each time, on condition that
//! it changed. Guessing one (RFC 9111 4.2.2 permits it) would let a developer hear yesterday's file.
//! Each account has files of its own, so `private` is no hindrance and `s-maxage` is not for us.
//! The contract is spec/twiml.md 1.3 and 2.2, spec/webhooks.md 1.7, and RFC 9111.

use jiff::fmt::rfc2822;
use jiff::{SignedDuration, Timestamp};

/// Seconds that an answer stays fresh at most, whatever it says: a year, as HTTP advises.
const LIFETIME_SECONDS_MAX: i64 = 365 * 24 * 60 * 60;
/// Directives of a `Cache-Control` that are read.
const DIRECTIVES_MAX: usize = 32;
/// Bytes of a validator that is kept; a longer one is as good as none.
const VALIDATOR_BYTES_MAX: usize = 1024;

/// The headers of an answer that matter here; `None` is absent or unreadable.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Headers<'a> {
    /// `Cache-Control`, several lines joined with commas.
    pub cache_control: Option<&'a str>,
    /// `ETag`.
    pub etag: Option<&'a str>,
    /// `Last-Modified`.
    pub last_modified: Option<&'a str>,
    /// `Expires`.
    pub expires: Option<&'a str>,
    /// `Date`.
    pub date: Option<&'a str>,
    /// `Age`.
    pub age: Option<&'a str>,
    /// `Vary`.
    pub vary: Option<&'a str>,
}

/// What is remembered of an answer that may be used again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its version.
    pub etag: Option<String>,
    /// The date of its version, as the server wrote it.
    pub last_modified: Option<String>,
    /// Until when it may be used without asking; `None` is never.
    pub fresh_until: Option<Timestamp>,
}

/// What may be done with a kept answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Used as it is.
    Fresh,
    /// Used if its server says that it has not changed.
    Revalidate,
    /// Not used: its time is over and it has no version to ask about.
    Gone,
}

/// What an answer's `Cache-Control` says.
#[derive(Debug, Default)]
struct Directives {
    no_store: bool,
    no_cache: bool,
    /// `Some(None)` is one that cannot be read, which counts as no time at all.
    max_age: Option<Option<i64>>,
}

impl Directives {
    fn read(text: &str) -> Directives {
        let mut read = Directives::default();
        for directive in text.split(',').take(DIRECTIVES_MAX) {
            let (name, value) = match directive.split_once('=') {
                Some((name, value)) => (name.trim(), value.trim().trim_matches('"')),
                None => (directive.trim(), ""),
            };
            if name.eq_ignore_ascii_case("no-store") {
                read.no_store = true;
            } else if name.eq_ignore_ascii_case("no-cache") {
                // With names of headers it is weaker; treating it as whole is always permitted.
                read.no_cache = true;
            } else if name.eq_ignore_ascii_case("max-age") && read.max_age.is_none() {
                read.max_age = Some(seconds(value));
            }
        }
        read
    }
}

/// Whole seconds, as many as an `i64` holds.
fn seconds(text: &str) -> Option<i64> {
    let text = text.trim();
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(i64::MAX))
}

/// A date of HTTP. Its two obsolete spellings are not read, which makes an `Expires` be over.
fn date(text: &str) -> Option<Timestamp> {
    rfc2822::parse(text.trim()).ok().map(|zoned| zoned.timestamp())
}

fn validator(text: Option<&str>) -> Option<String> {
    let text = text.map(str::trim)?;
    (!text.is_empty() && text.len() <= VALIDATOR_BYTES_MAX).then(|| text.to_owned())
}

/// How long the answer is fresh from now on.
fn lifetime_seconds(headers: &Headers<'_>, directives: &Directives, now: Timestamp) -> i64 {
    let lifetime = match (directives.max_age, headers.expires) {
        (Some(max_age), _) => max_age.unwrap_or(0),
        (None, Some(expires)) => {
            let since = headers.date.and_then(date).unwrap_or(now);
            // Such as `Expires: 0`: it is over.
            date(expires).map_or(0, |expires| expires.duration_since(since).as_secs())
        }
        (None, None) => 0,
    };
    let age = headers.age.and_then(seconds).unwrap_or(0);
    lifetime.clamp(0, LIFETIME_SECONDS_MAX).saturating_sub(age)
}

/// Reads the headers of a 200 answer to a GET: what to remember, or `None` if it must not be used
/// again or would be of no use.
pub fn store(headers: &Headers<'_>, now: Timestamp) -> Option<Kept> {
    let directives = headers.cache_control.map(Directives::read).unwrap_or_default();
    let varies = headers.vary.is_some_and(|vary| vary.split(',').any(|name| name.trim() == "*"));
    if directives.no_store || varies {
        return None;
    }
    let seconds = match directives.no_cache {
        true => 0,
        false => lifetime_seconds(headers, &directives, now),
    };
    let kept = Kept {
        etag: validator(headers.etag),
        last_modified: validator(headers.last_modified),
        fresh_until: (seconds > 0)
            .then(|| now.saturating_add(SignedDuration::from_secs(seconds)).ok())
            .flatten(),
    };
    let useful = kept.fresh_until.is_some() || kept.has_version();
    useful.then_some(kept)
}

impl Kept {
    /// Whether its server can be asked if it changed.
    fn has_version(&self) -> bool {
        self.etag.is_some() || self.last_modified.is_some()
    }

    /// What may be done with it at `now`.
    pub fn standing(&self, now: Timestamp) -> Standing {
        if self.fresh_until.is_some_and(|until| now < until) {
            Standing::Fresh
        } else if self.has_version() {
            Standing::Revalidate
        } else {
            Standing::Gone
        }
    }

    /// What to remember after a 304: its headers replace those of before, and a validator that it
    /// does not repeat still stands. `None` if the file must not be used another time.
    #[must_use]
    pub fn renewed(&self, headers: &Headers<'_>, now: Timestamp) -> Option<Kept> {
        let headers = Headers {
            etag: headers.etag.or(self.etag.as_deref()),
            last_modified: headers.last_modified.or(self.last_modified.as_deref()),
            ..*headers
        };
        store(&headers, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATE: &str = "Tue, 15 Nov 1994 12:45:26 GMT";

    fn now() -> Timestamp {
        Timestamp::from_second(1_900_000_000).expect("in range")
    }

    fn cached(cache_control: &str) -> Headers<'_> {
        Headers { cache_control: Some(cache_control), etag: Some("\"v\""), ..Headers::default() }
    }

    /// Seconds of freshness: −1 for what must not be stored, 0 for what is asked about each time.
    fn fresh(headers: Headers<'_>) -> i64 {
        store(&headers, now()).map_or(-1, |kept| {
            kept.fresh_until.map_or(0, |until| until.duration_since(now()).as_secs())
        })
    }

    #[test]
    fn cache_control_says_how_long() {
        for (cache_control, seconds) in [
            ("max-age=60", 60),
            ("public, MAX-AGE=60, must-revalidate", 60),
            ("private,max-age=\"60\"", 60),
            ("max-age=60, max-age=90", 60),
            ("s-maxage=60", 0),
            ("max-age=0", 0),
            ("max-age=soon", 0),
            ("max-age=-1", 0),
            ("max-age", 0),
            ("no-cache", 0),
            ("no-cache=\"Set-Cookie\", max-age=60", 0),
            ("no-cache, max-age=60", 0),
            ("no-store", -1),
            ("max-age=60, no-store", -1),
            ("", 0),
            ("max-age=99999999999999999999999", LIFETIME_SECONDS_MAX),
        ] {
            assert_eq!(fresh(cached(cache_control)), seconds, "{cache_control}");
        }
        let headers = Headers { vary: Some("Accept, *"), ..cached("max-age=60") };
        assert_eq!(fresh(headers), -1, "it varies with what nobody knows");
        let headers = Headers { vary: Some("Accept-Encoding"), ..cached("max-age=60") };
        assert_eq!(fresh(headers), 60, "every request of ours is alike");
    }

    #[test]
    fn expires_is_counted_by_the_servers_own_clock_and_age_is_spent() {
        let expires = |expires, date, age| Headers {
            etag: Some("\"v\""),
            expires: Some(expires),
            date,
            age,
            ..Headers::default()
        };
        let later = "Tue, 15 Nov 1994 12:46:26 GMT";
        assert_eq!(fresh(expires(later, Some(DATE), None)), 60);
        assert_eq!(fresh(expires(later, Some(DATE), Some("20"))), 40);
        assert_eq!(fresh(expires(later, Some(DATE), Some("60"))), 0);
        assert_eq!(fresh(expires(later, Some(DATE), Some("soon"))), 60);
        assert_eq!(fresh(expires(later, None, None)), 0, "long ago");
        assert_eq!(fresh(expires(DATE, Some(later), None)), 0);
        for bad in ["0", "-1", "", "tomorrow"] {
            assert_eq!(fresh(expires(bad, Some(DATE), None)), 0, "{bad}");
        }
        let both = Headers { cache_control: Some("max-age=5"), ..expires(later, Some(DATE), None) };
        assert_eq!(fresh(both), 5, "max-age wins");
        assert_eq!(fresh(Headers { age: Some("9"), ..cached("max-age=5") }), 0, "older than that");
    }

    #[test]
    fn without_a_lifetime_a_file_is_asked_about_each_time_and_without_a_version_not_kept() {
        let none = Headers::default();
        assert_eq!(store(&none, now()), None);
        for headers in
            [Headers { etag: Some("\"v\""), ..none }, Headers { last_modified: Some(DATE), ..none }]
        {
            let kept = store(&headers, now()).expect("kept");
            assert_eq!(kept.standing(now()), Standing::Revalidate);
        }
        let long = "x".repeat(VALIDATOR_BYTES_MAX + 1);
        assert_eq!(store(&Headers { etag: Some(&long), ..none }, now()), None);
        assert_eq!(store(&Headers { etag: Some(" "), ..none }, now()), None);
    }

    #[test]
    fn a_file_is_fresh_then_asked_about_or_gone() {
        let bare = Headers { cache_control: Some("max-age=60"), ..Headers::default() };
        for (headers, after) in
            [(cached("max-age=60"), Standing::Revalidate), (bare, Standing::Gone)]
        {
            let kept = store(&headers, now()).expect("kept");
            let at = |seconds| kept.standing(now() + SignedDuration::from_secs(seconds));
            assert_eq!((at(0), at(59), at(60)), (Standing::Fresh, Standing::Fresh, after));
        }
    }

    #[test]
    fn a_304_renews_what_is_kept() {
        let kept = store(&cached("max-age=60"), now()).expect("kept");
        let later = now() + SignedDuration::from_secs(100);
        let plain = Headers { cache_control: Some("max-age=5"), ..Headers::default() };
        let renewed = kept.renewed(&plain, later).expect("kept on");
        assert_eq!(renewed.etag.as_deref(), Some("\"v\""));
        assert_eq!(renewed.fresh_until, Some(later + SignedDuration::from_secs(5)));
        let other = Headers { etag: Some("\"w\""), ..Headers::default() };
        let renewed = kept.renewed(&other, later).expect("kept on");
        assert_eq!((renewed.etag.as_deref(), renewed.fresh_until), (Some("\"w\""), None));
        let never = Headers { cache_control: Some("no-store"), ..Headers::default() };
        assert_eq!(kept.renewed(&never, later), None);
    }
}
