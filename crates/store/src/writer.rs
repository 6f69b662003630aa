//! The one writer: takes what is waiting as one batch, commits once, then acknowledges.
//!
//! ```text
//! save/submit ──▶ queue ──▶ [ apply · apply · apply ] ──▶ COMMIT ──▶ committed ──▶ acknowledge
//! ```
//!
//! It never waits for a batch to fill. A change that conflicts leaves nothing behind: where its
//! first write conflicts, nothing was written before it. Where a later one does, or the database
//! itself fails (a full disk, say), the batch is rolled back and each half of it is tried, down to
//! a single change: one change's misfortune is not another's.

use crate::cache::Cache;
use crate::lines::Lines;
use crate::redaction::{self, Forgetting};
use crate::{Change, StoreError, Write};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, TransactionBehavior};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use tokio::sync::oneshot;

/// Changes committed at once at most.
const BATCH_MAX: usize = 500;

/// What became of changes, in the order of commits.
#[derive(Debug)]
pub enum Committed {
    /// Durable. Webhooks have their ids.
    Changes(Vec<Change>),
    /// A submitted change that could not be written, with the reason.
    Failed(Box<Change>, StoreError),
}

/// How a change was applied.
enum Applied {
    Whole,
    /// It conflicts, and wrote nothing.
    Nothing,
    /// It conflicts, and wrote something: nothing of the transaction may be kept.
    Something,
}

/// Told how a change went: the row of its first webhook, 0 when it has none.
pub(crate) type Then = Box<dyn FnOnce(Result<i64, StoreError>) + Send>;

struct Order {
    change: Change,
    then: Option<Then>,
    /// Why it is not written: it takes its turn and is refused.
    broken: Option<StoreError>,
}

pub(crate) struct Writer {
    orders: Mutex<Option<Sender<Order>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Writer {
    pub(crate) fn start(
        db: Connection,
        (cache, lines): (Arc<Cache>, Arc<Lines>),
        committed: Box<dyn Fn(Committed) + Send>,
    ) -> Result<Writer, StoreError> {
        let next_webhook: i64 = db.query_row(
            "SELECT max(coalesce((SELECT max(id) FROM webhooks), 0) + 1, \
             coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE name='next_webhook'), 1))",
            [],
            |row| row.get(0),
        )?;
        let (sender, orders) = channel();
        let forgetting = Forgetting::default();
        let bench = Bench { db, next_webhook, forgetting, cache, lines, committed };
        let thread = std::thread::Builder::new()
            .name("store".into())
            .spawn(move || bench.run(&orders))
            .map_err(|error| {
                StoreError::Database(rusqlite::Error::ToSqlConversionFailure(error.into()))
            })?;
        Ok(Writer { orders: Mutex::new(Some(sender)), thread: Mutex::new(Some(thread)) })
    }

    pub(crate) async fn save(&self, change: Change) -> Result<i64, StoreError> {
        #[cfg(feature = "planted-faults")]
        if crate::planted("acknowledge-before-commit") {
            self.submit(change);
            // Whoever uses the row of a webhook it caused gets none.
            return Ok(0);
        }
        let (answer, answered) = oneshot::channel();
        // Whoever saved it may have gone.
        self.submit_then(change, Box::new(move |row| drop(answer.send(row))));
        answered.await.unwrap_or(Err(StoreError::Closed))
    }

    pub(crate) fn submit(&self, change: Change) {
        self.send(Order { change, then: None, broken: None });
    }

    pub(crate) fn submit_then(&self, change: Change, then: Then) {
        self.send(Order { change, then: Some(then), broken: None });
    }

    pub(crate) fn refuse(&self, change: Change, error: StoreError) {
        self.send(Order { change, then: None, broken: Some(error) });
    }

    fn send(&self, order: Order) {
        let orders = self.orders.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        if let Some(sender) = orders.as_ref() {
            // A closed channel drops the order, and with it the answer: the caller sees Closed.
            let _ = sender.send(order);
        }
    }
}

impl Drop for Writer {
    /// Ends the thread after everything accepted so far is committed.
    fn drop(&mut self) {
        drop(self.orders.get_mut().unwrap_or_else(|poisoned| poisoned.into_inner()).take());
        let thread = self.thread.get_mut().unwrap_or_else(|poisoned| poisoned.into_inner()).take();
        if let Some(thread) = thread {
            // A panic in the writer was already printed by the thread itself.
            let _ = thread.join();
        }
    }
}

/// The connection's settings: durable commits, readers that never wait.
pub(crate) fn prepare(db: &Connection, size_bytes_max: Option<u64>) -> Result<(), StoreError> {
    db.busy_timeout(std::time::Duration::from_secs(5))?;
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "synchronous", "FULL")?;
    db.pragma_update(None, "cache_size", -16_384)?;
    db.pragma_update(None, "wal_autocheckpoint", 4000)?;
    db.pragma_update(None, "temp_store", "MEMORY")?;
    db.set_prepared_statement_cache_capacity(128);
    // Plans that do not depend on bound values: otherwise the partial indexes make SQLite prepare
    // the hot statements anew at every execution.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    if let Some(bytes) = size_bytes_max {
        let page_bytes: i64 = db.pragma_query_value(None, "page_size", |row| row.get(0))?;
        let pages = (i64::try_from(bytes).unwrap_or(i64::MAX) / page_bytes).max(1);
        db.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?;
    }
    Ok(())
}

