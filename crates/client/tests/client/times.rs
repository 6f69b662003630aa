//! Timeouts (spec/webhooks.md 4.1). Short ones, so the tests do not wait.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use client::Client;
use exchange::webhooks::guard::Profile;
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use crate::support::*;

/// A listener that never accepts and whose queue is full: further connections hang.
struct Hanging {
    address: SocketAddr,
    _listener: TcpListener,
    _queue: Vec<TcpStream>,
}

async fn hanging(address: &str) -> Hanging {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind(address.parse().expect("an address")).expect("a free port");
    let listener = socket.listen(1).expect("listening");
    let address = listener.local_addr().expect("bound");
    let mut queue = Vec::new();
    let connect = || tokio::time::timeout(Duration::from_millis(100), TcpStream::connect(address));
    while let Ok(Ok(stream)) = connect().await {
        queue.push(stream);
        assert!(queue.len() < 64, "the queue never fills");
    }
    Hanging { address, _listener: listener, _queue: queue }
}

#[tokio::test]
async fn an_address_that_hangs_leaves_time_for_the_next_one() {
    let server = Server::start(|_, _| ok("reached")).await;
    let port = server.address.port();
    let _hanging = hanging(&format!("127.0.0.2:{port}")).await;
    let mut settings = settings(Profile::Local);
    for address in ["127.0.0.2", "127.0.0.1"] {
        settings.hosts.push(("two.example".to_owned(), address.parse().expect("an address")));
    }
    let client = Client::new(settings).expect("good settings");
    let outcome = post(&client, &format!("http://two.example:{port}/#ct=600&rc=0")).await;
    assert_eq!(body(&outcome), "reached");
    let connect_us = outcome.attempts[0].connect_us.expect("a new connection");
    assert!((300_000..550_000).contains(&connect_us), "half of the time each: {connect_us}");
}

#[tokio::test]
async fn no_connection_in_time_is_11201() {
    let hanging = hanging("127.0.0.1:0").await;
    let address = hanging.address;
    let begun = Instant::now();
    let outcome = post(&client(), &format!("http://{address}/#ct=100&rc=1")).await;
    assert_eq!(failure(&outcome).code(), 11201);
    assert_eq!(outcome.attempts.len(), 2);
    assert!(begun.elapsed() >= Duration::from_millis(200));
    let outcome = post(&client(), &format!("http://{address}/#ct=1000&tt=100")).await;
    assert_eq!(failure(&outcome).code(), 11203, "the total time ends an attempt to connect, too");
    assert_eq!(outcome.attempts.len(), 1);
}

#[tokio::test]
async fn silence_for_the_read_timeout_is_11200_and_for_the_total_11203() {
    for (fragment, code) in [("#rt=100", 11200), ("#tt=100", 11203), ("#rt=200&tt=100", 11203)] {
        let server = Server::start(|_, _| Say::Silence).await;
        let begun = Instant::now();
        let outcome = post(&client(), &server.url(&format!("/{fragment}"))).await;
        assert_eq!(failure(&outcome).code(), code, "{fragment}");
        assert!((100..2000).contains(&begun.elapsed().as_millis()), "{fragment}");
        assert_eq!(outcome.attempts[0].first_byte_us, None);
    }
}

#[tokio::test]
async fn the_read_timeout_counts_the_gaps_and_the_total_the_sum() {
    let head = || b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n".to_vec();
    let pieces = move || {
        let mut pieces = vec![head()];
        pieces.extend((0..8).map(|n: u8| vec![b'0' + n]));
        pieces
    };
    let slow = move |_: usize, _: &Seen| Say::Slowly(pieces(), Duration::from_millis(30));
    let server = Server::start(slow).await;
    assert_eq!(body(&post(&client(), &server.url("/#rt=150")).await), "01234567");
    let outcome = post(&client(), &server.url("/#tt=120")).await;
    assert_eq!(failure(&outcome).code(), 11203);
    let stuck =
        move |_: usize, _: &Seen| Say::Slowly(vec![head(), vec![]], Duration::from_millis(400));
    let server = Server::start(stuck).await;
    let outcome = post(&client(), &server.url("/#rt=600&tt=700")).await;
    assert_eq!(failure(&outcome).code(), 11203);
}

#[tokio::test]
async fn an_answer_that_stops_is_11200_and_never_tried_again() {
    let server = Server::start(|_, _| {
        Say::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345".to_vec())
    })
    .await;
    let outcome = post(&client(), &server.url("/#rt=100&rp=all&rc=3")).await;
    assert_eq!(failure(&outcome).code(), 11200);
    assert_eq!(outcome.attempts.len(), 1);
    assert_eq!(&outcome.answer().expect("the head came").body[..], b"12345");
}

#[tokio::test]
async fn a_trickled_head_counts_as_life_until_the_total_is_over() {
    let text = b"HTTP/1.1 200 OK\r\nX-Slow: yes\r\n".to_vec();
    let pieces: Vec<Vec<u8>> = text.into_iter().map(|byte| vec![byte]).collect();
    let server =
        Server::start(move |_, _| Say::Slowly(pieces.clone(), Duration::from_millis(20))).await;
    let outcome = post(&client(), &server.url("/#rt=150&tt=300&rp=all")).await;
    assert_eq!(failure(&outcome).code(), 11203);
    assert_eq!(outcome.attempts.len(), 1);
    assert!(outcome.attempts[0].first_byte_us.is_some());
}

#[tokio::test]
async fn a_dropped_exchange_closes_its_connection() {
    let server = Server::start(|_, _| Say::Silence).await;
    let (client, url) = (client(), server.url("/"));
    let waiting = post(&client, &url);
    let cut = tokio::time::timeout(Duration::from_millis(100), waiting).await;
    assert!(cut.is_err());
    assert_eq!(server.seen().len(), 1);
}
