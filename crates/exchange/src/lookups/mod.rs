//! What is known of a phone number without asking anybody: whether it can exist, where, of what
//! kind, how it is written.
//!
//! It is known from the numbering plans alone. Who has a number, which network it is in now, and
//! what becomes of it, nobody here knows; packages of a lookup that would say so have an error code
//! in the place of data. Contract: rest.md 5 (lookups v2); Twilio doc page "Lookup v2 API".

mod pattern;
mod plan;

pub use plan::Line;

use crate::numbers::phone_number::PHONE_TEXT_BYTES_MAX;
use crate::refusal::Refusal;
use plan::Territory;

/// Digits of a number with its calling code at most (E.164).
const DIGITS_MAX: usize = 15;

/// Why a number is not valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Invalid {
    /// Fewer digits than any number of the country has.
    TooShort,
    /// More digits than any number of the country has.
    TooLong,
    /// As long as numbers are, and yet none.
    InvalidButPossible,
    /// No country has the calling code.
    InvalidCountryCode,
    /// Between lengths that numbers of the country have.
    InvalidLength,
    /// No number at all.
    NotANumber,
}

impl Invalid {
    /// The wire's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Invalid::TooShort => "TOO_SHORT",
            Invalid::TooLong => "TOO_LONG",
            Invalid::InvalidButPossible => "INVALID_BUT_POSSIBLE",
            Invalid::InvalidCountryCode => "INVALID_COUNTRY_CODE",
            Invalid::InvalidLength => "INVALID_LENGTH",
            Invalid::NotANumber => "NOT_A_NUMBER",
        }
    }
}

/// What is known of a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// E.164; the text as it came when it is no number.
    pub phone_number: String,
    /// The calling code, without `+`.
    pub calling_code: Option<String>,
    /// ISO alpha-2.
    pub country: Option<&'static str>,
    /// As it is written within the country.
    pub national_format: Option<String>,
    /// What kind of number the plan says it is.
    pub line: Option<Line>,
    /// Why it is not valid.
    pub invalid: Option<Invalid>,
}

/// Looks a number up; `country` is where a number without `+` is of, the United States by default.
pub fn look_up(text: &str, country: Option<&str>) -> Known {
    let wrong = |invalid| Known {
        phone_number: text.to_owned(),
        calling_code: None,
        country: None,
        national_format: None,
        line: None,
        invalid: Some(invalid),
    };
    let Some((international, digits)) = digits(text) else { return wrong(Invalid::NotANumber) };
    let home = || plan::of_country(country.unwrap_or("US"));
    let digits = match (international, home()) {
        (true, _) => digits,
        (false, Some(home)) => with_code(&home, &digits),
        (false, None) => return wrong(Invalid::InvalidCountryCode),
    };
    let territories = plan::territories(&digits);
    let Some(main) = territories.first() else { return wrong(Invalid::InvalidCountryCode) };
    let national = &digits[main.code().len()..];
    let mut known = Known {
        phone_number: format!("+{digits}"),
        calling_code: Some(main.code().to_owned()),
        ..wrong(Invalid::NotANumber)
    };
    match plan::place(&territories, national) {
        Some((own, line)) => {
            known.country = Some(own.country()).filter(|country| *country != "001");
            known.national_format = Some(plan::written(&territories, own, national));
            known.line = Some(line);
            known.invalid = None;
        }
        None => known.invalid = Some(why(&territories, national)),
    }
    known
}

/// Whether a `+` leads, and the digits; `None` for what has neither digits nor a number's shape.
fn digits(text: &str) -> Option<(bool, String)> {
    let text = text.trim();
    let (plus, rest) = match text.strip_prefix('+') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let known = |c: char| c.is_ascii_digit() || "()-. /".contains(c);
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    let good = text.len() <= PHONE_TEXT_BYTES_MAX && rest.chars().all(known) && digits.len() > 1;
    good.then_some((plus, digits))
}

/// A number of a country with its calling code; the national prefix is left out where the number
/// is one without it.
fn with_code(home: &Territory, digits: &str) -> String {
    let bare = digits.strip_prefix(home.national_prefix()).filter(|bare| bare.len() < digits.len());
    let national = match bare.filter(|bare| home.line(bare).is_some()) {
        Some(bare) if home.line(digits).is_none() => bare,
        _ => digits,
    };
    format!("{}{national}", home.code())
}

fn why(territories: &[Territory], national: &str) -> Invalid {
    let lengths: Vec<usize> = territories.iter().flat_map(Territory::lengths).collect();
    let length = national.len();
    let least = lengths.iter().min().copied().unwrap_or(0);
    let most = lengths.iter().max().copied().unwrap_or(DIGITS_MAX);
    if lengths.contains(&length) {
        Invalid::InvalidButPossible
    } else if length < least {
        Invalid::TooShort
    } else if length > most {
        Invalid::TooLong
    } else {
        Invalid::InvalidLength
    }
}

