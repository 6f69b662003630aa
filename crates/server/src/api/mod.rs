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
mod byte_range;
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
mod verify_limits;
mod websocket;
mod welcome;

use crate::house::House;
use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
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
        .merge(verify_limits::routes())
        .merge(own::routes())
        .fallback(move |State(house): State<Arc<House>>, request: Request| async move {
            unsupported::no_such_path(&operations, &house, &request)
        })
        .method_not_allowed_fallback(
            move |State(house): State<Arc<House>>, request: Request| async move {
                unsupported::no_such_method(&for_methods, &house, &request)
            },
        )
        .layer(from_fn_with_state((house.clone(), stamp::InProgress::default()), manners))
}

/// What every answer of an API has. One layer for all of it: a layer costs as much as many a
/// handler.
async fn manners(
    State((house, in_progress)): State<(Arc<House>, stamp::InProgress)>,
    request: Request,
    next: Next,
) -> Response {
    let stamp = stamp::begin(&house, &in_progress);
    let by_page = console::is_page(&request);
    let wish = formats::wish(&request);
    let (request, rest) = unread::lend(request);
    let response = match &wish {
        Some(wish) if wish.is_out_of_place() => wish.not_found(),
        _ if unsupported::is_readable(request.uri().path()) => next.run(request).await,
        _ => unsupported::not_found(&request).into_response(),
    };
    rest.take(response.status()).await;
    let mut response = match wish {
        Some(wish) => wish.shape(response).await,
        None => response,
    };
    if by_page {
        console::take_challenge(&mut response);
    }
    stamp.put(&house, &mut response);
    response
}
