//! Documents: a live call's asks, their log entries and alerts.
//!
//! An ask of a call is live: it is no row before it has been answered. Then one change writes its
//! entry of the log, the alerts of what was wrong, and their tells.

use super::ends::NOT_ACTIVE;
use super::home::Home;
use super::switchboard::Board;
use crate::clock::Work;
use crate::webhooks::{answers, exchange as wire, read_answer, trouble};
use client::Outcome;
use exchange::accounts::{Account, AccountStatus};
use exchange::alerts::codes;
use exchange::alerts::raise::{self, Trouble};
use exchange::calls::request::{self, Stamp};
use exchange::calls::script::{Ask, Input, Ticket, transcript};
use exchange::documents::{Answer, Remark};
use exchange::numbers::{Method, Target};
use exchange::sid::CallSid;
use exchange::webhooks::{Finish, ProblemRecord, Purpose, Status, Webhook};
use store::{Change, Write};

/// A document that came, or did not.
pub(super) struct Fetched {
    sid: CallSid,
    /// Which of the leg's scripts asked, and by which order.
    asked: (u32, Ticket),
    account: Account,
    webhook: Webhook,
    outcome: Outcome,
    begun_us: i64,
    work: Work,
}

/// The request of an audio file, and how it went.
pub(super) struct Asked<'a> {
    pub(super) account: &'a Account,
    pub(super) webhook: Webhook,
    pub(super) outcome: &'a Outcome,
    pub(super) begun_us: i64,
}

impl Board {
    /// Asks for a document.
    pub(super) fn ask(&mut self, sid: CallSid, ticket: Ticket, ask: &Ask) {
        let now = self.now();
        let Some(leg) = self.legs.get(&sid) else { return };
        let stamp = Stamp { token: self.house.ids.token(), at: now };
        let webhook = request::ask(&leg.call, &ask.target, &ask.parameters, stamp);
        let account = match self.house.account(leg.call.account) {
            Ok(account) => account,
            Err(error) => {
                tracing::error!(%error, call.sid = %sid, "its account can't be read");
                let message = "the house is in trouble".to_owned();
                let answer = Answer::Failed { code: 12400, message };
                return self.give(sid, Input::Document(ticket, answer));
            }
        };
        if account.status != AccountStatus::Active {
            let message = format!("Account is not active: {} was not asked", webhook.url);
            let answer = Answer::Failed { code: NOT_ACTIVE, message };
            return self.give(sid, Input::Document(ticket, answer));
        }
        let (house, home, jar) = (self.house.clone(), self.home(), leg.jar.clone());
        let (asked, work) = ((leg.scripts, ticket), house.clock.work());
        let gates = self.turns.gates(account.sid, &webhook.url);
        self.errand(async move {
            let turn = gates.pass().await;
            let begun_us = house.clock.wire_us();
            let signer = wire::Signer::new(account);
            let form = webhook.form();
            let outcome = wire::run(&house, &signer, (&webhook, &form), Some(jar)).await;
            drop(turn);
            let account = signer.account;
            let fetched = Fetched { sid, asked, account, webhook, outcome, begun_us, work };
            // The board is gone only when the house is.
            let _ = home.send(Home::Fetched(Box::new(fetched)));
        });
    }

    /// Gives a script something, and has it drained.
    pub(super) fn give(&mut self, sid: CallSid, input: Input) {
        let now = self.now();
        let Some(leg) = self.legs.get_mut(&sid) else { return };
        let line = is_shown(&input).then(|| transcript::input_line(&input));
        if let Some(script) = &mut leg.script {
            script.input(now, input);
            if let Some(line) = line {
                leg.note(now, '>', &line);
            }
            self.wake(sid);
        }
    }

