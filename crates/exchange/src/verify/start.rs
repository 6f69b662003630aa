//! A verification begins, or its code is sent again: what is refused, and what is sent.
//!
//! Called by the REST API with what the store knows of the person's open verification; sends
//! nothing itself. Contract: Twilio doc page "Verification"; codes 60200, 60203, 60204, 60206.

use super::wording::{Language, Words, language, text, twiml};
use super::{Attempt, Channel, Standing, Verification, VerifyService};
use crate::numbers::configure::filled;
use crate::numbers::{Address, PhoneNumber};
use crate::refusal::Refusal;
use crate::sid::{Sid, VerificationSid};
use jiff::Timestamp;
use webhook::Form;

/// Sendings of one verification (60203).
pub const SENDS_MAX: usize = 5;
/// Characters of an amount, a payee and a hash at most.
const TEXT_CHARACTERS_MAX: usize = 64;
/// Channels of Twilio's that the house has not.
const OTHER_CHANNELS: &[&str] = &["email", "whatsapp", "sna", "auto", "rcs", "push", "totp"];
/// Parameters that would change what is sent, and can't here.
const UNSUPPORTED: &[&str] = &[
    "CustomMessage",
    "TemplateSid",
    "TemplateCustomSubstitutions",
    "SendDigits",
    "ChannelConfiguration",
];

/// What the customer asks for, read and judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The person.
    pub to: String,
    /// How the code shall go.
    pub channel: Channel,
    language: Language,
    custom_name: String,
    custom_code: String,
    amount: String,
    payee: String,
    app_hash: String,
}

/// New sids of a sending, and the bits of a code.
#[derive(Debug, Clone, Copy)]
pub struct Fresh {
    /// Of a verification, if one begins.
    pub sid: VerificationSid,
    /// `VL…`.
    pub attempt: Sid,
    /// For the code.
    pub random: u64,
}

/// Reads what the customer asks for.
///
/// # Errors
/// What Twilio would refuse.
pub fn read(service: &VerifyService, form: &Form) -> Result<Draft, Refusal> {
    let to = filled(form, "To").ok_or_else(|| Refusal::parameter_missing("To"))?;
    let channel = filled(form, "Channel").ok_or_else(|| Refusal::parameter_missing("Channel"))?;
    let channel = channel.to_ascii_lowercase();
    if OTHER_CHANNELS.contains(&channel.as_str()) {
        return Err(Refusal::unsupported(format!("the channel {channel} of a verification")));
    }
    let channel = Channel::parse(&channel)
        .ok_or_else(|| Refusal::verify_parameter_invalid(format!("Channel: {channel}")))?;
    let to = phone(to)?;
    if let Some(name) = UNSUPPORTED.iter().find(|name| filled(form, name).is_some()) {
        return Err(Refusal::unsupported(format!("{name} of a verification")));
    }
    let locale = filled(form, "Locale");
    let language =
        language(locale, &to).ok_or_else(|| Refusal::verify_parameter_invalid("Locale"))?;
    let limited = |name: &str| match filled(form, name) {
        Some(text) if text.chars().count() > TEXT_CHARACTERS_MAX => {
            Err(Refusal::verify_parameter_invalid(name))
        }
        text => Ok(text.unwrap_or_default().to_owned()),
    };
    let (amount, payee) = (limited("Amount")?, limited("Payee")?);
    match (service.psd2_enabled, amount.is_empty() && payee.is_empty()) {
        (true, _) if amount.is_empty() || payee.is_empty() => {
            return Err(Refusal::verify_transaction_missing());
        }
        (false, false) => return Err(Refusal::verify_feature_off("PSD2")),
        _ => {}
    }
    let custom_code = filled(form, "CustomCode").unwrap_or_default().to_owned();
    if !custom_code.is_empty() {
        if !service.custom_code_enabled {
            return Err(Refusal::verify_custom_code_off());
        }
        code(&custom_code).map_err(|_| Refusal::verify_parameter_invalid("CustomCode"))?;
    }
    let custom_name = limited("CustomFriendlyName")?;
    let app_hash = limited("AppHash")?;
    Ok(Draft { to, channel, language, custom_name, custom_code, amount, payee, app_hash })
}

/// A person's number: E.164 with its `+`.
///
/// # Errors
/// 60200 for anything else.
pub fn phone(text: &str) -> Result<String, Refusal> {
    let refuse = || Refusal::verify_parameter_invalid(format!("To: {text}"));
    match PhoneNumber::parse(text, None) {
        Ok(number) if text.starts_with('+') => Ok(Address::Phone(number).to_string()),
        _ => Err(refuse()),
    }
}

/// A code as it is checked.
///
/// # Errors
/// 60200 unless it is 4 to 10 letters and digits.
pub fn code(text: &str) -> Result<(), Refusal> {
    let good = (4..=10).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
    good.then_some(()).ok_or_else(|| Refusal::verify_parameter_invalid("Code"))
}

/// The verification that a draft begins; or, when the person has one that is `open`, that one with
/// one more sending of the same code.
///
/// # Errors
/// 60203 after [`SENDS_MAX`] sendings.
pub fn begin(
    service: &VerifyService,
    draft: &Draft,
    open: Option<Verification>,
    fresh: Fresh,
    now: Timestamp,
) -> Result<Verification, Refusal> {
    let attempt = Attempt { sid: fresh.attempt, channel: draft.channel, at: now };
    let mut one = match open.filter(|open| open.is_open(now)) {
        Some(open) if open.attempts.len() >= SENDS_MAX => {
            return Err(Refusal::verify_sends_too_many());
        }
        Some(open) => open,
        None => Verification {
            sid: fresh.sid,
            service: service.sid,
            account: service.account,
            to: draft.to.clone(),
            channel: draft.channel,
            stored: Standing::Pending,
            code: digits(fresh.random, service.code_length),
            amount: String::new(),
            payee: String::new(),
            attempts: Vec::new(),
            wrong: 0,
            created: now,
            updated: now,
        },
    };
    if !draft.custom_code.is_empty() {
        one.code.clone_from(&draft.custom_code);
    }
    one.channel = draft.channel;
    one.amount.clone_from(&draft.amount);
    one.payee.clone_from(&draft.payee);
    one.attempts.push(attempt);
    Ok(one)
}

