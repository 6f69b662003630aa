//! The runs for calls: ten thousand at once, and one that lasts ten minutes of house time.
//!
//! Handsets dial, press and hang up through the house's own API, so the server is a process of its
//! own and its memory is its own, too. A phase ends when the house's clock says that it is quiet:
//! everything asked, answered, committed and told.

use crate::process::{Receiver, SID, Server, TOKEN};
use crate::runs::{FORM, drive, set_number};
use crate::wire::{Wire, basic, now_us};
use serde_json::Value;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// Handsets at most: their numbers differ in the last four digits.
pub const HANDSETS_MAX: usize = 10_000;
/// Calls that press at a rate, for the latency beside all the others.
const STEADY: usize = 1000;
/// Presses a second of these.
const STEADY_RATE: u32 = 200;
/// How long the prompt of every call is heard, and some more: its end is not in the script's way.
const PROMPT: Duration = Duration::from_secs(3);

/// What the calls measured.
pub struct Calls {
    /// Calls set up, asked, hung up and told, a second: the first phase and the last.
    pub rate: f64,
    /// Calls a second through all three phases, with the key and what is asked then between them.
    pub rate_with_keys: f64,
    /// Each phase's own: calls a second.
    pub phases: [f64; 3],
    /// Resident memory that came with the calls, by their number, in kB.
    pub kb_each: f64,
    /// Key to the last byte of the action's request beside all others, at 200 a second: p50, p99,
    /// in microseconds.
    pub steady_us: [i64; 2],
    /// The same when keys are pressed as fast as 64 connections can.
    pub flood_us: [i64; 2],
    /// Server CPU seconds per 1,000 calls, from dialling to the tell.
    pub cpu_per_1000: f64,
    /// Calls that differ from their script in any way.
    pub different: usize,
}

/// A call of the run.
struct One {
    handset: String,
    sid: String,
    key: char,
    pressed_us: i64,
}

impl One {
    fn path(&self, what: &str) -> String {
        format!("/offhook/v1/Phones/%2B{}/Calls/{}/{what}", &self.handset[1..], self.sid)
    }

    /// What the application must have seen of it, in this order and nothing else.
    fn seen(&self) -> String {
        format!("/voice ringing - /key in-progress {} /told completed - ", self.key)
    }

    /// Its transcript without times.
    fn transcript(&self) -> [String; 10] {
        [
            format!("> call from {} to +12025550100", self.handset),
            "< fetch POST /voice".into(),
            "> document <Response><Gather action=\"/key\" numDigits=\"1\" timeout=\"3000\">\
             <Say>Press a key</Say></Gather></Response>"
                .into(),
            "< answer".into(),
            "< play say \"Press a key\"".into(),
            format!("> digit {}", self.key),
            format!("< fetch POST /key msg=\"Gather End\" Digits={} FinishedOnKey=\"\"", self.key),
            "> document <Response><Pause length=\"3000\"/></Response>".into(),
            "> hung up".into(),
            "< ended completed".into(),
        ]
    }
}

/// `count` handsets are in a call at once, at most [`HANDSETS_MAX`].
pub async fn calls(receiver: &Receiver, count: usize) -> Calls {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path()).await;
    let url = |path: &str| format!("http://{}{path}", receiver.address);
    set_number(&server, &[("VoiceUrl", url("/voice")), ("StatusCallback", url("/told"))]).await;
    receiver.reset().await;
    let mut desk = Desk::open(&server).await;
    let memory = server.memory_mib().0;
    let cpu = server.cpu_secs();
    let begun = Instant::now();
    let mut all = dial(&server, count).await;
    desk.quiet().await;
    let dialled = begun.elapsed();
    tokio::time::sleep(PROMPT).await;
    if desk.live().await != count {
        lost(&server, &all).await;
    }
    let kb_each = (server.memory_mib().0 - memory) * 1024.0 * 1.024 / count as f64;

    let steady = STEADY.min(count / 2);
    press_steadily(&mut desk, &mut all[..steady]).await;
    desk.quiet().await;
    let begun = Instant::now();
    press(&server, &mut all[steady..]).await;
    desk.quiet().await;
    let pressed = begun.elapsed();
    let begun = Instant::now();
    hang_up(&server, &all).await;
    desk.quiet().await;
    let hung_up = begun.elapsed();
    let cpu = server.cpu_secs() - cpu;

    let seen = receiver.calls().await;
    let latency = |some: &[One]| {
        let came = |one: &One| seen.get(&one.sid).map_or(i64::MAX, |(at, _)| at - one.pressed_us);
        let mut all: Vec<i64> = some.iter().map(came).collect();
        all.sort_unstable();
        [all[all.len() / 2], all[all.len() * 99 / 100]]
    };
    let seconds = [
        dialled.as_secs_f64() / count as f64,
        pressed.as_secs_f64() / (count - steady) as f64,
        hung_up.as_secs_f64() / count as f64,
    ];
    Calls {
        rate: 1.0 / (seconds[0] + seconds[2]),
        rate_with_keys: 1.0 / seconds.iter().sum::<f64>(),
        phases: seconds.map(|one| 1.0 / one),
        kb_each,
        steady_us: latency(&all[..steady]),
        flood_us: latency(&all[steady..]),
        cpu_per_1000: cpu * 1000.0 / count as f64,
        different: different(&server, &all, &seen).await,
    }
}

