//! A call's plan as one text, to be kept beside its record.
//!
//! The store writes it once and again when REST changes it; nobody looks inside. A form, so that
//! any value survives: what is absent is the usual. Lists of an application's own names are forms
//! inside the form, so that they can't be taken for ours.

use crate::calls::script::First;
use crate::calls::{Callback, Detection, Events, Plan, RecordPlan, RecordingCallback};
use crate::numbers::{Method, Target};
use crate::sid::CallSid;
use twiml::{CallEvent, MachineDetection, RecordingEvent, RecordingTrack, Trim};
use webhook::Form;

const TRIMS: [Trim; 2] = [Trim::TrimSilence, Trim::DoNotTrim];
const TRACKS: [RecordingTrack; 3] =
    [RecordingTrack::Both, RecordingTrack::Inbound, RecordingTrack::Outbound];
const RECORDING_EVENTS: [RecordingEvent; 3] =
    [RecordingEvent::InProgress, RecordingEvent::Completed, RecordingEvent::Absent];
const CALL_EVENTS: [CallEvent; 4] =
    [CallEvent::Initiated, CallEvent::Ringing, CallEvent::Answered, CallEvent::Completed];
const MODES: [MachineDetection; 2] = [MachineDetection::Enable, MachineDetection::DetectMessageEnd];

impl Plan {
    /// The plan as text.
    pub fn to_context(&self) -> String {
        let mut form = Form::new();
        match &self.first {
            Some(First::Ask(asked)) => push_target(&mut form, "ask", asked),
            Some(First::Twiml(text)) => form.push("twiml", text.as_str()),
            None => {}
        }
        if let Some(fallback) = &self.fallback {
            push_target(&mut form, "fallback", fallback);
        }
        if let Some(callback) = &self.callback {
            push_target(&mut form, "callback", &callback.target);
            let names = callback.events.iter().map(CallEvent::as_str);
            form.push("callback_events", names.collect::<Vec<_>>().join(" "));
            push_flag(&mut form, "callback_of_number", callback.of_number);
        }
        if self.delay_seconds > 0 {
            form.push("delay", self.delay_seconds.to_string());
        }
        form.push("timeout", self.timeout_seconds.to_string());
        if let Some(seconds) = self.time_limit_seconds {
            form.push("time_limit", seconds.to_string());
        }
        if let Some(keys) = &self.send_digits {
            form.push("send_digits", keys.as_str());
        }
        if let Some(record) = &self.record {
            push_record(&mut form, record);
        }
        if let Some(detection) = &self.detection {
            push_detection(&mut form, detection);
        }
        if let Some(sid) = &self.forked_from {
            form.push("forked_from", sid.as_str());
        }
        if !self.parameters.is_empty() {
            let own: Form = self
                .parameters
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect();
            form.push("parameters", own.encode());
        }
        form.encode()
    }

    /// Reads what [`Plan::to_context`] wrote; `None` for anything else.
    pub fn from_context(text: &str) -> Option<Plan> {
        let form = Form::parse(text.as_bytes()).ok()?;
        let parameters = match form.get("parameters") {
            Some(text) => Form::parse(text.as_bytes()).ok()?.into_iter().collect(),
            None => Vec::new(),
        };
        let twiml = form.get("twiml").map(|text| First::Twiml(text.to_owned()));
        Some(Plan {
            first: target(&form, "ask").map(First::Ask).or(twiml),
            fallback: target(&form, "fallback"),
            callback: target(&form, "callback").map(|target| Callback {
                target,
                events: Events::of(listed(
                    &form,
                    "callback_events",
                    &CALL_EVENTS,
                    CallEvent::as_str,
                )),
                of_number: form.get("callback_of_number").is_some(),
            }),
            delay_seconds: number(&form, "delay").unwrap_or(0),
            timeout_seconds: number(&form, "timeout")?,
            time_limit_seconds: number(&form, "time_limit"),
            send_digits: form.get("send_digits").map(str::to_owned),
            record: record(&form),
            detection: detection(&form),
            forked_from: form.get("forked_from").and_then(CallSid::parse),
            parameters,
        })
    }
}

fn push_target(form: &mut Form, name: &str, target: &Target) {
    form.push(name, target.url.as_str());
    if target.method == Method::Get {
        form.push([name, "_get"].concat(), "true");
    }
}

fn target(form: &Form, name: &str) -> Option<Target> {
    let url = form.get(name)?.to_owned();
    let is_get = form.get(&[name, "_get"].concat()).is_some();
    Some(Target { url, method: if is_get { Method::Get } else { Method::Post } })
}

fn push_flag(form: &mut Form, name: &str, flag: bool) {
    if flag {
        form.push(name, "true");
    }
}

fn number(form: &Form, name: &str) -> Option<u32> {
    form.get(name)?.parse().ok()
}

/// The one of `all` that the form names.
fn one<T: Copy>(form: &Form, name: &str, all: &[T], word: fn(T) -> &'static str) -> Option<T> {
    let text = form.get(name)?;
    all.iter().copied().find(|value| word(*value) == text)
}

