//! `/offhook/v1/openapi.json`: what our own API offers, for people and their tools. It needs no
//! credentials, as it tells nothing of anybody.

use crate::house::House;
use axum::Router;
use axum::http::header;
use axum::routing::get;
use std::sync::Arc;

const DOCUMENT: &str = include_str!("openapi.json");

pub(super) fn routes() -> Router<Arc<House>> {
    let answer =
        || async { ([(header::CONTENT_TYPE, "application/json;charset=utf-8")], DOCUMENT) };
    Router::new().route("/offhook/v1/openapi.json", get(answer))
}
