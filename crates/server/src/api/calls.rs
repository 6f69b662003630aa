//! `/2010-04-01/Accounts/{AC}/Calls`: create, list, fetch, update, delete.
//!
//! A call that is made is saved, queued; that it is dialled follows from the commit. A change of a
//! live call is carried out by the switchboard, and answered when it is committed. What hangs on a
//! call has files of its own. Contract: rest.md 4.2 and A.7.

use super::error::ApiError;
use super::paging::Page;
use super::request::Call;
use super::show;
use crate::calls::CallError;
use crate::house::House;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use exchange::accounts::Account;
use exchange::alerts::codes;
use exchange::alerts::raise::{self, Trouble};
use exchange::calls::create::{self, Created, Known};
use exchange::calls::update::{self, Effect};
use exchange::calls::{self, State, is_final};
use exchange::documents::Remark;
use exchange::numbers::Address;
use exchange::refusal::Refusal;
use exchange::sid::CallSid;
use exchange::webhooks::Purpose;
use jiff::Timestamp;
use serde_json::{Value, json};
use std::sync::Arc;
use store::{CallFilter, Change, Write};

const LIST: &str = "/2010-04-01/Accounts/{account}/Calls";
const ONE: &str = "/2010-04-01/Accounts/{account}/Calls/{sid}";

/// What hangs on a call: its name in `subresource_uris`, and in its URI.
const PARTS: &[(&str, &str)] = &[
    ("events", "Events"),
    ("notifications", "Notifications"),
    ("payments", "Payments"),
    ("recordings", "Recordings"),
    ("siprec", "Siprec"),
    ("streams", "Streams"),
    ("transcriptions", "Transcriptions"),
    ("user_defined_message_subscriptions", "UserDefinedMessageSubscriptions"),
    ("user_defined_messages", "UserDefinedMessages"),
];

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new()
        .route(LIST, get(list).post(create))
        .route(ONE, get(fetch).post(update).delete(delete))
}

async fn create(Path(account): Path<String>, call: Call) -> Result<Response, ApiError> {
    let account = call.acting(&account)?;
    let house = &call.house;
    let route = create::route(&call.form)?;
    let number = house.store.number_at(&route.from)?;
    let application = match route.application {
        Some(sid) => house.store.application(sid)?,
        None => None,
    };
    let known = Known {
        account: account.sid,
        number: number.as_ref(),
        verified: route.must_own && house.store.is_verified(account.sid, &route.from)?,
        application: application.as_ref(),
    };
    let sid = house.call_sid();
    let created = create::create(&call.form, route, known, sid, house.now())?;
    let Created { call: made, warnings } = created;
    let shown = show_call(&made);
    if call.is_test() {
        return Ok(show::created(&shown));
    }
    let mut change = Change::one(Write::InsertCall(Box::new(made)));
    warn(house, &account, sid, warnings, &mut change);
    house.save(change).await?;
    Ok(show::created(&shown))
}

/// What is odd about a call that is made all the same becomes alerts.
fn warn(
    house: &House,
    account: &Account,
    sid: CallSid,
    warnings: Vec<Remark>,
    change: &mut Change,
) {
    for Remark { code, message, at } in warnings {
        let level = codes::level(code);
        let resource = Some(sid.sid());
        let trouble = Trouble { code, level, message, at, resource, request: None };
        let alert = raise::raise(trouble, account, house.alert_sid(), house.now());
        change.webhooks.extend(raise::tell(&alert, account, Purpose::Voice, house.ids.token()));
        change.writes.push(Write::InsertAlert(Box::new(alert)));
    }
}

async fn list(Path(account): Path<String>, call: Call) -> Result<Response, ApiError> {
    let account = call.acting(&account)?;
    let page = Page::of(&call)?;
    let (started_from, started_to) = super::dates::range(&call, "StartTime")?;
    let (ended_from, ended_to) = super::dates::range(&call, "EndTime")?;
    let filter = CallFilter {
        to: address(&call, "To"),
        from: address(&call, "From"),
        parent: parent(&call)?,
        state: state(&call)?,
        started_from,
        started_to,
        ended_from,
        ended_to,
        place: page.place(CallSid::parse)?,
        ..CallFilter::default()
    };
    let found = call.house.store.calls(account.sid, &filter, page.limit())?;
    let sid_of = |one: &calls::Call| one.sid.to_string();
    Ok(show::ok(&page.classic(&call, "calls", found, (sid_of, show_call))))
}

