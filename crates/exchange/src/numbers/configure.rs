//! Form parameters applied to a number or an application: what is refused, and what they become.
//!
//! Called by the REST API, the seed and the console with the record as it is (or as a new one
//! begins) and the parameters of the request; a parameter that is absent leaves its field alone,
//! an empty one clears it. Whether a named application exists is the caller's to look up:
//! [`check_application`] judges what it found. Contract: rest.md 4.3 and 4.4, A.3 and A.4.

use crate::numbers::{Application, Hook, Method, Number, PhoneNumber};
use crate::refusal::Refusal;
use crate::sid::{AccountSid, ApplicationSid, Sid};
use crate::webhooks::url::Url;
use webhook::Form;

/// Characters of a friendly name at most, of numbers, applications, accounts and keys.
pub const FRIENDLY_NAME_CHARACTERS_MAX: usize = 64;

/// Applies a request's parameters to a number.
///
/// # Errors
/// The first parameter that Twilio would refuse; `number` may then be half changed.
pub fn number(number: &mut Number, form: &Form) -> Result<(), Refusal> {
    if let Some(name) = friendly_name(form)? {
        let default = || PhoneNumber::parse(&number.phone_number, None).map(|n| n.friendly());
        number.friendly_name = match name.is_empty() {
            true => default().unwrap_or_else(|_| number.phone_number.clone()),
            false => name,
        };
    }
    hook(&mut number.voice, form, "Voice", Refusal::voice_fallback_alone)?;
    hook(&mut number.sms, form, "Sms", Refusal::sms_fallback_alone)?;
    callback(&mut number.status_callback, form, "StatusCallback")?;
    method(&mut number.status_callback_method, form, "StatusCallbackMethod")?;
    application_sid(&mut number.voice_application, form, "VoiceApplicationSid")?;
    application_sid(&mut number.sms_application, form, "SmsApplicationSid")?;
    boolean(&mut number.voice_caller_id_lookup, form, "VoiceCallerIdLookup")?;
    word(&mut number.voice_receive_mode, form, "VoiceReceiveMode", &["voice", "fax"])?;
    attachments(number, form)
}

/// What is kept for its owner; a trunk and a voice application exclude each other.
fn attachments(number: &mut Number, form: &Form) -> Result<(), Refusal> {
    let kept = &mut number.attachments;
    sid(&mut kept.trunk_sid, form, "TrunkSid", "TK")?;
    sid(&mut kept.address_sid, form, "AddressSid", "AD")?;
    sid(&mut kept.emergency_address_sid, form, "EmergencyAddressSid", "AD")?;
    sid(&mut kept.identity_sid, form, "IdentitySid", "RI")?;
    sid(&mut kept.bundle_sid, form, "BundleSid", "BU")?;
    word(&mut kept.emergency_status, form, "EmergencyStatus", &["Inactive", "Active"])?;
    if filled(form, "TrunkSid").is_some() {
        number.voice_application = None;
    } else if filled(form, "VoiceApplicationSid").is_some() {
        kept.trunk_sid.clear();
    }
    Ok(())
}

/// Applies a request's parameters to an application.
///
/// # Errors
/// The first parameter that Twilio would refuse; `application` may then be half changed.
pub fn application(application: &mut Application, form: &Form) -> Result<(), Refusal> {
    if let Some(name) = friendly_name(form)? {
        application.friendly_name = name;
    }
    hook(&mut application.voice, form, "Voice", Refusal::voice_fallback_alone)?;
    hook(&mut application.sms, form, "Sms", Refusal::sms_fallback_alone)?;
    callback(&mut application.status_callback, form, "StatusCallback")?;
    method(&mut application.status_callback_method, form, "StatusCallbackMethod")?;
    callback(&mut application.message_status_callback, form, "MessageStatusCallback")?;
    callback(&mut application.sms_status_callback, form, "SmsStatusCallback")?;
    boolean(&mut application.voice_caller_id_lookup, form, "VoiceCallerIdLookup")?;
    let public = &mut application.public_application_connect_enabled;
    boolean(public, form, "PublicApplicationConnectEnabled")
}

/// Judges the application that a request names for `account`, as the caller found it.
///
/// # Errors
/// 21218 when there is none, 21420 when it is another account's.
pub fn check_application(
    sid: ApplicationSid,
    found: Option<&Application>,
    account: AccountSid,
) -> Result<(), Refusal> {
    match found {
        None => Err(Refusal::application_sid_invalid(sid)),
        Some(found) if found.account != account => Err(Refusal::application_not_accessible(sid)),
        Some(_) => Ok(()),
    }
}

