//! What the database knows of itself and its house, by name.

use crate::{Store, StoreError};
use rusqlite::{Connection, OptionalExtension};

/// The secret half of webhook sids.
pub(crate) const WEBHOOK_SALT: &str = "webhook_salt";
/// The base of the house's own URLs at its last start.
pub(crate) const BASE: &str = "base";
/// The seed that a Reset goes back to.
pub(crate) const SEED: &str = "seed";

pub(crate) fn get(db: &Connection, name: &str) -> Result<Option<String>, StoreError> {
    let mut statement = db.prepare_cached("SELECT value FROM meta WHERE name=?")?;
    Ok(statement.query_row([name], |row| row.get(0)).optional()?)
}

pub(crate) fn put(db: &Connection, name: &str, value: &str) -> Result<(), StoreError> {
    db.prepare_cached("INSERT OR REPLACE INTO meta (name, value) VALUES (?,?)")?
        .execute([name, value])?;
    Ok(())
}

impl Store {
    /// The seed that a Reset goes back to: the last one a start was given.
    ///
    /// # Errors
    /// What the database says.
    pub fn seed(&self) -> Result<Option<String>, StoreError> {
        self.reader.read(|db| get(db, SEED))
    }

    /// The base of the house's own URLs at its last start.
    ///
    /// # Errors
    /// What the database says.
    pub fn base(&self) -> Result<Option<String>, StoreError> {
        self.reader.read(|db| get(db, BASE))
    }
}
