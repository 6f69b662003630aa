//! What a call's transcript says, for a person to read.
//!
//! A line is `  900 < play say "Press 1"`: milliseconds since the start, `<` for what the house
//! does and `>` for what happened, the rest a word and its details. Lines that are not known are
//! shown as they are; what only a programmer wants (requests, documents) is left to
//! `webhooks tail`. Contract: DESIGN section 4 (Transcripts).

use super::terminal::{Style, one_line, plain, styled};

/// What the house does to ask and to tell, and what comes back: `webhooks tail` shows it.
const UNHEARD: &[&str] = &[
    "fetch", "document", "tell", "played", "stop", "listen", "voice", "tick", "recorded", "sent",
    "replaced", "end",
];

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
        let said = self.rest.trim_matches('"').to_ascii_lowercase().replace('-', " ");
        self.is_house && self.word == "play" && said.starts_with("application error")
    }

    /// What a person at the phone hears of it, as `until` looks for it.
    pub(super) fn heard(&self) -> Option<String> {
        let own = matches!(self.word, "digit" | "digits" | "speech" | "say");
        let inner = self.word.split('-').next().is_some_and(|word| UNHEARD.contains(&word));
        if inner || self.word == "remark" || (own && !self.is_house) {
            return None;
        }
        match (self.word, self.rest.split_once(' ')) {
            ("play", Some(("say", said))) => Some(words(said)),
            _ => Some(format!("{} {}", self.word, self.rest).trim_end().to_owned()),
        }
    }

    /// The line for a person; `None` when it is nothing to hear.
    fn shown(&self) -> Option<String> {
        let rest = one_line(self.rest);
        let text = match (self.is_house, self.word) {
            (true, "play") => return Some(self.played()),
            (true, "say") => said(self.rest),
            (true, "answer" | "answered") => styled(Style::Green, "☎ answered"),
            (_, "ring" | "ringing") => styled(Style::Cyan, "☎ ringing"),
            (true, "dial") => styled(Style::Cyan, &format!("☎ dialling {rest}")),
            (false, "bridged") => styled(Style::Green, &with("☎ connected", &rest)),
            (false, "dialed") => styled(Style::Cyan, &with("☎ dialled:", &rest)),
            (true, "record" | "start-recording") => styled(Style::Red, "● recording"),
            (_, "pause" | "silence") => styled(Style::Dim, &format!("… silence {}", unit(&rest))),
            (true, "send") => format!("✉ {rest}"),
            (true, "refer") => styled(Style::Cyan, &format!("☎ transferred to {rest}")),
            (true, "reject") => styled(Style::Red, &with("✕ rejected:", &rest)),
            (true, "hangup") => styled(Style::Red, "✕ hung up by the application"),
            (false, "hangup" | "hungup" | "hung-up" | "hung") => styled(Style::Red, "✕ hung up"),
            (_, "remark") => styled(Style::Yellow, &format!("! {rest}")),
            (false, "digit" | "digits" | "speech") => {
                styled(Style::Dim, &format!("◂ {}", one_line(&words(self.rest))))
            }
            (_, word) if word.split('-').next().is_some_and(|word| UNHEARD.contains(&word)) => {
                return None;
            }
            (_, word) => styled(Style::Dim, &with(&one_line(word), &rest)),
        };
        Some(text)
    }

    fn played(&self) -> String {
        let (kind, rest) = self.rest.split_once(' ').unwrap_or((self.rest, ""));
        if self.is_application_error() {
            return styled(Style::Red, "✕ an application error has occurred");
        }
        match kind {
            "say" => said(rest),
            "url" | "audio" | "document" => format!("♪ audio {}", one_line(rest)),
            _ if kind.contains("://") => format!("♪ audio {}", one_line(self.rest)),
            _ => format!("♪ {}", one_line(self.rest)),
        }
    }
}

/// A line of a transcript for a person.
pub(super) fn shown(line: &str) -> Option<String> {
    match Line::parse(line) {
        Some(read) => read.shown(),
        // Nothing that comes is hidden for being unknown.
        None => Some(styled(Style::Dim, &one_line(line))),
    }
}

