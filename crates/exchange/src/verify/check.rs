//! A code comes back, or the customer decides without one.
//!
//! Called by the REST API with the person's verification; says what becomes of it. Contract: Twilio
//! doc pages "Verification Check" and "Verification"; codes 60200, 60202 and 20404.

use super::{Standing, Verification, VerifyService};
use crate::refusal::Refusal;
use jiff::Timestamp;

/// Wrong codes of one verification (60202).
pub const WRONG_MAX: u32 = 5;

/// What a code makes of a verification; whether it was the right one is its standing.
///
/// # Errors
/// 60202 when too many came before; 20404 (`not_found`) when it goes on no more.
pub fn check(
    one: &Verification,
    code: &str,
    not_found: Refusal,
    now: Timestamp,
) -> Result<Verification, Refusal> {
    match one.standing(now) {
        Standing::Pending => {}
        Standing::MaxAttemptsReached => return Err(Refusal::verify_checks_too_many()),
        _ => return Err(not_found),
    }
    let mut next = one.clone();
    if one.code == code {
        next.stored = Standing::Approved;
        return Ok(next);
    }
    next.wrong += 1;
    if next.wrong >= WRONG_MAX {
        next.stored = Standing::MaxAttemptsReached;
    }
    Ok(next)
}

/// The transaction that is checked has to be the one that was sent.
///
/// # Errors
/// 60206 when one is named and not the one that was verified, or is needed and not named.
pub fn transaction(
    service: &VerifyService,
    one: &Verification,
    (amount, payee): (&str, &str),
) -> Result<(), Refusal> {
    let same = amount == one.amount && payee == one.payee;
    (!service.psd2_enabled || same).then_some(()).ok_or_else(Refusal::verify_transaction_missing)
}

/// What the customer makes of it.
///
/// # Errors
/// 60200 for a status that can't be set; 20404 (`not_found`) when it goes on no more.
pub fn decide(
    one: &Verification,
    status: &str,
    not_found: Refusal,
    now: Timestamp,
) -> Result<Verification, Refusal> {
    let stored = match Standing::parse(status) {
        Some(stored @ (Standing::Approved | Standing::Canceled)) => stored,
        _ => return Err(Refusal::verify_parameter_invalid("Status")),
    };
    match one.is_open(now) {
        true => Ok(Verification { stored, ..one.clone() }),
        false => Err(not_found),
    }
}

#[cfg(test)]
mod tests {
    use super::super::start::begin;
    use super::super::start::tests::{draft, fresh, service};
    use super::*;

    fn one() -> Verification {
        let service = service();
        let draft = draft(&service, "To=%2B12025550199&Channel=sms").expect("good");
        begin(&service, &draft, None, fresh(123_456), Timestamp::UNIX_EPOCH).expect("begun")
    }

    fn gone() -> Refusal {
        Refusal::not_found("/v2")
    }

    #[test]
    fn five_wrong_codes_are_heard_and_then_none_until_it_expires() {
        let now = Timestamp::UNIX_EPOCH;
        let mut it = one();
        for n in 1..=5 {
            it = check(&it, "000000", gone(), now).expect("heard");
            assert_eq!(it.wrong, n);
        }
        let refused = check(&it, "123456", gone(), now).expect_err("too many");
        assert_eq!((refused.code, refused.status), (60_202, 429));
        let refused = check(&it, "123456", gone(), it.expires()).expect_err("over");
        assert_eq!((refused.code, refused.status), (20_404, 404));
        assert_eq!(it.standing(it.expires()), Standing::Expired);
    }

    #[test]
    fn what_is_approved_or_canceled_is_not_checked_again() {
        let now = Timestamp::UNIX_EPOCH;
        let approved = check(&one(), "123456", gone(), now).expect("right");
        assert_eq!(approved.standing(one().expires()), Standing::Approved);
        let canceled = decide(&one(), "canceled", gone(), now).expect("canceled");
        for it in [approved, canceled] {
            assert_eq!(check(&it, "123456", gone(), now).expect_err("over").code, 20_404);
            assert_eq!(decide(&it, "approved", gone(), now).expect_err("over").code, 20_404);
        }
        for status in ["pending", "expired", "", "x"] {
            assert_eq!(decide(&one(), status, gone(), now).expect_err("no").code, 60_200);
        }
    }
}
