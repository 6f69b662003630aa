//! What a call's transcript says, for a person to read.
//!
//! A line is `  900 < play say "Press 1"`: milliseconds since the start, `<` for what the house
//! does and `>` for what happened, the rest a word and its details. Lines that are not known are
//! shown as they are; what only a programmer wants (requests, documents) is left to
//! `webhooks tail`. The lines are written by `exchange::calls::script::transcript` and the
//! switchboard. Contract:
//! DESIGN section 4 (Transcripts).

use super::terminal::{Style, one_line, plain, styled};

/// What a person at the phone does not hear: requests and answers, orders within the house.
const UNHEARD: &[&str] = &[
    "cancel", "document", "fallback", "fetch", "listen", "no", "not", "partial", "played",
    "remark", "replaced", "sent", "silence", "stop", "tell", "tick", "time", "voice",
];
/// Milliseconds in which nothing is heard, before that is said.
const SILENCE_MS_MIN: u64 = 1_000;

/// What is on the screen of a call: knows how long nothing has been heard.
#[derive(Debug, Default)]
pub(super) struct Screen {
    quiet_since: Option<u64>,
}

impl Screen {
    /// A line for a person, after the silence before it; nothing for what nobody hears.
    pub(super) fn shown(&mut self, text: &str) -> Vec<String> {
        let Some(line) = Line::parse(text) else {
            // Nothing that comes is hidden for being unknown.
            return vec![styled(Style::Dim, &one_line(text))];
        };
        let shown = line.shown();
        let silence = self.silence(&line).filter(|_| shown.is_some());
        silence.into_iter().chain(shown).collect()
    }

    /// Follows what is going on; the silence that a line ends.
    fn silence(&mut self, line: &Line<'_>) -> Option<String> {
        let before = self.quiet_since;
        match (line.is_house, line.word) {
            (true, "answer") | (false, "played" | "digit" | "speech" | "dialed" | "recorded") => {
                self.quiet_since = Some(line.at_ms);
            }
            (true, "play" | "record" | "dial" | "hang" | "connected" | "speech")
            | (false, "bridged" | "hung") => {
                self.quiet_since = None;
            }
            _ => return None,
        }
        let ms = line.at_ms.saturating_sub(before?);
        let says = || styled(Style::Dim, &format!("… silence {} s", ms as f64 / 1000.0));
        (ms >= SILENCE_MS_MIN && line.word != "played").then(says)
    }
}

/// A line, read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line<'l> {
    /// Milliseconds since the start of the call.
    pub(super) at_ms: u64,
    /// Whether the house does it; else it happened.
    pub(super) is_house: bool,
    word: &'l str,
    rest: &'l str,
}

