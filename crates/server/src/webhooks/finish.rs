//! An exchange came home: its outcome and all that follows become one change.
//!
//! Status of the row, its log, what the answer wants (`ask`), cookies, alerts. Called by the
//! delivery thread, which submits the change; nothing here writes or sends.

use super::destinations::Job;
use super::exchange::Signer;
use super::{answers, ask, trouble};
use crate::chats;
use crate::clock::Work;
use crate::house::House;
use client::{Answer, Outcome};
use exchange::accounts::RetryProfile;
use exchange::alerts::codes::Level;
use exchange::webhooks::acknowledgement::{self, Acknowledgement};
use exchange::webhooks::cookies::{COOKIE_IDLE_MAX, Jar};
use exchange::webhooks::failure::Failure;
use exchange::webhooks::retry;
use exchange::webhooks::{Finish, Kind, ProblemRecord, Purpose, Status, Webhook};
use jiff::{SignedDuration, Timestamp};
use store::{Change, Cookies, StoreError, Write};
use twiml::Realm;
use webhook::Form;

/// A call's progress was answered with a 4xx or 5xx.
const PROGRESS_ANSWERED_WITH_ERROR: u32 = 15_003;
/// A message of a client program was answered with a 4xx or 5xx.
const USER_MESSAGE_ANSWERED_WITH_ERROR: u32 = 32_711;

/// An exchange that came home.
pub(super) struct Done {
    /// What was sent.
    pub(super) job: Job,
    /// Its parameters.
    pub(super) form: Form,
    /// How it went.
    pub(super) outcome: Outcome,
    /// When it began: wire time, Unix microseconds.
    pub(super) begun_us: i64,
    /// The conversation's jar before it.
    pub(super) cookies_before: Option<String>,
    /// Time stands still until the outcome is on its way to the store.
    pub(super) work: Work,
}

/// The jar of the conversation, for asks; forgotten after four idle hours.
pub(super) fn cookies(house: &House, webhook: &Webhook, form: &Form) -> Option<Jar> {
    if webhook.purpose != Purpose::InboundMessage {
        return None;
    }
    let (number, peer) = pair(form)?;
    let kept = house.store.cookies(webhook.account, number, peer).ok().flatten();
    let idle_max = SignedDuration::try_from(COOKIE_IDLE_MAX).unwrap_or(SignedDuration::MAX);
    let fresh = kept.filter(|kept| house.now().duration_since(kept.used) < idle_max);
    Some(fresh.map(|kept| Jar::from_text(&kept.jar)).unwrap_or_default())
}

/// Everything that follows from an exchange, as one change.
///
/// # Errors
/// The store's, when something it needs to know can't be read.
pub(super) fn change(house: &House, signer: &Signer, done: &Done) -> Result<Change, StoreError> {
    let (webhook, outcome) = (&done.job.webhook, &done.outcome);
    let mut follow_up = Change::default();
    let mut problems = Vec::new();
    for found in &outcome.problems {
        problems.push(trouble::problem(found.code, found.message.clone(), None));
    }
    let failed = match (webhook.kind, webhook.purpose) {
        (Kind::Ask, Purpose::InboundMessage) => {
            let followed =
                ask::follow(house, signer, (webhook, &done.form), outcome, &mut follow_up)?;
            problems.extend(followed.problems);
            followed.failed
        }
        (Kind::Ask, Purpose::Conversation) => {
            let found =
                chats::advice::follow(house, (webhook, &done.form), outcome, &mut follow_up)?;
            let failed = found.iter().any(|problem| problem.level == "error");
            problems = found;
            failed
        }
        _ => {
            match &outcome.result {
                Err(failure) => {
                    let code = code(webhook, failure);
                    problems.push(trouble::problem(code, failure.to_string(), None));
                }
                Ok(answer) => problems.extend(unexpected(webhook, answer)),
            }
            outcome.result.is_err()
        }
    };
    let (status, due, failures) = next(house, signer, webhook, failed);
    let mut change = Change::default();
    change.writes.push(Write::FinishWebhook(Box::new(Finish {
        id: webhook.id,
        status,
        due,
        failures,
        late: done.job.late,
        begun_us: done.begun_us,
        attempts: answers::attempts(outcome, done.begun_us),
        answer: answers::answer(outcome),
        problems: problems.clone(),
    })));
    change.writes.append(&mut follow_up.writes);
    change.webhooks.append(&mut follow_up.webhooks);
    keep_cookies(house, done, &mut change);
    let about = || trouble::About {
        purpose: webhook.purpose,
        resource: webhook.resource,
        request: answers::request(webhook, outcome),
    };
    trouble::raise(house, &signer.account, about, &problems, &mut change);
    Ok(change)
}

