//! An answer's bytes become text, in the encoding it says it has.
//!
//! Called with every body that is read as a document, sent as a text or shown in the log. What the
//! Content-Type says counts more than what the XML declaration says (RFC 7303), which counts more
//! than the default, UTF-8. It never fails: what is no text in its encoding has replacement
//! characters. Contract: webhooks.md 4.6 (charset).

use encoding_rs::{Encoding, UTF_8};
use std::borrow::Cow;

/// Bytes of a document in which its XML declaration has to end.
const DECLARATION_BYTES_MAX: usize = 256;

/// The text of a body.
pub fn text<'a>(content_type: Option<&str>, body: &'a [u8]) -> Cow<'a, str> {
    let declared = content_type.and_then(parameter).or_else(|| encoding(body));
    let marked = Encoding::for_bom(body).map(|(encoding, _)| encoding);
    match declared.and_then(|label| Encoding::for_label(label.as_bytes())).or(marked) {
        Some(other) if other != UTF_8 => other.decode(body).0,
        // A byte order mark stays: before a declaration it is an error of the document.
        _ => String::from_utf8_lossy(body),
    }
}

/// `charset` of a Content-Type.
fn parameter(content_type: &str) -> Option<&str> {
    let mut parameters = content_type.split(';').skip(1).filter_map(|one| one.split_once('='));
    let (_, value) = parameters.find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))?;
    Some(value.trim().trim_matches(['"', '\'']))
}

/// `encoding` of an XML declaration.
fn encoding(body: &[u8]) -> Option<&str> {
    let head = &body[..body.len().min(DECLARATION_BYTES_MAX)];
    let head = head.strip_prefix(b"<?xml")?;
    let end = head.windows(2).position(|two| two == b"?>")?;
    let declaration = std::str::from_utf8(&head[..end]).ok()?;
    let (_, value) = declaration.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value[1..].split(quote).next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_content_type_beats_the_declaration_and_both_beat_utf_8() {
        let declared = b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe9</a>";
        for (content_type, body, holds) in [
            (Some("text/xml; charset=ISO-8859-1"), b"caf\xe9".as_slice(), "caf\u{e9}"),
            (Some("text/plain;CHARSET=\"latin1\""), b"caf\xe9", "caf\u{e9}"),
            (Some("text/plain; charset=windows-1252"), b"\x80 5", "\u{20ac} 5"),
            (Some("text/xml; charset=Shift_JIS"), b"\x83e\x83X\x83g", "\u{30c6}\u{30b9}\u{30c8}"),
            (Some("text/xml"), declared, "<a>\u{e9}</a>"),
            (None, declared, "<a>\u{e9}</a>"),
            (Some("text/xml; charset=utf-8"), declared, "<a>\u{fffd}</a>"),
            (Some("text/xml; charset=utf-8"), "caf\u{e9}".as_bytes(), "caf\u{e9}"),
            (Some("text/xml; charset=klingon"), "caf\u{e9}".as_bytes(), "caf\u{e9}"),
            (Some("text/xml"), b"\xff\xfeh\0i\0", "hi"),
            (Some("text/xml"), b"\xef\xbb\xbfhi", "\u{feff}hi"),
            (Some("text/xml"), b"caf\xe9", "caf\u{fffd}"),
            (None, b"", ""),
        ] {
            let text = text(content_type, body);
            assert!(text.ends_with(holds), "{content_type:?} {body:?}: {text:?}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_and_no_type_panic(kind in ".{0,40}", body: Vec<u8>, label in "[a-z0-9-]{0,12}") {
            let _ = text(Some(&kind), &body);
            let _ = text(Some(&format!("text/xml; charset={label}")), &body);
            let head = format!("<?xml {kind} encoding={kind}?>");
            let _ = text(None, &[head.as_bytes(), &body].concat());
        }
    }
}
