//! A small world for scenarios: documents, sounds, dials and a caller that do what is written.
//!
//! Sounds last by a fixed rule: 50 ms for each character said, 3 s for a file, 200 ms for a key,
//! half a second for a beep, 4 s for the sentence of an error.

use exchange::calls::State;
use exchange::calls::script::{
    DialEnd, Ended, First, Heard, Input, Kept, Output, RecordingEnd, ReferEnd, Role, Script, Setup,
    Sound, Ticket, transcript,
};
use exchange::documents::{Answer, Remark};
use exchange::numbers::{Method, Target};
use exchange::sid::{CallSid, MessageSid, RecordingSid};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;

/// Steps of a scenario at most.
const STEPS_MAX: usize = 20_000;

/// What is written of a scenario above its transcript.
#[derive(Default)]
pub struct Scenario {
    role: Option<Role>,
    first: Option<First>,
    fallback: Option<Target>,
    limit: Option<u32>,
    peer: Option<String>,
    answers: HashMap<String, Vec<(u64, Answer)>>,
    missing: HashMap<String, u32>,
    events: Vec<(u64, Told)>,
    dials: Vec<(State, u64, Option<u64>)>,
    text_fails: Option<u32>,
    text_after: u64,
    refer: Option<ReferEnd>,
    records_nothing: bool,
}

#[derive(Clone)]
enum Told {
    Input(Input),
    Partial(String),
    Says(String, String),
}

fn target(text: &str) -> Target {
    let (method, path) = match text.split_once(' ') {
        Some(("GET", path)) => (Method::Get, path),
        Some(("POST", path)) => (Method::Post, path),
        _ => (Method::Post, text),
    };
    let host = if path.contains("://") { "" } else { "https://app.example" };
    Target { url: format!("{host}{path}"), method }
}

fn first(text: &str) -> First {
    if text.starts_with('<') { First::Twiml(text.to_owned()) } else { First::Ask(target(text)) }
}

fn number(text: &str) -> u64 {
    text.parse().unwrap_or_else(|_| panic!("a number, not {text}"))
}

