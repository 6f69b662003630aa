//! The application fails: alerts, the fallback, the debugger (webhooks.md 2f, 4.4, 4.5, 5.1).

use crate::customer::{Gate, Say};
use crate::support::{Opened, PERSON, open, said};
use exchange::messages::State;
use exchange::webhooks::{Kind, Status};
use tokio::net::TcpListener;

/// A port where nobody listens.
async fn closed_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    listener.local_addr().expect("bound").port()
}

/// Texts the house, whose number asks `url`; checks the fallback's request and the alert.
async fn fails(house: &mut Opened, url: &str, code: u32) {
    house.point_with_fallback(url, &house.customer.url("/fallback")).await;
    let before = house.alerts().len();
    let sid = house.text("help & go").await;
    let seen = house.heard_on("/fallback").await;
    assert_eq!(seen.get("ErrorCode"), Some(code.to_string()), "{url}");
    let error_url = seen.get("ErrorUrl").expect("an ErrorUrl");
    assert!(!error_url.contains("secret"), "{error_url}");
    for (name, value) in [
        ("MessageSid", sid.as_str()),
        ("SmsMessageSid", sid.as_str()),
        ("From", PERSON),
        ("Body", "help & go"),
        ("SmsStatus", "received"),
        ("NumMedia", "0"),
        ("FromCountry", "US"),
    ] {
        assert_eq!(seen.get(name).as_deref(), Some(value), "{url}: {name}");
    }
    assert_eq!(seen.names().len(), 21, "{url}");
    house.quiet().await;
    let alerts = house.alerts().split_off(before);
    let codes: Vec<u32> = alerts.iter().map(|alert| alert.code).collect();
    assert_eq!(codes, [code], "{url}");
    assert_eq!(alerts[0].resource, Some(sid.sid()), "{url}");
    let request = alerts[0].request.as_ref().expect("the request");
    assert!(request.variables.contains("Body=help"), "{url}: {request:?}");
    let bodies: Vec<_> = house.replies(sid).into_iter().map(|reply| reply.body).collect();
    assert_eq!(bodies, ["saved"], "{url}");
    let asks = house.log_of(Kind::Ask);
    let statuses: Vec<_> = asks[asks.len() - 2..].iter().map(|entry| entry.status).collect();
    assert_eq!(statuses, [Status::Failed, Status::Done], "{url}");
    // What the broken URL itself was asked is of no interest here; and fifteen replies in a row
    // would be taken for a loop.
    house.customer.unread();
    house.advance(31).await;
}

