//! What comes from the far end of a leg: a person's keys, words and hang-up, or those of another
//! leg of the house.

use super::leg::{Far, Phase, Speech, Timer};
use super::orders::{CallError, Did, Person, Reply};
use super::recorder::{Clip, Track};
use super::switchboard::Board;
use exchange::calls::script::{Heard, Input, Ticket, transcript};
use exchange::calls::{Call, Direction, State, speech};
use exchange::sid::CallSid;
use jiff::Timestamp;
use store::Change;

/// Things a person may have said in advance at most.
const SPEECHES_MAX: usize = 32;
/// SIP's code of a callee who declines.
const DECLINE: u16 = 603;

impl Board {
    /// A person at a handset does something.
    pub(super) fn person(&mut self, person: &Person, did: Did, reply: Reply<Option<Call>>) {
        let sid = person.call;
        let done =
            if self.is_theirs(person) { self.do_it(sid, did) } else { Err(CallError::NotLive) };
        let done = done.map(|()| self.legs.get(&sid).map(|leg| leg.call.clone()));
        self.wake(sid);
        self.answer_when_kept(done, reply);
    }

    /// Whether a live call is of the handset and the account that somebody names.
    fn is_theirs(&self, person: &Person) -> bool {
        let Some(leg) = self.legs.get(&person.call) else { return false };
        let account = leg.call.account;
        let owner = || self.house.account(account).map(|account| account.owner);
        leg.handset() == Some(&person.handset)
            && (account == person.account || owner().is_ok_and(|owner| owner == person.account))
    }

    pub(super) fn do_it(&mut self, sid: CallSid, did: Did) -> Result<(), CallError> {
        let leg = self.legs.get(&sid).filter(|leg| leg.phase.is_live());
        let leg = leg.ok_or(CallError::NotLive)?;
        if leg.handset().is_none() {
            let why = "nobody holds a handset there: another number of this house is called";
            return Err(CallError::Wrong(why.to_owned()));
        }
        let rings_there = leg.phase == Phase::Ringing && leg.call.direction != Direction::Inbound;
        let wrong = |why: &str| Err(CallError::Wrong(why.to_owned()));
        match did {
            Did::Answer if rings_there => self.answered(sid),
            Did::Answer => return wrong("the call does not ring at this handset"),
            Did::Reject if rings_there => self.refused(sid, State::Busy, Some(DECLINE)),
            Did::Reject => return wrong("the call does not ring at this handset"),
            Did::HangUp => self.far_hung_up(sid),
            Did::Digits(_) | Did::Speech { .. } if rings_there => {
                return wrong("the call has not been answered");
            }
            Did::Digits(keys) => self.presses(sid, &keys),
            Did::Speech { .. } if leg.pending_speech.len() >= SPEECHES_MAX => {
                return wrong("too much is still to be said");
            }
            Did::Speech { text, confidence, samples } => {
                let length_ms = match &samples {
                    Some(samples) => media::ms_of(samples.len()),
                    None => speech::length_ms(&text, 0),
                };
                self.speak(sid, Speech { text, confidence, samples, length_ms });
            }
        }
        Ok(())
    }

    /// Each key is heard before the next: it may be the last of this call.
    fn presses(&mut self, sid: CallSid, keys: &str) {
        for key in keys.chars() {
            self.far_key(sid, key);
            self.settle();
        }
    }

