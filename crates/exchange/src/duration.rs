//! Durations as our own API and the seed take them: ISO 8601, without months and years, whose
//! length nobody knows. A day has 24 hours: house time is UTC.

use jiff::{SignedDuration, Span, SpanRelativeTo};

/// Reads `PT2S`, `PT1H30M`, `P1D`, `P2W`; nothing that is negative.
///
/// ```
/// use exchange::duration::parse;
/// assert_eq!(parse("P1DT0.5S").map(|one| one.as_millis()), Some(86_400_500));
/// assert_eq!(parse("P1M"), None);
/// ```
pub fn parse(text: &str) -> Option<SignedDuration> {
    let span: Span = text.parse().ok()?;
    let duration = span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?;
    (text.starts_with(['P', 'p']) && !duration.is_negative()).then_some(duration)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_length_is_a_duration_and_nothing_else_is() {
        for (text, ms) in [
            ("PT2S", Some(2000)),
            ("PT0.25S", Some(250)),
            ("P1D", Some(86_400_000)),
            ("P1W", Some(604_800_000)),
            ("PT0S", Some(0)),
            ("-PT1S", None),
            ("P1M", None),
            ("P1Y", None),
            ("2s", None),
            ("2", None),
            ("", None),
            ("P", None),
        ] {
            assert_eq!(parse(text).map(|one| one.as_millis()), ms, "{text}");
        }
    }
}
