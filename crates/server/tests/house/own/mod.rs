//! The house's own API, its seed, and the bins' public door.

mod bins;
mod call_audio;
mod calls;
mod check;
mod clock;
mod console;
mod events;
mod examples;
mod health;
mod openapi;
mod reset;
mod seed;
mod settings;
mod webhooks;

use crate::asker::{self, Got};
use crate::support::Opened;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The names of an object's members, sorted.
fn keys(object: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> =
        object.as_object().expect("an object").keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

/// A new subaccount's sid and token.
async fn subaccount(opened: &Opened) -> (String, String) {
    let (status, made) = opened.call("POST", "/2010-04-01/Accounts.json", &[]).await;
    assert!(status < 300, "{made}");
    let text = |name: &str| made[name].as_str().expect(name).to_owned();
    (text("sid"), text("auth_token"))
}

/// A request with other credentials than the first account's.
async fn ask_as(
    opened: &Opened,
    (sid, token): (&str, &str),
    (method, path): (&str, &str),
    form: &[(&str, &str)],
) -> Got {
    let request = asker::form_request(method, path, &asker::basic(sid, token), form);
    asker::exchange(&opened.url, &request).await.expect("an answer")
}

/// The status line and headers that answer a HEAD; nothing may come behind them.
pub async fn head(opened: &Opened, path: &str, headers: &str) -> String {
    let authority = opened.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(authority).await.expect("a connection");
    let request = asker::request("HEAD", path, headers, b"");
    stream.write_all(&request).await.expect("written");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("read");
    assert!(answer.ends_with("\r\n\r\n"), "{answer}");
    answer
}

/// A request without credentials.
async fn ask_bare(opened: &Opened, method: &str, path: &str, headers: &str, body: &str) -> Got {
    let request = asker::request(method, path, headers, body.as_bytes());
    asker::exchange(&opened.url, &request).await.expect("an answer")
}
