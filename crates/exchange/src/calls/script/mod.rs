//! The script of a call: the interpreter of voice TwiML for one leg, without I/O.
//!
//! ```text
//!            begin, redirect, action, update
//!                  │
//!                  ▼   document                    end of document
//!   ┌──────────▶ asking ──────────▶ running ──────────────────────▶ over
//!   │  fallback    │ failed, or no    │ ▲  │                          ▲
//!   │  once per    ▼ document         ▼ │  │ action, redirect         │
//!   └─────────── failed           a verb that takes time             │
//!     else: the sentence of an error, then hang up ──────────────────┘
//!
//!   line:  ringing ──answer──▶ live ──hang up──▶ gone
//!             └──────reject, hang up─────────────▲
//! ```
//!
//! A leg that is gone is not over: a `<Record>` or `<Dial>` that was under way still asks its
//! action, and what comes back is read, not carried out.
//!
//! The switchboard owns a [`Script`] per leg: it gives each [`Input`] with its time, carries out
//! every [`Output`] in order, and gives [`Input::Tick`] when [`Script::deadline`] has come. A verb
//! is one file in `calls/verbs`. Nothing in here waits, draws lots or reads a clock; the inputs
//! are kept, and the same inputs make the same outputs ([`Log`]).
//! Contract: twiml.md 1, 2, 4, 7, 10; webhooks.md 2b, 2e, 4.4–4.6, 6.2.

mod answer;
#[cfg_attr(not(feature = "planted-faults"), allow(dead_code))]
mod faults;
mod input;
mod log;
mod orders;
mod output;
mod pace;
mod program;
mod scene;
pub mod transcript;

#[cfg(feature = "planted-faults")]
pub use faults::Fault;
#[cfg(not(feature = "planted-faults"))]
pub(super) use faults::Fault;
pub use input::{DialEnd, First, Heard, Input, Kept, RecordingEnd, ReferEnd, Role, Setup};
pub use log::{LOG_BYTES_MAX, LOG_INPUTS_MAX, Log};
pub use output::{
    Ask, Callee, CalleeAddress, DialOrder, Listen, Output, RecordOrder, Sound, Tell, Text, Ticket,
};
pub use pace::{DOCUMENTS_AT_ONCE_MAX, DOCUMENTS_MAX};

pub(super) use orders::Orders;
pub(super) use scene::{Goal, Scene, Step, TAPS_MAX, Taps, Then};

use crate::calls::verbs::{self, Answers, Running};
use crate::documents::{Answer, Remark, resolve};
use crate::numbers::Target;
use jiff::Timestamp;
use pace::Pace;
use program::Program;

/// What one leg does next.
#[derive(Debug)]
pub struct Script {
    /// Asked when a document can't be had; set anew by REST.
    fallback: Option<Target>,
    /// Seconds it may last from the answer on; set anew by REST.
    time_limit_seconds: Option<u32>,
    line: Line,
    /// A verb other than a redirect has begun: whether the call is answered has been decided.
    is_decided: bool,
    /// Sound other than silence is on the line.
    has_voice: bool,
    hang_up_at: Option<Timestamp>,
    answered: Option<Timestamp>,
    asking: Option<Asking>,
    program: Program,
    running: Option<Running>,
    taps: Taps,
    pace: Pace,
    orders: Orders,
    ended: Option<Ended>,
    log: Log,
}

/// Where the leg itself stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    Ringing,
    Live,
    Gone,
}

/// A document that is asked for.
#[derive(Debug, Clone)]
struct Asking {
    ticket: Ticket,
    /// As it was asked for: the `ErrorUrl` of a fallback.
    url: String,
    parameters: Vec<(String, String)>,
    is_fallback: bool,
}

/// How a script ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// The leg is over. `false` only for a whisper whose document came to its end: it is
    /// connected now.
    pub hung_up: bool,
}

