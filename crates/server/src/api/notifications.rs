//! `/2010-04-01/Accounts/{AC}/Notifications` and those of a call: the older view of alerts.
//!
//! They are the alerts of `/monitor/v1/Alerts` under the same sids, in the 2010 API's shape. A list
//! leaves out the request's parameters and the answer; a fetch has them. Contract: rest.md 4.2,
//! 4.5 and A.11.

use super::error::ApiError;
use super::paging::Page;
use super::request::Call;
use super::{calls, show};
use crate::house::House;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use exchange::alerts::codes::{self, Level};
use exchange::alerts::{Alert, RequestRecord};
use exchange::refusal::Refusal;
use exchange::sid::{AccountSid, AlertSid, CallSid};
use serde_json::{Value, json};
use std::sync::Arc;
use store::AlertFilter;

const LIST: &str = "/2010-04-01/Accounts/{account}/Notifications";
const ONE: &str = "/2010-04-01/Accounts/{account}/Notifications/{sid}";
const OF_CALL: &str = "/2010-04-01/Accounts/{account}/Calls/{call}/Notifications";
const ONE_OF_CALL: &str = "/2010-04-01/Accounts/{account}/Calls/{call}/Notifications/{sid}";

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new()
        .route(LIST, get(list))
        .route(ONE, get(fetch))
        .route(OF_CALL, get(list_of_call))
        .route(ONE_OF_CALL, get(fetch_of_call))
}

async fn list(Path(account): Path<String>, call: Call) -> Result<Response, ApiError> {
    let account = call.acting(&account)?;
    listed(&call, account.sid, None)
}

async fn list_of_call(
    Path((account, of)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let of = calls::find(&call, &account, &of)?;
    listed(&call, of.account, Some(of.sid))
}

fn listed(call: &Call, account: AccountSid, of: Option<CallSid>) -> Result<Response, ApiError> {
    let page = Page::of(call)?;
    let (start, end) = super::dates::range(call, "MessageDate")?;
    let level = match call.filled("Log") {
        None => None,
        Some("0") => Some(Level::Error),
        Some("1") => Some(Level::Warning),
        Some(_) => {
            let why = "use 0 for errors or 1 for warnings";
            return Err(Refusal::parameter_invalid("Log", why).into());
        }
    };
    let place = page.place(AlertSid::parse)?;
    let resource = of.map(|of| of.sid());
    let filter = AlertFilter { level, start, end, resource, place };
    let found = call.house.store.alerts(account, &filter, page.limit())?;
    let sid_of = |alert: &Alert| alert.sid.to_string();
    let show_one = |alert: &Alert| show_notification(alert, of);
    Ok(show::ok(&page.classic(call, "notifications", found, (sid_of, show_one))))
}

async fn fetch(
    Path((account, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let account = call.acting(&account)?;
    fetched(&call, account.sid, None, &sid)
}

async fn fetch_of_call(
    Path((account, of, sid)): Path<(String, String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let of = calls::find(&call, &account, &of)?;
    fetched(&call, of.account, Some(of.sid), &sid)
}

fn fetched(
    call: &Call,
    account: AccountSid,
    of: Option<CallSid>,
    sid: &str,
) -> Result<Response, ApiError> {
    let sid = AlertSid::parse(sid).ok_or_else(|| call.not_found())?;
    let found = call.house.store.alert(sid)?;
    let is_there = |alert: &Alert| {
        alert.account == account && of.is_none_or(|of| alert.resource == Some(of.sid()))
    };
    let alert = found.filter(is_there).ok_or_else(|| call.not_found())?;
    let mut body = show_notification(&alert, of);
    let request = alert.request.unwrap_or_default();
    body["request_variables"] = show::text_or_null(&request.variables);
    body["response_headers"] = show::text_or_null(&request.response_headers);
    body["response_body"] = show::text_or_null(&request.response_body);
    Ok(show::ok(&body))
}

/// An alert as a list of the 2010 API shows it, under the call it was asked for at.
fn show_notification(alert: &Alert, of: Option<CallSid>) -> Value {
    let (account, sid) = (alert.account, alert.sid);
    let date = show::rfc2822(alert.created);
    let request = |text: fn(&RequestRecord) -> &str| {
        alert.request.as_ref().map_or(Value::Null, |request| show::text_or_null(text(request)))
    };
    let call_sid = alert.resource.filter(|sid| sid.prefix() == "CA");
    let place = of.map_or(String::new(), |of| format!("Calls/{of}/"));
    let log = match alert.level {
        Level::Error => "0",
        Level::Warning => "1",
    };
    json!({
        "account_sid": account.as_str(),
        "api_version": webhook::API_VERSION,
        "call_sid": call_sid.map(|sid| sid.to_string()),
        "date_created": date,
        "date_updated": date,
        "error_code": alert.code.to_string(),
        "log": log,
        "message_date": date,
        "message_text": alert.text,
        "more_info": codes::more_info(alert.code),
        "request_method": request(|request| &request.method),
        "request_url": request(|request| &request.url),
        "sid": sid.as_str(),
        "uri": format!("/2010-04-01/Accounts/{account}/{place}Notifications/{sid}.json"),
    })
}
