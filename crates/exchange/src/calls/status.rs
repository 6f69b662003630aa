//! A call's status moves, and whoever asked to know is told.
//!
//! ```text
//! initiated ─▶ ringing ─▶ answered ─▶ ended      each counts one SequenceNumber, told or not
//!     └───────────┴──────────┴───────────▲
//! ```
//!
//! Called by the server's switchboard when something happens to a leg; the record it changes and
//! the tell it returns are saved together. A move that cannot be changes nothing and tells nobody.
//! Contract: webhooks.md 2d and 6.2, rest.md 4.2.

use crate::calls::request::{Stamp, rfc2822, row, standard};
use crate::calls::{Call, State, is_final};
use crate::webhooks::{Purpose, Webhook};
use twiml::CallEvent;
use webhook::{CallRecording, CallStatus, Direction};

/// Something that happens to a leg.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// It begins to be dialled. Never an inbound call's.
    Initiated,
    /// The other end rings. Never an inbound call's, which rings from its beginning.
    Ringing,
    /// It is answered.
    Answered,
    /// It is over, with SIP's code where that is known better than by the state.
    ///
    /// An answered call ends `completed`, whatever is named here; one that was dialled and never
    /// answered can't be `completed` and ends `canceled`.
    Ended(State, Option<u16>),
}

/// What is told with an event beside the record.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Beside {
    /// The recording of the whole call, when `Record=true` made one.
    pub recording: Option<CallRecording>,
    /// How long finding out who answered took, in milliseconds.
    pub machine_detection_ms: Option<u32>,
}

/// What came of an event.
#[derive(Debug, Clone, PartialEq)]
pub struct Reached {
    /// Whether the record changed.
    pub moved: bool,
    /// To be saved with it.
    pub tell: Option<Webhook>,
}

/// SIP's code for a leg that ended so, where nobody knows better (webhooks.md 6.2).
pub fn sip_code(state: State) -> u16 {
    match state {
        State::Busy => 486,
        State::NoAnswer | State::Canceled => 487,
        State::Failed => 404,
        _ => 200,
    }
}

/// Moves `call` and gives the tell of it.
pub fn reach(call: &mut Call, event: Event, beside: &Beside, stamp: Stamp) -> Reached {
    // Nobody is told of a call that was taken back before it was dialled.
    let in_queue = call.direction != Direction::Inbound && call.started.is_none();
    if !advance(call, event, stamp) {
        return Reached { moved: false, tell: None };
    }
    let unnoticed = in_queue && call.state == State::Canceled;
    let tell = if unnoticed { None } else { tell(call, event, beside, stamp) };
    call.events += u32::from(!unnoticed);
    Reached { moved: true, tell }
}

/// Moves the record, if the event can follow what was.
fn advance(call: &mut Call, event: Event, stamp: Stamp) -> bool {
    let inbound = call.direction == Direction::Inbound;
    if is_final(call.state) {
        return false;
    }
    match event {
        Event::Initiated if !inbound && call.started.is_none() => {
            call.started = Some(stamp.at);
            // A `<Dial>`'s leg is in no queue.
            if call.direction == Direction::OutboundDial {
                call.state = State::Ringing;
            }
        }
        // Rung once, since `initiated` was the one event before.
        Event::Ringing if call.started.is_some() && call.events == 1 && !inbound => {
            call.state = State::Ringing;
        }
        Event::Answered if call.started.is_some() && call.answered.is_none() => {
            call.state = State::InProgress;
            call.answered = Some(stamp.at);
        }
        Event::Ended(state, code) if is_final(state) => {
            call.state = ending(call, state);
            call.sip_response_code = code.or(Some(sip_code(call.state)));
            call.ended = Some(stamp.at);
        }
        _ => return false,
    }
    call.updated = stamp.at;
    true
}

/// The state that a call can really end in.
fn ending(call: &Call, wished: State) -> State {
    match wished {
        _ if call.answered.is_some() => State::Completed,
        State::Completed if call.direction != Direction::Inbound => State::Canceled,
        other => other,
    }
}

