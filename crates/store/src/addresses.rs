//! Postal addresses.

use crate::row::{all, first, time, us, word};
use crate::writer::{expect_one, unique};
use crate::{Place, Store, StoreError};
use exchange::addresses::PostalAddress;
use exchange::sid::{AccountSid, PostalSid};
use jiff::Timestamp;
use rusqlite::{Connection, Row, ToSql, params};

const COLUMNS: &str = "sid, account, friendly_name, customer_name, street, street_secondary, city, \
    region, postal_code, iso_country, emergency_enabled, created, updated";

fn read(row: &Row<'_>) -> Result<PostalAddress, StoreError> {
    Ok(PostalAddress {
        sid: word(PostalSid::parse(&row.get::<_, String>(0)?), "address sid")?,
        account: word(AccountSid::parse(&row.get::<_, String>(1)?), "account sid")?,
        friendly_name: row.get(2)?,
        customer_name: row.get(3)?,
        street: row.get(4)?,
        street_secondary: row.get(5)?,
        city: row.get(6)?,
        region: row.get(7)?,
        postal_code: row.get(8)?,
        iso_country: row.get(9)?,
        emergency_enabled: row.get(10)?,
        created: time(row.get(11)?)?,
        updated: time(row.get(12)?)?,
    })
}

pub(crate) fn insert(db: &Connection, one: &PostalAddress) -> Result<(), StoreError> {
    let sql = format!("INSERT INTO addresses ({COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)");
    unique(db.prepare_cached(&sql)?.execute(params![
        one.sid.as_str(),
        one.account.as_str(),
        one.friendly_name,
        one.customer_name,
        one.street,
        one.street_secondary,
        one.city,
        one.region,
        one.postal_code,
        one.iso_country,
        one.emergency_enabled,
        us(one.created),
        us(one.updated),
    ]))
}

/// A delete and an insert: the record is replaced whole.
pub(crate) fn update(
    db: &Connection,
    was: Timestamp,
    one: &PostalAddress,
) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached("DELETE FROM addresses WHERE sid=? AND updated=?")?;
    expect_one(statement.execute(params![one.sid.as_str(), us(was)])?)?;
    insert(db, one)
}

pub(crate) fn delete(db: &Connection, sid: PostalSid) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached("DELETE FROM addresses WHERE sid=?")?;
    expect_one(statement.execute([sid.as_str()])?)
}

/// Which addresses a list shows.
#[derive(Debug, Default, Clone)]
pub struct AddressFilter {
    /// The exact name of who lives there.
    pub customer_name: Option<String>,
    /// The exact name.
    pub friendly_name: Option<String>,
    /// The country.
    pub iso_country: Option<String>,
    /// Whether it is for emergencies.
    pub emergency_enabled: Option<bool>,
    /// The place to go on from.
    pub place: Place<PostalSid>,
}

impl Store {
    /// The address of a sid.
    ///
    /// # Errors
    /// What the database says.
    pub fn address(&self, sid: PostalSid) -> Result<Option<PostalAddress>, StoreError> {
        self.reader.read(|db| {
            let sql = format!("SELECT {COLUMNS} FROM addresses WHERE sid=?");
            first(db.prepare_cached(&sql)?.query([sid.as_str()])?, read)
        })
    }

    /// Addresses of an account, the newest first, `limit` at most.
    ///
    /// # Errors
    /// What the database says.
    pub fn addresses(
        &self,
        account: AccountSid,
        filter: &AddressFilter,
        limit: u64,
    ) -> Result<Vec<PostalAddress>, StoreError> {
        let mut sql = format!("SELECT {COLUMNS} FROM addresses WHERE account=?");
        let mut values: Vec<Box<dyn ToSql>> = vec![Box::new(account.to_string())];
        for (column, text) in [
            ("customer_name", &filter.customer_name),
            ("friendly_name", &filter.friendly_name),
            ("iso_country", &filter.iso_country),
        ] {
            if let Some(text) = text {
                sql.push_str(&format!(" AND {column}=?"));
                values.push(Box::new(text.clone()));
            }
        }
        if let Some(enabled) = filter.emergency_enabled {
            sql.push_str(" AND emergency_enabled=?");
            values.push(Box::new(enabled));
        }
        let end = filter.place.end("sid", limit, |sid| sid.to_string());
        sql.push_str(&end.sql);
        values.extend(end.values);
        let rows = self.reader.read(|db| {
            let values = rusqlite::params_from_iter(values.iter());
            all(db.prepare_cached(&sql)?.query(values)?, read)
        })?;
        Ok(filter.place.in_order(rows))
    }
}
