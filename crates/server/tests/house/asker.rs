//! A bare HTTP client: one request, one connection, every byte as the test wants it.

use base64::Engine as _;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use webhook::Form;

/// What came back.
#[derive(Debug, Clone)]
pub struct Got {
    pub status: u16,
    pub head: String,
    pub body: Vec<u8>,
}

impl Got {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }
}

/// The `Authorization` of an account.
pub fn basic(user: &str, password: &str) -> String {
    let secret = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
    format!("Authorization: Basic {secret}\r\n")
}

/// Sends `bytes` to `url`'s host and reads what comes back until the connection ends.
/// `None` when it ends without an answer.
pub async fn exchange(url: &str, bytes: &[u8]) -> Option<Got> {
    let authority = url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(authority).await.ok()?;
    // A server that has heard enough answers and closes while we still write.
    let _ = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("content-length").then(|| value.parse::<usize>().ok())?
    });
    let body = answer[end + 4..].to_vec();
    // Cut off in the middle is no answer.
    (length.unwrap_or(0) <= body.len()).then_some(Got { status, head, body })
}

/// A request with these header lines (each with its line end) and this body.
pub fn request(method: &str, path: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let mut bytes = format!(
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
         Content-Length: {length}\r\n{headers}\r\n"
    )
    .into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

/// A form request: parameters in the query of a GET, in the body of anything else.
pub fn form_request(method: &str, path: &str, auth: &str, form: &[(&str, &str)]) -> Vec<u8> {
    let text = Form::from_pairs(form.iter().copied()).encode();
    if method == "GET" {
        let mark = if text.is_empty() { "" } else { "?" };
        return request(method, &format!("{path}{mark}{text}"), auth, b"");
    }
    let headers = format!("{auth}Content-Type: application/x-www-form-urlencoded\r\n");
    request(method, path, &headers, text.as_bytes())
}
