//! The schema and its migrations: run at start, forwards only.
//!
//! A folder written by a newer version is refused rather than guessed at.

use crate::StoreError;
use rusqlite::Connection;

/// One script per version, in order; never edited once released.
const MIGRATIONS: &[&str] = &[include_str!("schema.sql"), include_str!("schema_calls.sql")];

/// Brings the database to this version's schema.
pub(crate) fn migrate(db: &mut Connection) -> Result<(), StoreError> {
    let found: u32 = db.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let ours = MIGRATIONS.len() as u32;
    if found > ours {
        return Err(StoreError::Newer { found, ours });
    }
    for (i, script) in MIGRATIONS.iter().enumerate().skip(found as usize) {
        let migration = db.transaction()?;
        migration.execute_batch(script)?;
        migration.pragma_update(None, "user_version", i as u32 + 1)?;
        migration.commit()?;
    }
    Ok(())
}
