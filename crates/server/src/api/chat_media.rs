//! `/mcs/v1/Services/{IS}/Media`: files for conversations are uploaded, shown, read and deleted.
//!
//! Reading the content asks for credentials, but for the temporary URL that a medium is shown with:
//! it is signed, and good for some minutes of house time. What may be uploaded is what texts carry.
//! Contract: Twilio's page "Conversations Media Resource".

use super::chat_acts::{Names, find_service, url};
use super::error::ApiError;
use super::media;
use super::request::{self, Call};
use super::show;
use crate::house::House;
use crate::media_files;
use axum::Router;
use axum::body::Body;
use axum::extract::{FromRequest, Request, State};
use axum::http::header;
use axum::response::Response;
use axum::routing::{get, post};
use exchange::chats::{ChatMedium, Conversation};
use exchange::media::{Carriage, judge};
use exchange::refusal::Refusal;
use exchange::sid::MediaSid;
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::sync::Arc;
use store::{Change, ChatWrite, Write};
use webhook::{Form, Key};

/// How long a temporary URL is good.
const TEMPORARY_SECONDS: i64 = 300;
/// Characters of a file's name.
const FILENAME_CHARACTERS_MAX: usize = 256;

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new()
        .route("/mcs/v1/Services/{service}/Media", post(create))
        .route("/mcs/v1/Services/{service}/Media/{sid}", get(fetch).delete(delete))
        .route("/mcs/v1/Services/{service}/Media/{sid}/Content", get(content))
}

