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

#[tokio::test]
async fn an_unexpected_answer_to_a_status_callback_is_a_warning_and_nothing_more() {
    let mut house = open().await;
    let large = format!("{{\"x\":\"{}\"}}", "x".repeat(70_000));
    for (say, code) in [
        (Say::status(200), None),
        (Say::status(204), None),
        (Say::twiml("<Response/>"), None),
        (Say::verbs("<Message>nobody reads this</Message>"), None),
        (Say::typed("text/xml; charset=iso-8859-1", b"<Response><!--\xe9--></Response>"), None),
        (Say::typed("application/json", "{}"), Some(12300)),
        (Say::typed("application/json", large.as_str()), Some(12300)),
        (Say::typed("text/plain", "OK"), Some(12300)),
        (Say::typed("text/html", "OK"), Some(12100)),
        (Say::twiml("<Response>"), Some(12100)),
        (Say::verbs("<Massage/><Massage/>"), Some(12200)),
    ] {
        let before = (house.alerts().len(), house.log().len(), house.messages().len());
        let shown = format!("{say:?}").chars().take(200).collect::<String>();
        house.customer.on("/status", [say, Say::status(204)]);
        let sid = house.send_told("x").await;
        assert_eq!(house.heard().await.get("MessageStatus").as_deref(), Some("sent"), "{shown}");
        assert_eq!(house.heard().await.get("MessageStatus").as_deref(), Some("delivered"));
        house.quiet().await;
        assert_eq!(house.message(sid).state, State::Delivered, "{shown}");
        assert_eq!(house.messages().len(), before.2 + 1, "{shown}");
        let log = house.log().split_off(before.1);
        assert!(log.iter().all(|entry| entry.status == Status::Done), "{shown}: {log:#?}");
        let alerts = house.alerts().split_off(before.0);
        let codes: Vec<u32> = alerts.iter().map(|alert| alert.code).collect();
        assert_eq!(codes, Vec::from_iter(code), "{shown}");
        for alert in alerts {
            assert_eq!(said(&alert, "LogLevel").as_deref(), Some("WARNING"), "{shown}");
            let path = format!("/monitor/v1/Alerts/{}", alert.sid);
            let (_, alert) = house.call("GET", &path, &[]).await;
            assert_eq!(alert["log_level"], "warning", "{shown}");
            assert_eq!(alert["resource_sid"], sid.as_str(), "{shown}");
        }
        let entry = format!("/offhook/v1/Webhooks?ResourceSid={sid}");
        let (_, list) = house.call("GET", &entry, &[]).await;
        let problem = &list["webhooks"][1]["problems"][0];
        assert_eq!(problem["code"].as_u64(), code.map(u64::from), "{shown}: {list}");
    }
    let (_, warnings) = house.call("GET", "/monitor/v1/Alerts?LogLevel=warning", &[]).await;
    assert_eq!(warnings["alerts"].as_array().map(Vec::len), Some(6));
    let (_, errors) = house.call("GET", "/monitor/v1/Alerts?LogLevel=error", &[]).await;
    assert_eq!(errors["alerts"].as_array().map(Vec::len), Some(0));
    house.finish().await;
}

#[tokio::test]
async fn a_url_with_a_broken_scheme_is_no_relative_one() {
    let mut house = open().await;
    for (verbs, code, replies) in [
        ("<Message statusCallback='ht!tp://'>hi</Message>", 14105, 1),
        ("<Message statusCallback='1http://example.com/x'>hi</Message>", 14105, 1),
        ("<Message action='ht!tp://example.com'>hi</Message>", 11100, 1),
        ("<Redirect>://example.com</Redirect>", 11100, 0),
    ] {
        let before = house.alerts().len();
        house.customer.on("/sms", [Say::verbs(verbs)]);
        let sid = house.text("x").await;
        assert_eq!(house.heard().await.path(), "/sms");
        house.quiet().await;
        let codes = house.codes().split_off(before);
        assert_eq!(codes, [code], "{verbs}");
        assert_eq!(house.replies(sid).len(), replies, "{verbs}");
        assert!(house.customer.unread().is_empty(), "{verbs}");
    }
    house.finish().await;
}

#[tokio::test]
async fn an_answer_is_read_in_the_encoding_it_declares() {
    let mut house = open().await;
    let declared = b"<?xml version='1.0' encoding='ISO-8859-1'?><Response><Message>ma\xf1ana</Message></Response>";
    let bare = b"<Response><Message>ma\xf1ana</Message></Response>";
    for (say, body) in [
        (Say::typed("text/xml; charset=ISO-8859-1", bare), "ma\u{f1}ana"),
        (Say::typed("text/xml", declared), "ma\u{f1}ana"),
        (Say::typed("text/plain; charset=latin1", b"ma\xf1ana"), "ma\u{f1}ana"),
        (Say::typed("text/xml; charset=utf-8", bare), "ma\u{fffd}ana"),
    ] {
        house.customer.on("/sms", [say]);
        let sid = house.text("x").await;
        house.heard().await;
        house.quiet().await;
        let replies = house.replies(sid);
        assert_eq!(replies.len(), 1);
        assert_eq!(replies[0].body, body);
        let (_, list) =
            house.call("GET", &format!("/offhook/v1/Webhooks?ResourceSid={sid}"), &[]).await;
        let logged = list["webhooks"][0]["response"]["body"].as_str().expect("a body");
        assert!(logged.contains(body), "{logged}");
    }
    assert!(house.alerts().is_empty());
    house.finish().await;
}
