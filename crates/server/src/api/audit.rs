//! `/monitor/v1/Events`: who changed what by the APIs.
//!
//! Contract: rest.md 5 and A.15.

use super::error::ApiError;
use super::paging::Page;
use super::request::Call;
use super::show;
use crate::house::House;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use exchange::audit::Entry;
use exchange::sid::AuditSid;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use store::AuditFilter;

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new()
        .route("/monitor/v1/Events", get(list))
        .route("/monitor/v1/Events/{sid}", get(fetch))
}

async fn list(call: Call) -> Result<Response, ApiError> {
    let page = Page::of(&call)?;
    let (start, end) = super::dates::between(&call)?;
    let text = |name: &str| call.filled(name).map(str::to_owned);
    let filter = AuditFilter {
        actor: text("ActorSid"),
        event_type: text("EventType"),
        resource: text("ResourceSid"),
        source_ip: text("SourceIpAddress"),
        start,
        end,
        place: page.place(AuditSid::parse)?,
    };
    let found = call.house.store.audit(call.account.sid, &filter, page.limit())?;
    let sid_of = |entry: &Entry| entry.sid.to_string();
    let list_url = format!("{}{}", call.base.url, call.path);
    let show_one = |entry: &Entry| show_entry(entry, &format!("{list_url}/{}", entry.sid));
    Ok(show::ok(&page.modern(&call, "events", found, (sid_of, show_one))))
}

async fn fetch(Path(sid): Path<String>, call: Call) -> Result<Response, ApiError> {
    let sid = AuditSid::parse(&sid).ok_or_else(|| call.not_found())?;
    let found = call.house.store.audit_entry(sid)?;
    let entry = found.filter(|entry| entry.account == call.account.sid);
    let entry = entry.ok_or_else(|| call.not_found())?;
    Ok(show::ok(&show_entry(&entry, &format!("{}{}", call.base.url, call.path))))
}

fn show_entry(entry: &Entry, url: &str) -> Value {
    let data: Map<String, Value> = entry
        .data
        .iter()
        .map(|one| {
            let both = json!({ "previous": one.previous, "updated": one.updated });
            (one.name.clone(), both)
        })
        .collect();
    let actor_type = if entry.actor.prefix() == "SK" { "api-key" } else { "account" };
    json!({
        "account_sid": entry.account.as_str(),
        "actor_sid": entry.actor.as_str(),
        "actor_type": actor_type,
        "description": null,
        "event_data": data,
        "event_date": show::iso8601(entry.created),
        "event_type": entry.event_type,
        "resource_sid": entry.resource.as_str(),
        "resource_type": entry.resource_type,
        "sid": entry.sid.as_str(),
        "source": "api",
        "source_ip_address": show::text_or_null(&entry.source_ip),
        "url": url,
        "links": { "actor": null, "resource": null },
    })
}
