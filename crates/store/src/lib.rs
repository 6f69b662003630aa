//! Keeps what the house decided.
//!
//! [`Store::save`] takes a [`Change`] and answers when it is durable; [`Store::submit`] does the
//! same for callers that need no answer. Every committed change is then handed on, whole, to
//! the function given to [`Store::open`]: that is how an ask or tell reaches its worker, even when
//! the caller of `save` has gone away in between.
//!
//! SQLite, WAL, `synchronous=FULL`: one writer thread with group commit (`writer`), readers on
//! their own read-only connections (`reader`); records that every
//! text needs are kept in memory (`cache`). No connection or transaction leaves this crate,
//! and it never decides anything (law 3).

mod accounts;
mod addresses;
mod alerts;
mod applications;
mod audit;
mod bins;
mod cache;
mod caller_ids;
mod calls;
mod change;
mod chat_media;
mod chat_settings;
mod chats;
mod conversations;
mod field_lines;
mod handsets;
mod keys;
mod lines;
mod list;
mod messages;
mod meta;
mod numbers;
mod opt_outs;
mod place;
mod pools;
mod reader;
mod recordings;
mod redaction;
mod row;
mod schema;
mod sinks;
mod usage;
mod verify;
mod verify_limits;
mod webhooks;
mod writer;

pub use accounts::AccountFilter;
pub use addresses::AddressFilter;
pub use alerts::AlertFilter;
pub use audit::AuditFilter;
pub use caller_ids::CallerIdFilter;
pub use calls::CallFilter;
pub use change::{Change, Cookies, Write};
pub use chats::{ChatWrite, Span};
pub use messages::MessageFilter;
pub use numbers::NumberFilter;
pub use place::Place;
pub use recordings::RecordingFilter;
pub use sinks::SinkWrite;
pub use usage::{Counted, Once, TriggerFilter};
pub use verify::VerifyWrite;
pub use verify_limits::LimitWrite;
pub use webhooks::host_of;
pub use webhooks::{Destination, Ended, ExchangeRecord, WebhookEntry, WebhookFilter};
pub use writer::Committed;

use exchange::sid::WebhookSid;
use std::path::Path;
use std::sync::Arc;

/// The house's memory. Cheap to clone; the last clone's drop ends the writer.
#[derive(Clone)]
pub struct Store {
    writer: Arc<writer::Writer>,
    reader: Arc<reader::Reader>,
    cache: Arc<cache::Cache>,
    lines: Arc<lines::Lines>,
    salt: u64,
}

/// Why the store could not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder was written by a newer version.
    #[error("the data folder has schema {found}, this version knows {ours}: use the newer offhook")]
    Newer {
        /// Schema version found.
        found: u32,
        /// Schema version of this build.
        ours: u32,
    },
    /// What the change expected is not so any more; load and decide again.
    #[error("the record changed in the meantime")]
    Conflict,
    /// There is no room on the disk; nothing was written.
    #[error("the disk is full")]
    Full,
    /// The writer has stopped: the house is shutting down.
    #[error("the store is closed")]
    Closed,
    /// What is told of a change can't be read, so it was not written: the two are one.
    #[error("what is to be told of it can't be read: {0}")]
    Untold(#[source] Box<StoreError>),
    /// Anything else the database says.
    #[error("database: {0}")]
    Database(#[source] rusqlite::Error),
    /// A row that this version can't read.
    #[error("a stored {0} can't be read")]
    Unreadable(&'static str),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> StoreError {
        match error.sqlite_error_code() {
            Some(rusqlite::ErrorCode::DiskFull) => StoreError::Full,
            _ => StoreError::Database(error),
        }
    }
}

impl Store {
    /// Opens or makes the database in `dir`, migrates it and starts the writer. Committed changes
    /// go to `committed`, which must not block, in the order of their commits and before whoever
    /// saved them is answered. Beyond `size_bytes_max` (default: the
    /// disk) changes fail with [`StoreError::Full`].
    ///
    /// # Errors
    /// [`StoreError::Newer`], or what the database says.
    pub fn open(
        dir: &Path,
        size_bytes_max: Option<u64>,
        committed: impl Fn(Committed) + Send + 'static,
    ) -> Result<Store, StoreError> {
        let path = dir.join("offhook.sqlite3");
        let mut db = rusqlite::Connection::open(&path)?;
        writer::prepare(&db, size_bytes_max)?;
        schema::migrate(&mut db)?;
        let salt = webhooks::salt(&db)?;
        let reader = Arc::new(reader::Reader::open(&path)?);
        let cache = Arc::<cache::Cache>::default();
        let lines = Arc::new(lines::Lines::open(&db)?);
        let memory = (cache.clone(), lines.clone());
        let writer = writer::Writer::start(db, memory, Box::new(committed))?;
        Ok(Store { writer: Arc::new(writer), reader, cache, lines, salt })
    }

    /// Writes `change` and answers once it is durable.
    ///
    /// # Errors
    /// [`StoreError::Conflict`], [`StoreError::Full`], [`StoreError::Closed`] or what the database
    /// says; then nothing of the change was written.
    pub async fn save(&self, change: Change) -> Result<(), StoreError> {
        self.writer.save(change).await.map(drop)
    }

    /// As [`Store::save`], for a change that causes a webhook: answers with its row.
    ///
    /// # Errors
    /// As [`Store::save`].
    pub async fn save_webhook(&self, change: Change) -> Result<i64, StoreError> {
        self.writer.save(change).await
    }

    /// Writes `change`; its outcome is seen only in the channel of committed changes.
    pub fn submit(&self, change: Change) {
        self.writer.submit(change);
    }

    /// Gives `change` back as failed in the channel of committed changes, in its turn: something
    /// that belongs to it is missing.
    pub fn refuse(&self, change: Change, error: StoreError) {
        self.writer.refuse(change, error);
    }

    /// Writes `change` and calls `then` on the writer's thread when it is durable, or could not be
    /// written: `then` must not wait for anything. An empty change waits for those before it.
    pub fn submit_then(
        &self,
        change: Change,
        then: impl FnOnce(Result<(), StoreError>) + Send + 'static,
    ) {
        self.writer.submit_then(change, Box::new(move |row| then(row.map(drop))));
    }

    /// The sid of a webhook's row.
    pub fn webhook_sid(&self, id: i64) -> WebhookSid {
        WebhookSid::from_parts(exchange::sid::Parts { key: id, tail: self.salt })
    }

    /// The row of a webhook's sid, if this house can have given it.
    pub fn webhook_id(&self, sid: WebhookSid) -> Option<i64> {
        let parts = sid.parts();
        (parts.tail == self.salt).then_some(parts.key)
    }
}

/// Whether the fault of this name is planted: `OFFHOOK_PLANT` names one. The kill loop plants
/// each in turn and must find it.
#[cfg(feature = "planted-faults")]
pub fn planted(name: &str) -> bool {
    static PLANTED: std::sync::OnceLock<Option<String>> = std::sync::OnceLock::new();
    PLANTED.get_or_init(|| std::env::var("OFFHOOK_PLANT").ok()).as_deref() == Some(name)
}
