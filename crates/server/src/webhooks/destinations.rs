//! Who may be asked or told next: destinations, lanes and their limits. Pure bookkeeping.
//!
//! ```text
//! destination (account, host, ask|tell)
//!   ├─ ready   first of each lane, in the order of commits ──▶ on the wire, so many at once
//!   └─ lanes   the tells of one resource to one URL: the next is ready when the one before is
//!              finished and committed, or has been waited for long enough
//! ```
//!
//! Asks have no lanes: each stands alone. What does not fit in memory stays in the store, and is
//! loaded in the order of commits when there is room; a row that was loaded is never loaded twice.
//! Used by the delivery thread only; it knows no clock, no store and no network.

use exchange::sid::AccountSid;
use exchange::webhooks::{Kind, Webhook};
use std::collections::hash_map::DefaultHasher;
use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::{BuildHasherDefault, Hash, Hasher};
use store::{Destination, host_of};

/// Requests at once to one destination.
pub const WIRE_PER_DESTINATION_MAX: usize = 64;
/// Requests at once of one account, over all its destinations.
pub const WIRE_PER_ACCOUNT_MAX: usize = 256;
/// Requests at once of the house.
pub const WIRE_MAX: usize = 1024;
/// Sent and not yet committed, for one destination: bounds what a kill can make happen twice.
pub const UNCOMMITTED_MAX: usize = 256;
/// Webhooks of one destination held in memory; the rest waits in the store.
pub const HELD_PER_DESTINATION_MAX: usize = 2000;

/// A webhook that may be sent now.
#[derive(Debug)]
pub struct Job {
    /// What to send.
    pub webhook: Webhook,
    /// It was overtaken by later ones of its lane.
    pub late: bool,
}

/// Where the next load of a destination has to go on.
#[derive(Debug, PartialEq, Eq)]
pub struct Backlog {
    /// Whose.
    pub destination: Destination,
    /// After this row.
    pub after: i64,
    /// So many at most.
    pub room: usize,
}

/// How a row that was loaded stands with time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Its time has come.
    Due {
        /// Its lane stopped waiting for it before.
        late: bool,
    },
    /// Its time has not come.
    Delayed {
        /// Its lane waits for it.
        holds: bool,
    },
}

/// A destination's place in the list of places: found once per webhook, then passed on.
type Slot = usize;

struct Place {
    destination: Destination,
    ready: VecDeque<Job>,
    lanes: HashMap<u64, Lane, Direct>,
    /// On the wire.
    wire: usize,
    /// Off the wire, not yet committed.
    uncommitted: usize,
    /// Ready or behind in a lane.
    held: usize,
    /// Rows after this one are in the store only.
    backlog: Option<i64>,
    /// It stands in the queue of destinations.
    in_turn: bool,
}

impl Place {
    fn new(destination: Destination) -> Place {
        Place {
            destination,
            ready: VecDeque::new(),
            lanes: HashMap::default(),
            wire: 0,
            uncommitted: 0,
            held: 0,
            backlog: None,
            in_turn: false,
        }
    }

    /// Whether it can be forgotten.
    fn is_idle(&self) -> bool {
        self.held + self.wire + self.uncommitted == 0
            && self.backlog.is_none()
            && self.lanes.is_empty()
            && !self.in_turn
    }
}

#[derive(Default)]
struct Lane {
    waiting: VecDeque<Job>,
    /// The row everybody waits for.
    head: i64,
}

struct Open {
    slot: Slot,
    lane: Option<u64>,
    on_wire: bool,
}

/// Hashes for keys that are numbers of our own making: nobody outside can choose them badly.
type Direct = BuildHasherDefault<DirectHasher>;

#[derive(Default)]
struct DirectHasher(u64);

impl Hasher for DirectHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(self.0 ^ u64::from(*byte));
        }
    }

    fn write_u64(&mut self, n: u64) {
        // Fibonacci hashing: the multiplier spreads neighbours over the whole range.
        self.0 = n.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn write_i64(&mut self, n: i64) {
        self.write_u64(n as u64);
    }
}

/// All destinations of a house.
#[derive(Default)]
pub struct Destinations {
    slots: HashMap<Destination, Slot>,
    places: Vec<Option<Place>>,
    free: Vec<Slot>,
    /// Destinations with something ready, in turn.
    turn: VecDeque<Slot>,
    /// Started and not yet committed.
    open: HashMap<i64, Open, Direct>,
    /// Every row in memory, here or waiting for its time elsewhere.
    known: HashSet<i64, Direct>,
    wire_by_account: HashMap<AccountSid, usize>,
    wire: usize,
    /// Destinations with a backlog.
    behind: HashSet<Slot, Direct>,
}

fn destination(webhook: &Webhook) -> Destination {
    Destination {
        account: webhook.account,
        host: host_of(&webhook.url).to_owned(),
        kind: webhook.kind,
    }
}

fn lane_of(webhook: &Webhook) -> Option<u64> {
    (webhook.kind == Kind::Tell).then(|| {
        let mut hasher = DefaultHasher::new();
        (webhook.resource, &webhook.url).hash(&mut hasher);
        hasher.finish()
    })
}

