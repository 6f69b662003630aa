//! An application is asked before something happens in a conversation: it lets it be, changes it, or
//! forbids it.
//!
//! What a person texts is asked about by a row, as any text is; what the API does is asked about
//! while its caller waits, and is no row before it was answered. Contract: Twilio's page
//! "Conversations Webhooks": 2xx publishes, with the fields that a JSON body names changed; 4xx
//! rejects; anything else publishes as it was.

use super::{said_by, say, tell};
use crate::house::House;
use crate::webhooks::exchange::{self as wire, Signer};
use crate::webhooks::{answers, trouble};
use client::Outcome;
use exchange::chats::event::{self, Event};
use exchange::chats::{Conversation, Standing, configure};
use exchange::sid::{ConversationSid, MessageSid, ParticipantSid};
use exchange::webhooks::failure::Failure;
use exchange::webhooks::{Finish, Kind, ProblemRecord, Status, Webhook};
use serde_json::Value;
use store::{Change, Span, StoreError, Write};
use webhook::Form;

/// What came is nothing that can be read.
const NOT_READ: u32 = 12_300;
/// Members of an answer, and the parameters that they change.
const MEMBERS: &[(&str, &str)] = &[
    ("author", "Author"),
    ("attributes", "Attributes"),
    ("body", "Body"),
    ("friendly_name", "FriendlyName"),
    ("unique_name", "UniqueName"),
];

/// What an application said when it was asked.
pub(crate) struct Advice {
    /// What is to be changed, as parameters of the API.
    pub(crate) changes: Form,
    /// It must not happen.
    pub(crate) forbids: bool,
    /// What was wrong with the answer; it happens as it was, then.
    pub(crate) problems: Vec<ProblemRecord>,
}

/// Reads an answer.
pub(crate) fn read(outcome: &Outcome) -> Advice {
    let mut advice = Advice { changes: Form::new(), forbids: false, problems: Vec::new() };
    for found in &outcome.problems {
        advice.problems.push(trouble::problem(found.code, found.message.clone(), None));
    }
    match &outcome.result {
        Ok(answer) if answer.body.trim_ascii().is_empty() => {}
        Ok(answer) => match changes(&answer.body) {
            Ok(changes) => advice.changes = changes,
            Err(why) => advice.ignored(&why),
        },
        Err(Failure::Status(400..=499)) => advice.forbids = true,
        Err(failure) => {
            advice.problems.push(trouble::problem(failure.code(), failure.to_string(), None));
        }
    }
    advice
}

impl Advice {
    /// Its changes can't be made.
    pub(crate) fn ignored(&mut self, why: &str) {
        self.changes = Form::new();
        let message = format!("The answer of a pre-action webhook is ignored: {why}");
        self.problems.push(trouble::problem(NOT_READ, message, None));
    }
}

fn changes(body: &[u8]) -> Result<Form, String> {
    let value: Value = serde_json::from_slice(body).map_err(|error| format!("no JSON: {error}"))?;
    let Value::Object(members) = value else { return Err("no JSON object".to_owned()) };
    let mut changes = Form::new();
    for (member, parameter) in MEMBERS {
        match members.get(*member) {
            None | Some(Value::Null) => {}
            Some(Value::String(text)) => {
                if *member == "attributes" && serde_json::from_str::<Value>(text).is_err() {
                    return Err("its attributes are no JSON".to_owned());
                }
                changes.push(*parameter, text.as_str());
            }
            Some(Value::Object(object)) if *member == "attributes" => {
                changes.push(*parameter, Value::Object(object.clone()).to_string());
            }
            Some(_) => return Err(format!("{member} is no text")),
        }
    }
    Ok(changes)
}

