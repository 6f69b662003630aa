//! Recordings: their lists, their sound, and making them by REST.

use super::{ask_as, busy_call, create, of_account, point_calls, refused, text};
use crate::asker;
use crate::customer::Say;
use crate::own::head;
use crate::support::{NUMBER, Opened, PERSON, open};
use exchange::accounts::MediaAuth;
use exchange::calls::recordings::{Recording, RecordingSource, RecordingStatus};
use exchange::sid::{CallSid, RecordingSid};
use serde_json::Value;
use store::{Change, Write};

/// Keeps a recording of a call, as the switchboard would: its sound first. Its sid.
pub async fn keep(opened: &Opened, call: &str, change: impl FnOnce(&mut Recording)) -> String {
    let recording = recording(opened, call, change);
    let samples: Vec<i16> = (0..SAMPLES).collect();
    let sound = match recording.channels {
        1 => media::wav::encode(&samples),
        _ => media::wav::encode_stereo(&samples, &[1000; SAMPLES as usize]),
    };
    put(opened, recording, &sound).await
}

/// The same with a sound of one's own, a WAV file.
pub async fn keep_sound(
    opened: &Opened,
    call: &str,
    sound: &[u8],
    change: impl FnOnce(&mut Recording),
) -> String {
    put(opened, recording(opened, call, change), sound).await
}

fn recording(opened: &Opened, call: &str, change: impl FnOnce(&mut Recording)) -> Recording {
    let house = &opened.house;
    let now = house.now();
    let mut recording = Recording {
        sid: RecordingSid::from_parts(house.ids.parts(house.clock.wire_us())),
        account: opened.sid,
        call: CallSid::parse(call).expect("a call"),
        status: RecordingStatus::Completed,
        source: RecordingSource::RecordVerb,
        channels: 1,
        track: twiml::RecordingTrack::Both,
        duration_ms: Some(1500),
        error_code: None,
        started: now,
        created: now,
        updated: now,
    };
    change(&mut recording);
    recording
}

async fn put(opened: &Opened, recording: Recording, sound: &[u8]) -> String {
    let house = &opened.house;
    let file = offhook::recordings::file(house, recording.sid);
    std::fs::create_dir_all(file.parent().expect("a folder")).expect("made");
    std::fs::write(file, sound).expect("written");
    let sid = recording.sid.to_string();
    house.save(Change::one(Write::InsertRecording(Box::new(recording)))).await.expect("saved");
    sid
}

/// Samples of a sound: more than are read at once.
const SAMPLES: i16 = 5000;

/// The sound as it is asked for, without credentials.
pub async fn sound(opened: &Opened, method: &str, path: &str, headers: &str) -> asker::Got {
    let path = format!("/2010-04-01/Accounts/{}/Recordings/{path}", opened.sid);
    let request = asker::request(method, &path, headers, b"");
    asker::exchange(&opened.url, &request).await.expect("an answer")
}

pub fn header<'a>(got: &'a asker::Got, name: &str) -> Option<&'a str> {
    got.head.lines().find_map(|line| {
        let (known, value) = line.split_once(": ")?;
        known.eq_ignore_ascii_case(name).then_some(value)
    })
}

