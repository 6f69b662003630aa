//! The application of the bench, a process of its own: one thread, answers at once, counts.
//!
//! `/tell` and anything else: 200 and nothing. `/sms`: TwiML with one reply whose statuses are
//! told to `/tell`. `/stats`: the counts; `/reset`: from zero.

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use std::cell::RefCell;
use std::convert::Infallible;
use std::rc::Rc;
use tokio::net::TcpListener;

#[derive(Default)]
struct Counts {
    requests: u64,
    delivered: u64,
    first_us: i64,
    last_us: i64,
    latencies_us: Vec<u32>,
}

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
    count(&mut counts.borrow_mut(), &body);
    if path == "/sms" {
        let host = host.unwrap_or_default();
        let twiml = format!(
            "<Response><Message statusCallback=\"http://{host}/tell\">ok</Message></Response>"
        );
        let response = Response::builder().header("Content-Type", "text/xml");
        return Ok(response.body(Full::new(twiml.into())).expect("a response"));
    }
    Ok(Response::new(Full::new(Bytes::new())))
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
        "{} {} {} {} {} {} {}",
        counts.requests,
        counts.delivered,
        counts.first_us,
        counts.last_us,
        at(0.5),
        at(0.99),
        at(1.0)
    )
}
