//! `offhook call`: the person dials, hears the call as text, presses keys, speaks, hangs up; when
//! the application failed, says how.

use super::api::{Api, segment};
use super::asks;
use super::call_session::{Doing, Ended, Session, note_unanswered};
use super::failure::Failure;
use super::press::{self, Step};
use super::server_address::ServerFlags;
use super::terminal::{line, note, plain};
use std::io::IsTerminal;
use std::time::Duration;
use webhook::Form;

/// Seconds that a call may take when nobody sits at a terminal.
const TIMEOUT_SECONDS: u64 = 120;

/// What `--press` takes, for the help of both commands.
pub(super) const SCRIPT_HELP: &str = "A script is steps between commas (\\, is a comma in a text):\n  \
    5#            press keys, one after the other: 0-9 * # A-D\n  \
    say WORDS     speak\n  \
    until WORDS   listen until a line on the screen has these words, in any case\n  \
    wait SECONDS  let time pass; a virtual clock is moved by so much\n  \
    hangup        hang up\n\
    Keys and words wait until the call is answered. At the end it is listened to until it ends.";

/// Dial a number as a person would: hear the call as text, press keys, speak
#[derive(Debug, clap::Args)]
#[command(after_help = format!("In a terminal, type keys or words and Enter; /hangup or Ctrl-C \
    hangs up. Otherwise, without --press, it listens.\n\n{SCRIPT_HELP}\n\n\
    Exit code 1 when the call was not answered, the application failed, or the call ended before \
    the script did."))]
pub(super) struct Call {
    /// The number that is called, such as +12025550100
    to: String,
    /// The person's address
    #[arg(long, value_name = "NUMBER", default_value = "+12025550199")]
    from: String,
    /// What the person does, such as '1,wait 2,5#'
    #[arg(long, value_name = "SCRIPT")]
    press: Option<String>,
    /// Words said once the call is answered, before --press; repeatable
    #[arg(long, value_name = "WORDS")]
    say: Vec<String>,
    /// Print the call's sid and leave it to others
    #[arg(long, conflicts_with_all = ["press", "say"])]
    no_wait: bool,
    /// How long the call may take before it is hung up [default: 120; in a terminal, no limit]
    #[arg(long, value_name = "SECONDS")]
    timeout: Option<u64>,
    #[command(flatten)]
    server: ServerFlags,
}

pub(super) async fn run(call: Call) -> Result<(), Failure> {
    let (doing, timeout) = doing(call.press.as_deref(), &call.say, call.timeout)?;
    let mut api = Api::open(&call.server).await?;
    let calls = format!("/offhook/v1/Phones/{}/Calls", segment(&call.from));
    let made = api.post(&calls, &Form::from_pairs([("To", call.to.as_str())])).await?;
    let sid = made["sid"].as_str().unwrap_or_default();
    if call.no_wait {
        match call.server.json {
            true => line(format_args!("{made}")),
            false => line(format_args!("{sid}")),
        }
        return Ok(());
    }
    let session = Session { server: &call.server, address: &call.from, sid, timeout };
    let ended = session.run(doing).await?;
    judge(&mut api, sid, &plain(&call.to), &ended).await
}

/// What the person will do, and how long the call may take.
pub(super) fn doing(
    script: Option<&str>,
    say: &[String],
    timeout: Option<u64>,
) -> Result<(Doing, Option<Duration>), Failure> {
    let mut steps: Vec<Step> = say.iter().map(|words| Step::Say(words.clone())).collect();
    if let Some(script) = script {
        let read = press::parse(script);
        steps.extend(read.map_err(|why| Failure::wrong_use(format!("--press: {why}")))?);
    }
    let sits = script.is_none() && steps.is_empty() && std::io::stdin().is_terminal();
    let seconds = timeout.or((!sits).then_some(TIMEOUT_SECONDS));
    let doing = match sits {
        true => Doing::Typing { rings: false },
        false => Doing::Script { steps, moves_time: true },
    };
    Ok((doing, seconds.map(Duration::from_secs)))
}

/// Says what went wrong in the call.
async fn judge(api: &mut Api, sid: &str, to: &str, ended: &Ended) -> Result<(), Failure> {
    let asks = asks::of(api, sid).await?;
    for ask in asks.iter().flatten() {
        asks::write_problems(ask);
    }
    if ended.application_failed {
        return Err(Failure::failed(format!("the application of {to} failed during the call")));
    }
    let status = plain(&ended.status);
    let is_answered = status == "completed";
    if !is_answered && ended.by_person {
        note_unanswered(&status);
    } else if !is_answered && asks.as_ref().is_some_and(Vec::is_empty) {
        return Err(Failure::failed(format!(
            "the call was not answered ({status}): {to} has no URL for calls, so nobody was \
             asked; give it one with: {} numbers update {to} --voice-url URL",
            super::program()
        )));
    } else if !is_answered {
        let failed = asks.iter().flatten().any(asks::has_failed);
        let why = if failed { format!(": the application of {to} failed") } else { String::new() };
        return Err(Failure::failed(format!("the call was not answered ({status}){why}")));
    }
    left(ended)
}

/// A script that the call left no time for is not as wished.
pub(super) fn left(ended: &Ended) -> Result<(), Failure> {
    match &ended.undone {
        Some(step) => Err(Failure::failed(format!("the call ended before `{}`", step))),
        None => {
            if ended.status == "completed" && ended.by_person {
                note(format_args!("you hung up"));
            }
            Ok(())
        }
    }
}