/// An address filter: normalised when it can be, else as it is (and so found nowhere).
fn address(call: &Call, name: &str) -> Option<String> {
    call.query.get(name).filter(|text| !text.is_empty()).map(|text| {
        Address::parse(text, Some("US")).map_or_else(|_| text.to_owned(), |one| one.to_string())
    })
}

fn parent(call: &Call) -> Result<Option<CallSid>, ApiError> {
    match call.filled("ParentCallSid") {
        None => Ok(None),
        Some(text) => {
            Ok(Some(CallSid::parse(text).ok_or_else(|| ApiError(Refusal::sid_invalid(text)))?))
        }
    }
}

/// `initiated` is told, and never a call's status (rest.md 4.2).
fn state(call: &Call) -> Result<Option<State>, ApiError> {
    let Some(text) = call.filled("Status") else { return Ok(None) };
    let found = State::parse(text).filter(|state| *state != State::Initiated);
    found.map(Some).ok_or_else(|| {
        let why =
            "use queued, ringing, in-progress, completed, busy, failed, no-answer or canceled";
        Refusal::parameter_invalid("Status", why).into()
    })
}

/// The call of a path, when it is the account's.
pub(super) fn find(call: &Call, account: &str, sid: &str) -> Result<calls::Call, ApiError> {
    let account = call.acting(account)?;
    let sid = CallSid::parse(sid).ok_or_else(|| call.not_found())?;
    let found = call.house.store.call(sid)?;
    found.filter(|one| one.account == account.sid).ok_or_else(|| call.not_found())
}

async fn fetch(
    Path((account, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    Ok(show::ok(&show_call(&find(&call, &account, &sid)?)))
}

async fn update(
    Path((account, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let was = find(&call, &account, &sid)?;
    let update = update::update(&was, &call.form)?;
    if update.effect == Effect::None && update.plan == was.plan {
        return Ok(show::ok(&show_call(&was)));
    }
    let now = call.house.calls.update(was.sid, update).await.map_err(wrong)?;
    Ok(show::ok(&show_call(&now)))
}

/// Why a live call was not changed, as the 2010 API says it.
pub(super) fn wrong(error: CallError) -> ApiError {
    match error {
        CallError::NotLive => Refusal::call_not_in_progress().into(),
        CallError::Refused(refusal) => refusal.into(),
        CallError::Wrong(why) => Refusal::new(21_220, 400, why).into(),
        CallError::Store(error) => error.into(),
    }
}

async fn delete(
    Path((account, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let found = find(&call, &account, &sid)?;
    if !is_final(found.state) {
        return Err(Refusal::not_complete().into());
    }
    let write = Write::DeleteCall { sid: found.sid, account: found.account };
    call.house.save(Change::one(write)).await?;
    Ok(show::deleted())
}

/// `to_formatted` and `from_formatted`.
fn formatted(address: &str) -> String {
    Address::parse(address, None).map_or_else(|_| address.to_owned(), |one| one.friendly())
}

/// A call as the 2010 API shows it.
fn show_call(call: &calls::Call) -> Value {
    let date = |time: Timestamp| show::rfc2822(time);
    let uri = format!("/2010-04-01/Accounts/{}/Calls/{}", call.account, call.sid);
    let parts = PARTS.iter().map(|(name, path)| {
        let uri = format!("{uri}/{path}.json");
        ((*name).to_owned(), Value::from(uri))
    });
    json!({
        "sid": call.sid.as_str(),
        "date_created": date(call.created),
        "date_updated": date(call.updated),
        "parent_call_sid": call.parent.as_ref().map(CallSid::as_str),
        "account_sid": call.account.as_str(),
        "to": call.to,
        "to_formatted": formatted(&call.to),
        "from": call.from,
        "from_formatted": formatted(&call.from),
        "phone_number_sid": call.number.map(|sid| sid.to_string()),
        "status": call.state.as_str(),
        "start_time": call.started.map(date),
        "end_time": call.ended.map(date),
        "duration": call.duration_seconds().map(|seconds| seconds.to_string()),
        "price": null,
        "price_unit": "USD",
        "direction": call.direction.as_str(),
        "answered_by": call.answered_by.map(calls::AnsweredBy::as_str),
        "api_version": webhook::API_VERSION,
        "forwarded_from": call.forwarded_from,
        "group_sid": null,
        "caller_name": call.caller_name,
        "queue_time": "0",
        "trunk_sid": null,
        "uri": format!("{uri}.json"),
        "subresource_uris": parts.collect::<serde_json::Map<_, _>>(),
    })
}
