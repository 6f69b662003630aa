//! Files for `<Play>` and errands to the operator's own services (spec/twiml.md 2.2).

use std::io::Write as _;
use std::time::Duration;

use client::{
    Certificates, Client, Errand, FETCH_TOTAL_TIMEOUT_MS_MAX, Fetch, MEDIA_BYTES_MAX, Outcome,
    Validators, Why,
};
use exchange::webhooks::guard::Profile;
use webhook::{Key, Product};

use crate::support::*;

/// Enough for every file of these tests but one.
const SMALL_BYTES_MAX: usize = 300_000;

async fn fetch(client: &Client, url: &str, validators: Option<Validators<'_>>) -> Outcome {
    let key = Key::new(TOKEN);
    let fetch = Fetch {
        url,
        key: &key,
        product: Product::Voice,
        certificates: Certificates::Verify,
        body_bytes_max: SMALL_BYTES_MAX,
        total_timeout_ms: FETCH_TOTAL_TIMEOUT_MS_MAX,
        validators,
    };
    client.fetch(fetch).await
}

fn file(length: usize) -> Say {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: audio/wav\r\nContent-Length: {length}");
    Say::Bytes([head.as_bytes(), b"\r\n\r\n", &vec![7; length]].concat())
}

#[tokio::test]
async fn a_file_is_asked_for_by_a_signed_get_without_parameters_or_marks() {
    let server = Server::start(|_, _| file(200_000)).await;
    let outcome = fetch(&client(), &server.url("/a.wav?x=1"), None).await;
    assert_eq!(outcome.result.as_ref().expect("fetched").body.len(), 200_000);
    let attempt = &outcome.attempts[0];
    assert_eq!(attempt.answer.as_ref().expect("logged").body.len(), 0, "the log keeps no sound");
    let seen = server.seen().remove(0);
    assert_eq!(seen.line(), "GET /a.wav?x=1 HTTP/1.1");
    assert_eq!(seen.header("User-Agent"), Some("TwilioProxy/1.1"));
    seen.assert_signed_for(&server.url(""));
    for name in ["I-Twilio-Idempotency-Token", "X-Home-Region", "Content-Type", "Cookie"] {
        assert_eq!(seen.header(name), None, "{name}");
    }
    assert_eq!(seen.header("If-None-Match"), None);
}

