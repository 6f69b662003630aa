//! One connection: bytes metered underneath, HTTP/1.1 on top.
//!
//! A wire is driven by whoever uses it, in the same task: no task is spawned per connection, so a
//! request costs no hand-over between tasks, and a dropped exchange drops its connection.
//! Dialled by `dial`, kept by `pool`, used by `run` for one round at a time.
//! It never decides what follows from an answer.
//! Contract: spec/webhooks.md 4.1 (read timeout: first byte, and gaps between packets).

use std::future::{Future, poll_fn};
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use exchange::webhooks::failure::Failure;
use http::Request;
use http_body_util::Full;
use hyper::body::{Body as _, Incoming};
use hyper::client::conn::http1::{Builder, Connection, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Instant;
use tokio_rustls::client::TlsStream;

use crate::answer::{Answer, HEADER_BYTES_MAX, Raw};
use crate::budget::{Budget, Expired};
use crate::request::BODY_BYTES_MAX;
use crate::tls;

/// The stream under a wire.
pub(crate) enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// A stream that counts what it read: the count tells silence from slowness, and a connection
/// that was closed while idle from one that failed within an answer.
struct Metered {
    stream: Stream,
    read_bytes: Arc<AtomicU64>,
}

impl AsyncRead for Metered {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_read(cx, buffer),
            Stream::Tls(stream) => Pin::new(stream).poll_read(cx, buffer),
        };
        let read = buffer.filled().len() - before;
        if read > 0 {
            self.read_bytes.fetch_add(read as u64, Ordering::Relaxed);
        }
        polled
    }
}

