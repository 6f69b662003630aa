//! What happens, as a stream.

use super::{ask_as, subaccount};
use crate::asker;
use crate::customer::Say;
use crate::support::{Opened, PERSON, open};
use serde_json::Value;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::TcpStream;

/// How long a test waits for an event that has to come.
const COMES_WITHIN: Duration = Duration::from_secs(20);

/// An event as it was read.
#[derive(Debug)]
struct Event {
    id: Option<i64>,
    name: String,
    data: Value,
}

/// A stream that is open.
struct Stream(Lines<BufReader<TcpStream>>);

impl Stream {
    /// Opens one and reads until the house has said hello: from then on nothing is missed.
    async fn open(opened: &Opened, (sid, token): (&str, &str), more: &str) -> Stream {
        let authority = opened.url.trim_start_matches("http://");
        let mut stream = TcpStream::connect(authority).await.expect("a connection");
        let headers = format!("{}{more}", asker::basic(sid, token));
        let request = asker::request("GET", "/offhook/v1/Events", &headers, b"");
        stream.write_all(&request).await.expect("written");
        let mut lines = Stream(BufReader::new(stream).lines());
        loop {
            let line = lines.line().await.expect("a hello");
            if let Some(status) = line.strip_prefix("HTTP/1.1 ") {
                assert!(status.starts_with("200"), "{line}");
            }
            if line.starts_with("retry: ") {
                return lines;
            }
        }
    }

    /// The next line; `None` when the stream has ended.
    async fn line(&mut self) -> Option<String> {
        let line = tokio::time::timeout(COMES_WITHIN, self.0.next_line()).await;
        line.expect("it comes in time").ok().flatten()
    }

    async fn next(&mut self) -> Option<Event> {
        let (mut id, mut name) = (None, String::new());
        // The lines of chunked transfer stand between those of the events, and are skipped.
        while let Some(line) = self.line().await {
            if let Some(text) = line.strip_prefix("id: ") {
                id = text.parse().ok();
            } else if let Some(text) = line.strip_prefix("event: ") {
                text.clone_into(&mut name);
            } else if let Some(text) = line.strip_prefix("data: ") {
                let data = serde_json::from_str(text).expect("JSON");
                return Some(Event { id, name, data });
            }
        }
        None
    }

    async fn names(&mut self, count: usize) -> Vec<String> {
        let mut names = Vec::new();
        for _ in 0..count {
            names.push(self.next().await.expect("an event").name);
        }
        names
    }
}

fn own(opened: &Opened) -> (&str, &str) {
    (opened.sid.as_str(), &opened.token)
}

#[tokio::test]
async fn a_text_and_its_reply_are_told_step_by_step() {
    let mut opened = open().await;
    opened.customer.on("/sms", [Say::verbs("<Message bogus='1'>Hi</Message>")]);
    let mut stream = Stream::open(&opened, own(&opened), "").await;
    let sid = opened.text("hello").await;
    opened.heard().await;
    let mut seen = Vec::new();
    loop {
        let event = stream.next().await.expect("an event");
        let last = event.name == "message.delivered";
        seen.push(event);
        if last {
            break;
        }
    }
    let names: Vec<&str> = seen.iter().map(|event| event.name.as_str()).collect();
    assert_eq!(names[..2], ["message.received", "webhook.waiting"]);
    assert_eq!(names[2], "webhook.done");
    for name in ["message.queued", "alert.created", "message.sent", "message.delivered"] {
        assert!(names.contains(&name), "{name} in {names:?}");
    }
    assert_eq!(seen[0].data["sid"], sid.as_str());
    assert_eq!(seen[0].data["status"], "received");
    assert_eq!(
        (&seen[1].data["kind"], &seen[1].data["status"]),
        (&"ask".into(), &"waiting".into())
    );
    assert_eq!((&seen[2].data["kind"], &seen[2].data["status"]), (&"ask".into(), &"done".into()));
    for (before, after) in seen.iter().zip(&seen[1..]) {
        assert!(before.id < after.id, "{before:?} {after:?}");
    }
    for event in &seen {
        assert_eq!(event.data["account_sid"], opened.sid.as_str(), "{event:?}");
    }
    opened.finish().await;
}

