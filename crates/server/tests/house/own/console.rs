//! The console's door: its files and their headers, links and forms that sign in, and what a
//! cookie is good for.

use super::ask_bare;
use crate::asker::Got;
use crate::support::{Opened, open, open_with};

/// A request of the console's page.
const MARK: &str = "x-offhook-console: 1\r\n";

/// The origin of the page, as the tests' requests name their host.
const HERE: &str = "origin: http://localhost\r\n";

fn header<'g>(got: &'g Got, name: &str) -> &'g str {
    let pairs = got.head.lines().filter_map(|line| line.split_once(": "));
    let mut found = pairs.filter(|(one, _)| one.eq_ignore_ascii_case(name));
    found.next().map(|(_, value)| value).unwrap_or_default()
}

/// A fresh link's path and query.
async fn link(opened: &Opened) -> String {
    let (status, made) = opened.call("POST", "/console/links", &[]).await;
    assert_eq!(status, 201, "{made}");
    let url = made["url"].as_str().expect("a URL");
    url.strip_prefix("http://localhost").expect("of this house").to_owned()
}

/// The cookie of an answer as a request sends it.
fn cookie(got: &Got) -> String {
    let set = header(got, "set-cookie");
    for part in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(set.contains(part), "{set}");
    }
    format!("cookie: {}\r\n", set.split(';').next().expect("a pair"))
}

/// Signed in by a link.
async fn signed_in(opened: &Opened) -> String {
    let got = ask_bare(opened, "GET", &link(opened).await, "", "").await;
    assert_eq!((got.status, header(&got, "location")), (303, "/console/"));
    cookie(&got)
}

async fn status(opened: &Opened, method: &str, path: &str, headers: &str) -> u16 {
    ask_bare(opened, method, path, headers, "").await.status
}

const BINS: &str = "/offhook/v1/Bins";

#[tokio::test]
async fn a_link_signs_in_once_and_its_cookie_is_taken_from_the_page_alone() {
    let opened = open().await;
    let path = link(&opened).await;
    let got = ask_bare(&opened, "GET", &path, "", "").await;
    let cookie = cookie(&got);
    let again = ask_bare(&opened, "GET", &path, "", "").await;
    assert_eq!(header(&again, "set-cookie"), "", "a link signs in once");
    assert_eq!(header(&again, "location"), "/console/?link-used");

    let there = "origin: http://evil.example\r\n";
    for (headers, expected) in [
        (format!("{cookie}{MARK}"), 200),
        (format!("{cookie}{MARK}{HERE}sec-fetch-site: same-origin\r\n"), 200),
        (cookie.clone(), 401),
        (format!("{cookie}{HERE}"), 401),
        (format!("{cookie}{MARK}{there}"), 401),
        (format!("{cookie}{MARK}origin: null\r\n"), 401),
        (format!("{cookie}{MARK}sec-fetch-site: cross-site\r\n"), 401),
        (format!("{cookie}{MARK}sec-fetch-site: same-site\r\n"), 401),
        (MARK.to_owned(), 401),
        (format!("cookie: offhook-console-1=x\r\n{MARK}"), 401),
    ] {
        assert_eq!(status(&opened, "GET", BINS, &headers).await, expected, "{headers}");
        // The same for what changes something: here by a form that is wrong.
        let expected = if expected == 200 { 400 } else { expected };
        assert_eq!(status(&opened, "POST", BINS, &headers).await, expected, "{headers}");
    }
    let refused = ask_bare(&opened, "GET", BINS, MARK, "").await;
    assert_eq!(header(&refused, "www-authenticate"), "", "no dialog of the browser's");
    let refused = ask_bare(&opened, "GET", "/console/session", MARK, "").await;
    assert_eq!((refused.status, header(&refused, "www-authenticate")), (401, ""));
    let refused = ask_bare(&opened, "GET", BINS, "", "").await;
    assert!(header(&refused, "www-authenticate").starts_with("Basic"));
    opened.finish().await;
}

