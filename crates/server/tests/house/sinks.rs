//! Event Streams: what happens goes to webhook sinks as signed CloudEvents, and is tried for four
//! hours.

use crate::customer::{Say, Seen};
use crate::rest::{ask_as, create, has, of_account, refused, text};
use crate::support::{NUMBER, Opened, PERSON, open};
use crate::verify::create_account;
use exchange::messages::State;
use exchange::webhooks::Status;
use serde_json::{Value, json};
use webhook::CloudEvent;

const SINKS: &str = "/events/v1/Sinks";
const SUBSCRIPTIONS: &str = "/events/v1/Subscriptions";

const SINK: &str =
    "date_created date_updated description sid sink_configuration sink_type status url links";
const SUBSCRIPTION: &str =
    "account_sid sid date_created date_updated description sink_sid url links";
const SUBSCRIBED: &str = "account_sid type schema_version subscription_sid url";
const TYPE: &str = "type schema_id date_created date_updated description status \
    documentation_url url links";
const SCHEMA: &str = "id url links latest_version_date_created latest_version";
const VERSION: &str = "id schema_version date_created url raw";

const RECEIVED: &str = "com.twilio.messaging.inbound-message.received";
const SENT: &str = "com.twilio.messaging.message.sent";
const DELIVERED: &str = "com.twilio.messaging.message.delivered";
const ERROR: &str = "com.twilio.error-logs.error.logged";

/// A webhook sink; its sid. `more` is merged into its configuration.
pub async fn sink(house: &Opened, destination: &str, more: &str) -> String {
    let mut configuration: Value = serde_json::from_str(more).expect("JSON");
    configuration["destination"] = destination.into();
    let form = [
        ("Description", "a test's"),
        ("SinkType", "webhook"),
        ("SinkConfiguration", &configuration.to_string()),
    ];
    let (status, made) = house.call("POST", SINKS, &form).await;
    assert_eq!(status, 201, "{made}");
    text(&made, "sid")
}

/// A subscription of event types; its sid.
pub async fn subscribe(house: &Opened, sink: &str, kinds: &[&str]) -> String {
    let kinds: Vec<String> = kinds.iter().map(|kind| json!({ "type": kind }).to_string()).collect();
    let mut form = vec![("Description", "a test's"), ("SinkSid", sink)];
    form.extend(kinds.iter().map(|kind| ("Types", kind.as_str())));
    let (status, made) = house.call("POST", SUBSCRIPTIONS, &form).await;
    assert_eq!(status, 201, "{made}");
    text(&made, "sid")
}

/// A house with a sink at the customer's `/events` that gets these.
async fn listening(more: &str, kinds: &[&str]) -> Opened {
    let house = open().await;
    house.customer.on("/events", [Say::status(200)]);
    let sink = sink(&house, &house.customer.url("/events"), more).await;
    subscribe(&house, &sink, kinds).await;
    house
}

/// The events of a request, which is JSON and signed with its hash.
fn events(seen: &Seen) -> Vec<CloudEvent> {
    assert_eq!(seen.method, "POST");
    assert_eq!(seen.header("Content-Type"), Some("application/json"));
    assert!(seen.target.contains("bodySHA256="), "{}", seen.target);
    let events = CloudEvent::from_json(&seen.body).expect("events");
    for event in &events {
        assert_eq!(event.spec_version, "1.0");
        assert!(event.id.starts_with("EZ") && event.id.len() == 34, "{}", event.id);
        let time = event.time.as_deref().expect("a time");
        assert!(time.parse::<jiff::Timestamp>().is_ok() && time.ends_with('Z'), "{time}");
        assert_eq!(event.data_content_type.as_deref(), Some("application/json"));
    }
    events
}

fn data<'a>(event: &'a CloudEvent, name: &str) -> &'a Value {
    &event.data.as_ref().expect("data")[name]
}

