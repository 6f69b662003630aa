//! Which number a request buys: a given one, or one of an area code.
//!
//! In this house every number that nobody owns can be bought, but for the numbers of Twilio's test
//! credentials, which answer as documented with every credential. Whether somebody owns a number
//! is the caller's to look up. Contract: rest.md 4.3 and 7.

use crate::numbers::PhoneNumber;
use crate::refusal::Refusal;
use webhook::Form;

/// Twilio's number that can be bought again and again.
pub const MAGIC_NUMBER: &str = "+15005550006";
/// Twilio's number that is never free.
const MAGIC_TAKEN: &str = "+15005550000";
/// Twilio's number that is none.
const MAGIC_INVALID: &str = "+15005550001";
/// Twilio's area code that [`MAGIC_NUMBER`] is in.
const MAGIC_AREA: &str = "500";
/// Twilio's area code without numbers.
const MAGIC_AREA_EMPTY: &str = "533";
/// Line numbers given out by area code: 555-0100 to 555-0199, which are kept for fiction.
const AREA_LINES: std::ops::Range<u32> = 100..200;

/// Beginnings of North American toll-free numbers.
pub const TOLL_FREE: &[&str] = &["+1800", "+1833", "+1844", "+1855", "+1866", "+1877", "+1888"];

/// The same with those beyond North America that the inventory has.
const FREEPHONE: &[&str] = &[
    "+1800", "+1833", "+1844", "+1855", "+1866", "+1877", "+1888", "+611800", "+34900", "+33805",
    "+44808", "+3531800", "+52800", "+31800", "+4620",
];
/// What no mobile number begins with.
const NOT_MOBILE: &[&str] =
    &["+1", "+611800", "+34900", "+33805", "+44808", "+3531800", "+52800", "+31800", "+4620"];

/// Which list a number is bought from. Beyond North America it is only known of freephone numbers
/// what they are: any other may be bought, and is listed, as local and as mobile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pool {
    /// All of them.
    Any,
    /// Numbers of a place.
    Local,
    /// Numbers of mobile networks.
    Mobile,
    /// Numbers that cost the caller nothing.
    TollFree,
}

impl Pool {
    /// What its numbers begin with (any when empty), and what they don't.
    pub fn prefixes(self) -> (&'static [&'static str], &'static [&'static str]) {
        match self {
            Pool::Any => (&[], &[]),
            Pool::Local => (&[], FREEPHONE),
            Pool::Mobile => (&[], NOT_MOBILE),
            Pool::TollFree => (FREEPHONE, &[]),
        }
    }

    fn has(self, number: &PhoneNumber) -> bool {
        let (begins, begins_not) = self.prefixes();
        let starts = |list: &[&str]| list.iter().any(|digits| number.as_str().starts_with(digits));
        (begins.is_empty() || starts(begins)) && !starts(begins_not)
    }
}

/// The `type` that a number shows: known in North America only.
pub fn type_of(phone_number: &str) -> Option<&'static str> {
    let number = PhoneNumber::parse(phone_number, None).ok()?;
    match number.is_toll_free() {
        true => Some("toll-free"),
        false => number.area_code().map(|_| "local"),
    }
}

/// What a request wants to buy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// This number.
    Number(PhoneNumber),
    /// The first of these that is free; `area_code` when none is.
    OneOf {
        /// The three digits.
        area_code: String,
        /// In the order of choice, E.164.
        candidates: Vec<String>,
    },
}

/// Reads `PhoneNumber` and `AreaCode`; the number wins.
///
/// # Errors
/// 21421 for what is no number, 21422, 21451, 21452 as documented, 21457 for an area code where
/// only a number can be asked for, 21458 for a number of another pool.
pub fn wish(form: &Form, pool: Pool) -> Result<Wish, Refusal> {
    let filled = |name: &str| form.get(name).map(str::trim).filter(|text| !text.is_empty());
    if let Some(text) = filled("PhoneNumber") {
        let number = PhoneNumber::parse(text, Some("US"));
        let number = number.map_err(|_| Refusal::number_invalid(text))?;
        return match number.as_str() {
            MAGIC_TAKEN => Err(Refusal::number_not_available(number)),
            MAGIC_INVALID => Err(Refusal::number_invalid(number)),
            _ if !pool.has(&number) => Err(Refusal::number_type_differs()),
            _ => Ok(Wish::Number(number)),
        };
    }
    match filled("AreaCode") {
        None => {
            let what = if pool == Pool::Any { "PhoneNumber or AreaCode" } else { "PhoneNumber" };
            Err(Refusal::new(21_421, 400, format!("A {what} is required")))
        }
        Some(_) if pool != Pool::Any => Err(Refusal::area_code_unsupported()),
        Some(area_code) => of_area(area_code),
    }
}

