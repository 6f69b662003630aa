//! Form parameters applied to a Verify service: what is refused, and what they become.
//!
//! Called by the REST API with the record as it is, or as a new one begins. What belongs to
//! channels that the house has not (push, TOTP, WhatsApp, passkeys) is refused, not ignored.
//! Contract: Twilio doc page "Verify Services"; 60200 names the parameter.

use super::VerifyService;
use crate::numbers::configure::{boolean, filled};
use crate::refusal::Refusal;
use crate::sid::Sid;
use webhook::Form;

/// Characters of a friendly name at most.
pub const NAME_CHARACTERS_MAX: usize = 32;
/// Digits of a code.
pub const CODE_LENGTHS: std::ops::RangeInclusive<u32> = 4..=10;
/// What begins parameters of channels that the house has not.
const OTHER_CHANNELS: &[&str] = &["Push.", "Totp.", "Whatsapp.", "Passkeys."];

/// Applies a request's parameters to a service.
///
/// # Errors
/// The first parameter that Twilio would refuse; `service` may then be half changed.
pub fn service(service: &mut VerifyService, form: &Form) -> Result<(), Refusal> {
    let of_other = |name: &str| OTHER_CHANNELS.iter().any(|prefix| name.starts_with(prefix));
    if let Some((name, _)) = form.iter().find(|(name, value)| of_other(name) && !value.is_empty()) {
        return Err(Refusal::unsupported(format!("{name} of a Verify service")));
    }
    match form.get("FriendlyName").map(str::trim) {
        Some(name) if name.is_empty() || name.chars().count() > NAME_CHARACTERS_MAX => {
            return Err(Refusal::verify_parameter_invalid("FriendlyName"));
        }
        Some(name) => name.clone_into(&mut service.friendly_name),
        None if service.friendly_name.is_empty() => {
            return Err(Refusal::parameter_missing("FriendlyName"));
        }
        None => {}
    }
    if let Some(text) = filled(form, "CodeLength") {
        let length = text.parse().ok().filter(|length| CODE_LENGTHS.contains(length));
        service.code_length =
            length.ok_or_else(|| Refusal::verify_parameter_invalid("CodeLength"))?;
    }
    for (field, name) in [
        (&mut service.custom_code_enabled, "CustomCodeEnabled"),
        (&mut service.psd2_enabled, "Psd2Enabled"),
        (&mut service.do_not_share_warning_enabled, "DoNotShareWarningEnabled"),
        (&mut service.lookup_enabled, "LookupEnabled"),
        (&mut service.skip_sms_to_landlines, "SkipSmsToLandlines"),
        (&mut service.dtmf_input_required, "DtmfInputRequired"),
        (&mut service.verify_event_subscription_enabled, "VerifyEventSubscriptionEnabled"),
    ] {
        boolean(field, form, name).map_err(|_| Refusal::verify_parameter_invalid(name))?;
    }
    if let Some(name) = form.get("TtsName").map(str::trim) {
        if name.chars().count() > NAME_CHARACTERS_MAX {
            return Err(Refusal::verify_parameter_invalid("TtsName"));
        }
        name.clone_into(&mut service.tts_name);
    }
    if let Some(text) = form.get("DefaultTemplateSid").map(str::trim) {
        let good = text.is_empty() || Sid::parse(text).is_some_and(|sid| sid.prefix() == "HJ");
        if !good {
            return Err(Refusal::verify_parameter_invalid("DefaultTemplateSid"));
        }
        text.clone_into(&mut service.default_template_sid);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sid::{AccountSid, VerifyServiceSid};
    use jiff::Timestamp;

    fn fresh() -> VerifyService {
        let sid = VerifyServiceSid::parse(&format!("VA{:032}", 1)).expect("a sid");
        let account = AccountSid::parse(&format!("AC{:032}", 1)).expect("a sid");
        VerifyService::new(sid, account, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn what_a_verify_service_can_not_be_is_refused_with_its_code() {
        for (parameters, code) in [
            ("", 20_001),
            ("FriendlyName=", 60_200),
            (&format!("FriendlyName={}", "n".repeat(33)), 60_200),
            ("FriendlyName=a&CodeLength=3", 60_200),
            ("FriendlyName=a&CodeLength=11", 60_200),
            ("FriendlyName=a&CodeLength=six", 60_200),
            ("FriendlyName=a&Psd2Enabled=perhaps", 60_200),
            (&format!("FriendlyName=a&TtsName={}", "n".repeat(33)), 60_200),
            ("FriendlyName=a&DefaultTemplateSid=HJ1", 60_200),
            ("FriendlyName=a&Push.IncludeDate=true", 20_403),
            ("FriendlyName=a&Totp.Skew=1", 20_403),
        ] {
            let form = Form::parse(parameters.as_bytes()).expect("a form");
            let refused = service(&mut fresh(), &form).expect_err(parameters);
            assert_eq!(refused.code, code, "{parameters}: {refused}");
        }
    }

    #[test]
    fn an_absent_parameter_of_a_verify_service_changes_nothing() {
        let mut record = fresh();
        let all = "FriendlyName=Shop&CodeLength=4&CustomCodeEnabled=true&Psd2Enabled=True";
        service(&mut record, &Form::parse(all.as_bytes()).expect("a form")).expect("accepted");
        assert_eq!((record.friendly_name.as_str(), record.code_length), ("Shop", 4));
        assert!(record.custom_code_enabled && record.psd2_enabled && record.dtmf_input_required);
        let before = record.clone();
        service(&mut record, &Form::new()).expect("accepted");
        assert_eq!(record, before);
    }
}
