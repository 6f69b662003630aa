//! A call comes in: its record, and what its number's application planned for it.
//!
//! Called by the server when a carrier hands a call over. A number without a voice URL takes no
//! calls: `plan.first` is `None`, and the switchboard refuses the call with [`NOT_CONFIGURED`].
//! Contract: rest.md 4.3, webhooks.md 2b and 2d.

use crate::calls::create::TIME_LIMIT_SECONDS;
use crate::calls::script::First;
use crate::calls::{Call, Callback, Direction, Events, Plan, State};
use crate::numbers::{Application, Hook, Number, target};
use crate::sid::CallSid;
use jiff::Timestamp;
use twiml::CallEvent;

/// The alert of a call to a number that nobody wrote a URL for: its URL is invalid, since empty.
pub const NOT_CONFIGURED: u32 = 11_100;
/// How such a call ends.
pub const NOT_CONFIGURED_STATE: State = State::Failed;

/// What a carrier hands over.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Arrival {
    /// The caller's address.
    pub from: String,
    /// The number it was diverted from.
    pub forwarded_from: Option<String>,
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
    let callback = target(url, method).map(|target| Callback {
        target,
        events: Events::of([CallEvent::Completed]),
        of_number: true,
    });
    Call {
        sid,
        account: number.account,
        parent: None,
        direction: Direction::Inbound,
        from: arrival.from,
        to: number.phone_number.clone(),
        state: State::Ringing,
        events: 0,
        number: Some(number.sid),
        application: application.map(|application| application.sid),
        forwarded_from: arrival.forwarded_from,
        caller_name: None,
        answered_by: None,
        sip_response_code: None,
        plan: Plan {
            first: hook.primary().map(First::Ask),
            fallback: hook.fallback(),
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
}
