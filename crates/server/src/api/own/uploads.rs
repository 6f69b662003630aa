//! `/offhook/v1/Phones/{address}/Media`: a person has a file at hand, and wants to send it.
//!
//! It is uploaded first; its URL is the `MediaUrl` of what the person then sends. It waits in
//! memory, where what was not used for the longest time makes room: the message that has it keeps a
//! copy of its own.

use super::phones::handset_of;
use super::simulated;
use crate::api::error::ApiError;
use crate::api::media;
use crate::api::request::{self, Call};
use crate::api::show;
use crate::house::House;
use crate::messages::Upload;
use axum::Router;
use axum::body::Body;
use axum::extract::{FromRequest, Path, Request, State};
use axum::http::header;
use axum::response::Response;
use axum::routing::{get, post};
use exchange::accounts::MediaAuth;
use exchange::media::{Carriage, judge};
use exchange::refusal::Refusal;
use exchange::sid::MediaSid;
use serde_json::json;
use std::sync::Arc;

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new()
        .route("/offhook/v1/Phones/{address}/Media", post(create))
        .route("/offhook/v1/Phones/{address}/Media/{sid}", get(fetch))
}

async fn create(
    Path(address): Path<String>,
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, ApiError> {
    let (head, body) = request.into_parts();
    let content_type = head.headers.get(header::CONTENT_TYPE).cloned();
    let call = Call::from_request(Request::from_parts(head, Body::empty()), &house).await?;
    simulated(&call)?;
    let address = handset_of(&call, &address)?;
    let carriage = Carriage::of(&address);
    let bytes = request::read_up_to(body, carriage.bytes_max()).await?;
    let content_type = content_type.as_ref().and_then(|value| value.to_str().ok());
    let content_type = judge(carriage, content_type, &bytes)
        .map_err(|unfit| Refusal::new(unfit.code, 400, unfit.message))?;
    let (sid, size) = (house.media_sid(), bytes.len());
    let shown = json!({
        "sid": sid.as_str(),
        "url": format!("{}/offhook/v1/Phones/{address}/Media/{sid}", house.settings.public_url),
        "content_type": content_type,
        "size": size,
    });
    house.media.keep_upload(sid, Upload { owner: call.account.sid, content_type, bytes });
    Ok(show::created(&shown))
}

/// Open by its unguessable URL, as media of messages are.
async fn fetch(
    Path((_, sid)): Path<(String, String)>,
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, ApiError> {
    let not_found = || ApiError(Refusal::not_found(request.uri().path()));
    let upload = MediaSid::parse(&sid).and_then(|sid| house.media.upload(sid));
    let upload = upload.ok_or_else(not_found)?;
    if house.account(upload.owner)?.settings.media_auth == MediaAuth::Basic {
        Call::from_request(request, &house).await?.acting(upload.owner.as_str())?;
    }
    let length = upload.bytes.len() as u64;
    Ok(media::answer(&upload.content_type, length, Body::from(upload.bytes)))
}