#[tokio::test]
async fn every_failure_has_its_code_and_the_fallback_is_asked() {
    let mut house = open().await;
    house.stand_still();
    let large = format!("<Response><Message>{}</Message></Response>", "x".repeat(70_000));
    house.customer.on("/fallback", [Say::verbs("<Message>saved</Message>")]);
    let silent = Gate::new();
    for (say, code) in [
        (Say::status(404), 11200),
        (Say::status(500), 11200),
        (Say::status(429), 11200),
        (Say::close(), 11205),
        (Say::raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"), 11205),
        (Say::raw("SMTP ready\r\n"), 11206),
        (Say::twiml("<Response><Message>"), 12100),
        (Say::twiml("\n<?xml version='1.0'?><Response/>"), 12100),
        (Say::twiml("<!DOCTYPE r [<!ENTITY a 'b'>]><Response>&a;</Response>"), 12100),
        (Say::twiml("<Answer/>"), 12102),
        (Say::typed("application/json", "{}"), 12300),
        (Say::twiml(&large), 11750),
        (Say::redirect(308, "/other"), 11216),
        (Say::status(302), 11216),
        (Say::redirect(302, "/sms"), 11215),
        (Say::redirect(302, "http://169.254.169.254/latest"), 11205),
    ] {
        house.customer.on("/sms", [say]);
        let url = house.customer.url("/sms");
        fails(&mut house, &url, code).await;
    }
    house.customer.on("/slow", [Say::verbs("").behind(&silent)]);
    let slow = house.customer.url("/slow#rt=100");
    fails(&mut house, &slow, 11200).await;
    let slow = house.customer.url("/slow#tt=150");
    fails(&mut house, &slow, 11203).await;
    silent.open();
    let refused = format!("http://user:secret@127.0.0.1:{}/sms", closed_port().await);
    fails(&mut house, &refused, 11202).await;
    fails(&mut house, "http://nowhere.invalid/sms", 11210).await;
    fails(&mut house, "http://169.254.169.254/sms", 11205).await;
    house.finish().await;
}

#[tokio::test]
async fn a_document_further_on_has_the_same_fallback() {
    let mut house = open().await;
    house.point_with_fallback(&house.customer.url("/sms"), &house.customer.url("/fallback")).await;
    house.customer.on("/sms", [Say::verbs("<Message>one</Message><Redirect>/gone</Redirect>")]);
    house.customer.on("/fallback", [Say::verbs("<Message>saved</Message>")]);
    let sid = house.text("hello").await;
    house.heard_on("/sms").await;
    house.heard_on("/gone").await;
    let seen = house.heard_on("/fallback").await;
    assert_eq!(seen.get("ErrorUrl"), Some(house.customer.url("/gone")));
    house.quiet().await;
    assert_eq!(house.replies(sid).len(), 2);
    house.finish().await;
}

#[tokio::test]
async fn a_fallback_that_fails_too_ends_the_session_with_two_alerts() {
    let mut house = open().await;
    house.point_with_fallback(&house.customer.url("/sms"), &house.customer.url("/fallback")).await;
    house.customer.on("/sms", [Say::status(500)]);
    house.customer.on("/fallback", [Say::twiml("<Nonsense/>")]);
    let sid = house.text("hello").await;
    house.heard_on("/sms").await;
    house.heard_on("/fallback").await;
    house.quiet().await;
    assert_eq!(house.codes(), [11200, 12102]);
    assert!(house.replies(sid).is_empty());
    assert_eq!(house.message(sid).state, State::Received);
    house.finish().await;
}

#[tokio::test]
async fn without_a_fallback_the_failure_is_an_alert_and_nothing_is_sent() {
    let mut house = open().await;
    house.customer.on("/sms", [Say::status(503)]);
    let sid = house.text("hello").await;
    house.heard().await;
    house.quiet().await;
    assert_eq!(house.codes(), [11200]);
    assert_eq!(said(&house.alerts()[0], "httpResponse").as_deref(), Some("503"));
    assert!(house.replies(sid).is_empty());
    house.finish().await;
}

#[tokio::test]
async fn every_alert_is_told_to_the_debugger() {
    let mut house = open().await;
    let debugger = house.customer.url("/debugger");
    house.settings(|settings| settings.debugger_url = Some(debugger.clone())).await;
    house.customer.on("/sms", [Say::typed("application/json", "{\"a\":1}")]);
    house.customer.on("/debugger", [Say::status(200)]);
    let sid = house.text("hello").await;
    house.heard_on("/sms").await;
    let seen = house.heard_on("/debugger").await;
    let alert = house.alerts().remove(0);
    let names =
        ["AccountSid", "Level", "ParentAccountSid", "Payload", "PayloadType", "Sid", "Timestamp"];
    assert_eq!(seen.names(), names);
    assert_eq!(seen.get("Sid").as_deref(), Some(alert.sid.as_str()));
    assert_eq!(seen.get("Level").as_deref(), Some("ERROR"));
    assert_eq!(seen.get("ParentAccountSid").as_deref(), Some(""));
    assert_eq!(seen.get("PayloadType").as_deref(), Some("application/json"));
    let payload: serde_json::Value =
        serde_json::from_str(&seen.get("Payload").expect("a payload")).expect("JSON");
    assert_eq!(payload["resource_sid"], sid.as_str());
    assert_eq!(payload["error_code"], "12300");
    assert_eq!(payload["webhook"]["request"]["parameters"]["Body"], "hello");
    assert_eq!(payload["webhook"]["response"]["body"], "{\"a\":1}");
    assert_eq!(payload["webhook"]["response"]["status_code"], 200);
    house.finish().await;
}

#[tokio::test]
async fn a_debugger_that_fails_is_an_alert_told_to_nobody() {
    let mut house = open().await;
    let debugger = house.customer.url("/debugger");
    house.settings(|settings| settings.debugger_url = Some(debugger.clone())).await;
    house.customer.on("/sms", [Say::status(500)]);
    house.customer.on("/debugger", [Say::status(500)]);
    house.text("hello").await;
    house.heard_on("/sms").await;
    house.heard_on("/debugger").await;
    house.quiet().await;
    assert_eq!(house.codes(), [11200, 11200]);
    house.finish().await;
}

#[tokio::test]
async fn a_status_callback_that_fails_is_an_alert_and_has_no_fallback() {
    let mut house = open().await;
    house.point_with_fallback(&house.customer.url("/sms"), &house.customer.url("/fallback")).await;
    house.customer.on("/status", [Say::status(500)]);
    let sid = house.send_told("hello").await;
    house.heard_on("/status").await;
    house.heard_on("/status").await;
    house.quiet().await;
    assert_eq!(house.codes(), [11200, 11200]);
    assert_eq!(house.message(sid).state, State::Delivered);
    assert!(house.log().iter().all(|entry| entry.status == Status::Failed));
    house.finish().await;
}
