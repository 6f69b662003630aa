//! `Record`: a beep, then what the person says, until silence, a key, its length or a hang-up.
//!
//! ```text
//!  beeping ──▶ recording ──silence, key, length──▶ stopping ──kept──▶ action
//!                  └──hang-up (Digits=hangup)─────────┘  └─nothing──▶ next verb
//! ```
//!
//! A recording of silence is kept like any other. Contract: twiml.md 2.5, webhooks.md 2e.

use super::Running;
use crate::calls::script::{
    Fault, Goal, Input, Orders, Output, RecordOrder, RecordingEnd, Scene, Sound, Step, Then, Ticket,
};
use jiff::Timestamp;
use twiml::Record;

/// A Record that is under way.
#[derive(Debug)]
pub(in crate::calls) struct Recording {
    record: Box<Record>,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    Beeping(Ticket),
    Recording { ticket: Ticket, quiet_until: Option<Timestamp>, until: Timestamp },
    Stopping { ticket: Ticket, digits: String },
}

pub(super) fn start(record: Record, scene: &mut Scene<'_>) -> Step {
    let beeps = record.play_beep;
    let mut recording = Recording { record: Box::new(record), stage: Stage::Beeping(Ticket(0)) };
    if beeps {
        recording.stage = Stage::Beeping(scene.orders.play(Sound::Beep));
    } else {
        recording.begin(scene);
    }
    Step::Wait(Running::Record(recording))
}

impl Recording {
    fn begin(&mut self, scene: &mut Scene<'_>) {
        let record = &self.record;
        let callback = scene.recording_callback(
            record.recording_status_callback.as_deref(),
            record.recording_status_callback_method,
            &record.recording_status_callback_event,
        );
        let told = record.transcribe_callback.as_deref();
        let transcribe =
            record.transcribe.then(|| scene.callback(told, twiml::Method::Post, 13257));
        let ticket = scene.orders.ticket();
        let order = RecordOrder { trim: record.trim, callback, transcribe };
        scene.orders.push(Output::Record(ticket, order));
        let until = scene.orders.after(record.length_seconds_max());
        let quiet_until = self.silence(scene);
        self.stage = Stage::Recording { ticket, quiet_until, until };
    }

    /// When silence that begins now ends the recording.
    fn silence(&self, scene: &Scene<'_>) -> Option<Timestamp> {
        let counts = self.record.timeout > 0 && !scene.has_voice;
        counts.then(|| scene.orders.after(self.record.timeout))
    }

    pub fn deadline(&self) -> Option<Timestamp> {
        match self.stage {
            Stage::Recording { quiet_until, until, .. } => {
                Some(quiet_until.map_or(until, |quiet| quiet.min(until)))
            }
            Stage::Beeping(_) | Stage::Stopping { .. } => None,
        }
    }

    pub fn input(&mut self, input: Input, scene: &mut Scene<'_>) -> Then {
        let silence = self.silence(scene);
        match (input, &mut self.stage) {
            (Input::Played(ticket, end), Stage::Beeping(beep)) if ticket == *beep => {
                if let Err(remark) = end {
                    scene.pass_on(remark);
                }
                self.begin(scene);
            }
            (Input::Voice(_), Stage::Recording { quiet_until, .. })
                if !scene.orders.has(Fault::VoiceIgnored) =>
            {
                *quiet_until = silence;
            }
            (Input::Digit(key), Stage::Recording { .. })
                if self.record.finish_on_key.contains(key) =>
            {
                self.end(key.to_string(), scene.orders);
            }
            (Input::Tick, Stage::Recording { .. }) => self.end(String::new(), scene.orders),
            (Input::Recorded(ticket, end), Stage::Recording { ticket: own, .. })
                if ticket == *own =>
            {
                return self.recorded(end, String::new());
            }
            (Input::Recorded(ticket, end), Stage::Stopping { ticket: own, digits })
                if ticket == *own =>
            {
                let digits = std::mem::take(digits);
                return self.recorded(end, digits);
            }
            _ => {}
        }
        Then::Stay
    }

    fn end(&mut self, digits: String, orders: &mut Orders) {
        if let Stage::Recording { ticket, .. } = self.stage {
            orders.push(Output::StopRecording(ticket));
            self.stage = Stage::Stopping { ticket, digits };
        }
    }

    fn recorded(&mut self, end: RecordingEnd, digits: String) -> Then {
        let Some(kept) = end.kept else { return Then::Go(Step::Next) };
        let goal = Goal::new(self.record.action.take(), self.record.method);
        Then::Go(Step::Ask(
            goal.tell("RecordingUrl", kept.url)
                .tell("RecordingSid", kept.sid.to_string())
                .tell("RecordingDuration", kept.duration_seconds.to_string())
                .tell("Digits", digits),
        ))
    }

    pub fn stop(self, orders: &mut Orders) {
        match self.stage {
            Stage::Beeping(ticket) => orders.push(Output::StopPlaying(ticket)),
            Stage::Recording { ticket, .. } => orders.push(Output::StopRecording(ticket)),
            Stage::Stopping { .. } => {}
        }
    }

    /// What was recorded before a hang-up is kept, and its action is asked.
    pub fn hung_up(self) -> Option<Recording> {
        let stage = match self.stage {
            Stage::Beeping(_) => return None,
            Stage::Recording { ticket, .. } => {
                Stage::Stopping { ticket, digits: "hangup".to_owned() }
            }
            stopping @ Stage::Stopping { .. } => stopping,
        };
        Some(Recording { stage, ..self })
    }
}
