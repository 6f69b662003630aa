//! REST changes a live call.

use super::ends::kept;
use super::leg::{Phase, Timer};
use super::orders::{CallError, Reply};
use super::switchboard::Board;
use exchange::calls::script::{First, Input, Role};
use exchange::calls::update::{Effect, Update};
use exchange::calls::{Call, Direction, State};
use exchange::sid::CallSid;
use store::Change;

impl Board {
    /// Changes a live call.
    pub(super) fn update(&mut self, sid: CallSid, update: Update, reply: Reply<Call>) {
        let done = self.change(sid, update);
        self.wake(sid);
        self.answer_when_kept(done, reply);
    }

    fn change(&mut self, sid: CallSid, update: Update) -> Result<Call, CallError> {
        let now = self.now();
        let leg = self.legs.get_mut(&sid).filter(|leg| leg.phase != Phase::Over);
        let leg = leg.ok_or(CallError::NotLive)?;
        if leg.call.plan != update.plan {
            leg.call.plan = update.plan;
            leg.call.updated = now;
            let write = kept(&leg.call, true);
            let plan = &leg.call.plan;
            let (fallback, limit) = (plan.fallback.clone(), plan.time_limit_seconds);
            self.submit(Change::one(write));
            self.give(sid, Input::FallbackSet(fallback));
            self.give(sid, Input::TimeLimitSet(limit));
        }
        let phase = self.legs.get(&sid).map_or(Phase::Over, |leg| leg.phase);
        match update.effect {
            Effect::None => {}
            Effect::HangUp => self.hang_up(sid),
            // It was answered since it was looked at: that is left alone.
            Effect::Cancel if phase == Phase::Live => {}
            Effect::Cancel => {
                self.end(sid, State::Canceled, Some(super::begin::REQUEST_TERMINATED));
            }
            Effect::Replace(first) if phase == Phase::Live => self.replace(sid, first),
            Effect::Replace(_) => return Err(CallError::NotLive),
        }
        // It ended a moment ago at most.
        self.legs.get(&sid).map(|leg| leg.call.clone()).ok_or(CallError::NotLive)
    }

    /// A call goes on with something else, whatever it does. A leg that a `<Dial>` made leaves it:
    /// its parent goes on as after a hang-up (twiml.md 4.3).
    fn replace(&mut self, sid: CallSid, first: First) {
        let Some(leg) = self.legs.get_mut(&sid) else { return };
        let is_inbound = leg.call.direction == Direction::Inbound;
        if let Some((parent, place)) = leg.parent.take() {
            if let Some(other) = leg.joined.take() {
                self.with(other, |other| other.joined = None);
            }
            self.drop_script(sid);
            self.run_script(sid, Role::Outbound, first);
            return self.dial_left(parent, place);
        }
        if leg.script.is_some() {
            // It ends what is under way; a `<Dial>` ends the legs it made.
            return self.give(sid, Input::Replaced(first));
        }
        let role = if is_inbound { Role::Inbound } else { Role::Outbound };
        self.run_script(sid, role, first);
    }

    /// What runs on a leg is let go of, and all that it had under way.
    fn drop_script(&mut self, sid: CallSid) {
        self.silence(sid);
        self.with(sid, |leg| {
            leg.listening = None;
            leg.unset(|timer| matches!(timer, Timer::DigitsPressed | Timer::Press(_)));
        });
        self.forget_script(sid);
        self.end_recordings_of_script(sid);
    }
}