    /// Answers an order when everything that followed from it at once is durable.
    pub(super) fn answer_when_kept<T: Send + 'static>(
        &mut self,
        done: Result<T, CallError>,
        reply: Reply<T>,
    ) {
        self.settle();
        let done = match done {
            Ok(done) => done,
            // Whoever ordered it may have gone; so below.
            Err(error) => return drop(reply.send(Err(error))),
        };
        // What was submitted before it is committed before it.
        self.house.submit_then(Change::default(), move |kept| {
            let _ = reply.send(kept.map(|()| done).map_err(Into::into));
        });
    }

    /// The far end presses a key.
    pub(super) fn far_key(&mut self, sid: CallSid, key: char) {
        let now = self.now();
        if !matches!(key, '0'..='9' | 'A'..='D' | '*' | '#') {
            return;
        }
        let Some(leg) = self.legs.get_mut(&sid).filter(|leg| leg.phase != Phase::Over) else {
            return;
        };
        leg.note(now, '>', &format!("digit {key}"));
        let joined = leg.joined;
        let clip = Clip::Keys(key.to_string());
        for recorder in &mut leg.recorders {
            recorder.add(Track::Inbound, now, media::dtmf::TONE_MS, clip.clone());
        }
        self.give(sid, Input::Digit(key));
        let Some(other) = joined else { return };
        let Some(leg) = self.legs.get_mut(&other) else { return };
        leg.note(now, '<', &format!("digit {key}"));
        for recorder in &mut leg.recorders {
            recorder.add(Track::Outbound, now, media::dtmf::TONE_MS, clip.clone());
        }
        if let Far::Leg(beyond) = leg.far.clone() {
            self.far_key(beyond, key);
        }
    }

    /// The far end says something, after what it is saying.
    pub(super) fn speak(&mut self, sid: CallSid, speech: Speech) {
        let now = self.now();
        let Some(leg) = self.legs.get_mut(&sid).filter(|leg| leg.phase != Phase::Over) else {
            return;
        };
        if leg.speaking.is_some() {
            if leg.pending_speech.len() < SPEECHES_MAX {
                leg.pending_speech.push_back(speech);
            }
            return;
        }
        leg.speaking = Some(now);
        leg.note(now, '>', &said(&speech.text));
        let clip = Clip::spoken(&speech);
        leg.saying = Some((now, clip.clone()));
        for recorder in &mut leg.recorders {
            recorder.begin(Track::Inbound, now, clip.clone());
        }
        let joined = leg.joined;
        let Speech { text, confidence, length_ms, .. } = speech.clone();
        self.later(sid, length_ms, Timer::FallsSilent { text, confidence });
        self.give(sid, Input::Voice(true));
        self.partial(sid, &speech.text);
        let Some(other) = joined else { return };
        self.overhear(other, &clip, length_ms);
        let Some(leg) = self.legs.get_mut(&other) else { return };
        leg.note(now, '<', &said(&speech.text));
        for recorder in &mut leg.recorders {
            recorder.begin(Track::Outbound, now, clip.clone());
        }
        if let Far::Leg(beyond) = leg.far.clone() {
            self.speak(beyond, speech);
        }
    }

    /// What is understood while it is still being said.
    fn partial(&mut self, sid: CallSid, text: &str) {
        let Some(leg) = self.legs.get(&sid) else { return };
        let Some((ticket, listen)) = &leg.listening else { return };
        if listen.partial && !text.is_empty() {
            let ticket = *ticket;
            self.give(sid, Input::Speech(ticket, Heard::Partial(text.to_owned())));
        }
    }

    /// What was said has been said.
    pub(super) fn falls_silent(&mut self, sid: CallSid, text: String, confidence: String) {
        self.cease_speech(sid);
        let Some(leg) = self.legs.get(&sid) else { return };
        let listening = leg.listening.as_ref().map(|(ticket, _)| *ticket);
        if let Some(ticket) = listening.filter(|_| !text.is_empty()) {
            self.give(sid, Input::Speech(ticket, Heard::Final { text, confidence }));
        }
        self.give(sid, Input::Voice(false));
        self.drain(sid);
        let next = self.legs.get_mut(&sid).and_then(|leg| leg.pending_speech.pop_front());
        if let Some(speech) = next {
            self.speak(sid, speech);
        }
    }

    /// The far end stops in the middle of what it says: another leg's sound was stopped. Whoever
    /// hears it through a connection hears no more of it either.
    pub(super) fn stop_talking(&mut self, sid: CallSid) {
        let Some(leg) = self.legs.get_mut(&sid) else { return };
        leg.pending_speech.clear();
        leg.unset(|timer| matches!(timer, Timer::FallsSilent { .. }));
        if leg.speaking.is_none() {
            return;
        }
        let joined = leg.joined;
        self.cease_speech(sid);
        self.give(sid, Input::Voice(false));
        let Some(other) = joined else { return };
        self.cut_heard(other);
        let beyond = self.legs.get(&other).map(|leg| leg.far.clone());
        if let Some(Far::Leg(beyond)) = beyond {
            self.stop_talking(beyond);
        }
    }

    fn cease_speech(&mut self, sid: CallSid) {
        let now = self.now();
        let Some(leg) = self.legs.get_mut(&sid) else { return };
        leg.speaking = None;
        leg.saying = None;
        for recorder in &mut leg.recorders {
            recorder.cease(Track::Inbound, now);
        }
        let joined = leg.joined;
        if let Some(other) = joined.and_then(|sid| self.legs.get_mut(&sid)) {
            for recorder in &mut other.recorders {
                recorder.cease(Track::Outbound, now);
            }
        }
    }

    /// Something has its time on a leg.
    pub(super) fn come_due(&mut self, sid: CallSid, now: Timestamp) {
        while let Some(timer) = self.legs.get_mut(&sid).and_then(|leg| leg.take_due(now)) {
            match timer {
                Timer::Dialled => self.waited(sid),
                Timer::Played(ticket) => self.played(sid, ticket),
                Timer::RingsTooLong => self.rang_too_long(sid),
                Timer::Answers => self.answered(sid),
                Timer::FallsSilent { text, confidence } => {
                    self.falls_silent(sid, text, confidence);
                }
                Timer::Verdict(verdict) => self.verdict(sid, verdict),
                Timer::DigitsPressed => self.digits_pressed(sid),
                Timer::Press(left) => self.press_next(sid, left),
            }
        }
        self.dial_due(sid, now);
        let Some(leg) = self.legs.get_mut(&sid) else { return };
        if let Some(script) = &mut leg.script
            && script.deadline().is_some_and(|deadline| deadline <= now)
        {
            script.input(now, Input::Tick);
        }
    }

    fn rang_too_long(&mut self, sid: CallSid) {
        let code = super::begin::REQUEST_TERMINATED;
        self.refused(sid, State::NoAnswer, Some(code));
    }
}

/// What was said, as the transcript shows it.
fn said(text: &str) -> String {
    if text.is_empty() {
        return "sound".to_owned();
    }
    let heard = Heard::Final { text: text.to_owned(), confidence: String::new() };
    transcript::input_line(&Input::Speech(Ticket(0), heard))
}
