//! `/events/v1/Sinks`: where events go, and their trying out.
//!
//! Contract: rest.md 5 and A.16, webhooks.md 2h.

use super::error::ApiError;
use super::paging::Page;
use super::pools::own_url;
use super::request::Call;
use super::show;
use crate::house::House;
use crate::ids::token_text;
use crate::sinks::{event, row};
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::{get, post};
use exchange::refusal::Refusal;
use exchange::sid::SinkSid;
use exchange::sinks::configure::{self, SINKS_MAX};
use exchange::sinks::{Sink, SinkStatus, catalog};
use serde_json::{Value, json};
use std::sync::Arc;
use store::{Change, Place, SinkWrite, Write};

const LIST: &str = "/events/v1/Sinks";
const ONE: &str = "/events/v1/Sinks/{sid}";

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new()
        .route(LIST, get(list).post(create))
        .route(ONE, get(fetch).post(update).delete(delete))
        .route("/events/v1/Sinks/{sid}/Test", post(test))
        .route("/events/v1/Sinks/{sid}/Validate", post(validate))
}

async fn list(call: Call) -> Result<Response, ApiError> {
    let page = Page::of(&call)?;
    let place = page.place(SinkSid::parse)?;
    let status = match call.filled("Status") {
        None => None,
        Some(text) => Some(SinkStatus::parse(text).ok_or_else(|| {
            Refusal::parameter_invalid("Status", "use initialized, validating or active")
        })?),
    };
    let filter = (status, call.boolean("InUse")?);
    let found = call.house.store.sinks(call.account.sid, filter, place, page.limit())?;
    let url = own_url(&call);
    let show_one = |sink: &Sink| show_sink(sink, &format!("{url}/{}", sink.sid));
    let sid_of = |sink: &Sink| sink.sid.to_string();
    Ok(show::ok(&page.modern(&call, "sinks", found, (sid_of, show_one))))
}

/// A parameter that has to be there.
pub(super) fn needed<'a>(call: &'a Call, name: &str) -> Result<&'a str, ApiError> {
    call.filled(name).ok_or_else(|| Refusal::parameter_missing(name).into())
}

async fn create(call: Call) -> Result<Response, ApiError> {
    let house = &call.house;
    let now = house.now();
    let mut sink = Sink {
        sid: SinkSid::from_parts(house.parts()),
        account: call.account.sid,
        description: configure::description(needed(&call, "Description")?)?,
        destination: String::new(),
        batch_events: false,
        status: SinkStatus::Initialized,
        test_id: String::new(),
        created: now,
        updated: now,
    };
    let configuration = needed(&call, "SinkConfiguration")?;
    configure::sink_type(needed(&call, "SinkType")?)?;
    configure::webhook(&mut sink, read(configuration)?)?;
    let all = house.store.sinks(sink.account, (None, None), Place::Top, SINKS_MAX as u64)?;
    if all.len() >= SINKS_MAX {
        return Err(Refusal::conflict("an account has 100 sinks at most").into());
    }
    let shown = show_sink(&sink, &format!("{}/{}", own_url(&call), sink.sid));
    let write = SinkWrite::InsertSink(Box::new(sink));
    house.save(Change::one(Write::Sinks(write))).await?;
    Ok(show::created(&shown))
}

/// The configuration of a webhook sink, from its JSON.
fn read(text: &str) -> Result<configure::Webhook, ApiError> {
    let refuse = |why: &str| Refusal::parameter_invalid("SinkConfiguration", why);
    let value: Value = serde_json::from_str(text)
        .map_err(|error| refuse(&format!("a JSON object is expected: {error}")))?;
    let Value::Object(members) = &value else {
        return Err(refuse("a JSON object is expected").into());
    };
    let text = |name: &str| match members.get(name) {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::String(text)) => Ok(text.trim().to_owned()),
        Some(_) => Err(refuse(&format!("{name} has to be a text"))),
    };
    let batch_events = match members.get("batch_events") {
        None | Some(Value::Null) => false,
        Some(Value::Bool(batch)) => *batch,
        // Shells and older SDKs quote it.
        Some(Value::String(text)) if text == "true" || text == "false" => text == "true",
        Some(_) => return Err(refuse("batch_events has to be true or false").into()),
    };
    let (destination, method) = (text("destination")?, text("method")?);
    Ok(configure::Webhook { destination, method, batch_events })
}

