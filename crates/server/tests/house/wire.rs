//! How the house speaks: cookies, logins, compression, mapped URLs, bins (webhooks.md 1.3 to 1.6).

use crate::asker;
use crate::customer::Say;
use crate::support::{NUMBER, PERSON, open, open_with, said};
use exchange::bins::BinAccess;
use exchange::messages::State;
use exchange::numbers::Method;
use exchange::webhooks::{FieldLines, Kind, Status};
use std::io::Write as _;

#[tokio::test]
async fn cookies_belong_to_a_pair_of_numbers_and_are_forgotten_after_four_idle_hours() {
    let mut house = open().await;
    house.stand_still();
    let told = "<Message statusCallback='/told'>hi</Message>";
    let set = Say::verbs(told).header("Set-Cookie", "game=chess; Path=/");
    house.customer.on("/sms", [set, Say::status(204)]);
    house.customer.on("/told", [Say::status(200).header("Set-Cookie", "told=1")]);
    let cookie = |seen: &crate::customer::Seen| seen.header("Cookie").map(str::to_owned);
    house.text("begin").await;
    assert_eq!(cookie(&house.heard_on("/sms").await), None);
    for _ in 0..2 {
        assert_eq!(cookie(&house.heard_on("/told").await), None, "tells have no jar");
    }
    house.quiet().await;
    house.text_from("+12025550177", "somebody else").await;
    assert_eq!(cookie(&house.heard().await), None);
    // Two times almost four hours: its use keeps it alive.
    for _ in 0..2 {
        house.advance(4 * 3600 - 10).await;
        house.text("go on").await;
        assert_eq!(cookie(&house.heard().await).as_deref(), Some("game=chess"));
        house.quiet().await;
    }
    house.advance(4 * 3600).await;
    house.text("go on").await;
    assert_eq!(cookie(&house.heard().await), None);
    house.finish().await;
}

#[tokio::test]
async fn cookies_travel_along_a_session() {
    let mut house = open().await;
    let first = Say::verbs("<Redirect>/next</Redirect>").header("Set-Cookie", "step=1");
    house.customer.on("/sms", [first]);
    house.customer.on("/next", [Say::status(204).header("Set-Cookie", "bad\tone=1")]);
    house.text("begin").await;
    house.heard_on("/sms").await;
    assert_eq!(house.heard_on("/next").await.header("Cookie"), Some("step=1"));
    house.quiet().await;
    assert_eq!(house.codes(), [11206], "a cookie with a control character");
    house.finish().await;
}

#[tokio::test]
async fn credentials_are_given_when_they_are_asked_for() {
    for (challenge, begins) in [
        ("Basic realm=\"app\"", "Basic dXNlcjpwYSBzcw=="),
        ("Digest realm=\"app\", nonce=\"n1\", qop=\"auth\"", "Digest username=\"user\""),
    ] {
        let mut house = open().await;
        let url = house.customer.url("/sms").replace("http://", "http://user:pa%20ss@");
        house.point(&url).await;
        let ask = Say::status(401).header("WWW-Authenticate", challenge);
        house.customer.on("/sms", [ask, Say::verbs("<Redirect>/next</Redirect>")]);
        house.customer.on("/next", [Say::verbs("<Message>in</Message>")]);
        let sid = house.text("hello").await;
        let first = house.heard().await;
        assert_eq!(first.header("Authorization"), None);
        let second = house.heard().await;
        let given = second.header("Authorization").expect("credentials");
        assert!(given.starts_with(begins), "{given}");
        assert_eq!((second.token(), &second.body), (first.token(), &first.body));
        house.heard_on("/next").await;
        house.quiet().await;
        assert_eq!(house.replies(sid).len(), 1, "{challenge}: {:?}", house.codes());
        let log = format!("{:?}", house.house.store.exchanges(house.log()[0].webhook.id));
        assert!(!log.contains("dXNlcjpwYSBzcw") && !log.contains("pa ss"), "a secret: {log}");
        house.finish().await;
    }
}

#[tokio::test]
async fn credentials_that_are_refused_are_an_alert() {
    let mut house = open().await;
    let url = house.customer.url("/sms").replace("http://", "http://user:secret@");
    house.point(&url).await;
    house.customer.on("/sms", [Say::status(401).header("WWW-Authenticate", "Basic realm=\"a\"")]);
    house.text("hello").await;
    house.heard().await;
    house.heard().await;
    house.quiet().await;
    assert_eq!(house.codes(), [11200]);
    let alert = format!("{:?}", house.alerts());
    assert!(!alert.contains("secret") && !alert.contains("dXNlcjpzZWNyZXQ"), "{alert}");
    house.finish().await;
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(text).expect("memory");
    encoder.finish().expect("memory")
}

