//! A place in a list that is shown from the newest item to the oldest, and the query's end that
//! reads on from it, in either direction.

use rusqlite::ToSql;

/// Where a page of a list lies.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub enum Place<T> {
    /// At the top: the newest items.
    #[default]
    Top,
    /// Directly after an item, with older ones.
    After(T),
    /// Directly before an item, with newer ones: the way back. What is one too many stands first.
    Before(T),
}

/// The end of a query: text that goes on behind its conditions, and its values.
pub(crate) struct End {
    pub(crate) sql: String,
    pub(crate) values: Vec<Box<dyn ToSql>>,
}

impl<T> Place<T> {
    /// The same place, named otherwise.
    ///
    /// # Errors
    /// What `name` says.
    pub fn try_map<U, E>(self, name: impl FnOnce(T) -> Result<U, E>) -> Result<Place<U>, E> {
        Ok(match self {
            Place::Top => Place::Top,
            Place::After(item) => Place::After(name(item)?),
            Place::Before(item) => Place::Before(name(item)?),
        })
    }

    /// Reads `limit` rows from here in the order of `column`, in which items have a `value`.
    pub(crate) fn end<V: ToSql + 'static>(
        &self,
        column: &str,
        limit: u64,
        value: impl Fn(&T) -> V,
    ) -> End {
        let mut values: Vec<Box<dyn ToSql>> = Vec::with_capacity(2);
        let (condition, order) = match self {
            Place::Top => (String::new(), "DESC"),
            Place::After(item) => {
                values.push(Box::new(value(item)));
                (format!(" AND {column}<?"), "DESC")
            }
            Place::Before(item) => {
                values.push(Box::new(value(item)));
                (format!(" AND {column}>?"), "ASC")
            }
        };
        values.push(Box::new(i64::try_from(limit).unwrap_or(i64::MAX)));
        End { sql: format!("{condition} ORDER BY {column} {order} LIMIT ?"), values }
    }

    /// Rows in the list's own order, however they were read.
    pub(crate) fn in_order<R>(&self, mut rows: Vec<R>) -> Vec<R> {
        if matches!(self, Place::Before(_)) {
            rows.reverse();
        }
        rows
    }
}
