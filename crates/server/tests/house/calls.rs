//! Calls through the whole house, on the virtual clock: a fake customer answers, time is ordered.

use crate::customer::Say;
use crate::support::{NUMBER, Opened, PERSON, open};
use exchange::calls::inbound::{self, Arrival};
use exchange::calls::{Call, State};
use exchange::numbers::Number;
use exchange::sid::CallSid;
use offhook::calls::Did;
use store::{CallFilter, Change, Write};

/// A house whose number asks the customer at `/voice`, and whose time stands still.
async fn ready() -> Opened {
    let opened = open().await;
    let url = opened.customer.url("/voice");
    let sid = number(&opened).sid;
    let path = format!("/2010-04-01/Accounts/{{AC}}/IncomingPhoneNumbers/{sid}.json");
    let status = opened.customer.url("/number-status");
    let form = [("VoiceUrl", url.as_str()), ("StatusCallback", status.as_str())];
    assert_eq!(opened.call("POST", &path, &form).await.0, 200);
    opened.customer.on("/number-status", [Say::status(204)]);
    opened.stand_still();
    opened
}

/// A person dials the house's number.
async fn dial(opened: &Opened) -> CallSid {
    let house = &opened.house;
    let number = number(opened);
    let arrival = Arrival { from: PERSON.into(), ..Arrival::default() };
    let call = inbound::receive(arrival, &number, None, house.call_sid(), house.now());
    let sid = call.sid;
    house.save(Change::one(Write::InsertCall(Box::new(call)))).await.expect("saved");
    opened.quiet().await;
    sid
}

fn number(opened: &Opened) -> Number {
    opened.house.store.number_at(NUMBER).expect("readable").expect("there")
}

fn record(opened: &Opened, sid: CallSid) -> Call {
    opened.house.store.call(sid).expect("readable").expect("there")
}

#[tokio::test]
async fn a_menu_is_heard_a_key_is_pressed_and_the_call_ends() {
    let mut opened = ready().await;
    let menu = "<Gather numDigits=\"1\" action=\"/menu\"><Say>Press 1</Say></Gather>";
    opened.customer.on("/voice", [Say::verbs(menu)]);
    opened.customer.on("/menu", [Say::verbs("<Say>Thank you</Say>")]);
    let sid = dial(&opened).await;
    let asked = opened.heard().await;
    assert_eq!(asked.get("CallStatus").as_deref(), Some("ringing"));
    assert_eq!(asked.get("From").as_deref(), Some(PERSON));
    assert_eq!(asked.get("Called").as_deref(), Some(NUMBER));
    opened.advance(1).await;
    opened.house.calls.person(sid, Did::Digits("1".into())).await.expect("it is live");
    let asked = opened.heard_on("/menu").await;
    assert_eq!(asked.get("Digits").as_deref(), Some("1"));
    assert_eq!(asked.get("CallStatus").as_deref(), Some("in-progress"));
    opened.quiet().await;
    opened.advance(10).await;
    let told = opened.heard_on("/number-status").await;
    assert_eq!(told.get("CallStatus").as_deref(), Some("completed"));
    let call = record(&opened, sid);
    assert_eq!((call.state, call.answered.is_some()), (State::Completed, true));
    let transcript = opened.house.store.transcript(sid).expect("readable").expect("kept");
    let expected = [
        "    0 > call from +12025550199 to +12025550100",
        "    0 < fetch POST /voice",
        "    0 < answer",
        "    0 < play say \"Press 1\"",
        " 1000 > digit 1",
        " 1000 < play say \"Thank you\"",
        " 1585 < ended completed",
    ];
    for line in expected {
        assert!(transcript.contains(line), "{line} is not in\n{transcript}");
    }
    opened.finish().await;
}

/// What a call came to, as its transcript has it.
fn transcript(opened: &Opened, sid: CallSid) -> String {
    opened.house.store.transcript(sid).expect("readable").expect("kept")
}

/// The legs that a call has made.
fn children(opened: &Opened, sid: CallSid) -> Vec<Call> {
    let filter = CallFilter { parent: Some(sid), ..CallFilter::default() };
    let mut found = opened.house.store.calls(opened.sid, &filter, 100).expect("readable");
    found.reverse();
    found
}

async fn person(opened: &Opened, sid: CallSid, did: Did) {
    opened.house.calls.person(sid, did).await.expect("it is live");
    opened.quiet().await;
}

const FRIEND: &str = "+12025550111";

