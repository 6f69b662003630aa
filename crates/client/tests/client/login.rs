//! Userinfo, Basic and Digest (spec/webhooks.md 1.4).

use client::{Outcome, Why};

use crate::support::*;

fn challenge(value: &str) -> Say {
    answer(401, &format!("WWW-Authenticate: {value}\r\n"), "who?")
}

fn why(outcome: &Outcome) -> Vec<Why> {
    outcome.attempts.iter().map(|attempt| attempt.why).collect()
}

#[tokio::test]
async fn basic_credentials_follow_a_challenge_and_then_stay_with_their_origin() {
    // "user" and "p:ss" in base64.
    const AUTHORIZATION: &str = "Basic dXNlcjpwOnNz";
    let server = Server::start(|_, seen| match (seen.header("Authorization"), seen.line()) {
        (None, _) => challenge("Basic realm=\"app\""),
        (Some(AUTHORIZATION), "POST /in HTTP/1.1") => answer(307, "Location: /next\r\n", ""),
        (Some(AUTHORIZATION), _) => ok("welcome"),
        (Some(_), _) => answer(400, "", ""),
    })
    .await;
    let url = format!("http://user:p%3Ass@{}/in", server.address);
    let outcome = post(&client(), &url).await;
    assert_eq!(body(&outcome), "welcome");
    assert_eq!(why(&outcome), [Why::First, Why::Challenge, Why::Redirect]);
    let seen = server.seen();
    assert_eq!(seen[0].body, seen[1].body, "the identical request again");
    seen.iter().for_each(|seen| seen.assert_signed_for(&server.url("")));
    assert!(!format!("{outcome:?}").contains("dXNlcjpwOnNz"), "the log shows the scheme alone");
    assert!(format!("{outcome:?}").contains("Basic ***"));
}

#[tokio::test]
async fn digest_credentials_answer_a_digest_challenge() {
    let server = Server::start(|_, seen| match seen.header("Authorization") {
        None => challenge("Digest realm=\"r\", nonce=\"n1\", qop=\"auth\", algorithm=SHA-256"),
        Some(text) if text.contains("nonce=\"n1\"") && text.contains("nc=00000001") => {
            // Too old: the same credentials with a new nonce.
            challenge("Digest realm=\"r\", nonce=\"n2\", qop=\"auth\", stale=true")
        }
        Some(text) if text.contains("nonce=\"n2\"") => {
            let field = |name: &str| {
                let rest = text.split(&format!("{name}=")).nth(1).expect("the field");
                rest.split(',').next().expect("a value").trim_matches('"').to_owned()
            };
            assert_eq!((field("username"), field("uri")), ("u".to_owned(), "/d?x=1".to_owned()));
            assert_eq!(field(" response").len(), 32);
            assert_eq!(field("cnonce").len(), 32);
            ok("in")
        }
        Some(_) => answer(400, "", ""),
    })
    .await;
    let outcome = post(&client(), &format!("http://u:p@{}/d?x=1", server.address)).await;
    assert_eq!(body(&outcome), "in");
    assert_eq!(why(&outcome), [Why::First, Why::Challenge, Why::Challenge]);
}

#[tokio::test]
async fn a_second_401_is_a_failure() {
    for value in ["Basic realm=x", "Digest nonce=n, qop=auth", "Digest nonce=n, stale=true"] {
        let server = Server::start(move |_, _| challenge(value)).await;
        let outcome = post(&client(), &format!("http://u:p@{}/", server.address)).await;
        assert_eq!(failure(&outcome).code(), 11200, "{value}");
        let tries = if value.contains("stale") { 3 } else { 2 };
        assert!((2..=tries).contains(&server.seen().len()), "{value} {}", server.seen().len());
    }
}

#[tokio::test]
async fn without_credentials_or_a_known_scheme_a_401_is_just_a_401() {
    let server = Server::start(|_, _| challenge("Basic realm=x")).await;
    assert_eq!(failure(&post(&client(), &server.url("/")).await).code(), 11200);
    assert_eq!(server.seen().len(), 1);
    let server = Server::start(|_, _| challenge("Negotiate")).await;
    let url = format!("http://u:p@{}/", server.address);
    assert_eq!(failure(&post(&client(), &url).await).code(), 11200);
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn credentials_never_go_to_another_origin() {
    let thief =
        Server::start(|n, _| if n == 0 { challenge("Basic realm=x") } else { ok("") }).await;
    let elsewhere = thief.url("/steal");
    let server = Server::start(move |_, seen| match seen.header("Authorization") {
        None => challenge("Basic realm=x"),
        Some(_) => answer(307, &format!("Location: {elsewhere}\r\n"), ""),
    })
    .await;
    let outcome = post(&client(), &format!("http://u:p@{}/", server.address)).await;
    assert_eq!(failure(&outcome).code(), 11200);
    assert_eq!(thief.seen().len(), 1);
    assert_eq!(thief.seen()[0].header("Authorization"), None);
}
