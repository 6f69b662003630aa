//! What an application and the client program of a call say to each other.

use super::{create, of_account, refused, text};
use crate::customer::Say;
use crate::support::{NUMBER, Opened, PERSON, open};
use serde_json::Value;

/// A client, as it stands in a path.
const ALICE: &str = "client%3Aalice";
const TWIML: &str = "<Response><Pause length=\"600\"/></Response>";

/// A house whose time stands still, and a call to `to` that was answered; its sid.
async fn in_call(to: &str) -> (Opened, String) {
    let opened = open().await;
    opened.stand_still();
    let form = [("To", to), ("From", NUMBER), ("Twiml", TWIML)];
    let sid = text(&create(&opened, "Calls", &form).await, "sid");
    opened.quiet().await;
    let answer = format!("{}/Answer", at_phone(to, &sid));
    assert_eq!(opened.call("POST", &answer, &[]).await.0, 200);
    opened.quiet().await;
    (opened, sid)
}

/// A call, as its handset has it.
fn at_phone(address: &str, sid: &str) -> String {
    format!("/offhook/v1/Phones/{}/Calls/{sid}", address.replace(':', "%3A"))
}

fn messages(sid: &str) -> String {
    format!("Calls/{sid}/UserDefinedMessages")
}

fn subscriptions(sid: &str) -> String {
    format!("Calls/{sid}/UserDefinedMessageSubscriptions")
}

async fn transcript(opened: &Opened, sid: &str) -> Vec<String> {
    let path = format!("/offhook/v1/Phones/{ALICE}/Calls/{sid}/Transcript");
    let (status, shown) = opened.call("GET", &path, &[]).await;
    assert_eq!(status, 200, "{shown}");
    let lines = shown["lines"].as_array().expect("lines").iter();
    let after_time = |line: &Value| {
        let line = line.as_str().expect("a text").trim_start();
        line.split_once(' ').expect("a time").1.to_owned()
    };
    lines.map(after_time).filter(|line| line[2..].starts_with("message")).collect()
}

fn keys(body: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = body.as_object().expect("members").keys().map(|k| &**k).collect();
    keys.sort_unstable();
    keys
}

async fn end(mut opened: Opened, sid: &str) {
    let path = of_account(&format!("Calls/{sid}"));
    assert_eq!(opened.call("POST", &path, &[("Status", "completed")]).await.0, 200);
    opened.quiet().await;
    opened.customer.unread();
    opened.finish().await;
}

