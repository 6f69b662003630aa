//! `/2010-04-01/Accounts/{AC}/Calls/{CA}/Events`: every webhook of a call, and its answer.
//!
//! An item is one ask or tell with the last answer it got, the newest first. What they are in full
//! is in our own `/offhook/v1/Webhooks`. Contract: rest.md 4.2 and A.7.

use super::error::ApiError;
use super::paging::Page;
use super::request::Call;
use super::{calls, show};
use crate::house::House;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use exchange::sid::WebhookSid;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use store::{StoreError, WebhookEntry, WebhookFilter};
use webhook::Form;

/// Items of a page: each may have a whole document.
const PAGE_SIZE_MAX: u64 = 100;

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new().route("/2010-04-01/Accounts/{account}/Calls/{call}/Events", get(list))
}

async fn list(
    Path((account, of)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let of = calls::find(&call, &account, &of)?;
    let store = &call.house.store;
    let page = Page::of(&call)?.capped(PAGE_SIZE_MAX);
    let filter = WebhookFilter {
        resource: Some(of.sid.sid()),
        place: page.place(|sid| store.webhook_id(WebhookSid::parse(sid)?))?,
        ..WebhookFilter::default()
    };
    let found = store.webhooks(of.account, &filter, page.limit())?;
    let mut shown = Vec::with_capacity(found.len());
    for entry in &found {
        let sid = store.webhook_sid(entry.webhook.id).to_string();
        shown.push((sid, show_event(&call.house, entry)?));
    }
    let sid_of = |(sid, _): &(String, Value)| sid.clone();
    let show_one = |(_, event): &(String, Value)| event.clone();
    Ok(show::ok(&page.classic(&call, "events", shown, (sid_of, show_one))))
}

fn show_event(house: &House, entry: &WebhookEntry) -> Result<Value, StoreError> {
    let webhook = &entry.webhook;
    let exchanges = house.store.exchanges(webhook.id)?;
    let last = exchanges.last();
    let attempt = last.and_then(|exchange| exchange.attempts.last());
    let content_type = attempt.and_then(|attempt| attempt.response_headers.get("content-type"));
    let body = last.and_then(|exchange| exchange.answer.as_ref()).map(|answer| &answer.body);
    let form = webhook.form();
    Ok(json!({
        "request": {
            "method": webhook.method.as_str(),
            "url": super::own::without_password(&webhook.url),
            "parameters": parameters(&form),
        },
        // Null until an answer came, or none ever will.
        "response": attempt.map(|attempt| json!({
            "response_code": attempt.status,
            "request_duration": attempt.duration_us / 1000,
            "content_type": content_type,
            "response_body": body,
            "date_created": show::rfc2822(webhook.created),
        })),
    }))
}

/// Parameters by their names as the API writes names: `CallSid` is `call_sid`.
fn parameters(form: &Form) -> Value {
    let mut members = Map::new();
    for (name, value) in form.iter() {
        members.insert(snake_case(name), value.into());
    }
    members.into()
}

fn snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    let mut was_small = false;
    for sign in name.chars() {
        if sign.is_ascii_uppercase() && was_small {
            snake.push('_');
        }
        was_small = sign.is_ascii_lowercase() || sign.is_ascii_digit();
        snake.push(sign.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_parameters_are_written_as_the_api_writes_names() {
        for (name, snake) in [
            ("CallSid", "call_sid"),
            ("ApiVersion", "api_version"),
            ("To", "to"),
            ("SipHeader_X-Team", "sip_header_x-team"),
            ("MediaUrl0", "media_url0"),
            ("ID", "id"),
            ("", ""),
        ] {
            assert_eq!(snake_case(name), snake);
        }
    }
}