/// The tell of what `call` has just reached, if anybody asked for it.
fn tell(call: &Call, event: Event, beside: &Beside, stamp: Stamp) -> Option<Webhook> {
    let (name, shown) = match event {
        Event::Initiated => (CallEvent::Initiated, State::Initiated),
        Event::Ringing => (CallEvent::Ringing, State::Ringing),
        Event::Answered => (CallEvent::Answered, State::InProgress),
        Event::Ended(..) => (CallEvent::Completed, call.state),
    };
    let callback = call.plan.callback.as_ref()?;
    let wanted = match callback.of_number {
        true => name == CallEvent::Completed,
        false => callback.events.has(name),
    };
    if !wanted {
        return None;
    }
    let mut told = standard(call, shown);
    told.details.machine_detection_duration_ms =
        beside.machine_detection_ms.map(|ms| ms.to_string());
    let mut wire = CallStatus::new(told, call.events, rfc2822(stamp.at));
    if name == CallEvent::Completed {
        let seconds = call.duration_seconds().unwrap_or(0);
        wire.duration_secs = Some(seconds);
        wire.billed_minutes = Some(seconds.div_ceil(60));
        wire.sip_response_code = call.sip_response_code.map(u32::from);
        wire.recording = beside.recording.clone();
    }
    if callback.of_number {
        wire.callback_source = None;
        wire.sequence_number = None;
        wire.timestamp = None;
        wire.sip_response_code = None;
    }
    Some(row(call, Purpose::CallStatus, &callback.target, &wire.to_form(), stamp))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::testing::{at, call};
    use crate::calls::{AnsweredBy, Callback, Events};
    use crate::numbers::{Method, Target};
    use crate::sid::CallSid;
    use Event::{Answered, Ended, Initiated, Ringing};
    use webhook::Form;

    fn subscribed(mut call: Call, events: &[CallEvent], of_number: bool) -> Call {
        call.plan.callback = Some(Callback {
            target: Target { url: "https://example.com/told".into(), method: Method::Get },
            events: Events::of(events.iter().copied()),
            of_number,
        });
        call
    }

    fn stamp(seconds: i64) -> Stamp {
        Stamp { token: 1, at: at(seconds * 1000) }
    }

    /// Lives a life, an event every ten seconds; a line per tell: status, sequence, durations, SIP.
    fn live(call: &mut Call, life: &[Event]) -> Vec<String> {
        let mut told = Vec::new();
        for (i, event) in life.iter().enumerate() {
            let reached = reach(call, *event, &Beside::default(), stamp(10 * i as i64));
            let Some(sent) = reached.tell else { continue };
            assert_eq!((sent.purpose, sent.method), (Purpose::CallStatus, Method::Get));
            let form = Form::parse(sent.parameters.as_bytes()).expect("we encoded it");
            let names = ["CallStatus", "SequenceNumber", "CallDuration", "Duration"];
            let mut line: Vec<&str> =
                names.iter().map(|name| form.get(name).unwrap_or("-")).collect();
            line.push(form.get("SipResponseCode").unwrap_or("-"));
            told.push(line.join(" "));
        }
        told
    }

    const ALL: [CallEvent; 4] =
        [CallEvent::Initiated, CallEvent::Ringing, CallEvent::Answered, CallEvent::Completed];

    #[test]
    fn a_whole_life_is_told_event_by_event() {
        let ends = |state, code| Ended(state, code);
        for (direction, life, end, told) in [
            (
                Direction::OutboundApi,
                vec![Initiated, Ringing, Answered, ends(State::Completed, None)],
                State::Completed,
                vec![
                    "initiated 0 - - -",
                    "ringing 1 - - -",
                    "in-progress 2 - - -",
                    "completed 3 10 1 200",
                ],
            ),
            (
                Direction::OutboundDial,
                vec![Initiated, Ringing, ends(State::Busy, None)],
                State::Busy,
                vec!["initiated 0 - - -", "ringing 1 - - -", "busy 2 0 0 486"],
            ),
            (
                Direction::OutboundApi,
                vec![Initiated, ends(State::Failed, None)],
                State::Failed,
                vec!["initiated 0 - - -", "failed 1 0 0 404"],
            ),
            (
                Direction::OutboundApi,
                vec![Initiated, Ringing, ends(State::NoAnswer, None)],
                State::NoAnswer,
                vec!["initiated 0 - - -", "ringing 1 - - -", "no-answer 2 0 0 487"],
            ),
            (
                Direction::OutboundDial,
                vec![Initiated, Ringing, ends(State::Canceled, None)],
                State::Canceled,
                vec!["initiated 0 - - -", "ringing 1 - - -", "canceled 2 0 0 487"],
            ),
            // Declined: the network's own code.
            (
                Direction::OutboundApi,
                vec![Initiated, Ringing, ends(State::Busy, Some(603))],
                State::Busy,
                vec!["initiated 0 - - -", "ringing 1 - - -", "busy 2 0 0 603"],
            ),
            // Taken back in the queue: nothing at all.
            (Direction::OutboundApi, vec![ends(State::Canceled, None)], State::Canceled, vec![]),
            (Direction::OutboundApi, vec![ends(State::Completed, None)], State::Canceled, vec![]),
        ] {
            let mut call = subscribed(call(direction), &ALL, false);
            assert_eq!(live(&mut call, &life), told, "{life:?}");
            assert_eq!(call.state, end, "{life:?}");
            assert!(call.ended.is_some() && call.updated == call.ended.expect("over"));
        }
    }

    #[test]
    fn the_sequence_counts_events_that_nobody_asked_for() {
        let life = [Initiated, Ringing, Answered, Ended(State::Completed, None)];
        for (events, told) in [
            (vec![], vec![]),
            (vec![CallEvent::Completed], vec!["completed 3 10 1 200"]),
            (
                vec![CallEvent::Ringing, CallEvent::Answered],
                vec!["ringing 1 - - -", "in-progress 2 - - -"],
            ),
        ] {
            let mut call = subscribed(call(Direction::OutboundApi), &events, false);
            assert_eq!(live(&mut call, &life), told);
            assert_eq!(call.events, 4);
        }
    }

    #[test]
    fn a_numbers_callback_comes_once_at_the_end_in_the_older_shape() {
        let mut call = subscribed(call(Direction::Inbound), &ALL, true);
        let told = live(&mut call, &[Answered, Ended(State::Completed, None)]);
        assert_eq!(told, ["completed - 10 1 -"]);
        let mut call = subscribed(self::call(Direction::Inbound), &[], true);
        let recording = CallRecording { sid: "RE1".into(), url: "u".into(), duration_secs: 3 };
        let beside = Beside { recording: Some(recording), machine_detection_ms: None };
        reach(&mut call, Answered, &beside, stamp(0));
        let sent = reach(&mut call, Ended(State::Completed, None), &beside, stamp(61)).tell;
        let parameters = sent.expect("told").parameters;
        assert!(parameters.contains("CallDuration=61&Duration=2&RecordingUrl=u&RecordingSid=RE1"));
        for absent in ["CallbackSource", "SequenceNumber", "Timestamp", "SipResponseCode"] {
            assert!(!parameters.contains(absent), "{absent}");
        }
    }

    #[test]
    fn a_status_callback_says_what_it_is_and_who_answered() {
        let mut call = subscribed(call(Direction::OutboundDial), &ALL, false);
        call.parent = CallSid::parse("CA00000000000000000000000000000009");
        reach(&mut call, Initiated, &Beside::default(), stamp(0));
        call.answered_by = Some(AnsweredBy::Human);
        let beside = Beside { machine_detection_ms: Some(900), ..Beside::default() };
        let sent = reach(&mut call, Answered, &beside, stamp(5)).tell.expect("told");
        let form = Form::parse(sent.parameters.as_bytes()).expect("we encoded it");
        for (name, value) in [
            ("CallbackSource", "call-progress-events"),
            ("Timestamp", "Wed, 15 Jan 2020 08:00:05 +0000"),
            ("ParentCallSid", "CA00000000000000000000000000000009"),
            ("AnsweredBy", "human"),
            ("MachineDetectionDuration", "900"),
            ("CallerCountry", "US"),
            ("SequenceNumber", "1"),
        ] {
            assert_eq!(form.get(name), Some(value), "{name}");
        }
    }

    #[test]
    fn a_move_that_can_not_be_changes_nothing() {
        for (direction, before, event) in [
            (Direction::OutboundApi, vec![], Ringing),
            (Direction::OutboundApi, vec![], Answered),
            (Direction::OutboundApi, vec![Initiated], Initiated),
            (Direction::OutboundApi, vec![Initiated, Ringing], Ringing),
            (Direction::OutboundApi, vec![Initiated, Answered], Ringing),
            (Direction::OutboundApi, vec![Initiated, Answered], Answered),
            (Direction::OutboundApi, vec![Initiated], Ended(State::InProgress, None)),
            (Direction::OutboundApi, vec![Initiated, Ended(State::Busy, None)], Answered),
            (
                Direction::OutboundApi,
                vec![Initiated, Ended(State::Busy, None)],
                Ended(State::Failed, None),
            ),
            (Direction::Inbound, vec![], Initiated),
            (Direction::Inbound, vec![], Ringing),
        ] {
            let mut call = subscribed(call(direction), &ALL, false);
            live(&mut call, &before);
            let was = call.clone();
            let reached = reach(&mut call, event, &Beside::default(), stamp(99));
            assert_eq!(reached, Reached { moved: false, tell: None }, "{before:?} {event:?}");
            assert_eq!(call, was, "{before:?} {event:?}");
        }
    }

    #[test]
    fn the_record_shows_ringing_for_a_dialed_leg_at_once_and_queued_for_an_apis() {
        for (direction, shown) in
            [(Direction::OutboundDial, State::Ringing), (Direction::OutboundApi, State::Queued)]
        {
            let mut call = call(direction);
            reach(&mut call, Initiated, &Beside::default(), stamp(0));
            assert_eq!((call.state, call.started), (shown, Some(at(0))));
        }
    }

    #[test]
    fn an_answered_call_can_only_be_completed_and_an_unanswered_one_not() {
        for (direction, before, wished, end) in [
            (Direction::Inbound, vec![Answered], State::Failed, State::Completed),
            (Direction::Inbound, vec![], State::Completed, State::Completed),
            (Direction::Inbound, vec![], State::NoAnswer, State::NoAnswer),
            (Direction::OutboundApi, vec![Initiated, Ringing], State::Completed, State::Canceled),
            (Direction::OutboundApi, vec![Initiated, Answered], State::Busy, State::Completed),
        ] {
            let mut call = call(direction);
            live(&mut call, &before);
            live(&mut call, &[Ended(wished, None)]);
            assert_eq!(call.state, end, "{before:?} {wished}");
        }
    }
}
