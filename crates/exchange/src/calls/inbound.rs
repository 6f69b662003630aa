//! A call comes in: its record, and what its number's application planned for it.
//!
//! Called by the server when a carrier hands a call over. A number without a voice URL takes no
//! calls: `plan.first` is `None`, and the switchboard refuses the call with [`NOT_CONFIGURED`].
//! Contract: rest.md 4.3, webhooks.md 2b and 2d.

use crate::calls::create::TIME_LIMIT_SECONDS;
use crate::calls::script::First;
use crate::calls::{Call, Callback, Direction, Events, Plan, State};
use crate::numbers::{Application, Hook, Number, Target, target};
use crate::refusal::Refusal;
use crate::sid::{AccountSid, ApplicationSid, CallSid, NumberSid};
use jiff::Timestamp;
use twiml::CallEvent;
use webhook::Form;

/// The alert of a call to a number that nobody wrote a URL for: its URL is invalid, since empty.
pub const NOT_CONFIGURED: u32 = 11_100;
/// How such a call ends.
pub const NOT_CONFIGURED_STATE: State = State::Failed;

/// Parameters that a client's program sends along.
pub const PARAMETERS_MAX: usize = 50;
/// Bytes of them all, names and values: what Twilio's client SDKs send at most, and then some.
pub const PARAMETERS_BYTES_MAX: usize = 4096;

/// What a carrier hands over.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Arrival {
    /// The caller's address.
    pub from: String,
    /// The number it was diverted from.
    pub forwarded_from: Option<String>,
    /// The caller's name, where it is looked up.
    pub caller_name: Option<String>,
    /// Parameters that the caller's own program sent along.
    pub parameters: Vec<(String, String)>,
}

/// The hook that takes a call to `number`: its application's when it has one, else its own.
/// `application` is the record of `number.voice_application`, when it exists.
pub fn voice_hook<'a>(number: &'a Number, application: Option<&'a Application>) -> &'a Hook {
    own(number, application).map_or(&number.voice, |application| &application.voice)
}

fn own<'a>(number: &Number, application: Option<&'a Application>) -> Option<&'a Application> {
    application.filter(|application| number.voice_application == Some(application.sid))
}

/// A call to `number` that rings from now on.
pub fn receive(
    arrival: Arrival,
    number: &Number,
    application: Option<&Application>,
    sid: CallSid,
    now: Timestamp,
) -> Call {
    let hook = voice_hook(number, application);
    let application = own(number, application);
    let (url, method) = match application {
        Some(found) => (&found.status_callback, found.status_callback_method),
        None => (&number.status_callback, number.status_callback_method),
    };
    let called = Called {
        account: number.account,
        to: number.phone_number.clone(),
        number: Some(number.sid),
        application: application.map(|application| application.sid),
        hook,
        told: target(url, method),
    };
    arrive(arrival, called, sid, now)
}

/// A call of a client to an application, as its SDK makes one. The called is the `To` of its
/// program's parameters, and nobody without one.
pub fn receive_at_application(
    arrival: Arrival,
    application: &Application,
    sid: CallSid,
    now: Timestamp,
) -> Call {
    let mut parameters = arrival.parameters.iter();
    let to = parameters.find(|(name, _)| name == "To").map(|(_, to)| to.clone());
    let called = Called {
        account: application.account,
        to: to.unwrap_or_default(),
        number: None,
        application: Some(application.sid),
        hook: &application.voice,
        told: target(&application.status_callback, application.status_callback_method),
    };
    arrive(arrival, called, sid, now)
}

/// Who is called, and what they planned.
struct Called<'a> {
    account: AccountSid,
    to: String,
    number: Option<NumberSid>,
    application: Option<ApplicationSid>,
    hook: &'a Hook,
    told: Option<Target>,
}

fn arrive(arrival: Arrival, called: Called<'_>, sid: CallSid, now: Timestamp) -> Call {
    let callback = called.told.map(|target| Callback {
        target,
        events: Events::of([CallEvent::Completed]),
        of_number: true,
    });
    Call {
        sid,
        account: called.account,
        parent: None,
        direction: Direction::Inbound,
        from: arrival.from,
        to: called.to,
        state: State::Ringing,
        events: 0,
        number: called.number,
        application: called.application,
        forwarded_from: arrival.forwarded_from,
        caller_name: arrival.caller_name,
        answered_by: None,
        sip_response_code: None,
        plan: Plan {
            first: called.hook.primary().map(First::Ask),
            fallback: called.hook.fallback(),
            callback,
            time_limit_seconds: Some(TIME_LIMIT_SECONDS),
            parameters: arrival.parameters,
            ..Plan::default()
        },
        created: now,
        updated: now,
        started: Some(now),
        answered: None,
        ended: None,
    }
}

