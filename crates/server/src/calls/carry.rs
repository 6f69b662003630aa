//! What a script wants done is done: one arm per output.

use super::leg::{Far, Leg, Phase};
use super::switchboard::Board;
use exchange::calls::State;
use exchange::calls::request::{self, Stamp};
use exchange::calls::script::{
    DialEnd, Input, Output, RecordingEnd, ReferEnd, Script, Tell, Ticket, transcript,
};
use exchange::calls::status::Event;
use exchange::documents::Remark;
use exchange::sid::CallSid;
use exchange::webhooks::Purpose;
use store::Change;
use twiml::Reason;

/// Outputs of one turn at most; more would be a script that never waits.
const OUTPUTS_MAX: usize = 10_000;
/// Remarks of a leg that wait for the log at most.
const REMARKS_MAX: usize = 100;
/// SIP's code for a busy line.
const BUSY_HERE: u16 = 486;
/// SIP's code that Twilio answers a plain `<Reject>` with (webhooks.md 2b).
const NOT_FOUND: u16 = 404;

impl Board {
    /// Carries out everything a leg's script has to say.
    pub(super) fn drain(&mut self, sid: CallSid) {
        for _ in 0..OUTPUTS_MAX {
            let leg = self.legs.get_mut(&sid);
            let Some(output) = leg.and_then(|leg| leg.script.as_mut()).and_then(Script::output)
            else {
                return self.look_at_whisper(sid);
            };
            #[cfg(debug_assertions)]
            self.with(sid, |leg| leg.outputs.push(output.clone()));
            if self.legs.get(&sid).is_some_and(|leg| leg.phase == Phase::Over) {
                self.carry_after(sid, output);
            } else {
                self.carry(sid, output);
            }
        }
        tracing::error!(call.sid = %sid, "its script never waits; the call is ended");
        self.hang_up(sid);
    }

    pub(super) fn carry(&mut self, sid: CallSid, output: Output) {
        let now = self.now();
        self.with(sid, |leg| leg.note(now, '<', &transcript::output_line(&output)));
        match output {
            Output::Fetch(ticket, ask) => self.ask(sid, ticket, &ask),
            Output::Answer => self.answer(sid),
            Output::Reject(Reason::Busy) => self.end(sid, State::Busy, Some(BUSY_HERE)),
            Output::Reject(Reason::Rejected) => self.end(sid, State::NoAnswer, Some(NOT_FOUND)),
            Output::Play(ticket, sound) => self.play(sid, ticket, sound),
            Output::StopPlaying(ticket) => self.stop_playing(sid, ticket),
            Output::Listen(ticket, listen) => self.with(sid, |leg| {
                leg.listening = Some((ticket, listen));
            }),
            Output::StopListening(_) => self.with(sid, |leg| leg.listening = None),
            Output::Record(ticket, order) => self.record_verb(sid, ticket, order),
            Output::StopRecording(ticket) => self.stop_recording(sid, ticket),
            Output::Dial(ticket, order) => self.dial(sid, ticket, *order),
            Output::CancelDial(ticket) => self.cancel_dial(sid, ticket),
            Output::Refer(ticket, uri) => self.refer(sid, ticket, &uri),
            Output::Send(ticket, text) => self.send_text(sid, ticket, text),
            Output::StartRecording(name, plan) => self.start_tap(sid, name, plan),
            Output::StopTap(name) => self.stop_tap(sid, name.as_deref()),
            Output::Tell(tell) => self.tell(sid, &tell),
            Output::Remark(remark) => self.remark(sid, remark),
            Output::Hangup => self.hang_up(sid),
        }
    }

    /// The same on a leg that is over: something ended it before its script was heard. Documents
    /// are asked and told, nothing is heard any more, and who waits for an end has it.
    fn carry_after(&mut self, sid: CallSid, output: Output) {
        match output {
            Output::Fetch(..) | Output::Tell(_) | Output::Remark(_) | Output::Send(..) => {
                self.carry(sid, output);
            }
            Output::Record(ticket, _) => {
                self.give(sid, Input::Recorded(ticket, RecordingEnd { kept: None }));
            }
            Output::Dial(ticket, _) => self.give(sid, Input::Dialed(ticket, not_dialed())),
            Output::Refer(ticket, _) => {
                let end = ReferEnd { status: State::Canceled, refer_code: None, notify_code: None };
                self.give(sid, Input::Referred(ticket, end));
            }
            Output::CancelDial(ticket) => self.cancel_dial(sid, ticket),
            _ => {}
        }
    }

    /// Does something to a leg that is there.
    pub(super) fn with(&mut self, sid: CallSid, change: impl FnOnce(&mut Leg)) {
        if let Some(leg) = self.legs.get_mut(&sid) {
            change(leg);
        }
    }

    /// Keeps what was found wrong until the log entry it belongs to, or an alert of its own.
    pub(super) fn remark(&mut self, sid: CallSid, remark: Remark) {
        self.with(sid, |leg| {
            if leg.remarks.len() < REMARKS_MAX {
                leg.remarks.push(remark);
            }
        });
    }

    /// The house answers a call that came in.
    fn answer(&mut self, sid: CallSid) {
        let Some(leg) = self.legs.get_mut(&sid) else { return };
        if leg.phase != Phase::Ringing {
            return;
        }
        leg.phase = Phase::Live;
        let far = leg.far.clone();
        self.reach(sid, Event::Answered);
        if let Far::Leg(other) = far {
            self.answered(other);
        }
    }

    fn tell(&mut self, sid: CallSid, tell: &Tell) {
        let stamp = Stamp { token: self.house.ids.token(), at: self.now() };
        let Some(leg) = self.legs.get(&sid) else { return };
        let webhook = request::tell(&leg.call, tell, Purpose::PartialResult, stamp);
        self.submit(Change { webhooks: vec![webhook], ..Change::default() });
    }

    /// A SIP handset is asked to go on with somebody else; what becomes of that is the other
    /// handset's to say (webhooks.md 2e).
    fn refer(&mut self, sid: CallSid, ticket: Ticket, uri: &str) {
        let end = match self.house.store.handset(uri).map(|handset| handset.on_call) {
            Ok(on_call) => refer_end(on_call),
            Err(error) => {
                tracing::error!(%error, "a handset can't be read");
                ReferEnd { status: State::Failed, refer_code: Some(500), notify_code: None }
            }
        };
        self.give(sid, Input::Referred(ticket, end));
    }
}

/// What a `<Dial>` comes to whose caller was gone before it began.
fn not_dialed() -> DialEnd {
    DialEnd {
        status: State::Canceled,
        sid: None,
        duration_seconds: None,
        bridged: false,
        recording: None,
        answered_by: None,
        parameters: Vec::new(),
    }
}

/// What a transfer to a handset that does so with calls comes to.
fn refer_end(on_call: exchange::phones::OnCall) -> ReferEnd {
    use exchange::phones::OnCall;
    let (status, code) = match on_call {
        OnCall::Ring | OnCall::Answer | OnCall::Machine => (State::InProgress, 200),
        OnCall::Busy => (State::Busy, BUSY_HERE),
        OnCall::Reject => (State::Busy, 603),
        OnCall::NoAnswer => (State::Failed, 480),
        OnCall::Unreachable => (State::Failed, NOT_FOUND),
    };
    ReferEnd { status, refer_code: Some(202), notify_code: Some(code) }
}
