//! Asks and tells: what is to be sent, and the log of what was.

use crate::list::List;
use crate::row::{all, first, target, time, us, word};
use crate::writer::expect_one;
use crate::{Place, Store, StoreError};
use exchange::numbers::Method;
use exchange::sid::{AccountSid, Sid};
use exchange::webhooks::{
    AnswerRecord, AttemptRecord, FieldLines, Finish, Kind, ProblemRecord, Purpose, Status, Webhook,
};
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};

const COLUMNS: &str = "id, account, kind, purpose, resource, url, method, parameters, token, \
    fallback_url, fallback_method, context, due, created, failures, status, late";

/// All of one byte, and `Waiting` is the 2 of the partial index in schema.sql.
fn status_number(status: Status) -> i64 {
    match status {
        Status::Waiting | Status::Running => 2,
        Status::Done => 3,
        Status::Failed => 4,
        Status::Dead => 5,
    }
}

fn status_of(number: i64) -> Option<Status> {
    [Status::Waiting, Status::Done, Status::Failed, Status::Dead]
        .into_iter()
        .find(|s| status_number(*s) == number)
}

fn kind_number(kind: Kind) -> i64 {
    match kind {
        Kind::Ask => 0,
        Kind::Tell => 1,
    }
}

fn kind_of(number: i64) -> Kind {
    if number == 0 { Kind::Ask } else { Kind::Tell }
}

/// Scheme, host and port of a URL, without user info: what one endpoint is to the limits.
pub fn host_of(url: &str) -> &str {
    let after = url.find("://").map_or(0, |i| i + 3);
    let rest = &url[after..];
    let authority = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    &authority[authority.rfind('@').map_or(0, |i| i + 1)..]
}

/// The secret half of webhook sids; made with the database.
pub(crate) fn salt(db: &Connection) -> Result<u64, StoreError> {
    if let Some(text) = crate::meta::get(db, crate::meta::WEBHOOK_SALT)? {
        return word(u64::from_str_radix(&text, 16).ok(), "salt");
    }
    // SQLite's own generator is seeded by the system.
    let fresh: i64 = db.query_row("SELECT random()", [], |row| row.get(0))?;
    crate::meta::put(db, crate::meta::WEBHOOK_SALT, &format!("{:016x}", fresh as u64))?;
    Ok(fresh as u64)
}

pub(crate) fn insert(db: &Connection, webhook: &Webhook) -> Result<(), StoreError> {
    #[cfg(feature = "planted-faults")]
    if crate::planted("drop-tell") && webhook.kind == Kind::Tell && webhook.id % 97 == 0 {
        return Ok(());
    }
    insert_row(db, webhook, (Status::Waiting, webhook.due, false, 0))
}

/// A webhook that was sent already, as it ended.
pub(crate) fn log(db: &Connection, webhook: &Webhook, finish: &Finish) -> Result<(), StoreError> {
    let status = match finish.status {
        // What is only logged must never be taken up by a restart.
        Status::Waiting | Status::Running => Status::Failed,
        ended => ended,
    };
    insert_row(db, webhook, (status, finish.due, finish.late, finish.failures))?;
    insert_exchange(db, finish)
}

fn insert_row(
    db: &Connection,
    webhook: &Webhook,
    (status, due, late, failures): (Status, Timestamp, bool, u32),
) -> Result<(), StoreError> {
    let fallback = webhook.fallback.as_ref();
    db.prepare_cached(
        "INSERT INTO webhooks (id, status, due, late, failures, account, kind, purpose, resource, \
         host, url, method, parameters, token, fallback_url, fallback_method, context, created) \
         VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
    )?
    .execute(params![
        webhook.id,
        status_number(status),
        us(due),
        late,
        failures,
        webhook.account.as_str(),
        kind_number(webhook.kind),
        webhook.purpose.as_str(),
        webhook.resource.as_str(),
        host_of(&webhook.url),
        webhook.url,
        webhook.method.as_str(),
        webhook.parameters,
        webhook.token.to_be_bytes(),
        fallback.map(|f| f.url.as_str()),
        fallback.map(|f| f.method.as_str()),
        (!webhook.context.is_empty()).then_some(webhook.context.as_str()),
        us(webhook.created),
    ])?;
    Ok(())
}

pub(crate) fn finish(db: &Connection, finish: &Finish) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached(
        "UPDATE webhooks SET status=?, due=?, late=?, failures=? WHERE id=? AND status=2",
    )?;
    expect_one(statement.execute(params![
        status_number(finish.status),
        us(finish.due),
        finish.late,
        finish.failures,
        finish.id,
    ])?)?;
    insert_exchange(db, finish)
}

