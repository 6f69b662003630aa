//! A person's end of a live call: hears it line by line, and presses, says, hangs up.
//!
//! ```text
//! listen    ── Transcript ──▶ the screen, until the call has ended ─┐
//! person    ── steps of a script, or what is typed ─▶ Digits, …  ◀──┤ over
//! interrupt ── Ctrl-C ─▶ Hangup                                  ◀──┘
//! ```
//!
//! For `call` and `answer`; each of the three has a connection of its own, because an order may
//! wait for an application while the call is heard. On a virtual clock the person moves house
//! time: their waiting is an order to it. Contract: DESIGN sections 1 and 3.

use super::api::{Api, segment, with_query};
use super::call_script::{Hearing, perform};
use super::failure::Failure;
use super::press::Step;
use super::server_address::ServerFlags;
use super::signals::Signals;
use super::terminal::{line, note};
use super::transcript::{Line, Screen};
use super::typing;
use serde_json::Value;
use std::cell::Cell;
use std::time::Duration;
use tokio::sync::watch;
use webhook::Form;

/// How long the house may hold a question for news of a call.
const NEWS_WAIT: &str = "PT10S";
/// Pause after an answer without news, in case the house does not hold the question.
const NO_NEWS_PAUSE: Duration = Duration::from_millis(10);

/// One person's end of one call.
pub(super) struct Session<'s> {
    /// Where the server is.
    pub(super) server: &'s ServerFlags,
    /// The handset.
    pub(super) address: &'s str,
    /// The call, as the handset sees it.
    pub(super) sid: &'s str,
    /// How long it may take; `None`: as long as the person wishes.
    pub(super) timeout: Option<Duration>,
}

/// What the person does.
pub(super) enum Doing {
    /// What a script says; at its end, `moves_time` lets a virtual call run to its own end.
    Script { steps: Vec<Step>, moves_time: bool },
    /// What is typed; a call that `rings` is answered first.
    Typing { rings: bool },
}

/// How a call ended.
#[derive(Debug)]
pub(super) struct Ended {
    /// Its last status.
    pub(super) status: String,
    /// Whether Twilio's sentence for a failed application was heard.
    pub(super) application_failed: bool,
    /// Whether this person hung up or declined.
    pub(super) by_person: bool,
    /// The first step that the call left no time for.
    pub(super) undone: Option<Step>,
}

/// The path of a handset's call.
pub(super) fn path(address: &str, sid: &str) -> String {
    format!("/offhook/v1/Phones/{}/Calls/{}", segment(address), segment(sid))
}

/// Whether nothing follows a status.
pub(super) fn is_final(status: &str) -> bool {
    matches!(status, "completed" | "busy" | "failed" | "no-answer" | "canceled")
}

/// Lines of a transcript from a point on.
pub(super) struct News {
    /// The call's status.
    pub(super) status: String,
    /// New lines.
    pub(super) lines: Vec<String>,
    /// How many lines there are in all.
    pub(super) count: u64,
}

/// Asks for the lines after the first `after`, and for how long to wait for one.
pub(super) async fn news(
    api: &mut Api,
    path: &str,
    after: u64,
    wait: Option<&str>,
) -> Result<News, Failure> {
    let mut query = Form::from_pairs([("After", after.to_string())]);
    if let Some(wait) = wait {
        query.push("Wait", wait);
    }
    let answer = api.get(&with_query(&format!("{path}/Transcript"), &query)).await?;
    let lines: Vec<String> = answer["lines"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|line| line.as_str().map(str::to_owned))
        .collect();
    let heard = after + lines.len() as u64;
    let count = answer["count"].as_u64().unwrap_or(heard);
    let status = answer["status"].as_str().unwrap_or_default().to_owned();
    if lines.is_empty() && wait.is_some() && !is_final(&status) {
        tokio::time::sleep(NO_NEWS_PAUSE).await;
    }
    Ok(News { status, lines, count })
}

