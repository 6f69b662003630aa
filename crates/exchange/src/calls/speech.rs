//! What a `Say` says, to whom an engine should sound, and how long it lasts.
//!
//! [`utterance`] is what the server's speech renders; [`espeak`] is the voice of espeak-ng that
//! stands in for Twilio's; [`length_of`] is how long a `Say` takes where nothing is rendered: on
//! the virtual clock, and where there is no engine. Nothing is rendered here.
//!
//! The length is a fixed rule, so that the same scenario has the same transcript everywhere:
//!
//! * [`CHARACTER_MS`] (65 ms) for each character of the words, a run of blanks counting as one and
//!   the blanks at both ends not at all; at least [`LENGTH_MS_MIN`] (300 ms);
//! * and on top each `<break>`: its `time` (`2s`, `250ms`, at most [`BREAK_MS_MAX`]), else its
//!   `strength`: `none` 0, `x-weak` 100, `weak` 200, `medium` 400, `strong` 700, `x-strong` 1000 ms;
//!   with neither, `medium`.
//!
//! Voice, language and other markup change nothing of it. The alias of a `sub` is what is counted.
//! Contract: spec/twiml.md 2.1; Twilio names no lengths.

use super::voices::{self, Gender};
use twiml::{Say, Ssml, Tag, TagName};

/// What a caller hears when an application failed and nobody stands in for it.
pub const APPLICATION_ERROR: &str = "We are sorry, an application error has occurred. Goodbye.";

/// Milliseconds of one character: fifteen a second, as people read aloud.
pub const CHARACTER_MS: u64 = 65;
/// The shortest `Say`, breaks apart, in milliseconds.
pub const LENGTH_MS_MIN: u64 = 300;
/// The longest single `<break>` in milliseconds.
pub const BREAK_MS_MAX: u64 = 10_000;
/// The language of a `Say` that names none and whose voice has none.
pub const LANGUAGE: &str = "en-US";
/// Tags inside each other that are looked into; documents have fewer.
const DEPTH_MAX: usize = 64;

/// Something to be said, and by whom: what an engine gets.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Utterance {
    /// The words alone.
    pub words: String,
    /// Words and SSML elements, escaped, where there is any markup: what stands inside of `<speak>`.
    pub markup: Option<String>,
    /// Twilio's name of the voice; `None` is the usual one.
    pub voice: Option<String>,
    /// The language tag: the document's, else the voice's, else [`LANGUAGE`].
    pub language: String,
}

/// A voice of espeak-ng.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Espeak {
    /// What its `-v` takes: a language, and the variant of a woman or a man where that is known.
    pub name: String,
    /// It does not have the language, and English is heard instead.
    pub foreign: bool,
}

impl Utterance {
    /// A plain text by the usual voice.
    pub fn plain(words: impl Into<String>) -> Utterance {
        Utterance { words: words.into(), markup: None, voice: None, language: LANGUAGE.to_owned() }
    }

    /// The SSML document, where there is markup.
    pub fn ssml(&self) -> Option<String> {
        let markup = self.markup.as_deref()?;
        let mut language = String::new();
        attribute("xml:lang", &self.language, &mut language);
        Some(format!(
            "<speak version=\"1.0\" xmlns=\"http://www.w3.org/2001/10/synthesis\"{language}>{markup}</speak>"
        ))
    }
}

/// What a `Say` says once.
pub fn utterance(say: &Say) -> Utterance {
    let of_voice = say.voice.as_deref().and_then(|voice| voices::known(voice).0);
    let language = say.language.as_deref().or(of_voice).unwrap_or(LANGUAGE).to_owned();
    let has_markup = say.speech.iter().any(|piece| matches!(piece, Ssml::Tag(_)));
    let markup = has_markup.then(|| {
        let mut markup = String::new();
        write(&say.speech, 0, &mut markup);
        markup
    });
    Utterance { words: say.words(), markup, voice: say.voice.clone(), language }
}

/// The voice of espeak-ng for Twilio's voice and a language tag.
pub fn espeak(voice: Option<&str>, language: &str) -> Espeak {
    let known = voices::espeak_language(language);
    let variant = match voice.and_then(|voice| voices::known(voice).1) {
        Some(Gender::Female) => "+f3",
        Some(Gender::Male) => "+m3",
        None => "",
    };
    Espeak { name: format!("{}{variant}", known.unwrap_or("en-us")), foreign: known.is_none() }
}

/// How long a `Say` takes once, in milliseconds, by the rule of this file.
pub fn length_of(say: &Say) -> u64 {
    length_ms(&say.words(), breaks_ms(&say.speech, 0))
}

