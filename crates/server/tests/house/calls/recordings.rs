//! Recordings: by a verb, beside the document, by a dial, by REST; what is in them.

use super::{
    FRIEND, change, children, create, dial, has, person, ready, ready_with, say, strength,
    told_the_end, tone,
};
use crate::customer::Say;
use crate::support::{Opened, PERSON};
use exchange::calls::State;
use exchange::sid::CallSid;
use offhook::calls::Did;
use serde_json::Value;

/// The samples of a recording, as they lie on the disk.
fn kept(opened: &Opened, sid: &str) -> Vec<i16> {
    let path = opened.folder.path().join("recordings").join(format!("{sid}.wav"));
    let bytes = std::fs::read(path).expect("a file");
    media::decode::decode("audio/wav", &bytes, 10_000_000).expect("audio")
}

/// A person's voice.
fn voice(samples: Vec<i16>) -> Did {
    Did::Speech { text: String::new(), confidence: String::new(), samples: Some(samples.into()) }
}

/// REST begins or changes a recording of a call.
async fn rest(opened: &Opened, call: CallSid, path: &str, form: &[(&str, &str)]) -> (u16, Value) {
    let path = format!("/2010-04-01/Accounts/{{AC}}/Calls/{call}/Recordings{path}.json");
    let answer = opened.call("POST", &path, form).await;
    opened.quiet().await;
    answer
}

#[tokio::test]
async fn nobody_answers_a_dial_and_the_voicemail_takes_a_message() {
    let verbs = format!(
        "<Dial timeout=\"10\">{FRIEND}</Dial><Record action=\"/kept\" \
         recordingStatusCallback=\"/recording\" \
         recordingStatusCallbackEvent=\"in-progress completed\"/>"
    );
    let mut opened = ready_with(&verbs).await;
    opened.customer.on("/recording", [Say::status(204)]);
    opened.customer.on("/kept", [Say::verbs("<Say>Goodbye</Say>")]);
    let sid = dial(&opened).await;
    opened.heard_on("/voice").await;
    opened.advance(16).await;
    assert_eq!(children(&opened, sid)[0].state, State::NoAnswer);
    has(&opened.heard_on("/recording").await, &[("RecordingStatus", "in-progress")]);
    // A tone of two seconds, after half a second of silence.
    let samples = [vec![0; media::samples_of(500)], tone(1234.0)].concat();
    person(&opened, sid, voice(samples)).await;
    opened.advance(20).await;
    let told = opened.heard_on("/recording").await;
    has(&told, &[("RecordingStatus", "completed"), ("RecordingDuration", "2")]);
    let asked = opened.heard_on("/kept").await;
    has(&asked, &[("RecordingDuration", "2")]);
    assert_eq!(asked.get("RecordingUrl"), told.get("RecordingUrl"));
    let kept = kept(&opened, &told.get("RecordingSid").expect("named"));
    assert_eq!(media::ms_of(kept.len()), 2000);
    assert!(strength(&kept, 1234.0) > 100.0 * strength(&kept, 1000.0));
    told_the_end(&mut opened, "completed").await;
    opened.finish().await;
}

#[tokio::test]
async fn a_recording_that_begins_in_the_middle_of_a_sound_has_the_rest_of_it() {
    let mut opened = ready_with("<Play>/tones.wav</Play><Pause length=\"10\"/>").await;
    let sound = [tone(500.0), tone(1500.0)].concat();
    opened.customer.on("/tones.wav", [Say::typed("audio/wav", super::wav(&sound))]);
    let sid = dial(&opened).await;
    opened.heard_on("/voice").await;
    opened.customer.heard_on("/tones.wav").await;
    opened.advance(2).await;
    let (status, made) = rest(&opened, sid, "", &[]).await;
    assert_eq!(status, 201, "{made}");
    opened.advance(1).await;
    let name = made["sid"].as_str().expect("a sid").to_owned();
    let path = format!("/{name}");
    assert_eq!(rest(&opened, sid, &path, &[("Status", "stopped")]).await.0, 200);
    let kept = kept(&opened, &name);
    assert_eq!(media::ms_of(kept.len()), 1000);
    assert!(strength(&kept, 1500.0) > 100.0 * strength(&kept, 500.0));
    person(&opened, sid, Did::HangUp).await;
    told_the_end(&mut opened, "completed").await;
    opened.finish().await;
}