#[tokio::test]
async fn two_handsets_talk_through_a_dial_and_its_action_is_asked() {
    let mut opened = ready().await;
    let status = opened.customer.url("/leg");
    let dial_verb = format!(
        "<Dial action=\"/after\" answerOnBridge=\"true\"><Number statusCallback=\"{status}\" \
         statusCallbackEvent=\"initiated ringing answered completed\">{FRIEND}</Number></Dial>"
    );
    opened.customer.on("/voice", [Say::verbs(&dial_verb)]);
    opened.customer.on("/leg", [Say::status(204)]);
    opened.customer.on("/after", [Say::verbs("<Hangup/>")]);
    let sid = dial(&opened).await;
    opened.heard_on("/voice").await;
    let leg = children(&opened, sid).remove(0);
    assert_eq!((leg.state, leg.from.as_str(), leg.to.as_str()), (State::Ringing, PERSON, FRIEND));
    assert_eq!(record(&opened, sid).state, State::Ringing);
    opened.advance(3).await;
    person(&opened, leg.sid, Did::Answer).await;
    assert_eq!(record(&opened, sid).state, State::InProgress);
    let hello = Did::Speech { text: "hello".into(), confidence: "0.9".into(), samples: None };
    person(&opened, sid, hello).await;
    opened.advance(10).await;
    person(&opened, leg.sid, Did::HangUp).await;
    for (status, number) in
        [("initiated", "0"), ("ringing", "1"), ("in-progress", "2"), ("completed", "3")]
    {
        let told = opened.heard_on("/leg").await;
        assert_eq!(told.get("CallStatus").as_deref(), Some(status));
        assert_eq!(told.get("SequenceNumber").as_deref(), Some(number));
        assert_eq!(told.get("ParentCallSid"), Some(sid.to_string()));
    }
    let asked = opened.heard_on("/after").await;
    for (name, value) in [
        ("DialCallStatus", "completed"),
        ("DialCallSid", leg.sid.as_str()),
        ("DialCallDuration", "10"),
        ("DialBridged", "true"),
    ] {
        assert_eq!(asked.get(name).as_deref(), Some(value), "{name}");
    }
    opened.quiet().await;
    assert_eq!(opened.heard_on("/number-status").await.get("CallDuration").as_deref(), Some("10"));
    let heard = transcript(&opened, leg.sid);
    assert!(heard.contains("< speech \"hello\""), "{heard}");
    opened.finish().await;
}

#[tokio::test]
async fn nobody_answers_a_dial_and_the_voicemail_takes_a_message() {
    let mut opened = ready().await;
    let told = opened.customer.url("/recording");
    let voicemail = format!(
        "<Record action=\"/kept\" recordingStatusCallback=\"{told}\" \
         recordingStatusCallbackEvent=\"in-progress completed\"/>"
    );
    opened
        .customer
        .on("/voice", [Say::verbs(&format!("<Dial timeout=\"10\">{FRIEND}</Dial>{voicemail}"))]);
    opened.customer.on("/recording", [Say::status(204)]);
    opened.customer.on("/kept", [Say::verbs("<Say>Goodbye</Say>")]);
    let sid = dial(&opened).await;
    opened.heard_on("/voice").await;
    opened.advance(16).await;
    assert_eq!(children(&opened, sid)[0].state, State::NoAnswer);
    let begun = opened.heard_on("/recording").await;
    assert_eq!(begun.get("RecordingStatus").as_deref(), Some("in-progress"));
    // A tone of two seconds, after half a second of silence.
    let mut samples = vec![0; media::samples_of(500)];
    samples.extend(media::tones::sines(&[1234.0], 8000.0, media::samples_of(2000)));
    let voice = Did::Speech {
        text: String::new(),
        confidence: String::new(),
        samples: Some(samples.into()),
    };
    person(&opened, sid, voice).await;
    opened.advance(20).await;
    let told = opened.heard_on("/recording").await;
    assert_eq!(told.get("RecordingStatus").as_deref(), Some("completed"));
    assert_eq!(told.get("RecordingDuration").as_deref(), Some("2"));
    let asked = opened.heard_on("/kept").await;
    assert_eq!(asked.get("RecordingDuration").as_deref(), Some("2"));
    assert_eq!(asked.get("RecordingUrl"), told.get("RecordingUrl"));
    let name = format!("{}.wav", told.get("RecordingSid").expect("named"));
    let bytes = std::fs::read(opened.folder.path().join("recordings").join(name)).expect("a file");
    let kept = media::decode::decode("audio/wav", &bytes, 1_000_000).expect("audio");
    assert_eq!(media::ms_of(kept.len()), 2000);
    assert!(strength(&kept, 1234.0) > 100.0 * strength(&kept, 1000.0));
    opened.quiet().await;
    opened.heard_on("/number-status").await;
    println!("{}", transcript(&opened, sid));
    opened.finish().await;
}

/// How strong a tone is in samples (Goertzel).
fn strength(samples: &[i16], hz: f64) -> f64 {
    let turn = 2.0 * (2.0 * std::f64::consts::PI * hz / f64::from(media::RATE_HZ)).cos();
    let (mut one, mut two) = (0.0, 0.0);
    for sample in samples {
        let next = f64::from(*sample) + turn * one - two;
        (two, one) = (one, next);
    }
    one * one + two * two - turn * one * two
}

#[tokio::test]
async fn an_application_that_fails_is_followed_by_its_fallback_and_then_by_the_sentence() {
    let mut opened = ready().await;
    let sid = number(&opened).sid;
    let path = format!("/2010-04-01/Accounts/{{AC}}/IncomingPhoneNumbers/{sid}.json");
    let fallback = opened.customer.url("/fallback");
    assert_eq!(opened.call("POST", &path, &[("VoiceFallbackUrl", &fallback)]).await.0, 200);
    opened.customer.on("/voice", [Say::status(500)]);
    opened.customer.on("/fallback", [Say::verbs("<Redirect>/gone</Redirect>"), Say::status(404)]);
    let sid = dial(&opened).await;
    opened.heard_on("/voice").await;
    let asked = opened.heard_on("/fallback").await;
    assert_eq!(asked.get("ErrorCode").as_deref(), Some("11200"));
    assert!(asked.get("ErrorUrl").is_some_and(|url| url.ends_with("/voice")));
    opened.heard_on("/gone").await;
    opened.heard_on("/fallback").await;
    opened.advance(20).await;
    opened.heard_on("/number-status").await;
    let heard = transcript(&opened, sid);
    assert!(heard.contains("play application error"), "{heard}");
    assert_eq!(record(&opened, sid).state, State::Completed);
    assert_eq!(opened.codes(), [11200, 11200, 11200]);
    opened.finish().await;
}
