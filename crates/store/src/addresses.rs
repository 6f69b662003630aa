//! Postal addresses.

use crate::list::List;
use crate::row::{time, us, word};
use crate::writer::{expect_one, unique};
use crate::{Place, Store, StoreError};
use exchange::addresses::PostalAddress;
use exchange::sid::{AccountSid, PostalSid};
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};

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
        self.reader.of_sid((COLUMNS, "addresses"), sid.as_str(), read)
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
        let list = List::of((COLUMNS, "addresses"), "account=?", account.as_str())
            .only("customer_name=?", filter.customer_name.as_deref())
            .only("friendly_name=?", filter.friendly_name.as_deref())
            .only("iso_country=?", filter.iso_country.as_deref())
            .only("emergency_enabled=?", filter.emergency_enabled)
            .by_sid(filter.place, limit);
        self.reader.list(list, read)
    }
}
