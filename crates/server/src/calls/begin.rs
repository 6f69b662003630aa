//! How legs begin: a person dials, REST wants somebody called, a `<Dial>` calls somebody.

use super::leg::{Family, Far, Leg, Phase, Timer};
use super::switchboard::Board;
use carriers::simulator::{self, Ringing};
use exchange::accounts::AccountStatus;
use exchange::calls::detection;
use exchange::calls::inbound::{self, Arrival};
use exchange::calls::script::{First, Log, Role, Script, Setup};
use exchange::calls::status::Event;
use exchange::calls::{Call, Direction, State};
use exchange::documents::Remark;
use exchange::numbers::Number;
use exchange::sid::{ApplicationSid, CallSid};
use jiff::{SignedDuration, Timestamp};
use store::{Change, StoreError, Write};

/// SIP's code for a callee that can't be found.
const NOT_FOUND: u16 = 404;
/// The alert of a number that can't be called.
const CAN_NOT_BE_CALLED: u32 = 13_224;
/// SIP's code for calls that lead to each other without an end.
const TOO_MANY_HOPS: u16 = 483;
/// SIP's code for a request that was taken back.
pub(super) const REQUEST_TERMINATED: u16 = 487;

/// A call that was made elsewhere, and committed, begins.
pub(super) fn begin(board: &mut Board, call: Call) {
    match call.direction {
        Direction::Inbound => {
            let far = Far::Handset(call.from.clone());
            board.come_in(call, far, Family::new());
        }
        Direction::OutboundApi | Direction::OutboundDial => {
            let sid = call.sid;
            let now = board.now();
            let far = Far::Handset(call.to.clone());
            let wait_ms = wait_ms(&call, now);
            let mut leg = Leg::new(call, far, now);
            if wait_ms > 0 {
                leg.phase = Phase::Waiting;
                board.add(leg);
                return board.later(sid, wait_ms, Timer::Dialled);
            }
            board.add(leg);
            board.dialled(sid);
        }
    }
}

/// How long a call still waits before it is dialled: its delay counts from when it was made, also
/// over a restart.
fn wait_ms(call: &Call, now: Timestamp) -> u64 {
    let delay = SignedDuration::from_secs(i64::from(call.plan.delay_seconds));
    let due = call.created.checked_add(delay).unwrap_or(now);
    u64::try_from(due.duration_since(now).as_millis()).unwrap_or(0)
}

/// The same inputs make the same outputs: what the debugger, a fork and a bug report live on. Each
/// call of each test proves it once more.
#[cfg(debug_assertions)]
fn check_replay(script: &Script, outputs: &[exchange::calls::script::Output]) {
    let log = script.log();
    if !log.is_whole() {
        return;
    }
    let again: Vec<_> = log.replay().into_iter().map(|(_, output)| output).collect();
    assert!(again == outputs, "a replay differs:\n{outputs:#?}\nagain:\n{again:#?}");
}

/// What is left of a call's time: it counts from the answer, and keys or finding out who answered
/// may have come before the document.
fn left(call: &Call, now: Timestamp) -> Option<u32> {
    let limit = call.plan.time_limit_seconds?;
    let spent = call.answered.map_or(0, |answered| now.duration_since(answered).as_secs());
    Some(limit.saturating_sub(u32::try_from(spent).unwrap_or(0)).max(1))
}

impl Board {
    /// A call to a number of the house: its application is asked.
    fn come_in(&mut self, call: Call, far: Far, family: Family) {
        let now = self.now();
        let sid = call.sid;
        let mut leg = Leg::new(call, far, now);
        leg.family = family;
        leg.note(now, '>', &format!("call from {} to {}", leg.call.from, leg.call.to));
        self.add(leg);
        match self.legs.get(&sid).and_then(|leg| leg.call.plan.first.clone()) {
            Some(first) => self.run_script(sid, Role::Inbound, first),
            // A number without a URL has nobody who would answer.
            None => {
                let message = "The number has no URL for calls".to_owned();
                self.remark(sid, Remark { code: inbound::NOT_CONFIGURED, message, at: None });
                self.end(sid, inbound::NOT_CONFIGURED_STATE, Some(NOT_FOUND));
            }
        }
    }

    /// Begins a script on a leg.
    pub(super) fn run_script(&mut self, sid: CallSid, role: Role, first: First) {
        let now = self.now();
        let Some(leg) = self.legs.get_mut(&sid) else { return };
        let (peer, own) = match leg.call.direction {
            Direction::Inbound => (&leg.call.from, &leg.call.to),
            Direction::OutboundApi | Direction::OutboundDial => (&leg.call.to, &leg.call.from),
        };
        let setup = Setup {
            role,
            first,
            fallback: leg.call.plan.fallback.clone(),
            time_limit_seconds: left(&leg.call, now),
            peer: peer.clone(),
            own: own.clone(),
        };
        leg.script = Some(Script::begin(setup, now));
        leg.scripts += 1;
        self.wake(sid);
    }

