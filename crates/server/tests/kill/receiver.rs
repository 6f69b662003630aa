//! The customer under load: answers after a short random while, and now and then with 500.

use crate::between;
use crate::customer::{Seen, read};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};

/// One answer of so many is a 500.
const FAILURE_EVERY: u64 = 40;
/// How long an answer takes, in milliseconds.
const ANSWER_MS: (u64, u64) = (0, 6);

/// A request that came.
#[derive(Debug, Clone)]
pub struct Received {
    /// The message it is about.
    pub message: String,
    /// Its status; an ask has none.
    pub status: Option<String>,
    pub token: String,
}

/// The customer.
pub struct Receiver {
    origin: String,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Receiver {
    pub async fn start() -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let origin = format!("http://{}", listener.local_addr().expect("bound"));
        let received: Arc<Mutex<Vec<Received>>> = Arc::default();
        let (books, base) = (received.clone(), origin.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, books.clone(), base.clone()));
            }
        });
        Receiver { origin, received }
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// Everything that came, in its order.
    pub fn received(&self) -> Vec<Received> {
        self.received.lock().expect("nobody panics with it").clone()
    }
}

async fn serve(mut stream: TcpStream, books: Arc<Mutex<Vec<Received>>>, origin: String) {
    let mut buffer = Vec::new();
    while let Some(seen) = read(&mut stream, &mut buffer).await {
        let asked = seen.path() == "/sms";
        books.lock().expect("nobody panics with it").push(entry(&seen));
        tokio::time::sleep(Duration::from_millis(between(ANSWER_MS))).await;
        let body = format!(
            "<Response><Message statusCallback=\"{origin}/status\">back</Message></Response>"
        );
        let answer = if between((0, FAILURE_EVERY)) == 0 {
            "HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n".to_owned()
        } else if asked {
            let length = body.len();
            format!(
                "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {length}\r\n\r\n{body}"
            )
        } else {
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".to_owned()
        };
        // The house may have been killed while we thought.
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

fn entry(seen: &Seen) -> Received {
    Received {
        message: seen.get("MessageSid").expect("a message"),
        status: seen.get("MessageStatus"),
        token: seen.token(),
    }
}
