//! Calls that go on from an earlier point, with something else.

use super::{
    FRIEND, calls, children, dial, has, lines, person, press, ready, ready_with, record, sid_of,
    told_the_end,
};
use crate::customer::Say;
use crate::support::{NUMBER, Opened, PERSON};
use exchange::sid::CallSid;
use offhook::calls::Did;
use serde_json::Value;

const MENU: &str = "<Gather numDigits=\"1\" action=\"/menu\"><Say>For sales press 1</Say></Gather>";

async fn points(opened: &Opened, sid: CallSid) -> Vec<Value> {
    let path = format!("/offhook/v1/Calls/{sid}/Points");
    let (status, shown) = opened.call("GET", &path, &[]).await;
    assert_eq!((status, shown["sid"].as_str()), (200, Some(sid.as_str())), "{shown}");
    shown["points"].as_array().expect("points").clone()
}

/// The newest point at which `verb` takes its time.
async fn at(opened: &Opened, sid: CallSid, verb: &str) -> String {
    let points = points(opened, sid).await;
    let found = points.iter().rev().find(|point| point["verb"] == verb);
    found.unwrap_or_else(|| panic!("no {verb} in {points:#?}"))["at"].to_string()
}

async fn fork(opened: &Opened, sid: CallSid, form: &[(&str, &str)]) -> CallSid {
    let (status, shown) = opened.call("POST", &format!("/offhook/v1/Calls/{sid}/Fork"), form).await;
    assert_eq!(status, 201, "{shown}");
    assert_eq!(shown["forked_from"], sid.as_str());
    opened.quiet().await;
    sid_of(&shown)
}

async fn advance_ms(opened: &Opened, ms: u32) {
    let advance = format!("PT0.{ms:03}S");
    let (status, shown) = opened.call("POST", "/offhook/v1/Clock", &[("Advance", &advance)]).await;
    assert_eq!(status, 200, "{shown}");
}

/// Whether the customer was asked or told nothing more.
fn nothing_else(opened: &mut Opened) {
    let unread = opened.customer.unread();
    assert!(unread.is_empty(), "{unread:#?}");
}

#[tokio::test]
async fn another_key_at_the_menu_asks_for_another_action_and_nothing_of_before() {
    let mut opened = ready_with(MENU).await;
    let documents = ["<Say>Sales</Say>", "<Say>Support</Say>"].map(Say::verbs);
    opened.customer.on("/menu", documents);
    let first = dial(&opened).await;
    opened.heard_on("/voice").await;
    opened.advance(1).await;
    press(&opened, first, "1").await;
    has(&opened.heard_on("/menu").await, &[("Digits", "1")]);
    opened.advance(10).await;
    told_the_end(&mut opened, "completed").await;

    let point = at(&opened, first, "Gather").await;
    let forked = fork(&opened, first, &[("At", &point), ("Digits", "2")]).await;
    assert_ne!(forked, first);
    let asked = opened.heard_on("/menu").await;
    has(&asked, &[("Digits", "2"), ("CallSid", forked.as_str()), ("CallStatus", "in-progress")]);
    has(&asked, &[("From", PERSON), ("To", NUMBER)]);
    let began = record(&opened, forked);
    assert_eq!((began.created, began.answered), (opened.house.now(), Some(opened.house.now())));
    opened.advance(2).await;
    let end = opened.heard_on("/number-status").await;
    has(&end, &[("CallStatus", "completed"), ("CallSid", forked.as_str())]);
    opened.quiet().await;
    nothing_else(&mut opened);
    let expected = [
        "0 < fetch POST /voice".to_owned(),
        format!("0 > document <Response>{MENU}</Response>"),
        "0 < answer".to_owned(),
        "0 < play say \"For sales press 1\"".to_owned(),
        format!("0 > forked from {first} after input 1"),
        "0 < play say \"For sales press 1\"".to_owned(),
        "0 > digit 2".to_owned(),
        "0 < stop playing".to_owned(),
        "0 < fetch POST /menu msg=\"Gather End\" Digits=2 FinishedOnKey=\"\"".to_owned(),
        "0 > document <Response><Say>Support</Say></Response>".to_owned(),
        "0 < play say \"Support\"".to_owned(),
        "455 < hang up".to_owned(),
        "455 < ended completed".to_owned(),
    ];
    let heard = lines(&opened, forked);
    assert_eq!(heard, expected, "{}", heard.join("\n"));
    opened.finish().await;
}

