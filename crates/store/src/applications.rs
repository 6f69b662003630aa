//! TwiML applications.

use crate::list::List;
use crate::row::{hook, method, time, us, word};
use crate::writer::{expect_one, unique};
use crate::{Place, Store, StoreError};
use exchange::numbers::Application;
use exchange::sid::{AccountSid, ApplicationSid};
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

const COLUMNS: &str = "sid, account, friendly_name, voice_url, voice_method, voice_fallback_url, \
    voice_fallback_method, sms_url, sms_method, sms_fallback_url, sms_fallback_method, \
    status_callback, status_callback_method, message_status_callback, sms_status_callback, \
    voice_caller_id_lookup, public_connect_enabled, created, updated";

fn read(row: &Row<'_>) -> Result<Application, StoreError> {
    Ok(Application {
        sid: word(ApplicationSid::parse(&row.get::<_, String>(0)?), "application sid")?,
        account: word(AccountSid::parse(&row.get::<_, String>(1)?), "account sid")?,
        friendly_name: row.get(2)?,
        voice: hook(row, 3)?,
        sms: hook(row, 7)?,
        status_callback: row.get(11)?,
        status_callback_method: method(&row.get::<_, String>(12)?)?,
        message_status_callback: row.get(13)?,
        sms_status_callback: row.get(14)?,
        voice_caller_id_lookup: row.get(15)?,
        public_application_connect_enabled: row.get(16)?,
        created: time(row.get(17)?)?,
        updated: time(row.get(18)?)?,
    })
}

pub(crate) fn insert(db: &Connection, application: &Application) -> Result<(), StoreError> {
    let sql = format!(
        "INSERT INTO applications ({COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
    );
    unique(db.prepare_cached(&sql)?.execute(params![
        application.sid.as_str(),
        application.account.as_str(),
        application.friendly_name,
        application.voice.url,
        application.voice.method.as_str(),
        application.voice.fallback_url,
        application.voice.fallback_method.as_str(),
        application.sms.url,
        application.sms.method.as_str(),
        application.sms.fallback_url,
        application.sms.fallback_method.as_str(),
        application.status_callback,
        application.status_callback_method.as_str(),
        application.message_status_callback,
        application.sms_status_callback,
        application.voice_caller_id_lookup,
        application.public_application_connect_enabled,
        us(application.created),
        us(application.updated),
    ]))
}

/// A delete and an insert: the record is replaced whole, and one list of columns is enough.
pub(crate) fn update(
    db: &Connection,
    was: Timestamp,
    application: &Application,
) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached("DELETE FROM applications WHERE sid=? AND updated=?")?;
    expect_one(statement.execute(params![application.sid.as_str(), us(was)])?)?;
    insert(db, application)
}

pub(crate) fn delete(db: &Connection, sid: ApplicationSid) -> Result<(), StoreError> {
    expect_one(db.prepare_cached("DELETE FROM applications WHERE sid=?")?.execute([sid.as_str()])?)
}

impl Store {
    /// The application of a sid.
    ///
    /// # Errors
    /// What the database says.
    pub fn application(&self, sid: ApplicationSid) -> Result<Option<Application>, StoreError> {
        self.reader.of_sid((COLUMNS, "applications"), sid.as_str(), read)
    }

    /// Applications of an account, the newest first, `limit` at most from `place`; all of them, or
    /// those of one name.
    ///
    /// # Errors
    /// What the database says.
    pub fn applications(
        &self,
        account: AccountSid,
        friendly_name: Option<&str>,
        place: Place<ApplicationSid>,
        limit: u64,
    ) -> Result<Vec<Application>, StoreError> {
        let list = List::of((COLUMNS, "applications"), "account=?", account.as_str())
            .only("friendly_name=?", friendly_name)
            .by_sid(place, limit);
        self.reader.list(list, read)
    }
}
