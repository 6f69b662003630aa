//! `Dial`: calls others and connects whoever answers; then its action, or the next verb.
//!
//! Ringing, whispers and time limits of the other legs are `calls/dialing`'s: this only says whom
//! and how, and what follows. Contract: twiml.md 2.6, 4.4, webhooks.md 2e.

use super::{Running, later, word};
use crate::calls::script::{
    Callee, CalleeAddress, DialEnd, DialOrder, Fault, Goal, Input, Orders, Output, Role, Scene,
    Step, Then, Ticket,
};
use crate::calls::{Callback, Detection, Events, RecordPlan, State};
use crate::numbers::Target;
use twiml::{CallEvent, CallRecord, Dial, MachineDetection, Method, Noun, Parameter};

/// A `<Dial>` from within a dialed leg.
const DIAL_IN_WHISPER: u32 = 13201;
/// Machine detection that tells nobody.
const NO_DETECTION_CALLBACK: u32 = 21262;

/// A Dial that is under way.
#[derive(Debug)]
pub(in crate::calls) struct Dialing {
    ticket: Ticket,
    hangs_up_on_star: bool,
    is_canceled: bool,
    action: Option<String>,
    method: Method,
}

pub(super) fn start(mut dial: Dial, scene: &mut Scene<'_>) -> Step {
    if scene.setup.role == Role::Whisper {
        scene.remark(DIAL_IN_WHISPER, "Dial: whoever was dialed cannot dial others");
        return Step::Next;
    }
    let nouns = std::mem::take(&mut dial.nouns);
    let callees: Vec<Callee> = nouns.into_iter().filter_map(|noun| callee(noun, scene)).collect();
    let mut dialing = Dialing {
        ticket: Ticket(0),
        hangs_up_on_star: dial.hangup_on_star,
        is_canceled: false,
        action: dial.action.take(),
        method: dial.method,
    };
    if callees.is_empty() {
        return dialing.end(DialEnd {
            status: State::Failed,
            sid: None,
            duration_seconds: None,
            bridged: false,
            recording: None,
            answered_by: None,
            parameters: Vec::new(),
        });
    }
    let order = order(dial, callees, scene);
    dialing.ticket = scene.orders.ticket();
    scene.orders.push(Output::Dial(dialing.ticket, Box::new(order)));
    Step::Wait(Running::Dial(dialing))
}

impl Dialing {
    pub fn input(&mut self, input: Input, scene: &mut Scene<'_>) -> Then {
        match input {
            Input::Bridged(ticket) if ticket == self.ticket => return Then::Answer,
            Input::Dialed(ticket, end) if ticket == self.ticket => {
                return Then::Go(self.end(end));
            }
            Input::Digit('*') if self.hangs_up_on_star && !self.is_canceled => {
                self.is_canceled = true;
                scene.orders.push(Output::CancelDial(self.ticket));
            }
            _ => {}
        }
        Then::Stay
    }

    fn end(&mut self, end: DialEnd) -> Step {
        let Some(action) = self.action.take() else { return Step::Next };
        let recording = end.recording;
        let mut goal = Goal::new(Some(action), self.method)
            .tell("DialCallStatus", end.status.as_str())
            .tell_if("DialCallSid", end.sid)
            .tell_if("DialCallDuration", end.duration_seconds)
            .tell("DialBridged", word(end.bridged))
            .tell_if("AnsweredBy", end.answered_by.map(|by| by.as_str()));
        if let Some(kept) = recording {
            goal = goal
                .tell("RecordingUrl", kept.url)
                .tell("RecordingSid", kept.sid.to_string())
                .tell("RecordingDuration", kept.duration_seconds.to_string());
        }
        goal.parameters.extend(end.parameters);
        Step::Ask(goal)
    }

    pub fn stop(self, orders: &mut Orders) {
        if !self.is_canceled && !orders.has(Fault::DialGoesOn) {
            orders.push(Output::CancelDial(self.ticket));
        }
    }
}

fn order(dial: Dial, callees: Vec<Callee>, scene: &mut Scene<'_>) -> DialOrder {
    DialOrder {
        callees,
        is_sequential: dial.sequential,
        timeout_seconds: dial.timeout,
        time_limit_seconds: dial.time_limit,
        record: record(&dial, scene),
        caller_id: dial.caller_id,
        answers_on_bridge: dial.answer_on_bridge,
        ring_tone: dial.ring_tone,
        refer: scene.document(dial.refer_url.as_deref(), dial.refer_method),
    }
}

fn record(dial: &Dial, scene: &mut Scene<'_>) -> Option<RecordPlan> {
    let (dual, from_ringing) = match dial.record {
        CallRecord::DoNotRecord => return None,
        CallRecord::FromAnswer => (false, false),
        CallRecord::FromRinging => (false, true),
        CallRecord::FromAnswerDual => (true, false),
        CallRecord::FromRingingDual => (true, true),
    };
    let callback = scene.recording_callback(
        dial.recording_status_callback.as_deref(),
        dial.recording_status_callback_method,
        &dial.recording_status_callback_event,
    );
    let track = dial.recording_track;
    // One side alone is one channel.
    let dual = dual && track == twiml::RecordingTrack::Both;
    Some(RecordPlan { dual, from_ringing, track, trim: dial.trim, callback })
}