async fn create(
    names: Names,
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, ApiError> {
    let (head, body) = request.into_parts();
    let content_type = head.headers.get(header::CONTENT_TYPE).cloned();
    let call = Call::from_request(Request::from_parts(head, Body::empty()), &house).await?;
    let service = find_service(&call, names.service.as_deref().unwrap_or_default())?;
    let filename = filename(&call.query)?;
    let bytes = request::read_up_to(body, Carriage::Mms.bytes_max()).await?;
    let content_type = content_type.as_ref().and_then(|value| value.to_str().ok());
    let content_type = judge(Carriage::Mms, content_type, &bytes)
        .map_err(|unfit| Refusal::new(unfit.code, 400, unfit.message))?;
    let now = house.now();
    let one = ChatMedium {
        sid: house.media_sid(),
        account: call.account.sid,
        service: service.sid,
        message: None,
        text: None,
        content_type,
        size: bytes.len() as u64,
        filename,
        created: now,
        updated: now,
    };
    keep(&call, &one, bytes).await?;
    Ok(show::created(&show_medium(&call, &one)?))
}

/// Keeps an uploaded medium: its content first.
async fn keep(call: &Call, one: &ChatMedium, bytes: axum::body::Bytes) -> Result<(), ApiError> {
    if let Err(error) = media_files::write_chat(&call.house, one.sid, bytes).await {
        tracing::error!(%error, sid = %one.sid, "an uploaded medium can't be written");
        return Err(Refusal::unavailable().into());
    }
    let insert = Write::Chats(ChatWrite::InsertMedium(Box::new(one.clone())));
    let saved = call.house.save(Change::one(insert)).await;
    if saved.is_err() {
        media_files::remove_chat(&call.house, std::slice::from_ref(one)).await;
    }
    Ok(saved?)
}

/// What an uploaded file is called, by the query; empty for nothing.
fn filename(query: &Form) -> Result<String, ApiError> {
    if let Some(category) = query.get("Category").filter(|text| !matches!(*text, "" | "media")) {
        return Err(Refusal::unsupported(format!("the category {category} of media")).into());
    }
    let name = query.get("Filename").unwrap_or_default().trim();
    if name.chars().count() > FILENAME_CHARACTERS_MAX || name.chars().any(char::is_control) {
        let why = "256 characters without control characters are expected";
        return Err(Refusal::parameter_invalid("Filename", why).into());
    }
    Ok(name.to_owned())
}

/// The medium of a path, when it is of its service.
fn find(call: &Call, names: &Names) -> Result<ChatMedium, ApiError> {
    let service = find_service(call, names.service.as_deref().unwrap_or_default())?;
    let sid = MediaSid::parse(&names.sid).ok_or_else(|| call.not_found())?;
    let found = call.house.store.chat_medium(sid)?;
    found.filter(|found| found.service == service.sid).ok_or_else(|| call.not_found())
}

/// The medium that a request puts on a message that is new in `chat`; none when it names none.
pub(super) fn to_say(call: &Call, chat: &Conversation) -> Result<Vec<ChatMedium>, ApiError> {
    let Some(text) = call.filled("MediaSid") else { return Ok(Vec::new()) };
    let refuse = |why: &str| ApiError(Refusal::parameter_invalid("MediaSid", why));
    let sid = MediaSid::parse(text).ok_or_else(|| refuse("ME and 32 digits are expected"))?;
    let found = call.house.store.chat_medium(sid)?;
    let found = found.filter(|found| found.service == chat.service);
    let found = found.ok_or_else(|| refuse("the conversation's service has no such medium"))?;
    match found.message {
        None => Ok(vec![found]),
        Some(_) => Err(refuse("it is on another message")),
    }
}

async fn fetch(names: Names, call: Call) -> Result<Response, ApiError> {
    let one = find(&call, &names)?;
    Ok(show::ok(&show_medium(&call, &one)?))
}

async fn content(
    names: Names,
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, ApiError> {
    let path = request.uri().path().to_owned();
    let query = Form::parse(request.uri().query().unwrap_or_default().as_bytes());
    let query = query.unwrap_or_default();
    let one = match query.get("Signature") {
        Some(signature) => signed(&house, &names, &query, signature)?,
        None => find(&Call::from_request(request, &house).await?, &names)?,
    };
    let file = media_files::chat_file(&house, &one);
    let answer = media::stream(file, &one.content_type).await;
    answer.ok_or_else(|| Refusal::not_found(&path).into())
}

/// The medium of a path whose query is signed, and not of too long ago.
fn signed(
    house: &House,
    names: &Names,
    query: &Form,
    signature: &str,
) -> Result<ChatMedium, ApiError> {
    let refused = || ApiError::from(Refusal::key_not_permitted());
    let sid = MediaSid::parse(&names.sid).ok_or_else(refused)?;
    let one = house.store.chat_medium(sid)?.ok_or_else(refused)?;
    let is_of = names.service.as_deref() == Some(one.service.as_str());
    let expires: i64 = query.get("Expires").and_then(|text| text.parse().ok()).unwrap_or(0);
    let key = Key::new(&house.account(one.account)?.auth_token);
    // Signed once more, so that no time tells where they differ.
    let is_ours = key.sign_url(signature) == key.sign_url(&sign(&key, sid, expires));
    match is_of && is_ours && house.now().as_second() < expires {
        true => Ok(one),
        false => Err(refused()),
    }
}

/// What is signed is no URL, so that it is never the signature of a webhook.
fn sign(key: &Key, sid: MediaSid, expires: i64) -> String {
    key.sign_url(&format!("content of {sid} until {expires}"))
}

async fn delete(names: Names, call: Call) -> Result<Response, ApiError> {
    let decide = || -> Result<_, ApiError> {
        let one = find(&call, &names)?;
        Ok((Change::one(Write::Chats(ChatWrite::DeleteMedium(one.sid))), one))
    };
    let one = call.house.decide(decide).await?;
    media_files::remove_chat(&call.house, &[one]).await;
    Ok(show::deleted())
}

/// What Twilio shows of a file without a name.
fn name_or_null(filename: &str) -> Value {
    if filename.is_empty() { Value::Null } else { filename.into() }
}

/// A medium as the media service shows it.
fn show_medium(call: &Call, one: &ChatMedium) -> Result<Value, ApiError> {
    let said = match one.message {
        Some(sid) => call.house.store.chat_message(sid)?,
        None => None,
    };
    let here = url(call, &format!("Services/{}/Media/{}", one.service, one.sid));
    let expires = (call.house.now() + SignedDuration::from_secs(TEMPORARY_SECONDS)).as_second();
    let key = Key::new(&call.house.account(one.account)?.auth_token);
    let mut query = Form::new();
    query.push("Expires", expires.to_string());
    query.push("Signature", sign(&key, one.sid, expires));
    Ok(json!({
        "sid": one.sid.as_str(),
        "account_sid": one.account.as_str(),
        "service_sid": one.service.as_str(),
        "channel_sid": said.as_ref().map(|said| said.conversation.to_string()),
        "message_sid": one.message.map(|sid| sid.to_string()),
        "author": said.map(|said| said.author),
        "category": "media",
        "content_type": one.content_type,
        "filename": name_or_null(&one.filename),
        "size": one.size,
        "is_multipart_upstream": false,
        "date_created": show::iso8601(one.created),
        "date_updated": show::iso8601(one.updated),
        "date_upload_updated": show::iso8601(one.created),
        "url": here,
        "links": {
            "content": format!("{here}/Content"),
            "content_direct_temporary": format!("{here}/Content?{}", query.encode()),
        },
    }))
}

/// The media of a message as conversations/v1 shows them.
pub(super) fn show_all(media: &[ChatMedium]) -> Value {
    if media.is_empty() {
        return Value::Null;
    }
    let shown = media.iter().map(|one| {
        json!({
            "sid": one.sid.as_str(),
            "category": "media",
            "content_type": one.content_type,
            "filename": name_or_null(&one.filename),
            "size": one.size,
        })
    });
    shown.collect()
}