struct Bench {
    db: Connection,
    next_webhook: i64,
    /// Webhooks on their way whose message was redacted; almost always none.
    forgetting: Forgetting,
    cache: Arc<Cache>,
    lines: Arc<Lines>,
    committed: Box<dyn Fn(Committed) + Send>,
}

impl Bench {
    fn run(mut self, orders: &Receiver<Order>) {
        while let Ok(first) = orders.recv() {
            let mut batch = vec![first];
            while batch.len() < BATCH_MAX {
                let Ok(order) = orders.try_recv() else { break };
                batch.push(order);
            }
            if batch.iter().any(|order| order.broken.is_some()) {
                batch = self.without_broken(batch);
            }
            if !batch.is_empty() {
                self.write(batch);
            }
        }
    }

    /// Refuses what came broken; what is left is written.
    fn without_broken(&self, batch: Vec<Order>) -> Vec<Order> {
        let mut whole = Vec::with_capacity(batch.len());
        for mut order in batch {
            match order.broken.take() {
                Some(error) => self.refuse(order, error),
                None => whole.push(order),
            }
        }
        whole
    }

    fn write(&mut self, mut batch: Vec<Order>) {
        if batch.iter().all(|order| order.change.is_empty()) {
            // What they wait for is committed: they were queued after it.
            return self.hand_on(batch, Vec::new());
        }
        match self.commit(&mut batch) {
            Ok(conflicts) => self.hand_on(batch, conflicts),
            Err(_) if batch.len() > 1 => {
                let later = batch.split_off(batch.len() / 2);
                self.write(batch);
                self.write(later);
            }
            Err(error) => self.refuse(batch.remove(0), error),
        }
    }

    /// Applies the batch in one transaction; says for each change whether it conflicted.
    fn commit(&mut self, batch: &mut [Order]) -> Result<Vec<bool>, StoreError> {
        let before = (self.next_webhook, self.forgetting.clone());
        let result = self.apply_all(batch);
        if result.is_err() {
            (self.next_webhook, self.forgetting) = before;
        }
        result
    }

    fn apply_all(&mut self, batch: &mut [Order]) -> Result<Vec<bool>, StoreError> {
        let transaction = self.db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut conflicts = Vec::with_capacity(batch.len());
        for order in batch.iter_mut() {
            let (next, forgetting) = (&mut self.next_webhook, &mut self.forgetting);
            match apply(&transaction, &mut order.change, next, forgetting)? {
                Applied::Whole => conflicts.push(false),
                Applied::Nothing => conflicts.push(true),
                Applied::Something => return Err(StoreError::Conflict),
            }
        }
        let mut writes = batch.iter().flat_map(|order| &order.change.writes);
        // Dropped when the commit is done, one way or the other.
        let _hold = writes.any(|write| self.cache.concerns(write)).then(|| self.cache.hold());
        transaction.commit()?;
        Ok(conflicts)
    }

