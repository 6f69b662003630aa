//! `/console/`: the web console's files, and signing in to it.
//!
//! The console itself uses the public APIs only. A browser that has signed in sends its cookie;
//! the APIs take it when the page that asks is the console's own (`session`). The files need no
//! session: they are the same for everybody and hold nothing of anybody's.

mod files;
mod session;

pub(crate) use session::{Access, Offer, authenticate, link, offer};

use crate::house::House;
use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::{Next, from_fn};
use axum::response::{Redirect, Response};
use axum::routing::get;
use std::sync::Arc;

/// Where it is.
pub(super) const HOME: &str = "/console/";

/// What every answer of the console says of itself: nothing from elsewhere, no inline script, in
/// nobody's frame.
const HEADERS: &[(&str, &str)] = &[
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
         media-src 'self' blob:; connect-src 'self'; font-src 'self'; worker-src 'self'; \
         manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
         require-trusted-types-for 'script'; trusted-types 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "no-referrer"),
    ("cache-control", "no-cache"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "microphone=(self), camera=(), geolocation=()"),
];

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new()
        .route("/console", get(|| async { Redirect::permanent(HOME) }))
        .route("/console/", get(enter))
        .route("/console/{*path}", get(file))
        .merge(session::routes())
        .layer(from_fn(no_challenge))
        .layer(from_fn(say_what_it_is))
}

/// The page; a link in its query signs in first.
async fn enter(State(house): State<Arc<House>>, request: Request) -> Response {
    match session::opened(&house, &request) {
        Some(answer) => answer,
        None => files::answer("", request.headers()),
    }
}

async fn file(Path(path): Path<String>, headers: HeaderMap) -> Response {
    files::answer(&path, &headers)
}

async fn say_what_it_is(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        let name = HeaderName::from_static(name);
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// A page that asks an API shows its own form to sign in; the challenge of Basic would make the
/// browser show another.
pub(super) fn take_challenge(response: &mut Response) {
    response.headers_mut().remove(header::WWW_AUTHENTICATE);
}

/// Whether a page of the console asks.
pub(super) fn is_page(request: &Request) -> bool {
    session::is_marked(request.headers())
}

async fn no_challenge(request: Request, next: Next) -> Response {
    let by_page = is_page(&request);
    let mut response = next.run(request).await;
    if by_page {
        take_challenge(&mut response);
    }
    response
}