#[tokio::test]
async fn an_application_says_something_to_a_client_once_under_one_key() {
    let (opened, sid) = in_call("client:alice").await;
    let form = [("Content", r#"{"cart": [1, 2]}"#), ("IdempotencyKey", "one")];
    let sent = create(&opened, &messages(&sid), &form).await;
    assert_eq!(keys(&sent), ["account_sid", "call_sid", "date_created", "sid"]);
    assert!(text(&sent, "sid").starts_with("KX"), "{sent}");
    assert_eq!(
        (text(&sent, "call_sid"), text(&sent, "account_sid")),
        (sid.clone(), opened.sid.to_string())
    );
    let again = create(&opened, &messages(&sid), &form).await;
    assert_eq!(again, sent);
    let other = create(&opened, &messages(&sid), &[("Content", "\"bye\"")]).await;
    assert_ne!(other["sid"], sent["sid"]);
    let heard = transcript(&opened, &sid).await;
    assert_eq!(heard, [r#"< message {"cart": [1, 2]}"#, r#"< message "bye""#]);
    end(opened, &sid).await;
}

#[tokio::test]
async fn a_client_says_something_and_every_subscription_is_told_signed_and_in_order() {
    let (mut opened, sid) = in_call("client:alice").await;
    opened.customer.on("/said", [Say::status(204)]);
    opened.customer.on("/read", [Say::status(204)]);
    let (said, read) = (opened.customer.url("/said"), opened.customer.url("/read"));
    let form = [("Callback", said.as_str()), ("IdempotencyKey", "s")];
    let made = create(&opened, &subscriptions(&sid), &form).await;
    assert_eq!(keys(&made), ["account_sid", "call_sid", "date_created", "sid", "uri"]);
    assert_eq!(create(&opened, &subscriptions(&sid), &form).await, made);
    let own = text(&made, "sid");
    assert!(own.starts_with("ZY"), "{made}");
    let uri = format!("/2010-04-01/Accounts/{}/{}/{own}.json", opened.sid, subscriptions(&sid));
    assert_eq!(text(&made, "uri"), uri);
    create(&opened, &subscriptions(&sid), &[("Callback", &read), ("Method", "GET")]).await;

    let door = format!("{}/UserDefinedMessages", at_phone("client:alice", &sid));
    let form = [("Content", r#"{"hello":"world"}"#), ("IdempotencyKey", "m")];
    let (status, sent) = opened.call("POST", &door, &form).await;
    assert_eq!((status, text(&sent, "content").as_str()), (201, r#"{"hello":"world"}"#), "{sent}");
    // The customer checks that each request is signed.
    for (path, method) in [("/said", "POST"), ("/read", "GET")] {
        let told = opened.heard_on(path).await;
        assert_eq!(told.method, method);
        for (name, value) in [
            ("AccountSid", opened.sid.as_str()),
            ("CallSid", sid.as_str()),
            ("Sid", sent["sid"].as_str().expect("a sid")),
            ("Content", r#"{"hello":"world"}"#),
            ("ContentType", "application/json"),
            ("SequenceNumber", "1"),
        ] {
            assert_eq!(told.get(name).as_deref(), Some(value), "{name}");
        }
    }
    let (_, again) = opened.call("POST", &door, &form).await;
    assert_eq!(again["sid"], sent["sid"]);
    let one = of_account(&format!("{}/{own}", subscriptions(&sid)));
    assert_eq!(opened.ask("DELETE", &one, &[]).await.status, 204);
    refused("it is gone", opened.call("DELETE", &one, &[]).await, (404, 20_404));
    assert_eq!(opened.call("POST", &door, &[("Content", "[]")]).await.0, 201);
    let told = opened.heard_on("/read").await;
    assert_eq!(told.get("SequenceNumber").as_deref(), Some("2"));
    assert_eq!(transcript(&opened, &sid).await, [r#"> message {"hello":"world"}"#, "> message []"]);
    opened.quiet().await;
    assert!(opened.customer.unread().is_empty(), "nobody else is told, and nobody twice");
    end(opened, &sid).await;
}

#[tokio::test]
async fn a_message_that_nobody_takes_is_an_alert_of_its_own() {
    let (mut opened, sid) = in_call("client:alice").await;
    opened.customer.on("/said", [Say::status(500)]);
    let said = opened.customer.url("/said");
    create(&opened, &subscriptions(&sid), &[("Callback", &said)]).await;
    let door = format!("{}/UserDefinedMessages", at_phone("client:alice", &sid));
    assert_eq!(opened.call("POST", &door, &[("Content", "1")]).await.0, 201);
    opened.heard_on("/said").await;
    opened.quiet().await;
    assert_eq!(opened.codes(), [32_711]);
    end(opened, &sid).await;
}

#[tokio::test]
async fn what_is_no_message_no_callback_or_no_client_is_refused() {
    let (opened, sid) = in_call("client:alice").await;
    let door = format!("{}/UserDefinedMessages", at_phone("client:alice", &sid));
    let (api, subscribe) = (of_account(&messages(&sid)), of_account(&subscriptions(&sid)));
    let long = format!("\"{}\"", "x".repeat(10 * 1024));
    let key = "k".repeat(257);
    for path in [&api, &door] {
        for (form, code) in [
            (&[][..], 20_001),
            (&[("Content", "{")], 20_422),
            (&[("Content", "{} {}")], 20_422),
            (&[("Content", "hello")], 20_422),
            (&[("Content", &long)], 20_422),
            (&[("Content", "1"), ("IdempotencyKey", &key)], 20_422),
        ] {
            refused(
                &format!("{path} {form:?}"),
                opened.call("POST", path, form).await,
                (400, code),
            );
        }
    }
    for (form, code) in [
        (&[][..], 20_001),
        (&[("Callback", "nowhere")], 20_422),
        (&[("Callback", "https://a_b.example/")], 20_422),
        (&[("Callback", "https://app.example/"), ("Method", "PUT")], 21_209),
    ] {
        let what = format!("{form:?}");
        refused(&what, opened.call("POST", &subscribe, form).await, (400, code));
    }
    let callback = [("Callback", "https://app.example/")];
    for _ in 0..10 {
        assert_eq!(opened.call("POST", &subscribe, &callback).await.0, 201);
    }
    refused("too many", opened.call("POST", &subscribe, &callback).await, (409, 20_409));
    assert!(transcript(&opened, &sid).await.is_empty());

    // A phone has no program that could take it, and a call that is over has none any more.
    let form = [("To", PERSON), ("From", NUMBER), ("Twiml", TWIML)];
    let phone = text(&create(&opened, "Calls", &form).await, "sid");
    opened.quiet().await;
    let content = [("Content", "1")];
    let of_phone = of_account(&messages(&phone));
    refused("it rings", opened.call("POST", &of_phone, &content).await, (400, 21_220));
    let answer = format!("{}/Answer", at_phone(PERSON, &phone));
    assert_eq!(opened.call("POST", &answer, &[]).await.0, 200);
    refused("a phone", opened.call("POST", &of_phone, &content).await, (400, 20_422));
    let of_phone = format!("{}/UserDefinedMessages", at_phone(PERSON, &phone));
    refused("a phone", opened.call("POST", &of_phone, &content).await, (400, 20_422));
    for sid in [&phone, &sid] {
        let path = of_account(&format!("Calls/{sid}"));
        assert_eq!(opened.call("POST", &path, &[("Status", "completed")]).await.0, 200);
    }
    opened.quiet().await;
    for (path, status) in [(&api, 400), (&subscribe, 400), (&door, 409)] {
        let form = [content[0], callback[0]];
        refused("it is over", opened.call("POST", path, &form).await, (status, 21_220));
    }
    let none = of_account(&messages("CA00000000000000000000000000000001"));
    refused("no call", opened.call("POST", &none, &content).await, (404, 20_404));
    opened.finish().await;
}
