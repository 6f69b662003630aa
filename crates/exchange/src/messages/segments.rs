//! How a text is cut into SMS segments, and in which alphabet it travels.
//!
//! The API (`num_segments`), the inbound webhook (`NumSegments`), the carriers and the console call
//! this; it calls nothing but the grapheme rules of Unicode.
//! It never changes a text: Smart Encoding has its own file, and [`segment`] applies it only when
//! told to.
//! Contract: Twilio doc page "What the heck is a segment" and the official segment calculator;
//! GSM 03.38 for the alphabet, 3GPP TS 23.040 for the 140 octets and the 6-octet header.

use unicode_segmentation::UnicodeSegmentation;

use super::smart_encoding;

/// Longest body accepted, in [`body_characters`]; one more is REST error 21617 (TwiML 14103).
pub const BODY_CHARACTERS_MAX: usize = 1600;

/// The alphabet a text travels in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// GSM 03.38 default alphabet: septets, extension characters cost two.
    Gsm7,
    /// 16-bit units; a character outside the basic plane costs two.
    Ucs2,
}

impl Encoding {
    /// The name the segment calculator prints: `GSM-7` or `UCS-2`.
    pub fn as_str(self) -> &'static str {
        match self {
            Encoding::Gsm7 => "GSM-7",
            Encoding::Ucs2 => "UCS-2",
        }
    }

    /// Units that fit when the text needs one segment only: 160 septets or 70 16-bit units.
    pub fn single_units_max(self) -> u32 {
        match self {
            Encoding::Gsm7 => 160,
            Encoding::Ucs2 => 70,
        }
    }

    /// Units that fit in each of several segments: 153 septets or 67 16-bit units, because six of
    /// the 140 octets hold the concatenation header.
    pub fn concatenated_units_max(self) -> u32 {
        match self {
            Encoding::Gsm7 => 153,
            Encoding::Ucs2 => 67,
        }
    }

    /// The cheapest alphabet that can carry `text`: one character outside GSM-7 makes all of it
    /// UCS-2.
    pub fn of(text: &str) -> Encoding {
        if text.chars().all(|c| gsm7_units(c).is_some()) { Encoding::Gsm7 } else { Encoding::Ucs2 }
    }
}

/// What a text costs on the air.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segmentation {
    /// The alphabet.
    pub encoding: Encoding,
    /// Number of segments; an empty text is one.
    pub segments: u32,
    /// Septets or 16-bit units of the text alone, headers not counted.
    pub units: u32,
}

/// Counts the segments of `body`, after Smart Encoding when `smart` is set (a Messaging Service
/// option).
///
/// ```
/// use exchange::messages::segments::{segment, Encoding};
/// let cost = segment("Price: 5 €", false);
/// assert_eq!((cost.encoding, cost.segments, cost.units), (Encoding::Gsm7, 1, 11));
/// assert_eq!(segment("“quoted”", false).encoding, Encoding::Ucs2);
/// assert_eq!(segment("“quoted”", true).encoding, Encoding::Gsm7);
/// ```
pub fn segment(body: &str, smart: bool) -> Segmentation {
    if smart { count(&smart_encoding::apply(body)) } else { count(body) }
}

/// Segments of a message. One with media, or by a channel that knows no segments, is sent `whole`.
pub fn of_message(body: &str, whole: bool) -> u32 {
    if whole { 1 } else { segment(body, false).segments.max(1) }
}

/// The text of each segment, in order; joined they are `text` again.
///
/// Smart Encoding is the caller's: pass the text that is to be sent. An extension character and a
/// grapheme cluster are never cut, except a cluster too long for any segment.
pub fn split(text: &str) -> Vec<&str> {
    let encoding = Encoding::of(text);
    let mut ends = Vec::new();
    cut(text, encoding, |end| ends.push(end));
    let mut start = 0;
    ends.into_iter()
        .map(|end| {
            let part = &text[start..end];
            start = end;
            part
        })
        .collect()
}

/// Characters of a body as [`BODY_CHARACTERS_MAX`] counts them: UTF-16 units, so an emoji outside
/// the basic plane counts two and an extension character such as `€` counts one.
pub fn body_characters(body: &str) -> usize {
    body.encode_utf16().count()
}

fn count(text: &str) -> Segmentation {
    let encoding = Encoding::of(text);
    let mut segments = 0;
    let units = cut(text, encoding, |_| segments += 1);
    Segmentation { encoding, segments, units }
}

