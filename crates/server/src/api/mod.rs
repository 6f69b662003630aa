//! The doors: Twilio's REST API, our own, and TwiML Bins.
//!
//! A file per resource; handlers have three steps: read the [`request`], call one domain function,
//! [`show`] the result. Refusals come from the one table in `exchange::refusal`. Paths are routed
//! without their `.json`, and product hosts by their first label: see `door`.

mod dates;
pub(crate) mod door;
pub(crate) mod error;
mod messages;
pub(crate) mod own;
pub(crate) mod paging;
pub(crate) mod request;
pub(crate) mod show;

use crate::house::House;
use axum::Router;
use axum::routing::get;
use std::sync::Arc;

/// Every route of the house. [`door::enter`] has to stand before it.
pub fn router(house: Arc<House>) -> Router {
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(own::ready))
        .merge(messages::routes())
        .merge(own::routes())
        .fallback(error::no_such_path)
        .method_not_allowed_fallback(error::no_such_method)
        .with_state(house)
}
