//! Debugger events.

use crate::list::List;
use crate::row::{first, time, us, word};
use crate::{Place, Store, StoreError};
use exchange::alerts::codes::Level;
use exchange::alerts::{Alert, RequestRecord};
use exchange::sid::{AccountSid, AlertSid, Parts, Sid};
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};
use serde::{Deserialize, Serialize};

const COLUMNS: &str = "id, tail, account, resource, code, level, text, request, created";

/// `ERROR` is 0 and `WARNING` 1, as in the older notifications.
fn level_number(level: Level) -> i64 {
    i64::from(level == Level::Warning)
}

/// The request of an alert as stored.
#[derive(Serialize, Deserialize)]
struct RequestJson {
    method: String,
    url: String,
    variables: String,
    headers: String,
    response_status: u16,
    response_headers: String,
    response_body: String,
}

fn read(row: &Row<'_>) -> Result<Alert, StoreError> {
    let parts = Parts { key: row.get(0)?, tail: row.get::<_, i64>(1)? as u64 };
    let request: Option<String> = row.get(7)?;
    Ok(Alert {
        sid: AlertSid::from_parts(parts),
        account: word(AccountSid::parse(&row.get::<_, String>(2)?), "account sid")?,
        resource: row
            .get::<_, Option<String>>(3)?
            .map(|text| word(Sid::parse(&text), "sid"))
            .transpose()?,
        code: row.get(4)?,
        level: if row.get::<_, i64>(5)? == 1 { Level::Warning } else { Level::Error },
        text: row.get(6)?,
        request: request.map(|text| read_request(&text)).transpose()?,
        created: time(row.get(8)?)?,
    })
}

fn read_request(text: &str) -> Result<RequestRecord, StoreError> {
    let json: RequestJson =
        serde_json::from_str(text).map_err(|_| StoreError::Unreadable("request"))?;
    Ok(RequestRecord {
        method: json.method,
        url: json.url,
        variables: json.variables,
        headers: json.headers,
        response_status: json.response_status,
        response_headers: json.response_headers,
        response_body: json.response_body,
    })
}

pub(crate) fn insert(db: &Connection, alert: &Alert) -> Result<(), StoreError> {
    let sql = format!("INSERT INTO alerts ({COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?)");
    let parts = alert.sid.parts();
    let request = alert.request.clone().map(|request| {
        let json = RequestJson {
            method: request.method,
            url: request.url,
            variables: request.variables,
            headers: request.headers,
            response_status: request.response_status,
            response_headers: request.response_headers,
            response_body: request.response_body,
        };
        serde_json::to_string(&json).expect("text and numbers always serialise")
    });
    let resource = alert.resource.map(|sid| sid.to_string());
    db.prepare_cached(&sql)?.execute(params![
        parts.key,
        parts.tail as i64,
        alert.account.as_str(),
        resource,
        alert.code,
        level_number(alert.level),
        alert.text,
        request,
        us(alert.created),
    ])?;
    Ok(())
}

/// Which alerts a list shows.
#[derive(Debug, Default, Clone)]
pub struct AlertFilter {
    /// Only of this level.
    pub level: Option<Level>,
    /// Not before; inclusive.
    pub start: Option<Timestamp>,
    /// Not after; inclusive.
    pub end: Option<Timestamp>,
    /// Only those about this message, call, ….
    pub resource: Option<Sid>,
    /// The place to go on from.
    pub place: Place<AlertSid>,
}

impl Store {
    /// The alert of a sid.
    ///
    /// # Errors
    /// What the database says.
    pub fn alert(&self, sid: AlertSid) -> Result<Option<Alert>, StoreError> {
        let parts = sid.parts();
        self.reader.read(|db| {
            let sql = format!("SELECT {COLUMNS} FROM alerts WHERE id=? AND tail=?");
            first(db.prepare_cached(&sql)?.query(params![parts.key, parts.tail as i64])?, read)
        })
    }

    /// Alerts of an account, the newest first, `limit` at most.
    ///
    /// # Errors
    /// What the database says.
    pub fn alerts(
        &self,
        account: AccountSid,
        filter: &AlertFilter,
        limit: u64,
    ) -> Result<Vec<Alert>, StoreError> {
        let list = List::of((COLUMNS, "alerts"), "account=?", account.as_str())
            .only("level=?", filter.level.map(level_number))
            .only("created>=?", filter.start.map(us))
            .only("created<=?", filter.end.map(us))
            .only("resource=?", filter.resource.map(|sid| sid.to_string()))
            .by_id(filter.place.map(|sid| sid.parts().key), limit);
        self.reader.list(list, read)
    }
}
