//! A person at a handset: dials, answers, presses, speaks, hangs up, and reads what happened.

use super::{ask_bare, keys, subaccount};
use crate::asker;
use crate::customer::Say;
use crate::support::{NUMBER, Opened, PERSON, open};
use serde_json::Value;

/// The calls of a handset.
fn calls_of(address: &str) -> String {
    format!("/offhook/v1/Phones/{address}/Calls")
}

fn of(call: &Value, what: &str) -> String {
    let sid = call["sid"].as_str().expect("a sid");
    format!("{}/{sid}{what}", calls_of(PERSON))
}

fn refused(what: &str, (status, body): (u16, Value), expected: (u16, u32)) {
    let found = (status, body["code"].as_u64());
    assert_eq!(found, (expected.0, Some(expected.1.into())), "{what}: {body}");
}

/// A house whose number asks the customer at `/voice`, and whose time stands still.
async fn ready(verbs: &str) -> Opened {
    let opened = open().await;
    opened.customer.on("/voice", [Say::verbs(verbs)]);
    let url = opened.customer.url("/voice");
    opened.number(|number| url.clone_into(&mut number.voice.url)).await;
    opened.stand_still();
    opened
}

/// The usual person dials the house's number.
async fn dial(opened: &mut Opened) -> Value {
    let (status, call) = opened.call("POST", &calls_of(PERSON), &[("To", NUMBER)]).await;
    assert_eq!(status, 201, "{call}");
    opened.heard_on("/voice").await;
    opened.quiet().await;
    call
}

/// The customer calls a handset; its sid is that of the handset's call.
async fn ring(opened: &Opened, to: &str) -> Value {
    let twiml = "<Response><Pause length=\"60\"/></Response>";
    let form = [("To", to), ("From", NUMBER), ("Twiml", twiml)];
    let path = "/2010-04-01/Accounts/{AC}/Calls.json";
    let (status, made) = opened.call("POST", path, &form).await;
    assert_eq!(status, 201, "{made}");
    opened.quiet().await;
    made
}

#[tokio::test]
async fn a_person_dials_presses_speaks_and_hangs_up() {
    let gather = "<Gather input=\"dtmf speech\" numDigits=\"1\" timeout=\"60\" \
                  speechTimeout=\"1\" action=\"/more\"/>";
    let mut opened = ready(gather).await;
    opened.customer.on("/more", [Say::verbs(gather)]);
    let call = dial(&mut opened).await;
    let contract = [
        "answered_by",
        "date_answered",
        "date_created",
        "date_ended",
        "duration",
        "forked_from",
        "from",
        "sid",
        "status",
        "to",
        "way",
    ];
    assert_eq!(keys(&call), contract);
    for (name, value) in
        [("way", "outgoing"), ("from", PERSON), ("to", NUMBER), ("status", "ringing")]
    {
        assert_eq!(call[name], value, "{name}");
    }
    let (_, shown) = opened.call("GET", &of(&call, ""), &[]).await;
    assert_eq!(shown["status"], "in-progress");
    let pressed = opened.call("POST", &of(&call, "/Digits"), &[("Digits", "5")]).await;
    assert_eq!(pressed.0, 200, "{}", pressed.1);
    assert_eq!(opened.heard_on("/more").await.get("Digits").as_deref(), Some("5"));
    opened.quiet().await;
    let form = [("Text", "good morning"), ("Confidence", "0.42")];
    assert_eq!(opened.call("POST", &of(&call, "/Speech"), &form).await.0, 200);
    opened.advance(10).await;
    let asked = opened.heard_on("/more").await;
    assert_eq!(asked.get("SpeechResult").as_deref(), Some("good morning"));
    assert_eq!(asked.get("Confidence").as_deref(), Some("0.42"));
    opened.quiet().await;
    let (status, shown) = opened.call("POST", &of(&call, "/Hangup"), &[]).await;
    assert_eq!((status, &shown["status"]), (200, &"completed".into()), "{shown}");
    assert_eq!(shown["duration"], 10);
    for (what, form) in [
        ("/Hangup", vec![]),
        ("/Answer", vec![]),
        ("/Reject", vec![]),
        ("/Digits", vec![("Digits", "1")]),
        ("/Speech", vec![("Text", "hello?")]),
    ] {
        refused(what, opened.call("POST", &of(&call, what), &form).await, (409, 21_220));
    }
    opened.finish().await;
}