#[tokio::test]
async fn a_sid_and_its_secret_sign_in_and_signing_out_ends_it() {
    let opened = open().await;
    let form = |sid: &str, token: &str| format!("AccountSid={sid}&AuthToken={token}");
    let sign_in = async |headers: &str, body: &str| {
        let headers = format!("{headers}content-type: application/x-www-form-urlencoded\r\n");
        ask_bare(&opened, "POST", "/console/session", &headers, body).await
    };
    let (sid, token) = (opened.sid.to_string(), opened.token.clone());
    let wrong = sign_in(MARK, &form(&sid, "wrong")).await;
    assert_eq!((wrong.status, header(&wrong, "set-cookie")), (401, ""));
    let bare = sign_in("", &form(&sid, &token)).await;
    assert_eq!((bare.status, header(&bare, "set-cookie")), (403, ""), "only the page signs in");
    let foreign = format!("{MARK}origin: http://evil.example\r\n");
    assert_eq!(sign_in(&foreign, &form(&sid, &token)).await.status, 403);

    let got = sign_in(MARK, &form(&sid, &token)).await;
    assert_eq!(got.status, 201);
    assert_eq!(got.json()["account_sid"], sid.as_str());
    assert!(!header(&got, "set-cookie").contains(&token));
    let headers = format!("{}{MARK}", cookie(&got));
    assert_eq!(status(&opened, "GET", "/console/session", &headers).await, 200);
    assert_eq!(status(&opened, "GET", BINS, &headers).await, 200);
    assert_eq!(status(&opened, "DELETE", "/console/session", &headers).await, 204);
    assert_eq!(status(&opened, "GET", BINS, &headers).await, 401);

    // An API key signs in, too, and can do what it can do.
    let path = format!("/2010-04-01/Accounts/{sid}/Keys.json");
    let (_, key) = opened.call("POST", &path, &[]).await;
    let text = |name: &str| key[name].as_str().expect("a text").to_owned();
    let got = sign_in(MARK, &form(&text("sid"), &text("secret"))).await;
    assert_eq!((got.status, got.json()["manages"].as_bool()), (201, Some(false)));
    let headers = format!("{}{MARK}", cookie(&got));
    assert_eq!(status(&opened, "GET", BINS, &headers).await, 200);
    assert_eq!(status(&opened, "GET", &path, &headers).await, 403, "keys manage no keys");
    let gone = path.replace(".json", &format!("/{}.json", text("sid")));
    assert_eq!(opened.call("DELETE", &gone, &[]).await.0, 204);
    assert_eq!(status(&opened, "GET", BINS, &headers).await, 401, "a key that is gone");
    opened.finish().await;
}

#[tokio::test]
async fn the_sound_of_a_call_is_for_sockets_of_this_very_page() {
    let opened = open().await;
    let cookie = signed_in(&opened).await;
    let path = "/offhook/v1/Phones/+12025550199/Calls/CA00000000000000000000000000000000/Audio";
    let socket = "upgrade: websocket\r\nsec-websocket-version: 13\r\n\
        sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    for (origin, expected) in [
        (HERE.to_owned(), 404),
        ("origin: http://evil.example\r\n".to_owned(), 401),
        (String::new(), 401),
    ] {
        let headers = format!("{cookie}{socket}{origin}");
        // 404 is who may come in, and asks for a call that is not there.
        assert_eq!(status(&opened, "GET", path, &headers).await, expected, "{origin}");
    }
    opened.finish().await;
}

#[tokio::test]
async fn beyond_this_machine_there_are_no_links() {
    let opened = open_with(|options, _| options.listen = ([0, 0, 0, 0], 0).into()).await;
    let (status, made) = opened.call("POST", "/console/links", &[]).await;
    assert_eq!(status, 200, "{made}");
    assert!(made["url"].as_str().expect("a URL").ends_with("/console/"), "{made}");
    let got = ask_bare(&opened, "GET", "/console/?link=0", "", "").await;
    assert_eq!((got.status, header(&got, "set-cookie")), (303, ""));
    opened.finish().await;
}

#[tokio::test]
async fn the_files_are_small_typed_cached_and_let_nothing_in() {
    let opened = open().await;
    for (path, kind) in [
        ("/console/", "text/html; charset=utf-8"),
        ("/console/phone", "text/html; charset=utf-8"),
        ("/console/bins/EH00000000000000000000000000000000", "text/html; charset=utf-8"),
        ("/console/app.js", "text/javascript; charset=utf-8"),
        ("/console/style/tokens.css", "text/css; charset=utf-8"),
        ("/console/icon.svg", "image/svg+xml"),
    ] {
        let got = ask_bare(&opened, "GET", path, "", "").await;
        assert_eq!((got.status, header(&got, "content-type")), (200, kind), "{path}");
        let policy = header(&got, "content-security-policy");
        for part in ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"] {
            assert!(policy.contains(part), "{policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(header(&got, "x-content-type-options"), "nosniff");
        assert_eq!(header(&got, "referrer-policy"), "no-referrer");
        let etag = format!("if-none-match: {}\r\n", header(&got, "etag"));
        assert_eq!(status(&opened, "GET", path, &etag).await, 304, "{path}");
        let packed = ask_bare(&opened, "GET", path, "accept-encoding: gzip\r\n", "").await;
        assert_eq!(header(&packed, "content-encoding"), "gzip", "{path}");
    }
    assert_eq!(status(&opened, "GET", "/console/none.js", "").await, 404);
    let page = ask_bare(&opened, "GET", "/", "accept: text/html\r\n", "").await;
    assert_eq!((page.status, header(&page, "location")), (303, "/console/"));
    let text = ask_bare(&opened, "GET", "/", "", "").await;
    assert!(header(&text, "content-type").starts_with("text/plain"), "others get a text");
    opened.finish().await;
}