    /// A document came home: the script reads it, and the log gets its entry.
    pub(super) fn fetched(&mut self, fetched: Fetched) {
        let Fetched { sid, asked, account, webhook, outcome, begun_us, work } = fetched;
        let answer = read_answer(&webhook, &outcome);
        let failed = matches!(answer, Answer::Failed { .. });
        let mut remarks: Vec<Remark> = outcome
            .problems
            .iter()
            .map(|found| Remark { code: found.code, message: found.message.clone(), at: None })
            .collect();
        // What was found before belongs to no document.
        self.submit_remarks(sid);
        let now = self.now();
        if let Some(jar) = &outcome.cookies {
            self.with(sid, |leg| leg.jar = jar.clone());
            self.keep_jar(sid);
        }
        if let Some(leg) = self.legs.get_mut(&sid) {
            let input = Input::Document(asked.1, answer);
            leg.note(now, '>', &transcript::input_line(&input));
            if leg.scripts == asked.0 {
                self.give(sid, input);
                self.drain(sid);
            }
        }
        if let Some(leg) = self.legs.get_mut(&sid) {
            remarks.append(&mut leg.remarks);
        }
        let problems: Vec<ProblemRecord> = remarks
            .into_iter()
            .map(|remark| trouble::problem(remark.code, remark.message, remark.at))
            .collect();
        let failed = failed || problems.iter().any(|problem| problem.level == "error");
        let finish = Finish {
            id: 0,
            status: if failed { Status::Failed } else { Status::Done },
            due: self.now(),
            failures: u32::from(failed),
            late: false,
            begun_us,
            attempts: answers::attempts(&outcome, begun_us),
            answer: answers::answer(&outcome),
            problems: problems.clone(),
        };
        let mut alerts = Change::default();
        let about = || trouble::About {
            purpose: Purpose::Voice,
            resource: webhook.resource,
            request: answers::request(&webhook, &outcome),
        };
        trouble::raise(&self.house, &account, about, &problems, &mut alerts);
        self.submit(Change::one(Write::LogWebhook(Box::new(webhook), Box::new(finish))));
        self.submit(alerts);
        drop(work);
    }

    /// The request of an audio file, as the log will have it. It carries no parameters
    /// (twiml.md 1.4).
    pub(super) fn audio_request(&self, sid: CallSid, url: &str) -> Option<Webhook> {
        let leg = self.legs.get(&sid)?;
        let target = Target { url: url.to_owned(), method: Method::Get };
        let stamp = Stamp { token: self.house.ids.token(), at: self.now() };
        Some(Webhook {
            purpose: Purpose::Audio,
            parameters: String::new(),
            ..request::ask(&leg.call, &target, &[], stamp)
        })
    }

    /// The request of an audio file gets its entry of the log, and what was wrong with it an alert.
    pub(super) fn log_audio(&mut self, asked: Asked<'_>, problem: Option<Remark>) {
        let Asked { account, webhook, outcome, begun_us } = asked;
        let problems: Vec<ProblemRecord> = problem
            .into_iter()
            .map(|remark| trouble::problem(remark.code, remark.message, remark.at))
            .collect();
        let failed = outcome.result.is_err() || !problems.is_empty();
        let finish = Finish {
            id: 0,
            status: if failed { Status::Failed } else { Status::Done },
            due: self.now(),
            failures: u32::from(failed),
            late: false,
            begun_us,
            attempts: answers::attempts(outcome, begun_us),
            answer: None,
            problems: problems.clone(),
        };
        let mut alerts = Change::default();
        let about = || trouble::About {
            purpose: Purpose::Audio,
            resource: webhook.resource,
            request: answers::request(&webhook, outcome),
        };
        trouble::raise(&self.house, account, about, &problems, &mut alerts);
        self.submit(Change::one(Write::LogWebhook(Box::new(webhook), Box::new(finish))));
        self.submit(alerts);
    }

    /// Alerts of what was wrong with no document's coming: a verb that could not be carried out.
    pub(super) fn submit_remarks(&mut self, sid: CallSid) {
        let house = self.house.clone();
        let Some(leg) = self.legs.get_mut(&sid).filter(|leg| !leg.remarks.is_empty()) else {
            return;
        };
        let account = match house.account(leg.call.account) {
            Ok(account) => account,
            Err(error) => {
                leg.remarks.clear();
                return tracing::error!(%error, call.sid = %sid, "alerts are lost");
            }
        };
        let mut change = Change::default();
        for remark in leg.remarks.drain(..) {
            let trouble = Trouble {
                code: remark.code,
                level: codes::level(remark.code),
                message: remark.message,
                at: remark.at,
                resource: Some(sid.sid()),
                request: None,
            };
            let alert = raise::raise(trouble, &account, house.alert_sid(), house.now());
            let tell = raise::tell(&alert, &account, Purpose::Voice, house.ids.token());
            change.webhooks.extend(tell);
            change.writes.push(Write::InsertAlert(Box::new(alert)));
        }
        self.submit(change);
    }
}

/// Whether the transcript shows it here. What a person does, documents and deadlines are shown
/// where they come in.
fn is_shown(input: &Input) -> bool {
    matches!(
        input,
        Input::Bridged(_)
            | Input::Dialed(..)
            | Input::Recorded(..)
            | Input::Sent(..)
            | Input::Referred(..)
            | Input::Replaced(_)
            | Input::Played(_, Err(_))
    )
}
