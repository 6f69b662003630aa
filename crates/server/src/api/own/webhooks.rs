//! `/offhook/v1/Webhooks`: the request log, and sending what is in it again.

use super::entry::show_entry;
use crate::api::error::ApiError;
use crate::api::paging::Page;
use crate::api::request::Call;
use crate::api::show;
use crate::house::House;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::{get, post};
use exchange::refusal::Refusal;
use exchange::sid::{AccountSid, Sid, WebhookSid};
use exchange::webhooks::{Kind, Status, replay};
use serde_json::{Value, json};
use std::sync::Arc;
use store::{Change, Place, StoreError, WebhookEntry, WebhookFilter, Write};

/// Entries of a page at most: each may have a whole document.
const PAGE_SIZE_MAX: u64 = 100;
/// Rows that wait again by one bulk replay at most.
const REVIVED_MAX: usize = 10_000;
/// Rows of one change of a bulk replay.
const REVIVED_AT_ONCE: u64 = 500;
/// How often a change of a bulk replay is made again when somebody else was faster.
const REVIVE_TRIES_MAX: u32 = 3;

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new()
        .route("/offhook/v1/Webhooks", get(list))
        .route("/offhook/v1/Webhooks/Replay", post(replay_many))
        .route("/offhook/v1/Webhooks/{sid}", get(fetch))
        .route("/offhook/v1/Webhooks/{sid}/Replay", post(replay_one))
}

/// `ResourceSid`, `Status` and `Kind` of a request.
fn filter(call: &Call) -> Result<WebhookFilter, ApiError> {
    let wrong = |name: &str, why: &str| ApiError(Refusal::parameter_invalid(name, why));
    let mut filter = WebhookFilter::default();
    if let Some(text) = call.filled("ResourceSid") {
        let sid = Sid::parse(text);
        filter.resource = Some(sid.ok_or_else(|| ApiError(Refusal::sid_invalid(text)))?);
    }
    if let Some(text) = call.filled("Status") {
        let why = "use waiting, running, done, failed or dead";
        filter.status = Some(Status::parse(text).ok_or_else(|| wrong("Status", why))?);
    }
    if let Some(text) = call.filled("Kind") {
        filter.kind = Some(Kind::parse(text).ok_or_else(|| wrong("Kind", "use ask or tell"))?);
    }
    Ok(filter)
}

/// Whose log is read: the caller's, or by a main account's own token one of its subaccounts'.
fn whose(call: &Call) -> Result<AccountSid, ApiError> {
    let Some(text) = call.filled("AccountSid") else { return Ok(call.account.sid) };
    let sid = AccountSid::parse(text).ok_or_else(|| Refusal::sid_invalid(text))?;
    if sid != call.account.sid {
        call.ruling()?;
    }
    Ok(call.named(text)?.sid)
}

async fn list(call: Call) -> Result<Response, ApiError> {
    let house = &call.house;
    let page = Page::of(&call)?.capped(PAGE_SIZE_MAX);
    let mut filter = filter(&call)?;
    filter.place = page.place(|sid| house.store.webhook_id(WebhookSid::parse(sid)?))?;
    let found = found(house, whose(&call)?, &filter, page.limit())?;
    let mut shown = Vec::with_capacity(found.len());
    for entry in &found {
        shown.push(show_entry(house, entry)?);
    }
    let sid_of = |entry: &Value| entry["sid"].as_str().unwrap_or_default().to_owned();
    Ok(show::ok(&page.modern(&call, "webhooks", shown, (sid_of, Value::clone))))
}

/// Running is not a stored status: those on their way are known to the house.
fn found(
    house: &House,
    account: AccountSid,
    filter: &WebhookFilter,
    limit: u64,
) -> Result<Vec<WebhookEntry>, StoreError> {
    let mut found = match filter.status {
        Some(Status::Running) => {
            let mut found = Vec::new();
            for id in house.running_ids() {
                found.extend(house.store.webhook(id)?.filter(|entry| fits(entry, account, filter)));
            }
            found
        }
        Some(Status::Waiting) => {
            let running = house.running_ids();
            let more = limit + running.len() as u64;
            let mut found = house.store.webhooks(account, filter, more)?;
            found.retain(|entry| !running.contains(&entry.webhook.id));
            found
        }
        _ => house.store.webhooks(account, filter, limit)?,
    };
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if matches!(filter.place, Place::Before(_)) {
        // What is nearest to the place stands last.
        found.drain(..found.len().saturating_sub(limit));
    }
    found.truncate(limit);
    Ok(found)
}