fn insert_exchange(db: &Connection, finish: &Finish) -> Result<(), StoreError> {
    let attempts: Vec<AttemptJson<'_>> = finish.attempts.iter().map(AttemptJson::of).collect();
    // An answer without a body is all in the last attempt.
    let worth = |answer: &&AnswerRecord| !answer.body.is_empty() || answer.truncated;
    let answer = finish.answer.as_ref().filter(worth).map(AnswerJson::of);
    let problems: Vec<ProblemJson<'_>> = finish.problems.iter().map(ProblemJson::of).collect();
    db.prepare_cached(
        "INSERT INTO exchanges (webhook, begun_us, attempts, answer, problems) \
         VALUES (?,?,?,?,?)",
    )?
    .execute(params![
        finish.id,
        finish.begun_us,
        json(&attempts),
        answer.as_ref().map(json),
        (!problems.is_empty()).then(|| json(&problems)),
    ])?;
    Ok(())
}

pub(crate) fn revive(db: &Connection, id: i64, due: Timestamp) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached(
        "UPDATE webhooks SET status=2, due=?, failures=0 WHERE id=? AND status!=2",
    )?;
    expect_one(statement.execute(params![us(due), id])?)
}

pub(crate) fn delete(db: &Connection, ids: &[i64]) -> Result<(), StoreError> {
    for id in ids {
        let gone =
            db.prepare_cached("DELETE FROM webhooks WHERE id=? AND status!=2")?.execute([id])?;
        if gone == 1 {
            db.prepare_cached("DELETE FROM exchanges WHERE webhook=?")?.execute([id])?;
        }
    }
    Ok(())
}

fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("text and numbers always serialise")
}

#[derive(Serialize, Deserialize)]
struct AttemptJson<'a> {
    why: &'a str,
    url: std::borrow::Cow<'a, str>,
    method: &'a str,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    remote: Option<std::borrow::Cow<'a, str>>,
    #[serde(with = "crate::field_lines")]
    sent: std::borrow::Cow<'a, FieldLines>,
    at: i64,
    took: u64,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    connect: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    first: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    status: Option<u16>,
    #[serde(with = "crate::field_lines")]
    got: std::borrow::Cow<'a, FieldLines>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    error: Option<(u32, String)>,
}

impl<'a> AttemptJson<'a> {
    fn of(record: &'a AttemptRecord) -> AttemptJson<'a> {
        AttemptJson {
            why: record.why,
            url: record.url.as_str().into(),
            method: record.method,
            remote: record.remote_address.as_deref().map(Into::into),
            sent: std::borrow::Cow::Borrowed(&record.request_headers),
            at: record.started_us,
            took: record.duration_us,
            connect: record.connect_us,
            first: record.first_byte_us,
            status: record.status,
            got: std::borrow::Cow::Borrowed(&record.response_headers),
            error: record.error.clone(),
        }
    }

    fn record(self) -> AttemptRecord {
        AttemptRecord {
            why: ["first", "retry", "redirect", "challenge"]
                .into_iter()
                .find(|why| *why == self.why)
                .unwrap_or("first"),
            url: self.url.into_owned(),
            method: if self.method == "GET" { "GET" } else { "POST" },
            remote_address: self.remote.map(std::borrow::Cow::into_owned),
            request_headers: self.sent.into_owned(),
            started_us: self.at,
            duration_us: self.took,
            connect_us: self.connect,
            first_byte_us: self.first,
            status: self.status,
            response_headers: self.got.into_owned(),
            error: self.error,
        }
    }
}

#[derive(Serialize, Deserialize)]
struct AnswerJson<'a> {
    body: std::borrow::Cow<'a, str>,
    truncated: bool,
}

impl<'a> AnswerJson<'a> {
    fn of(record: &'a AnswerRecord) -> AnswerJson<'a> {
        AnswerJson { body: record.body.as_str().into(), truncated: record.truncated }
    }
}

#[derive(Serialize, Deserialize)]
struct ProblemJson<'a> {
    code: u32,
    level: &'a str,
    message: std::borrow::Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    at: Option<(u32, u32)>,
}

impl<'a> ProblemJson<'a> {
    fn of(record: &'a ProblemRecord) -> ProblemJson<'a> {
        ProblemJson {
            code: record.code,
            level: record.level,
            message: record.message.as_str().into(),
            at: record.at,
        }
    }

    fn record(self) -> ProblemRecord {
        ProblemRecord {
            code: self.code,
            level: if self.level == "error" { "error" } else { "warning" },
            message: self.message.into_owned(),
            at: self.at,
        }
    }
}

/// A webhook as the log shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct WebhookEntry {
    /// What was to be sent.
    pub webhook: Webhook,
    /// Where it stands.
    pub status: Status,
    /// When it ended, or when it is due; house time.
    pub due: Timestamp,
    /// It went out after a later one of its lane.
    pub late: bool,
}

