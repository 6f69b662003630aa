//! `/offhook/v1/Events`: what happens in the house, as server-sent events.
//!
//! A reader that names its `Last-Event-ID` goes on where it was; one that was away for too long,
//! or reads too slowly, gets `house.gap` and loads anew. It sees its own account only, and what
//! concerns everybody. Contract: DESIGN section 1; the HTML standard, "Server-sent events".

use crate::api::error::ApiError;
use crate::api::request::Call;
use crate::events::{Event, Resumed, What};
use crate::house::House;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use exchange::refusal::Refusal;
use exchange::sid::AccountSid;
use http_body_util::channel::{Channel, Sender};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;

/// Pieces of a stream that wait for a slow reader; more wait in the house, up to its limit.
const PIECES_MAX: usize = 16;
/// Silence after which a comment keeps the connection alive.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// What comes first: the stream stands, and a broken one is tried again after a second.
const HELLO: &str = ": events of offhook\nretry: 1000\n\n";

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new().route("/offhook/v1/Events", get(stream))
}

async fn stream(call: Call) -> Result<Response, ApiError> {
    let resumed = call.house.events.resume(last(&call)?);
    let (mut sender, body) = Channel::<Bytes>::new(PIECES_MAX);
    let account = call.account.sid;
    tokio::spawn(async move {
        // An error is a reader that has gone.
        let _ = tell(&mut sender, account, resumed).await;
    });
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
        // A proxy that collects the answer before it passes it on would hold every event back.
        (header::HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, Body::new(body)).into_response())
}

/// The last event the reader has: by the header, else by the query.
fn last(call: &Call) -> Result<Option<i64>, ApiError> {
    let header = call.headers.get("Last-Event-ID").and_then(|value| value.to_str().ok());
    let query = || call.query.get("LastEventId").or_else(|| call.query.get("Last-Event-ID"));
    match header.or_else(query).map(str::trim).filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) => text.parse().map(Some).map_err(|_| {
            let why = "use the id of the last event that was read";
            Refusal::parameter_invalid("Last-Event-ID", why).into()
        }),
    }
}

type Gone = http_body_util::channel::SendError;

async fn tell(
    sender: &mut Sender<Bytes>,
    account: AccountSid,
    resumed: Resumed,
) -> Result<(), Gone> {
    let Resumed { missed, gap, mut live, mut closed } = resumed;
    sender.send_data(HELLO.into()).await?;
    if gap {
        sender.send_data(gap_text(None)).await?;
    }
    let is_theirs = |event: &Event| event.account.is_none_or(|owner| owner == account);
    for event in missed.iter().filter(|event| is_theirs(event)) {
        sender.send_data(text(event)).await?;
    }
    drop(missed);
    loop {
        let next = tokio::select! {
            next = tokio::time::timeout(KEEP_ALIVE, live.recv()) => next,
            // An error means that the house is gone: an end, too.
            _ = closed.wait_for(|closed| *closed) => return Ok(()),
        };
        match next {
            Err(_) => sender.send_data(": \n\n".into()).await?,
            Ok(Ok(event)) if is_theirs(&event) => sender.send_data(text(&event)).await?,
            Ok(Ok(_)) => {}
            Ok(Err(RecvError::Lagged(missed))) => sender.send_data(gap_text(Some(missed))).await?,
            Ok(Err(RecvError::Closed)) => return Ok(()),
        }
    }
}

/// Without an id: whoever comes back after it still goes on from the last event it really had.
fn gap_text(missed: Option<u64>) -> Bytes {
    format!("event: house.gap\ndata: {}\n\n", json!({ "missed": missed })).into()
}

fn text(event: &Event) -> Bytes {
    let name = event.what.name();
    let mut data = json!({
        "sid": event.what.sid(),
        "account_sid": event.account.as_ref().map(AccountSid::as_str),
    });
    match &event.what {
        What::Message(_, state) => data["status"] = state.as_str().into(),
        What::Call(_, state) => data["status"] = state.as_str().into(),
        What::Recording(_, status) => data["status"] = status.as_str().into(),
        What::Verification(_, standing) => data["status"] = standing.as_str().into(),
        What::WebhookCreated(_, kind) => {
            data["kind"] = kind.as_str().into();
            data["status"] = "waiting".into();
        }
        What::WebhookFinished(_, kind, status) => {
            data["kind"] = kind.as_str().into();
            data["status"] = status.as_str().into();
        }
        What::Alert(_, code) => data["code"] = Value::from(*code),
        What::Phone(address) => data["address"] = address.as_str().into(),
        What::MessageDeleted(_)
        | What::CallDeleted(_)
        | What::RecordingDeleted(_)
        | What::Configured(..)
        | What::Clock
        | What::Reset => {}
    }
    format!("id: {}\nevent: {name}\ndata: {data}\n\n", event.id).into()
}
