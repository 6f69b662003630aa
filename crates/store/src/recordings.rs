//! Recordings: what is known of them. Their sound is not in the database.

use crate::list::List;
use crate::place::Place;
use crate::row::{all, first, time, us, word};
use crate::writer::expect_one;
use crate::{Store, StoreError};
use exchange::calls::RecordingTrack;
use exchange::calls::recordings::{Recording, RecordingSource, RecordingStatus};
use exchange::sid::{AccountSid, CallSid, Parts, RecordingSid};
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

const COLUMNS: &str = "id, tail, account, call, status, source, channels, track, duration_ms, \
    error_code, started, created, updated";

const TRACKS: [RecordingTrack; 3] =
    [RecordingTrack::Both, RecordingTrack::Inbound, RecordingTrack::Outbound];

fn read(row: &Row<'_>) -> Result<Recording, StoreError> {
    let parts = Parts { key: row.get(0)?, tail: row.get::<_, i64>(1)? as u64 };
    let text = |column: usize| row.get::<_, String>(column);
    let track = text(7)?;
    Ok(Recording {
        sid: RecordingSid::from_parts(parts),
        account: word(AccountSid::parse(&text(2)?), "account sid")?,
        call: word(CallSid::parse(&text(3)?), "call sid")?,
        status: word(RecordingStatus::parse(&text(4)?), "recording status")?,
        source: word(RecordingSource::parse(&text(5)?), "recording source")?,
        channels: row.get(6)?,
        track: word(TRACKS.into_iter().find(|known| known.as_str() == track), "track")?,
        duration_ms: row.get::<_, Option<i64>>(8)?.map(i64::unsigned_abs),
        error_code: row.get(9)?,
        started: time(row.get(10)?)?,
        created: time(row.get(11)?)?,
        updated: time(row.get(12)?)?,
    })
}

/// SQLite's integers are signed; no recording is 300 million years long.
fn duration(recording: &Recording) -> Option<i64> {
    recording.duration_ms.map(|ms| i64::try_from(ms).unwrap_or(i64::MAX))
}

pub(crate) fn insert(db: &Connection, recording: &Recording) -> Result<(), StoreError> {
    let parts = recording.sid.parts();
    let sql = format!("INSERT INTO recordings ({COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)");
    db.prepare_cached(&sql)?.execute(params![
        parts.key,
        parts.tail as i64,
        recording.account.as_str(),
        recording.call.as_str(),
        recording.status.as_str(),
        recording.source.as_str(),
        recording.channels,
        recording.track.as_str(),
        duration(recording),
        recording.error_code,
        us(recording.started),
        us(recording.created),
        us(recording.updated),
    ])?;
    Ok(())
}

pub(crate) fn update(db: &Connection, recording: &Recording) -> Result<(), StoreError> {
    let parts = recording.sid.parts();
    let mut statement = db.prepare_cached(
        "UPDATE recordings SET status=?, channels=?, duration_ms=?, error_code=?, updated=? \
         WHERE id=? AND tail=?",
    )?;
    expect_one(statement.execute(params![
        recording.status.as_str(),
        recording.channels,
        duration(recording),
        recording.error_code,
        us(recording.updated),
        parts.key,
        parts.tail as i64,
    ])?)
}

pub(crate) fn delete(db: &Connection, sid: RecordingSid) -> Result<(), StoreError> {
    let parts = sid.parts();
    let mut statement = db.prepare_cached("DELETE FROM recordings WHERE id=? AND tail=?")?;
    expect_one(statement.execute(params![parts.key, parts.tail as i64])?)
}

/// Which recordings a list shows.
#[derive(Debug, Default, Clone)]
pub struct RecordingFilter {
    /// Only those of this call.
    pub call: Option<CallSid>,
    /// Made not before; inclusive.
    pub created_from: Option<Timestamp>,
    /// Made not after; inclusive.
    pub created_to: Option<Timestamp>,
    /// Where the page lies.
    pub place: Place<RecordingSid>,
}

impl Store {
    /// The recording of a sid.
    ///
    /// # Errors
    /// What the database says.
    pub fn recording(&self, sid: RecordingSid) -> Result<Option<Recording>, StoreError> {
        let parts = sid.parts();
        self.reader.read(|db| {
            let sql = format!("SELECT {COLUMNS} FROM recordings WHERE id=? AND tail=?");
            first(db.prepare_cached(&sql)?.query(params![parts.key, parts.tail as i64])?, read)
        })
    }

    /// Recordings that are being made, or were when the house ended.
    ///
    /// # Errors
    /// What the database says.
    pub fn live_recordings(&self) -> Result<Vec<Recording>, StoreError> {
        self.reader.read(|db| {
            let sql = format!(
                "SELECT {COLUMNS} FROM recordings WHERE status IN ('in-progress', 'paused')"
            );
            all(db.prepare_cached(&sql)?.query([])?, read)
        })
    }

    /// Recordings of an account, the newest first, `limit` at most.
    ///
    /// # Errors
    /// What the database says.
    pub fn recordings(
        &self,
        account: AccountSid,
        filter: &RecordingFilter,
        limit: u64,
    ) -> Result<Vec<Recording>, StoreError> {
        let list = List::of((COLUMNS, "recordings"), "account=?", account.as_str())
            .only("call=?", filter.call.map(|sid| sid.to_string()))
            .only("created>=?", filter.created_from.map(us))
            .only("created<=?", filter.created_to.map(us))
            .by_id(filter.place.map(|sid| sid.parts().key), limit);
        self.reader.list(list, read)
    }
}
