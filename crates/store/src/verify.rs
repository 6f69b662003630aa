//! Verify services, and the codes that were sent.

use crate::list::List;
use crate::row::{first, time, us, word};
use crate::writer::{expect_one, unique};
use crate::{LimitWrite, Place, Store, StoreError, verify_limits};
use exchange::sid::{AccountSid, Sid, VerificationSid, VerifyServiceSid};
use exchange::verify::{Attempt, Channel, Standing, Verification, VerifyService};
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

/// A write of Verify's.
#[derive(Debug)]
pub enum VerifyWrite {
    /// Expects that no service has the sid.
    InsertService(Box<VerifyService>),
    /// Expects `was` as the record's `updated`.
    UpdateService {
        /// The record's `updated` when it was read.
        was: Timestamp,
        /// The new record.
        now: Box<VerifyService>,
    },
    /// Expects that the service exists; its verifications go with it.
    DeleteService {
        /// The service.
        sid: VerifyServiceSid,
        /// Whose it is.
        account: AccountSid,
    },
    /// Expects that the service exists, and that no verification has the sid.
    InsertVerification(Box<Verification>),
    /// Expects `was` as the record's `updated`.
    UpdateVerification {
        /// The record's `updated` when it was read.
        was: Timestamp,
        /// The new record.
        now: Box<Verification>,
    },
    /// Of rate limits.
    Limits(LimitWrite),
}

const SERVICE_COLUMNS: &str = "sid, account, friendly_name, code_length, custom_code_enabled, \
    psd2_enabled, do_not_share_warning_enabled, lookup_enabled, skip_sms_to_landlines, \
    dtmf_input_required, verify_event_subscription_enabled, tts_name, default_template_sid, \
    created, updated";
const COLUMNS: &str = "sid, service, account, to_address, channel, standing, code, amount, payee, \
    attempts, wrong, created, updated";

pub(crate) fn apply(db: &Connection, write: &VerifyWrite) -> Result<(), StoreError> {
    match write {
        VerifyWrite::InsertService(service) => insert_service(db, service),
        VerifyWrite::UpdateService { was, now } => {
            let sql = "DELETE FROM verify_services WHERE sid=? AND updated=?";
            let mut statement = db.prepare_cached(sql)?;
            expect_one(statement.execute(params![now.sid.as_str(), us(*was)])?)?;
            insert_service(db, now)
        }
        VerifyWrite::DeleteService { sid, .. } => {
            let sid = sid.as_str();
            let sql = "DELETE FROM verify_services WHERE sid=?";
            expect_one(db.prepare_cached(sql)?.execute([sid])?)?;
            db.prepare_cached("DELETE FROM verifications WHERE service=?")?.execute([sid])?;
            verify_limits::service_deleted(db, sid)
        }
        VerifyWrite::InsertVerification(one) => insert(db, one),
        VerifyWrite::Limits(write) => verify_limits::apply(db, write),
        VerifyWrite::UpdateVerification { was, now } => {
            let sql = "DELETE FROM verifications WHERE sid=? AND updated=?";
            let mut statement = db.prepare_cached(sql)?;
            expect_one(statement.execute(params![now.sid.as_str(), us(*was)])?)?;
            insert(db, now)
        }
    }
}

fn insert_service(db: &Connection, service: &VerifyService) -> Result<(), StoreError> {
    let sql = format!(
        "INSERT INTO verify_services ({SERVICE_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
    );
    unique(db.prepare_cached(&sql)?.execute(params![
        service.sid.as_str(),
        service.account.as_str(),
        service.friendly_name,
        service.code_length,
        service.custom_code_enabled,
        service.psd2_enabled,
        service.do_not_share_warning_enabled,
        service.lookup_enabled,
        service.skip_sms_to_landlines,
        service.dtmf_input_required,
        service.verify_event_subscription_enabled,
        service.tts_name,
        service.default_template_sid,
        us(service.created),
        us(service.updated),
    ]))
}

fn read_service(row: &Row<'_>) -> Result<VerifyService, StoreError> {
    Ok(VerifyService {
        sid: word(VerifyServiceSid::parse(&row.get::<_, String>(0)?), "service sid")?,
        account: word(AccountSid::parse(&row.get::<_, String>(1)?), "account sid")?,
        friendly_name: row.get(2)?,
        code_length: row.get(3)?,
        custom_code_enabled: row.get(4)?,
        psd2_enabled: row.get(5)?,
        do_not_share_warning_enabled: row.get(6)?,
        lookup_enabled: row.get(7)?,
        skip_sms_to_landlines: row.get(8)?,
        dtmf_input_required: row.get(9)?,
        verify_event_subscription_enabled: row.get(10)?,
        tts_name: row.get(11)?,
        default_template_sid: row.get(12)?,
        created: time(row.get(13)?)?,
        updated: time(row.get(14)?)?,
    })
}

