//! The customer sends: statuses and who is told of them (rest.md 4.1, 7; webhooks.md 2c, 6.1).

use crate::customer::{Gate, Say};
use crate::support::{NUMBER, Opened, PERSON, open, sid_of};
use exchange::messages::{Direction, State};

/// The parameters of a status callback, sorted.
const TOLD: &[&str] = &[
    "AccountSid",
    "ApiVersion",
    "From",
    "MessageSid",
    "MessageStatus",
    "SmsSid",
    "SmsStatus",
    "To",
];

/// The statuses that come at `/status`, each with its error code.
async fn told(house: &mut Opened, count: usize) -> Vec<(String, Option<String>)> {
    let mut all = Vec::new();
    for _ in 0..count {
        let seen = house.heard_on("/status").await;
        all.push((seen.get("MessageStatus").expect("a status"), seen.get("ErrorCode")));
    }
    all
}

#[tokio::test]
async fn a_message_is_queued_then_sent_and_delivered_and_both_are_told_in_order() {
    let mut house = open().await;
    house.customer.on("/status", [Say::status(200)]);
    let callback = house.customer.url("/status?id=7");
    let form = [("To", PERSON), ("From", NUMBER), ("Body", "hello"), ("StatusCallback", &callback)];
    let (status, shown) = house.send(&form).await;
    assert_eq!((status, shown["status"].as_str()), (201, Some("queued")), "{shown}");
    assert_eq!(shown["date_sent"], serde_json::Value::Null);
    let sid = sid_of(&shown);
    let sent = house.heard().await;
    assert_eq!((sent.method.as_str(), sent.target.as_str()), ("POST", "/status?id=7"));
    assert_eq!(sent.names(), TOLD);
    for (name, value) in [
        ("MessageStatus", "sent"),
        ("SmsStatus", "sent"),
        ("MessageSid", sid.as_str()),
        ("SmsSid", sid.as_str()),
        ("From", NUMBER),
        ("To", PERSON),
        ("ApiVersion", "2010-04-01"),
    ] {
        assert_eq!(sent.get(name).as_deref(), Some(value), "{name}");
    }
    let delivered = house.heard().await;
    assert_eq!(delivered.get("MessageStatus").as_deref(), Some("delivered"));
    assert_eq!(delivered.get("RawDlrDoneDate").map(|date| date.len()), Some(10));
    assert_ne!(delivered.token(), sent.token());
    house.quiet().await;
    let (_, shown) =
        house.call("GET", &format!("/2010-04-01/Accounts/{{AC}}/Messages/{sid}.json"), &[]).await;
    assert_eq!(shown["status"], "delivered");
    assert!(shown["date_sent"].is_string(), "{shown}");
    house.finish().await;
}

#[tokio::test]
async fn the_handset_decides_what_becomes_of_a_message() {
    let mut house = open().await;
    house.customer.on("/status", [Say::status(200)]);
    for (settings, statuses, code, last) in [
        (
            [("OnMessage", "deliver"), ("ErrorCode", "")],
            &["sent", "delivered"][..],
            None,
            State::Delivered,
        ),
        (
            [("OnMessage", "undelivered"), ("ErrorCode", "")],
            &["sent", "undelivered"],
            Some(30003),
            State::Undelivered,
        ),
        (
            [("OnMessage", "undelivered"), ("ErrorCode", "30006")],
            &["sent", "undelivered"],
            Some(30006),
            State::Undelivered,
        ),
        ([("OnMessage", "fail"), ("ErrorCode", "")], &["failed"], Some(30008), State::Failed),
        ([("OnMessage", "fail"), ("ErrorCode", "30007")], &["failed"], Some(30007), State::Failed),
        ([("OnMessage", "silent"), ("ErrorCode", "")], &["sent"], None, State::Sent),
    ] {
        house.handset(&settings).await;
        let sid = house.send_told("hello").await;
        let found = told(&mut house, statuses.len()).await;
        let names: Vec<_> = found.iter().map(|(status, _)| status.as_str()).collect();
        assert_eq!(names, statuses, "{settings:?}");
        let codes: Vec<_> = found.iter().filter_map(|(_, code)| code.clone()).collect();
        assert_eq!(codes, code.map(|code: u32| code.to_string()).into_iter().collect::<Vec<_>>());
        house.quiet().await;
        let message = house.message(sid);
        assert_eq!((message.state, message.error_code), (last, code), "{settings:?}");
    }
    house.finish().await;
}

#[tokio::test]
async fn a_slow_handset_gets_its_message_when_its_time_has_come() {
    let mut house = open().await;
    house.stand_still();
    house.customer.on("/status", [Say::status(200)]);
    house.handset(&[("DeliverAfter", "PT90S")]).await;
    let sid = house.send_told("hello").await;
    assert_eq!(told(&mut house, 1).await, [("sent".to_owned(), None)]);
    house.advance(89).await;
    assert_eq!(house.message(sid).state, State::Sent);
    assert!(house.customer.unread().is_empty());
    house.advance(1).await;
    assert_eq!(told(&mut house, 1).await, [("delivered".to_owned(), None)]);
    let message = house.message(sid);
    assert_eq!(message.updated.duration_since(message.created).as_secs(), 90);
    house.finish().await;
}

