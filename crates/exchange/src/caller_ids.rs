//! Caller ids: numbers of other networks that an account may call from, once whoever has the phone
//! has typed a code.
//!
//! The account is told the code; a call to the phone asks for it. That call is one like any other:
//! its document is served by the house itself, and its `<Gather>` comes back here.
//! Contract: rest.md 4.4 and A.2.

use crate::calls::script::First;
use crate::calls::{Call, Direction, Plan, State};
use crate::numbers::{Method, PhoneNumber, Target, configure};
use crate::refusal::Refusal;
use crate::sid::{AccountSid, CallSid, NumberSid};
use crate::webhooks::url::Url;
use crate::webhooks::{Kind, Purpose, Webhook};
use jiff::Timestamp;
use webhook::Form;

/// Who calls to verify a number.
pub const VERIFIER: &str = "+14157234000";
/// Digits of a code.
pub const CODE_DIGITS: usize = 6;
/// Seconds that the phone rings.
const TIMEOUT_SECONDS: u32 = 60;
/// Seconds that such a call lasts at most.
const TIME_LIMIT_SECONDS: u32 = 300;
/// Seconds before the call, at most (21454).
const DELAY_SECONDS_MAX: u32 = 60;
/// Characters of an extension at most.
const EXTENSION_CHARACTERS_MAX: usize = 32;

/// A number that may be called from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallerId {
    /// Its sid.
    pub sid: NumberSid,
    /// Whose it is.
    pub account: AccountSid,
    /// E.164.
    pub phone_number: String,
    /// A name for people.
    pub friendly_name: String,
    /// House time.
    pub created: Timestamp,
    /// House time.
    pub updated: Timestamp,
}

/// A verification that is under way: as long as its call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Validation {
    /// The call that asks for the code.
    pub call: CallSid,
    /// Who wants the number.
    pub account: AccountSid,
    /// E.164.
    pub phone_number: String,
    /// The name it will have.
    pub friendly_name: String,
    /// Six digits.
    pub code: String,
    /// Who is told how it ended.
    pub callback: Option<Target>,
}

/// The verification that a request asks for. `random` makes the code; `verified`: whether the
/// account has the number already.
///
/// # Errors
/// 21401, 21454, 21502, 21403 and 21450.
pub fn validate(
    form: &Form,
    (account, call): (AccountSid, CallSid),
    random: u64,
    verified: impl FnOnce(&str) -> bool,
) -> Result<Validation, Refusal> {
    let filled = |name: &str| form.get(name).map(str::trim).filter(|text| !text.is_empty());
    let text = filled("PhoneNumber").unwrap_or_default();
    let number = PhoneNumber::parse(text, Some("US"));
    let number = number.map_err(|_| Refusal::phone_number_invalid(text))?;
    delay_seconds(form).ok_or_else(Refusal::call_delay_invalid)?;
    let keys = |text: &str| text.bytes().all(|key| key.is_ascii_digit() || b"*#wW".contains(&key));
    if filled("Extension").is_some_and(|text| text.len() > EXTENSION_CHARACTERS_MAX || !keys(text))
    {
        return Err(Refusal::parameter_invalid("Extension", "use up to 32 of 0-9, *, # and w"));
    }
    let method = match filled("StatusCallbackMethod") {
        None => Method::Post,
        Some(text) => Method::parse(text)
            .ok_or_else(|| Refusal::number_method_invalid("StatusCallbackMethod"))?,
    };
    let callback = match filled("StatusCallback") {
        None => None,
        Some(url) => {
            Url::parse(url).map_err(|_| Refusal::callback_invalid(url))?;
            Some(Target { url: url.to_owned(), method })
        }
    };
    let phone_number = number.to_string();
    if verified(&phone_number) {
        return Err(Refusal::number_already_validated(phone_number));
    }
    let name = configure::friendly_name(form)?.filter(|name| !name.is_empty());
    Ok(Validation {
        call,
        account,
        friendly_name: name.unwrap_or_else(|| number.friendly()),
        code: format!("{:06}", random % 1_000_000),
        phone_number,
        callback,
    })
}

/// The `CallDelay` of a request: seconds before the phone rings. `None` when it can't be one.
fn delay_seconds(form: &Form) -> Option<u32> {
    match form.get("CallDelay").map(str::trim) {
        None | Some("") => Some(0),
        Some(text) => text.parse().ok().filter(|delay| *delay <= DELAY_SECONDS_MAX),
    }
}

/// The call of a verification, queued, to be dialled after its `CallDelay`; it asks `url` what to
/// say. `extension` is pressed first.
pub fn call(validation: &Validation, url: String, form: &Form, now: Timestamp) -> Call {
    let extension = form.get("Extension").map(str::trim).filter(|text| !text.is_empty());
    Call {
        sid: validation.call,
        account: validation.account,
        parent: None,
        direction: Direction::OutboundApi,
        from: VERIFIER.to_owned(),
        to: validation.phone_number.clone(),
        state: State::Queued,
        events: 0,
        number: None,
        application: None,
        forwarded_from: None,
        caller_name: None,
        answered_by: None,
        sip_response_code: None,
        plan: Plan {
            first: Some(First::Ask(Target { url, method: Method::Post })),
            delay_seconds: delay_seconds(form).unwrap_or(0),
            timeout_seconds: TIMEOUT_SECONDS,
            time_limit_seconds: Some(TIME_LIMIT_SECONDS),
            send_digits: extension.map(str::to_owned),
            ..Plan::default()
        },
        created: now,
        updated: now,
        started: None,
        answered: None,
        ended: None,
    }
}

