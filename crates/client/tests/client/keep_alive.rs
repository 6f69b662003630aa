//! Connections that serve again.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::Notify;

use crate::support::*;

#[tokio::test]
async fn a_connection_serves_one_request_after_another() {
    let server = Server::start(|_, _| ok("again")).await;
    let client = client();
    for _ in 0..20 {
        assert_eq!(body(&post(&client.clone(), &server.url("/")).await), "again");
    }
    assert_eq!(server.connections(), 1);
    let outcome = post(&client, &server.url("/")).await;
    assert_eq!(outcome.attempts[0].connect_us, None);
    assert_eq!(outcome.attempts[0].remote_address, Some(server.address));
}

#[tokio::test]
async fn requests_at_once_have_connections_of_their_own() {
    let server = Server::start(|_, _| ok("parallel")).await;
    let (client, url) = (client(), server.url("/"));
    let (a, b, c) = tokio::join!(post(&client, &url), post(&client, &url), post(&client, &url));
    for outcome in [a, b, c] {
        assert_eq!(body(&outcome), "parallel");
    }
    assert_eq!(server.connections(), 3);
    let _ = tokio::join!(post(&client, &url), post(&client, &url), post(&client, &url));
    assert_eq!(server.connections(), 3);
}

#[tokio::test]
async fn a_connection_that_says_close_or_too_much_does_not_serve_again() {
    for extra in ["Connection: close\r\n\r\nok", "\r\nokHTTP/1.1 200 OK\r\n\r\n"] {
        let server = Server::start(move |_, _| {
            Say::Bytes(format!("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n{extra}").into_bytes())
        })
        .await;
        let client = client();
        assert_eq!(body(&post(&client, &server.url("/")).await), "ok");
        assert_eq!(body(&post(&client, &server.url("/")).await), "ok");
        assert_eq!(server.connections(), 2, "{extra:?}");
    }
}

#[tokio::test]
async fn a_connection_with_an_unread_rest_does_not_serve_again() {
    let server =
        Server::start(|n, _| if n == 0 { ok(&"x".repeat(10_000_000)) } else { ok("fresh") }).await;
    let client = client();
    assert_eq!(failure(&post(&client, &server.url("/")).await).code(), 11750);
    assert_eq!(body(&post(&client, &server.url("/")).await), "fresh");
    assert_eq!(server.connections(), 2);
}

/// Answers the first request of each connection. The first connection is closed as soon as
/// another request has arrived on it, or at once when `idle` is set.
async fn closing_server(idle: bool) -> (String, Arc<AtomicUsize>, Arc<Notify>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/", listener.local_addr().expect("bound"));
    let (count, closed) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
    let (counting, closing) = (Arc::clone(&count), Arc::clone(&closed));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counting.fetch_add(1, Ordering::SeqCst);
            let mut buffer = [0; 4096];
            let _ = stream.read(&mut buffer).await;
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await;
            if !idle {
                let _ = stream.read(&mut buffer).await;
            }
            drop(stream);
            closing.notify_one();
        }
    });
    (url, count, closed)
}

#[tokio::test]
async fn a_connection_closed_while_waiting_is_replaced_without_a_retry() {
    for idle in [true, false] {
        let (url, count, closed) = closing_server(idle).await;
        let client = client();
        assert_eq!(body(&post(&client, &format!("{url}#rc=0")).await), "ok");
        if idle {
            closed.notified().await;
        }
        let outcome = post(&client, &format!("{url}#rc=0")).await;
        assert_eq!(body(&outcome), "ok", "idle {idle}");
        assert_eq!(outcome.attempts.len(), 1, "not an attempt of its own");
        assert!(outcome.attempts[0].connect_us.is_some());
        assert_eq!(count.load(Ordering::SeqCst), 2);
    }
}

#[tokio::test]
async fn a_reused_connection_that_fails_within_the_answer_is_not_replaced() {
    let server = Server::start(|n, _| match n {
        0 => ok("first"),
        _ => Say::Close(b"HTTP/1.1 2".to_vec()),
    })
    .await;
    let client = client();
    assert_eq!(body(&post(&client, &server.url("/")).await), "first");
    assert_eq!(failure(&post(&client, &server.url("/")).await).code(), 11205);
    assert_eq!((server.seen().len(), server.connections()), (2, 1));
}

#[tokio::test]
async fn a_new_connection_that_closes_is_not_tried_again() {
    let server = Server::start(|_, _| Say::Close(Vec::new())).await;
    assert_eq!(failure(&post(&client(), &server.url("/")).await).code(), 11205);
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_connection_does_not_wait_for_ever() {
    let server = Server::start(|_, _| ok("ok")).await;
    let client = client();
    assert_eq!(body(&post(&client, &server.url("/")).await), "ok");
    tokio::time::pause();
    tokio::time::advance(std::time::Duration::from_secs(11)).await;
    tokio::time::resume();
    assert_eq!(body(&post(&client, &server.url("/")).await), "ok");
    assert_eq!(server.connections(), 2);
}
