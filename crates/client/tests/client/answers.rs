//! Bodies and heads, good and bad (spec/webhooks.md 4.6).

use std::io::Write as _;

use client::{BODY_BYTES_MAX, Expects};

use crate::support::*;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(bytes).expect("memory");
    packer.finish().expect("memory")
}

fn packed(encoding: &str, body: &[u8]) -> Say {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: {length}\r\n\r\n"
    );
    Say::Bytes([head.as_bytes(), body].concat())
}

async fn code_of(say: impl Fn() -> Say + Send + Sync + 'static) -> u32 {
    let server = Server::start(move |_, _| say()).await;
    failure(&post(&client(), &server.url("/#rt=300")).await).code()
}

#[tokio::test]
async fn gzip_is_unpacked() {
    let text = "<Response/>".repeat(100);
    let bytes = gzip(text.as_bytes());
    let server = Server::start(move |n, _| packed(["gzip", "x-gzip", "GZIP"][n % 3], &bytes)).await;
    let client = client();
    for _ in 0..3 {
        assert_eq!(body(&post(&client, &server.url("/")).await), text);
    }
    let identity = Server::start(|_, _| packed("identity", b"as is")).await;
    assert_eq!(body(&post(&client, &identity.url("/")).await), "as is");
}

#[tokio::test]
async fn a_body_may_have_64_kib_and_not_a_byte_more() {
    for (size, fits) in [(BODY_BYTES_MAX, true), (BODY_BYTES_MAX + 1, false), (10_000_000, false)] {
        for chunked in [false, true] {
            let server = Server::start(move |_, _| {
                let head = if chunked {
                    format!("Transfer-Encoding: chunked\r\n\r\n{size:x}\r\n")
                } else {
                    format!("Content-Length: {size}\r\n\r\n")
                };
                let end = if chunked { "\r\n0\r\n\r\n" } else { "" };
                let text = format!("HTTP/1.1 200 OK\r\n{head}{}{end}", "x".repeat(size));
                Say::Bytes(text.into_bytes())
            })
            .await;
            let outcome = post(&client(), &server.url("/")).await;
            assert_eq!(outcome.result.is_ok(), fits, "{size} {chunked}");
            let kept = outcome.answer().expect("a head");
            assert_eq!((kept.body.len(), kept.truncated), (BODY_BYTES_MAX, !fits));
            if !fits {
                assert_eq!(failure(&outcome).code(), 11750);
            }
        }
    }
}

#[tokio::test]
async fn a_gzip_bomb_is_stopped_at_the_limit() {
    let bomb = gzip(&vec![0; 50_000_000]);
    assert!(bomb.len() < 60_000);
    let server = Server::start(move |_, _| packed("gzip", &bomb)).await;
    let outcome = post(&client(), &server.url("/")).await;
    assert_eq!(failure(&outcome).code(), 11750);
    assert_eq!(outcome.answer().expect("an answer").body.len(), BODY_BYTES_MAX);
}

