//! Virtual time: it stands still while anything is on its way, and runs deadlines in order.

use crate::customer::{Gate, Say};
use crate::support::{NUMBER, PERSON, open};
use exchange::accounts::RetryProfile;
use exchange::messages::State;
use exchange::webhooks::Status;
use jiff::SignedDuration;
use offhook::clock::{StoppedBy, Until};

#[tokio::test]
async fn time_stands_still_while_an_application_thinks() {
    let mut house = open().await;
    house.stand_still();
    let gate = Gate::new();
    house.customer.on("/sms", [Say::verbs("<Message>hi</Message>").behind(&gate)]);
    let begun = house.house.now();
    let sid = house.text("hello").await;
    house.heard().await;
    let clock = house.house.clock.clone();
    let until = Until::Time(begun + SignedDuration::from_secs(10));
    let advance = tokio::spawn(async move { clock.advance(until).await });
    // Something that takes a few turns of everybody's loop.
    for _ in 0..3 {
        house.call("GET", "/2010-04-01/Accounts/{AC}/Messages.json", &[]).await;
        assert_eq!(house.house.now(), begun);
    }
    assert!(!advance.is_finished());
    gate.open();
    assert_eq!(advance.await.expect("it ends"), StoppedBy::Time);
    assert_eq!(house.house.now().duration_since(begun), SignedDuration::from_secs(10));
    let reply = house.replies(sid).remove(0);
    assert_eq!((reply.created, reply.state), (begun, State::Delivered));
    house.finish().await;
}

#[tokio::test]
async fn deadlines_run_in_order_each_at_its_own_time() {
    let mut house = open().await;
    house.stand_still();
    house.customer.on("/status", [Say::status(200)]);
    let begun = house.house.now();
    let callback = house.customer.url("/status");
    let delays = [30, 10, 50, 20, 40];
    for seconds in delays {
        let person = format!("+120255502{seconds}");
        let path = format!("/offhook/v1/Phones/{person}");
        let after = format!("PT{seconds}S");
        assert_eq!(house.call("POST", &path, &[("DeliverAfter", &after)]).await.0, 200);
        let form =
            [("To", &*person), ("From", NUMBER), ("Body", "x"), ("StatusCallback", &callback)];
        assert_eq!(house.send(&form).await.0, 201);
        assert_eq!(house.heard().await.get("MessageStatus").as_deref(), Some("sent"));
    }
    house.advance(45).await;
    for seconds in [10, 20, 30, 40] {
        let seen = house.heard().await;
        assert_eq!(seen.get("MessageStatus").as_deref(), Some("delivered"));
        assert_eq!(seen.get("To"), Some(format!("+120255502{seconds}")));
    }
    assert!(house.customer.unread().is_empty());
    let idle = Until::Idle(begun + SignedDuration::from_hours(1));
    assert_eq!(house.house.clock.advance(idle).await, StoppedBy::Idle);
    assert_eq!(house.heard().await.get("To").as_deref(), Some("+12025550250"));
    assert_eq!(house.house.now().duration_since(begun).as_secs(), 50);
    for (message, seconds) in house.messages().iter().zip(delays) {
        let took = message.updated.duration_since(message.created);
        assert_eq!(took, SignedDuration::from_secs(seconds));
    }
    house.finish().await;
}

#[tokio::test]
async fn an_idle_advance_stops_at_its_limit() {
    let house = open().await;
    house.stand_still();
    house.handset(&[("DeliverAfter", "PT2H")]).await;
    house.send(&[("To", PERSON), ("From", NUMBER), ("Body", "x")]).await;
    house.quiet().await;
    let limit = house.house.now() + SignedDuration::from_hours(1);
    assert_eq!(house.house.clock.advance(Until::Idle(limit)).await, StoppedBy::Limit);
    assert_eq!(house.house.now(), limit);
    let limit = limit + SignedDuration::from_hours(9);
    assert_eq!(house.house.clock.advance(Until::Idle(limit)).await, StoppedBy::Idle);
    assert_eq!(house.messages()[0].state, State::Delivered);
    house.finish().await;
}

/// What a deadline causes is done before time moves on, and its own deadlines are seen: over and
/// over, because a slip would be a matter of threads.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_slips_between_being_due_and_being_done() {
    let house = open().await;
    house.stand_still();
    house.settings(|settings| settings.retry_profile = RetryProfile::Durable).await;
    house.handset(&[("DeliverAfter", "PT7S")]).await;
    for round in 0..40 {
        let path = format!("/status/{round}");
        house.customer.on(&path, [Say::status(500), Say::status(500), Say::status(200)]);
        let callback = house.customer.url(&path);
        let form = [("To", PERSON), ("From", NUMBER), ("Body", "x"), ("StatusCallback", &callback)];
        assert_eq!(house.send(&form).await.0, 201);
        let begun = house.house.now();
        let limit = begun + SignedDuration::from_hours(1);
        assert_eq!(house.house.clock.advance(Until::Idle(limit)).await, StoppedBy::Idle);
        let entries = house.log().split_off(2 * round);
        assert!(entries.iter().all(|entry| entry.status == Status::Done), "{round}: {entries:#?}");
        // 5 s and 30 s, each give or take a tenth, and not a moment more.
        let sent = entries[0].due.duration_since(begun).as_millis();
        assert!((31_500..=38_500).contains(&sent), "{round}: {sent} ms");
        let delivered = entries[1].due.duration_since(begun).as_millis();
        assert_eq!(delivered, 30_000, "{round}: it goes when it has been held long enough");
    }
    let mut house = house;
    assert_eq!(house.customer.unread().len(), 160);
    house.finish().await;
}