#[tokio::test]
async fn a_recording_is_listed_fetched_and_deleted_with_its_sound() {
    let opened = open().await;
    let call = text(&busy_call(&opened).await, "sid");
    let first = keep(&opened, &call, |_| {}).await;
    let second = keep(&opened, &call, |one| one.channels = 2).await;
    let other = text(&busy_call(&opened).await, "sid");
    for (path, filter, found) in [
        ("Recordings".to_owned(), vec![], vec![&second, &first]),
        ("Recordings".into(), vec![("PageSize", "1")], vec![&second]),
        ("Recordings".into(), vec![("CallSid", call.as_str())], vec![&second, &first]),
        ("Recordings".into(), vec![("CallSid", other.as_str())], vec![]),
        ("Recordings".into(), vec![("DateCreated>", "2099-01-01")], vec![]),
        ("Recordings".into(), vec![("IncludeSoftDeleted", "true")], vec![&second, &first]),
        (
            "Recordings".into(),
            vec![("ConferenceSid", "CF00000000000000000000000000000001")],
            vec![],
        ),
        (format!("Calls/{call}/Recordings"), vec![], vec![&second, &first]),
        (format!("Calls/{call}/Recordings"), vec![("DateCreated<", "2000-01-01")], vec![]),
        (format!("Calls/{other}/Recordings"), vec![], vec![]),
    ] {
        let (status, list) = opened.call("GET", &of_account(&path), &filter).await;
        assert_eq!(status, 200, "{list}");
        let sids: Vec<&str> = list["recordings"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|one| one["sid"].as_str())
            .collect();
        assert_eq!(sids, found, "{path} {filter:?}");
    }
    let path = of_account(&format!("Recordings/{first}"));
    let (_, one) = opened.call("GET", &path, &[]).await;
    assert_eq!((&one["duration"], &one["channels"]), (&"2".into(), &1.into()));
    let bare = format!("/2010-04-01/Accounts/{}/Recordings/{first}", opened.sid);
    assert_eq!(one["media_url"], format!("http://localhost{bare}"));
    let sid = RecordingSid::parse(&first).expect("a sid");
    let file = offhook::recordings::file(&opened.house, sid);
    assert!(file.exists());
    assert_eq!(opened.ask("DELETE", &path, &[]).await.status, 204);
    assert!(!file.exists());
    refused("deleted", opened.call("GET", &path, &[]).await, (404, 20_404));
    refused("again", opened.call("DELETE", &path, &[]).await, (404, 20_404));
    let path = of_account(&format!("Calls/{call}/Recordings/{second}"));
    refused(
        "another call's",
        opened.call("GET", &path.replace(&call, &other), &[]).await,
        (404, 20_404),
    );
    assert_eq!(opened.ask("DELETE", &path, &[]).await.status, 204);
    let status = RecordingStatus::InProgress;
    let open = keep(&opened, &call, |one| one.status = status).await;
    let path = of_account(&format!("Recordings/{open}"));
    refused("still being made", opened.call("DELETE", &path, &[]).await, (409, 20_009));
    for (filter, code) in [
        (("CallSid", "CA1"), 20_423),
        (("ConferenceSid", "nope"), 20_423),
        (("DateCreated", "once"), 20_422),
        (("IncludeSoftDeleted", "maybe"), 20_422),
        (("PageToken", "PACA00000000000000000000000000000001"), 21_481),
    ] {
        let answer = opened.call("GET", &of_account("Recordings"), &[filter]).await;
        refused(filter.0, answer, (400, code));
    }
}

#[tokio::test]
async fn the_sound_is_open_by_its_url_whole_in_parts_and_with_fewer_channels() {
    let opened = open().await;
    let call = text(&busy_call(&opened).await, "sid");
    let mono = keep(&opened, &call, |_| {}).await;
    let dual = keep(&opened, &call, |one| one.channels = 2).await;
    let samples: Vec<i16> = (0..SAMPLES).collect();
    let both: Vec<i16> = samples.iter().map(|sample| sample + 1000).collect();
    let whole = media::wav::encode(&samples);
    let stereo = media::wav::encode_stereo(&samples, &[1000; SAMPLES as usize]);
    let mixed = media::wav::encode(&both);
    for (path, expected) in [
        (mono.clone(), &whole),
        (format!("{mono}.wav"), &whole),
        (format!("{mono}.wav?RequestedChannels=1"), &whole),
        (dual.clone(), &stereo),
        (format!("{dual}?RequestedChannels=2"), &stereo),
        (format!("{dual}.wav?RequestedChannels=1"), &mixed),
    ] {
        let got = sound(&opened, "GET", &path, "").await;
        assert_eq!(got.status, 200, "{path}");
        assert_eq!(header(&got, "content-type"), Some("audio/x-wav"));
        assert!(got.body == *expected, "{path}");
        let path = format!("/2010-04-01/Accounts/{}/Recordings/{path}", opened.sid);
        let head = head(&opened, &path, "").await;
        assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
        let length = format!("content-length: {}\r\n", expected.len());
        assert!(head.to_ascii_lowercase().contains(&length), "{head}");
    }
    for (range, first, last) in [
        ("0-9", 0, 9),
        ("40-47", 40, 47),
        ("45-4046", 45, 4046),
        ("4043-", 4043, mixed.len() - 1),
        ("-3", mixed.len() - 3, mixed.len() - 1),
        ("9000-99999999", 9000, mixed.len() - 1),
    ] {
        let path = format!("{dual}?RequestedChannels=1");
        let got = sound(&opened, "GET", &path, &format!("Range: bytes={range}\r\n")).await;
        assert_eq!(got.status, 206, "{range}");
        let part = format!("bytes {first}-{last}/{}", mixed.len());
        assert_eq!(header(&got, "content-range"), Some(part.as_str()));
        assert!(got.body == mixed[first..=last], "{range}");
    }
    let got = sound(&opened, "GET", &mono, "Range: bytes=99999-\r\n").await;
    assert_eq!((got.status, header(&got, "content-range")), (416, Some("bytes */10044")));
}

