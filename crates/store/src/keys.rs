//! API keys.

use crate::row::{all, first, time, us, word};
use crate::writer::{expect_one, unique};
use crate::{Place, Store, StoreError};
use exchange::accounts::ApiKey;
use exchange::sid::{AccountSid, KeySid};
use jiff::Timestamp;
use rusqlite::{Connection, Row, ToSql, params};

const COLUMNS: &str = "sid, account, friendly_name, secret_sha256, created, updated";

fn read(row: &Row<'_>) -> Result<ApiKey, StoreError> {
    Ok(ApiKey {
        sid: word(KeySid::parse(&row.get::<_, String>(0)?), "key sid")?,
        account: word(AccountSid::parse(&row.get::<_, String>(1)?), "account sid")?,
        friendly_name: row.get(2)?,
        secret_sha256: row.get(3)?,
        created: time(row.get(4)?)?,
        updated: time(row.get(5)?)?,
    })
}

pub(crate) fn insert(db: &Connection, key: &ApiKey) -> Result<(), StoreError> {
    let sql = format!("INSERT INTO keys ({COLUMNS}) VALUES (?,?,?,?,?,?)");
    unique(db.prepare_cached(&sql)?.execute(params![
        key.sid.as_str(),
        key.account.as_str(),
        key.friendly_name,
        key.secret_sha256,
        us(key.created),
        us(key.updated),
    ]))
}

pub(crate) fn rename(
    db: &Connection,
    sid: KeySid,
    friendly_name: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    let mut statement =
        db.prepare_cached("UPDATE keys SET friendly_name=?, updated=? WHERE sid=?")?;
    expect_one(statement.execute(params![friendly_name, us(at), sid.as_str()])?)
}

pub(crate) fn delete(db: &Connection, sid: KeySid) -> Result<(), StoreError> {
    expect_one(db.prepare_cached("DELETE FROM keys WHERE sid=?")?.execute([sid.as_str()])?)
}

impl Store {
    /// The key of a sid.
    ///
    /// # Errors
    /// What the database says.
    pub fn key(&self, sid: KeySid) -> Result<Option<ApiKey>, StoreError> {
        self.reader.read(|db| {
            let sql = format!("SELECT {COLUMNS} FROM keys WHERE sid=?");
            first(db.prepare_cached(&sql)?.query([sid.as_str()])?, read)
        })
    }

    /// Keys of an account, the newest first, `limit` at most from `place`.
    ///
    /// # Errors
    /// What the database says.
    pub fn keys(
        &self,
        account: AccountSid,
        place: Place<KeySid>,
        limit: u64,
    ) -> Result<Vec<ApiKey>, StoreError> {
        let end = place.end("sid", limit, |sid| sid.to_string());
        let sql = format!("SELECT {COLUMNS} FROM keys WHERE account=?{}", end.sql);
        let mut values: Vec<Box<dyn ToSql>> = vec![Box::new(account.to_string())];
        values.extend(end.values);
        let rows = self.reader.read(|db| {
            let values = rusqlite::params_from_iter(values.iter());
            all(db.prepare_cached(&sql)?.query(values)?, read)
        })?;
        Ok(place.in_order(rows))
    }
}