#[tokio::test]
async fn a_pause_is_left_out_or_silent_and_what_still_sounds_goes_on_after_it() {
    for (behavior, ms) in [("skip", 2000), ("silence", 4000)] {
        let mut opened = ready_with("<Play>/tones.wav</Play>").await;
        let sound = [tone(500.0), tone(1500.0), tone(2500.0)].concat();
        opened.customer.on("/tones.wav", [Say::typed("audio/wav", super::wav(&sound))]);
        let sid = dial(&opened).await;
        opened.heard_on("/voice").await;
        opened.customer.heard_on("/tones.wav").await;
        opened.advance(1).await;
        let (_, made) = rest(&opened, sid, "", &[]).await;
        opened.advance(1).await;
        let pause = [("Status", "paused"), ("PauseBehavior", behavior)];
        assert_eq!(rest(&opened, sid, "/Twilio.CURRENT", &pause).await.0, 200);
        opened.advance(2).await;
        let again = [("Status", "in-progress")];
        assert_eq!(rest(&opened, sid, "/Twilio.CURRENT", &again).await.0, 200);
        opened.advance(1).await;
        assert_eq!(rest(&opened, sid, "/Twilio.CURRENT", &[("Status", "stopped")]).await.0, 200);
        opened.advance(5).await;
        told_the_end(&mut opened, "completed").await;
        let kept = kept(&opened, made["sid"].as_str().expect("a sid"));
        assert_eq!(media::ms_of(kept.len()), ms, "{behavior}");
        let second = media::samples_of(1000);
        let (first, last) = (&kept[..second], &kept[kept.len() - second..]);
        assert!(strength(first, 500.0) > 100.0 * strength(first, 1500.0), "{behavior}");
        assert!(strength(last, 2500.0) > 100.0 * strength(last, 1500.0), "{behavior}");
        assert!(strength(&kept, 500.0) > 100.0 * strength(&kept, 1500.0), "{behavior}");
        opened.finish().await;
    }
}

#[tokio::test]
async fn a_sound_that_is_cut_is_cut_in_the_recording_too() {
    let verbs = "<Start><Recording trim=\"do-not-trim\" recordingStatusCallback=\"/recording\"/></Start>\
                 <Gather numDigits=\"1\" action=\"/key\"><Play>/tone.wav</Play></Gather>";
    let mut opened = ready_with(verbs).await;
    opened.customer.on("/tone.wav", [Say::typed("audio/wav", super::wav(&tone(500.0)))]);
    opened.customer.on("/key", [Say::verbs("<Pause length=\"3\"/>")]);
    opened.customer.on("/recording", [Say::status(204)]);
    let sid = dial(&opened).await;
    opened.heard_on("/voice").await;
    opened.customer.heard_on("/tone.wav").await;
    opened.advance(1).await;
    super::press(&opened, sid, "1").await;
    opened.heard_on("/key").await;
    opened.advance(10).await;
    told_the_end(&mut opened, "completed").await;
    let told = opened.heard_on("/recording").await;
    has(&told, &[("RecordingStatus", "completed"), ("RecordingSource", "StartCallRecordingTwiML")]);
    let kept = kept(&opened, &told.get("RecordingSid").expect("named"));
    assert_eq!(media::ms_of(kept.len()), 4000);
    let after = &kept[media::samples_of(1200)..];
    assert!(strength(&kept, 500.0) > 1e9 && strength(after, 500.0) < 1.0);
    opened.finish().await;
}

#[tokio::test]
async fn the_two_sides_of_a_dial_are_two_channels() {
    let verb = format!(
        "<Dial record=\"record-from-answer-dual\" action=\"/after\" \
         recordingStatusCallback=\"/recording\">{FRIEND}</Dial>"
    );
    let mut opened = ready_with(&verb).await;
    opened.customer.on("/recording", [Say::status(204)]);
    opened.customer.on("/after", [Say::verbs("<Hangup/>")]);
    let sid = dial(&opened).await;
    opened.heard_on("/voice").await;
    let leg = children(&opened, sid).remove(0).sid;
    opened.advance(4).await;
    person(&opened, leg, Did::Answer).await;
    person(&opened, sid, voice(tone(500.0))).await;
    opened.advance(2).await;
    person(&opened, leg, voice(tone(1500.0))).await;
    opened.advance(2).await;
    person(&opened, sid, Did::HangUp).await;
    let told = opened.heard_on("/recording").await;
    has(
        &told,
        &[("RecordingChannels", "2"), ("RecordingDuration", "4"), ("RecordingSource", "DialVerb")],
    );
    let asked = opened.heard_on("/after").await;
    assert_eq!(asked.get("RecordingUrl"), told.get("RecordingUrl"));
    told_the_end(&mut opened, "completed").await;
    let sid = told.get("RecordingSid").expect("named");
    let path = opened.folder.path().join("recordings").join(format!("{sid}.wav"));
    let bytes = std::fs::read(path).expect("a file");
    let samples: Vec<i16> = bytes[bytes.len() - 4 * media::samples_of(4000)..]
        .chunks_exact(2)
        .map(|two| i16::from_le_bytes([two[0], two[1]]))
        .collect();
    let side =
        |which: usize| -> Vec<i16> { samples.iter().skip(which).step_by(2).copied().collect() };
    for (which, own, other) in [(0, 500.0, 1500.0), (1, 1500.0, 500.0)] {
        assert!(strength(&side(which), own) > 100.0 * strength(&side(which), other), "{which}");
    }
    opened.finish().await;
}

