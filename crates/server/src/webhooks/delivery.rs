//! The delivery thread: every committed change passes here, and every webhook leaves from here.
//!
//! ```text
//!              committed ┌────────────────────────┐  due
//! store writer ─────────▶│ Actor: destinations,   │◀────── clock
//!                        │ agenda, signers        │
//! store writer ◀─────────│                        │──────▶ one task per exchange ─▶ client
//!                submit  └────────────────────────┘ ◀───────────────── outcome
//! ```
//!
//! One thread, one owner of all bookkeeping, no locks. An exchange on its way holds no connection
//! of the database. What a finish commits comes back as a committed change: only then is the next
//! of its lane sent. Rows it never got to stay `waiting`; the next start takes them up.

mod messages;

use super::destinations::{Destinations, Job, Standing};
use super::exchange::{self, Signer};
use super::fetching::{Fetched, Fetching};
use super::finish::{self, Done};
use super::happened;
use super::meter::Meter;
use super::paced::Paced;
use super::pools::Pools;
use crate::clock::{Alarm, Work, poll_once};
use crate::house::House;
use crate::validations;
use ::exchange::calls::is_final;
use ::exchange::calls::recordings::RecordingStatus;
use ::exchange::messages::{Direction, State};
use ::exchange::sid::{AccountSid, MessageSid};
use ::exchange::webhooks::cookies::Jar;
use ::exchange::webhooks::retry::{self, ORDER_HOLD_SECONDS};
use ::exchange::webhooks::{Finish, Kind, Purpose, Status, Webhook};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use store::{Change, ChatWrite, Committed, Destination, StoreError, Write};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::watch;
use tokio::task::AbortHandle;

/// How long a stop waits for exchanges on their way (DESIGN: within 10 s for everything).
const STOP_WAIT: Duration = Duration::from_secs(5);
/// Pause before a finish that could not be written is written again (a full disk, say).
const WRITE_AGAIN: Duration = Duration::from_millis(500);
/// Messages read at once: after a restart, or when scheduled ones are due.
const MOVING_PAGE: u64 = 1000;
/// Deadlines held in memory; what has no room waits in the store until half of them are gone.
const AGENDA_MAX: usize = 200_000;
/// Committed batches taken before sending goes on.
const BATCHES_MAX: usize = 64;

/// The running delivery thread.
pub struct Delivery {
    thread: Option<std::thread::JoinHandle<()>>,
    stop: watch::Sender<bool>,
}

impl Delivery {
    /// Ends it: exchanges on their way have a few seconds, everything else waits in the store.
    /// Blocks until it has ended.
    pub fn stop(mut self) {
        let _ = self.stop.send(true);
        if let Some(thread) = self.thread.take() {
            // A panic was printed by the thread itself.
            let _ = thread.join();
        }
    }
}

/// Starts the delivery thread of a house.
///
/// # Errors
/// When the operating system gives no thread.
pub fn start(
    house: Arc<House>,
    committed: UnboundedReceiver<Committed>,
) -> std::io::Result<Delivery> {
    let (stop, stopped) = watch::channel(false);
    // Until the thread has taken up what an earlier life left, the house is not quiet.
    let busy = house.clock.work();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let thread = std::thread::Builder::new().name("webhooks".into()).spawn(move || {
        let local = tokio::task::LocalSet::new();
        local.block_on(&runtime, Actor::new(house, busy).run(committed, stopped));
        // Tasks still on their way are dropped here; their rows are waiting still.
    })?;
    Ok(Delivery { thread: Some(thread), stop })
}

/// Something that has its time.
enum Item {
    /// A webhook's next exchange, by its row.
    Send(i64),
    /// A lane stops waiting for a failing webhook.
    Overtake(i64),
    /// The handset decides about a message, or its service picks a sender.
    Carry(MessageSid),
    /// Scheduled messages are due.
    Scheduled,
}

/// What has to be read from the store again when the agenda has room.
#[derive(Default)]
struct Missed {
    destinations: HashSet<Destination>,
    messages: bool,
}

struct Actor {
    house: Arc<House>,
    destinations: Destinations,
    signers: HashMap<AccountSid, Rc<Signer>>,
    agenda: BTreeMap<(Timestamp, u64), Item>,
    next_item: u64,
    /// What had no room in the agenda.
    missed: Missed,
    /// When scheduled messages are looked for next: one item for all of them.
    next_scheduled: Option<Timestamp>,
    pools: Pools,
    meter: Meter,
    done: UnboundedSender<Done>,
    outcomes: UnboundedReceiver<Done>,
    paced: Paced,
    fetching: Fetching,
    fetched: UnboundedReceiver<Fetched>,
    /// Exchanges on their way, by row: a reset ends them.
    exchanges: HashMap<i64, AbortHandle>,
    /// Held while something can be sent: virtual time stands still.
    busy: Option<Work>,
}

