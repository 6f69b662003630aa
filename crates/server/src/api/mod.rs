//! The doors: Twilio's REST API, our own, and TwiML Bins.
//!
//! A file per resource; handlers have three steps: read the [`request`], call one domain function,
//! [`show`] the result. Refusals come from the one table in `exchange::refusal`. Paths are routed
//! without their `.json`, and product hosts by their first label: see `door`. What no route takes
//! is answered from the table of [`operations`].

mod accounts;
mod acting;
mod addresses;
mod alerts;
mod applications;
mod audit;
mod auth_tokens;
mod available;
mod balance;
mod bin_door;
mod call_events;
mod call_recordings;
mod caller_ids;
mod calls;
mod chat_acts;
mod chat_media;
mod chat_messages;
mod chat_participants;
mod chat_settings;
mod chats;
pub(crate) mod console;
mod dates;
pub(crate) mod door;
pub(crate) mod error;
mod event_catalog;
mod formats;
mod iam_keys;
mod keys;
mod lookups;
mod media;
mod messages;
mod notifications;
mod numbers;
pub mod operations;
pub(crate) mod own;
pub(crate) mod paging;
mod pools;
mod recording_sound;
mod recordings;
pub(crate) mod request;
mod senders;
pub(crate) mod show;
mod sinks;
mod stamp;
mod subscriptions;
mod tokens;
mod transcriptions;
mod unread;
mod unsupported;
mod usage_records;
pub(crate) mod usage_triggers;
mod user_messages;
mod verifications;
mod verify;
mod websocket;
mod welcome;

use crate::house::House;
use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use std::sync::Arc;

/// Every route of the house. [`door::enter`] has to stand before it.
pub fn router(house: Arc<House>) -> Router {
    Router::new()
        .route("/", get(welcome::welcome))
        .merge(console::routes())
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(own::ready))
        .merge(apis(&house))
        .with_state(house)
}

/// The APIs, whose answers all carry the same headers.
fn apis(house: &Arc<House>) -> Router<Arc<House>> {
    let operations = Arc::new(operations::Operations::read());
    let for_methods = operations.clone();
    Router::new()
        .merge(bin_door::routes())
        .merge(accounts::routes())
        .merge(keys::routes())
        .merge(numbers::routes())
        .merge(applications::routes())
        .merge(available::routes())
        .merge(addresses::routes())
        .merge(audit::routes())
        .merge(balance::routes())
        .merge(caller_ids::routes())
        .merge(usage_records::routes())
        .merge(usage_triggers::routes())
        .merge(auth_tokens::routes())
        .merge(iam_keys::routes())
        .merge(lookups::routes())
        .merge(tokens::routes())
        .merge(messages::routes())
        .merge(media::routes())
        .merge(alerts::routes())
        .merge(pools::routes())
        .merge(senders::routes())
        .merge(calls::routes())
        .merge(call_events::routes())
        .merge(call_recordings::routes())
        .merge(notifications::routes())
        .merge(recordings::routes())
        .merge(transcriptions::routes())
        .merge(event_catalog::routes())
        .merge(sinks::routes())
        .merge(subscriptions::routes())
        .merge(user_messages::routes())
        .merge(chat_settings::routes())
        .merge(chats::routes())
        .merge(chat_participants::routes())
        .merge(chat_messages::routes())
        .merge(chat_media::routes())
        .merge(verifications::routes())
        .merge(verify::routes())
        .merge(own::routes())
        .fallback(move |State(house): State<Arc<House>>, request: Request| async move {
            unsupported::no_such_path(&operations, &house, &request)
        })
        .method_not_allowed_fallback(
            move |State(house): State<Arc<House>>, request: Request| async move {
                unsupported::no_such_method(&for_methods, &house, &request)
            },
        )
        .layer(from_fn(console::no_challenge))
        .layer(from_fn(unsupported::only_readable_paths))
        .layer(from_fn(unread::take_the_rest))
        .layer(from_fn(formats::shape))
        .layer(from_fn_with_state((house.clone(), stamp::InProgress::default()), stamp::stamp))
}
