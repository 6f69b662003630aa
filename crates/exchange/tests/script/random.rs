//! Random calls: documents, answers, keys, words, hang-ups and updates in any order, against the
//! reference [`World`]. With the feature `planted-faults` each planted fault has to be found.

use crate::world::{Kind, LENGTH_SECONDS, Order, SILENCE_SECONDS, World};
use exchange::calls::State;
use exchange::calls::script::{
    DialEnd, First, Heard, Input, Kept, RecordingEnd, ReferEnd, Role, Script, Setup, Ticket,
    transcript,
};
use exchange::documents::{Answer, Remark};
use exchange::numbers::{Method, Target};
use exchange::sid::{CallSid, MessageSid, RecordingSid};
use jiff::{SignedDuration, Timestamp};
use std::fmt::Write as _;

const CALLS: u64 = 3_000;
const STEPS_MAX: usize = 200;

/// A small generator: the same seed is the same call, everywhere.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % sides
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.throw(of.len() as u64) as usize]
    }

    fn chance(&mut self, one_in: u64) -> bool {
        self.throw(one_in) == 0
    }
}

fn target() -> Target {
    Target { url: "http://app.example/x".into(), method: Method::Post }
}

/// A document whose words say its number and their place.
fn document(number: u32, dice: &mut Dice) -> String {
    let mut xml = "<Response>".to_owned();
    for place in 1..=dice.throw(5) + u64::from(!dice.chance(8)) {
        verb(&mut xml, number, place * 10, dice);
    }
    xml + "</Response>"
}

fn verb(xml: &mut String, number: u32, place: u64, dice: &mut Dice) {
    let action = "action='http://app.example/x'";
    let on_bridge = dice.chance(2);
    let piece = match dice.throw(22) {
        0..=4 => format!("<Say loop='{}'>{number} {place} x</Say>", dice.throw(3) + 1),
        5 => format!("<Play loop='{}'>http://app.example/a.mp3</Play>", dice.throw(3)),
        6 | 7 => format!("<Pause length='{}'/>", dice.throw(4) + 1),
        8..=12 => return gather(xml, number, place, dice),
        13 | 14 => format!(
            "<Record {action} timeout='{SILENCE_SECONDS}' maxLength='{LENGTH_SECONDS}' \
             finishOnKey='#' playBeep='{}'/>",
            dice.chance(2)
        ),
        15 | 16 => format!(
            "<Dial {action} answerOnBridge='{on_bridge}' hangupOnStar='true'>+12025550111</Dial>"
        ),
        17 => "<Redirect>http://app.example/x</Redirect>".to_owned(),
        18 => format!("<Sms {action}>x</Sms>"),
        19 => format!("<Refer {action}><Sip>sip:a@b.example</Sip></Refer>"),
        20 => "<Start><Recording/></Start><Stop><Recording/></Stop><Enqueue>q</Enqueue>".to_owned(),
        _ => dice.one(&["<Hangup/>", "<Reject/>", "<Nothing/>"]).to_owned(),
    };
    xml.push_str(&piece);
}

fn gather(xml: &mut String, number: u32, place: u64, dice: &mut Dice) {
    let input = dice.one(&["dtmf", "speech", "dtmf speech"]);
    let digits = dice.throw(3) + 1;
    let empty = dice.chance(3);
    let barge = !dice.chance(3);
    let speech = dice.one(&["", "speechTimeout='auto'", "speechTimeout='2'"]);
    let _ = write!(
        xml,
        "<Gather input='{input}' numDigits='{digits}' timeout='3' actionOnEmptyResult='{empty}' \
         bargeIn='{barge}' {speech} partialResultCallback='http://app.example/p' \
         action='http://app.example/x'>"
    );
    for prompt in 1..=dice.throw(3) {
        let _ = match dice.throw(3) {
            0 => write!(xml, "<Pause length='2'/>"),
            1 => write!(xml, "<Play>http://app.example/b.mp3</Play>"),
            _ => write!(xml, "<Say loop='2'>{number} {} y</Say>", place + prompt),
        };
    }
    xml.push_str("</Gather>");
}

struct Call {
    dice: Dice,
    documents: u32,
    world: World,
    script: Script,
}

