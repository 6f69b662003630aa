//! `/2010-04-01/Accounts/{AC}/Tokens`: credentials for servers that help browsers through firewalls.
//!
//! The house runs no such server, and says so: the list is empty. Contract: rest.md 4.4 and A.1.

use super::error::ApiError;
use super::request::Call;
use super::show;
use crate::house::House;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::post;
use exchange::refusal::Refusal;
use serde_json::json;
use std::sync::Arc;

/// Seconds that a token is good for, unless asked otherwise, and at most.
const TTL_SECONDS: u32 = 86_400;

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new().route("/2010-04-01/Accounts/{account}/Tokens", post(create))
}

async fn create(Path(account): Path<String>, call: Call) -> Result<Response, ApiError> {
    let account = call.acting(&account)?;
    let ttl = match call.filled("Ttl").map(str::parse::<u32>) {
        None => TTL_SECONDS,
        Some(Ok(ttl)) if (1..=TTL_SECONDS).contains(&ttl) => ttl,
        Some(_) => {
            let why = "use seconds from 1 to 86400";
            return Err(Refusal::parameter_invalid("Ttl", why).into());
        }
    };
    let ids = &call.house.ids;
    let date = show::rfc2822(call.house.now());
    Ok(show::created(&json!({
        "account_sid": account.sid.as_str(),
        "date_created": date,
        "date_updated": date,
        "ice_servers": [],
        "username": ids.auth_token(),
        "password": ids.auth_token(),
        "ttl": ttl.to_string(),
    })))
}
