//! A customer makes a call by the REST API: what is refused, and what is queued.
//!
//! Called by the API in two steps: [`route`] says who calls whom, the caller looks up the sender's
//! number and the application, [`create`] makes the record with everything that was planned. The
//! magic numbers of Twilio's test credentials behave as documented with every credential.
//! Contract: rest.md 4.2, 7 and A.7.

use crate::calls::options::{Options, filled};
use crate::calls::script::First;
use crate::calls::{Call, Callback, Direction, Plan, State};
use crate::documents::Remark;
use crate::messages::send::MAGIC_FROM;
use crate::numbers::configure::check_application;
use crate::numbers::{Address, Application, Number, target};
use crate::refusal::Refusal;
use crate::sid::{AccountSid, ApplicationSid, CallSid};
use jiff::Timestamp;
use webhook::Form;

/// Characters of an inline document at most (32018).
pub const TWIML_CHARACTERS_MAX: usize = 4000;
/// Seconds that a call of the REST API rings, unless it says otherwise.
pub const TIMEOUT_SECONDS: u32 = 60;
/// Seconds that a call lasts at most, unless it says otherwise: four hours.
pub const TIME_LIMIT_SECONDS: u32 = 14_400;

/// Who calls whom, once they are known to be addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// As it will be shown.
    pub to: String,
    /// As it will be shown.
    pub from: String,
    /// Whether the caller must be a number of the account.
    pub must_own: bool,
    /// The application that is named.
    pub application: Option<ApplicationSid>,
}

/// What the caller looked up.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// Who calls the API.
    pub account: AccountSid,
    /// The number of the house that `from` is, whoever has it.
    pub number: Option<&'a Number>,
    /// Whether `from` is a caller id that the account has verified.
    pub verified: bool,
    /// The application of `Route::application`, whoever has it.
    pub application: Option<&'a Application>,
}

/// A call that was accepted.
#[derive(Debug, Clone, PartialEq)]
pub struct Created {
    /// Queued.
    pub call: Call,
    /// What is worth a warning and stops nothing.
    pub warnings: Vec<Remark>,
}

/// Twilio's numbers that can never be called (rest.md 7).
fn magic_to(to: &str) -> Option<Refusal> {
    match to {
        "+15005550001" => Some(Refusal::call_to_invalid(to)),
        "+15005550002" => Some(Refusal::call_to_unreachable(to)),
        "+15005550003" => Some(Refusal::call_to_region_disabled(to)),
        "+15005550004" => Some(Refusal::call_to_blocked(to)),
        _ => None,
    }
}

/// Who calls whom.
///
/// # Errors
/// Addresses that are none, or that may not go together.
pub fn route(form: &Form) -> Result<Route, Refusal> {
    let to_text = filled(form, "To").ok_or_else(Refusal::call_to_missing)?;
    let from_text = filled(form, "From").ok_or_else(Refusal::call_from_missing)?;
    sip_headers(to_text)?;
    let to = Address::parse(to_text, Some("US"));
    let to = to.map_err(|_| Refusal::call_to_invalid(to_text))?;
    if !matches!(to, Address::Phone(_) | Address::Client(_) | Address::Sip(_)) {
        return Err(Refusal::call_to_invalid(to_text));
    }
    let from = Address::parse(from_text, Some("US"));
    let from = from.map_err(|_| Refusal::call_from_invalid(from_text))?;
    let to_phone = matches!(to, Address::Phone(_));
    let from_phone = matches!(from, Address::Phone(_));
    let may_call = match from {
        Address::Phone(_) => true,
        Address::Client(_) | Address::Sip(_) | Address::AlphaSender(_) => !to_phone,
        _ => false,
    };
    if !may_call {
        return Err(Refusal::call_from_invalid(from_text));
    }
    let (to, from) = (to.to_string(), from.to_string());
    if from == "+15005550001" {
        return Err(Refusal::call_from_invalid(from));
    }
    if let Some(refusal) = magic_to(&to) {
        return Err(refusal);
    }
    let application = match filled(form, "ApplicationSid") {
        None => None,
        Some(text) => Some(
            ApplicationSid::parse(text).ok_or_else(|| Refusal::application_sid_invalid(text))?,
        ),
    };
    Ok(Route { to, from, must_own: to_phone && from_phone, application })
}

/// Headers in a SIP URI are limited before it is read.
fn sip_headers(to: &str) -> Result<(), Refusal> {
    const HEADERS_BYTES_MAX: usize = 1024;
    let headers = to.strip_prefix("sip:").and_then(|rest| rest.split_once('?'));
    match headers {
        Some((_, headers)) if headers.len() >= HEADERS_BYTES_MAX => {
            Err(Refusal::sip_headers_too_long())
        }
        _ => Ok(()),
    }
}

