//! Our own API, `/offhook/v1/…`: what Twilio keeps in its console or does not have.
//!
//! Basic auth like Twilio's; form or JSON in; JSON out with snake_case names, a list under its
//! plural name with `meta` for paging; 201 on create; the same error shape. DESIGN section 1.
//! Every route stands in openapi.json, too; a test holds the two against each other.

mod bins;
mod call_actions;
mod call_audio;
mod call_messages;
mod call_transcript;
mod calls;
mod check;
mod clock;
mod codes;
mod entry;
mod events;
mod forks;
mod health;
mod keys;
mod openapi;
mod overview;
mod phones;
mod reset;
mod settings;
mod test_credentials;
mod uploads;
mod webhooks;

use super::error::ApiError;
use super::request::Call;
use crate::house::House;
use axum::Router;
use std::sync::Arc;

pub(super) use entry::without_password;
pub(super) use health::ready;

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new()
        .merge(bins::routes())
        .merge(calls::routes())
        .merge(call_actions::routes())
        .merge(call_audio::routes())
        .merge(call_messages::routes())
        .merge(call_transcript::routes())
        .merge(check::routes())
        .merge(clock::routes())
        .merge(codes::routes())
        .merge(events::routes())
        .merge(forks::routes())
        .merge(health::routes())
        .merge(keys::routes())
        .merge(openapi::routes())
        .merge(overview::routes())
        .merge(phones::routes())
        .merge(reset::routes())
        .merge(settings::routes())
        .merge(test_credentials::routes())
        .merge(uploads::routes())
        .merge(webhooks::routes())
}

/// The simulator is there unless a carrier is configured without `--simulator`; its doors are
/// not found then.
fn simulated(call: &Call) -> Result<(), ApiError> {
    if call.house.settings.simulator { Ok(()) } else { Err(call.not_found()) }
}