/// Packages of a lookup, by the names of `Fields`.
pub const PACKAGES: &[&str] = &[
    "validation",
    "caller_name",
    "sim_swap",
    "call_forwarding",
    "line_status",
    "line_type_intelligence",
    "identity_match",
    "reassigned_number",
    "sms_pumping_risk",
    "phone_number_quality_score",
    "pre_fill",
];

/// The packages that a comma list names.
///
/// # Errors
/// 20422 for one that is none.
pub fn packages(text: &str) -> Result<Vec<&'static str>, Refusal> {
    let named = text.split(',').map(str::trim).filter(|name| !name.is_empty());
    named
        .map(|name| {
            let found = PACKAGES.iter().copied().find(|package| *package == name);
            let why = format!("{name} is none of {}", PACKAGES.join(", "));
            found.ok_or_else(|| Refusal::parameter_invalid("Fields", why))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numbers::inventory::{self, Kind};
    use webhook::Form;

    #[test]
    fn a_number_is_known_by_its_plan() {
        for (text, country, e164, of, written, line) in [
            ("+14155552671", None, "+14155552671", "US", "(415) 555-2671", Line::FixedOrMobile),
            ("4155552671", None, "+14155552671", "US", "(415) 555-2671", Line::FixedOrMobile),
            (
                "1 415 555 2671",
                Some("US"),
                "+14155552671",
                "US",
                "(415) 555-2671",
                Line::FixedOrMobile,
            ),
            ("+14165550100", None, "+14165550100", "CA", "(416) 555-0100", Line::FixedOrMobile),
            ("+18005550100", None, "+18005550100", "US", "(800) 555-0100", Line::TollFree),
            ("+18765550100", None, "+18765550100", "JM", "(876) 555-0100", Line::Mobile),
            ("+442079460018", None, "+442079460018", "GB", "020 7946 0018", Line::Fixed),
            ("020 7946 0018", Some("GB"), "+442079460018", "GB", "020 7946 0018", Line::Fixed),
            ("+447400123456", None, "+447400123456", "GB", "07400 123456", Line::Mobile),
            ("+34612345678", None, "+34612345678", "ES", "612 34 56 78", Line::Mobile),
            ("+34910000000", None, "+34910000000", "ES", "910 00 00 00", Line::Fixed),
            ("+4915112345678", None, "+4915112345678", "DE", "01511 2345678", Line::Mobile),
            ("+33612345678", None, "+33612345678", "FR", "06 12 34 56 78", Line::Mobile),
            ("+525550001234", None, "+525550001234", "MX", "55 5000 1234", Line::FixedOrMobile),
            ("+390612345678", None, "+390612345678", "IT", "06 1234 5678", Line::Fixed),
            ("+77012345678", None, "+77012345678", "KZ", "8 (701) 234 5678", Line::Mobile),
        ] {
            let known = look_up(text, country);
            assert_eq!(known.invalid, None, "{known:?}");
            assert_eq!(known.phone_number, e164, "{text}");
            assert_eq!((known.country, known.line), (Some(of), Some(line)), "{text}");
            assert_eq!(known.national_format.as_deref(), Some(written), "{text}");
        }
    }

    #[test]
    fn a_number_that_is_none_says_why() {
        for (text, country, why) in [
            ("+1415555", None, Invalid::TooShort),
            ("+141555526711", None, Invalid::TooLong),
            ("+11155552671", None, Invalid::InvalidButPossible),
            ("+0123456789", None, Invalid::InvalidCountryCode),
            ("+9991234567", None, Invalid::InvalidCountryCode),
            ("5551234", Some("XX"), Invalid::InvalidCountryCode),
            ("hello", None, Invalid::NotANumber),
            ("", None, Invalid::NotANumber),
            ("+", None, Invalid::NotANumber),
            ("1", None, Invalid::NotANumber),
            ("é", None, Invalid::NotANumber),
        ] {
            assert_eq!(look_up(text, country).invalid, Some(why), "{text}");
        }
        assert_eq!(look_up(&"1".repeat(200), None).invalid, Some(Invalid::NotANumber));
    }

    #[test]
    fn what_the_inventory_offers_is_a_number_of_its_country_or_kept_for_fiction() {
        for country in inventory::countries() {
            for (kind, ..) in Kind::ALL.into_iter().filter(|one| inventory::has(country, one.0)) {
                let search = inventory::search(&Form::new(), country, kind).expect("a search");
                for offer in inventory::offers(&search, country, kind).iter().take(3) {
                    let known = look_up(offer.number.as_str(), None);
                    match known.invalid {
                        // Plans leave out what nobody is ever given.
                        Some(why) => assert_eq!(why, Invalid::InvalidButPossible, "{known:?}"),
                        None => {
                            let free = known.line == Some(Line::TollFree);
                            assert_eq!(free, kind == Kind::TollFree, "{known:?}");
                            assert!(free || known.country == Some(country.code), "{known:?}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn packages_are_known_or_refused() {
        assert_eq!(packages("caller_name, sim_swap"), Ok(vec!["caller_name", "sim_swap"]));
        assert_eq!(packages(""), Ok(vec![]));
        assert_eq!(packages("spoons").expect_err("none").code, 20_422);
    }
}
