//! `Say`: reads text aloud.
//!
//! Stands under `Response`, `Gather` and `Prompt`. Its text can hold SSML, kept as a tree.
//! A Say without words is skipped (13520). Spoken elsewhere.
//! Contract: Twilio docs, TwiML Say; error pages 13510, 13511, 13512, 13520, 13521.

use crate::element::{Content, element};
use crate::nouns::Ssml;
use crate::reader::{Reader, Xml};
use crate::writer::Writer;
use crate::{nouns::ssml, rules};

/// How often anything is repeated at most; a loop of 0 means this often (Say and Play pages).
pub const LOOPS_MAX: u32 = 1000;

const NO_TEXT: u32 = 13520;
const TOO_LONG: u32 = 13521;

element! {
    /// Reads text aloud.
    ///
    /// ```
    /// use twiml::{Response, Say};
    ///
    /// let bonjour = Say::new("Bonjour").language("fr-FR").voice("Polly.Lea");
    /// let xml = Response::new().say(bonjour).to_xml();
    /// assert!(xml.contains(r#"<Say voice="Polly.Lea" language="fr-FR">Bonjour</Say>"#));
    /// ```
    Say = "Say" {
        /// Who speaks, such as `Polly.Joanna`. Not given: what the account has set, else `man`.
        text voice "voice" [rules::voice], 13511;
        /// The language of the text. Not given: that of the voice, else `en-US`.
        text language "language" [rules::language], 13512;
        /// How often it is said; 0 means [`LOOPS_MAX`] times.
        value loops "loop": u32 [0..=u32::MAX] = 1, 13510;
    }
    inside {
        /// What is said.
        speech: Vec<Ssml>,
    }
}

impl Say {
    /// Says a plain text.
    pub fn new(text: impl Into<String>) -> Say {
        Say { speech: vec![Ssml::Text(text.into())], ..Say::default() }
    }

    /// Adds a text or an SSML element to what is said.
    #[must_use]
    pub fn speak(mut self, speech: impl Into<Ssml>) -> Say {
        self.speech.push(speech.into());
        self
    }

    /// The words alone, without the SSML around them; the alias of a `sub` stands for its text.
    pub fn words(&self) -> String {
        ssml::words(&self.speech)
    }

    /// Characters that the voice takes: 4096 for the basic ones, 3000 for Polly, 5000 for Google
    /// (error page 13521). The last counts SSML tags too.
    fn is_too_long(&self, source: &str) -> bool {
        let voice = self.voice.as_deref().unwrap_or_default();
        if voice.starts_with("Google.") {
            return source.chars().count() > 5000;
        }
        let characters_max = if voice.starts_with("Polly.") { 3000 } else { 4096 };
        // Words are never longer than their source, and counting that is cheap.
        source.len() > characters_max && self.words().chars().count() > characters_max
    }
}

impl<T: Into<String>> From<T> for Say {
    fn from(text: T) -> Say {
        Say::new(text)
    }
}

impl Content for Say {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<Say> {
        let mut say: Say = reader.attributes(node);
        say.speech = ssml::read(reader, node);
        if !ssml::says_something(&say.speech) {
            let message = "The text of element 'Say' is empty.";
            reader.problem(NO_TEXT, node.range().start, message);
            return None;
        }
        if say.is_too_long(reader.inside(node)) {
            let message = "The text of element 'Say' is longer than its voice takes.";
            reader.problem(TOO_LONG, node.range().start, message);
        }
        Some(say)
    }

    fn write(&self, out: &mut Writer) {
        out.element(self, |out| ssml::write(&self.speech, out));
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{problems, voice};
    use crate::{Say, Verb};

    fn say(xml: &str) -> Say {
        match voice(xml) {
            Verb::Say(say) => say,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_text_is_trimmed_and_keeps_its_inside() {
        assert_eq!(say("<Say>\n  Hello <!-- you --> there\n</Say>"), Say::new("Hello  there"));
        assert_eq!(say("<Say><![CDATA[ a < b ]]></Say>"), Say::new("a < b"));
        assert_eq!(say("<Say>&#72;i &amp; &quot;you&quot;</Say>"), Say::new("Hi & \"you\""));
    }

    #[test]
    fn a_bad_attribute_leaves_its_default() {
        for (xml, code) in [
            ("<Say loop='-1'>x</Say>", 13510),
            ("<Say loop='often'>x</Say>", 13510),
            ("<Say voice=''>x</Say>", 13511),
            ("<Say language='en US'>x</Say>", 13512),
        ] {
            assert_eq!(problems(xml), [code], "{xml}");
            assert_eq!(say(xml), Say::new("x"), "{xml}");
        }
    }

    #[test]
    fn a_say_without_words_is_skipped() {
        for xml in ["<Say/>", "<Say> \n </Say>", "<Say><p> </p></Say>"] {
            assert_eq!(problems(xml), [13520], "{xml}");
        }
        assert_eq!(problems("<Say><b>bold</b></Say>"), [12200, 13520]);
    }

    #[test]
    fn a_text_longer_than_the_voice_takes_is_a_problem_and_kept() {
        let text = |length: usize, voice: &str| {
            format!("<Say voice='{voice}'>{}</Say>", "x".repeat(length))
        };
        for (voice, most) in [("man", 4096), ("Polly.Amy", 3000), ("Google.en-US-Wavenet-A", 5000)]
        {
            assert_eq!(problems(&text(most, voice)), [], "{voice}");
            assert_eq!(problems(&text(most + 1, voice)), [13521], "{voice}");
            assert_eq!(say(&text(most + 1, voice)).words().len(), most + 1);
        }
    }
}
