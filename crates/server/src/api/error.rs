//! What a door answers when it can't do as asked: Twilio's error JSON.
//!
//! A [`Refusal`] goes out as it is. Trouble of the store becomes 503 (the client may try again;
//! nothing was done) and is logged here, once. Contract: rest.md 1.6.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use exchange::refusal::Refusal;
use serde_json::json;
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

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let Refusal { code, status, message } = &self.0;
        let body = json!({
            "code": code,
            "message": message,
            "more_info": self.0.more_info(),
            "status": status,
        });
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
