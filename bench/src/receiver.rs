//! The application of the bench, a process of its own: one thread, answers at once, counts.
//!
//! `/tell` and anything else: 200 and nothing. `/sms`: TwiML with one reply whose statuses are
//! told to `/tell`. `/voice`, `/key`, `/told`, `/menu`: the two documents of a call, the tell of
//! its end, and a menu without an end. `/calls`: what each call has asked and told, a line each.
//! `/stats`: the counts; `/reset`: from zero.

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use std::cell::RefCell;
use std::collections::HashMap;
use std::convert::Infallible;
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;

#[derive(Default)]
struct Counts {
    requests: u64,
    delivered: u64,
    first_us: i64,
    last_us: i64,
    latencies_us: Vec<u32>,
    /// Between a request's last byte and its answer.
    own: Duration,
    calls: HashMap<String, Asked>,
}

/// What one call has asked and told so far.
#[derive(Default)]
struct Asked {
    /// When its key came, wall clock.
    key_us: i64,
    /// Path, status and key of each request, in order.
    seen: String,
}

/// Answers the first ask of a call of the run `calls`.
const VOICE: &str = "<Response><Gather action=\"/key\" numDigits=\"1\" timeout=\"3000\">\
    <Say>Press a key</Say></Gather></Response>";
/// Answers the second: the call stays until its person hangs up.
const KEY: &str = "<Response><Pause length=\"3000\"/></Response>";
/// A menu that is heard again and again.
const MENU: &str = "<Response><Gather action=\"/menu\" numDigits=\"1\" timeout=\"4\">\
    <Say>For opening hours press 1, for directions press 2, for anything else press 3</Say>\
    <Pause length=\"1\"/><Say language=\"es-MX\">Para español marque 4</Say></Gather>\
    <Say>We did not hear a key</Say><Redirect>/menu</Redirect></Response>";

/// What a receiver has counted.
#[derive(Debug, Default, Clone)]
pub struct Stats {
    /// Requests, but those to `/stats` and `/reset`.
    pub requests: u64,
    /// Those that tell `delivered`.
    pub delivered: u64,
    /// Arrival of the first, wall clock.
    pub first_us: i64,
    /// Arrival of the last.
    pub last_us: i64,
    /// From the driver's send to the last byte of the request: p50, p99, max, in microseconds.
    pub latency_us: [u32; 3],
    /// What answering took the receiver itself, all in all.
    pub own: Duration,
}

impl Stats {
    /// Reads what `/stats` answers.
    pub fn parse(text: &str) -> Stats {
        let all: Vec<i64> = text.split_whitespace().filter_map(|n| n.parse().ok()).collect();
        let at = |i: usize| all.get(i).copied().unwrap_or(0);
        Stats {
            requests: at(0) as u64,
            delivered: at(1) as u64,
            first_us: at(2),
            last_us: at(3),
            latency_us: [at(4) as u32, at(5) as u32, at(6) as u32],
            own: Duration::from_micros(at(7) as u64),
        }
    }
}

/// Runs until killed; prints its address.
pub fn run() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let local = tokio::task::LocalSet::new();
    local.block_on(&runtime.expect("a runtime"), async {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        println!("{}", listener.local_addr().expect("an address"));
        let counts = Rc::new(RefCell::new(Counts::default()));
        loop {
            let (stream, _) = listener.accept().await.expect("a connection");
            stream.set_nodelay(true).expect("a TCP socket");
            let counts = counts.clone();
            tokio::task::spawn_local(async move {
                let service = hyper::service::service_fn(|request| answer(request, &counts));
                // A killed server closes its connections as it likes.
                let _ = hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
            });
        }
    });
}

async fn answer(
    request: Request<Incoming>,
    counts: &RefCell<Counts>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let path = request.uri().path().to_owned();
    let host = request.headers().get("host").and_then(|h| h.to_str().ok()).map(str::to_owned);
    let body = request.into_body().collect().await.map(|b| b.to_bytes()).unwrap_or_default();
    if path == "/stats" {
        return Ok(Response::new(Full::new(stats(&mut counts.borrow_mut()).into())));
    }
    if path == "/reset" {
        *counts.borrow_mut() = Counts::default();
        return Ok(Response::new(Full::new(Bytes::new())));
    }
    if path == "/calls" {
        return Ok(Response::new(Full::new(calls(&counts.borrow()).into())));
    }
    let begun = Instant::now();
    count(&mut counts.borrow_mut(), &body);
    let twiml = match path.as_str() {
        "/sms" => Bytes::from(format!(
            "<Response><Message statusCallback=\"http://{}/tell\">ok</Message></Response>",
            host.unwrap_or_default()
        )),
        "/voice" => Bytes::from_static(VOICE.as_bytes()),
        "/key" => Bytes::from_static(KEY.as_bytes()),
        "/menu" => Bytes::from_static(MENU.as_bytes()),
        _ => Bytes::new(),
    };
    if matches!(path.as_str(), "/voice" | "/key" | "/told") {
        count_call(&mut counts.borrow_mut(), &path, &body);
    }
    counts.borrow_mut().own += begun.elapsed();
    if twiml.is_empty() {
        return Ok(Response::new(Full::new(twiml)));
    }
    let response = Response::builder().header("Content-Type", "text/xml");
    Ok(response.body(Full::new(twiml)).expect("a response"))
}

fn count_call(counts: &mut Counts, path: &str, body: &[u8]) {
    let now = super::wire::now_us();
    let form = webhook::Form::parse(body).unwrap_or_default();
    let get = |name| form.get(name).unwrap_or("-");
    let call = counts.calls.entry(get("CallSid").to_owned()).or_default();
    if path == "/key" {
        call.key_us = now;
    }
    for word in [path, get("CallStatus"), get("Digits")] {
        call.seen.push_str(word);
        call.seen.push(' ');
    }
}

fn calls(counts: &Counts) -> String {
    let lines = counts.calls.iter();
    lines.map(|(sid, call)| format!("{sid} {} {}\n", call.key_us, call.seen)).collect()
}

fn count(counts: &mut Counts, body: &[u8]) {
    let now = super::wire::now_us();
    counts.requests += 1;
    counts.last_us = now;
    if counts.first_us == 0 {
        counts.first_us = now;
    }
    let find = |needle: &[u8]| body.windows(needle.len()).position(|window| window == needle);
    if find(b"MessageStatus=delivered").is_some() {
        counts.delivered += 1;
    }
    if let Some(at) = find(b"Body=t") {
        let digits = body[at + 6..].iter().take_while(|b| b.is_ascii_digit());
        let sent = digits.fold(0i64, |n, b| n * 10 + i64::from(b - b'0'));
        if sent > 0 {
            counts.latencies_us.push((now - sent).clamp(0, i64::from(u32::MAX)) as u32);
        }
    }
}

fn stats(counts: &mut Counts) -> String {
    counts.latencies_us.sort_unstable();
    let at = |share: f64| {
        let all = &counts.latencies_us;
        all.get(((all.len() as f64 * share) as usize).min(all.len().saturating_sub(1)))
            .copied()
            .unwrap_or(0)
    };
    format!(
        "{} {} {} {} {} {} {} {}",
        counts.requests,
        counts.delivered,
        counts.first_us,
        counts.last_us,
        at(0.5),
        at(0.99),
        at(1.0),
        counts.own.as_micros(),
    )
}
