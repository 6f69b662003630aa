//! `/2010-04-01/Accounts/{AC}/Messages/{SM}/Media`: list, metadata, content, delete.
//!
//! With `.json` it is metadata and asks for credentials; without, it is the content, open by its
//! unguessable URL unless the account's `MediaAuth` is `basic`. What could not be fetched, or is not
//! yet, is not there. Contract: rest.md 4.1 and A.6, DESIGN section 1.

use super::door::AskedPath;
use super::error::ApiError;
use super::paging::Page;
use super::request::Call;
use super::{messages, show};
use crate::house::House;
use crate::media_files;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Path, Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use exchange::accounts::MediaAuth;
use exchange::messages::{Media, Message};
use exchange::refusal::Refusal;
use exchange::sid::{MediaSid, MessageSid};
use http_body_util::channel::{Channel, Sender};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;
use store::{Change, Place, Write};
use tokio::fs::File;
use tokio::io::AsyncReadExt;

/// Bytes that are read at once.
const PIECE_BYTES: u64 = 64 * 1024;
/// Pieces that wait for a slow reader.
const PIECES_MAX: usize = 4;

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
    let mut found: Vec<&Media> =
        message.media.iter().filter(|media| in_range && media.is_kept()).collect();
    let at = |sid: MediaSid| found.iter().position(|media| media.sid == sid);
    match place {
        Place::Top => {}
        Place::After(sid) => {
            let begin = at(sid).map_or(found.len(), |at| at + 1);
            found.drain(..begin);
        }
        Place::Before(sid) => {
            let end = at(sid).unwrap_or(0);
            found.truncate(end);
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
    let found = message.media.iter().find(|media| media.is_kept() && media.sid == sid);
    found.cloned().ok_or_else(|| call.not_found())
}

async fn fetch(
    Path((account, sid, media)): Path<(String, String, String)>,
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, ApiError> {
    let asked = request.extensions().get::<AskedPath>().map(|asked| asked.0.clone());
    let path = asked.unwrap_or_else(|| request.uri().path().to_owned());
    if !AskedPath::names_metadata(&path) {
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
    let message = found.filter(|message| message.account.as_str() == account);
    let message = message.ok_or_else(not_found)?;
    if house.account(message.account)?.settings.media_auth == MediaAuth::Basic {
        Call::from_request(request, house).await?.acting(account)?;
    }
    let media = message.media.iter().find(|one| one.is_kept() && one.sid.as_str() == media);
    let media = media.ok_or_else(not_found)?;
    let file = media_files::file(house, sid, media.sid);
    stream(file, &media.content_type).await.ok_or_else(not_found)
}

/// Answers with a file, when it is there.
pub(super) async fn stream(path: PathBuf, content_type: &str) -> Option<Response> {
    let file = File::open(path).await.ok()?;
    let length = file.metadata().await.ok()?.len();
    let (sender, body) = Channel::<Bytes>::new(PIECES_MAX);
    tokio::spawn(pour(file, length, sender));
    Some(answer(content_type, length, Body::new(body)))
}

/// Sends a file piece by piece. A reader that has gone, or a file that breaks off, ends it: the
/// length tells the reader.
async fn pour(mut file: File, length: u64, mut sender: Sender<Bytes>) -> Option<()> {
    let mut left = length;
    while left > 0 {
        let count = left.min(PIECE_BYTES);
        let mut piece = vec![0; count as usize];
        file.read_exact(&mut piece).await.ok()?;
        sender.send_data(piece.into()).await.ok()?;
        left -= count;
    }
    Some(())
}

/// Content that came from anywhere: it is what it is called, and does nothing in a browser.
pub(super) fn answer(content_type: &str, length: u64, body: Body) -> Response {
    let headers = [
        (header::CONTENT_TYPE, content_type.to_owned()),
        (header::CONTENT_LENGTH, length.to_string()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox".to_owned()),
    ];
    (headers, body).into_response()
}

async fn delete(
    Path((account, sid, media)): Path<(String, String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let (message, media) = call
        .house
        .decide(|| -> Result<_, ApiError> {
            let message = messages::find(&call, &account, &sid)?;
            let media = find(&call, &message, &media)?;
            let at = call.house.after(message.updated);
            let write = Write::DeleteMedia { message: message.sid, media: media.sid, at };
            Ok((Change::one(write), (message.sid, media)))
        })
        .await?;
    media_files::remove(&call.house, message, &[media]).await;
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
