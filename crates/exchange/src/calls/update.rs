//! A customer changes a call by the REST API: ends it, or sends it elsewhere.
//!
//! Called by the API with the record; the switchboard carries out what is returned. Contract:
//! rest.md 4.2, twiml.md 4.3.

use crate::calls::create::first;
use crate::calls::options::{filled, target, time_limit, told};
use crate::calls::script::First;
use crate::calls::{Call, Callback, Events, Plan, State, is_final};
use crate::refusal::Refusal;
use twiml::CallEvent;
use webhook::Form;

/// What a change comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Update {
    /// What is planned from now on; the record's own when nothing of it changes.
    pub plan: Plan,
    /// What becomes of the call beside that.
    pub effect: Effect,
}

/// What becomes of a call.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Nothing.
    None,
    /// It is hung up.
    HangUp,
    /// It is taken back: it was not answered yet.
    Cancel,
    /// It goes on with this, whatever it does.
    Replace(First),
}

/// What the parameters of a change mean for `call`. `Status` wins over a document.
///
/// # Errors
/// A parameter that can't be, or 21220 when the call's state does not allow it.
pub fn update(call: &Call, form: &Form) -> Result<Update, Refusal> {
    let replacement = first(form)?;
    let plan = plan(call, form)?;
    let effect = match filled(form, "Status") {
        Some(word) => end(call, word)?,
        None => match replacement {
            Some(_) if call.state != State::InProgress => {
                return Err(Refusal::call_not_in_progress());
            }
            Some(first) => Effect::Replace(first),
            None => Effect::None,
        },
    };
    if is_final(call.state) && plan != call.plan {
        return Err(Refusal::call_is_over());
    }
    Ok(Update { plan, effect })
}

/// Ending what has ended is nobody's mistake: two ends of a race both get what they want.
fn end(call: &Call, word: &str) -> Result<Effect, Refusal> {
    match (word, call.state) {
        ("completed" | "canceled", state) if is_final(state) => Ok(Effect::None),
        ("completed", State::InProgress) => Ok(Effect::HangUp),
        ("completed", State::Ringing) if call.direction == super::Direction::Inbound => {
            Ok(Effect::HangUp)
        }
        // It leaves a call that was answered alone.
        ("canceled", State::InProgress) => Ok(Effect::None),
        ("completed" | "canceled", _) => Ok(Effect::Cancel),
        _ => Err(Refusal::call_status_invalid(word)),
    }
}

fn plan(call: &Call, form: &Form) -> Result<Plan, Refusal> {
    let mut plan = call.plan.clone();
    let fallback = target(form, "FallbackUrl", "FallbackMethod", Refusal::call_url_invalid)?;
    plan.fallback = fallback.or(plan.fallback);
    if let Some(target) = told(form, "StatusCallback")? {
        let completed = || Events::of([CallEvent::Completed]);
        let before = plan.callback.as_ref();
        // A number's own callback keeps its shape, and events once asked for stay.
        plan.callback = Some(Callback {
            target,
            events: before.map_or_else(completed, |callback| callback.events),
            of_number: before.is_some_and(|callback| callback.of_number),
        });
    }
    plan.time_limit_seconds = time_limit(form)?.or(plan.time_limit_seconds);
    Ok(plan)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::Direction;
    use crate::calls::testing::call;
    use crate::numbers::{Method, Target};

    fn change(call: &Call, parameters: &str) -> Result<Update, Refusal> {
        update(call, &Form::parse(parameters.as_bytes()).expect("a form"))
    }

    fn in_state(direction: Direction, state: State) -> Call {
        Call { state, ..call(direction) }
    }

    #[test]
    fn what_a_change_does_depends_on_the_state() {
        use Direction::{Inbound, OutboundApi};
        use State::{Completed, InProgress, Queued, Ringing};
        let asked = Target { url: "https://a.example/v".into(), method: Method::Get };
        let replace = Effect::Replace(First::Ask(asked));
        const URL: &str = "Url=https://a.example/v&Method=GET";
        for (direction, state, parameters, effect) in [
            (OutboundApi, Queued, "Status=canceled", Ok(Effect::Cancel)),
            (OutboundApi, Ringing, "Status=canceled", Ok(Effect::Cancel)),
            (OutboundApi, InProgress, "Status=canceled", Ok(Effect::None)),
            (OutboundApi, Queued, "Status=completed", Ok(Effect::Cancel)),
            (OutboundApi, Ringing, "Status=completed", Ok(Effect::Cancel)),
            (Inbound, Ringing, "Status=completed", Ok(Effect::HangUp)),
            (Inbound, InProgress, "Status=completed", Ok(Effect::HangUp)),
            (Inbound, Completed, "Status=completed", Ok(Effect::None)),
            (Inbound, InProgress, "Status=ended", Err(20_422)),
            (Inbound, InProgress, URL, Ok(replace)),
            (
                Inbound,
                InProgress,
                "Twiml=<Response/>",
                Ok(Effect::Replace(First::Twiml("<Response/>".into()))),
            ),
            (Inbound, InProgress, "Status=completed&Twiml=<Response/>", Ok(Effect::HangUp)),
            (OutboundApi, Queued, URL, Err(21_220)),
            (Inbound, Ringing, URL, Err(21_220)),
            (Inbound, Completed, URL, Err(21_220)),
            (Inbound, Completed, "StatusCallback=https://a.example/s", Err(21_220)),
            (Inbound, Completed, "TimeLimit=10", Err(21_220)),
            (Inbound, Completed, "", Ok(Effect::None)),
            (Inbound, InProgress, "Url=nowhere", Err(21_205)),
            (Inbound, InProgress, "Method=PUT", Err(21_209)),
            (Inbound, InProgress, "StatusCallback=nowhere", Err(21_609)),
            (Inbound, InProgress, "TimeLimit=never", Err(20_422)),
        ] {
            let found = change(&in_state(direction, state), parameters);
            let found = found.map(|update| update.effect).map_err(|refusal| refusal.code);
            assert_eq!(found, effect, "{direction} {state} {parameters}");
        }
        let refused = change(&in_state(Inbound, Completed), URL).expect_err("over");
        assert_eq!(refused.message, "Call is not in-progress. Cannot redirect.");
    }

    #[test]
    fn a_change_replaces_parts_of_the_plan_and_keeps_the_rest() {
        let mut call = in_state(Direction::Inbound, State::InProgress);
        let target = |url: &str| Target { url: url.into(), method: Method::Post };
        call.plan.fallback = Some(target("https://a.example/before"));
        call.plan.callback = Some(Callback {
            target: target("https://a.example/s"),
            events: Events::of([CallEvent::Ringing]),
            of_number: true,
        });
        let parameters = "StatusCallback=https://a.example/t&TimeLimit=60";
        let plan = change(&call, parameters).expect("accepted").plan;
        let callback = plan.callback.expect("there is one");
        assert_eq!(callback.target, target("https://a.example/t"));
        assert_eq!((callback.of_number, callback.events.has(CallEvent::Ringing)), (true, true));
        assert_eq!(plan.time_limit_seconds, Some(60));
        assert_eq!(plan.fallback, Some(target("https://a.example/before")));
    }
}