#[tokio::test]
async fn what_a_person_can_not_press_or_say_is_refused() {
    let mut opened = ready("<Pause length=\"60\"/>").await;
    let call = dial(&mut opened).await;
    let long = "1".repeat(101);
    let words = "x".repeat(2001);
    for (what, form, code) in [
        ("/Digits", vec![], 20_001),
        ("/Digits", vec![("Digits", "")], 20_001),
        ("/Digits", vec![("Digits", "1w2")], 20_422),
        ("/Digits", vec![("Digits", "a")], 20_422),
        ("/Digits", vec![("Digits", &long)], 20_422),
        ("/Speech", vec![], 20_001),
        ("/Speech", vec![("Text", &words)], 20_422),
        ("/Speech", vec![("Text", "hi"), ("Confidence", "2")], 20_422),
        ("/Speech", vec![("Text", "hi"), ("Confidence", "NaN")], 20_422),
    ] {
        let what_for = format!("{what} {form:?}");
        refused(&what_for, opened.call("POST", &of(&call, what), &form).await, (400, code));
    }
    for (what, code) in [("/Answer", 409), ("/Reject", 409)] {
        refused(what, opened.call("POST", &of(&call, what), &[]).await, (code, 21_220));
    }
}

#[tokio::test]
async fn a_file_of_sound_is_a_persons_voice() {
    let mut opened = ready("<Pause length=\"60\"/>").await;
    let call = dial(&mut opened).await;
    let path = of(&call, "/Speech?Text=good+day");
    let speak = async |content_type: &str, body: &[u8]| {
        let auth = asker::basic(opened.sid.as_str(), &opened.token);
        let headers = format!("{auth}Content-Type: {content_type}\r\n");
        let request = asker::request("POST", &path, &headers, body);
        let got = asker::exchange(&opened.url, &request).await.expect("an answer");
        (got.status, got.json())
    };
    // More than a form may have.
    let sound = media::wav::encode(&media::tones::sines(&[440.0], 8000.0, 400_000));
    assert_eq!(speak("audio/wav", &sound).await.0, 200);
    refused("no sound", speak("audio/wav", &media::wav::encode(&[])).await, (400, 20_422));
    refused("no WAV", speak("audio/wav", b"hello").await, (400, 20_422));
    refused("no type", speak("audio/strange", &sound).await, (400, 20_422));
    let long = media::wav::encode(&vec![0; 121 * 8000]);
    refused("too long", speak("audio/wav", &long).await, (400, 20_422));
    let (_, told) = opened.call("GET", &of(&call, "/Transcript"), &[]).await;
    let lines = told["lines"].as_array().expect("lines");
    let said = |line: &&Value| line.as_str().is_some_and(|line| line.contains("good day"));
    assert_eq!(lines.iter().filter(said).count(), 1, "{told}");
}

#[tokio::test]
async fn a_call_that_rings_is_answered_or_rejected_at_its_own_handset() {
    let opened = open().await;
    opened.stand_still();
    let call = ring(&opened, PERSON).await;
    let (_, list) = opened.call("GET", &calls_of(PERSON), &[]).await;
    let shown = &list["calls"][0];
    for (name, value) in
        [("way", "incoming"), ("from", NUMBER), ("to", PERSON), ("status", "ringing")]
    {
        assert_eq!(shown[name], value, "{name}");
    }
    let elsewhere = of(&call, "").replace(PERSON, "+12025550198");
    for (method, what) in [("GET", ""), ("POST", "/Answer"), ("GET", "/Transcript")] {
        let answer = opened.call(method, &format!("{elsewhere}{what}"), &[]).await;
        refused(what, answer, (404, 20_404));
    }
    let pressed = opened.call("POST", &of(&call, "/Digits"), &[("Digits", "1")]).await;
    refused("not answered", pressed, (409, 21_220));
    let (status, shown) = opened.call("POST", &of(&call, "/Answer"), &[]).await;
    assert_eq!((status, &shown["status"]), (200, &"in-progress".into()), "{shown}");
    let second = ring(&opened, PERSON).await;
    let (_, shown) = opened.call("GET", &of(&second, ""), &[]).await;
    assert_eq!(shown["status"], "busy", "its one line is in use");
    assert_eq!(opened.call("POST", &of(&call, "/Hangup"), &[]).await.0, 200);
    let third = ring(&opened, PERSON).await;
    let (status, shown) = opened.call("POST", &of(&third, "/Reject"), &[]).await;
    assert_eq!((status, &shown["status"]), (200, &"busy".into()), "{shown}");
    let (_, list) = opened.call("GET", &calls_of(PERSON), &[("PageSize", "2")]).await;
    let sids: Vec<_> =
        list["calls"].as_array().expect("a list").iter().map(|c| &c["sid"]).collect();
    assert_eq!(sids, [&third["sid"], &second["sid"]]);
    let next = list["meta"]["next_page_url"].as_str().expect("a next page");
    let next = next.trim_start_matches("http://localhost");
    let (_, list) = opened.call("GET", next, &[]).await;
    assert_eq!(list["calls"][0]["sid"], call["sid"]);
    opened.finish().await;
}