/// The queued call.
///
/// # Errors
/// What Twilio would refuse.
pub fn create(
    form: &Form,
    route: Route,
    known: Known<'_>,
    sid: CallSid,
    now: Timestamp,
) -> Result<Created, Refusal> {
    let number = known.number.filter(|number| number.account == known.account);
    let may_call = number.is_some() || known.verified || route.from == MAGIC_FROM;
    if route.must_own && !may_call {
        return Err(Refusal::call_from_not_verified(&route.from));
    }
    if let Some(sid) = route.application {
        check_application(sid, known.application, known.account)?;
    }
    let application = known.application.filter(|found| Some(found.sid) == route.application);
    let options = Options::read(form)?;
    let (first, fallback, callback) = match application {
        Some(application) => of_application(application),
        None => (
            Some(first(form)?.ok_or_else(Refusal::call_url_missing)?),
            options.fallback,
            options.callback,
        ),
    };
    let call = Call {
        sid,
        account: known.account,
        parent: None,
        direction: Direction::OutboundApi,
        from: route.from,
        to: route.to,
        state: State::Queued,
        events: 0,
        number: number.map(|number| number.sid),
        application: application.map(|application| application.sid),
        forwarded_from: None,
        caller_name: None,
        answered_by: None,
        sip_response_code: None,
        plan: Plan {
            first,
            fallback,
            callback,
            delay_seconds: 0,
            timeout_seconds: options.timeout_seconds.unwrap_or(TIMEOUT_SECONDS),
            time_limit_seconds: Some(options.time_limit_seconds.unwrap_or(TIME_LIMIT_SECONDS)),
            send_digits: options.send_digits,
            record: options.record,
            detection: options.detection,
            forked_from: None,
            parameters: Vec::new(),
        },
        created: now,
        updated: now,
        started: None,
        answered: None,
        ended: None,
    };
    Ok(Created { call, warnings: options.warnings })
}

/// `Url` with `Method`, or `Twiml`; the URL wins.
///
/// # Errors
/// A URL or method that is none, a document that is too long.
pub(super) fn first(form: &Form) -> Result<Option<First>, Refusal> {
    if let Some(asked) = super::options::target(form, "Url", "Method", Refusal::call_url_invalid)? {
        return Ok(Some(First::Ask(asked)));
    }
    match filled(form, "Twiml") {
        Some(text) if text.chars().count() > TWIML_CHARACTERS_MAX => Err(Refusal::twiml_too_long()),
        text => Ok(text.map(|text| First::Twiml(text.to_owned()))),
    }
}

type Hooks = (Option<First>, Option<crate::numbers::Target>, Option<Callback>);

