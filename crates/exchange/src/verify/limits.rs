//! Rate limits of a Verify service: a key that applications name when they begin a verification,
//! and buckets that say how often the same value of it may come.
//!
//! Called by the REST API, which counts what the store kept. Contract: Twilio doc pages "Service
//! Rate Limits" and "Service Rate Limit Buckets"; codes 60207 to 60211 and, beyond a limit, 20429.

use crate::numbers::configure::filled;
use crate::refusal::Refusal;
use crate::sid::{AccountSid, BucketSid, RateLimitSid, VerifyServiceSid};
use jiff::{SignedDuration, Timestamp};
use webhook::Form;

/// Rate limits of a service at most.
pub const LIMITS_MAX: usize = 10;
/// Buckets of a rate limit at most.
pub const BUCKETS_MAX: usize = 10;
/// Seconds that a bucket looks back at most: thirty days.
pub const INTERVAL_SECONDS_MAX: u32 = 30 * 86_400;
/// Characters of a unique name at most.
const NAME_CHARACTERS_MAX: usize = 256;
/// Characters of a description at most.
const DESCRIPTION_CHARACTERS_MAX: usize = 255;
/// Bytes of a value that is counted at most.
const VALUE_BYTES_MAX: usize = 256;

/// A key that is limited, such as the address of the person's browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RateLimit {
    /// Its sid.
    pub sid: RateLimitSid,
    /// The service.
    pub service: VerifyServiceSid,
    /// Whose it is.
    pub account: AccountSid,
    /// Names it in `RateLimits` of a verification.
    pub unique_name: String,
    /// For people.
    pub description: String,
    /// House time.
    pub created: Timestamp,
    /// House time.
    pub updated: Timestamp,
}

/// How often the same value may come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// Its sid.
    pub sid: BucketSid,
    /// The rate limit it is of.
    pub limit: RateLimitSid,
    /// Verifications of one value.
    pub max: u32,
    /// In so many seconds.
    pub interval_seconds: u32,
    /// House time.
    pub created: Timestamp,
    /// House time.
    pub updated: Timestamp,
}

/// `UniqueName` of a rate limit.
///
/// # Errors
/// 20001 without one; 60209 unless it is letters, digits, `_`, `-` and `.`; 60208 for one of
/// `others`.
pub fn unique_name<'a>(
    form: &Form,
    mut others: impl Iterator<Item = &'a RateLimit>,
) -> Result<String, Refusal> {
    let name =
        filled(form, "UniqueName").ok_or_else(|| Refusal::parameter_missing("UniqueName"))?;
    let good = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    if name.len() > NAME_CHARACTERS_MAX || !name.chars().all(good) {
        return Err(Refusal::verify_limit_name_invalid());
    }
    match others.any(|other| other.unique_name == name) {
        true => Err(Refusal::verify_limit_name_taken()),
        false => Ok(name.to_owned()),
    }
}

/// `Description` of a rate limit, when the request has one.
///
/// # Errors
/// 60200 when it is too long.
pub fn description(form: &Form) -> Result<Option<String>, Refusal> {
    match form.get("Description") {
        Some(text) if text.chars().count() > DESCRIPTION_CHARACTERS_MAX => {
            Err(Refusal::verify_parameter_invalid("Description"))
        }
        text => Ok(text.map(str::to_owned)),
    }
}

/// Applies `Max` and `Interval` to a bucket; both are needed when it is `new`.
///
/// # Errors
/// 20001 for what is missing, 60200 for what can't be, 60211 for the interval of one of `others`.
pub fn bucket(
    bucket: &mut Bucket,
    form: &Form,
    new: bool,
    others: &[Bucket],
) -> Result<(), Refusal> {
    let number = |name: &str, most: u32| match filled(form, name) {
        None if new => Err(Refusal::parameter_missing(name)),
        None => Ok(None),
        Some(text) => match text.parse().ok().filter(|number| (1..=most).contains(number)) {
            Some(number) => Ok(Some(number)),
            None => Err(Refusal::verify_parameter_invalid(format!("{name}: {text}"))),
        },
    };
    if let Some(max) = number("Max", u32::MAX)? {
        bucket.max = max;
    }
    if let Some(seconds) = number("Interval", INTERVAL_SECONDS_MAX)? {
        bucket.interval_seconds = seconds;
    }
    let same = |one: &&Bucket| one.interval_seconds == bucket.interval_seconds;
    match others.iter().filter(|one| one.sid != bucket.sid).find(same) {
        Some(_) => Err(Refusal::verify_bucket_taken()),
        None => Ok(()),
    }
}