    fn hand_on(&self, batch: Vec<Order>, conflicts: Vec<bool>) {
        let mut changes = Vec::with_capacity(batch.len());
        let mut answers = Vec::new();
        let mut conflicts = conflicts.into_iter();
        for order in batch {
            if conflicts.next() == Some(true) {
                self.refuse(order, StoreError::Conflict);
                continue;
            }
            let first = order.change.webhooks.first().map_or(0, |webhook| webhook.id);
            answers.extend(order.then.map(|then| (then, first)));
            if !order.change.is_empty() {
                changes.push(order.change);
            }
        }
        if !changes.is_empty() {
            self.lines.follow(changes.iter().flat_map(|change| &change.writes));
            (self.committed)(Committed::Changes(changes));
        }
        for (then, first) in answers {
            then(Ok(first));
        }
    }

    fn refuse(&self, order: Order, error: StoreError) {
        match order.then {
            Some(then) => then(Err(error)),
            None => (self.committed)(Committed::Failed(Box::new(order.change), error)),
        }
    }
}

fn apply(
    db: &Connection,
    change: &mut Change,
    next_webhook: &mut i64,
    forgetting: &mut Forgetting,
) -> Result<Applied, StoreError> {
    for (place, write) in change.writes.iter_mut().enumerate() {
        match apply_one(db, write, next_webhook, forgetting) {
            Ok(()) => {}
            Err(StoreError::Conflict) if place == 0 => return Ok(Applied::Nothing),
            Err(StoreError::Conflict) => return Ok(Applied::Something),
            Err(error) => return Err(error),
        }
    }
    for webhook in &mut change.webhooks {
        webhook.id = *next_webhook;
        *next_webhook += 1;
        crate::webhooks::insert(db, webhook)?;
    }
    if !forgetting.is_empty() {
        forget_again(db, change, forgetting)?;
    }
    Ok(Applied::Whole)
}

fn apply_one(
    db: &Connection,
    write: &mut Write,
    next_webhook: &mut i64,
    forgetting: &mut Forgetting,
) -> Result<(), StoreError> {
    match write {
        Write::RedactMessage { sid, at } => {
            crate::messages::redact(db, *sid, *at)?;
            redaction::forget(db, &redaction::of(db, *sid)?, forgetting)
        }
        Write::DeleteMessage { sid, .. } => {
            let forgotten = redaction::of(db, *sid)?;
            crate::messages::delete(db, *sid)?;
            redaction::forget(db, &forgotten, forgetting)
        }
        Write::LogWebhook(webhook, finish) => {
            webhook.id = *next_webhook;
            finish.id = *next_webhook;
            *next_webhook += 1;
            apply_write(db, write, *next_webhook)
        }
        write => apply_write(db, write, *next_webhook),
    }
}

/// A webhook came home whose message was redacted meanwhile: what it brought goes, too.
fn forget_again(
    db: &Connection,
    change: &Change,
    forgetting: &mut Forgetting,
) -> Result<(), StoreError> {
    for write in &change.writes {
        match write {
            Write::FinishWebhook(finish) => {
                if let Some(forgotten) = forgetting.remove(&finish.id) {
                    redaction::forget(db, &forgotten, forgetting)?;
                }
            }
            Write::Clear => forgetting.clear(),
            _ => {}
        }
    }
    Ok(())
}

