//! Calls by REST: made, listed, changed, deleted, and the log of their webhooks.

use super::{ask_as, busy_call, create, of_account, point_calls, refused, text};
use crate::customer::Say;
use crate::support::{NUMBER, Opened, PERSON, open};
use serde_json::Value;

const TO: (&str, &str) = ("To", PERSON);
const FROM: (&str, &str) = ("From", NUMBER);
const URL: (&str, &str) = ("Url", "https://app.example/voice");
const TWIML: (&str, &str) = ("Twiml", "<Response><Pause length=\"60\"/></Response>");

/// A form, and the code it is refused with.
type Refused<'a> = (&'a [(&'a str, &'a str)], u32);

#[tokio::test]
async fn every_parameter_of_a_create_is_checked() {
    let opened = open().await;
    let path = of_account("Calls");
    let long = format!("<Response>{}</Response>", "x".repeat(4000));
    let user = "u".repeat(256);
    let refusals: &[Refused] = &[
        (&[FROM, URL], 21_201),
        (&[TO, URL], 21_213),
        (&[TO, FROM], 21_205),
        (&[("To", "+1"), FROM, URL], 21_217),
        (&[("To", "12345"), FROM, URL], 21_217),
        (&[("To", "whatsapp:+12025550199"), FROM, URL], 21_217),
        (&[TO, ("From", "+1"), URL], 21_212),
        (&[TO, ("From", "client:bob"), URL], 21_212),
        (&[TO, ("From", "+12025550111"), URL], 21_210),
        (&[TO, FROM, ("Url", "nowhere")], 21_205),
        (&[TO, FROM, ("Twiml", &long)], 32_018),
        (&[TO, FROM, ("ApplicationSid", "AP1")], 21_218),
        (&[TO, FROM, ("ApplicationSid", "AP00000000000000000000000000000001")], 21_218),
        (&[TO, FROM, URL, ("Method", "PUT")], 21_209),
        (&[TO, FROM, URL, ("FallbackUrl", "nowhere")], 21_205),
        (&[TO, FROM, URL, ("FallbackMethod", "PUT")], 21_209),
        (&[TO, FROM, URL, ("StatusCallback", "http://under_score.example/")], 21_609),
        (&[TO, FROM, URL, ("StatusCallbackMethod", "PUT")], 21_209),
        (&[TO, FROM, URL, ("SendDigits", "12E")], 21_206),
        (&[TO, FROM, URL, ("Timeout", "601")], 21_208),
        (&[TO, FROM, URL, ("TimeLimit", "0")], 20_422),
        (&[TO, FROM, URL, ("Record", "maybe")], 20_422),
        (&[TO, FROM, URL, ("RecordingChannels", "3")], 20_422),
        (&[TO, FROM, URL, ("RecordingTrack", "side")], 20_422),
        (&[TO, FROM, URL, ("Trim", "some")], 20_422),
        (&[TO, FROM, URL, ("RecordingStatusCallback", "nowhere")], 21_609),
        (&[TO, FROM, URL, ("RecordingStatusCallbackMethod", "PUT")], 21_209),
        (&[TO, FROM, URL, ("RecordingStatusCallbackEvent", "begun")], 20_422),
        (&[TO, FROM, URL, ("MachineDetection", "Sure")], 21_234),
        (&[TO, FROM, URL, ("MachineDetectionTimeout", "2")], 21_263),
        (&[TO, FROM, URL, ("MachineDetectionSpeechThreshold", "999")], 21_263),
        (&[TO, FROM, URL, ("MachineDetectionSpeechEndThreshold", "499")], 21_263),
        (&[TO, FROM, URL, ("MachineDetectionSilenceTimeout", "1999")], 21_263),
        (&[TO, FROM, URL, ("AsyncAmd", "maybe")], 20_422),
        (&[TO, FROM, URL, ("AsyncAmdStatusCallback", "nowhere")], 21_609),
        (&[TO, FROM, URL, ("AsyncAmdStatusCallbackMethod", "PUT")], 21_209),
        (&[TO, FROM, URL, ("SipAuthUsername", &user)], 21_221),
        (&[TO, FROM, URL, ("SipAuthUsername", "a b")], 21_222),
        (&[TO, FROM, URL, ("SipAuthUsername", "u"), ("SipAuthPassword", &user)], 21_223),
        (&[TO, FROM, URL, ("SipAuthUsername", "u"), ("SipAuthPassword", "a b")], 21_224),
        (&[TO, FROM, URL, ("SipAuthUsername", "u")], 21_225),
        (&[TO, FROM, URL, ("CallReason", &user)], 20_422),
        (&[TO, FROM, URL, ("ClientNotificationUrl", "nowhere")], 21_205),
        (&[("To", "+15005550001"), FROM, URL], 21_217),
        (&[("To", "+15005550002"), FROM, URL], 21_214),
        (&[("To", "+15005550003"), FROM, URL], 21_215),
        (&[("To", "+15005550004"), FROM, URL], 21_216),
        (&[TO, ("From", "+15005550001"), URL], 21_212),
    ];
    for (form, code) in refusals {
        refused(&format!("{form:?}"), opened.call("POST", &path, form).await, (400, *code));
    }
    let form = [TO, FROM, URL, ("Byoc", "BY00000000000000000000000000000001")];
    refused("a trunk", opened.call("POST", &path, &form).await, (403, 20_403));
    let (_, list) = opened.call("GET", &path, &[]).await;
    assert_eq!(list["calls"].as_array().map(Vec::len), Some(0), "a refusal leaves nothing");
}

