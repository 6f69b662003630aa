//! One `<Dial>`: which legs are called, cancelled, asked, joined and ended, and when.
//!
//! ```text
//! called ─▶ answered ─▶ keys ─▶ detection ─▶ whisper ─▶ bridged ─▶ over
//!    │          │         what was not ordered is skipped  │
//!    └─ refused, given up, canceled      declined, hung up ┴─▶ over
//! ```
//!
//! The server's switchboard owns the legs; this knows them by their place among the callees. It
//! drains all outputs after each input, makes a deadline a `Tick`, and never answers an output
//! that ended a leg. An input about a leg that is over does nothing, and nothing comes after
//! `Done`. Contract: twiml.md 2.6, 2.6.1 and 4.4; webhooks.md 2e.

use crate::calls::script::DialOrder;
use crate::calls::{AnsweredBy, State};
use jiff::{SignedDuration, Timestamp};
use std::collections::VecDeque;

/// Callees of one `<Dial>` at most.
pub const CALLEES_MAX: usize = 10;
/// Seconds that a leg rings beyond the `timeout` of its `<Dial>`: Twilio always adds them.
pub const RING_BEYOND_SECONDS: u32 = 5;

/// Something that happened to a leg, or to the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DialInput {
    /// The leg rings.
    Ringing(usize),
    /// The leg was answered.
    Answered(usize),
    /// The leg could not be had: `busy`, `no-answer`, `failed`.
    Refused(usize, State),
    /// The keys ordered by `SendDigits` were pressed.
    DigitsSent(usize),
    /// It is known who answered.
    Verdict(usize, AnsweredBy),
    /// The leg's own document came to its end: whether it may be connected. One that hung up in
    /// it, or was told to, may not.
    WhisperEnded(usize, bool),
    /// Whoever was called hung up.
    HungUp(usize),
    /// The caller is gone.
    ParentHungUp,
    /// The caller goes on without this: hangupOnStar, a REST update, another document.
    Cancel,
    /// The deadline has come.
    Tick,
}

/// Something to be done, in the order given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DialOutput {
    /// Make the leg and call it.
    Call(usize),
    /// Stop the ringing of a leg; it ends in this state: `canceled`, or `no-answer` when it rang
    /// long enough.
    Cancel(usize, State),
    /// Press the callee's keys; answered by `DigitsSent`.
    SendDigits(usize),
    /// Find out who answered; answered by `Verdict`. The dial waits for it unless the order says
    /// that it is asynchronous.
    Detect(usize),
    /// Let the leg run its own document; answered by `WhisperEnded`.
    Whisper(usize),
    /// Join the leg and the caller.
    Bridge(usize),
    /// End an answered leg. Nothing is to be done where it has ended by itself.
    HangUp(usize),
    /// It is over.
    Done(DialDone),
}

/// What became of it: a [`DialEnd`](super::script::DialEnd) without what only the switchboard
/// knows (sid, recording, SIP).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DialDone {
    /// `completed`, `busy`, `no-answer`, `failed`, `canceled`.
    pub status: State,
    /// The leg that was connected, else the one that gave the status, else the last called.
    pub leg: Option<usize>,
    /// Whether the two were connected.
    pub bridged: bool,
    /// Seconds from the leg's answer, rounded up; `None` unless it was connected.
    pub duration_seconds: Option<u32>,
    /// Who answered on that leg, where it was found out.
    pub answered_by: Option<AnsweredBy>,
}

/// Where a leg stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Leg {
    /// Its turn has not come.
    Waiting,
    /// Called, until then.
    Called(Timestamp),
    /// Answered, and its keys are being pressed.
    Pressing,
    /// Answered, and it is being found out by whom.
    Detecting,
    /// Answered, and hears its own document.
    Whispering,
    /// Connected, until then.
    Bridged(Timestamp),
    /// Over, in this state as far as the dial's status is concerned.
    Over(State),
}

