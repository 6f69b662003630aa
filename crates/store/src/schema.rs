//! The schema and its migrations: run at start, forwards only.
//!
//! A folder written by a newer version is refused rather than guessed at.

use crate::StoreError;
use rusqlite::Connection;

/// One script per version, in order; never edited once released.
const MIGRATIONS: &[&str] = &[
    include_str!("schema.sql"),
    include_str!("schema_2.sql"),
    include_str!("schema_calls.sql"),
    include_str!("schema_services.sql"),
    include_str!("schema_media.sql"),
    include_str!("schema_world.sql"),
    include_str!("schema_verify.sql"),
    include_str!("schema_sinks.sql"),
    include_str!("schema_chats.sql"),
    include_str!("schema_live.sql"),
    include_str!("schema_verify_limits.sql"),
    include_str!("schema_receipts.sql"),
    include_str!("schema_chat_services.sql"),
    include_str!("schema_chat_media.sql"),
    include_str!("schema_lines.sql"),
];

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alerts_of_the_first_version_keep_the_level_that_their_text_says() {
        let mut db = Connection::open_in_memory().expect("memory");
        db.execute_batch(MIGRATIONS[0]).expect("version 1");
        db.pragma_update(None, "user_version", 1).expect("set");
        for (id, text) in [(1, "Msg=x&LogLevel=WARNING"), (2, "Msg=x&LogLevel=ERROR")] {
            let sql = "INSERT INTO alerts (id, tail, account, code, text, created) \
                       VALUES (?, 0, 'AC', 1, ?, 0)";
            db.execute(sql, rusqlite::params![id, text]).expect("written");
        }
        migrate(&mut db).expect("migrated");
        let mut levels = db.prepare("SELECT level FROM alerts ORDER BY id").expect("a column");
        let levels = levels.query_map([], |row| row.get(0)).expect("rows");
        assert_eq!(levels.collect::<Result<Vec<i64>, _>>().expect("numbers"), [1, 0]);
    }

    #[test]
    fn what_the_third_version_kept_is_there_in_the_fourth() {
        let mut db = Connection::open_in_memory().expect("memory");
        MIGRATIONS[..3].iter().for_each(|script| db.execute_batch(script).expect("version 3"));
        db.pragma_update(None, "user_version", 3).expect("set");
        db.execute_batch(
            "INSERT INTO accounts VALUES ('AC', 'AC', '', 't', 'active', 0, 0, NULL, 'twilio', 1, \
             'open'); \
             INSERT INTO messages (id, tail, state, updated, with_media, account, direction, \
             from_address, to_address, peer, body, num_segments, created) \
             VALUES (7, 0, 4, 0, 0, 'AC', 1, '+1', '+2', '+2', 'hi', 1, 0);",
        )
        .expect("written");
        migrate(&mut db).expect("migrated");
        let replies: i64 = db
            .query_row("SELECT opt_out_replies FROM accounts", [], |row| row.get(0))
            .expect("a column");
        let moving: (i64, Option<i64>) = db
            .query_row(
                "SELECT id, expires FROM messages INDEXED BY messages_moving \
                 WHERE state <= 6 AND state <> 3",
                [],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .expect("by the new index");
        assert_eq!((replies, moving), (1, (7, None)));
    }
}
