//! Parameters of a message's creation that are read and checked, and do not change what this
//! house sends.
//!
//! Twilio shows none of them in its answers; they steer carriers, prices and the retention of its
//! records. What would change the message and is not there yet (content templates) is refused,
//! never ignored. Contract: rest.md 4.1, A.6.

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
/// What Twilio would refuse; and 20403 for content templates.
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
    let shortens = filled(form, "ShortenUrls").is_some_and(|t| t.eq_ignore_ascii_case("true"));
    if shortens && service(form)?.is_none() {
        let why = "links are shortened by a Messaging Service only";
        return Err(Refusal::parameter_invalid("ShortenUrls", why));
    }
    Ok(())
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

/// The service that a create names, in MessagingServiceSid or in From.
///
/// # Errors
/// 21705 for a MessagingServiceSid that can be no service's.
pub fn service(form: &Form) -> Result<Option<ServiceSid>, Refusal> {
    match filled(form, "MessagingServiceSid") {
        Some(text) => match ServiceSid::parse(text) {
            Some(sid) => Ok(Some(sid)),
            None => Err(Refusal::service_sid_invalid(text)),
        },
        None => Ok(filled(form, "From").and_then(ServiceSid::parse)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_or_not_there_yet_is_refused_with_its_code() {
        for (parameters, code) in [
            ("To=%2B12025550199&To=%2B12025550198", 21_653),
            ("ProvideFeedback=perhaps", 20_422),
            ("ContentRetention=burn", 20_422),
            ("RiskCheck=on", 20_422),
            ("MaxPrice=cheap", 21_627),
            ("Attempt=0", 20_422),
            ("ContentVariables={}", 21_654),
            ("ContentSid=HX00000000000000000000000000000001", 20_403),
            ("ShortenUrls=true&MessagingServiceSid=MG1", 21_705),
            ("ShortenUrls=true", 20_422),
        ] {
            let refused = check(&Form::parse(parameters.as_bytes()).expect("a form"));
            assert_eq!(refused.expect_err(parameters).code, code, "{parameters}");
        }
    }

    #[test]
    fn a_service_is_named_by_either_parameter() {
        const SID: &str = "MG00000000000000000000000000000001";
        for (parameters, found) in [
            ("From=%2B12025550100", Ok(None)),
            (&format!("MessagingServiceSid={SID}&From=%2B12025550100"), Ok(Some(SID))),
            (&format!("From={SID}"), Ok(Some(SID))),
            ("MessagingServiceSid=MG1", Err(21_705)),
        ] {
            let named = service(&Form::parse(parameters.as_bytes()).expect("a form"));
            let named = named.map(|sid| sid.map(|sid| sid.to_string()));
            let found = found.map(|sid| sid.map(str::to_owned));
            assert_eq!(named.map_err(|refused| refused.code), found, "{parameters}");
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