/// `FriendlyName`, when the request has one.
///
/// # Errors
/// 20002 above [`FRIENDLY_NAME_CHARACTERS_MAX`].
pub fn friendly_name(form: &Form) -> Result<Option<String>, Refusal> {
    match form.get("FriendlyName") {
        Some(name) if name.chars().count() > FRIENDLY_NAME_CHARACTERS_MAX => {
            Err(Refusal::friendly_name_invalid())
        }
        name => Ok(name.map(str::to_owned)),
    }
}

/// A parameter that is given and not empty.
pub(crate) fn filled<'f>(form: &'f Form, name: &str) -> Option<&'f str> {
    form.get(name).map(str::trim).filter(|text| !text.is_empty())
}

/// `<prefix>Url`, `<prefix>Method`, `<prefix>FallbackUrl` and `<prefix>FallbackMethod`. A
/// fallback of no URL is refused when the request asks for it; clearing the URL alone is not.
fn hook(
    hook: &mut Hook,
    form: &Form,
    prefix: &str,
    fallback_alone: fn() -> Refusal,
) -> Result<(), Refusal> {
    let fallback = format!("{prefix}FallbackUrl");
    url(&mut hook.url, form, &format!("{prefix}Url"))?;
    url(&mut hook.fallback_url, form, &fallback)?;
    method(&mut hook.method, form, &format!("{prefix}Method"))?;
    method(&mut hook.fallback_method, form, &format!("{prefix}FallbackMethod"))?;
    if filled(form, &fallback).is_some() && hook.url.is_empty() {
        return Err(fallback_alone());
    }
    Ok(())
}

pub(crate) fn url(field: &mut String, form: &Form, name: &str) -> Result<(), Refusal> {
    url_or(field, form, name, |url| Refusal::number_url_invalid(name, url))
}

pub(crate) fn callback(field: &mut String, form: &Form, name: &str) -> Result<(), Refusal> {
    url_or(field, form, name, |url| Refusal::callback_invalid(url))
}

fn url_or(
    field: &mut String,
    form: &Form,
    name: &str,
    wrong: impl Fn(&str) -> Refusal,
) -> Result<(), Refusal> {
    let Some(text) = form.get(name).map(str::trim) else {
        return Ok(());
    };
    if !text.is_empty() && Url::parse(text).is_err() {
        return Err(wrong(text));
    }
    text.clone_into(field);
    Ok(())
}

/// An empty method is the default one again.
pub(crate) fn method(field: &mut Method, form: &Form, name: &str) -> Result<(), Refusal> {
    let Some(text) = form.get(name).map(str::trim) else {
        return Ok(());
    };
    *field = match text {
        "" => Method::default(),
        text => Method::parse(text).ok_or_else(|| Refusal::number_method_invalid(name))?,
    };
    Ok(())
}

pub(crate) fn boolean(field: &mut bool, form: &Form, name: &str) -> Result<(), Refusal> {
    let Some(text) = filled(form, name) else {
        return Ok(());
    };
    *field = match text.to_ascii_lowercase().as_str() {
        "true" => true,
        "false" => false,
        _ => return Err(Refusal::parameter_invalid(name, "use true or false")),
    };
    Ok(())
}

/// One of `words`, in any case; empty is the first.
pub(crate) fn word(
    field: &mut String,
    form: &Form,
    name: &str,
    words: &[&str],
) -> Result<(), Refusal> {
    let Some(text) = form.get(name).map(str::trim) else {
        return Ok(());
    };
    let found = match text {
        "" => words.first(),
        text => words.iter().find(|word| word.eq_ignore_ascii_case(text)),
    };
    match found {
        Some(word) => (*word).clone_into(field),
        None => {
            let why = format!("use {}", words.join(" or "));
            return Err(Refusal::parameter_invalid(name, why));
        }
    }
    Ok(())
}

fn sid(field: &mut String, form: &Form, name: &str, prefix: &str) -> Result<(), Refusal> {
    let Some(text) = form.get(name).map(str::trim) else {
        return Ok(());
    };
    let good = text.is_empty() || Sid::parse(text).is_some_and(|sid| sid.prefix() == prefix);
    if !good {
        return Err(Refusal::sid_invalid(text));
    }
    text.clone_into(field);
    Ok(())
}

