//! The runs: each makes a house of its own, drives it, and says what it measured.

use crate::process::{Receiver, SID, Server, TOKEN};
use crate::wire::{Wire, basic, now_us};
use bytes::Bytes;
use exchange::messages::{Direction, Message, State};
use exchange::numbers::{Method, Target};
use exchange::sid::{AccountSid, MessageSid, Parts};
use exchange::webhooks::guard::{Guard, Profile};
use hyper::StatusCode;
use std::cell::Cell;
use std::net::SocketAddr;
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant};
use store::{Change, Store, Write};

/// Connections of every driver.
const CONNECTIONS: usize = 64;
pub(crate) const FORM: (&str, &str) =
    ("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8");

/// A bare client posting the body of a tell: posts per second.
pub async fn ceiling(receiver: &Receiver, posts: usize) -> f64 {
    receiver.reset().await;
    let body = Bytes::from(tell_of(&message(1, receiver.address)).parameters);
    let left = Rc::new(Cell::new(posts));
    let local = tokio::task::LocalSet::new();
    let begun = Instant::now();
    for _ in 0..CONNECTIONS {
        let (left, body, address) = (left.clone(), body.clone(), receiver.address);
        local.spawn_local(async move {
            let mut wire = Wire::open(address).await;
            let headers = [
                FORM,
                ("User-Agent", "TwilioProxy/1.1"),
                ("X-Twilio-Signature", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
                ("I-Twilio-Idempotency-Token", "3b8c1d52-0d1f-4c3a-9a55-6a7d7a8e9f00"),
            ];
            while left.get() > 0 {
                left.set(left.get() - 1);
                wire.send("POST", "/tell", &headers, body.clone()).await;
            }
        });
    }
    local.await;
    posts as f64 / begun.elapsed().as_secs_f64()
}

fn account() -> AccountSid {
    AccountSid::parse(SID).expect("a sid")
}

fn message(key: i64, receiver: SocketAddr) -> Message {
    let now = jiff::Timestamp::now();
    Message {
        sid: MessageSid::of(Parts { key, tail: 0x1234_5678_9abc_def0 }, false),
        account: account(),
        direction: Direction::OutboundApi,
        from: "+12025550100".into(),
        to: "+12025550199".into(),
        body: "hello".into(),
        state: State::Queued,
        error_code: None,
        num_segments: 1,
        media: Vec::new(),
        service: None,
        status_callback: Some(Target {
            url: format!("http://{receiver}/tell"),
            method: Method::Post,
        }),
        in_reply_to: None,
        created: now,
        updated: now,
        sent: None,
        feedback: None,
        send_at: None,
        expires: None,
    }
}

fn tell_of(message: &Message) -> exchange::webhooks::Webhook {
    let now = jiff::Timestamp::now();
    exchange::messages::status::tell(
        message,
        State::Sent,
        None,
        message.sid.parts().key as u128,
        now,
    )
    .expect("it has a callback")
}

/// What a drain measured.
pub struct Drain {
    /// Deliveries per second.
    pub rate: f64,
    /// Engine CPU seconds per 1,000.
    pub cpu_per_1000: f64,
    /// Highest resident memory, MiB.
    pub memory_mib: f64,
}

/// `tells` committed ones, two of each message, and a receiver that is just back.
pub async fn drain(receiver: &Receiver, tells: usize) -> Drain {
    let folder = tempfile::tempdir().expect("a folder");
    prepare(folder.path(), receiver.address, tells).await;
    receiver.reset().await;
    let server = Server::start(folder.path()).await;
    let stats = receiver.wait(|stats| stats.requests >= tells as u64).await;
    // The last finishes are being committed.
    tokio::time::sleep(Duration::from_millis(300)).await;
    Drain {
        rate: tells as f64 / ((stats.last_us - stats.first_us) as f64 / 1e6),
        cpu_per_1000: server.cpu_secs() / (tells as f64 / 1000.0),
        memory_mib: server.memory_mib().1,
    }
}

/// A folder with an account and `tells` committed tells.
pub async fn prepare(folder: &Path, receiver: SocketAddr, tells: usize) {
    drop(Server::start(folder).await);
    fill(folder, receiver, tells).await;
}

async fn fill(folder: &Path, receiver: SocketAddr, tells: usize) {
    let store = Store::open(folder, None, |_| {}).expect("a store");
    for n in 0..tells / 2 {
        let mut message = message(n as i64 + 1, receiver);
        message.state = State::Delivered;
        let webhooks = vec![tell_of(&message), tell_of(&message)];
        let writes = vec![Write::InsertMessage(Box::new(message))];
        let change = Change { writes, webhooks, ..Change::default() };
        // Most are submitted, so that many share a commit; each hundredth is waited for.
        if n % 100 == 0 || n + 1 == tells / 2 {
            store.save(change).await.expect("saved");
        } else {
            store.submit(change);
        }
    }
}

/// REST creates over 64 connections, each with two tells: deliveries per second from the first
/// create to the last `delivered`.
pub async fn creates(receiver: &Receiver, creates: usize) -> f64 {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path()).await;
    receiver.reset().await;
    let path = format!("/2010-04-01/Accounts/{SID}/Messages.json");
    let form = webhook::Form::from_pairs([
        ("To", "+12025550199"),
        ("From", "+12025550100"),
        ("Body", "hello"),
        ("StatusCallback", &format!("http://{}/tell", receiver.address)),
    ]);
    let begun = Instant::now();
    drive(server.address, creates, |_| (path.clone(), form.encode()), created).await;
    receiver.wait(|stats| stats.delivered >= creates as u64).await;
    2.0 * creates as f64 / begun.elapsed().as_secs_f64()
}