#[tokio::test]
async fn compressed_answers_are_read_and_bombs_are_not() {
    let mut house = open().await;
    let document = gzip(b"<Response><Message>small</Message></Response>");
    let bomb = gzip(&vec![b' '; 50 << 20]);
    for (body, replies, codes) in [
        (document, 1, vec![]),
        (bomb, 0, vec![11750]),
        (b"not gzip at all".to_vec(), 0, vec![11206]),
    ] {
        let say = Say::typed("text/xml", body).header("Content-Encoding", "gzip");
        house.customer.on("/sms", [say]);
        let before = house.codes().len();
        let sid = house.text("hello").await;
        house.heard().await;
        house.quiet().await;
        assert_eq!(house.replies(sid).len(), replies);
        assert_eq!(house.codes().split_off(before), codes);
    }
    house.finish().await;
}

#[tokio::test]
async fn a_mapped_url_is_signed_as_public_and_answered_locally() {
    let mut house = open_with(|options, customer| {
        let map = format!("https://app.example.com={}", customer.url(""));
        options.maps = vec![map.parse().expect("a map")];
    })
    .await;
    house.point("https://app.example.com/sms?x=1").await;
    house.customer.on("/sms", [Say::verbs("<Redirect>next</Redirect>")]);
    house.customer.on("/next", [Say::status(204)]);
    house.text("hello").await;
    let seen = house.heard().await;
    assert_eq!(seen.header("Host"), Some("app.example.com"));
    assert_eq!(seen.url(), "https://app.example.com/sms?x=1");
    assert_eq!(house.heard().await.url(), "https://app.example.com/next");
    house.quiet().await;
    assert!(house.alerts().is_empty());
    house.finish().await;
}

#[tokio::test]
async fn redirects_of_http_keep_a_posts_parameters_only_with_307() {
    let mut house = open().await;
    for (status, method, empty) in
        [(301, "GET", true), (302, "GET", true), (303, "GET", true), (307, "POST", false)]
    {
        house.customer.on("/sms", [Say::redirect(status, "/there?k=v")]);
        house.customer.on("/there", [Say::verbs("<Message>there</Message>")]);
        let sid = house.text("hello").await;
        let first = house.heard().await;
        let second = house.heard().await;
        assert_eq!((second.method.as_str(), second.target.as_str()), (method, "/there?k=v"));
        assert_eq!(second.body.is_empty(), empty, "{status}");
        assert_eq!(second.token(), first.token());
        house.quiet().await;
        assert_eq!(house.replies(sid).len(), 1);
    }
    house.finish().await;
}

#[tokio::test]
async fn a_wrong_override_is_an_alert_and_the_request_goes_out() {
    let mut house = open().await;
    house.customer.on("/sms", [Say::verbs("<Message>hi</Message>")]);
    house.point(&house.customer.url("/sms#rp=sometimes&rc=2")).await;
    let sid = house.text("hello").await;
    house.heard().await;
    house.quiet().await;
    assert_eq!(house.codes(), [11243]);
    assert_eq!(house.replies(sid).len(), 1);
    house.finish().await;
}

/// What the log shows of a request, without what has to differ.
fn shape(headers: &FieldLines) -> Vec<(String, String)> {
    let mut shown: Vec<(String, String)> = headers
        .iter()
        .filter(|(name, _)| {
            !matches!(
                &*name.to_ascii_lowercase(),
                "i-twilio-idempotency-token" | "x-twilio-signature" | "host"
            )
        })
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    shown.sort();
    shown
}