impl Scenario {
    pub fn read(text: &str) -> Scenario {
        let mut scenario = Scenario::default();
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
            scenario.read_line(word, rest);
        }
        scenario.events.sort_by_key(|(at, _)| *at);
        scenario
    }

    fn read_line(&mut self, word: &str, rest: &str) {
        match word {
            "role" => {
                self.role = Some(match rest {
                    "inbound" => Role::Inbound,
                    "outbound" => Role::Outbound,
                    "whisper" => Role::Whisper,
                    other => panic!("no role {other}"),
                });
            }
            "first" => self.first = Some(first(rest)),
            "fallback" => self.fallback = Some(target(rest)),
            "limit" => self.limit = Some(number(rest) as u32),
            "peer" => self.peer = Some(rest.to_owned()),
            "missing" => {
                let (path, code) = rest.split_once(' ').expect("a path and a code");
                self.missing.insert(path.to_owned(), number(code) as u32);
            }
            "dial" => {
                let words: Vec<&str> = rest.split(' ').collect();
                let status = match words[0] {
                    "answered" => State::Completed,
                    other => State::parse(other).expect("a status"),
                };
                let talk = words.get(4).map(|ms| number(ms));
                self.dials.push((status, number(words[2]), talk));
            }
            "text" => match rest.split_once(' ') {
                Some(("fails", code)) => self.text_fails = Some(number(code) as u32),
                Some(("after", millis)) => self.text_after = number(millis),
                _ => panic!("no text {rest}"),
            },
            "refer" => {
                let words: Vec<&str> = rest.split(' ').collect();
                let code = |at: usize| words.get(at).map(|code| number(code) as u16);
                self.refer = Some(ReferEnd {
                    status: State::parse(words[0]).expect("a status"),
                    refer_code: code(1),
                    notify_code: code(2),
                });
            }
            "records" => self.records_nothing = true,
            path if path.starts_with('/') => self.read_answer(path, rest),
            at => self.read_event(number(at), rest),
        }
    }

    fn read_answer(&mut self, path: &str, rest: &str) {
        let (delay, rest) = match rest.strip_prefix("after ") {
            Some(rest) => {
                let (delay, rest) = rest.split_once(' ').expect("a delay and an answer");
                (number(delay), rest)
            }
            None => (0, rest),
        };
        let (word, more) = rest.split_once(' ').unwrap_or((rest, ""));
        let answer = if word == "fails" {
            let (code, message) = more.split_once(' ').unwrap_or((more, "failed"));
            Answer::Failed { code: number(code) as u32, message: message.to_owned() }
        } else {
            let (content_type, body) = match word {
                "untyped" => (None, more),
                word if !word.starts_with('<') && word.contains('/') => (Some(word), more),
                _ => (Some("text/xml"), rest),
            };
            Answer::Document {
                status: 200,
                content_type: content_type.map(str::to_owned),
                body: body.to_owned(),
                url: format!("https://app.example{path}"),
            }
        };
        self.answers.entry(path.to_owned()).or_default().push((delay, answer));
    }

    fn read_event(&mut self, at: u64, rest: &str) {
        let (word, more) = rest.split_once(' ').unwrap_or((rest, ""));
        let told = match word {
            "press" => {
                let keys: Vec<char> = more.chars().collect();
                for (n, key) in keys.into_iter().enumerate() {
                    self.events.push((at + 100 * n as u64, Told::Input(Input::Digit(key))));
                }
                return;
            }
            "voice" => Told::Input(Input::Voice(true)),
            "silence" => Told::Input(Input::Voice(false)),
            "partial" => Told::Partial(more.to_owned()),
            "says" => match more.rsplit_once(' ') {
                Some((words, confidence)) if confidence.starts_with("0.") => {
                    Told::Says(words.to_owned(), confidence.to_owned())
                }
                _ => Told::Says(more.to_owned(), String::new()),
            },
            "hangs" => Told::Input(Input::HungUp),
            "replaced" => Told::Input(Input::Replaced(first(more))),
            "fallback" => {
                let target = (!more.is_empty()).then(|| target(more));
                Told::Input(Input::FallbackSet(target))
            }
            "limit" => {
                let seconds = (!more.is_empty()).then(|| number(more) as u32);
                Told::Input(Input::TimeLimitSet(seconds))
            }
            other => panic!("nobody knows how to {other}"),
        };
        self.events.push((at, told));
    }

    fn setup(&self) -> Setup {
        Setup {
            role: self.role.unwrap_or(Role::Inbound),
            first: self.first.clone().unwrap_or_else(|| first("/voice")),
            fallback: self.fallback.clone(),
            time_limit_seconds: self.limit,
            peer: self.peer.clone().unwrap_or_else(|| "+12025550199".into()),
            own: "+12025550100".into(),
        }
    }
}

struct World<'a> {
    scenario: &'a Scenario,
    began: Timestamp,
    now: u64,
    /// What will be told: when, in which order, and what.
    coming: Vec<(u64, u32, Input)>,
    order: u32,
    asked: HashMap<String, usize>,
    dials: usize,
    dial: Option<(Ticket, bool)>,
    recording: Option<(Ticket, u64)>,
    refer: Option<Ticket>,
    listening: Option<Ticket>,
}

