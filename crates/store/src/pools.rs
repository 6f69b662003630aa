//! Messaging Services, their senders, and which sender a person knows.

use crate::list::List;
use crate::row::{all, first, hook, time, us, word};
use crate::writer::{expect_one, unique};
use crate::{Place, Store, StoreError};
use exchange::numbers::Number;
use exchange::pools::{Sender, Service};
use exchange::sid::{AccountSid, NumberSid, ServiceSid, Sid};
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

const COLUMNS: &str = "sid, account, friendly_name, inbound_url, inbound_method, fallback_url, \
    fallback_method, status_callback, sticky_sender, mms_converter, smart_encoding, \
    scan_message_content, fallback_to_long_code, area_code_geomatch, validity_period, \
    synchronous_validation, usecase, use_inbound_webhook_on_number, advanced_opt_out, created, \
    updated";
const SENDER_COLUMNS: &str = "sid, service, account, address, created";

fn read(row: &Row<'_>) -> Result<Service, StoreError> {
    Ok(Service {
        sid: service_sid(row, 0)?,
        account: account_sid(row, 1)?,
        friendly_name: row.get(2)?,
        inbound: hook(row, 3)?,
        status_callback: row.get(7)?,
        sticky_sender: row.get(8)?,
        mms_converter: row.get(9)?,
        smart_encoding: row.get(10)?,
        scan_message_content: row.get(11)?,
        fallback_to_long_code: row.get(12)?,
        area_code_geomatch: row.get(13)?,
        validity_period: row.get(14)?,
        synchronous_validation: row.get(15)?,
        usecase: row.get(16)?,
        use_inbound_webhook_on_number: row.get(17)?,
        advanced_opt_out: row.get(18)?,
        created: time(row.get(19)?)?,
        updated: time(row.get(20)?)?,
    })
}

fn read_sender(row: &Row<'_>) -> Result<Sender, StoreError> {
    Ok(Sender {
        sid: word(Sid::parse(&row.get::<_, String>(0)?), "sender sid")?,
        service: service_sid(row, 1)?,
        account: account_sid(row, 2)?,
        address: row.get(3)?,
        created: time(row.get(4)?)?,
    })
}

fn service_sid(row: &Row<'_>, at: usize) -> Result<ServiceSid, StoreError> {
    word(ServiceSid::parse(&row.get::<_, String>(at)?), "service sid")
}

fn account_sid(row: &Row<'_>, at: usize) -> Result<AccountSid, StoreError> {
    word(AccountSid::parse(&row.get::<_, String>(at)?), "account sid")
}

pub(crate) fn insert(db: &Connection, service: &Service) -> Result<(), StoreError> {
    let sql = format!(
        "INSERT INTO services ({COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
    );
    unique(db.prepare_cached(&sql)?.execute(params![
        service.sid.as_str(),
        service.account.as_str(),
        service.friendly_name,
        service.inbound.url,
        service.inbound.method.as_str(),
        service.inbound.fallback_url,
        service.inbound.fallback_method.as_str(),
        service.status_callback,
        service.sticky_sender,
        service.mms_converter,
        service.smart_encoding,
        service.scan_message_content,
        service.fallback_to_long_code,
        service.area_code_geomatch,
        service.validity_period,
        service.synchronous_validation,
        service.usecase,
        service.use_inbound_webhook_on_number,
        service.advanced_opt_out,
        us(service.created),
        us(service.updated),
    ]))
}

/// A delete and an insert: the record is replaced whole, and one list of columns is enough.
pub(crate) fn update(db: &Connection, was: Timestamp, service: &Service) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached("DELETE FROM services WHERE sid=? AND updated=?")?;
    expect_one(statement.execute(params![service.sid.as_str(), us(was)])?)?;
    insert(db, service)
}

pub(crate) fn delete(db: &Connection, sid: ServiceSid) -> Result<(), StoreError> {
    let sid = sid.as_str();
    expect_one(db.prepare_cached("DELETE FROM services WHERE sid=?")?.execute([sid])?)?;
    db.prepare_cached("DELETE FROM senders WHERE service=?")?.execute([sid])?;
    db.prepare_cached("DELETE FROM sticky_senders WHERE service=?")?.execute([sid])?;
    db.prepare_cached("DELETE FROM opt_outs WHERE scope=?")?.execute([sid])?;
    Ok(())
}

/// Expects that its service is there, and that it is in none yet.
pub(crate) fn insert_sender(db: &Connection, sender: &Sender) -> Result<(), StoreError> {
    let sql = format!(
        "INSERT INTO senders ({SENDER_COLUMNS}) SELECT ?,?,?,?,? \
         WHERE EXISTS (SELECT 1 FROM services WHERE sid=?2)"
    );
    let result = db.prepare_cached(&sql)?.execute(params![
        sender.sid.as_str(),
        sender.service.as_str(),
        sender.account.as_str(),
        sender.address,
        us(sender.created),
    ]);
    match result {
        Ok(rows) => expect_one(rows),
        broken => unique(broken),
    }
}

