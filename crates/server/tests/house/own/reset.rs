//! Reset: as at the first start, and nothing of before comes after.

use super::{ask_as, keys, subaccount};
use crate::customer::{Gate, Say};
use crate::support::{NUMBER, PERSON, open};
use exchange::accounts::RetryProfile;
use exchange::webhooks::guard::{Guard, Profile};
use http_body_util::BodyExt as _;
use jiff::SignedDuration;
use offhook::calls::Calls;
use offhook::clock::Clock;
use offhook::house::{House, Settings};
use std::sync::Arc;
use std::time::Duration;
use tower::ServiceExt as _;

const PATH: &str = "/offhook/v1/Reset";

#[tokio::test]
async fn the_demo_is_back_and_the_same_credentials_work() {
    let opened = open().await;
    opened.handset(&[("OnMessage", "fail")]).await;
    opened.settings(|settings| settings.tls_validation = false).await;
    opened.send(&[("To", PERSON), ("From", NUMBER), ("Body", "x")]).await;
    opened.quiet().await;
    let (status, answer) = opened.call("POST", PATH, &[]).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(keys(&answer), ["account_sids", "date_reset"]);
    assert_eq!(answer["account_sids"], serde_json::json!([opened.sid.as_str()]));

    assert_eq!(opened.messages(), []);
    assert_eq!(opened.log(), []);
    assert_eq!(opened.alerts(), []);
    let (_, phone) = opened.call("GET", &format!("/offhook/v1/Phones/{PERSON}"), &[]).await;
    assert_eq!(phone["on_message"], "deliver");
    let (_, settings) = opened.call("GET", "/offhook/v1/Settings", &[]).await;
    assert_eq!(settings["tls_validation"], true);
    // The number points to the new demo bin, which answers.
    let text = opened.text("again").await;
    opened.quiet().await;
    let replies = opened.replies(text);
    assert_eq!(replies.len(), 1, "{replies:?}");
    assert!(replies[0].body.contains("You wrote: again"), "{replies:?}");
    opened.finish().await;
}

#[tokio::test]
async fn what_was_on_its_way_goes_no_further() {
    let mut opened = open().await;
    let gate = Gate::new();
    opened.customer.on("/sms", [Say::verbs("<Message>of before</Message>").behind(&gate)]);
    opened.customer.on("/status", [Say::status(200).behind(&gate)]);
    opened.text("hello").await;
    opened.heard().await;
    // One tell is out, the next waits behind it; another message waits for its time.
    opened.send_told("told").await;
    opened.heard_on("/status").await;
    opened.handset(&[("DeliverAfter", "PT0.2S")]).await;
    opened.send_told("later").await;
    opened.heard_on("/status").await;
    let before = opened.log();
    assert_eq!(opened.call("POST", PATH, &[]).await.0, 200);
    gate.open();
    opened.quiet().await;
    assert!(opened.house.running_ids().is_empty());

    // What comes after is told as ever, past the moment that the other was due at.
    opened.handset(&[("DeliverAfter", "PT0.3S")]).await;
    let after = opened.send_told("of after").await;
    for status in ["sent", "delivered"] {
        let seen = opened.heard().await;
        assert_eq!(seen.get("MessageSid").as_deref(), Some(after.as_str()), "{seen:#?}");
        assert_eq!(seen.get("MessageStatus").as_deref(), Some(status));
    }
    opened.quiet().await;
    assert_eq!(opened.messages().len(), 1, "{:#?}", opened.messages());
    let log = opened.log();
    assert_eq!(log.len(), 2, "{log:#?}");
    let last = before.iter().map(|entry| entry.webhook.id).max();
    assert!(log.iter().all(|entry| Some(entry.webhook.id) > last), "numbers are never used again");
    for entry in &before {
        let sid = opened.house.store.webhook_sid(entry.webhook.id);
        assert_eq!(opened.call("GET", &format!("/offhook/v1/Webhooks/{sid}"), &[]).await.0, 404);
    }
    opened.finish().await;
}

#[tokio::test]
async fn a_crowd_at_a_slow_door_is_gone_at_once_and_takes_nobodys_place() {
    let mut opened = open().await;
    let gate = Gate::new();
    opened.customer.on("/status", [Say::status(200).behind(&gate)]);
    opened.handset(&[("OnMessage", "silent")]).await;
    // More than go to one destination at once: some are out, some wait for a place.
    const CROWD: usize = 80;
    const AT_ONCE: usize = 64;
    for _ in 0..CROWD {
        opened.send_told("of before").await;
    }
    for _ in 0..AT_ONCE {
        opened.heard_on("/status").await;
    }
    assert_eq!(opened.house.running_ids().len(), AT_ONCE);
    assert_eq!(opened.call("POST", PATH, &[]).await.0, 200);
    // Nobody has answered, and nobody is waited for.
    let quiet = tokio::time::timeout(Duration::from_secs(5), opened.quiet()).await;
    assert!(quiet.is_ok(), "{:?}", opened.house.running_ids());
    opened.customer.on("/status", [Say::status(200)]);
    let after = opened.send_told("of after").await;
    for _ in 0..2 {
        let seen = opened.heard().await;
        assert_eq!(seen.get("MessageSid").as_deref(), Some(after.as_str()));
    }
    gate.open();
    opened.finish().await;
}