/// A code of so many digits from random bits.
fn digits(random: u64, length: u32) -> String {
    let length = length.min(10);
    format!("{:0width$}", random % 10_u64.pow(length), width = length as usize)
}

/// What the person reads, for a text; the document that says it, for a call.
pub fn content(service: &VerifyService, draft: &Draft, one: &Verification) -> String {
    let spoken_name = Some(&service.tts_name)
        .filter(|name| draft.channel == Channel::Call && !name.is_empty())
        .unwrap_or(&service.friendly_name);
    let name = if draft.custom_name.is_empty() { spoken_name } else { &draft.custom_name };
    let words = Words {
        language: draft.language,
        name,
        code: &one.code,
        transaction: service.psd2_enabled.then_some((&draft.amount, &draft.payee)),
        warns: service.do_not_share_warning_enabled,
        app_hash: &draft.app_hash,
    };
    match draft.channel {
        Channel::Sms => text(&words),
        Channel::Call => twiml(&words),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::sid::{AccountSid, VerifyServiceSid};

    pub fn service() -> VerifyService {
        let sid = VerifyServiceSid::parse(&format!("VA{:032}", 1)).expect("a sid");
        let account = AccountSid::parse(&format!("AC{:032}", 1)).expect("a sid");
        let friendly_name = "Shop".into();
        VerifyService { friendly_name, ..VerifyService::new(sid, account, Timestamp::UNIX_EPOCH) }
    }

    pub fn fresh(random: u64) -> Fresh {
        let sid = VerificationSid::parse(&format!("VE{random:032}")).expect("a sid");
        let attempt = Sid::parse(&format!("VL{random:032}")).expect("a sid");
        Fresh { sid, attempt, random }
    }

    pub fn draft(service: &VerifyService, text: &str) -> Result<Draft, Refusal> {
        read(service, &Form::parse(text.as_bytes()).expect("a form"))
    }

    #[test]
    fn what_can_not_be_verified_is_refused_with_its_code_and_status() {
        let plain = service();
        let psd2 = VerifyService { psd2_enabled: true, ..service() };
        let custom = VerifyService { custom_code_enabled: true, ..service() };
        let good = "To=%2B12025550199&Channel=sms";
        for (service, parameters, code, status) in [
            (&plain, "Channel=sms", 20_001, 400),
            (&plain, "To=%2B12025550199", 20_001, 400),
            (&plain, "To=12025550199&Channel=sms", 60_200, 400),
            (&plain, "To=%2B1&Channel=sms", 60_200, 400),
            (&plain, "To=a@example.com&Channel=sms", 60_200, 400),
            (&plain, "To=%2B12025550199&Channel=telex", 60_200, 400),
            (&plain, "To=a@example.com&Channel=email", 20_403, 403),
            (&plain, "To=%2B12025550199&Channel=whatsapp", 20_403, 403),
            (&plain, &format!("{good}&Locale=tlh"), 60_200, 400),
            (&plain, &format!("{good}&CustomCode=1234"), 60_204, 403),
            (&plain, &format!("{good}&Amount=1&Payee=x"), 60_204, 403),
            (&plain, &format!("{good}&TemplateSid=HJ1"), 20_403, 403),
            (&plain, &format!("{good}&SendDigits=1"), 20_403, 403),
            (&custom, &format!("{good}&CustomCode=123"), 60_200, 400),
            (&custom, &format!("{good}&CustomCode=12345678901"), 60_200, 400),
            (&custom, &format!("{good}&CustomCode=12-34"), 60_200, 400),
            (&psd2, good, 60_206, 400),
            (&psd2, &format!("{good}&Amount=1"), 60_206, 400),
            (&psd2, &format!("{good}&Amount=1&Payee={}", "p".repeat(65)), 60_200, 400),
        ] {
            let refused = draft(service, parameters).expect_err(parameters);
            assert_eq!((refused.code, refused.status), (code, status), "{parameters}: {refused}");
        }
    }

    #[test]
    fn a_code_has_its_length_and_is_sent_five_times_the_same() {
        let service = VerifyService { code_length: 4, ..service() };
        let draft = draft(&service, "To=%2B12025550199&Channel=sms").expect("good");
        let now = Timestamp::UNIX_EPOCH;
        let mut one = begin(&service, &draft, None, fresh(70_042), now).expect("begun");
        assert_eq!(one.code, "0042");
        assert_eq!(content(&service, &draft, &one), "Your Shop verification code is: 0042");
        for n in 2..=5 {
            let next = begin(&service, &draft, Some(one.clone()), fresh(n), now).expect("again");
            assert_eq!((next.sid, &next.code), (one.sid, &one.code));
            assert_eq!(next.attempts.len() as u64, n);
            one = next;
        }
        let refused = begin(&service, &draft, Some(one.clone()), fresh(6), now).expect_err("six");
        assert_eq!((refused.code, refused.status), (60_203, 429));
        let later = one.expires();
        let other = begin(&service, &draft, Some(one.clone()), fresh(6), later).expect("anew");
        assert_ne!(other.sid, one.sid);
    }
}
