//! What an account uses: which category a message, a call, a number or a recording counts in, the
//! periods that it is shown for, and triggers that watch it.
//!
//! Counts are kept by UTC day and only go up: what is deleted was used all the same. A house costs
//! nothing, so prices are 0. Contract: rest.md 4.4 and A.12.

pub mod categories;
pub mod periods;
pub mod triggers;

use crate::calls::recordings::Recording;
use crate::calls::{self, Call};
use crate::messages::{Direction, Message};
use crate::numbers::{Address, Number, buy};
use jiff::Timestamp;

/// Something that was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Used {
    /// The leaf it counts in.
    pub category: &'static str,
    /// How many.
    pub count: u32,
    /// How much: segments, minutes.
    pub usage: u32,
}

/// The UTC day of a time: days since 1970.
pub fn day(time: Timestamp) -> i64 {
    time.as_second().div_euclid(86_400)
}

/// A message that came in, or that the network took.
pub fn of_message(message: &Message) -> Used {
    let inbound = message.direction == Direction::Inbound;
    let own = if inbound { &message.to } else { &message.from };
    let own = Address::parse(own, None).ok();
    let with_media = !message.media.is_empty();
    let category = match (own, with_media, inbound) {
        (Some(Address::WhatsApp(_)), _, true) => "channels-whatsapp-inbound",
        (Some(Address::WhatsApp(_)), _, false) => "channels-whatsapp-outbound",
        (Some(Address::Messenger(_) | Address::Rcs(_)), ..) => "channels",
        (Some(Address::ShortCode(_)), false, true) => "sms-inbound-shortcode",
        (Some(Address::ShortCode(_)), false, false) => "sms-outbound-shortcode",
        (Some(Address::ShortCode(_)), true, true) => "mms-inbound-shortcode",
        (Some(Address::ShortCode(_)), true, false) => "mms-outbound-shortcode",
        (Some(Address::Phone(_)), false, true) => "sms-inbound-longcode",
        (Some(Address::Phone(_)), false, false) => "sms-outbound-longcode",
        (Some(Address::Phone(_)), true, true) => "mms-inbound-longcode",
        (Some(Address::Phone(_)), true, false) => "mms-outbound-longcode",
        (_, false, true) => "sms-inbound",
        (_, false, false) => "sms-outbound",
        (_, true, true) => "mms-inbound",
        (_, true, false) => "mms-outbound",
    };
    let is_sms = category.starts_with("sms");
    Used { category, count: 1, usage: if is_sms { message.num_segments } else { 1 } }
}

/// A call that has ended, in minutes that began; one that was never answered has none.
pub fn of_call(call: &Call) -> Used {
    let inbound = call.direction == calls::Direction::Inbound;
    let (own, peer) = if inbound { (&call.to, &call.from) } else { (&call.from, &call.to) };
    let number = Address::parse(own, None).ok().and_then(|own| own.phone());
    let category = match (Address::parse(peer, None), inbound) {
        (Ok(Address::Client(_)), _) => "calls-client",
        (Ok(Address::Sip(_)), true) => "calls-sip-inbound",
        (Ok(Address::Sip(_)), false) => "calls-sip-outbound",
        (_, false) => "calls-outbound",
        (_, true) if number.is_some_and(|number| number.is_toll_free()) => "calls-inbound-tollfree",
        (_, true) => "calls-inbound-local",
    };
    let minutes = call.duration_seconds().unwrap_or(0).div_ceil(60);
    Used { category, count: 1, usage: minutes }
}

/// A recording that was kept, in minutes that began.
pub fn of_recording(recording: &Recording) -> Used {
    let minutes = recording.duration_seconds().unwrap_or(0).div_ceil(60);
    let usage = u32::try_from(minutes).unwrap_or(u32::MAX);
    Used { category: "recordings", count: 1, usage }
}

/// A number that was bought.
pub fn of_number(number: &Number) -> Used {
    let category = match buy::type_of(&number.phone_number) {
        Some("toll-free") => "phonenumbers-tollfree",
        _ => "phonenumbers-local",
    };
    Used { category, count: 1, usage: 1 }
}

/// What was used of a category on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// Days since 1970.
    pub day: i64,
    /// The leaf.
    pub category: String,
    /// How many.
    pub count: u64,
    /// How much.
    pub usage: u64,
}

/// Count and usage of a category from a day to another, both inclusive.
pub fn sum(tallies: &[Tally], category: &categories::Category, days: (i64, i64)) -> (u64, u64) {
    tallies
        .iter()
        .filter(|tally| (days.0..=days.1).contains(&tally.day) && category.covers(&tally.category))
        .fold((0, 0), |(count, usage), tally| (count + tally.count, usage + tally.usage))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::testing;

    #[test]
    fn a_call_counts_by_its_ends_in_minutes_that_began() {
        use calls::Direction::{Inbound, OutboundApi};
        for (direction, from, to, ms, category, minutes) in [
            (Inbound, "+12025550199", "+12025550100", 61_000, "calls-inbound-local", 2),
            (Inbound, "+12025550199", "+18005550100", 1, "calls-inbound-tollfree", 1),
            (Inbound, "client:alice", "+12025550100", 0, "calls-client", 0),
            (Inbound, "sip:a@b.example", "+12025550100", 60_000, "calls-sip-inbound", 1),
            (OutboundApi, "+12025550100", "sip:a@b.example", 1, "calls-sip-outbound", 1),
            (OutboundApi, "+12025550100", "+12025550199", 120_001, "calls-outbound", 3),
        ] {
            let mut call = testing::call(direction);
            (call.from, call.to) = (from.into(), to.into());
            (call.answered, call.ended) = (Some(testing::at(0)), Some(testing::at(ms)));
            assert_eq!(of_call(&call), Used { category, count: 1, usage: minutes }, "{from} {to}");
            assert!(categories::find(category).is_some());
            call.answered = None;
            assert_eq!(of_call(&call).usage, 0);
        }
    }

    #[test]
    fn sums_are_of_days_and_of_all_below_a_category() {
        let tally = |day, category: &str, count, usage| Tally {
            day,
            category: category.into(),
            count,
            usage,
        };
        let all = [
            tally(1, "sms-inbound-longcode", 1, 2),
            tally(2, "sms-outbound-longcode", 3, 4),
            tally(2, "calls-outbound", 5, 6),
        ];
        let sum_of = |name, days| sum(&all, categories::find(name).expect("known"), days);
        assert_eq!(sum_of("sms", (1, 2)), (4, 6));
        assert_eq!(sum_of("sms", (2, 9)), (3, 4));
        assert_eq!(sum_of("sms-inbound", (1, 1)), (1, 2));
        assert_eq!(sum_of("mms", (1, 2)), (0, 0));
    }
}
