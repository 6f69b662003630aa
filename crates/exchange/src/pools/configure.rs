//! Form parameters applied to a Messaging Service: what is refused, and what they become.
//!
//! Called by the REST API, our own and the seed with the record as it is (or as a new one begins);
//! an absent parameter leaves its field alone, an empty one clears it. Contract: rest.md 5, A.14.

use super::Service;
use super::record::VALIDITY_SECONDS;
use crate::numbers::configure::{boolean, callback, filled, friendly_name, method, url, word};
use crate::refusal::Refusal;
use webhook::Form;

/// Characters of a `Usecase` at most.
const USECASE_CHARACTERS_MAX: usize = 64;

/// Applies a request's parameters to a service.
///
/// # Errors
/// The first parameter that Twilio would refuse; `service` may then be half changed.
pub fn service(service: &mut Service, form: &Form) -> Result<(), Refusal> {
    match friendly_name(form)? {
        Some(name) if name.trim().is_empty() => return Err(Refusal::friendly_name_invalid()),
        Some(name) => service.friendly_name = name,
        None if service.friendly_name.is_empty() => {
            return Err(Refusal::parameter_missing("FriendlyName"));
        }
        None => {}
    }
    url(&mut service.inbound.url, form, "InboundRequestUrl")?;
    method(&mut service.inbound.method, form, "InboundMethod")?;
    url(&mut service.inbound.fallback_url, form, "FallbackUrl")?;
    method(&mut service.inbound.fallback_method, form, "FallbackMethod")?;
    callback(&mut service.status_callback, form, "StatusCallback")?;
    for (field, name) in [
        (&mut service.sticky_sender, "StickySender"),
        (&mut service.mms_converter, "MmsConverter"),
        (&mut service.smart_encoding, "SmartEncoding"),
        (&mut service.fallback_to_long_code, "FallbackToLongCode"),
        (&mut service.area_code_geomatch, "AreaCodeGeomatch"),
        (&mut service.synchronous_validation, "SynchronousValidation"),
        (&mut service.use_inbound_webhook_on_number, "UseInboundWebhookOnNumber"),
    ] {
        boolean(field, form, name)?;
    }
    let words = &["inherit", "enable", "disable"];
    word(&mut service.scan_message_content, form, "ScanMessageContent", words)?;
    if let Some(text) = form.get("ValidityPeriod").map(str::trim) {
        service.validity_period = match text {
            "" => VALIDITY_SECONDS,
            text => validity(text)?,
        };
    }
    if let Some(text) = form.get("Usecase").map(str::trim) {
        if text.chars().count() > USECASE_CHARACTERS_MAX {
            return Err(Refusal::parameter_too_long("Usecase"));
        }
        service.usecase = if text.is_empty() { "undeclared" } else { text }.to_owned();
    }
    Ok(())
}

/// Applies `AdvancedOptOut`, which Twilio keeps in its console.
///
/// # Errors
/// 20422 for what is neither true nor false.
pub fn opt_out(service: &mut Service, form: &Form) -> Result<(), Refusal> {
    boolean(&mut service.advanced_opt_out, form, "AdvancedOptOut")
}

/// A validity period in seconds.
///
/// # Errors
/// 21624 for anything but a whole number from 1 to [`VALIDITY_SECONDS`].
pub fn validity(text: &str) -> Result<u32, Refusal> {
    let seconds: Option<u32> = text.parse().ok();
    seconds
        .filter(|seconds| (1..=VALIDITY_SECONDS).contains(seconds))
        .ok_or_else(|| Refusal::validity_period_invalid(text))
}

/// An alphanumeric sender id that a request adds to a service.
///
/// # Errors
/// 20001 when there is none, 21657 for what can be no sender id.
pub fn alpha_sender(form: &Form) -> Result<String, Refusal> {
    let text =
        filled(form, "AlphaSender").ok_or_else(|| Refusal::parameter_missing("AlphaSender"))?;
    match crate::numbers::Address::parse(text, None) {
        Ok(crate::numbers::Address::AlphaSender(name)) => Ok(name),
        _ => Err(Refusal::sender_id_invalid(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sid::{AccountSid, ServiceSid};
    use jiff::Timestamp;

    fn form(text: &str) -> Form {
        Form::parse(text.as_bytes()).expect("a form")
    }

    fn fresh() -> Service {
        let sid = ServiceSid::parse(&format!("MG{:032}", 1)).expect("a sid");
        let account = AccountSid::parse(&format!("AC{:032}", 1)).expect("a sid");
        Service::new(sid, account, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn what_a_service_can_not_be_is_refused_with_its_code() {
        for (parameters, code) in [
            ("", 20_001),
            ("FriendlyName=", 20_002),
            (&format!("FriendlyName={}", "n".repeat(65)), 20_002),
            ("FriendlyName=a&InboundRequestUrl=nope", 21_402),
            ("FriendlyName=a&FallbackUrl=/relative", 21_402),
            ("FriendlyName=a&InboundMethod=PUT", 21_403),
            ("FriendlyName=a&StatusCallback=nope", 21_502),
            ("FriendlyName=a&StickySender=perhaps", 20_422),
            ("FriendlyName=a&ScanMessageContent=always", 20_422),
            ("FriendlyName=a&ValidityPeriod=0", 21_624),
            ("FriendlyName=a&ValidityPeriod=36001", 21_624),
        ] {
            let refused = service(&mut fresh(), &form(parameters)).expect_err(parameters);
            assert_eq!(refused.code, code, "{parameters}: {refused}");
        }
    }

    #[test]
    fn an_absent_parameter_changes_nothing_and_an_empty_one_is_the_default() {
        let mut record = fresh();
        let all = "FriendlyName=Shop&InboundRequestUrl=http://h/in&InboundMethod=get&FallbackUrl=\
                   http://h/f&StatusCallback=http://h/s&StickySender=False&ValidityPeriod=60\
                   &Usecase=poll&ScanMessageContent=enable&UseInboundWebhookOnNumber=true";
        service(&mut record, &form(all)).expect("accepted");
        assert!(!record.sticky_sender && record.use_inbound_webhook_on_number);
        assert_eq!((record.validity_period, record.usecase.as_str()), (60, "poll"));
        let before = record.clone();
        service(&mut record, &form("Unknown=1")).expect("accepted");
        assert_eq!(record, before);
        let empty = "InboundRequestUrl=&ValidityPeriod=&Usecase=&ScanMessageContent=";
        service(&mut record, &form(empty)).expect("accepted");
        assert_eq!((record.inbound.url.as_str(), record.validity_period), ("", 36_000));
        assert_eq!(record.usecase, "undeclared");
        assert_eq!(record.scan_message_content, "inherit");
    }

    #[test]
    fn an_alphanumeric_sender_has_a_letter_and_eleven_characters() {
        for (text, good) in [
            ("MyBakery", true),
            ("A 1", true),
            ("12345", false),
            ("TwelveLetter", false),
            ("+12025550100", false),
            ("who?", false),
        ] {
            let form = Form::from_pairs([("AlphaSender", text)]);
            let found = alpha_sender(&form).map_err(|refused| refused.code);
            assert_eq!(found, if good { Ok(text.into()) } else { Err(21_657) }, "{text}");
        }
        assert_eq!(alpha_sender(&Form::new()).map_err(|refused| refused.code), Err(20_001));
    }
}
