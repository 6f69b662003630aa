//! `POST /offhook/v1/Reset`: back to the seed; nothing of before can appear after.

use super::simulated;
use crate::api::error::ApiError;
use crate::api::request::Call;
use crate::api::show;
use crate::house::House;
use crate::reset::{self, ResetError};
use axum::Router;
use axum::response::Response;
use axum::routing::post;
use exchange::refusal::Refusal;
use serde_json::json;
use std::sync::Arc;

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new().route("/offhook/v1/Reset", post(create))
}

async fn create(call: Call) -> Result<Response, ApiError> {
    simulated(&call)?;
    call.ruling()?;
    let Call { house, presence, .. } = call;
    // The reset waits until everybody has gone: this request, too.
    drop(presence);
    reset::reset(&house).await.map_err(|error| match error {
        ResetError::Store(error) => ApiError::from(error),
        ResetError::Busy => Refusal::conflict(error).into(),
        ResetError::Seed(_) => Refusal::parameter_invalid("seed", error).into(),
    })?;
    let accounts = house.store.accounts()?;
    let sids: Vec<&str> = accounts.iter().map(|account| account.sid.as_str()).collect();
    Ok(show::ok(&json!({ "account_sids": sids, "date_reset": show::iso8601(house.now()) })))
}
