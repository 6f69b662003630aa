//! Parameters of a call's creation beside its addresses and its document: read, checked, and made
//! part of its plan.
//!
//! `CallToken`, `CallReason`, `CallerId`, `ClientNotificationUrl` and SIP credentials are checked
//! and change nothing here: they steer carriers. A trunk (`Byoc`) is refused, since it would change
//! the way of the call. Contract: rest.md 4.2 and A.7, webhooks.md 2e.2.

use crate::calls::{Callback, Detection, Events, RecordPlan, RecordingCallback};
use crate::documents::Remark;
use crate::messages::send::STATUS_CALLBACK_CHARACTERS_MAX;
use crate::numbers::{Method, Target};
use crate::refusal::Refusal;
use crate::webhooks::url::Url;
use twiml::{CallEvent, MachineDetection, RecordingEvent, RecordingTrack, Trim};
use webhook::Form;

/// Keys of `SendDigits` at most (21206).
pub const SEND_DIGITS_MAX: usize = 32;
/// Seconds of `Timeout` at most (21208).
pub const TIMEOUT_SECONDS_MAX: u32 = 600;
/// Seconds of `TimeLimit` at most: a day.
pub const TIME_LIMIT_SECONDS_MAX: u32 = 86_400;
/// Characters of `CallReason` at most.
pub const CALL_REASON_CHARACTERS_MAX: usize = 50;
/// Characters of SIP's user and password at most (21221, 21223).
pub const SIP_CREDENTIAL_CHARACTERS_MAX: usize = 255;

/// Detection without a callback, where it does not hold up the call.
const NO_AMD_CALLBACK: u32 = 21_262;
/// An event that is none.
const BAD_EVENT: u32 = 21_626;

/// What a request wants beside its addresses and document.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Options {
    pub(super) fallback: Option<Target>,
    pub(super) callback: Option<Callback>,
    pub(super) timeout_seconds: Option<u32>,
    pub(super) time_limit_seconds: Option<u32>,
    pub(super) send_digits: Option<String>,
    pub(super) record: Option<RecordPlan>,
    pub(super) detection: Option<Detection>,
    pub(super) warnings: Vec<Remark>,
}

impl Options {
    pub(super) fn read(form: &Form) -> Result<Options, Refusal> {
        let mut options = Options {
            fallback: target(form, "FallbackUrl", "FallbackMethod", Refusal::call_url_invalid)?,
            timeout_seconds: timeout(form)?,
            time_limit_seconds: time_limit(form)?,
            send_digits: send_digits(form)?,
            record: record(form)?,
            ..Options::default()
        };
        options.callback = callback(form, &mut options.warnings)?;
        let detection = detection(form, &mut options.warnings)?;
        // Keys are for a machine that is expected: nobody asks who it is.
        options.detection = detection.filter(|_| options.send_digits.is_none());
        sip_credentials(form)?;
        passed_on(form)?;
        Ok(options)
    }
}

/// A parameter that is given and not empty.
pub(super) fn filled<'f>(form: &'f Form, name: &str) -> Option<&'f str> {
    form.get(name).map(str::trim).filter(|text| !text.is_empty())
}

/// A URL and its method; a method is checked even where its URL is missing.
pub(super) fn target(
    form: &Form,
    url: &str,
    method: &str,
    refusal: fn(String) -> Refusal,
) -> Result<Option<Target>, Refusal> {
    let method = match filled(form, method) {
        None => Method::Post,
        Some(word) => Method::parse(word).ok_or_else(|| Refusal::method_invalid(word))?,
    };
    let Some(text) = filled(form, url) else { return Ok(None) };
    if Url::parse(text).is_err() {
        return Err(refusal(text.to_owned()));
    }
    Ok(Some(Target { url: text.to_owned(), method }))
}

/// A URL that is told something: no underscore in its host, and not too long (21609).
pub(super) fn told(form: &Form, name: &str) -> Result<Option<Target>, Refusal> {
    let method = format!("{name}Method");
    let found = target(form, name, &method, Refusal::status_callback_invalid)?;
    match found {
        Some(found) if !is_tellable(&found.url) => {
            Err(Refusal::status_callback_invalid(&found.url))
        }
        found => Ok(found),
    }
}

/// Whether something can be told there.
pub(super) fn is_tellable(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| !url.host().contains('_'))
        && url.chars().count() <= STATUS_CALLBACK_CHARACTERS_MAX
}