#[tokio::test]
async fn who_can_not_be_dialled_is_said() {
    let mut opened = ready("<Pause length=\"60\"/>").await;
    let path = calls_of(PERSON);
    let name = "x".repeat(101);
    let none = "AP00000000000000000000000000000001";
    for (form, expected) in [
        (vec![], (400, 21_201)),
        (vec![("To", "+1")], (400, 21_211)),
        (vec![("To", "+12025550155")], (400, 21_211)),
        (vec![("To", none)], (400, 21_211)),
        (vec![("To", NUMBER), ("CallerName", &name)], (400, 20_422)),
        (vec![("To", NUMBER), ("ForwardedFrom", "+1")], (400, 20_422)),
        (vec![("To", NUMBER), ("Parameter.a", "1"), ("Parameter.a", "2")], (400, 20_422)),
    ] {
        refused(&format!("{form:?}"), opened.call("POST", &path, &form).await, expected);
    }
    let alice = calls_of("client%3Aalice");
    refused("no app", opened.call("POST", &alice, &[("To", none)]).await, (400, 21_218));
    let own = calls_of(NUMBER);
    refused("no handset", opened.call("POST", &own, &[("To", NUMBER)]).await, (400, 20_422));
    dial(&mut opened).await;
    let again = opened.call("POST", &path, &[("To", NUMBER)]).await;
    refused("its one line is in use", again, (409, 21_220));
    opened.handset(&[("Lines", "2")]).await;
    dial(&mut opened).await;
    let (_, list) = opened.call("GET", &path, &[]).await;
    assert_eq!(list["calls"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn a_suspended_account_gets_no_calls() {
    let opened = open().await;
    let (sid, token) = subaccount(&opened).await;
    let path = format!("/2010-04-01/Accounts/{sid}/IncomingPhoneNumbers.json");
    let form = [("PhoneNumber", "+14155550123")];
    let got = super::ask_as(&opened, (&sid, &token), ("POST", &path), &form).await;
    assert_eq!(got.status, 201, "{}", got.text());
    let path = format!("/2010-04-01/Accounts/{sid}.json");
    assert_eq!(opened.call("POST", &path, &[("Status", "suspended")]).await.0, 200);
    let dialled = opened.call("POST", &calls_of(PERSON), &[("To", "+14155550123")]).await;
    refused("suspended", dialled, (400, 10_001));
}

#[tokio::test]
async fn calls_of_an_account_that_is_suspended_end_and_nobody_is_asked_any_more() {
    let mut opened = open().await;
    opened.stand_still();
    let (sid, token) = subaccount(&opened).await;
    let verbs = "<Record action=\"/recorded\" playBeep=\"false\" timeout=\"60\"/>";
    opened.customer.on("/voice", [Say::verbs(verbs)]);
    opened.customer.on("/told", [Say::status(204)]);
    let (voice, told) = (opened.customer.url("/voice"), opened.customer.url("/told"));
    let path = format!("/2010-04-01/Accounts/{sid}/IncomingPhoneNumbers.json");
    let number = [("PhoneNumber", "+14155550123"), ("VoiceUrl", &voice), ("StatusCallback", &told)];
    let got = super::ask_as(&opened, (&sid, &token), ("POST", &path), &number).await;
    assert_eq!(got.status, 201, "{}", got.text());
    let (_, call) = opened.call("POST", &calls_of(PERSON), &[("To", "+14155550123")]).await;
    opened.customer.heard_on("/voice").await;
    opened.advance(3).await;
    let path = format!("/2010-04-01/Accounts/{sid}/Calls.json");
    let (to, from) = (("To", "+12025550111"), ("From", "+14155550123"));
    let form = [to, from, ("Url", voice.as_str())];
    let got = super::ask_as(&opened, (&sid, &token), ("POST", &path), &form).await;
    assert_eq!(got.status, 201, "{}", got.text());
    opened.quiet().await;
    let path = format!("/2010-04-01/Accounts/{sid}.json");
    assert_eq!(opened.call("POST", &path, &[("Status", "suspended")]).await.0, 200);
    opened.quiet().await;
    let end = opened.customer.heard_on("/told").await;
    assert_eq!(end.get("CallStatus").as_deref(), Some("completed"));
    assert_eq!(end.get("CallDuration").as_deref(), Some("3"));
    let (_, shown) = opened.call("GET", &of(&call, ""), &[]).await;
    assert_eq!((&shown["status"], &shown["duration"]), (&"completed".into(), &3.into()));
    let account = exchange::sid::AccountSid::parse(&sid).expect("a sid");
    let filter = store::CallFilter::default();
    let calls = opened.house.store.calls(account, &filter, 9).expect("readable");
    let states: Vec<&str> = calls.iter().map(|call| call.state.as_str()).collect();
    assert_eq!(states, ["canceled", "completed"]);
    let filter = store::AlertFilter::default();
    let alerts = opened.house.store.alerts(account, &filter, 9).expect("readable");
    assert!(alerts.iter().all(|alert| alert.code == 10_001), "{alerts:#?}");
    assert!(alerts.len() >= 2, "one for each call");
    let unread = opened.customer.unread();
    assert!(unread.is_empty(), "nobody is asked: {unread:#?}");
    opened.finish().await;
}

#[tokio::test]
async fn a_main_account_plays_the_phones_of_its_subaccounts() {
    let opened = open().await;
    opened.stand_still();
    let (sid, token) = subaccount(&opened).await;
    let path = format!("/2010-04-01/Accounts/{sid}/IncomingPhoneNumbers.json");
    let url = format!("{}/nowhere", opened.customer.url(""));
    let form = [("PhoneNumber", "+14155550123"), ("VoiceUrl", url.as_str())];
    let got = super::ask_as(&opened, (&sid, &token), ("POST", &path), &form).await;
    assert_eq!(got.status, 201, "{}", got.text());
    let form = [("To", "+14155550123")];
    let (status, call) = opened.call("POST", &calls_of(PERSON), &form).await;
    assert_eq!(status, 201, "{call}");
    assert_eq!(opened.call("GET", &of(&call, ""), &[]).await.0, 200);
    assert_eq!(opened.call("POST", &of(&call, "/Hangup"), &[]).await.0, 200);
    // Lists are an account's own, as those of texts.
    let (_, list) = opened.call("GET", &calls_of(PERSON), &[]).await;
    assert_eq!(list["calls"], Value::Array(vec![]));
    let (other, token) = subaccount(&opened).await;
    let got = super::ask_as(&opened, (&other, &token), ("GET", &of(&call, "")), &[]).await;
    refused("a sister's", (got.status, got.json()), (404, 20_404));
}

#[tokio::test]
async fn a_client_calls_an_application_and_is_called_by_its_name() {
    let mut opened = open().await;
    opened.customer.on("/app", [Say::verbs("<Pause length=\"60\"/>")]);
    let url = opened.customer.url("/app");
    let path = "/2010-04-01/Accounts/{AC}/Applications.json";
    let (_, application) = opened.call("POST", path, &[("VoiceUrl", &url)]).await;
    let application = application["sid"].as_str().expect("a sid");
    opened.stand_still();
    let alice = calls_of("client%3Aalice");
    let form = [
        ("To", application),
        ("Parameter.To", "+12025550155"),
        ("Parameter.team", "red"),
        ("CallerName", "Alice"),
    ];
    let (status, call) = opened.call("POST", &alice, &form).await;
    assert_eq!(status, 201, "{call}");
    assert_eq!((&call["from"], &call["to"]), (&"client:alice".into(), &"+12025550155".into()));
    let asked = opened.heard_on("/app").await;
    for (name, value) in [
        ("From", "client:alice"),
        ("To", "+12025550155"),
        ("team", "red"),
        ("ApplicationSid", application),
        ("CallerName", "Alice"),
    ] {
        assert_eq!(asked.get(name).as_deref(), Some(value), "{name}");
    }
    opened.quiet().await;
    let sid = call["sid"].as_str().expect("a sid");
    assert_eq!(opened.call("POST", &format!("{alice}/{sid}/Hangup"), &[]).await.0, 200);
    for (address, path) in [
        ("client:alice", calls_of("client%3Aalice")),
        ("sip:bob@example.com", calls_of("sip%3Abob%40example.com")),
    ] {
        let call = ring(&opened, address).await;
        let sid = call["sid"].as_str().expect("a sid");
        let (status, shown) = opened.call("POST", &format!("{path}/{sid}/Answer"), &[]).await;
        assert_eq!((status, &shown["to"]), (200, &address.into()), "{shown}");
        let hung_up = opened.call("POST", &format!("{path}/{sid}/Hangup"), &[]).await;
        assert_eq!(hung_up.0, 200, "{}", hung_up.1);
    }
    opened.finish().await;
}

/// Who waits when a call ends gets its last lines: they are not lost on their way to the store.
async fn a_call_that_ends_is_waited_for(opened: &mut Opened) {
    for _ in 0..5 {
        let call = dial(opened).await;
        let path = of(&call, "/Transcript");
        let (_, told) = opened.call("GET", &path, &[]).await;
        let known = told["count"].to_string();
        let waiting = [("After", known.as_str()), ("Wait", "PT30S")];
        let hangup = of(&call, "/Hangup");
        let more = opened.call("GET", &path, &waiting);
        let ((_, told), ended) = tokio::join!(more, opened.call("POST", &hangup, &[]));
        assert_eq!(ended.0, 200, "{}", ended.1);
        let lines = told["lines"].as_array().expect("lines");
        assert!(lines.iter().any(|line| line.to_string().contains("hung up")), "{told}");
        opened.quiet().await;
    }
}

#[tokio::test]
async fn a_transcript_is_read_from_where_one_is_and_waited_for() {
    let mut opened = ready("<Gather numDigits=\"1\" timeout=\"60\" action=\"/end\"/>").await;
    opened.customer.on("/end", [Say::verbs("<Hangup/>")]);
    let call = dial(&mut opened).await;
    let path = of(&call, "/Transcript");
    let (status, told) = opened.call("GET", &path, &[]).await;
    assert_eq!((status, keys(&told)), (200, vec!["count", "lines", "sid", "status"]));
    let count = told["count"].as_u64().expect("a number");
    assert!(count > 0 && told["lines"].as_array().map(Vec::len) == Some(count as usize), "{told}");
    let after = count.to_string();
    let known = [("After", after.as_str())];
    let (_, told) = opened.call("GET", &path, &known).await;
    assert_eq!(told["lines"], Value::Array(Vec::new()));
    // Nothing more comes: the wait is over by itself.
    let (status, told) = opened.call("GET", &path, &[known[0], ("Wait", "PT0.05S")]).await;
    assert_eq!((status, &told["count"]), (200, &count.into()));
    let waiting = [known[0], ("Wait", "PT30S")];
    let more = opened.call("GET", &path, &waiting);
    let digits = of(&call, "/Digits");
    let press = opened.call("POST", &digits, &[("Digits", "1")]);
    let ((status, told), pressed) = tokio::join!(more, press);
    assert_eq!((status, pressed.0), (200, 200));
    let lines = told["lines"].as_array().expect("lines");
    assert!(lines[0].as_str().is_some_and(|line| line.contains("digit 1")), "{told}");
    opened.heard_on("/end").await;
    opened.quiet().await;
    a_call_that_ends_is_waited_for(&mut opened).await;
    // Of a call that is over it is all there, and nobody waits.
    let many = [("After", "9999"), ("Wait", "PT30S")];
    let (_, told) = opened.call("GET", &path, &many).await;
    assert_eq!((&told["status"], &told["lines"]), (&"completed".into(), &Value::Array(vec![])));
    assert!(told["count"].as_u64() > Some(count), "{told}");
    for form in [("After", "x"), ("After", "-1"), ("Wait", "PT31S"), ("Wait", "10")] {
        refused(form.0, opened.call("GET", &path, &[form]).await, (400, 20_422));
    }
    opened.finish().await;
}

#[tokio::test]
async fn live_sound_is_a_web_socket_and_nothing_else() {
    let mut opened = ready("<Pause length=\"60\"/>").await;
    let call = dial(&mut opened).await;
    let path = of(&call, "/Audio");
    refused("no upgrade", opened.call("GET", &path, &[]).await, (426, 20_001));
    let none = path.replace(call["sid"].as_str().expect("a sid"), "CA1");
    refused("no call", opened.call("GET", &none, &[]).await, (404, 20_404));
    let got = ask_bare(&opened, "GET", &path, "", "").await;
    assert_eq!(got.status, 401);
}
