//! A live leg: its record, what runs on it, and who is at its other end.

use super::dial::Dial;
use super::listen::Listener;
use super::recorder::{Clip, Recorder};
use exchange::calls::detection::{Answerer, Verdict};
use exchange::calls::script::{Listen, Script, Ticket, transcript};
use exchange::calls::user_messages::Exchange;
use exchange::calls::{Call, Direction};
use exchange::documents::Remark;
use exchange::sid::CallSid;
use exchange::webhooks::cookies::Jar;
use jiff::Timestamp;
use std::cell::Cell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;
use tokio::sync::watch;

/// Lines of a leg's transcript at most; a last one says that there were more.
const LINES_MAX: usize = 5_000;
/// The country whose ringing is heard where a document names none.
const RINGS_AS: &str = "us";
/// Timers of one leg at once at most: one of each kind, and a few to spare.
const TIMERS_MAX: usize = 64;
/// Legs that may follow from one call, one dialling the next, at most: a number of the house that
/// dials itself would never come to an end.
pub(super) const FAMILY_MAX: u32 = 200;
/// How long such a line of calls may be.
pub(super) const HOPS_MAX: u32 = 10;

/// Where a leg stands, as far as what may happen to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// It is queued, to be dialled at its time: nobody's line is in use yet.
    Waiting,
    /// It rings, at the handset or at the house.
    Ringing,
    /// It was answered.
    Live,
    /// Nobody is at its other end any more; documents may still be asked for.
    Over,
}

impl Phase {
    /// Whether somebody may be at its other end: it rings, or was answered.
    pub(super) fn is_live(self) -> bool {
        matches!(self, Phase::Ringing | Phase::Live)
    }
}

/// Who is at the other end of a leg.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Far {
    /// A handset of the simulated network.
    Handset(String),
    /// Another leg of this house: one number of the house called another.
    Leg(CallSid),
}

/// Something that has its time on a leg.
#[derive(Debug, Clone)]
pub(super) enum Timer {
    /// It is dialled.
    Dialled,
    /// A sound has been heard to its end.
    Played(Ticket),
    /// Nobody answered.
    RingsTooLong,
    /// The handset answers by itself.
    Answers,
    /// The person has finished speaking.
    FallsSilent {
        /// What was said.
        text: String,
        /// How sure that is.
        confidence: String,
    },
    /// It is known who answered.
    Verdict(Verdict),
    /// Keys that were to be pressed after the answer have been pressed.
    DigitsPressed,
    /// Keys and waits that are still to be pressed at the far end, another number of the house.
    Press(VecDeque<media::dtmf::Step>),
}

/// Words that a person says.
#[derive(Debug, Clone)]
pub(super) struct Speech {
    pub(super) text: String,
    pub(super) confidence: String,
    /// How it sounds; `None`: as the speech engine would say it.
    pub(super) samples: Option<Arc<[i16]>>,
    pub(super) length_ms: u64,
}

/// A sound that is being heard.
#[derive(Debug, Clone)]
pub(super) struct Playing {
    pub(super) ticket: Ticket,
    pub(super) clip: Clip,
    pub(super) since: Timestamp,
}

/// The calls that follow from one, and this one's place among them.
#[derive(Debug, Clone)]
pub(super) struct Family {
    /// Legs that were made so far.
    made: Rc<Cell<u32>>,
    /// Calls before this one, each of which led to the next.
    hops: u32,
}

impl Family {
    /// Of a call that follows from no other.
    pub(super) fn new() -> Family {
        Family { made: Rc::new(Cell::new(1)), hops: 0 }
    }

    /// One more leg; `None` when there are too many, or too long a line of them.
    pub(super) fn grown(&self) -> Option<Family> {
        let (made, hops) = (self.made.get() + 1, self.hops + 1);
        if made > FAMILY_MAX || hops > HOPS_MAX {
            return None;
        }
        self.made.set(made);
        Some(Family { made: self.made.clone(), hops })
    }
}

