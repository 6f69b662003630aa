//! How fast a sender sends: segments per second by its kind, and how many may wait.
//!
//! Called by the delivery thread before a message is handed to the network, and by the API to know
//! whether there is room. Only accounts that turned it on are paced. It keeps when each sender is
//! free again and nothing else; after a restart what is queued lines up anew. Contract:
//! webhooks.md 5.5, rest.md 4.1; the rates and the ten hours are those of Twilio's page on rate
//! limits and of the one on 21611.

use crate::messages::Message;
use crate::numbers::{Address, PhoneNumber};
use crate::sid::AccountSid;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;

/// How far ahead a sender's queue may reach, in hours: beyond, it is full.
pub const QUEUE_HOURS_MAX: i64 = 10;
/// Senders that are remembered; those that are free are forgotten first.
const LANES_MAX: usize = 100_000;

/// Countries with one segment a second.
const SLOW_COUNTRIES: &[&str] = &["US", "CA"];
/// Area codes of the numbers that are free of charge to call.
const TOLL_FREE: &[&str] = &["800", "833", "844", "855", "866", "877", "888"];

/// Segments that a sender may send in a second.
pub fn segments_per_second(from: &str) -> i64 {
    match Address::parse(from, None) {
        Ok(Address::Phone(number)) => of_number(&number),
        Ok(Address::ShortCode(_)) => 100,
        Ok(Address::AlphaSender(_)) => 10,
        _ => 80,
    }
}

fn of_number(number: &PhoneNumber) -> i64 {
    if number.area_code().is_some_and(|code| TOLL_FREE.contains(&code)) {
        return 3;
    }
    match number.country().is_some_and(|country| SLOW_COUNTRIES.contains(&country)) {
        true => 1,
        false => 10,
    }
}

/// When the senders of a house are free again.
#[derive(Debug, Default)]
pub struct Pacing {
    lanes: HashMap<(AccountSid, String), Timestamp>,
}

impl Pacing {
    /// The time at which a message goes; `None` when its sender's queue is full.
    pub fn admit(&mut self, message: &Message, now: Timestamp) -> Option<Timestamp> {
        if self.is_full(message.account, &message.from, now) {
            return None;
        }
        if self.lanes.len() >= LANES_MAX {
            self.lanes.retain(|_, free| *free > now);
        }
        let lane = self.lanes.entry((message.account, message.from.clone())).or_insert(now);
        let begin = (*lane).max(now);
        let segments = i64::from(message.num_segments.max(1));
        let us = segments * 1_000_000 / segments_per_second(&message.from);
        *lane = begin + SignedDuration::from_micros(us);
        Some(begin)
    }

    /// Whether a sender's queue reaches as far ahead as it may.
    pub fn is_full(&self, account: AccountSid, from: &str, now: Timestamp) -> bool {
        let free = self.lanes.get(&(account, from.to_owned()));
        free.is_some_and(|free| *free >= now + SignedDuration::from_hours(QUEUE_HOURS_MAX))
    }

    /// The house was reset.
    pub fn clear(&mut self) {
        self.lanes.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::messages::{Direction, State};
    use crate::sid::{MessageSid, Parts};

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millisecond(1_800_000_000_000 + ms).expect("in range")
    }

    fn message(from: &str, num_segments: u32) -> Message {
        Message {
            sid: MessageSid::of(Parts { key: 1, tail: 1 }, false),
            account: AccountSid::parse(&format!("AC{:032}", 1)).expect("a sid"),
            direction: Direction::OutboundApi,
            from: from.to_owned(),
            to: "+12025550199".to_owned(),
            body: String::new(),
            state: State::Queued,
            error_code: None,
            num_segments,
            media: Vec::new(),
            service: None,
            status_callback: None,
            in_reply_to: None,
            created: at(0),
            updated: at(0),
            sent: None,
            feedback: None,
            send_at: None,
            expires: None,
        }
    }

    #[test]
    fn each_kind_of_sender_has_its_rate() {
        for (from, rate) in [
            ("+12025550100", 1),
            ("+14165550100", 1),
            ("+18005550100", 3),
            ("+18885550100", 3),
            ("+447700900123", 10),
            ("55512", 100),
            ("Bakery", 10),
            ("whatsapp:+12025550100", 80),
        ] {
            assert_eq!(segments_per_second(from), rate, "{from}");
        }
    }

    #[test]
    fn segments_follow_each_other_and_a_free_sender_sends_at_once() {
        let mut pacing = Pacing::default();
        for (from, segments, now, goes) in [
            ("+12025550100", 1, 0, 0),
            ("+12025550100", 3, 0, 1000),
            ("+12025550100", 1, 500, 4000),
            ("+12025550101", 1, 500, 500),
            ("+12025550100", 1, 9000, 9000),
            ("whatsapp:+12025550100", 1, 0, 0),
            ("whatsapp:+12025550100", 1, 0, 12),
        ] {
            let found = pacing.admit(&message(from, segments), at(now));
            let ms = found.expect("room").as_millisecond() - at(0).as_millisecond();
            assert_eq!(ms, goes, "{from} {now}");
        }
    }

    #[test]
    fn a_queue_of_ten_hours_is_full_until_time_has_passed() {
        let mut pacing = Pacing::default();
        let (from, account) = ("+12025550100", message("+1", 1).account);
        for _ in 0..36_000 / 10 {
            assert!(pacing.admit(&message(from, 10), at(0)).is_some());
        }
        assert_eq!(pacing.admit(&message(from, 1), at(0)), None);
        assert!(pacing.is_full(account, from, at(0)));
        assert!(!pacing.is_full(account, "+12025550101", at(0)));
        assert!(!pacing.is_full(account, from, at(1)));
        pacing.clear();
        assert!(!pacing.is_full(account, from, at(0)));
    }
}