fn apply_write(db: &Connection, write: &Write, next_webhook: i64) -> Result<(), StoreError> {
    match write {
        Write::InsertAccount(account) => crate::accounts::insert(db, account),
        Write::UpdateAccount { was, now } | Write::UpdateSettings { was, now } => {
            crate::accounts::update(db, *was, now)
        }
        Write::InsertKey(key) => crate::keys::insert(db, key),
        Write::UpdateKey { sid, friendly_name, policy, at, .. } => {
            crate::keys::update(db, *sid, (friendly_name, policy), *at)
        }
        Write::DeleteKey { sid, .. } => crate::keys::delete(db, *sid),
        Write::PutTestCredentials(test) => crate::keys::put_test(db, test),
        Write::DeleteTestCredentials(account) => crate::keys::delete_test(db, *account),
        Write::InsertNumber(number) => crate::numbers::insert(db, number),
        Write::UpdateNumber { was, now } => crate::numbers::update(db, *was, now),
        Write::DeleteNumber { sid, .. } => crate::numbers::delete(db, *sid),
        Write::InsertApplication(application) => crate::applications::insert(db, application),
        Write::UpdateApplication { was, now } => crate::applications::update(db, *was, now),
        Write::DeleteApplication { sid, .. } => crate::applications::delete(db, *sid),
        Write::InsertBin(bin) => crate::bins::insert(db, bin),
        Write::UpdateBin { was, now } => crate::bins::update(db, *was, now),
        Write::DeleteBin { sid, .. } => crate::bins::delete(db, *sid),
        Write::InsertService(_)
        | Write::UpdateService { .. }
        | Write::DeleteService { .. }
        | Write::InsertSender(_)
        | Write::DeleteSender { .. }
        | Write::PutSticky { .. }
        | Write::PutOptOut { .. }
        | Write::DeleteOptOuts { .. } => apply_to_services(db, write),
        Write::PutHandset(handset) => crate::handsets::put(db, handset),
        Write::InsertMessage(message) => crate::messages::insert(db, message),
        Write::AdvanceMessage { .. } => crate::messages::advance(db, write),
        Write::RedactMessage { .. } | Write::DeleteMessage { .. } => {
            unreachable!("`apply` does them: more than their row changes")
        }
        Write::SetFeedback { sid, feedback, at } => {
            crate::messages::set_feedback(db, *sid, *feedback, *at)
        }
        Write::PutMedia { message, media } => crate::messages::put_media(db, *message, media),
        Write::DeleteMedia { message, media, at } => {
            crate::messages::delete_media(db, *message, *media, *at)
        }
        Write::InsertCall(call) => crate::calls::insert(db, call),
        Write::UpdateCall { was, now, with_plan } => {
            crate::calls::update(db, *was, now, *with_plan)
        }
        Write::DeleteCall { sid, .. } => crate::calls::delete(db, *sid),
        Write::PutTranscript { call, text } => crate::calls::put_transcript(db, *call, text),
        Write::InsertRecording(recording) => crate::recordings::insert(db, recording),
        Write::UpdateRecording(recording) => crate::recordings::update(db, recording),
        Write::DeleteRecording { sid, .. } => crate::recordings::delete(db, *sid),
        Write::LogWebhook(webhook, finish) => crate::webhooks::log(db, webhook, finish),
        Write::FinishWebhook(finish) => crate::webhooks::finish(db, finish),
        Write::ReviveWebhook { id, due } => crate::webhooks::revive(db, *id, *due),
        Write::DeleteWebhooks(ids) => delete_webhooks(db, ids, next_webhook),
        Write::InsertAlert(alert) => crate::alerts::insert(db, alert),
        Write::InsertAudit(entry) => crate::audit::insert(db, entry),
        Write::PutCookies(cookies) => crate::conversations::put(db, cookies),
        Write::PutSeed(seed) => crate::meta::put(db, crate::meta::SEED, seed),
        Write::PutBase(base) => crate::meta::put(db, crate::meta::BASE, base),
        Write::Verify(write) => crate::verify::apply(db, write),
        Write::Sinks(write) => crate::sinks::apply(db, write),
        Write::Chats(write) => crate::chats::apply(db, write),
        Write::Clear => clear(db, next_webhook),
        other => apply_to_world(db, other),
    }
}

/// The newest may go, too: webhooks are numbered on all the same.
fn delete_webhooks(db: &Connection, ids: &[i64], next_webhook: i64) -> Result<(), StoreError> {
    crate::webhooks::delete(db, ids)?;
    number_on(db, next_webhook)
}