/// The values that a verification names in `RateLimits`, by the names of `limits`; `members` are
/// those of its JSON object, `None` for what is no text.
///
/// # Errors
/// 60200 for a name that no rate limit has, and for a value that is none.
pub fn values<'a>(
    members: &'a [(String, Option<String>)],
    limits: &'a [RateLimit],
) -> Result<Vec<(&'a RateLimit, &'a str)>, Refusal> {
    let value = |(name, value): &'a (String, Option<String>)| {
        let limit = limits.iter().find(|limit| limit.unique_name == *name);
        let good = |text: &&str| !text.is_empty() && text.len() <= VALUE_BYTES_MAX;
        let value = value.as_deref().filter(good);
        limit
            .zip(value)
            .ok_or_else(|| Refusal::verify_parameter_invalid(format!("RateLimits: {name}")))
    };
    members.iter().map(value).collect()
}

/// Judges one more verification of a value by the buckets of its rate limit: `times` are when the
/// earlier ones began.
///
/// # Errors
/// 20429 when a bucket is full.
pub fn admit(buckets: &[Bucket], times: &[Timestamp], now: Timestamp) -> Result<(), Refusal> {
    let is_full = |bucket: &Bucket| {
        let interval = SignedDuration::from_secs(i64::from(bucket.interval_seconds));
        let recent = times.iter().filter(|at| now.duration_since(**at) < interval).count();
        recent >= bucket.max as usize
    };
    match buckets.iter().any(is_full) {
        true => Err(Refusal::too_many_requests()),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(name: &str) -> RateLimit {
        let account = AccountSid::parse(&format!("AC{:032}", 1)).expect("a sid");
        RateLimit {
            sid: RateLimitSid::parse(&format!("RK{:032}", 1)).expect("a sid"),
            service: VerifyServiceSid::parse(&format!("VA{:032}", 1)).expect("a sid"),
            account,
            unique_name: name.into(),
            description: String::new(),
            created: Timestamp::UNIX_EPOCH,
            updated: Timestamp::UNIX_EPOCH,
        }
    }

    fn of(max: u32, interval_seconds: u32) -> Bucket {
        Bucket {
            sid: BucketSid::parse(&format!("BL{interval_seconds:032}")).expect("a sid"),
            limit: limit("ip").sid,
            max,
            interval_seconds,
            created: Timestamp::UNIX_EPOCH,
            updated: Timestamp::UNIX_EPOCH,
        }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("a time")
    }

    #[test]
    fn a_limit_and_its_buckets_are_refused_with_their_codes() {
        let form = |text: &str| Form::parse(text.as_bytes()).expect("a form");
        let limits = [limit("ip")];
        for (text, code) in [
            ("", 20_001),
            ("UniqueName=a b", 60_209),
            (&format!("UniqueName={}", "n".repeat(257)), 60_209),
            ("UniqueName=ip", 60_208),
        ] {
            let refused = unique_name(&form(text), limits.iter()).expect_err(text);
            assert_eq!((refused.code, refused.status), (code, 400), "{text}");
        }
        let refused = description(&form(&format!("Description={}", "d".repeat(256))));
        assert_eq!(refused.expect_err("long").code, 60_200);
        for (text, code) in [
            ("Max=4", 20_001),
            ("Interval=4", 20_001),
            ("Max=0&Interval=4", 60_200),
            ("Max=few&Interval=4", 60_200),
            ("Max=1&Interval=2592001", 60_200),
            ("Max=1&Interval=60", 60_211),
        ] {
            let mut new = Bucket { interval_seconds: 0, ..of(0, 1) };
            let refused = bucket(&mut new, &form(text), true, &[of(1, 60)]).expect_err(text);
            assert_eq!((refused.code, refused.status), (code, 400), "{text}");
        }
        let mut known = of(1, 60);
        bucket(&mut known, &form("Max=9"), false, &[of(1, 60)]).expect("its own interval");
        assert_eq!((known.max, known.interval_seconds), (9, 60));
    }

    #[test]
    fn a_value_is_counted_by_a_limit_that_is_there() {
        let limits = [limit("ip")];
        for (name, value, good) in [
            ("ip", Some("192.0.2.1"), true),
            ("ip", Some(""), false),
            ("ip", None, false),
            ("who", Some("x"), false),
        ] {
            let members = [(name.to_owned(), value.map(str::to_owned))];
            let found = values(&members, &limits).map(|found| found.len());
            assert_eq!(found.map_err(|refusal| refusal.code), good.then_some(1).ok_or(60_200));
        }
    }

    #[test]
    fn each_bucket_looks_back_as_far_as_its_interval() {
        let buckets = [of(2, 60), of(3, 3600)];
        for (times, now, good) in [
            (&[][..], 100, true),
            (&[at(50), at(60)], 100, false),
            (&[at(40), at(60)], 100, true),
            (&[at(0), at(10), at(20)], 3599, false),
            (&[at(0), at(10), at(20)], 3600, true),
        ] {
            let admitted = admit(&buckets, times, at(now)).map_err(|refusal| refusal.code);
            assert_eq!(admitted, good.then_some(()).ok_or(20_429), "{times:?} {now}");
        }
        assert_eq!(admit(&[], &[at(1); 99], at(1)), Ok(()), "without a bucket nothing is limited");
    }
}
