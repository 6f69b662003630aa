//! A reference world: it keeps its own books of what is playing, asked for, dialled, recorded and
//! listened to, of who is on the line and of time, and says when a script breaks a rule.
//!
//! It knows nothing of how the interpreter works. Its rules:
//!
//! 1. Each order has a number of its own.
//! 2. There is one foreground: at most one sound; no sound beside a dial, a recording or an ask.
//! 3. Nothing is heard, dialled or recorded before the call is answered (a dial may wait for it).
//! 4. What is said belongs to the newest document that was accepted, in its order.
//! 5. When the leg is gone there are only asks, tells and remarks.
//! 6. An answer to an order that is no longer under way leads to nothing; time before the deadline
//!    neither.
//! 7. After a tick the deadline lies ahead; a script that is not over waits for something.
//! 8. A call that is replaced leaves no order under way; nor does one that is over.
//! 9. A recording or dial that ended in its own time asks the action of its document.
//! 10. A recording ends by a key, by its silence or at its length, at that very moment.
//! 11. The call ends when its time is up, counted from the answer, and not before.
//! 12. The digits that an action is told are the last keys that were pressed.

use exchange::calls::script::{Input, Output, Role, Script, Sound, Ticket};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashSet;

/// Seconds of silence that end the recordings of the random documents.
pub const SILENCE_SECONDS: i64 = 3;
/// Seconds that those recordings last at most.
pub const LENGTH_SECONDS: i64 = 10;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Fetch,
    Play,
    Listen,
    Record,
    Dial,
    Refer,
    Send,
}

/// An order that something will come of.
#[derive(Debug, Clone, Copy)]
pub struct Order {
    pub ticket: Ticket,
    pub kind: Kind,
    /// It was told to end; what comes of it still counts.
    pub is_stopped: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    Ringing,
    Live,
    Gone,
}

struct Tape {
    began: Timestamp,
    quiet_since: Option<Timestamp>,
}

pub struct World {
    pub now: Timestamp,
    pub orders: Vec<Order>,
    /// Orders whose answers have come too late.
    pub late: Vec<Order>,
    line: Line,
    seen: HashSet<Ticket>,
    answered: Option<Timestamp>,
    limit_seconds: Option<i64>,
    limit_was_set: Timestamp,
    has_voice: bool,
    tape: Option<Tape>,
    /// The document that is carried out, and the last thing said of it.
    document: u32,
    said: u32,
    last: String,
    keys: String,
    is_replacing: bool,
    /// All that was wanted, with its time.
    pub wanted: Vec<(Timestamp, Output)>,
}

impl World {
    pub fn new(role: Role, now: Timestamp, limit_seconds: Option<u32>) -> World {
        let is_ringing = role == Role::Inbound;
        World {
            now,
            orders: Vec::new(),
            late: Vec::new(),
            line: if is_ringing { Line::Ringing } else { Line::Live },
            seen: HashSet::new(),
            answered: (!is_ringing).then_some(now),
            limit_seconds: limit_seconds.map(i64::from),
            limit_was_set: now,
            has_voice: false,
            tape: None,
            document: 0,
            said: 0,
            last: String::new(),
            keys: String::new(),
            is_replacing: false,
            wanted: Vec::new(),
        }
    }

    pub fn is_gone(&self) -> bool {
        self.line == Line::Gone
    }

    pub fn order(&self, kind: Kind) -> Option<Order> {
        self.orders.iter().find(|order| order.kind == kind).copied()
    }

    fn limit(&self) -> Option<Timestamp> {
        let at = self.answered? + SignedDuration::from_secs(self.limit_seconds?);
        Some(at.max(self.limit_was_set))
    }

    /// Gives the input to the script and checks all that follows.
    pub fn give(
        &mut self,
        script: &mut Script,
        input: Input,
        document: Option<u32>,
    ) -> Result<(), String> {
        let is_early =
            input == Input::Tick && script.deadline().is_none_or(|deadline| deadline > self.now);
        let ticket = ticket_of(&input);
        let live =
            ticket.and_then(|ticket| self.orders.iter().find(|o| o.ticket == ticket)).copied();
        let is_late = ticket.is_some() && live.is_none();
        self.last = format!("{input:?}");
        self.is_replacing = matches!(input, Input::Replaced(_));
        self.before(&input, live, document)?;
        script.input(self.now, input.clone());
        let outputs: Vec<Output> = std::iter::from_fn(|| script.output()).collect();
        self.wanted.extend(outputs.iter().map(|output| (self.now, output.clone())));
        if (is_early || is_late) && !outputs.is_empty() {
            return Err(format!("rule 6: {input:?} led to {outputs:?}"));
        }
        for output in &outputs {
            self.take(output, &input)
                .map_err(|rule| format!("{rule}: {output:?} after {}", self.last))?;
        }
        self.follows(&input, live, &outputs)?;
        self.after(script, &input)
    }

