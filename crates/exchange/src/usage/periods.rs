//! The periods that usage is shown for: days, months and years in UTC.
//!
//! Contract: rest.md 4.4 (Usage Records).

use crate::refusal::Refusal;
use jiff::civil::Date;
use jiff::{Span, ToSpan};

/// Periods of one list at most: ten years of days.
pub const PERIODS_MAX: usize = 3_660;

/// Which list of usage records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    /// From `StartDate` to `EndDate`, all in one.
    Whole,
    /// The same under another name.
    AllTime,
    /// Each day.
    Daily,
    /// Each month.
    Monthly,
    /// Each year.
    Yearly,
    /// This day.
    Today,
    /// The day before.
    Yesterday,
    /// This month.
    ThisMonth,
    /// The month before.
    LastMonth,
}

impl Listed {
    /// All of them, with the key in `subresource_uris` and the path; the first has neither.
    pub const ALL: [(Listed, &'static str, &'static str); 9] = [
        (Listed::Whole, "", ""),
        (Listed::AllTime, "all_time", "AllTime"),
        (Listed::Daily, "daily", "Daily"),
        (Listed::LastMonth, "last_month", "LastMonth"),
        (Listed::Monthly, "monthly", "Monthly"),
        (Listed::ThisMonth, "this_month", "ThisMonth"),
        (Listed::Today, "today", "Today"),
        (Listed::Yearly, "yearly", "Yearly"),
        (Listed::Yesterday, "yesterday", "Yesterday"),
    ];
}

/// A first and a last day.
pub type Period = (Date, Date);

/// The periods of a list, the newest first. `within` are the days it is asked for.
pub fn periods(span: Listed, within: Period, today: Date) -> Vec<Period> {
    let month = |day: Date| (day.first_of_month(), day.last_of_month());
    match span {
        Listed::Whole | Listed::AllTime => vec![within],
        Listed::Today => vec![(today, today)],
        Listed::Yesterday => {
            let day = today.saturating_sub(1.day());
            vec![(day, day)]
        }
        Listed::ThisMonth => vec![(today.first_of_month(), today)],
        Listed::LastMonth => vec![month(today.first_of_month().saturating_sub(1.day()))],
        Listed::Daily => each(within, 1.day(), |day| (day, day)),
        Listed::Monthly => each(within, 1.month(), month),
        Listed::Yearly => each(within, 1.year(), |day| (day.first_of_year(), day.last_of_year())),
    }
}

/// Periods around days that lie `step` apart, cut to those that are asked for.
fn each(within: Period, step: Span, around: impl Fn(Date) -> Period) -> Vec<Period> {
    let mut found = Vec::new();
    let mut day = around(within.1).0;
    while around(day).1 >= within.0 && found.len() < PERIODS_MAX {
        let (first, last) = around(day);
        found.push((first.max(within.0), last.min(within.1)));
        let before = day.saturating_sub(step);
        if before == day {
            break;
        }
        day = around(before).0;
    }
    found
}

/// A `StartDate` or `EndDate`: a date, or so many days before today as `-30days`.
///
/// # Errors
/// 20422.
pub fn date(name: &str, text: &str, today: Date) -> Result<Date, Refusal> {
    let wrong = || Refusal::parameter_invalid(name, "use YYYY-MM-DD, or such as -30days");
    if let Some(days) = text.strip_suffix("days").or_else(|| text.strip_suffix("day")) {
        let days: i32 = days.parse().map_err(|_| wrong())?;
        return today
            .checked_add(Span::new().try_days(days).map_err(|_| wrong())?)
            .map_err(|_| wrong());
    }
    text.parse().map_err(|_| wrong())
}

/// Days since 1970.
pub fn number(day: Date) -> i64 {
    let epoch = jiff::civil::date(1970, 1, 1);
    (day - epoch).get_days().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date as day;

    #[test]
    fn a_list_has_its_periods_the_newest_first() {
        let today = day(2026, 3, 2);
        let within = (day(2026, 1, 30), today);
        for (span, expected) in [
            (Listed::Whole, vec![within]),
            (Listed::Today, vec![(today, today)]),
            (Listed::Yesterday, vec![(day(2026, 3, 1), day(2026, 3, 1))]),
            (Listed::ThisMonth, vec![(day(2026, 3, 1), today)]),
            (Listed::LastMonth, vec![(day(2026, 2, 1), day(2026, 2, 28))]),
            (
                Listed::Monthly,
                vec![
                    (day(2026, 3, 1), today),
                    (day(2026, 2, 1), day(2026, 2, 28)),
                    (day(2026, 1, 30), day(2026, 1, 31)),
                ],
            ),
            (Listed::Yearly, vec![within]),
        ] {
            assert_eq!(periods(span, within, today), expected, "{span:?}");
        }
        let days = periods(Listed::Daily, within, today);
        assert_eq!((days.len(), days[0], days[31]), (32, (today, today), (within.0, within.0)));
        assert_eq!(periods(Listed::Daily, (Date::MIN, today), today).len(), PERIODS_MAX);
        assert!(periods(Listed::Daily, (today, day(2026, 1, 1)), today).is_empty());
        assert!(periods(Listed::Yearly, (Date::MIN, Date::MAX), today).len() <= PERIODS_MAX);
    }

    #[test]
    fn a_date_is_one_or_so_many_days_from_today() {
        let today = day(2026, 3, 2);
        assert_eq!(date("StartDate", "2026-01-05", today), Ok(day(2026, 1, 5)));
        assert_eq!(date("StartDate", "-30days", today), Ok(day(2026, 1, 31)));
        assert_eq!(date("EndDate", "+1day", today), Ok(day(2026, 3, 3)));
        for bad in ["", "yesterday", "days", "-99999999999days", "2026-13-01"] {
            assert_eq!(date("EndDate", bad, today).expect_err(bad).code, 20_422, "{bad}");
        }
        assert_eq!((number(day(1970, 1, 1)), number(today)), (0, 20_514));
    }
}
