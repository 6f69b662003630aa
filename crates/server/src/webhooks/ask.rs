//! An ask has been answered: its finish and everything that follows are one change.
//!
//! What follows is decided by `exchange::messages::replies`; here it gets sids, its place among
//! the account's numbers, and its records.

use super::exchange::Signer;
use super::{answers, trouble::problem};
use crate::house::House;
use crate::messages::is_out;
use client::{Outcome, Why};
use exchange::documents::Answer;
use exchange::messages::replies::{self, Next, Reply};
use exchange::messages::send::expires;
use exchange::messages::session::Session;
use exchange::messages::{Direction, Media, Message, State, segments, smart_encoding, status};
use exchange::numbers::{Address, Method, is_whatsapp, target};
use exchange::pools::{Service, VALIDITY_SECONDS};
use exchange::sid::MessageSid;
use exchange::webhooks::{Kind, ProblemRecord, Purpose, Webhook};
use store::{Change, StoreError, Write};
use webhook::Form;

/// The guard against loops holds a reply back.
const TOO_FAST: u32 = 14107;
/// The person wants no texts.
const UNSUBSCRIBED: u32 = 21610;

/// What an answered ask adds to the change of its finish.
pub(super) struct Followed {
    pub(super) failed: bool,
    pub(super) problems: Vec<ProblemRecord>,
}

/// Follows the outcome of a message's ask; writes what comes of it into `change`.
pub(super) fn follow(
    house: &House,
    signer: &Signer,
    (webhook, form): (&Webhook, &Form),
    outcome: &Outcome,
    change: &mut Change,
) -> Result<Followed, StoreError> {
    let session = Session::from_context(&webhook.context);
    let step = replies::follow(
        read(webhook, outcome),
        outcome.final_url().unwrap_or(&webhook.url),
        session,
        webhook.fallback.as_ref(),
    );
    let mut problems: Vec<ProblemRecord> = step
        .remarks
        .into_iter()
        .map(|remark| problem(remark.code, remark.message, remark.at))
        .collect();
    let mut last = None;
    for reply in step.replies {
        match make(house, signer, form, webhook, reply)? {
            Ok(message) => {
                if let Some(code) = message.error_code {
                    problems.push(problem(code, why_failed(code).into(), None));
                    let (token, now) = (house.ids.token(), message.created);
                    let tell = status::tell(&message, State::Failed, Some(code), token, now);
                    change.webhooks.extend(tell);
                }
                last = Some(message.sid);
                change.writes.push(Write::InsertMessage(Box::new(message)));
            }
            Err(refused) => problems.push(refused),
        }
    }
    if let Some(next) = step.next {
        change.webhooks.push(ask(house, webhook, form.clone(), next, last));
    }
    Ok(Followed { failed: step.failed, problems })
}

/// Why a reply was not let go.
fn why_failed(code: u32) -> &'static str {
    match code {
        TOO_FAST => {
            "SMS send rate limit exceeded: more than 15 replies, each within 30 seconds of the one \
             before"
        }
        _ => "Attempt to send to unsubscribed recipient",
    }
}

/// An outcome as whoever follows it sees it.
pub(crate) fn read(webhook: &Webhook, outcome: &Outcome) -> Answer {
    match &outcome.result {
        Ok(answer) => Answer::Document {
            status: answer.status,
            content_type: answers::content_type(answer).map(str::to_owned),
            body: answers::text(answer),
            url: document_url(webhook, outcome).to_owned(),
        },
        Err(failure) => Answer::Failed { code: failure.code(), message: failure.to_string() },
    }
}

/// What relative URLs are resolved against: the URL as configured, with its user info, unless
/// a redirect led elsewhere.
fn document_url<'a>(webhook: &'a Webhook, outcome: &'a Outcome) -> &'a str {
    let redirected = outcome.attempts.iter().any(|attempt| attempt.why == Why::Redirect);
    outcome.final_url().filter(|_| redirected).unwrap_or(&webhook.url)
}

