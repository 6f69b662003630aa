//! `/offhook/v1/Phones/{address}/Calls/{CA}/Transcript`: what a call heard and did, with times.
//!
//! `After=n` leaves out the lines that are known; `Wait=PT10S` waits for more of them, or for the
//! end. That wait is wire time: a person sits before it. Contract: DESIGN sections 1 and 4.

use super::calls::{find, wrong};
use crate::api::error::ApiError;
use crate::api::request::Call;
use crate::api::show;
use crate::calls::CallError;
use crate::house::House;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use exchange::calls;
use exchange::duration;
use exchange::refusal::Refusal;
use exchange::sid::CallSid;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use store::Change;
use tokio::sync::watch;

/// How long a request may wait for more.
const WAIT_MAX: Duration = Duration::from_secs(30);

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new().route("/offhook/v1/Phones/{address}/Calls/{sid}/Transcript", get(fetch))
}

async fn fetch(
    Path((address, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let sid = find(&call, &address, &sid)?.sid;
    let (after, wait) = (after(&call)?, wait(&call)?);
    let house = call.house.clone();
    if let Some(wait) = wait {
        // No reset has to wait for somebody who waits.
        drop(call);
        more(&house, sid, after, wait).await?;
        let presence = house.enter().await;
        let answer = shown(&house, sid, after).await;
        drop(presence);
        return answer;
    }
    shown(&house, sid, after).await
}

fn after(call: &Call) -> Result<usize, ApiError> {
    let Some(text) = call.filled("After") else { return Ok(0) };
    let why = "use the number of lines that are known";
    text.parse().map_err(|_| Refusal::parameter_invalid("After", why).into())
}

fn wait(call: &Call) -> Result<Option<Duration>, ApiError> {
    let Some(text) = call.filled("Wait") else { return Ok(None) };
    let wait = duration::parse(text).and_then(|wait| Duration::try_from(wait).ok());
    wait.filter(|wait| *wait <= WAIT_MAX).map(Some).ok_or_else(|| {
        let why = format!("use an ISO 8601 duration up to PT{}S", WAIT_MAX.as_secs());
        Refusal::parameter_invalid("Wait", why).into()
    })
}

/// Waits until there are more lines than `after`, or the call or the house or the wait is over.
async fn more(house: &House, sid: CallSid, after: usize, wait: Duration) -> Result<(), ApiError> {
    let mut closed = house.events.resume(None).closed;
    let (_, count) = lines(house, sid).await?;
    let Some(mut count) = count else { return Ok(()) };
    tokio::select! {
        // Whichever comes first; what it was shows in the answer.
        _ = tokio::time::timeout(wait, count.wait_for(|count| *count > after)) => {}
        _ = closed.wait_for(|closed| *closed) => {}
    }
    Ok(())
}

/// All lines so far; and, of a call that is live, how many there are.
async fn lines(
    house: &House,
    sid: CallSid,
) -> Result<(Vec<String>, Option<watch::Receiver<usize>>), ApiError> {
    match house.calls.transcript(sid).await {
        Ok(transcript) => Ok((transcript.lines, Some(transcript.count))),
        Err(CallError::NotLive) => {
            let text = kept(house, sid).await?;
            Ok((text.lines().map(str::to_owned).collect(), None))
        }
        Err(error) => Err(wrong(error)),
    }
}

/// The transcript of a call that is over; of one that has just ended it may be on its way.
async fn kept(house: &House, sid: CallSid) -> Result<String, ApiError> {
    if let Some(text) = house.store.transcript(sid)? {
        return Ok(text);
    }
    // What was handed in before this is committed when this is.
    house.save(Change::default()).await?;
    Ok(house.store.transcript(sid)?.unwrap_or_default())
}

async fn shown(house: &House, sid: CallSid, after: usize) -> Result<Response, ApiError> {
    // Looked at before the lines: a call that is shown as over has those of its end.
    let call: Option<calls::Call> = house.store.call(sid)?;
    let call = call.ok_or_else(|| Refusal::not_found(sid))?;
    let (lines, _) = lines(house, sid).await?;
    let count = lines.len();
    let new: Vec<String> = lines.into_iter().skip(after).collect();
    Ok(show::ok(&json!({
        "sid": sid.as_str(),
        "status": call.state.as_str(),
        "lines": new,
        "count": count,
    })))
}
