//! API keys, and test credentials.

use crate::list::List;
use crate::row::{first, time, us, word};
use crate::writer::{expect_one, unique};
use crate::{Place, Store, StoreError};
use exchange::accounts::TestCredentials;
use exchange::keys::{ApiKey, KeyKind};
use exchange::sid::{AccountSid, KeySid};
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

const COLUMNS: &str = "sid, account, friendly_name, secret_sha256, created, updated, kind, policy";

/// A kind and its permissions, a line each.
fn kind(text: &str, policy: &str) -> Result<KeyKind, StoreError> {
    word(KeyKind::of(text, policy.lines().map(str::to_owned).collect()), "kind of key")
}

fn read(row: &Row<'_>) -> Result<ApiKey, StoreError> {
    Ok(ApiKey {
        sid: word(KeySid::parse(&row.get::<_, String>(0)?), "key sid")?,
        account: word(AccountSid::parse(&row.get::<_, String>(1)?), "account sid")?,
        friendly_name: row.get(2)?,
        secret_sha256: row.get(3)?,
        created: time(row.get(4)?)?,
        updated: time(row.get(5)?)?,
        kind: kind(&row.get::<_, String>(6)?, &row.get::<_, String>(7)?)?,
    })
}

pub(crate) fn insert(db: &Connection, key: &ApiKey) -> Result<(), StoreError> {
    let sql = format!("INSERT INTO keys ({COLUMNS}) VALUES (?,?,?,?,?,?,?,?)");
    unique(db.prepare_cached(&sql)?.execute(params![
        key.sid.as_str(),
        key.account.as_str(),
        key.friendly_name,
        key.secret_sha256,
        us(key.created),
        us(key.updated),
        key.kind.as_str(),
        key.kind.policy().join("\n"),
    ]))
}

/// Renames a key; `policy` is a restricted one's new permissions.
pub(crate) fn update(
    db: &Connection,
    sid: KeySid,
    (friendly_name, policy): (&str, &[String]),
    at: Timestamp,
) -> Result<(), StoreError> {
    let mut statement =
        db.prepare_cached("UPDATE keys SET friendly_name=?, policy=?, updated=? WHERE sid=?")?;
    let values = params![friendly_name, policy.join("\n"), us(at), sid.as_str()];
    expect_one(statement.execute(values)?)
}

pub(crate) fn delete(db: &Connection, sid: KeySid) -> Result<(), StoreError> {
    expect_one(db.prepare_cached("DELETE FROM keys WHERE sid=?")?.execute([sid.as_str()])?)
}

/// Replaces the test credentials of an account.
pub(crate) fn put_test(db: &Connection, test: &TestCredentials) -> Result<(), StoreError> {
    let sql = "INSERT OR REPLACE INTO test_credentials (account, sid, token, created) \
               VALUES (?,?,?,?)";
    let values = params![test.account.as_str(), test.sid.as_str(), test.token, us(test.created)];
    db.prepare_cached(sql)?.execute(values)?;
    Ok(())
}

pub(crate) fn delete_test(db: &Connection, account: AccountSid) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached("DELETE FROM test_credentials WHERE account=?")?;
    expect_one(statement.execute([account.as_str()])?)
}

fn read_test(row: &Row<'_>) -> Result<TestCredentials, StoreError> {
    Ok(TestCredentials {
        account: word(AccountSid::parse(&row.get::<_, String>(0)?), "account sid")?,
        sid: word(AccountSid::parse(&row.get::<_, String>(1)?), "account sid")?,
        token: row.get(2)?,
        created: time(row.get(3)?)?,
    })
}

impl Store {
    /// The test credentials that an account has, or that have a sid.
    ///
    /// # Errors
    /// What the database says.
    pub fn test_credentials(&self, sid: AccountSid) -> Result<Option<TestCredentials>, StoreError> {
        self.reader.read(|db| {
            let sql = "SELECT account, sid, token, created FROM test_credentials \
                       WHERE account=?1 OR sid=?1";
            first(db.prepare_cached(sql)?.query([sid.as_str()])?, read_test)
        })
    }

    /// The key of a sid.
    ///
    /// # Errors
    /// What the database says.
    pub fn key(&self, sid: KeySid) -> Result<Option<ApiKey>, StoreError> {
        self.reader.of_sid((COLUMNS, "keys"), sid.as_str(), read)
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
        let list = List::of((COLUMNS, "keys"), "account=?", account.as_str()).by_sid(place, limit);
        self.reader.list(list, read)
    }
}
