//! Doing a thing once, though its webhook comes twice.
//!
//! A sender that does not hear an answer tries again, with the same `I-Twilio-Idempotency-Token`.
//! Before it acts, the application *claims* the token; the claim is atomic, so of two attempts at
//! the same moment one gets it. [`Memory`] keeps claims in the process, [`Claims`] is the trait for
//! a store that several processes share. Nothing here reads a clock: the time is handed in.
//! Contract: Twilio's "Webhooks (HTTP callbacks): connection overrides", idempotency.

use std::collections::{HashMap, VecDeque};
use std::convert::Infallible;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Longest token, in bytes, that is claimed; Twilio's are UUIDs of 36. Longer ones count as none.
pub const TOKEN_BYTES_MAX: usize = 128;

/// Most tokens that [`Memory`] keeps unless told otherwise: about 20 MB.
pub const TOKENS_MAX: usize = 100_000;

/// How long [`Memory`] knows a token unless told otherwise: a day, as long as any sender retries.
pub const KEPT_FOR: Duration = Duration::from_secs(24 * 60 * 60);

/// How long work may take before another attempt may begin it again: longer than any sender waits.
pub const LEASE: Duration = Duration::from_secs(60);

/// The token of a request, from the value of its header, if it is one that can be claimed.
///
/// ```
/// assert_eq!(webhook::received_token(Some("a-b-c")), Some("a-b-c"));
/// assert_eq!(webhook::received_token(Some("")), None);
/// ```
pub fn received_token(header: Option<&str>) -> Option<&str> {
    header.filter(|token| (1..=TOKEN_BYTES_MAX).contains(&token.len()))
}

/// What came of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Nobody had it: do the work, then [`Claims::settle`] or [`Claims::release`].
    First,
    /// Another attempt is at work and may still fail.
    InWork,
    /// The work is done: answer as if it had just been done.
    Done,
}

/// Where claims are kept.
///
/// A store of your own needs one atomic step, for instance
/// `INSERT … ON CONFLICT DO NOTHING` with a look at how many rows it made. A request can be dropped
/// while it is worked on, and a process can die: give claims in work a lease ([`LEASE`]), after
/// which they are free again. Settled ones are kept as long as senders retry ([`KEPT_FOR`]).
pub trait Claims: Send + Sync {
    /// Why the store could not answer.
    type Error: fmt::Display + Send;

    /// Claims a token, atomically.
    fn claim(&self, token: &str) -> impl Future<Output = Result<Claim, Self::Error>> + Send;

    /// The work is done: later claims are [`Claim::Done`].
    fn settle(&self, token: &str) -> impl Future<Output = Result<(), Self::Error>> + Send;

    /// The work failed: the next claim is [`Claim::First`].
    fn release(&self, token: &str) -> impl Future<Output = Result<(), Self::Error>> + Send;
}

/// Shared by all handlers of a process.
impl<C: Claims> Claims for Arc<C> {
    type Error = C::Error;

    async fn claim(&self, token: &str) -> Result<Claim, C::Error> {
        C::claim(self, token).await
    }

    async fn settle(&self, token: &str) -> Result<(), C::Error> {
        C::settle(self, token).await
    }

    async fn release(&self, token: &str) -> Result<(), C::Error> {
        C::release(self, token).await
    }
}

/// Claims of one process, in memory: gone when it ends.
///
/// At its limit the oldest token is forgotten first.
///
/// ```
/// use std::time::Instant;
/// use webhook::{Claim, Claims, Memory};
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
/// # runtime.block_on(async {
/// let began = Instant::now();
/// let claims = Memory::new(move || began.elapsed());
/// assert_eq!(claims.claim("a").await, Ok(Claim::First));
/// assert_eq!(claims.claim("a").await, Ok(Claim::InWork));
/// claims.settle("a").await.unwrap();
/// assert_eq!(claims.claim("a").await, Ok(Claim::Done));
/// # });
/// ```
pub struct Memory {
    clock: Box<dyn Fn() -> Duration + Send + Sync>,
    tokens_max: usize,
    kept_for: Duration,
    lease: Duration,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    by_token: HashMap<String, Entry>,
    /// The same tokens, the oldest first.
    order: VecDeque<String>,
}

struct Entry {
    since: Duration,
    is_done: bool,
}

impl Memory {
    /// With a clock that says how long it has been since some moment, and never steps back.
    pub fn new(clock: impl Fn() -> Duration + Send + Sync + 'static) -> Self {
        Self {
            clock: Box::new(clock),
            tokens_max: TOKENS_MAX,
            kept_for: KEPT_FOR,
            lease: LEASE,
            seen: Mutex::default(),
        }
    }

    /// Keeps at most so many tokens, at least one.
    #[must_use]
    pub fn tokens_max(self, tokens_max: usize) -> Self {
        Self { tokens_max: tokens_max.max(1), ..self }
    }

    /// Knows a token for so long.
    #[must_use]
    pub fn kept_for(self, kept_for: Duration) -> Self {
        Self { kept_for, ..self }
    }

    /// Lets another attempt begin what was not finished for so long.
    #[must_use]
    pub fn lease(self, lease: Duration) -> Self {
        Self { lease, ..self }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        // Every change below leaves both lists whole, also if a thread died in between.
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Claims for Memory {
    type Error = Infallible;

    async fn claim(&self, token: &str) -> Result<Claim, Infallible> {
        let now = (self.clock)();
        let mut seen = self.seen();
        seen.forget(|entry| now.saturating_sub(entry.since) >= self.kept_for);
        if let Some(entry) = seen.by_token.get(token) {
            if entry.is_done {
                return Ok(Claim::Done);
            }
            if now.saturating_sub(entry.since) < self.lease {
                return Ok(Claim::InWork);
            }
            seen.remove(token);
        }
        while seen.order.len() >= self.tokens_max {
            seen.remove_oldest();
        }
        seen.order.push_back(token.to_owned());
        seen.by_token.insert(token.to_owned(), Entry { since: now, is_done: false });
        Ok(Claim::First)
    }

    async fn settle(&self, token: &str) -> Result<(), Infallible> {
        if let Some(entry) = self.seen().by_token.get_mut(token) {
            entry.is_done = true;
        }
        Ok(())
    }

    async fn release(&self, token: &str) -> Result<(), Infallible> {
        self.seen().remove(token);
        Ok(())
    }
}

impl Seen {
    /// Drops the oldest as long as this holds for them.
    fn forget(&mut self, is_old: impl Fn(&Entry) -> bool) {
        let oldest = |seen: &Self| {
            seen.order.front().and_then(|token| seen.by_token.get(token)).map(&is_old)
        };
        while oldest(self) == Some(true) {
            self.remove_oldest();
        }
    }

    fn remove_oldest(&mut self) {
        if let Some(token) = self.order.pop_front() {
            self.by_token.remove(&token);
        }
    }

    /// Failures are rare, so looking through the list is fine.
    fn remove(&mut self, token: &str) {
        if self.by_token.remove(token).is_some() {
            self.order.retain(|known| known != token);
        }
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = self.seen().order.len();
        f.debug_struct("Memory").field("tokens", &known).finish_non_exhaustive()
    }
}
