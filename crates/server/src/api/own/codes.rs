//! `/offhook/v1/Codes`: what the debugger's codes mean.
//!
//! The one table that alerts are raised from, to be shown beside them.

use crate::api::error::ApiError;
use crate::api::request::Call;
use crate::api::show;
use crate::house::House;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use exchange::alerts::codes::{self, Entry};
use serde_json::{Value, json};
use std::sync::Arc;

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new().route("/offhook/v1/Codes", get(list))
}

async fn list(_call: Call) -> Result<Response, ApiError> {
    let shown = |entry: &Entry| {
        json!({
            "code": entry.code,
            "level": entry.level.as_str(),
            "title": entry.title,
            "more_info": codes::more_info(entry.code),
        })
    };
    let all: Vec<Value> = codes::all().iter().map(shown).collect();
    Ok(show::ok(&json!({ "codes": all })))
}