/// An application's URLs replace the call's own.
fn of_application(application: &Application) -> Hooks {
    let told = target(&application.status_callback, application.status_callback_method);
    let callback = told.map(|target| Callback {
        target,
        events: super::Events::of([twiml::CallEvent::Completed]),
        of_number: false,
    });
    let voice = &application.voice;
    (voice.primary().map(First::Ask), voice.fallback(), callback)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::testing::{application, at, call, number};
    use crate::calls::{Events, RecordPlan, RecordingCallback};
    use crate::numbers::{Method, Target};
    use twiml::{CallEvent, MachineDetection, RecordingEvent, RecordingTrack, Trim};

    fn make(parameters: &str) -> Result<Created, Refusal> {
        let form = Form::parse(parameters.as_bytes()).expect("a form");
        let route = route(&form)?;
        let (number, application) = (number(), application());
        let known = Known {
            account: number.account,
            number: (route.from == number.phone_number).then_some(&number),
            verified: route.from == "+12025550112",
            application: (route.application == Some(application.sid)).then_some(&application),
        };
        create(&form, route, known, call(Direction::OutboundApi).sid, at(0))
    }

    #[test]
    fn a_verified_caller_id_may_be_called_from() {
        let from = |number: &str| {
            make(&format!("To=%2B12025550199&From=%2B{number}&Url=https://a.example/v"))
        };
        let made = from("12025550112").expect("verified");
        assert_eq!((made.call.from.as_str(), made.call.number), ("+12025550112", None));
        assert_eq!(from("12025550111").expect_err("another").code, 21_210);
    }

    /// With the addresses and the URL of a call that is accepted.
    fn with(parameters: &str) -> Result<Created, Refusal> {
        make(&format!("To=%2B12025550199&From=%2B12025550100&Url=https://a.example/v&{parameters}"))
    }

    #[test]
    fn what_is_wrong_is_refused_with_its_code() {
        let long = format!("Twiml={}", "x".repeat(TWIML_CHARACTERS_MAX + 1));
        let headers =
            format!("To=sip:a@b.example?x={}&From=bob&Url=https://a.example", "x".repeat(1024));
        for (parameters, code) in [
            ("From=%2B12025550100&Url=https://a.example", 21_201),
            ("To=%2B12025550199&Url=https://a.example", 21_213),
            ("To=nobody!&From=%2B12025550100&Url=https://a.example", 21_217),
            ("To=12345&From=%2B12025550100&Url=https://a.example", 21_217),
            ("To=whatsapp:%2B12025550199&From=%2B12025550100&Url=https://a.example", 21_217),
            ("To=%2B12025550199&From=!&Url=https://a.example", 21_212),
            ("To=%2B12025550199&From=client:bob&Url=https://a.example", 21_212),
            ("To=%2B12025550199&From=%2B12025550111&Url=https://a.example", 21_210),
            ("To=%2B15005550001&From=%2B12025550100&Url=https://a.example", 21_217),
            ("To=%2B15005550002&From=%2B12025550100&Url=https://a.example", 21_214),
            ("To=%2B15005550003&From=%2B12025550100&Url=https://a.example", 21_215),
            ("To=%2B15005550004&From=%2B12025550100&Url=https://a.example", 21_216),
            ("To=%2B12025550199&From=%2B15005550001&Url=https://a.example", 21_212),
            ("To=%2B12025550199&From=%2B12025550100", 21_205),
            ("To=%2B12025550199&From=%2B12025550100&Url=/voice", 21_205),
            (&format!("To=%2B12025550199&From=%2B12025550100&{long}"), 32_018),
            (&headers, 21_227),
            ("To=%2B12025550199&From=%2B12025550100&ApplicationSid=AP1", 21_218),
            (
                "To=%2B12025550199&From=%2B12025550100&\
                 ApplicationSid=AP00000000000000000000000000000009",
                21_218,
            ),
        ] {
            assert_eq!(make(parameters).expect_err(parameters).code, code, "{parameters}");
        }
        let long = "x".repeat(256);
        for (parameters, code) in [
            ("Method=PUT", 21_209),
            ("FallbackMethod=PUT", 21_209),
            ("StatusCallbackMethod=PUT", 21_209),
            ("RecordingStatusCallbackMethod=PUT", 21_209),
            ("AsyncAmdStatusCallbackMethod=PUT", 21_209),
            ("FallbackUrl=nowhere", 21_205),
            ("StatusCallback=nowhere", 21_609),
            ("StatusCallback=https://a_b.example/", 21_609),
            ("RecordingStatusCallback=nowhere", 21_609),
            ("SendDigits=1x", 21_206),
            ("SendDigits=012345678901234567890123456789012", 21_206),
            ("Timeout=0", 21_208),
            ("Timeout=601", 21_208),
            ("Timeout=soon", 21_208),
            ("TimeLimit=0", 20_422),
            ("Record=perhaps", 20_422),
            ("RecordingChannels=five", 20_422),
            ("RecordingTrack=left", 20_422),
            ("RecordingStatusCallbackEvent=done", 20_422),
            ("Trim=hair", 20_422),
            ("MachineDetection=Perhaps", 21_234),
            ("MachineDetectionTimeout=2", 21_263),
            ("MachineDetectionSpeechThreshold=999", 21_263),
            ("MachineDetectionSpeechEndThreshold=5001", 21_263),
            ("MachineDetectionSilenceTimeout=none", 21_263),
            ("SipAuthUsername=bob", 21_225),
            ("SipAuthUsername=b%20b&SipAuthPassword=x", 21_222),
            (&format!("SipAuthUsername={long}&SipAuthPassword=x"), 21_221),
            (&format!("SipAuthUsername=bob&SipAuthPassword={long}"), 21_223),
            ("SipAuthUsername=bob&SipAuthPassword=a%22", 21_224),
            (&format!("CallReason={long}"), 20_422),
            ("Byoc=BY00000000000000000000000000000001", 20_403),
        ] {
            assert_eq!(with(parameters).expect_err(parameters).code, code, "{parameters}");
        }
    }

    #[test]
    fn a_call_is_queued_with_what_is_usual() {
        let created = with("").expect("accepted");
        let call = &created.call;
        assert_eq!((call.state, call.direction), (State::Queued, Direction::OutboundApi));
        assert_eq!(call.number, Some(number().sid));
        let plan = &call.plan;
        let asked = Target { url: "https://a.example/v".into(), method: Method::Post };
        assert_eq!(plan.first, Some(First::Ask(asked)));
        assert_eq!((plan.timeout_seconds, plan.time_limit_seconds), (60, Some(14_400)));
        assert_eq!((&plan.record, &plan.detection, &plan.callback), (&None, &None, &None));
        assert!(created.warnings.is_empty());
    }

    #[test]
    fn addresses_that_are_no_phones_may_call_each_other() {
        for (to, from, shown) in [
            ("client:alice", "client:bob", "client:bob"),
            ("client:alice", "%2B12025550100", "+12025550100"),
            ("client:alice", "%2B12025550111", "+12025550111"),
            ("sip:alice@sip.example", "bob", "bob"),
            ("%2B12025550199", "%2B15005550006", "+15005550006"),
        ] {
            if shown == "+12025550111" {
                // A number that is not the account's may be shown to a client only.
                let refused = make(&format!("To=%2B12025550199&From={from}&Url=https://a.example"));
                assert_eq!(refused.expect_err("not owned").code, 21_210);
            }
            let created = make(&format!("To={to}&From={from}&Url=https://a.example"));
            assert_eq!(created.expect(to).call.from, shown, "{to}");
        }
    }

    #[test]
    fn a_url_beats_a_document_and_an_application_beats_both() {
        const ENDS: &str = "To=%2B12025550199&From=%2B12025550100";
        const OWN: &str =
            "Url=https://a.example/v&Twiml=<Response/>&StatusCallback=https://a.example/s";
        let created = make(&format!("{ENDS}&Twiml=<Response/>")).expect("accepted");
        assert_eq!(created.call.plan.first, Some(First::Twiml("<Response/>".into())));
        let created = make(&format!("{ENDS}&{OWN}&Method=get")).expect("accepted");
        let asked = Target { url: "https://a.example/v".into(), method: Method::Get };
        assert_eq!(created.call.plan.first, Some(First::Ask(asked)));
        let sid = application().sid;
        let created = make(&format!("{ENDS}&{OWN}&ApplicationSid={sid}")).expect("accepted");
        let Plan { first, fallback, callback, .. } = created.call.plan;
        let url = |target: Option<Target>| target.map(|target| target.url).unwrap_or_default();
        assert!(
            matches!(first, Some(First::Ask(asked)) if asked.url.ends_with("app.example/voice"))
        );
        assert_eq!(url(fallback), "https://app.example/fallback");
        assert_eq!(url(callback.map(|callback| callback.target)), "https://app.example/told");
        assert_eq!(created.call.application, Some(sid));
    }

    #[test]
    fn events_come_one_by_one_or_in_one_text_and_unknown_ones_are_a_warning() {
        use CallEvent::{Answered, Completed, Initiated, Ringing};
        for (parameters, events, warnings) in [
            ("", vec![Completed], 0),
            (
                "StatusCallbackEvent=ringing&StatusCallbackEvent=answered",
                vec![Ringing, Answered],
                0,
            ),
            ("StatusCallbackEvent=initiated%20completed", vec![Initiated, Completed], 0),
            ("StatusCallbackEvent=ringing&StatusCallbackEvent=done", vec![Ringing], 1),
            ("StatusCallbackEvent=initiated,ringing", vec![], 1),
        ] {
            let created = with(&format!("StatusCallback=https://a.example/s&{parameters}"));
            let created = created.expect("accepted");
            let callback = created.call.plan.callback.expect("there is one");
            assert_eq!(callback.events, Events::of(events), "{parameters}");
            assert_eq!(created.warnings.len(), warnings, "{parameters}");
            assert!(created.warnings.iter().all(|warning| warning.code == 21_626));
        }
    }

    #[test]
    fn recording_and_detection_are_planned_as_ordered() {
        let created = with(
            "Record=true&RecordingChannels=dual&RecordingTrack=inbound&Trim=do-not-trim\
             &RecordingStatusCallback=https://a.example/r&RecordingStatusCallbackMethod=GET\
             &RecordingStatusCallbackEvent=in-progress%20absent&Timeout=20&TimeLimit=90",
        );
        let plan = created.expect("accepted").call.plan;
        let target = Target { url: "https://a.example/r".into(), method: Method::Get };
        let events = vec![RecordingEvent::InProgress, RecordingEvent::Absent];
        let expected = RecordPlan {
            dual: true,
            from_ringing: false,
            track: RecordingTrack::Inbound,
            trim: Trim::DoNotTrim,
            callback: Some(RecordingCallback { target, events }),
        };
        assert_eq!(plan.record, Some(expected));
        assert_eq!((plan.timeout_seconds, plan.time_limit_seconds), (20, Some(90)));

        let created = with("MachineDetection=DetectMessageEnd&AsyncAmd=true").expect("accepted");
        assert_eq!(created.warnings.first().map(|warning| warning.code), Some(21_262));
        let detection = created.call.plan.detection.expect("ordered");
        assert_eq!(detection.mode, MachineDetection::DetectMessageEnd);
        assert_eq!((detection.timeout_ms, detection.is_async), (30_000, true));
        // Keys are for a machine that is expected.
        let created = with("MachineDetection=Enable&SendDigits=1w2").expect("accepted");
        assert_eq!(created.call.plan.detection, None);
        assert_eq!(created.call.plan.send_digits.as_deref(), Some("1w2"));
    }
}