#[tokio::test]
async fn the_body_of_a_tell_does_not_matter() {
    let server = Server::start(|n, _| match n {
        0 => ok(&"x".repeat(BODY_BYTES_MAX * 3)),
        1 => packed("gzip", b"no gzip"),
        2 => packed("br", b"brotli"),
        3 => Say::Bytes(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n".to_vec()),
        4 => Say::Bytes(b"HTTP/1.1 204 No Content\r\n\r\n".to_vec()),
        _ => answer(201, "", "created"),
    })
    .await;
    let client = client();
    for _ in 0..6 {
        let sending = Sending { expects: Expects::Nothing, ..Sending::default() };
        let outcome = sending.to(&client, &server.url("/")).await;
        let answer = outcome.result.expect("any 2xx is fine");
        assert!(answer.body.len() <= BODY_BYTES_MAX);
    }
}

#[tokio::test]
async fn documents_that_cannot_be_read_have_their_codes() {
    assert_eq!(code_of(|| packed("gzip", b"no gzip at all")).await, 11206);
    assert_eq!(code_of(|| packed("br", b"brotli")).await, 11206);
    assert_eq!(code_of(|| packed("gzip, gzip", &gzip(b"x"))).await, 11206);
    let whole = gzip(b"<Response/>");
    assert_eq!(code_of(move || packed("gzip", &whole[..whole.len() - 4])).await, 11206);
    let empty = || b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n".to_vec();
    assert_eq!(code_of(move || Say::Bytes(empty())).await, 11770);
    let server = Server::start(|_, _| ok("")).await;
    assert!(
        post(&client(), &server.url("/")).await.result.is_ok(),
        "not chunked, so it may be empty"
    );
}

#[tokio::test]
async fn invalid_http_is_11206() {
    for bytes in [
        "nonsense\r\n\r\n",
        "HTTP/1.1 2x0 OK\r\n\r\n",
        "HTTP/3.7 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nBad Header\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: b\u{1}c\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    ] {
        let code = code_of(move || Say::Close(bytes.as_bytes().to_vec())).await;
        assert_eq!(code, 11206, "{bytes:?}");
    }
}

#[tokio::test]
async fn endless_heads_are_cut_off() {
    let many = "X: y\r\n".repeat(101);
    let code = code_of(move || Say::Bytes(format!("HTTP/1.1 200 OK\r\n{many}\r\n").into_bytes()));
    assert_eq!(code.await, 11206);
    let long = format!("HTTP/1.1 200 OK\r\nX: {}", "y".repeat(client::HEADER_BYTES_MAX * 2));
    assert_eq!(code_of(move || Say::Bytes(long.clone().into_bytes())).await, 11206);
    let most = "X: y\r\n".repeat(client::HEADERS_MAX - 1);
    let server = Server::start(move |_, _| answer(200, &most, "fits")).await;
    assert_eq!(body(&post(&client(), &server.url("/")).await), "fits");
}

#[tokio::test]
async fn an_answer_that_ends_early_is_11205_and_keeps_what_came() {
    let half = || b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".to_vec();
    let server = Server::start(move |_, _| Say::Close(half())).await;
    let outcome = post(&client(), &server.url("/#rp=all&rc=3")).await;
    assert_eq!(failure(&outcome).code(), 11205);
    assert_eq!(&outcome.answer().expect("the head came").body[..], b"half");
    assert_eq!(outcome.attempts.len(), 1, "a partial answer is never tried again");
    assert_eq!(code_of(|| Say::Close(b"HTTP/1.1 200 OK\r\nContent".to_vec())).await, 11205);
    assert_eq!(code_of(|| Say::Close(Vec::new())).await, 11205);
}

#[tokio::test]
async fn the_body_of_an_error_is_kept_for_the_log() {
    let server = Server::start(|_, _| answer(503, "Retry-After: 9\r\n", "busy")).await;
    let outcome = post(&client(), &server.url("/")).await;
    assert_eq!(failure(&outcome).code(), 11200);
    let answer = outcome.answer().expect("an answer");
    assert_eq!((answer.status, &answer.body[..]), (503, &b"busy"[..]));
    assert_eq!(answer.header(http::header::RETRY_AFTER), Some("9"));
    assert_eq!(outcome.attempts.len(), 1);
}

#[tokio::test]
async fn a_body_without_a_length_ends_with_the_connection() {
    let server =
        Server::start(|_, _| Say::Close(b"HTTP/1.0 200 OK\r\n\r\nold but fine".to_vec())).await;
    assert_eq!(body(&post(&client(), &server.url("/")).await), "old but fine");
    let early =
        || b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".to_vec();
    let server = Server::start(move |_, _| Say::Bytes(early())).await;
    assert_eq!(body(&post(&client(), &server.url("/")).await), "ok");
}
