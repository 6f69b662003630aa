//! After a start: what an earlier life of the house left of its calls.
//!
//! A call lives in one process. Those that were live when it ended are over: answered ones are
//! `completed` with the time that is known, others `failed`, each with an alert and its callback.
//! Calls that were still queued are dialled now. Recordings that were being made are lost, and say
//! so; finished ones are files and rows.

use super::ends::kept;
use crate::house::House;
use exchange::alerts::codes;
use exchange::alerts::raise::{self, Trouble};
use exchange::calls::recordings::{Recording, RecordingStatus};
use exchange::calls::request::Stamp;
use exchange::calls::status::{self, Beside, Event};
use exchange::calls::{Call, State};
use exchange::documents::Remark;
use exchange::webhooks::Purpose;
use jiff::Timestamp;
use store::{Change, RecordingFilter, StoreError, WebhookFilter, Write};

/// The alert of a call that the house itself has lost.
const LOST: u32 = 12400;
/// Calls read at once.
const PAGE: u64 = 1000;
/// Recordings of a call that are looked at, the newest.
const RECORDINGS_MAX: u64 = 10;

/// Ends what was live, and dials what was queued.
///
/// # Errors
/// The store's.
pub async fn take_up(house: &House) -> Result<(), StoreError> {
    let mut after = None;
    loop {
        let page = house.store.live_calls(after, PAGE)?;
        let Some(last) = page.last() else { break };
        after = Some(last.sid);
        for call in page {
            if call.state == State::Queued {
                house.calls.begin(Box::new(call));
            } else {
                house.submit(over(house, call)?);
            }
        }
        house.save(Change::default()).await?;
    }
    // After the calls: when a recording changed last says how long its call is known to have lived.
    for recording in house.store.live_recordings()? {
        house.submit(Change::one(lost(house, recording)));
    }
    // What was submitted before is committed before: one wait for all of it.
    house.save(Change::default()).await
}

fn lost(house: &House, mut recording: Recording) -> Write {
    recording.status = RecordingStatus::Failed;
    recording.error_code = Some(LOST);
    recording.updated = house.now();
    Write::UpdateRecording(Box::new(recording))
}

/// How a call ends that the house has lost.
pub(super) fn state_of_lost(call: &Call) -> State {
    if call.answered.is_some() { State::Completed } else { State::Failed }
}

/// What its alert says.
pub(super) fn lost_call() -> Remark {
    let message = "The call was lost: Offhook was stopped while it was live".to_owned();
    Remark { code: LOST, message, at: None }
}

/// The end of a call that was live.
fn over(house: &House, mut call: Call) -> Result<Change, StoreError> {
    let account = house.account(call.account)?;
    let at = last_seen(house, &call)?;
    let state = state_of_lost(&call);
    let stamp = Stamp { token: house.ids.token(), at };
    let reached = status::reach(&mut call, Event::Ended(state, None), &Beside::default(), stamp);
    let Remark { code, message, at } = lost_call();
    let trouble = Trouble {
        code,
        level: codes::level(code),
        message,
        at,
        resource: Some(call.sid.sid()),
        request: None,
    };
    let alert = raise::raise(trouble, &account, house.alert_sid(), house.now());
    let mut webhooks: Vec<_> = reached.tell.into_iter().collect();
    webhooks.extend(raise::tell(&alert, &account, Purpose::Voice, house.ids.token()));
    let writes = vec![kept(&call, false), Write::InsertAlert(Box::new(alert))];
    Ok(Change { writes, webhooks, ..Change::default() })
}

/// The last moment at which the call is known to have lived: its record, a request about it, a
/// recording of it.
fn last_seen(house: &House, call: &Call) -> Result<Timestamp, StoreError> {
    let filter = WebhookFilter { resource: Some(call.sid.sid()), ..WebhookFilter::default() };
    let newest = house.store.webhooks(call.account, &filter, 1)?.into_iter().next();
    let asked = newest.map(|entry| entry.webhook.created);
    let filter = RecordingFilter { call: Some(call.sid), ..RecordingFilter::default() };
    let recorded = house.store.recordings(call.account, &filter, RECORDINGS_MAX)?;
    let recorded = recorded.into_iter().map(|recording| recording.updated).max();
    let seen = [Some(call.updated), asked, recorded];
    Ok(seen.into_iter().flatten().max().unwrap_or(call.updated))
}