#[tokio::test]
async fn sound_that_is_not_there_is_not_found_and_what_can_not_be_had_is_said() {
    let opened = open().await;
    let call = text(&busy_call(&opened).await, "sid");
    let mono = keep(&opened, &call, |_| {}).await;
    let status = RecordingStatus::InProgress;
    let open = keep(&opened, &call, |one| one.status = status).await;
    for (path, expected) in [
        (open, (404, 20_404)),
        ("RE00000000000000000000000000000001".into(), (404, 20_404)),
        ("RE1.wav".into(), (404, 20_404)),
        (format!("{mono}.ogg"), (404, 20_404)),
        // Without lame, whatever is asked for.
        (format!("{mono}.mp3"), (403, 20_403)),
        (format!("{mono}.mp3?RequestedChannels=2"), (400, 16_113)),
        (format!("{mono}.wav?RequestedChannels=2"), (400, 16_113)),
        (format!("{mono}.wav?RequestedChannels=3"), (400, 20_422)),
    ] {
        let got = sound(&opened, "GET", &path, "").await;
        refused(&path, (got.status, got.json()), expected);
    }
    opened.settings(|settings| settings.media_auth = MediaAuth::Basic).await;
    let got = sound(&opened, "GET", &mono, "").await;
    refused("closed", (got.status, got.json()), (401, 20_003));
    let path = of_account(&format!("Recordings/{mono}")).replace(".json", "");
    assert_eq!(opened.ask("GET", &path, &[]).await.status, 200);
    let (_, sub) = opened.call("POST", "/2010-04-01/Accounts.json", &[]).await;
    let (sid, token) = (text(&sub, "sid"), text(&sub, "auth_token"));
    let got = ask_as(&opened, (&sid, &token), ("GET", &path), &[]).await;
    assert_eq!(got.status, 401, "a subaccount hears nothing of its parent");
}

#[tokio::test]
async fn transcriptions_are_none_and_nothing_pretends_otherwise() {
    let opened = open().await;
    let call = text(&busy_call(&opened).await, "sid");
    let recording = keep(&opened, &call, |_| {}).await;
    for list in ["Transcriptions".to_owned(), format!("Recordings/{recording}/Transcriptions")] {
        let (status, body) = opened.call("GET", &of_account(&list), &[]).await;
        assert_eq!((status, &body["transcriptions"]), (200, &Value::Array(Vec::new())), "{body}");
        let path = of_account(&format!("{list}/TR00000000000000000000000000000001"));
        for method in ["GET", "DELETE"] {
            refused(&list, opened.call(method, &path, &[]).await, (404, 20_404));
        }
    }
    let path = of_account("Recordings/RE00000000000000000000000000000001/Transcriptions");
    refused("of nothing", opened.call("GET", &path, &[]).await, (404, 20_404));
}

/// A live call of a person who hears a long pause.
async fn live_call(opened: &mut Opened) -> String {
    opened.customer.on("/voice", [Say::verbs("<Say>Hello</Say><Pause length=\"100\"/>")]);
    point_calls(opened, &opened.customer.url("/voice")).await;
    opened.stand_still();
    let path = format!("/offhook/v1/Phones/{PERSON}/Calls");
    let (status, call) = opened.call("POST", &path, &[("To", NUMBER)]).await;
    assert_eq!(status, 201, "{call}");
    opened.heard_on("/voice").await;
    opened.quiet().await;
    text(&call, "sid")
}

