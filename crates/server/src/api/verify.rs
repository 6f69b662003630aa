//! `/verify/v2/Services`: Verify services.
//!
//! Their verifications have a file of their own. Contract: Twilio doc page "Verify Services"; fields
//! as the official SDKs have them.

use super::error::ApiError;
use super::paging::Page;
use super::pools::own_url;
use super::request::Call;
use super::show;
use crate::house::House;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use exchange::sid::VerifyServiceSid;
use exchange::verify::{VerifyService, configure};
use serde_json::{Map, Value, json};
use std::sync::Arc;
use store::{Change, VerifyWrite, Write};

const LIST: &str = "/verify/v2/Services";
const ONE: &str = "/verify/v2/Services/{sid}";

/// The parts of a service, and where they are below it.
const LINKS: &[(&str, &str)] = &[
    ("verifications", "Verifications"),
    ("verification_checks", "VerificationCheck"),
    ("rate_limits", "RateLimits"),
    ("messaging_configurations", "MessagingConfigurations"),
    ("entities", "Entities"),
    ("webhooks", "Webhooks"),
    ("access_tokens", "AccessTokens"),
];

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new()
        .route(LIST, get(list).post(create))
        .route(ONE, get(fetch).post(update).delete(delete))
}

async fn list(call: Call) -> Result<Response, ApiError> {
    let page = Page::of(&call)?;
    let place = page.place(VerifyServiceSid::parse)?;
    let found = call.house.store.verify_services(call.account.sid, place, page.limit())?;
    let sid_of = |service: &VerifyService| service.sid.to_string();
    let url = own_url(&call);
    let show_one =
        |service: &VerifyService| show_service(service, &format!("{url}/{}", service.sid));
    Ok(show::ok(&page.modern(&call, "services", found, (sid_of, show_one))))
}

async fn create(call: Call) -> Result<Response, ApiError> {
    let house = &call.house;
    let sid = VerifyServiceSid::from_parts(house.parts());
    let mut service = VerifyService::new(sid, call.account.sid, house.now());
    configure::service(&mut service, &call.form)?;
    let shown = show_service(&service, &format!("{}/{sid}", own_url(&call)));
    let write = VerifyWrite::InsertService(Box::new(service));
    house.save(Change::one(Write::Verify(write))).await?;
    Ok(show::created(&shown))
}

/// The service of a path, when it is the account's.
pub(super) fn find(call: &Call, sid: &str) -> Result<VerifyService, ApiError> {
    let sid = VerifyServiceSid::parse(sid).ok_or_else(|| call.not_found())?;
    let found = call.house.store.verify_service(sid)?;
    found.filter(|found| found.account == call.account.sid).ok_or_else(|| call.not_found())
}

async fn fetch(Path(sid): Path<String>, call: Call) -> Result<Response, ApiError> {
    Ok(show::ok(&show_service(&find(&call, &sid)?, &own_url(&call))))
}

async fn update(Path(sid): Path<String>, call: Call) -> Result<Response, ApiError> {
    let service = call
        .house
        .decide(|| -> Result<_, ApiError> {
            let mut now = find(&call, &sid)?;
            let was = now.updated;
            configure::service(&mut now, &call.form)?;
            now.updated = call.house.after(was);
            let write = VerifyWrite::UpdateService { was, now: Box::new(now.clone()) };
            Ok((Change::one(Write::Verify(write)), now))
        })
        .await?;
    Ok(show::ok(&show_service(&service, &own_url(&call))))
}

async fn delete(Path(sid): Path<String>, call: Call) -> Result<Response, ApiError> {
    call.house
        .decide(|| -> Result<(Change, ()), ApiError> {
            let service = find(&call, &sid)?;
            let write = VerifyWrite::DeleteService { sid: service.sid, account: service.account };
            Ok((Change::one(Write::Verify(write)), ()))
        })
        .await?;
    Ok(show::deleted())
}

/// A service as verify/v2 shows it. What belongs to channels that the house has not is as a
/// service has it that never used them.
fn show_service(service: &VerifyService, url: &str) -> Value {
    let links = LINKS.iter().map(|(name, path)| ((*name).into(), format!("{url}/{path}").into()));
    let links: Map<String, Value> = links.collect();
    json!({
        "sid": service.sid.as_str(),
        "account_sid": service.account.as_str(),
        "friendly_name": service.friendly_name,
        "code_length": service.code_length,
        "lookup_enabled": service.lookup_enabled,
        "psd2_enabled": service.psd2_enabled,
        "skip_sms_to_landlines": service.skip_sms_to_landlines,
        "dtmf_input_required": service.dtmf_input_required,
        "tts_name": show::text_or_null(&service.tts_name),
        "do_not_share_warning_enabled": service.do_not_share_warning_enabled,
        "custom_code_enabled": service.custom_code_enabled,
        "push": { "include_date": false, "apn_credential_sid": null, "fcm_credential_sid": null },
        "totp": { "issuer": null, "time_step": 30, "code_length": 6, "skew": 1 },
        "default_template_sid": show::text_or_null(&service.default_template_sid),
        "whatsapp": { "msg_service_sid": null, "from": null },
        "passkeys": null,
        "verify_event_subscription_enabled": service.verify_event_subscription_enabled,
        "date_created": show::iso8601(service.created),
        "date_updated": show::iso8601(service.updated),
        "url": url,
        "links": links,
    })
}