/// One exchange of a webhook: its requests, its answer, and what was wrong with that.
#[derive(Debug, Clone, PartialEq)]
pub struct ExchangeRecord {
    /// The requests, in order.
    pub attempts: Vec<AttemptRecord>,
    /// The answer it ended with.
    pub answer: Option<AnswerRecord>,
    /// What is wrong with the answer.
    pub problems: Vec<ProblemRecord>,
}

/// An endpoint as the limits see it: one account's webhooks of one kind to one host and port.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Destination {
    /// Whose webhooks.
    pub account: AccountSid,
    /// Host and port as the URLs write them.
    pub host: String,
    /// Asks and tells never wait for each other.
    pub kind: Kind,
}

fn read(row: &Row<'_>) -> Result<WebhookEntry, StoreError> {
    let token: [u8; 16] = row.get(8)?;
    let webhook = Webhook {
        id: row.get(0)?,
        account: word(AccountSid::parse(&row.get::<_, String>(1)?), "account sid")?,
        kind: kind_of(row.get(2)?),
        purpose: word(Purpose::parse(&row.get::<_, String>(3)?), "purpose")?,
        resource: word(Sid::parse(&row.get::<_, String>(4)?), "sid")?,
        url: row.get(5)?,
        method: word(Method::parse(&row.get::<_, String>(6)?), "method")?,
        parameters: row.get(7)?,
        token: u128::from_be_bytes(token),
        fallback: target(row, 9)?,
        context: row.get::<_, Option<String>>(11)?.unwrap_or_default(),
        due: time(row.get(12)?)?,
        created: time(row.get(13)?)?,
        failures: row.get(14)?,
    };
    Ok(WebhookEntry {
        due: webhook.due,
        status: word(status_of(row.get(15)?), "webhook status")?,
        late: row.get(16)?,
        webhook,
    })
}

fn read_exchange(row: &Row<'_>) -> Result<ExchangeRecord, StoreError> {
    let unreadable = |_| StoreError::Unreadable("exchange");
    let attempts: String = row.get(0)?;
    let answer: Option<String> = row.get(1)?;
    let problems: Option<String> = row.get(2)?;
    let attempts: Vec<AttemptJson<'_>> = serde_json::from_str(&attempts).map_err(unreadable)?;
    let attempts: Vec<AttemptRecord> = attempts.into_iter().map(AttemptJson::record).collect();
    let (body, truncated) = match &answer {
        None => (String::new(), false),
        Some(text) => {
            let json: AnswerJson<'_> = serde_json::from_str(text).map_err(unreadable)?;
            (json.body.into_owned(), json.truncated)
        }
    };
    let answered = attempts.iter().rev().find_map(|attempt| Some((attempt, attempt.status?)));
    let answer = answered.map(|(attempt, status)| AnswerRecord {
        status,
        headers: attempt.response_headers.clone(),
        body,
        truncated,
    });
    let problems = match &problems {
        None => Vec::new(),
        Some(text) => {
            let json: Vec<ProblemJson<'_>> = serde_json::from_str(text).map_err(unreadable)?;
            json.into_iter().map(ProblemJson::record).collect()
        }
    };
    Ok(ExchangeRecord { attempts, answer, problems })
}

/// Rows of the log that ended long ago.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Ended {
    /// They.
    pub ids: Vec<i64>,
    /// The row to go on after, when there may be more.
    pub next: Option<i64>,
}

/// Which webhooks a list shows.
#[derive(Debug, Default, Clone)]
pub struct WebhookFilter {
    /// Only those of this message, call, ….
    pub resource: Option<Sid>,
    /// Only those that stand so; `Running` finds what is waiting.
    pub status: Option<Status>,
    /// Only asks, or only tells.
    pub kind: Option<Kind>,
    /// The place to go on from.
    pub place: Place<i64>,
}

impl Store {
    /// The webhook of a row.
    ///
    /// # Errors
    /// What the database says.
    pub fn webhook(&self, id: i64) -> Result<Option<WebhookEntry>, StoreError> {
        self.reader.read(|db| {
            let sql = format!("SELECT {COLUMNS} FROM webhooks WHERE id=?");
            first(db.prepare_cached(&sql)?.query([id])?, read)
        })
    }

