//! A live leg: its record, what runs on it, and who is at its other end.

use super::dial::Dial;
use super::listen::Listener;
use super::recorder::Recorder;
use exchange::calls::Call;
use exchange::calls::detection::{Answerer, Verdict};
use exchange::calls::script::{Listen, Script, Sound, Ticket, transcript};
use exchange::documents::Remark;
use exchange::sid::CallSid;
use exchange::webhooks::cookies::Jar;
use jiff::Timestamp;
use std::collections::VecDeque;
use std::sync::Arc;
use tokio::sync::watch;

/// Lines of a leg's transcript at most; a last one says that there were more.
const LINES_MAX: usize = 5_000;
/// Timers of one leg at once at most: a few kinds, and speech that was queued.
const TIMERS_MAX: usize = 64;

/// Where a leg stands, as far as what may happen to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// It rings, at the handset or at the house.
    Ringing,
    /// It was answered.
    Live,
    /// Nobody is at its other end any more; documents may still be asked for.
    Over,
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
    pub(super) sound: Sound,
}

/// A live leg.
pub(super) struct Leg {
    /// Its record, as it was last handed to the store.
    pub(super) call: Call,
    pub(super) far: Far,
    pub(super) phase: Phase,
    /// What runs on it; a leg of a `<Dial>` without a whisper has none.
    pub(super) script: Option<Script>,
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
    /// What was found wrong since the last log entry.
    pub(super) remarks: Vec<Remark>,
    pub(super) jar: Jar,
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
            parent: None,
            joined: None,
            dial: None,
            playing: None,
            listening: None,
            speaking: None,
            timers: Vec::new(),
            recorders: Vec::new(),
            listener: None,
            keeping: 0,
            whole: None,
            answers: Answerer::PERSON,
            detection_ms: None,
            pending_speech: VecDeque::new(),
            loading: None,
            remarks: Vec::new(),
            jar: Jar::default(),
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
