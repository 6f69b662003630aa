//! `/2010-04-01/Accounts/{AC}/Messages`: create, list, fetch, update, delete, feedback.
//!
//! Their media have a file of their own. Contract: rest.md 4.1 and A.6.

use super::error::ApiError;
use super::paging::Page;
use super::request::Call;
use super::show;
use crate::house::House;
use crate::media_files;
use crate::webhooks::advance;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::{get, post};
use exchange::alerts::codes;
use exchange::messages::schedule::{self, SCHEDULED_MAX};
use exchange::messages::send::{self, Draft, Through};
use exchange::messages::{Feedback, Message, State, is_final, opt_out, options};
use exchange::numbers::{Application, Number};
use exchange::pools::{Sender, Service};
use exchange::refusal::Refusal;
use exchange::sid::{AccountSid, ApplicationSid, MessageSid, ServiceSid, Sid};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::sync::Arc;
use store::{Change, MessageFilter, Write};

const LIST: &str = "/2010-04-01/Accounts/{account}/Messages";
const ONE: &str = "/2010-04-01/Accounts/{account}/Messages/{sid}";
const FEEDBACK: &str = "/2010-04-01/Accounts/{account}/Messages/{sid}/Feedback";

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new()
        .route(LIST, get(list).post(create))
        .route(ONE, get(fetch).post(update).delete(delete))
        .route(FEEDBACK, post(feedback))
}

async fn create(Path(account): Path<String>, call: Call) -> Result<Response, ApiError> {
    let account = call.acting(&account)?;
    options::check(&call.form)?;
    let application = application(&call, account.sid)?;
    let pool = pool(&call, account.sid)?;
    let through = pool.as_ref().map(|(service, senders)| Through { service, senders });
    let draft = draft(&call, application.as_ref(), through)?;
    let route = send::route(&draft)?;
    let house = &call.house;
    let sender = house.number_of(&route.from)?;
    let sender = sender.filter(|number| number.account == account.sid);
    let media_sids = draft.media_urls.iter().map(|_| house.media_sid()).collect();
    let sid = house.message_sid(!draft.media_urls.is_empty());
    let ids = (account.sid, sid, media_sids);
    let message = send::queue(&draft, route, sender.is_some(), ids, house.now())?;
    if call.is_test() {
        return Ok(show::created(&show_message(&message)));
    }
    check_wanted(&call, &message, sender.as_ref())?;
    if account.settings.pacing && house.is_queue_full(account.sid, &message.from) {
        return Err(Refusal::from_queue_full(&message.from).into());
    }
    let shown = show_message(&message);
    house.save(Change::one(Write::InsertMessage(Box::new(message)))).await?;
    Ok(show::created(&shown))
}

/// The application that a message names, which has to be the account's.
fn application(call: &Call, account: AccountSid) -> Result<Option<Application>, ApiError> {
    let Some(text) = call.filled("ApplicationSid") else { return Ok(None) };
    let found = match ApplicationSid::parse(text) {
        Some(sid) => call.house.store.application(sid)?,
        None => None,
    };
    let owned = found.filter(|application| application.account == account);
    Ok(Some(owned.ok_or_else(|| Refusal::application_sid_invalid(text))?))
}

/// The service that a message names, which has to be the account's, and its senders.
fn pool(call: &Call, account: AccountSid) -> Result<Option<(Service, Vec<Sender>)>, ApiError> {
    let Some(sid) = options::service(&call.form)? else { return Ok(None) };
    let found = call.house.store.service(sid)?.filter(|service| service.account == account);
    let service = found.ok_or_else(|| Refusal::service_unknown(sid))?;
    let senders = call.house.store.pool(sid)?;
    Ok(Some((service, senders)))
}

/// Refuses a message to who wants none, and one scheduled message too many.
fn check_wanted(call: &Call, message: &Message, sender: Option<&Number>) -> Result<(), ApiError> {
    let store = &call.house.store;
    let service = match (message.service, sender) {
        (Some(sid), _) => Some(sid),
        (None, Some(number)) => store.service_of(number)?.map(|service| service.sid),
        (None, None) => None,
    };
    let scopes = opt_out::scopes(&message.from, service);
    if store.is_out(message.account, &scopes, &message.to)? {
        return Err(Refusal::to_unsubscribed().into());
    }
    let is_scheduled = message.send_at.is_some();
    if is_scheduled && store.scheduled_count(message.account, SCHEDULED_MAX)? >= SCHEDULED_MAX {
        return Err(Refusal::scheduled_too_many().into());
    }
    Ok(())
}

/// What is to be sent, as the request names it.
fn draft<'a>(
    call: &'a Call,
    application: Option<&'a Application>,
    through: Option<Through<'a>>,
) -> Result<Draft<'a>, ApiError> {
    let from = call.filled("From").filter(|text| ServiceSid::parse(text).is_none());
    Ok(Draft {
        to: call.filled("To").unwrap_or_default(),
        from: from.unwrap_or_default(),
        through,
        send_at: schedule::send_at(&call.form, through.is_some(), call.house.now())?,
        body: call.get("Body").unwrap_or_default(),
        media_urls: call.form.get_all("MediaUrl").filter(|url| !url.is_empty()).collect(),
        status_callback: call.filled("StatusCallback").unwrap_or_default(),
        application_status_url: application.and_then(|app| app.status_url()),
        smart_encoded: call.boolean("SmartEncoded")?,
        provide_feedback: call.boolean("ProvideFeedback")?.unwrap_or(false),
        validity_period: call.filled("ValidityPeriod"),
    })
}

