//! `/monitor/v1/Alerts`: what went wrong with the account's webhooks and documents.
//!
//! A list leaves out the request's parameters and headers and the answer; a fetch has them.
//! Contract: rest.md 4.5 and A.15.

use super::error::ApiError;
use super::paging::Page;
use super::request::Call;
use super::show;
use crate::house::House;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use exchange::alerts::Alert;
use exchange::alerts::codes::{self, Level};
use exchange::refusal::Refusal;
use exchange::sid::AlertSid;
use serde_json::{Value, json};
use std::sync::Arc;
use store::AlertFilter;

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new()
        .route("/monitor/v1/Alerts", get(list))
        .route("/monitor/v1/Alerts/{sid}", get(fetch))
}

async fn list(call: Call) -> Result<Response, ApiError> {
    let page = Page::of(&call)?;
    let (start, end) = super::dates::between(&call)?;
    let place = page.place(AlertSid::parse)?;
    let (level, limit) = match call.filled("LogLevel").map(str::to_ascii_lowercase).as_deref() {
        None => (None, page.limit()),
        // The house raises none of these.
        Some("notice" | "debug") => (None, 0),
        Some(text) => match Level::parse(text) {
            Some(level) => (Some(level), page.limit()),
            None => {
                let why = "use error, warning, notice or debug";
                return Err(Refusal::parameter_invalid("LogLevel", why).into());
            }
        },
    };
    let filter = AlertFilter { level, start, end, resource: None, place };
    let found = call.house.store.alerts(call.account.sid, &filter, limit)?;
    let sid_of = |alert: &Alert| alert.sid.to_string();
    let list_url = format!("{}{}", call.base.url, call.path);
    let show_one = |alert: &Alert| show_alert(alert, &format!("{list_url}/{}", alert.sid));
    Ok(show::ok(&page.modern(&call, "alerts", found, (sid_of, show_one))))
}

async fn fetch(Path(sid): Path<String>, call: Call) -> Result<Response, ApiError> {
    let sid = AlertSid::parse(&sid).ok_or_else(|| call.not_found())?;
    let found = call.house.store.alert(sid)?;
    let alert =
        found.filter(|alert| alert.account == call.account.sid).ok_or_else(|| call.not_found())?;
    let mut body = show_alert(&alert, &format!("{}{}", call.base.url, call.path));
    let request = alert.request.unwrap_or_default();
    body["request_variables"] = show::text_or_null(&request.variables);
    body["request_headers"] = show::text_or_null(&request.headers);
    body["response_headers"] = show::text_or_null(&request.response_headers);
    body["response_body"] = show::text_or_null(&request.response_body);
    Ok(show::ok(&body))
}

/// An alert as a list of monitor/v1 shows it.
fn show_alert(alert: &Alert, url: &str) -> Value {
    let date = show::iso8601(alert.created);
    let request = |text: fn(&exchange::alerts::RequestRecord) -> &str| {
        alert.request.as_ref().map_or(Value::Null, |request| show::text_or_null(text(request)))
    };
    json!({
        "account_sid": alert.account.as_str(),
        "alert_text": alert.text,
        "api_version": webhook::API_VERSION,
        "date_created": date,
        "date_generated": date,
        "date_updated": date,
        "error_code": alert.code.to_string(),
        "log_level": alert.level.as_str(),
        "more_info": codes::more_info(alert.code),
        "request_method": request(|request| &request.method),
        "request_url": request(|request| &request.url),
        "resource_sid": alert.resource.map(|sid| sid.to_string()),
        "service_sid": null,
        "sid": alert.sid.as_str(),
        "url": url,
    })
}
