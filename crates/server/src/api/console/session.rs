//! Signing in to the console, and what its cookie is good for.
//!
//! A one-time link signs in on this machine; elsewhere a form asks for a sid and its secret. The
//! cookie is out of scripts' reach and goes to this site only. An API takes it when the request
//! says that it is the console's: by a header that other sites can't set without being asked, and
//! by an `Origin` that is this very host. A WebSocket has no such header: there the origin decides.

use crate::api::door::Base;
use crate::api::error::ApiError;
use crate::api::request::{self, Credentials, Power};
use crate::api::{request::Call, show};
use crate::house::House;
use crate::sessions::Signed;
use axum::Router;
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use exchange::accounts::Account;
use exchange::refusal::Refusal;
use exchange::sid::KeySid;
use serde_json::json;
use std::sync::Arc;
use store::{StoreError, host_of};
use subtle::ConstantTimeEq;

/// The header by which a request says that the console's own page makes it.
const MARK: &str = "x-offhook-console";
/// The parameter of a link.
const LINK: &str = "link";
/// What the name of the cookie begins with; the port follows, because browsers share cookies
/// between the ports of a host.
const COOKIE: &str = "offhook-console-";

/// How the console may be entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// Whether one-time links sign in: only this machine reaches the listener.
    pub links: bool,
    /// The listener's port.
    pub port: u16,
}

/// A secret for a link, or why there is none.
pub enum Offer {
    /// The secret.
    Link(String),
    /// The listener can be reached from elsewhere.
    NotHere,
}

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new()
        .route("/console/session", get(who).post(sign_in).delete(sign_out))
        .route("/console/links", post(make_link))
}

/// The page that a link's secret opens.
pub(crate) fn link(base: &str, secret: &str) -> String {
    format!("{base}{}?{LINK}={secret}", super::HOME)
}

/// A fresh link for an account with its own token.
pub(crate) fn offer(house: &House, account: &Account) -> Offer {
    if !house.settings.console.links {
        return Offer::NotHere;
    }
    let signed = Signed {
        account: account.sid,
        key: None,
        secret_sha256: request::sha256_hex(&account.auth_token),
    };
    let secret = secret(house);
    house.sessions.offer(&secret, signed, house.clock.wire_us());
    Offer::Link(secret)
}

fn secret(house: &House) -> String {
    format!("{}{}", house.ids.auth_token(), house.ids.auth_token())
}

/// Whether the console's page makes the request, by its own word.
pub(super) fn is_marked(headers: &HeaderMap) -> bool {
    headers.contains_key(MARK)
}

/// Whether a request comes from a page of this very host: by its origin where browsers name one.
fn is_from_here(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let site = text(header::HeaderName::from_static("sec-fetch-site"));
    if site.is_some_and(|site| site != "same-origin") {
        return false;
    }
    match (text(header::ORIGIN), text(header::HOST)) {
        (Some(origin), Some(host)) => origin.contains("://") && host_of(origin) == host,
        (None, _) => !is_socket(headers) && is_marked(headers),
        _ => false,
    }
}

fn is_socket(headers: &HeaderMap) -> bool {
    let upgrade = headers.get(header::UPGRADE).and_then(|value| value.to_str().ok());
    upgrade.is_some_and(|upgrade| upgrade.eq_ignore_ascii_case("websocket"))
}

/// Who asks by a cookie, if that may count.
pub(crate) fn authenticate(
    house: &House,
    headers: &HeaderMap,
) -> Result<Option<Credentials>, StoreError> {
    if !is_from_here(headers) || !(is_marked(headers) || is_socket(headers)) {
        return Ok(None);
    }
    let now_us = house.clock.wire_us();
    let signed = cookie(house, headers).and_then(|secret| house.sessions.find(secret, now_us));
    match signed {
        Some(signed) => still(house, &signed),
        None => Ok(None),
    }
}

/// The account of a session, when its secret is what it was.
fn still(house: &House, signed: &Signed) -> Result<Option<Credentials>, StoreError> {
    let Some(account) = house.store.account(signed.account)? else { return Ok(None) };
    let is_same = |now: &str| bool::from(now.as_bytes().ct_eq(signed.secret_sha256.as_bytes()));
    let Some(sid) = signed.key else {
        let is_token = |token: &String| is_same(&request::sha256_hex(token));
        let is_one = is_token(&account.auth_token) || account.secondary_token.iter().any(is_token);
        return Ok(is_one.then(|| Credentials::of_token(account)));
    };
    let key = house.store.key(sid)?.filter(|key| is_same(&key.secret_sha256));
    Ok(key.map(|key| Credentials::of_key(account, key)))
}

fn cookie_name(house: &House) -> String {
    format!("{COOKIE}{}", house.settings.console.port)
}

fn cookie<'h>(house: &House, headers: &'h HeaderMap) -> Option<&'h str> {
    let name = cookie_name(house);
    let texts = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    let mut pairs = texts.flat_map(|text| text.split(';')).filter_map(|one| one.split_once('='));
    pairs.find(|(found, _)| found.trim() == name).map(|(_, value)| value.trim())
}

