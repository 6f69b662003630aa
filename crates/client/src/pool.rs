//! Connections that wait for the next request to the same place.
//!
//! A plain map behind a lock that is held for a few instructions only. What waits too long is
//! dropped when it is taken, and by one small task that runs only while something waits.
//! The place's key holds everything that decides which peer a connection leads to, mapped or not:
//! a connection the guard was not asked about never serves a request it would refuse.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::tls::Mode;
use crate::wire::Wire;

/// Waiting connections for one place: what asks, tells and asks of calls may have on the wire to it
/// at once, 64 each. With less, connections are opened and closed all the time.
pub(crate) const IDLE_PER_PLACE_MAX: usize = 3 * 64;
/// Waiting connections altogether.
pub(crate) const IDLE_MAX: usize = 4096;
/// How long a connection may wait. Some servers (Node) close theirs after five seconds.
pub(crate) const IDLE_TIME_MAX: Duration = Duration::from_secs(10);

/// Where a connection leads.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    /// A name or an address, without brackets.
    pub(crate) host: String,
    pub(crate) port: u16,
    /// `None` is plain HTTP.
    pub(crate) tls: Option<Mode>,
    /// Chosen by `--map`, so not a matter for the guard.
    pub(crate) mapped: bool,
}

struct Idle {
    wire: Wire,
    since: Instant,
}

#[derive(Default)]
struct Waiting {
    places: HashMap<Place, Vec<Idle>>,
    count: usize,
    swept: bool,
}

#[derive(Default)]
pub(crate) struct Pool {
    waiting: Mutex<Waiting>,
}

impl Pool {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        // Nothing in here can panic half-way through a change.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The connection that waited shortest and still stands.
    pub(crate) async fn take(&self, place: &Place) -> Option<Wire> {
        for _ in 0..IDLE_PER_PLACE_MAX {
            let mut idle = self.pop(place)?;
            if idle.since.elapsed() < IDLE_TIME_MAX && idle.wire.is_ready().await {
                return Some(idle.wire);
            }
        }
        None
    }

    fn pop(&self, place: &Place) -> Option<Idle> {
        let mut waiting = self.lock();
        let idle = waiting.places.get_mut(place)?.pop()?;
        waiting.count -= 1;
        Some(idle)
    }

    /// Keeps a connection for the next request, if there is room.
    pub(crate) fn put(self: &Arc<Pool>, place: Place, wire: Wire) {
        let mut waiting = self.lock();
        if waiting.count >= IDLE_MAX {
            return;
        }
        let idle = waiting.places.entry(place).or_default();
        if idle.len() >= IDLE_PER_PLACE_MAX {
            return;
        }
        idle.push(Idle { wire, since: Instant::now() });
        waiting.count += 1;
        if !waiting.swept {
            waiting.swept = true;
            tokio::spawn(sweep(Arc::downgrade(self)));
        }
    }

    /// Drops what waited too long; `false` when nothing waits any more.
    fn drop_old(&self) -> bool {
        let mut old = Vec::new();
        let mut waiting = self.lock();
        let Waiting { places, count, swept } = &mut *waiting;
        places.retain(|_, idle| {
            let fresh = idle.partition_point(|idle| idle.since.elapsed() >= IDLE_TIME_MAX);
            *count -= fresh;
            old.extend(idle.drain(..fresh));
            !idle.is_empty()
        });
        *swept = !places.is_empty();
        let more = *swept;
        drop(waiting);
        // Closing sockets is done without the lock.
        drop(old);
        more
    }
}

async fn sweep(pool: Weak<Pool>) {
    loop {
        sleep(IDLE_TIME_MAX / 2).await;
        match pool.upgrade() {
            Some(pool) if pool.drop_old() => {}
            _ => return,
        }
    }
}
