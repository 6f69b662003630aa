//! Numbers of other networks that accounts may call from, and verifications under way.

use crate::list::List;
use crate::row::{first, target, time, us, word};
use crate::writer::{expect_one, unique};
use crate::{Place, Store, StoreError};
use exchange::caller_ids::{CallerId, Validation};
use exchange::sid::{AccountSid, CallSid, NumberSid};
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

const COLUMNS: &str = "sid, account, phone_number, friendly_name, created, updated";

fn read(row: &Row<'_>) -> Result<CallerId, StoreError> {
    Ok(CallerId {
        sid: word(NumberSid::parse(&row.get::<_, String>(0)?), "number sid")?,
        account: word(AccountSid::parse(&row.get::<_, String>(1)?), "account sid")?,
        phone_number: row.get(2)?,
        friendly_name: row.get(3)?,
        created: time(row.get(4)?)?,
        updated: time(row.get(5)?)?,
    })
}

pub(crate) fn insert(db: &Connection, one: &CallerId) -> Result<(), StoreError> {
    let sql = format!("INSERT INTO caller_ids ({COLUMNS}) VALUES (?,?,?,?,?,?)");
    unique(db.prepare_cached(&sql)?.execute(params![
        one.sid.as_str(),
        one.account.as_str(),
        one.phone_number,
        one.friendly_name,
        us(one.created),
        us(one.updated),
    ]))
}

pub(crate) fn update(db: &Connection, was: Timestamp, one: &CallerId) -> Result<(), StoreError> {
    let sql = "UPDATE caller_ids SET friendly_name=?, updated=? WHERE sid=? AND updated=?";
    let values = params![one.friendly_name, us(one.updated), one.sid.as_str(), us(was)];
    expect_one(db.prepare_cached(sql)?.execute(values)?)
}

pub(crate) fn delete(db: &Connection, sid: NumberSid) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached("DELETE FROM caller_ids WHERE sid=?")?;
    expect_one(statement.execute([sid.as_str()])?)
}

pub(crate) fn insert_validation(db: &Connection, one: &Validation) -> Result<(), StoreError> {
    let sql = "INSERT INTO validations (call, account, phone_number, friendly_name, code, \
               callback_url, callback_method) VALUES (?,?,?,?,?,?,?)";
    let callback = one.callback.as_ref();
    unique(db.prepare_cached(sql)?.execute(params![
        one.call.as_str(),
        one.account.as_str(),
        one.phone_number,
        one.friendly_name,
        one.code,
        callback.map(|target| &target.url),
        callback.map(|target| target.method.as_str()),
    ]))
}

pub(crate) fn delete_validation(db: &Connection, call: CallSid) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached("DELETE FROM validations WHERE call=?")?;
    expect_one(statement.execute([call.as_str()])?)
}

fn read_validation(row: &Row<'_>) -> Result<Validation, StoreError> {
    Ok(Validation {
        call: word(CallSid::parse(&row.get::<_, String>(0)?), "call sid")?,
        account: word(AccountSid::parse(&row.get::<_, String>(1)?), "account sid")?,
        phone_number: row.get(2)?,
        friendly_name: row.get(3)?,
        code: row.get(4)?,
        callback: target(row, 5)?,
    })
}

/// Which caller ids a list shows.
#[derive(Debug, Default, Clone)]
pub struct CallerIdFilter {
    /// The exact number.
    pub phone_number: Option<String>,
    /// The exact name.
    pub friendly_name: Option<String>,
    /// The place to go on from.
    pub place: Place<NumberSid>,
}

impl Store {
    /// The verification of a call.
    ///
    /// # Errors
    /// What the database says.
    pub fn validation(&self, call: CallSid) -> Result<Option<Validation>, StoreError> {
        self.reader.read(|db| {
            let sql = "SELECT call, account, phone_number, friendly_name, code, callback_url, \
                       callback_method FROM validations WHERE call=?";
            first(db.prepare_cached(sql)?.query([call.as_str()])?, read_validation)
        })
    }

    /// The caller id of a sid.
    ///
    /// # Errors
    /// What the database says.
    pub fn caller_id(&self, sid: NumberSid) -> Result<Option<CallerId>, StoreError> {
        self.reader.of_sid((COLUMNS, "caller_ids"), sid.as_str(), read)
    }

    /// Whether an account may call from a number of another network.
    ///
    /// # Errors
    /// What the database says.
    pub fn is_verified(&self, account: AccountSid, phone_number: &str) -> Result<bool, StoreError> {
        self.reader.read(|db| {
            let sql = "SELECT EXISTS (SELECT 1 FROM caller_ids WHERE account=? AND phone_number=?)";
            let values = params![account.as_str(), phone_number];
            Ok(db.prepare_cached(sql)?.query_row(values, |row| row.get(0))?)
        })
    }

    /// Caller ids of an account, the newest first, `limit` at most.
    ///
    /// # Errors
    /// What the database says.
    pub fn caller_ids(
        &self,
        account: AccountSid,
        filter: &CallerIdFilter,
        limit: u64,
    ) -> Result<Vec<CallerId>, StoreError> {
        let list = List::of((COLUMNS, "caller_ids"), "account=?", account.as_str())
            .only("phone_number=?", filter.phone_number.as_deref())
            .only("friendly_name=?", filter.friendly_name.as_deref())
            .by_sid(filter.place, limit);
        self.reader.list(list, read)
    }
}