/// Begins a session: the header that gives the browser its cookie.
fn begin(house: &House, signed: Signed, base: &str) -> [(header::HeaderName, String); 1] {
    let secret = secret(house);
    house.sessions.begin(&secret, signed, house.clock.wire_us());
    [(header::SET_COOKIE, set_cookie(house, base, &secret, ""))]
}

fn set_cookie(house: &House, base: &str, secret: &str, more: &str) -> String {
    let public = house.settings.public_url.as_str();
    let is_public = host_of(base) == host_of(public) && public.starts_with("https://");
    let secure = if is_public || base.starts_with("https://") { "; Secure" } else { "" };
    let name = cookie_name(house);
    format!("{name}={secret}; Path=/; HttpOnly; SameSite=Strict{secure}{more}")
}

fn base_of(request: &Request) -> String {
    request.extensions().get::<Base>().map(|base| base.url.clone()).unwrap_or_default()
}

/// What a page with a link in its query gets: its cookie, and the page without the link. `None`
/// when there is no link. One that was opened before leads there, too: whoever is signed in goes
/// on, and everybody else is told.
pub(super) fn opened(house: &House, request: &Request) -> Option<Response> {
    let query = request.uri().query()?;
    let secret = query.split('&').find_map(|pair| pair.strip_prefix("link="))?;
    let there = Redirect::to(super::HOME);
    if !house.settings.console.links {
        return Some(there.into_response());
    }
    match house.sessions.open(secret, house.clock.wire_us()) {
        Some(signed) => Some((begin(house, signed, &base_of(request)), there).into_response()),
        None => Some(Redirect::to("/console/?link-used").into_response()),
    }
}

/// Who is signed in.
async fn who(State(house): State<Arc<House>>, headers: HeaderMap) -> Result<Response, ApiError> {
    let found = authenticate(&house, &headers)?.ok_or_else(Refusal::unauthenticated)?;
    Ok(show::ok(&shown(&house, &found)))
}

fn shown(house: &House, found: &Credentials) -> serde_json::Value {
    let Credentials { account, power, .. } = found;
    let manages = *power == Power::Token;
    json!({
        "account_sid": account.sid.as_str(),
        "friendly_name": account.friendly_name,
        "manages": manages,
        "rules": manages && account.owner == account.sid,
        "links": house.settings.console.links,
    })
}

/// Signs in with a sid and its secret. Only the page itself may: nobody is signed in from
/// elsewhere as somebody else.
async fn sign_in(State(house): State<Arc<House>>, request: Request) -> Result<Response, ApiError> {
    if !is_from_here(request.headers()) || !is_marked(request.headers()) {
        return Err(Refusal::access_denied().into());
    }
    let base = base_of(&request);
    let body = request::read(request.into_body()).await?;
    let form = webhook::Form::parse(&body).unwrap_or_default();
    let sid = form.get("AccountSid").unwrap_or_default().trim();
    let secret = form.get("AuthToken").unwrap_or_default().trim();
    let found = request::authenticate(&house, &basic(sid, secret)?)?;
    if found.power == Power::Test {
        // They stand for an account that has nothing to look at.
        return Err(Refusal::test_credentials().into());
    }
    let signed = Signed {
        account: found.account.sid,
        key: KeySid::parse(sid),
        secret_sha256: request::sha256_hex(secret),
    };
    let cookie = begin(&house, signed, &base);
    Ok((StatusCode::CREATED, cookie, show::ok(&shown(&house, &found))).into_response())
}

/// The credentials of a form as those of a header: checked by the same rules.
fn basic(sid: &str, secret: &str) -> Result<HeaderMap, ApiError> {
    let pair = base64::engine::general_purpose::STANDARD.encode(format!("{sid}:{secret}"));
    let value = HeaderValue::from_str(&format!("Basic {pair}"));
    let value = value.map_err(|_| Refusal::unauthenticated())?;
    Ok(HeaderMap::from_iter([(header::AUTHORIZATION, value)]))
}

async fn sign_out(State(house): State<Arc<House>>, request: Request) -> Response {
    let headers = request.headers();
    if is_from_here(headers) && is_marked(headers) {
        if let Some(secret) = cookie(&house, headers) {
            house.sessions.end(secret);
        }
        let gone = set_cookie(&house, &base_of(&request), "", "; Max-Age=0");
        return (StatusCode::NO_CONTENT, [(header::SET_COOKIE, gone)]).into_response();
    }
    ApiError(Refusal::access_denied()).into_response()
}

/// A fresh link for whoever has the token: `offhook console`.
async fn make_link(
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, ApiError> {
    let call = Call::from_request(request, &house).await?;
    call.managing()?;
    let base = call.base.url.as_str();
    match offer(&house, &call.account) {
        Offer::Link(secret) => Ok(show::created(&json!({ "url": link(base, &secret) }))),
        Offer::NotHere => {
            // Beyond this machine everybody signs in with a sid and its secret.
            Ok(show::ok(&json!({ "url": format!("{base}{}", super::HOME) })))
        }
    }
}
