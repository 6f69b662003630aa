//! Date filters of lists: `DateSent`, `DateSent<`, `DateSent>` (rest.md 1.8).
//!
//! A date alone means that UTC day; `<` and `>` are both inclusive. SDKs make a midnight of a date,
//! so an equality with midnight means the day, too.

use super::error::ApiError;
use super::request::Call;
use exchange::refusal::Refusal;
use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};

/// The first and the last moment that a text means.
fn span(text: &str) -> Option<(Timestamp, Timestamp)> {
    let utc = |time: DateTime| TimeZone::UTC.to_timestamp(time).ok();
    if let Some(date) = text.parse::<Date>().ok().filter(|_| text.len() <= 10) {
        let first = utc(date.at(0, 0, 0, 0))?;
        let last = utc(date.at(23, 59, 59, 999_999_000))?;
        return Some((first, last));
    }
    let moment = match text.parse::<Timestamp>() {
        Ok(moment) => moment,
        Err(_) => utc(text.parse::<DateTime>().ok()?)?,
    };
    // Shown and given to the second, kept to the microsecond.
    let whole = moment.subsec_microsecond() == 0;
    let last = if whole { moment + SignedDuration::from_micros(999_999) } else { moment };
    Some((moment, last))
}

/// The last moment of the UTC day that begins at `midnight`; none when it is no midnight.
fn day_of(midnight: Timestamp) -> Option<Timestamp> {
    let time = TimeZone::UTC.to_datetime(midnight);
    let day = SignedDuration::from_hours(24) - SignedDuration::from_micros(1);
    (time.time() == jiff::civil::Time::midnight()).then(|| midnight.checked_add(day).ok())?
}

/// The moments between which the named date lies, as far as the query says; both inclusive.
pub(super) fn range(
    call: &Call,
    name: &str,
) -> Result<(Option<Timestamp>, Option<Timestamp>), ApiError> {
    let read = |suffix: &str| -> Result<Option<(Timestamp, Timestamp)>, ApiError> {
        let name = format!("{name}{suffix}");
        match call.query.get(&name).map(str::trim).filter(|text| !text.is_empty()) {
            None => Ok(None),
            Some(text) => span(text).map(Some).ok_or_else(|| {
                let why = "use YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ";
                Refusal::parameter_invalid(&name, why).into()
            }),
        }
    };
    if let Some((first, last)) = read("")? {
        return Ok((Some(first), Some(day_of(first).unwrap_or(last))));
    }
    Ok((read(">")?.map(|span| span.0), read("<")?.map(|span| span.1)))
}

/// `StartDate` and `EndDate` of the v1 products; both inclusive (rest.md 1.8).
pub(super) fn between(call: &Call) -> Result<(Option<Timestamp>, Option<Timestamp>), ApiError> {
    let read = |name: &str| match call.query.get(name).map(str::trim).filter(|t| !t.is_empty()) {
        None => Ok(None),
        Some(text) => span(text).map(Some).ok_or_else(|| {
            let why = "use YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ";
            ApiError::from(Refusal::parameter_invalid(name, why))
        }),
    };
    Ok((read("StartDate")?.map(|span| span.0), read("EndDate")?.map(|span| span.1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn midnight_is_the_day_that_begins_with_it() {
        let time = |text: &str| text.parse::<Timestamp>().expect("a time");
        let last = Some(time("2024-01-02T23:59:59.999999Z"));
        assert_eq!(day_of(time("2024-01-02T00:00:00Z")), last);
        assert_eq!(day_of(time("2024-01-02T00:00:01Z")), None);
    }

    #[test]
    fn a_date_is_a_day_and_a_time_is_a_second() {
        for (text, first, last) in [
            ("2024-01-02", "2024-01-02T00:00:00Z", "2024-01-02T23:59:59.999999Z"),
            ("2024-01-02T03:04:05Z", "2024-01-02T03:04:05Z", "2024-01-02T03:04:05.999999Z"),
            ("2024-01-02T03:04:05", "2024-01-02T03:04:05Z", "2024-01-02T03:04:05.999999Z"),
            ("2024-01-02T03:04:05+01:00", "2024-01-02T02:04:05Z", "2024-01-02T02:04:05.999999Z"),
        ] {
            let (found_first, found_last) = span(text).expect(text);
            assert_eq!(found_first, first.parse().expect("a time"), "{text}");
            assert_eq!(found_last, last.parse().expect("a time"), "{text}");
        }
        for bad in ["", "yesterday", "2024-13-01", "2024-01-02T99:00:00Z"] {
            assert!(span(bad).is_none(), "{bad}");
        }
    }
}
