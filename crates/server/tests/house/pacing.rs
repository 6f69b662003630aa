//! Senders that send no faster than Twilio lets them, where an account wants that.

use crate::customer::Say;
use crate::media::show_pictures;
use crate::support::{NUMBER, Opened, PERSON, open, sid_of};
use exchange::messages::State;
use exchange::sid::MessageSid;

/// A house whose time stands still and whose account is paced.
async fn paced() -> Opened {
    let house = open().await;
    house.stand_still();
    house.settings(|settings| settings.pacing = true).await;
    house
}

async fn send(house: &Opened, form: &[(&str, &str)]) -> MessageSid {
    let base = [("To", PERSON), ("From", NUMBER)];
    let (status, shown) = house.send(&[&base[..], form].concat()).await;
    assert_eq!((status, shown["status"].as_str()), (201, Some("queued")), "{shown}");
    sid_of(&shown)
}

fn states(house: &Opened, sids: &[MessageSid]) -> Vec<State> {
    sids.iter().map(|sid| house.message(*sid).state).collect()
}

#[tokio::test]
async fn a_long_code_sends_a_segment_a_second_and_others_do_not_wait_for_it() {
    let mut house = paced().await;
    house.add_number("+12025550101", "").await;
    show_pictures(&house.customer);
    let cat = house.customer.url("/cat.png");
    let three = "x".repeat(400);
    let mut sids = Vec::new();
    for form in [("Body", "1"), ("Body", &three), ("MediaUrl", &cat), ("Body", "4")] {
        sids.push(send(&house, &[form]).await);
    }
    let form = [("To", PERSON), ("From", "+12025550101"), ("Body", "other")];
    sids.push(sid_of(&house.send(&form).await.1));
    house.quiet().await;
    let (d, q) = (State::Delivered, State::Queued);
    assert_eq!(states(&house, &sids), [d, q, q, q, d]);
    for (seconds, expected) in
        [(1, [d, d, q, q, d]), (2, [d, d, q, q, d]), (1, [d, d, d, q, d]), (1, [d, d, d, d, d])]
    {
        house.advance(seconds).await;
        house.quiet().await;
        assert_eq!(states(&house, &sids), expected, "after {seconds}");
    }
    house.customer.heard_on("/cat.png").await;
    // After a rest the next goes at once.
    house.advance(60).await;
    let next = send(&house, &[("Body", "next")]).await;
    house.quiet().await;
    assert_eq!(house.message(next).state, d);
    house.finish().await;
}

#[tokio::test]
async fn what_waits_longer_than_it_may_fails_and_a_full_queue_takes_no_more() {
    let mut house = paced().await;
    house.customer.on("/status", [Say::status(204)]);
    let callback = house.customer.url("/status");
    let long = "x".repeat(1530);
    send(&house, &[("Body", &long)]).await;
    let short = [("Body", "short"), ("ValidityPeriod", "5"), ("StatusCallback", &callback)];
    let expired = send(&house, &short).await;
    house.advance(5).await;
    let told = house.heard().await;
    assert_eq!(told.get("ErrorCode").as_deref(), Some("30036"));
    assert_eq!(house.message(expired).state, State::Failed);
    // Ten hours are 36,000 segments; nobody sends so many here.
    let mut message = house.message(expired);
    message.num_segments = 36_100;
    assert!(house.house.admit_paced(&message).is_some());
    assert!(house.house.is_queue_full(house.sid, NUMBER));
    let form = [("To", PERSON), ("From", NUMBER), ("Body", "x")];
    let (status, refused) = house.send(&form).await;
    assert_eq!((status, refused["code"].as_u64()), (429, Some(21_611)), "{refused}");
    // A reply, and a message of a service, are made, and fail.
    house.customer.on("/sms", [Say::verbs("<Message>too much</Message>")]);
    let asked = house.text("hello").await;
    house.heard_on("/sms").await;
    house.quiet().await;
    let reply = house.replies(asked).remove(0);
    assert_eq!((reply.state, reply.error_code), (State::Failed, Some(30_001)));
    house.advance(3600 + 200).await;
    send(&house, &[("Body", "room again")]).await;
    house.advance(36_000).await;
    house.finish().await;
}

#[tokio::test]
async fn unless_told_so_nothing_is_paced_and_a_restart_lines_up_anew() {
    let house = open().await;
    house.stand_still();
    let all = [send(&house, &[("Body", "1")]).await, send(&house, &[("Body", "2")]).await];
    house.quiet().await;
    assert_eq!(states(&house, &all), [State::Delivered; 2]);
    let (status, shown) = house.call("POST", "/offhook/v1/Settings", &[("Pacing", "on")]).await;
    assert_eq!((status, shown["pacing"].as_str()), (200, Some("on")), "{shown}");
    let all = [
        send(&house, &[("Body", "3")]).await,
        send(&house, &[("Body", "4")]).await,
        send(&house, &[("Body", "5")]).await,
    ];
    house.quiet().await;
    assert_eq!(states(&house, &all), [State::Delivered, State::Queued, State::Queued]);
    let house = house.stop().await.reopen().await;
    house.stand_still();
    house.advance(1).await;
    assert_eq!(states(&house, &all), [State::Delivered; 3]);
    house.finish().await;
}