impl Actor {
    fn new(house: Arc<House>, busy: Work) -> Actor {
        let (done, outcomes) = unbounded_channel();
        let (home, fetched) = unbounded_channel();
        Actor {
            house,
            destinations: Destinations::default(),
            signers: HashMap::new(),
            agenda: BTreeMap::new(),
            next_item: 0,
            missed: Missed::default(),
            next_scheduled: None,
            pools: Pools::default(),
            meter: Meter::default(),
            done,
            outcomes,
            paced: Paced::default(),
            fetching: Fetching::new(home),
            fetched,
            exchanges: HashMap::new(),
            busy: Some(busy),
        }
    }

    async fn run(
        mut self,
        mut committed: UnboundedReceiver<Committed>,
        mut stopped: watch::Receiver<bool>,
    ) {
        self.take_up();
        let mut alarm: (Option<Timestamp>, Alarm) = (None, Box::pin(std::future::pending()));
        loop {
            self.send_what_may_go();
            let due = self.agenda.keys().next().map(|(due, _)| *due);
            if due != alarm.0 {
                let clock = self.house.clock.clone();
                alarm = match due {
                    Some(due) => (Some(due), Box::pin(async move { clock.sleep_until(due).await })),
                    None => (None, Box::pin(std::future::pending())),
                };
                // The first poll tells the clock of the deadline, before any token is given back.
                if let Some(work) = poll_once(&mut alarm.1).await {
                    self.busy = Some(work);
                    self.run_agenda();
                    // It has gone off and may not be asked again.
                    alarm = (None, Box::pin(std::future::pending()));
                    continue;
                }
            }
            // From here to the next turn's end something is in hand whenever this is held: what
            // a change causes is on its way, and its deadlines are known, before time may move.
            self.busy = self
                .destinations
                .has_ready()
                .then(|| self.busy.take().unwrap_or_else(|| self.house.clock.work()));
            tokio::select! {
                biased;
                batch = committed.recv() => {
                    let Some(batch) = batch else { return };
                    self.is_busy();
                    self.take(batch);
                    for _ in 1..BATCHES_MAX {
                        let Ok(batch) = committed.try_recv() else { break };
                        self.take(batch);
                    }
                }
                Some(done) = self.outcomes.recv() => {
                    self.is_busy();
                    self.finish(done);
                    while let Ok(done) = self.outcomes.try_recv() {
                        self.finish(done);
                    }
                }
                Some(fetched) = self.fetched.recv() => {
                    self.is_busy();
                    self.has_fetched(fetched);
                }
                work = &mut alarm.1 => {
                    alarm = (None, Box::pin(std::future::pending()));
                    self.busy = Some(work);
                    self.run_agenda();
                }
                _ = stopped.changed() => break,
            }
        }
        self.drain(committed).await;
    }

    /// After the order to stop: lets exchanges on their way come home and commits them.
    async fn drain(&mut self, mut committed: UnboundedReceiver<Committed>) {
        let home = async {
            while !self.destinations.is_idle() || !self.fetching.is_idle() {
                tokio::select! {
                    Some(batch) = committed.recv() => self.take(batch),
                    Some(done) = self.outcomes.recv() => self.finish(done),
                    Some(fetched) = self.fetched.recv() => self.has_fetched(fetched),
                }
            }
        };
        // Whatever is still out when the wait ends is sent again at the next start.
        let _ = tokio::time::timeout(STOP_WAIT, home).await;
    }

    /// What an earlier life of the house left: rows that wait, messages on their way.
    fn take_up(&mut self) {
        match self.house.store.waiting_destinations() {
            Ok(all) => all.into_iter().for_each(|one| self.destinations.add_backlog(one, 0)),
            Err(error) => tracing::error!(%error, "waiting webhooks can't be read"),
        }
        self.take_up_messages();
        match self.house.store.handsets() {
            Ok(all) => all.iter().for_each(|handset| self.take_up_unread(handset)),
            Err(error) => tracing::error!(%error, "handsets can't be read"),
        }
        self.send_scheduled();
        self.read_meter();
    }

    /// Reads again what had no room in the agenda, once half of it is free.
    fn take_up_missed(&mut self) {
        if self.agenda.len() > AGENDA_MAX / 2 {
            return;
        }
        let missed = std::mem::take(&mut self.missed);
        for destination in missed.destinations {
            self.destinations.add_backlog(destination, 0);
        }
        if missed.messages {
            self.take_up_messages();
        }
    }

