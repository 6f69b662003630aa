//! `/2010-04-01/Accounts/{AC}/Messages/{SM}/Media`: list, metadata, content, delete.
//!
//! With `.json` it is metadata and asks for credentials; without, it is the content: a redirect to
//! where it lies, open by its unguessable URL unless the account's `MediaAuth` is `basic`. That
//! redirect never shows the userinfo of the URL. Contract: rest.md 4.1 and A.6, DESIGN section 1.

use super::door::AskedPath;
use super::error::ApiError;
use super::paging::Page;
use super::request::Call;
use super::{messages, show};
use crate::house::House;
use axum::Router;
use axum::extract::{FromRequest, Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use exchange::accounts::MediaAuth;
use exchange::messages::{Media, Message};
use exchange::refusal::Refusal;
use exchange::sid::{MediaSid, MessageSid};
use exchange::webhooks::url::Url;
use serde_json::{Value, json};
use std::sync::Arc;
use store::{Change, Place, Write};

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new().route("/2010-04-01/Accounts/{account}/Messages/{sid}/Media", get(list)).route(
        "/2010-04-01/Accounts/{account}/Messages/{sid}/Media/{media}",
        get(fetch).delete(delete),
    )
}

async fn list(
    Path((account, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let message = messages::find(&call, &account, &sid)?;
    let page = Page::of(&call)?;
    let (from, to) = super::dates::range(&call, "DateCreated")?;
    let in_range = from.is_none_or(|from| message.created >= from)
        && to.is_none_or(|to| message.created <= to);
    let place = page.place(MediaSid::parse)?;
    let mut found: Vec<&Media> = message.media.iter().filter(|_| in_range).collect();
    let at = |sid: MediaSid| message.media.iter().position(|media| media.sid == sid);
    match place {
        Place::Top => {}
        Place::After(sid) => drop(found.drain(..at(sid).map_or(found.len(), |at| at + 1))),
        Place::Before(sid) => {
            found.truncate(at(sid).unwrap_or(0));
            let too_many = found.len().saturating_sub(page.limit() as usize);
            found.drain(..too_many);
        }
    }
    let sid_of = |media: &&Media| media.sid.to_string();
    let show_one = |media: &&Media| show_media(&message, media);
    Ok(show::ok(&page.classic(&call, "media_list", found, (sid_of, show_one))))
}

/// The medium of a path, when it is the message's.
fn find(call: &Call, message: &Message, media: &str) -> Result<Media, ApiError> {
    let sid = MediaSid::parse(media).ok_or_else(|| call.not_found())?;
    let found = message.media.iter().find(|media| media.sid == sid);
    found.cloned().ok_or_else(|| call.not_found())
}

async fn fetch(
    Path((account, sid, media)): Path<(String, String, String)>,
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, ApiError> {
    let asked = request.extensions().get::<AskedPath>().map(|asked| asked.0.clone());
    let path = asked.unwrap_or_else(|| request.uri().path().to_owned());
    if !path.ends_with(".json") {
        return content(&house, (&account, &sid, &media), path, request).await;
    }
    let call = Call::from_request(request, &house).await?;
    let message = messages::find(&call, &account, &sid)?;
    let media = find(&call, &message, &media)?;
    Ok(show::ok(&show_media(&message, &media)))
}

async fn content(
    house: &Arc<House>,
    (account, sid, media): (&str, &str, &str),
    path: String,
    request: Request,
) -> Result<Response, ApiError> {
    let not_found = || ApiError(Refusal::not_found(&path));
    let sid = MessageSid::parse(sid).ok_or_else(not_found)?;
    let found = house.store.message(sid)?;
    let message = found
        .filter(|message| message.sid == sid && message.account.as_str() == account)
        .ok_or_else(not_found)?;
    if house.account(message.account)?.settings.media_auth == MediaAuth::Basic {
        Call::from_request(request, house).await?.acting(account)?;
    }
    let media = message.media.iter().find(|one| one.sid.as_str() == media).ok_or_else(not_found)?;
    let target = Url::parse(&media.url).map_err(|_| not_found())?;
    let target = HeaderValue::from_str(target.bare()).map_err(|_| not_found())?;
    Ok((StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, target)]).into_response())
}

async fn delete(
    Path((account, sid, media)): Path<(String, String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    call.house
        .decide(|| -> Result<(Change, ()), ApiError> {
            let message = messages::find(&call, &account, &sid)?;
            let media = find(&call, &message, &media)?.sid;
            let at = call.house.after(message.updated);
            Ok((Change::one(Write::DeleteMedia { message: message.sid, media, at }), ()))
        })
        .await?;
    Ok(show::deleted())
}

/// A medium's metadata as the 2010 API shows it.
fn show_media(message: &Message, media: &Media) -> Value {
    let (account, parent, sid) = (message.account, message.sid, media.sid);
    json!({
        "account_sid": account.as_str(),
        "content_type": media.content_type,
        "date_created": show::rfc2822(message.created),
        "date_updated": show::rfc2822(message.created),
        "parent_sid": parent.as_str(),
        "sid": sid.as_str(),
        "uri": format!("/2010-04-01/Accounts/{account}/Messages/{parent}/Media/{sid}.json"),
    })
}