impl Script {
    /// A leg begins.
    pub fn begin(setup: Setup, now: Timestamp) -> Script {
        let is_ringing = setup.role == Role::Inbound;
        let mut script = Script {
            fallback: setup.fallback.clone(),
            time_limit_seconds: setup.time_limit_seconds,
            line: if is_ringing { Line::Ringing } else { Line::Live },
            is_decided: false,
            has_voice: false,
            hang_up_at: None,
            answered: (!is_ringing).then_some(now),
            asking: None,
            program: Program::default(),
            running: None,
            taps: Taps::default(),
            pace: Pace::default(),
            orders: Orders::new(now),
            ended: None,
            log: Log::new(setup, now),
        };
        script.set_time_limit();
        script.go_on_with(script.log.setup().first.clone());
        script
    }

    /// A leg with a fault that has to be found.
    #[cfg(feature = "planted-faults")]
    pub fn begin_with_fault(setup: Setup, now: Timestamp, fault: Fault) -> Script {
        let mut script = Script::begin(setup, now);
        script.orders.fault = Some(fault);
        script
    }

    /// Something happened. What follows is in [`Script::output`].
    ///
    /// A deadline that lies before `now` and was not told comes first.
    pub fn input(&mut self, now: Timestamp, input: Input) {
        self.log.keep(now, &input);
        if self.is_over() {
            return;
        }
        self.orders.now = self.orders.now.max(now);
        let is_late = self.deadline().is_some_and(|deadline| deadline < self.orders.now);
        if is_late && input != Input::Tick {
            self.tick();
        }
        match input {
            Input::Document(ticket, answer) => self.document(ticket, answer),
            Input::Recorded(..) | Input::Dialed(..) | Input::Referred(..) => self.happens(input),
            _ if self.line == Line::Gone => {}
            Input::Replaced(first) => self.replace(first),
            Input::FallbackSet(fallback) => self.fallback = fallback,
            Input::TimeLimitSet(seconds) => {
                self.time_limit_seconds = seconds;
                self.set_time_limit();
                self.end_in_time();
            }
            Input::HungUp => self.gone(),
            Input::Tick => self.tick(),
            Input::Voice(on) => {
                self.has_voice = on;
                self.happens(input);
            }
            _ => self.happens(input),
        }
    }

    /// The next thing to be done; to be called until there is none after each input and after
    /// the beginning.
    pub fn output(&mut self) -> Option<Output> {
        self.orders.next()
    }

    /// When [`Input::Tick`] is wanted.
    pub fn deadline(&self) -> Option<Timestamp> {
        if self.line == Line::Gone || self.is_over() {
            return None;
        }
        let verb = self.running.as_ref().and_then(Running::deadline);
        [verb, self.hang_up_at].into_iter().flatten().min()
    }

    /// Whether the call was answered.
    pub fn is_answered(&self) -> bool {
        self.answered.is_some()
    }

    /// Whether nothing will come any more: no document, recording or dial is under way.
    pub fn is_over(&self) -> bool {
        self.ended.is_some()
    }

    /// How it ended, once it is over.
    pub fn ended(&self) -> Option<Ended> {
        self.ended
    }

    /// The URL of the current document; empty for one that came without.
    pub fn document_url(&self) -> &str {
        self.program.url()
    }

