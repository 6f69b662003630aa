//! `/iam/v1/Keys`: API keys with a kind and permissions.
//!
//! The account is named by `AccountSid`, which has to be the credentials' own or one of its
//! subaccounts. Main keys are made by our own API only, as Twilio makes them in its console.
//! Contract: rest.md 1.3, 4.4; the official SDKs for the fields.

use super::error::ApiError;
use super::keys::{gone_is_not_found, mint, policy, show_key};
use super::paging::Page;
use super::request::Call;
use super::show;
use crate::house::House;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use exchange::accounts::Account;
use exchange::keys::{self, ApiKey, KeyKind};
use exchange::numbers::configure;
use exchange::refusal::Refusal;
use exchange::sid::KeySid;
use serde_json::{Value, json};
use std::sync::Arc;
use store::{Change, Write};

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new()
        .route("/iam/v1/Keys", get(list).post(create))
        .route("/iam/v1/Keys/{sid}", get(fetch).post(update).delete(delete))
}

/// The account that `AccountSid` names, in the body or the query.
fn account(call: &Call) -> Result<Account, ApiError> {
    call.managing()?;
    let named = call.filled("AccountSid").or_else(|| call.query.get("AccountSid"));
    let named = named.ok_or_else(|| Refusal::parameter_missing("AccountSid"))?;
    call.acting(named)
}

async fn list(call: Call) -> Result<Response, ApiError> {
    let account = account(&call)?;
    let page = Page::of(&call)?;
    let found = call.house.store.keys(account.sid, page.place(KeySid::parse)?, page.limit())?;
    let sid_of = |key: &ApiKey| key.sid.to_string();
    Ok(show::ok(&page.modern(&call, "keys", found, (sid_of, show_key))))
}

async fn create(call: Call) -> Result<Response, ApiError> {
    let account = account(&call)?;
    let kind = keys::kind(call.filled("KeyType"), policy(&call)?, false)?;
    let (key, secret) = mint(&call, account.sid, kind)?;
    let mut shown = show_with_policy(&key);
    shown["secret"] = secret.into();
    call.house.save(Change::one(Write::InsertKey(Box::new(key)))).await?;
    Ok(show::created(&shown))
}

/// The key of a path, when the credentials may act on its account.
fn find(call: &Call, sid: &str) -> Result<ApiKey, ApiError> {
    call.managing()?;
    let sid = KeySid::parse(sid).ok_or_else(|| call.not_found())?;
    let key = call.house.store.key(sid)?.ok_or_else(|| call.not_found())?;
    call.acting(key.account.as_str()).map_err(|_| call.not_found())?;
    Ok(key)
}

async fn fetch(Path(sid): Path<String>, call: Call) -> Result<Response, ApiError> {
    Ok(show::ok(&show_with_policy(&find(&call, &sid)?)))
}

async fn update(Path(sid): Path<String>, call: Call) -> Result<Response, ApiError> {
    let mut key = find(&call, &sid)?;
    if let Some(name) = configure::friendly_name(&call.form)? {
        key.friendly_name = name;
    }
    if let Some(policy) = policy(&call)? {
        if !matches!(key.kind, KeyKind::Restricted(_)) {
            let why = "only a restricted key has one";
            return Err(Refusal::parameter_invalid("Policy", why).into());
        }
        keys::check(&policy)?;
        key.kind = KeyKind::Restricted(policy);
    }
    key.updated = call.house.after(key.updated);
    let write = Write::UpdateKey {
        sid: key.sid,
        account: key.account,
        friendly_name: key.friendly_name.clone(),
        policy: key.kind.policy().to_vec(),
        at: key.updated,
    };
    gone_is_not_found(&call, call.house.save(Change::one(write)).await)?;
    Ok(show::ok(&show_with_policy(&key)))
}

async fn delete(Path(sid): Path<String>, call: Call) -> Result<Response, ApiError> {
    let key = find(&call, &sid)?;
    let gone = Write::DeleteKey { sid: key.sid, account: key.account };
    gone_is_not_found(&call, call.house.save(Change::one(gone)).await)?;
    Ok(show::deleted())
}

/// A key with what it permits; null for kinds that have no policy.
pub(super) fn show_with_policy(key: &ApiKey) -> Value {
    let mut shown = show_key(key);
    shown["policy"] = match &key.kind {
        KeyKind::Restricted(policy) => json!({ "allow": policy }),
        KeyKind::Main | KeyKind::Standard => Value::Null,
    };
    shown
}
