//! The two times of the house; nothing else reads a clock (law 11).
//!
//! *House time* is what every date shown, retry and delay is counted in: real, or virtual and
//! moved by order only. *Wire time* (sockets, budgets, leases) is always real.
//!
//! Virtual time stands still while there is [`Work`]: whoever has something runnable, unsaved or
//! in flight holds a token of it. [`Clock::advance`] goes from deadline to deadline in order, and
//! at each waits until the house is quiet again. A deadline's sleeper is woken with a token in
//! hand, so nothing slips between being due and being done.

use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{Notify, oneshot};

/// How long an order to advance waits, in wire time, for the house to become quiet.
const QUIET_WAIT: std::time::Duration = std::time::Duration::from_secs(60);

/// Real or virtual.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// House time runs with the world's.
    Real,
    /// House time moves only as ordered.
    Virtual,
}

impl Mode {
    /// The API's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Mode::Real => "real",
            Mode::Virtual => "virtual",
        }
    }

    /// Reads the API's word.
    pub fn parse(text: &str) -> Option<Mode> {
        [Mode::Real, Mode::Virtual].into_iter().find(|mode| mode.as_str() == text)
    }
}

/// Why an advance ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoppedBy {
    /// The time asked for is reached.
    Time,
    /// Nothing is due any more.
    Idle,
    /// The limit of an `idle` advance is reached.
    Limit,
    /// The house did not become quiet: an application has not answered.
    Busy,
    /// The clock was set to real time meanwhile.
    Real,
}

impl StoppedBy {
    /// The API's word.
    pub fn as_str(self) -> &'static str {
        match self {
            StoppedBy::Time => "time",
            StoppedBy::Idle => "idle",
            StoppedBy::Limit => "limit",
            StoppedBy::Busy => "busy",
            StoppedBy::Real => "real",
        }
    }
}

/// Where an advance shall end.
#[derive(Debug, Clone, Copy)]
pub enum Until {
    /// At this time.
    Time(Timestamp),
    /// When nothing is due, or at this time.
    Idle(Timestamp),
}

/// The clock of a house. Cheap to clone.
#[derive(Clone)]
pub struct Clock(Arc<Inner>);

struct Inner {
    state: Mutex<State>,
    work: AtomicUsize,
    /// Rung when the last token is given back.
    quieter: Notify,
    /// Rung when the earliest deadline or the mode may have changed.
    deadlines_changed: Notify,
}

struct State {
    mode: Mode,
    /// Virtual mode: the time. Real mode: how far house time is ahead of the world's, because it
    /// never steps back when virtual time ends.
    virtual_now: Timestamp,
    ahead: SignedDuration,
    sleepers: BTreeMap<(Timestamp, u64), oneshot::Sender<Work>>,
    next_sleeper: u64,
}

/// A token: house time stands still while anybody holds one.
pub struct Work(Clock);

/// A deadline that a loop of events waits for; it goes off with a token of work.
pub(crate) type Alarm = Pin<Box<dyn Future<Output = Work>>>;

/// Polls an alarm once: that tells the clock of its deadline. Its token if it has gone off.
pub(crate) async fn poll_once(future: &mut Alarm) -> Option<Work> {
    std::future::poll_fn(|context| {
        std::task::Poll::Ready(match future.as_mut().poll(context) {
            std::task::Poll::Ready(work) => Some(work),
            std::task::Poll::Pending => None,
        })
    })
    .await
}

impl Drop for Work {
    fn drop(&mut self) {
        if self.0.0.work.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.0.0.quieter.notify_waiters();
        }
    }
}

impl std::fmt::Debug for Work {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Work")
    }
}

impl Default for Clock {
    fn default() -> Clock {
        Clock::new()
    }
}

