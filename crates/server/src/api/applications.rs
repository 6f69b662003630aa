//! `/2010-04-01/Accounts/{AC}/Applications`: URLs shared by many numbers.
//!
//! An application goes when it is deleted even while numbers name it; those then use their own
//! URLs. Contract: rest.md 4.4 and A.3.

use super::error::ApiError;
use super::paging::Page;
use super::request::Call;
use super::show;
use crate::house::House;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use exchange::numbers::{Application, Hook, Method, configure};
use exchange::sid::ApplicationSid;
use serde_json::{Value, json};
use std::sync::Arc;
use store::{Change, Write};

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new()
        .route("/2010-04-01/Accounts/{account}/Applications", get(list).post(create))
        .route(
            "/2010-04-01/Accounts/{account}/Applications/{sid}",
            get(fetch).post(update).delete(delete),
        )
}

async fn list(Path(account): Path<String>, call: Call) -> Result<Response, ApiError> {
    let account = call.acting(&account)?;
    let page = Page::of(&call)?;
    let name = call.filled("FriendlyName");
    let place = page.place(ApplicationSid::parse)?;
    let found = call.house.store.applications(account.sid, name, place, page.limit())?;
    let sid_of = |application: &Application| application.sid.to_string();
    Ok(show::ok(&page.classic(&call, "applications", found, (sid_of, show_application))))
}

async fn create(Path(account): Path<String>, call: Call) -> Result<Response, ApiError> {
    let account = call.acting(&account)?;
    let house = &call.house;
    let now = house.now();
    let mut application = Application {
        sid: ApplicationSid::from_parts(house.parts()),
        account: account.sid,
        friendly_name: String::new(),
        voice: Hook::default(),
        sms: Hook::default(),
        status_callback: String::new(),
        status_callback_method: Method::Post,
        message_status_callback: String::new(),
        sms_status_callback: String::new(),
        voice_caller_id_lookup: false,
        public_application_connect_enabled: false,
        created: now,
        updated: now,
    };
    configure::application(&mut application, &call.form)?;
    let shown = show_application(&application);
    house.save(Change::one(Write::InsertApplication(Box::new(application)))).await?;
    Ok(show::created(&shown))
}

/// The application of a path, when it is the account's.
fn find(call: &Call, account: &str, sid: &str) -> Result<Application, ApiError> {
    let account = call.acting(account)?;
    let sid = ApplicationSid::parse(sid).ok_or_else(|| call.not_found())?;
    let found = call.house.store.application(sid)?;
    found.filter(|found| found.account == account.sid).ok_or_else(|| call.not_found())
}

async fn fetch(
    Path((account, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    Ok(show::ok(&show_application(&find(&call, &account, &sid)?)))
}

async fn update(
    Path((account, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let updated = call
        .house
        .decide(|| -> Result<(Change, Application), ApiError> {
            let mut now = find(&call, &account, &sid)?;
            let was = now.updated;
            configure::application(&mut now, &call.form)?;
            now.updated = call.house.after(was);
            let write = Write::UpdateApplication { was, now: Box::new(now.clone()) };
            Ok((Change::one(write), now))
        })
        .await?;
    Ok(show::ok(&show_application(&updated)))
}

async fn delete(
    Path((account, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    call.house
        .decide(|| -> Result<(Change, ()), ApiError> {
            let application = find(&call, &account, &sid)?;
            let (sid, account) = (application.sid, application.account);
            Ok((Change::one(Write::DeleteApplication { sid, account }), ()))
        })
        .await?;
    Ok(show::deleted())
}

/// An application as the 2010 API shows it.
fn show_application(application: &Application) -> Value {
    let Application { voice, sms, .. } = application;
    let (account, sid) = (application.account, application.sid);
    json!({
        "account_sid": account.as_str(),
        "api_version": webhook::API_VERSION,
        "date_created": show::rfc2822(application.created),
        "date_updated": show::rfc2822(application.updated),
        "friendly_name": application.friendly_name,
        "message_status_callback": show::text_or_null(&application.message_status_callback),
        "public_application_connect_enabled": application.public_application_connect_enabled,
        "sid": sid.as_str(),
        "sms_fallback_method": sms.fallback_method.as_str(),
        "sms_fallback_url": show::text_or_null(&sms.fallback_url),
        "sms_method": sms.method.as_str(),
        "sms_status_callback": show::text_or_null(&application.sms_status_callback),
        "sms_url": show::text_or_null(&sms.url),
        "status_callback": show::text_or_null(&application.status_callback),
        "status_callback_method": application.status_callback_method.as_str(),
        "uri": format!("/2010-04-01/Accounts/{account}/Applications/{sid}.json"),
        "voice_caller_id_lookup": application.voice_caller_id_lookup,
        "voice_fallback_method": voice.fallback_method.as_str(),
        "voice_fallback_url": show::text_or_null(&voice.fallback_url),
        "voice_method": voice.method.as_str(),
        "voice_url": show::text_or_null(&voice.url),
    })
}
