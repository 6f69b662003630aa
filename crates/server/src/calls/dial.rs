//! A `<Dial>` at work: its legs are made, rung, joined and ended as `exchange::calls::dialing`
//! says.

use super::ends::kept;
use super::leg::{Far, Leg, Phase, Timer};
use super::recorder::Then;
use super::switchboard::Board;
use exchange::calls::detection::Verdict;
use exchange::calls::dialing::{DialDone, DialInput, DialOutput, Dialing};
use exchange::calls::recordings::RecordingSource;
use exchange::calls::request::{self, Stamp};
use exchange::calls::script::{DialEnd, DialOrder, Input, Kept, Role, Ticket};
use exchange::calls::status::{self, Beside, Event};
use exchange::calls::{State, callee};
use exchange::documents::Remark;
use exchange::sid::CallSid;
use jiff::Timestamp;
use store::{Change, Write};

/// A `<Dial>` that a leg waits for.
pub(super) struct Dial {
    ticket: Ticket,
    pub(super) dialing: Dialing,
    /// Its recording, when REST has stopped that.
    pub(super) stopped: Option<Kept>,
    /// The legs that were made, by their places among the callees.
    legs: Vec<Option<CallSid>>,
}

impl Board {
    /// A script dials.
    pub(super) fn dial(&mut self, sid: CallSid, ticket: Ticket, order: DialOrder) {
        let now = self.now();
        let from_ringing = order.record.clone().filter(|record| record.from_ringing);
        let legs = vec![None; order.callees.len()];
        let dialing = Dialing::begin(order, now);
        self.with(sid, |leg| leg.dial = Some(Dial { ticket, dialing, stopped: None, legs }));
        if let Some(record) = from_ringing {
            self.begin_recording(sid, record, RecordingSource::DialVerb, None);
        }
        self.run_dial(sid);
    }

    /// Something happened to a `<Dial>`.
    fn dial_input(&mut self, sid: CallSid, input: DialInput) {
        let now = self.now();
        let Some(leg) = self.legs.get_mut(&sid) else { return };
        let Some(dial) = &mut leg.dial else { return };
        dial.dialing.input(now, input);
        self.run_dial(sid);
    }

    pub(super) fn dial_rings(&mut self, sid: CallSid, place: usize) {
        self.dial_input(sid, DialInput::Ringing(place));
    }

    pub(super) fn dial_answered(&mut self, sid: CallSid, place: usize) {
        self.dial_input(sid, DialInput::Answered(place));
    }

    pub(super) fn dial_parent_hung_up(&mut self, sid: CallSid) {
        self.dial_input(sid, DialInput::ParentHungUp);
    }

    pub(super) fn cancel_dial(&mut self, sid: CallSid, ticket: Ticket) {
        let dial = self.legs.get(&sid).and_then(|leg| leg.dial.as_ref());
        if dial.is_some_and(|dial| dial.ticket == ticket) {
            self.dial_input(sid, DialInput::Cancel);
        }
    }

    /// A leg of a `<Dial>` has ended.
    pub(super) fn dial_ended(&mut self, sid: CallSid, place: usize, state: State) {
        let input = match state {
            State::Busy | State::Failed | State::NoAnswer => DialInput::Refused(place, state),
            _ => DialInput::HungUp(place),
        };
        self.dial_input(sid, input);
    }

    /// A leg leaves a `<Dial>` and goes on by itself.
    pub(super) fn dial_left(&mut self, sid: CallSid, place: usize) {
        self.dial_input(sid, DialInput::HungUp(place));
    }

    /// The deadline of a `<Dial>` may have come.
    pub(super) fn dial_due(&mut self, sid: CallSid, now: Timestamp) {
        let Some(dial) = self.legs.get(&sid).and_then(|leg| leg.dial.as_ref()) else { return };
        if dial.dialing.deadline().is_some_and(|deadline| deadline <= now) {
            self.dial_input(sid, DialInput::Tick);
        }
    }