    /// The beginning.
    pub fn begin(&mut self, script: &mut Script) -> Result<(), String> {
        let outputs: Vec<Output> = std::iter::from_fn(|| script.output()).collect();
        self.wanted.extend(outputs.iter().map(|output| (self.now, output.clone())));
        for output in &outputs {
            self.take(output, &Input::Tick)
                .map_err(|rule| format!("{rule}: {output:?} at first"))?;
        }
        self.after(script, &Input::Voice(false))
    }

    /// The books before the script knows.
    fn before(
        &mut self,
        input: &Input,
        live: Option<Order>,
        document: Option<u32>,
    ) -> Result<(), String> {
        match input {
            Input::Voice(on) => {
                self.has_voice = *on;
                if let Some(tape) = &mut self.tape {
                    tape.quiet_since = (!on).then_some(self.now);
                }
            }
            Input::TimeLimitSet(seconds) if !self.is_gone() => {
                self.limit_seconds = seconds.map(i64::from);
                self.limit_was_set = self.now;
            }
            Input::Replaced(_) if !self.is_gone() => {
                // What can be stopped is, see `after`; of the rest nothing comes any more.
                let (quiet, loud) = self.orders.drain(..).partition(|order| {
                    matches!(order.kind, Kind::Fetch | Kind::Send | Kind::Refer) || order.is_stopped
                });
                self.orders = loud;
                self.late.extend::<Vec<Order>>(quiet);
                if let Some(document) = document {
                    (self.document, self.said) = (document, 0);
                }
            }
            Input::HungUp => self.leg_ends(),
            Input::Digit(key) => self.keys.push(*key),
            _ => {}
        }
        if let Some(order) = live {
            if !matches!(input, Input::Speech(..) | Input::Bridged(_)) {
                self.orders.retain(|other| other.ticket != order.ticket);
                self.late.push(order);
            }
            if let (Kind::Fetch, Some(document)) = (order.kind, document) {
                (self.document, self.said) = (document, 0);
            }
        }
        Ok(())
    }

    fn leg_ends(&mut self) {
        self.line = Line::Gone;
        self.tape = None;
        let ends = |order: &Order| matches!(order.kind, Kind::Play | Kind::Listen | Kind::Send);
        self.late.extend(self.orders.iter().filter(|order| ends(order)));
        self.orders.retain(|order| !ends(order));
    }

    fn add(&mut self, ticket: Ticket, kind: Kind) -> Result<(), String> {
        if !self.seen.insert(ticket) {
            return Err("rule 1, a number comes twice".into());
        }
        let busy = |order: &&Order| match kind {
            Kind::Listen => matches!(order.kind, Kind::Listen | Kind::Record | Kind::Dial),
            Kind::Play => !matches!(order.kind, Kind::Listen),
            _ => true,
        };
        if let Some(other) = self.orders.iter().find(busy) {
            return Err(format!("rule 2, there is a {:?}", other.kind));
        }
        self.orders.push(Order { ticket, kind, is_stopped: false });
        Ok(())
    }

    fn end(&mut self, ticket: Ticket, kind: Kind) -> Result<(), String> {
        let place = self.orders.iter().position(|o| o.ticket == ticket && o.kind == kind);
        let Some(place) = place else { return Err("rule 8, nothing to stop".into()) };
        let order = &mut self.orders[place];
        if std::mem::replace(&mut order.is_stopped, true) {
            return Err("rule 8, stopped twice".into());
        }
        if self.is_replacing || matches!(kind, Kind::Play | Kind::Listen) {
            let order = self.orders.remove(place);
            self.late.push(order);
        }
        Ok(())
    }

