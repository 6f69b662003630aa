//! Rate limits of Verify services, their buckets, and when each value was used.

use crate::list::List;
use crate::row::{all, time, us, word};
use crate::writer::{expect_one, unique};
use crate::{Place, Store, StoreError};
use exchange::sid::{AccountSid, BucketSid, RateLimitSid, VerifyServiceSid};
use exchange::verify::limits::{Bucket, RateLimit};
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

/// A write of rate limits.
#[derive(Debug)]
pub enum LimitWrite {
    /// Expects that its service exists and has no limit of the name.
    InsertLimit(Box<RateLimit>),
    /// Expects `was` as the record's `updated`.
    UpdateLimit {
        /// The record's `updated` when it was read.
        was: Timestamp,
        /// The new record.
        now: Box<RateLimit>,
    },
    /// Expects that the limit exists; its buckets and what was counted go with it.
    DeleteLimit(RateLimitSid),
    /// Expects that its limit exists and has no bucket of the interval.
    InsertBucket(Box<Bucket>),
    /// Expects `was` as the record's `updated`.
    UpdateBucket {
        /// The record's `updated` when it was read.
        was: Timestamp,
        /// The new record.
        now: Box<Bucket>,
    },
    /// Expects that the bucket exists.
    DeleteBucket(BucketSid),
    /// A value of a limit is used. Expects that so many uses are kept that are not older than
    /// `since`; older ones are forgotten.
    Use {
        /// The limit.
        limit: RateLimitSid,
        /// The value.
        value: String,
        /// When.
        at: Timestamp,
        /// As far as any bucket looks back.
        since: Timestamp,
        /// Uses since then.
        seen: usize,
    },
}

const LIMIT: (&str, &str) =
    ("sid, service, account, unique_name, description, created, updated", "verify_limits");
const BUCKET: (&str, &str) =
    ("sid, rate_limit, most, interval_seconds, created, updated", "verify_buckets");

pub(crate) fn apply(db: &Connection, write: &LimitWrite) -> Result<(), StoreError> {
    match write {
        LimitWrite::InsertLimit(one) => insert(db, one),
        LimitWrite::UpdateLimit { was, now } => {
            let sql = "DELETE FROM verify_limits WHERE sid=? AND updated=?";
            let gone = db.prepare_cached(sql)?.execute(params![now.sid.as_str(), us(*was)])?;
            expect_one(gone)?;
            insert(db, now)
        }
        LimitWrite::DeleteLimit(sid) => {
            let sql = "DELETE FROM verify_limits WHERE sid=?";
            expect_one(db.prepare_cached(sql)?.execute([sid.as_str()])?)?;
            forget(db, "=?1", sid.as_str())
        }
        LimitWrite::InsertBucket(one) => insert_bucket(db, one),
        LimitWrite::UpdateBucket { was, now } => {
            let sql = "DELETE FROM verify_buckets WHERE sid=? AND updated=?";
            let gone = db.prepare_cached(sql)?.execute(params![now.sid.as_str(), us(*was)])?;
            expect_one(gone)?;
            insert_bucket(db, now)
        }
        LimitWrite::DeleteBucket(sid) => {
            let sql = "DELETE FROM verify_buckets WHERE sid=?";
            expect_one(db.prepare_cached(sql)?.execute([sid.as_str()])?)
        }
        LimitWrite::Use { limit, value, at, since, seen } => {
            let sql = "DELETE FROM verify_uses WHERE rate_limit=? AND value=? AND at<?";
            db.prepare_cached(sql)?.execute(params![limit.as_str(), value, us(*since)])?;
            let sql = "INSERT INTO verify_uses (rate_limit, value, at) SELECT ?1, ?2, ?3 \
                       WHERE EXISTS (SELECT 1 FROM verify_limits WHERE sid=?1) AND ?4=\
                       (SELECT count(*) FROM verify_uses WHERE rate_limit=?1 AND value=?2)";
            let values = params![limit.as_str(), value, us(*at), *seen as i64];
            expect_one(db.prepare_cached(sql)?.execute(values)?)
        }
    }
}

/// A service is gone, and its limits with it.
pub(crate) fn service_deleted(db: &Connection, service: &str) -> Result<(), StoreError> {
    forget(db, " IN (SELECT sid FROM verify_limits WHERE service=?1)", service)?;
    db.prepare_cached("DELETE FROM verify_limits WHERE service=?")?.execute([service])?;
    Ok(())
}