impl Session<'_> {
    /// Takes part until the call has ended.
    ///
    /// # Errors
    /// The server's refusal, no server, or the time is up; then the person has hung up.
    pub(super) async fn run(&self, doing: Doing) -> Result<Ended, Failure> {
        let taking_part = self.take_part(doing);
        let failure = match self.timeout {
            None => match taking_part.await {
                Ok(ended) => return Ok(ended),
                Err(failure) => failure,
            },
            Some(wait) => match tokio::time::timeout(wait, taking_part).await {
                Ok(Ok(ended)) => return Ok(ended),
                Ok(Err(failure)) => failure,
                Err(_) => Failure::failed(format!(
                    "the call had not ended within {} s, so it was hung up; --timeout gives it \
                     more",
                    wait.as_secs()
                )),
            },
        };
        // Nobody is at this phone any more; when the server is gone there is nothing to hang up.
        if let Ok(mut api) = Api::open(self.server).await {
            let _ = api.post(&format!("{}/Hangup", self.path()), &Form::new()).await;
        }
        Err(failure)
    }

    fn path(&self) -> String {
        path(self.address, self.sid)
    }

    async fn take_part(&self, doing: Doing) -> Result<Ended, Failure> {
        let path = self.path();
        let (tell, over) = watch::channel(false);
        let by_person = Cell::new(false);
        let listening = async {
            let heard = self.listen(&path).await?;
            tell.send_replace(true);
            Ok(heard)
        };
        let acting = async {
            let mut api = Api::open(self.server).await?;
            match doing {
                Doing::Typing { rings } => {
                    typing::follow(&mut api, &path, (rings, &by_person), over.clone()).await?;
                    Ok(None)
                }
                Doing::Script { steps, moves_time } => {
                    let mut hearing = Hearing::new(api, &path, over.clone()).await?;
                    perform(&mut hearing, &steps, &by_person, moves_time).await
                }
            }
        };
        let interrupts = self.interrupts(&path, &by_person, over.clone());
        let (heard, undone, ()) = tokio::try_join!(listening, acting, interrupts)?;
        let (status, application_failed) = heard;
        Ok(Ended { status, application_failed, by_person: by_person.get(), undone })
    }

    /// Shows what is heard; the last status, and whether the application failed.
    async fn listen(&self, path: &str) -> Result<(String, bool), Failure> {
        let mut api = Api::open(self.server).await?;
        let mut screen = Screen::default();
        let mut failed = false;
        let mut after = 0;
        loop {
            let news = news(&mut api, path, after, Some(NEWS_WAIT)).await?;
            for text in &news.lines {
                failed |= Line::parse(text).is_some_and(|line| line.is_application_error());
                if self.server.json {
                    line(format_args!("{}", Value::from(text.as_str())));
                } else {
                    screen.shown(text).iter().for_each(|shown| line(format_args!("{shown}")));
                }
            }
            after += news.lines.len() as u64;
            if is_final(&news.status) && (news.lines.is_empty() || after >= news.count) {
                return Ok((news.status, failed));
            }
        }
    }

    /// Ctrl-C, or being told to end, hangs up: a call that nobody holds any more would keep the
    /// line. Once more, and the program ends without waiting for the call's end.
    async fn interrupts(
        &self,
        path: &str,
        by_person: &Cell<bool>,
        mut over: watch::Receiver<bool>,
    ) -> Result<(), Failure> {
        let failed = |error: std::io::Error| Failure::failed(error.to_string());
        let mut signals = Signals::new().map_err(failed)?;
        let mut is_first = true;
        loop {
            tokio::select! {
                // The other side of the channel is gone only with this function.
                _ = over.wait_for(|over| *over) => return Ok(()),
                () = signals.next() => {}
            }
            if !is_first {
                return Err(Failure::said());
            }
            is_first = false;
            by_person.set(true);
            let mut api = Api::open(self.server).await?;
            // A phone that rings has nothing to hang up yet: its call is declined.
            if order(&mut api, path, "Hangup", &Form::new()).await.is_err() {
                order(&mut api, path, "Reject", &Form::new()).await?;
            }
        }
    }
}

/// Does something at the handset; `false` when the call is over and it can't be done any more.
pub(super) async fn order(
    api: &mut Api,
    path: &str,
    what: &str,
    form: &Form,
) -> Result<bool, Failure> {
    match api.post(&format!("{path}/{what}"), form).await {
        Ok(_) => Ok(true),
        // A call ends when it likes: what came too late is no mistake.
        Err(_) if is_final(&news(api, path, 0, None).await?.status) => Ok(false),
        Err(failure) => Err(failure),
    }
}

/// Says how a call ended that was never answered.
pub(super) fn note_unanswered(status: &str) {
    note(format_args!("hung up before anybody answered ({status})"));
}