fn application_sid(
    field: &mut Option<ApplicationSid>,
    form: &Form,
    name: &str,
) -> Result<(), Refusal> {
    let Some(text) = form.get(name).map(str::trim) else {
        return Ok(());
    };
    *field = match text {
        "" => None,
        text => {
            let sid = ApplicationSid::parse(text);
            Some(sid.ok_or_else(|| Refusal::application_sid_invalid(text))?)
        }
    };
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numbers::Attachments;
    use crate::sid::NumberSid;
    use jiff::Timestamp;

    fn fresh() -> Number {
        let sid = |prefix: &str| format!("{prefix}{:032}", 1);
        Number {
            sid: NumberSid::parse(&sid("PN")).expect("a sid"),
            account: AccountSid::parse(&sid("AC")).expect("a sid"),
            phone_number: "+12025550100".into(),
            friendly_name: "(202) 555-0100".into(),
            voice: Hook::default(),
            sms: Hook::default(),
            status_callback: String::new(),
            status_callback_method: Method::Post,
            voice_application: None,
            sms_application: None,
            voice_caller_id_lookup: false,
            voice_receive_mode: "voice".into(),
            attachments: Attachments::default(),
            created: Timestamp::UNIX_EPOCH,
            updated: Timestamp::UNIX_EPOCH,
        }
    }

    fn form(text: &str) -> Form {
        Form::parse(text.as_bytes()).expect("a form")
    }

    #[test]
    fn what_twilio_refuses_is_refused_with_its_code() {
        for (parameters, code) in [
            ("VoiceUrl=nonsense", 21_402),
            ("SmsUrl=ftp://example.com/", 21_402),
            ("SmsUrl=/relative", 21_402),
            ("SmsFallbackUrl=mailto:a@example.com", 21_402),
            ("VoiceMethod=PUT", 21_403),
            ("SmsFallbackMethod=x", 21_403),
            ("StatusCallbackMethod=HEAD", 21_403),
            ("VoiceFallbackUrl=https://example.com/", 21_405),
            ("SmsFallbackUrl=https://example.com/", 21_406),
            ("StatusCallback=nope", 21_502),
            ("SmsApplicationSid=PN123", 21_218),
            ("VoiceApplicationSid=AP123", 21_218),
            ("VoiceReceiveMode=telex", 20_422),
            ("EmergencyStatus=maybe", 20_422),
            ("VoiceCallerIdLookup=yes", 20_422),
            ("TrunkSid=AD00000000000000000000000000000001", 20_423),
            ("AddressSid=nowhere", 20_423),
            (&format!("FriendlyName={}", "n".repeat(65)), 20_002),
        ] {
            let refused = number(&mut fresh(), &form(parameters)).expect_err(parameters);
            assert_eq!(refused.code, code, "{parameters}: {refused}");
        }
    }

    #[test]
    fn an_absent_parameter_changes_nothing_and_an_empty_one_clears() {
        let mut record = fresh();
        let all = "FriendlyName=Front desk&SmsUrl=https://example.com/sms&SmsMethod=get\
                   &SmsFallbackUrl=https://example.com/again&VoiceCallerIdLookup=True\
                   &SmsApplicationSid=AP00000000000000000000000000000001\
                   &EmergencyStatus=active&BundleSid=BU00000000000000000000000000000001";
        number(&mut record, &form(all)).expect("accepted");
        assert_eq!(record.friendly_name, "Front desk");
        assert_eq!(
            (record.sms.url.as_str(), record.sms.method),
            ("https://example.com/sms", Method::Get)
        );
        assert_eq!(record.attachments.emergency_status, "Active");
        assert!(record.voice_caller_id_lookup && record.sms_application.is_some());
        let before = record.clone();
        number(&mut record, &form("Unknown=1")).expect("accepted");
        assert_eq!(record, before);
        number(
            &mut record,
            &form("FriendlyName=&SmsUrl=&SmsMethod=&SmsApplicationSid=&BundleSid="),
        )
        .expect("accepted");
        assert_eq!(record.friendly_name, "(202) 555-0100");
        assert_eq!((record.sms.url.as_str(), record.sms.method), ("", Method::Post));
        assert_eq!((record.sms_application, record.attachments.bundle_sid.as_str()), (None, ""));
        assert_eq!(record.sms.fallback_url, "https://example.com/again");
    }

    #[test]
    fn a_trunk_and_a_voice_application_exclude_each_other() {
        let mut record = fresh();
        let application = "VoiceApplicationSid=AP00000000000000000000000000000001";
        let trunk = "TrunkSid=TK00000000000000000000000000000001";
        number(&mut record, &form(application)).expect("accepted");
        number(&mut record, &form(trunk)).expect("accepted");
        assert!(record.voice_application.is_none() && !record.attachments.trunk_sid.is_empty());
        number(&mut record, &form(application)).expect("accepted");
        assert!(record.voice_application.is_some() && record.attachments.trunk_sid.is_empty());
    }
}