/// Texts of 1,000 handsets, fifteen each (more in half a minute is a loop, 14107), each answered, its reply stored, sent and told as delivered:
/// journeys per second.
pub async fn journeys(receiver: &Receiver, journeys: usize) -> f64 {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path()).await;
    point_number(&server, receiver).await;
    receiver.reset().await;
    let begun = Instant::now();
    drive(server.address, journeys, |n| text(n, "hello"), created).await;
    receiver.wait(|stats| stats.delivered >= journeys as u64).await;
    journeys as f64 / begun.elapsed().as_secs_f64()
}

fn text(n: usize, body: &str) -> (String, String) {
    // Ten digits of which the last three differ: a thousand handsets.
    let path = format!("/offhook/v1/Phones/%2B1303555{:04}/Messages", n % 1000);
    let form = webhook::Form::from_pairs([("To", "+12025550100"), ("Body", body)]);
    (path, form.encode())
}

async fn point_number(server: &Server, receiver: &Receiver) {
    set_number(server, &[("SmsUrl", format!("http://{}/sms", receiver.address))]).await;
}

/// Changes the first number.
pub(crate) async fn set_number(server: &Server, form: &[(&'static str, String)]) {
    let mut wire = Wire::open(server.address).await;
    let credentials = basic(SID, TOKEN);
    let headers = [("Authorization", credentials.as_str()), FORM];
    let list = format!("/2010-04-01/Accounts/{SID}/IncomingPhoneNumbers.json");
    let (_, body) = wire.send("GET", &list, &headers, Bytes::new()).await;
    let text = String::from_utf8_lossy(&body).into_owned();
    let at = text.find("\"sid\":\"PN").expect("the first number") + 7;
    let one = list.replace(".json", &format!("/{}.json", &text[at..at + 34]));
    let form = webhook::Form::from_pairs(form.iter().map(|(name, url)| (*name, url.as_str())));
    let (status, body) = wire.send("POST", &one, &headers, form.encode().into()).await;
    assert!(status.is_success(), "{body:?}");
}

/// What came back to a driver.
pub(crate) struct Answered {
    /// Which request.
    pub(crate) n: usize,
    /// When it left, wall clock.
    pub(crate) sent_us: i64,
    pub(crate) status: StatusCode,
    pub(crate) body: Bytes,
}

fn created(answered: Answered) {
    assert_eq!(answered.status.as_u16(), 201, "{:?}", answered.body);
}

/// Sends `count` requests over 64 connections, and takes every answer: a path with a body is
/// posted, one without is got.
pub(crate) async fn drive(
    address: SocketAddr,
    count: usize,
    request: impl Fn(usize) -> (String, String),
    mut take: impl FnMut(Answered),
) {
    let requests: Rc<[(String, Bytes)]> =
        (0..count).map(request).map(|(path, body)| (path, body.into())).collect();
    let next = Rc::new(Cell::new(0));
    let (sender, mut answers) = tokio::sync::mpsc::unbounded_channel();
    let local = tokio::task::LocalSet::new();
    for _ in 0..CONNECTIONS {
        let (requests, next, sender) = (requests.clone(), next.clone(), sender.clone());
        local.spawn_local(async move {
            let mut wire = Wire::open(address).await;
            let credentials = basic(SID, TOKEN);
            let headers = [("Authorization", credentials.as_str()), FORM];
            while next.get() < requests.len() {
                let n = next.replace(next.get() + 1);
                let (path, body) = &requests[n];
                let method = if body.is_empty() { "GET" } else { "POST" };
                let sent_us = now_us();
                let (status, body) = wire.send(method, path, &headers, body.clone()).await;
                let answered = Answered { n, sent_us, status, body };
                assert!(sender.send(answered).is_ok(), "somebody takes them");
            }
        });
    }
    drop(sender);
    let taking = async {
        while let Some(answered) = answers.recv().await {
            take(answered);
        }
    };
    tokio::join!(local, taking);
}

/// Event to request at `rate` a second, over the API: p50, p99, max in microseconds.
pub async fn latency(receiver: &Receiver, rate: u32, events: u32) -> [u32; 3] {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path()).await;
    point_number(&server, receiver).await;
    let mut wire = Wire::open(server.address).await;
    let credentials = basic(SID, TOKEN);
    let headers = [("Authorization", credentials.as_str()), FORM];
    receiver.reset().await;
    let mut beat = tokio::time::interval(Duration::from_secs(1) / rate);
    for n in 0..events as usize {
        beat.tick().await;
        let (path, body) = text(n, &format!("t{}", now_us()));
        wire.send("POST", &path, &headers, body.into()).await;
    }
    let wished = u64::from(events) * 3;
    receiver.wait(|stats| stats.requests >= wished).await.latency_us
}

/// The same without the API: the house in this process, from the carrier's hand-over.
pub async fn engine_latency(receiver: &Receiver, rate: u32, events: u32) -> [u32; 3] {
    let folder = tempfile::tempdir().expect("a folder");
    let running = offhook::open::open(offhook::open::Options {
        listen: ([127, 0, 0, 1], 0).into(),
        data: folder.path().to_owned(),
        public_url: None,
        seed: None,
        first_account: Some((account(), TOKEN.into())),
        guard: Guard { profile: Profile::Local, allow: Vec::new() },
        maps: Vec::new(),
        trust: Vec::new(),
        proxy: false,
        speech: offhook::speech::Choice::None,
        mp3: None,
        keep_log_days: 30,
        size_bytes_max: None,
    })
    .await
    .expect("a house");
    let house = running.house.clone();
    let number = house.store.number_at("+12025550100").expect("read").expect("the first number");
    let mut now = number.clone();
    now.sms.url = format!("http://{}/sms", receiver.address);
    now.updated = house.after(number.updated);
    let update = Write::UpdateNumber { was: number.updated, now: Box::new(now) };
    house.save(Change::one(update)).await.expect("saved");
    receiver.reset().await;
    let mut beat = tokio::time::interval(Duration::from_secs(1) / rate);
    for n in 0..events {
        beat.tick().await;
        let arrival = exchange::messages::inbound::Arrival {
            sid: house.message_sid(false),
            to: "+12025550100".into(),
            from: format!("+1303555{:04}", n % 1000),
            body: format!("t{}", now_us()),
            media: Vec::new(),
        };
        offhook::messages::receive(&house, arrival).await.expect("received");
    }
    let wished = u64::from(events) * 3;
    let latency = receiver.wait(|stats| stats.requests >= wished).await.latency_us;
    drop(house);
    running.stop().await;
    latency
}

/// What a start measured.
pub struct Start {
    /// First start: folder and database made.
    pub first: Duration,
    /// On an existing folder.
    pub again: Duration,
    /// Resident memory of an idle house, MiB.
    pub idle_mib: f64,
}

/// Start to ready, and memory at rest.
pub async fn start() -> Start {
    let folder = tempfile::tempdir().expect("a folder");
    let first = Server::start(folder.path()).await.ready_after;
    let server = Server::start(folder.path()).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    Start { first, again: server.ready_after, idle_mib: server.memory_mib().0 }
}

/// The disk's flush of 8 KiB appended: p50 and p99 in microseconds.
pub fn flush() -> [u32; 2] {
    use std::io::Write as _;
    let folder = tempfile::tempdir().expect("a folder");
    let mut file = std::fs::File::create(folder.path().join("flush")).expect("a file");
    let mut all: Vec<u32> = (0..300)
        .map(|_| {
            let begun = Instant::now();
            file.write_all(&[7; 8192]).expect("written");
            file.sync_data().expect("flushed");
            begun.elapsed().as_micros() as u32
        })
        .collect();
    all.sort_unstable();
    [all[150], all[297]]
}
