//! Calls go on from an earlier point: what is kept of those that were, and how a fork becomes live.
//!
//! Where a call can go on, and what of it is replayed, is `exchange::calls::fork`. What is kept of
//! calls that are over is in memory, the newest of them: after a restart only calls of this life
//! can be forked.

use super::leg::{Far, Leg, Phase};
use super::orders::{CallError, Calls, Did, Order, Reply};
use super::switchboard::Board;
use exchange::calls::fork::{Fork, Past};
use exchange::calls::script::{Log, Output};
use exchange::calls::{Call, Direction};
use exchange::sid::CallSid;
use std::collections::VecDeque;
use std::sync::Arc;
use store::{Change, Write};

/// Calls that are over of which the inputs are kept at most, the newest.
const PASTS_MAX: usize = 200;
/// Bytes that all of those take at most.
const PASTS_BYTES_MAX: usize = 32 << 20;
/// Changes of a call's cookies that are kept; a fork from a point after has the last of them.
const JARS_MAX: usize = 100;

/// What is kept of calls that are over, the newest last.
#[derive(Debug, Default)]
pub(super) struct Pasts {
    kept: VecDeque<Arc<Past>>,
    bytes: usize,
}

impl Pasts {
    /// A call is over. One that no fork could come of is not kept.
    fn keep(&mut self, past: Past) {
        let bytes = past.log.weight();
        if bytes > PASTS_BYTES_MAX {
            return;
        }
        self.bytes += bytes;
        self.kept.push_back(Arc::new(past));
        while self.kept.len() > PASTS_MAX || self.bytes > PASTS_BYTES_MAX {
            let Some(oldest) = self.kept.pop_front() else { return };
            self.bytes -= oldest.log.weight();
        }
    }

    fn find(&self, sid: CallSid) -> Option<Arc<Past>> {
        self.kept.iter().rev().find(|past| past.call.sid == sid).cloned()
    }

    /// Nothing of before is known.
    pub(super) fn clear(&mut self) {
        *self = Pasts::default();
    }
}

impl Calls {
    /// What a call was told so far, live or over.
    ///
    /// # Errors
    /// Nothing is kept of it.
    pub async fn past(&self, sid: CallSid) -> Result<Arc<Past>, CallError> {
        self.ask(|reply| Order::Past(sid, reply)).await
    }

    /// A call goes on from an earlier point, where the person at the handset does something;
    /// answered when what follows at once is committed.
    ///
    /// # Errors
    /// It can't do that there, or the store's.
    pub async fn fork(&self, fork: Fork, did: Option<Did>) -> Result<Call, CallError> {
        self.ask(|reply| Order::Fork(Box::new(fork), did, reply)).await
    }
}

impl Board {
    /// What a call was told so far.
    pub(super) fn past(&self, sid: CallSid, reply: Reply<Arc<Past>>) {
        let live = self.legs.get(&sid).and_then(|leg| {
            let log = leg.script.as_ref()?.log().clone();
            let (call, jars) = (leg.call.clone(), leg.jars.clone());
            Some(Arc::new(Past { call, began: leg.began(), log, jars }))
        });
        let found = live.or_else(|| self.pasts.find(sid));
        // Whoever asked may have gone.
        let _ = reply.send(found.ok_or(CallError::NotLive));
    }

    /// A leg has left; what its script was told is kept, where somebody at a handset could go on.
    pub(super) fn remember(&mut self, leg: Leg, log: Option<Log>) {
        let Some(log) = log.filter(Log::is_whole) else { return };
        if leg.call.direction != Direction::OutboundDial && leg.handset().is_some() {
            let began = leg.began();
            self.pasts.keep(Past { call: leg.call, began, log, jars: leg.jars });
        }
    }

    /// The cookies of a leg have changed with the document that its script is told next.
    pub(super) fn keep_jar(&mut self, sid: CallSid) {
        self.with(sid, |leg| {
            let inputs = leg.script.as_ref().map_or(0, |script| script.log().inputs().len());
            if leg.jars.len() < JARS_MAX {
                leg.jars.push((inputs + 1, leg.jar.clone()));
            }
        });
    }