/// The code of a tell that failed. An application that answers a call's progress with an error
/// has a warning of its own (webhooks.md 2d), and so has one that does so with a client program's message.
fn code(webhook: &Webhook, failure: &Failure) -> u32 {
    match (webhook.purpose, failure) {
        (Purpose::CallStatus, Failure::Status(_)) => PROGRESS_ANSWERED_WITH_ERROR,
        (Purpose::SinkEvent, _) => crate::sinks::UNDELIVERED,
        (Purpose::UserMessage, Failure::Status(_)) => USER_MESSAGE_ANSWERED_WITH_ERROR,
        (_, failure) => failure.code(),
    }
}

/// What is unexpected in the answer to a status callback: a warning, and nothing more.
fn unexpected(webhook: &Webhook, answer: &Answer) -> Option<ProblemRecord> {
    let realm = match webhook.purpose {
        Purpose::MessageStatus => Realm::Messaging,
        purpose if purpose.is_voice() => Realm::Voice,
        _ => return None,
    };
    if answer.body.is_empty() {
        return None;
    }
    let body = answers::text(answer);
    let acknowledgement = Acknowledgement {
        content_type: answers::content_type(answer),
        body: &body,
        whole: !answer.truncated && !answer.undecoded,
    };
    let remark = acknowledgement::judge(acknowledgement, realm)?;
    let problem = trouble::problem(remark.code, remark.message, remark.at);
    Some(ProblemRecord { level: Level::Warning.as_str(), ..problem })
}

/// What becomes of the row: status, the time of its end or of its next exchange, failures.
fn next(
    house: &House,
    signer: &Signer,
    webhook: &Webhook,
    failed: bool,
) -> (Status, Timestamp, u32) {
    let now = house.now();
    if !failed {
        return (Status::Done, now, webhook.failures);
    }
    let failures = webhook.failures + 1;
    if webhook.purpose == Purpose::SinkEvent {
        return match retry::next_of_sink(failures, house.ids.spread(), webhook.created, now) {
            Some(due) => (Status::Waiting, due, failures),
            None => (Status::Dead, now, failures),
        };
    }
    let durable = signer.account.settings.retry_profile == RetryProfile::Durable;
    if webhook.kind == Kind::Ask || webhook.purpose == Purpose::Replay || !durable {
        return (Status::Failed, now, failures);
    }
    match retry::next(failures, house.ids.spread(), now) {
        Some(due) => (Status::Waiting, due, failures),
        None => (Status::Dead, now, failures),
    }
}

fn keep_cookies(house: &House, done: &Done, change: &mut Change) {
    let Some(jar) = &done.outcome.cookies else { return };
    let text = jar.to_text();
    let unchanged = done.cookies_before.as_deref() == Some(text.as_str());
    // A jar in use is written again: that is how its idle time is known.
    if jar.is_empty() && unchanged {
        return;
    }
    let Some((number, peer)) = pair(&done.form) else { return };
    change.writes.push(Write::PutCookies(Box::new(Cookies {
        account: done.job.webhook.account,
        number: number.to_owned(),
        peer: peer.to_owned(),
        jar: text,
        used: house.now(),
    })));
}

/// The number of the house and the person of an ask.
fn pair(form: &Form) -> Option<(&str, &str)> {
    Some((form.get("To")?, form.get("From")?))
}
