//! When a failed tell is tried again, and how long it holds back the later ones of its lane.
//!
//! Only for the durable profile; Twilio's own retries happen inside one exchange (`connection`).

use jiff::{SignedDuration, Timestamp};

/// Pauses before the second, third, … exchange, in seconds: about a day in all.
pub const PAUSES_SECONDS: &[i64] =
    &[5, 30, 120, 300, 900, 1800, 3600, 7200, 14_400, 18_000, 18_000, 18_000];

/// How long a failing tell holds back the later ones of its lane, in seconds (DESIGN section 2).
pub const ORDER_HOLD_SECONDS: i64 = 30;

/// When the exchange after `failures` failed ones is due; `None` when all are used up. `random`
/// spreads it by a tenth up or down, so that what failed together does not come back together.
pub fn next(failures: u32, random: u64, now: Timestamp) -> Option<Timestamp> {
    let place = usize::try_from(failures.checked_sub(1)?).ok()?;
    let pause_ms = PAUSES_SECONDS.get(place)? * 1000;
    let spread_ms = (random % (pause_ms as u64 / 5 + 1)) as i64 - pause_ms / 10;
    now.checked_add(SignedDuration::from_millis(pause_ms + spread_ms)).ok()
}

/// How long events for a sink are tried (webhooks.md 2h).
pub const SINK_RETRY_SECONDS: i64 = 4 * 3600;

/// The same for events for a sink, which were made at `created`: the last exchange is four hours
/// later at the latest.
pub fn next_of_sink(
    failures: u32,
    random: u64,
    created: Timestamp,
    now: Timestamp,
) -> Option<Timestamp> {
    let end = created.checked_add(SignedDuration::from_secs(SINK_RETRY_SECONDS)).ok()?;
    next(failures, random, now).filter(|_| now < end).map(|due| due.min(end))
}

/// Until when a tell that failed `failures` times and is due again at `due` holds back the later
/// ones of its lane: the pauses so far lead back to its first failure, but for their spread.
/// `None` for one that never failed.
pub fn holds_until(failures: u32, due: Timestamp) -> Option<Timestamp> {
    let count = usize::try_from(failures).ok()?.min(PAUSES_SECONDS.len());
    let paused: i64 = PAUSES_SECONDS.get(..count)?.iter().sum();
    let held = SignedDuration::from_secs(ORDER_HOLD_SECONDS - paused);
    (failures > 0).then(|| due.checked_add(held).unwrap_or(due))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retries_last_about_a_day_and_then_end() {
        let start = Timestamp::from_second(1_800_000_000).expect("in range");
        let mut now = start;
        let mut failures = 1;
        while let Some(due) = next(failures, 0x9e37_79b9_7f4a_7c15, now) {
            assert!(due > now);
            (now, failures) = (due, failures + 1);
        }
        let hours = now.duration_since(start).as_hours();
        assert!((20..=27).contains(&hours), "{hours} hours");
        assert_eq!(failures as usize, PAUSES_SECONDS.len() + 1);
    }

    #[test]
    fn events_for_a_sink_are_tried_for_four_hours() {
        let start = Timestamp::from_second(1_800_000_000).expect("in range");
        let (mut now, mut failures) = (start, 1);
        while let Some(due) = next_of_sink(failures, 7, start, now) {
            assert!(due > now);
            (now, failures) = (due, failures + 1);
        }
        assert_eq!(now.duration_since(start).as_secs(), SINK_RETRY_SECONDS);
    }

    #[test]
    fn a_rows_failures_and_due_time_tell_how_long_it_holds_its_lane() {
        let first_failure = Timestamp::from_second(1_800_000_000).expect("in range");
        let end = first_failure + SignedDuration::from_secs(ORDER_HOLD_SECONDS);
        assert_eq!(holds_until(0, first_failure), None);
        let mut due = first_failure;
        for (n, pause) in PAUSES_SECONDS.iter().enumerate() {
            due += SignedDuration::from_secs(*pause);
            assert_eq!(holds_until(n as u32 + 1, due), Some(end));
        }
    }
}
