//! What goes over the wire (spec/webhooks.md 1.1, 1.2, 3.3).

use client::Client;
use exchange::numbers::Method;
use exchange::webhooks::guard::Profile;
use webhook::{Form, Product};

use crate::support::*;

#[tokio::test]
async fn a_post_carries_exactly_the_documented_headers_in_title_case() {
    let server = Server::start(|_, _| ok("<Response/>")).await;
    let outcome = post(&client(), &server.url("/sms?x=1#rc=0")).await;
    assert_eq!(body(&outcome), "<Response/>");
    let seen = &server.seen()[0];
    let names: Vec<&str> =
        seen.head.lines().skip(1).map(|line| line.split(": ").next().unwrap_or("")).collect();
    assert_eq!(
        names,
        [
            "Host",
            "User-Agent",
            "Accept",
            "Accept-Encoding",
            "Content-Type",
            "Content-Length",
            "X-Twilio-Signature",
            "I-Twilio-Idempotency-Token",
            "X-Home-Region",
        ]
    );
    assert_eq!(seen.line(), "POST /sms?x=1 HTTP/1.1");
    for (name, value) in [
        ("Host", server.address.to_string().as_str()),
        ("User-Agent", "TwilioProxy/1.1"),
        ("Accept", "*/*"),
        ("Accept-Encoding", "gzip"),
        ("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"),
        ("I-Twilio-Idempotency-Token", IDEMPOTENCY_TOKEN),
        ("X-Home-Region", "us1"),
    ] {
        assert_eq!(seen.header(name), Some(value), "{name}");
    }
    assert_eq!(seen.body, "Body=hi+%26+bye%0D%0AX-Evil%3A+1&From=%2B15551230000");
    seen.assert_signed_for(&server.url(""));
    let attempt = &outcome.attempts[0];
    assert_eq!(attempt.request_headers.iter().count(), names.len());
    assert_eq!(attempt.url, server.url("/sms?x=1"));
    assert_eq!(attempt.remote_address, Some(server.address));
    assert!(attempt.connect_us.is_some() && attempt.first_byte_us <= Some(attempt.duration_us));
}

#[tokio::test]
async fn a_get_carries_its_parameters_in_the_query_and_no_body() {
    let server = Server::start(|_, _| ok("")).await;
    for (url, line) in [
        ("", "GET /?Body=a+b&X= HTTP/1.1"),
        ("?y=%2f", "GET /?y=%2f&Body=a+b&X= HTTP/1.1"),
        ("/p#rc=0", "GET /p?Body=a+b&X= HTTP/1.1"),
    ] {
        let form = Form::from_pairs([("Body", "a b"), ("X", "")]);
        let sending = Sending { method: Method::Get, form, ..Sending::default() };
        sending.to(&client(), &server.url(url)).await.result.expect(url);
        let seen = server.seen().pop().expect("a request");
        assert_eq!(seen.line(), line);
        assert_eq!((seen.header("Content-Type"), seen.header("Content-Length")), (None, None));
    }
}

#[tokio::test]
async fn what_is_signed_is_the_text_of_the_request_line() {
    let server = Server::start(|_, _| ok("")).await;
    for (url, target, joint) in [
        ("", "/", '?'),
        ("?", "/", '?'),
        ("?a=b", "/?a=b", '&'),
        ("/sms?", "/sms", '?'),
        ("/sms?#rc=0", "/sms", '?'),
    ] {
        let form = Form::from_pairs([("Body", "x")]);
        // To the letter, as the official validators compare: no other spelling is tried.
        let key = webhook::Key::new(TOKEN);
        for (method, target, signature) in [
            (
                Method::Post,
                target.to_owned(),
                key.sign_form(&format!("{}{target}", server.url("")), &form),
            ),
            (
                Method::Get,
                format!("{target}{joint}Body=x"),
                key.sign_url(&format!("{}{target}{joint}Body=x", server.url(""))),
            ),
        ] {
            let sending = Sending { method, form: form.clone(), ..Sending::default() };
            let outcome = sending.to(&client(), &server.url(url)).await;
            let seen = server.seen().pop().expect("a request");
            assert_eq!(seen.line(), format!("{} {target} HTTP/1.1", method.as_str()), "{url}");
            assert_eq!(seen.header("X-Twilio-Signature"), Some(signature.as_str()), "{url}");
            assert_eq!(outcome.attempts[0].url, format!("{}{target}", server.url("")));
        }
    }
}

