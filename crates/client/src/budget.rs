//! The time of one exchange: its total, and what each step may take of it.
//!
//! One budget is made per exchange and handed down to dialling and to the wire. All of it is wire
//! time. Its single timer is armed for the end of the exchange and moved only when a shorter wait
//! is due, so the usual exchange arms one timer and lets it go.
//! Contract: spec/webhooks.md 4.1.

use std::future::Future as _;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use exchange::webhooks::connection::{Connection, TOTAL_TIMEOUT_MS_MAX};
use exchange::webhooks::failure::Failure;
use tokio::time::{Instant, Sleep, sleep_until};

pub(crate) struct Budget {
    connection: Connection,
    begun: Instant,
    end: Instant,
    timer: Pin<Box<Sleep>>,
}

/// Which wait was too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expired {
    /// Nothing came for the read timeout.
    Read,
    /// The exchange has to end.
    Total,
}

fn milliseconds(count: u32) -> Duration {
    Duration::from_millis(u64::from(count))
}

impl Budget {
    pub(crate) fn new(connection: Connection) -> Budget {
        let begun = Instant::now();
        let end = begun + milliseconds(connection.total_timeout_ms);
        Budget { connection, begun, end, timer: Box::pin(sleep_until(end)) }
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Microseconds from the begin of the exchange to `at`.
    pub(crate) fn offset_us(&self, at: Instant) -> u64 {
        u64::try_from(at.saturating_duration_since(self.begun).as_micros()).unwrap_or(u64::MAX)
    }

    pub(crate) fn left_ms(&self) -> u64 {
        let left = self.end.saturating_duration_since(Instant::now());
        u64::try_from(left.as_millis()).unwrap_or(u64::MAX)
    }

    /// Until when a connection has to stand.
    pub(crate) fn connect_end(&self) -> Instant {
        self.end.min(Instant::now() + milliseconds(self.connection.connect_timeout_ms))
    }

    /// Until when the next byte has to come, counted from `since`.
    pub(crate) fn read_end(&self, since: Instant) -> Instant {
        self.end.min(since + milliseconds(self.connection.read_timeout_ms))
    }

    /// The failure of a connection that did not stand in time.
    pub(crate) fn not_connected(&self) -> Failure {
        if Instant::now() >= self.end {
            self.used_up()
        } else {
            Failure::ConnectTimeout { timeout_ms: self.connection.connect_timeout_ms }
        }
    }

    /// The failure of an exchange whose time is over.
    pub(crate) fn used_up(&self) -> Failure {
        Failure::TotalTimeout { timeout_ms: self.connection.total_timeout_ms }
    }

    /// The failure of a wait for bytes; `begun` tells whether some of the answer came before.
    pub(crate) fn silent(&self, expired: Expired, begun: bool) -> Failure {
        let timeout_ms = self.connection.read_timeout_ms;
        match expired {
            // Without overrides both limits are the same 15 seconds; silence is what happened.
            Expired::Total if timeout_ms < self.connection.total_timeout_ms => self.used_up(),
            Expired::Total if self.connection.total_timeout_ms < TOTAL_TIMEOUT_MS_MAX => {
                self.used_up()
            }
            _ if begun => Failure::Stalled { timeout_ms },
            _ => Failure::ReadTimeout { timeout_ms },
        }
    }

    /// Ready when nothing may be waited for any longer, `since` being the last byte's time.
    pub(crate) fn poll_expired(&mut self, cx: &mut Context<'_>, since: Instant) -> Poll<Expired> {
        let due = self.read_end(since);
        if self.timer.deadline() > due {
            self.timer.as_mut().reset(due);
        }
        // Twice at most: a timer that fired for an older wait is armed again and polled once.
        for _ in 0..2 {
            if self.timer.as_mut().poll(cx).is_pending() {
                return Poll::Pending;
            }
            if Instant::now() >= due {
                return Poll::Ready(if due == self.end { Expired::Total } else { Expired::Read });
            }
            self.timer.as_mut().reset(due);
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}