impl Leg {
    fn is_answered(self) -> bool {
        matches!(self, Leg::Pressing | Leg::Detecting | Leg::Whispering | Leg::Bridged(_))
    }
}

/// One `<Dial>` under way.
#[derive(Debug)]
pub struct Dialing {
    order: DialOrder,
    legs: Vec<Leg>,
    answered_by: Vec<Option<AnsweredBy>>,
    /// When the leg that goes on was answered.
    answered: Option<Timestamp>,
    outputs: VecDeque<DialOutput>,
    done: bool,
}

impl Dialing {
    /// Begins: calls everyone, or the first one.
    pub fn begin(mut order: DialOrder, now: Timestamp) -> Dialing {
        order.callees.truncate(CALLEES_MAX);
        let count = order.callees.len();
        let mut dialing = Dialing {
            order,
            legs: vec![Leg::Waiting; count],
            answered_by: vec![None; count],
            answered: None,
            outputs: VecDeque::new(),
            done: false,
        };
        if !dialing.order.is_sequential {
            (0..count).for_each(|leg| dialing.call(leg, now));
        }
        dialing.go_on(now);
        dialing
    }

    /// What the caller's and the callees' order was.
    pub fn order(&self) -> &DialOrder {
        &self.order
    }

    /// Something happened.
    pub fn input(&mut self, now: Timestamp, input: DialInput) {
        if self.done {
            return;
        }
        match input {
            DialInput::Ringing(_) => {}
            DialInput::Answered(leg) => self.answered(leg, now),
            DialInput::Refused(leg, state) => {
                if matches!(self.leg(leg), Some(Leg::Called(_))) {
                    self.over(leg, unconnected(state), now);
                }
            }
            DialInput::DigitsSent(leg) => {
                if self.leg(leg) == Some(Leg::Pressing) {
                    self.detect(leg, now);
                }
            }
            DialInput::Verdict(leg, by) => self.verdict(leg, by, now),
            DialInput::WhisperEnded(leg, accepted) => {
                if self.leg(leg) == Some(Leg::Whispering) {
                    if accepted {
                        self.bridge(leg, now);
                    } else {
                        self.outputs.push_back(DialOutput::HangUp(leg));
                        self.over(leg, State::NoAnswer, now);
                    }
                }
            }
            DialInput::HungUp(leg) => self.hung_up(leg, now),
            DialInput::ParentHungUp | DialInput::Cancel => self.stop(now),
            DialInput::Tick => self.tick(now),
        }
    }

    /// The next thing to be done.
    pub fn output(&mut self) -> Option<DialOutput> {
        self.outputs.pop_front()
    }

    /// When a `Tick` is wanted.
    pub fn deadline(&self) -> Option<Timestamp> {
        if self.done {
            return None;
        }
        let due = |leg: &Leg| match leg {
            Leg::Called(at) | Leg::Bridged(at) => Some(*at),
            _ => None,
        };
        self.legs.iter().filter_map(due).min()
    }

    /// The leg that is connected now.
    pub fn bridged(&self) -> Option<usize> {
        self.legs.iter().position(|leg| matches!(leg, Leg::Bridged(_)))
    }

    /// Whether it is over.
    pub fn is_done(&self) -> bool {
        self.done
    }

    fn leg(&self, leg: usize) -> Option<Leg> {
        self.legs.get(leg).copied()
    }

    fn call(&mut self, leg: usize, now: Timestamp) {
        let seconds = self.order.timeout_seconds.saturating_add(RING_BEYOND_SECONDS);
        self.legs[leg] = Leg::Called(after(now, seconds));
        self.outputs.push_back(DialOutput::Call(leg));
    }

    /// The first answer wins: nobody else rings any more.
    fn answered(&mut self, leg: usize, now: Timestamp) {
        if !matches!(self.leg(leg), Some(Leg::Called(_))) {
            return;
        }
        self.answered = Some(now);
        self.legs[leg] = Leg::Pressing;
        self.cancel_ringing(State::Canceled, None);
        if self.order.callees[leg].send_digits.is_some() {
            self.outputs.push_back(DialOutput::SendDigits(leg));
        } else {
            self.detect(leg, now);
        }
    }

