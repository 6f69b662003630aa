//! `/readyz` and `/metrics`: for whoever watches over the process. No credentials: they tell
//! counts and nothing of a customer.

use crate::house::House;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::sync::Arc;

/// Prometheus' text format.
const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new().route("/metrics", get(metrics))
}

/// Readiness: the database answers.
pub(crate) async fn ready(State(house): State<Arc<House>>) -> (StatusCode, &'static str) {
    match house.store.last_key() {
        Ok(_) => (StatusCode::OK, "ready\n"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n"),
    }
}

async fn metrics(State(house): State<Arc<House>>) -> Response {
    let Ok(waiting) = house.store.waiting_counts() else {
        return (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response();
    };
    let text = house.metrics.text(waiting, house.running_ids().len());
    ([(header::CONTENT_TYPE, CONTENT_TYPE)], text).into_response()
}
