//! `/offhook/v1/Settings`: what Twilio keeps in an account's console.

use crate::api::error::ApiError;
use crate::api::request::Call;
use crate::api::show;
use crate::house::House;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use exchange::accounts::{self, Account};
use serde_json::{Value, json};
use std::sync::Arc;
use store::{Change, Write};

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new().route("/offhook/v1/Settings", get(fetch).post(update))
}

async fn fetch(call: Call) -> Result<Response, ApiError> {
    Ok(show::ok(&show_settings(&call.account)))
}

async fn update(call: Call) -> Result<Response, ApiError> {
    let house = &call.house;
    let account = house
        .decide(|| -> Result<_, ApiError> {
            let mut account = house.account(call.account.sid)?;
            let was = account.updated;
            accounts::configure(&mut account.settings, &call.form)?;
            account.updated = house.after(was);
            let now = Box::new(account.clone());
            Ok((Change::one(Write::UpdateSettings { was, now }), account))
        })
        .await?;
    Ok(show::ok(&show_settings(&account)))
}

fn show_settings(account: &Account) -> Value {
    let settings = &account.settings;
    json!({
        "account_sid": account.sid.as_str(),
        "debugger_url": settings.debugger_url,
        "retry_profile": settings.retry_profile.as_str(),
        "tls_validation": settings.tls_validation,
        "media_auth": settings.media_auth.as_str(),
        "opt_out_replies": settings.opt_out_replies,
        "pacing": if settings.pacing { "on" } else { "off" },
        "date_updated": show::iso8601(account.updated),
    })
}
