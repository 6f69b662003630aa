//! Parameters of a message's creation that are read and checked, and do not change what this
//! house sends.
//!
//! Twilio shows none of them in its answers; they steer carriers, prices and the retention of its
//! records. What would change the message and is not there yet (services, templates, schedules)
//! is refused, never ignored. Contract: rest.md 4.1, A.6.

use crate::refusal::Refusal;
use crate::sid::ServiceSid;
use webhook::Form;

/// `Attempt` at most.
const ATTEMPT_MAX: u32 = 1000;

/// Words of the parameters that are one of a few, in the order of rest.md A.6.
const CHOICES: &[(&str, &[&str])] = &[
    ("ContentRetention", &["retain", "discard"]),
    ("AddressRetention", &["retain", "obfuscate"]),
    ("TrafficType", &["free"]),
    ("RiskCheck", &["enable", "disable"]),
];

/// Parameters that are true or false.
const FLAGS: &[&str] =
    &["ProvideFeedback", "ForceDelivery", "SmartEncoded", "ShortenUrls", "SendAsMms"];

/// Checks what a create names beside its content and its addresses.
///
/// # Errors
/// What Twilio would refuse; and 20403 for Messaging Services, content templates and schedules.
pub fn check(form: &Form) -> Result<(), Refusal> {
    if form.get_all("To").count() > 1 {
        return Err(Refusal::recipients_too_many());
    }
    for name in FLAGS {
        if let Some(text) = filled(form, name) {
            let known = ["true", "false"].iter().any(|word| word.eq_ignore_ascii_case(text));
            known
                .then_some(())
                .ok_or_else(|| Refusal::parameter_invalid(name, "use true or false"))?;
        }
    }
    for (name, words) in CHOICES {
        if filled(form, name).is_some_and(|text| !words.contains(&text)) {
            let why = format!("use {}", words.join(" or "));
            return Err(Refusal::parameter_invalid(name, why));
        }
    }
    if filled(form, "MaxPrice").is_some_and(|text| text.parse::<f64>().is_err()) {
        return Err(Refusal::max_price_invalid());
    }
    if let Some(text) = filled(form, "Attempt") {
        let attempt: Option<u32> = text.parse().ok();
        if !attempt.is_some_and(|attempt| (1..=ATTEMPT_MAX).contains(&attempt)) {
            return Err(Refusal::parameter_invalid("Attempt", "a whole number from 1 is expected"));
        }
    }
    check_content(form)?;
    check_schedule(form)?;
    check_service(form)
}

fn filled<'f>(form: &'f Form, name: &str) -> Option<&'f str> {
    form.get(name).map(str::trim).filter(|text| !text.is_empty())
}

fn check_content(form: &Form) -> Result<(), Refusal> {
    match filled(form, "ContentSid") {
        Some(_) => Err(Refusal::unsupported("CreateMessage with ContentSid")),
        None if filled(form, "ContentVariables").is_some() => Err(Refusal::content_sid_missing()),
        None => Ok(()),
    }
}

fn check_schedule(form: &Form) -> Result<(), Refusal> {
    match (filled(form, "ScheduleType"), filled(form, "SendAt")) {
        (None, None) => Ok(()),
        (Some(kind), _) if kind != "fixed" => Err(Refusal::schedule_type_invalid()),
        (Some(_), None) => Err(Refusal::send_at_missing()),
        (None, Some(_)) => Err(Refusal::schedule_type_invalid()),
        (Some(_), Some(_)) if service(form).is_none() => Err(Refusal::schedule_service_missing()),
        _ => Err(Refusal::unsupported("CreateMessage with SendAt")),
    }
}

/// A service may be named in From, too.
fn service(form: &Form) -> Option<&str> {
    filled(form, "MessagingServiceSid")
        .or_else(|| filled(form, "From").filter(|text| ServiceSid::parse(text).is_some()))
}

fn check_service(form: &Form) -> Result<(), Refusal> {
    match service(form) {
        Some(sid) if ServiceSid::parse(sid).is_none() => Err(Refusal::service_sid_invalid(sid)),
        Some(_) => Err(Refusal::unsupported("CreateMessage with a Messaging Service")),
        None if filled(form, "ShortenUrls").is_some_and(|t| t.eq_ignore_ascii_case("true")) => {
            let why = "links are shortened by a Messaging Service only";
            Err(Refusal::parameter_invalid("ShortenUrls", why))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_or_not_there_yet_is_refused_with_its_code() {
        const SERVICE: &str = "MessagingServiceSid=MG00000000000000000000000000000001";
        for (parameters, code) in [
            ("To=%2B12025550199&To=%2B12025550198", 21_653),
            ("ProvideFeedback=perhaps", 20_422),
            ("ContentRetention=burn", 20_422),
            ("RiskCheck=on", 20_422),
            ("MaxPrice=cheap", 21_627),
            ("Attempt=0", 20_422),
            ("ContentVariables={}", 21_654),
            ("ContentSid=HX00000000000000000000000000000001", 20_403),
            ("ScheduleType=later", 35_126),
            ("ScheduleType=fixed", 35_111),
            ("SendAt=2030-01-01T00:00:00Z", 35_126),
            ("ScheduleType=fixed&SendAt=2030-01-01T00:00:00Z", 35_118),
            (&format!("ScheduleType=fixed&SendAt=2030-01-01T00:00:00Z&{SERVICE}"), 20_403),
            ("MessagingServiceSid=MG1", 21_705),
            (SERVICE, 20_403),
            ("From=MG00000000000000000000000000000001", 20_403),
            ("ShortenUrls=true", 20_422),
        ] {
            let refused = check(&Form::parse(parameters.as_bytes()).expect("a form"));
            assert_eq!(refused.expect_err(parameters).code, code, "{parameters}");
        }
    }

    #[test]
    fn what_changes_nothing_here_is_accepted() {
        let parameters = "To=%2B12025550199&MaxPrice=0.05&Attempt=1&ForceDelivery=true\
            &ContentRetention=discard&AddressRetention=obfuscate&TrafficType=free\
            &RiskCheck=disable&SendAsMms=False&ShortenUrls=false&PersistentAction=geo:1,2\
            &FallbackFrom=%2B12025550100&Unknown=x";
        assert_eq!(check(&Form::parse(parameters.as_bytes()).expect("a form")), Ok(()));
    }
}