/// Somebody to call; `None` for what cannot be called yet, which is told.
fn callee(noun: Noun, scene: &mut Scene<'_>) -> Option<Callee> {
    let callee = match noun {
        Noun::Number(number) => return Some(number_callee(number, scene)),
        Noun::Sip(sip) => return sip_callee(sip, scene),
        Noun::Application(application) => return Some(application_callee(application, scene)),
        Noun::Client(client) => Callee {
            whisper: scene.document(client.url.as_deref(), client.method),
            callback: told(
                client.status_callback.as_deref(),
                client.status_callback_method,
                &client.status_callback_event,
                scene,
            ),
            parameters: pairs(client.parameters),
            ..bare(CalleeAddress::Client(client.identity))
        },
        Noun::WhatsApp(number) => Callee {
            whisper: scene.document(number.url.as_deref(), number.method),
            callback: told(
                number.status_callback.as_deref(),
                number.status_callback_method,
                &number.status_callback_event,
                scene,
            ),
            ..bare(CalleeAddress::WhatsApp(number.number))
        },
        Noun::Sim(sim) => bare(CalleeAddress::Sim(sim.sid)),
        Noun::Conference(_) | Noun::Queue(_) => {
            later::remark(&format!("Dial {}", noun.name()), scene);
            return None;
        }
    };
    Some(callee)
}

fn bare(address: CalleeAddress) -> Callee {
    Callee {
        address,
        whisper: None,
        callback: None,
        send_digits: None,
        detection: None,
        parameters: Vec::new(),
    }
}

fn number_callee(number: twiml::Number, scene: &mut Scene<'_>) -> Callee {
    let heard = scene.callback(
        number.amd_status_callback.as_deref(),
        number.amd_status_callback_method,
        11100,
    );
    let times = [
        number.machine_detection_timeout.saturating_mul(1000),
        number.machine_detection_speech_threshold,
        number.machine_detection_speech_end_threshold,
        number.machine_detection_silence_timeout,
    ];
    Callee {
        whisper: scene.document(number.url.as_deref(), number.method),
        callback: told(
            number.status_callback.as_deref(),
            number.status_callback_method,
            &number.status_callback_event,
            scene,
        ),
        send_digits: number.send_digits,
        detection: detection(number.machine_detection, times, heard, scene),
        ..bare(CalleeAddress::Number(number.number))
    }
}

fn sip_callee(sip: twiml::Sip, scene: &mut Scene<'_>) -> Option<Callee> {
    let heard =
        scene.callback(sip.amd_status_callback.as_deref(), sip.amd_status_callback_method, 11100);
    let times = [
        sip.machine_detection_timeout.saturating_mul(1000),
        sip.machine_detection_speech_threshold,
        sip.machine_detection_speech_end_threshold,
        sip.machine_detection_silence_timeout,
    ];
    if sip.uris.len() > 1 {
        later::remark("More than one Uri of a Sip", scene);
    }
    let mut uri = sip.uris.into_iter().next()?.uri;
    for header in sip.headers {
        uri.push(if uri.contains('?') { '&' } else { '?' });
        let pair = webhook::Form::from_iter([(header.name, header.value)]).encode();
        // In a SIP URI a plus is a plus.
        uri.push_str(&pair.replace('+', "%20"));
    }
    Some(Callee {
        whisper: scene.document(sip.url.as_deref(), sip.method),
        callback: told(
            sip.status_callback.as_deref(),
            sip.status_callback_method,
            &sip.status_callback_event,
            scene,
        ),
        detection: detection(sip.machine_detection, times, heard, scene),
        ..bare(CalleeAddress::Sip(uri))
    })
}

fn application_callee(application: twiml::Application, scene: &mut Scene<'_>) -> Callee {
    Callee {
        whisper: scene.document(application.url.as_deref(), application.method),
        callback: told(
            application.status_callback.as_deref(),
            application.status_callback_method,
            &application.status_callback_event,
            scene,
        ),
        parameters: pairs(application.parameters),
        ..bare(CalleeAddress::Application {
            sid: application.application_sid,
            copies_parent_to: application.copy_parent_to,
            customer_id: application.customer_id,
        })
    }
}

fn pairs(parameters: Vec<Parameter>) -> Vec<(String, String)> {
    parameters.into_iter().map(|parameter| (parameter.name, parameter.value)).collect()
}

fn told(
    url: Option<&str>,
    how: Method,
    events: &[CallEvent],
    scene: &mut Scene<'_>,
) -> Option<Callback> {
    let target = scene.callback(url, how, 11100)?;
    Some(Callback { target, events: Events::of(events.iter().copied()), of_number: false })
}

/// A dialed leg is connected without waiting for the verdict. Times are those of the timeout, of
/// speech, of the silence after it, and of silence from the answer on, in milliseconds.
fn detection(
    mode: Option<MachineDetection>,
    times: [u32; 4],
    callback: Option<Target>,
    scene: &mut Scene<'_>,
) -> Option<Detection> {
    let mode = mode?;
    if callback.is_none() {
        scene.remark(NO_DETECTION_CALLBACK, "Nobody is told who answered: no amdStatusCallback");
    }
    let [timeout_ms, speech_threshold_ms, speech_end_threshold_ms, silence_timeout_ms] = times;
    Some(Detection {
        mode,
        timeout_ms,
        speech_threshold_ms,
        speech_end_threshold_ms,
        silence_timeout_ms,
        callback,
        is_async: true,
    })
}
