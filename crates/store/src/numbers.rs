//! Incoming phone numbers.

use crate::list::List;
use crate::row::{first, hook, method, names, time, us, word};
use crate::writer::{expect_one, unique};
use crate::{Place, Store, StoreError};
use exchange::numbers::{Attachments, Number};
use exchange::sid::{AccountSid, ApplicationSid, NumberSid};
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

const COLUMNS: &str = "sid, account, phone_number, friendly_name, voice_url, voice_method, \
    voice_fallback_url, voice_fallback_method, sms_url, sms_method, sms_fallback_url, \
    sms_fallback_method, status_callback, status_callback_method, voice_application, \
    sms_application, voice_caller_id_lookup, voice_receive_mode, trunk_sid, address_sid, \
    emergency_address_sid, emergency_status, identity_sid, bundle_sid, created, updated";

fn application(row: &Row<'_>, at: usize) -> Result<Option<ApplicationSid>, StoreError> {
    row.get::<_, Option<String>>(at)?
        .map(|text| word(ApplicationSid::parse(&text), "application sid"))
        .transpose()
}

fn read(row: &Row<'_>) -> Result<Number, StoreError> {
    Ok(Number {
        sid: word(NumberSid::parse(&row.get::<_, String>(0)?), "number sid")?,
        account: word(AccountSid::parse(&row.get::<_, String>(1)?), "account sid")?,
        phone_number: row.get(2)?,
        friendly_name: row.get(3)?,
        voice: hook(row, 4)?,
        sms: hook(row, 8)?,
        status_callback: row.get(12)?,
        status_callback_method: method(&row.get::<_, String>(13)?)?,
        voice_application: application(row, 14)?,
        sms_application: application(row, 15)?,
        voice_caller_id_lookup: row.get(16)?,
        voice_receive_mode: row.get(17)?,
        attachments: Attachments {
            trunk_sid: row.get(18)?,
            address_sid: row.get(19)?,
            emergency_address_sid: row.get(20)?,
            emergency_status: row.get(21)?,
            identity_sid: row.get(22)?,
            bundle_sid: row.get(23)?,
        },
        created: time(row.get(24)?)?,
        updated: time(row.get(25)?)?,
    })
}

pub(crate) fn insert(db: &Connection, number: &Number) -> Result<(), StoreError> {
    let sql = format!(
        "INSERT INTO numbers ({COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
    );
    let voice_application = number.voice_application.map(|sid| sid.to_string());
    let sms_application = number.sms_application.map(|sid| sid.to_string());
    unique(db.prepare_cached(&sql)?.execute(params![
        number.sid.as_str(),
        number.account.as_str(),
        number.phone_number,
        number.friendly_name,
        number.voice.url,
        number.voice.method.as_str(),
        number.voice.fallback_url,
        number.voice.fallback_method.as_str(),
        number.sms.url,
        number.sms.method.as_str(),
        number.sms.fallback_url,
        number.sms.fallback_method.as_str(),
        number.status_callback,
        number.status_callback_method.as_str(),
        voice_application,
        sms_application,
        number.voice_caller_id_lookup,
        number.voice_receive_mode,
        number.attachments.trunk_sid,
        number.attachments.address_sid,
        number.attachments.emergency_address_sid,
        number.attachments.emergency_status,
        number.attachments.identity_sid,
        number.attachments.bundle_sid,
        us(number.created),
        us(number.updated),
    ]))
}

/// A delete and an insert: the record is replaced whole, and one list of columns is enough.
pub(crate) fn update(db: &Connection, was: Timestamp, number: &Number) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached("DELETE FROM numbers WHERE sid=? AND updated=?")?;
    expect_one(statement.execute(params![number.sid.as_str(), us(was)])?)?;
    crate::pools::leave(db, number.sid, Some(number.account))?;
    insert(db, number)
}

pub(crate) fn delete(db: &Connection, sid: NumberSid) -> Result<(), StoreError> {
    expect_one(db.prepare_cached("DELETE FROM numbers WHERE sid=?")?.execute([sid.as_str()])?)?;
    crate::pools::leave(db, sid, None)
}

/// Which numbers a list shows.
#[derive(Debug, Default, Clone)]
pub struct NumberFilter {
    /// Digits to be found anywhere in the number; `*` stands for any digit.
    pub phone_number: Option<String>,
    /// The exact name.
    pub friendly_name: Option<String>,
    /// Only numbers that begin with one of these; all when empty.
    pub begins: &'static [&'static str],
    /// No numbers that begin with one of these.
    pub begins_not: &'static [&'static str],
    /// Only numbers that name this address.
    pub address: Option<String>,
    /// The place to go on from.
    pub place: Place<NumberSid>,
}

impl Store {
    /// The number of a sid.
    ///
    /// # Errors
    /// What the database says.
    pub fn number(&self, sid: NumberSid) -> Result<Option<Number>, StoreError> {
        self.number_where("sid=?", sid.as_str())
    }

    /// The number of the house with this E.164 phone number.
    ///
    /// # Errors
    /// What the database says.
    pub fn number_at(&self, phone_number: &str) -> Result<Option<Number>, StoreError> {
        let names = || self.reader.read(|db| names(db, "SELECT phone_number FROM numbers LIMIT ?"));
        if self.cache.is_absent("numbers", phone_number, names)? {
            return Ok(None);
        }
        let read = || self.number_where("phone_number=?", phone_number);
        self.cache.number(phone_number, read)
    }

    fn number_where(&self, condition: &str, value: &str) -> Result<Option<Number>, StoreError> {
        self.reader.read(|db| {
            let sql = format!("SELECT {COLUMNS} FROM numbers WHERE {condition}");
            first(db.prepare_cached(&sql)?.query([value])?, read)
        })
    }

    /// Numbers of an account, the newest first, `limit` at most.
    ///
    /// # Errors
    /// What the database says.
    pub fn numbers(
        &self,
        account: AccountSid,
        filter: &NumberFilter,
        limit: u64,
    ) -> Result<Vec<Number>, StoreError> {
        let containing = filter.phone_number.as_ref().map(|pattern| {
            let escaped = pattern.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
            format!("%{}%", escaped.replace('*', "_"))
        });
        let beginning = |list: &[&str]| {
            let each = list.iter().map(|digits| format!("phone_number GLOB '{digits}*'"));
            each.collect::<Vec<_>>().join(" OR ")
        };
        let mut list = List::of((COLUMNS, "numbers"), "account=?", account.as_str())
            .only("phone_number LIKE ? ESCAPE '\\'", containing)
            .only("friendly_name=?", filter.friendly_name.as_deref())
            .only("? IN (address_sid, emergency_address_sid)", filter.address.as_deref());
        if !filter.begins.is_empty() {
            list = list.and(&format!("({})", beginning(filter.begins)));
        }
        if !filter.begins_not.is_empty() {
            list = list.and(&format!("NOT ({})", beginning(filter.begins_not)));
        }
        self.reader.list(list.by_sid(filter.place, limit), read)
    }
}
