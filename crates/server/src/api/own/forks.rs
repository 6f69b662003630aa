//! `/offhook/v1/Calls/{CA}/Points` and `/offhook/v1/Calls/{CA}/Fork`: a call goes on from an
//! earlier point, with another key, other words or none.
//!
//! What may be forked, and what of it is replayed, is `exchange::calls::fork`. Contract: DESIGN
//! section 1.

use super::call_actions::{keys, words};
use super::calls::show_call;
use super::simulated;
use crate::api::error::ApiError;
use crate::api::request::Call;
use crate::api::show;
use crate::calls::{CallError, Did};
use crate::house::House;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::{get, post};
use exchange::accounts::AccountStatus;
use exchange::calls;
use exchange::calls::fork::{self, Past, Point};
use exchange::refusal::Refusal;
use exchange::sid::CallSid;
use serde_json::{Value, json};
use std::sync::Arc;

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new()
        .route("/offhook/v1/Calls/{sid}/Points", get(list))
        .route("/offhook/v1/Calls/{sid}/Fork", post(create))
}

async fn list(Path(sid): Path<String>, call: Call) -> Result<Response, ApiError> {
    let past = past(&call, &find(&call, &sid)?).await?;
    // A log may be long, and reading its documents again takes its time.
    let points = tokio::task::spawn_blocking(move || fork::points(&past)).await;
    let points = points.map_err(|_| Refusal::internal())?;
    let shown: Vec<Value> = points.iter().map(show_point).collect();
    Ok(show::ok(&json!({ "sid": sid, "points": shown })))
}

async fn create(Path(sid): Path<String>, call: Call) -> Result<Response, ApiError> {
    let of = find(&call, &sid)?;
    let (at, did) = (at(&call)?, instead(&call)?);
    let house = call.house.clone();
    if house.account(of.account)?.status != AccountStatus::Active {
        let why = format!("Not forked: the account of {} is not active.", of.sid);
        return Err(Refusal::new(10_001, 400, why).into());
    }
    let past = past(&call, &of).await?;
    let (new, now) = (house.call_sid(), house.now());
    let forking = tokio::task::spawn_blocking(move || fork::fork(&past, at, new, now)).await;
    let fork = forking.map_err(|_| Refusal::internal())??;
    let made = house.calls.fork(fork, did).await.map_err(super::calls::wrong)?;
    Ok(show::created(&show_call(&made)))
}

/// The call of a path, when a person is at its other end and the asker may act on it.
fn find(call: &Call, sid: &str) -> Result<calls::Call, ApiError> {
    simulated(call)?;
    let sid = CallSid::parse(sid).ok_or_else(|| call.not_found())?;
    let found = call.house.store.call(sid)?.ok_or_else(|| call.not_found())?;
    call.named(found.account.as_str()).map_err(|_| call.not_found())?;
    fork::check(&found)?;
    if call.house.store.number_at(found.peer())?.is_some() {
        let what = "nobody holds a handset there: another number of this house is called";
        return Err(Refusal::conflict(what).into());
    }
    Ok(found)
}

/// What the call was told, if that is kept.
async fn past(call: &Call, of: &calls::Call) -> Result<Arc<Past>, ApiError> {
    call.house.calls.past(of.sid).await.map_err(|error| match error {
        CallError::NotLive => {
            let what = "what happened in this call is not kept: it ended too long ago, before a \
                        restart, or before anything was asked";
            Refusal::conflict(what).into()
        }
        error => super::calls::wrong(error),
    })
}

fn at(call: &Call) -> Result<Option<usize>, ApiError> {
    let Some(text) = call.filled("At") else { return Ok(None) };
    let why = "use the number of a point, as Points lists them";
    text.parse().map(Some).map_err(|_| Refusal::parameter_invalid("At", why).into())
}

/// What the person does at the point, instead of what was done.
fn instead(call: &Call) -> Result<Option<Did>, ApiError> {
    let (digits, speech) = (call.filled("Digits"), call.filled("Speech"));
    let hangs_up = call.boolean("Hangup")?.unwrap_or(false);
    match (digits, speech, hangs_up) {
        (None, None, false) => Ok(None),
        (Some(digits), None, false) => keys(digits).map(Some),
        (None, Some(text), false) => words(call, text, None).map(Some),
        (None, None, true) => Ok(Some(Did::HangUp)),
        _ => {
            let why = "use one of Digits, Speech and Hangup";
            Err(Refusal::parameter_invalid("Digits", why).into())
        }
    }
}

fn show_point(point: &Point) -> Value {
    let seconds = point.after_ms / 1000;
    json!({
        "at": point.at,
        "after": format!("PT{seconds}.{:03}S", point.after_ms % 1000),
        "happened": point.happened,
        "wanted": point.wanted,
        "verb": point.verb,
    })
}