/// Those of `all` that the form names, in its order.
fn listed<T: Copy>(form: &Form, name: &str, all: &[T], word: fn(T) -> &'static str) -> Vec<T> {
    let text = form.get(name).unwrap_or_default();
    let find = |text: &str| all.iter().copied().find(|value| word(*value) == text);
    text.split(' ').filter_map(find).collect()
}

fn push_record(form: &mut Form, record: &RecordPlan) {
    form.push("record", if record.dual { "dual" } else { "mono" });
    push_flag(form, "record_ringing", record.from_ringing);
    form.push("record_track", record.track.as_str());
    form.push("record_trim", record.trim.as_str());
    if let Some(callback) = &record.callback {
        push_target(form, "record_callback", &callback.target);
        let names: Vec<_> = callback.events.iter().map(|event| event.as_str()).collect();
        form.push("record_events", names.join(" "));
    }
}

fn record(form: &Form) -> Option<RecordPlan> {
    Some(RecordPlan {
        dual: form.get("record")? == "dual",
        from_ringing: form.get("record_ringing").is_some(),
        track: one(form, "record_track", &TRACKS, RecordingTrack::as_str)?,
        trim: one(form, "record_trim", &TRIMS, Trim::as_str)?,
        callback: target(form, "record_callback").map(|target| RecordingCallback {
            target,
            events: listed(form, "record_events", &RECORDING_EVENTS, RecordingEvent::as_str),
        }),
    })
}

fn push_detection(form: &mut Form, detection: &Detection) {
    form.push("detect", detection.mode.as_str());
    for (name, ms) in [
        ("detect_timeout", detection.timeout_ms),
        ("detect_speech", detection.speech_threshold_ms),
        ("detect_speech_end", detection.speech_end_threshold_ms),
        ("detect_silence", detection.silence_timeout_ms),
    ] {
        form.push(name, ms.to_string());
    }
    push_flag(form, "detect_async", detection.is_async);
    if let Some(callback) = &detection.callback {
        push_target(form, "detect_callback", callback);
    }
}

fn detection(form: &Form) -> Option<Detection> {
    Some(Detection {
        mode: one(form, "detect", &MODES, MachineDetection::as_str)?,
        timeout_ms: number(form, "detect_timeout")?,
        speech_threshold_ms: number(form, "detect_speech")?,
        speech_end_threshold_ms: number(form, "detect_speech_end")?,
        silence_timeout_ms: number(form, "detect_silence")?,
        callback: target(form, "detect_callback"),
        is_async: form.get("detect_async").is_some(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::option::of;
    use proptest::prelude::*;
    use proptest::sample::{select, subsequence};

    fn a_target() -> impl Strategy<Value = Target> {
        (any::<String>(), select(vec![Method::Get, Method::Post]))
            .prop_map(|(url, method)| Target { url, method })
    }

    fn a_first() -> impl Strategy<Value = First> {
        prop_oneof![a_target().prop_map(First::Ask), any::<String>().prop_map(First::Twiml)]
    }

    fn a_callback() -> impl Strategy<Value = Callback> {
        (a_target(), subsequence(CALL_EVENTS.to_vec(), 0..=4), any::<bool>()).prop_map(
            |(target, events, of_number)| Callback {
                target,
                events: Events::of(events),
                of_number,
            },
        )
    }

    fn a_record() -> impl Strategy<Value = RecordPlan> {
        let callback = (a_target(), subsequence(RECORDING_EVENTS.to_vec(), 0..=3))
            .prop_map(|(target, events)| RecordingCallback { target, events });
        let words = (select(TRACKS.to_vec()), select(TRIMS.to_vec()));
        (any::<(bool, bool)>(), words, of(callback)).prop_map(
            |((dual, from_ringing), (track, trim), callback)| RecordPlan {
                dual,
                from_ringing,
                track,
                trim,
                callback,
            },
        )
    }

    fn a_detection() -> impl Strategy<Value = Detection> {
        (select(MODES.to_vec()), any::<[u32; 4]>(), of(a_target()), any::<bool>()).prop_map(
            |(mode, ms, callback, is_async)| Detection {
                mode,
                timeout_ms: ms[0],
                speech_threshold_ms: ms[1],
                speech_end_threshold_ms: ms[2],
                silence_timeout_ms: ms[3],
                callback,
                is_async,
            },
        )
    }

    proptest! {
        #[test]
        fn a_plan_survives_its_text(
            (first, fallback, callback) in (of(a_first()), of(a_target()), of(a_callback())),
            (delay_seconds, timeout_seconds, time_limit_seconds) in any::<(u32, u32, Option<u32>)>(),
            send_digits in of("[0-9*#w]{0,9}"),
            (record, detection) in (of(a_record()), of(a_detection())),
            forked_from in of("CA[0-9a-f]{32}"),
            parameters in prop::collection::vec(any::<(String, String)>(), 0..4),
        ) {
            let plan = Plan {
                first,
                fallback,
                callback,
                delay_seconds,
                timeout_seconds,
                time_limit_seconds,
                send_digits,
                record,
                detection,
                forked_from: forked_from.as_deref().and_then(CallSid::parse),
                parameters,
            };
            prop_assert_eq!(Plan::from_context(&plan.to_context()), Some(plan));
        }

        #[test]
        fn no_text_is_a_panic(text in any::<String>()) {
            let _ = Plan::from_context(&text);
        }
    }
}
