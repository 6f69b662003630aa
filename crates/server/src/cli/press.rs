//! What a person does during a call, written down: the script of `offhook call --press`.
//!
//! ```text
//! 1, until more options, wait 2, 5#, say yes\, please, hangup
//! ```
//!
//! Steps are separated by commas; `\,` is a comma, `\\` a backslash. Reads only; `call_session`
//! does it. Contract: DESIGN section 1 (`--press '1,wait 2,5#'`).

use std::fmt::{Display, Formatter};
use std::time::Duration;

/// Steps of a script.
const STEPS_MAX: usize = 1000;
/// Seconds of one `wait`: a day.
const WAIT_SECONDS_MAX: f64 = 86_400.0;

/// One thing a person does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// Presses these keys, one after the other.
    Keys(String),
    /// Says this.
    Say(String),
    /// Does nothing for so long.
    Wait(Duration),
    /// Listens until this is heard.
    Until(String),
    /// Hangs up.
    Hangup,
}

impl Step {
    /// Whether it makes no difference that the call has ended before it.
    pub(super) fn is_idle(&self) -> bool {
        matches!(self, Step::Wait(_) | Step::Hangup)
    }
}

impl Display for Step {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            Step::Keys(keys) => f.write_str(keys),
            Step::Say(text) => write!(f, "say {}", escaped(text)),
            Step::Wait(time) => write!(f, "wait {}", time.as_secs_f64()),
            Step::Until(text) => write!(f, "until {}", escaped(text)),
            Step::Hangup => f.write_str("hangup"),
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace(',', "\\,")
}

/// Reads a script.
///
/// # Errors
/// What is wrong with which step, for people.
pub(super) fn parse(script: &str) -> Result<Vec<Step>, String> {
    let parts = split(script);
    if parts.len() > STEPS_MAX {
        return Err(format!("at most {STEPS_MAX} steps are possible"));
    }
    let read = |(at, part): (usize, &String)| {
        step(part.trim()).map_err(|why| format!("step {}: {why}", at + 1))
    };
    parts.iter().enumerate().map(read).collect()
}

/// Cuts at the commas that are not escaped.
fn split(script: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut rest = script.chars().peekable();
    while let Some(c) = rest.next() {
        let last = parts.len() - 1;
        match (c, rest.peek()) {
            ('\\', Some(next @ (',' | '\\'))) => {
                parts[last].push(*next);
                rest.next();
            }
            (',', _) => parts.push(String::new()),
            _ => parts[last].push(c),
        }
    }
    parts
}

fn step(text: &str) -> Result<Step, String> {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let rest = rest.trim_start();
    match (word, rest.is_empty()) {
        ("", _) => Err("it is empty".into()),
        ("say" | "until", true) => Err(format!("`{word}` needs words")),
        ("say", false) => Ok(Step::Say(rest.into())),
        ("until", false) => Ok(Step::Until(rest.into())),
        ("wait", _) => wait(rest),
        ("hangup", true) => Ok(Step::Hangup),
        _ if is_keys(text) => Ok(Step::Keys(text.into())),
        _ => Err(format!(
            "`{text}` is not a step; use keys (0-9 * # A-D), wait SECONDS, say WORDS, until WORDS \
             or hangup"
        )),
    }
}

fn wait(text: &str) -> Result<Step, String> {
    let seconds: Option<f64> = text.parse().ok();
    match seconds.filter(|seconds| (0.0..=WAIT_SECONDS_MAX).contains(seconds)) {
        // Finer than house time's milliseconds would promise too much.
        Some(seconds) => Ok(Step::Wait(Duration::from_millis((seconds * 1000.0).round() as u64))),
        None => Err(format!("`wait {text}`: use seconds up to {WAIT_SECONDS_MAX}, such as 2")),
    }
}

/// Whether a text is keys of a phone and nothing else.
pub(super) fn is_keys(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'A'..=b'D' | b'*' | b'#'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn seconds(seconds: f64) -> Step {
        Step::Wait(Duration::from_secs_f64(seconds))
    }

    #[test]
    fn a_script_is_steps_between_commas() {
        for (script, steps) in [
            ("1", vec![Step::Keys("1".into())]),
            ("1,wait 2,5#", vec![Step::Keys("1".into()), seconds(2.0), Step::Keys("5#".into())]),
            (" *0A , hangup ", vec![Step::Keys("*0A".into()), Step::Hangup]),
            ("wait 0.5,wait 0", vec![seconds(0.5), seconds(0.0)]),
            ("say yes\\, please", vec![Step::Say("yes, please".into())]),
            ("say C:\\dir \\\\ \\", vec![Step::Say("C:\\dir \\ \\".into())]),
            (
                "until  Press 1 ,say 1 2 3",
                vec![Step::Until("Press 1".into()), Step::Say("1 2 3".into())],
            ),
            ("say hangup", vec![Step::Say("hangup".into())]),
        ] {
            assert_eq!(parse(script), Ok(steps), "{script}");
        }
    }

    #[test]
    fn what_is_no_step_is_named() {
        for (script, why) in [
            ("", "step 1: it is empty"),
            ("1,,2", "step 2: it is empty"),
            ("1,", "step 2: it is empty"),
            ("1,say", "step 2: `say` needs words"),
            ("until ", "step 1: `until` needs words"),
            ("wait", "step 1: `wait `: use seconds"),
            ("wait soon", "`wait soon`: use seconds"),
            ("wait -1", "use seconds"),
            ("wait NaN", "use seconds"),
            ("wait 1e9", "use seconds"),
            ("hello", "`hello` is not a step; use keys"),
            ("hangup now", "`hangup now` is not a step"),
            ("1 2", "`1 2` is not a step"),
            ("12e", "`12e` is not a step"),
            ("ñ", "`ñ` is not a step"),
        ] {
            let error = parse(script).expect_err(script);
            assert!(error.contains(why), "{script}: {error}");
        }
        assert!(parse(&vec!["1"; STEPS_MAX].join(",")).is_ok());
        assert!(parse(&vec!["1"; STEPS_MAX + 1].join(",")).is_err());
    }

    fn any_step() -> impl Strategy<Value = Step> {
        let words = || "[^\\s]([^\r\n]*[^\\s])?";
        prop_oneof![
            "[0-9A-D*#]{1,8}".prop_map(Step::Keys),
            words().prop_map(Step::Say),
            words().prop_map(Step::Until),
            (0..86_400_000_u64).prop_map(|ms| Step::Wait(Duration::from_millis(ms))),
            Just(Step::Hangup),
        ]
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(steps in proptest::collection::vec(any_step(), 1..9)) {
            let script: Vec<String> = steps.iter().map(Step::to_string).collect();
            prop_assert_eq!(parse(&script.join(", ")), Ok(steps));
        }

        #[test]
        fn no_text_panics(script in any::<String>()) {
            let _ = parse(&script);
        }
    }
}