/// A live leg.
pub(super) struct Leg {
    /// Its record, as it was last handed to the store.
    pub(super) call: Call,
    pub(super) far: Far,
    pub(super) phase: Phase,
    /// What runs on it; a leg of a `<Dial>` without a whisper has none.
    pub(super) script: Option<Script>,
    /// How many scripts have run on it: what was ordered by an earlier one concerns nobody.
    pub(super) scripts: u32,
    /// What the script wanted so far, to compare with what its log makes of it.
    #[cfg(debug_assertions)]
    pub(super) outputs: Vec<exchange::calls::script::Output>,
    pub(super) family: Family,
    /// The parent's `<Dial>` that made it, and its place there.
    pub(super) parent: Option<(CallSid, usize)>,
    /// The leg it is connected with.
    pub(super) joined: Option<CallSid>,
    /// The `<Dial>` it waits for.
    pub(super) dial: Option<Dial>,
    pub(super) playing: Option<Playing>,
    pub(super) listening: Option<(Ticket, Listen)>,
    /// The person is speaking since then.
    pub(super) speaking: Option<Timestamp>,
    /// What the person is saying, and since when; nobody knows that of a live voice.
    pub(super) saying: Option<(Timestamp, Clip)>,
    pub(super) timers: Vec<(Timestamp, Timer)>,
    pub(super) recorders: Vec<Recorder>,
    /// Who listens and speaks live at its other end.
    pub(super) listener: Option<Box<Listener>>,
    /// Recordings that are being written; the leg stays until they are.
    pub(super) keeping: usize,
    /// The recording of the whole call (REST `Record=true`), once it is known.
    pub(super) whole: Option<webhook::CallRecording>,
    /// Who answers at the other end.
    pub(super) answers: Answerer,
    /// How long finding out who answered took.
    pub(super) detection_ms: Option<u32>,
    /// What the person says after what is being said.
    pub(super) pending_speech: VecDeque<Speech>,
    /// A sound that is being had: nothing is heard yet.
    pub(super) loading: Option<Ticket>,
    /// What the client program at its other end and the application say to each other.
    pub(super) messages: Option<Box<Exchange>>,
    /// What was found wrong since the last log entry.
    pub(super) remarks: Vec<Remark>,
    pub(super) jar: Jar,
    /// The same after so many inputs of the script, where it changed: a fork has those of its
    /// point.
    pub(super) jars: Vec<(usize, Jar)>,
    /// A sound of a fork that began before it, and when.
    pub(super) resumes: Option<(Ticket, Timestamp)>,
    /// It waits to be drained.
    pub(super) is_ready: bool,
    /// When it has its entry in the board's agenda.
    pub(super) scheduled: Option<(Timestamp, u64)>,
    began: Timestamp,
    lines: Vec<String>,
    count: watch::Sender<usize>,
}

impl Leg {
    pub(super) fn new(call: Call, far: Far, now: Timestamp) -> Leg {
        Leg {
            call,
            far,
            phase: Phase::Ringing,
            script: None,
            scripts: 0,
            #[cfg(debug_assertions)]
            outputs: Vec::new(),
            family: Family::new(),
            parent: None,
            joined: None,
            dial: None,
            playing: None,
            listening: None,
            speaking: None,
            saying: None,
            timers: Vec::new(),
            recorders: Vec::new(),
            listener: None,
            keeping: 0,
            whole: None,
            answers: Answerer::PERSON,
            detection_ms: None,
            pending_speech: VecDeque::new(),
            loading: None,
            messages: None,
            remarks: Vec::new(),
            jar: Jar::default(),
            jars: Vec::new(),
            resumes: None,
            is_ready: false,
            scheduled: None,
            began: now,
            lines: Vec::new(),
            count: watch::Sender::new(0),
        }
    }

