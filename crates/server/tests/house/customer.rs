//! A customer's web application, played by the test: a real HTTP server that answers by script.
//!
//! Every request is recorded in the order of its arrival and handed to the test through a
//! channel; a test never sleeps and never polls. What a path answers is a list: each request
//! takes the next one, the last stays. A path without a script answers 404.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::watch;
use webhook::Form;

/// How long a test waits for a request that has to come.
const COMES_WITHIN: Duration = Duration::from_secs(20);
/// Bytes of a request's head.
const HEAD_BYTES_MAX: usize = 64 * 1024;

/// A request as it came over the wire.
#[derive(Debug, Clone)]
pub struct Seen {
    pub method: String,
    /// Path and query.
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Seen {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    pub fn path(&self) -> &str {
        &self.target[..self.target.find('?').unwrap_or(self.target.len())]
    }

    /// The URL as its sender wrote it.
    pub fn url(&self) -> String {
        let scheme = self.header("X-Forwarded-Proto").unwrap_or("http");
        format!("{scheme}://{}{}", self.header("Host").unwrap_or_default(), self.target)
    }

    /// The parameters: a POST's form, a GET's query.
    pub fn form(&self) -> Form {
        let query = self.target.split_once('?').map_or("", |(_, query)| query);
        let text = if self.method == "GET" { query.as_bytes() } else { &self.body };
        Form::parse(text).expect("a form")
    }

    /// One parameter.
    pub fn get(&self, name: &str) -> Option<String> {
        self.form().get(name).map(str::to_owned)
    }

    /// The names of all parameters, sorted.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.form().iter().map(|(name, _)| name.to_owned()).collect();
        names.sort_unstable();
        names
    }

    pub fn token(&self) -> String {
        self.header("I-Twilio-Idempotency-Token").unwrap_or_default().to_owned()
    }

    /// Whether `auth_token` signed it, checked as a customer would.
    pub fn verify(&self, auth_token: &str) -> Result<(), String> {
        let request = webhook::Request {
            method: &self.method,
            url: &self.url(),
            body: &self.body,
            content_type: self.header("Content-Type"),
            signature: self.header("X-Twilio-Signature"),
        };
        webhook::verify(auth_token, &request).map(drop).map_err(|why| why.to_string())
    }
}

/// A door that answers wait behind until the test opens it.
#[derive(Debug, Clone)]
pub struct Gate(watch::Sender<bool>);

impl Gate {
    pub fn new() -> Gate {
        Gate(watch::channel(false).0)
    }

    pub fn open(&self) {
        self.0.send_replace(true);
    }
}

/// What the application says.
#[derive(Debug, Clone)]
pub struct Say {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    gate: Option<Gate>,
    manner: Manner,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Manner {
    Proper,
    /// Closes the connection without a word.
    Close,
    /// Sends the body's bytes as they are, in place of an answer, and closes.
    Raw,
    /// Sends the body over and over and never ends.
    Endless,
}

impl Say {
    pub fn status(status: u16) -> Say {
        let manner = Manner::Proper;
        Say { status, headers: Vec::new(), body: Vec::new(), gate: None, manner }
    }

    pub fn typed(content_type: &str, body: impl Into<Vec<u8>>) -> Say {
        Say { body: body.into(), ..Say::status(200).header("Content-Type", content_type) }
    }

    /// 200 with a TwiML document.
    pub fn twiml(document: &str) -> Say {
        Say::typed("text/xml", document)
    }

    /// 200 with verbs inside `<Response>`.
    pub fn verbs(verbs: &str) -> Say {
        Say::twiml(&format!("<Response>{verbs}</Response>"))
    }

    pub fn redirect(status: u16, location: &str) -> Say {
        Say::status(status).header("Location", location)
    }

    pub fn close() -> Say {
        Say { manner: Manner::Close, ..Say::status(0) }
    }

    pub fn raw(bytes: impl Into<Vec<u8>>) -> Say {
        Say { manner: Manner::Raw, body: bytes.into(), ..Say::status(0) }
    }

    pub fn endless(content_type: &str, piece: &str) -> Say {
        Say { manner: Manner::Endless, ..Say::typed(content_type, piece) }
    }

