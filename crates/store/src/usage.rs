//! What was used, by day, and triggers that watch it.

use crate::list::List;
use crate::row::{all, method, time, time_opt, us, word};
use crate::writer::{expect_one, unique};
use crate::{Place, Store, StoreError};
use exchange::numbers::Target;
use exchange::sid::{AccountSid, TriggerSid};
use exchange::usage::Tally;
use exchange::usage::categories::CATEGORIES;
use exchange::usage::triggers::{Recurring, Trigger, TriggerBy};
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

/// What has to be so for something to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Once {
    /// It counts.
    Always,
    /// The call, named by the number its sid begins with, has not ended.
    CallGoesOn(i64),
    /// The recording, named by the number its sid begins with, has not ended.
    RecordingGoesOn(i64),
}

/// Something that was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// Who used it.
    pub account: AccountSid,
    /// Days since 1970.
    pub day: i64,
    /// The leaf of the categories.
    pub category: &'static str,
    /// How many.
    pub count: u32,
    /// How much.
    pub usage: u32,
    /// When it counts.
    pub once: Once,
}

pub(crate) fn count(db: &Connection, counted: &Counted) -> Result<(), StoreError> {
    let goes_on: bool = match counted.once {
        Once::Always => true,
        Once::CallGoesOn(id) => db
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM calls WHERE id=? AND ended IS NULL)")?
            .query_row([id], |row| row.get(0))?,
        Once::RecordingGoesOn(id) => db
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM recordings WHERE id=? AND duration_ms IS NULL)",
            )?
            .query_row([id], |row| row.get(0))?,
    };
    if !goes_on {
        return Ok(());
    }
    let mut statement = db.prepare_cached(
        "INSERT INTO usage (account, day, category, count, usage) VALUES (?,?,?,?,?) \
         ON CONFLICT (account, day, category) DO UPDATE SET \
         count = count + excluded.count, usage = usage + excluded.usage",
    )?;
    statement.execute(params![
        counted.account.as_str(),
        counted.day,
        counted.category,
        counted.count,
        counted.usage,
    ])?;
    Ok(())
}

const COLUMNS: &str = "sid, account, friendly_name, category, trigger_by, trigger_value, \
    recurring, callback_url, callback_method, fired, created, updated";

fn read(row: &Row<'_>) -> Result<Trigger, StoreError> {
    let category: String = row.get(3)?;
    let recurring: Option<String> = row.get(6)?;
    let recurring =
        recurring.map(|text| word(Recurring::parse(&text), "period of a trigger")).transpose()?;
    Ok(Trigger {
        sid: word(TriggerSid::parse(&row.get::<_, String>(0)?), "trigger sid")?,
        account: word(AccountSid::parse(&row.get::<_, String>(1)?), "account sid")?,
        friendly_name: row.get(2)?,
        category: word(CATEGORIES.iter().find(|one| one.name == category), "usage category")?,
        by: word(TriggerBy::parse(&row.get::<_, String>(4)?), "measure of a trigger")?,
        value: row.get(5)?,
        recurring,
        callback: Target { url: row.get(7)?, method: method(&row.get::<_, String>(8)?)? },
        fired: time_opt(row.get(9)?)?,
        created: time(row.get(10)?)?,
        updated: time(row.get(11)?)?,
    })
}

pub(crate) fn insert_trigger(db: &Connection, trigger: &Trigger) -> Result<(), StoreError> {
    let sql = format!("INSERT INTO usage_triggers ({COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)");
    unique(db.prepare_cached(&sql)?.execute(params![
        trigger.sid.as_str(),
        trigger.account.as_str(),
        trigger.friendly_name,
        trigger.category.name,
        trigger.by.as_str(),
        trigger.value,
        trigger.recurring.map(Recurring::as_str),
        trigger.callback.url,
        trigger.callback.method.as_str(),
        trigger.fired.map(us),
        us(trigger.created),
        us(trigger.updated),
    ]))
}

pub(crate) fn update_trigger(
    db: &Connection,
    was: Timestamp,
    trigger: &Trigger,
) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached(
        "UPDATE usage_triggers SET friendly_name=?, callback_url=?, callback_method=?, fired=?, \
         updated=? WHERE sid=? AND updated=?",
    )?;
    expect_one(statement.execute(params![
        trigger.friendly_name,
        trigger.callback.url,
        trigger.callback.method.as_str(),
        trigger.fired.map(us),
        us(trigger.updated),
        trigger.sid.as_str(),
        us(was),
    ])?)
}

pub(crate) fn delete_trigger(db: &Connection, sid: TriggerSid) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached("DELETE FROM usage_triggers WHERE sid=?")?;
    expect_one(statement.execute([sid.as_str()])?)
}

/// Which triggers a list shows.
#[derive(Debug, Default, Clone)]
pub struct TriggerFilter {
    /// How often they fire.
    pub recurring: Option<Recurring>,
    /// What they compare.
    pub by: Option<TriggerBy>,
    /// The category they watch.
    pub category: Option<String>,
    /// The place to go on from.
    pub place: Place<TriggerSid>,
}

impl Store {
    /// What an account used from a day to another, both inclusive; with what its subaccounts used.
    ///
    /// # Errors
    /// What the database says.
    pub fn usage(
        &self,
        account: AccountSid,
        (from, to): (i64, i64),
        with_subaccounts: bool,
    ) -> Result<Vec<Tally>, StoreError> {
        let whose = match with_subaccounts {
            true => "account IN (SELECT sid FROM accounts WHERE owner=?1 OR sid=?1)",
            false => "account=?1",
        };
        let sql = format!(
            "SELECT day, category, SUM(count), SUM(usage) FROM usage \
             WHERE {whose} AND day BETWEEN ?2 AND ?3 GROUP BY day, category"
        );
        self.reader.read(|db| {
            let mut statement = db.prepare_cached(&sql)?;
            all(statement.query(params![account.as_str(), from, to])?, |row| {
                Ok(Tally {
                    day: row.get(0)?,
                    category: row.get(1)?,
                    count: row.get::<_, i64>(2)?.unsigned_abs(),
                    usage: row.get::<_, i64>(3)?.unsigned_abs(),
                })
            })
        })
    }

    /// The trigger of a sid.
    ///
    /// # Errors
    /// What the database says.
    pub fn trigger(&self, sid: TriggerSid) -> Result<Option<Trigger>, StoreError> {
        self.reader.of_sid((COLUMNS, "usage_triggers"), sid.as_str(), read)
    }

    /// Every trigger of the house.
    ///
    /// # Errors
    /// What the database says.
    pub fn all_triggers(&self) -> Result<Vec<Trigger>, StoreError> {
        self.reader.read(|db| {
            let sql = format!("SELECT {COLUMNS} FROM usage_triggers");
            all(db.prepare_cached(&sql)?.query([])?, read)
        })
    }

    /// Triggers of an account, the newest first, `limit` at most.
    ///
    /// # Errors
    /// What the database says.
    pub fn triggers(
        &self,
        account: AccountSid,
        filter: &TriggerFilter,
        limit: u64,
    ) -> Result<Vec<Trigger>, StoreError> {
        let list = List::of((COLUMNS, "usage_triggers"), "account=?", account.as_str())
            .only("recurring=?", filter.recurring.map(Recurring::as_str))
            .only("trigger_by=?", filter.by.map(TriggerBy::as_str))
            .only("category=?", filter.category.as_deref())
            .by_sid(filter.place, limit);
        self.reader.list(list, read)
    }
}
