//! `/2010-04-01/Accounts/{AC}/Calls/{CA}/Recordings`: begin, pause, go on, stop, list, fetch,
//! delete.
//!
//! `Twilio.CURRENT` in place of a sid is the newest that is being made. Contract: rest.md 4.2, A.7.

use super::error::ApiError;
use super::paging::Page;
use super::request::Call;
use super::{calls, recordings, show};
use crate::calls::{CallError, RecordingUpdate};
use crate::house::House;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use exchange::calls::options;
use exchange::calls::recordings::{Recording, RecordingStatus};
use exchange::calls::{Call as Record, is_final};
use exchange::refusal::Refusal;
use exchange::sid::RecordingSid;
use serde_json::Value;
use std::sync::Arc;
use store::RecordingFilter;

const LIST: &str = "/2010-04-01/Accounts/{account}/Calls/{call}/Recordings";
const ONE: &str = "/2010-04-01/Accounts/{account}/Calls/{call}/Recordings/{sid}";
/// In place of a sid: the one that is being made.
const CURRENT: &str = "Twilio.CURRENT";
/// Recordings of a call that are looked through for the newest.
const LOOKED_AT_MAX: u64 = 1000;

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new()
        .route(LIST, get(list).post(create))
        .route(ONE, get(fetch).post(update).delete(delete))
}

async fn list(
    Path((account, of)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let of = calls::find(&call, &account, &of)?;
    let page = Page::of(&call)?;
    let (created_from, created_to) = super::dates::range(&call, "DateCreated")?;
    let place = page.place(RecordingSid::parse)?;
    let filter = RecordingFilter { call: Some(of.sid), created_from, created_to, place };
    let found = call.house.store.recordings(of.account, &filter, page.limit())?;
    let sid_of = |recording: &Recording| recording.sid.to_string();
    Ok(show::ok(&page.classic(&call, "recordings", found, (sid_of, show_recording))))
}

async fn create(
    Path((account, of)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let of = calls::find(&call, &account, &of)?;
    let plan = options::recording(&call.form, twiml::Trim::DoNotTrim)?;
    if of.state != exchange::calls::State::InProgress {
        return Err(not_eligible().into());
    }
    let begun = call.house.calls.record(of.sid, plan).await.map_err(wrong)?;
    Ok(show::created(&show_recording(&begun)))
}

fn not_eligible() -> Refusal {
    Refusal::new(21_220, 400, "Call is not in-progress. It cannot be recorded.")
}

/// Why nothing of a live call's recordings was changed.
fn wrong(error: CallError) -> ApiError {
    match error {
        CallError::NotLive => not_eligible().into(),
        error => calls::wrong(error),
    }
}

/// The recording of a path, when it is the call's.
fn find(call: &Call, of: &Record, sid: &str) -> Result<Recording, ApiError> {
    let store = &call.house.store;
    if sid == CURRENT {
        let filter = RecordingFilter { call: Some(of.sid), ..RecordingFilter::default() };
        let mut all = store.recordings(of.account, &filter, LOOKED_AT_MAX)?.into_iter();
        let is_open = |recording: &Recording| {
            matches!(recording.status, RecordingStatus::InProgress | RecordingStatus::Paused)
        };
        return all.find(is_open).ok_or_else(|| call.not_found());
    }
    let sid = RecordingSid::parse(sid).ok_or_else(|| call.not_found())?;
    let found = store.recording(sid)?;
    let is_its = |one: &Recording| one.call == of.sid && one.account == of.account;
    found.filter(is_its).ok_or_else(|| call.not_found())
}

async fn fetch(
    Path((account, of, sid)): Path<(String, String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let of = calls::find(&call, &account, &of)?;
    Ok(show::ok(&show_recording(&find(&call, &of, &sid)?)))
}

async fn update(
    Path((account, of, sid)): Path<(String, String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let of = calls::find(&call, &account, &of)?;
    let update = change(&call)?;
    if is_final(of.state) {
        return Err(not_eligible().into());
    }
    let sid = find(&call, &of, &sid)?.sid;
    let changed = call.house.calls.update_recording(of.sid, Some(sid), update).await;
    Ok(show::ok(&show_recording(&changed.map_err(wrong)?)))
}

/// `Status` and `PauseBehavior`: what is not heard is silence in it, unless it is to be skipped.
fn change(call: &Call) -> Result<RecordingUpdate, ApiError> {
    let keeps_silence = match call.filled("PauseBehavior") {
        None | Some("silence") => true,
        Some("skip") => false,
        Some(_) => {
            let why = "use silence or skip";
            return Err(Refusal::parameter_invalid("PauseBehavior", why).into());
        }
    };
    match call.filled("Status") {
        None => Err(Refusal::parameter_missing("Status").into()),
        Some("paused") => Ok(RecordingUpdate::Pause { keeps_silence }),
        Some("in-progress") => Ok(RecordingUpdate::Resume),
        Some("stopped") => Ok(RecordingUpdate::Stop),
        Some(_) => {
            let why = "use in-progress, paused or stopped";
            Err(Refusal::parameter_invalid("Status", why).into())
        }
    }
}

async fn delete(
    Path((account, of, sid)): Path<(String, String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let of = calls::find(&call, &account, &of)?;
    let recording = find(&call, &of, &sid)?;
    recordings::remove(&call.house, &recording).await
}

/// A recording as its call's list shows it.
fn show_recording(recording: &Recording) -> Value {
    let (account, call, sid) = (recording.account, recording.call, recording.sid);
    let uri = format!("/2010-04-01/Accounts/{account}/Calls/{call}/Recordings/{sid}");
    let mut body = recordings::common(recording, &uri);
    body["track"] = recording.track.as_str().into();
    body
}
