//! What must hold for any template of a bin and for any call: run by the fuzz targets, and over
//! the corpus as plain tests.
//!
//! No text panics the parser, the renderer or the check; what passes renders within its limit; a
//! text without tags renders itself. No order of events panics a script; after a tick its deadline
//! lies ahead; a call that is over wants nothing more; the same inputs make the same outputs.

use exchange::bins::Template;
use exchange::bins::check::check;
use exchange::bins::render::RENDERED_BYTES_MAX;
use exchange::calls::State;
use exchange::calls::script::{
    DialEnd, First, Heard, Input, Output, RecordingEnd, ReferEnd, Role, Script, Setup, Ticket,
    transcript,
};
use exchange::documents::{Answer, Remark};
use jiff::{SignedDuration, Timestamp};

/// The input is a template, a line of its own with `----`, and a value for every name.
pub fn mustache(input: &str) {
    let (template, value) = input.split_once("\n----\n").unwrap_or((input, "value"));
    let found = check(template);
    match Template::parse(template) {
        Err(error) => {
            let fatal = found.fatal.expect("what cannot be parsed does not pass");
            assert_eq!(
                (error.code, error.line, error.column),
                (fatal.code, fatal.at.line, fatal.at.column)
            );
        }
        Ok(parsed) => {
            let names = ["A", "B", "Body", "A", "B"];
            let params: Vec<_> = names.map(|name| (name.to_owned(), value.to_owned())).into();
            if let Ok(text) = parsed.render(&params) {
                assert!(text.len() <= RENDERED_BYTES_MAX);
                assert!(template.contains("{{") || text == template);
            }
        }
    }
}

/// Events of one call that are looked at.
const EVENTS_MAX: usize = 2_000;

/// The input is a line of events, one a character, then documents, each after a line of its own
/// with `----`. The first document is what the call begins with; the others are the answers, in
/// turn.
pub fn script(input: &str) {
    let mut parts = input.split("\n----\n");
    let events = parts.next().unwrap_or_default();
    let documents: Vec<&str> = parts.collect();
    let first = documents.first().copied().unwrap_or_default();
    let role = match events.chars().next() {
        Some('i') => Role::Inbound,
        Some('w') => Role::Whisper,
        _ => Role::Outbound,
    };
    let began = Timestamp::UNIX_EPOCH;
    let setup = Setup {
        role,
        first: First::Twiml(first.to_owned()),
        fallback: None,
        time_limit_seconds: Some(14_400),
        peer: "sip:bob@example.com".into(),
        own: "+12025550100".into(),
    };
    let script = Script::begin(setup, began);
    let mut call =
        Call { documents: &documents, script, now: began, asked: 0, tickets: 0, wanted: vec![] };
    call.drain();
    for event in events.chars().take(EVENTS_MAX) {
        call.happens(event);
    }
    let lines = transcript::of(call.script.log());
    assert!(lines.iter().all(|line| !line.contains('\n')));
    let log = call.script.log();
    assert!(!log.is_whole() || log.replay() == call.wanted, "the same inputs, other outputs");
}

struct Call<'a> {
    documents: &'a [&'a str],
    script: Script,
    now: Timestamp,
    asked: usize,
    tickets: u32,
    wanted: Vec<(Timestamp, Output)>,
}

impl<'a> Call<'a> {
    fn drain(&mut self) -> usize {
        let mut count = 0;
        while let Some(output) = self.script.output() {
            if let Output::Fetch(ticket, _)
            | Output::Play(ticket, _)
            | Output::Listen(ticket, _)
            | Output::Record(ticket, _)
            | Output::Dial(ticket, _)
            | Output::Refer(ticket, _)
            | Output::Send(ticket, _) = &output
            {
                self.tickets = ticket.0;
            }
            let _ = transcript::output_line(&output);
            self.wanted.push((self.now, output));
            count += 1;
        }
        count
    }

    /// What a character stands for: small letters are told of the newest order, capital ones of
    /// the one before it.
    fn happens(&mut self, event: char) {
        let age = u32::from(event.is_ascii_uppercase() && !matches!(event, 'A'..='D'));
        let ticket = Ticket(self.tickets.saturating_sub(age));
        let remark = || Remark { code: 13420, message: String::new(), at: None };
        let input = match event.to_ascii_lowercase() {
            'f' => Input::Document(ticket, self.answer()),
            'g' => Input::Document(ticket, Answer::Failed { code: 11200, message: String::new() }),
            'p' => Input::Played(ticket, Ok(())),
            'q' => Input::Played(ticket, Err(remark())),
            'r' => Input::Recorded(ticket, RecordingEnd { kept: None }),
            'o' => Input::Bridged(ticket),
            'e' => Input::Dialed(ticket, dial_end()),
            'm' => Input::Sent(ticket, Err(remark())),
            't' => Input::Referred(
                ticket,
                ReferEnd { status: State::Failed, refer_code: None, notify_code: None },
            ),
            's' => Input::Speech(ticket, Heard::Partial("one two".into())),
            'u' => Input::Speech(
                ticket,
                Heard::Final { text: "three".into(), confidence: "0.5".into() },
            ),
            'v' => Input::Voice(true),
            'n' => Input::Voice(false),
            'h' => Input::HungUp,
            'x' => Input::Replaced(First::Twiml(self.document().to_owned())),
            'l' => Input::TimeLimitSet(Some(ticket.0)),
            '.' => {
                self.now = self.script.deadline().unwrap_or(self.now).max(self.now);
                Input::Tick
            }
            ' ' => {
                self.now += SignedDuration::from_millis(700);
                Input::Tick
            }
            _ => Input::Digit(event),
        };
        let was_over = self.script.is_over();
        let is_tick = input == Input::Tick;
        let _ = transcript::input_line(&input);
        self.script.input(self.now, input);
        let wanted = self.drain();
        assert!(!was_over || wanted == 0, "it was over");
        if is_tick {
            assert!(self.script.deadline().is_none_or(|deadline| deadline > self.now));
        }
    }

    fn document(&mut self) -> &'a str {
        self.asked += 1;
        match self.documents.len() {
            0 => "",
            count => self.documents[self.asked % count],
        }
    }

    fn answer(&mut self) -> Answer {
        let types = ["text/xml", "text/xml", "text/plain", "audio/mpeg", "image/png"];
        let body = self.document().to_owned();
        Answer::Document {
            status: 200,
            content_type: Some(types[self.asked % types.len()].into()),
            body,
            url: "http://app.example/x".into(),
        }
    }
}

fn dial_end() -> DialEnd {
    DialEnd {
        status: State::Completed,
        sid: None,
        duration_seconds: None,
        bridged: false,
        recording: None,
        answered_by: None,
        parameters: Vec::new(),
    }
}