async fn list(Path(account): Path<String>, call: Call) -> Result<Response, ApiError> {
    let account = call.acting(&account)?;
    let page = Page::of(&call)?;
    let (sent_from, sent_to) = super::dates::range(&call, "DateSent")?;
    let filter = MessageFilter {
        to: address(&call, "To"),
        from: address(&call, "From"),
        sent_from,
        sent_to,
        place: page.place(MessageSid::parse)?,
        ..MessageFilter::default()
    };
    let found = call.house.store.messages(account.sid, &filter, page.limit())?;
    let sid_of = |message: &Message| message.sid.to_string();
    Ok(show::ok(&page.classic(&call, "messages", found, (sid_of, show_message))))
}

/// An address filter: normalised when it can be, else as it is (and so found nowhere).
fn address(call: &Call, name: &str) -> Option<String> {
    call.query.get(name).filter(|text| !text.is_empty()).map(|text| {
        exchange::numbers::Address::parse(text, Some("US"))
            .map_or_else(|_| text.to_owned(), |address| address.to_string())
    })
}

/// The message of a path, when it is the account's.
pub(super) fn find(call: &Call, account: &str, sid: &str) -> Result<Message, ApiError> {
    let account = call.acting(account)?;
    let sid = MessageSid::parse(sid).ok_or_else(|| call.not_found())?;
    let message = call.house.store.message(sid)?;
    message
        .filter(|message| message.account == account.sid && message.sid == sid)
        .ok_or_else(|| call.not_found())
}

async fn fetch(
    Path((account, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    Ok(show::ok(&show_message(&find(&call, &account, &sid)?)))
}

/// `Body=` empties the body; `Status=canceled` cancels what is scheduled.
async fn update(
    Path((account, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let mut message = match call.filled("Status") {
        None => find(&call, &account, &sid)?,
        Some("canceled") => cancel(&call, &account, &sid).await?,
        Some(_) => return Err(Refusal::parameter_invalid("Status", "use canceled").into()),
    };
    match call.get("Body") {
        None => return Ok(show::ok(&show_message(&message))),
        Some("") => {}
        Some(_) => return Err(Refusal::body_not_empty().into()),
    }
    if !is_final(message.state) && message.state != State::Sent {
        return Err(Refusal::not_complete_to_redact().into());
    }
    let at = call.house.after(message.updated);
    call.house.save(Change::one(Write::RedactMessage { sid: message.sid, at })).await?;
    message.body.clear();
    message.updated = at;
    Ok(show::ok(&show_message(&message)))
}

/// Cancels a message that is scheduled still.
async fn cancel(call: &Call, account: &str, sid: &str) -> Result<Message, ApiError> {
    call.house
        .decide(|| -> Result<_, ApiError> {
            let message = find(call, account, sid)?;
            if message.state != State::Scheduled {
                return Err(Refusal::cannot_cancel().into());
            }
            let change = advance(&call.house, &message, &[(State::Canceled, None)]);
            let updated = call.house.now();
            Ok((change, Message { state: State::Canceled, updated, ..message }))
        })
        .await
}

async fn delete(
    Path((account, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let message = find(&call, &account, &sid)?;
    if !is_final(message.state) && message.state != State::Sent {
        return Err(Refusal::not_complete().into());
    }
    call.house
        .save(Change::one(Write::DeleteMessage { sid: message.sid, account: message.account }))
        .await?;
    media_files::remove(&call.house, message.sid, &message.media).await;
    Ok(show::deleted())
}

async fn feedback(
    Path((account, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let message = find(&call, &account, &sid)?;
    let outcome = call.filled("Outcome").unwrap_or("confirmed");
    let feedback = Feedback::parse(outcome)
        .filter(|feedback| *feedback != Feedback::Expected)
        .ok_or_else(|| Refusal::parameter_invalid("Outcome", "use confirmed or unconfirmed"))?;
    if message.feedback.is_none() {
        let why = "the message was not created with ProvideFeedback=true";
        return Err(Refusal::parameter_invalid("Outcome", why).into());
    }
    let at = call.house.after(message.updated);
    call.house.save(Change::one(Write::SetFeedback { sid: message.sid, feedback, at })).await?;
    Ok(show::ok(&json!({
        "account_sid": message.account.as_str(),
        "message_sid": message.sid.as_str(),
        "outcome": feedback.as_str(),
        "date_created": show::rfc2822(at),
        "date_updated": show::rfc2822(at),
        "uri": format!("{}/Feedback.json", uri(&message)),
    })))
}

fn uri(message: &Message) -> String {
    format!("/2010-04-01/Accounts/{}/Messages/{}", message.account, message.sid)
}

/// Times are shown to the second.
fn date(time: Timestamp) -> Value {
    show::rfc2822(time).into()
}

/// A message as the 2010 API shows it.
pub(super) fn show_message(message: &Message) -> Value {
    let uri = uri(message);
    let error = message.error_code.map(|code| {
        codes::delivery_error(code).or_else(|| codes::title(code)).unwrap_or("Unknown error")
    });
    json!({
        "body": message.body,
        "num_segments": message.num_segments.to_string(),
        "direction": message.direction.as_str(),
        "from": show::text_or_null(&message.from),
        "to": message.to,
        "date_updated": date(message.updated),
        "price": null,
        "error_message": error,
        "uri": format!("{uri}.json"),
        "account_sid": message.account.as_str(),
        "num_media": message.media.len().to_string(),
        "status": message.state.as_str(),
        "messaging_service_sid": message.service.map(|sid| Sid::to_string(&sid.sid())),
        "sid": message.sid.as_str(),
        "date_sent": message.sent.map(date),
        "date_created": date(message.created),
        "error_code": message.error_code,
        "price_unit": "USD",
        "api_version": webhook::API_VERSION,
        "subresource_uris": {
            "media": format!("{uri}/Media.json"),
            "feedback": format!("{uri}/Feedback.json"),
        },
    })
}