/// Words of a parameter that comes once each, or all in one text.
fn words<'f>(form: &'f Form, name: &'f str) -> impl Iterator<Item = &'f str> {
    form.get_all(name).flat_map(str::split_whitespace)
}

/// Who is told of the call. An event that is none is a warning, and with no other nobody is told
/// anything: so does Twilio.
fn callback(form: &Form, warnings: &mut Vec<Remark>) -> Result<Option<Callback>, Refusal> {
    let Some(target) = told(form, "StatusCallback")? else { return Ok(None) };
    let mut events = Vec::new();
    let mut named = false;
    for word in words(form, "StatusCallbackEvent") {
        named = true;
        match event(word) {
            Some(event) => events.push(event),
            None => warnings.push(remark(
                BAD_EVENT,
                format!("StatusCallbackEvent {word} is none of initiated, ringing, answered and completed"),
            )),
        }
    }
    if !named {
        events.push(CallEvent::Completed);
    }
    Ok(Some(Callback { target, events: Events::of(events), of_number: false }))
}

fn event(word: &str) -> Option<CallEvent> {
    [CallEvent::Initiated, CallEvent::Ringing, CallEvent::Answered, CallEvent::Completed]
        .into_iter()
        .find(|event| event.as_str() == word)
}

fn timeout(form: &Form) -> Result<Option<u32>, Refusal> {
    let Some(text) = filled(form, "Timeout") else { return Ok(None) };
    let seconds = text.parse().ok().filter(|n| (1..=TIMEOUT_SECONDS_MAX).contains(n));
    seconds.map(Some).ok_or_else(Refusal::timeout_invalid)
}

/// `TimeLimit`, of a create and of an update.
pub(super) fn time_limit(form: &Form) -> Result<Option<u32>, Refusal> {
    let Some(text) = filled(form, "TimeLimit") else { return Ok(None) };
    let seconds = text.parse().ok().filter(|n| (1..=TIME_LIMIT_SECONDS_MAX).contains(n));
    let why = format!("use whole seconds from 1 to {TIME_LIMIT_SECONDS_MAX}");
    seconds.map(Some).ok_or_else(|| Refusal::parameter_invalid("TimeLimit", why))
}

fn send_digits(form: &Form) -> Result<Option<String>, Refusal> {
    let Some(keys) = filled(form, "SendDigits") else { return Ok(None) };
    let known = |c: char| c.is_ascii_digit() || "ABCDabcd#*wW".contains(c);
    if keys.len() > SEND_DIGITS_MAX || !keys.chars().all(known) {
        return Err(Refusal::send_digits_invalid());
    }
    Ok(Some(keys.to_owned()))
}

/// One of some words, or the default when it is absent.
fn one_of<T: Copy>(form: &Form, name: &str, words: &[(&str, T)], usual: T) -> Result<T, Refusal> {
    let Some(text) = filled(form, name) else { return Ok(usual) };
    let found = words.iter().find(|(word, _)| word.eq_ignore_ascii_case(text));
    found.map(|(_, value)| *value).ok_or_else(|| {
        let names: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        Refusal::parameter_invalid(name, format!("use {}", names.join(" or ")))
    })
}

const FLAGS: &[(&str, bool)] = &[("true", true), ("false", false)];

fn record(form: &Form) -> Result<Option<RecordPlan>, Refusal> {
    let is_wanted = one_of(form, "Record", FLAGS, false)?;
    let plan = recording(form, Trim::TrimSilence)?;
    Ok(is_wanted.then_some(plan))
}