#[tokio::test]
async fn a_fork_of_a_fork_goes_on_and_no_text_is_sent_twice() {
    let verbs = format!("<Sms to=\"{FRIEND}\">Hello</Sms>{MENU}");
    let mut opened = ready_with(&verbs).await;
    opened.customer.on("/menu", [Say::verbs("<Hangup/>")]);
    let first = dial(&opened).await;
    opened.heard_on("/voice").await;
    let mut last = first;
    for key in ["7", "8", "9"] {
        let point = at(&opened, last, "Gather").await;
        let forked = fork(&opened, last, &[("At", &point)]).await;
        assert_eq!(record(&opened, forked).plan.forked_from, Some(last));
        press(&opened, forked, key).await;
        let asked = opened.heard_on("/menu").await;
        has(&asked, &[("Digits", key), ("CallSid", forked.as_str())]);
        has(&opened.heard_on("/number-status").await, &[("CallSid", forked.as_str())]);
        opened.quiet().await;
        last = forked;
    }
    assert_eq!(opened.messages().len(), 1, "one text for four calls");
    // The first one is still at its menu.
    press(&opened, first, "1").await;
    has(&opened.heard_on("/menu").await, &[("Digits", "1"), ("CallSid", first.as_str())]);
    told_the_end(&mut opened, "completed").await;
    nothing_else(&mut opened);
    assert_eq!(calls(&opened).len(), 4);
    opened.finish().await;
}

#[tokio::test]
async fn a_document_that_was_asked_for_is_asked_again_with_the_cookies_of_the_point() {
    let mut opened = ready().await;
    let first = Say::verbs(MENU).header("Set-Cookie", "visit=one; Path=/");
    opened.customer.on("/voice", [first]);
    let second = Say::verbs("<Hangup/>").header("Set-Cookie", "visit=two; Path=/");
    opened.customer.on("/menu", [second]);
    let call = dial(&opened).await;
    assert_eq!(opened.heard_on("/voice").await.header("Cookie"), None);
    press(&opened, call, "1").await;
    assert_eq!(opened.heard_on("/menu").await.header("Cookie"), Some("visit=one"));
    told_the_end(&mut opened, "completed").await;
    // Input 1 is the document, input 2 the key.
    fork(&opened, call, &[("At", "2")]).await;
    let again = opened.heard_on("/menu").await;
    has(&again, &[("Digits", "1")]);
    assert_eq!(again.header("Cookie"), Some("visit=one"));
    told_the_end(&mut opened, "completed").await;
    // From the beginning the caller still rings.
    let rings = fork(&opened, call, &[("At", "0")]).await;
    let asked = opened.heard_on("/voice").await;
    has(&asked, &[("CallStatus", "ringing"), ("CallSid", rings.as_str())]);
    assert_eq!(asked.header("Cookie"), None);
    person(&opened, rings, Did::HangUp).await;
    told_the_end(&mut opened, "completed").await;
    opened.finish().await;
}

#[tokio::test]
async fn of_a_sound_that_had_begun_the_rest_is_heard() {
    // Nobody listens to the key, so the sound goes on: 1105 ms by rule.
    let mut opened = ready_with("<Say>For sales press 1</Say><Redirect>/next</Redirect>").await;
    opened.customer.on("/next", [Say::verbs("<Hangup/>")]);
    let call = dial(&opened).await;
    opened.heard_on("/voice").await;
    advance_ms(&opened, 500).await;
    press(&opened, call, "5").await;
    opened.advance(5).await;
    opened.heard_on("/next").await;
    told_the_end(&mut opened, "completed").await;
    let forked = fork(&opened, call, &[("At", "2")]).await;
    let begun = opened.house.now();
    advance_ms(&opened, 604).await;
    nothing_else(&mut opened);
    advance_ms(&opened, 1).await;
    has(&opened.heard_on("/next").await, &[("CallSid", forked.as_str())]);
    assert_eq!(opened.house.now().duration_since(begun).as_millis(), 605);
    told_the_end(&mut opened, "completed").await;
    opened.finish().await;
}

