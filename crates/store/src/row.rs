//! Small conversions between columns and the house's types.

use crate::StoreError;
use crate::cache::{NAMES_MAX, Names};
use exchange::numbers::{Hook, Method, Target};
use jiff::Timestamp;
use rusqlite::{Connection, Row};
use std::sync::Arc;

/// A time as stored: Unix microseconds.
pub(crate) fn us(time: Timestamp) -> i64 {
    time.as_microsecond()
}

/// A stored time.
pub(crate) fn time(us: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(us).map_err(|_| StoreError::Unreadable("time"))
}

/// A time that may be absent.
pub(crate) fn time_opt(us: Option<i64>) -> Result<Option<Timestamp>, StoreError> {
    us.map(time).transpose()
}

/// What a column's text means, or the name of what can't be read.
pub(crate) fn word<T>(found: Option<T>, what: &'static str) -> Result<T, StoreError> {
    found.ok_or(StoreError::Unreadable(what))
}

/// A method column.
pub(crate) fn method(text: &str) -> Result<Method, StoreError> {
    word(Method::parse(text), "method")
}

/// Four columns from `at`: url, method, fallback url, fallback method.
pub(crate) fn hook(row: &Row<'_>, at: usize) -> Result<Hook, StoreError> {
    Ok(Hook {
        url: row.get(at)?,
        method: method(row.get_ref(at + 1)?.as_str().map_err(rusqlite::Error::from)?)?,
        fallback_url: row.get(at + 2)?,
        fallback_method: method(row.get_ref(at + 3)?.as_str().map_err(rusqlite::Error::from)?)?,
    })
}

/// Two columns from `at`: url, method; both null for none.
pub(crate) fn target(row: &Row<'_>, at: usize) -> Result<Option<Target>, StoreError> {
    let Some(url) = row.get::<_, Option<String>>(at)? else { return Ok(None) };
    Ok(Some(Target { url, method: method(&row.get::<_, String>(at + 1)?)? }))
}

/// Reads every row of a query with `read`.
pub(crate) fn all<T>(
    mut rows: rusqlite::Rows<'_>,
    read: impl Fn(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(row)?);
    }
    Ok(found)
}

/// Reads the first row of a query with `read`, if there is one.
pub(crate) fn first<T>(
    mut rows: rusqlite::Rows<'_>,
    read: impl Fn(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    rows.next()?.map(read).transpose()
}

/// All names of a table by a query with a limit, when they are few enough to be kept.
pub(crate) fn names(db: &Connection, sql: &str) -> Result<Names, StoreError> {
    let mut statement = db.prepare_cached(sql)?;
    let found = all(statement.query([NAMES_MAX as i64 + 1])?, |row| Ok(row.get::<_, String>(0)?))?;
    Ok((found.len() <= NAMES_MAX).then(|| Arc::new(found.into_iter().collect())))
}