/// A reply becomes a message, unless its addresses are none.
fn make(
    house: &House,
    signer: &Signer,
    asked: &Form,
    webhook: &Webhook,
    reply: Reply,
) -> Result<Result<Message, ProblemRecord>, StoreError> {
    let (person, number) = (asked.get("From").unwrap_or(""), asked.get("To").unwrap_or(""));
    let from = match &reply.from {
        None => number.to_owned(),
        Some(from) => match sender(house, signer, from)? {
            Some(from) => from,
            None => {
                let why = format!("Invalid From attribute: {from} is not a number of the account");
                return Ok(Err(problem(14108, why, reply.at)));
            }
        },
    };
    let to = match reply.to.as_deref().map(|to| Address::parse(to, Some("US"))) {
        None => person.to_owned(),
        Some(Ok(to)) => to.to_string(),
        Some(Err(why)) => {
            let why = format!("Invalid To attribute: {why}");
            return Ok(Err(problem(14101, why, reply.at)));
        }
    };
    if is_whatsapp(&from) != is_whatsapp(&to) {
        let why = format!("Invalid To attribute: {to} is not of the same channel as {from}");
        return Ok(Err(problem(14101, why, reply.at)));
    }
    let now = house.now();
    let (service, is_out) = terms(house, &from, &to)?;
    let error_code = if is_out {
        Some(UNSUBSCRIBED)
    } else {
        (!house.admit_reply(webhook.account, &from, &to)).then_some(TOO_FAST)
    };
    let service = service.as_ref();
    let media: Vec<Media> =
        reply.media.into_iter().map(|url| Media::at(house.media_sid(), url)).collect();
    let by_channel = is_whatsapp(&to);
    let smart = service.is_some_and(|service| service.smart_encoding) && !by_channel;
    let body = if smart { smart_encoding::apply(&reply.body) } else { reply.body };
    let of_service = service.and_then(|one| target(&one.status_callback, Method::Post));
    let validity = service.map_or(VALIDITY_SECONDS, |service| service.validity_period);
    Ok(Ok(Message {
        sid: house.message_sid(!media.is_empty()),
        account: webhook.account,
        direction: Direction::OutboundReply,
        from,
        to,
        num_segments: segments::of_message(&body, by_channel || !media.is_empty()),
        body,
        state: if error_code.is_none() { State::Queued } else { State::Failed },
        error_code,
        media,
        service: service.map(|service| service.sid),
        status_callback: reply.status_callback.or(of_service),
        in_reply_to: MessageSid::parse(webhook.resource.as_str()),
        created: now,
        updated: now,
        sent: None,
        feedback: None,
        send_at: None,
        expires: Some(expires(now, validity)),
    }))
}

/// The service that has a sender, and whether the person wants nothing from it.
fn terms(house: &House, from: &str, to: &str) -> Result<(Option<Service>, bool), StoreError> {
    match house.number_of(from)? {
        None => Ok((None, false)),
        Some(number) => Ok((house.store.service_of(&number)?, is_out(house, &number, to)?)),
    }
}

/// The sender a document names, when it is one of the account's.
fn sender(house: &House, signer: &Signer, from: &str) -> Result<Option<String>, StoreError> {
    let from = match Address::parse(from, Some("US")) {
        Ok(from @ (Address::Phone(_) | Address::WhatsApp(_))) => from.to_string(),
        _ => return Ok(None),
    };
    let number = house.number_of(&from)?;
    Ok(number.filter(|number| number.account == signer.account.sid).map(|_| from))
}

/// The ask that goes on with the session: the first one's parameters, and what this one adds.
fn ask(
    house: &House,
    webhook: &Webhook,
    mut form: Form,
    next: Next,
    last: Option<MessageSid>,
) -> Webhook {
    for name in ["ErrorCode", "ErrorUrl", "MessageStatus"] {
        form.remove(name);
    }
    form.set("SmsStatus", State::Received.as_str());
    let sid = match last.filter(|_| next.after_reply) {
        Some(sid) => {
            form.set("MessageStatus", State::Queued.as_str());
            form.set("SmsStatus", State::Queued.as_str());
            sid.to_string()
        }
        None => webhook.resource.to_string(),
    };
    for name in ["MessageSid", "SmsSid"] {
        form.set(name, sid.as_str());
    }
    if let Some((code, url)) = &next.failed {
        form.set("ErrorCode", code.to_string());
        form.set("ErrorUrl", url.as_str());
    }
    let now = house.now();
    Webhook {
        id: 0,
        account: webhook.account,
        kind: Kind::Ask,
        purpose: Purpose::InboundMessage,
        resource: webhook.resource,
        url: next.target.url,
        method: next.target.method,
        parameters: form.encode(),
        token: house.ids.token(),
        fallback: webhook.fallback.clone(),
        context: next.session.to_context(),
        due: now,
        created: now,
        failures: 0,
    }
}