    /// A leg's script is over, or not wanted any more; what it was told.
    pub(super) fn forget_script(&mut self, sid: CallSid) -> Option<Log> {
        let leg = self.legs.get_mut(&sid)?;
        #[cfg(debug_assertions)]
        if let Some(script) = &mut leg.script {
            let mut outputs = std::mem::take(&mut leg.outputs);
            outputs.extend(std::iter::from_fn(|| script.output()));
            check_replay(script, &outputs);
        }
        leg.script.take().map(Script::into_log)
    }

    /// An outgoing call leaves the queue.
    fn dialled(&mut self, sid: CallSid) {
        self.reach(sid, Event::Initiated);
        self.place(sid);
    }

    /// The time of a call that waited has come.
    pub(super) fn waited(&mut self, sid: CallSid) {
        let Some(leg) = self.legs.get_mut(&sid).filter(|leg| leg.phase == Phase::Waiting) else {
            return;
        };
        leg.phase = Phase::Ringing;
        let handset = leg.handset().map(str::to_owned);
        if let Some(handset) = handset {
            self.use_line(&handset);
        }
        self.dialled(sid);
    }

    /// Calls the other end of an outgoing leg.
    pub(super) fn place(&mut self, sid: CallSid) {
        let Some(leg) = self.legs.get(&sid) else { return };
        let to = leg.call.to.clone();
        let placed = match (leg.call.parent, leg.call.application) {
            (Some(parent), Some(application)) => self.call_application(sid, parent, application),
            _ => self.house.store.number_at(&to).and_then(|number| match number {
                Some(number) => self.call_number(sid, &number),
                None => self.call_handset(sid, &to),
            }),
        };
        if let Err(error) = placed {
            tracing::error!(%error, call.sid = %sid, "it can't be placed");
            self.refused(sid, State::Failed, None);
        }
        self.wake(sid);
    }

    /// The simulated network rings a handset.
    fn call_handset(&mut self, sid: CallSid, address: &str) -> Result<(), StoreError> {
        let handset = self.house.store.handset(address)?;
        let ringing = simulator::ring(&handset, self.lines(address).saturating_sub(1));
        if let Some((state, code)) = ringing.refused() {
            self.refused(sid, state, Some(code));
            return Ok(());
        }
        match ringing {
            Ringing::Rings { answers_after_ms, who } => {
                self.with(sid, |leg| leg.answers = who);
                self.rings(sid);
                if let Some(ms) = answers_after_ms {
                    self.later(sid, ms, Timer::Answers);
                }
            }
            _ => self.rings(sid),
        }
        Ok(())
    }

    /// One number of the house calls another: there it is a call of its own.
    fn call_number(&mut self, sid: CallSid, number: &Number) -> Result<(), StoreError> {
        let account = self.house.account(number.account)?;
        if account.status != AccountStatus::Active {
            self.submit(Change::one(crate::messages::turned_away(
                &self.house,
                &account,
                &number.phone_number,
            )));
            self.refused(sid, State::Failed, Some(NOT_FOUND));
            return Ok(());
        }
        let application = match number.voice_application {
            Some(sid) => self.house.store.application(sid)?,
            None => None,
        };
        let Some(leg) = self.legs.get(&sid) else { return Ok(()) };
        let arrival = Arrival { from: leg.call.from.clone(), ..Arrival::default() };
        let (other, now) = (self.house.call_sid(), self.now());
        let call = inbound::receive(arrival, number, application.as_ref(), other, now);
        self.meet(sid, call);
        Ok(())
    }

    /// An application of the account takes the call of a `<Dial>`: with it, it is a call that
    /// comes in.
    fn call_application(
        &mut self,
        sid: CallSid,
        parent: CallSid,
        application: ApplicationSid,
    ) -> Result<(), StoreError> {
        let found = self.house.store.application(application)?;
        let Some(leg) = self.legs.get(&sid) else { return Ok(()) };
        let Some(found) = found.filter(|found| found.account == leg.call.account) else {
            let message = format!("Dial: {application} is not an application of the account");
            self.remark(parent, Remark { code: CAN_NOT_BE_CALLED, message, at: None });
            self.refused(sid, State::Failed, Some(NOT_FOUND));
            return Ok(());
        };
        let arrival = Arrival {
            from: leg.call.from.clone(),
            parameters: leg.call.plan.parameters.clone(),
            ..Arrival::default()
        };
        let (other, now) = (self.house.call_sid(), self.now());
        let call = inbound::receive_at_application(arrival, &found, other, now);
        let call = Call { to: leg.call.to.clone(), ..call };
        self.meet(sid, call);
        Ok(())
    }

