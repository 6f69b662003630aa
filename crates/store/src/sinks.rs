//! Event Streams: sinks, subscriptions, and what an account's sinks get.

use crate::list::List;
use crate::row::{time, us, word};
use crate::writer::{expect_one, unique};
use crate::{Place, Store, StoreError};
use exchange::sid::{AccountSid, SinkSid, SubscriptionSid};
use exchange::sinks::{Route, Sink, SinkStatus, Subscribed, Subscription};
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};
use std::sync::Arc;

/// A write of Event Streams.
#[derive(Debug)]
pub enum SinkWrite {
    /// Expects that no sink has the sid.
    InsertSink(Box<Sink>),
    /// Expects `was` as the record's `updated`.
    UpdateSink {
        /// The record's `updated` when it was read.
        was: Timestamp,
        /// The new record.
        now: Box<Sink>,
    },
    /// Expects that the sink exists and that no subscription has it.
    DeleteSink {
        /// The sink.
        sid: SinkSid,
        /// Whose it is.
        account: AccountSid,
    },
    /// Expects that its sink exists, and that no subscription has the sid.
    InsertSubscription(Box<Subscription>),
    /// Expects `was` as the record's `updated`.
    UpdateSubscription {
        /// The record's `updated` when it was read.
        was: Timestamp,
        /// The new record.
        now: Box<Subscription>,
    },
    /// Expects that the subscription exists.
    DeleteSubscription {
        /// The subscription.
        sid: SubscriptionSid,
        /// Whose it is.
        account: AccountSid,
    },
}

const SINK_COLUMNS: &str =
    "sid, account, description, destination, batch_events, status, test_id, created, updated";
const COLUMNS: &str = "sid, account, description, sink, wanted, created, updated";

pub(crate) fn apply(db: &Connection, write: &SinkWrite) -> Result<(), StoreError> {
    match write {
        SinkWrite::InsertSink(sink) => insert_sink(db, sink),
        SinkWrite::UpdateSink { was, now } => {
            let sql = "DELETE FROM sinks WHERE sid=? AND updated=?";
            let mut statement = db.prepare_cached(sql)?;
            expect_one(statement.execute(params![now.sid.as_str(), us(*was)])?)?;
            insert_sink(db, now)
        }
        SinkWrite::DeleteSink { sid, .. } => {
            let sql = "DELETE FROM sinks WHERE sid=?1 \
                       AND NOT EXISTS (SELECT 1 FROM subscriptions WHERE sink=?1)";
            expect_one(db.prepare_cached(sql)?.execute([sid.as_str()])?)
        }
        SinkWrite::InsertSubscription(one) => insert(db, one),
        SinkWrite::UpdateSubscription { was, now } => {
            let sql = "DELETE FROM subscriptions WHERE sid=? AND updated=?";
            let mut statement = db.prepare_cached(sql)?;
            expect_one(statement.execute(params![now.sid.as_str(), us(*was)])?)?;
            insert(db, now)
        }
        SinkWrite::DeleteSubscription { sid, .. } => {
            let sql = "DELETE FROM subscriptions WHERE sid=?";
            expect_one(db.prepare_cached(sql)?.execute([sid.as_str()])?)
        }
    }
}

fn insert_sink(db: &Connection, sink: &Sink) -> Result<(), StoreError> {
    let sql = format!("INSERT INTO sinks ({SINK_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?)");
    unique(db.prepare_cached(&sql)?.execute(params![
        sink.sid.as_str(),
        sink.account.as_str(),
        sink.description,
        sink.destination,
        sink.batch_events,
        sink.status.as_str(),
        sink.test_id,
        us(sink.created),
        us(sink.updated),
    ]))
}

fn read_sink(row: &Row<'_>) -> Result<Sink, StoreError> {
    Ok(Sink {
        sid: word(SinkSid::parse(&row.get::<_, String>(0)?), "sink sid")?,
        account: word(AccountSid::parse(&row.get::<_, String>(1)?), "account sid")?,
        description: row.get(2)?,
        destination: row.get(3)?,
        batch_events: row.get(4)?,
        status: word(SinkStatus::parse(&row.get::<_, String>(5)?), "sink status")?,
        test_id: row.get(6)?,
        created: time(row.get(7)?)?,
        updated: time(row.get(8)?)?,
    })
}