impl Call {
    fn begin(seed: u64, begin: fn(Setup, Timestamp) -> Script) -> Call {
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        (0..8).for_each(|_| _ = dice.throw(2));
        let now: Timestamp = "2026-01-01T00:00:00Z".parse().expect("a time");
        let role = dice.one(&[Role::Inbound, Role::Inbound, Role::Outbound, Role::Whisper]);
        let is_inline = dice.chance(5);
        let setup = Setup {
            role,
            first: match is_inline {
                true => First::Twiml(document(0, &mut dice)),
                false => First::Ask(target()),
            },
            fallback: dice.chance(2).then(target),
            time_limit_seconds: dice.chance(3).then(|| dice.throw(60) as u32 + 1),
            peer: dice.one(&["+12025550199", "sip:bob@example.com"]).to_owned(),
            own: "+12025550100".into(),
        };
        let world = World::new(role, now, setup.time_limit_seconds);
        Call { dice, documents: 0, world, script: begin(setup, now) }
    }

    fn run(&mut self) -> Result<(), String> {
        self.world.begin(&mut self.script)?;
        for _ in 0..STEPS_MAX {
            if self.script.is_over() {
                break;
            }
            self.step()?;
        }
        if !self.world.is_gone() && !self.script.is_over() {
            self.give(Input::HungUp)?;
        }
        // What is under way comes to its end, and so does the call.
        for _ in 0..10 {
            let Some(order) = self.world.orders.first().copied() else { break };
            self.answer(order)?;
        }
        if !self.script.is_over() {
            return Err("rule 8, it is gone and not over".into());
        }
        self.give(Input::Digit('1'))?;
        match self.script.log().replay() == self.world.wanted {
            true => Ok(()),
            false => Err("the same inputs made other outputs".into()),
        }
    }

    fn give(&mut self, input: Input) -> Result<(), String> {
        self.world.give(&mut self.script, input, None)
    }

    fn step(&mut self) -> Result<(), String> {
        self.pass_time();
        match self.dice.throw(40) {
            0..=15 => match self.pick(false) {
                Some(order) => self.answer(order),
                None => self.tick(),
            },
            16..=22 => self.tick(),
            23..=27 => {
                let key = self.dice.one(&['0', '1', '#', '*', 'A', '5', 'x']);
                self.give(Input::Digit(key))
            }
            28..=30 => {
                let on = self.dice.chance(2);
                self.give(Input::Voice(on))
            }
            31..=34 => match self.world.order(Kind::Listen) {
                Some(order) => self.speak(order.ticket),
                None => Ok(()),
            },
            35 => match self.pick(true) {
                Some(order) => self.answer(order),
                None => self.give(Input::Played(Ticket(u32::MAX), Ok(()))),
            },
            36 => self.replace(),
            37 if self.dice.chance(3) => self.give(Input::HungUp),
            38 => {
                let fallback = self.dice.chance(2).then(target);
                self.give(Input::FallbackSet(fallback))
            }
            39 if self.dice.chance(3) => {
                let seconds = self.dice.chance(2).then(|| self.dice.throw(90) as u32);
                self.give(Input::TimeLimitSet(seconds))
            }
            _ => self.give(Input::Tick),
        }
    }

    /// A little time, but never past the deadline.
    fn pass_time(&mut self) {
        let later = self.world.now + SignedDuration::from_millis(self.dice.throw(900) as i64);
        let deadline = self.script.deadline().unwrap_or(later);
        self.world.now = later.min(deadline).max(self.world.now);
    }

    fn tick(&mut self) -> Result<(), String> {
        if let Some(deadline) = self.script.deadline() {
            self.world.now = deadline.max(self.world.now);
        }
        self.give(Input::Tick)
    }

    fn pick(&mut self, is_late: bool) -> Option<Order> {
        let orders = if is_late { &self.world.late } else { &self.world.orders };
        let orders: Vec<Order> = orders.clone();
        (!orders.is_empty()).then(|| self.dice.one(&orders))
    }

    fn speak(&mut self, ticket: Ticket) -> Result<(), String> {
        let text = self.dice.one(&["yes", "", "I want to order", "no"]).to_owned();
        let heard = match self.dice.chance(2) {
            true => Heard::Partial(text),
            false => Heard::Final { text, confidence: "0.5".into() },
        };
        self.give(Input::Speech(ticket, heard))
    }

    fn replace(&mut self) -> Result<(), String> {
        if self.dice.chance(2) {
            return self.give(Input::Replaced(First::Ask(target())));
        }
        self.documents += 1;
        let text = document(self.documents, &mut self.dice);
        let number = Some(self.documents);
        self.world.give(&mut self.script, Input::Replaced(First::Twiml(text)), number)
    }

