//! A message for later: `ScheduleType=fixed` with `SendAt`.
//!
//! Called by the API; the delivery thread sends what is due. Contract: rest.md 4.1.

use crate::refusal::Refusal;
use jiff::{SignedDuration, Timestamp};
use webhook::Form;

/// How near `SendAt` may be, in seconds.
pub const NEAR_SECONDS: i64 = 300;
/// How far it may be, in seconds: 35 days.
pub const FAR_SECONDS: i64 = 35 * 24 * 3600;
/// Scheduled messages of an account at most (35125).
pub const SCHEDULED_MAX: u64 = 500_000;

/// When the message of a request goes; `None` for at once.
///
/// # Errors
/// 35126 for another kind of schedule, 35111 without a time, 35118 without a service, 35115 for
/// what is no time, 35114 for one that is too near or too far.
pub fn send_at(
    form: &Form,
    with_service: bool,
    now: Timestamp,
) -> Result<Option<Timestamp>, Refusal> {
    let filled = |name: &str| form.get(name).map(str::trim).filter(|text| !text.is_empty());
    let text = match (filled("ScheduleType"), filled("SendAt")) {
        (None, None) => return Ok(None),
        (Some(kind), _) if kind != "fixed" => return Err(Refusal::schedule_type_invalid()),
        (Some(_), None) => return Err(Refusal::send_at_missing()),
        (None, Some(_)) => return Err(Refusal::schedule_type_invalid()),
        (Some(_), Some(text)) => text,
    };
    if !with_service {
        return Err(Refusal::schedule_service_missing());
    }
    let at: Timestamp = text.parse().map_err(|_| Refusal::send_at_invalid())?;
    let ahead = at.duration_since(now);
    let window = SignedDuration::from_secs(NEAR_SECONDS)..=SignedDuration::from_secs(FAR_SECONDS);
    if window.contains(&ahead) { Ok(Some(at)) } else { Err(Refusal::send_at_out_of_window()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_in_its_window_or_refused_with_its_code() {
        let now: Timestamp = "2026-11-25T12:00:00Z".parse().expect("a time");
        for (parameters, with_service, found) in [
            ("", false, Ok(None)),
            ("ScheduleType=later&SendAt=2026-11-25T13:00:00Z", true, Err(35_126)),
            ("SendAt=2026-11-25T13:00:00Z", true, Err(35_126)),
            ("ScheduleType=fixed", true, Err(35_111)),
            ("ScheduleType=fixed&SendAt=2026-11-25T13:00:00Z", false, Err(35_118)),
            ("ScheduleType=fixed&SendAt=tomorrow", true, Err(35_115)),
            ("ScheduleType=fixed&SendAt=2026-11-25T12:04:59Z", true, Err(35_114)),
            ("ScheduleType=fixed&SendAt=2026-11-25T11:00:00Z", true, Err(35_114)),
            ("ScheduleType=fixed&SendAt=2026-12-30T12:00:01Z", true, Err(35_114)),
            ("ScheduleType=fixed&SendAt=2026-11-25T12:05:00Z", true, Ok(Some(300))),
            ("ScheduleType=fixed&SendAt=2026-11-25T14:00:00%2B01:00", true, Ok(Some(3600))),
            ("ScheduleType=fixed&SendAt=2026-12-30T12:00:00Z", true, Ok(Some(FAR_SECONDS))),
        ] {
            let form = Form::parse(parameters.as_bytes()).expect("a form");
            let sent = send_at(&form, with_service, now).map_err(|refusal| refusal.code);
            let ahead = sent.map(|at| at.map(|at| at.duration_since(now).as_secs()));
            assert_eq!(ahead, found, "{parameters}");
        }
    }
}