#[tokio::test]
async fn a_recording_of_a_dial_that_was_stopped_is_still_named_at_its_end() {
    let verb = format!(
        "<Dial record=\"record-from-answer\" action=\"/after\" \
         recordingStatusCallback=\"/recording\">{FRIEND}</Dial>"
    );
    let mut opened = ready_with(&verb).await;
    opened.customer.on("/recording", [Say::status(204)]);
    opened.customer.on("/after", [Say::verbs("<Hangup/>")]);
    let sid = dial(&opened).await;
    opened.heard_on("/voice").await;
    let leg = children(&opened, sid).remove(0).sid;
    person(&opened, leg, Did::Answer).await;
    opened.advance(3).await;
    let stop = [("Status", "stopped")];
    assert_eq!(rest(&opened, sid, "/Twilio.CURRENT", &stop).await.0, 200);
    let told = opened.heard_on("/recording").await;
    has(&told, &[("RecordingStatus", "completed"), ("RecordingDuration", "3")]);
    opened.advance(5).await;
    person(&opened, leg, Did::HangUp).await;
    let asked = opened.heard_on("/after").await;
    has(&asked, &[("RecordingDuration", "3"), ("DialCallDuration", "8")]);
    assert_eq!(asked.get("RecordingUrl"), told.get("RecordingUrl"));
    assert_eq!(asked.get("RecordingSid"), told.get("RecordingSid"));
    told_the_end(&mut opened, "completed").await;
    opened.finish().await;
}

#[tokio::test]
async fn a_call_that_is_recorded_as_a_whole_says_so_at_its_end() {
    let mut opened = ready().await;
    opened.customer.on("/told", [Say::status(204)]);
    opened.customer.on("/recording", [Say::status(204)]);
    let (told, recording) = (opened.customer.url("/told"), opened.customer.url("/recording"));
    let form = [
        ("Twiml", "<Response><Pause length=\"5\"/></Response>"),
        ("Record", "true"),
        ("Trim", "do-not-trim"),
        ("StatusCallback", &told),
        ("RecordingStatusCallback", &recording),
    ];
    let sid = create(&opened, PERSON, &form).await;
    person(&opened, sid, Did::Answer).await;
    say(&opened, sid, "hello").await;
    opened.advance(10).await;
    let told = opened.heard_on("/told").await;
    has(&told, &[("CallStatus", "completed"), ("RecordingDuration", "5")]);
    let kept = opened.heard_on("/recording").await;
    has(&kept, &[("RecordingStatus", "completed"), ("RecordingSource", "OutboundAPI")]);
    assert_eq!(kept.get("RecordingSid"), told.get("RecordingSid"));
    opened.finish().await;
}

#[tokio::test]
async fn more_recordings_than_there_may_be_leave_nothing_behind() {
    let mut opened =
        ready_with("<Play digits=\"w\"/><Pause length=\"2\"/><Record action=\"/after\"/>").await;
    let sid = dial(&opened).await;
    opened.heard_on("/voice").await;
    let mut made = 0;
    while rest(&opened, sid, "", &[]).await.0 == 201 {
        made += 1;
        assert!(made < 100, "there is no limit");
    }
    opened.advance(10).await;
    told_the_end(&mut opened, "completed").await;
    assert_eq!(change(&opened, sid, &[("Status", "completed")]).await.0, 200);
    opened.finish().await;
}

#[tokio::test]
async fn silence_is_a_message_too_and_a_recording_of_no_time_is_none() {
    let mut opened =
        ready_with("<Record playBeep=\"false\" timeout=\"5\" action=\"/after\"/>").await;
    opened.customer.on("/after", [Say::verbs("<Hangup/>")]);
    let sid = dial(&opened).await;
    opened.heard_on("/voice").await;
    opened.advance(10).await;
    let asked = opened.heard_on("/after").await;
    has(&asked, &[("RecordingDuration", "1")]);
    told_the_end(&mut opened, "completed").await;
    assert_eq!(super::state(&opened, sid), "completed");
    let sid = dial(&opened).await;
    opened.heard_on("/voice").await;
    person(&opened, sid, Did::HangUp).await;
    told_the_end(&mut opened, "completed").await;
    opened.finish().await;
}

#[tokio::test]
async fn words_that_nobody_writes_down_are_told_as_failed() {
    let verbs = "<Record timeout=\"2\" transcribe=\"true\" maxLength=\"60\" \
                 transcribeCallback=\"/words\"/>";
    let mut opened = ready_with(verbs).await;
    opened.customer.on("/words", [Say::status(204)]);
    opened.customer.on("/voice", [Say::verbs(verbs), Say::verbs("<Hangup/>")]);
    let sid = dial(&opened).await;
    opened.heard_on("/voice").await;
    opened.advance(5).await;
    let told = opened.heard_on("/words").await;
    let call = sid.to_string();
    has(&told, &[("TranscriptionStatus", "failed"), ("TranscriptionText", ""), ("CallSid", &call)]);
    assert!(told.get("RecordingSid").is_some_and(|sid| sid.starts_with("RE")));
    opened.heard_on("/voice").await;
    assert_eq!(opened.codes(), [13618]);
    told_the_end(&mut opened, "completed").await;
    opened.finish().await;
}