async fn dial(server: &Server, count: usize) -> Vec<One> {
    let handset = |n: usize| format!("+1303555{n:04}");
    let request = |n: usize| {
        let form = webhook::Form::from_pairs([("To", "+12025550100")]);
        (format!("/offhook/v1/Phones/%2B{}/Calls", &handset(n)[1..]), form.encode())
    };
    let mut all: Vec<One> = (0..count)
        .map(|n| One {
            handset: handset(n),
            sid: String::new(),
            key: char::from(b'0' + (n % 10) as u8),
            pressed_us: 0,
        })
        .collect();
    drive(server.address, count, request, |answered| {
        assert_eq!(answered.status.as_u16(), 201, "{:?}", answered.body);
        all[answered.n].sid = text_of(&json(&answered.body), "sid");
    })
    .await;
    all
}

async fn press_steadily(desk: &mut Desk, some: &mut [One]) {
    let mut beat = tokio::time::interval(Duration::from_secs(1) / STEADY_RATE);
    for one in some {
        beat.tick().await;
        one.pressed_us = now_us();
        desk.send("POST", &one.path("Digits"), format!("Digits={}", one.key)).await;
    }
}

async fn press(server: &Server, some: &mut [One]) {
    let requests: Vec<(String, String)> =
        some.iter().map(|one| (one.path("Digits"), format!("Digits={}", one.key))).collect();
    drive(
        server.address,
        some.len(),
        |n| requests[n].clone(),
        |answered| {
            assert_eq!(answered.status.as_u16(), 200, "{:?}", answered.body);
            some[answered.n].pressed_us = answered.sent_us;
        },
    )
    .await;
}

async fn hang_up(server: &Server, all: &[One]) {
    // A body, so that it is posted; the house asks for none.
    let request = |n: usize| (all[n].path("Hangup"), "a=b".to_owned());
    drive(server.address, all.len(), request, |answered| {
        assert_eq!(answered.status.as_u16(), 200, "{:?}", answered.body);
    })
    .await;
}

/// Some calls are not live: says how one of them went, and ends the run.
async fn lost(server: &Server, all: &[One]) -> ! {
    let mut lost = Vec::new();
    let request = |n: usize| (all[n].path("Transcript"), String::new());
    drive(server.address, all.len(), request, |answered| {
        let shown = json(&answered.body);
        if text_of(&shown, "status") != "in-progress" {
            lost.push(shown);
        }
    })
    .await;
    panic!("{} calls are not live, among them {:#}", lost.len(), lost[0]);
}

/// How many calls are not as their script is: what the application saw, how they ended, what their
/// transcripts say. The first that differs is shown.
async fn different(server: &Server, all: &[One], seen: &HashMap<String, (i64, String)>) -> usize {
    let mut different = 0;
    let request = |n: usize| (all[n].path("Transcript"), String::new());
    drive(server.address, all.len(), request, |answered| {
        let one = &all[answered.n];
        let shown = json(&answered.body);
        let seen = seen.get(&one.sid).map_or("", |(_, seen)| seen);
        let lines = untimed(&shown);
        let is_same = seen == one.seen()
            && text_of(&shown, "status") == "completed"
            && lines == one.transcript();
        if !is_same {
            if different == 0 {
                eprintln!("{} differs: {seen:?} {shown:#} {lines:#?}", one.sid);
            }
            different += 1;
        }
    })
    .await;
    // A call that nobody made.
    different + seen.len().saturating_sub(all.len())
}

/// What an IVR of ten minutes took.
pub struct Ivr {
    /// Real time of the slower of two, without what the application took itself.
    pub took: Duration,
    /// Documents that each asked for.
    pub asks: u64,
    /// Whether the second was the same as the first, word by word and millisecond by millisecond.
    pub is_same: bool,
}

