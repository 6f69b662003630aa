//! Messaging Services carry texts: who of the pool sends, what is told, where answers are asked,
//! and messages for later (rest.md 4.1 and 5; webhooks.md 2g, 6.1).

use crate::customer::Say;
use crate::support::{NUMBER, Opened, PERSON, open, open_with, sid_of};
use exchange::messages::{Direction, Message, State};
use exchange::sid::MessageSid;
use jiff::SignedDuration;
use serde_json::Value;
use store::{Change, Write};

/// A service with some numbers; its sid.
pub async fn service(house: &Opened, form: &[(&str, &str)], numbers: &[&str]) -> String {
    let mut all = vec![("FriendlyName", "Shop")];
    all.extend(form);
    let (status, made) = house.call("POST", "/messaging/v1/Services", &all).await;
    assert_eq!(status, 201, "{made}");
    let sid = made["sid"].as_str().expect("a sid").to_owned();
    for number in numbers {
        join(house, &sid, number).await;
    }
    sid
}

/// Puts a number of the house into a service.
pub async fn join(house: &Opened, service: &str, number: &str) {
    let number = house.store_number(number);
    let path = format!("/messaging/v1/Services/{service}/PhoneNumbers");
    let form = [("PhoneNumberSid", number.as_str())];
    let (status, made) = house.call("POST", &path, &form).await;
    assert_eq!(status, 201, "{made}");
}

impl Opened {
    fn store_number(&self, number: &str) -> exchange::sid::NumberSid {
        self.house.store.number_at(number).expect("readable").expect("there").sid
    }

    /// Sends through a service; the message as the answer shows it.
    async fn send_by(&self, service: &str, to: &str, more: &[(&str, &str)]) -> Value {
        let mut form = vec![("To", to), ("MessagingServiceSid", service), ("Body", "hi")];
        form.extend(more);
        let (status, shown) = self.send(&form).await;
        assert_eq!(status, 201, "{shown}");
        shown
    }

    /// Sends through a service and waits; the sender that was picked.
    async fn sender_to(&self, service: &str, to: &str) -> String {
        let shown = self.send_by(service, to, &[]).await;
        self.quiet().await;
        self.message(sid_of(&shown)).from
    }

    fn in_seconds(&self, seconds: i64) -> String {
        let at = self.house.now() + SignedDuration::from_secs(seconds);
        at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }
}

/// The statuses that come at `/status`, with their From, service and code.
async fn told(house: &mut Opened, count: usize) -> Vec<(String, String, Option<String>)> {
    let mut all = Vec::new();
    for _ in 0..count {
        let seen = house.heard_on("/status").await;
        assert!(seen.get("MessagingServiceSid").is_some_and(|sid| sid.starts_with("MG")));
        let of = |name| seen.get(name).unwrap_or_default();
        all.push((of("MessageStatus"), of("From"), seen.get("ErrorCode")));
    }
    all
}

fn three(status: &str, from: &str) -> (String, String, Option<String>) {
    (status.into(), from.into(), None)
}

const OTHER: &str = "+14155550100";
const THIRD: &str = "+12025550101";

#[tokio::test]
async fn a_message_of_a_service_is_accepted_then_queued_with_a_sender_and_delivered() {
    let mut house = open().await;
    house.customer.on("/status", [Say::status(204)]);
    let callback = house.customer.url("/status");
    let sid = service(&house, &[("StatusCallback", &callback)], &[NUMBER]).await;
    let shown = house.send_by(&sid, PERSON, &[]).await;
    assert_eq!(shown["status"], "accepted");
    assert_eq!((&shown["from"], &shown["date_sent"]), (&Value::Null, &Value::Null));
    assert_eq!(shown["messaging_service_sid"], sid.as_str());
    let expected = ["queued", "sent", "delivered"].map(|status| three(status, NUMBER));
    assert_eq!(told(&mut house, 3).await, expected);
    house.quiet().await;
    let message = house.message(sid_of(&shown));
    assert_eq!((message.state, message.from.as_str()), (State::Delivered, NUMBER));
    // A message's own URL counts more; a named sender needs no choice, so nothing tells `queued`.
    house.customer.on("/own", [Say::status(204)]);
    let own = house.customer.url("/own");
    let shown = house.send_by(&sid, PERSON, &[("From", NUMBER), ("StatusCallback", &own)]).await;
    assert_eq!((&shown["status"], &shown["from"]), (&"queued".into(), &NUMBER.into()));
    for status in ["sent", "delivered"] {
        let seen = house.heard_on("/own").await;
        assert_eq!(seen.get("MessageStatus").as_deref(), Some(status));
    }
    // The service may be named as the sender.
    let (status, shown) = house.send(&[("To", PERSON), ("From", &sid), ("Body", "x")]).await;
    assert_eq!((status, &shown["status"]), (201, &"accepted".into()), "{shown}");
    told(&mut house, 3).await;
    house.finish().await;
}