#[tokio::test]
async fn a_call_is_queued_rings_is_answered_and_hung_up() {
    let mut opened = open().await;
    opened.stand_still();
    opened.customer.on("/told", [Say::status(204)]);
    let told = opened.customer.url("/told");
    let events: Vec<_> = ["initiated", "ringing", "answered", "completed"]
        .map(|event| ("StatusCallbackEvent", event))
        .into();
    let form = [vec![TO, FROM, TWIML, ("StatusCallback", &told)], events].concat();
    let made = create(&opened, "Calls", &form).await;
    let sid = text(&made, "sid");
    let uri = format!("/2010-04-01/Accounts/{}/Calls/{sid}", opened.sid);
    for (name, value) in [
        ("status", Value::from("queued")),
        ("direction", "outbound-api".into()),
        ("to", PERSON.into()),
        ("to_formatted", "(202) 555-0199".into()),
        ("from", NUMBER.into()),
        ("from_formatted", "(202) 555-0100".into()),
        ("start_time", Value::Null),
        ("end_time", Value::Null),
        ("duration", Value::Null),
        ("price", Value::Null),
        ("price_unit", "USD".into()),
        ("queue_time", "0".into()),
        ("answered_by", Value::Null),
        ("parent_call_sid", Value::Null),
        ("api_version", "2010-04-01".into()),
        ("uri", format!("{uri}.json").into()),
    ] {
        assert_eq!(made[name], value, "{name}");
    }
    let number = opened.house.store.number_at(NUMBER).expect("readable").expect("there");
    assert_eq!(made["phone_number_sid"], number.sid.as_str());
    assert_eq!(made["subresource_uris"]["recordings"], format!("{uri}/Recordings.json"));
    for status in ["initiated", "ringing"] {
        assert_eq!(opened.heard_on("/told").await.get("CallStatus").as_deref(), Some(status));
    }
    let path = of_account(&format!("Calls/{sid}"));
    let (_, shown) = opened.call("GET", &path, &[]).await;
    assert_eq!(shown["status"], "ringing");
    refused("it lives", opened.call("DELETE", &path, &[]).await, (409, 20_009));
    let answer = format!("/offhook/v1/Phones/{PERSON}/Calls/{sid}/Answer");
    assert_eq!(opened.call("POST", &answer, &[]).await.0, 200);
    assert_eq!(opened.heard_on("/told").await.get("CallStatus").as_deref(), Some("in-progress"));
    opened.advance(7).await;
    let (status, shown) = opened.call("POST", &path, &[("Status", "completed")]).await;
    assert_eq!((status, &shown["status"]), (200, &"completed".into()), "{shown}");
    assert_eq!(shown["duration"], "7");
    let over = opened.heard_on("/told").await;
    assert_eq!(over.get("CallDuration").as_deref(), Some("7"));
    // Ending what has ended is nobody's mistake; changing it is.
    assert_eq!(opened.call("POST", &path, &[("Status", "completed")]).await.0, 200);
    refused("it is over", opened.call("POST", &path, &[TWIML]).await, (400, 21_220));
    refused("it is over", opened.call("POST", &path, &[URL]).await, (400, 21_220));
    assert_eq!(opened.ask("DELETE", &path, &[]).await.status, 204);
    refused("it is gone", opened.call("GET", &path, &[]).await, (404, 20_404));
    opened.finish().await;
}