#[tokio::test]
async fn a_retry_of_before_never_comes() {
    let mut opened = open().await;
    opened.settings(|settings| settings.retry_profile = RetryProfile::Durable).await;
    opened.customer.on("/status", [Say::status(503)]);
    opened.stand_still();
    opened.send_told("of before").await;
    opened.heard().await;
    opened.quiet().await;
    assert_eq!(opened.call("POST", PATH, &[]).await.0, 200);
    opened.stand_still();
    opened.advance(2 * 86_400).await;
    // `finish` wants that nothing came.
    opened.finish().await;
}

#[tokio::test]
async fn keys_and_subaccounts_of_before_are_gone_even_over_a_restart() {
    let opened = open().await;
    let (sid, token) = subaccount(&opened).await;
    let (_, key) = opened.call("POST", "/2010-04-01/Accounts/{AC}/Keys.json", &[]).await;
    let text = |name: &str| key[name].as_str().expect(name).to_owned();
    let (key, secret) = (text("sid"), text("secret"));
    let pairs = [(sid.as_str(), token.as_str()), (key.as_str(), secret.as_str())];
    for pair in pairs {
        assert_eq!(ask_as(&opened, pair, ("GET", "/offhook/v1/Settings"), &[]).await.status, 200);
    }
    assert_eq!(opened.call("POST", PATH, &[]).await.0, 200);
    let opened = opened.stop().await.reopen().await;
    for pair in pairs {
        assert_eq!(ask_as(&opened, pair, ("GET", "/offhook/v1/Settings"), &[]).await.status, 401);
    }
    assert_eq!(opened.call("GET", "/offhook/v1/Settings", &[]).await.0, 200);
    opened.finish().await;
}

#[tokio::test]
async fn virtual_time_ends_and_the_date_is_the_worlds_again() {
    let opened = open().await;
    opened.stand_still();
    opened.advance(400 * 86_400).await;
    assert_eq!(opened.call("POST", PATH, &[]).await.0, 200);
    let (_, clock) = opened.call("GET", "/offhook/v1/Clock", &[]).await;
    assert_eq!(clock["mode"], "real");
    let ahead = opened.house.now().as_microsecond() - opened.house.clock.wire_us();
    assert!(ahead.abs() < SignedDuration::from_mins(1).as_micros() as i64, "{ahead}");
    let account = opened.house.account(opened.sid).expect("readable");
    assert!(account.created <= opened.house.now());
    opened.finish().await;
}

#[tokio::test]
async fn requests_that_were_in_before_are_of_before_and_those_after_of_after() {
    let opened = Arc::new(open().await);
    opened.customer.on("/sms", [Say::status(200)]);
    let load: Vec<_> = (0..4)
        .map(|n| {
            let opened = opened.clone();
            tokio::spawn(async move {
                let mut acknowledged = Vec::new();
                for i in 0..25 {
                    let body = format!("{n}.{i}");
                    let form = [("To", PERSON), ("From", NUMBER), ("Body", body.as_str())];
                    let resets = opened.house.resets();
                    let (status, message) = opened.send(&form).await;
                    assert_eq!(status, 201, "{message}");
                    acknowledged.push((
                        resets,
                        opened.house.resets(),
                        crate::support::sid_of(&message),
                    ));
                }
                acknowledged
            })
        })
        .collect();
    for _ in 0..3 {
        assert_eq!(opened.call("POST", PATH, &[]).await.0, 200);
    }
    let mut acknowledged = Vec::new();
    for one in load {
        acknowledged.extend(one.await.expect("no panic"));
    }
    opened.quiet().await;
    let last = opened.house.resets();
    assert_eq!(last, 3);
    let kept: Vec<_> = opened.messages().iter().map(|message| message.sid).collect();
    for (begun, ended, sid) in acknowledged {
        if ended < last {
            assert!(!kept.contains(&sid), "{sid} is of before");
        }
        if begun == last {
            assert!(kept.contains(&sid), "{sid} is of after");
        }
    }
    assert!(opened.messages().iter().all(|message| message.state.as_str() == "delivered"));
    Arc::into_inner(opened).expect("the load has gone").finish().await;
}