#[tokio::test]
async fn a_texts_way_comes_as_events_in_a_batch_or_one_by_one() {
    let mut house = listening(r#"{"batch_events":true}"#, &[SENT, DELIVERED, RECEIVED]).await;
    let form = [("To", PERSON), ("From", NUMBER), ("Body", "hi")];
    let sent = create(&house, "Messages", &form).await;
    let batch = events(&house.heard_on("/events").await);
    let kinds: Vec<&str> = batch.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(kinds, [SENT, DELIVERED]);
    let (one, sid) = (&batch[1], text(&sent, "sid"));
    assert_eq!(one.source, sid);
    let schema = "https://events-schemas.twilio.com/Messaging.MessageStatus/7";
    assert_eq!(one.data_schema.as_deref(), Some(schema));
    for (name, value) in [
        ("messageSid", sid.as_str()),
        ("accountSid", house.sid.as_str()),
        ("eventName", DELIVERED),
        ("messageStatus", "DELIVERED"),
        ("from", NUMBER),
        ("to", PERSON),
    ] {
        assert_eq!(data(one, name), value);
    }
    house.customer.on("/sms", [Say::verbs("")]);
    let came = house.text("secret").await;
    let batch = events(&house.heard_on("/events").await);
    assert_eq!((batch.len(), batch[0].kind.as_str()), (1, RECEIVED));
    assert_eq!(data(&batch[0], "body"), "secret");
    assert_eq!(data(&batch[0], "numMedia"), 0);
    house.heard_on("/sms").await;
    house.quiet().await;
    // What is redacted leaves the log of events, too.
    let path = of_account(&format!("Messages/{came}"));
    assert_eq!(house.call("POST", &path, &[("Body", "")]).await.0, 200);
    let log = house.log();
    assert!(log.iter().all(|entry| !entry.webhook.parameters.contains("secret")), "{log:#?}");
    house.finish().await;
    let mut house = listening("{}", &[SENT, DELIVERED]).await;
    create(&house, "Messages", &form).await;
    for kind in [SENT, DELIVERED] {
        let one = events(&house.heard_on("/events").await);
        assert_eq!((one.len(), one[0].kind.as_str()), (1, kind));
    }
    house.finish().await;
}

#[tokio::test]
async fn while_it_cant_be_known_who_wants_events_nothing_changes_that_is_to_be_told() {
    let mut house = listening(r#"{"batch_events":true}"#, &[SENT, DELIVERED]).await;
    house.stand_still();
    house.handset(&[("DeliverAfter", "PT60S")]).await;
    let form = [("To", PERSON), ("From", NUMBER), ("Body", "hi")];
    let sid = crate::support::sid_of(&house.send(&form).await.1);
    let seen = events(&house.heard_on("/events").await);
    assert_eq!(seen[0].kind, SENT);
    let file = house.folder.path().join("offhook.sqlite3");
    let db = rusqlite::Connection::open(&file).expect("a database");
    db.execute_batch("ALTER TABLE subscriptions RENAME TO hidden").expect("renamed");
    // What is remembered of subscriptions is forgotten with any handset's change.
    house.handset(&[("DeliverAfter", "PT60S")]).await;
    let refused = house.send(&form).await;
    assert_eq!((refused.0, refused.1["code"].as_u64()), (503, Some(20_503)), "{}", refused.1);
    house.advance(70).await;
    assert_eq!(house.messages().len(), 1, "nothing half done");
    assert_eq!(house.message(sid).state, State::Sent);
    db.execute_batch("ALTER TABLE hidden RENAME TO subscriptions").expect("renamed");
    house.advance(10).await;
    assert_eq!(house.message(sid).state, State::Delivered);
    let seen = events(&house.heard_on("/events").await);
    assert_eq!((seen[0].kind.as_str(), seen[0].source.as_str()), (DELIVERED, sid.as_str()));
    house.finish().await;
}

#[tokio::test]
async fn a_sink_is_tested_and_validated() {
    let mut house = open().await;
    house.customer.on("/events", [Say::status(204)]);
    let destination = house.customer.url("/events").replace("//", "//user:pass@");
    let sid = sink(&house, &format!("{destination}#rc=5"), r#"{"method":"post"}"#).await;
    let one = format!("{SINKS}/{sid}");
    let (_, shown) = house.call("GET", &one, &[]).await;
    has(&shown, SINK, "", "a sink");
    assert_eq!(shown["status"], "initialized");
    assert!(text(&shown["sink_configuration"], "destination").contains("user:***@"), "{shown}");
    let (status, answer) = house.call("POST", &format!("{one}/Test"), &[]).await;
    assert_eq!((status, &answer["result"]), (201, &"submitted".into()));
    let seen = house.heard_on("/events").await;
    // The URL's credentials come unasked.
    assert_eq!(seen.header("Authorization"), Some("Basic dXNlcjpwYXNz"));
    let event = events(&seen).remove(0);
    assert_eq!(event.kind, "com.twilio.eventstreams.test-event");
    let id = data(&event, "test_id").as_str().expect("an id").to_owned();
    let (_, shown) = house.call("GET", &one, &[]).await;
    assert_eq!(shown["status"], "validating");
    let validate = format!("{one}/Validate");
    refused("no id", house.call("POST", &validate, &[]).await, (400, 20_001));
    refused("other", house.call("POST", &validate, &[("TestId", "x")]).await, (400, 20_422));
    let (status, answer) = house.call("POST", &validate, &[("TestId", &id)]).await;
    assert_eq!((status, &answer["result"]), (201, &"valid".into()));
    let (_, listed) = house.call("GET", &format!("{SINKS}?Status=active"), &[]).await;
    assert_eq!(listed["sinks"][0]["sid"], sid.as_str());
    house.quiet().await;
    house.finish().await;
}

#[tokio::test]
async fn a_sink_that_fails_is_tried_for_four_hours_and_told_of_as_93101_to_nobody_else() {
    let mut house = listening("{}", &[RECEIVED, ERROR]).await;
    house.stand_still();
    house.customer.on("/events", [Say::status(500)]);
    house.customer.on("/sms", [Say::verbs("")]);
    house.text("hi").await;
    house.heard_on("/sms").await;
    let first = house.heard_on("/events").await;
    let mut tries = 1;
    house.quiet().await;
    for _ in 0..17 {
        house.advance(900).await;
        for seen in house.customer.unread() {
            assert_eq!(events(&seen)[0].id, events(&first)[0].id, "the same event comes again");
            assert_eq!(seen.token(), first.token());
            tries += 1;
        }
    }
    assert!((9..=11).contains(&tries), "{tries} tries");
    let entry = house.log().into_iter().find(|entry| entry.webhook.is_json()).expect("there");
    assert_eq!(entry.status, Status::Dead);
    assert!(house.codes().iter().all(|code| *code == 93_101), "{:?}", house.codes());
    // A person can send it again, and it is signed anew.
    house.customer.on("/events", [Say::status(200)]);
    let (_, log) = house.call("GET", "/offhook/v1/Webhooks?Status=dead", &[]).await;
    assert_eq!(log["webhooks"][0]["parameters"]["events"][0]["type"], RECEIVED);
    let replay = format!("/offhook/v1/Webhooks/{}/Replay", text(&log["webhooks"][0], "sid"));
    refused("a form's", house.call("POST", &replay, &[("Body", "x")]).await, (400, 20_422));
    assert_eq!(house.call("POST", &replay, &[]).await.0, 201);
    let again = house.heard_on("/events").await;
    assert_eq!(events(&again)[0].id, events(&first)[0].id);
    house.finish().await;
}

#[tokio::test]
async fn events_that_wait_go_out_after_a_restart() {
    let house = listening("{}", &[RECEIVED]).await;
    house.stand_still();
    house.customer.on("/events", [Say::status(503), Say::status(200)]);
    house.customer.on("/sms", [Say::verbs("")]);
    let mut house = house;
    house.text("hi").await;
    house.heard_on("/sms").await;
    let first = house.heard_on("/events").await;
    house.quiet().await;
    let mut house = house.stop().await.reopen().await;
    let again = house.heard_on("/events").await;
    assert_eq!((again.token(), &again.body), (first.token(), &first.body));
    house.finish().await;
}

#[tokio::test]
async fn a_calls_callbacks_and_errors_are_events_too() {
    let call = "com.twilio.voice.status-callback.call";
    let (ringing, completed) = (format!("{call}.ringing"), format!("{call}.completed"));
    let mut house = listening("{}", &[&ringing, &completed, ERROR]).await;
    house.handset(&[("OnCall", "busy")]).await;
    house.customer.on("/status", [Say::status(204)]);
    let (url, callback) = (house.customer.url("/voice"), house.customer.url("/status"));
    let form = [
        ("To", PERSON),
        ("From", NUMBER),
        ("Url", url.as_str()),
        ("StatusCallback", &callback),
        ("StatusCallbackEvent", "ringing"),
        ("StatusCallbackEvent", "completed"),
    ];
    let made = create(&house, "Calls", &form).await;
    let event = loop {
        let event = events(&house.heard_on("/events").await).remove(0);
        if event.kind == completed {
            break event;
        }
    };
    assert_eq!(data(&event, "sid"), &made["sid"]);
    let parameters = &data(&event, "request")["parameters"];
    assert_eq!(parameters["CallStatus"], "busy");
    house.quiet().await;
    house.customer.unread();
    // Nobody answers at /nowhere.
    house.point(&house.customer.url("/nowhere")).await;
    house.text("hi").await;
    house.heard_on("/nowhere").await;
    let event = events(&house.heard_on("/events").await).remove(0);
    assert_eq!((event.kind.as_str(), data(&event, "error_code")), (ERROR, &"11200".into()));
    assert_eq!(data(&event, "level"), "ERROR");
    house.finish().await;
}

#[tokio::test]
async fn sinks_subscriptions_types_and_schemas_have_their_fields_and_pages() {
    let house = open().await;
    let first = sink(&house, "https://example.com/", "{}").await;
    let second = sink(&house, "https://example.com/", "{}").await;
    let sid = subscribe(&house, &first, &[SENT, RECEIVED]).await;
    let one = format!("{SUBSCRIPTIONS}/{sid}");
    has(&house.call("GET", &one, &[]).await.1, SUBSCRIPTION, "", "a subscription");
    for (query, sids) in [
        ("InUse=true", vec![&first]),
        ("InUse=false", vec![&second]),
        ("PageSize=1", vec![&second]),
    ] {
        let (_, page) = house.call("GET", &format!("{SINKS}?{query}"), &[]).await;
        let found: Vec<String> =
            page["sinks"].as_array().expect("a list").iter().map(|one| text(one, "sid")).collect();
        assert_eq!(found.iter().collect::<Vec<_>>(), sids, "{query}");
    }
    let in_use = house.call("DELETE", &format!("{SINKS}/{first}"), &[]).await;
    refused("in use", in_use, (409, 20_409));
    let list = format!("{one}/SubscribedEvents");
    let (_, page) = house.call("GET", &format!("{list}?PageSize=1"), &[]).await;
    has(&page["types"][0], SUBSCRIBED, "", "a subscribed event");
    assert_eq!(page["types"][0]["type"], RECEIVED);
    let next = text(&page["meta"], "next_page_url").replace(&house.url, "");
    let (_, page) = house.call("GET", &next, &[]).await;
    assert_eq!(
        (&page["types"][0]["type"], &page["meta"]["next_page_url"]),
        (&SENT.into(), &Value::Null)
    );
    let form = [("Type", ERROR), ("SchemaVersion", "1")];
    let (status, added) = house.call("POST", &list, &form).await;
    assert_eq!((status, &added["schema_version"]), (201, &1.into()), "{added}");
    refused("twice", house.call("POST", &list, &form).await, (409, 20_409));
    let event = format!("{list}/{ERROR}");
    let (_, changed) = house.call("POST", &event, &[("SchemaVersion", "2")]).await;
    assert_eq!(changed["schema_version"], 2);
    for kind in [ERROR, SENT] {
        assert_eq!(house.ask("DELETE", &format!("{list}/{kind}"), &[]).await.status, 204);
    }
    refused("gone", house.call("GET", &event, &[]).await, (404, 20_404));
    let last = house.call("DELETE", &format!("{list}/{RECEIVED}"), &[]).await;
    refused("the last", last, (409, 20_409));
    let (_, types) = house.call("GET", "/events/v1/Types?SchemaId=ErrorLogs.Error", &[]).await;
    has(&types["types"][0], TYPE, "", "an event type");
    assert_eq!(types["types"].as_array().map(Vec::len), Some(1));
    let schema = "/events/v1/Schemas/ErrorLogs.Error";
    has(&house.call("GET", schema, &[]).await.1, SCHEMA, "", "a schema");
    let (_, versions) = house.call("GET", &format!("{schema}/Versions"), &[]).await;
    has(&versions["schema_versions"][0], VERSION, "", "a version");
    let raw = "https://events-schemas.twilio.com/ErrorLogs.Error/2";
    assert_eq!(versions["schema_versions"][0]["raw"], raw);
    refused("none", house.call("GET", &format!("{schema}/Versions/3"), &[]).await, (404, 20_404));
    refused("none", house.call("GET", "/events/v1/Types/x", &[]).await, (404, 20_404));
    assert_eq!(house.ask("DELETE", &one, &[]).await.status, 204);
    assert_eq!(house.ask("DELETE", &format!("{SINKS}/{first}"), &[]).await.status, 204);
    house.finish().await;
}

/// A path, a form, and the status and code of its refusal.
type Row<'a> = (&'a str, &'a [(&'a str, &'a str)], (u16, u32));

#[tokio::test]
async fn what_event_streams_refuse_has_its_code_and_status() {
    let house = open().await;
    let sid = sink(&house, "https://example.com/", "{}").await;
    let one = format!("{SINKS}/{sid}");
    let good = r#"{"destination":"https://example.com/"}"#;
    let (name, webhook) = (("Description", "x"), ("SinkType", "webhook"));
    let get = r#"{"destination":"https://example.com/","method":"GET"}"#;
    let sink = ("SinkSid", sid.as_str());
    let other = format!("DG{:032}", 9);
    let table: &[Row<'_>] = &[
        (SINKS, &[webhook, ("SinkConfiguration", good)], (400, 20_001)),
        (SINKS, &[name, webhook], (400, 20_001)),
        (SINKS, &[name, ("SinkConfiguration", good)], (400, 20_001)),
        (SINKS, &[name, webhook, ("SinkConfiguration", "nope")], (400, 20_422)),
        (SINKS, &[name, webhook, ("SinkConfiguration", "[]")], (400, 20_422)),
        (SINKS, &[name, webhook, ("SinkConfiguration", "{}")], (400, 20_422)),
        (SINKS, &[name, webhook, ("SinkConfiguration", r#"{"destination":1}"#)], (400, 20_422)),
        (SINKS, &[name, webhook, ("SinkConfiguration", r#"{"destination":"x"}"#)], (400, 20_422)),
        (SINKS, &[name, webhook, ("SinkConfiguration", get)], (403, 20_403)),
        (SINKS, &[name, ("SinkType", "kinesis"), ("SinkConfiguration", good)], (403, 20_403)),
        (SINKS, &[name, ("SinkType", "pigeon"), ("SinkConfiguration", good)], (400, 20_422)),
        (&one, &[], (400, 20_001)),
        (SUBSCRIPTIONS, &[sink], (400, 20_001)),
        (SUBSCRIPTIONS, &[name, sink], (400, 20_001)),
        (SUBSCRIPTIONS, &[name, ("SinkSid", "x"), ("Types", "{}")], (400, 20_423)),
        (SUBSCRIPTIONS, &[name, sink, ("Types", "nope")], (400, 20_422)),
        (SUBSCRIPTIONS, &[name, sink, ("Types", "{}")], (400, 20_422)),
        (SUBSCRIPTIONS, &[name, sink, ("Types", r#"{"type":"no.such"}"#)], (400, 20_422)),
        (
            SUBSCRIPTIONS,
            &[
                name,
                ("SinkSid", &other),
                ("Types", r#"{"type":"com.twilio.messaging.message.sent"}"#),
            ],
            (400, 20_423),
        ),
    ];
    for (path, form, expected) in table {
        refused(&format!("{path} {form:?}"), house.call("POST", path, form).await, *expected);
    }
    let other = create_account(&house).await;
    let credentials = (other.0.as_str(), other.1.as_str());
    for (method, path) in [("GET", one.as_str()), ("DELETE", &one)] {
        assert_eq!(ask_as(&house, credentials, (method, path), &[]).await.status, 404);
    }
    house.finish().await;
}