fn said(text: &str) -> String {
    format!("{} {}", styled(Style::Bold, "▸"), plain(&words(text)).replace('\n', "\n  "))
}

/// What is between the quotes; without quotes, all of it.
fn words(text: &str) -> String {
    let Some(inner) = text.strip_prefix('"') else {
        return text.to_owned();
    };
    let mut words = String::new();
    let mut rest = inner.chars();
    while let Some(c) = rest.next() {
        match c {
            '"' => return words,
            '\\' => match rest.next() {
                Some('n') => words.push('\n'),
                Some(other) => words.push(other),
                None => {}
            },
            c => words.push(c),
        }
    }
    words
}

fn with(what: &str, rest: &str) -> String {
    if rest.is_empty() { what.trim_end_matches(':').to_owned() } else { format!("{what} {rest}") }
}

/// A bare number is seconds.
fn unit(rest: &str) -> String {
    let is_bare = !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if is_bare { format!("{rest} s") } else { rest.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_shown_as_what_a_person_hears() {
        for (line, expected) in [
            ("    0 < fetch POST /voice", None),
            ("    0 > document <Response><Say>Hi</Say></Response>", None),
            (" 1200 > played", None),
            ("    0 < stop-playing", None),
            ("    0 < answer", Some("☎ answered")),
            ("    0 < ringing", Some("☎ ringing")),
            ("    0 < play say \"Press 1 for \\\"sales\\\"\"", Some("▸ Press 1 for \"sales\"")),
            ("    0 < play say \"Hola\" voice=Polly.Mia", Some("▸ Hola")),
            ("    0 < play url https://h.example/a.wav", Some("♪ audio https://h.example/a.wav")),
            ("    0 < play https://h.example/a.wav", Some("♪ audio https://h.example/a.wav")),
            ("    0 < play beep", Some("♪ beep")),
            ("    0 < play digits 12w3", Some("♪ digits 12w3")),
            (" 3000 < play application-error", Some("✕ an application error has occurred")),
            (" 3000 < record", Some("● recording")),
            (" 3000 < pause 2", Some("… silence 2 s")),
            (" 3000 < dial +12025550111", Some("☎ dialling +12025550111")),
            (" 3000 > bridged", Some("☎ connected")),
            (" 3000 > dialed busy", Some("☎ dialled: busy")),
            (" 3000 < reject busy", Some("✕ rejected: busy")),
            (" 3000 < hangup", Some("✕ hung up by the application")),
            (" 3000 > hung up", Some("✕ hung up")),
            ("  900 > digit 1", Some("◂ 1")),
            ("  900 > speech \"yes please\"", Some("◂ yes please")),
            ("  900 < remark warning 12200 no", Some("! warning 12200 no")),
            ("123456 < something \x1b[2J new", Some("something \u{fffd}[2J new")),
            ("not a line", Some("not a line")),
            ("", Some("")),
        ] {
            assert_eq!(shown(line).as_deref(), expected, "{line}");
        }
    }

    #[test]
    fn until_looks_at_what_is_heard_and_not_at_what_is_written_or_typed() {
        for (line, expected) in [
            ("    0 < play say \"Press 1\"", Some("Press 1")),
            ("    0 < play url http://h/a", Some("play url http://h/a")),
            ("    0 < record", Some("record")),
            ("    0 > bridged", Some("bridged")),
            ("    0 > document <Say>Press 1</Say>", None),
            ("    0 > digit 1", None),
            ("    0 > speech \"Press 1\"", None),
            ("    0 < fetch POST /press", None),
        ] {
            let read = Line::parse(line).expect(line);
            assert_eq!(read.heard().as_deref(), expected, "{line}");
        }
    }

    #[test]
    fn an_application_that_failed_is_recognized() {
        for (line, is_it) in [
            ("    0 < play application-error", true),
            ("    0 < play \"application error\"", true),
            ("    0 < play say \"application error\"", false),
            ("    0 > speech \"application error\"", false),
        ] {
            assert_eq!(Line::parse(line).expect(line).is_application_error(), is_it, "{line}");
        }
    }
}