#[tokio::test]
async fn a_live_call_is_recorded_by_rest_and_the_file_is_there_when_it_says_so() {
    let mut opened = open().await;
    let call = live_call(&mut opened).await;
    opened.customer.on("/recorded", [Say::status(204)]);
    let told = opened.customer.url("/recorded");
    let list = format!("Calls/{call}/Recordings");
    let form = [("RecordingStatusCallback", told.as_str()), ("RecordingChannels", "dual")];
    let made = create(&opened, &list, &form).await;
    assert_eq!((&made["status"], &made["channels"]), (&"in-progress".into(), &2.into()));
    assert_eq!(made["source"], "StartCallRecordingAPI");
    let sid = text(&made, "sid");
    opened.advance(3).await;
    let current = of_account(&format!("{list}/Twilio.CURRENT"));
    let (status, body) = opened.call("GET", &current, &[]).await;
    assert_eq!((status, &body["sid"]), (200, &sid.as_str().into()), "{body}");
    for (form, expected) in [
        (vec![], 20_001),
        (vec![("Status", "completed")], 20_422),
        (vec![("Status", "paused"), ("PauseBehavior", "loud")], 20_422),
    ] {
        refused(&format!("{form:?}"), opened.call("POST", &current, &form).await, (400, expected));
    }
    for (form, status) in [
        (vec![("Status", "paused"), ("PauseBehavior", "skip")], "paused"),
        (vec![("Status", "in-progress")], "in-progress"),
    ] {
        let (code, body) = opened.call("POST", &current, &form).await;
        assert_eq!((code, &body["status"]), (200, &status.into()), "{body}");
    }
    opened.advance(2).await;
    let path = of_account(&format!("{list}/{sid}"));
    let (code, body) = opened.call("POST", &path, &[("Status", "stopped")]).await;
    assert_eq!(code, 200, "{body}");
    let told = opened.heard_on("/recorded").await;
    assert_eq!(told.get("RecordingStatus").as_deref(), Some("completed"));
    assert_eq!(told.get("RecordingSid").as_deref(), Some(sid.as_str()));
    let got = sound(&opened, "GET", &format!("{sid}.wav"), "").await;
    assert_eq!(got.status, 200);
    let samples = media::decode("audio/wav", &got.body, 80_000).expect("a WAV file");
    assert_eq!(media::ms_of(samples.len()) / 1000, 5);
    refused("none is open", opened.call("GET", &current, &[]).await, (404, 20_404));
    let form = [("Status", "paused")];
    refused("none is open", opened.call("POST", &current, &form).await, (404, 20_404));
    let phone = format!("/offhook/v1/Phones/{PERSON}/Calls/{call}/Hangup");
    assert_eq!(opened.call("POST", &phone, &[]).await.0, 200);
    refused("it is over", opened.call("POST", &path, &form).await, (400, 21_220));
    refused("it is over", opened.call("POST", &of_account(&list), &[]).await, (400, 21_220));
    opened.finish().await;
}

#[tokio::test]
async fn how_to_record_is_checked() {
    let mut opened = open().await;
    let call = live_call(&mut opened).await;
    let path = of_account(&format!("Calls/{call}/Recordings"));
    for (form, code) in [
        (("RecordingChannels", "three"), 20_422),
        (("RecordingTrack", "side"), 20_422),
        (("Trim", "some"), 20_422),
        (("RecordingStatusCallback", "nowhere"), 21_609),
        (("RecordingStatusCallbackMethod", "PUT"), 21_209),
        (("RecordingStatusCallbackEvent", "begun"), 20_422),
    ] {
        refused(form.0, opened.call("POST", &path, &[form]).await, (400, code));
    }
    let none = of_account("Calls/CA00000000000000000000000000000001/Recordings");
    refused("no call", opened.call("POST", &none, &[]).await, (404, 20_404));
}