#[tokio::test]
async fn a_pool_is_sticky_near_and_spread() {
    let house = open().await;
    house.add_number(OTHER, "").await;
    house.add_number(THIRD, "").await;
    let sid = service(&house, &[], &[NUMBER, OTHER, THIRD]).await;
    assert_eq!(house.sender_to(&sid, "+14155550199").await, OTHER, "its area code");
    let (first, second) = ("+12025550190", "+12025550191");
    assert_eq!(house.sender_to(&sid, first).await, NUMBER);
    assert_eq!(house.sender_to(&sid, second).await, THIRD, "the other one's turn");
    assert_eq!(house.sender_to(&sid, first).await, NUMBER, "the one it knows");
    // Of another area, and all the same over a restart.
    let far = house.sender_to(&sid, "+13125550199").await;
    let house = house.stop().await.reopen().await;
    assert_eq!(house.sender_to(&sid, "+13125550199").await, far);
    assert_eq!(house.sender_to(&sid, second).await, THIRD);
    // Two in one breath have one sender: the second is chosen before the first is in the store.
    let sample = house.messages().remove(0);
    let in_one: Vec<Message> = (0..2)
        .map(|_| Message {
            sid: house.house.message_sid(false),
            from: String::new(),
            to: "+12025550192".into(),
            state: State::Accepted,
            sent: None,
            ..sample.clone()
        })
        .collect();
    let writes = in_one.iter().cloned().map(|one| Write::InsertMessage(Box::new(one))).collect();
    house.house.save(Change { writes, ..Change::default() }).await.expect("saved");
    house.quiet().await;
    let of = |message: &Message| house.message(message.sid).from;
    assert_eq!(of(&in_one[0]), of(&in_one[1]));
    assert!(!of(&in_one[0]).is_empty());
    // A released number leaves the pool, also of who knew it.
    let path = format!(
        "/2010-04-01/Accounts/{{AC}}/IncomingPhoneNumbers/{}.json",
        house.store_number(THIRD)
    );
    assert_eq!(house.ask("DELETE", &path, &[]).await.status, 204);
    assert_eq!(house.sender_to(&sid, second).await, NUMBER);
    house.finish().await;
}

#[tokio::test]
async fn what_a_service_can_not_send_is_refused_or_fails_and_is_told() {
    let mut house = open().await;
    house.add_number(OTHER, "").await;
    let empty = service(&house, &[], &[]).await;
    let alpha = service(&house, &[], &[]).await;
    let path = format!("/messaging/v1/Services/{alpha}/AlphaSenders");
    assert_eq!(house.call("POST", &path, &[("AlphaSender", "Bakery")]).await.0, 201);
    let shop = service(&house, &[], &[NUMBER]).await;
    let unknown = "MG00000000000000000000000000000001";
    for (form, status, code) in [
        (vec![("MessagingServiceSid", unknown)], 404, 21_701),
        (vec![("MessagingServiceSid", "MG1")], 400, 21_705),
        (vec![("From", unknown)], 404, 21_701),
        (vec![("MessagingServiceSid", empty.as_str())], 400, 21_704),
        (vec![("MessagingServiceSid", alpha.as_str())], 400, 21_703),
        (vec![("MessagingServiceSid", shop.as_str()), ("From", OTHER)], 400, 21_711),
    ] {
        let mut all = vec![("To", PERSON), ("Body", "hi")];
        all.extend(form);
        let (found, refused) = house.send(&all).await;
        assert_eq!((found, &refused["code"]), (status, &code.into()), "{all:?} {refused}");
    }
    // An alphanumeric sender where networks take them.
    assert_eq!(house.sender_to(&alpha, "+447700900123").await, "Bakery");
    // What happens between scheduling and sending.
    house.stand_still();
    house.customer.on("/status", [Say::status(204)]);
    let callback = house.customer.url("/status");
    let at = house.in_seconds(600);
    let later = [("ScheduleType", "fixed"), ("SendAt", &at), ("StatusCallback", &callback)];
    let lost = house.send_by(&shop, PERSON, &later).await;
    let path = format!("/messaging/v1/Services/{shop}");
    assert_eq!(house.ask("DELETE", &path, &[]).await.status, 204);
    house.advance(600).await;
    let failed = ("failed".into(), String::new(), Some("21701".into()));
    assert_eq!(told(&mut house, 1).await, [failed]);
    let path = format!("/2010-04-01/Accounts/{{AC}}/Messages/{}.json", sid_of(&lost));
    let (_, shown) = house.call("GET", &path, &[]).await;
    assert_eq!((&shown["status"], &shown["error_code"]), (&"failed".into(), &21_701.into()));
    assert_ne!(shown["error_message"], "Unknown error");
    house.finish().await;
}