impl World<'_> {
    fn time(&self, millis: u64) -> Timestamp {
        self.began + SignedDuration::from_millis(millis as i64)
    }

    fn tell(&mut self, after: u64, input: Input) {
        self.order += 1;
        self.coming.push((self.now + after, self.order, input));
    }

    fn carry_out(&mut self, output: Output) {
        match output {
            Output::Fetch(ticket, ask) => {
                let path = ask.target.url.trim_start_matches("https://app.example").to_owned();
                let path = path.split(['?', '#']).next().unwrap_or_default().to_owned();
                let asked = self.asked.entry(path.clone()).or_default();
                let missing = Answer::Failed { code: 11200, message: "404".into() };
                let (delay, answer) = match self.scenario.answers.get(&path) {
                    Some(answers) => answers[(*asked).min(answers.len() - 1)].clone(),
                    None => (0, missing),
                };
                *asked += 1;
                self.tell(delay, Input::Document(ticket, answer));
            }
            Output::Play(ticket, sound) => {
                let (length, end) = self.sound(&sound);
                self.tell(length, Input::Played(ticket, end));
            }
            Output::StopPlaying(ticket) => self
                .coming
                .retain(|(_, _, input)| !matches!(input, Input::Played(own, _) if *own == ticket)),
            Output::Listen(ticket, _) => self.listening = Some(ticket),
            Output::StopListening(_) => self.listening = None,
            Output::Record(ticket, _) => self.recording = Some((ticket, self.now)),
            Output::StopRecording(_) => self.end_recording(),
            Output::Dial(ticket, _) => {
                self.dial = Some((ticket, false));
                let plan = self.scenario.dials.get(self.dials).copied();
                let (status, after, talk) = plan.unwrap_or((State::NoAnswer, 30_000, None));
                self.dials += 1;
                if let Some(talk) = talk {
                    self.tell(after, Input::Bridged(ticket));
                    let end = dial_end(status, Some((talk / 1000) as u32));
                    self.tell(after + talk, Input::Dialed(ticket, end));
                } else {
                    self.tell(after, Input::Dialed(ticket, dial_end(status, None)));
                }
            }
            Output::CancelDial(_) => self.end_dial(),
            Output::Refer(ticket, _) => {
                self.refer = Some(ticket);
                let success = ReferEnd {
                    status: State::InProgress,
                    refer_code: Some(202),
                    notify_code: Some(200),
                };
                let end = self.scenario.refer.clone().unwrap_or(success);
                self.tell(2_000, Input::Referred(ticket, end));
            }
            Output::Send(ticket, _) => {
                let end = match self.scenario.text_fails {
                    Some(code) => Err(Remark { code, message: "refused".into(), at: None }),
                    None => {
                        Ok(MessageSid::parse("SM00000000000000000000000000000001").expect("a sid"))
                    }
                };
                self.tell(self.scenario.text_after, Input::Sent(ticket, end));
            }
            Output::Hangup => self.leg_ends(),
            _ => {}
        }
    }

    fn sound(&self, sound: &Sound) -> (u64, Result<(), Remark>) {
        match sound {
            Sound::Say(say) => (50 * say.words().chars().count() as u64, Ok(())),
            Sound::Url(url) | Sound::Document { url, .. } => {
                let path = url.trim_start_matches("https://app.example");
                match self.scenario.missing.get(path) {
                    Some(code) => {
                        (0, Err(Remark { code: *code, message: "no sound".into(), at: None }))
                    }
                    None => (3_000, Ok(())),
                }
            }
            Sound::Digits(digits) => {
                let length = |key| match key {
                    'w' => 500,
                    'W' => 1_000,
                    _ => 200,
                };
                (digits.chars().map(length).sum(), Ok(()))
            }
            Sound::Beep => (500, Ok(())),
            Sound::ApplicationError => (4_000, Ok(())),
        }
    }

    fn end_recording(&mut self) {
        let Some((ticket, since)) = self.recording.take() else { return };
        let kept = (!self.scenario.records_nothing).then(|| Kept {
            sid: RecordingSid::parse("RE00000000000000000000000000000001").expect("a sid"),
            url: "https://house/Recordings/RE1".into(),
            duration_seconds: (self.now - since).div_ceil(1000).max(1),
        });
        self.tell(0, Input::Recorded(ticket, RecordingEnd { kept }));
    }

    fn end_dial(&mut self) {
        let Some((ticket, is_bridged)) = self.dial.take() else { return };
        let is_own = |input: &Input| matches!(input, Input::Dialed(own, _) | Input::Bridged(own) if *own == ticket);
        self.coming.retain(|(_, _, input)| !is_own(input));
        let end = match is_bridged {
            true => dial_end(State::Completed, Some(1)),
            false => dial_end(State::Canceled, None),
        };
        self.tell(0, Input::Dialed(ticket, end));
    }

    fn leg_ends(&mut self) {
        self.coming
            .retain(|(_, _, input)| !matches!(input, Input::Played(..) | Input::Referred(..)));
        self.end_recording();
        self.end_dial();
        if let Some(ticket) = self.refer.take() {
            let status = State::Canceled;
            let end = ReferEnd { status, refer_code: Some(202), notify_code: Some(180) };
            self.tell(0, Input::Referred(ticket, end));
        }
    }

    fn happens(&mut self, input: &Input) {
        match input {
            Input::Bridged(ticket) => self.dial = Some((*ticket, true)),
            Input::Dialed(..) => self.dial = None,
            Input::Referred(..) => self.refer = None,
            Input::HungUp => self.leg_ends(),
            _ => {}
        }
    }

    /// What the caller does now, as the script is told it.
    fn caller(&self, told: &Told) -> Input {
        let ticket = self.listening.unwrap_or(Ticket(0));
        match told.clone() {
            Told::Input(input) => input,
            Told::Partial(text) => Input::Speech(ticket, Heard::Partial(text)),
            Told::Says(text, confidence) => {
                Input::Speech(ticket, Heard::Final { text, confidence })
            }
        }
    }
}

