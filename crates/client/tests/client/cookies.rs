//! Cookies over the wire (spec/webhooks.md 1.3); their rules are tested beside them.

use exchange::webhooks::cookies::Jar;

use crate::support::*;

#[tokio::test]
async fn cookies_go_round_within_redirects_and_across_exchanges() {
    let server = Server::start(|n, _| match n {
        0 => answer(
            302,
            "Set-Cookie: a=1; Path=/\r\nSet-Cookie: b=2; Path=/\r\nLocation: /x\r\n",
            "",
        ),
        1 => answer(200, "Set-Cookie: a=3; Path=/; Max-Age=60\r\n", ""),
        _ => ok(""),
    })
    .await;
    let client = client();
    let sending = Sending { cookies: Some(Jar::default()), ..Sending::default() };
    let jar = sending.to(&client, &server.url("/")).await.cookies.expect("the jar comes back");
    let kept = Jar::from_text(&jar.to_text());
    let sending = Sending { cookies: Some(kept.clone()), ..Sending::default() };
    sending.to(&client, &server.url("/")).await.result.expect("ok");
    let later = Sending { cookies: Some(kept), now_seconds: 1_700_000_060, ..Sending::default() };
    later.to(&client, &server.url("/")).await.result.expect("ok");
    let sent: Vec<_> =
        server.seen().iter().map(|seen| seen.header("Cookie").map(str::to_owned)).collect();
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(sent, [None, some("a=1; b=2"), some("b=2; a=3"), some("b=2")]);
}

#[tokio::test]
async fn without_a_jar_no_cookie_is_kept() {
    let server = Server::start(|n, _| match n {
        0 => answer(302, "Set-Cookie: a=1; Path=/\r\nLocation: /x\r\n", ""),
        _ => ok(""),
    })
    .await;
    let outcome = post(&client(), &server.url("/")).await;
    assert!(outcome.result.is_ok() && outcome.cookies.is_none());
    assert_eq!(server.seen()[1].header("Cookie"), None);
}

#[tokio::test]
async fn a_bad_cookie_is_a_problem_and_no_failure() {
    let server = Server::start(|_, _| {
        answer(200, "Set-Cookie: =x\r\nSet-Cookie: a=\tb\tc\r\nSet-Cookie: good=1\r\n", "fine")
    })
    .await;
    let sending = Sending { cookies: Some(Jar::default()), ..Sending::default() };
    let outcome = sending.to(&client(), &server.url("/")).await;
    assert_eq!(body(&outcome), "fine");
    let codes: Vec<u32> = outcome.problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, [11206]);
    assert!(outcome.cookies.expect("a jar").to_text().starts_with("good\t1\t"));
}
