//! `/2010-04-01/Accounts/{AC}/Recordings`: list, metadata, delete.
//!
//! What is asked for without `.json` is the sound: `recording_sound` has it. Those of one call are
//! in `call_recordings`. Contract: rest.md 4.4 and A.10.

use super::door::AskedPath;
use super::error::ApiError;
use super::paging::Page;
use super::request::Call;
use super::{recording_sound, show};
use crate::house::House;
use axum::Router;
use axum::extract::{FromRequest, Path, Request, State};
use axum::response::Response;
use axum::routing::get;
use exchange::calls::recordings::{Recording, RecordingStatus};
use exchange::refusal::Refusal;
use exchange::sid::{CallSid, RecordingSid, Sid};
use serde_json::{Value, json};
use std::sync::Arc;
use store::{Change, RecordingFilter, Write};

const LIST: &str = "/2010-04-01/Accounts/{account}/Recordings";
const ONE: &str = "/2010-04-01/Accounts/{account}/Recordings/{sid}";

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new().route(LIST, get(list)).route(ONE, get(fetch).delete(delete))
}

async fn list(Path(account): Path<String>, call: Call) -> Result<Response, ApiError> {
    let account = call.acting(&account)?;
    let page = Page::of(&call)?;
    // What was deleted has left nothing, so `IncludeSoftDeleted` finds no more.
    call.boolean("IncludeSoftDeleted")?;
    let of = sid(&call, "CallSid", CallSid::parse)?;
    let conference =
        sid(&call, "ConferenceSid", |text| Sid::parse(text).filter(|sid| sid.prefix() == "CF"))?;
    let (created_from, created_to) = super::dates::range(&call, "DateCreated")?;
    let place = page.place(RecordingSid::parse)?;
    let filter = RecordingFilter { call: of, created_from, created_to, place };
    let found = match conference {
        // No recording is a conference's yet.
        Some(_) => Vec::new(),
        None => call.house.store.recordings(account.sid, &filter, page.limit())?,
    };
    let sid_of = |recording: &Recording| recording.sid.to_string();
    let show_one = |recording: &Recording| show_recording(&call, recording);
    Ok(show::ok(&page.classic(&call, "recordings", found, (sid_of, show_one))))
}

/// A filter that is a sid.
fn sid<T>(
    call: &Call,
    name: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, ApiError> {
    match call.filled(name) {
        None => Ok(None),
        Some(text) => Ok(Some(parse(text).ok_or_else(|| Refusal::sid_invalid(text))?)),
    }
}

/// The recording of a path, when it is the account's.
pub(super) fn find(call: &Call, account: &str, sid: &str) -> Result<Recording, ApiError> {
    let account = call.acting(account)?;
    let sid = RecordingSid::parse(sid).ok_or_else(|| call.not_found())?;
    let found = call.house.store.recording(sid)?;
    found.filter(|recording| recording.account == account.sid).ok_or_else(|| call.not_found())
}

/// Metadata with `.json`, else the sound.
async fn fetch(
    Path((account, sid)): Path<(String, String)>,
    State(house): State<Arc<House>>,
    request: Request,
) -> Result<Response, ApiError> {
    let asked = request.extensions().get::<AskedPath>().map(|asked| asked.0.clone());
    let path = asked.unwrap_or_else(|| request.uri().path().to_owned());
    if !AskedPath::names_metadata(&path) {
        return recording_sound::serve(&house, (&account, &sid), path, request).await;
    }
    let call = Call::from_request(request, &house).await?;
    call.boolean("IncludeSoftDeleted")?;
    Ok(show::ok(&show_recording(&call, &find(&call, &account, &sid)?)))
}

async fn delete(
    Path((account, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let recording = find(&call, &account, &sid)?;
    remove(&call.house, &recording).await
}

/// Takes a recording and its sound away.
pub(super) async fn remove(house: &House, recording: &Recording) -> Result<Response, ApiError> {
    if matches!(recording.status, RecordingStatus::InProgress | RecordingStatus::Paused) {
        return Err(Refusal::not_complete().into());
    }
    let (sid, account) = (recording.sid, recording.account);
    house.save(Change::one(Write::DeleteRecording { sid, account })).await?;
    // The row says what is there; a file without one is found by nobody.
    if let Err(error) = crate::recordings::remove(house, sid).await {
        tracing::warn!(%error, %sid, "the sound of a deleted recording could not be removed");
    }
    Ok(show::deleted())
}

/// What every view of a recording shows, at `uri`.
pub(super) fn common(recording: &Recording, uri: &str) -> Value {
    json!({
        "account_sid": recording.account.as_str(),
        "api_version": webhook::API_VERSION,
        "call_sid": recording.call.as_str(),
        "conference_sid": null,
        "date_created": show::rfc2822(recording.created),
        "date_updated": show::rfc2822(recording.updated),
        "start_time": show::rfc2822(recording.started),
        "duration": recording.duration_seconds().map(|seconds| seconds.to_string()),
        "sid": recording.sid.as_str(),
        "price": null,
        "price_unit": "USD",
        "status": recording.status.as_str(),
        "channels": recording.channels,
        "source": recording.source.as_str(),
        "error_code": recording.error_code,
        "uri": format!("{uri}.json"),
        "encryption_details": null,
    })
}

/// A recording as the account's list shows it.
fn show_recording(call: &Call, recording: &Recording) -> Value {
    let uri = format!("/2010-04-01/Accounts/{}/Recordings/{}", recording.account, recording.sid);
    let mut body = common(recording, &uri);
    body["media_url"] = format!("{}{uri}", call.base.url).into();
    body["subresource_uris"] = json!({
        "add_on_results": format!("{uri}/AddOnResults.json"),
        "transcriptions": format!("{uri}/Transcriptions.json"),
    });
    body
}
