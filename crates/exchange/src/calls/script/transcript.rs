//! A call as text: one line per input and output, the same in tests, simulator, console and
//! command line.
//!
//! ```text
//!     0 < fetch POST /voice
//!     0 > document <Response><Gather numDigits="1"><Say>Press 1</Say></Gather></Response>
//!     0 < play say "Press 1"
//!   900 > digit 1
//! ```
//!
//! Milliseconds since the beginning; `<` is what the script wants, `>` what it was told. A URL is
//! shown without its host. The text is for people and tests: nothing reads it back.

use super::{
    Ask, Callee, CalleeAddress, DialEnd, DialOrder, First, Heard, Input, Kept, Log, Output,
    ReferEnd, Sound, Tell, Text,
};
use crate::calls::{Callback, RecordPlan, RecordingCallback};
use crate::documents::{Answer, Remark};
use crate::numbers::Target;
use jiff::Timestamp;
use std::fmt::Write as _;

/// Characters of a document or text in a transcript at most.
pub const TEXT_CHARACTERS_MAX: usize = 1_000;

/// A line of what the script wants, or of what it was told.
pub fn line(began: Timestamp, now: Timestamp, is_wanted: bool, text: &str) -> String {
    let millis = now.duration_since(began).as_millis().max(0);
    let sign = if is_wanted { '<' } else { '>' };
    format!("{millis:>5} {sign} {text}")
}

/// The lines of a call so far. That time has passed is no line: what follows from it is.
pub fn of(log: &Log) -> Vec<String> {
    let began = log.began();
    let mut lines = Vec::new();
    if let First::Twiml(text) = &log.setup().first {
        lines.push(line(began, began, false, &format!("document {}", cut(text))));
    }
    log.play(|now, told, wanted| {
        if let Some(input) = told.filter(|input| **input != Input::Tick) {
            lines.push(line(began, now, false, &input_line(input)));
        }
        lines.extend(wanted.iter().map(|output| line(began, now, true, &output_line(output))));
    });
    lines
}

/// What a script wants, without time.
pub fn output_line(output: &Output) -> String {
    match output {
        Output::Fetch(_, Ask { target, parameters }) => asked("fetch", target, parameters),
        Output::Tell(Tell { target, parameters }) => asked("tell", target, parameters),
        Output::Answer => "answer".into(),
        Output::Reject(reason) => format!("reject {reason}"),
        Output::Play(_, sound) => format!("play {}", sound_text(sound)),
        Output::StopPlaying(_) => "stop playing".into(),
        Output::Listen(_, listen) => {
            let mut line = format!("listen {}", listen.language);
            option(&mut line, "hints", listen.hints.as_deref());
            option(&mut line, "model", listen.model.as_deref());
            flag(&mut line, "unfiltered", !listen.profanity_filter);
            flag(&mut line, "partial", listen.partial);
            line
        }
        Output::StopListening(_) => "stop listening".into(),
        Output::Record(_, order) => {
            let mut line = format!("record {}", order.trim);
            told_of_recording(&mut line, order.callback.as_ref());
            if let Some(who) = &order.transcribe {
                line.push_str(" transcribe");
                who.iter().for_each(|target| option(&mut line, "told", Some(&place(target))));
            }
            line
        }
        Output::StopRecording(_) => "stop recording".into(),
        Output::Dial(_, order) => dial_text(order),
        Output::CancelDial(_) => "cancel dial".into(),
        Output::Refer(_, uri) => format!("refer {uri}"),
        Output::Send(_, Text { to, from, body, status_callback }) => {
            let mut line = format!("send from {from} to {to} {}", quoted(body));
            let told = status_callback.as_ref().map(place);
            option(&mut line, "told", told.as_deref());
            line
        }
        Output::StartRecording(name, plan) => {
            format!("start recording{}{}", named(name.as_deref()), plan_text(plan))
        }
        Output::StopTap(name) => format!("stop recording{}", named(name.as_deref())),
        Output::Remark(remark) => remark_text(remark),
        Output::Hangup => "hang up".into(),
    }
}

/// A message to or from the client program of a call, without time.
pub fn message_line(content: &str) -> String {
    format!("message {}", cut(content))
}

