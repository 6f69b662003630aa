//! What a person types during a call: keys, words, orders.

use super::api::Api;
use super::call_session::order;
use super::failure::Failure;
use super::press::is_keys;
use super::terminal::note;
use std::cell::Cell;
use std::io::BufRead;
use tokio::sync::mpsc::{Receiver, channel};
use tokio::sync::watch;
use webhook::Form;

/// Lines that were typed and not read yet.
const TYPED_LINES_MAX: usize = 16;

/// Said once at the start.
const HELP: &str = "Type keys (1, 5#) or words to say, then Enter; /hangup or Ctrl-C hangs up.";
/// Said while it rings.
const RINGING_HELP: &str = "Enter answers, /reject declines.";
/// Said at the start with virtual time.
const VIRTUAL_HELP: &str = "House time is virtual and stands still: /wait SECONDS lets it pass.";

/// What a typed line means.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Typed {
    Nothing,
    Keys(String),
    Words(String),
    Hangup,
    Answer,
    Reject,
    Wait(String),
    Unknown(String),
}

/// Reads a typed line; while the phone rings there is nobody to hear keys or words.
fn read(text: &str, rings: bool) -> Typed {
    let text = text.trim();
    match (text, rings) {
        ("/hangup", false) => Typed::Hangup,
        ("" | "/answer", true) => Typed::Answer,
        ("/reject" | "/hangup", true) => Typed::Reject,
        ("", false) => Typed::Nothing,
        _ => match text.strip_prefix("/wait ").map(str::trim) {
            Some(seconds) if seconds.parse::<u32>().is_ok() => Typed::Wait(seconds.to_owned()),
            _ if text.starts_with('/') || rings => Typed::Unknown(text.to_owned()),
            _ if is_keys(text) && !text.contains(['A', 'B', 'C', 'D']) => {
                Typed::Keys(text.to_owned())
            }
            _ => Typed::Words(text.to_owned()),
        },
    }
}

/// Does what is typed until the call is over.
///
/// # Errors
/// The server's refusal, or no server.
pub(super) async fn follow(
    api: &mut Api,
    path: &str,
    (mut rings, by_person): (bool, &Cell<bool>),
    mut over: watch::Receiver<bool>,
) -> Result<(), Failure> {
    if rings {
        note(format_args!("{RINGING_HELP}"));
    } else {
        help(api).await?;
    }
    let mut lines = typed_lines();
    loop {
        let text = tokio::select! {
            _ = over.wait_for(|over| *over) => return Ok(()),
            text = lines.recv() => text,
        };
        // The end of the input (Ctrl-D) is no hang-up: one may go on listening.
        let Some(text) = text else {
            let _ = over.wait_for(|over| *over).await;
            return Ok(());
        };
        let (what, form) = match read(&text, rings) {
            Typed::Nothing => continue,
            Typed::Unknown(_) if rings => {
                note(format_args!("it rings and hears nothing yet: {RINGING_HELP}"));
                continue;
            }
            Typed::Unknown(text) => {
                note(format_args!("{text} means nothing here. {HELP}"));
                continue;
            }
            Typed::Wait(seconds) => {
                let advance = [("Advance", format!("PT{seconds}S"))];
                refused_or(api.post("/offhook/v1/Clock", &Form::from_pairs(advance)).await);
                continue;
            }
            Typed::Keys(keys) => ("Digits", Form::from_pairs([("Digits", keys)])),
            Typed::Words(words) => ("Speech", Form::from_pairs([("Text", words)])),
            Typed::Hangup => ("Hangup", Form::new()),
            Typed::Answer => ("Answer", Form::new()),
            Typed::Reject => ("Reject", Form::new()),
        };
        if matches!(what, "Hangup" | "Reject") {
            by_person.set(true);
        }
        let done = refused_or(order(api, path, what, &form).await).unwrap_or(false);
        if rings && done && what == "Answer" {
            rings = false;
            help(api).await?;
        }
    }
}

/// A refusal is said, and the call goes on: a person can try something else.
fn refused_or<T>(done: Result<T, Failure>) -> Option<T> {
    match done {
        Ok(done) => Some(done),
        Err(failure) => {
            failure.say();
            None
        }
    }
}

async fn help(api: &mut Api) -> Result<(), Failure> {
    note(format_args!("{HELP}"));
    let clock = api.look("/offhook/v1/Clock").await?;
    if clock.status == 200 && clock.body["mode"] == "virtual" {
        note(format_args!("{VIRTUAL_HELP}"));
    }
    Ok(())
}

/// Lines as they are typed. A thread of its own reads them: it may sit in the read when the
/// program ends.
fn typed_lines() -> Receiver<String> {
    let (sender, lines) = channel(TYPED_LINES_MAX);
    std::thread::spawn(move || {
        for text in std::io::stdin().lock().lines().map_while(Result::ok) {
            if sender.blocking_send(text).is_err() {
                return;
            }
        }
    });
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_pressed_words_are_said() {
        for (text, meant) in [
            ("1", Typed::Keys("1".into())),
            (" 5*# ", Typed::Keys("5*#".into())),
            ("A", Typed::Words("A".into())),
            ("yes please", Typed::Words("yes please".into())),
            ("1 2", Typed::Words("1 2".into())),
            ("", Typed::Nothing),
            ("/hangup", Typed::Hangup),
            ("/wait 10", Typed::Wait("10".into())),
            ("/wait long", Typed::Unknown("/wait long".into())),
            ("/help", Typed::Unknown("/help".into())),
        ] {
            assert_eq!(read(text, false), meant, "{text}");
        }
    }

    #[test]
    fn a_phone_that_rings_is_answered_or_not() {
        for (text, meant) in [
            ("", Typed::Answer),
            ("/answer", Typed::Answer),
            ("/reject", Typed::Reject),
            ("/hangup", Typed::Reject),
            ("/wait 10", Typed::Wait("10".into())),
            ("1", Typed::Unknown("1".into())),
        ] {
            assert_eq!(read(text, true), meant, "{text}");
        }
    }
}
