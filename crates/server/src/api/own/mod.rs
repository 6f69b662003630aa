//! Our own API, `/offhook/v1/…`: what Twilio keeps in its console or does not have.
//!
//! Basic auth like Twilio's; form or JSON in; JSON out with snake_case names, a list under its
//! plural name with `meta` for paging; 201 on create; the same error shape. DESIGN section 1.

mod phones;

use crate::house::House;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use std::sync::Arc;

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new().merge(phones::routes())
}

/// Readiness: the database answers.
pub(super) async fn ready(State(house): State<Arc<House>>) -> (StatusCode, &'static str) {
    match house.store.last_key() {
        Ok(_) => (StatusCode::OK, "ready\n"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n"),
    }
}
