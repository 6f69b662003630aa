//! `/offhook/v1/Keys`: API keys of every kind, main ones too, which Twilio makes in its console.

use crate::api::error::ApiError;
use crate::api::iam_keys::show_with_policy;
use crate::api::keys::{mint, policy};
use crate::api::paging::Page;
use crate::api::request::Call;
use crate::api::show;
use crate::house::House;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use exchange::keys::{self, ApiKey};
use exchange::sid::KeySid;
use serde_json::Value;
use std::sync::Arc;
use store::{Change, Write};

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new().route("/offhook/v1/Keys", get(list).post(create))
}

async fn list(call: Call) -> Result<Response, ApiError> {
    call.managing()?;
    let page = Page::of(&call)?;
    let place = page.place(KeySid::parse)?;
    let found = call.house.store.keys(call.account.sid, place, page.limit())?;
    let sid_of = |key: &ApiKey| key.sid.to_string();
    Ok(show::ok(&page.modern(&call, "keys", found, (sid_of, show_key))))
}

async fn create(call: Call) -> Result<Response, ApiError> {
    call.managing()?;
    let kind = keys::kind(call.filled("KeyType"), policy(&call)?, true)?;
    let (key, secret) = mint(&call, call.account.sid, kind)?;
    let mut shown = show_key(&key);
    shown["secret"] = secret.into();
    call.house.save(Change::one(Write::InsertKey(Box::new(key)))).await?;
    Ok(show::created(&shown))
}

fn show_key(key: &ApiKey) -> Value {
    let mut shown = show_with_policy(key);
    shown["account_sid"] = key.account.as_str().into();
    shown["key_type"] = key.kind.as_str().into();
    shown["date_created"] = show::iso8601(key.created).into();
    shown["date_updated"] = show::iso8601(key.updated).into();
    shown
}