#[tokio::test]
async fn a_service_encodes_smartly_unless_it_or_the_message_says_no() {
    let house = open().await;
    let on = service(&house, &[], &[NUMBER]).await;
    let off = service(&house, &[("SmartEncoding", "false")], &[]).await;
    for (sid, more, body) in [
        (&on, None, "\"hi\""),
        (&on, Some(("SmartEncoded", "false")), "“hi”"),
        (&off, Some(("SmartEncoded", "true")), "\"hi\""),
        (&off, None, "“hi”"),
    ] {
        if sid == &off {
            let sid = house.store_number(NUMBER);
            let path = format!("/messaging/v1/Services/{on}/PhoneNumbers/{sid}");
            house.ask("DELETE", &path, &[]).await;
            let path = format!("/messaging/v1/Services/{off}/PhoneNumbers");
            house.call("POST", &path, &[("PhoneNumberSid", sid.as_str())]).await;
        }
        let mut form = vec![("To", PERSON), ("MessagingServiceSid", sid), ("Body", "“hi”")];
        form.extend(more);
        let (_, shown) = house.send(&form).await;
        assert_eq!(shown["body"], body, "{more:?}");
    }
    house.finish().await;
}

#[tokio::test]
async fn a_text_to_a_number_of_a_service_is_asked_where_the_service_says() {
    let mut house = open().await;
    house.customer.on("/service", [Say::status(500), Say::verbs("<Message>“Hi”</Message>")]);
    house.customer.on("/fallback", [Say::verbs("<Message>later</Message>")]);
    house.customer.on("/status", [Say::status(204)]);
    let url = |path: &str| house.customer.url(path);
    let (inbound, fallback, status) = (url("/service"), url("/fallback"), url("/status"));
    let form = [
        ("InboundRequestUrl", inbound.as_str()),
        ("FallbackUrl", &fallback),
        ("StatusCallback", &status),
    ];
    let sid = service(&house, &form, &[NUMBER]).await;
    let text = house.text("hello").await;
    let asked = house.heard_on("/service").await;
    assert_eq!(asked.get("MessagingServiceSid").as_deref(), Some(sid.as_str()));
    assert_eq!(house.heard_on("/fallback").await.get("ErrorCode").as_deref(), Some("11200"));
    assert_eq!(told(&mut house, 2).await.len(), 2, "its replies are the service's, too");
    house.text("again").await;
    house.heard_on("/service").await;
    told(&mut house, 2).await;
    house.quiet().await;
    let replies: Vec<_> = house
        .messages()
        .into_iter()
        .filter(|message| message.direction == Direction::OutboundReply)
        .map(|message| (message.body, message.service.map(|sid| sid.to_string())))
        .collect();
    let of_service = |body: &str| (body.to_owned(), Some(sid.clone()));
    assert_eq!(replies, [of_service("later"), of_service("\"Hi\"")]);
    assert_eq!(house.message(text).service.map(|sid| sid.to_string()), Some(sid.clone()));

    // The number's own URL, if the service says so.
    let path = format!("/messaging/v1/Services/{sid}");
    let own = [("UseInboundWebhookOnNumber", "true"), ("StatusCallback", "")];
    assert_eq!(house.call("POST", &path, &own).await.0, 200);
    house.customer.on("/sms", [Say::verbs("")]);
    house.text("to the number").await;
    assert_eq!(house.heard_on("/sms").await.get("MessagingServiceSid"), Some(sid.clone()));

    // Nowhere: neither logged nor delivered.
    let none = [("UseInboundWebhookOnNumber", "false"), ("InboundRequestUrl", "")];
    assert_eq!(house.call("POST", &path, &none).await.0, 200);
    house.quiet().await;
    let before = house.messages().len();
    let path = format!("/offhook/v1/Phones/{PERSON}/Messages");
    let (status, refused) = house.call("POST", &path, &[("To", NUMBER), ("Body", "lost")]).await;
    assert_eq!((status, &refused["code"]), (400, &21_612.into()), "{refused}");
    // Who meets that learns what to do.
    let why = refused["message"].as_str().expect("a text");
    assert!(why.contains(&format!("services update {sid} --inbound-request-url")), "{why}");
    house.quiet().await;
    assert_eq!(house.messages().len(), before);
    assert_eq!(house.codes(), [11_200]);
    house.finish().await;
}

