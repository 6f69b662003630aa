//! The query behind every list of an account's things: whose they are, what is wanted of them, and
//! which page of it.
//!
//! Lists show the newest first and go on from a [`Place`]; that is the same for every noun, so a
//! noun's file says only its columns and conditions. Conditions are text of this crate, values
//! are always bound.

use crate::reader::Reader;
use crate::row::{all, first};
use crate::{Place, StoreError};
use rusqlite::{Row, ToSql};

/// A list that is being described.
pub(crate) struct List<'a> {
    sql: String,
    values: Vec<Box<dyn ToSql + 'a>>,
    /// Whether the page is read the way back: what is read last stands first.
    backwards: bool,
}

impl<'a> List<'a> {
    /// Rows of a table that belong to `owner`: the condition has one `?`, which is it.
    pub(crate) fn of(
        (columns, table): (&str, &str),
        condition: &str,
        owner: impl ToSql + 'a,
    ) -> List<'a> {
        List {
            sql: format!("SELECT {columns} FROM {table} WHERE {condition}"),
            values: vec![Box::new(owner)],
            backwards: false,
        }
    }

    /// Only those for which a condition holds; the condition's one `?` is the value. All of them
    /// without a value.
    pub(crate) fn only(mut self, condition: &str, value: Option<impl ToSql + 'a>) -> List<'a> {
        if let Some(value) = value {
            self.sql.push_str(" AND ");
            self.sql.push_str(condition);
            self.values.push(Box::new(value));
        }
        self
    }

    /// Only those for which a condition without a value holds.
    pub(crate) fn and(mut self, condition: &str) -> List<'a> {
        self.sql.push_str(" AND ");
        self.sql.push_str(condition);
        self
    }

    /// A page of `limit` rows from a place, in a table whose key is the sid as text.
    pub(crate) fn by_sid<T: ToString>(self, place: Place<T>, limit: u64) -> List<'a> {
        self.page("sid", place.map(|sid| sid.to_string()), limit)
    }

    /// A page of `limit` rows from a place, in a table whose key is a number.
    pub(crate) fn by_id(self, place: Place<i64>, limit: u64) -> List<'a> {
        self.page("id", place, limit)
    }

    fn page(mut self, key: &str, place: Place<impl ToSql + 'a>, limit: u64) -> List<'a> {
        self.backwards = matches!(place, Place::Before(_));
        self = match place {
            Place::Top => self,
            Place::After(item) => self.only(&format!("{key}<?"), Some(item)),
            Place::Before(item) => self.only(&format!("{key}>?"), Some(item)),
        };
        let order = if self.backwards { "ASC" } else { "DESC" };
        self.sql.push_str(&format!(" ORDER BY {key} {order} LIMIT ?"));
        self.values.push(Box::new(i64::try_from(limit).unwrap_or(i64::MAX)));
        self
    }
}

impl Reader {
    /// The rows of a list, in the list's order.
    pub(crate) fn list<T>(
        &self,
        list: List<'_>,
        read: impl Fn(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut rows = self.read(|db| {
            let values = rusqlite::params_from_iter(list.values.iter());
            all(db.prepare_cached(&list.sql)?.query(values)?, read)
        })?;
        if list.backwards {
            rows.reverse();
        }
        Ok(rows)
    }

    /// The row of a sid, in a table whose key is the sid as text.
    pub(crate) fn of_sid<T>(
        &self,
        (columns, table): (&str, &str),
        sid: &str,
        read: impl Fn(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        self.read(|db| {
            let sql = format!("SELECT {columns} FROM {table} WHERE sid=?");
            first(db.prepare_cached(&sql)?.query([sid])?, read)
        })
    }
}