#[tokio::test]
async fn a_live_call_is_sent_elsewhere_and_a_ringing_one_taken_back() {
    let mut opened = open().await;
    opened.stand_still();
    opened.customer.on("/second", [Say::verbs("<Hangup/>")]);
    let made = create(&opened, "Calls", &[TO, FROM, TWIML]).await;
    let sid = text(&made, "sid");
    let path = of_account(&format!("Calls/{sid}"));
    let second = opened.customer.url("/second");
    let to_second = [("Url", second.as_str()), ("Method", "GET")];
    opened.quiet().await;
    refused("not yet", opened.call("POST", &path, &to_second).await, (400, 21_220));
    let answer = format!("/offhook/v1/Phones/{PERSON}/Calls/{sid}/Answer");
    assert_eq!(opened.call("POST", &answer, &[]).await.0, 200);
    for (form, code) in [
        (("Status", "ringing"), 20_422),
        (("Url", "nowhere"), 21_205),
        (("Method", "PUT"), 21_209),
        (("TimeLimit", "x"), 20_422),
        (("StatusCallback", "nowhere"), 21_609),
        (("FallbackUrl", "nowhere"), 21_205),
    ] {
        refused(form.0, opened.call("POST", &path, &[form]).await, (400, code));
    }
    let (status, shown) = opened.call("POST", &path, &to_second).await;
    assert_eq!((status, &shown["status"]), (200, &"in-progress".into()), "{shown}");
    let asked = opened.heard_on("/second").await;
    assert_eq!((asked.method.as_str(), asked.get("CallSid")), ("GET", Some(sid.clone())));
    opened.quiet().await;
    assert_eq!(opened.call("GET", &path, &[]).await.1["status"], "completed");
    let taken_back = create(&opened, "Calls", &[TO, FROM, TWIML]).await;
    let path = of_account(&format!("Calls/{}", text(&taken_back, "sid")));
    let (status, shown) = opened.call("POST", &path, &[("Status", "canceled")]).await;
    assert_eq!((status, &shown["status"]), (200, &"canceled".into()), "{shown}");
    assert_eq!(shown["duration"], "0");
    let none = of_account("Calls/CA00000000000000000000000000000001");
    refused("no call", opened.call("POST", &none, &to_second).await, (404, 20_404));
    opened.finish().await;
}

#[tokio::test]
async fn who_answered_is_shown_by_the_word_of_the_callbacks() {
    let opened = open().await;
    opened.stand_still();
    for (on_call, answered_by) in [("machine", "machine_start"), ("answer", "human")] {
        opened.handset(&[("OnCall", on_call)]).await;
        let made = create(&opened, "Calls", &[TO, FROM, TWIML, ("MachineDetection", "Enable")]);
        let path = of_account(&format!("Calls/{}", text(&made.await, "sid")));
        opened.advance(10).await;
        let (_, shown) = opened.call("GET", &path, &[]).await;
        assert_eq!(shown["answered_by"], answered_by, "{shown}");
        assert_eq!(opened.call("POST", &path, &[("Status", "completed")]).await.0, 200);
    }
}