/// The sink of a path, when it is the account's.
pub(super) fn find(call: &Call, sid: &str) -> Result<Sink, ApiError> {
    let sid = SinkSid::parse(sid).ok_or_else(|| call.not_found())?;
    let found = call.house.store.sink(sid)?;
    found.filter(|found| found.account == call.account.sid).ok_or_else(|| call.not_found())
}

async fn fetch(Path(sid): Path<String>, call: Call) -> Result<Response, ApiError> {
    Ok(show::ok(&show_sink(&find(&call, &sid)?, &own_url(&call))))
}

async fn update(Path(sid): Path<String>, call: Call) -> Result<Response, ApiError> {
    let description = configure::description(needed(&call, "Description")?)?;
    let sink = change(&call, &sid, |sink| {
        sink.description.clone_from(&description);
        Ok(Change::default())
    })
    .await?;
    Ok(show::ok(&show_sink(&sink, &own_url(&call))))
}

/// Saves what becomes of a sink, with what follows from it.
async fn change(
    call: &Call,
    sid: &str,
    apply: impl Fn(&mut Sink) -> Result<Change, ApiError>,
) -> Result<Sink, ApiError> {
    call.house
        .decide(|| -> Result<_, ApiError> {
            let mut now = find(call, sid)?;
            let was = now.updated;
            let mut change = apply(&mut now)?;
            now.updated = call.house.after(was);
            let write = SinkWrite::UpdateSink { was, now: Box::new(now.clone()) };
            change.writes.insert(0, Write::Sinks(write));
            Ok((change, now))
        })
        .await
}

async fn delete(Path(sid): Path<String>, call: Call) -> Result<Response, ApiError> {
    call.house
        .decide(|| -> Result<(Change, ()), ApiError> {
            let sink = find(&call, &sid)?;
            let using =
                call.house.store.subscriptions(sink.account, Some(sink.sid), Place::Top, 1)?;
            if !using.is_empty() {
                return Err(Refusal::conflict("the sink has subscriptions").into());
            }
            let write = SinkWrite::DeleteSink { sid: sink.sid, account: sink.account };
            Ok((Change::one(Write::Sinks(write)), ()))
        })
        .await?;
    Ok(show::deleted())
}

/// Sends a test event, whose id proves that it arrived.
async fn test(Path(sid): Path<String>, call: Call) -> Result<Response, ApiError> {
    let house = &call.house;
    change(&call, &sid, |sink| {
        sink.test_id = token_text(house.ids.token());
        sink.status = SinkStatus::Validating;
        let data = json!({ "test_id": sink.test_id });
        let schema = catalog::TEST_SCHEMA;
        let event = event(house, catalog::TEST, schema, sink.sid.sid(), data);
        let url = sink.destination.split('#').next().unwrap_or_default();
        let row = row(house, sink.account, url, (sink.sid.sid(), &[event]));
        Ok(Change { webhooks: vec![row], ..Change::default() })
    })
    .await?;
    Ok(show::created(&json!({ "result": "submitted" })))
}

async fn validate(Path(sid): Path<String>, call: Call) -> Result<Response, ApiError> {
    let named = needed(&call, "TestId")?;
    change(&call, &sid, |sink| {
        if sink.test_id != named {
            let why = "it is not the id of the newest test event";
            return Err(Refusal::parameter_invalid("TestId", why).into());
        }
        sink.status = SinkStatus::Active;
        Ok(Change::default())
    })
    .await?;
    Ok(show::created(&json!({ "result": "valid" })))
}

/// A sink as events/v1 shows it.
fn show_sink(sink: &Sink, url: &str) -> Value {
    json!({
        "date_created": show::iso8601(sink.created),
        "date_updated": show::iso8601(sink.updated),
        "description": sink.description,
        "sid": sink.sid.as_str(),
        "sink_configuration": {
            "destination": super::own::without_password(&sink.destination),
            "method": "POST",
            "batch_events": sink.batch_events,
        },
        "sink_type": "webhook",
        "status": sink.status.as_str(),
        "url": url,
        "links": {
            "sink_test": format!("{url}/Test"),
            "sink_validate": format!("{url}/Validate"),
        },
    })
}
