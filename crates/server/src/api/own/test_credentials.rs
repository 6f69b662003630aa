//! `/offhook/v1/TestCredentials`: the account's test credentials, which Twilio shows in its console.
//!
//! They are made when they are asked for, and made anew when they are asked for again; one pair at a
//! time. What they may do is in rest.md 7.

use crate::api::error::ApiError;
use crate::api::keys::gone_is_not_found;
use crate::api::request::Call;
use crate::api::show;
use crate::house::House;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use exchange::accounts::TestCredentials;
use exchange::sid::AccountSid;
use serde_json::{Value, json};
use std::sync::Arc;
use store::{Change, Write};

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new().route("/offhook/v1/TestCredentials", get(fetch).post(create).delete(delete))
}

async fn fetch(call: Call) -> Result<Response, ApiError> {
    call.managing()?;
    let found = call.house.store.test_credentials(call.account.sid)?;
    Ok(show::ok(&show_test(&found.ok_or_else(|| call.not_found())?)))
}

async fn create(call: Call) -> Result<Response, ApiError> {
    call.managing()?;
    let house = &call.house;
    let test = TestCredentials {
        account: call.account.sid,
        sid: AccountSid::from_parts(house.parts()),
        token: house.ids.auth_token(),
        created: house.now(),
    };
    let shown = show_test(&test);
    house.save(Change::one(Write::PutTestCredentials(Box::new(test)))).await?;
    Ok(show::created(&shown))
}

async fn delete(call: Call) -> Result<Response, ApiError> {
    call.managing()?;
    let write = Write::DeleteTestCredentials(call.account.sid);
    gone_is_not_found(&call, call.house.save(Change::one(write)).await)?;
    Ok(show::deleted())
}

fn show_test(test: &TestCredentials) -> Value {
    json!({
        "owner_account_sid": test.account.as_str(),
        "sid": test.sid.as_str(),
        "auth_token": test.token,
        "date_created": show::iso8601(test.created),
    })
}