#[tokio::test]
async fn a_recording_of_a_fork_has_only_what_was_live() {
    let verbs = "<Start><Recording name=\"r\" trim=\"do-not-trim\"/></Start><Say>Hello</Say>\
                 <Record action=\"/recorded\" playBeep=\"false\" timeout=\"60\" trim=\"do-not-trim\"/>";
    let mut opened = ready_with(verbs).await;
    opened.customer.on("/recorded", [Say::verbs("<Hangup/>")]);
    let call = dial(&opened).await;
    opened.heard_on("/voice").await;
    opened.advance(5).await;
    press(&opened, call, "1").await;
    has(&opened.heard_on("/recorded").await, &[("Digits", "1")]);
    told_the_end(&mut opened, "completed").await;
    let point = at(&opened, call, "Record").await;
    let forked = fork(&opened, call, &[("At", &point)]).await;
    opened.advance(3).await;
    press(&opened, forked, "#").await;
    let told = opened.heard_on("/recorded").await;
    has(&told, &[("CallSid", forked.as_str()), ("RecordingDuration", "3"), ("Digits", "#")]);
    told_the_end(&mut opened, "completed").await;
    let path = format!("/2010-04-01/Accounts/{{AC}}/Calls/{forked}/Recordings.json");
    let (_, shown) = opened.call("GET", &path, &[]).await;
    let made = shown["recordings"].as_array().expect("a list");
    let lengths: Vec<&Value> = made.iter().map(|one| &one["duration"]).collect();
    assert_eq!(lengths, ["3", "3"], "the <Record>, and the one beside it: {shown}");
    opened.finish().await;
}

#[tokio::test]
async fn words_and_a_hang_up_may_be_what_happens_instead() {
    let gather = "<Gather input=\"speech\" action=\"/said\" speechTimeout=\"1\" timeout=\"60\"/>";
    let mut opened = ready_with(gather).await;
    opened.customer.on("/said", [Say::verbs("<Hangup/>")]);
    let call = dial(&opened).await;
    opened.heard_on("/voice").await;
    let spoken = fork(&opened, call, &[("Speech", "a customer"), ("Confidence", "0.5")]).await;
    opened.advance(5).await;
    let said = opened.heard_on("/said").await;
    has(&said, &[("SpeechResult", "a customer"), ("Confidence", "0.5")]);
    has(&said, &[("CallSid", spoken.as_str())]);
    told_the_end(&mut opened, "completed").await;
    let gone = fork(&opened, call, &[("Hangup", "true")]).await;
    has(&opened.heard_on("/number-status").await, &[("CallSid", gone.as_str())]);
    assert_eq!(record(&opened, gone).duration_seconds(), Some(0));
    person(&opened, call, Did::HangUp).await;
    told_the_end(&mut opened, "completed").await;
    opened.finish().await;
}

#[tokio::test]
async fn what_can_not_be_forked_says_why() {
    let mut opened = ready_with(&format!("<Dial>{FRIEND}</Dial>")).await;
    let call = dial(&opened).await;
    opened.heard_on("/voice").await;
    let child = children(&opened, call)[0].sid;
    person(&opened, child, Did::Answer).await;
    let path = |sid: &str| format!("/offhook/v1/Calls/{sid}/Fork");
    for (sid, form, status, code, why) in [
        (call.as_str(), vec![("At", "x")], 400, 20_422, "use the number of a point"),
        (call.as_str(), vec![("At", "99")], 400, 20_422, "the last point of this call is"),
        (call.as_str(), vec![("At", "1")], 400, 20_422, "others are called there"),
        (call.as_str(), vec![("Digits", "x")], 400, 20_422, "use up to 100"),
        (call.as_str(), vec![("Digits", "1"), ("Hangup", "true")], 400, 20_422, "use one of"),
        (child.as_str(), vec![], 409, 20_409, "which dialled"),
        ("CA00000000000000000000000000000001", vec![], 404, 20_404, "not found"),
    ] {
        let (found, body) = opened.call("POST", &path(sid), &form).await;
        let message = body["message"].as_str().expect("a text");
        assert_eq!((found, body["code"].as_u64()), (status, Some(code)), "{form:?} {body}");
        assert!(message.contains(why), "{form:?} {body}");
    }
    assert_eq!(calls(&opened).len(), 2, "a refusal leaves nothing");
    // Before the <Dial> it can: the application is asked again, and dials again.
    opened.customer.on("/voice", [Say::verbs("<Hangup/>")]);
    let forked = fork(&opened, call, &[]).await;
    has(&opened.heard_on("/voice").await, &[("CallSid", forked.as_str())]);
    has(&opened.heard_on("/number-status").await, &[("CallSid", forked.as_str())]);
    person(&opened, call, Did::HangUp).await;
    told_the_end(&mut opened, "completed").await;
    opened.finish().await;
}