#[tokio::test]
async fn what_is_configured_is_told_with_whose_it_is() {
    let opened = open().await;
    let mut stream = Stream::open(&opened, own(&opened), "").await;
    let base = "/2010-04-01/Accounts/{AC}";
    let twiml = ("Twiml", "<Response/>");
    let mut sids = Vec::new();
    for (method, path, form, name) in [
        (
            "POST",
            format!("{base}/IncomingPhoneNumbers.json"),
            vec![("PhoneNumber", "+12025550150")],
            "number.created",
        ),
        ("POST", format!("{base}/IncomingPhoneNumbers/0.json"), vec![], "number.updated"),
        ("DELETE", format!("{base}/IncomingPhoneNumbers/0.json"), vec![], "number.deleted"),
        (
            "POST",
            format!("{base}/Applications.json"),
            vec![("FriendlyName", "x")],
            "application.created",
        ),
        (
            "POST",
            format!("{base}/Applications/0.json"),
            vec![("FriendlyName", "y")],
            "application.updated",
        ),
        ("DELETE", format!("{base}/Applications/0.json"), vec![], "application.deleted"),
        ("POST", "/offhook/v1/Bins".into(), vec![twiml, ("FriendlyName", "x")], "bin.created"),
        ("POST", "/offhook/v1/Bins/0".into(), vec![twiml], "bin.updated"),
        ("DELETE", "/offhook/v1/Bins/0".into(), vec![], "bin.deleted"),
        (
            "POST",
            "/verify/v2/Services".into(),
            vec![("FriendlyName", "Shop")],
            "verify-service.created",
        ),
        (
            "POST",
            "/verify/v2/Services/0".into(),
            vec![("CodeLength", "4")],
            "verify-service.updated",
        ),
        ("DELETE", "/verify/v2/Services/0".into(), vec![], "verify-service.deleted"),
        (
            "POST",
            "/events/v1/Sinks".into(),
            vec![
                ("Description", "x"),
                ("SinkType", "webhook"),
                ("SinkConfiguration", r#"{"destination":"http://127.0.0.1:1/"}"#),
            ],
            "sink.created",
        ),
        ("POST", "/events/v1/Sinks/0".into(), vec![("Description", "y")], "sink.updated"),
        ("DELETE", "/events/v1/Sinks/0".into(), vec![], "sink.deleted"),
        ("POST", "/conversations/v1/Conversations".into(), vec![], "conversation.created"),
        (
            "POST",
            "/conversations/v1/Conversations/0".into(),
            vec![("FriendlyName", "x")],
            "conversation.updated",
        ),
        (
            "POST",
            "/conversations/v1/Conversations/0/Participants".into(),
            vec![("Identity", "ann")],
            "participant.created",
        ),
        ("POST", "/offhook/v1/Settings".into(), vec![("MediaAuth", "basic")], "settings.updated"),
        ("POST", format!("{base}.json"), vec![("FriendlyName", "mine")], "account.updated"),
        ("POST", "/2010-04-01/Accounts.json".into(), vec![], "account.created"),
    ] {
        let last = sids.last().cloned().unwrap_or_default();
        let path = path.replace("/0", &format!("/{last}"));
        let got = opened.ask(method, &path, &form).await;
        assert!(got.status < 300, "{method} {path}: {}", got.text());
        if got.status != 204 {
            let shown = got.json();
            let sid = shown["sid"].as_str().or_else(|| shown["account_sid"].as_str());
            sids.push(sid.expect("a sid").to_owned());
        }
        let event = stream.next().await.expect("an event");
        assert_eq!(event.name, name);
        assert_eq!(Some(event.data["sid"].as_str().expect("a sid")), sids.last().map(|s| &**s));
        assert_eq!(event.data["account_sid"], opened.sid.as_str(), "{name}");
    }
    let path = format!("/offhook/v1/Phones/{PERSON}");
    assert_eq!(opened.call("POST", &path, &[("OnMessage", "silent")]).await.0, 200);
    let event = stream.next().await.expect("an event");
    assert_eq!((event.name.as_str(), &event.data["address"]), ("phone.updated", &PERSON.into()));
    opened.finish().await;
}

#[tokio::test]
async fn verifications_subscriptions_and_what_is_said_are_told_too() {
    let opened = open().await;
    let service = crate::verify::service(&opened, &[]).await;
    let chat = crate::chats::conversation(&opened).await;
    let sink = crate::sinks::sink(&opened, "http://127.0.0.1:1/", "{}").await;
    opened.quiet().await;
    let mut stream = Stream::open(&opened, own(&opened), "").await;
    let kinds = ["com.twilio.error-logs.error.logged"];
    let subscription = crate::sinks::subscribe(&opened, &sink, &kinds).await;
    let event = stream.next().await.expect("an event");
    let told = |event: &Event| (event.name.clone(), event.data["sid"].as_str().map(str::to_owned));
    assert_eq!(told(&event), ("subscription.created".into(), Some(subscription)));
    let form = [("Author", "ann"), ("Body", "hi")];
    let said = opened.call("POST", &format!("{chat}/Messages"), &form).await.1;
    let event = stream.next().await.expect("an event");
    let sid = said["sid"].as_str().map(str::to_owned);
    assert_eq!(told(&event), ("conversation-message.created".into(), sid));
    let made = crate::verify::begin(&opened, &service, &[]).await;
    let event = stream.next().await.expect("an event");
    let sid = made["sid"].as_str().map(str::to_owned);
    assert_eq!(told(&event), ("verification.pending".into(), sid.clone()));
    assert_eq!(event.data["status"], "pending");
    let path = format!("{service}/Verifications/{}", sid.as_deref().expect("a sid"));
    assert_eq!(opened.call("POST", &path, &[("Status", "approved")]).await.0, 200);
    let approved = loop {
        let event = stream.next().await.expect("an event");
        if event.name.starts_with("verification.") {
            break event;
        }
    };
    assert_eq!(told(&approved), ("verification.approved".into(), sid));
    opened.finish().await;
}

#[tokio::test]
async fn a_reader_that_comes_back_goes_on_where_it_was() {
    let mut opened = open().await;
    opened.customer.on("/sms", [Say::status(200)]);
    let mut stream = Stream::open(&opened, own(&opened), "").await;
    opened.text("one").await;
    let first = stream.next().await.expect("an event");
    drop(stream);
    opened.heard().await;
    opened.quiet().await;
    opened.text("two").await;
    opened.heard().await;
    opened.quiet().await;
    let missed =
        ["webhook.waiting", "webhook.done", "message.received", "webhook.waiting", "webhook.done"];
    let last = first.id.expect("an id");
    let mut stream =
        Stream::open(&opened, own(&opened), &format!("Last-Event-ID: {last}\r\n")).await;
    assert_eq!(stream.names(5).await, missed);
    opened.finish().await;
}

#[tokio::test]
async fn a_reader_from_another_life_of_the_house_is_told_of_the_gap() {
    let mut opened = open().await;
    opened.customer.on("/sms", [Say::status(200)]);
    let mut stream = Stream::open(&opened, own(&opened), "Last-Event-ID: 5\r\n").await;
    let gap = stream.next().await.expect("an event");
    assert_eq!((gap.name.as_str(), gap.id), ("house.gap", None));
    opened.text("hello").await;
    opened.heard().await;
    // What this life has of its own is told from its beginning.
    let made = ["account.created", "number.created", "bin.created", "number.updated"];
    let mut name = stream.names(1).await.remove(0);
    while made.contains(&name.as_str()) {
        name = stream.names(1).await.remove(0);
    }
    assert_eq!(name, "message.received");
    let (status, refused) = opened.call("GET", "/offhook/v1/Events?LastEventId=x", &[]).await;
    assert_eq!((status, &refused["code"]), (400, &20_422.into()));
    opened.finish().await;
}

#[tokio::test]
async fn events_of_other_accounts_are_never_shown() {
    let mut opened = open().await;
    opened.customer.on("/sms", [Say::verbs("<Message>Hi</Message>")]);
    let (sid, token) = subaccount(&opened).await;
    // That it was made is told, too: before somebody listens.
    opened.quiet().await;
    let mut stream = Stream::open(&opened, (&sid, &token), "").await;
    // Everything that a message can go through, a deletion included, in the first account.
    let message = opened.text("hello").await;
    opened.heard().await;
    opened.quiet().await;
    let path = format!("/2010-04-01/Accounts/{{AC}}/Messages/{message}.json");
    assert_eq!(opened.call("DELETE", &path, &[]).await.0, 204);
    let form = [("To", PERSON), ("From", "+15005550006"), ("Body", "mine")];
    let path = format!("/2010-04-01/Accounts/{sid}/Messages.json");
    let got = ask_as(&opened, (&sid, &token), ("POST", &path), &form).await;
    assert_eq!(got.status, 201, "{}", got.text());
    let first = stream.next().await.expect("an event");
    assert_eq!(first.data["account_sid"], sid.as_str(), "{first:?}");
    assert_eq!(first.data["sid"], got.json()["sid"]);
    opened.finish().await;
}

#[tokio::test]
async fn streams_end_when_the_house_stops() {
    let opened = open().await;
    let mut stream = Stream::open(&opened, own(&opened), "").await;
    let began = std::time::Instant::now();
    opened.stop().await;
    let end = tokio::time::timeout(Duration::from_secs(10), stream.next()).await;
    assert!(matches!(end, Ok(None)), "{end:?}");
    assert!(began.elapsed() < Duration::from_secs(5), "it waited for the stream");
}
