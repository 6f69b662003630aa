//! `/offhook/v1/House`: how this house was started, to be read by whoever works with it.
//!
//! What flags and the configuration file said, without a secret. Changing it is a restart.

use crate::api::error::ApiError;
use crate::api::request::Call;
use crate::api::show;
use crate::house::House;
use crate::speech::Engine;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use exchange::webhooks::guard::Profile;
use serde_json::{Value, json};
use std::sync::Arc;

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new().route("/offhook/v1/House", get(fetch))
}

async fn fetch(call: Call) -> Result<Response, ApiError> {
    call.managing()?;
    let settings = &call.house.settings;
    let guard = &settings.guard;
    Ok(show::ok(&json!({
        "version": env!("CARGO_PKG_VERSION"),
        "public_url": settings.public_url,
        "simulator": settings.simulator,
        "guard": match guard.profile {
            Profile::Local => "local",
            Profile::Public => "public",
        },
        "allow": guard.allow.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "maps": settings.maps.iter().map(|map| {
            let (public, local) = map.sides();
            json!({ "public": public, "local": local })
        }).collect::<Vec<Value>>(),
        "speech": match settings.speech {
            Engine::None => "none",
            Engine::Espeak(_) => "espeak-ng",
            Engine::Command(_) => "command",
            Engine::Http(_) => "http",
        },
        "mp3": settings.mp3.is_some(),
        "keep_log_days": settings.keep_log.as_hours() / 24,
        "seeded": settings.seed.is_some(),
    })))
}
