//! Connection overrides and retries (spec/webhooks.md 4.1, 4.2).

use client::Why;
use tokio::net::TcpListener;

use crate::support::*;

/// A port nobody listens on.
async fn closed_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    listener.local_addr().expect("bound").port()
}

#[tokio::test]
async fn a_refused_connection_is_tried_twice_and_11202() {
    let port = closed_port().await;
    for (fragment, attempts) in [("", 2), ("#rc=0", 1), ("#rc=3", 4), ("#rp=5xx", 1), ("#rc=9", 6)]
    {
        let outcome = post(&client(), &format!("http://127.0.0.1:{port}/{fragment}")).await;
        assert_eq!(failure(&outcome).code(), 11202, "{fragment}");
        assert_eq!(outcome.attempts.len(), attempts, "{fragment}");
        assert!(outcome.attempts.iter().skip(1).all(|attempt| attempt.why == Why::Retry));
        assert!(outcome.attempts.iter().all(|attempt| attempt.remote_address.is_none()));
    }
}

#[tokio::test]
async fn statuses_are_tried_again_only_if_named() {
    for (status, fragment, requests) in [
        (500, "", 1),
        (500, "#rp=5xx", 2),
        (500, "#rp=4xx&rc=2", 1),
        (404, "#rp=4xx&rc=2", 3),
        (429, "#rp=all&rc=1", 2),
        (503, "#rp=ct,rt&rc=5", 1),
    ] {
        let server = Server::start(move |_, _| answer(status, "", "no")).await;
        let outcome = post(&client(), &server.url(&format!("/{fragment}"))).await;
        assert_eq!(failure(&outcome).code(), 11200);
        let seen = server.seen();
        assert_eq!(seen.len(), requests, "{status} {fragment}");
        let tokens = seen.iter().map(|seen| seen.header("I-Twilio-Idempotency-Token"));
        assert!(tokens.into_iter().all(|token| token == Some(IDEMPOTENCY_TOKEN)));
    }
}

#[tokio::test]
async fn a_retry_can_succeed_and_stays_where_it_failed() {
    let server = Server::start(|n, _| match n {
        0 => answer(307, "Location: /b\r\n", ""),
        1 => answer(502, "", ""),
        _ => ok("at last"),
    })
    .await;
    let outcome = post(&client(), &server.url("/a#rp=5xx")).await;
    assert_eq!(body(&outcome), "at last");
    let lines: Vec<_> = server.seen().iter().map(|seen| seen.line().to_owned()).collect();
    assert_eq!(lines, ["POST /a HTTP/1.1", "POST /b HTTP/1.1", "POST /b HTTP/1.1"]);
    let codes: Vec<_> =
        outcome.attempts.iter().map(|attempt| attempt.failure.as_ref().map(|f| f.code())).collect();
    assert_eq!(codes, [None, Some(11200), None]);
}

#[tokio::test]
async fn silence_is_tried_again_only_if_named() {
    for (fragment, requests) in [("#rt=100", 1), ("#rt=100&rp=rt", 2), ("#rt=100&rp=ct,5xx", 1)] {
        let server = Server::start(|_, _| Say::Silence).await;
        let outcome = post(&client(), &server.url(&format!("/{fragment}"))).await;
        assert_eq!(failure(&outcome).code(), 11200, "{fragment}");
        assert_eq!(server.seen().len(), requests, "{fragment}");
    }
}

#[tokio::test]
async fn a_name_without_an_address_is_11210() {
    let outcome = post(&client(), "http://no-such-host.invalid/#rc=0").await;
    assert_eq!(failure(&outcome).code(), 11210);
}
