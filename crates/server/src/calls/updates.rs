//! REST changes a live call.

use super::ends::kept;
use super::leg::Phase;
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
            self.house.submit(Change::one(write));
            let plan = &leg.call.plan;
            let (fallback, limit) = (plan.fallback.clone(), plan.time_limit_seconds);
            self.give(sid, Input::FallbackSet(fallback));
            self.give(sid, Input::TimeLimitSet(limit));
        }
        match update.effect {
            Effect::None => {}
            Effect::HangUp => self.hang_up(sid),
            Effect::Cancel => {
                self.end(sid, State::Canceled, Some(super::begin::REQUEST_TERMINATED));
            }
            Effect::Replace(first) => self.replace(sid, first),
        }
        // It ended a moment ago at most.
        self.legs.get(&sid).map(|leg| leg.call.clone()).ok_or(CallError::NotLive)
    }

    /// A call goes on with something else, whatever it does. A leg that a `<Dial>` made leaves it:
    /// its parent goes on as after a hang-up (twiml.md 4.3).
    fn replace(&mut self, sid: CallSid, first: First) {
        let Some(leg) = self.legs.get_mut(&sid) else { return };
        let parent = leg.parent.take();
        let joined = leg.joined.take();
        if let Some((parent, place)) = parent {
            leg.script = None;
            if let Some(other) = joined {
                self.with(other, |other| other.joined = None);
            }
            self.run_script(sid, Role::Outbound, first);
            self.dial_left(parent, place);
            return;
        }
        if let Some(other) = joined {
            // The script ends its `<Dial>`, and that the other leg.
            self.with(sid, |leg| leg.joined = Some(other));
        }
        let has_script = self.legs.get(&sid).is_some_and(|leg| leg.script.is_some());
        let is_inbound =
            self.legs.get(&sid).is_some_and(|leg| leg.call.direction == Direction::Inbound);
        if has_script {
            self.give(sid, Input::Replaced(first));
        } else {
            let role = if is_inbound { Role::Inbound } else { Role::Outbound };
            self.run_script(sid, role, first);
        }
    }
}