#[tokio::test]
async fn watchers_are_told_and_hear_nothing_of_before() {
    let opened = open().await;
    let before = opened.house.events.resume(None);
    opened.send(&[("To", PERSON), ("From", NUMBER), ("Body", "x")]).await;
    opened.quiet().await;
    let mut live = before.live;
    let first = live.recv().await.expect("an event").id;
    assert_eq!(opened.call("POST", PATH, &[]).await.0, 200);
    let resumed = opened.house.events.resume(Some(first));
    let names: Vec<_> = resumed.missed.iter().map(|event| event.what.name()).collect();
    assert!(resumed.gap);
    assert_eq!(names, ["house.reset"]);
    opened.finish().await;
}

#[tokio::test]
async fn with_a_carrier_the_simulators_doors_are_not_there() {
    let opened = open().await;
    let settings = Settings { simulator: false, ..opened.house.settings.clone() };
    let guard = Guard { profile: Profile::Local, allow: Vec::new() };
    let client = client::Client::new(client::Settings {
        guard,
        maps: Vec::new(),
        hosts: Vec::new(),
        trust: Vec::new(),
    });
    let (calls, _orders) = Calls::new(Clock::new());
    let store = opened.house.store.clone();
    let house = House::new(store, client.expect("a client"), calls, settings);
    let router = offhook::api::router(Arc::new(house.expect("a house")));
    let auth = crate::asker::basic(opened.sid.as_str(), &opened.token);
    let auth = auth.trim_start_matches("Authorization: ").trim_end();
    for (method, path, status) in [
        ("GET", "/offhook/v1/Clock", 404),
        ("POST", "/offhook/v1/Clock", 404),
        ("POST", "/offhook/v1/Reset", 404),
        ("GET", "/offhook/v1/Phones/+12025550199", 404),
        ("POST", "/offhook/v1/Phones/+12025550199", 404),
        ("GET", "/offhook/v1/Phones/+12025550199/Messages", 404),
        ("POST", "/offhook/v1/Phones/+12025550199/Messages", 404),
        ("GET", "/offhook/v1/Phones/+12025550199/Calls", 404),
        ("POST", "/offhook/v1/Phones/+12025550199/Calls", 404),
        ("GET", "/offhook/v1/Settings", 200),
        ("GET", "/offhook/v1/Webhooks", 200),
    ] {
        let request = http::Request::builder()
            .method(method)
            .uri(path)
            .header("Authorization", auth)
            .body(axum::body::Body::empty())
            .expect("a request");
        let answer = router.clone().oneshot(request).await.expect("an answer");
        assert_eq!(answer.status(), status, "{method} {path}");
        let body = answer.into_body().collect().await.expect("a body").to_bytes();
        let body: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
        assert_eq!(status == 404, body["code"] == 20_404, "{method} {path} {body}");
    }
    opened.finish().await;
}

#[tokio::test]
async fn only_a_main_accounts_token_rules_the_house() {
    let opened = open().await;
    let (sid, token) = subaccount(&opened).await;
    let (_, key) =
        opened.call("POST", "/2010-04-01/Accounts/{AC}/Keys.json", &[("FriendlyName", "k")]).await;
    let key = (
        key["sid"].as_str().expect("a sid").to_owned(),
        key["secret"].as_str().expect("a secret").to_owned(),
    );
    for credentials in [(sid.as_str(), token.as_str()), (key.0.as_str(), key.1.as_str())] {
        for (path, form) in [(PATH, &[][..]), ("/offhook/v1/Clock", &[("Mode", "virtual")][..])] {
            let got = ask_as(&opened, credentials, ("POST", path), form).await;
            assert_eq!(got.status, 403, "{path} {}", got.text());
        }
    }
    // Nothing happened, and looking at the clock is everybody's.
    let looked = ask_as(&opened, (&sid, &token), ("GET", "/offhook/v1/Clock"), &[]).await;
    assert_eq!(looked.status, 200);
    assert!(looked.text().contains("\"real\""), "{}", looked.text());
    opened.finish().await;
}

#[tokio::test]
async fn the_seed_is_remembered_by_the_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut first = crate::support::options(folder.path());
    first.seed = Some("numbers:\n  - PhoneNumber: '+12025550177'\n".into());
    let opened = offhook::open::open(first).await.expect("it opens");
    opened.stop().await;
    let again = crate::support::options(folder.path());
    let opened = offhook::open::open(again).await.expect("it opens again");
    offhook::reset::reset(&opened.house).await.expect("it is reset");
    let number = opened.house.store.number_at("+12025550177").expect("read");
    assert!(number.is_some(), "the seed's number is back");
    opened.stop().await;
}
