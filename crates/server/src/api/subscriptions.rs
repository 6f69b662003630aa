//! `/events/v1/Subscriptions` and their SubscribedEvents: which events go to a sink.
//!
//! Contract: rest.md 5 and A.16.

use super::error::ApiError;
use super::paging::Page;
use super::pools::own_url;
use super::request::Call;
use super::show;
use super::sinks::needed;
use crate::house::House;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use exchange::refusal::Refusal;
use exchange::sid::{SinkSid, SubscriptionSid};
use exchange::sinks::configure::{self, SUBSCRIPTIONS_MAX};
use exchange::sinks::{Subscribed, Subscription};
use serde_json::{Value, json};
use std::sync::Arc;
use store::{Change, Place, SinkWrite, Write};

const LIST: &str = "/events/v1/Subscriptions";
const ONE: &str = "/events/v1/Subscriptions/{sid}";
const EVENTS: &str = "/events/v1/Subscriptions/{sid}/SubscribedEvents";
const EVENT: &str = "/events/v1/Subscriptions/{sid}/SubscribedEvents/{kind}";

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new()
        .route(LIST, get(list).post(create))
        .route(ONE, get(fetch).post(update).delete(delete))
        .route(EVENTS, get(list_events).post(add_event))
        .route(EVENT, get(fetch_event).post(update_event).delete(delete_event))
}

async fn list(call: Call) -> Result<Response, ApiError> {
    let page = Page::of(&call)?;
    let place = page.place(SubscriptionSid::parse)?;
    let sink = match call.filled("SinkSid") {
        None => None,
        Some(text) => Some(SinkSid::parse(text).ok_or_else(|| Refusal::sid_invalid(text))?),
    };
    let found = call.house.store.subscriptions(call.account.sid, sink, place, page.limit())?;
    let url = own_url(&call);
    let show_one = |one: &Subscription| show_one(one, &format!("{url}/{}", one.sid));
    let sid_of = |one: &Subscription| one.sid.to_string();
    Ok(show::ok(&page.modern(&call, "subscriptions", found, (sid_of, show_one))))
}

async fn create(call: Call) -> Result<Response, ApiError> {
    let house = &call.house;
    let description = configure::description(needed(&call, "Description")?)?;
    let sink = needed(&call, "SinkSid")?;
    let sink = SinkSid::parse(sink).ok_or_else(|| Refusal::sid_invalid(sink))?;
    let wanted = kinds(&call)?;
    let account = call.account.sid;
    let all = house.store.subscriptions(account, None, Place::Top, SUBSCRIPTIONS_MAX as u64)?;
    if all.len() >= SUBSCRIPTIONS_MAX {
        return Err(Refusal::conflict("an account has 100 subscriptions at most").into());
    }
    let sid = SubscriptionSid::from_parts(house.parts());
    let (created, updated) = (house.now(), house.now());
    let wanted_of_none = Vec::new();
    let mut one =
        Subscription { sid, account, description, sink, wanted: wanted_of_none, created, updated };
    wanted.into_iter().for_each(|wanted| configure::add(&mut one, wanted));
    let shown = show_one(&one, &format!("{}/{sid}", own_url(&call)));
    house
        .decide(|| -> Result<(Change, ()), ApiError> {
            let found = house.store.sink(sink)?.filter(|found| found.account == account);
            found.ok_or_else(|| Refusal::sid_invalid(sink))?;
            let write = SinkWrite::InsertSubscription(Box::new(one.clone()));
            Ok((Change::one(Write::Sinks(write)), ()))
        })
        .await?;
    Ok(show::created(&shown))
}

/// `Types`: JSON objects, one a parameter or several in a list.
fn kinds(call: &Call) -> Result<Vec<Subscribed>, ApiError> {
    let refuse = |why: String| ApiError(Refusal::parameter_invalid("Types", why));
    let mut found = Vec::new();
    for text in call.form.get_all("Types").filter(|text| !text.trim().is_empty()) {
        let value: Value = serde_json::from_str(text)
            .map_err(|error| refuse(format!("JSON is expected: {error}")))?;
        let all = match value {
            Value::Array(all) => all,
            one => vec![one],
        };
        for one in all {
            let Some(kind) = one["type"].as_str() else {
                return Err(refuse("each needs a type".into()));
            };
            let version = match &one["schema_version"] {
                Value::Null => None,
                value => Some(version(&value.to_string())?),
            };
            found.push(configure::wanted(kind, version)?);
        }
    }
    if found.is_empty() {
        return Err(Refusal::parameter_missing("Types").into());
    }
    Ok(found)
}

/// A schema's version; SDKs send a number, shells a text.
fn version(text: &str) -> Result<u32, Refusal> {
    let number = text.trim_matches('"').parse();
    number.map_err(|_| Refusal::parameter_invalid("SchemaVersion", "a whole number is expected"))
}

/// The subscription of a path, when it is the account's.
fn find(call: &Call, sid: &str) -> Result<Subscription, ApiError> {
    let sid = SubscriptionSid::parse(sid).ok_or_else(|| call.not_found())?;
    let found = call.house.store.subscription(sid)?;
    found.filter(|found| found.account == call.account.sid).ok_or_else(|| call.not_found())
}