/// Buckets and uses of the limits that a condition names.
fn forget(db: &Connection, which: &str, value: &str) -> Result<(), StoreError> {
    for table in ["verify_buckets", "verify_uses"] {
        let sql = format!("DELETE FROM {table} WHERE rate_limit{which}");
        db.prepare_cached(&sql)?.execute([value])?;
    }
    Ok(())
}

fn insert(db: &Connection, one: &RateLimit) -> Result<(), StoreError> {
    let sql = format!(
        "INSERT INTO verify_limits ({}) SELECT ?,?,?,?,?,?,? \
         WHERE EXISTS (SELECT 1 FROM verify_services WHERE sid=?2)",
        LIMIT.0
    );
    let result = db.prepare_cached(&sql)?.execute(params![
        one.sid.as_str(),
        one.service.as_str(),
        one.account.as_str(),
        one.unique_name,
        one.description,
        us(one.created),
        us(one.updated),
    ]);
    match result {
        Ok(rows) => expect_one(rows),
        broken => unique(broken),
    }
}

fn insert_bucket(db: &Connection, one: &Bucket) -> Result<(), StoreError> {
    let sql = format!(
        "INSERT INTO verify_buckets ({}) SELECT ?,?,?,?,?,? \
         WHERE EXISTS (SELECT 1 FROM verify_limits WHERE sid=?2)",
        BUCKET.0
    );
    let result = db.prepare_cached(&sql)?.execute(params![
        one.sid.as_str(),
        one.limit.as_str(),
        one.max,
        one.interval_seconds,
        us(one.created),
        us(one.updated),
    ]);
    match result {
        Ok(rows) => expect_one(rows),
        broken => unique(broken),
    }
}

fn read(row: &Row<'_>) -> Result<RateLimit, StoreError> {
    Ok(RateLimit {
        sid: word(RateLimitSid::parse(&row.get::<_, String>(0)?), "rate limit sid")?,
        service: word(VerifyServiceSid::parse(&row.get::<_, String>(1)?), "service sid")?,
        account: word(AccountSid::parse(&row.get::<_, String>(2)?), "account sid")?,
        unique_name: row.get(3)?,
        description: row.get(4)?,
        created: time(row.get(5)?)?,
        updated: time(row.get(6)?)?,
    })
}

fn read_bucket(row: &Row<'_>) -> Result<Bucket, StoreError> {
    Ok(Bucket {
        sid: word(BucketSid::parse(&row.get::<_, String>(0)?), "bucket sid")?,
        limit: word(RateLimitSid::parse(&row.get::<_, String>(1)?), "rate limit sid")?,
        max: row.get(2)?,
        interval_seconds: row.get(3)?,
        created: time(row.get(4)?)?,
        updated: time(row.get(5)?)?,
    })
}

impl Store {
    /// Rate limits of a service, the newest first, `limit` at most from `place`.
    ///
    /// # Errors
    /// What the database says.
    pub fn rate_limits(
        &self,
        service: VerifyServiceSid,
        place: Place<RateLimitSid>,
        limit: u64,
    ) -> Result<Vec<RateLimit>, StoreError> {
        let list = List::of(LIMIT, "service=?", service.as_str()).by_sid(place, limit);
        self.reader.list(list, read)
    }

    /// Buckets of a rate limit, the newest first, `limit` at most from `place`.
    ///
    /// # Errors
    /// What the database says.
    pub fn buckets(
        &self,
        of: RateLimitSid,
        place: Place<BucketSid>,
        limit: u64,
    ) -> Result<Vec<Bucket>, StoreError> {
        let list = List::of(BUCKET, "rate_limit=?", of.as_str()).by_sid(place, limit);
        self.reader.list(list, read_bucket)
    }

    /// When a value of a rate limit was used, not before `since`.
    ///
    /// # Errors
    /// What the database says.
    pub fn rate_uses(
        &self,
        limit: RateLimitSid,
        value: &str,
        since: Timestamp,
    ) -> Result<Vec<Timestamp>, StoreError> {
        self.reader.read(|db| {
            let sql = "SELECT at FROM verify_uses WHERE rate_limit=? AND value=? AND at>=?";
            let values = params![limit.as_str(), value, us(since)];
            all(db.prepare_cached(sql)?.query(values)?, |row| time(row.get(0)?))
        })
    }
}