    /// Webhooks of an account, the newest first, `limit` at most.
    ///
    /// # Errors
    /// What the database says.
    pub fn webhooks(
        &self,
        account: AccountSid,
        filter: &WebhookFilter,
        limit: u64,
    ) -> Result<Vec<WebhookEntry>, StoreError> {
        // With neither a resource nor a status that has an index, the newest rows are read until
        // there are enough; the plus keeps SQLite from sorting everything the account has.
        let account_column = match (filter.resource, filter.status) {
            (None, None | Some(Status::Done)) => "+account",
            _ => "account",
        };
        let whose = format!("{account_column}=?");
        let mut list = List::of((COLUMNS, "webhooks"), &whose, account.as_str())
            .only("resource=?", filter.resource.map(|sid| sid.to_string()))
            .only("kind=?", filter.kind.map(kind_number));
        if let Some(status) = filter.status {
            // Written out: only then does a partial index match.
            list = list.and(&format!("status={}", status_number(status)));
        }
        self.reader.list(list.by_id(filter.place, limit), read)
    }

    /// How many asks and how many tells of the house wait to be sent.
    ///
    /// # Errors
    /// What the database says.
    pub fn waiting_counts(&self) -> Result<(u64, u64), StoreError> {
        self.reader.read(|db| {
            let sql = "SELECT count(*) FILTER (WHERE kind=0), count(*) FILTER (WHERE kind=1) \
                       FROM webhooks INDEXED BY webhooks_waiting WHERE status=2";
            let counts = db.prepare_cached(sql)?.query_row([], |row| {
                Ok((row.get::<_, i64>(0)?.unsigned_abs(), row.get::<_, i64>(1)?.unsigned_abs()))
            })?;
            Ok(counts)
        })
    }

    /// Every exchange of a webhook, in order.
    ///
    /// # Errors
    /// What the database says.
    pub fn exchanges(&self, id: i64) -> Result<Vec<ExchangeRecord>, StoreError> {
        self.reader.read(|db| {
            let sql = "SELECT attempts, answer, problems FROM exchanges WHERE webhook=? ORDER BY begun_us";
            all(db.prepare_cached(sql)?.query([id])?, read_exchange)
        })
    }

    /// Of the next `limit` rows after `after`, those that ended before a time. Rows are as old as
    /// they are numbered: at the first that is younger the search is over.
    ///
    /// # Errors
    /// What the database says.
    pub fn ended_webhooks(
        &self,
        after: i64,
        before: Timestamp,
        limit: u64,
    ) -> Result<Ended, StoreError> {
        self.reader.read(|db| {
            let sql =
                "SELECT id, status, due, created FROM webhooks WHERE id>? ORDER BY id LIMIT ?";
            let mut statement = db.prepare_cached(sql)?;
            let mut rows = statement.query(params![after, limit as i64])?;
            let (mut ended, mut read) = (Ended::default(), 0);
            while let Some(row) = rows.next()? {
                let (id, status): (i64, i64) = (row.get(0)?, row.get(1)?);
                if time(row.get(3)?)? >= before {
                    return Ok(Ended { next: None, ..ended });
                }
                if status != status_number(Status::Waiting) && time(row.get(2)?)? < before {
                    ended.ids.push(id);
                }
                read += 1;
                ended.next = (read == limit).then_some(id);
            }
            Ok(ended)
        })
    }

    /// Every destination that something waits for: what a restart begins with.
    ///
    /// # Errors
    /// What the database says.
    pub fn waiting_destinations(&self) -> Result<Vec<Destination>, StoreError> {
        self.reader.read(|db| {
            let sql = "SELECT DISTINCT account, host, kind FROM webhooks WHERE status=2";
            all(db.prepare_cached(sql)?.query([])?, |row| {
                Ok(Destination {
                    account: word(AccountSid::parse(&row.get::<_, String>(0)?), "account sid")?,
                    host: row.get(1)?,
                    kind: kind_of(row.get(2)?),
                })
            })
        })
    }

    /// What waits for a destination, in the order of commits, after the row `after`.
    ///
    /// # Errors
    /// What the database says.
    pub fn waiting(
        &self,
        destination: &Destination,
        after: i64,
        limit: u64,
    ) -> Result<Vec<Webhook>, StoreError> {
        self.reader.read(|db| {
            let sql = format!(
                "SELECT {COLUMNS} FROM webhooks INDEXED BY webhooks_waiting \
                 WHERE status=2 AND account=? AND host=? AND kind=? AND id>? ORDER BY id LIMIT ?"
            );
            let values = params![
                destination.account.as_str(),
                destination.host,
                kind_number(destination.kind),
                after,
                limit as i64
            ];
            all(db.prepare_cached(&sql)?.query(values)?, |row| Ok(read(row)?.webhook))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_what_stands_between_the_user_and_the_path() {
        for (url, host) in [
            ("https://user:p%40ss@example.com:8443/a?b#c", "example.com:8443"),
            ("http://example.com", "example.com"),
            ("http://example.com?x=http://y/", "example.com"),
            ("http://[::1]:3000/sms", "[::1]:3000"),
            ("nonsense", "nonsense"),
        ] {
            assert_eq!(host_of(url), host, "{url}");
        }
    }
}
