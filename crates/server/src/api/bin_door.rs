//! A TwiML Bin's public door: `/bins/{EH…}` and, under Twilio's own path, `/twiml/{EH…}`.
//!
//! Everybody may ask, by GET (or HEAD) and POST; a signed bin answers signed requests only. What a
//! bin says is `crate::bins`'. Contract: twiml.md 5.1, DESIGN section 5.

use super::door::{AskedPath, Base};
use super::error::ApiError;
use super::request;
use crate::bins::{self, BinRequest};
use crate::house::House;
use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use exchange::refusal::Refusal;
use exchange::sid::BinSid;
use std::sync::Arc;
use store::host_of;

/// The media type of a form, whatever its charset.
const FORM: &str = "application/x-www-form-urlencoded";

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new()
        .route("/bins/{sid}", get(answer).post(answer))
        .route("/twiml/{sid}", get(answer).post(answer))
}

async fn answer(
    State(house): State<Arc<House>>,
    Path(sid): Path<String>,
    request: Request,
) -> Result<Response, ApiError> {
    let sid = BinSid::parse(&sid).ok_or_else(|| Refusal::not_found(request.uri().path()))?;
    let url = url(&house, &request);
    let (parts, body) = request.into_parts();
    let body = match parts.method {
        Method::POST if is_form(&parts.headers) => request::read(body).await?,
        _ => Default::default(),
    };
    let signature = parts.headers.get(webhook::headers::SIGNATURE);
    let request = BinRequest {
        method: parts.method.as_str(),
        url: &url,
        body: &body,
        signature: signature.and_then(|value| value.to_str().ok()),
    };
    let answer = bins::answer(&house, sid, request);
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = [(header::CONTENT_TYPE, answer.content_type)];
    Ok((status, headers, answer.body).into_response())
}

/// Whether a body is a form; one that does not say is.
fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|value| value.to_str().ok());
    kind.is_none_or(|kind| kind.to_ascii_lowercase().starts_with(FORM))
}

/// The URL as the asker wrote it. Behind a tunnel only the public URL knows the scheme.
fn url(house: &House, request: &Request) -> String {
    let base = request.extensions().get::<Base>().map_or("", |base| base.url.as_str());
    let public = house.settings.public_url.as_str();
    let base = if host_of(base) == host_of(public) { public } else { base };
    let asked = request.extensions().get::<AskedPath>();
    let path = asked.map_or_else(|| request.uri().path(), |asked| asked.0.as_str());
    match request.uri().query() {
        Some(query) => format!("{base}{path}?{query}"),
        None => format!("{base}{path}"),
    }
}
