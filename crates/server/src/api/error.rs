//! What a door answers when it can't do as asked: Twilio's error JSON.
//!
//! A [`Refusal`] goes out as it is. Trouble of the store becomes 503 (the client may try again;
//! nothing was done) and is logged here, once. Contract: rest.md 1.6.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use exchange::refusal::Refusal;
use serde_json::{Value, json};
use store::StoreError;

/// An answer that is not what was asked for.
#[derive(Debug)]
pub struct ApiError(pub Refusal);

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> ApiError {
        ApiError(refusal)
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> ApiError {
        match error {
            StoreError::Conflict => {
                Refusal::conflict("the resource was changed at the same time").into()
            }
            error => {
                tracing::error!(%error, "a request failed in the store");
                Refusal::unavailable().into()
            }
        }
    }
}

/// The error JSON of a refusal.
fn body(refusal: &Refusal) -> Value {
    json!({
        "code": refusal.code,
        "message": refusal.message,
        "more_info": refusal.more_info(),
        "status": refusal.status,
    })
}

/// A refusal with more than its message to say, under `details`.
pub(super) fn with_details(refusal: &Refusal, details: Value) -> Response {
    let mut body = body(refusal);
    body["details"] = details;
    let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::BAD_REQUEST);
    super::show::json(status, &body)
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, body) = (&self.0.status, body(&self.0));
        let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = super::show::json(status, &body);
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(
                header::WWW_AUTHENTICATE,
                header::HeaderValue::from_static("Basic realm=\"Twilio API\""),
            );
        }
        response
    }
}
