//! The audit log.

use crate::list::List;
use crate::row::{first, time, us, word};
use crate::{Place, Store, StoreError};
use exchange::audit::{Difference, Entry};
use exchange::sid::{AccountSid, AuditSid, Parts, Sid};
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};

const COLUMNS: &str =
    "id, tail, account, actor, event_type, resource_type, resource, source_ip, data, created";

/// A difference as the column has it.
#[derive(Serialize, Deserialize)]
struct Kept {
    name: String,
    previous: Option<String>,
    updated: Option<String>,
}

fn read(row: &Row<'_>) -> Result<Entry, StoreError> {
    let sid =
        |at| -> Result<Sid, StoreError> { word(Sid::parse(&row.get::<_, String>(at)?), "sid") };
    let kept: Vec<Kept> = word(serde_json::from_str(&row.get::<_, String>(8)?).ok(), "audit data")?;
    let data = kept.into_iter().map(|Kept { name, previous, updated }| Difference {
        name,
        previous,
        updated,
    });
    Ok(Entry {
        sid: AuditSid::from_parts(Parts { key: row.get(0)?, tail: row.get::<_, i64>(1)? as u64 }),
        account: word(AccountSid::parse(&row.get::<_, String>(2)?), "account sid")?,
        actor: sid(3)?,
        event_type: row.get(4)?,
        resource_type: row.get(5)?,
        resource: sid(6)?,
        source_ip: row.get(7)?,
        data: data.collect(),
        created: time(row.get(9)?)?,
    })
}

pub(crate) fn insert(db: &Connection, entry: &Entry) -> Result<(), StoreError> {
    let parts = entry.sid.parts();
    let kept: Vec<Kept> = entry
        .data
        .iter()
        .map(|one| Kept {
            name: one.name.clone(),
            previous: one.previous.clone(),
            updated: one.updated.clone(),
        })
        .collect();
    let data = serde_json::to_string(&kept).map_err(|_| StoreError::Unreadable("audit data"))?;
    let sql = format!("INSERT INTO audit ({COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?)");
    db.prepare_cached(&sql)?.execute(params![
        parts.key,
        parts.tail as i64,
        entry.account.as_str(),
        entry.actor.as_str(),
        entry.event_type,
        entry.resource_type,
        entry.resource.as_str(),
        entry.source_ip,
        data,
        us(entry.created),
    ])?;
    Ok(())
}

/// Which entries a list shows.
#[derive(Debug, Default, Clone)]
pub struct AuditFilter {
    /// Who acted.
    pub actor: Option<String>,
    /// What happened.
    pub event_type: Option<String>,
    /// To what.
    pub resource: Option<String>,
    /// From where.
    pub source_ip: Option<String>,
    /// Not before.
    pub start: Option<Timestamp>,
    /// Not after.
    pub end: Option<Timestamp>,
    /// The place to go on from.
    pub place: Place<AuditSid>,
}

impl Store {
    /// The entry of a sid.
    ///
    /// # Errors
    /// What the database says.
    pub fn audit_entry(&self, sid: AuditSid) -> Result<Option<Entry>, StoreError> {
        let found = self.reader.read(|db| {
            let sql = format!("SELECT {COLUMNS} FROM audit WHERE id=?");
            first(db.prepare_cached(&sql)?.query([sid.parts().key])?, read)
        })?;
        Ok(found.filter(|entry| entry.sid == sid))
    }

    /// Entries of an account's log, the newest first, `limit` at most.
    ///
    /// # Errors
    /// What the database says.
    pub fn audit(
        &self,
        account: AccountSid,
        filter: &AuditFilter,
        limit: u64,
    ) -> Result<Vec<Entry>, StoreError> {
        let list = List::of((COLUMNS, "audit"), "account=?", account.as_str())
            .only("actor=?", filter.actor.as_deref())
            .only("event_type=?", filter.event_type.as_deref())
            .only("resource=?", filter.resource.as_deref())
            .only("source_ip=?", filter.source_ip.as_deref())
            .only("created>=?", filter.start.map(us))
            .only("created<=?", filter.end.map(us))
            .by_id(filter.place.map(|sid| sid.parts().key), limit);
        self.reader.list(list, read)
    }
}
