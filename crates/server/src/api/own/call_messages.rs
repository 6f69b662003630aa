//! `/offhook/v1/Phones/{address}/Calls/{CA}/UserDefinedMessages`: a client program sends a message
//! to its application, as the Voice SDK's `call.sendMessage` does.
//!
//! What comes the other way is in the call's transcript. Contract: DESIGN section 1.

use super::calls::{find, wrong};
use crate::api::error::ApiError;
use crate::api::request::Call;
use crate::api::show;
use crate::api::user_messages::posted;
use crate::calls::CallError;
use crate::house::House;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::post;
use exchange::calls::State;
use serde_json::json;
use std::sync::Arc;

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new()
        .route("/offhook/v1/Phones/{address}/Calls/{sid}/UserDefinedMessages", post(create))
}

async fn create(
    Path((address, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let of = find(&call, &address, &sid)?;
    let posted = posted(&call)?;
    if of.state != State::InProgress {
        return Err(wrong(CallError::NotLive));
    }
    let content = posted.content.clone();
    let sent = call.house.calls.send_message(of.sid, posted).await.map_err(wrong)?;
    Ok(show::created(&json!({
        "sid": sent.sid.as_str(),
        "call_sid": of.sid.as_str(),
        "content": content,
        "date_created": show::iso8601(sent.created),
    })))
}
