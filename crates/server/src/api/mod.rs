//! The doors: Twilio's REST API, our own, and TwiML Bins.
//!
//! A file per resource; handlers have three steps: read the [`request`], call one domain function,
//! [`show`] the result. Refusals come from the one table in `exchange::refusal`. Paths are routed
//! without their `.json`, and product hosts by their first label: see `door`. What no route takes
//! is answered from the table of [`operations`].

mod accounts;
mod alerts;
mod applications;
mod bin_door;
mod call_events;
mod call_recordings;
mod calls;
mod chat_messages;
mod chat_participants;
mod chats;
mod dates;
pub(crate) mod door;
pub(crate) mod error;
mod event_catalog;
mod keys;
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
mod transcriptions;
mod unread;
mod unsupported;
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
        .merge(verify::routes())
        .merge(sinks::routes())
        .merge(subscriptions::routes())
        .merge(event_catalog::routes())
        .merge(chats::routes())
        .merge(chat_participants::routes())
        .merge(chat_messages::routes())
        .merge(verifications::routes())
        .merge(own::routes())
        .fallback(move |State(house): State<Arc<House>>, request: Request| async move {
            unsupported::no_such_path(&operations, &house, &request)
        })
        .method_not_allowed_fallback(
            move |State(house): State<Arc<House>>, request: Request| async move {
                unsupported::no_such_method(&for_methods, &house, &request)
            },
        )
        .layer(from_fn(unsupported::only_readable_paths))
        .layer(from_fn(unread::take_the_rest))
        .layer(from_fn_with_state((house.clone(), stamp::InProgress::default()), stamp::stamp))
}