#[tokio::test]
async fn a_bin_in_the_house_is_logged_and_signed_like_a_customer() {
    let mut house = open().await;
    let document = "<Response><Message>You said {{Body}}</Message></Response>";
    for get in [false, true] {
        let bin = house.add_bin(document, BinAccess::Signed).await;
        house
            .hook(|hook| {
                bin.clone_into(&mut hook.url);
                hook.method = if get { exchange::numbers::Method::Get } else { hook.method };
            })
            .await;
        let sid = house.text("<me> & you").await;
        house.quiet().await;
        let reply = house.replies(sid).remove(0);
        assert_eq!((reply.body.as_str(), reply.state), ("You said <me> & you", State::Delivered));
        let entry = house.log_of(Kind::Ask).pop().expect("an ask");
        assert_eq!(entry.status, Status::Done);
        let inside = house.house.store.exchanges(entry.webhook.id).expect("readable").remove(0);

        // The same, asked of a customer.
        house.customer.on(
            "/sms",
            [Say::typed(
                "text/xml; charset=utf-8",
                "<Response><Message>You said &lt;me&gt; &amp; you</Message></Response>",
            )],
        );
        house.point(&house.customer.url("/sms")).await;
        house.text("<me> & you").await;
        house.heard().await;
        house.quiet().await;
        let entry = house.log_of(Kind::Ask).pop().expect("an ask");
        let outside = house.house.store.exchanges(entry.webhook.id).expect("readable").remove(0);
        let (one, other) = (&inside.attempts[0], &outside.attempts[0]);
        assert_eq!(shape(&one.request_headers), shape(&other.request_headers));
        assert_eq!((one.method, one.why, one.status), (other.method, other.why, other.status));
        assert_eq!(inside.answer.map(|answer| answer.body), outside.answer.map(|a| a.body));
    }
    house.finish().await;
}

#[tokio::test]
async fn a_bin_answers_the_world_as_it_answers_the_house() {
    let house = open().await;
    let document = "<Response><Message>{{Body}} by {{#x}}query{{/x}}</Message></Response>";
    let inside = house.add_bin(document, BinAccess::Signed).await + "?x=1";
    // Under a name that the house does not know for its own, so that a socket is opened.
    let outside = inside.replace("127.0.0.1", "LOCALHOST");
    for method in [Method::Post, Method::Get] {
        let mut seen = Vec::new();
        for url in [&inside, &outside] {
            house
                .hook(|hook| {
                    url.clone_into(&mut hook.url);
                    hook.method = method;
                })
                .await;
            let sid = house.text("<me> & you").await;
            house.quiet().await;
            assert_eq!(house.replies(sid)[0].body, "<me> & you by query", "{:?}", house.codes());
            let entry = house.log_of(Kind::Ask).pop().expect("an ask");
            let exchanges = house.house.store.exchanges(entry.webhook.id);
            seen.push((entry, exchanges.expect("readable").remove(0)));
        }
        let [(one, inside), (other, outside)] = &seen[..] else { unreachable!("two URLs") };
        assert_eq!((one.status, one.late), (other.status, other.late));
        let (near, far) = (&inside.attempts[0], &outside.attempts[0]);
        assert_eq!((near.remote_address.is_some(), far.remote_address.is_some()), (false, true));
        assert_eq!(shape(&near.request_headers), shape(&far.request_headers));
        assert_eq!((near.why, near.method, near.status), (far.why, far.method, far.status));
        let answers = (inside.answer.as_ref().unwrap(), outside.answer.as_ref().unwrap());
        assert_eq!(answers.0.body, answers.1.body);
        let content_type = |answer: &exchange::webhooks::AnswerRecord| {
            answer.headers.get("content-type").map(str::to_owned)
        };
        assert_eq!(content_type(answers.0), content_type(answers.1));
    }
    // Without a signature it says nothing.
    let path = &inside[house.url.len()..];
    let got = asker::exchange(&house.url, &asker::request("GET", path, "", b"")).await;
    assert_eq!(got.expect("an answer").status, 403);
    house.finish().await;
}

#[tokio::test]
async fn a_bin_that_cannot_answer_fails_like_a_customer() {
    let house = open().await;
    let nobody = format!("{}/bins/EH{}", house.url, "0".repeat(32));
    house.point(&nobody).await;
    house.text("hello").await;
    house.quiet().await;
    assert_eq!(house.codes(), [11200]);
    assert_eq!(said(&house.alerts()[0], "httpResponse").as_deref(), Some("404"));
    house.finish().await;
}

#[tokio::test]
async fn a_bin_may_be_a_status_callback() {
    let house = open().await;
    let bin = house.add_bin("<Response/>", BinAccess::Open).await;
    let form = [("To", PERSON), ("From", NUMBER), ("Body", "x"), ("StatusCallback", &*bin)];
    assert_eq!(house.send(&form).await.0, 201);
    house.quiet().await;
    assert!(house.log_of(Kind::Tell).iter().all(|entry| entry.status == Status::Done));
    assert_eq!(house.log().len(), 2);
    house.finish().await;
}