    fn take(&mut self, output: &Output, input: &Input) -> Result<(), String> {
        let may_always = matches!(output, Output::Fetch(..) | Output::Tell(_) | Output::Remark(_));
        if self.is_gone() && !may_always {
            return Err("rule 5".into());
        }
        let is_heard = match output {
            Output::Play(..) | Output::Listen(..) | Output::Record(..) | Output::Refer(..) => true,
            Output::Dial(_, order) => !order.answers_on_bridge,
            _ => false,
        };
        if is_heard && self.answered.is_none() {
            return Err("rule 3".into());
        }
        match output {
            Output::Fetch(ticket, ask) => {
                self.were_pressed(&ask.parameters)?;
                self.add(*ticket, Kind::Fetch)
            }
            Output::Play(ticket, sound) => {
                self.add(*ticket, Kind::Play)?;
                self.says(sound)
            }
            Output::Listen(ticket, _) => self.add(*ticket, Kind::Listen),
            Output::Record(ticket, _) => {
                let quiet_since = (!self.has_voice).then_some(self.now);
                self.tape = Some(Tape { began: self.now, quiet_since });
                self.add(*ticket, Kind::Record)
            }
            Output::Dial(ticket, _) => self.add(*ticket, Kind::Dial),
            Output::Refer(ticket, _) => self.add(*ticket, Kind::Refer),
            Output::Send(ticket, _) => self.add(*ticket, Kind::Send),
            Output::StopPlaying(ticket) => self.end(*ticket, Kind::Play),
            Output::StopListening(ticket) => self.end(*ticket, Kind::Listen),
            Output::StopRecording(ticket) => {
                self.stops_in_time(input)?;
                self.end(*ticket, Kind::Record)
            }
            Output::CancelDial(ticket) => self.end(*ticket, Kind::Dial),
            Output::Answer => {
                let is_first = self.answered.replace(self.now).is_none();
                self.line = Line::Live;
                self.limit_was_set = self.now;
                if is_first { Ok(()) } else { Err("rule 3, answered twice".into()) }
            }
            Output::Reject(_) if self.answered.is_some() => Err("rule 3, refused".into()),
            Output::Hangup | Output::Reject(_) => {
                let is_up = self.limit().is_some_and(|at| at <= self.now);
                if *input == Input::Tick && !self.orders.is_empty() && !is_up {
                    return Err(format!("rule 11, it is not yet {:?}", self.limit()));
                }
                self.leg_ends();
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn says(&mut self, sound: &Sound) -> Result<(), String> {
        let Sound::Say(say) = sound else { return Ok(()) };
        let words = say.words();
        let mut numbers = words.split(' ').map(|word| word.parse::<u32>());
        let (Some(Ok(document)), Some(Ok(verb))) = (numbers.next(), numbers.next()) else {
            return Ok(());
        };
        if document != self.document || verb < self.said {
            return Err(format!("rule 4, now is {} {}", self.document, self.said));
        }
        self.said = verb;
        Ok(())
    }

    /// The fallback is told the same again, when other keys may have been pressed.
    fn were_pressed(&self, parameters: &[(String, String)]) -> Result<(), String> {
        let told = |name| parameters.iter().find(|(own, _)| own == name).map(|(_, it)| it.as_str());
        if told("msg").is_none() || told("ErrorCode").is_some() {
            return Ok(());
        }
        let digits = told("Digits").unwrap_or_default();
        let told = format!("{digits}{}", told("FinishedOnKey").unwrap_or_default());
        let keys: String = self.keys.chars().filter(|key| *key != 'x').collect();
        match keys.ends_with(&told) {
            true => Ok(()),
            false => Err(format!("rule 12, pressed were {keys}")),
        }
    }

    fn stops_in_time(&mut self, input: &Input) -> Result<(), String> {
        let Some(tape) = self.tape.take() else { return Ok(()) };
        let after = |time: Timestamp, seconds| time + SignedDuration::from_secs(seconds);
        let until = after(tape.began, LENGTH_SECONDS);
        let quiet = tape.quiet_since.map_or(until, |since| after(since, SILENCE_SECONDS));
        match input {
            Input::Digit(_) | Input::Replaced(_) => Ok(()),
            _ if quiet.min(until) == self.now => Ok(()),
            _ => Err("rule 10".into()),
        }
    }

    fn follows(
        &mut self,
        input: &Input,
        live: Option<Order>,
        outputs: &[Output],
    ) -> Result<(), String> {
        let asks = match (input, live) {
            (Input::Recorded(_, end), Some(_)) => end.kept.is_some().then_some("RecordingSid"),
            (Input::Dialed(..), Some(_)) => Some("DialCallStatus"),
            _ => None,
        };
        let Some(name) = asks else { return Ok(()) };
        let told = |output: &Output| matches!(output, Output::Fetch(_, ask) if ask.parameters.iter().any(|(n, _)| n == name));
        if outputs.iter().any(told) {
            return Ok(());
        }
        Err(format!("rule 9: {input:?} led to {outputs:?}"))
    }

    fn after(&mut self, script: &Script, input: &Input) -> Result<(), String> {
        let deadline = script.deadline();
        if *input == Input::Tick && deadline.is_some_and(|deadline| deadline <= self.now) {
            return Err(format!("rule 7, the deadline is {deadline:?} after a tick"));
        }
        if !script.is_over() && deadline.is_none() && self.orders.is_empty() {
            return Err(format!("rule 7, it waits for nothing after {}", self.last));
        }
        let is_live = self.line == Line::Live;
        let limit = self.limit().filter(|_| is_live);
        if limit.is_some_and(|at| at < self.now || (*input == Input::Tick && at <= self.now)) {
            return Err("rule 11, it goes on".into());
        }
        if limit.is_some_and(|at| deadline.is_none_or(|deadline| deadline > at))
            && !script.is_over()
        {
            return Err(format!("rule 11, the limit is {limit:?} and the deadline {deadline:?}"));
        }
        match script.ended() {
            Some(_) if !self.orders.is_empty() => {
                Err(format!("rule 8, it is over with {:?} after {}", self.orders, self.last))
            }
            Some(ended) if ended.hung_up != self.is_gone() => Err("rule 5, who is there".into()),
            _ => Ok(()),
        }
    }
}

fn ticket_of(input: &Input) -> Option<Ticket> {
    match input {
        Input::Document(ticket, _)
        | Input::Speech(ticket, _)
        | Input::Played(ticket, _)
        | Input::Recorded(ticket, _)
        | Input::Bridged(ticket)
        | Input::Dialed(ticket, _)
        | Input::Sent(ticket, _)
        | Input::Referred(ticket, _) => Some(*ticket),
        _ => None,
    }
}