    /// A call goes on from an earlier point of another.
    pub(super) fn fork(&mut self, fork: Fork, did: Option<Did>, reply: Reply<Call>) {
        let sid = fork.call.sid;
        self.begin_fork(fork);
        let done = match did {
            Some(did) => self.do_it(sid, did),
            None => Ok(()),
        };
        self.wake(sid);
        let done = done.and_then(|()| {
            self.legs.get(&sid).map(|leg| leg.call.clone()).ok_or(CallError::NotLive)
        });
        self.answer_when_kept(done, reply);
    }

    /// The leg of a fork: its script stands where it stood, and what was under way is under way.
    fn begin_fork(&mut self, fork: Fork) {
        let now = self.now();
        let Fork { call, script, began, lines, under_way, sounding, jar, .. } = fork;
        let (sid, from) = (call.sid, call.plan.forked_from);
        let write = Write::InsertCall(Box::new(call.clone()));
        let record = call.plan.record.clone().filter(|_| script.is_answered());
        let far = Far::Handset(call.peer().to_owned());
        let mut leg = Leg::new(call, far, began);
        leg.phase = if script.is_answered() { Phase::Live } else { Phase::Ringing };
        leg.jars = vec![(0, jar.clone())];
        leg.jar = jar;
        leg.resumes = sounding.map(|sound| (sound.ticket, sound.since));
        let inputs = script.log().inputs().len();
        leg.script = Some(script);
        leg.scripts = 1;
        #[cfg(debug_assertions)]
        {
            leg.outputs = fork.outputs;
        }
        for (at, way, text) in lines {
            leg.note(at, way, &text);
        }
        let from = from.map(|sid| sid.to_string()).unwrap_or_default();
        leg.note(now, '>', &format!("forked from {from} after input {inputs}"));
        self.made_here.insert(sid);
        self.submit(Change::one(write));
        self.add(leg);
        let (orders, recordings): (Vec<_>, Vec<_>) =
            under_way.into_iter().partition(|order| !matches!(order, Output::StartRecording(..)));
        orders.into_iter().for_each(|order| self.carry(sid, order));
        if let Some(record) = record {
            self.record_call(sid, record);
        }
        recordings.into_iter().for_each(|order| self.carry(sid, order));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use exchange::calls::script::{First, Input, Role, Setup};
    use exchange::calls::{Plan, State};
    use exchange::sid::AccountSid;
    use jiff::Timestamp;

    fn past(number: usize, words: usize) -> Past {
        let text = "w".repeat(words);
        let setup = Setup {
            role: Role::Inbound,
            first: First::Twiml("<Response/>".into()),
            fallback: None,
            time_limit_seconds: None,
            peer: String::new(),
            own: String::new(),
        };
        let mut log = Log::new(setup, Timestamp::UNIX_EPOCH);
        log.keep(Timestamp::UNIX_EPOCH, &Input::Replaced(First::Twiml(text)));
        let call = Call {
            sid: CallSid::parse(&format!("CA{number:032x}")).expect("a sid"),
            account: AccountSid::parse("AC00000000000000000000000000000001").expect("a sid"),
            parent: None,
            direction: Direction::Inbound,
            from: String::new(),
            to: String::new(),
            state: State::Completed,
            events: 0,
            number: None,
            application: None,
            forwarded_from: None,
            caller_name: None,
            answered_by: None,
            sip_response_code: None,
            plan: Plan::default(),
            created: Timestamp::UNIX_EPOCH,
            updated: Timestamp::UNIX_EPOCH,
            started: None,
            answered: None,
            ended: None,
        };
        Past { call, began: Timestamp::UNIX_EPOCH, log, jars: Vec::new() }
    }

    #[test]
    fn the_newest_calls_are_kept_within_number_and_bytes() {
        let mut pasts = Pasts::default();
        let found = |pasts: &Pasts, number: usize| {
            pasts.find(CallSid::parse(&format!("CA{number:032x}")).expect("a sid")).is_some()
        };
        (0..PASTS_MAX + 2).for_each(|number| pasts.keep(past(number, 1)));
        assert!(!found(&pasts, 1) && found(&pasts, 2) && found(&pasts, PASTS_MAX + 1));
        let long = exchange::calls::script::LOG_BYTES_MAX - 1;
        (1000..1000 + 10).for_each(|number| pasts.keep(past(number, long)));
        assert!(!found(&pasts, PASTS_MAX + 1) && found(&pasts, 1009));
        assert!(pasts.kept.len() < 10 && pasts.bytes <= PASTS_BYTES_MAX);
    }
}