fn dial_end(status: State, duration_seconds: Option<u32>) -> DialEnd {
    DialEnd {
        status,
        sid: Some(CallSid::parse("CA00000000000000000000000000000002").expect("a sid")),
        duration_seconds,
        bridged: duration_seconds.is_some(),
        recording: None,
        answered_by: None,
        parameters: Vec::new(),
    }
}

/// Plays a scenario to its end; its transcript, with a last line that says how it ended.
pub fn run(scenario: &Scenario) -> Vec<String> {
    let began: Timestamp = "2026-01-01T00:00:00Z".parse().expect("a time");
    let mut world = World {
        scenario,
        began,
        now: 0,
        coming: Vec::new(),
        order: 0,
        asked: HashMap::new(),
        dials: 0,
        dial: None,
        recording: None,
        refer: None,
        listening: None,
    };
    let mut script = Script::begin(scenario.setup(), began);
    let mut wanted = Vec::new();
    let mut events = scenario.events.iter().peekable();
    for step in 0.. {
        assert!(step < STEPS_MAX, "the scenario does not end");
        while let Some(output) = script.output() {
            wanted.push((world.time(world.now), output.clone()));
            world.carry_out(output);
        }
        if script.is_over() {
            break;
        }
        let answer = world.coming.iter().map(|(at, order, _)| (*at, *order)).min();
        let event = events.peek().map(|(at, _)| *at);
        let tick = script.deadline().map(|at| at.duration_since(began).as_millis() as u64);
        let Some(at) = [answer.map(|(at, _)| at), event, tick].into_iter().flatten().min() else {
            break;
        };
        world.now = at.max(world.now);
        let input = if let Some((_, order)) = answer.filter(|(due, _)| *due == at) {
            let index = world.coming.iter().position(|(_, n, _)| *n == order).expect("it is there");
            world.coming.remove(index).2
        } else if event == Some(at) {
            world.caller(&events.next().expect("it was there").1)
        } else {
            Input::Tick
        };
        world.happens(&input);
        script.input(world.time(world.now), input);
    }
    assert_eq!(script.log().replay(), wanted, "the same inputs make the same outputs");
    let mut lines = transcript::of(script.log());
    lines.push(match script.ended() {
        Some(Ended { hung_up: true }) => "over".into(),
        Some(Ended { hung_up: false }) => "connected".into(),
        None => format!("waits in {}", script.verb().unwrap_or("nothing")),
    });
    lines
}
