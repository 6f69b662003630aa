//! TwiML Bins and their versions.

use crate::row::{all, time, us, word};
use crate::writer::{expect_one, unique};
use crate::{Store, StoreError};
use exchange::bins::{BIN_VERSIONS_MAX, Bin, BinAccess, BinVersion};
use exchange::sid::{AccountSid, BinSid};
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

const COLUMNS: &str = "sid, account, friendly_name, access, version, twiml, created, updated";

fn read(row: &Row<'_>) -> Result<Bin, StoreError> {
    Ok(Bin {
        sid: word(BinSid::parse(&row.get::<_, String>(0)?), "bin sid")?,
        account: word(AccountSid::parse(&row.get::<_, String>(1)?), "account sid")?,
        friendly_name: row.get(2)?,
        access: word(BinAccess::parse(&row.get::<_, String>(3)?), "bin access")?,
        version: row.get(4)?,
        twiml: row.get(5)?,
        created: time(row.get(6)?)?,
        updated: time(row.get(7)?)?,
    })
}

fn read_version(row: &Row<'_>) -> Result<BinVersion, StoreError> {
    Ok(BinVersion { version: row.get(0)?, twiml: row.get(1)?, created: time(row.get(2)?)? })
}

pub(crate) fn insert(db: &Connection, bin: &Bin) -> Result<(), StoreError> {
    let sql = format!("INSERT INTO bins ({COLUMNS}) VALUES (?,?,?,?,?,?,?,?)");
    unique(db.prepare_cached(&sql)?.execute(params![
        bin.sid.as_str(),
        bin.account.as_str(),
        bin.friendly_name,
        bin.access.as_str(),
        bin.version,
        bin.twiml,
        us(bin.created),
        us(bin.updated),
    ]))?;
    keep_version(db, bin)
}

pub(crate) fn update(db: &Connection, was: Timestamp, bin: &Bin) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached(
        "UPDATE bins SET friendly_name=?, access=?, version=?, twiml=?, updated=? \
         WHERE sid=? AND updated=?",
    )?;
    expect_one(statement.execute(params![
        bin.friendly_name,
        bin.access.as_str(),
        bin.version,
        bin.twiml,
        us(bin.updated),
        bin.sid.as_str(),
        us(was),
    ])?)?;
    keep_version(db, bin)
}

/// Keeps the current version; the same version saved again is left as it is.
fn keep_version(db: &Connection, bin: &Bin) -> Result<(), StoreError> {
    db.prepare_cached(
        "INSERT OR IGNORE INTO bin_versions (bin, version, twiml, created) VALUES (?,?,?,?)",
    )?
    .execute(params![bin.sid.as_str(), bin.version, bin.twiml, us(bin.updated)])?;
    db.prepare_cached("DELETE FROM bin_versions WHERE bin=? AND version<=?")?
        .execute(params![bin.sid.as_str(), i64::from(bin.version) - i64::from(BIN_VERSIONS_MAX)])?;
    Ok(())
}

pub(crate) fn delete(db: &Connection, sid: BinSid) -> Result<(), StoreError> {
    expect_one(db.prepare_cached("DELETE FROM bins WHERE sid=?")?.execute([sid.as_str()])?)?;
    db.prepare_cached("DELETE FROM bin_versions WHERE bin=?")?.execute([sid.as_str()])?;
    Ok(())
}

impl Store {
    /// The bin of a sid.
    ///
    /// # Errors
    /// What the database says.
    pub fn bin(&self, sid: BinSid) -> Result<Option<Bin>, StoreError> {
        self.reader.of_sid((COLUMNS, "bins"), sid.as_str(), read)
    }

    /// Bins of an account, the newest first, `limit` from `offset`.
    ///
    /// # Errors
    /// What the database says.
    pub fn bins(
        &self,
        account: AccountSid,
        offset: u64,
        limit: u64,
    ) -> Result<Vec<Bin>, StoreError> {
        self.reader.read(|db| {
            let sql = format!(
                "SELECT {COLUMNS} FROM bins WHERE account=? \
                 ORDER BY created DESC, sid DESC LIMIT ? OFFSET ?"
            );
            let values = params![account.as_str(), limit as i64, offset as i64];
            all(db.prepare_cached(&sql)?.query(values)?, read)
        })
    }

    /// The kept versions of a bin, the newest first.
    ///
    /// # Errors
    /// What the database says.
    pub fn bin_versions(&self, sid: BinSid) -> Result<Vec<BinVersion>, StoreError> {
        self.reader.read(|db| {
            let sql = "SELECT version, twiml, created FROM bin_versions WHERE bin=? \
                       ORDER BY version DESC";
            all(db.prepare_cached(sql)?.query([sid.as_str()])?, read_version)
        })
    }
}