    /// Carries out what a `<Dial>` wants done.
    fn run_dial(&mut self, sid: CallSid) {
        loop {
            let leg = self.legs.get_mut(&sid);
            let Some(dial) = leg.and_then(|leg| leg.dial.as_mut()) else { return };
            let Some(output) = dial.dialing.output() else { return self.wake(sid) };
            let leg_of = |place: usize| dial.legs.get(place).copied().flatten();
            match output {
                DialOutput::Call(place) => self.call(sid, place),
                DialOutput::Cancel(place, state) => {
                    if let Some(child) = leg_of(place) {
                        self.leave_dial(child);
                        self.end(child, state, None);
                    }
                }
                DialOutput::SendDigits(place) => {
                    if let Some(child) = leg_of(place) {
                        self.press_for_dial(child);
                    }
                }
                DialOutput::Detect(place) => {
                    if let Some(child) = leg_of(place) {
                        self.detect(child);
                    }
                }
                DialOutput::Whisper(place) => {
                    if let Some(child) = leg_of(place) {
                        self.whisper(child);
                    }
                }
                DialOutput::Bridge(place) => {
                    if let Some(child) = leg_of(place) {
                        self.join(sid, child);
                    }
                }
                DialOutput::HangUp(place) => {
                    if let Some(child) = leg_of(place) {
                        self.leave_dial(child);
                        self.hang_up(child);
                    }
                }
                DialOutput::Done(done) => return self.dial_done(sid, done),
            }
        }
    }

    /// Nothing that happens to this leg is its `<Dial>`'s business any more.
    fn leave_dial(&mut self, child: CallSid) {
        self.with(child, |leg| leg.parent = None);
    }

    /// Makes the leg of a callee, and calls it.
    fn call(&mut self, sid: CallSid, place: usize) {
        let now = self.now();
        let Some(parent) = self.legs.get(&sid) else { return };
        let Some(dial) = &parent.dial else { return };
        let Some(order) = dial.dialing.order().callees.get(place) else { return };
        let house = &self.house;
        let owns = |phone: &str| {
            let number = house.store.number_at(phone).ok().flatten();
            number.is_some_and(|number| number.account == parent.call.account)
        };
        let caller_id = dial.dialing.order().caller_id.as_deref();
        let to = match callee::address(&order.address, &parent.call) {
            Ok(to) => to,
            Err(remark) => return self.not_called(sid, place, remark),
        };
        let from = match callee::caller_id(caller_id, &order.address, &parent.call, owns) {
            Ok(from) => from,
            Err(remark) => return self.not_called(sid, place, remark),
        };
        let family = parent.family.clone();
        let mut call = callee::leg(&parent.call, order, (from, to), house.call_sid(), now);
        let child = call.sid;
        let stamp = Stamp { token: house.ids.token(), at: now };
        let reached = status::reach(&mut call, Event::Initiated, &Beside::default(), stamp);
        let change = Change {
            writes: vec![Write::InsertCall(Box::new(call.clone()))],
            webhooks: reached.tell.into_iter().collect(),
            ..Change::default()
        };
        self.submit(change);
        self.made_here.insert(child);
        let far = Far::Handset(call.to.clone());
        let mut leg = Leg::new(call, far, now);
        leg.parent = Some((sid, place));
        leg.family = family;
        leg.note(now, '>', &format!("call from {} to {}", leg.call.from, leg.call.to));
        self.add(leg);
        if let Some(dial) = self.legs.get_mut(&sid).and_then(|leg| leg.dial.as_mut())
            && let Some(slot) = dial.legs.get_mut(place)
        {
            *slot = Some(child);
        }
        self.place(child);
    }

    /// Somebody can't be called at all.
    fn not_called(&mut self, sid: CallSid, place: usize, remark: Remark) {
        self.remark(sid, remark);
        let now = self.now();
        if let Some(dial) = self.legs.get_mut(&sid).and_then(|leg| leg.dial.as_mut()) {
            dial.dialing.input(now, DialInput::Refused(place, State::Failed));
        }
    }

    fn press_for_dial(&mut self, child: CallSid) {
        let digits = self.legs.get(&child).and_then(|leg| leg.call.plan.send_digits.clone());
        let ms = self.press(child, digits.as_deref().unwrap_or_default());
        self.later(child, ms, Timer::DigitsPressed);
    }