pub(crate) fn delete_sender(db: &Connection, sid: Sid) -> Result<(), StoreError> {
    expect_one(db.prepare_cached("DELETE FROM senders WHERE sid=?")?.execute([sid.as_str()])?)
}

/// A number that is released, or moves to another account, leaves its service.
pub(crate) fn leave(
    db: &Connection,
    number: NumberSid,
    for_account: Option<AccountSid>,
) -> Result<(), StoreError> {
    let account = for_account.map(|sid| sid.to_string());
    let sql = "DELETE FROM senders WHERE sid=?1 AND (?2 IS NULL OR account<>?2)";
    db.prepare_cached(sql)?.execute(params![number.as_str(), account])?;
    Ok(())
}

pub(crate) fn put_sticky(
    db: &Connection,
    service: ServiceSid,
    peer: &str,
    address: &str,
) -> Result<(), StoreError> {
    let sql = "INSERT OR REPLACE INTO sticky_senders (service, peer, address) VALUES (?,?,?)";
    db.prepare_cached(sql)?.execute(params![service.as_str(), peer, address])?;
    Ok(())
}

impl Store {
    /// The service of a sid.
    ///
    /// # Errors
    /// What the database says.
    pub fn service(&self, sid: ServiceSid) -> Result<Option<Service>, StoreError> {
        self.reader.of_sid((COLUMNS, "services"), sid.as_str(), read)
    }

    /// The service that has a number.
    ///
    /// # Errors
    /// What the database says.
    pub fn service_of(&self, number: &Number) -> Result<Option<Service>, StoreError> {
        self.cache.service(number.sid.as_str(), || {
            let columns = COLUMNS.split(", ").map(|name| format!("services.{name}"));
            let columns = columns.collect::<Vec<_>>().join(", ");
            self.reader.read(|db| {
                let sql = format!(
                    "SELECT {columns} FROM senders JOIN services ON services.sid=senders.service \
                     WHERE senders.sid=?"
                );
                first(db.prepare_cached(&sql)?.query([number.sid.as_str()])?, read)
            })
        })
    }

    /// Services of an account, the newest first, `limit` at most from `place`.
    ///
    /// # Errors
    /// What the database says.
    pub fn services(
        &self,
        account: AccountSid,
        place: Place<ServiceSid>,
        limit: u64,
    ) -> Result<Vec<Service>, StoreError> {
        let list =
            List::of((COLUMNS, "services"), "account=?", account.as_str()).by_sid(place, limit);
        self.reader.list(list, read)
    }

    /// The sender of a sid, in whichever service.
    ///
    /// # Errors
    /// What the database says.
    pub fn sender(&self, sid: Sid) -> Result<Option<Sender>, StoreError> {
        self.reader.of_sid((SENDER_COLUMNS, "senders"), sid.as_str(), read_sender)
    }

    /// All senders of a service, in the order in which they came.
    ///
    /// # Errors
    /// What the database says.
    pub fn pool(&self, service: ServiceSid) -> Result<Vec<Sender>, StoreError> {
        self.reader.read(|db| {
            let sql = format!(
                "SELECT {SENDER_COLUMNS} FROM senders WHERE service=? ORDER BY created, sid"
            );
            all(db.prepare_cached(&sql)?.query([service.as_str()])?, read_sender)
        })
    }

    /// Senders of a service whose sids have this prefix, the newest sid first, `limit` at most
    /// from `place`.
    ///
    /// # Errors
    /// What the database says.
    pub fn senders(
        &self,
        service: ServiceSid,
        prefix: &str,
        place: Place<Sid>,
        limit: u64,
    ) -> Result<Vec<Sender>, StoreError> {
        let list = List::of((SENDER_COLUMNS, "senders"), "service=?", service.as_str())
            .only("substr(sid, 1, 2)=?", Some(prefix))
            .by_sid(place, limit);
        self.reader.list(list, read_sender)
    }

    /// The address that a person knows of a service.
    ///
    /// # Errors
    /// What the database says.
    pub fn sticky(&self, service: ServiceSid, peer: &str) -> Result<Option<String>, StoreError> {
        self.reader.read(|db| {
            let sql = "SELECT address FROM sticky_senders WHERE service=? AND peer=?";
            let mut statement = db.prepare_cached(sql)?;
            first(statement.query([service.as_str(), peer])?, |row| Ok(row.get(0)?))
        })
    }
}