impl Clock {
    /// A clock in real mode. [`Clock::run`] has to run for its sleepers to wake.
    pub fn new() -> Clock {
        Clock(Arc::new(Inner {
            state: Mutex::new(State {
                mode: Mode::Real,
                virtual_now: world_now(),
                ahead: SignedDuration::ZERO,
                sleepers: BTreeMap::new(),
                next_sleeper: 0,
            }),
            work: AtomicUsize::new(0),
            quieter: Notify::new(),
            deadlines_changed: Notify::new(),
        }))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// House time.
    pub fn now(&self) -> Timestamp {
        self.state().now()
    }

    /// Wire time, in Unix microseconds.
    pub fn wire_us(&self) -> i64 {
        world_now().as_microsecond()
    }

    /// Real or virtual.
    pub fn mode(&self) -> Mode {
        self.state().mode
    }

    /// Changes the mode; house time goes on from where it is.
    pub fn set_mode(&self, mode: Mode) {
        let mut state = self.state();
        let now = state.now();
        state.mode = mode;
        state.virtual_now = now;
        state.ahead = now.duration_since(world_now()).max(SignedDuration::ZERO);
        drop(state);
        self.0.deadlines_changed.notify_one();
    }

    /// Back to real time and the world's date, even when virtual time was ahead of it: for a
    /// reset, after which nothing is left that could seem to lie in the future.
    pub fn reset(&self) {
        let mut state = self.state();
        state.mode = Mode::Real;
        state.ahead = SignedDuration::ZERO;
        drop(state);
        self.0.deadlines_changed.notify_one();
    }

    /// Takes a token of work.
    pub fn work(&self) -> Work {
        self.0.work.fetch_add(1, Ordering::SeqCst);
        Work(self.clone())
    }

    /// Sleeps until house time reaches `deadline`; wakes with a token.
    pub async fn sleep_until(&self, deadline: Timestamp) -> Work {
        let woken = {
            let mut state = self.state();
            if deadline <= state.now() {
                drop(state);
                return self.work();
            }
            let (wake, woken) = oneshot::channel();
            let number = state.next_sleeper;
            state.next_sleeper += 1;
            state.sleepers.retain(|_, sleeper| !sleeper.is_closed());
            state.sleepers.insert((deadline, number), wake);
            woken
        };
        self.0.deadlines_changed.notify_one();
        match woken.await {
            Ok(work) => work,
            // The clock outlives every sleeper: each holds a clone of it.
            Err(_) => self.work(),
        }
    }

    /// Wakes sleepers when the world's time reaches their deadlines. Runs as long as the house.
    pub async fn run(&self) {
        loop {
            self.wake_due();
            let wait = {
                let state = self.state();
                match (state.mode, state.sleepers.keys().next()) {
                    (Mode::Real, Some((deadline, _))) => {
                        let left = deadline.duration_since(state.now());
                        Some(left.unsigned_abs() + std::time::Duration::from_micros(1))
                    }
                    _ => None,
                }
            };
            let changed = self.0.deadlines_changed.notified();
            match wait {
                Some(wait) => {
                    // Either way the loop looks again.
                    let _ = tokio::time::timeout(wait, changed).await;
                }
                None => changed.await,
            }
        }
    }

    fn wake_due(&self) {
        loop {
            let mut state = self.state();
            let now = state.now();
            let Some(entry) = state.sleepers.first_entry() else { return };
            if entry.key().0 > now {
                return;
            }
            let sleeper = entry.remove();
            drop(state);
            // A sleeper that has gone gives its token back at once.
            let _ = sleeper.send(self.work());
        }
    }

    /// Whether nothing is runnable, unsaved or in flight.
    pub fn is_quiet(&self) -> bool {
        self.0.work.load(Ordering::SeqCst) == 0
    }

    /// Waits until the house is quiet; `false` when it was not within the wait.
    pub async fn quiet(&self) -> bool {
        let wait = async {
            loop {
                let rung = self.0.quieter.notified();
                tokio::pin!(rung);
                rung.as_mut().enable();
                if self.is_quiet() {
                    return;
                }
                rung.await;
            }
        };
        tokio::time::timeout(QUIET_WAIT, wait).await.is_ok()
    }

    /// Moves virtual time, deadline by deadline, and answers when the house is quiet.
    pub async fn advance(&self, until: Until) -> StoppedBy {
        let limit = match until {
            Until::Time(limit) | Until::Idle(limit) => limit,
        };
        loop {
            if !self.quiet().await {
                return StoppedBy::Busy;
            }
            let mut state = self.state();
            if state.mode == Mode::Real {
                return StoppedBy::Real;
            }
            state.sleepers.retain(|_, sleeper| !sleeper.is_closed());
            let next = state.sleepers.keys().next().map(|(deadline, _)| *deadline);
            match (next, until) {
                (Some(deadline), _) if deadline <= limit => {
                    state.virtual_now = state.virtual_now.max(deadline);
                    drop(state);
                    self.wake_due();
                }
                (None, Until::Idle(_)) => return StoppedBy::Idle,
                (_, Until::Time(_)) => {
                    state.virtual_now = state.virtual_now.max(limit);
                    return StoppedBy::Time;
                }
                (Some(_), Until::Idle(_)) => {
                    state.virtual_now = state.virtual_now.max(limit);
                    return StoppedBy::Limit;
                }
            }
        }
    }
}

impl State {
    fn now(&self) -> Timestamp {
        match self.mode {
            Mode::Virtual => self.virtual_now,
            Mode::Real => world_now().checked_add(self.ahead).unwrap_or(Timestamp::MAX),
        }
    }
}

fn world_now() -> Timestamp {
    // Microseconds are what the store keeps: a time read back equals the time written.
    let now = Timestamp::now();
    Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(n: i64) -> SignedDuration {
        SignedDuration::from_secs(n)
    }

    #[tokio::test]
    async fn virtual_time_runs_every_deadline_in_order_and_stops_where_it_was_told() {
        let clock = Clock::new();
        clock.set_mode(Mode::Virtual);
        let start = clock.now();
        let (sender, mut seen) = tokio::sync::mpsc::unbounded_channel();
        for n in [3i64, 1, 2, 30] {
            let (clock, sender) = (clock.clone(), sender.clone());
            let registered = clock.work();
            tokio::spawn(async move {
                let sleep = clock.sleep_until(start + seconds(n));
                tokio::pin!(sleep);
                // The first poll registers the deadline; only then may time move.
                tokio::select! { biased; _ = &mut sleep => {}, () = async {} => {} }
                drop(registered);
                let work = sleep.await;
                sender.send((n, clock.now().duration_since(start))).expect("open");
                drop(work);
            });
        }
        let stopped = clock.advance(Until::Time(start + seconds(10))).await;
        assert_eq!(stopped, StoppedBy::Time);
        for n in 1..=3 {
            assert_eq!(seen.try_recv().ok(), Some((n, seconds(n))));
        }
        assert!(seen.try_recv().is_err());
        assert_eq!(clock.now(), start + seconds(10));

        let limit = start + seconds(20);
        assert_eq!(clock.advance(Until::Idle(limit)).await, StoppedBy::Limit);
        assert_eq!(clock.advance(Until::Idle(start + seconds(3600))).await, StoppedBy::Idle);
        assert_eq!(clock.now(), start + seconds(30));
    }

    #[tokio::test]
    async fn house_time_never_steps_back_when_virtual_time_ends() {
        let clock = Clock::new();
        clock.set_mode(Mode::Virtual);
        let later = clock.now() + seconds(86_400);
        clock.advance(Until::Time(later)).await;
        clock.set_mode(Mode::Real);
        assert!(clock.now() >= later);
    }
}