    /// The keys of a leg have been pressed.
    pub(super) fn digits_pressed(&mut self, sid: CallSid) {
        match self.legs.get(&sid).and_then(|leg| leg.parent) {
            Some((parent, place)) => self.dial_input(parent, DialInput::DigitsSent(place)),
            // Detection is left out after keys (rest.md 4.2).
            None => self.begin_document(sid),
        }
    }

    /// It is known who answered.
    pub(super) fn verdict(&mut self, sid: CallSid, verdict: Verdict) {
        let now = self.now();
        let Some(leg) = self.legs.get_mut(&sid) else { return };
        let Verdict { by, after_ms } = verdict;
        leg.call.answered_by = Some(by);
        leg.detection_ms = Some(after_ms);
        leg.note(now, '>', &format!("answered by {}", by.as_str()));
        let detection = leg.call.plan.detection.clone();
        // A document that waited is told itself (rest.md 4.2).
        let beside = detection.as_ref().filter(|detection| detection.is_async);
        let target = beside.and_then(|detection| detection.callback.clone());
        let tell = target.map(|target| {
            let stamp = Stamp { token: self.house.ids.token(), at: now };
            request::amd_status(&leg.call, &target, by, after_ms, stamp)
        });
        let write = kept(&leg.call, false);
        let parent = leg.parent;
        let webhooks = tell.into_iter().collect();
        self.submit(Change { writes: vec![write], webhooks, ..Change::default() });
        match parent {
            Some((parent, place)) => self.dial_input(parent, DialInput::Verdict(place, by)),
            None if detection.is_some_and(|detection| !detection.is_async) => {
                self.begin_document(sid);
            }
            None => {}
        }
    }

    /// A callee hears a document of its own before being connected.
    fn whisper(&mut self, child: CallSid) {
        let first = self.legs.get(&child).and_then(|leg| leg.call.plan.first.clone());
        let Some(first) = first else { return };
        self.run_script(child, Role::Whisper, first);
    }

    /// The document of a callee may have come to its end without a hang-up.
    pub(super) fn look_at_whisper(&mut self, sid: CallSid) {
        let Some(leg) = self.legs.get(&sid) else { return };
        let ended = leg.script.as_ref().and_then(|script| script.ended());
        let Some((parent, place)) = leg.parent else { return };
        if leg.phase == Phase::Live && ended.is_some_and(|ended| !ended.hung_up) {
            self.forget_script(sid);
            self.dial_input(parent, DialInput::WhisperEnded(place, true));
        }
    }

    /// Connects two legs.
    fn join(&mut self, sid: CallSid, child: CallSid) {
        let now = self.now();
        let Some(leg) = self.legs.get_mut(&sid) else { return };
        leg.joined = Some(child);
        let Some(dial) = &leg.dial else { return };
        let ticket = dial.ticket;
        let record = dial.dialing.order().record.clone().filter(|record| !record.from_ringing);
        self.with(child, |leg| {
            leg.joined = Some(sid);
            leg.note(now, '<', "connected");
        });
        if let Some(record) = record {
            self.begin_recording(sid, record, RecordingSource::DialVerb, None);
        }
        self.give(sid, Input::Bridged(ticket));
    }

    /// A `<Dial>` is over: its recording is kept, then the script goes on.
    fn dial_done(&mut self, sid: CallSid, done: DialDone) {
        let Some(leg) = self.legs.get_mut(&sid) else { return };
        let Some(dial) = leg.dial.take() else { return };
        let joined = leg.joined.take();
        self.with_some(joined, |other| other.joined = None);
        let end = DialEnd {
            status: done.status,
            sid: done.leg.and_then(|place| dial.legs.get(place).copied().flatten()),
            duration_seconds: done.duration_seconds,
            bridged: done.bridged,
            recording: dial.stopped,
            answered_by: done.answered_by,
            parameters: Vec::new(),
        };
        let then = Then::Dialed(dial.ticket, Box::new(end));
        self.end_recording_of(sid, RecordingSource::DialVerb, then);
        self.wake(sid);
    }

    fn with_some(&mut self, sid: Option<CallSid>, change: impl FnOnce(&mut Leg)) {
        if let Some(sid) = sid {
            self.with(sid, change);
        }
    }
}
