//! How legs end, and how every move of a call is written with its tells.

use super::begin::REQUEST_TERMINATED;
use super::leg::{Far, Leg, Phase};
use super::switchboard::Board;
use exchange::calls::request::Stamp;
use exchange::calls::script::Input;
use exchange::calls::status::{self, Beside, Event};
use exchange::calls::{Call, Direction, State};
use exchange::documents::Remark;
use exchange::sid::{AccountSid, CallSid};
use store::{Change, Write};

/// The alert of an account that is suspended or closed.
pub(super) const NOT_ACTIVE: u32 = 10_001;

/// A call's record as it is now. The switchboard alone writes live calls.
pub(super) fn kept(call: &Call, with_plan: bool) -> Write {
    Write::UpdateCall { was: None, now: Box::new(call.clone()), with_plan }
}

impl Board {
    /// A call moves: its record and its tells are one change.
    pub(super) fn reach(&mut self, sid: CallSid, event: Event) {
        let now = self.now();
        let Some(leg) = self.legs.get_mut(&sid) else { return };
        let beside =
            Beside { recording: leg.whole.clone(), machine_detection_ms: leg.detection_ms };
        let stamp = Stamp { token: self.house.ids.token(), at: now };
        let reached = status::reach(&mut leg.call, event, &beside, stamp);
        if reached.moved {
            let write = kept(&leg.call, false);
            let webhooks = reached.tell.into_iter().collect();
            self.submit(Change { writes: vec![write], webhooks, ..Change::default() });
        }
    }

    /// The house ends a leg: a script's end, REST, or the `<Dial>` that made it.
    pub(super) fn hang_up(&mut self, sid: CallSid) {
        let Some(leg) = self.legs.get(&sid) else { return };
        let (state, code) = match (leg.phase, leg.call.direction) {
            (Phase::Ringing, Direction::Inbound) => (State::NoAnswer, None),
            (Phase::Ringing | Phase::Waiting, _) => (State::Canceled, Some(REQUEST_TERMINATED)),
            _ => (State::Completed, None),
        };
        self.end(sid, state, code);
    }

    /// An account is suspended or closed: its calls end, and nobody is asked any more.
    pub(super) fn silence_account(&mut self, account: AccountSid) {
        let is_its = |leg: &&Leg| leg.call.account == account && leg.phase != Phase::Over;
        let legs = self.legs.values().map(|leg| &**leg);
        let mut sids: Vec<CallSid> = legs.filter(is_its).map(|leg| leg.call.sid).collect();
        // In the order in which they were made.
        sids.sort_unstable();
        for sid in sids {
            let message = "Account is not active: the call was ended".to_owned();
            self.remark(sid, Remark { code: NOT_ACTIVE, message, at: None });
            self.hang_up(sid);
            self.wake(sid);
        }
    }

    /// The far end hung up.
    pub(super) fn far_hung_up(&mut self, sid: CallSid) {
        let now = self.now();
        let Some(leg) = self.legs.get_mut(&sid) else { return };
        if leg.phase == Phase::Over {
            return;
        }
        leg.note(now, '>', "hung up");
        let answered = leg.phase == Phase::Live;
        let (state, code) = match answered {
            true => (State::Completed, None),
            false => (State::NoAnswer, Some(REQUEST_TERMINATED)),
        };
        self.end(sid, state, code);
    }

    /// The far end of an outgoing leg refuses, or can't be had.
    pub(super) fn refused(&mut self, sid: CallSid, state: State, code: Option<u16>) {
        let now = self.now();
        let Some(leg) = self.legs.get_mut(&sid) else { return };
        leg.note(now, '>', state.as_str());
        self.end(sid, state, code);
    }

    /// Ends a leg in `state`: everybody it is tied to is told.
    pub(super) fn end(&mut self, sid: CallSid, state: State, code: Option<u16>) {
        let now = self.now();
        let Some(leg) = self.legs.get_mut(&sid) else { return };
        if leg.phase == Phase::Over {
            return;
        }
        let was = std::mem::replace(&mut leg.phase, Phase::Over);
        leg.timers.clear();
        leg.pending_speech.clear();
        leg.loading = None;
        leg.listening = None;
        leg.note(now, '<', &format!("ended {}", state.as_str()));
        let (parent, joined) = (leg.parent, leg.joined);
        let far = match leg.far.clone() {
            Far::Leg(other) => Some(other),
            Far::Handset(address) => {
                if was != Phase::Waiting {
                    self.free_line(&address);
                }
                None
            }
        };
        self.keep_said(sid, 0);
        self.silence(sid);
        self.stop_talking(sid);
        // What ends with it, ends on a leg that is gone.
        self.give(sid, Input::HungUp);
        self.end_recordings(sid);
        self.reach(sid, Event::Ended(state, code));
        if let Some(other) = joined.and_then(|sid| self.legs.get_mut(&sid)) {
            other.joined = None;
        }
        self.with(sid, |leg| leg.joined = None);
        self.dial_parent_hung_up(sid);
        if let Some((parent, place)) = parent {
            self.dial_ended(parent, place, state);
        }
        if let Some(other) = far {
            self.far_leg_ended(other, state, code);
        }
        self.wake(sid);
    }

    /// The other leg of a call between two numbers of the house has ended.
    fn far_leg_ended(&mut self, sid: CallSid, state: State, code: Option<u16>) {
        let Some(leg) = self.legs.get(&sid) else { return };
        match (leg.phase, leg.call.direction) {
            (Phase::Over, _) => {}
            (Phase::Ringing, Direction::OutboundApi | Direction::OutboundDial) => {
                let state = if state == State::Completed { State::NoAnswer } else { state };
                self.refused(sid, state, code);
            }
            _ => self.far_hung_up(sid),
        }
    }
}
