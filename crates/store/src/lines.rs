//! Lines in use: calls that are not over, by the handset at their far end.
//!
//! Kept in memory because every call that is dialled asks for it. It is read from the database when
//! that is opened, and follows every commit before whoever saved it is answered: so it is never
//! behind what was acknowledged.

use crate::calls::is_live;
use crate::row::all;
use crate::{StoreError, Write};
use exchange::calls::Call;
use exchange::sid::CallSid;
use rusqlite::Connection;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Live calls, named by the number their sid begins with, by the address of their handset.
#[derive(Debug)]
pub(crate) struct Lines(Mutex<HashMap<String, Vec<i64>>>);

impl Lines {
    pub(crate) fn open(db: &Connection) -> Result<Lines, StoreError> {
        let mut statement = db.prepare("SELECT peer, id FROM calls WHERE state <= 4")?;
        let live: Vec<(String, i64)> =
            all(statement.query([])?, |row| Ok((row.get(0)?, row.get(1)?)))?;
        let mut lines = HashMap::<String, Vec<i64>>::new();
        for (peer, id) in live {
            lines.entry(peer).or_default().push(id);
        }
        Ok(Lines(Mutex::new(lines)))
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, Vec<i64>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many calls of a handset are not over.
    pub(crate) fn at(&self, peer: &str) -> usize {
        self.all().get(peer).map_or(0, Vec::len)
    }

    /// Follows what was committed.
    pub(crate) fn follow<'a>(&self, writes: impl Iterator<Item = &'a Write>) {
        for write in writes {
            match write {
                Write::InsertCall(call) if is_live(call.state) => self.add(call),
                Write::UpdateCall { now, .. } if !is_live(now.state) => self.free(now),
                Write::DeleteCall { sid, .. } => self.forget(*sid),
                Write::Clear => self.all().clear(),
                _ => {}
            }
        }
    }

    fn add(&self, call: &Call) {
        self.all().entry(call.peer().to_owned()).or_default().push(call.sid.parts().key);
    }

    fn free(&self, call: &Call) {
        let mut lines = self.all();
        let Some(ids) = lines.get_mut(call.peer()) else { return };
        ids.retain(|id| *id != call.sid.parts().key);
        if ids.is_empty() {
            lines.remove(call.peer());
        }
    }

    /// Nobody says whose it was; calls that are over are long gone from here, and others are not
    /// deleted.
    fn forget(&self, call: CallSid) {
        let id = call.parts().key;
        self.all().retain(|_, ids| {
            ids.retain(|one| *one != id);
            !ids.is_empty()
        });
    }
}
