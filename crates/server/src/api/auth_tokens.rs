//! `/accounts/v1/AuthTokens`: a secondary token, its promotion, its end.
//!
//! As long as there are two, both authenticate; webhooks are signed with the primary one.
//! Contract: rest.md 1.3 and A.17.

use super::error::ApiError;
use super::request::Call;
use super::show;
use crate::house::House;
use axum::Router;
use axum::response::Response;
use axum::routing::post;
use exchange::accounts::{self, Account};
use exchange::refusal::Refusal;
use serde_json::{Value, json};
use std::sync::Arc;
use store::{Change, Write};

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new()
        .route("/accounts/v1/AuthTokens/Secondary", post(create).delete(delete))
        .route("/accounts/v1/AuthTokens/Promote", post(promote))
}

/// Changes the account of the credentials; it as it is then.
async fn change(
    call: &Call,
    decide: impl Fn(&mut Account) -> Result<(), Refusal>,
) -> Result<Account, ApiError> {
    call.managing()?;
    let changed = call.house.decide(|| -> Result<_, ApiError> {
        let mut now = call.house.account(call.account.sid)?;
        let was = now.updated;
        decide(&mut now)?;
        now.updated = call.house.after(was);
        Ok((Change::one(Write::UpdateAccount { was, now: Box::new(now.clone()) }), now))
    });
    changed.await
}

async fn create(call: Call) -> Result<Response, ApiError> {
    let token = call.house.ids.auth_token();
    let account = change(&call, |account| {
        if account.secondary_token.is_some() {
            return Err(Refusal::secondary_token_exists());
        }
        account.secondary_token = Some(token.clone());
        Ok(())
    });
    let account = account.await?;
    Ok(show::created(&show_token(&call, &account, ("secondary_auth_token", &token))))
}

async fn delete(call: Call) -> Result<Response, ApiError> {
    let account = change(&call, |account| {
        let gone = account.secondary_token.take();
        gone.map(drop).ok_or_else(Refusal::secondary_token_missing)
    });
    account.await?;
    Ok(show::deleted())
}

async fn promote(call: Call) -> Result<Response, ApiError> {
    let account = change(&call, accounts::promote).await?;
    call.house.keep_credentials(&account);
    Ok(show::ok(&show_token(&call, &account, ("auth_token", &account.auth_token))))
}

fn show_token(call: &Call, account: &Account, (name, token): (&str, &str)) -> Value {
    let date = show::iso8601(account.updated);
    let mut shown = json!({
        "account_sid": account.sid.as_str(),
        "date_created": date,
        "date_updated": date,
        "url": format!("{}{}", call.base.url, call.path),
    });
    shown[name] = token.into();
    shown
}