fn of_area(area_code: &str) -> Result<Wish, Refusal> {
    let digits = area_code.bytes().all(|byte| byte.is_ascii_digit());
    if area_code.len() != 3 || !digits || area_code.starts_with(['0', '1']) {
        return Err(Refusal::area_code_invalid(area_code));
    }
    let candidates = match area_code {
        MAGIC_AREA => vec![MAGIC_NUMBER.to_owned()],
        MAGIC_AREA_EMPTY => return Err(Refusal::area_code_empty(area_code)),
        _ => AREA_LINES.map(|line| format!("+1{area_code}555{line:04}")).collect(),
    };
    Ok(Wish::OneOf { area_code: area_code.to_owned(), candidates })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish_of(text: &str, pool: Pool) -> Result<Wish, Refusal> {
        wish(&Form::parse(text.as_bytes()).expect("a form"), pool)
    }

    #[test]
    fn magic_and_impossible_numbers_are_refused_as_documented() {
        for (parameters, pool, code) in [
            ("PhoneNumber=%2B15005550000", Pool::Any, 21_422),
            ("PhoneNumber=%2B15005550001", Pool::Any, 21_421),
            ("PhoneNumber=hello", Pool::Any, 21_421),
            ("", Pool::Any, 21_421),
            ("", Pool::Local, 21_421),
            ("AreaCode=533", Pool::Any, 21_452),
            ("AreaCode=12", Pool::Any, 21_451),
            ("AreaCode=100", Pool::Any, 21_451),
            ("AreaCode=4x5", Pool::Any, 21_451),
            ("AreaCode=415", Pool::TollFree, 21_457),
            ("PhoneNumber=%2B14155550123", Pool::TollFree, 21_458),
            ("PhoneNumber=%2B18005550123", Pool::Local, 21_458),
            ("PhoneNumber=%2B14155550123", Pool::Mobile, 21_458),
            ("PhoneNumber=%2B448081570123", Pool::Mobile, 21_458),
        ] {
            let refused = wish_of(parameters, pool).expect_err(parameters);
            assert_eq!(refused.code, code, "{parameters}: {refused}");
        }
    }

    #[test]
    fn a_number_of_the_pool_and_an_area_code_are_wishes() {
        for (parameters, pool) in [
            ("PhoneNumber=%2B15005550006", Pool::Any),
            ("PhoneNumber=415-555-0123&AreaCode=9", Pool::Local),
            ("PhoneNumber=%2B18885550123", Pool::TollFree),
            ("PhoneNumber=%2B448081570123", Pool::TollFree),
            ("PhoneNumber=%2B447700900123", Pool::Mobile),
            ("PhoneNumber=%2B447700900123", Pool::Local),
        ] {
            assert!(matches!(wish_of(parameters, pool), Ok(Wish::Number(_))), "{parameters}");
        }
        let Ok(Wish::OneOf { candidates, .. }) = wish_of("AreaCode=415", Pool::Any) else {
            panic!("an area code is a choice")
        };
        assert_eq!((candidates.len(), candidates[0].as_str()), (100, "+14155550100"));
        assert!(candidates.iter().all(|number| PhoneNumber::parse(number, None).is_ok()));
    }

    #[test]
    fn a_number_shows_its_type_where_the_plan_is_known() {
        assert_eq!(type_of("+12025550100"), Some("local"));
        assert_eq!(type_of("+18885550100"), Some("toll-free"));
        assert_eq!(type_of("+447700900123"), None);
    }
}
