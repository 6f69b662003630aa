//! Answering machine detection, decided from what the other end is.
//!
//! ```text
//! answer ─ silence ─▶ speech ─┬─ longer than the speech threshold ─▶ machine
//!     │                       └─ then silence of the end threshold ─▶ human
//!     └─ no speech within the silence timeout, or no verdict within the timeout ─▶ unknown
//! ```
//!
//! Handsets of the simulated network don't have to be listened to: it is known who answers and how
//! long they speak first, and the verdict follows from that and the order's thresholds as it would
//! from the sound. A person with a long greeting is taken for a machine, and a machine with a
//! short one for a person, as with Twilio. Called by the switchboard when a leg is answered.
//! Contract: webhooks.md 2e.2, twiml.md 2.6.1.

use crate::calls::{AnsweredBy, Detection};
use twiml::MachineDetection;

/// A person's "hello?", in milliseconds.
pub const HELLO_MS: u32 = 800;
/// A machine's greeting, in milliseconds: longer than any speech threshold may be.
pub const GREETING_MS: u32 = 8000;
/// Silence before either, in milliseconds.
pub const BREATH_MS: u32 = 300;
/// The beep at the end of a machine's greeting, in milliseconds.
pub const BEEP_MS: u32 = 500;

/// Who answers, and what is heard of them first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answerer {
    /// Silence from the answer to the first word, in milliseconds; `None` when there is none.
    pub begins_ms: Option<u32>,
    /// Length of the first stretch of speech, in milliseconds.
    pub speech_ms: u32,
    /// Whether a beep follows: then it is a machine that takes messages.
    pub beeps: bool,
}

impl Answerer {
    /// Somebody who says hello and waits.
    pub const PERSON: Answerer =
        Answerer { begins_ms: Some(BREATH_MS), speech_ms: HELLO_MS, beeps: false };
    /// A machine with a greeting and a beep.
    pub const MACHINE: Answerer =
        Answerer { begins_ms: Some(BREATH_MS), speech_ms: GREETING_MS, beeps: true };
    /// Somebody who says nothing.
    pub const SILENCE: Answerer = Answerer { begins_ms: None, speech_ms: 0, beeps: false };
}

/// What is found out, and how long that takes from the answer on: `MachineDetectionDuration`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Who or what answered.
    pub by: AnsweredBy,
    /// Milliseconds from the answer on.
    pub after_ms: u32,
}

/// The verdict on `answerer` by the order's thresholds.
pub fn verdict(answerer: Answerer, order: &Detection) -> Verdict {
    let found = listen(answerer, order);
    if found.after_ms > order.timeout_ms {
        return Verdict { by: AnsweredBy::Unknown, after_ms: order.timeout_ms };
    }
    found
}

fn listen(answerer: Answerer, order: &Detection) -> Verdict {
    let begins = answerer.begins_ms.filter(|ms| *ms < order.silence_timeout_ms);
    let Some(begins_ms) = begins else {
        return Verdict { by: AnsweredBy::Unknown, after_ms: order.silence_timeout_ms };
    };
    let ends_ms = begins_ms.saturating_add(answerer.speech_ms);
    let quiet_ms = ends_ms.saturating_add(order.speech_end_threshold_ms);
    if answerer.speech_ms < order.speech_threshold_ms {
        return Verdict { by: AnsweredBy::Human, after_ms: quiet_ms };
    }
    match order.mode {
        MachineDetection::Enable => Verdict {
            by: AnsweredBy::MachineStart,
            after_ms: begins_ms.saturating_add(order.speech_threshold_ms),
        },
        MachineDetection::DetectMessageEnd if answerer.beeps => {
            Verdict { by: AnsweredBy::MachineEndBeep, after_ms: ends_ms.saturating_add(BEEP_MS) }
        }
        MachineDetection::DetectMessageEnd => {
            Verdict { by: AnsweredBy::MachineEndSilence, after_ms: quiet_ms }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use MachineDetection::{DetectMessageEnd, Enable};

    #[test]
    fn the_verdict_follows_from_the_first_speech_and_the_thresholds() {
        let long = Answerer { speech_ms: 3000, ..Answerer::PERSON };
        let beepless = Answerer { beeps: false, ..Answerer::MACHINE };
        let late = Answerer { begins_ms: Some(5000), ..Answerer::PERSON };
        for (answerer, mode, threshold_ms, timeout_ms, by, after_ms) in [
            (Answerer::PERSON, Enable, 2400, 30_000, AnsweredBy::Human, 2300),
            (Answerer::PERSON, DetectMessageEnd, 2400, 30_000, AnsweredBy::Human, 2300),
            (Answerer::MACHINE, Enable, 2400, 30_000, AnsweredBy::MachineStart, 2700),
            (Answerer::MACHINE, Enable, 6000, 30_000, AnsweredBy::MachineStart, 6300),
            (Answerer::MACHINE, DetectMessageEnd, 2400, 30_000, AnsweredBy::MachineEndBeep, 8800),
            (beepless, DetectMessageEnd, 2400, 30_000, AnsweredBy::MachineEndSilence, 9500),
            // Greetings of unusual length mislead it.
            (long, Enable, 2400, 30_000, AnsweredBy::MachineStart, 2700),
            (long, Enable, 3500, 30_000, AnsweredBy::Human, 4500),
            // Nothing heard, or not in time.
            (Answerer::SILENCE, Enable, 2400, 30_000, AnsweredBy::Unknown, 5000),
            (late, Enable, 2400, 30_000, AnsweredBy::Unknown, 5000),
            (Answerer::SILENCE, Enable, 2400, 3000, AnsweredBy::Unknown, 3000),
            (Answerer::MACHINE, DetectMessageEnd, 2400, 5000, AnsweredBy::Unknown, 5000),
        ] {
            let order = Detection {
                mode,
                timeout_ms,
                speech_threshold_ms: threshold_ms,
                speech_end_threshold_ms: 1200,
                silence_timeout_ms: 5000,
                callback: None,
                is_async: false,
            };
            assert_eq!(verdict(answerer, &order), Verdict { by, after_ms }, "{answerer:?} {mode}");
        }
    }
}