#[tokio::test]
async fn userinfo_and_fragment_are_neither_sent_nor_signed_nor_logged() {
    let server = Server::start(|_, _| ok("")).await;
    let url = format!("http://us%65r:secret@{}/a#ct=1000", server.address);
    let outcome = post(&client(), &url).await;
    let seen = &server.seen()[0];
    assert_eq!(seen.header("Authorization"), None);
    assert!(!seen.head.contains("secret") && !seen.head.contains("ct="));
    seen.assert_signed_for(&server.url(""));
    assert!(!format!("{outcome:?}").contains("secret"));
}

#[tokio::test]
async fn a_mapped_url_is_signed_and_named_as_the_public_one() {
    let server = Server::start(|_, _| ok("mapped")).await;
    // Public: the guard would refuse loopback, but the operator chose the place.
    let mut settings = settings(Profile::Public);
    let map = format!("https://app.example.com:8443/hooks=http://{}/dev", server.address);
    settings.maps.push(map.parse().expect("a valid map"));
    let client = Client::new(settings).expect("good settings");
    for (product, signed) in [
        (Product::Messaging, "https://app.example.com:8443"),
        (Product::Voice, "https://app.example.com"),
    ] {
        let sending = Sending { product, ..Sending::default() };
        let outcome = sending.to(&client, "https://app.example.com:8443/hooks/sms?x").await;
        assert_eq!(body(&outcome), "mapped");
        let seen = server.seen().pop().expect("a request");
        assert_eq!(seen.line(), "POST /dev/sms?x HTTP/1.1");
        assert_eq!(seen.header("Host"), Some("app.example.com:8443"));
        assert_eq!(seen.header("X-Forwarded-Proto"), Some("https"));
        let as_public = Seen { head: seen.head.replace("/dev/", "/hooks/"), ..seen };
        as_public.assert_signed_for(signed);
    }
    // A waiting mapped connection does not serve the same place when it is asked for directly.
    let outcome = post(&client, &server.url("/dev/sms")).await;
    assert_eq!(failure(&outcome).code(), 11205);
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn unusable_urls_and_overrides_have_their_codes() {
    let client = client();
    for url in ["", "app.example/x", "ftp://a/", "http://a b/", "http://u:p w@a/", "http://a:0/"] {
        let outcome = post(&client, url).await;
        assert_eq!(failure(&outcome).code(), 11100, "{url}");
        assert!(outcome.attempts.is_empty());
    }
    let server = Server::start(|_, _| ok("")).await;
    let outcome = post(&client, &server.url("/#rp=never&e=atlantis")).await;
    assert!(outcome.result.is_ok());
    let codes: Vec<u32> = outcome.problems.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, [11243, 11241]);
}

#[tokio::test]
async fn a_bad_token_cannot_add_a_header() {
    let server = Server::start(|_, _| ok("")).await;
    let (client, form) = (client(), Form::new());
    let url = server.url("/");
    let request = client::Request {
        url: &url,
        method: Method::Post,
        form: &form,
        encoded: "",
        key: &webhook::Key::new(TOKEN),
        product: Product::Messaging,
        idempotency_token: "a\r\nX-Evil: 1",
        home_region: "us1\n",
        certificates: client::Certificates::Verify,
        expects: client::Expects::Document,
        body_bytes_max: client::BODY_BYTES_MAX,
        cookies: None,
        now: jiff::Timestamp::UNIX_EPOCH,
    };
    client.send(request).await.result.expect("sent without it");
    let seen = &server.seen()[0];
    assert!(!seen.head.to_ascii_lowercase().contains("evil"), "{}", seen.head);
    assert_eq!(seen.header("Content-Length"), Some("0"));
}