impl AsyncWrite for Metered {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_write(cx, bytes),
            Stream::Tls(stream) => Pin::new(stream).poll_write(cx, bytes),
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_write_vectored(cx, bytes),
            Stream::Tls(stream) => Pin::new(stream).poll_write_vectored(cx, bytes),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match &self.stream {
            Stream::Plain(stream) => stream.is_write_vectored(),
            Stream::Tls(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_flush(cx),
            Stream::Tls(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_shutdown(cx),
            Stream::Tls(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}

type Parcel = Request<Full<Bytes>>;
type Http = Pin<Box<Connection<TokioIo<Metered>, Full<Bytes>>>>;

/// An HTTP/1.1 connection.
pub(crate) struct Wire {
    sender: SendRequest<Full<Bytes>>,
    driver: Driver,
    pub(crate) remote: SocketAddr,
}

/// The half of a connection that moves bytes; it only lives while it is polled.
struct Driver {
    /// `None` once it has ended.
    connection: Option<Http>,
    read_bytes: Arc<AtomicU64>,
    /// What `read_bytes` was when last looked at.
    seen_bytes: u64,
    last_byte: Instant,
    first_byte: Option<Instant>,
}

/// How one request on a wire went.
pub(crate) struct Round {
    pub(crate) first_byte: Option<Instant>,
    pub(crate) answer: Option<Answer>,
    pub(crate) failure: Option<Failure>,
    /// The connection ended without a byte of an answer.
    pub(crate) untouched: bool,
}

impl Wire {
    /// Speaks HTTP/1.1 on a fresh stream.
    pub(crate) async fn new(stream: Stream, remote: SocketAddr) -> Result<Wire, Failure> {
        let read_bytes = Arc::new(AtomicU64::new(0));
        let metered = Metered { stream, read_bytes: Arc::clone(&read_bytes) };
        let (sender, connection) = Builder::new()
            .title_case_headers(true)
            .max_buf_size(HEADER_BYTES_MAX)
            .handshake(TokioIo::new(metered))
            .await
            .map_err(|error| Failure::Connect(error.to_string()))?;
        let driver = Driver {
            connection: Some(Box::pin(connection)),
            read_bytes,
            seen_bytes: 0,
            last_byte: Instant::now(),
            first_byte: None,
        };
        Ok(Wire { sender, driver, remote })
    }

    /// Whether another request can go out: open on our side and not known to be closed on theirs.
    pub(crate) async fn is_ready(&mut self) -> bool {
        poll_fn(|cx| {
            self.driver.drive(cx);
            Poll::Ready(())
        })
        .await;
        self.driver.connection.is_some() && self.sender.is_ready()
    }

    /// Sends one request and reads its answer, at most `body_bytes_max` bytes of body.
    pub(crate) async fn round(
        &mut self,
        parcel: Parcel,
        budget: &mut Budget,
        body_bytes_max: usize,
    ) -> Round {
        let Wire { sender, driver, .. } = self;
        driver.start();
        let mut response = pin!(sender.send_request(parcel));
        let head = poll_fn(|cx| driver.poll(cx, budget, |cx| response.as_mut().poll(cx))).await;
        let mut round = Round { first_byte: None, answer: None, failure: None, untouched: false };
        match head {
            Ok(Ok(response)) => {
                let (parts, body) = response.into_parts();
                let mut answer = Answer::new(parts.status.as_u16(), parts.headers);
                // A file may be large; what is said instead of one need not.
                let body_bytes_max = match answer.is_success() {
                    true => body_bytes_max,
                    false => body_bytes_max.min(BODY_BYTES_MAX),
                };
                round.failure = driver.read_body(body, &mut answer, budget, body_bytes_max).await;
                round.answer = Some(answer);
            }
            Ok(Err(error)) => {
                round.untouched = driver.first_byte.is_none();
                round.failure = Some(lost(&error, driver.first_byte.is_some()));
            }
            Err(expired) => {
                round.failure = Some(budget.silent(expired, driver.first_byte.is_some()));
            }
        }
        round.first_byte = driver.first_byte;
        round
    }
}

impl Driver {
    fn start(&mut self) {
        self.last_byte = Instant::now();
        self.first_byte = None;
        self.seen_bytes = self.read_bytes.load(Ordering::Relaxed);
    }

    fn drive(&mut self, cx: &mut Context<'_>) {
        if let Some(connection) = &mut self.connection
            && connection.as_mut().poll(cx).is_ready()
        {
            // Whoever waits for an answer is told by hyper when the connection is dropped.
            self.connection = None;
        }
        let read_bytes = self.read_bytes.load(Ordering::Relaxed);
        if read_bytes != self.seen_bytes {
            self.seen_bytes = read_bytes;
            self.last_byte = Instant::now();
            self.first_byte.get_or_insert(self.last_byte);
        }
    }

    /// Polls what is wanted, moves bytes, and polls again, within the budget.
    fn poll<T>(
        &mut self,
        cx: &mut Context<'_>,
        budget: &mut Budget,
        mut wanted: impl FnMut(&mut Context<'_>) -> Poll<T>,
    ) -> Poll<Result<T, Expired>> {
        if let Poll::Ready(value) = wanted(cx) {
            return Poll::Ready(Ok(value));
        }
        self.drive(cx);
        if let Poll::Ready(value) = wanted(cx) {
            return Poll::Ready(Ok(value));
        }
        budget.poll_expired(cx, self.last_byte).map(Err)
    }

    async fn read_body(
        &mut self,
        mut body: Incoming,
        answer: &mut Answer,
        budget: &mut Budget,
        body_bytes_max: usize,
    ) -> Option<Failure> {
        let mut raw = Raw::new(answer.raw_bytes_max(body_bytes_max));
        let mut failure = None;
        while !body.is_end_stream() {
            let next = poll_fn(|cx| self.poll(cx, budget, |cx| Pin::new(&mut body).poll_frame(cx)));
            match next.await {
                Ok(None) => break,
                Ok(Some(Ok(frame))) => {
                    // Trailers are of no interest.
                    let Ok(piece) = frame.into_data() else {
                        continue;
                    };
                    if !raw.push(piece) {
                        break;
                    }
                }
                Ok(Some(Err(error))) => {
                    failure = Some(lost(&error, true));
                    break;
                }
                Err(expired) => {
                    failure = Some(budget.silent(expired, true));
                    break;
                }
            }
        }
        answer.fill(raw, body_bytes_max);
        failure
    }
}

/// What a broken connection means; `begun` tells whether some of the answer came.
fn lost(error: &hyper::Error, begun: bool) -> Failure {
    if error.is_parse() {
        return Failure::Protocol(tls::describe(error));
    }
    if let Some(failure) = tls::within(error).filter(|_| !begun) {
        return failure;
    }
    let malformed = tls::sources(error)
        .filter_map(|e| e.downcast_ref::<io::Error>())
        .any(|e| matches!(e.kind(), io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput));
    if begun && malformed {
        Failure::Protocol(tls::describe(error))
    } else if begun {
        Failure::Truncated(tls::describe(error))
    } else {
        Failure::Closed(tls::describe(error))
    }
}