/// How long words and breaks take, in milliseconds, by the rule of this file.
pub fn length_ms(words: &str, breaks_ms: u64) -> u64 {
    let blanks = words.split_whitespace().count().saturating_sub(1);
    let characters = words.chars().filter(|sign| !sign.is_whitespace()).count() + blanks;
    let characters = u64::try_from(characters).unwrap_or(u64::MAX);
    characters.saturating_mul(CHARACTER_MS).max(LENGTH_MS_MIN).saturating_add(breaks_ms)
}

fn breaks_ms(speech: &[Ssml], depth: usize) -> u64 {
    if depth > DEPTH_MAX {
        return 0;
    }
    let tags = speech.iter().filter_map(|piece| match piece {
        Ssml::Tag(tag) => Some(tag),
        Ssml::Text(_) => None,
    });
    tags.map(|tag| match tag.name {
        TagName::Break => break_ms(tag),
        _ => breaks_ms(&tag.inside, depth + 1),
    })
    .fold(0, u64::saturating_add)
}

fn break_ms(tag: &Tag) -> u64 {
    if let Some(time_ms) = tag.get("time").and_then(time_ms) {
        return time_ms.min(BREAK_MS_MAX);
    }
    match tag.get("strength") {
        Some("none") => 0,
        Some("x-weak") => 100,
        Some("weak") => 200,
        Some("strong") => 700,
        Some("x-strong") => 1000,
        _ => 400,
    }
}

/// `2s`, `1.5s` or `250ms`.
fn time_ms(text: &str) -> Option<u64> {
    let text = text.trim();
    let (number, thousandths) = match text.strip_suffix("ms") {
        Some(number) => (number, 1),
        None => (text.strip_suffix('s')?, 1000),
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() + fraction.len() == 0 || !digits(whole) || !digits(fraction) {
        return None;
    }
    let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().unwrap_or(u64::MAX) };
    // Thousandths are as fine as it gets.
    let fraction: u64 =
        format!("{fraction:0<3}")[..3].parse().expect("three digits, checked above");
    Some(whole.saturating_mul(thousandths).saturating_add(fraction * thousandths / 1000))
}

/// Words and elements as XML.
fn write(speech: &[Ssml], depth: usize, out: &mut String) {
    if depth > DEPTH_MAX {
        return;
    }
    for piece in speech {
        match piece {
            Ssml::Text(text) => escape(text, out),
            Ssml::Tag(tag) => {
                let name = tag.name.as_str();
                out.push('<');
                out.push_str(name);
                for (name, value) in &tag.attributes {
                    attribute(name, value, out);
                }
                if tag.inside.is_empty() {
                    out.push_str("/>");
                } else {
                    out.push('>');
                    write(&tag.inside, depth + 1, out);
                    out.push_str("</");
                    out.push_str(name);
                    out.push('>');
                }
            }
        }
    }
}

fn attribute(name: &str, value: &str, out: &mut String) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    escape(value, out);
    out.push('"');
}