#[tokio::test]
async fn a_file_has_a_size_it_may_not_pass_packed_or_not() {
    assert_eq!(MEDIA_BYTES_MAX, 40 * 1024 * 1024);
    let server = Server::start(|_, _| file(SMALL_BYTES_MAX + 1)).await;
    assert_eq!(failure(&fetch(&client(), &server.url("/"), None).await).code(), 11750);
    // 100 megabytes of nothing in a hundred kilobytes.
    let bomb = Server::start(|_, _| {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        (0..100).for_each(|_| packer.write_all(&[0; 1_000_000]).expect("memory"));
        let packed = packer.finish().expect("memory");
        let head = format!("Content-Encoding: gzip\r\nContent-Length: {}", packed.len());
        Say::Bytes([format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n").as_bytes(), &packed].concat())
    })
    .await;
    assert_eq!(failure(&fetch(&client(), &bomb.url("/"), None).await).code(), 11750);
    let endless = Server::start(|_, _| {
        let piece = [b"2710\r\n".as_slice(), &[0; 10_000], b"\r\n"].concat();
        let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
        Say::Bytes([head, piece.repeat(500)].concat())
    })
    .await;
    assert_eq!(failure(&fetch(&client(), &endless.url("/"), None).await).code(), 11750);
}

#[tokio::test]
async fn what_is_said_instead_of_a_file_is_kept_short() {
    let server = Server::start(|_, _| answer(404, "", &"x".repeat(200_000))).await;
    let outcome = fetch(&client(), &server.url("/"), None).await;
    assert_eq!(failure(&outcome).code(), 11200);
    let kept = outcome.answer().expect("logged");
    assert_eq!((kept.body.len(), kept.truncated), (client::BODY_BYTES_MAX, true));
}

#[tokio::test]
async fn a_304_is_a_success_for_who_asked_whether_anything_changed() {
    let server = Server::start(|_, _| answer(304, "ETag: \"v1\"\r\n", "")).await;
    let url = server.url("/a.wav");
    let date = "Tue, 15 Nov 1994 12:45:26 GMT";
    let known = Validators { url: &url, etag: Some("\"v1\""), last_modified: Some(date) };
    let outcome = fetch(&client(), &url, Some(known)).await;
    assert_eq!(outcome.result.expect("not modified").status, 304);
    let seen = server.seen().remove(0);
    assert_eq!(seen.header("If-None-Match"), Some("\"v1\""));
    assert_eq!(seen.header("If-Modified-Since"), Some(date));
    // Nobody asked that.
    assert_eq!(failure(&fetch(&client(), &url, None).await).code(), 11216);
}

#[tokio::test]
async fn a_version_is_asked_for_at_the_url_it_is_of() {
    let server = Server::start(|_, seen| match seen.line() {
        "GET /old HTTP/1.1" => answer(302, "Location: /new\r\n", ""),
        _ => answer(304, "", ""),
    })
    .await;
    let (old, new) = (server.url("/old"), server.url("/new"));
    let known = |url| Some(Validators { url, etag: Some("\"v\""), last_modified: None });
    let outcome = fetch(&client(), &old, known(&new)).await;
    assert_eq!(outcome.result.expect("not modified").status, 304);
    let asked: Vec<bool> =
        server.seen().iter().map(|seen| seen.header("If-None-Match").is_some()).collect();
    assert_eq!(asked, [false, true]);
    // What is known of another URL says nothing about where the redirect leads now.
    assert_eq!(failure(&fetch(&client(), &old, known(&old)).await).code(), 11216);
}

#[tokio::test]
async fn credentials_redirects_and_retries_are_as_with_webhooks() {
    let server = Server::start(|_, seen| match (seen.line(), seen.header("Authorization")) {
        ("GET /a HTTP/1.1", None) => answer(401, "WWW-Authenticate: Basic realm=x\r\n", ""),
        ("GET /a HTTP/1.1", Some(_)) => answer(307, "Location: /b\r\n", ""),
        _ => file(10),
    })
    .await;
    let url = format!("http://me:secret@{}/a", server.address);
    let outcome = fetch(&client(), &url, None).await;
    let whys: Vec<Why> = outcome.attempts.iter().map(|attempt| attempt.why).collect();
    assert_eq!(whys, [Why::First, Why::Challenge, Why::Redirect]);
    assert!(outcome.result.is_ok());
    for seen in server.seen() {
        seen.assert_signed_for(&server.url(""));
    }
    let failing = Server::start(|_, _| answer(500, "", "")).await;
    let outcome = fetch(&client(), &failing.url("/#rc=2&rp=5xx"), None).await;
    assert_eq!((failure(&outcome).code(), outcome.attempts.len()), (11200, 3));
}

#[tokio::test]
async fn a_slow_server_is_waited_for_as_long_as_the_url_says() {
    let silent = Server::start(|_, _| Say::Silence).await;
    let outcome = fetch(&client(), &silent.url("/#rt=100"), None).await;
    assert_eq!(failure(&outcome).to_string(), "no answer within 100 ms");
    let dripping = Server::start(|_, _| {
        let head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".to_vec();
        let drops = std::iter::once(head).chain((0..100).map(|_| vec![0]));
        Say::Slowly(drops.collect(), Duration::from_millis(20))
    })
    .await;
    let outcome = fetch(&client(), &dripping.url("/#tt=300"), None).await;
    assert_eq!(failure(&outcome).code(), 11203);
}

#[tokio::test]
async fn the_guard_judges_files_too() {
    let server = Server::start(|_, _| file(10)).await;
    let guarded = Client::new(settings(Profile::Public)).expect("good settings");
    let outcome = fetch(&guarded, &server.url("/"), None).await;
    assert_eq!((failure(&outcome).code(), server.connections()), (11205, 0));
}

async fn errand(client: &Client, url: &str) -> Outcome {
    let errand = Errand {
        url,
        content_type: "text/plain",
        body: "¿Qué tal?".into(),
        body_bytes_max: SMALL_BYTES_MAX,
        total_timeout_ms: 300,
    };
    client.run_errand(errand).await
}

#[tokio::test]
async fn an_errand_goes_where_the_operator_said_and_nowhere_else() {
    let server = Server::start(|n, _| match n {
        0 => file(10),
        1 => answer(307, "Location: /elsewhere\r\n", ""),
        _ => Say::Silence,
    })
    .await;
    let guarded = Client::new(settings(Profile::Public)).expect("good settings");
    assert_eq!(errand(&guarded, &server.url("/tts")).await.result.expect("done").body.len(), 10);
    let seen = server.seen().remove(0);
    assert_eq!((seen.line(), seen.body.as_str()), ("POST /tts HTTP/1.1", "¿Qué tal?"));
    assert_eq!(seen.header("Content-Type"), Some("text/plain"));
    assert_eq!(seen.header("X-Twilio-Signature"), None);
    assert_eq!(failure(&errand(&guarded, &server.url("/tts")).await).code(), 11216);
    assert_eq!(failure(&errand(&guarded, &server.url("/tts")).await).code(), 11203);
    // The place is the operator's for errands only.
    assert_eq!(failure(&fetch(&guarded, &server.url("/tts"), None).await).code(), 11205);
}