fn insert(db: &Connection, one: &Subscription) -> Result<(), StoreError> {
    let sql = format!(
        "INSERT INTO subscriptions ({COLUMNS}) SELECT ?,?,?,?,?,?,? \
         WHERE EXISTS (SELECT 1 FROM sinks WHERE sid=?4)"
    );
    let wanted = one.wanted.iter().map(|one| format!("{},{}", one.kind, one.version));
    let result = db.prepare_cached(&sql)?.execute(params![
        one.sid.as_str(),
        one.account.as_str(),
        one.description,
        one.sink.as_str(),
        wanted.collect::<Vec<_>>().join(" "),
        us(one.created),
        us(one.updated),
    ]);
    match result {
        Ok(rows) => expect_one(rows),
        broken => unique(broken),
    }
}

fn read(row: &Row<'_>) -> Result<Subscription, StoreError> {
    Ok(Subscription {
        sid: word(SubscriptionSid::parse(&row.get::<_, String>(0)?), "subscription sid")?,
        account: word(AccountSid::parse(&row.get::<_, String>(1)?), "account sid")?,
        description: row.get(2)?,
        sink: word(SinkSid::parse(&row.get::<_, String>(3)?), "sink sid")?,
        wanted: wanted(&row.get::<_, String>(4)?)?,
        created: time(row.get(5)?)?,
        updated: time(row.get(6)?)?,
    })
}

fn wanted(text: &str) -> Result<Vec<Subscribed>, StoreError> {
    let one = |text: &str| {
        let (kind, version) = text.split_once(',')?;
        Some(Subscribed { kind: kind.to_owned(), version: version.parse().ok()? })
    };
    text.split_whitespace().map(|text| word(one(text), "event type")).collect()
}

impl Store {
    /// The sink of a sid.
    ///
    /// # Errors
    /// What the database says.
    pub fn sink(&self, sid: SinkSid) -> Result<Option<Sink>, StoreError> {
        self.reader.of_sid((SINK_COLUMNS, "sinks"), sid.as_str(), read_sink)
    }

    /// Sinks of an account, the newest first, `limit` at most from `place`; with a status and, if
    /// `in_use` says so, with a subscription or without.
    ///
    /// # Errors
    /// What the database says.
    pub fn sinks(
        &self,
        account: AccountSid,
        (status, in_use): (Option<SinkStatus>, Option<bool>),
        place: Place<SinkSid>,
        limit: u64,
    ) -> Result<Vec<Sink>, StoreError> {
        let list = List::of((SINK_COLUMNS, "sinks"), "account=?", account.as_str())
            .only("status=?", status.map(SinkStatus::as_str))
            .only("?=EXISTS (SELECT 1 FROM subscriptions WHERE sink=sinks.sid)", in_use)
            .by_sid(place, limit);
        self.reader.list(list, read_sink)
    }

    /// The subscription of a sid.
    ///
    /// # Errors
    /// What the database says.
    pub fn subscription(&self, sid: SubscriptionSid) -> Result<Option<Subscription>, StoreError> {
        self.reader.of_sid((COLUMNS, "subscriptions"), sid.as_str(), read)
    }

    /// Subscriptions of an account, of one sink if it is named, the newest first, `limit` at most
    /// from `place`.
    ///
    /// # Errors
    /// What the database says.
    pub fn subscriptions(
        &self,
        account: AccountSid,
        sink: Option<SinkSid>,
        place: Place<SubscriptionSid>,
        limit: u64,
    ) -> Result<Vec<Subscription>, StoreError> {
        let list = List::of((COLUMNS, "subscriptions"), "account=?", account.as_str())
            .only("sink=?", sink.map(|sid| sid.to_string()))
            .by_sid(place, limit);
        self.reader.list(list, read)
    }

    /// Where events of an account go: kept in memory, since nearly every change asks.
    ///
    /// # Errors
    /// What the database says.
    pub fn routes(&self, account: AccountSid) -> Result<Arc<Vec<Route>>, StoreError> {
        self.cache.routes(account.as_str(), || {
            let all_of_them = u64::from(u32::MAX);
            let mut routes: Vec<Route> = Vec::new();
            for one in self.subscriptions(account, None, Place::Top, all_of_them)? {
                let Some(sink) = self.sink(one.sink)? else { continue };
                match routes.iter_mut().find(|route| route.sink == sink.sid) {
                    Some(route) => route.wanted.extend(one.wanted),
                    None => routes.push(Route {
                        sink: sink.sid,
                        url: sink.destination.split('#').next().unwrap_or_default().to_owned(),
                        batch_events: sink.batch_events,
                        wanted: one.wanted,
                    }),
                }
            }
            Ok(Arc::new(routes))
        })
    }
}
