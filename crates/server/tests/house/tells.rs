//! Tells: their order, their tokens, their retries, and what they may not hold up (DESIGN 2).

use crate::customer::{Customer, Gate, Say, Seen};
use crate::support::{NUMBER, Opened, PERSON, open};
use exchange::accounts::RetryProfile;
use exchange::alerts::codes::Level;
use exchange::messages::State;
use exchange::numbers::Method;
use exchange::sid::{AccountSid, MessageSid, NumberSid};
use exchange::webhooks::{Kind, Purpose, Status, Webhook};
use jiff::SignedDuration;
use offhook::clock::{StoppedBy, Until};
use std::collections::{HashMap, HashSet};
use store::{Change, Write};

fn status(seen: &Seen) -> String {
    seen.get("MessageStatus").expect("a status")
}

async fn durable(house: &Opened) {
    house.settings(|settings| settings.retry_profile = RetryProfile::Durable).await;
}

#[tokio::test]
async fn the_next_status_of_a_message_waits_for_the_answer_to_the_one_before() {
    let mut house = open().await;
    let gate = Gate::new();
    house.customer.on("/status", [Say::status(200).behind(&gate), Say::status(200)]);
    let first = house.send_told("one").await;
    let held = house.heard().await;
    assert_eq!(
        (status(&held), held.get("MessageSid").as_deref()),
        ("sent".to_owned(), Some(first.as_str()))
    );
    // Another message's statuses are not held up; and the first one's second has not come.
    let second = house.send_told("two").await;
    for expected in ["sent", "delivered"] {
        let seen = house.heard().await;
        assert_eq!(seen.get("MessageSid").as_deref(), Some(second.as_str()));
        assert_eq!(status(&seen), expected);
    }
    assert!(house.customer.unread().is_empty());
    gate.open();
    assert_eq!(status(&house.heard().await), "delivered");
    house.finish().await;
}

#[tokio::test]
async fn attempts_of_one_event_share_a_token_and_the_next_event_has_its_own() {
    let mut house = open().await;
    house.customer.on("/status", [Say::status(500), Say::status(503), Say::status(200)]);
    let callback = house.customer.url("/status#rc=2&rp=5xx");
    let form = [("To", PERSON), ("From", NUMBER), ("Body", "x"), ("StatusCallback", &callback)];
    assert_eq!(house.send(&form).await.0, 201);
    let mut tokens = Vec::new();
    for expected in ["sent", "sent", "sent", "delivered"] {
        let seen = house.heard().await;
        assert_eq!(status(&seen), expected);
        assert!(!seen.url().contains('#'));
        tokens.push(seen.token());
    }
    assert_eq!(tokens[0], tokens[1]);
    assert_eq!(tokens[1], tokens[2]);
    assert_ne!(tokens[2], tokens[3]);
    house.quiet().await;
    assert!(house.alerts().is_empty(), "the retries saved it");
    house.finish().await;
}

#[tokio::test]
async fn by_twilios_profile_a_failed_tell_is_not_sent_again() {
    let mut house = open().await;
    house.stand_still();
    house.customer.on("/status", [Say::status(500)]);
    house.send_told("x").await;
    assert_eq!(status(&house.heard().await), "sent");
    assert_eq!(status(&house.heard().await), "delivered");
    house.advance(100_000).await;
    house.finish().await;
}

#[tokio::test]
async fn the_durable_profile_tries_for_about_a_day_and_then_gives_up() {
    let mut house = open().await;
    durable(&house).await;
    house.stand_still();
    house.customer.on("/status", [Say::status(500)]);
    house.send_told("x").await;
    house.quiet().await;
    let begun = house.house.now();
    let until = Until::Idle(begun + SignedDuration::from_hours(72));
    assert_eq!(house.house.clock.advance(until).await, StoppedBy::Idle);
    let all = house.customer.unread();
    for (name, of) in [("sent", 0), ("delivered", 1)] {
        let seen: Vec<&Seen> = all.iter().filter(|seen| status(seen) == name).collect();
        assert_eq!(seen.len(), 13, "{name}");
        let tokens: HashSet<String> = seen.iter().map(|seen| seen.token()).collect();
        assert_eq!(tokens.len(), 1, "{name}");
        let entry = house.log().remove(of);
        assert_eq!((entry.status, entry.webhook.failures), (Status::Dead, 13), "{name}");
        let hours = entry.due.duration_since(begun).as_hours();
        assert!((20..=27).contains(&hours), "{name} ended after {hours} hours");
        let exchanges = house.house.store.exchanges(entry.webhook.id).expect("readable");
        assert_eq!(exchanges.len(), 13, "{name}");
    }
    house.finish().await;
}

