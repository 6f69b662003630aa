//! `Start`: recordings beside the call; the next verb runs at once.
//!
//! A recording outlives its document and ends by `<Stop>`, by REST or with the leg.
//! Contract: twiml.md 2.11.

use super::later;
use crate::calls::RecordPlan;
use crate::calls::script::{Output, Scene, Step, TAPS_MAX};
use twiml::{Channels, Recording, RecordingTrack, Start, Tap};

/// What the schema cannot say, but forbids.
pub(super) const SCHEMA: u32 = 12200;

pub(super) fn start(start: Start, scene: &mut Scene<'_>) -> Step {
    for tap in start.taps {
        match tap {
            Tap::Recording(recording) => record(recording, scene),
            Tap::Stream(_) | Tap::Siprec(_) | Tap::Transcription(_) => {
                later::remark(&format!("Start {}", tap.name()), scene);
            }
        }
    }
    Step::Next
}

fn record(recording: Recording, scene: &mut Scene<'_>) {
    let is_taken = recording.name.is_some() && scene.taps.contains(&recording.name);
    if is_taken || scene.taps.len() >= TAPS_MAX {
        let why = if is_taken { "its name is taken" } else { "too many run already" };
        return scene.remark(SCHEMA, format!("Start: the recording does not begin, {why}"));
    }
    let callback = scene.recording_callback(
        recording.recording_status_callback.as_deref(),
        recording.recording_status_callback_method,
        &recording.recording_status_callback_event,
    );
    let is_both = recording.track == RecordingTrack::Both;
    let plan = RecordPlan {
        dual: recording.channels == Channels::Dual && is_both,
        from_ringing: false,
        track: recording.track,
        trim: recording.trim,
        callback,
    };
    scene.taps.push(recording.name.clone());
    scene.orders.push(Output::StartRecording(recording.name, plan));
}
