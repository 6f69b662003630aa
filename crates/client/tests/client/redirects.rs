//! Redirects (spec/webhooks.md 1.5).

use client::Why;

use crate::support::*;

fn to(status: u16, location: &str) -> Say {
    answer(status, &format!("Location: {location}\r\n"), "moved")
}

#[tokio::test]
async fn four_codes_lead_on_and_each_hop_is_signed_anew() {
    for (status, line) in [
        (301, "GET /next?q=1 HTTP/1.1"),
        (302, "GET /next?q=1 HTTP/1.1"),
        (303, "GET /next?q=1 HTTP/1.1"),
        (307, "POST /next?q=1 HTTP/1.1"),
    ] {
        let server = Server::start(
            move |n, _| {
                if n == 0 { to(status, "next?q=1#rc=5") } else { ok("here") }
            },
        );
        let server = server.await;
        let outcome = post(&client(), &server.url("/sms")).await;
        assert_eq!(body(&outcome), "here");
        assert_eq!(outcome.final_url(), Some(server.url("/next?q=1").as_str()));
        let seen = server.seen();
        assert_eq!(seen[1].line(), line);
        assert_eq!(seen[1].body.is_empty(), status != 307, "parameters survive 307 only");
        for request in &seen {
            request.assert_signed_for(&server.url(""));
            assert_eq!(request.header("I-Twilio-Idempotency-Token"), Some(IDEMPOTENCY_TOKEN));
        }
        let why: Vec<Why> = outcome.attempts.iter().map(|attempt| attempt.why).collect();
        assert_eq!(why, [Why::First, Why::Redirect]);
        assert!(outcome.attempts[0].failure.is_none());
        assert_eq!(server.connections(), 1, "the same connection serves the next hop");
    }
}

#[tokio::test]
async fn a_get_keeps_its_parameters_out_of_the_next_url() {
    let server = Server::start(|n, _| if n == 0 { to(307, "/x?only=this") } else { ok("") }).await;
    get(&client(), &server.url("/")).await.result.expect("followed");
    assert_eq!(server.seen()[1].line(), "GET /x?only=this HTTP/1.1");
}

#[tokio::test]
async fn other_codes_and_bad_locations_are_11216() {
    for (status, location) in [
        (300, "/x"),
        (304, ""),
        (305, "/x"),
        (308, "/x"),
        (302, ""),
        (302, "ftp://x/"),
        (302, "http://"),
    ] {
        let server = Server::start(move |_, _| to(status, location)).await;
        let outcome = post(&client(), &server.url("/")).await;
        assert_eq!(failure(&outcome).code(), 11216, "{status} {location}");
        assert_eq!(outcome.attempts.len(), 1);
    }
}

#[tokio::test]
async fn ten_redirects_are_followed_and_the_eleventh_is_11215() {
    let server = Server::start(|n, _| if n < 10 { to(302, "/again") } else { ok("end") }).await;
    assert_eq!(body(&post(&client(), &server.url("/")).await), "end");
    let server = Server::start(|_, _| to(302, "/again")).await;
    let outcome = post(&client(), &server.url("/")).await;
    assert_eq!(failure(&outcome).code(), 11215);
    assert_eq!(server.seen().len(), 11);
}

#[tokio::test]
async fn all_hops_share_the_total_time() {
    let server = Server::start(|_, _| {
        let bytes = b"HTTP/1.1 302 X\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n".to_vec();
        Say::Slowly(vec![bytes], std::time::Duration::from_millis(80))
    })
    .await;
    let outcome = post(&client(), &server.url("/#tt=200")).await;
    assert_eq!(failure(&outcome).code(), 11203);
    assert!((2..=4).contains(&outcome.attempts.len()), "{}", outcome.attempts.len());
}