#[tokio::test]
async fn a_retry_within_half_a_minute_keeps_the_order() {
    let mut house = open().await;
    durable(&house).await;
    house.stand_still();
    house.customer.on("/status", [Say::status(500), Say::status(200)]);
    house.send_told("x").await;
    assert_eq!(status(&house.heard().await), "sent");
    house.advance(3).await;
    assert!(house.customer.unread().is_empty());
    house.advance(3).await;
    assert_eq!(status(&house.heard().await), "sent");
    assert_eq!(status(&house.heard().await), "delivered");
    assert!(house.log().iter().all(|entry| !entry.late && entry.status == Status::Done));
    house.finish().await;
}

#[tokio::test]
async fn after_half_a_minute_later_ones_go_and_the_failing_one_is_marked_late() {
    let mut house = open().await;
    durable(&house).await;
    house.stand_still();
    house.customer.on("/status", [Say::status(500), Say::status(500), Say::status(200)]);
    house.send_told("x").await;
    let first = house.heard().await;
    house.advance(29).await;
    let second = house.heard().await;
    assert_eq!((status(&first), status(&second)), ("sent".into(), "sent".into()));
    assert!(house.customer.unread().is_empty(), "29 s are held");
    house.advance(1).await;
    assert_eq!(status(&house.heard().await), "delivered");
    house.advance(60).await;
    let third = house.heard().await;
    assert_eq!((status(&third), third.token()), ("sent".into(), first.token()));
    let late: Vec<bool> = house.log().iter().map(|entry| entry.late).collect();
    assert_eq!(late, [true, false]);
    house.finish().await;
}

#[tokio::test]
async fn an_endpoint_that_never_answers_delays_no_other() {
    let mut house = open().await;
    let mut slow = Customer::start().await;
    let gate = Gate::new();
    slow.on("/status", [Say::status(200).behind(&gate)]);
    let callback = slow.url("/status");
    for _ in 0..80 {
        let form = [("To", PERSON), ("From", NUMBER), ("Body", "x"), ("StatusCallback", &callback)];
        assert_eq!(house.send(&form).await.0, 201);
    }
    // Another host's asks and tells, while all places of the slow one are taken.
    house.customer.on("/sms", [Say::verbs("<Message statusCallback='/told'>hi</Message>")]);
    house.customer.on("/told", [Say::status(200)]);
    house.text("hello").await;
    house.heard_on("/sms").await;
    house.heard_on("/told").await;
    house.heard_on("/told").await;
    for _ in 0..64 {
        slow.heard().await;
    }
    house.text("again").await;
    house.heard_on("/sms").await;
    assert!(slow.unread().is_empty(), "64 requests to a host at once");
    gate.open();
    for _ in 64..160 {
        slow.heard().await;
    }
    house.heard_on("/told").await;
    house.heard_on("/told").await;
    house.finish().await;
}

/// One more account with a number of its own.
async fn other_account(house: &Opened, phone_number: &str, url: &str) -> AccountSid {
    let mut account = house.house.account(house.sid).expect("the first account");
    let parts = || house.house.ids.parts(house.house.clock.wire_us());
    account.sid = AccountSid::from_parts(parts());
    account.owner = account.sid;
    let (sid, now) = (NumberSid::from_parts(parts()), house.house.now());
    let mut number = offhook::first::number(account.sid, sid, phone_number, now);
    url.clone_into(&mut number.sms.url);
    let sid = account.sid;
    let writes =
        vec![Write::InsertAccount(Box::new(account)), Write::InsertNumber(Box::new(number))];
    house.house.save(Change { writes, ..Change::default() }).await.expect("saved");
    sid
}

#[tokio::test]
async fn an_account_takes_its_share_of_the_wires_and_no_other_accounts() {
    let mut house = open().await;
    let gate = Gate::new();
    let mut hosts = Vec::new();
    for _ in 0..5 {
        let host = Customer::start().await;
        host.on("/status", [Say::status(200).behind(&gate)]);
        hosts.push(host);
    }
    let mut change = Change::default();
    for n in 0..300 {
        let url = hosts[n % hosts.len()].url("/status");
        change.webhooks.push(tell(&house, &url, n as u64, "sent"));
    }
    house.house.save(change).await.expect("saved");
    let mut heard = 0;
    for host in &mut hosts {
        for _ in 0..51 {
            host.heard().await;
            heard += 1;
        }
    }
    assert_eq!(heard, 255);
    // One more is on its way to whichever host came first; then the account's share is used up.
    house.customer.on("/other", [Say::status(204)]);
    let url = house.customer.url("/other");
    other_account(&house, "+12025550177", &url).await;
    let arrival = exchange::messages::inbound::Arrival {
        sid: house.house.message_sid(false),
        from: PERSON.into(),
        to: "+12025550177".into(),
        body: "x".into(),
        media: Vec::new(),
    };
    offhook::messages::receive(&house.house, arrival).await.expect("received");
    house.heard_on("/other").await;
    let mut rest = 0;
    for host in &mut hosts {
        rest += host.unread().len();
    }
    assert!(rest <= 1, "{} requests of one account at once", 255 + rest);
    gate.open();
    house.quiet().await;
    for host in &mut hosts {
        rest += host.unread().len();
    }
    assert_eq!(heard + rest, 300);
    house.finish().await;
}