async fn sids(opened: &Opened, filter: &[(&str, &str)]) -> Vec<String> {
    let (status, list) = opened.call("GET", &of_account("Calls"), filter).await;
    assert_eq!(status, 200, "{list}");
    list["calls"].as_array().expect("a list").iter().map(|one| text(one, "sid")).collect()
}

#[tokio::test]
async fn a_list_is_filtered_by_everything_that_twilio_names() {
    let opened = open().await;
    let busy = text(&busy_call(&opened).await, "sid");
    let to_client = [("To", "client:alice"), FROM, TWIML];
    let ringing = text(&create(&opened, "Calls", &to_client).await, "sid");
    opened.quiet().await;
    let both = vec![ringing.clone(), busy.clone()];
    let (busy, ringing) = (vec![busy], vec![ringing]);
    let today = opened.house.now().strftime("%Y-%m-%d").to_string();
    for (filter, found) in [
        (vec![], &both),
        (vec![TO], &busy),
        (vec![("To", "client:alice")], &ringing),
        (vec![("To", "(202) 555-0199")], &busy),
        (vec![FROM], &both),
        (vec![("From", PERSON)], &vec![]),
        (vec![("Status", "busy")], &busy),
        (vec![("Status", "ringing")], &ringing),
        (vec![("Status", "completed")], &vec![]),
        (vec![("ParentCallSid", &busy[0])], &vec![]),
        (vec![("StartTime", &today)], &both),
        (vec![("StartTime<", "2000-01-01")], &vec![]),
        (vec![("StartTime>", "2000-01-01")], &both),
        (vec![("EndTime", &today)], &busy),
        (vec![("EndTime<", "2000-01-01")], &vec![]),
        (vec![("EndTime>", "2000-01-01")], &busy),
        (vec![("PageSize", "1")], &ringing),
    ] {
        assert_eq!(sids(&opened, &filter).await, *found, "{filter:?}");
    }
    let (_, first) = opened.call("GET", &of_account("Calls"), &[("PageSize", "1")]).await;
    let (_, next) = opened.call("GET", &text(&first, "next_page_uri"), &[]).await;
    assert_eq!(text(&next["calls"][0], "sid"), busy[0]);
    assert_eq!(next["next_page_uri"], Value::Null);
    for (filter, code) in [
        (("Status", "initiated"), 20_422),
        (("Status", "over"), 20_422),
        (("StartTime", "once"), 20_422),
        (("EndTime<", "once"), 20_422),
        (("ParentCallSid", "CA1"), 20_423),
        (("PageToken", "PASM00000000000000000000000000000001"), 21_481),
    ] {
        let answer = opened.call("GET", &of_account("Calls"), &[filter]).await;
        refused(filter.0, answer, (400, code));
    }
}

#[tokio::test]
async fn another_account_sees_nothing_of_a_call() {
    let opened = open().await;
    let call = text(&busy_call(&opened).await, "sid");
    let (_, sub) = opened.call("POST", "/2010-04-01/Accounts.json", &[]).await;
    let (sid, token) = (text(&sub, "sid"), text(&sub, "auth_token"));
    for part in ["", "/Events", "/Notifications", "/Recordings"] {
        let path = format!("/2010-04-01/Accounts/{sid}/Calls/{call}{part}.json");
        let got = ask_as(&opened, (&sid, &token), ("GET", &path), &[]).await;
        refused(&path, (got.status, got.json()), (404, 20_404));
    }
    let path = format!("/2010-04-01/Accounts/{sid}/Calls.json");
    let got = ask_as(&opened, (&sid, &token), ("POST", &path), &[TO, FROM, URL]).await;
    refused("another's number", (got.status, got.json()), (400, 21_210));
    let phone = format!("/offhook/v1/Phones/{PERSON}/Calls/{call}");
    let got = ask_as(&opened, (&sid, &token), ("GET", &phone), &[]).await;
    refused("another's handset", (got.status, got.json()), (404, 20_404));
}