/// Text as XML has it; what XML cannot carry at all is a blank.
fn escape(text: &str, out: &mut String) {
    for sign in text.chars() {
        match sign {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{0}'..='\u{8}'
            | '\u{b}'
            | '\u{c}'
            | '\u{e}'..='\u{1f}'
            | '\u{fffe}'
            | '\u{ffff}' => {
                out.push(' ');
            }
            sign => out.push(sign),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twilios_voices_have_a_stand_in_of_their_language_and_gender() {
        for (voice, language, stand_in) in [
            ("", "", "en-us"),
            ("man", "", "en-us+m3"),
            ("woman", "", "en-us+f3"),
            ("alice", "es-MX", "es-419+f3"),
            ("man", "es-ES", "es+m3"),
            ("woman", "es", "es+f3"),
            ("Polly.Conchita", "", "es+f3"),
            ("Polly.Enrique", "", "es+m3"),
            ("Polly.Lucia-Neural", "", "es+f3"),
            ("Polly.Lupe-Neural", "", "es-419+f3"),
            ("Polly.Pedro-Generative", "", "es-419+m3"),
            ("Polly.Mia", "", "es-419+f3"),
            ("Polly.Mia", "es-ES", "es+f3"),
            ("Polly.Joanna", "", "en-us+f3"),
            ("Polly.Matthew-Neural", "", "en-us+m3"),
            ("Polly.Amy", "", "en-gb+f3"),
            ("Polly.Geraint", "", "en-gb+m3"),
            ("Polly.Zeina", "", "ar+f3"),
            ("Polly.Zhiyu", "", "cmn+f3"),
            ("Polly.Nobody", "", "en-us"),
            ("Google.es-US-Wavenet-A", "", "es-419+f3"),
            ("Google.es-US-Standard-B", "", "es-419+m3"),
            ("Google.es-ES-Neural2-B", "", "es+m3"),
            ("Google.es-ES-Chirp3-HD-Kore", "", "es+f3"),
            ("Google.en-GB-Chirp3-HD-Charon", "", "en-gb+m3"),
            ("Google.en-US-Neural2-J", "", "en-us+m3"),
            ("Google.fr-CA-Wavenet-A", "", "fr-fr"),
            ("Google.nonsense", "", "en-us"),
        ] {
            let mut say = Say::new("x");
            say.voice = Some(voice.to_owned()).filter(|voice| !voice.is_empty());
            say.language = Some(language.to_owned()).filter(|tag| !tag.is_empty());
            let utterance = utterance(&say);
            let found = espeak(utterance.voice.as_deref(), &utterance.language);
            assert_eq!(
                (found.name.as_str(), found.foreign),
                (stand_in, false),
                "{voice} {language}"
            );
        }
    }

    #[test]
    fn a_language_has_its_own_voice_or_its_neighbours_or_english() {
        for (language, name) in [
            ("es-AR", "es-419"),
            ("es-419", "es-419"),
            ("es-US", "es-419"),
            ("ES-es", "es"),
            ("en-AU", "en-gb"),
            ("en-IN", "en-gb"),
            ("en-CA", "en-us"),
            ("en", "en-us"),
            ("pt-BR", "pt-br"),
            ("pt-PT", "pt"),
            ("fr-CA", "fr-fr"),
            ("fr-CH", "fr-ch"),
            ("zh-CN", "cmn"),
            ("zh-HK", "yue"),
            ("cmn-Hans-CN", "cmn"),
            ("ar-AE", "ar"),
            ("nb-NO", "nb"),
            ("no-NO", "nb"),
            ("de-AT", "de"),
            ("sw-KE", "sw"),
        ] {
            let found = espeak(None, language);
            assert_eq!((found.name.as_str(), found.foreign), (name, false), "{language}");
        }
        for language in ["fil-PH", "xx", "", "-"] {
            let found = espeak(Some("woman"), language);
            assert_eq!((found.name.as_str(), found.foreign), ("en-us+f3", true), "{language}");
        }
    }

    #[test]
    fn a_say_without_markup_is_plain_text_and_one_with_markup_is_escaped() {
        let plain = utterance(&Say::new("Tom & Jerry < \"us\""));
        assert_eq!((plain.words.as_str(), plain.ssml()), ("Tom & Jerry < \"us\"", None));
        let pause = Tag::new(TagName::Break).attribute("time", "1s");
        let alias = Tag::new(TagName::Sub).attribute("alias", "a \"b\" & c").inside("x<y");
        let say = Say::new("Tom & ").speak(pause).speak(alias).language("es-MX");
        let marked = utterance(&say);
        assert_eq!(marked.words, "Tom & a \"b\" & c");
        assert_eq!(
            marked.ssml().as_deref(),
            Some(
                "<speak version=\"1.0\" xmlns=\"http://www.w3.org/2001/10/synthesis\" \
                 xml:lang=\"es-MX\">Tom &amp; <break time=\"1s\"/>\
                 <sub alias=\"a &quot;b&quot; &amp; c\">x&lt;y</sub></speak>"
            )
        );
        let mut text = String::new();
        escape("a\u{0}b\u{1b}\n", &mut text);
        assert_eq!(text, "a b \n");
    }

    #[test]
    fn a_say_lasts_by_its_characters_and_breaks() {
        for (words, length) in
            [("", 300), ("Hi", 300), ("12345", 325), ("  12 \n 45  ", 325), ("ñandú", 325)]
        {
            assert_eq!(length_of(&Say::new(words)), length, "{words}");
        }
        for (attributes, length) in [
            (&[][..], 400),
            (&[("strength", "none")], 0),
            (&[("strength", "x-weak")], 100),
            (&[("strength", "weak")], 200),
            (&[("strength", "medium")], 400),
            (&[("strength", "strong")], 700),
            (&[("strength", "x-strong")], 1000),
            (&[("time", "2s")], 2000),
            (&[("time", "1.5s")], 1500),
            (&[("time", ".25s")], 250),
            (&[("time", "250ms")], 250),
            (&[("time", "250ms"), ("strength", "strong")], 250),
            (&[("time", "1h")], 400),
            (&[("time", "s"), ("strength", "none")], 0),
            (&[("time", "99999999999999999999999s")], 10_000),
        ] {
            let tag = attributes
                .iter()
                .fold(Tag::new(TagName::Break), |tag, (name, value)| tag.attribute(name, *value));
            let inside = Tag::new(TagName::P).inside(tag);
            let say = Say::new("12345").speak(inside);
            assert_eq!(length_of(&say), 325 + length, "{attributes:?}");
        }
    }
}