impl<'l> Line<'l> {
    /// Reads a line.
    pub(super) fn parse(line: &'l str) -> Option<Line<'l>> {
        let (at, text) = line.trim_start().split_once(' ')?;
        let (side, text) = text.split_once(' ')?;
        let is_house = match side {
            "<" => true,
            ">" => false,
            _ => return None,
        };
        let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
        Some(Line { at_ms: at.parse().ok()?, is_house, word, rest })
    }

    /// Whether it is Twilio's sentence for an application that failed.
    pub(super) fn is_application_error(&self) -> bool {
        self.is_house && self.word == "play" && self.rest == "application error"
    }

    /// What a person at the phone hears of it, as `until` looks for it: the transcript's words,
    /// and those on the screen, which are others for some.
    pub(super) fn heard(&self) -> Option<String> {
        let is_own = !self.is_house && matches!(self.word, "digit" | "speech");
        let is_frame = matches!(self.word, "call" | "ended");
        if is_own || is_frame || UNHEARD.contains(&self.word) {
            return None;
        }
        match (self.word, self.rest.split_once(' ')) {
            ("play", Some(("say", said))) => Some(words(said).to_owned()),
            ("speech", _) => Some(words(self.rest).to_owned()),
            _ => {
                let shown = self.shown().unwrap_or_default();
                Some(format!("{} {} {shown}", self.word, self.rest).trim_end().to_owned())
            }
        }
    }

    /// The line for a person; `None` when it is nothing to hear.
    fn shown(&self) -> Option<String> {
        let rest = one_line(self.rest);
        let first = rest.split(' ').next().unwrap_or_default();
        let text = match (self.is_house, self.word) {
            (true, "play") => return Some(self.played()),
            (true, "answer") => styled(Style::Green, "☎ answered"),
            (_, "call") => styled(Style::Cyan, &format!("☎ call {rest}")),
            (true, "connected") => styled(Style::Green, "☎ connected"),
            (false, "answered") => styled(Style::Green, format!("☎ answered {rest}").trim_end()),
            (true, "recording") => styled(Style::Red, "● recording the call"),
            // The other end of a <Dial> speaks.
            (true, "speech") => format!("{} {}", styled(Style::Bold, "▸"), plain(words(self.rest))),
            (true, "press" | "digit") => format!("♪ keys {rest}"),
            (true, "ended") if first == "completed" => return None,
            (true, "ended") => styled(Style::Red, &format!("✕ ended: {first}")),
            (_, "ring" | "ringing") => styled(Style::Cyan, "☎ ringing"),
            (true, "dial") => styled(Style::Cyan, &format!("☎ dialling {}", callees(&rest))),
            (false, "bridged") => styled(Style::Green, "☎ connected"),
            (false, "dialed") => styled(Style::Cyan, &format!("☎ dialled: {first}")),
            (true, "record") => styled(Style::Red, "● recording"),
            (true, "start") => styled(Style::Red, "● recording the call"),
            (false, "recorded") => styled(Style::Red, &format!("■ recorded {}", length(&rest))),
            (true, "send") => format!("✉ text {rest}"),
            (true, "refer") => styled(Style::Cyan, &format!("☎ transferred to {rest}")),
            (true, "reject") if first == "busy" => styled(Style::Red, "✕ rejected: busy"),
            (true, "reject") => styled(Style::Red, "✕ rejected"),
            (true, "hang") => styled(Style::Red, "✕ hung up by the application"),
            (false, "hung") => styled(Style::Red, "✕ hung up"),
            (_, "remark") => styled(Style::Yellow, &format!("! {rest}")),
            (false, "no") if first == "document," => styled(Style::Yellow, &format!("! no {rest}")),
            (false, "replaced") => styled(Style::Yellow, "! the application goes on otherwise"),
            (false, "digit" | "speech") => {
                styled(Style::Dim, &format!("◂ {}", one_line(words(self.rest))))
            }
            (_, word) if UNHEARD.contains(&word) => return None,
            (_, word) => styled(Style::Dim, format!("{} {rest}", one_line(word)).trim_end()),
        };
        Some(text)
    }

    fn played(&self) -> String {
        let (kind, rest) = self.rest.split_once(' ').unwrap_or((self.rest, ""));
        if self.is_application_error() {
            return styled(Style::Red, "✕ an application error has occurred");
        }
        match kind {
            "say" => format!("{} {}", styled(Style::Bold, "▸"), plain(words(rest))),
            "beep" => "♪ beep".to_owned(),
            "keys" => format!("♪ keys {}", one_line(rest)),
            _ => format!("♪ audio {}", one_line(self.rest)),
        }
    }
}

/// What is between the quotes, which are not escaped inside; without quotes, all of it.
fn words(text: &str) -> &str {
    let Some(inner) = text.strip_prefix('"') else {
        return text;
    };
    let option = ["\" voice=", "\" language="].iter().find_map(|after| inner.rfind(after));
    option.or_else(|| inner.rfind('"')).map_or(inner, |end| &inner[..end])
}

/// Who is dialled, without what else is to be done for each.
fn callees(rest: &str) -> String {
    let whom = rest.split(" for ").next().unwrap_or_default().trim_end_matches(" sequential");
    let mut depth = 0_usize;
    let is_outside = |c: &char| match c {
        '(' => {
            depth += 1;
            false
        }
        ')' => {
            depth = depth.saturating_sub(1);
            false
        }
        _ => depth == 0,
    };
    whom.chars().filter(is_outside).collect()
}

/// `5 s` of `5 s RE…`.
fn length(rest: &str) -> &str {
    rest.split(" RE").next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_listens_for_what_is_said_and_for_what_is_on_the_screen() {
        for (line, words) in [
            (r#"    0 < play say "Press 1""#, &["Press 1"][..]),
            (" 3000 > bridged CA1", &["bridged", "connected"]),
            ("  500 < play beep", &["beep", "♪ beep"]),
            ("    0 < dial +12025550111", &["dialling +12025550111"]),
        ] {
            let heard = Line::parse(line).and_then(|line| line.heard());
            let heard = heard.unwrap_or_default();
            assert!(words.iter().all(|word| heard.contains(word)), "{line}: {heard}");
        }
        for line in [r#"  900 > speech "hello""#, "  900 > digit 1", "    0 < fetch POST /voice"] {
            assert_eq!(Line::parse(line).and_then(|line| line.heard()), None, "{line}");
        }
    }

    #[test]
    fn a_line_is_shown_as_what_a_person_hears() {
        for (line, expected) in [
            ("    0 < fetch POST /voice", None),
            ("    0 > document <Response><Say>Hi</Say></Response>", None),
            (" 1200 > played", None),
            ("    0 < stop playing", None),
            ("    0 > voice", None),
            ("    0 > time limit 60 s", None),
            ("    0 < answer", Some("☎ answered")),
            ("    0 > ringing", Some("☎ ringing")),
            ("    0 > call from +1 to +2", Some("☎ call from +1 to +2")),
            ("    0 > answered", Some("☎ answered")),
            ("    0 > answered by human", Some("☎ answered by human")),
            ("    0 < connected", Some("☎ connected")),
            ("    0 < recording", Some("● recording the call")),
            ("    0 < digit 1", Some("♪ keys 1")),
            (" 9000 < ended completed", None),
            (" 9000 < ended no-answer", Some("✕ ended: no-answer")),
            ("    0 < play say \"Press \"1\" now\"", Some("▸ Press \"1\" now")),
            ("    0 < play say \"Hola\" voice=Polly.Mia language=es-MX", Some("▸ Hola")),
            ("    0 < play say \"Hola\" language=es-MX", Some("▸ Hola")),
            ("    0 < play /a.wav?x=1", Some("♪ audio /a.wav?x=1")),
            ("    0 < play /a audio/mpeg", Some("♪ audio /a audio/mpeg")),
            ("  900 < speech \"yes please\"", Some("▸ yes please")),
            ("    0 < play beep", Some("♪ beep")),
            ("    0 < play keys ww12#", Some("♪ keys ww12#")),
            (" 3000 < play application error", Some("✕ an application error has occurred")),
            (" 3000 < record trim-silence", Some("● recording")),
            (" 3000 < start recording mono both trim-silence", Some("● recording the call")),
            (" 8000 > recorded 5 s RE1", Some("■ recorded 5 s")),
            (" 8000 > recorded nothing", Some("■ recorded nothing")),
            (
                " 3000 < dial +12025550111(whisper=/w keys=1) client:jo sequential for 30 s limit 9 s",
                Some("☎ dialling +12025550111 client:jo"),
            ),
            (" 3000 > bridged", Some("☎ connected")),
            (" 3000 > dialed busy sid=CA1", Some("☎ dialled: busy")),
            (" 3000 < reject busy", Some("✕ rejected: busy")),
            (" 3000 < reject rejected", Some("✕ rejected")),
            (" 3000 < hang up", Some("✕ hung up by the application")),
            (" 3000 > hung up", Some("✕ hung up")),
            ("  900 > digit 1", Some("◂ 1")),
            ("  900 > speech \"yes please\" 0.9", Some("◂ yes please")),
            ("  900 < remark 12200 at 1:11 no", Some("! 12200 at 1:11 no")),
            ("  900 > no document, 11200 HTTP 500", Some("! no document, 11200 HTTP 500")),
            ("123456 < something \x1b[2J new", Some("something \u{fffd}[2J new")),
            ("not a line", Some("not a line")),
        ] {
            let shown = Screen::default().shown(line);
            assert_eq!(shown, expected.into_iter().collect::<Vec<_>>(), "{line}");
        }
    }

    #[test]
    fn silence_is_told_with_its_length_when_something_is_heard_again() {
        let mut screen = Screen::default();
        let mut shown = Vec::new();
        for line in [
            "    0 < answer",
            "    0 < play say \"One\"",
            " 2000 > played",
            " 2500 < play say \"Two\"",
            " 3000 > played",
            " 4500 < fetch POST /next",
            " 5500 < play say \"Three\"",
            " 6500 > played",
            " 8500 > digit 1",
            " 8600 < record trim-silence",
            "20000 > recorded 11 s RE1",
            "20000 < hang up",
        ] {
            shown.extend(screen.shown(line));
        }
        assert_eq!(
            shown,
            [
                "☎ answered",
                "▸ One",
                "▸ Two",
                "… silence 2.5 s",
                "▸ Three",
                "… silence 2 s",
                "◂ 1",
                "● recording",
                "■ recorded 11 s",
                "✕ hung up by the application",
            ]
        );
    }

    #[test]
    fn until_looks_at_what_is_heard_and_not_at_what_is_written_or_typed() {
        for (line, expected) in [
            ("    0 < play say \"Press 1\"", Some("Press 1")),
            ("    0 < play /a.mp3", Some("play /a.mp3 ♪ audio /a.mp3")),
            ("    0 < record trim-silence", Some("record trim-silence")),
            ("    0 > bridged", Some("bridged")),
            ("    0 > document <Say>Press 1</Say>", None),
            ("    0 > digit 1", None),
            ("    0 > call from +1 to +2", None),
            ("    0 > speech \"Press 1\"", None),
            ("    0 < speech \"hello\"", Some("hello")),
            ("    0 < fetch POST /press", None),
        ] {
            let read = Line::parse(line).expect(line);
            assert_eq!(read.heard().as_deref(), expected, "{line}");
        }
    }

    #[test]
    fn an_application_that_failed_is_recognized() {
        for (line, is_it) in [
            ("    0 < play application error", true),
            ("    0 < play say \"application error\"", false),
            ("    0 > speech \"application error\"", false),
        ] {
            assert_eq!(Line::parse(line).expect(line).is_application_error(), is_it, "{line}");
        }
    }
}