impl Destinations {
    /// Takes a freshly committed webhook, or leaves it in the store when there is no room.
    pub fn add(&mut self, webhook: Webhook) {
        let slot = self.slot(destination(&webhook));
        let Some(place) = self.place(slot) else { return };
        if place.backlog.is_some() {
            return;
        }
        if place.held >= HELD_PER_DESTINATION_MAX {
            place.backlog = Some(webhook.id - 1);
            self.behind.insert(slot);
            return;
        }
        self.hold(slot, Job { webhook, late: false });
    }

    /// Says that a destination has rows in the store that were never in memory.
    pub fn add_backlog(&mut self, destination: Destination, after: i64) {
        let slot = self.slot(destination);
        let Some(place) = self.place(slot) else { return };
        place.backlog = Some(place.backlog.map_or(after, |old| old.min(after)));
        self.behind.insert(slot);
    }

    /// Takes a webhook whose time has come; it keeps no lane waiting, because the lane stopped
    /// waiting for it or still does.
    pub fn add_due(&mut self, webhook: Webhook, late: bool) {
        let slot = self.slot(destination(&webhook));
        let Some(place) = self.place(slot) else { return };
        place.held += 1;
        place.ready.push_back(Job { webhook, late });
        self.call(slot);
    }

    /// Takes a row that waits again because a person wished so; not when it is here already.
    pub fn revive(&mut self, webhook: Webhook) {
        if self.known.insert(webhook.id) {
            self.add_due(webhook, true);
        }
    }

    /// Where a started row goes, until its outcome is committed.
    pub fn destination_of(&self, id: i64) -> Option<&Destination> {
        let place = self.places.get(self.open.get(&id)?.slot)?;
        place.as_ref().map(|place| &place.destination)
    }

    /// Notes that a row waits for its time elsewhere in memory.
    pub fn note_delayed(&mut self, id: i64) {
        self.known.insert(id);
    }

    /// Forgets a row that is to wait in the store; where it goes.
    pub fn forget(&mut self, webhook: &Webhook) -> Destination {
        self.known.remove(&webhook.id);
        destination(webhook)
    }

    fn slot(&mut self, destination: Destination) -> Slot {
        if let Some(slot) = self.slots.get(&destination) {
            return *slot;
        }
        let place = Some(Place::new(destination.clone()));
        let slot = match self.free.pop() {
            Some(slot) => {
                self.places[slot] = place;
                slot
            }
            None => {
                self.places.push(place);
                self.places.len() - 1
            }
        };
        self.slots.insert(destination, slot);
        slot
    }

    fn place(&mut self, slot: Slot) -> Option<&mut Place> {
        self.places.get_mut(slot)?.as_mut()
    }

    fn hold(&mut self, slot: Slot, job: Job) {
        if !self.known.insert(job.webhook.id) {
            return;
        }
        let Some(place) = self.place(slot) else { return };
        place.held += 1;
        if let Some(lane) = lane_of(&job.webhook) {
            match place.lanes.get_mut(&lane) {
                Some(lane) => return lane.waiting.push_back(job),
                None => {
                    let head = job.webhook.id;
                    place.lanes.insert(lane, Lane { waiting: VecDeque::new(), head });
                }
            }
        }
        place.ready.push_back(job);
        self.call(slot);
    }

    fn call(&mut self, slot: Slot) {
        let Some(place) = self.place(slot) else { return };
        if !std::mem::replace(&mut place.in_turn, true) {
            self.turn.push_back(slot);
        }
    }

    /// The next webhook to send, if the limits allow one.
    pub fn start(&mut self) -> Option<Job> {
        for _ in 0..self.turn.len() {
            if self.wire >= WIRE_MAX {
                return None;
            }
            let slot = self.turn.pop_front()?;
            let Some(place) = self.places.get_mut(slot).and_then(Option::as_mut) else { continue };
            let by_account = self.wire_by_account.entry(place.destination.account).or_default();
            place.in_turn = false;
            if place.wire >= WIRE_PER_DESTINATION_MAX || place.uncommitted >= UNCOMMITTED_MAX {
                // It is called again when one of its own is done.
                continue;
            }
            if *by_account >= WIRE_PER_ACCOUNT_MAX {
                place.in_turn = true;
                self.turn.push_back(slot);
                continue;
            }
            let Some(job) = place.ready.pop_front() else { continue };
            place.held -= 1;
            place.wire += 1;
            *by_account += 1;
            self.wire += 1;
            if !place.ready.is_empty() {
                place.in_turn = true;
                self.turn.push_back(slot);
            }
            let lane = lane_of(&job.webhook);
            self.open.insert(job.webhook.id, Open { slot, lane, on_wire: true });
            return Some(job);
        }
        None
    }

    /// The exchange has ended; its outcome is being committed.
    pub fn off_wire(&mut self, id: i64) {
        let Some(open) = self.open.get_mut(&id) else { return };
        if !std::mem::replace(&mut open.on_wire, false) {
            return;
        }
        let slot = open.slot;
        self.wire -= 1;
        let Some(place) = self.place(slot) else { return };
        place.wire -= 1;
        place.uncommitted += 1;
        let (account, more) = (place.destination.account, !place.ready.is_empty());
        if more {
            self.call(slot);
        }
        if let Some(count) = self.wire_by_account.get_mut(&account) {
            *count -= 1;
        }
    }

