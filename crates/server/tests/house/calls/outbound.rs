//! Calls that the customer makes by REST.

use super::{change, create, handset, has, lines, person, press, ready, record, state, transcript};
use crate::customer::Say;
use crate::support::{Opened, PERSON};
use offhook::calls::Did;

/// A house whose customer answers at `/go` and is told everything at `/told`.
async fn ready_to_call(verbs: &str) -> (Opened, Vec<(&'static str, String)>) {
    let opened = ready().await;
    opened.customer.on("/go", [Say::verbs(verbs)]);
    opened.customer.on("/told", [Say::status(204)]);
    let mut form =
        vec![("Url", opened.customer.url("/go")), ("StatusCallback", opened.customer.url("/told"))];
    for event in ["initiated", "ringing", "answered", "completed"] {
        form.push(("StatusCallbackEvent", event.to_owned()));
    }
    (opened, form)
}

async fn call(
    opened: &Opened,
    form: &[(&'static str, String)],
    more: &[(&str, &str)],
) -> exchange::sid::CallSid {
    let form: Vec<(&str, &str)> =
        form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    create(opened, PERSON, &[&form, more].concat()).await
}

/// Every status in its order, with its number.
async fn told(opened: &mut Opened, statuses: &[&str]) {
    for (number, status) in statuses.iter().enumerate() {
        let told = opened.heard_on("/told").await;
        let number = number.to_string();
        has(&told, &[("CallStatus", status), ("SequenceNumber", &number)]);
        has(&told, &[("CallbackSource", "call-progress-events")]);
    }
}

#[tokio::test]
async fn a_handset_is_rung_answers_and_hears_the_document() {
    let (mut opened, form) = ready_to_call("<Say>Your taxi is here</Say>").await;
    handset(&opened, PERSON, &[("OnCall", "answer"), ("AnswerAfter", "PT4S")]).await;
    let sid = call(&opened, &form, &[]).await;
    assert_eq!(state(&opened, sid), "ringing");
    opened.advance(30).await;
    has(
        &opened.heard_on("/go").await,
        &[("CallStatus", "in-progress"), ("Direction", "outbound-api"), ("To", PERSON)],
    );
    told(&mut opened, &["initiated", "ringing", "in-progress", "completed"]).await;
    assert_eq!(record(&opened, sid).duration_seconds(), Some(2));
    assert_eq!(lines(&opened, sid).last().map(String::as_str), Some("5105 < ended completed"));
    opened.finish().await;
}

#[tokio::test]
async fn whoever_can_not_be_had_ends_the_call() {
    for (on_call, status, code) in [
        ("busy", "busy", 486),
        ("reject", "busy", 603),
        ("no-answer", "no-answer", 487),
        ("unreachable", "failed", 404),
    ] {
        let (mut opened, form) = ready_to_call("<Hangup/>").await;
        handset(&opened, PERSON, &[("OnCall", on_call)]).await;
        let sid = call(&opened, &form, &[("Timeout", "20")]).await;
        opened.advance(30).await;
        let statuses: &[&str] = match on_call {
            "no-answer" => &["initiated", "ringing", status],
            _ => &["initiated", status],
        };
        told(&mut opened, statuses).await;
        let call = record(&opened, sid);
        assert_eq!((call.state.as_str(), call.sip_response_code), (status, Some(code)));
        opened.finish().await;
    }
}

#[tokio::test]
async fn a_machine_is_detected_before_the_document_or_beside_it() {
    for (on_call, mode, waits, by) in [
        ("answer", "Enable", "false", "human"),
        ("machine", "Enable", "false", "machine_start"),
        ("machine", "DetectMessageEnd", "false", "machine_end_beep"),
        ("machine", "Enable", "true", "machine_start"),
    ] {
        let (mut opened, form) = ready_to_call("<Pause length=\"20\"/>").await;
        let amd = opened.customer.url("/amd");
        opened.customer.on("/amd", [Say::status(204)]);
        handset(&opened, PERSON, &[("OnCall", on_call)]).await;
        let detection =
            [("MachineDetection", mode), ("AsyncAmd", waits), ("AsyncAmdStatusCallback", &amd)];
        let sid = call(&opened, &form, &detection).await;
        opened.advance(60).await;
        let asked = opened.heard_on("/go").await;
        let told_at = match waits {
            "true" => {
                assert_eq!(asked.get("AnsweredBy"), None);
                let told = opened.heard_on("/amd").await;
                has(&told, &[("CallSid", sid.as_str())]);
                told
            }
            _ => asked,
        };
        has(&told_at, &[("AnsweredBy", by)]);
        told(&mut opened, &["initiated", "ringing", "in-progress", "completed"]).await;
        assert_eq!(record(&opened, sid).answered_by.map(|by| by.as_str()), Some(by));
        opened.finish().await;
    }
}

#[tokio::test]
async fn a_call_may_last_as_long_as_it_was_made_for() {
    let (mut opened, form) = ready_to_call("<Pause length=\"600\"/>").await;
    let sid = call(&opened, &form, &[("TimeLimit", "60")]).await;
    person(&opened, sid, Did::Answer).await;
    opened.heard_on("/go").await;
    opened.advance(30).await;
    assert_eq!(change(&opened, sid, &[("TimeLimit", "40")]).await.0, 200);
    opened.advance(9).await;
    assert_eq!(state(&opened, sid), "in-progress");
    opened.advance(2).await;
    told(&mut opened, &["initiated", "ringing", "in-progress", "completed"]).await;
    assert_eq!(record(&opened, sid).duration_seconds(), Some(40));
    opened.finish().await;
}

#[tokio::test]
async fn keys_are_pressed_after_the_answer_and_then_the_document_is_asked() {
    let (mut opened, form) = ready_to_call("<Hangup/>").await;
    let sid = call(&opened, &form, &[("SendDigits", "ww12#")]).await;
    person(&opened, sid, Did::Answer).await;
    assert!(opened.customer.unread().iter().all(|seen| seen.path() != "/go"));
    opened.advance(3).await;
    opened.heard_on("/go").await;
    opened.quiet().await;
    let heard = lines(&opened, sid);
    assert!(heard.iter().any(|line| line == "0 < press ww12#"), "{heard:#?}");
    assert!(heard.iter().any(|line| line == "1600 < fetch POST /go"), "{heard:#?}");
    opened.customer.unread();
    opened.finish().await;
}

#[tokio::test]
async fn an_answered_call_that_is_hung_up_in_its_keys_asks_nothing() {
    let (mut opened, form) = ready_to_call("<Hangup/>").await;
    let sid = call(&opened, &form, &[("SendDigits", "WWWW1")]).await;
    person(&opened, sid, Did::Answer).await;
    opened.advance(1).await;
    person(&opened, sid, Did::HangUp).await;
    opened.advance(20).await;
    told(&mut opened, &["initiated", "ringing", "in-progress", "completed"]).await;
    assert!(!transcript(&opened, sid).contains("fetch"));
    opened.finish().await;
}

#[tokio::test]
async fn a_ringing_call_is_taken_back() {
    for status in ["canceled", "completed"] {
        let (mut opened, form) = ready_to_call("<Hangup/>").await;
        let sid = call(&opened, &form, &[]).await;
        assert_eq!(change(&opened, sid, &[("Status", status)]).await.0, 200);
        told(&mut opened, &["initiated", "ringing", "canceled"]).await;
        assert_eq!(record(&opened, sid).sip_response_code, Some(487));
        opened.finish().await;
    }
}

#[tokio::test]
async fn a_document_that_came_with_the_call_needs_no_request() {
    let mut opened = ready().await;
    let twiml = "<Response><Gather numDigits=\"1\" action=\"http://ADDRESS/key\"/></Response>";
    let twiml = twiml.replace("ADDRESS", &opened.customer.address.to_string());
    opened.customer.on("/key", [Say::verbs("<Hangup/>")]);
    let sid = create(&opened, PERSON, &[("Twiml", &twiml)]).await;
    person(&opened, sid, Did::Answer).await;
    press(&opened, sid, "7").await;
    has(&opened.heard_on("/key").await, &[("Digits", "7")]);
    opened.quiet().await;
    assert_eq!(state(&opened, sid), "completed");
    opened.finish().await;
}