#[tokio::test]
async fn what_is_odd_is_an_alert_and_the_call_is_made() {
    let opened = open().await;
    opened.stand_still();
    let told = opened.customer.url("/told");
    let form = [
        TO,
        FROM,
        TWIML,
        ("StatusCallback", told.as_str()),
        ("StatusCallbackEvent", "begun"),
        ("MachineDetection", "Enable"),
        ("AsyncAmd", "true"),
    ];
    let sid = text(&create(&opened, "Calls", &form).await, "sid");
    assert_eq!(opened.codes(), [21_626, 21_262]);
    let path = of_account(&format!("Calls/{sid}/Notifications"));
    let (_, list) = opened.call("GET", &path, &[]).await;
    assert_eq!(list["notifications"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn the_log_of_a_call_has_its_asks_and_tells_and_they_are_replayed() {
    let mut opened = open().await;
    opened.customer.on("/voice", [Say::verbs("<Hangup/>"), Say::verbs("<Say>again</Say>")]);
    opened.customer.on("/told", [Say::status(204)]);
    point_calls(&opened, &opened.customer.url("/voice")).await;
    let told = opened.customer.url("/told");
    opened.number(|number| told.clone_into(&mut number.status_callback)).await;
    let dial = format!("/offhook/v1/Phones/{PERSON}/Calls");
    let (status, call) = opened.call("POST", &dial, &[("To", NUMBER)]).await;
    assert_eq!(status, 201, "{call}");
    let sid = text(&call, "sid");
    opened.heard_on("/voice").await;
    opened.heard_on("/told").await;
    opened.quiet().await;
    let path = of_account(&format!("Calls/{sid}/Events"));
    let (status, list) = opened.call("GET", &path, &[]).await;
    assert_eq!(status, 200, "{list}");
    let events = list["events"].as_array().expect("a list");
    assert_eq!(events.len(), 2, "{list}");
    let of = |status: &str| {
        let is_its = |event: &&Value| event["request"]["parameters"]["call_status"] == status;
        events.iter().find(is_its).expect(status)
    };
    let (ask, tell) = (of("ringing"), of("completed"));
    assert_eq!(ask["request"]["method"], "POST");
    assert_eq!(ask["request"]["url"], opened.customer.url("/voice"));
    assert_eq!(ask["request"]["parameters"]["call_sid"], sid.as_str());
    assert_eq!(ask["request"]["parameters"]["call_status"], "ringing");
    assert_eq!(ask["response"]["response_code"], 200);
    assert!(text(&ask["response"], "response_body").contains("<Hangup/>"));
    assert!(text(&ask["response"], "content_type").contains("xml"));
    assert!(ask["response"]["request_duration"].is_u64());
    assert_eq!(tell["request"]["url"], told);
    assert_eq!(tell["response"]["response_code"], 204);
    let (_, first) = opened.call("GET", &path, &[("PageSize", "1")]).await;
    let (_, next) = opened.call("GET", &text(&first, "next_page_uri"), &[]).await;
    assert_eq!(first["events"][0], events[0]);
    assert_eq!(next["events"][0], events[1]);

    let filter = [("ResourceSid", sid.as_str()), ("Kind", "ask")];
    let (_, log) = opened.call("GET", "/offhook/v1/Webhooks", &filter).await;
    let entry = &log["webhooks"][0];
    assert_eq!((&entry["purpose"], &entry["status"]), (&"voice".into(), &"done".into()));
    let replay = format!("/offhook/v1/Webhooks/{}/Replay", text(entry, "sid"));
    let (status, again) = opened.call("POST", &replay, &[]).await;
    assert_eq!((status, &again["purpose"]), (201, &"replay".into()), "{again}");
    assert_eq!(opened.heard_on("/voice").await.get("CallSid"), Some(sid.clone()));
    opened.quiet().await;
    let status = &opened.call("GET", &of_account(&format!("Calls/{sid}")), &[]).await.1["status"];
    assert_eq!(status, "completed", "nothing follows from a replay");
    opened.finish().await;
}
