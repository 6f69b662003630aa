//! House time over the wire.

use crate::support::{NUMBER, PERSON, open};
use jiff::{SignedDuration, Timestamp};

const PATH: &str = "/offhook/v1/Clock";

fn time(text: &serde_json::Value) -> Timestamp {
    text.as_str().expect("a text").parse().expect("a time")
}

#[tokio::test]
async fn virtual_time_runs_what_is_due_and_answers_when_it_is_done() {
    let opened = open().await;
    let (status, clock) = opened.call("POST", PATH, &[("Mode", "virtual")]).await;
    assert_eq!((status, &clock["mode"]), (200, &"virtual".into()));
    assert_eq!(clock["stopped_by"], serde_json::Value::Null, "nothing was advanced");
    let begun = time(&clock["now"]);
    opened.handset(&[("DeliverAfter", "PT10S")]).await;
    let (_, message) = opened.send(&[("To", PERSON), ("From", NUMBER), ("Body", "later")]).await;
    let sid = crate::support::sid_of(&message);
    opened.quiet().await;

    let (_, clock) = opened.call("POST", PATH, &[("Advance", "PT9.5S")]).await;
    assert_eq!((&clock["stopped_by"], &clock["quiet"]), (&"time".into(), &true.into()), "{clock}");
    assert_eq!(time(&clock["now"]), begun + SignedDuration::from_millis(9500));
    assert_eq!(opened.message(sid).state.as_str(), "sent");
    let (_, clock) = opened.call("POST", PATH, &[("Advance", "PT0.5S")]).await;
    assert_eq!(time(&clock["now"]), begun + SignedDuration::from_secs(10));
    assert_eq!(opened.message(sid).state.as_str(), "delivered");

    opened.handset(&[("DeliverAfter", "PT2H")]).await;
    opened.send(&[("To", PERSON), ("From", NUMBER), ("Body", "much later")]).await;
    opened.quiet().await;
    for (limit, stopped_by, hours) in
        [(None, "limit", 1), (Some("PT30M"), "limit", 1), (Some("P1D"), "idle", 2)]
    {
        let limit = limit.map(|text| ("Limit", text));
        let form: Vec<_> = [("Advance", "idle")].into_iter().chain(limit).collect();
        let (_, clock) = opened.call("POST", PATH, &form).await;
        assert_eq!(clock["stopped_by"], stopped_by, "{limit:?} {clock}");
        let gone = time(&clock["now"]).duration_since(begun + SignedDuration::from_secs(10));
        assert_eq!(gone.as_hours(), hours, "{limit:?} {gone}");
    }
    let (_, clock) = opened.call("GET", PATH, &[]).await;
    assert_eq!((&clock["mode"], &clock["quiet"]), (&"virtual".into(), &true.into()));
    opened.finish().await;
}

#[tokio::test]
async fn an_order_that_can_not_be_is_refused_and_time_stays() {
    let opened = open().await;
    for (form, name) in [
        (&[("Advance", "PT10S")][..], "Advance"),
        (&[("Mode", "fast")], "Mode"),
        (&[("Mode", "real"), ("Advance", "idle")], "Advance"),
        (&[("Mode", "virtual"), ("Advance", "ten seconds")], "Advance"),
        (&[("Mode", "virtual"), ("Advance", "-PT1S")], "Advance"),
        (&[("Mode", "virtual"), ("Advance", "P400D")], "Advance"),
        (&[("Mode", "virtual"), ("Advance", "idle"), ("Limit", "far")], "Limit"),
    ] {
        let (status, refused) = opened.call("POST", PATH, form).await;
        assert_eq!((status, &refused["code"]), (400, &20_422.into()), "{form:?} {refused}");
        assert!(refused["message"].as_str().is_some_and(|said| said.contains(name)), "{refused}");
        assert_eq!(opened.call("GET", PATH, &[]).await.1["mode"], "real", "{form:?}");
    }
    let (status, clock) =
        opened.call("POST", PATH, &[("Mode", "virtual"), ("Advance", "PT1S")]).await;
    assert_eq!((status, &clock["stopped_by"]), (200, &"time".into()), "mode and order at once");
    opened.finish().await;
}