    fn send_what_may_go(&mut self) {
        self.take_up_missed();
        for backlog in self.destinations.wanting() {
            let room = backlog.room as u64;
            match self.house.store.waiting(&backlog.destination, backlog.after, room) {
                Ok(rows) => {
                    #[cfg(feature = "planted-faults")]
                    let rows = with_new_tokens(&self.house, rows);
                    let now = self.house.now();
                    let stands = |row: &Webhook| standing(row, now);
                    for (webhook, holds) in self.destinations.loaded(&backlog, rows, stands) {
                        let until = retry::holds_until(webhook.failures, webhook.due);
                        if let Some(until) = until.filter(|_| holds) {
                            self.schedule(until, Item::Overtake(webhook.id));
                        }
                        self.delay(&webhook, webhook.due);
                    }
                }
                Err(error) => tracing::error!(%error, "waiting webhooks can't be read"),
            }
        }
        while let Some(job) = self.destinations.start() {
            self.send(job);
        }
    }

    fn send(&mut self, job: Job) {
        let id = job.webhook.id;
        let signer = match self.signer(job.webhook.account) {
            Ok(signer) => signer,
            Err(error) => {
                tracing::error!(%error, webhook = id, "its account can't be read; sent again");
                return self.again(&job.webhook);
            }
        };
        let form = job.webhook.form();
        let cookies = finish::cookies(&self.house, &job.webhook, &form);
        let cookies_before = cookies.as_ref().map(Jar::to_text);
        let (house, done) = (self.house.clone(), self.done.clone());
        let work = house.clock.work();
        house.set_running(id, true);
        // It is kilobytes long; in a box it is moved once.
        let exchange = tokio::task::spawn_local(Box::pin(async move {
            let begun_us = house.clock.wire_us();
            let outcome = exchange::run(&house, &signer, (&job.webhook, &form), cookies).await;
            // The actor is gone only when the house is; the row waits for its next start.
            let _ = done.send(Done { job, form, outcome, begun_us, cookies_before, work });
        }));
        self.exchanges.insert(id, exchange.abort_handle());
    }

    fn signer(&mut self, account: AccountSid) -> Result<Rc<Signer>, StoreError> {
        if let Some(known) = self.signers.get(&account) {
            return Ok(known.clone());
        }
        let signer = Rc::new(Signer::new(self.house.account(account)?));
        self.signers.insert(account, signer.clone());
        Ok(signer)
    }

    /// An exchange came home: its outcome and all that follows become one change.
    fn finish(&mut self, done: Done) {
        let id = done.job.webhook.id;
        if self.exchanges.remove(&id).is_none() {
            // It came home when the house had been reset: it is of before.
            return;
        }
        self.house.set_running(id, false);
        self.destinations.off_wire(id);
        let about = &done.job.webhook;
        if (about.kind, about.purpose) == (Kind::Ask, Purpose::Conversation) {
            return self.finish_said(done);
        }
        let decided = self
            .signer(done.job.webhook.account)
            .and_then(|signer| finish::change(&self.house, &signer, &done));
        match decided {
            Ok(change) => {
                self.house.submit(change);
                drop(done.work);
            }
            Err(error) => {
                tracing::error!(%error, webhook = id, "its outcome can't be decided; sent again");
                self.again(&done.job.webhook);
            }
        }
    }

    /// The same for an ask about what is said in a conversation: it takes its place there, one
    /// after another.
    fn finish_said(&mut self, done: Done) {
        let signer = match self.signer(done.job.webhook.account) {
            Ok(signer) => signer,
            Err(error) => {
                tracing::error!(%error, "its account can't be read; sent again");
                return self.again(&done.job.webhook);
            }
        };
        let (house, resets) = (self.house.clone(), self.house.resets());
        tokio::task::spawn_local(async move {
            let decide = || Ok((finish::change(&house, &signer, &done)?, ()));
            while house.resets() == resets {
                let Err(error) = house.decide::<(), StoreError>(decide).await else { return };
                let id = done.job.webhook.id;
                tracing::warn!(%error, webhook = id, "its finish could not be written; written again");
                tokio::time::sleep(WRITE_AGAIN).await;
            }
        });
    }

    /// Sends a webhook once more in a second: the house itself was in trouble.
    fn again(&mut self, webhook: &Webhook) {
        self.destinations.committed(webhook.id, true);
        self.delay(webhook, self.house.now() + SignedDuration::from_secs(1));
    }