/// How to record, as `POST Calls` and `POST Calls/{CA}/Recordings` say it. `trim`: what happens to
/// silence when they don't say.
///
/// # Errors
/// A word that is none, and 21609 for a callback that is no URL.
pub fn recording(form: &Form, trim: Trim) -> Result<RecordPlan, Refusal> {
    let tracks = [RecordingTrack::Inbound, RecordingTrack::Outbound, RecordingTrack::Both];
    let tracks = tracks.map(|track| (track.as_str(), track));
    let trims = [Trim::TrimSilence, Trim::DoNotTrim].map(|trim| (trim.as_str(), trim));
    let channels = [("mono", false), ("dual", true)];
    let callback = told(form, "RecordingStatusCallback")?;
    let mut events = Vec::new();
    for word in words(form, "RecordingStatusCallbackEvent") {
        let known = [RecordingEvent::InProgress, RecordingEvent::Completed, RecordingEvent::Absent];
        let found = known.into_iter().find(|event| event.as_str() == word);
        events.push(found.ok_or_else(|| {
            let why = "use in-progress, completed or absent";
            Refusal::parameter_invalid("RecordingStatusCallbackEvent", why)
        })?);
    }
    if events.is_empty() {
        events.push(RecordingEvent::Completed);
    }
    Ok(RecordPlan {
        dual: one_of(form, "RecordingChannels", &channels, false)?,
        from_ringing: false,
        track: one_of(form, "RecordingTrack", &tracks, RecordingTrack::Both)?,
        trim: one_of(form, "Trim", &trims, trim)?,
        callback: callback.map(|target| RecordingCallback { target, events }),
    })
}

fn detection(form: &Form, warnings: &mut Vec<Remark>) -> Result<Option<Detection>, Refusal> {
    let number = |name: &str, range: std::ops::RangeInclusive<u32>, usual: u32| {
        let Some(text) = filled(form, name) else { return Ok(usual) };
        let found = text.parse().ok().filter(|n| range.contains(n));
        found.ok_or_else(Refusal::machine_detection_parameters_invalid)
    };
    let timeout = number("MachineDetectionTimeout", 3..=60, 30)?;
    let speech = number("MachineDetectionSpeechThreshold", 1000..=6000, 2400)?;
    let speech_end = number("MachineDetectionSpeechEndThreshold", 500..=5000, 1200)?;
    let silence = number("MachineDetectionSilenceTimeout", 2000..=10_000, 5000)?;
    let is_async = one_of(form, "AsyncAmd", FLAGS, false)?;
    let callback = told(form, "AsyncAmdStatusCallback")?;
    let Some(word) = filled(form, "MachineDetection") else { return Ok(None) };
    let mode = [MachineDetection::Enable, MachineDetection::DetectMessageEnd]
        .into_iter()
        .find(|mode| mode.as_str().eq_ignore_ascii_case(word))
        .ok_or_else(Refusal::machine_detection_invalid)?;
    if is_async && callback.is_none() {
        let message = "AsyncAmd without AsyncAmdStatusCallback: nobody is told who answered";
        warnings.push(remark(NO_AMD_CALLBACK, message.to_owned()));
    }
    Ok(Some(Detection {
        mode,
        timeout_ms: timeout * 1000,
        speech_threshold_ms: speech,
        speech_end_threshold_ms: speech_end,
        silence_timeout_ms: silence,
        callback,
        is_async,
    }))
}

fn sip_credentials(form: &Form) -> Result<(), Refusal> {
    let fits = |text: &str| text.chars().count() <= SIP_CREDENTIAL_CHARACTERS_MAX;
    let clean = |text: &str| text.chars().all(|c| !c.is_control() && !" \"<>".contains(c));
    let (user, password) = (filled(form, "SipAuthUsername"), filled(form, "SipAuthPassword"));
    match (user, password) {
        (Some(user), _) if !fits(user) => Err(Refusal::sip_username_too_long()),
        (Some(user), _) if !clean(user) => Err(Refusal::sip_username_invalid()),
        (_, Some(password)) if !fits(password) => Err(Refusal::sip_password_too_long()),
        (_, Some(password)) if !clean(password) => Err(Refusal::sip_password_invalid()),
        (Some(_), None) => Err(Refusal::sip_password_missing()),
        _ => Ok(()),
    }
}

/// What is only looked at.
fn passed_on(form: &Form) -> Result<(), Refusal> {
    target(form, "ClientNotificationUrl", "", Refusal::call_url_invalid)?;
    let reason = filled(form, "CallReason").map_or(0, |text| text.chars().count());
    if reason > CALL_REASON_CHARACTERS_MAX {
        let why = format!("at most {CALL_REASON_CHARACTERS_MAX} characters");
        return Err(Refusal::parameter_invalid("CallReason", why));
    }
    match filled(form, "Byoc") {
        None => Ok(()),
        Some(_) => Err(Refusal::unsupported("CreateCall with Byoc")),
    }
}

fn remark(code: u32, message: String) -> Remark {
    Remark { code, message, at: None }
}