    fn detect(&mut self, leg: usize, now: Timestamp) {
        let detection = self.order.callees[leg].detection.as_ref();
        let waits = detection.is_some_and(|detection| !detection.is_async);
        if detection.is_some() {
            self.outputs.push_back(DialOutput::Detect(leg));
        }
        if waits {
            self.legs[leg] = Leg::Detecting;
        } else {
            self.whisper(leg, now);
        }
    }

    fn verdict(&mut self, leg: usize, by: AnsweredBy, now: Timestamp) {
        let Some(stands) = self.leg(leg).filter(|stands| stands.is_answered()) else { return };
        self.answered_by[leg] = Some(by);
        if stands == Leg::Detecting {
            self.whisper(leg, now);
        }
    }

    fn whisper(&mut self, leg: usize, now: Timestamp) {
        if self.order.callees[leg].whisper.is_some() {
            self.legs[leg] = Leg::Whispering;
            self.outputs.push_back(DialOutput::Whisper(leg));
        } else {
            self.bridge(leg, now);
        }
    }

    fn bridge(&mut self, leg: usize, now: Timestamp) {
        self.legs[leg] = Leg::Bridged(after(now, self.order.time_limit_seconds));
        self.outputs.push_back(DialOutput::Bridge(leg));
    }

    fn hung_up(&mut self, leg: usize, now: Timestamp) {
        match self.leg(leg) {
            Some(Leg::Bridged(_)) => self.finish(State::Completed, leg, now),
            Some(Leg::Waiting | Leg::Over(_)) | None => {}
            Some(_) => self.over(leg, State::NoAnswer, now),
        }
    }

    /// A leg is over that was not connected.
    fn over(&mut self, leg: usize, state: State, now: Timestamp) {
        self.legs[leg] = Leg::Over(state);
        self.go_on(now);
    }

    /// Calls the next in turn when nobody is called or talks any more; when there is none, it is
    /// over.
    fn go_on(&mut self, now: Timestamp) {
        let alive = |leg: &Leg| leg.is_answered() || matches!(leg, Leg::Called(_));
        if self.legs.iter().any(alive) {
            return;
        }
        match self.legs.iter().position(|leg| *leg == Leg::Waiting) {
            Some(next) => self.call(next, now),
            None => {
                let (status, leg) = self.outcome();
                self.done(DialDone {
                    status,
                    leg,
                    bridged: false,
                    duration_seconds: None,
                    answered_by: leg.and_then(|leg| self.answered_by[leg]),
                });
            }
        }
    }

    /// What legs that were never connected come to: in turn, the last one's; at once, that of
    /// whoever came nearest to an answer.
    fn outcome(&self) -> (State, Option<usize>) {
        let state_of = |leg: &Leg| match leg {
            Leg::Over(state) => Some(*state),
            _ => None,
        };
        let last = |wanted: State| self.legs.iter().rposition(|l| state_of(l) == Some(wanted));
        if self.order.is_sequential {
            let leg = self.legs.iter().rposition(|leg| state_of(leg).is_some());
            let state = leg.and_then(|leg| state_of(&self.legs[leg]));
            return (state.unwrap_or(State::Failed), leg);
        }
        [State::NoAnswer, State::Busy, State::Failed, State::Canceled]
            .into_iter()
            .find_map(|state| Some((state, Some(last(state)?))))
            .unwrap_or((State::Failed, None))
    }

