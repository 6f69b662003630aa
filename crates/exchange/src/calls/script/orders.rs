//! What a script wants done, in order, and the numbers of its orders.

use super::faults::Fault;
use super::{Output, Sound, Ticket};
use jiff::{SignedDuration, Timestamp};
use std::collections::VecDeque;

/// Orders that wait to be taken at most. One document makes fewer; what is merely told is left
/// out by a switchboard that never takes any.
const OUTPUTS_MAX: usize = 100_000;

/// What waits to be carried out, and the time.
#[derive(Debug)]
pub(in crate::calls) struct Orders {
    /// House time of the input that is being followed.
    pub now: Timestamp,
    tickets: u32,
    waiting: VecDeque<Output>,
    #[cfg(feature = "planted-faults")]
    pub fault: Option<Fault>,
}

impl Orders {
    pub fn new(now: Timestamp) -> Orders {
        Orders {
            now,
            tickets: 0,
            waiting: VecDeque::new(),
            #[cfg(feature = "planted-faults")]
            fault: None,
        }
    }

    /// Whether this fault is planted: never in a build that ships.
    #[cfg(feature = "planted-faults")]
    pub fn has(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    /// Whether this fault is planted: never in a build that ships.
    #[cfg(not(feature = "planted-faults"))]
    pub fn has(&self, _: Fault) -> bool {
        false
    }

    /// The number of a new order.
    pub fn ticket(&mut self) -> Ticket {
        self.tickets = self.tickets.wrapping_add(1);
        Ticket(self.tickets)
    }

    pub fn push(&mut self, output: Output) {
        let is_told = matches!(output, Output::Remark(_) | Output::Tell(_));
        if !is_told || self.waiting.len() < OUTPUTS_MAX {
            self.waiting.push_back(output);
        }
    }

    pub fn play(&mut self, sound: Sound) -> Ticket {
        let ticket = self.ticket();
        self.push(Output::Play(ticket, sound));
        ticket
    }

    pub fn next(&mut self) -> Option<Output> {
        let next = self.waiting.pop_front();
        if self.waiting.is_empty() {
            // Ten thousand calls that wait hold no empty queues.
            self.waiting.shrink_to_fit();
        }
        next
    }

    /// So many seconds from now.
    pub fn after(&self, seconds: u32) -> Timestamp {
        after(self.now, seconds)
    }
}

/// So many seconds later; the end of time for what lies beyond.
pub(super) fn after(time: Timestamp, seconds: u32) -> Timestamp {
    time.checked_add(SignedDuration::from_secs(i64::from(seconds))).unwrap_or(Timestamp::MAX)
}
