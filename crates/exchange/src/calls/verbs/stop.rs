//! `Stop`: the end of what a `<Start>` began; the next verb runs at once.
//!
//! Contract: twiml.md 2.11.

use super::later;
use super::start::SCHEMA;
use crate::calls::script::{Output, Scene, Step};
use twiml::{Stop, Tap};

pub(super) fn start(stop: Stop, scene: &mut Scene<'_>) -> Step {
    for tap in stop.taps {
        match tap {
            Tap::Recording(recording) => end(recording.name, scene),
            Tap::Stream(_) | Tap::Siprec(_) | Tap::Transcription(_) => {
                later::remark(&format!("Stop {}", tap.name()), scene);
            }
        }
    }
    Step::Next
}

/// By its name; without one, the newest.
fn end(name: Option<String>, scene: &mut Scene<'_>) {
    let found = match &name {
        Some(_) => scene.taps.iter().rposition(|tap| *tap == name),
        None => scene.taps.len().checked_sub(1),
    };
    match found {
        Some(index) => {
            scene.taps.remove(index);
            scene.orders.push(Output::StopTap(name));
        }
        None => scene.remark(SCHEMA, "Stop: no such recording runs"),
    }
}
