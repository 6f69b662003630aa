//! Carries out the script of `offhook call --press` on a live call.
//!
//! Keys and words wait until the call is answered; `wait`, `until` and `hangup` do not. With real
//! time, waiting is waiting. With virtual time it is an order to the clock, and before each step
//! the house comes to rest: the same script makes the same call everywhere. Contract: DESIGN
//! section 3 (Time).

use super::api::Api;
use super::call_session::{News, is_final, news, order};
use super::failure::Failure;
use super::press::Step;
use super::transcript::Line;
use serde_json::Value;
use std::cell::Cell;
use std::collections::VecDeque;
use std::time::Duration;
use tokio::sync::watch;
use webhook::Form;

/// How long the house may hold a question for news, with real time.
const NEWS_WAIT: &str = "PT10S";
/// Virtual time that passes between two looks, while a person listens for something.
const LISTEN_STEP: &str = "PT1S";
/// Virtual time that passes at once, when the script is done and the call is not.
const END_STEP: &str = "PT1M";
/// Real time that others get to act in, when a minute of virtual time brought nothing.
const OTHERS_WAIT: &str = "PT0.25S";

/// What a script has heard of its call so far.
pub(super) struct Hearing<'p> {
    api: Api,
    path: &'p str,
    over: watch::Receiver<bool>,
    is_virtual: bool,
    status: String,
    after: u64,
    /// What no `until` has passed yet.
    heard: VecDeque<String>,
}

/// Does step by step what a script says; the first step that the call left no time for,
/// unless only `wait` and `hangup` are left.
///
/// # Errors
/// The server's refusal, or no server.
pub(super) async fn perform(
    hearing: &mut Hearing<'_>,
    steps: &[Step],
    by_person: &Cell<bool>,
    moves_time: bool,
) -> Result<Option<Step>, Failure> {
    for (at, step) in steps.iter().enumerate() {
        let is_done = hearing.step(step).await?;
        let is_hangup = *step == Step::Hangup;
        if is_hangup && is_done {
            by_person.set(true);
        }
        if is_hangup || !is_done {
            return Ok(steps[at..].iter().find(|step| !step.is_idle()).cloned());
        }
    }
    if moves_time && hearing.is_virtual {
        hearing.let_it_end().await?;
    }
    Ok(None)
}

impl<'p> Hearing<'p> {
    pub(super) async fn new(
        mut api: Api,
        path: &'p str,
        over: watch::Receiver<bool>,
    ) -> Result<Hearing<'p>, Failure> {
        // A house with a real carrier has no clock to be asked for: its time is real.
        let clock = api.look("/offhook/v1/Clock").await?;
        let is_virtual = clock.status == 200 && clock.body["mode"] == "virtual";
        let (status, heard) = (String::new(), VecDeque::new());
        Ok(Hearing { api, path, over, is_virtual, status, after: 0, heard })
    }

    /// Does a step; `false` when the call was over before it could be done.
    async fn step(&mut self, step: &Step) -> Result<bool, Failure> {
        let (what, form) = match step {
            Step::Until(text) => return self.until(text).await,
            Step::Wait(time) => return self.wait(*time).await,
            Step::Hangup => {
                self.rest().await?;
                return order(&mut self.api, self.path, "Hangup", &Form::new()).await;
            }
            Step::Keys(keys) => ("Digits", Form::from_pairs([("Digits", keys.as_str())])),
            Step::Say(text) => ("Speech", Form::from_pairs([("Text", text.as_str())])),
        };
        while self.status != "in-progress" {
            if is_final(&self.status) {
                return Ok(false);
            }
            self.hear_more().await?;
        }
        self.rest().await?;
        order(&mut self.api, self.path, what, &form).await
    }

    /// Hears until `text` is in what is heard; what was before it is passed.
    async fn until(&mut self, text: &str) -> Result<bool, Failure> {
        let wanted = text.to_lowercase();
        loop {
            while let Some(heard) = self.heard.pop_front() {
                if heard.to_lowercase().contains(&wanted) {
                    return Ok(true);
                }
            }
            if is_final(&self.status) {
                return Ok(false);
            }
            self.hear_more().await?;
        }
    }

    async fn wait(&mut self, time: Duration) -> Result<bool, Failure> {
        if self.is_virtual {
            self.advance(&[("Advance", &format!("PT{}S", time.as_secs_f64()))]).await?;
            return Ok(true);
        }
        tokio::select! {
            () = tokio::time::sleep(time) => Ok(true),
            _ = self.over.wait_for(|over| *over) => Ok(false),
        }
    }

    /// Hears what there is; with virtual time lets some pass when there is nothing new.
    async fn hear_more(&mut self) -> Result<(), Failure> {
        if !self.is_virtual {
            return self.hear(Some(NEWS_WAIT)).await.map(drop);
        }
        self.rest().await?;
        if self.hear(None).await? == 0 && !is_final(&self.status) {
            self.advance(&[("Advance", LISTEN_STEP)]).await?;
            self.hear(None).await?;
        }
        Ok(())
    }

    /// Hears what is new; how many lines.
    async fn hear(&mut self, wait: Option<&str>) -> Result<usize, Failure> {
        let News { status, lines, .. } = news(&mut self.api, self.path, self.after, wait).await?;
        self.status = status;
        self.after += lines.len() as u64;
        self.heard.extend(lines.iter().filter_map(|line| Line::parse(line)?.heard()));
        Ok(lines.len())
    }

    /// Virtual time: whatever is under way has come to its end. Real time does not rest.
    async fn rest(&mut self) -> Result<(), Failure> {
        if self.is_virtual {
            self.advance(&[("Advance", "PT0S")]).await?;
        }
        Ok(())
    }

    async fn advance(&mut self, order: &[(&str, &str)]) -> Result<(), Failure> {
        let form = Form::from_pairs(order.iter().copied());
        let clock: Value = self.api.post("/offhook/v1/Clock", &form).await?;
        // Somebody may set the clock to real time meanwhile.
        self.is_virtual = clock["mode"] == "virtual";
        Ok(())
    }

    /// Lets virtual time pass until the call has ended by itself.
    async fn let_it_end(&mut self) -> Result<(), Failure> {
        self.rest().await?;
        self.hear(None).await?;
        while !is_final(&self.status) && self.is_virtual {
            self.advance(&[("Advance", "idle"), ("Limit", END_STEP)]).await?;
            if self.hear(None).await? == 0 && !is_final(&self.status) {
                self.hear(Some(OTHERS_WAIT)).await?;
            }
        }
        Ok(())
    }
}
