//! `/offhook/v1/Phones/{address}/Calls`: a person dials, and the calls of a handset.
//!
//! What a person then does is in `call_actions`, what a call heard and did in `call_transcript`,
//! and its live sound in `call_audio`. Contract: DESIGN section 1.

use super::phones::handset_of;
use super::simulated;
use crate::api::error::ApiError;
use crate::api::paging::Page;
use crate::api::request::Call;
use crate::api::show;
use crate::calls::{CallError, ReceiveError, receive};
use crate::house::House;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use exchange::calls::inbound::{self, Arrival};
use exchange::calls::{self, Direction};
use exchange::numbers::Address;
use exchange::refusal::Refusal;
use exchange::sid::{ApplicationSid, CallSid};
use serde::Serialize;
use serde_json::json;
use std::sync::Arc;
use store::CallFilter;

/// Characters of a caller's name.
const CALLER_NAME_CHARACTERS_MAX: usize = 100;

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new()
        .route("/offhook/v1/Phones/{address}/Calls", get(list).post(create))
        .route("/offhook/v1/Phones/{address}/Calls/{sid}", get(fetch))
}

/// A person dials.
async fn create(Path(address): Path<String>, call: Call) -> Result<Response, ApiError> {
    simulated(&call)?;
    let from = handset_of(&call, &address)?;
    let to = call.filled("To").ok_or_else(Refusal::call_to_missing)?;
    let arrival = Arrival {
        from,
        forwarded_from: forwarded_from(&call)?,
        caller_name: caller_name(&call)?,
        parameters: inbound::parameters(&call.form)?,
    };
    let made = receive(&call.house, call.account.sid, arrival, to).await.map_err(refused)?;
    Ok(show::created(&show_call(&made)))
}

fn refused(error: ReceiveError) -> ApiError {
    match error {
        ReceiveError::Refused(refusal) => refusal.into(),
        ReceiveError::NotActive(_) => {
            Refusal::new(10_001, 400, format!("Not taken: {error}.")).into()
        }
        ReceiveError::Store(error) => error.into(),
    }
}

fn forwarded_from(call: &Call) -> Result<Option<String>, ApiError> {
    let Some(text) = call.filled("ForwardedFrom") else { return Ok(None) };
    match Address::parse(text, Some("US")) {
        Ok(address) => Ok(Some(address.to_string())),
        Err(why) => Err(Refusal::parameter_invalid("ForwardedFrom", why).into()),
    }
}

fn caller_name(call: &Call) -> Result<Option<String>, ApiError> {
    match call.filled("CallerName") {
        Some(text) if text.chars().count() > CALLER_NAME_CHARACTERS_MAX => {
            let why = format!("use at most {CALLER_NAME_CHARACTERS_MAX} characters");
            Err(Refusal::parameter_invalid("CallerName", why).into())
        }
        name => Ok(name.map(str::to_owned)),
    }
}

async fn list(Path(address): Path<String>, call: Call) -> Result<Response, ApiError> {
    simulated(&call)?;
    let page = Page::of(&call)?;
    let filter = CallFilter {
        peer: Some(handset_of(&call, &address)?),
        place: page.place(CallSid::parse)?,
        ..CallFilter::default()
    };
    let found = call.house.store.calls(call.account.sid, &filter, page.limit())?;
    let sid_of = |one: &calls::Call| one.sid.to_string();
    let show_one = |one: &calls::Call| json!(show_call(one));
    Ok(show::ok(&page.modern(&call, "calls", found, (sid_of, show_one))))
}

async fn fetch(
    Path((address, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    Ok(show::ok(&show_call(&find(&call, &address, &sid)?)))
}

/// The call of a path, when its far end is the handset and the asker's account may act on it.
pub(super) fn find(call: &Call, address: &str, sid: &str) -> Result<calls::Call, ApiError> {
    simulated(call)?;
    let address = handset_of(call, address)?;
    let sid = CallSid::parse(sid).ok_or_else(|| call.not_found())?;
    let found = call.house.store.call(sid)?.filter(|found| found.peer() == address);
    let found = found.ok_or_else(|| call.not_found())?;
    // A handset is everybody's; a call is its account's, and its main account's.
    call.named(found.account.as_str()).map_err(|_| call.not_found())?;
    Ok(found)
}

/// Why a person can't do that, as our own API says it.
pub(super) fn wrong(error: CallError) -> ApiError {
    match error {
        CallError::NotLive => {
            Refusal::new(21_220, 409, "The call is not live any more, or not yet.").into()
        }
        CallError::Refused(refusal) => refusal.into(),
        CallError::Wrong(why) => Refusal::new(21_220, 409, why).into(),
        CallError::Store(error) => error.into(),
    }
}

/// A call as the handset at its far end sees it.
#[derive(Serialize)]
pub(super) struct HandsetCall<'a> {
    sid: &'a str,
    way: &'static str,
    from: &'a str,
    to: &'a str,
    status: &'static str,
    answered_by: Option<&'static str>,
    date_created: String,
    date_answered: Option<String>,
    date_ended: Option<String>,
    duration: Option<u32>,
    forked_from: Option<&'a str>,
}

pub(super) fn show_call(call: &calls::Call) -> HandsetCall<'_> {
    let is_dialled = call.direction == Direction::Inbound;
    let application = call.application.as_ref().map(ApplicationSid::as_str).unwrap_or_default();
    HandsetCall {
        sid: call.sid.as_str(),
        way: if is_dialled { "outgoing" } else { "incoming" },
        from: &call.from,
        to: if call.to.is_empty() { application } else { &call.to },
        status: call.state.as_str(),
        answered_by: call.answered_by.map(calls::AnsweredBy::as_str),
        date_created: show::iso8601(call.created),
        date_answered: call.answered.map(show::iso8601),
        date_ended: call.ended.map(show::iso8601),
        duration: call.duration_seconds(),
        forked_from: call.plan.forked_from.as_ref().map(CallSid::as_str),
    }
}