    /// The caller goes on without it, or is gone.
    fn stop(&mut self, now: Timestamp) {
        let talking = self.legs.iter().position(|leg| leg.is_answered());
        if let Some(leg) = talking {
            self.outputs.push_back(DialOutput::HangUp(leg));
            if matches!(self.legs[leg], Leg::Bridged(_)) {
                return self.finish(State::Completed, leg, now);
            }
            self.legs[leg] = Leg::Over(State::Canceled);
        }
        let ringing = self.legs.iter().rposition(|leg| matches!(leg, Leg::Called(_)));
        self.cancel_ringing(State::Canceled, None);
        self.done(DialDone {
            status: State::Canceled,
            leg: talking.or(ringing),
            bridged: false,
            duration_seconds: None,
            answered_by: talking.and_then(|leg| self.answered_by[leg]),
        });
    }

    fn tick(&mut self, now: Timestamp) {
        let talking = self.legs.iter().enumerate().find_map(|(i, leg)| match leg {
            Leg::Bridged(until) => Some((i, *until)),
            _ => None,
        });
        if let Some((leg, until)) = talking {
            if until <= now {
                self.outputs.push_back(DialOutput::HangUp(leg));
                self.finish(State::Completed, leg, now);
            }
            return;
        }
        self.cancel_ringing(State::NoAnswer, Some(now));
        self.go_on(now);
    }

    /// Stops legs that ring: all of them, or those whose time has come `by` then.
    fn cancel_ringing(&mut self, state: State, by: Option<Timestamp>) {
        for (i, leg) in self.legs.iter_mut().enumerate() {
            if let Leg::Called(until) = *leg
                && by.is_none_or(|now| until <= now)
            {
                *leg = Leg::Over(state);
                self.outputs.push_back(DialOutput::Cancel(i, state));
            }
        }
    }

    /// The connected leg is over.
    fn finish(&mut self, status: State, leg: usize, now: Timestamp) {
        self.legs[leg] = Leg::Over(status);
        let millis = self.answered.map_or(0, |at| now.duration_since(at).as_millis().max(0));
        let seconds = u32::try_from((millis + 999) / 1000).unwrap_or(u32::MAX);
        self.done(DialDone {
            status,
            leg: Some(leg),
            bridged: true,
            duration_seconds: Some(seconds),
            answered_by: self.answered_by[leg],
        });
    }

    fn done(&mut self, done: DialDone) {
        self.done = true;
        self.outputs.push_back(DialOutput::Done(done));
    }
}

/// What a leg that was refused counts as.
fn unconnected(state: State) -> State {
    match state {
        State::Busy | State::NoAnswer | State::Canceled => state,
        _ => State::Failed,
    }
}

