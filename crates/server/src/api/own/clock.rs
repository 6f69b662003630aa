//! `/offhook/v1/Clock`: house time, real or virtual and moved by order.
//!
//! An order is answered when the house is quiet again: everything that was due until then has
//! happened. Contract: DESIGN section 3, Time.

use super::simulated;
use crate::api::error::ApiError;
use crate::api::request::Call;
use crate::api::show;
use crate::clock::{Mode, Until};
use crate::events::What;
use crate::house::House;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use exchange::duration;
use exchange::refusal::Refusal;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::sync::Arc;

/// How far `Advance=idle` goes when no Limit is named.
const LIMIT: SignedDuration = SignedDuration::from_hours(1);
/// How far one order may go: a year and a day.
const ADVANCE_MAX: SignedDuration = SignedDuration::from_hours(366 * 24);

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new().route("/offhook/v1/Clock", get(fetch).post(update))
}

async fn fetch(call: Call) -> Result<Response, ApiError> {
    simulated(&call)?;
    Ok(show::ok(&show_clock(&call.house)))
}

async fn update(call: Call) -> Result<Response, ApiError> {
    simulated(&call)?;
    call.ruling()?;
    let mode = match call.filled("Mode").map(Mode::parse) {
        Some(None) => {
            return Err(Refusal::parameter_invalid("Mode", "use real or virtual").into());
        }
        mode => mode.flatten(),
    };
    let until = until(&call, mode.unwrap_or(call.house.clock.mode()))?;
    let Call { house, presence, .. } = call;
    // An advance takes as long as the applications it meets; a reset need not wait for it.
    drop(presence);
    if let Some(mode) = mode.filter(|mode| *mode != house.clock.mode()) {
        house.clock.set_mode(mode);
        house.events.publish([(None, What::Clock)]);
    }
    let Some(until) = until else {
        return Ok(show::ok(&show_clock(&house)));
    };
    let stopped = house.clock.advance(until).await;
    house.events.publish([(None, What::Clock)]);
    crate::retention::tidy(&house).await?;
    let mut body = show_clock(&house);
    body["stopped_by"] = stopped.as_str().into();
    Ok(show::ok(&body))
}

/// Where the order ends, if there is one.
fn until(call: &Call, mode: Mode) -> Result<Option<Until>, ApiError> {
    let Some(text) = call.filled("Advance") else {
        return Ok(None);
    };
    if mode == Mode::Real {
        let why = "real time moves by itself: set Mode=virtual first, or in the same request";
        return Err(Refusal::parameter_invalid("Advance", why).into());
    }
    let now = call.house.now();
    if text != "idle" {
        return Ok(Some(Until::Time(after(now, "Advance", text)?)));
    }
    let limit = match call.filled("Limit") {
        Some(text) => after(now, "Limit", text)?,
        None => now.checked_add(LIMIT).unwrap_or(Timestamp::MAX),
    };
    Ok(Some(Until::Idle(limit)))
}

fn after(now: Timestamp, name: &str, text: &str) -> Result<Timestamp, ApiError> {
    let duration = duration::parse(text).filter(|one| *one <= ADVANCE_MAX);
    duration.and_then(|duration| now.checked_add(duration).ok()).ok_or_else(|| {
        let why = "use an ISO 8601 duration of at most 366 days, such as PT10S";
        Refusal::parameter_invalid(name, why).into()
    })
}

fn show_clock(house: &House) -> Value {
    json!({
        "mode": house.clock.mode().as_str(),
        "now": house.now().to_string(),
        "quiet": house.clock.is_quiet(),
    })
}