fn insert(db: &Connection, one: &Verification) -> Result<(), StoreError> {
    let sql = format!(
        "INSERT INTO verifications ({COLUMNS}) SELECT ?,?,?,?,?,?,?,?,?,?,?,?,? \
         WHERE EXISTS (SELECT 1 FROM verify_services WHERE sid=?2)"
    );
    let result = db.prepare_cached(&sql)?.execute(params![
        one.sid.as_str(),
        one.service.as_str(),
        one.account.as_str(),
        one.to,
        one.channel.as_str(),
        one.stored.as_str(),
        one.code,
        one.amount,
        one.payee,
        attempts_text(&one.attempts),
        one.wrong,
        us(one.created),
        us(one.updated),
    ]);
    match result {
        Ok(rows) => expect_one(rows),
        broken => unique(broken),
    }
}

fn read(row: &Row<'_>) -> Result<Verification, StoreError> {
    Ok(Verification {
        sid: word(VerificationSid::parse(&row.get::<_, String>(0)?), "verification sid")?,
        service: word(VerifyServiceSid::parse(&row.get::<_, String>(1)?), "service sid")?,
        account: word(AccountSid::parse(&row.get::<_, String>(2)?), "account sid")?,
        to: row.get(3)?,
        channel: word(Channel::parse(&row.get::<_, String>(4)?), "channel")?,
        stored: word(Standing::parse(&row.get::<_, String>(5)?), "standing")?,
        code: row.get(6)?,
        amount: row.get(7)?,
        payee: row.get(8)?,
        attempts: attempts(&row.get::<_, String>(9)?)?,
        wrong: row.get(10)?,
        created: time(row.get(11)?)?,
        updated: time(row.get(12)?)?,
    })
}

fn attempts_text(attempts: &[Attempt]) -> String {
    let text = |one: &Attempt| format!("{},{},{}", one.sid, one.channel.as_str(), us(one.at));
    attempts.iter().map(text).collect::<Vec<_>>().join(" ")
}

fn attempts(text: &str) -> Result<Vec<Attempt>, StoreError> {
    let attempt = |text: &str| {
        let mut fields = text.split(',');
        Some(Attempt {
            sid: Sid::parse(fields.next()?)?,
            channel: Channel::parse(fields.next()?)?,
            at: Timestamp::from_microsecond(fields.next()?.parse().ok()?).ok()?,
        })
    };
    text.split_whitespace().map(|text| word(attempt(text), "attempt")).collect()
}

impl Store {
    /// The Verify service of a sid.
    ///
    /// # Errors
    /// What the database says.
    pub fn verify_service(
        &self,
        sid: VerifyServiceSid,
    ) -> Result<Option<VerifyService>, StoreError> {
        self.reader.of_sid((SERVICE_COLUMNS, "verify_services"), sid.as_str(), read_service)
    }

    /// Verify services of an account, the newest first, `limit` at most from `place`.
    ///
    /// # Errors
    /// What the database says.
    pub fn verify_services(
        &self,
        account: AccountSid,
        place: Place<VerifyServiceSid>,
        limit: u64,
    ) -> Result<Vec<VerifyService>, StoreError> {
        let list = List::of((SERVICE_COLUMNS, "verify_services"), "account=?", account.as_str())
            .by_sid(place, limit);
        self.reader.list(list, read_service)
    }

    /// The verification of a sid.
    ///
    /// # Errors
    /// What the database says.
    pub fn verification(&self, sid: VerificationSid) -> Result<Option<Verification>, StoreError> {
        self.reader.of_sid((COLUMNS, "verifications"), sid.as_str(), read)
    }

    /// The newest verification of a person by a service.
    ///
    /// # Errors
    /// What the database says.
    pub fn newest_verification(
        &self,
        service: VerifyServiceSid,
        to: &str,
    ) -> Result<Option<Verification>, StoreError> {
        self.reader.read(|db| {
            let sql = format!(
                "SELECT {COLUMNS} FROM verifications WHERE service=? AND to_address=? \
                 ORDER BY sid DESC LIMIT 1"
            );
            first(db.prepare_cached(&sql)?.query([service.as_str(), to])?, read)
        })
    }
}
