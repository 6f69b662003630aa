//! `Play`: plays audio from a URL, or tones.
//!
//! Stands under `Response`, `Gather` (without `digits`) and `Prompt`. Fetched elsewhere.
//! A Play with nothing to play is skipped.
//! Contract: Twilio docs, TwiML Play; error pages 13410, 13430.

use crate::element::{Content, SCHEMA, URL, element};
use crate::reader::{Reader, Xml};
use crate::rules;
use crate::writer::Writer;

element! {
    /// Plays audio from a URL, or tones.
    ///
    /// ```
    /// use twiml::Play;
    ///
    /// let ringing = Play::new("/ring.mp3").loops(0);
    /// let extension = Play::tones("ww12#");
    /// assert_eq!(extension.digits.as_deref(), Some("ww12#"));
    /// # let _ = ringing;
    /// ```
    Play = "Play" {
        /// How often it is played; 0 means [`LOOPS_MAX`](crate::LOOPS_MAX) times.
        value loops "loop": u32 [0..=u32::MAX] = 1, 13410;
        /// Tones to send; `w` is half a second of silence, `W` a whole one.
        text digits "digits" [rules::tones], 13430;
    }
    inside {
        /// The audio, absolute or relative to this document; can be empty if there are `digits`.
        url: String,
    }
}

impl Play {
    /// Plays the audio at a URL.
    pub fn new(url: impl Into<String>) -> Play {
        Play { url: url.into(), ..Play::default() }
    }

    /// Sends tones.
    pub fn tones(digits: impl Into<String>) -> Play {
        Play::default().digits(digits)
    }
}

impl<T: Into<String>> From<T> for Play {
    fn from(url: T) -> Play {
        Play::new(url)
    }
}

impl Content for Play {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<Play> {
        let mut play: Play = reader.attributes(node);
        play.url = reader.text(node);
        if reader.in_gather && play.digits.take().is_some() {
            reader.unknown_attribute("Play", "digits", node.range().start);
        }
        if play.url.is_empty() && play.digits.is_none() {
            reader.bad_text(node, SCHEMA, "the URL of an audio file");
            return None;
        }
        if !rules::is_url(&play.url) {
            reader.bad_text(node, URL, "the URL of an audio file");
        }
        Some(play)
    }

    fn write(&self, out: &mut Writer) {
        out.text_element(self, &self.url);
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{problems, voice};
    use crate::{Play, Verb};

    #[test]
    fn the_url_is_trimmed_and_can_be_absent_when_there_are_tones() {
        for (xml, play) in [
            (
                "<Play>\n  https://a.b/c.mp3?d=1&amp;e=2\n</Play>",
                Play::new("https://a.b/c.mp3?d=1&e=2"),
            ),
            ("<Play digits='1w2'/>", Play::tones("1w2")),
            ("<Play loop='0'>ring.mp3</Play>", Play::new("ring.mp3").loops(0)),
        ] {
            assert_eq!(problems(xml), [], "{xml}");
            assert_eq!(voice(xml), Verb::Play(play), "{xml}");
        }
    }

    #[test]
    fn what_is_wrong_has_its_own_code() {
        for (xml, codes) in [
            ("<Play loop='x'>a.mp3</Play>", vec![13410]),
            ("<Play digits='12E'>a.mp3</Play>", vec![13430]),
            ("<Play/>", vec![12200]),
            ("<Play digits='E'/>", vec![12200, 13430]),
            ("<Play>my file.mp3</Play>", vec![11100]),
            ("<Play><Say>x</Say>a.mp3</Play>", vec![12200]),
            ("<Gather><Play digits='1'>a.mp3</Play></Gather>", vec![12200]),
            ("<Gather><Play digits='1'/></Gather>", vec![12200, 12200]),
        ] {
            assert_eq!(problems(xml), codes, "{xml}");
        }
    }
}