    /// The verb that takes its time now.
    pub fn verb(&self) -> Option<&'static str> {
        self.running.as_ref().map(Running::name)
    }

    /// What was told so far.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// The same of a script that is not needed any more.
    pub fn into_log(self) -> Log {
        self.log
    }

    /// The order whose document it waits for.
    pub fn asks(&self) -> Option<Ticket> {
        self.asking.as_ref().map(|asking| asking.ticket)
    }

    /// Whether nobody is at the other end of the leg any more.
    pub fn is_gone(&self) -> bool {
        self.line == Line::Gone || self.is_over()
    }

    fn set_time_limit(&mut self) {
        let Some(mut answered) = self.answered else { return };
        if self.orders.has(Fault::LimitFromBeginning) {
            answered = self.log.began();
        }
        let seconds = self.time_limit_seconds;
        self.hang_up_at = seconds.map(|seconds| orders::after(answered, seconds));
    }

    fn answer(&mut self) {
        if self.line == Line::Ringing {
            self.line = Line::Live;
            self.answered = Some(self.orders.now);
            self.orders.push(Output::Answer);
            self.set_time_limit();
        }
    }

    fn go_on_with(&mut self, first: First) {
        match first {
            First::Ask(target) => self.fetch(target, Vec::new(), false),
            First::Twiml(text) => {
                let asking = Asking {
                    ticket: self.orders.ticket(),
                    url: String::new(),
                    parameters: Vec::new(),
                    is_fallback: false,
                };
                self.receive(asking, answer::inline(&text));
            }
        }
    }

    fn fetch(&mut self, target: Target, parameters: Vec<(String, String)>, is_fallback: bool) {
        let ticket = self.orders.ticket();
        let url = target.url.clone();
        self.asking = Some(Asking { ticket, url, parameters: parameters.clone(), is_fallback });
        self.orders.push(Output::Fetch(ticket, Ask { target, parameters }));
    }

    /// The document that a verb goes on with.
    fn ask(&mut self, goal: Goal) {
        let Goal { url, method, parameters, missing_code } = goal;
        let base = self.program.url();
        let reference = url.unwrap_or_default();
        let code =
            if base.is_empty() && reference.trim().is_empty() { missing_code } else { 11100 };
        match resolve(base, &reference, method) {
            Ok(target) => self.fetch(target, parameters, false),
            Err(why) => {
                let why = format!("The document to go on with has no usable URL: {why}");
                self.scene().remark(code, why);
                let ticket = self.orders.ticket();
                let asking = Asking { ticket, url: reference, parameters, is_fallback: false };
                self.fall_back(asking, code);
            }
        }
    }

    fn document(&mut self, ticket: Ticket, answer: Answer) {
        let any = self.orders.has(Fault::LateAnswerCounts);
        if let Some(asking) = self.asking.take_if(|asking| any || asking.ticket == ticket) {
            self.receive(asking, answer::read(answer));
        }
    }

    fn receive(&mut self, asking: Asking, read: Result<answer::Found, Remark>) {
        let found = match read {
            Ok(found) => found,
            Err(remark) => return self.fail(asking, remark),
        };
        found.remarks.into_iter().for_each(|remark| self.orders.push(Output::Remark(remark)));
        if self.line == Line::Gone && !self.orders.has(Fault::SpeaksToNobody) {
            return self.end(true);
        }
        if let Err(message) = self.pace.document(self.orders.now) {
            self.orders.push(Output::Remark(Remark { code: 11215, message, at: None }));
            return self.say_error();
        }
        self.program = found.program;
        match found.sound {
            Some(sound) => self.say_last(sound),
            None => self.go_on(Step::Next),
        }
    }

    fn fail(&mut self, asking: Asking, remark: Remark) {
        let code = remark.code;
        self.orders.push(Output::Remark(remark));
        self.fall_back(asking, code);
    }

    /// A document could not be had: the fallback is asked, once for each.
    fn fall_back(&mut self, asking: Asking, code: u32) {
        if self.line == Line::Gone {
            return self.end(true);
        }
        match self.fallback.clone() {
            Some(fallback) if !asking.is_fallback => {
                let mut parameters = asking.parameters;
                parameters.push(("ErrorCode".to_owned(), code.to_string()));
                parameters.push(("ErrorUrl".to_owned(), asking.url));
                self.fetch(fallback, parameters, true);
            }
            _ => self.say_error(),
        }
    }

    fn say_error(&mut self) {
        self.program = Program::hangup();
        self.say_last(Sound::ApplicationError);
    }

    /// A sound that came instead of a document; what is left of the program follows.
    fn say_last(&mut self, sound: Sound) {
        self.is_decided = true;
        self.answer();
        let step = verbs::hear(sound, &mut self.orders);
        self.go_on(step);
    }

    /// Each round takes a verb of the document, so it ends.
    fn go_on(&mut self, mut step: Step) {
        loop {
            step = match step {
                Step::Wait(running) => {
                    self.running = Some(running);
                    return;
                }
                Step::Ask(goal) => return self.ask(goal),
                Step::Hangup => return self.hang_up(),
                Step::Reject(reason) => return self.reject(reason),
                Step::Next if self.line == Line::Gone => return self.end(true),
                Step::Next => match self.program.next_verb() {
                    Some(verb) => self.start(verb),
                    None => return self.end_of_document(),
                },
            }
        }
    }

    fn start(&mut self, verb: twiml::Verb) -> Step {
        match verbs::answers(&verb) {
            Answers::Later => {}
            Answers::Never => return verbs::start(verb, &mut self.scene()),
            Answers::Now => {
                let is_gather = matches!(verb, twiml::Verb::Gather(_));
                if !(is_gather && self.orders.has(Fault::GatherUnanswered)) {
                    self.answer();
                }
            }
        }
        self.is_decided = true;
        verbs::start(verb, &mut self.scene())
    }

    fn scene(&mut self) -> Scene<'_> {
        Scene {
            orders: &mut self.orders,
            setup: self.log.setup(),
            program: &self.program,
            taps: &mut self.taps,
            has_voice: self.has_voice,
        }
    }

    /// Tells the verb that takes its time.
    fn happens(&mut self, input: Input) {
        let Some(mut running) = self.running.take() else { return };
        match running.input(input, &mut self.scene()) {
            Then::Stay => self.running = Some(running),
            Then::Answer => {
                self.running = Some(running);
                self.answer();
            }
            Then::Go(step) => {
                if running.ends_with_answer() {
                    self.answer();
                }
                self.go_on(step);
            }
        }
    }

    fn tick(&mut self) {
        let now = self.orders.now;
        self.end_in_time();
        let at = self.running.as_ref().and_then(Running::deadline);
        if self.line != Line::Gone && at.is_some_and(|at| at <= now) {
            self.happens(Input::Tick);
            // An answer may have come with a limit of nothing.
            self.end_in_time();
        }
    }

    /// The call has lasted as long as it may.
    fn end_in_time(&mut self) {
        let is_up = self.hang_up_at.is_some_and(|at| at <= self.orders.now);
        if is_up && self.line != Line::Gone && !self.is_over() {
            self.hang_up();
        }
    }

    fn replace(&mut self, first: First) {
        self.asking = None;
        if let Some(running) = self.running.take() {
            running.interrupt(&mut self.orders);
        }
        self.program = Program::default();
        self.go_on_with(first);
    }

    fn end_of_document(&mut self) {
        if self.orders.has(Fault::EndForgotten) {
            return;
        }
        match self.log.setup().role {
            Role::Whisper => self.end(false),
            Role::Inbound | Role::Outbound => self.hang_up(),
        }
    }

    /// A call whose fate no verb has decided is answered first: that is what an empty document
    /// does. One that only a `<Dial answerOnBridge>` was tried for ends as it is.
    fn hang_up(&mut self) {
        if !self.is_decided {
            self.answer();
        }
        self.orders.push(Output::Hangup);
        self.gone();
    }

    fn reject(&mut self, reason: twiml::Reason) {
        if self.line != Line::Ringing {
            return self.hang_up();
        }
        self.orders.push(Output::Reject(reason));
        self.line = Line::Gone;
        self.end(true);
    }

    fn gone(&mut self) {
        if self.line == Line::Gone {
            return;
        }
        self.line = Line::Gone;
        self.running = self.running.take().and_then(Running::outlives_the_leg);
        if self.orders.has(Fault::HangupForgotten) {
            self.running = None;
        }
        if self.running.is_none() && self.asking.is_none() {
            self.end(true);
        }
    }

    fn end(&mut self, hung_up: bool) {
        self.ended = Some(Ended { hung_up });
    }
}