/// What a script was told, without time.
pub fn input_line(input: &Input) -> String {
    match input {
        Input::Document(_, answer) => answer_text(answer),
        Input::Digit(key) => format!("digit {key}"),
        Input::Voice(true) => "voice".into(),
        Input::Voice(false) => "silence".into(),
        Input::Speech(_, Heard::Partial(text)) => format!("partial {}", quoted(text)),
        Input::Speech(_, Heard::Final { text, confidence }) => {
            format!("speech {} {confidence}", quoted(text)).trim_end().to_owned()
        }
        Input::Played(_, Ok(())) => "played".into(),
        Input::Played(_, Err(remark)) => format!("not played, {}", remark_text(remark)),
        Input::Recorded(_, end) => match &end.kept {
            Some(kept) => format!("recorded{}", kept_text(kept)),
            None => "recorded nothing".into(),
        },
        Input::Bridged(_) => "bridged".into(),
        Input::Dialed(_, end) => dialed_text(end),
        Input::Sent(_, Ok(sid)) => format!("sent {sid}"),
        Input::Sent(_, Err(remark)) => format!("not sent, {}", remark_text(remark)),
        Input::Referred(_, ReferEnd { status, refer_code, notify_code }) => {
            let mut line = format!("referred {status}");
            option(&mut line, "refer", refer_code.as_ref());
            option(&mut line, "notify", notify_code.as_ref());
            line
        }
        Input::Replaced(First::Ask(target)) => format!("replaced by {}", asked_at(target)),
        Input::Replaced(First::Twiml(text)) => format!("replaced by {}", cut(text)),
        Input::FallbackSet(None) => "no fallback".into(),
        Input::FallbackSet(Some(target)) => format!("fallback {}", asked_at(target)),
        Input::TimeLimitSet(None) => "no time limit".into(),
        Input::TimeLimitSet(Some(seconds)) => format!("time limit {seconds} s"),
        Input::HungUp => "hung up".into(),
        Input::Tick => "tick".into(),
    }
}

/// One line, and not too long: runs of white space are a blank.
fn cut(text: &str) -> String {
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        if line.len() > TEXT_CHARACTERS_MAX * 4 {
            break;
        }
    }
    match line.char_indices().nth(TEXT_CHARACTERS_MAX) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", cut(text))
}

fn value(text: &str) -> String {
    let is_plain = !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || c == '"');
    if is_plain { cut(text) } else { quoted(text) }
}

fn option(line: &mut String, name: &str, it: Option<&(impl ToString + ?Sized)>) {
    if let Some(it) = it {
        let _ = write!(line, " {name}={}", value(&it.to_string()));
    }
}

fn flag(line: &mut String, name: &str, is_set: bool) {
    if is_set {
        line.push(' ');
        line.push_str(name);
    }
}

fn named(name: Option<&str>) -> String {
    name.map(|name| format!(" {}", quoted(name))).unwrap_or_default()
}

/// A URL without scheme and host.
fn bare(url: &str) -> &str {
    match url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")) {
        None => url,
        Some(after) => after.find(['/', '?', '#']).map_or("/", |at| &after[at..]),
    }
}

fn asked_at(target: &Target) -> String {
    format!("{} {}", target.method.as_str(), bare(&target.url))
}

/// The method only where it is not the usual one.
fn place(target: &Target) -> String {
    match target.method {
        crate::numbers::Method::Post => bare(&target.url).to_owned(),
        crate::numbers::Method::Get => format!("GET:{}", bare(&target.url)),
    }
}

fn asked(what: &str, target: &Target, parameters: &[(String, String)]) -> String {
    let mut line = format!("{what} {}", asked_at(target));
    parameters.iter().for_each(|(name, value)| option(&mut line, name, Some(value)));
    line
}

fn sound_text(sound: &Sound) -> String {
    match sound {
        Sound::Say(say) => {
            let mut line = format!("say {}", quoted(&say.words()));
            option(&mut line, "voice", say.voice.as_deref());
            option(&mut line, "language", say.language.as_deref());
            line
        }
        Sound::Url(url) => bare(url).to_owned(),
        Sound::Document { url, content_type } => format!("{} {content_type}", bare(url)),
        Sound::Digits(digits) => format!("keys {digits}"),
        Sound::Beep => "beep".into(),
        Sound::ApplicationError => "application error".into(),
    }
}

fn remark_text(Remark { code, message, at }: &Remark) -> String {
    let at = at.map(|(line, column)| format!(" at {line}:{column}")).unwrap_or_default();
    format!("remark {code}{at} {}", cut(message))
}