    /// The handset at its other end.
    pub(super) fn handset(&self) -> Option<&str> {
        match &self.far {
            Far::Handset(address) => Some(address),
            Far::Leg(_) => None,
        }
    }

    /// The country whose ringing is heard at its other end: a caller whom nobody has answered
    /// hears it, and so does who waits for a `<Dial>`.
    pub(super) fn hears_ringing(&self) -> Option<&str> {
        match (&self.dial, self.phase) {
            (_, Phase::Over) => None,
            (Some(dial), _) if self.joined.is_none() => {
                Some(dial.dialing.order().ring_tone.as_deref().unwrap_or(RINGS_AS))
            }
            (_, Phase::Ringing) if self.call.direction == Direction::Inbound => Some(RINGS_AS),
            _ => None,
        }
    }

    /// Whether nothing will come of it any more.
    pub(super) fn is_done(&self) -> bool {
        self.phase == Phase::Over
            && self.dial.is_none()
            && self.keeping == 0
            && self.recorders.is_empty()
            && self.script.as_ref().is_none_or(Script::is_over)
    }

    /// When something is due on it next.
    pub(super) fn due(&self) -> Option<Timestamp> {
        let timers = self.timers.iter().map(|(due, _)| *due);
        let script = self.script.as_ref().and_then(Script::deadline);
        let dial = self.dial.as_ref().and_then(|dial| dial.dialing.deadline());
        timers.chain(script).chain(dial).min()
    }

    /// Puts something on its time; `false` when too much waits already.
    pub(super) fn set(&mut self, due: Timestamp, timer: Timer) -> bool {
        if self.timers.len() >= TIMERS_MAX {
            return false;
        }
        self.timers.push((due, timer));
        true
    }

    /// Takes the earliest timer that is due.
    pub(super) fn take_due(&mut self, now: Timestamp) -> Option<Timer> {
        let due = self.timers.iter().enumerate().filter(|(_, (due, _))| *due <= now);
        let (place, _) = due.min_by_key(|(place, (due, _))| (*due, *place))?;
        Some(self.timers.remove(place).1)
    }

    /// Forgets timers of a kind.
    pub(super) fn unset(&mut self, is_it: impl Fn(&Timer) -> bool) {
        self.timers.retain(|(_, timer)| !is_it(timer));
    }

    /// Writes a line of the transcript: `<` is what the house does, `>` what happened to it.
    pub(super) fn note(&mut self, now: Timestamp, way: char, text: &str) {
        if self.lines.len() > LINES_MAX {
            return;
        }
        let is_full = self.lines.len() == LINES_MAX;
        let text = if is_full { "no more lines are kept" } else { text };
        self.lines.push(transcript::line(self.began, now, is_full || way == '<', text));
        self.count.send_replace(self.lines.len());
    }

    /// When its transcript begins.
    pub(super) fn began(&self) -> Timestamp {
        self.began
    }

    /// The transcript so far.
    pub(super) fn transcript(&self) -> super::Transcript {
        super::Transcript { lines: self.lines.clone(), count: self.count.subscribe() }
    }

    /// The transcript as one text.
    pub(super) fn text(&self) -> String {
        let mut text = self.lines.join("\n");
        text.push('\n');
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 10,000 calls at once are to take less than 20 kB each, their documents included.
    #[test]
    fn a_leg_is_small() {
        let bytes = std::mem::size_of::<Leg>();
        assert!(bytes <= 3 * 1024, "{bytes}");
    }

    #[test]
    fn a_family_does_not_grow_without_an_end() {
        let first = Family::new();
        let mut line = vec![first.clone()];
        while let Some(next) = line[line.len() - 1].grown() {
            line.push(next);
        }
        assert_eq!(line.len(), 1 + HOPS_MAX as usize);
        let mut made = line.len() as u32;
        while first.grown().is_some() {
            made += 1;
        }
        assert_eq!(made, FAMILY_MAX);
    }
}