#[tokio::test]
async fn a_scheduled_message_goes_at_its_time_also_after_a_restart() {
    let mut house = open().await;
    house.stand_still();
    house.customer.on("/status", [Say::status(204)]);
    let callback = house.customer.url("/status");
    let sid = service(&house, &[("StatusCallback", &callback)], &[NUMBER]).await;
    let at = house.in_seconds(3600);
    let later = [("ScheduleType", "fixed"), ("SendAt", at.as_str())];
    let shown = house.send_by(&sid, PERSON, &later).await;
    assert_eq!((&shown["status"], &shown["from"]), (&"scheduled".into(), &Value::Null));
    let earlier = house.in_seconds(1800);
    let named = [("From", NUMBER), ("ScheduleType", "fixed"), ("SendAt", &earlier)];
    let sooner = house.send_by(&sid, PERSON, &named).await;
    assert_eq!((&sooner["status"], &sooner["from"]), (&"scheduled".into(), &NUMBER.into()));
    house.advance(1799).await;
    assert_eq!(house.message(sid_of(&sooner)).state, State::Scheduled);
    house.advance(1).await;
    let expected = ["queued", "sent", "delivered"].map(|status| three(status, NUMBER));
    assert_eq!(told(&mut house, 3).await, expected);
    let mut house = house.stop().await.reopen().await;
    house.stand_still();
    house.quiet().await;
    assert_eq!(house.message(sid_of(&shown)).state, State::Scheduled);
    // The world's time has hardly moved.
    house.advance(3600).await;
    assert_eq!(told(&mut house, 3).await, expected);
    house.quiet().await;
    let message = house.message(sid_of(&shown));
    assert_eq!((message.state, message.sent), (State::Delivered, message.send_at));
    house.finish().await;
}

#[tokio::test]
async fn a_scheduled_message_is_canceled_once_and_only_while_it_is_scheduled() {
    let mut house = open().await;
    house.stand_still();
    house.customer.on("/status", [Say::status(204)]);
    let callback = house.customer.url("/status");
    let sid = service(&house, &[("StatusCallback", &callback)], &[NUMBER]).await;
    let at = house.in_seconds(301);
    let later = [("ScheduleType", "fixed"), ("SendAt", at.as_str())];
    let shown = house.send_by(&sid, PERSON, &later).await;
    let path = format!("/2010-04-01/Accounts/{{AC}}/Messages/{}.json", sid_of(&shown));
    let (status, refused) = house.call("DELETE", &path, &[]).await;
    assert_eq!((status, &refused["code"]), (409, &20_009.into()), "it is not over");
    let (status, canceled) = house.call("POST", &path, &[("Status", "canceled")]).await;
    assert_eq!((status, &canceled["status"]), (200, &"canceled".into()), "{canceled}");
    let told_of = told(&mut house, 1).await;
    assert_eq!(told_of[0].0, "canceled");
    let (status, refused) = house.call("POST", &path, &[("Status", "canceled")]).await;
    assert_eq!((status, &refused["code"]), (400, &30_409.into()), "{refused}");
    house.advance(600).await;
    assert_eq!(house.message(sid_of(&shown)).state, State::Canceled);
    let (_, phone) = house.call("GET", &format!("/offhook/v1/Phones/{PERSON}/Messages"), &[]).await;
    assert_eq!(phone["messages"][0]["direction"], "not-received");
    for (form, code) in [
        (vec![("ScheduleType", "fixed")], 35_111),
        (vec![("ScheduleType", "fixed"), ("SendAt", "soon")], 35_115),
        (vec![("ScheduleType", "fixed"), ("SendAt", "2001-01-01T00:00:00Z")], 35_114),
        (vec![("ScheduleType", "never"), ("SendAt", "2001-01-01T00:00:00Z")], 35_126),
    ] {
        let mut all = vec![("To", PERSON), ("MessagingServiceSid", &sid), ("Body", "hi")];
        all.extend(form);
        let (status, refused) = house.send(&all).await;
        assert_eq!((status, &refused["code"]), (400, &code.into()), "{all:?}");
    }
    let at = house.in_seconds(600);
    let alone = [("To", PERSON), ("From", NUMBER), ("Body", "hi"), ("ScheduleType", "fixed")];
    let (_, refused) = house.send(&[&alone[..], &[("SendAt", &at)]].concat()).await;
    assert_eq!(refused["code"], 35_118);
    house.finish().await;
}