#[tokio::test]
async fn the_magic_numbers_behave_as_documented() {
    let house = open().await;
    for (to, from, code, status) in [
        ("+15005550001", NUMBER, 21211, 400),
        ("+15005550002", NUMBER, 21612, 400),
        ("+15005550003", NUMBER, 21408, 400),
        ("+15005550004", NUMBER, 21610, 400),
        ("+15005550009", NUMBER, 21614, 400),
        (PERSON, "+15005550001", 21212, 400),
        (PERSON, "+15005550007", 21606, 400),
        (PERSON, "+15005550008", 21611, 429),
    ] {
        let (found, shown) = house.send(&[("To", to), ("From", from), ("Body", "x")]).await;
        assert_eq!(shown["code"], code, "{to} {from}: {shown}");
        assert_eq!((found, shown["status"].as_u64()), (status, Some(u64::from(status))), "{shown}");
        assert_eq!(
            shown["more_info"],
            format!("https://www.twilio.com/docs/errors/{code}"),
            "{shown}"
        );
    }
    let form = [("To", PERSON), ("From", "+15005550006"), ("Body", "x")];
    assert_eq!(house.send(&form).await.0, 201);
    house.quiet().await;
    assert_eq!(house.messages().len(), 1);
    house.finish().await;
}

#[tokio::test]
async fn a_message_to_another_number_of_the_house_comes_in_there() {
    let mut house = open().await;
    let other = "+12025550101";
    house.add_number(other, &house.customer.url("/other")).await;
    house.customer.on("/other", [Say::verbs("<Message>back</Message>")]);
    house.customer.on("/sms", [Say::status(204)]);
    house.customer.on("/status", [Say::status(200)]);
    let callback = house.customer.url("/status");
    let form = [("To", other), ("From", NUMBER), ("Body", "over"), ("StatusCallback", &callback)];
    let (_, shown) = house.send(&form).await;
    let sid = sid_of(&shown);
    assert_eq!(
        told(&mut house, 2).await.iter().map(|(status, _)| status.as_str()).collect::<Vec<_>>(),
        ["sent", "delivered"]
    );
    let asked = house.heard_on("/other").await;
    assert_ne!(asked.get("MessageSid").as_deref(), Some(sid.as_str()));
    assert_eq!(
        (asked.get("From").as_deref(), asked.get("To").as_deref()),
        (Some(NUMBER), Some(other))
    );
    let back = house.heard_on("/sms").await;
    assert_eq!(back.get("Body").as_deref(), Some("back"));
    house.quiet().await;
    let directions: Vec<_> = house.messages().iter().map(|message| message.direction).collect();
    assert_eq!(
        directions,
        [Direction::OutboundApi, Direction::Inbound, Direction::OutboundReply, Direction::Inbound]
    );
    house.finish().await;
}

#[tokio::test]
async fn a_message_can_be_redacted_deleted_and_given_feedback() {
    let house = open().await;
    let form = [("To", PERSON), ("From", NUMBER), ("Body", "secret"), ("ProvideFeedback", "true")];
    let (_, shown) = house.send(&form).await;
    house.quiet().await;
    let path = format!("/2010-04-01/Accounts/{{AC}}/Messages/{}", sid_of(&shown));
    let one = format!("{path}.json");
    let (status, shown) = house.call("POST", &one, &[("Body", "other")]).await;
    assert_eq!(status, 400, "{shown}");
    let (status, shown) = house.call("POST", &one, &[("Body", "")]).await;
    assert_eq!((status, shown["body"].as_str()), (200, Some("")), "{shown}");
    assert_eq!(shown["num_segments"], "1");
    let (status, shown) =
        house.call("POST", &format!("{path}/Feedback.json"), &[("Outcome", "confirmed")]).await;
    assert_eq!((status, shown["outcome"].as_str()), (200, Some("confirmed")), "{shown}");
    let got = house.ask("DELETE", &one, &[]).await;
    assert_eq!((got.status, got.body.len()), (204, 0));
    let (status, shown) = house.call("GET", &one, &[]).await;
    assert_eq!((status, shown["code"].as_u64()), (404, Some(20404)), "{shown}");
    house.finish().await;
}

#[tokio::test]
async fn a_sent_message_can_be_deleted_and_is_not_brought_back_by_its_handset() {
    let house = open().await;
    house.stand_still();
    house.handset(&[("OnMessage", "deliver"), ("DeliverAfter", "PT1H")]).await;
    let (_, shown) = house.send(&[("To", PERSON), ("From", NUMBER), ("Body", "x")]).await;
    house.quiet().await;
    let one = format!("/2010-04-01/Accounts/{{AC}}/Messages/{}.json", sid_of(&shown));
    // `sent` may be the last that is ever heard of a message, so it is enough.
    assert_eq!(house.ask("DELETE", &one, &[]).await.status, 204);
    house.advance(7200).await;
    assert!(house.messages().is_empty());
    house.finish().await;
}

