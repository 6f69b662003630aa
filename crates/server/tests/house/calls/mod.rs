//! Calls through the whole house, on the virtual clock: a fake customer answers, persons hold
//! handsets, time is ordered.
//!
//! Every journey also proves, in the switchboard itself, that a replay of each script's inputs
//! makes the same outputs; [`Opened::finish`] that no leg is left.

mod bad_input;
mod dialing;
mod endings;
mod forks;
mod inside;
mod menus;
mod outbound;
mod recordings;
mod redirect;

use crate::customer::{Say, Seen};
use crate::support::{NUMBER, Opened, PERSON, open};
use exchange::calls::Call;
use exchange::sid::CallSid;
use offhook::calls::Did;
use serde_json::Value;
use store::CallFilter;

/// Somebody else.
const FRIEND: &str = "+12025550111";
/// A second number of the house.
const SECOND: &str = "+12025550101";

/// A house whose number asks the customer at `/voice` and is told at `/number-status`, and whose
/// time stands still.
async fn ready() -> Opened {
    let opened = open().await;
    let (voice, status) = (opened.customer.url("/voice"), opened.customer.url("/number-status"));
    opened
        .number(|number| {
            voice.clone_into(&mut number.voice.url);
            status.clone_into(&mut number.status_callback);
        })
        .await;
    opened.customer.on("/number-status", [Say::status(204)]);
    opened.stand_still();
    opened
}

/// As [`ready`], with the verbs of the first document.
async fn ready_with(verbs: &str) -> Opened {
    let opened = ready().await;
    opened.customer.on("/voice", [Say::verbs(verbs)]);
    opened
}

/// A second number of the house, which asks the customer at `/second`.
async fn add_second(opened: &Opened, verbs: &str) {
    opened.add_number(SECOND, "").await;
    let url = opened.customer.url("/second");
    let was = opened.house.store.number_at(SECOND).expect("readable").expect("there");
    let path = format!("/2010-04-01/Accounts/{{AC}}/IncomingPhoneNumbers/{}.json", was.sid);
    assert_eq!(opened.call("POST", &path, &[("VoiceUrl", &url)]).await.0, 200);
    opened.customer.on("/second", [Say::verbs(verbs)]);
}

/// Somebody's handset is set up.
async fn handset(opened: &Opened, address: &str, form: &[(&str, &str)]) {
    let path = format!("/offhook/v1/Phones/{address}");
    let (status, shown) = opened.call("POST", &path, form).await;
    assert_eq!(status, 200, "{shown}");
}

/// A person dials the house's number.
async fn dial(opened: &Opened) -> CallSid {
    let path = format!("/offhook/v1/Phones/{PERSON}/Calls");
    let (status, shown) = opened.call("POST", &path, &[("To", NUMBER)]).await;
    assert_eq!(status, 201, "{shown}");
    opened.quiet().await;
    sid_of(&shown)
}

fn sid_of(shown: &Value) -> CallSid {
    CallSid::parse(shown["sid"].as_str().expect("a sid")).expect("a call's")
}

/// The customer calls `to` by REST.
async fn create(opened: &Opened, to: &str, form: &[(&str, &str)]) -> CallSid {
    let form = [&[("To", to), ("From", NUMBER)], form].concat();
    let (status, shown) = opened.call("POST", "/2010-04-01/Accounts/{AC}/Calls.json", &form).await;
    assert_eq!(status, 201, "{shown}");
    opened.quiet().await;
    sid_of(&shown)
}

/// The customer changes a call by REST: the status, and what the API shows.
async fn change(opened: &Opened, sid: CallSid, form: &[(&str, &str)]) -> (u16, Value) {
    let path = format!("/2010-04-01/Accounts/{{AC}}/Calls/{sid}.json");
    let answer = opened.call("POST", &path, form).await;
    opened.quiet().await;
    answer
}

/// A person does something.
async fn person(opened: &Opened, sid: CallSid, did: Did) {
    opened.does(sid, did).await.expect("it is live");
    opened.quiet().await;
}

async fn press(opened: &Opened, sid: CallSid, keys: &str) {
    person(opened, sid, Did::Digits(keys.to_owned())).await;
}

async fn say(opened: &Opened, sid: CallSid, text: &str) {
    person(opened, sid, words(text)).await;
}

fn words(text: &str) -> Did {
    Did::Speech { text: text.to_owned(), confidence: "0.9".to_owned(), samples: None }
}

fn record(opened: &Opened, sid: CallSid) -> Call {
    opened.house.store.call(sid).expect("readable").expect("there")
}

/// How a call stands: `completed`, `ringing`…
fn state(opened: &Opened, sid: CallSid) -> &'static str {
    record(opened, sid).state.as_str()
}

/// The legs that a call has made, in their order.
fn children(opened: &Opened, sid: CallSid) -> Vec<Call> {
    let filter = CallFilter { parent: Some(sid), ..CallFilter::default() };
    let mut found = opened.house.store.calls(opened.sid, &filter, 1000).expect("readable");
    found.reverse();
    found
}

/// Every call of the house, in their order.
fn calls(opened: &Opened) -> Vec<Call> {
    let filter = CallFilter::default();
    let mut found = opened.house.store.calls(opened.sid, &filter, 1000).expect("readable");
    found.reverse();
    found
}

/// What a call came to, as its transcript has it.
fn transcript(opened: &Opened, sid: CallSid) -> String {
    opened.house.store.transcript(sid).expect("readable").expect("kept")
}

/// The transcript of a call that has ended, line by line. URLs of the customer lose their host.
fn lines(opened: &Opened, sid: CallSid) -> Vec<String> {
    transcript(opened, sid).lines().map(|line| line.trim_start().to_owned()).collect()
}

/// A request has parameters.
fn has(seen: &Seen, expected: &[(&str, &str)]) {
    for (name, value) in expected {
        assert_eq!(seen.get(name).as_deref(), Some(*value), "{name} of {seen:#?}");
    }
}

/// The call is over, and the number's callback has told so.
async fn told_the_end(opened: &mut Opened, status: &str) {
    has(&opened.heard_on("/number-status").await, &[("CallStatus", status)]);
    opened.quiet().await;
}

/// How strong a tone is in samples (Goertzel).
pub fn strength(samples: &[i16], hz: f64) -> f64 {
    let turn = 2.0 * (2.0 * std::f64::consts::PI * hz / f64::from(media::RATE_HZ)).cos();
    let (mut one, mut two) = (0.0, 0.0);
    for sample in samples {
        let next = f64::from(*sample) + turn * one - two;
        (two, one) = (one, next);
    }
    one * one + two * two - turn * one * two
}

/// Samples as a WAV file.
fn wav(samples: &[i16]) -> Vec<u8> {
    let mut bytes = media::wav::header(media::wav::Channels::Mono, samples.len()).to_vec();
    media::wav::append(samples, &mut bytes);
    bytes
}

/// A tone of two seconds.
fn tone(hz: f64) -> Vec<i16> {
    media::tones::sines(&[hz], 8000.0, media::samples_of(2000))
}