    fn schedule(&mut self, due: Timestamp, item: Item) {
        self.agenda.insert((due, self.next_item), item);
        self.next_item += 1;
    }

    /// Puts a webhook's next exchange on the agenda, or leaves it to the store.
    fn delay(&mut self, webhook: &Webhook, due: Timestamp) {
        if self.agenda.len() >= AGENDA_MAX {
            self.missed.destinations.insert(self.destinations.forget(webhook));
            return;
        }
        self.destinations.note_delayed(webhook.id);
        self.schedule(due, Item::Send(webhook.id));
    }

    /// Keeps time standing until the turn of the loop is over.
    fn is_busy(&mut self) {
        self.busy.get_or_insert_with(|| self.house.clock.work());
    }

    fn run_agenda(&mut self) {
        let now = self.house.now();
        while let Some(entry) = self.agenda.first_entry() {
            if entry.key().0 > now {
                return;
            }
            match entry.remove() {
                Item::Send(id) => {
                    let Some(webhook) = self.row(id, Item::Send(id)) else { continue };
                    let late = webhook.kind == Kind::Tell
                        && webhook.failures > 0
                        && !self.destinations.is_waited_for(&webhook);
                    self.destinations.add_due(webhook, late);
                }
                Item::Overtake(id) => {
                    let Some(webhook) = self.row(id, Item::Overtake(id)) else { continue };
                    self.destinations.overtake(&webhook);
                }
                Item::Carry(sid) => self.carry_by_sid(sid),
                Item::Scheduled => self.send_scheduled(),
            }
        }
    }

    /// The row of an item, if it waits still; a row that can't be read has its item again soon.
    fn row(&mut self, id: i64, item: Item) -> Option<Webhook> {
        match self.house.store.webhook(id) {
            Ok(entry) => entry.filter(|e| e.status == Status::Waiting).map(|e| e.webhook),
            Err(error) => {
                tracing::error!(%error, webhook = id, "it can't be read");
                self.schedule(self.house.now() + SignedDuration::from_secs(1), item);
                None
            }
        }
    }

    fn take(&mut self, committed: Committed) {
        match committed {
            Committed::Changes(changes) => {
                happened::publish(&self.house, &self.destinations, &changes);
                for change in changes {
                    self.take_change(change);
                }
            }
            Committed::Failed(change, error) => self.take_failed(*change, &error),
        }
    }

    fn take_change(&mut self, mut change: Change) {
        for write in std::mem::take(&mut change.writes) {
            match write {
                Write::FinishWebhook(finish) => self.finished(&finish),
                Write::InsertMessage(message) if message.direction != Direction::Inbound => {
                    match (message.state, message.send_at) {
                        (State::Queued | State::Accepted, _) => self.carry(&message),
                        (State::Scheduled, Some(due)) => self.wake_for_scheduled(due),
                        _ => {}
                    }
                }
                Write::AdvanceMessage { sid, to: State::Queued, .. } => self.carry_by_sid(sid),
                Write::AdvanceMessage { sid, .. } => self.paced.over(sid),
                Write::PutHandset(handset) => self.take_up_unread(&handset),
                Write::PutSticky { service, peer, .. } => self.pools.settled(service, &peer),
                Write::Count(counted) => {
                    let noted = self.meter.counted(&self.house, counted.account, counted.category);
                    told("triggers of usage can't be read", noted);
                }
                Write::InsertTrigger(_)
                | Write::UpdateTrigger { .. }
                | Write::DeleteTrigger { .. } => self.read_meter(),
                Write::UpdateCall { now, .. } => {
                    let ended = validations::call_ended(&self.house, &now);
                    told("a verification can't be read", ended);
                }
                Write::UpdateAccount { now, .. } | Write::UpdateSettings { now, .. } => {
                    self.signers.remove(&now.sid);
                }
                Write::ReviveWebhook { id, .. } => match self.house.store.webhook(id) {
                    Ok(Some(entry)) => self.destinations.revive(entry.webhook),
                    Ok(None) => {}
                    Err(error) => tracing::error!(%error, webhook = id, "it can't be read"),
                },
                Write::Clear => self.clear(),
                _ => {}
            }
        }
        for webhook in std::mem::take(&mut change.webhooks) {
            self.destinations.add(webhook);
        }
        // The change's ticket is dropped here, when all it caused has been taken up.
    }

    /// Everything of before is gone: nothing of it may go out any more, nor be taken up when it
    /// comes home. A finish that is written already meets no row.
    fn clear(&mut self) {
        for (_, exchange) in self.exchanges.drain() {
            exchange.abort();
        }
        self.destinations.clear();
        self.agenda.clear();
        self.fetching.clear();
        self.paced.clear();
        self.next_scheduled = None;
        self.pools.clear();
        self.signers.clear();
        self.read_meter();
        self.house.forget();
    }

