//! The switchboard: one thread that owns every live leg.
//!
//! ```text
//!  API, delivery thread ── orders ──▶ ┌────────────────────┐ ◀── due ── clock
//!                                     │ Board: legs,       │
//!  store writer ◀────── submit ────── │ agenda             │ ─▶ tasks: documents, audio, files
//!                                     └────────────────────┘ ◀── home ──┘
//! ```
//!
//! No locks: legs that talk to each other are rows of one map. A leg waits for nothing: what
//! takes time is a task that comes home, or an entry of the agenda. After everything that happens
//! on a leg its script is drained, and legs that were told something by it are drained, too.

use super::begin;
use super::forks::Pasts;
use super::home::Home;
use super::leg::{Leg, Phase};
use super::listen::FRAME;
use super::orders::{Order, Orders};
use super::restart;
use super::turns::Turns;
use crate::clock::{Alarm, Work, poll_once};
use crate::house::House;
use exchange::calls::State;
use exchange::sid::CallSid;
use jiff::Timestamp;
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;
use store::{Change, Write};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;

/// How long a stop waits for documents and recordings that are on their way.
const STOP_WAIT: Duration = Duration::from_secs(4);
/// Steps of one turn at most: legs that tell each other things without an end would be a bug.
const STEPS_MAX: usize = 100_000;

/// The running switchboard.
pub struct Switchboard {
    thread: Option<std::thread::JoinHandle<()>>,
    stop: watch::Sender<bool>,
}

impl Switchboard {
    /// Ends it: every live call ends as after a crash, told and logged. Blocks until it has ended.
    pub fn stop(mut self) {
        let _ = self.stop.send(true);
        if let Some(thread) = self.thread.take() {
            // A panic was printed by the thread itself.
            let _ = thread.join();
        }
    }
}

/// Starts the switchboard of a house.
///
/// # Errors
/// When the operating system gives no thread.
pub fn start(house: Arc<House>, orders: Orders) -> std::io::Result<Switchboard> {
    let (stop, stopped) = watch::channel(false);
    let busy = house.clock.work();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let thread = std::thread::Builder::new().name("calls".into()).spawn(move || {
        let local = tokio::task::LocalSet::new();
        local.block_on(&runtime, Board::new(house, busy).run(orders, stopped));
    })?;
    Ok(Switchboard { thread: Some(thread), stop })
}

/// Live legs. Their sids are made here, so nobody outside can choose ones that collide; and a turn
/// looks its leg up a dozen times.
type Legs = HashMap<CallSid, Box<Leg>, foldhash::fast::FixedState>;

/// Everything the thread knows.
pub(super) struct Board {
    pub(super) house: Arc<House>,
    pub(super) legs: Legs,
    /// Calls made by the board itself: their commit begins nothing.
    pub(super) made_here: HashSet<CallSid>,
    /// Lines in use, by handset.
    lines: HashMap<String, u32>,
    /// Legs that somebody listens to: as long as there are some, the board ticks.
    pub(super) listeners: usize,
    /// Legs whose scripts have something to say.
    ready: VecDeque<CallSid>,
    /// What this turn has decided so far.
    turn: Change,
    agenda: BTreeMap<(Timestamp, u64), CallSid>,
    next_item: u64,
    /// What is kept of calls that are over, so that they can be forked.
    pub(super) pasts: Pasts,
    /// How many asks there may be at once.
    pub(super) turns: Turns,
    home: UnboundedSender<Home>,
    coming: UnboundedReceiver<Home>,
    /// Rung when everything is forgotten: what tasks do then is nobody's business.
    cleared: watch::Sender<()>,
    /// Held through a turn: virtual time stands still.
    busy: Option<Work>,
}

impl Board {
    fn new(house: Arc<House>, busy: Work) -> Board {
        let (home, coming) = unbounded_channel();
        Board {
            house,
            legs: Legs::default(),
            made_here: HashSet::new(),
            lines: HashMap::new(),
            listeners: 0,
            ready: VecDeque::new(),
            turn: Change::default(),
            agenda: BTreeMap::new(),
            next_item: 0,
            pasts: Pasts::default(),
            turns: Turns::new(),
            home,
            coming,
            cleared: watch::Sender::new(()),
            busy: Some(busy),
        }
    }

