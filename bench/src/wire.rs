//! A bare HTTP/1.1 client on keep-alive connections: the ceiling, and whatever drives the house.

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use std::net::SocketAddr;
use tokio::net::TcpStream;

/// One keep-alive connection.
pub struct Wire {
    sender: SendRequest<Full<Bytes>>,
    authority: String,
}

impl Wire {
    /// Connects.
    pub async fn open(address: SocketAddr) -> Wire {
        let stream = TcpStream::connect(address).await.expect("the peer listens");
        stream.set_nodelay(true).expect("a TCP socket");
        let (sender, connection) = handshake(TokioIo::new(stream)).await.expect("HTTP/1.1");
        tokio::spawn(connection);
        Wire { sender, authority: address.to_string() }
    }

    /// Sends and reads the whole answer.
    pub async fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> (StatusCode, Bytes) {
        let mut request = Request::builder().method(method).uri(path);
        request = request.header("Host", &self.authority);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(body)).expect("a request");
        self.sender.ready().await.expect("the connection stands");
        let answer = self.sender.send_request(request).await.expect("an answer");
        let status = answer.status();
        (status, answer.into_body().collect().await.expect("a body").to_bytes())
    }
}

/// Basic credentials as a header's value.
pub fn basic(user: &str, password: &str) -> String {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(format!("{user}:{password}"));
    format!("Basic {text}")
}

/// The wall clock in microseconds: the same for every process of a machine.
pub fn now_us() -> i64 {
    jiff::Timestamp::now().as_microsecond()
}
