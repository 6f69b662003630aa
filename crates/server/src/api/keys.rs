//! `/2010-04-01/Accounts/{AC}/Keys` and its older name `SigningKeys`.
//!
//! The secret is shown once, in the answer that makes the key; a hash of it is kept. API keys do
//! not manage keys. Contract: rest.md 1.3, 4.4 and A.1.

use super::error::ApiError;
use super::paging::Page;
use super::request::{Call, sha256_hex};
use super::show;
use crate::house::House;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use exchange::keys::{ApiKey, KeyKind};
use exchange::numbers::configure;
use exchange::refusal::Refusal;
use exchange::sid::{AccountSid, KeySid};
use serde_json::{Value, json};
use std::sync::Arc;
use store::{Change, StoreError, Write};

pub(super) fn routes() -> Router<Arc<House>> {
    let one = || get(fetch).post(update).delete(delete);
    Router::new()
        .route("/2010-04-01/Accounts/{account}/Keys", get(list_keys).post(create))
        .route("/2010-04-01/Accounts/{account}/Keys/{sid}", one())
        .route("/2010-04-01/Accounts/{account}/SigningKeys", get(list_signing_keys).post(create))
        .route("/2010-04-01/Accounts/{account}/SigningKeys/{sid}", one())
}

async fn list_keys(path: Path<String>, call: Call) -> Result<Response, ApiError> {
    list(path, call, "keys")
}

async fn list_signing_keys(path: Path<String>, call: Call) -> Result<Response, ApiError> {
    list(path, call, "signing_keys")
}

fn list(Path(account): Path<String>, call: Call, name: &str) -> Result<Response, ApiError> {
    call.managing()?;
    let account = call.acting(&account)?;
    let page = Page::of(&call)?;
    let place = page.place(KeySid::parse)?;
    let found = call.house.store.keys(account.sid, place, page.limit())?;
    let sid_of = |key: &ApiKey| key.sid.to_string();
    Ok(show::ok(&page.classic(&call, name, found, (sid_of, show_key))))
}

async fn create(Path(account): Path<String>, call: Call) -> Result<Response, ApiError> {
    call.managing()?;
    let account = call.acting(&account)?;
    let (key, secret) = mint(&call, account.sid, KeyKind::Standard)?;
    let mut shown = show_key(&key);
    shown["secret"] = secret.into();
    call.house.save(Change::one(Write::InsertKey(Box::new(key)))).await?;
    Ok(show::created(&shown))
}

/// A new key with its secret, named as the request says.
pub(super) fn mint(
    call: &Call,
    account: AccountSid,
    kind: KeyKind,
) -> Result<(ApiKey, String), ApiError> {
    let house = &call.house;
    let secret = house.ids.key_secret();
    let now = house.now();
    let key = ApiKey {
        sid: KeySid::from_parts(house.parts()),
        account,
        friendly_name: configure::friendly_name(&call.form)?.unwrap_or_default(),
        kind,
        secret_sha256: sha256_hex(&secret),
        created: now,
        updated: now,
    };
    Ok((key, secret))
}

/// A `Policy`: a JSON object whose `allow` is a list of permissions.
pub(super) fn policy(call: &Call) -> Result<Option<Vec<String>>, ApiError> {
    let Some(text) = call.filled("Policy") else { return Ok(None) };
    let why = "a JSON object with a list `allow` is expected";
    let wrong = || Refusal::parameter_invalid("Policy", why);
    let read: Value = serde_json::from_str(text).map_err(|_| wrong())?;
    let allow = read["allow"].as_array().ok_or_else(wrong)?;
    let texts: Option<Vec<String>> =
        allow.iter().map(|one| one.as_str().map(str::to_owned)).collect();
    Ok(Some(texts.ok_or_else(wrong)?))
}

/// The key of a path, when it is the account's.
fn find(call: &Call, account: &str, sid: &str) -> Result<ApiKey, ApiError> {
    call.managing()?;
    let account = call.acting(account)?;
    let sid = KeySid::parse(sid).ok_or_else(|| call.not_found())?;
    let key = call.house.store.key(sid)?;
    key.filter(|key| key.account == account.sid).ok_or_else(|| call.not_found())
}

async fn fetch(
    Path((account, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    Ok(show::ok(&show_key(&find(&call, &account, &sid)?)))
}

async fn update(
    Path((account, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let mut key = find(&call, &account, &sid)?;
    if let Some(friendly_name) = configure::friendly_name(&call.form)? {
        let at = call.house.after(key.updated);
        let policy = key.kind.policy().to_vec();
        let (sid, account, name) = (key.sid, key.account, friendly_name.clone());
        let write = Write::UpdateKey { sid, account, friendly_name: name, policy, at };
        gone_is_not_found(&call, call.house.save(Change::one(write)).await)?;
        key = ApiKey { friendly_name, updated: at, ..key };
    }
    Ok(show::ok(&show_key(&key)))
}

async fn delete(
    Path((account, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let key = find(&call, &account, &sid)?;
    let gone = Write::DeleteKey { sid: key.sid, account: key.account };
    gone_is_not_found(&call, call.house.save(Change::one(gone)).await)?;
    Ok(show::deleted())
}

/// A write that found nothing lost a race against a delete.
pub(super) fn gone_is_not_found(
    call: &Call,
    saved: Result<(), StoreError>,
) -> Result<(), ApiError> {
    match saved {
        Err(StoreError::Conflict) => Err(call.not_found()),
        other => Ok(other?),
    }
}

/// A key as the 2010 API shows it: without its secret.
pub(super) fn show_key(key: &ApiKey) -> Value {
    json!({
        "sid": key.sid.as_str(),
        "friendly_name": key.friendly_name,
        "date_created": show::rfc2822(key.created),
        "date_updated": show::rfc2822(key.updated),
    })
}