/// Walks `text` greedily, tells `end_of_segment` the byte offset where each segment ends, and
/// returns all units. The calculator's "header added at the first overflow" gives the same cuts:
/// what it pushes out of the first segment is what did not fit beside the header.
fn cut(text: &str, encoding: Encoding, mut end_of_segment: impl FnMut(usize)) -> u32 {
    let units_all = match encoding {
        Encoding::Gsm7 => text.chars().filter_map(gsm7_units).sum(),
        Encoding::Ucs2 => utf16_units(text),
    };
    if units_all <= encoding.single_units_max() {
        end_of_segment(text.len());
        return units_all;
    }
    let units_max = encoding.concatenated_units_max();
    let mut used = 0;
    let mut place = |at: usize, units: u32| {
        if used + units > units_max {
            end_of_segment(at);
            used = 0;
        }
        used += units;
    };
    match encoding {
        Encoding::Gsm7 => {
            for (at, c) in text.char_indices() {
                place(at, gsm7_units(c).unwrap_or(1));
            }
        }
        Encoding::Ucs2 => {
            for (at, grapheme) in text.grapheme_indices(true) {
                let units = utf16_units(grapheme);
                // CR LF counts as two characters although Unicode joins them, and a cluster
                // longer than a segment (a letter under a pile of marks) has to be cut somewhere.
                if grapheme == "\r\n" || units > units_max {
                    for (within, c) in grapheme.char_indices() {
                        place(at + within, if c.len_utf16() == 2 { 2 } else { 1 });
                    }
                } else {
                    place(at, units);
                }
            }
        }
    }
    end_of_segment(text.len());
    units_all
}

/// A text is far below 4 Gi units here (bodies are bounded at the doors), so saturating is only for
/// form's sake.
fn utf16_units(text: &str) -> u32 {
    u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX)
}

