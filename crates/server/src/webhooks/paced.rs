//! Whose turn it is to go out, where an account is paced.
//!
//! Owned by the delivery thread. A message is given its time once, when it is first taken up, and
//! keeps it until it has left the queue. How fast senders send is `exchange::messages::pacing`'s to
//! say.

use crate::house::House;
use exchange::messages::Message;
use exchange::sid::MessageSid;
use jiff::Timestamp;
use std::collections::HashMap;

/// Messages of all accounts that wait for their turn; beyond, queues are full.
const WAITING_MAX: usize = 200_000;

/// What is known of a message's turn.
pub(super) enum Turn {
    /// It is.
    Now,
    /// It will be then.
    Waits(Timestamp),
    /// Its sender's queue is full.
    Never,
}

#[derive(Default)]
pub(super) struct Paced {
    given: HashMap<MessageSid, Timestamp>,
}

impl Paced {
    /// The turn of a queued message. One that is too old before it comes fails at that time.
    pub(super) fn of(&mut self, house: &House, message: &Message) -> Turn {
        let now = house.now();
        let known = self.given.get(&message.sid).copied();
        let due = match known {
            Some(due) => Some(due),
            None if self.given.len() >= WAITING_MAX => None,
            None => house.admit_paced(message),
        };
        let Some(due) = due else { return Turn::Never };
        if known.is_none() {
            self.given.insert(message.sid, due);
        }
        let end = message.expires.map_or(due, |expires| due.min(expires));
        if end <= now { Turn::Now } else { Turn::Waits(end) }
    }

    /// A message has left the queue.
    pub(super) fn over(&mut self, sid: MessageSid) {
        if !self.given.is_empty() {
            self.given.remove(&sid);
        }
    }

    /// The house was reset.
    pub(super) fn clear(&mut self) {
        self.given.clear();
    }
}