    pub fn header(mut self, name: &str, value: &str) -> Say {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Says it when the gate is open.
    pub fn behind(mut self, gate: &Gate) -> Say {
        self.gate = Some(gate.clone());
        self
    }

    fn head(&self) -> String {
        let mut head = format!("HTTP/1.1 {} X\r\n", self.status);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if self.manner == Manner::Proper && self.status != 204 {
            head.push_str(&format!("Content-Length: {}\r\n", self.body.len()));
        }
        head + "\r\n"
    }
}

type Script = HashMap<String, VecDeque<Say>>;

/// The application.
pub struct Customer {
    pub address: SocketAddr,
    script: Arc<Mutex<Script>>,
    heard: UnboundedReceiver<Seen>,
    unread: VecDeque<Seen>,
}

impl Customer {
    pub async fn start() -> Customer {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        let script: Arc<Mutex<Script>> = Arc::default();
        let (hear, heard) = unbounded_channel();
        let shared = script.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, shared.clone(), hear.clone()));
            }
        });
        Customer { address, script, heard, unread: VecDeque::new() }
    }

    pub fn url(&self, rest: &str) -> String {
        format!("http://{}{rest}", self.address)
    }

    /// What `path` says from now on: one answer after the other, the last for ever.
    pub fn on(&self, path: &str, says: impl IntoIterator<Item = Say>) {
        lock(&self.script).insert(path.to_owned(), says.into_iter().collect());
    }

    /// The next request, in the order of their coming.
    pub async fn heard(&mut self) -> Seen {
        self.next(|_| true, "a request").await
    }

    /// The next request to `path`; others stay unread.
    pub async fn heard_on(&mut self, path: &str) -> Seen {
        self.next(|seen| seen.path() == path, path).await
    }

    async fn next(&mut self, wanted: impl Fn(&Seen) -> bool, what: &str) -> Seen {
        if let Some(place) = self.unread.iter().position(&wanted) {
            return self.unread.remove(place).expect("found there");
        }
        loop {
            let next = tokio::time::timeout(COMES_WITHIN, self.heard.recv()).await;
            let Ok(Some(seen)) = next else { panic!("{what} did not come: {:#?}", self.unread) };
            if wanted(&seen) {
                return seen;
            }
            self.unread.push_back(seen);
        }
    }

    /// Every request that has come and was not read.
    pub fn unread(&mut self) -> Vec<Seen> {
        while let Ok(seen) = self.heard.try_recv() {
            self.unread.push_back(seen);
        }
        self.unread.drain(..).collect()
    }
}

fn lock(script: &Mutex<Script>) -> MutexGuard<'_, Script> {
    script.lock().expect("nobody panics with it")
}

async fn serve(mut stream: TcpStream, script: Arc<Mutex<Script>>, hear: UnboundedSender<Seen>) {
    let _ = stream.set_nodelay(true);
    let mut buffer = Vec::new();
    while let Some(seen) = read(&mut stream, &mut buffer).await {
        let say = answer(&script, seen.path());
        // A test that has ended listens no more.
        let _ = hear.send(seen);
        if let Some(gate) = &say.gate {
            // The gate's owner going away opens it, too.
            let _ = gate.0.subscribe().wait_for(|open| *open).await;
        }
        if speak(&mut stream, &say).await.is_none() {
            return;
        }
    }
}

fn answer(script: &Mutex<Script>, path: &str) -> Say {
    match lock(script).get_mut(path) {
        Some(says) if says.len() > 1 => says.pop_front().expect("two at least"),
        Some(says) => says.front().cloned().expect("scripts are not empty"),
        None => Say::status(404),
    }
}

/// Answers; `None` when the connection has ended.
async fn speak(stream: &mut TcpStream, say: &Say) -> Option<()> {
    match say.manner {
        Manner::Close => None,
        Manner::Raw => {
            // The other end may have left: then nobody needs to hear it.
            let _ = stream.write_all(&say.body).await;
            let _ = stream.shutdown().await;
            None
        }
        Manner::Proper => {
            let mut bytes = say.head().into_bytes();
            bytes.extend_from_slice(&say.body);
            stream.write_all(&bytes).await.ok()
        }
        Manner::Endless => {
            stream.write_all(say.head().as_bytes()).await.ok()?;
            while stream.write_all(&say.body).await.is_ok() {}
            None
        }
    }
}

/// Reads the next request; `None` at the end of the connection.
pub async fn read(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Seen> {
    loop {
        if let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&buffer[..end]).into_owned();
            let mut lines = head.lines();
            let mut words = lines.next().unwrap_or_default().split(' ').map(str::to_owned);
            let headers: Vec<(String, String)> = lines
                .filter_map(|line| line.split_once(": "))
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect();
            let (method, target) = (words.next()?, words.next()?);
            let mut seen = Seen { method, target, headers, body: Vec::new() };
            let length: usize = seen.header("Content-Length").map_or(0, |n| n.parse().expect("n"));
            if buffer.len() >= end + 4 + length {
                seen.body = buffer[end + 4..end + 4 + length].to_vec();
                buffer.drain(..end + 4 + length);
                return Some(seen);
            }
        } else if buffer.len() > HEAD_BYTES_MAX {
            return None;
        }
        let mut piece = [0; 8192];
        match stream.read(&mut piece).await {
            Ok(0) | Err(_) => return None,
            Ok(count) => buffer.extend_from_slice(&piece[..count]),
        }
    }
}