/// Septets of `c` in the GSM 03.38 default alphabet: 1, 2 for the extension table, none if it has
/// no place there.
fn gsm7_units(c: char) -> Option<u32> {
    match c {
        // The ASCII part of the table, without the backtick and with the extension apart.
        '\u{c}' | '^' | '{' | '}' | '\\' | '[' | '~' | ']' | '|' | '€' => Some(2),
        '\n' | '\r' | ' '..='_' | 'a'..='z' => Some(1),
        '£' | '¥' | 'è' | 'é' | 'ù' | 'ì' | 'ò' | 'Ç' | 'Ø' | 'ø' | 'Å' | 'å' => {
            Some(1)
        }
        'Δ' | 'Φ' | 'Γ' | 'Λ' | 'Ω' | 'Π' | 'Ψ' | 'Σ' | 'Θ' | 'Ξ' => Some(1),
        'Æ' | 'æ' | 'ß' | 'É' | '¤' | '¡' | '¿' | '§' | 'à' => Some(1),
        'Ä' | 'Ö' | 'Ñ' | 'Ü' | 'ä' | 'ö' | 'ñ' | 'ü' => Some(1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Encoding::{Gsm7, Ucs2};
    use super::*;

    /// Pieces and how often each is repeated; Smart Encoding; then units and how many segments in
    /// a row have them. The right half is what the official calculator (sms-segments-calculator
    /// 1.3.0) says.
    type Row = (&'static [(&'static str, usize)], bool, Encoding, &'static [(u32, usize)]);

    #[rustfmt::skip]
    const CALCULATOR: &[Row] = &[
        (&[], false, Gsm7, &[(0, 1)]),
        (&[("a", 1)], false, Gsm7, &[(1, 1)]),
        (&[("a", 160)], false, Gsm7, &[(160, 1)]),
        (&[("a", 161)], false, Gsm7, &[(153, 1), (8, 1)]),
        (&[("a", 306)], false, Gsm7, &[(153, 2)]),
        (&[("a", 307)], false, Gsm7, &[(153, 2), (1, 1)]),
        (&[("a", 459)], false, Gsm7, &[(153, 3)]),
        (&[("a", 460)], false, Gsm7, &[(153, 3), (1, 1)]),
        (&[("a", 1600)], false, Gsm7, &[(153, 10), (70, 1)]),
        (&[("€", 1)], false, Gsm7, &[(2, 1)]),
        (&[("€", 80)], false, Gsm7, &[(160, 1)]),
        (&[("€", 81)], false, Gsm7, &[(152, 1), (10, 1)]),
        (&[("a", 159), ("€", 1)], false, Gsm7, &[(153, 1), (8, 1)]),
        (&[("a", 158), ("€", 1)], false, Gsm7, &[(160, 1)]),
        (&[("a", 152), ("€", 1), ("a", 10)], false, Gsm7, &[(152, 1), (12, 1)]),
        (&[("a", 151), ("€", 1), ("a", 10)], false, Gsm7, &[(153, 1), (10, 1)]),
        (&[("a", 152), ("€", 4)], false, Gsm7, &[(160, 1)]),
        (&[("€", 76), ("a", 1), ("€", 10)], false, Gsm7, &[(153, 1), (20, 1)]),
        (&[("a", 152), ("€", 77)], false, Gsm7, &[(152, 2), (2, 1)]),
        (&[("{}[]\\|^~€", 9)], false, Gsm7, &[(152, 1), (10, 1)]),
        (&[("{}[]\\|^~€", 18)], false, Gsm7, &[(152, 2), (20, 1)]),
        (&[("\u{a}", 160)], false, Gsm7, &[(160, 1)]),
        (&[("\u{d}\u{a}", 80)], false, Gsm7, &[(160, 1)]),
        (&[("\u{d}\u{a}", 81)], false, Gsm7, &[(153, 1), (9, 1)]),
        (&[("a", 159), ("\u{d}\u{a}", 1)], false, Gsm7, &[(153, 1), (8, 1)]),
        (&[("\u{c}", 80)], false, Gsm7, &[(160, 1)]),
        (&[("@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ", 5)], false, Gsm7, &[(145, 1)]),
        (&[(" !\"#¤%&'()*+,-./:;<=>?¡§¿ÄÖÑÜäöñüà", 5)], false, Gsm7, &[(153, 1), (17, 1)]),
        (&[("á", 1)], false, Ucs2, &[(1, 1)]),
        (&[("ç", 1)], false, Ucs2, &[(1, 1)]),
        (&[("`", 1)], false, Ucs2, &[(1, 1)]),
        (&[("\u{9}", 1)], false, Ucs2, &[(1, 1)]),
        (&[("\u{a0}", 1)], false, Ucs2, &[(1, 1)]),
        (&[("“x”", 1)], false, Ucs2, &[(3, 1)]),
        (&[("—", 1)], false, Ucs2, &[(1, 1)]),
        (&[("á", 70)], false, Ucs2, &[(70, 1)]),
        (&[("á", 71)], false, Ucs2, &[(67, 1), (4, 1)]),
        (&[("á", 134)], false, Ucs2, &[(67, 2)]),
        (&[("á", 135)], false, Ucs2, &[(67, 2), (1, 1)]),
        (&[("á", 201)], false, Ucs2, &[(67, 3)]),
        (&[("á", 202)], false, Ucs2, &[(67, 3), (1, 1)]),
        (&[("á", 1600)], false, Ucs2, &[(67, 23), (59, 1)]),
        (&[("a", 69), ("á", 1)], false, Ucs2, &[(70, 1)]),
        (&[("a", 70), ("á", 1)], false, Ucs2, &[(67, 1), (4, 1)]),
        (&[("a", 160), ("á", 1)], false, Ucs2, &[(67, 2), (27, 1)]),
        (&[("€", 69), ("á", 1)], false, Ucs2, &[(70, 1)]),
        (&[("€", 70), ("á", 1)], false, Ucs2, &[(67, 1), (4, 1)]),
        (&[("{|}", 23), ("á", 1)], false, Ucs2, &[(70, 1)]),
        (&[("😀", 1)], false, Ucs2, &[(2, 1)]),
        (&[("😀", 35)], false, Ucs2, &[(70, 1)]),
        (&[("😀", 36)], false, Ucs2, &[(66, 1), (6, 1)]),
        (&[("😀", 33), ("a", 5)], false, Ucs2, &[(67, 1), (4, 1)]),
        (&[("😀", 67)], false, Ucs2, &[(66, 2), (2, 1)]),
        (&[("a", 66), ("😀", 4)], false, Ucs2, &[(66, 1), (8, 1)]),
        (&[("👨\u{200d}👩\u{200d}👧\u{200d}👦", 1)], false, Ucs2, &[(11, 1)]),
        (&[("👨\u{200d}👩\u{200d}👧\u{200d}👦", 6)], false, Ucs2, &[(66, 1)]),
        (&[("👨\u{200d}👩\u{200d}👧\u{200d}👦", 7)], false, Ucs2, &[(66, 1), (11, 1)]),
        (&[("👨\u{200d}👩\u{200d}👧\u{200d}👦", 20)], false, Ucs2, &[(66, 3), (22, 1)]),
        (&[("🇪🇸", 17)], false, Ucs2, &[(68, 1)]),
        (&[("🇪🇸", 18)], false, Ucs2, &[(64, 1), (8, 1)]),
        (&[("👍🏽", 17)], false, Ucs2, &[(68, 1)]),
        (&[("👍🏽", 18)], false, Ucs2, &[(64, 1), (8, 1)]),
        (&[("a", 60), ("👨\u{200d}👩\u{200d}👧\u{200d}👦", 1)], false, Ucs2, &[(60, 1), (11, 1)]),
        (&[("a", 59), ("👨\u{200d}👩\u{200d}👧\u{200d}👦", 1), ("b", 1)], false, Ucs2, &[(59, 1), (12, 1)]),
        (&[("e\u{301}", 35)], false, Ucs2, &[(70, 1)]),
        (&[("e\u{301}", 36)], false, Ucs2, &[(66, 1), (6, 1)]),
        (&[("n\u{303}", 40)], false, Ucs2, &[(66, 1), (14, 1)]),
        (&[("á\u{d}\u{a}", 23)], false, Ucs2, &[(69, 1)]),
        (&[("á\u{d}\u{a}", 24)], false, Ucs2, &[(67, 1), (5, 1)]),
        (&[("á", 66), ("\u{d}\u{a}", 3)], false, Ucs2, &[(67, 1), (5, 1)]),
        (&[("नमस्ते", 10)], false, Ucs2, &[(60, 1)]),
        (&[("नमस्ते", 12)], false, Ucs2, &[(67, 1), (5, 1)]),
        (&[("日本語", 23)], false, Ucs2, &[(69, 1)]),
        (&[("日本語", 24)], false, Ucs2, &[(67, 1), (5, 1)]),
        (&[("Привет, мир! ", 6)], false, Ucs2, &[(67, 1), (11, 1)]),
        (&[("한국어", 30)], false, Ucs2, &[(67, 1), (23, 1)]),
        (&[("“Hello”… it’s ¼ — ok", 1)], true, Gsm7, &[(24, 1)]),
        (&[("“", 160)], true, Gsm7, &[(160, 1)]),
        (&[("“", 161)], true, Gsm7, &[(153, 1), (8, 1)]),
        (&[("…", 53), ("x", 1)], true, Gsm7, &[(160, 1)]),
        (&[("…", 54)], true, Gsm7, &[(153, 1), (9, 1)]),
        (&[("‘á’", 1)], true, Ucs2, &[(3, 1)]),
        (&[("ＡＢＣ１２３！", 20)], true, Gsm7, &[(140, 1)]),
        (&[("｛", 80)], true, Gsm7, &[(160, 1)]),
        (&[("｛", 81)], true, Gsm7, &[(152, 1), (10, 1)]),
    ];

    fn units(text: &str, encoding: Encoding) -> u32 {
        match encoding {
            Gsm7 => text.chars().map(|c| gsm7_units(c).expect("GSM-7")).sum(),
            Ucs2 => utf16_units(text),
        }
    }

    #[test]
    fn segments_are_those_of_the_official_calculator() {
        for (pieces, smart, encoding, runs) in CALCULATOR {
            let body: String = pieces.iter().map(|(piece, times)| piece.repeat(*times)).collect();
            let expected: Vec<u32> =
                runs.iter().flat_map(|&(units, times)| vec![units; times]).collect();
            let text = if *smart { smart_encoding::apply(&body) } else { body.clone() };
            let found: Vec<u32> =
                split(&text).into_iter().map(|part| units(part, *encoding)).collect();
            assert_eq!(found, expected, "{pieces:?}");
            let cost = segment(&body, *smart);
            assert_eq!(cost.encoding, *encoding, "{pieces:?}");
            assert_eq!(cost.segments as usize, expected.len(), "{pieces:?}");
            assert_eq!(cost.units, expected.iter().sum::<u32>(), "{pieces:?}");
        }
    }

    #[test]
    fn a_cluster_longer_than_a_segment_is_cut_all_the_same() {
        let pile = format!("a{}", "\u{301}".repeat(200));
        assert_eq!(segment(&pile, false).segments, 3);
        assert_eq!(split(&pile).concat(), pile);
    }

    #[test]
    fn a_body_is_counted_in_utf_16_units() {
        let rows = [("", 0), ("abc", 3), ("€{", 2), ("á", 1), ("😀", 2), ("\r\n", 2)];
        for (body, characters) in rows {
            assert_eq!(body_characters(body), characters, "{body:?}");
        }
    }

    proptest! {
        #[test]
        fn parts_join_to_the_text_and_fit(text in "([a-z€{}]|\\PC|\r\n|e\u{301}|😀){0,400}") {
            let parts = split(&text);
            prop_assert_eq!(parts.concat(), text.as_str());
            let cost = segment(&text, false);
            prop_assert_eq!(parts.len(), cost.segments as usize);
            let most = match parts.len() {
                1 => cost.encoding.single_units_max(),
                _ => cost.encoding.concatenated_units_max(),
            };
            for part in &parts {
                prop_assert!(units(part, cost.encoding) <= most);
                prop_assert!(!part.is_empty() || text.is_empty());
            }
        }
    }
}
