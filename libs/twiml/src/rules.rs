//! Shapes of attribute texts: URLs, keys, sids, tags.
//!
//! Each function takes the raw text, gives back the part that counts, or says what was expected.
//! Named in the attribute tables of the elements. They judge shape only: whether a number may be
//! called or a URL answers is for whoever uses it.
//! Contract: the attribute tables of the verb pages in Twilio's docs.

use crate::value::Wrong;

/// Entries that `hints` of a Gather can have (Gather page).
pub const HINTS_MAX: usize = 500;
/// Characters that one entry of `hints` can have (Gather page).
pub const HINT_CHARACTERS_MAX: usize = 100;

type Ruled<'t> = Result<&'t str, Wrong>;

fn accept<'t>(fits: bool, text: &'t str, expected: &'static str) -> Ruled<'t> {
    if fits { Ok(text) } else { Err(Wrong::expected(expected)) }
}

fn all(text: &str, fits: impl Fn(u8) -> bool) -> bool {
    text.bytes().all(fits)
}

/// Any text, as it stands.
pub(crate) fn any(text: &str) -> Ruled<'_> {
    Ok(text)
}

/// Any text that says something.
pub(crate) fn named(text: &str) -> Ruled<'_> {
    accept(!text.trim().is_empty(), text, "a text that is not empty")
}

/// Any text of up to `characters_max` characters.
pub(crate) fn short(text: &str, characters_max: usize) -> Ruled<'_> {
    if text.chars().count() <= characters_max {
        return Ok(text);
    }
    Err(Wrong::expected(format!("at most {characters_max} characters")))
}

/// Whether a text can be an absolute or relative http URL. Empty is the current document.
pub(crate) fn is_url(text: &str) -> bool {
    if text.bytes().any(|byte| byte <= b' ' || byte == 0x7f || byte == b'<' || byte == b'>') {
        return false;
    }
    let scheme_length = text.bytes().take_while(|byte| is_scheme_byte(*byte)).count();
    if !text[scheme_length..].starts_with(':') {
        return true;
    }
    let (scheme, rest) = (&text[..scheme_length], &text[scheme_length + 1..]);
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return false;
    }
    let Some(rest) = rest.strip_prefix("//") else {
        return false;
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    // An underscore in a host name is refused with 11100 (error dictionary page 11100).
    !host.is_empty() && !host.starts_with(':') && !host.contains('_')
}

fn is_scheme_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')
}

/// A URL that is fetched. A bad one is kept: fetching it fails, and nothing else is fetched.
pub(crate) fn url(text: &str) -> Ruled<'_> {
    let text = text.trim();
    if is_url(text) {
        return Ok(text);
    }
    Err(Wrong {
        expected: "an http or https URL, or a path relative to this document".into(),
        code: None,
        kept: true,
    })
}

/// A URL that is only told things. A bad one is dropped: nobody is told.
pub(crate) fn callback(text: &str) -> Ruled<'_> {
    let text = text.trim();
    accept(is_url(text), text, "an http or https URL")
}

/// The URL of a WebSocket. `ws:` is a problem but is kept, for servers on the same machine.
pub(crate) fn socket(text: &str) -> Ruled<'_> {
    let text = text.trim();
    let host = text.strip_prefix("wss://").unwrap_or_default();
    if !host.is_empty() && !text.contains(char::is_whitespace) {
        return Ok(text);
    }
    Err(Wrong { expected: "a wss URL".into(), code: None, kept: true })
}

/// The URL of a media stream's WebSocket: a query is not allowed either (Stream page).
pub(crate) fn stream_socket(text: &str) -> Ruled<'_> {
    let text = socket(text)?;
    if !text.contains('?') {
        return Ok(text);
    }
    Err(Wrong { expected: "a wss URL without a query".into(), code: None, kept: true })
}

/// Tones and pauses that Play can send.
pub(crate) fn tones(text: &str) -> Ruled<'_> {
    let text = text.trim();
    let fits = all(text, |b| matches!(b, b'0'..=b'9' | b'A'..=b'D' | b'*' | b'#' | b'w' | b'W'));
    accept(fits && !text.is_empty(), text, "made of 0-9, A-D, *, #, w and W")
}

/// Tones and pauses that are sent to a dialed number.
pub(crate) fn send_digits(text: &str) -> Ruled<'_> {
    let text = text.trim();
    let fits = all(text, |b| matches!(b, b'0'..=b'9' | b'*' | b'#' | b'w' | b'W'));
    accept(fits && !text.is_empty(), text, "made of 0-9, *, # and w")
}

/// Keys that end a recording; none is possible.
pub(crate) fn keys(text: &str) -> Ruled<'_> {
    let text = text.trim();
    let fits = all(text, |b| matches!(b, b'0'..=b'9' | b'*' | b'#'));
    accept(fits, text, "made of 0-9, * and #")
}