/// A tell of a resource that is only a number.
fn tell(house: &Opened, url: &str, resource: u64, status: &str) -> Webhook {
    let parts = exchange::sid::Parts { key: 1, tail: resource };
    let resource = MessageSid::of(parts, false).sid();
    let form =
        webhook::Form::from_pairs([("MessageSid", resource.as_str()), ("MessageStatus", status)]);
    Webhook {
        id: 0,
        account: house.sid,
        kind: Kind::Tell,
        purpose: Purpose::MessageStatus,
        resource,
        url: url.to_owned(),
        method: Method::Post,
        parameters: form.encode(),
        token: house.house.ids.token(),
        fallback: None,
        context: String::new(),
        due: house.house.now(),
        created: house.house.now(),
        failures: 0,
    }
}

#[tokio::test]
async fn more_tells_than_memory_holds_arrive_once_and_in_their_order() {
    let mut house = open().await;
    let gate = Gate::new();
    house.customer.on("/status", [Say::status(200).behind(&gate)]);
    let url = house.customer.url("/status");
    for round in 0..25 {
        let mut change = Change::default();
        for resource in 0..200 {
            change.webhooks.push(tell(&house, &url, resource, &round.to_string()));
        }
        house.house.save(change).await.expect("saved");
    }
    gate.open();
    let mut next: HashMap<String, u32> = HashMap::new();
    let mut tokens = HashSet::new();
    for _ in 0..5000 {
        let seen = house.customer.heard().await;
        let place = next.entry(seen.get("MessageSid").expect("a sid")).or_default();
        assert_eq!(status(&seen), place.to_string());
        *place += 1;
        assert!(tokens.insert(seen.token()), "twice: {seen:?}");
    }
    house.finish().await;
}

#[tokio::test]
async fn a_tell_whose_message_was_deleted_is_still_told() {
    let mut house = open().await;
    let gate = Gate::new();
    house.customer.on("/status", [Say::status(200).behind(&gate)]);
    let sid = house.send_told("x").await;
    house.heard().await;
    assert_eq!(house.message(sid).state, State::Delivered);
    let one = format!("/2010-04-01/Accounts/{{AC}}/Messages/{sid}.json");
    assert_eq!(house.ask("DELETE", &one, &[]).await.status, 204);
    gate.open();
    assert_eq!(status(&house.heard().await), "delivered");
    house.finish().await;
}

#[tokio::test]
async fn a_calls_progress_that_is_answered_with_an_error_is_a_warning_of_its_own() {
    let mut house = open().await;
    let answers = [
        (Say::status(500), Status::Failed, vec![15003]),
        (Say::typed("application/json", "{}"), Status::Done, vec![12300]),
        (Say::twiml("<Response/>"), Status::Done, vec![]),
    ];
    let (url, handset) = (house.customer.url("/progress"), format!("/offhook/v1/Phones/{PERSON}"));
    assert_eq!(house.call("POST", &handset, &[("OnCall", "busy")]).await.0, 200);
    let mut seen = 0;
    for (say, status, codes) in answers {
        house.customer.on("/progress", [say]);
        let form = [
            ("To", PERSON),
            ("From", NUMBER),
            ("Twiml", "<Response/>"),
            ("StatusCallback", url.as_str()),
        ];
        let made = house.call("POST", "/2010-04-01/Accounts/{AC}/Calls.json", &form).await;
        assert_eq!(made.0, 201, "{}", made.1);
        assert_eq!(house.heard().await.get("CallStatus").as_deref(), Some("busy"));
        house.quiet().await;
        let ended = house.log_of(Kind::Tell).pop().expect("a tell").status;
        let raised: Vec<_> = house.alerts().into_iter().skip(seen).collect();
        seen += raised.len();
        let found: Vec<u32> = raised.iter().map(|alert| alert.code).collect();
        assert_eq!((ended, found), (status, codes));
        assert!(raised.iter().all(|a| a.level == Level::Warning));
    }
    house.finish().await;
}
