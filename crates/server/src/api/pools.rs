//! `/messaging/v1/Services`: Messaging Services, and `/offhook/v1/Services`: what Twilio keeps of
//! them in its console.
//!
//! Their senders have a file of their own. Contract: rest.md 5 and A.14; DESIGN section 1.

use super::error::ApiError;
use super::paging::Page;
use super::request::Call;
use super::show;
use crate::house::House;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::{get, post};
use exchange::pools::{Service, configure};
use exchange::refusal::Refusal;
use exchange::sid::ServiceSid;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use store::{Change, Write};

const LIST: &str = "/messaging/v1/Services";
const ONE: &str = "/messaging/v1/Services/{sid}";
/// Paths that would else be taken for a service's.
const REGISTRATION: &str = "/messaging/v1/Services/PreregisteredUsa2p";
const USECASES: &str = "/messaging/v1/Services/Usecases";
const OWN: &str = "/offhook/v1/Services/{sid}";

/// The parts of a service, and where they are below it.
const LINKS: &[(&str, &str)] = &[
    ("phone_numbers", "PhoneNumbers"),
    ("short_codes", "ShortCodes"),
    ("alpha_senders", "AlphaSenders"),
    ("destination_alpha_senders", "DestinationAlphaSenders"),
    ("channel_senders", "ChannelSenders"),
    ("messages", "Messages"),
    ("us_app_to_person", "Compliance/Usa2p"),
    ("us_app_to_person_usecases", "Compliance/Usa2p/Usecases"),
];

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new()
        .route(LIST, get(list).post(create))
        .route(ONE, get(fetch).post(update).delete(delete))
        .route(REGISTRATION, post(|_: Call| unsupported("CreateExternalCampaign")))
        .route(USECASES, get(|_: Call| unsupported("FetchUsecase")))
        .route(OWN, get(fetch_own).post(update_own))
}

async fn unsupported(operation: &str) -> Result<Response, ApiError> {
    Err(Refusal::unsupported(operation).into())
}

async fn list(call: Call) -> Result<Response, ApiError> {
    let page = Page::of(&call)?;
    let place = page.place(ServiceSid::parse)?;
    let found = call.house.store.services(call.account.sid, place, page.limit())?;
    let sid_of = |service: &Service| service.sid.to_string();
    let show_one = |service: &Service| show_service(service, &below(&call, service.sid));
    Ok(show::ok(&page.modern(&call, "services", found, (sid_of, show_one))))
}

async fn create(call: Call) -> Result<Response, ApiError> {
    let house = &call.house;
    let sid = ServiceSid::from_parts(house.parts());
    let mut service = Service::new(sid, call.account.sid, house.now());
    configure::service(&mut service, &call.form)?;
    let shown = show_service(&service, &below(&call, sid));
    house.save(Change::one(Write::InsertService(Box::new(service)))).await?;
    Ok(show::created(&shown))
}

/// The service of a path, when it is the account's.
pub(super) fn find(call: &Call, sid: &str) -> Result<Service, ApiError> {
    let sid = ServiceSid::parse(sid).ok_or_else(|| call.not_found())?;
    let found = call.house.store.service(sid)?;
    found.filter(|found| found.account == call.account.sid).ok_or_else(|| call.not_found())
}

async fn fetch(Path(sid): Path<String>, call: Call) -> Result<Response, ApiError> {
    Ok(show::ok(&show_service(&find(&call, &sid)?, &own_url(&call))))
}

async fn update(Path(sid): Path<String>, call: Call) -> Result<Response, ApiError> {
    let service = change(&call, &sid, configure::service).await?;
    Ok(show::ok(&show_service(&service, &own_url(&call))))
}

async fn change(
    call: &Call,
    sid: &str,
    apply: fn(&mut Service, &webhook::Form) -> Result<(), Refusal>,
) -> Result<Service, ApiError> {
    call.house
        .decide(|| -> Result<_, ApiError> {
            let mut now = find(call, sid)?;
            let was = now.updated;
            apply(&mut now, &call.form)?;
            now.updated = call.house.after(was);
            Ok((Change::one(Write::UpdateService { was, now: Box::new(now.clone()) }), now))
        })
        .await
}

async fn delete(Path(sid): Path<String>, call: Call) -> Result<Response, ApiError> {
    call.house
        .decide(|| -> Result<(Change, ()), ApiError> {
            let service = find(&call, &sid)?;
            let (sid, account) = (service.sid, service.account);
            Ok((Change::one(Write::DeleteService { sid, account }), ()))
        })
        .await?;
    Ok(show::deleted())
}

async fn fetch_own(Path(sid): Path<String>, call: Call) -> Result<Response, ApiError> {
    Ok(show::ok(&show_own(&find(&call, &sid)?)))
}

async fn update_own(Path(sid): Path<String>, call: Call) -> Result<Response, ApiError> {
    Ok(show::ok(&show_own(&change(&call, &sid, configure::opt_out).await?)))
}

fn show_own(service: &Service) -> Value {
    json!({
        "sid": service.sid.as_str(),
        "account_sid": service.account.as_str(),
        "friendly_name": service.friendly_name,
        "advanced_opt_out": service.advanced_opt_out,
        "date_updated": show::iso8601(service.updated),
    })
}

/// The URL that was asked.
pub(super) fn own_url(call: &Call) -> String {
    format!("{}{}", call.base.url, call.path.trim_end_matches('/'))
}

/// The URL of one below the list that was asked.
fn below(call: &Call, sid: ServiceSid) -> String {
    format!("{}/{sid}", own_url(call))
}

/// A service as messaging/v1 shows it.
fn show_service(service: &Service, url: &str) -> Value {
    let links = LINKS.iter().map(|(name, path)| ((*name).into(), format!("{url}/{path}").into()));
    let links: Map<String, Value> = links.collect();
    json!({
        "sid": service.sid.as_str(),
        "account_sid": service.account.as_str(),
        "friendly_name": service.friendly_name,
        "date_created": show::iso8601(service.created),
        "date_updated": show::iso8601(service.updated),
        "inbound_request_url": show::text_or_null(&service.inbound.url),
        "inbound_method": service.inbound.method.as_str(),
        "fallback_url": show::text_or_null(&service.inbound.fallback_url),
        "fallback_method": service.inbound.fallback_method.as_str(),
        "status_callback": show::text_or_null(&service.status_callback),
        "sticky_sender": service.sticky_sender,
        "mms_converter": service.mms_converter,
        "smart_encoding": service.smart_encoding,
        "scan_message_content": service.scan_message_content,
        "fallback_to_long_code": service.fallback_to_long_code,
        "area_code_geomatch": service.area_code_geomatch,
        "synchronous_validation": service.synchronous_validation,
        "validity_period": service.validity_period,
        "url": url,
        "links": links,
        "usecase": service.usecase,
        "us_app_to_person_registered": false,
        "use_inbound_webhook_on_number": service.use_inbound_webhook_on_number,
    })
}