    async fn run(mut self, mut orders: Orders, mut stopped: watch::Receiver<bool>) {
        let mut alarm: (Option<Timestamp>, Alarm) = (None, Box::pin(std::future::pending()));
        let mut ticks = tokio::time::interval(FRAME);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            self.settle();
            let due = self.agenda.keys().next().map(|(due, _)| *due);
            if due != alarm.0 {
                alarm = self.alarm(due);
                // The first poll tells the clock of the deadline, before any token is given back.
                if let Some(work) = poll_once(&mut alarm.1).await {
                    self.busy = Some(work);
                    self.run_agenda();
                    alarm = (None, Box::pin(std::future::pending()));
                    continue;
                }
            }
            // What was in hand is done, and every deadline of it is known.
            self.busy = None;
            tokio::select! {
                biased;
                order = orders.0.recv() => {
                    let Some((order, work)) = order else { break };
                    self.busy = Some(work);
                    self.take(order);
                }
                Some(home) = self.coming.recv() => {
                    self.busy = Some(self.house.clock.work());
                    self.come_home(home);
                }
                work = &mut alarm.1 => {
                    alarm = (None, Box::pin(std::future::pending()));
                    self.busy = Some(work);
                    self.run_agenda();
                }
                _ = ticks.tick(), if self.listeners > 0 => self.tick(),
                _ = stopped.changed() => break,
            }
        }
        self.close().await;
    }

    fn alarm(&self, due: Option<Timestamp>) -> (Option<Timestamp>, Alarm) {
        let Some(due) = due else { return (None, Box::pin(std::future::pending())) };
        let clock = self.house.clock.clone();
        (Some(due), Box::pin(async move { clock.sleep_until(due).await }))
    }

    /// The house closes: every call ends as after a crash, and documents on their way have a
    /// moment.
    async fn close(&mut self) {
        let sids: Vec<CallSid> = self.legs.keys().copied().collect();
        for sid in sids {
            let Some(leg) = self.legs.get(&sid).filter(|leg| leg.phase != Phase::Over) else {
                continue;
            };
            // It stays queued, and the next start takes it up.
            if leg.phase == Phase::Waiting {
                self.legs.remove(&sid);
                continue;
            }
            let state = restart::state_of_lost(&leg.call);
            self.remark(sid, restart::lost_call());
            self.end(sid, state, None);
        }
        self.settle();
        let home = async {
            while !self.legs.is_empty() {
                let Some(home) = self.coming.recv().await else { return };
                self.come_home(home);
                self.settle();
            }
        };
        // What is still out then is a call that the next start ends.
        let _ = tokio::time::timeout(STOP_WAIT, home).await;
        // Orders are answered when they are kept.
        tokio::task::yield_now().await;
    }

    fn take(&mut self, order: Order) {
        match order {
            Order::Begin(call) => {
                if !self.made_here.remove(&call.sid) {
                    begin::begin(self, *call);
                }
            }
            Order::Person(person, did, reply) => self.person(&person, did, reply),
            Order::Update(sid, update, reply) => self.update(sid, *update, reply),
            Order::Record(sid, plan, reply) => self.record(sid, *plan, reply),
            Order::UpdateRecording(call, sid, update, reply) => {
                self.update_recording(call, sid, update, reply);
            }
            Order::Transcript(sid, reply) => {
                let leg = self.legs.get(&sid).ok_or(super::CallError::NotLive);
                // Whoever asked may have gone.
                let _ = reply.send(leg.map(|leg| leg.transcript()));
            }
            Order::Listen(sid, reply) => self.listen(sid, reply),
            Order::Past(sid, reply) => self.past(sid, reply),
            Order::Fork(fork, did, reply) => self.fork(*fork, did, reply),
            Order::Messages(sid, order) => self.messages(sid, order),
            Order::Silence(account) => self.silence_account(account),
            Order::NotMade(sid) => {
                self.made_here.remove(&sid);
                self.end(sid, State::Failed, None);
            }
            Order::Clear(told) => {
                self.clear();
                // A reset that was given up needs no answer.
                let _ = told.send(());
            }
        }
    }

    /// Everything is forgotten, and what is on its way with it. Calls that this board has made and
    /// whose commit is still to come stay in `made_here`: it must begin nothing.
    fn clear(&mut self) {
        self.legs.clear();
        self.lines.clear();
        self.listeners = 0;
        self.agenda.clear();
        self.ready.clear();
        self.pasts.clear();
        self.turn = Change::default();
        self.cleared.send_replace(());
        while self.coming.try_recv().is_ok() {}
    }

    /// A leg is there from now on; a handset at its other end has a line less.
    pub(super) fn add(&mut self, leg: Leg) {
        if let Some(handset) = leg.handset().filter(|_| leg.phase != Phase::Waiting) {
            self.use_line(handset);
        }
        self.legs.insert(leg.call.sid, Box::new(leg));
    }

    /// A handset has a line less.
    pub(super) fn use_line(&mut self, handset: &str) {
        *self.lines.entry(handset.to_owned()).or_default() += 1;
    }

    /// Lines of a handset that are in use.
    pub(super) fn lines(&self, handset: &str) -> u32 {
        self.lines.get(handset).copied().unwrap_or(0)
    }

    /// A handset has a line more.
    pub(super) fn free_line(&mut self, handset: &str) {
        if let Some(lines) = self.lines.get_mut(handset) {
            *lines = lines.saturating_sub(1);
            if *lines == 0 {
                self.lines.remove(handset);
            }
        }
    }

    /// Sends a task on its way; it ends when everything is forgotten.
    pub(super) fn errand(&self, task: impl Future<Output = ()> + 'static) {
        let mut cleared = self.cleared.subscribe();
        // Some tasks are kilobytes long; in a box they are moved once.
        let mut task = Box::pin(task);
        tokio::task::spawn_local(async move {
            tokio::select! {
                biased;
                _ = cleared.changed() => {}
                () = &mut task => {}
            }
        });
    }

    /// Sends something home that a task has finished.
    pub(super) fn home(&self) -> UnboundedSender<Home> {
        self.home.clone()
    }

    /// House time.
    pub(super) fn now(&self) -> Timestamp {
        self.house.now()
    }

    /// A leg's script may have something to say.
    pub(super) fn wake(&mut self, sid: CallSid) {
        let Some(leg) = self.legs.get_mut(&sid) else { return };
        if !std::mem::replace(&mut leg.is_ready, true) {
            self.ready.push_back(sid);
        }
    }

    /// What follows from something that happened is one change: it is kept, or nothing of it.
    pub(super) fn submit(&mut self, change: Change) {
        self.turn.append(change);
    }

    /// The turn is over: its change goes to the store.
    pub(super) fn keep(&mut self) {
        let change = std::mem::take(&mut self.turn);
        if !change.is_empty() {
            self.house.submit(change);
        }
    }

    /// Drains every script that has something to say, then tidies up and keeps what was decided.
    pub(super) fn settle(&mut self) {
        self.drain_all();
        self.keep();
    }

    fn drain_all(&mut self) {
        for _ in 0..STEPS_MAX {
            let Some(sid) = self.ready.pop_front() else { return };
            self.with(sid, |leg| leg.is_ready = false);
            self.drain(sid);
            self.submit_remarks(sid);
            self.plan(sid);
            self.dismiss(sid);
        }
        tracing::error!("legs keep telling each other things; they are ended");
        for sid in std::mem::take(&mut self.ready) {
            self.with(sid, |leg| leg.is_ready = false);
            self.hang_up(sid);
        }
    }

    /// Gives a leg its place in the agenda.
    fn plan(&mut self, sid: CallSid) {
        let Some(leg) = self.legs.get_mut(&sid) else { return };
        let due = leg.due();
        if leg.scheduled.map(|(due, _)| due) == due {
            return;
        }
        if let Some(entry) = leg.scheduled.take() {
            self.agenda.remove(&entry);
        }
        if let Some(due) = due {
            let entry = (due, self.next_item);
            self.next_item += 1;
            leg.scheduled = Some(entry);
            self.agenda.insert(entry, sid);
        }
    }

    /// A leg of which nothing will come any more leaves; its transcript is kept.
    fn dismiss(&mut self, sid: CallSid) {
        if !self.legs.get(&sid).is_some_and(|leg| leg.is_done()) {
            return;
        }
        let log = self.forget_script(sid);
        let Some(mut leg) = self.legs.remove(&sid) else { return };
        if let Some(entry) = leg.scheduled.take() {
            self.agenda.remove(&entry);
        }
        self.listeners -= usize::from(leg.listener.take().is_some());
        let transcript = Write::PutTranscript { call: sid, text: leg.text() };
        self.submit(Change::one(transcript));
        self.remember(*leg, log);
    }

    fn run_agenda(&mut self) {
        let now = self.now();
        while let Some(entry) = self.agenda.first_entry() {
            if entry.key().0 > now {
                return;
            }
            let sid = entry.remove();
            if let Some(leg) = self.legs.get_mut(&sid) {
                leg.scheduled = None;
            }
            self.come_due(sid, now);
            self.wake(sid);
            // One leg's deadlines may change another's: each is settled before the next is run.
            self.settle();
        }
    }
}