fn after(now: Timestamp, seconds: u32) -> Timestamp {
    now.checked_add(SignedDuration::from_secs(i64::from(seconds))).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calls::Detection;
    use crate::calls::script::{Callee, CalleeAddress};
    use crate::calls::testing::at;
    use crate::numbers::{Method, Target};
    use DialInput as In;
    use proptest::prelude::*;
    use twiml::MachineDetection;

    /// A callee: `k` has keys, `d` detection, `a` asynchronous detection, `w` a whisper.
    fn callee(wants: &str) -> Callee {
        let detection = |is_async| Detection {
            mode: MachineDetection::Enable,
            timeout_ms: 30_000,
            speech_threshold_ms: 2400,
            speech_end_threshold_ms: 1200,
            silence_timeout_ms: 5000,
            callback: None,
            is_async,
        };
        let detected = wants.contains(['d', 'a']);
        Callee {
            address: CalleeAddress::Client("alice".into()),
            whisper: wants
                .contains('w')
                .then(|| Target { url: "https://example.com/".into(), method: Method::Post }),
            callback: None,
            send_digits: wants.contains('k').then(|| "1".into()),
            detection: detected.then(|| detection(wants.contains('a'))),
            parameters: Vec::new(),
        }
    }

    fn order(callees: &[&str], is_sequential: bool) -> DialOrder {
        DialOrder {
            callees: callees.iter().map(|wants| callee(wants)).collect(),
            is_sequential,
            timeout_seconds: 30,
            time_limit_seconds: 100,
            caller_id: None,
            answers_on_bridge: false,
            ring_tone: None,
            record: None,
            refer: None,
        }
    }

    fn text(output: &DialOutput) -> String {
        match output {
            DialOutput::Call(leg) => format!("call {leg}"),
            DialOutput::Cancel(leg, state) => format!("{state} {leg}"),
            DialOutput::SendDigits(leg) => format!("keys {leg}"),
            DialOutput::Detect(leg) => format!("detect {leg}"),
            DialOutput::Whisper(leg) => format!("whisper {leg}"),
            DialOutput::Bridge(leg) => format!("bridge {leg}"),
            DialOutput::HangUp(leg) => format!("hang-up {leg}"),
            DialOutput::Done(done) => {
                let leg = done.leg.map_or("-".into(), |leg| leg.to_string());
                let seconds = done.duration_seconds.map_or("-".into(), |n| n.to_string());
                let by = done.answered_by.map_or("", AnsweredBy::as_str);
                format!("done {} {leg} {seconds} {by}", done.status).trim_end().to_owned()
            }
        }
    }

    /// What comes of inputs, each so many seconds after the beginning.
    fn run(order: DialOrder, inputs: &[(i64, In)]) -> Vec<String> {
        let mut dialing = Dialing::begin(order, at(0));
        let mut told = Vec::new();
        let mut drain = |dialing: &mut Dialing| {
            while let Some(output) = dialing.output() {
                told.push(text(&output));
            }
        };
        drain(&mut dialing);
        for (seconds, input) in inputs {
            dialing.input(at(seconds * 1000), *input);
            drain(&mut dialing);
        }
        told
    }

    #[test]
    fn somebody_answers_and_they_talk_until_one_ends_it() {
        let talk = [(1, In::Ringing(0)), (3, In::Answered(0))];
        for (end, told) in [
            ((10, In::HungUp(0)), vec!["done completed 0 7"]),
            ((10, In::ParentHungUp), vec!["hang-up 0", "done completed 0 7"]),
            ((10, In::Cancel), vec!["hang-up 0", "done completed 0 7"]),
            ((102, In::Tick), vec![]),
            ((103, In::Tick), vec!["hang-up 0", "done completed 0 100"]),
        ] {
            let inputs: Vec<_> = talk.iter().copied().chain([end]).collect();
            let mut expected = vec!["call 0", "bridge 0"];
            expected.extend(told);
            assert_eq!(run(order(&[""], false), &inputs), expected, "{end:?}");
        }
    }

    #[test]
    fn a_leg_that_is_not_connected_gives_its_status() {
        for (input, told) in [
            ((1, In::Refused(0, State::Busy)), vec!["done busy 0 -"]),
            ((1, In::Refused(0, State::Failed)), vec!["done failed 0 -"]),
            ((1, In::Refused(0, State::NoAnswer)), vec!["done no-answer 0 -"]),
            ((1, In::HungUp(0)), vec!["done no-answer 0 -"]),
            ((1, In::ParentHungUp), vec!["canceled 0", "done canceled 0 -"]),
            ((1, In::Cancel), vec!["canceled 0", "done canceled 0 -"]),
        ] {
            let mut expected = vec!["call 0"];
            expected.extend(told);
            assert_eq!(run(order(&[""], false), &[input]), expected, "{input:?}");
        }
    }

    #[test]
    fn a_leg_rings_five_seconds_beyond_its_timeout() {
        let dialing = Dialing::begin(order(&[""], false), at(0));
        assert_eq!(dialing.deadline(), Some(at(35_000)));
        let told =
            run(order(&[""], false), &[(34, In::Tick), (35, In::Tick), (36, In::Answered(0))]);
        assert_eq!(told, ["call 0", "no-answer 0", "done no-answer 0 -"]);
    }

    #[test]
    fn at_once_the_first_answer_wins_and_the_others_stop_ringing() {
        let told = run(
            order(&["", "", ""], false),
            &[
                (1, In::Refused(2, State::Busy)),
                (2, In::Answered(1)),
                (2, In::Answered(0)),
                (5, In::HungUp(1)),
            ],
        );
        let expected =
            ["call 0", "call 1", "call 2", "canceled 0", "bridge 1", "done completed 1 3"];
        assert_eq!(told, expected);
    }

    #[test]
    fn of_several_failures_the_one_nearest_to_an_answer_counts_at_once_and_the_last_in_turn() {
        use State::{Busy, Failed, NoAnswer};
        for (states, at_once, in_turn) in [
            ([Busy, Failed, NoAnswer], "done no-answer 2 -", "done no-answer 2 -"),
            ([NoAnswer, Busy, Failed], "done no-answer 0 -", "done failed 2 -"),
            ([Busy, Failed, Busy], "done busy 2 -", "done busy 2 -"),
            ([Busy, Failed, Failed], "done busy 0 -", "done failed 2 -"),
            ([Failed, Failed, Failed], "done failed 2 -", "done failed 2 -"),
        ] {
            let inputs: Vec<_> =
                states.iter().enumerate().map(|(i, s)| (1, In::Refused(i, *s))).collect();
            for (is_sequential, end) in [(false, at_once), (true, in_turn)] {
                let told = run(order(&["", "", ""], is_sequential), &inputs);
                assert_eq!(told.last().map(String::as_str), Some(end), "{states:?}");
            }
        }
    }

    #[test]
    fn in_turn_each_has_a_timeout_of_its_own_and_a_decline_leads_to_the_next() {
        let told = run(
            order(&["", "w", ""], true),
            &[
                (35, In::Tick),
                (40, In::Answered(1)),
                (45, In::WhisperEnded(1, false)),
                (50, In::Answered(2)),
                (60, In::HungUp(2)),
            ],
        );
        let expected = [
            "call 0",
            "no-answer 0",
            "call 1",
            "whisper 1",
            "hang-up 1",
            "call 2",
            "bridge 2",
            "done completed 2 10",
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn keys_then_detection_then_the_whisper_and_then_they_talk() {
        let told = run(
            order(&["kdw"], false),
            &[
                (1, In::Answered(0)),
                (2, In::DigitsSent(0)),
                (3, In::Verdict(0, AnsweredBy::Human)),
                (4, In::WhisperEnded(0, true)),
                (11, In::HungUp(0)),
            ],
        );
        let expected =
            ["call 0", "keys 0", "detect 0", "whisper 0", "bridge 0", "done completed 0 10 human"];
        assert_eq!(told, expected);
        // Asynchronous detection holds nobody up.
        let told = run(
            order(&["a"], false),
            &[
                (1, In::Answered(0)),
                (4, In::Verdict(0, AnsweredBy::MachineStart)),
                (5, In::HungUp(0)),
            ],
        );
        assert_eq!(told, ["call 0", "detect 0", "bridge 0", "done completed 0 4 machine_start"]);
    }

    #[test]
    fn a_declined_whisper_is_no_answer_and_the_losers_stay_canceled() {
        for (end, more) in [
            (In::WhisperEnded(1, false), vec!["hang-up 1", "done no-answer 1 -"]),
            (In::HungUp(1), vec!["done no-answer 1 -"]),
            (In::ParentHungUp, vec!["hang-up 1", "done canceled 1 -"]),
        ] {
            let told = run(order(&["w", "w"], false), &[(1, In::Answered(1)), (2, end)]);
            let mut expected = vec!["call 0", "call 1", "canceled 0", "whisper 1"];
            expected.extend(more);
            assert_eq!(told, expected, "{end:?}");
        }
    }

    #[test]
    fn nobody_to_call_is_a_failure() {
        assert_eq!(run(order(&[], false), &[]), ["done failed - -"]);
        assert_eq!(run(order(&[], true), &[]), ["done failed - -"]);
    }

    #[derive(Debug, Clone, Copy, PartialEq)]
    enum World {
        Absent,
        Ringing,
        Answered,
        Over,
    }

    fn inputs() -> impl Strategy<Value = Vec<(u8, usize, u8)>> {
        prop::collection::vec((0u8..10, 0usize..4, 0u8..40), 0..60)
    }

    /// What the network may say of a leg that stands so; `None` when it can't say that.
    fn network(kind: u8, leg: usize, legs: &mut [World]) -> Option<In> {
        let stands = legs.get(leg).copied();
        let (input, becomes) = match (kind, stands) {
            (0, Some(World::Ringing)) => (In::Answered(leg), World::Answered),
            (1, Some(World::Ringing)) => (In::Refused(leg, State::Busy), World::Over),
            (2, Some(World::Answered)) => (In::HungUp(leg), World::Over),
            (3, _) => return Some(In::DigitsSent(leg)),
            (4, _) => return Some(In::Verdict(leg, AnsweredBy::Human)),
            (5, _) => return Some(In::WhisperEnded(leg, true)),
            (6, _) => return Some(In::WhisperEnded(leg, false)),
            (7, _) => return Some(In::Ringing(leg)),
            (8, _) => return Some(In::Tick),
            (9, _) if leg == 0 => return Some(In::ParentHungUp),
            _ => return None,
        };
        legs[leg] = becomes;
        Some(input)
    }

    /// Keeps the books of what a switchboard would see.
    fn account(output: DialOutput, legs: &mut [World], done: &mut u32, bridges: &mut u32) {
        assert_eq!(*done, 0, "nothing comes after Done: {output:?}");
        match output {
            DialOutput::Call(leg) => {
                assert_eq!(legs[leg], World::Absent, "a leg is called once");
                legs[leg] = World::Ringing;
            }
            DialOutput::Cancel(leg, state) => {
                assert_eq!(legs[leg], World::Ringing, "only what rings is canceled");
                assert!(matches!(state, State::Canceled | State::NoAnswer));
                legs[leg] = World::Over;
            }
            DialOutput::HangUp(leg) => {
                assert_eq!(legs[leg], World::Answered, "only what was answered is hung up");
                legs[leg] = World::Over;
            }
            DialOutput::Bridge(leg) => {
                assert_eq!(legs[leg], World::Answered);
                *bridges += 1;
            }
            DialOutput::SendDigits(leg) | DialOutput::Detect(leg) | DialOutput::Whisper(leg) => {
                assert_eq!(legs[leg], World::Answered);
            }
            DialOutput::Done(end) => {
                *done += 1;
                assert_eq!(end.bridged, *bridges == 1);
                assert_eq!(end.status == State::Completed, end.bridged);
                let alive = |leg: &World| matches!(leg, World::Ringing | World::Answered);
                assert!(!legs.iter().any(alive), "every leg is over: {legs:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn every_leg_ends_once_and_the_dial_ends_once(
            wants in prop::collection::vec("[kdaw]{0,3}", 1..4),
            is_sequential in any::<bool>(),
            inputs in inputs(),
        ) {
            let wants: Vec<&str> = wants.iter().map(String::as_str).collect();
            let mut dialing = Dialing::begin(order(&wants, is_sequential), at(0));
            let mut legs = vec![World::Absent; wants.len()];
            let (mut done, mut bridges, mut now) = (0, 0, 0);
            let mut drain = |dialing: &mut Dialing, legs: &mut [World]| {
                while let Some(output) = dialing.output() {
                    account(output, legs, &mut done, &mut bridges);
                }
            };
            drain(&mut dialing, &mut legs);
            for (kind, leg, seconds) in inputs {
                now += i64::from(seconds);
                if let Some(input) = network(kind, leg, &mut legs) {
                    dialing.input(at(now * 1000), input);
                    drain(&mut dialing, &mut legs);
                }
            }
            // Whatever is left ends when the caller goes.
            dialing.input(at(now * 1000), In::ParentHungUp);
            drain(&mut dialing, &mut legs);
            prop_assert_eq!((done, dialing.deadline(), dialing.is_done()), (1, None, true));
        }
    }
}
