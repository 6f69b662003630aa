//! The guard against reply loops: more than 15 replies between two numbers, each within 30 s of
//! the one before, make further ones fail until 30 s have passed without a try (code 14107).

use jiff::{SignedDuration, Timestamp};

/// Replies that may follow each other closely.
pub const CLOSE_REPLIES_MAX: u32 = 15;
/// What "closely" means, and how long the guard stays shut, in seconds.
pub const CLOSE_SECONDS: i64 = 30;

/// What is remembered of the replies between two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    count: u32,
    last: Timestamp,
}

impl Pace {
    /// Nothing yet.
    pub fn new(now: Timestamp) -> Pace {
        Pace { count: 0, last: now }
    }

    /// Counts a reply; whether it may go.
    pub fn admit(&mut self, now: Timestamp) -> bool {
        let close = now.duration_since(self.last) < SignedDuration::from_secs(CLOSE_SECONDS);
        self.count = if close { self.count.saturating_add(1) } else { 1 };
        let may_go = self.count <= CLOSE_REPLIES_MAX;
        if may_go || !close {
            self.last = now;
        }
        may_go
    }

    /// Whether it can be forgotten.
    pub fn is_over(&self, now: Timestamp) -> bool {
        now.duration_since(self.last) >= SignedDuration::from_secs(CLOSE_SECONDS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).expect("in range")
    }

    #[test]
    fn the_sixteenth_close_reply_fails_and_thirty_seconds_later_they_go_again() {
        let mut pace = Pace::new(at(0));
        for n in 0..15 {
            assert!(pace.admit(at(n)), "reply {n}");
        }
        assert!(!pace.admit(at(15)));
        assert!(!pace.admit(at(30)));
        // The last that went was at 14.
        assert!(pace.admit(at(44)));
    }

    #[test]
    fn replies_thirty_seconds_apart_never_fail() {
        let mut pace = Pace::new(at(0));
        assert!((0..100).all(|n| pace.admit(at(n * 30))));
    }
}