/// `Parameter.NAME=value`: what a client's program sends along, each name once.
///
/// # Errors
/// 20422 for what is too many or too long.
pub fn parameters(form: &Form) -> Result<Vec<(String, String)>, Refusal> {
    let mut all: Vec<(String, String)> = Vec::new();
    for (name, value) in form.iter() {
        let Some(own) = name.strip_prefix("Parameter.").filter(|own| !own.is_empty()) else {
            continue;
        };
        if all.iter().any(|(known, _)| known == own) {
            return Err(Refusal::parameter_invalid(name, "it is there twice"));
        }
        all.push((own.to_owned(), value.to_owned()));
    }
    let bytes: usize = all.iter().map(|(name, value)| name.len() + value.len()).sum();
    if all.len() > PARAMETERS_MAX || bytes > PARAMETERS_BYTES_MAX {
        let why = format!("use at most {PARAMETERS_MAX}, of {PARAMETERS_BYTES_MAX} bytes in all");
        return Err(Refusal::parameter_invalid("Parameter", why));
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::testing::{application, at, call, number};

    #[test]
    fn a_numbers_application_takes_its_calls_and_is_told_of_them() {
        let with_application = Number { voice_application: Some(application().sid), ..number() };
        for (number, found, url, told) in [
            (number(), None, "https://number.example/voice", "https://number.example/told"),
            // Not the one that the number names.
            (
                number(),
                Some(application()),
                "https://number.example/voice",
                "https://number.example/told",
            ),
            (
                with_application.clone(),
                Some(application()),
                "https://app.example/voice",
                "https://app.example/told",
            ),
            // Its application is gone.
            (with_application, None, "https://number.example/voice", "https://number.example/told"),
        ] {
            let arrival = Arrival { from: "+12025550199".into(), ..Arrival::default() };
            let sid = call(Direction::Inbound).sid;
            let call = receive(arrival, &number, found.as_ref(), sid, at(0));
            let Some(First::Ask(asked)) = &call.plan.first else { panic!("no URL") };
            let callback = call.plan.callback.as_ref().expect("there is one");
            assert_eq!((asked.url.as_str(), callback.target.url.as_str()), (url, told));
            assert!(callback.of_number);
            assert_eq!((call.state, call.started), (State::Ringing, Some(at(0))));
        }
    }

    #[test]
    fn a_number_without_a_url_plans_nothing_and_is_still_told_the_end() {
        let number = Number { voice: Hook::default(), ..number() };
        let sid = call(Direction::Inbound).sid;
        let call = receive(Arrival::default(), &number, None, sid, at(0));
        assert_eq!(call.plan.first, None);
        assert!(call.plan.callback.is_some());
        assert_eq!(NOT_CONFIGURED_STATE, State::Failed);
    }

    #[test]
    fn a_client_calls_an_application_and_its_parameters_come_along() {
        for (form, to) in
            [("", ""), ("Parameter.To=%2B12025550155&Parameter.team=a", "+12025550155")]
        {
            let form = Form::parse(form.as_bytes()).expect("a form");
            let arrival = Arrival {
                from: "client:alice".into(),
                caller_name: Some("Alice".into()),
                parameters: parameters(&form).expect("few and short"),
                ..Arrival::default()
            };
            let own = arrival.parameters.clone();
            let sid = call(Direction::Inbound).sid;
            let call = receive_at_application(arrival, &application(), sid, at(0));
            assert_eq!((call.to.as_str(), call.number), (to, None));
            assert_eq!(call.application, Some(application().sid));
            assert_eq!(call.caller_name.as_deref(), Some("Alice"));
            assert_eq!(call.plan.parameters, own);
            let Some(First::Ask(asked)) = &call.plan.first else { panic!("no URL") };
            assert_eq!(asked.url, "https://app.example/voice");
        }
    }

    #[test]
    fn parameters_that_are_too_much_are_refused() {
        let many: String = (0..=PARAMETERS_MAX).map(|n| format!("Parameter.p{n}=1&")).collect();
        let long = format!("Parameter.a={}", "x".repeat(PARAMETERS_BYTES_MAX));
        for text in [many.as_str(), &long, "Parameter.a=1&Parameter.a=2"] {
            let form = Form::parse(text.as_bytes()).expect("a form");
            assert_eq!(parameters(&form).expect_err("refused").code, 20_422);
        }
        let form = Form::parse(b"To=1&Parameter.=2&Other=3").expect("a form");
        assert_eq!(parameters(&form), Ok(Vec::new()));
    }
}
