//! `/2010-04-01/Accounts/{AC}/Addresses`, and the numbers that name one.
//!
//! Contract: rest.md 4.4 and A.2.

use super::error::ApiError;
use super::numbers::show_dependent;
use super::paging::Page;
use super::request::Call;
use super::show;
use crate::house::House;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use exchange::addresses::{self, PostalAddress};
use exchange::numbers::Number;
use exchange::refusal::Refusal;
use exchange::sid::{NumberSid, PostalSid};
use serde_json::{Value, json};
use std::sync::Arc;
use store::{AddressFilter, Change, NumberFilter, Write};

const LIST: &str = "/2010-04-01/Accounts/{account}/Addresses";

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new()
        .route(LIST, get(list).post(create))
        .route(&format!("{LIST}/{{sid}}"), get(fetch).post(update).delete(delete))
        .route(&format!("{LIST}/{{sid}}/DependentPhoneNumbers"), get(dependents))
}

async fn list(Path(account): Path<String>, call: Call) -> Result<Response, ApiError> {
    let account = call.acting(&account)?;
    let page = Page::of(&call)?;
    let text = |name: &str| call.filled(name).map(str::to_owned);
    let filter = AddressFilter {
        customer_name: text("CustomerName"),
        friendly_name: text("FriendlyName"),
        iso_country: text("IsoCountry"),
        emergency_enabled: call.boolean("EmergencyEnabled")?,
        place: page.place(PostalSid::parse)?,
    };
    let found = call.house.store.addresses(account.sid, &filter, page.limit())?;
    let sid_of = |one: &PostalAddress| one.sid.to_string();
    Ok(show::ok(&page.classic(&call, "addresses", found, (sid_of, show_address))))
}

async fn create(Path(account): Path<String>, call: Call) -> Result<Response, ApiError> {
    let account = call.acting(&account)?;
    let house = &call.house;
    let sid = PostalSid::from_parts(house.parts());
    let mut address = addresses::blank(account.sid, sid, house.now());
    addresses::configure(&mut address, &call.form, true)?;
    let shown = show_address(&address);
    house.save(Change::one(Write::InsertAddress(Box::new(address)))).await?;
    Ok(show::created(&shown))
}

/// The address of a path, when it is the account's.
fn find(call: &Call, account: &str, sid: &str) -> Result<PostalAddress, ApiError> {
    let account = call.acting(account)?;
    let sid = PostalSid::parse(sid).ok_or_else(|| call.not_found())?;
    let found = call.house.store.address(sid)?;
    found.filter(|found| found.account == account.sid).ok_or_else(|| call.not_found())
}

async fn fetch(
    Path((account, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    Ok(show::ok(&show_address(&find(&call, &account, &sid)?)))
}

async fn update(
    Path((account, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let updated = call.house.decide(|| -> Result<_, ApiError> {
        let mut now = find(&call, &account, &sid)?;
        let was = now.updated;
        addresses::configure(&mut now, &call.form, false)?;
        now.updated = call.house.after(was);
        Ok((Change::one(Write::UpdateAddress { was, now: Box::new(now.clone()) }), now))
    });
    Ok(show::ok(&show_address(&updated.await?)))
}

fn of_address(address: &PostalAddress) -> NumberFilter {
    NumberFilter { address: Some(address.sid.to_string()), ..NumberFilter::default() }
}

async fn delete(
    Path((account, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let deleted = call.house.decide(|| -> Result<_, ApiError> {
        let address = find(&call, &account, &sid)?;
        let (sid, account) = (address.sid, address.account);
        if !call.house.store.numbers(account, &of_address(&address), 1)?.is_empty() {
            return Err(Refusal::address_in_use().into());
        }
        Ok((Change::one(Write::DeleteAddress { sid, account }), ()))
    });
    deleted.await?;
    Ok(show::deleted())
}

async fn dependents(
    Path((account, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let address = find(&call, &account, &sid)?;
    let page = Page::of(&call)?;
    let filter = NumberFilter { place: page.place(NumberSid::parse)?, ..of_address(&address) };
    let found = call.house.store.numbers(address.account, &filter, page.limit())?;
    let sid_of = |one: &Number| one.sid.to_string();
    Ok(show::ok(&page.classic(&call, "dependent_phone_numbers", found, (sid_of, show_dependent))))
}

fn show_address(one: &PostalAddress) -> Value {
    let (account, sid) = (one.account, one.sid);
    json!({
        "account_sid": account.as_str(),
        "city": one.city,
        "customer_name": one.customer_name,
        "date_created": show::rfc2822(one.created),
        "date_updated": show::rfc2822(one.updated),
        "friendly_name": one.friendly_name,
        "iso_country": one.iso_country,
        "postal_code": one.postal_code,
        "region": one.region,
        "sid": sid.as_str(),
        "street": one.street,
        "uri": format!("/2010-04-01/Accounts/{account}/Addresses/{sid}.json"),
        "emergency_enabled": one.emergency_enabled,
        "validated": false,
        "verified": false,
        "street_secondary": show::text_or_null(&one.street_secondary),
    })
}