    /// The other end of a leg is a call that comes in at this house.
    fn meet(&mut self, sid: CallSid, call: Call) {
        let Some(leg) = self.legs.get_mut(&sid) else { return };
        let Some(family) = leg.family.grown() else { return self.goes_round(sid) };
        leg.far = Far::Leg(call.sid);
        let address = leg.call.to.clone();
        self.free_line(&address);
        self.made_here.insert(call.sid);
        self.submit(Change::one(Write::InsertCall(Box::new(call.clone()))));
        self.rings(sid);
        self.come_in(call, Far::Leg(sid), family);
    }

    /// Numbers of the house call each other without an end: the call that would go on with that is
    /// over, whatever its document says.
    fn goes_round(&mut self, sid: CallSid) {
        let parent = self.legs.get(&sid).and_then(|leg| leg.parent);
        self.refused(sid, State::Failed, Some(TOO_MANY_HOPS));
        let Some((parent, _)) = parent else { return };
        let message = "Dial: numbers call each other without an end".to_owned();
        self.remark(parent, Remark { code: CAN_NOT_BE_CALLED, message, at: None });
        self.hang_up(parent);
    }

    /// The far end of an outgoing leg rings.
    fn rings(&mut self, sid: CallSid) {
        self.reach(sid, Event::Ringing);
        let now = self.now();
        let Some(leg) = self.legs.get_mut(&sid) else { return };
        leg.note(now, '>', "ringing");
        match leg.parent {
            Some((parent, place)) => self.dial_rings(parent, place),
            None => {
                let ms = u64::from(leg.call.plan.timeout_seconds) * 1000;
                self.later(sid, ms, Timer::RingsTooLong);
            }
        }
    }

    /// Puts something on a leg's time.
    pub(super) fn later(&mut self, sid: CallSid, ms: u64, timer: Timer) {
        let now = self.now();
        let Some(leg) = self.legs.get_mut(&sid) else { return };
        let wait = SignedDuration::from_millis(i64::try_from(ms).unwrap_or(i64::MAX));
        let due = now.checked_add(wait).unwrap_or(now);
        if !leg.set(due, timer) {
            tracing::warn!(call.sid = %sid, "too much waits on a leg; this is left out");
        }
        self.wake(sid);
    }

    /// The far end of an outgoing leg has answered.
    pub(super) fn answered(&mut self, sid: CallSid) {
        let now = self.now();
        let Some(leg) = self.legs.get_mut(&sid) else { return };
        if leg.phase != Phase::Ringing {
            return;
        }
        leg.phase = Phase::Live;
        leg.unset(|timer| matches!(timer, Timer::RingsTooLong | Timer::Answers));
        leg.note(now, '>', "answered");
        let parent = leg.parent;
        self.reach(sid, Event::Answered);
        match parent {
            Some((parent, place)) => self.dial_answered(parent, place),
            None => self.goes_on_answered(sid),
        }
        self.wake(sid);
    }

    /// A call made by REST was answered: first the keys, then who it is, then the document.
    fn goes_on_answered(&mut self, sid: CallSid) {
        let Some(leg) = self.legs.get(&sid) else { return };
        let plan = &leg.call.plan;
        if let Some(record) = plan.record.clone() {
            self.record_call(sid, record);
        }
        let Some(leg) = self.legs.get(&sid) else { return };
        if let Some(digits) = leg.call.plan.send_digits.clone() {
            let ms = self.press(sid, &digits);
            return self.later(sid, ms, Timer::DigitsPressed);
        }
        let waits = leg.call.plan.detection.as_ref().map(|detection| !detection.is_async);
        if waits.is_some() {
            self.detect(sid);
        }
        if waits != Some(true) {
            self.begin_document(sid);
        }
    }

    /// The document of an answered call begins, unless REST has sent it elsewhere meanwhile.
    pub(super) fn begin_document(&mut self, sid: CallSid) {
        let Some(leg) = self.legs.get(&sid).filter(|leg| leg.scripts == 0) else { return };
        let first = leg.call.plan.first.clone();
        match first {
            Some(first) => self.run_script(sid, Role::Outbound, first),
            // Creating a call needs one of them.
            None => self.hang_up(sid),
        }
    }

    /// Finds out who answered; the verdict is on its way.
    pub(super) fn detect(&mut self, sid: CallSid) {
        let Some(leg) = self.legs.get(&sid) else { return };
        let Some(detection) = leg.call.plan.detection.clone() else { return };
        let verdict = detection::verdict(leg.answers, &detection);
        self.later(sid, u64::from(verdict.after_ms), Timer::Verdict(verdict));
    }
}