async fn fetch(Path(sid): Path<String>, call: Call) -> Result<Response, ApiError> {
    Ok(show::ok(&show_one(&find(&call, &sid)?, &own_url(&call))))
}

async fn update(Path(sid): Path<String>, call: Call) -> Result<Response, ApiError> {
    let description = match call.get("Description") {
        None => None,
        Some(text) => Some(configure::description(text)?),
    };
    let one = change(&call, &sid, |one| {
        one.description = description.clone().unwrap_or_else(|| one.description.clone());
        Ok(())
    })
    .await?;
    Ok(show::ok(&show_one(&one, &own_url(&call))))
}

async fn change(
    call: &Call,
    sid: &str,
    apply: impl Fn(&mut Subscription) -> Result<(), ApiError>,
) -> Result<Subscription, ApiError> {
    call.house
        .decide(|| -> Result<_, ApiError> {
            let mut now = find(call, sid)?;
            let was = now.updated;
            apply(&mut now)?;
            now.updated = call.house.after(was);
            let write = SinkWrite::UpdateSubscription { was, now: Box::new(now.clone()) };
            Ok((Change::one(Write::Sinks(write)), now))
        })
        .await
}

async fn delete(Path(sid): Path<String>, call: Call) -> Result<Response, ApiError> {
    call.house
        .decide(|| -> Result<(Change, ()), ApiError> {
            let Subscription { sid, account, .. } = find(&call, &sid)?;
            let write = SinkWrite::DeleteSubscription { sid, account };
            Ok((Change::one(Write::Sinks(write)), ()))
        })
        .await?;
    Ok(show::deleted())
}

async fn list_events(Path(sid): Path<String>, call: Call) -> Result<Response, ApiError> {
    let one = find(&call, &sid)?;
    let page = Page::of(&call)?;
    let url = own_url(&call);
    let show_event =
        |wanted: &Subscribed| show_event(&one, wanted, &format!("{url}/{}", wanted.kind));
    let found = page.cut(&one.wanted);
    Ok(show::ok(&page.counted(&call, "types", found, show_event)))
}

async fn add_event(Path(sid): Path<String>, call: Call) -> Result<Response, ApiError> {
    let wanted = asked(&call, needed(&call, "Type")?)?;
    let one = change(&call, &sid, |one| {
        if one.wanted.iter().any(|known| known.kind == wanted.kind) {
            return Err(Refusal::conflict("the subscription has this event type").into());
        }
        configure::add(one, wanted.clone());
        Ok(())
    })
    .await?;
    let url = format!("{}/{}", own_url(&call), wanted.kind);
    Ok(show::created(&show_event(&one, &wanted, &url)))
}

fn asked(call: &Call, kind: &str) -> Result<Subscribed, ApiError> {
    let version = call.filled("SchemaVersion").map(version).transpose()?;
    Ok(configure::wanted(kind, version)?)
}

/// What a subscription wants of an event type.
fn find_event(call: &Call, one: &Subscription, kind: &str) -> Result<Subscribed, ApiError> {
    let found = one.wanted.iter().find(|wanted| wanted.kind == kind);
    found.cloned().ok_or_else(|| call.not_found())
}

async fn fetch_event(
    Path((sid, kind)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let one = find(&call, &sid)?;
    let wanted = find_event(&call, &one, &kind)?;
    Ok(show::ok(&show_event(&one, &wanted, &own_url(&call))))
}

async fn update_event(
    Path((sid, kind)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let one = change(&call, &sid, |one| {
        let known = find_event(&call, one, &kind)?;
        if call.filled("SchemaVersion").is_some() {
            configure::add(one, asked(&call, &known.kind)?);
        }
        Ok(())
    })
    .await?;
    let wanted = find_event(&call, &one, &kind)?;
    Ok(show::ok(&show_event(&one, &wanted, &own_url(&call))))
}

async fn delete_event(
    Path((sid, kind)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    change(&call, &sid, |one| {
        find_event(&call, one, &kind)?;
        if one.wanted.len() == 1 {
            return Err(Refusal::conflict("a subscription keeps one event type at least").into());
        }
        one.wanted.retain(|wanted| wanted.kind != kind);
        Ok(())
    })
    .await?;
    Ok(show::deleted())
}

/// A subscription as events/v1 shows it.
fn show_one(one: &Subscription, url: &str) -> Value {
    json!({
        "account_sid": one.account.as_str(),
        "sid": one.sid.as_str(),
        "date_created": show::iso8601(one.created),
        "date_updated": show::iso8601(one.updated),
        "description": one.description,
        "sink_sid": one.sink.as_str(),
        "url": url,
        "links": { "subscribed_events": format!("{url}/SubscribedEvents") },
    })
}

/// A subscribed event as events/v1 shows it.
fn show_event(one: &Subscription, wanted: &Subscribed, url: &str) -> Value {
    json!({
        "account_sid": one.account.as_str(),
        "type": wanted.kind,
        "schema_version": wanted.version,
        "subscription_sid": one.sid.as_str(),
        "url": url,
    })
}
