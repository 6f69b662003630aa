//! Handsets whose behaviour was changed.

use crate::row::{all, first, names, word};
use crate::{Store, StoreError};
use exchange::phones::{Handset, OnCall, OnMessage};
use rusqlite::{Connection, Row, params};

const COLUMNS: &str = "address, on_call, answer_after_ms, on_message, error_code, deliver_after_ms, lines, \
     profile_name, read_after_ms, service_window";

fn read(row: &Row<'_>) -> Result<Handset, StoreError> {
    Ok(Handset {
        address: row.get(0)?,
        on_call: word(OnCall::parse(&row.get::<_, String>(1)?), "handset behaviour")?,
        answer_after_ms: row.get::<_, i64>(2)?.unsigned_abs(),
        on_message: word(OnMessage::parse(&row.get::<_, String>(3)?), "handset behaviour")?,
        error_code: row.get(4)?,
        deliver_after_ms: row.get::<_, i64>(5)?.unsigned_abs(),
        lines: row.get(6)?,
        profile_name: row.get(7)?,
        read_after_ms: row.get::<_, Option<i64>>(8)?.map(i64::unsigned_abs),
        service_window: row.get(9)?,
    })
}

pub(crate) fn put(db: &Connection, handset: &Handset) -> Result<(), StoreError> {
    let sql = format!("INSERT OR REPLACE INTO handsets ({COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?)");
    db.prepare_cached(&sql)?.execute(params![
        handset.address,
        handset.on_call.as_str(),
        handset.answer_after_ms as i64,
        handset.on_message.as_str(),
        handset.error_code,
        handset.deliver_after_ms as i64,
        handset.lines,
        handset.profile_name,
        handset.read_after_ms.map(|ms| ms as i64),
        handset.service_window,
    ])?;
    Ok(())
}

impl Store {
    /// How the handset at an address behaves; the defaults when nobody changed it.
    ///
    /// # Errors
    /// What the database says.
    pub fn handset(&self, address: &str) -> Result<Handset, StoreError> {
        let read = |db: &Connection| {
            let sql = format!("SELECT {COLUMNS} FROM handsets WHERE address=?");
            first(db.prepare_cached(&sql)?.query([address])?, read)
        };
        let names = || self.reader.read(|db| names(db, "SELECT address FROM handsets LIMIT ?"));
        if self.cache.is_absent("handsets", address, names)? {
            return Ok(Handset::new(address));
        }
        self.cache.handset(address, || {
            Ok(self.reader.read(read)?.unwrap_or_else(|| Handset::new(address)))
        })
    }

    /// Every handset whose behaviour was changed, by address.
    ///
    /// # Errors
    /// What the database says.
    pub fn handsets(&self) -> Result<Vec<Handset>, StoreError> {
        self.reader.read(|db| {
            let sql = format!("SELECT {COLUMNS} FROM handsets ORDER BY address");
            all(db.prepare_cached(&sql)?.query([])?, read)
        })
    }
}