fn answer_text(answer: &Answer) -> String {
    match answer {
        Answer::Failed { code, message } => format!("no document, {code} {}", cut(message)),
        Answer::Document { content_type, body, .. } => match content_type.as_deref() {
            Some("text/xml" | "application/xml") => {
                format!("document {}", cut(body)).trim_end().to_owned()
            }
            Some(other) => format!("document {other} {}", cut(body)).trim_end().to_owned(),
            None => format!("document without type {}", cut(body)).trim_end().to_owned(),
        },
    }
}

fn kept_text(kept: &Kept) -> String {
    format!(" {} s {}", kept.duration_seconds, kept.sid)
}

fn plan_text(plan: &RecordPlan) -> String {
    let mut line = String::from(if plan.dual { " dual" } else { " mono" });
    flag(&mut line, "from-ringing", plan.from_ringing);
    let _ = write!(line, " {} {}", plan.track, plan.trim);
    told_of_recording(&mut line, plan.callback.as_ref());
    line
}

fn told_of_recording(line: &mut String, callback: Option<&RecordingCallback>) {
    let Some(RecordingCallback { target, events }) = callback else { return };
    option(line, "told", Some(&place(target)));
    let events: Vec<String> = events.iter().map(ToString::to_string).collect();
    let _ = write!(line, " of {}", events.join(","));
}

fn dial_text(order: &DialOrder) -> String {
    let mut line = "dial".to_owned();
    for callee in &order.callees {
        let _ = write!(line, " {}", callee_text(callee));
    }
    flag(&mut line, "sequential", order.is_sequential);
    let _ = write!(line, " for {} s", order.timeout_seconds);
    let _ = write!(line, " limit {} s", order.time_limit_seconds);
    option(&mut line, "callerId", order.caller_id.as_deref());
    flag(&mut line, "answers-on-bridge", order.answers_on_bridge);
    option(&mut line, "ringTone", order.ring_tone.as_deref());
    let refer = order.refer.as_ref().map(place);
    option(&mut line, "refer", refer.as_deref());
    if let Some(plan) = &order.record {
        let _ = write!(line, " recorded{}", plan_text(plan));
    }
    line
}

fn callee_text(callee: &Callee) -> String {
    let mut inside = String::new();
    let whisper = callee.whisper.as_ref().map(place);
    option(&mut inside, "whisper", whisper.as_deref());
    if let Some(Callback { target, events, .. }) = &callee.callback {
        option(&mut inside, "told", Some(&place(target)));
        let events: Vec<String> = events.iter().map(|event| event.to_string()).collect();
        let _ = write!(inside, " of {}", events.join(","));
    }
    option(&mut inside, "keys", callee.send_digits.as_deref());
    if let Some(detection) = &callee.detection {
        let _ = write!(
            inside,
            " detect {} {}/{}/{}/{} ms",
            detection.mode,
            detection.timeout_ms,
            detection.speech_threshold_ms,
            detection.speech_end_threshold_ms,
            detection.silence_timeout_ms
        );
        let told = detection.callback.as_ref().map(place);
        option(&mut inside, "detected", told.as_deref());
    }
    callee.parameters.iter().for_each(|(name, value)| option(&mut inside, name, Some(value)));
    let address = address_text(&callee.address);
    if inside.is_empty() { address } else { format!("{address}({})", inside.trim_start()) }
}

fn address_text(address: &CalleeAddress) -> String {
    match address {
        CalleeAddress::Number(number) => number.clone(),
        CalleeAddress::Client(identity) => format!("client:{identity}"),
        CalleeAddress::Sip(uri) => uri.clone(),
        CalleeAddress::Sim(sid) => format!("sim:{sid}"),
        CalleeAddress::WhatsApp(number) => format!("whatsapp:{number}"),
        CalleeAddress::Application { sid, copies_parent_to, customer_id } => {
            let mut line = sid.clone();
            flag(&mut line, "copies-to", *copies_parent_to);
            option(&mut line, "customer", customer_id.as_deref());
            line
        }
    }
}

fn dialed_text(end: &DialEnd) -> String {
    let mut line = format!("dialed {}", end.status);
    flag(&mut line, "bridged", end.bridged);
    if let Some(seconds) = end.duration_seconds {
        let _ = write!(line, " {seconds} s");
    }
    option(&mut line, "sid", end.sid.as_ref());
    option(&mut line, "by", end.answered_by.map(|by| by.as_str()).as_ref());
    if let Some(kept) = &end.recording {
        let _ = write!(line, " recorded{}", kept_text(kept));
    }
    end.parameters.iter().for_each(|(name, value)| option(&mut line, name, Some(value)));
    line
}