    fn read_meter(&mut self) {
        told("triggers of usage can't be read", self.meter.read(&self.house));
    }

    fn finished(&mut self, finish: &Finish) {
        let again = finish.status == Status::Waiting;
        self.destinations.committed(finish.id, again);
        if !again {
            return;
        }
        let entry = match self.house.store.webhook(finish.id) {
            Ok(Some(entry)) => entry,
            Ok(None) => return,
            Err(error) => return tracing::error!(%error, webhook = finish.id, "it can't be read"),
        };
        if finish.failures == 1 {
            let until = self.house.now() + SignedDuration::from_secs(ORDER_HOLD_SECONDS);
            self.schedule(until, Item::Overtake(finish.id));
        }
        self.delay(&entry.webhook, finish.due);
    }

    /// A finish that met no waiting row belongs to a house that was reset; any other trouble is
    /// the disk's, and the finish is written again. An advance that conflicts lost to another.
    fn take_failed(&mut self, change: Change, error: &StoreError) {
        for write in &change.writes {
            if let Write::PutSticky { service, peer, .. } = write {
                self.pools.settled(*service, peer);
            }
        }
        let Some(Write::FinishWebhook(finish)) = change.writes.first() else {
            return self.take_unwritten(change, error);
        };
        let id = finish.id;
        if matches!(error, StoreError::Conflict) {
            self.destinations.committed(id, false);
            return;
        }
        tracing::warn!(%error, webhook = id, "its finish could not be written; written again");
        self.write_again(change, error);
    }

    fn take_unwritten(&mut self, change: Change, error: &StoreError) {
        if matches!(error, StoreError::Conflict) {
            // Another message took its place in the conversation: the text is taken up again.
            if change.writes.iter().any(is_said) {
                self.carry_again(&change);
            }
            return;
        }
        let is_whole = matches!(error, StoreError::Untold(_)) && !change.writes.iter().any(is_step);
        if is_whole || change.writes.iter().any(is_last) {
            tracing::warn!(%error, "a change could not be written; written again");
            return self.write_again(change, error);
        }
        tracing::error!(%error, "a change could not be written");
        self.carry_again(&change);
    }

    /// Tries to write a change once more, a little later; what is of before a reset is dropped.
    fn write_again(&self, change: Change, error: &StoreError) {
        let house = self.house.clone();
        let resets = house.resets();
        let untold = matches!(error, StoreError::Untold(_));
        tokio::task::spawn_local(async move {
            tokio::time::sleep(WRITE_AGAIN).await;
            match house.resets() == resets {
                // It is asked again who is told of it.
                true if untold => house.submit(change),
                true => house.store.submit(change),
                false => {}
            }
        });
    }
}

/// The fault that a restart forgets which events it told already.
#[cfg(feature = "planted-faults")]
fn with_new_tokens(house: &House, mut rows: Vec<Webhook>) -> Vec<Webhook> {
    if store::planted("no-token-reuse") {
        rows.iter_mut().for_each(|row| row.token = house.ids.token());
    }
    rows
}

/// Says what could not be read; what depends on it comes with the next change or start.
fn told(what: &'static str, read: Result<(), StoreError>) {
    if let Err(error) = read {
        tracing::error!(%error, "{what}");
    }
}

/// How a row from the store stands with time.
fn standing(row: &Webhook, now: Timestamp) -> Standing {
    let holds = retry::holds_until(row.failures, row.due).is_some_and(|until| until > now);
    if row.due <= now {
        Standing::Due { late: row.failures > 0 && row.kind == Kind::Tell && !holds }
    } else {
        Standing::Delayed { holds }
    }
}

/// Whether who made it makes it again, or was told that it is not made.
fn is_step(write: &Write) -> bool {
    matches!(write, Write::AdvanceMessage { .. } | Write::InsertCall(_))
}

/// Whether it says something in a conversation.
fn is_said(write: &Write) -> bool {
    matches!(write, Write::Chats(ChatWrite::InsertMessage(_)))
}

/// Whether a write is the last that is made of something: nothing that was written later can be
/// undone by writing it again.
fn is_last(write: &Write) -> bool {
    match write {
        Write::UpdateCall { now, .. } => is_final(now.state),
        Write::UpdateRecording(recording) => {
            !matches!(recording.status, RecordingStatus::InProgress | RecordingStatus::Paused)
        }
        Write::LogWebhook(..) | Write::PutTranscript { .. } => true,
        _ => false,
    }
}