    /// The outcome is committed. `again`: the row will be sent once more, and the lane goes on
    /// waiting for it.
    pub fn committed(&mut self, id: i64, again: bool) {
        self.off_wire(id);
        let Some(open) = self.open.remove(&id) else { return };
        if let Some(place) = self.place(open.slot) {
            place.uncommitted -= 1;
        }
        if !again {
            self.known.remove(&id);
            if let Some(lane) = open.lane {
                self.release(open.slot, lane, id);
            }
        }
        self.tidy(open.slot);
    }

    /// A lane has waited long enough for the row `id`: the later ones go.
    pub fn overtake(&mut self, webhook: &Webhook) {
        let slot = self.slots.get(&destination(webhook)).copied();
        if let Some((slot, lane)) = slot.zip(lane_of(webhook)) {
            self.release(slot, lane, webhook.id);
            self.tidy(slot);
        }
    }

    /// Whether the lane of this webhook still waits for it.
    pub fn is_waited_for(&self, webhook: &Webhook) -> bool {
        let slot = self.slots.get(&destination(webhook));
        let place = slot.and_then(|slot| self.places.get(*slot)?.as_ref());
        place
            .zip(lane_of(webhook))
            .and_then(|(place, lane)| place.lanes.get(&lane))
            .is_some_and(|lane| lane.head == webhook.id)
    }

    fn release(&mut self, slot: Slot, lane: u64, id: i64) {
        let Some(place) = self.place(slot) else { return };
        let Some(found) = place.lanes.get_mut(&lane) else { return };
        if found.head != id {
            return;
        }
        match found.waiting.pop_front() {
            Some(next) => {
                found.head = next.webhook.id;
                place.ready.push_back(next);
                self.call(slot);
            }
            None => {
                place.lanes.remove(&lane);
            }
        }
    }

    fn tidy(&mut self, slot: Slot) {
        let Some(place) = self.place(slot) else { return };
        if !place.ready.is_empty() {
            return self.call(slot);
        }
        if !place.is_idle() {
            return;
        }
        if let Some(place) = self.places.get_mut(slot).and_then(Option::take) {
            self.slots.remove(&place.destination);
            self.free.push(slot);
        }
    }

    /// What should be loaded now: destinations whose memory is half empty.
    pub fn wanting(&self) -> Vec<Backlog> {
        let wants = |slot: &Slot| {
            let place = self.places.get(*slot)?.as_ref()?;
            let after = place.backlog?;
            (place.held <= HELD_PER_DESTINATION_MAX / 2).then(|| Backlog {
                destination: place.destination.clone(),
                after,
                room: HELD_PER_DESTINATION_MAX - place.held,
            })
        };
        self.behind.iter().filter_map(wants).collect()
    }

    /// Takes what was loaded: `rows` of at most `room` after the backlog's row. Gives back those
    /// whose time has not come, and whether each holds its lane.
    pub fn loaded(
        &mut self,
        backlog: &Backlog,
        rows: Vec<Webhook>,
        stands: impl Fn(&Webhook) -> Standing,
    ) -> Vec<(Webhook, bool)> {
        let all = rows.len() < backlog.room;
        let slot = self.slot(backlog.destination.clone());
        if let Some(place) = self.place(slot) {
            place.backlog = if all { None } else { rows.last().map(|row| row.id) };
        }
        if all {
            self.behind.remove(&slot);
        }
        let mut delayed = Vec::new();
        for webhook in rows {
            match stands(&webhook) {
                Standing::Due { late } => self.hold(slot, Job { webhook, late }),
                Standing::Delayed { holds } if self.known.insert(webhook.id) => {
                    let holds = holds && self.hold_lane(slot, &webhook);
                    delayed.push((webhook, holds));
                }
                Standing::Delayed { .. } => {}
            }
        }
        self.tidy(slot);
        delayed
    }

    /// Lets the lane of a webhook wait for it, if it waits for none; whether it does.
    fn hold_lane(&mut self, slot: Slot, webhook: &Webhook) -> bool {
        let Some(lane) = lane_of(webhook) else { return false };
        let Some(place) = self.place(slot) else { return false };
        if place.lanes.contains_key(&lane) {
            return false;
        }
        place.lanes.insert(lane, Lane { waiting: VecDeque::new(), head: webhook.id });
        true
    }

    /// Forgets everything: the house was reset.
    pub fn clear(&mut self) {
        *self = Destinations::default();
    }

    /// Whether something can be sent now, or should be loaded. What only waits in its lane is
    /// not: it may wait for time to pass.
    pub fn has_ready(&self) -> bool {
        !self.turn.is_empty() || !self.wanting().is_empty()
    }

    /// Whether nothing is on the wire or being committed.
    pub fn is_idle(&self) -> bool {
        self.open.is_empty()
    }
}
