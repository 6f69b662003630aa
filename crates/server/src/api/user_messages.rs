//! `/2010-04-01/Accounts/{AC}/Calls/{CA}/UserDefinedMessages` and
//! `…/UserDefinedMessageSubscriptions`: what an application and a client program say to each other.
//!
//! The program's side is our own API's. Contract: rest.md 4.2 and A.7.

use super::error::ApiError;
use super::request::Call;
use super::{calls, show};
use crate::calls::{CallError, Posted};
use crate::house::House;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::{delete, post};
use exchange::calls::Call as Record;
use exchange::calls::user_messages::{self, Subscription, UserMessage};
use exchange::refusal::Refusal;
use exchange::sid::UserSubscriptionSid;
use serde_json::{Value, json};
use std::sync::Arc;

const MESSAGES: &str = "/2010-04-01/Accounts/{account}/Calls/{call}/UserDefinedMessages";
const SUBSCRIPTIONS: &str =
    "/2010-04-01/Accounts/{account}/Calls/{call}/UserDefinedMessageSubscriptions";
const SUBSCRIPTION: &str =
    "/2010-04-01/Accounts/{account}/Calls/{call}/UserDefinedMessageSubscriptions/{sid}";

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new()
        .route(MESSAGES, post(create))
        .route(SUBSCRIPTIONS, post(subscribe))
        .route(SUBSCRIPTION, delete(unsubscribe))
}

async fn create(
    Path((account, of)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let of = calls::find(&call, &account, &of)?;
    let posted = posted(&call)?;
    user_messages::check(&of)?;
    let sent = call.house.calls.deliver_message(of.sid, posted).await.map_err(wrong)?;
    Ok(show::created(&show_message(&of, sent)))
}

/// A message of the request: its key, and JSON.
pub(super) fn posted(call: &Call) -> Result<Posted, ApiError> {
    let key = user_messages::key(&call.form)?;
    let content = user_messages::content(&call.form)?;
    if let Err(why) = serde_json::from_str::<serde::de::IgnoredAny>(content) {
        let why = format!("it is not JSON: {why}");
        return Err(Refusal::parameter_invalid("Content", why).into());
    }
    Ok(Posted { key, content: content.to_owned() })
}

async fn subscribe(
    Path((account, of)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let of = calls::find(&call, &account, &of)?;
    let callback = user_messages::callback(&call.form)?;
    let key = user_messages::key(&call.form)?;
    user_messages::check(&of)?;
    let made = call.house.calls.subscribe(of.sid, key, callback).await.map_err(wrong)?;
    Ok(show::created(&show_subscription(&of, &made)))
}

async fn unsubscribe(
    Path((account, of, sid)): Path<(String, String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let of = calls::find(&call, &account, &of)?;
    let sid = UserSubscriptionSid::parse(&sid).ok_or_else(|| call.not_found())?;
    match call.house.calls.unsubscribe(of.sid, sid).await {
        Ok(true) => Ok(show::deleted()),
        // It has ended with its call.
        Ok(false) | Err(CallError::NotLive) => Err(call.not_found()),
        Err(error) => Err(wrong(error)),
    }
}

/// Why nothing was exchanged.
fn wrong(error: CallError) -> ApiError {
    match error {
        CallError::NotLive => Refusal::call_has_no_messages().into(),
        error => calls::wrong(error),
    }
}

/// A message as both its ends see it.
pub(super) fn show_message(call: &Record, message: UserMessage) -> Value {
    json!({
        "account_sid": call.account.as_str(),
        "call_sid": call.sid.as_str(),
        "sid": message.sid.as_str(),
        "date_created": show::rfc2822(message.created),
    })
}

fn show_subscription(call: &Record, subscription: &Subscription) -> Value {
    let uri = format!(
        "/2010-04-01/Accounts/{}/Calls/{}/UserDefinedMessageSubscriptions/{}.json",
        call.account, call.sid, subscription.sid
    );
    json!({
        "account_sid": call.account.as_str(),
        "call_sid": call.sid.as_str(),
        "sid": subscription.sid.as_str(),
        "date_created": show::rfc2822(subscription.created),
        "uri": uri,
    })
}