/// What the call of a verification hears next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// Nothing yet: it is asked for the code.
    Nothing,
    /// Other digits.
    Wrong,
    /// The code.
    Right,
}

/// What `digits` are to a verification.
pub fn heard(validation: &Validation, digits: Option<&str>) -> Heard {
    match digits.filter(|digits| !digits.is_empty()) {
        None => Heard::Nothing,
        Some(digits) if digits == validation.code => Heard::Right,
        Some(_) => Heard::Wrong,
    }
}

/// The document for it.
pub fn document(heard: Heard) -> String {
    let ask = |words: &str| {
        format!(
            "<Response><Gather numDigits=\"{CODE_DIGITS}\" timeout=\"30\"><Say>{words}</Say></Gather>\
             <Say>Goodbye.</Say></Response>"
        )
    };
    match heard {
        Heard::Nothing => ask("Please type your six digit validation code."),
        Heard::Wrong => ask("That is not the code. Please type your validation code again."),
        Heard::Right => {
            "<Response><Say>Thank you. Your number is verified.</Say><Hangup/></Response>"
                .to_owned()
        }
    }
}

/// The caller id of a verification that succeeded.
pub fn caller_id(validation: &Validation, sid: NumberSid, now: Timestamp) -> CallerId {
    CallerId {
        sid,
        account: validation.account,
        phone_number: validation.phone_number.clone(),
        friendly_name: validation.friendly_name.clone(),
        created: now,
        updated: now,
    }
}

/// The tell of how a verification ended, if anybody wants it: `caller_id` when it succeeded.
pub fn tell(
    validation: &Validation,
    caller_id: Option<NumberSid>,
    token: u128,
    now: Timestamp,
) -> Option<Webhook> {
    let target = validation.callback.clone()?;
    let mut form = Form::from_pairs([
        ("AccountSid", validation.account.to_string()),
        ("ApiVersion", webhook::API_VERSION.to_owned()),
        ("CallSid", validation.call.to_string()),
        ("Called", validation.phone_number.clone()),
        ("Caller", VERIFIER.to_owned()),
        ("Direction", Direction::OutboundApi.as_str().to_owned()),
        ("From", VERIFIER.to_owned()),
        ("To", validation.phone_number.clone()),
    ]);
    form.push("VerificationStatus", if caller_id.is_some() { "success" } else { "failed" });
    if let Some(sid) = caller_id {
        form.push("OutgoingCallerIdSid", sid.to_string());
    }
    Some(Webhook {
        id: 0,
        account: validation.account,
        kind: Kind::Tell,
        purpose: Purpose::CallerId,
        resource: validation.call.sid(),
        url: target.url,
        method: target.method,
        parameters: form.encode(),
        token,
        fallback: None,
        context: String::new(),
        due: now,
        created: now,
        failures: 0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn make(parameters: &str) -> Result<Validation, u32> {
        let form = Form::parse(parameters.as_bytes()).expect("a form");
        let account = AccountSid::parse("AC00000000000000000000000000000001").expect("a sid");
        let call = CallSid::parse("CA00000000000000000000000000000001").expect("a sid");
        validate(&form, (account, call), 7_000_042, |number| number == "+12025550111")
            .map_err(|refusal| refusal.code)
    }

    #[test]
    fn a_verification_has_a_code_or_is_refused() {
        let good = make("PhoneNumber=2025550199&CallDelay=60&Extension=12w3%23").expect("good");
        assert_eq!((good.code.as_str(), good.friendly_name.as_str()), ("000042", "(202) 555-0199"));
        for (parameters, code) in [
            ("", 21_401),
            ("PhoneNumber=me", 21_401),
            ("PhoneNumber=2025550199&CallDelay=61", 21_454),
            ("PhoneNumber=2025550199&CallDelay=soon", 21_454),
            ("PhoneNumber=2025550199&Extension=abc", 20_422),
            ("PhoneNumber=2025550199&StatusCallback=here", 21_502),
            ("PhoneNumber=2025550199&StatusCallbackMethod=PUT", 21_403),
            ("PhoneNumber=2025550111", 21_450),
        ] {
            assert_eq!(make(parameters), Err(code), "{parameters}");
        }
    }

    #[test]
    fn only_the_code_verifies() {
        let validation = make("PhoneNumber=2025550199").expect("good");
        for (digits, expected) in [
            (None, Heard::Nothing),
            (Some(""), Heard::Nothing),
            (Some("000041"), Heard::Wrong),
            (Some("000042"), Heard::Right),
        ] {
            assert_eq!(heard(&validation, digits), expected, "{digits:?}");
        }
    }
}
