//! `/messaging/v1/Services/{MG}/PhoneNumbers`, `/AlphaSenders` and `/ShortCodes`: who sends for a
//! service.
//!
//! A number is in one service only. The house has no short codes, so that list is empty.
//! Contract: rest.md 5 and A.14.

use super::error::ApiError;
use super::paging::Page;
use super::pools::{find, own_url};
use super::request::Call;
use super::show;
use crate::house::House;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use exchange::numbers::PhoneNumber;
use exchange::pools::choice::SENDERS_MAX;
use exchange::pools::{Sender, Service, configure};
use exchange::refusal::Refusal;
use exchange::sid::{AlphaSenderSid, NumberSid, Sid};
use serde_json::{Value, json};
use std::sync::Arc;
use store::{Change, Write};

/// A kind of sender: its list's path and key, and the letters of its sids.
#[derive(Debug, Clone, Copy)]
struct Kind {
    path: &'static str,
    key: &'static str,
    prefix: &'static str,
}

const NUMBERS: Kind = Kind { path: "PhoneNumbers", key: "phone_numbers", prefix: "PN" };
const ALPHA: Kind = Kind { path: "AlphaSenders", key: "alpha_senders", prefix: "AI" };
const SHORT: Kind = Kind { path: "ShortCodes", key: "short_codes", prefix: "SC" };

pub(super) fn routes() -> Router<Arc<House>> {
    let mut router = Router::new();
    for kind in [NUMBERS, ALPHA, SHORT] {
        let path = format!("/messaging/v1/Services/{{service}}/{}", kind.path);
        let listing = move |path: Path<String>, call: Call| async move { list(path, call, kind) };
        let fetching = move |path: Path<(String, String)>, call: Call| async move {
            let url = own_url(&call);
            Ok::<_, ApiError>(show::ok(&show_sender(&find_sender(&call, &path, kind)?, &url)))
        };
        let deleting = move |path, call: Call| delete(path, call, kind);
        router = router
            .route(&path, get(listing))
            .route(&format!("{path}/{{sid}}"), get(fetching).delete(deleting));
    }
    router
        .route("/messaging/v1/Services/{service}/PhoneNumbers", axum::routing::post(add_number))
        .route("/messaging/v1/Services/{service}/AlphaSenders", axum::routing::post(add_alpha))
}

fn list(Path(service): Path<String>, call: Call, kind: Kind) -> Result<Response, ApiError> {
    let service = find(&call, &service)?;
    let page = Page::of(&call)?;
    let of_kind = |text: &str| Sid::parse(text).filter(|sid| sid.prefix() == kind.prefix);
    let place = page.place(of_kind)?;
    let found = call.house.store.senders(service.sid, kind.prefix, place, page.limit())?;
    let url = own_url(&call);
    let sid_of = |sender: &Sender| sender.sid.to_string();
    let show_one = |sender: &Sender| show_sender(sender, &format!("{url}/{}", sender.sid));
    Ok(show::ok(&page.modern(&call, kind.key, found, (sid_of, show_one))))
}

/// The sender of a path, when it is its service's.
fn find_sender(
    call: &Call,
    Path((service, sid)): &Path<(String, String)>,
    kind: Kind,
) -> Result<Sender, ApiError> {
    let service = find(call, service)?;
    let sid = Sid::parse(sid).filter(|sid| sid.prefix() == kind.prefix);
    let found = call.house.store.sender(sid.ok_or_else(|| call.not_found())?)?;
    found.filter(|found| found.service == service.sid).ok_or_else(|| call.not_found())
}

async fn add_number(Path(service): Path<String>, call: Call) -> Result<Response, ApiError> {
    let name = "PhoneNumberSid";
    let text = call.filled(name).ok_or_else(|| Refusal::parameter_missing(name))?;
    let sid = NumberSid::parse(text).ok_or_else(|| Refusal::sid_invalid(text))?;
    let sender = call
        .house
        .decide(|| {
            let number = call.house.store.number(sid)?;
            let number = number.filter(|number| number.account == call.account.sid);
            let number = number.ok_or_else(|| Refusal::service_lacks_sender(sid))?;
            add(&call, &find(&call, &service)?, number.sid.sid(), number.phone_number)
        })
        .await?;
    let url = format!("{}/{}", own_url(&call), sender.sid);
    Ok(show::created(&show_sender(&sender, &url)))
}

async fn add_alpha(Path(service): Path<String>, call: Call) -> Result<Response, ApiError> {
    let name = configure::alpha_sender(&call.form)?;
    let house = &call.house;
    let sender = house
        .decide(|| {
            let sid = AlphaSenderSid::from_parts(house.parts());
            add(&call, &find(&call, &service)?, sid.sid(), name.clone())
        })
        .await?;
    let url = format!("{}/{}", own_url(&call), sender.sid);
    Ok(show::created(&show_sender(&sender, &url)))
}

/// A new sender, unless the service has it, another one has it, or it is full.
fn add(
    call: &Call,
    service: &Service,
    sid: Sid,
    address: String,
) -> Result<(Change, Sender), ApiError> {
    if let Some(there) = call.house.store.sender(sid)? {
        return Err(match there.service == service.sid {
            true => Refusal::service_has_number().into(),
            false => Refusal::number_in_other_service().into(),
        });
    }
    let pool = call.house.store.pool(service.sid)?;
    if pool.iter().any(|sender| sender.address.eq_ignore_ascii_case(&address)) {
        return Err(Refusal::service_has_number().into());
    }
    if pool.len() as u64 >= SENDERS_MAX {
        return Err(Refusal::service_full().into());
    }
    let created = call.house.now();
    let sender = Sender { sid, service: service.sid, account: service.account, address, created };
    Ok((Change::one(Write::InsertSender(Box::new(sender.clone()))), sender))
}

async fn delete(
    path: Path<(String, String)>,
    call: Call,
    kind: Kind,
) -> Result<Response, ApiError> {
    call.house
        .decide(|| -> Result<(Change, ()), ApiError> {
            let Sender { sid, service, account, .. } = find_sender(&call, &path, kind)?;
            Ok((Change::one(Write::DeleteSender { sid, service, account }), ()))
        })
        .await?;
    Ok(show::deleted())
}

/// A sender as messaging/v1 shows it.
fn show_sender(sender: &Sender, url: &str) -> Value {
    let date = show::iso8601(sender.created);
    let mut body = json!({
        "sid": sender.sid.as_str(),
        "account_sid": sender.account.as_str(),
        "service_sid": sender.service.as_str(),
        "date_created": date,
        "date_updated": date,
        "url": url,
    });
    if sender.is_number() {
        let country = PhoneNumber::parse(&sender.address, None).ok().and_then(|p| p.country());
        body["phone_number"] = sender.address.as_str().into();
        body["country_code"] = country.into();
        body["capabilities"] = json!(["Voice", "SMS", "MMS"]);
    } else {
        body["alpha_sender"] = sender.address.as_str().into();
        body["capabilities"] = json!(["SMS"]);
    }
    body
}
