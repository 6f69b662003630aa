//! A server that says exactly what a test tells it to, byte by byte, and remembers what it heard.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use client::{Certificates, Client, Expects, Outcome, Request, Settings};
use exchange::numbers::Method;
use exchange::webhooks::cookies::Jar;
use exchange::webhooks::failure::Failure;
use exchange::webhooks::guard::{Guard, Profile};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use webhook::{Form, Key, Product};

pub const TOKEN: &str = "12345";
pub const IDEMPOTENCY_TOKEN: &str = "0a1b2c3d-0a1b-4c3d-8a1b-0a1b2c3d4e5f";

/// A request as it came over the wire.
#[derive(Debug, Clone)]
pub struct Seen {
    pub head: String,
    pub body: String,
}

impl Seen {
    pub fn line(&self) -> &str {
        self.head.lines().next().unwrap_or("")
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    /// Checks the signature as an application behind `url` (scheme, host, port) would.
    pub fn assert_signed_for(&self, origin: &str) {
        let mut words = self.line().split(' ');
        let (method, target) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        let request = webhook::Request {
            method,
            url: &format!("{origin}{target}"),
            body: self.body.as_bytes(),
            content_type: self.header("Content-Type"),
            signature: self.header("X-Twilio-Signature"),
        };
        if let Err(mismatch) = webhook::verify(TOKEN, &request) {
            panic!("{mismatch}: {request:?}");
        }
    }
}

/// What the server does after a request.
pub enum Say {
    /// These bytes, then wait for the next request.
    Bytes(Vec<u8>),
    /// These bytes, then close.
    Close(Vec<u8>),
    /// These pieces with a pause before each, then close.
    Slowly(Vec<Vec<u8>>, Duration),
    /// Nothing, and stay.
    Silence,
}

/// A small answer that keeps the connection.
pub fn answer(status: u16, headers: &str, body: &str) -> Say {
    let length = body.len();
    let head = format!("HTTP/1.1 {status} X\r\nContent-Length: {length}\r\n{headers}\r\n");
    Say::Bytes(format!("{head}{body}").into_bytes())
}

/// 200 with a body.
pub fn ok(body: &str) -> Say {
    answer(200, "Content-Type: text/xml\r\n", body)
}

type Script = dyn Fn(usize, &Seen) -> Say + Send + Sync;

pub struct Server {
    pub address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    connections: Arc<AtomicUsize>,
}

impl Server {
    /// `script` gets the number of the request (from 0) and the request.
    pub async fn start(script: impl Fn(usize, &Seen) -> Say + Send + Sync + 'static) -> Server {
        Server::listen(None, script).await
    }

    pub async fn start_tls(
        tls: Arc<rustls::ServerConfig>,
        script: impl Fn(usize, &Seen) -> Say + Send + Sync + 'static,
    ) -> Server {
        Server::listen(Some(TlsAcceptor::from(tls)), script).await
    }

    async fn listen(
        tls: Option<TlsAcceptor>,
        script: impl Fn(usize, &Seen) -> Say + Send + Sync + 'static,
    ) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let connections: Arc<AtomicUsize> = Arc::default();
        let (heard, count, script) =
            (Arc::clone(&seen), Arc::clone(&connections), Arc::new(script) as Arc<Script>);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                let (heard, script, tls) = (Arc::clone(&heard), Arc::clone(&script), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => serve(stream, &heard, &*script).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                serve(stream, &heard, &*script).await;
                            }
                        }
                    }
                });
            }
        });
        Server { address, seen, connections }
    }

    pub fn url(&self, rest: &str) -> String {
        format!("http://{}{rest}", self.address)
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("no test panics with it").clone()
    }

    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