    fn answer(&mut self, order: Order) -> Result<(), String> {
        let ticket = order.ticket;
        let failed = || Remark { code: 11200, message: "no".into(), at: None };
        match order.kind {
            Kind::Fetch => self.fetched(ticket),
            Kind::Listen => self.speak(ticket),
            Kind::Play => {
                let end = if self.dice.chance(6) { Err(failed()) } else { Ok(()) };
                self.give(Input::Played(ticket, end))
            }
            Kind::Record => {
                let sid = RecordingSid::parse("RE00000000000000000000000000000001");
                let kept = (!self.dice.chance(5)).then(|| Kept {
                    sid: sid.expect("a sid"),
                    url: "http://house/RE1".into(),
                    duration_seconds: 1,
                });
                // A recorder that ends by itself is told to nobody else: only once it was stopped.
                let may = order.is_stopped || self.world.is_gone();
                if may { self.give(Input::Recorded(ticket, RecordingEnd { kept })) } else { Ok(()) }
            }
            Kind::Dial if !self.world.is_gone() && self.dice.chance(2) => {
                self.give(Input::Bridged(ticket))
            }
            Kind::Dial => {
                let status = self.dice.one(&[State::Completed, State::Busy, State::NoAnswer]);
                let sid = CallSid::parse("CA00000000000000000000000000000002");
                let end = DialEnd {
                    status,
                    sid,
                    duration_seconds: None,
                    bridged: false,
                    recording: None,
                    answered_by: None,
                    parameters: Vec::new(),
                };
                self.give(Input::Dialed(ticket, end))
            }
            Kind::Refer => {
                let (status, refer_code, notify_code) = (State::Failed, Some(405), None);
                self.give(Input::Referred(ticket, ReferEnd { status, refer_code, notify_code }))
            }
            Kind::Send => {
                let sid = MessageSid::parse("SM00000000000000000000000000000001");
                let end = if self.dice.chance(3) { Err(failed()) } else { Ok(sid.expect("a sid")) };
                self.give(Input::Sent(ticket, end))
            }
        }
    }

    fn fetched(&mut self, ticket: Ticket) -> Result<(), String> {
        let document = |content_type: &str, body: String| Answer::Document {
            status: 200,
            content_type: Some(content_type.into()),
            body,
            url: "http://app.example/x".into(),
        };
        let mut number = None;
        let answer = match self.dice.throw(14) {
            0 => Answer::Failed { code: 11200, message: "no".into() },
            1 => document("text/xml", "<Response><Say>".into()),
            2 => document("text/plain", "Good morning".into()),
            3 => document("audio/mpeg", String::new()),
            _ => {
                self.documents += 1;
                number = Some(self.documents);
                document("text/xml", self::document(self.documents, &mut self.dice))
            }
        };
        self.world.give(&mut self.script, Input::Document(ticket, answer), number)
    }
}

/// The first call that breaks a rule, with its transcript.
fn broken(calls: u64, begin: fn(Setup, Timestamp) -> Script) -> Option<String> {
    (1..=calls).find_map(|seed| {
        let mut call = Call::begin(seed, begin);
        let rule = call.run().err()?;
        let transcript = transcript::of(call.script.log()).join("\n");
        Some(format!("call {seed} breaks {rule}\n{transcript}"))
    })
}

#[test]
fn no_random_call_breaks_a_rule() {
    if let Some(broken) = broken(CALLS, Script::begin) {
        panic!("{broken}");
    }
}

#[test]
fn the_same_seed_is_the_same_call() {
    for seed in [1, 2, 3] {
        let transcript = || {
            let mut call = Call::begin(seed, Script::begin);
            call.run().expect("it keeps the rules");
            transcript::of(call.script.log())
        };
        assert_eq!(transcript(), transcript());
    }
}

#[cfg(feature = "planted-faults")]
#[test]
fn every_planted_fault_is_found() {
    use exchange::calls::script::Fault;
    macro_rules! begin {
        ($($fault:ident)*) => {
            [$((Fault::$fault, (|setup, now| Script::begin_with_fault(setup, now, Fault::$fault)) as fn(Setup, Timestamp) -> Script)),*]
        };
    }
    let planted = begin!(
        PromptGoesOn ListensOn LateAnswerCounts SpeaksToNobody GatherUnanswered
        VoiceIgnored HangupForgotten DialGoesOn LimitFromBeginning EndForgotten
        FinishKeyCounts
    );
    assert_eq!(planted.map(|(fault, _)| fault), Fault::ALL);
    for (fault, begin) in planted {
        let found = broken(CALLS, begin).unwrap_or_else(|| panic!("{fault:?} was not found"));
        println!("{fault:?}: {}", found.lines().next().unwrap_or_default());
        assert!(!found.contains("other outputs"), "{fault:?} is found by a rule, not by replay");
    }
}