#[tokio::test]
async fn a_message_that_waited_longer_than_it_may_fails() {
    let mut house = open().await;
    house.stand_still();
    house.customer.on("/status", [Say::status(204)]);
    let callback = house.customer.url("/status");
    let form = [("StatusCallback", callback.as_str()), ("ValidityPeriod", "60")];
    let sid = service(&house, &form, &[NUMBER]).await;
    let mut late = Vec::new();
    for (seconds, more) in [(400, None), (3600, None), (400, Some(("ValidityPeriod", "36000")))] {
        let at = house.in_seconds(seconds);
        let mut later = vec![("ScheduleType", "fixed"), ("SendAt", at.as_str())];
        later.extend(more);
        late.push(sid_of(&house.send_by(&sid, PERSON, &later).await));
    }
    house.advance(400).await;
    let all = told(&mut house, 6).await;
    assert_eq!(all.iter().filter(|one| one.0 == "delivered").count(), 2);
    // One that was queued a minute ago, and comes to its turn only now.
    let mut message = house.message(late[0]);
    let parts = house.house.ids.parts(house.house.clock.wire_us());
    message.sid = MessageSid::of(parts, false);
    (message.state, message.sent) = (State::Queued, None);
    message.expires = Some(house.house.now());
    let (old, write) = (message.sid, Write::InsertMessage(Box::new(message)));
    house.house.save(Change::one(write)).await.expect("saved");
    let failed = ("failed".into(), NUMBER.into(), Some("30036".into()));
    assert_eq!(told(&mut house, 1).await, [failed]);
    assert_eq!(house.message(old).error_code, Some(30_036));
    let message = house.message(late[1]);
    let validity = message.expires.expect("set").duration_since(message.send_at.expect("set"));
    assert_eq!(validity.as_secs(), 60, "it counts from the time of sending");
    let path = format!("/2010-04-01/Accounts/{{AC}}/Messages/{}.json", late[1]);
    assert_eq!(house.call("POST", &path, &[("Status", "canceled")]).await.0, 200);
    told(&mut house, 1).await;
    house.finish().await;
}

#[tokio::test]
async fn a_seed_has_services_and_who_is_in_them() {
    let seed = "services:\n  - FriendlyName: Shop\n    InboundRequestUrl: bin:Hello\n    \
        AlphaSender: Bakery\n    AdvancedOptOut: true\nbins:\n  - FriendlyName: Hello\n    \
        Twiml: <Response><Message>Hello</Message></Response>\nnumbers:\n  - PhoneNumber: \
        '+12025550100'\n    MessagingServiceSid: Shop\n";
    let house = open_with(|options, _| options.seed = Some(seed.into())).await;
    let (_, list) = house.call("GET", "/messaging/v1/Services", &[]).await;
    let url = list["services"][0]["inbound_request_url"].as_str().expect("a URL");
    assert!(url.contains("/bins/EH"), "{url}");
    let sid = list["services"][0]["sid"].as_str().expect("a sid");
    let (_, own) = house.call("GET", &format!("/offhook/v1/Services/{sid}"), &[]).await;
    assert_eq!(own["advanced_opt_out"], true);
    assert_eq!(house.sender_to(sid, PERSON).await, NUMBER);
    assert_eq!(house.sender_to(sid, "+447700900123").await, "Bakery");
    house.text("hi").await;
    house.quiet().await;
    assert!(house.messages().iter().any(|message| message.body == "Hello"));
    house.finish().await;
}
