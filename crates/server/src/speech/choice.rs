//! `--speech`: which engine speaks.
//!
//! Read from the flag when the command line is, made into an [`Engine`] when the house opens. A
//! command is split into words as a shell would, without asking one: quotes and backslashes are
//! understood, variables and pipes are not.

use super::Engine;
use crate::process::found;
use exchange::webhooks::url::Url;
use std::str::FromStr;

/// The program that speaks unless told otherwise.
const ESPEAK: &str = "espeak-ng";
/// Words of a command.
const WORDS_MAX: usize = 64;

/// What the operator chose.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Choice {
    /// espeak-ng if it is on the PATH, else none.
    #[default]
    Auto,
    /// No engine.
    None,
    /// espeak-ng, which has to be there.
    Espeak,
    /// A command, split into words.
    Command(Vec<String>),
    /// The URL of a service.
    Http(String),
}

/// Why a choice can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("--speech {text}: {why}")]
pub struct ChoiceError {
    text: String,
    why: String,
}

impl FromStr for Choice {
    type Err = ChoiceError;

    /// Reads `auto`, `none`, `espeak-ng`, `command:PROGRAM …` or a URL.
    fn from_str(text: &str) -> Result<Choice, ChoiceError> {
        let error = |why: String| ChoiceError { text: text.to_owned(), why };
        match text.trim() {
            "auto" => Ok(Choice::Auto),
            "none" => Ok(Choice::None),
            ESPEAK => Ok(Choice::Espeak),
            url if url.starts_with("http://") || url.starts_with("https://") => {
                Url::parse(url).map_err(|bad| error(bad.to_string()))?;
                Ok(Choice::Http(url.to_owned()))
            }
            other => match other.strip_prefix("command:") {
                Some(line) => words(line).map(Choice::Command).map_err(error),
                None => Err(error("use auto, none, espeak-ng, command:PROGRAM … or a URL".into())),
            },
        }
    }
}

impl Choice {
    /// The engine, with its program found.
    ///
    /// # Errors
    /// The program is not there.
    pub fn engine(&self) -> Result<Engine, ChoiceError> {
        match self {
            Choice::None => Ok(Engine::None),
            Choice::Http(url) => Ok(Engine::Http(url.clone())),
            Choice::Auto => Ok(found(ESPEAK).map_or(Engine::None, Engine::Espeak)),
            Choice::Espeak => {
                let found = found(ESPEAK);
                found.map(Engine::Espeak).ok_or_else(|| missing(ESPEAK, ESPEAK))
            }
            Choice::Command(words) => {
                let program = words.first().map_or("", String::as_str);
                let path = found(program).ok_or_else(|| missing("command", program))?;
                let mut words = words.clone();
                words[0] = path.to_string_lossy().into_owned();
                Ok(Engine::Command(words))
            }
        }
    }
}

fn missing(text: &str, program: &str) -> ChoiceError {
    let why = format!("there is no program {program:?} that can be run");
    ChoiceError { text: text.to_owned(), why }
}

/// A line's words: blanks part them, quotes hold them together, a backslash takes the next sign as
/// it is (not within single quotes).
fn words(line: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    let mut signs = line.chars();
    while let Some(sign) = signs.next() {
        match (sign, quote) {
            ('\\', None | Some('"')) => {
                let next = signs.next().ok_or("a backslash stands at the end")?;
                word.get_or_insert_default().push(next);
            }
            (sign, Some(open)) if sign == open => quote = None,
            ('\'' | '"', None) => {
                quote = Some(sign);
                word.get_or_insert_default();
            }
            (sign, None) if sign.is_whitespace() => words.extend(word.take()),
            (sign, _) => word.get_or_insert_default().push(sign),
        }
    }
    if quote.is_some() {
        return Err("a quote is not closed".to_owned());
    }
    words.extend(word);
    match words.len() {
        0 => Err("the command is missing".to_owned()),
        count if count > WORDS_MAX => Err(format!("at most {WORDS_MAX} words")),
        _ => Ok(words),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_split_as_a_shell_would_without_one() {
        for (line, split) in [
            ("/a/tts --voice {voice}", &["/a/tts", "--voice", "{voice}"][..]),
            ("  tts   'a b' \"c 'd'\" e\\ f ", &["tts", "a b", "c 'd'", "e f"]),
            ("tts '' \"\"", &["tts", "", ""]),
            ("tts a'b'\"c\" 'a\\b' \"a\\\"b\"", &["tts", "abc", "a\\b", "a\"b"]),
            ("tts $HOME | rm `x` ; y", &["tts", "$HOME", "|", "rm", "`x`", ";", "y"]),
        ] {
            assert_eq!(words(line).expect("words"), split, "{line}");
        }
        for line in ["", "  ", "tts 'a", "tts \"a", "tts \\", &"x ".repeat(WORDS_MAX + 1)] {
            assert!(words(line).is_err(), "{line}");
        }
    }

    #[test]
    fn a_choice_is_read_and_nonsense_refused() {
        for (text, choice) in [
            ("auto", Choice::Auto),
            ("none", Choice::None),
            (" espeak-ng ", Choice::Espeak),
            ("http://localhost:5002/api/tts", Choice::Http("http://localhost:5002/api/tts".into())),
            ("command:a b", Choice::Command(vec!["a".into(), "b".into()])),
        ] {
            assert_eq!(text.parse(), Ok(choice), "{text}");
        }
        for text in ["", "piper", "command:", "http://", "ftp://x", "espeak"] {
            let error = text.parse::<Choice>().expect_err(text);
            assert!(error.to_string().starts_with("--speech "), "{error}");
        }
    }

    #[test]
    fn a_program_that_is_not_there_is_noticed_at_the_start() {
        for line in
            ["command:/nowhere/tts", "command:no-such-program-anywhere", "command:/", "command:''"]
        {
            let choice: Choice = line.parse().expect("a command");
            assert!(choice.engine().is_err(), "{line}");
        }
    }
}