fn apply_to_services(db: &Connection, write: &Write) -> Result<(), StoreError> {
    match write {
        Write::InsertService(service) => crate::pools::insert(db, service),
        Write::UpdateService { was, now } => crate::pools::update(db, *was, now),
        Write::DeleteService { sid, .. } => crate::pools::delete(db, *sid),
        Write::InsertSender(sender) => crate::pools::insert_sender(db, sender),
        Write::DeleteSender { sid, .. } => crate::pools::delete_sender(db, *sid),
        Write::PutSticky { service, peer, address } => {
            crate::pools::put_sticky(db, *service, peer, address)
        }
        Write::PutOptOut { account, scope, peer, at } => {
            crate::opt_outs::put(db, (*account, scope, peer), *at)
        }
        Write::DeleteOptOuts { account, scopes, peer } => {
            crate::opt_outs::delete(db, *account, scopes, peer)
        }
        _ => unreachable!("`apply_write` calls this for services and opt-outs only"),
    }
}

fn apply_to_world(db: &Connection, write: &Write) -> Result<(), StoreError> {
    match write {
        Write::InsertCallerId(one) => crate::caller_ids::insert(db, one),
        Write::UpdateCallerId { was, now } => crate::caller_ids::update(db, *was, now),
        Write::DeleteCallerId { sid, .. } => crate::caller_ids::delete(db, *sid),
        Write::InsertValidation(one) => crate::caller_ids::insert_validation(db, one),
        Write::DeleteValidation(call) => crate::caller_ids::delete_validation(db, *call),
        Write::InsertAddress(one) => crate::addresses::insert(db, one),
        Write::UpdateAddress { was, now } => crate::addresses::update(db, *was, now),
        Write::DeleteAddress { sid, .. } => crate::addresses::delete(db, *sid),
        Write::Count(counted) => crate::usage::count(db, counted),
        Write::InsertTrigger(one) => crate::usage::insert_trigger(db, one),
        Write::UpdateTrigger { was, now } => crate::usage::update_trigger(db, *was, now),
        Write::DeleteTrigger { sid, .. } => crate::usage::delete_trigger(db, *sid),
        _ => unreachable!("`apply_write` does all others"),
    }
}

/// Whether exactly one row was written; anything else is a conflict.
pub(crate) fn expect_one(rows: usize) -> Result<(), StoreError> {
    if rows == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}

/// Maps a broken uniqueness to a conflict: somebody else was first.
pub(crate) fn unique(result: rusqlite::Result<usize>) -> Result<(), StoreError> {
    match result {
        Ok(_) => Ok(()),
        Err(error)
            if error.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation) =>
        {
            Err(StoreError::Conflict)
        }
        Err(error) => Err(error.into()),
    }
}

fn clear(db: &Connection, next_webhook: i64) -> Result<(), StoreError> {
    for table in [
        "accounts",
        "keys",
        "test_credentials",
        "caller_ids",
        "validations",
        "addresses",
        "usage",
        "usage_triggers",
        "audit",
        "numbers",
        "applications",
        "bins",
        "bin_versions",
        "handsets",
        "conversations",
        "services",
        "senders",
        "sticky_senders",
        "opt_outs",
        "verify_services",
        "verifications",
        "verify_limits",
        "verify_buckets",
        "verify_uses",
        "sinks",
        "subscriptions",
        "chat_settings",
        "chat_services",
        "chats",
        "chat_participants",
        "chat_messages",
        "chat_texts",
        "chat_hooks",
        "chat_media",
        "messages",
        "calls",
        "recordings",
        "transcripts",
        "webhooks",
        "exchanges",
        "alerts",
    ] {
        db.execute(&format!("DELETE FROM {table}"), [])?;
    }
    number_on(db, next_webhook)
}

/// Notes the next webhook's number: the rows that would tell may be gone.
fn number_on(db: &Connection, next_webhook: i64) -> Result<(), StoreError> {
    db.execute(
        "INSERT OR REPLACE INTO meta (name, value) VALUES ('next_webhook', ?)",
        [next_webhook.to_string()],
    )?;
    Ok(())
}