/// A sid by its two letters; whether it is one that exists is for whoever uses it.
pub(crate) fn sid<'t>(text: &'t str, prefix: &'static str) -> Ruled<'t> {
    let text = text.trim();
    match text.strip_prefix(prefix) {
        Some(rest) if !rest.is_empty() && all(rest, |b| b.is_ascii_alphanumeric()) => Ok(text),
        _ => Err(Wrong::expected(format!("a sid that begins with {prefix}"))),
    }
}

/// A language tag by its shape: the lists of Twilio grow faster than ours could.
pub(crate) fn language(text: &str) -> Ruled<'_> {
    let text = text.trim();
    let fits = text.split('-').all(|part| {
        (1..=8).contains(&part.len()) && all(part, |byte| byte.is_ascii_alphanumeric())
    });
    accept(fits, text, "a language tag such as 'en-US'")
}

/// The name of a voice by its shape.
pub(crate) fn voice(text: &str) -> Ruled<'_> {
    let text = text.trim();
    let fits = !text.is_empty() && !text.contains(char::is_whitespace);
    accept(fits, text, "the name of a voice such as 'Polly.Joanna'")
}

/// Words that a Gather expects, with commas between.
pub(crate) fn hints(text: &str) -> Ruled<'_> {
    let few = text.split(',').count() <= HINTS_MAX;
    let fits = few && text.split(',').all(|one| one.trim().chars().count() <= HINT_CHARACTERS_MAX);
    accept(fits, text, "at most 500 entries of at most 100 characters, with commas between")
}

/// An amount of money from 0 to 1000000.
pub(crate) fn amount(text: &str) -> Ruled<'_> {
    let text = text.trim();
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && all(part, |b| b.is_ascii_digit());
    let most = whole.trim_start_matches('0');
    let fits = most.len() < 7 || (most == "1000000" && all(fraction, |b| b == b'0'));
    accept(digits(whole) && digits(fraction) && fits, text, "a decimal from 0 to 1000000")
}

/// The one value that `events` of a Dial knows.
pub(crate) fn progress_event(text: &str) -> Ruled<'_> {
    let text = text.trim();
    accept(text == "call-progress-event", text, "one of 'call-progress-event'")
}

/// What plays to the caller while the other side rings: a country's tone (Dial page).
pub(crate) fn ring_tone(text: &str) -> Ruled<'_> {
    const TONES: [&str; 40] = [
        "at", "au", "bg", "br", "be", "ch", "cl", "cn", "cz", "de", "dk", "ee", "es", "fi", "fr",
        "gr", "hu", "il", "in", "it", "lt", "jp", "mx", "my", "nl", "no", "nz", "ph", "pl", "pt",
        "ru", "se", "sg", "th", "uk", "us", "us-old", "tw", "ve", "za",
    ];
    let text = text.trim();
    accept(TONES.contains(&text), text, "a country code such as 'us' or 'de'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_relative_or_http() {
        for text in [
            "",
            "/menu",
            "menu?x=1",
            "?a=b",
            "https://example.com",
            "HTTP://user:pw@h:8080/x#rc=2",
            "//cdn.example.com/a.mp3",
            "/time/12:30",
        ] {
            assert!(is_url(text), "{text}");
        }
        for text in [
            "https://",
            "http:/one",
            "ftp://example.com/x",
            "localhost:3000/voice",
            "mailto:a@b",
            "/a b",
            "https://under_score.example.com/",
            "http://:80/",
            "a\u{7f}",
        ] {
            assert!(!is_url(text), "{text}");
        }
    }

    #[test]
    fn shapes_are_checked_and_trimmed() {
        type Case = (crate::value::TextRule, &'static [&'static str], &'static [&'static str]);
        let cases: &[Case] = &[
            (tones, &["1w2W#*AD"], &["", "E", "1 2"]),
            (send_digits, &["1ww23#"], &["", "A", "1,2"]),
            (keys, &["", "12#"], &["A", "w"]),
            (language, &["en-US", "cmn-Hans-CN", "zh", "multi"], &["", "en US", "en-", "français"]),
            (voice, &["man", "Polly.Mía-Neural"], &["", "two words"]),
            (
                amount,
                &["0", "10.50", "1000000", "1000000.00"],
                &["", "-1", "1000000.01", "1.", "x"],
            ),
            (stream_socket, &["wss://a.b/c"], &["wss://", "ws://a", "https://a", "wss://a?b=c"]),
            (ring_tone, &["us-old"], &["xx", "US"]),
            (
                |text| sid(text, "CA"),
                &["CA0123456789abcdef0123456789ABCDEF"],
                &["CA", "CF1", "CA 1"],
            ),
        ];
        for (rule, good, bad) in cases {
            for text in *good {
                assert_eq!(rule(&format!(" {text}\n")).ok(), Some(*text), "{text}");
            }
            for text in *bad {
                assert!(rule(text).is_err(), "{text}");
            }
        }
    }
}