fn fits(entry: &WebhookEntry, account: AccountSid, filter: &WebhookFilter) -> bool {
    let webhook = &entry.webhook;
    entry.status == Status::Waiting
        && webhook.account == account
        && filter.resource.is_none_or(|resource| resource == webhook.resource)
        && filter.kind.is_none_or(|kind| kind == webhook.kind)
        && match filter.place {
            Place::Top => true,
            Place::After(id) => webhook.id < id,
            Place::Before(id) => webhook.id > id,
        }
}

/// The entry of a path, when it is the account's.
fn find(call: &Call, account: AccountSid, sid: &str) -> Result<WebhookEntry, ApiError> {
    let id = WebhookSid::parse(sid).and_then(|sid| call.house.store.webhook_id(sid));
    let entry = call.house.store.webhook(id.ok_or_else(|| call.not_found())?)?;
    let entry = entry.filter(|entry| entry.webhook.account == account);
    entry.ok_or_else(|| call.not_found())
}

async fn fetch(Path(sid): Path<String>, call: Call) -> Result<Response, ApiError> {
    Ok(show::ok(&show_entry(&call.house, &find(&call, whose(&call)?, &sid)?)?))
}

/// Once more, as it was or changed; recorded, and acted on by nobody.
async fn replay_one(Path(sid): Path<String>, call: Call) -> Result<Response, ApiError> {
    let house = &call.house;
    let entry = find(&call, call.account.sid, &sid)?;
    let again = replay::replay(&entry.webhook, &call.form, house.ids.token(), house.now())?;
    let change = Change { webhooks: vec![again], ..Change::default() };
    let id = house.save_webhook(change).await?;
    let entry = house.store.webhook(id)?.ok_or_else(|| call.not_found())?;
    Ok(show::created(&show_entry(house, &entry)?))
}

/// Tells that were given up wait again, with the tokens they had: what a receiver that was down
/// for long has missed. Asks do not: their moment is over.
async fn replay_many(call: Call) -> Result<Response, ApiError> {
    let mut filter = filter(&call)?;
    if !matches!(filter.status, Some(Status::Dead | Status::Failed)) {
        let why = "use dead, or failed: what ended without success";
        return Err(Refusal::parameter_invalid("Status", why).into());
    }
    if filter.kind == Some(Kind::Ask) {
        let why = "asks are replayed one by one; only tells are sent again in bulk";
        return Err(Refusal::parameter_invalid("Kind", why).into());
    }
    filter.kind = Some(Kind::Tell);
    let mut count = 0;
    while count < REVIVED_MAX {
        match revive(&call, &mut filter).await? {
            0 => break,
            n => count += n,
        }
    }
    Ok(show::ok(&json!({ "count": count, "more": count >= REVIVED_MAX })))
}

/// Makes the next rows of the filter wait again; how many. The filter goes on behind them, so that
/// one that fails again at once is not taken twice.
async fn revive(call: &Call, filter: &mut WebhookFilter) -> Result<usize, ApiError> {
    let house = &call.house;
    for attempt in 1..=REVIVE_TRIES_MAX {
        let rows = house.store.webhooks(call.account.sid, filter, REVIVED_AT_ONCE)?;
        let Some(last) = rows.last().map(|entry| entry.webhook.id) else {
            return Ok(0);
        };
        let due = house.now();
        let revive = |entry: &WebhookEntry| Write::ReviveWebhook { id: entry.webhook.id, due };
        let writes = rows.iter().map(revive).collect();
        match house.save(Change { writes, ..Change::default() }).await {
            Ok(()) => {
                filter.place = Place::After(last);
                return Ok(rows.len());
            }
            Err(StoreError::Conflict) if attempt < REVIVE_TRIES_MAX => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(0)
}
