//! `/2010-04-01/Accounts/{AC}/OutgoingCallerIds`: numbers of other networks to call from.
//!
//! A POST to the list is a verification: it answers with a code and calls the number, whose holder
//! types it. Contract: rest.md 4.4 and A.2.

use super::error::ApiError;
use super::paging::Page;
use super::request::Call;
use super::show;
use crate::house::House;
use crate::validations;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use exchange::caller_ids::{self, CallerId};
use exchange::numbers::{PhoneNumber, configure};
use exchange::sid::NumberSid;
use serde_json::{Value, json};
use std::sync::Arc;
use store::{CallerIdFilter, Change, Write};

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new()
        .route("/2010-04-01/Accounts/{account}/OutgoingCallerIds", get(list).post(validate))
        .route(
            "/2010-04-01/Accounts/{account}/OutgoingCallerIds/{sid}",
            get(fetch).post(update).delete(delete),
        )
}

async fn list(Path(account): Path<String>, call: Call) -> Result<Response, ApiError> {
    let account = call.acting(&account)?;
    let page = Page::of(&call)?;
    let number = call.filled("PhoneNumber").map(|text| {
        PhoneNumber::parse(text, Some("US")).map_or_else(|_| text.to_owned(), |one| one.to_string())
    });
    let filter = CallerIdFilter {
        phone_number: number,
        friendly_name: call.filled("FriendlyName").map(str::to_owned),
        place: page.place(NumberSid::parse)?,
    };
    let found = call.house.store.caller_ids(account.sid, &filter, page.limit())?;
    let sid_of = |one: &CallerId| one.sid.to_string();
    Ok(show::ok(&page.classic(&call, "outgoing_caller_ids", found, (sid_of, show_caller_id))))
}

async fn validate(Path(account): Path<String>, call: Call) -> Result<Response, ApiError> {
    let account = call.acting(&account)?;
    let house = &call.house;
    let mut known = Ok(false);
    let validation = caller_ids::validate(
        &call.form,
        (account.sid, house.call_sid()),
        house.ids.spread(),
        |number| {
            known = house.store.is_verified(account.sid, number);
            matches!(known, Ok(true))
        },
    );
    known?;
    let validation = validation?;
    let url = validations::url(house, validation.call);
    let made = caller_ids::call(&validation, url, &call.form, house.now());
    let shown = json!({
        "account_sid": account.sid.as_str(),
        "call_sid": validation.call.as_str(),
        "friendly_name": validation.friendly_name,
        "phone_number": validation.phone_number,
        "validation_code": validation.code,
    });
    let mut change = Change::one(Write::InsertValidation(Box::new(validation)));
    change.writes.push(Write::InsertCall(Box::new(made)));
    house.save(change).await?;
    Ok(show::ok(&shown))
}

/// The caller id of a path, when it is the account's.
fn find(call: &Call, account: &str, sid: &str) -> Result<CallerId, ApiError> {
    let account = call.acting(account)?;
    let sid = NumberSid::parse(sid).ok_or_else(|| call.not_found())?;
    let found = call.house.store.caller_id(sid)?;
    found.filter(|found| found.account == account.sid).ok_or_else(|| call.not_found())
}

async fn fetch(
    Path((account, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    Ok(show::ok(&show_caller_id(&find(&call, &account, &sid)?)))
}

async fn update(
    Path((account, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let name = configure::friendly_name(&call.form)?;
    let updated = call.house.decide(|| -> Result<_, ApiError> {
        let mut now = find(&call, &account, &sid)?;
        let was = now.updated;
        if let Some(name) = &name {
            now.friendly_name.clone_from(name);
        }
        now.updated = call.house.after(was);
        Ok((Change::one(Write::UpdateCallerId { was, now: Box::new(now.clone()) }), now))
    });
    Ok(show::ok(&show_caller_id(&updated.await?)))
}

async fn delete(
    Path((account, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let deleted = call.house.decide(|| -> Result<_, ApiError> {
        let CallerId { sid, account, .. } = find(&call, &account, &sid)?;
        Ok((Change::one(Write::DeleteCallerId { sid, account }), ()))
    });
    deleted.await?;
    Ok(show::deleted())
}

fn show_caller_id(one: &CallerId) -> Value {
    let (account, sid) = (one.account, one.sid);
    json!({
        "sid": sid.as_str(),
        "date_created": show::rfc2822(one.created),
        "date_updated": show::rfc2822(one.updated),
        "friendly_name": one.friendly_name,
        "account_sid": account.as_str(),
        "phone_number": one.phone_number,
        "uri": format!("/2010-04-01/Accounts/{account}/OutgoingCallerIds/{sid}.json"),
    })
}