/// The row that asks about an event in a conversation, when somebody wants to be asked.
pub(super) fn ask(
    house: &House,
    chat: &Conversation,
    event: &Event,
) -> Result<Option<Webhook>, StoreError> {
    let Some(before) = event.before() else { return Ok(None) };
    let (of_account, of_service) = super::hooks(house, chat)?;
    let hooks: Vec<_> = of_account.iter().chain(&of_service).collect();
    let target = event::asked(&before, &hooks);
    let stamp = (house.ids.token(), house.now());
    let webhook = target.map(|target| event::webhook(&before, chat, target, stamp));
    Ok(webhook.map(|webhook| Webhook { kind: Kind::Ask, ..webhook }))
}

/// An application was asked while the API's caller waits.
pub(crate) struct Asked {
    /// What it said.
    pub(crate) advice: Advice,
    signer: Signer,
    webhook: Webhook,
    outcome: Outcome,
    begun_us: i64,
}

/// Asks about an event, when somebody wants to be asked.
pub(crate) async fn ask_now(
    house: &House,
    chat: &Conversation,
    event: &Event,
) -> Result<Option<Asked>, StoreError> {
    let Some(webhook) = ask(house, chat, event)? else { return Ok(None) };
    // House time stands still while the application thinks.
    let _work = house.clock.work();
    let signer = Signer::new(house.account(chat.account)?);
    let begun_us = house.clock.wire_us();
    let outcome = wire::run(house, &signer, (&webhook, &webhook.form()), None).await;
    let advice = read(&outcome);
    Ok(Some(Asked { advice, signer, webhook, outcome, begun_us }))
}

impl Asked {
    /// Adds the entry of the log, and the alerts of what was wrong.
    pub(crate) fn log(&self, house: &House, change: &mut Change) {
        let problems = &self.advice.problems;
        let failed = problems.iter().any(|problem| problem.level == "error");
        let finish = Finish {
            id: 0,
            status: if failed { Status::Failed } else { Status::Done },
            due: house.now(),
            failures: u32::from(failed),
            late: false,
            begun_us: self.begun_us,
            attempts: answers::attempts(&self.outcome, self.begun_us),
            answer: answers::answer(&self.outcome),
            problems: problems.clone(),
        };
        let about = || trouble::About {
            purpose: self.webhook.purpose,
            resource: self.webhook.resource,
            request: answers::request(&self.webhook, &self.outcome),
        };
        let entry = Write::LogWebhook(Box::new(self.webhook.clone()), Box::new(finish));
        change.writes.push(entry);
        trouble::raise(house, &self.signer.account, about, problems, change);
    }
}

/// An ask about a person's text was answered: unless that forbids it, it is said now.
pub(crate) fn follow(
    house: &House,
    (webhook, form): (&Webhook, &Form),
    outcome: &Outcome,
    change: &mut Change,
) -> Result<Vec<ProblemRecord>, StoreError> {
    let mut advice = read(outcome);
    if advice.forbids {
        return Ok(advice.problems);
    }
    let chat = form.get("ConversationSid").and_then(ConversationSid::parse);
    let chat = match chat {
        Some(sid) => house.store.conversation(sid)?,
        None => None,
    };
    let text = match MessageSid::parse(webhook.resource.as_str()) {
        Some(sid) => house.store.message(sid)?,
        None => None,
    };
    let (Some(chat), Some(text)) = (chat, text) else { return Ok(advice.problems) };
    let participant = ParticipantSid::parse(&webhook.context);
    let all = house.store.participants(chat.sid, Span::ALL)?;
    let from = all.into_iter().find(|one| Some(one.sid) == participant);
    let from = from.filter(|_| chat.standing != Standing::Closed);
    // Who left meanwhile says nothing any more.
    let Some(from) = from else { return Ok(advice.problems) };
    let plain = said_by(house, &chat, &text, &from)?;
    let mut said = plain.clone();
    let is_changed = advice.changes.iter().next().is_some();
    if is_changed && let Err(refused) = configure::message(&mut said, &advice.changes) {
        said = plain;
        advice.ignored(&refused.message);
    }
    tell(house, &chat, &event::of_message("onMessageAdded", "SMS", &said), change)?;
    say(house, &chat, &said, change)?;
    Ok(advice.problems)
}