/// Everything the APIs show of the house's log, and what its folder holds of it.
async fn all_that_is_kept(house: &crate::support::Opened) -> String {
    let mut all = String::new();
    for path in
        ["/offhook/v1/Webhooks", "/monitor/v1/Alerts", "/2010-04-01/Accounts/{AC}/Messages.json"]
    {
        all.push_str(&house.ask("GET", &format!("{path}?PageSize=100"), &[]).await.text());
    }
    for alert in house.alerts() {
        all.push_str(&format!("{alert:?}"));
    }
    for entry in house.log() {
        let exchanges = house.house.store.exchanges(entry.webhook.id).expect("readable");
        all.push_str(&format!("{entry:?} {exchanges:?}"));
    }
    all
}

#[tokio::test]
async fn a_redacted_or_deleted_message_leaves_no_text_in_the_log() {
    for deleted in [false, true] {
        let mut house = open().await;
        house.settings(|s| s.debugger_url = Some(house.customer.url("/debugger"))).await;
        house.hook(crate::support::by_get).await;
        house.customer.on("/debugger", [Say::status(204)]);
        house.customer.on("/next", [Say::verbs("<Message>secret-2 <![CDATA[& more]]></Message>")]);
        // An attribute nobody knows makes an alert of the request and its answer.
        house.customer.on(
            "/sms",
            [Say::verbs(
                "<Message bogus='1'>secret-1, you said</Message><Redirect>/next</Redirect>",
            )],
        );
        let sid = house.text("my secret-0").await;
        house.quiet().await;
        house.customer.unread();
        let replay = house.log()[0].webhook.id;
        let replay = house.house.store.webhook_sid(replay);
        let path = format!("/offhook/v1/Webhooks/{replay}/Replay");
        assert_eq!(house.call("POST", &path, &[]).await.0, 201);
        house.quiet().await;
        house.customer.unread();
        let replies = house.replies(sid);
        assert_eq!(replies.len(), 2);
        let before = (house.log().len(), house.alerts().len());
        let all = all_that_is_kept(&house).await;
        for text in ["secret-0", "secret-1", "secret-2"] {
            assert!(all.contains(text), "{text}");
        }
        for (gone, sid) in
            [("secret-2", replies[1].sid), ("secret-1", replies[0].sid), ("secret-0", sid)]
        {
            let path = format!("/2010-04-01/Accounts/{{AC}}/Messages/{sid}.json");
            let got = match deleted {
                true => house.ask("DELETE", &path, &[]).await,
                false => house.ask("POST", &path, &[("Body", "")]).await,
            };
            assert!(got.status < 300, "{}", got.text());
            let all = all_that_is_kept(&house).await;
            assert!(!all.contains(gone), "{gone}: {all}");
        }
        // All else is there still.
        assert_eq!((house.log().len(), house.alerts().len()), before);
        let (_, list) =
            house.call("GET", &format!("/offhook/v1/Webhooks?ResourceSid={sid}"), &[]).await;
        let ask = list["webhooks"].as_array().expect("a list").last().expect("the first ask");
        assert_eq!(
            (&ask["parameters"]["Body"], &ask["parameters"]["NumSegments"]),
            (&"".into(), &"1".into())
        );
        assert_eq!(
            (&ask["response"]["status"], &ask["response"]["body"]),
            (&200.into(), &"".into())
        );
        assert_eq!(ask["attempts"].as_array().map(Vec::len), Some(1));
        let debugger = house.log().into_iter().find(|e| e.webhook.purpose.as_str() == "debugger");
        let form = webhook::Form::parse(debugger.expect("told").webhook.parameters.as_bytes());
        let payload = form.expect("a form").get("Payload").expect("a payload").to_owned();
        let payload: serde_json::Value = serde_json::from_str(&payload).expect("JSON");
        assert_eq!(payload["webhook"]["request"]["parameters"]["From"], PERSON);
        house.finish().await;
    }
}

#[tokio::test]
async fn what_comes_home_after_a_redaction_leaves_no_text_either() {
    let mut house = open().await;
    let gate = Gate::new();
    house.hook(crate::support::by_get).await;
    let answer =
        Say::verbs("<Message bogus='1'>you said secret-0</Message><Redirect>/next</Redirect>");
    house.customer.on("/sms", [answer.behind(&gate)]);
    house.customer.on("/next", [Say::typed("application/json", "{\"said\":\"secret-0\"}")]);
    let sid = house.text("my secret-0").await;
    house.heard().await;
    let path = format!("/2010-04-01/Accounts/{{AC}}/Messages/{sid}.json");
    assert_eq!(house.ask("DELETE", &path, &[]).await.status, 204);
    gate.open();
    house.quiet().await;
    house.customer.unread();
    let reply = house.messages().remove(0);
    assert_eq!(reply.body, "you said secret-0", "another message, with a text of its own");
    let path = format!("/2010-04-01/Accounts/{{AC}}/Messages/{}.json", reply.sid);
    assert_eq!(house.ask("POST", &path, &[("Body", "")]).await.status, 200);
    let all = all_that_is_kept(&house).await;
    assert!(!all.contains("secret-0"), "{all}");
    assert_eq!(house.codes(), [12200, 12300]);
    house.finish().await;
}