/// How long it lasts, in house time: thirty rounds of twenty seconds.
const ROUNDS: usize = 30;
const ROUND: &str = "PT20S";

/// Two calls of ten minutes through a menu, one after the other, on the virtual clock.
pub async fn ivr(receiver: &Receiver) -> Ivr {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path()).await;
    let url = |path: &str| format!("http://{}{path}", receiver.address);
    set_number(&server, &[("VoiceUrl", url("/menu")), ("StatusCallback", url("/tell"))]).await;
    let mut desk = Desk::open(&server).await;
    desk.send("POST", "/offhook/v1/Clock", "Mode=virtual".into()).await;
    let mut took = Duration::ZERO;
    let mut heard = Vec::new();
    let mut asks = 0;
    for _ in 0..2 {
        receiver.reset().await;
        let begun = Instant::now();
        let path = ten_minutes(&mut desk).await;
        let elapsed = begun.elapsed();
        let stats = receiver.stats().await;
        took = took.max(elapsed.saturating_sub(stats.own));
        // The last request is the tell of its end.
        asks = stats.requests.saturating_sub(1);
        let shown = desk.send("GET", &format!("{path}/Transcript"), String::new()).await;
        assert_eq!(text_of(&shown, "status"), "completed", "{shown:#}");
        heard.push(shown["lines"].clone());
    }
    let last = heard[0].as_array().and_then(|lines| lines.last()).and_then(Value::as_str);
    assert!(last.is_some_and(|line| line.starts_with("600000 < ended")), "{last:?}");
    Ivr { took, asks, is_same: heard[0] == heard[1] }
}

/// A person who mostly says nothing, sometimes presses a key, and hangs up after ten minutes.
async fn ten_minutes(desk: &mut Desk) -> String {
    let phone = "/offhook/v1/Phones/%2B13035550100/Calls";
    let call = desk.send("POST", phone, "To=%2B12025550100".into()).await;
    let path = format!("{phone}/{}", text_of(&call, "sid"));
    for round in 0..ROUNDS {
        let clock = format!("Advance={ROUND}");
        let clock = desk.send("POST", "/offhook/v1/Clock", clock).await;
        assert_eq!(text_of(&clock, "stopped_by"), "time", "{clock:#}");
        if round % 3 == 1 {
            desk.send("POST", &format!("{path}/Digits"), format!("Digits={}", round % 10)).await;
        }
    }
    desk.send("POST", &format!("{path}/Hangup"), "a=b".into()).await;
    desk.quiet().await;
    path
}

/// Whoever runs a house from one connection.
struct Desk {
    address: SocketAddr,
    wire: Wire,
}

impl Desk {
    async fn open(server: &Server) -> Desk {
        Desk { address: server.address, wire: Wire::open(server.address).await }
    }

    async fn send(&mut self, method: &str, path: &str, body: String) -> Value {
        let credentials = basic(SID, TOKEN);
        let headers = [("Authorization", credentials.as_str()), FORM];
        let (status, body) = self.wire.send(method, path, &headers, body.into()).await;
        assert!(status.is_success(), "{method} {path}: {body:?}");
        json(&body)
    }

    /// Waits until the house has nothing to do.
    async fn quiet(&mut self) {
        // It may have been idle for longer than a listener keeps a connection.
        self.wire = Wire::open(self.address).await;
        let begun = Instant::now();
        loop {
            let clock = self.send("GET", "/offhook/v1/Clock", String::new()).await;
            if clock["quiet"] == Value::Bool(true) {
                return;
            }
            assert!(begun.elapsed() < Duration::from_secs(120), "never quiet: {clock}");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// How many calls are answered and not over.
    async fn live(&mut self) -> usize {
        let mut next =
            format!("/2010-04-01/Accounts/{SID}/Calls.json?Status=in-progress&PageSize=1000");
        let mut count = 0;
        loop {
            let page = self.send("GET", &next, String::new()).await;
            count += page["calls"].as_array().map_or(0, Vec::len);
            match page["next_page_uri"].as_str() {
                Some(uri) => next = uri.to_owned(),
                None => return count,
            }
        }
    }
}

fn json(body: &[u8]) -> Value {
    serde_json::from_slice(body).expect("the house answers JSON")
}

fn text_of(shown: &Value, name: &str) -> String {
    shown[name].as_str().unwrap_or_default().to_owned()
}

/// The lines of a transcript without their times.
fn untimed(shown: &Value) -> Vec<&str> {
    let lines = shown["lines"].as_array().into_iter().flatten();
    let lines = lines.filter_map(Value::as_str);
    lines.map(|line| line.trim_start().split_once(' ').map_or("", |(_, text)| text)).collect()
}