async fn serve(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    heard: &Mutex<Vec<Seen>>,
    script: &Script,
) {
    let mut buffer = Vec::new();
    while let Some(seen) = read_request(&mut stream, &mut buffer).await {
        let number = {
            let mut heard = heard.lock().expect("no test panics with it");
            heard.push(seen.clone());
            heard.len() - 1
        };
        match script(number, &seen) {
            Say::Bytes(bytes) => {
                if stream.write_all(&bytes).await.is_err() {
                    return;
                }
            }
            Say::Close(bytes) => {
                let _ = stream.write_all(&bytes).await;
                let _ = stream.shutdown().await;
                return;
            }
            Say::Slowly(pieces, pause) => {
                for piece in pieces {
                    tokio::time::sleep(pause).await;
                    if stream.write_all(&piece).await.is_err() {
                        return;
                    }
                }
                let _ = stream.shutdown().await;
                return;
            }
            Say::Silence => std::future::pending().await,
        }
    }
}

async fn read_request(stream: &mut (impl AsyncRead + Unpin), buffer: &mut Vec<u8>) -> Option<Seen> {
    loop {
        if let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&buffer[..end]).into_owned();
            let mut seen = Seen { head, body: String::new() };
            let length: usize =
                seen.header("Content-Length").map_or(0, |n| n.parse().expect("a length"));
            if buffer.len() >= end + 4 + length {
                let body: Vec<u8> = buffer.drain(..end + 4 + length).skip(end + 4).collect();
                seen.body = String::from_utf8(body).expect("forms are ASCII");
                return Some(seen);
            }
        }
        let mut piece = [0; 4096];
        match stream.read(&mut piece).await {
            Ok(0) | Err(_) => return None,
            Ok(n) => buffer.extend_from_slice(&piece[..n]),
        }
    }
}

pub fn settings(profile: Profile) -> Settings {
    Settings::new(Guard { profile, allow: Vec::new() })
}

pub fn client() -> Client {
    Client::new(settings(Profile::Local)).expect("good settings")
}

/// What to send; `Default` is an ask by POST.
pub struct Sending {
    pub method: Method,
    pub form: Form,
    pub product: Product,
    pub certificates: Certificates,
    pub expects: Expects,
    pub cookies: Option<Jar>,
    pub now_seconds: i64,
}

impl Default for Sending {
    fn default() -> Sending {
        Sending {
            method: Method::Post,
            form: Form::from_pairs([("Body", "hi & bye\r\nX-Evil: 1"), ("From", "+15551230000")]),
            product: Product::Messaging,
            certificates: Certificates::Verify,
            expects: Expects::Document,
            cookies: None,
            now_seconds: 1_700_000_000,
        }
    }
}

impl Sending {
    pub async fn to(self, client: &Client, url: &str) -> Outcome {
        let request = Request {
            url,
            method: self.method,
            form: &self.form,
            encoded: &self.form.encode(),
            key: &Key::new(TOKEN),
            product: self.product,
            idempotency_token: IDEMPOTENCY_TOKEN,
            home_region: "us1",
            certificates: self.certificates,
            expects: self.expects,
            body_bytes_max: client::BODY_BYTES_MAX,
            cookies: self.cookies,
            now: jiff::Timestamp::from_second(self.now_seconds).expect("in range"),
        };
        client.send(request).await
    }
}

pub async fn post(client: &Client, url: &str) -> Outcome {
    Sending::default().to(client, url).await
}

pub async fn get(client: &Client, url: &str) -> Outcome {
    Sending { method: Method::Get, ..Sending::default() }.to(client, url).await
}

/// The body of a success.
pub fn body(outcome: &Outcome) -> String {
    let answer = outcome.result.as_ref().unwrap_or_else(|failure| panic!("{failure}"));
    String::from_utf8(answer.body.to_vec()).expect("text")
}

/// The failure of a failed exchange.
pub fn failure(outcome: &Outcome) -> &Failure {
    match &outcome.result {
        Err(failure) => failure,
        Ok(answer) => panic!("answered {} instead of failing", answer.status),
    }
}
