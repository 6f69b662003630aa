//! `/events/v1/Types` and `/events/v1/Schemas`: which events there are, and how their data look.
//!
//! The schemas themselves are Twilio's, at the URL that `raw` names. Contract: rest.md A.16.

use super::error::ApiError;
use super::paging::Page;
use super::pools::own_url;
use super::request::Call;
use super::show;
use crate::house::House;
use crate::sinks::SCHEMAS;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use exchange::sinks::catalog::{self, EVENT_TYPES, EventType};
use serde_json::{Value, json};
use std::sync::Arc;

/// The catalogue is as old as this version's table; a day is needed, and the same for all.
const DATE: &str = "2026-11-01T00:00:00Z";
const DOCUMENTATION: &str = "https://www.twilio.com/docs/events/event-types";

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new()
        .route("/events/v1/Types", get(list))
        .route("/events/v1/Types/{kind}", get(fetch))
        .route("/events/v1/Schemas/{id}", get(fetch_schema))
        .route("/events/v1/Schemas/{id}/Versions", get(list_versions))
        .route("/events/v1/Schemas/{id}/Versions/{version}", get(fetch_version))
}

async fn list(call: Call) -> Result<Response, ApiError> {
    let page = Page::of(&call)?;
    let schema = call.filled("SchemaId");
    let all = EVENT_TYPES.iter().filter(|one| schema.is_none_or(|id| one.schema == id));
    let all: Vec<&EventType> = all.collect();
    let show_one = |one: &&EventType| show_type(&call, one);
    Ok(show::ok(&page.counted(&call, "types", page.cut(&all), show_one)))
}

async fn fetch(Path(kind): Path<String>, call: Call) -> Result<Response, ApiError> {
    let found = catalog::find(&kind).ok_or_else(|| call.not_found())?;
    Ok(show::ok(&show_type(&call, found)))
}

/// The URL of something of events/v1, on the base and prefix that were asked.
fn url(call: &Call, path: &str) -> String {
    let asked = own_url(call);
    let base = asked.rfind("/v1/").map_or(asked.as_str(), |at| &asked[..at]);
    format!("{base}/v1/{path}")
}

fn show_type(call: &Call, one: &EventType) -> Value {
    json!({
        "type": one.name,
        "schema_id": one.schema,
        "date_created": DATE,
        "date_updated": DATE,
        "description": one.description,
        "status": "visible",
        "documentation_url": DOCUMENTATION,
        "url": url(call, &format!("Types/{}", one.name)),
        "links": { "schema": url(call, &format!("Schemas/{}/Versions", one.schema)) },
    })
}

async fn fetch_schema(Path(id): Path<String>, call: Call) -> Result<Response, ApiError> {
    let latest = catalog::schema(&id).ok_or_else(|| call.not_found())?;
    let url = own_url(&call);
    Ok(show::ok(&json!({
        "id": id,
        "url": url,
        "links": { "versions": format!("{url}/Versions") },
        "latest_version_date_created": DATE,
        "latest_version": latest,
    })))
}

async fn list_versions(Path(id): Path<String>, call: Call) -> Result<Response, ApiError> {
    let latest = catalog::schema(&id).ok_or_else(|| call.not_found())?;
    let page = Page::of(&call)?;
    let all: Vec<u32> = (1..=latest).rev().collect();
    let url = own_url(&call);
    let show_one = |version: &u32| show_version(&id, *version, &format!("{url}/{version}"));
    Ok(show::ok(&page.counted(&call, "schema_versions", page.cut(&all), show_one)))
}

async fn fetch_version(
    Path((id, version)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let latest = catalog::schema(&id).ok_or_else(|| call.not_found())?;
    let version = version.parse().ok().filter(|version| (1..=latest).contains(version));
    let version = version.ok_or_else(|| call.not_found())?;
    Ok(show::ok(&show_version(&id, version, &own_url(&call))))
}

fn show_version(id: &str, version: u32, url: &str) -> Value {
    json!({
        "id": id,
        "schema_version": version,
        "date_created": DATE,
        "url": url,
        "raw": format!("{SCHEMAS}/{id}/{version}"),
    })
}
