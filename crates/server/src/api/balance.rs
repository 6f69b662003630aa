//! `/2010-04-01/Accounts/{AC}/Balance` and `SMS/ShortCodes`: what a house has nothing of.
//!
//! Nothing costs anything here, so the balance stays at nothing; and nothing can buy a short code.
//! Contract: rest.md 4.4, A.1 and A.11.

use super::error::ApiError;
use super::paging::Page;
use super::request::Call;
use super::show;
use crate::house::House;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use exchange::refusal::Refusal;
use serde_json::{Value, json};
use std::sync::Arc;

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new()
        .route("/2010-04-01/Accounts/{account}/Balance", get(balance))
        .route("/2010-04-01/Accounts/{account}/SMS/ShortCodes", get(short_codes))
        .route(
            "/2010-04-01/Accounts/{account}/SMS/ShortCodes/{sid}",
            get(short_code).post(short_code),
        )
}

async fn balance(Path(account): Path<String>, call: Call) -> Result<Response, ApiError> {
    let account = call.acting(&account)?;
    if account.owner != account.sid {
        return Err(Refusal::access_denied().into());
    }
    let sid = account.sid.as_str();
    Ok(show::ok(&json!({ "account_sid": sid, "balance": "0.00", "currency": "USD" })))
}

async fn short_codes(Path(account): Path<String>, call: Call) -> Result<Response, ApiError> {
    call.acting(&account)?;
    let page = Page::of(&call)?;
    Ok(show::ok(&page.classic_counted(&call, "short_codes", Vec::<Value>::new())))
}

async fn short_code(
    Path((account, _)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    call.acting(&account)?;
    Err(call.not_found())
}
