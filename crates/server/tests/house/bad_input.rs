//! Bad input, from askers and from answerers: a clear error or alert, and the house goes on.

use crate::asker::{self, basic, exchange, form_request, request};
use crate::customer::Say;
use crate::support::{NUMBER, Opened, PERSON, open};

/// Asks whether the house is well.
async fn is_well(house: &Opened) -> bool {
    let got = exchange(&house.url, &request("GET", "/readyz", "", b"")).await;
    got.is_some_and(|got| got.status == 200)
}

/// Sends bytes and checks the error that comes back.
async fn refused(house: &Opened, name: &str, bytes: &[u8], status: u16, code: u32) {
    let got = exchange(&house.url, bytes).await.unwrap_or_else(|| panic!("{name}: no answer"));
    assert_eq!(got.status, status, "{name}: {}", got.text());
    if code != 0 {
        let shown = got.json();
        assert_eq!(shown["code"], code, "{name}: {shown}");
        assert_eq!(shown["status"], status, "{name}: {shown}");
        assert!(shown["message"].is_string() && shown["more_info"].is_string(), "{name}: {shown}");
        assert!(got.head.to_ascii_lowercase().contains("application/json"), "{name}");
    }
}

#[tokio::test]
async fn malformed_bodies_are_refused_with_twilios_error() {
    let house = open().await;
    let path = format!("/2010-04-01/Accounts/{}/Messages.json", house.sid);
    let auth = basic(house.sid.as_str(), &house.token);
    let form = format!("{auth}Content-Type: application/x-www-form-urlencoded\r\n");
    let json = format!("{auth}Content-Type: application/json\r\n");
    let many = "a=1&".repeat(20_000);
    let huge = format!("Body={}", "x".repeat(3 << 20));
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for (name, headers, body, status, code) in [
        ("a broken escape", &form, b"Body=100%".as_slice(), 400, 20001),
        ("not UTF-8", &form, b"Body=%ff%fe", 400, 20001),
        ("raw bytes", &form, b"Body=\xff\xfe\x00", 400, 20001),
        ("too many pairs", &form, many.as_bytes(), 400, 20001),
        ("too large", &form, huge.as_bytes(), 413, 20413),
        ("broken JSON", &json, b"{\"To\":", 400, 20001),
        ("no object", &json, b"[1,2]", 400, 20001),
        ("an object inside", &json, b"{\"To\":{\"a\":1}}", 400, 20001),
        ("deep JSON", &json, deep.as_bytes(), 400, 20001),
        ("nothing", &form, b"", 400, 21604),
    ] {
        refused(&house, name, &request("POST", &path, headers, body), status, code).await;
    }
    assert!(is_well(&house).await);
    assert!(house.messages().is_empty(), "nothing is half done");
    house.finish().await;
}

#[tokio::test]
async fn broken_http_is_cut_off() {
    let house = open().await;
    let long = format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "x".repeat(200_000));
    let many = format!("GET / HTTP/1.1\r\n{}\r\n", "X-A: b\r\n".repeat(5000));
    for bytes in [
        b"\x16\x03\x01\x02\x00\x01\x00".as_slice(),
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nBad Header\x00: y\r\n\r\n",
        long.as_bytes(),
        many.as_bytes(),
    ] {
        if let Some(got) = exchange(&house.url, bytes).await {
            assert!((400..500).contains(&got.status), "{}", got.head);
        }
    }
    assert!(is_well(&house).await);
    house.finish().await;
}

#[tokio::test]
async fn wrong_credentials_are_401_and_nothing_more_is_said() {
    let house = open().await;
    let path = format!("/2010-04-01/Accounts/{}/Messages.json", house.sid);
    let sid = house.sid.as_str();
    let other = format!("AC{}", "f".repeat(32));
    for auth in [
        String::new(),
        basic(sid, "wrong"),
        basic(sid, ""),
        basic(&other, &house.token),
        basic(&format!("SK{}", "f".repeat(32)), &house.token),
        basic("", ""),
        basic("admin' OR 1=1 --", "x"),
        "Authorization: Basic !!!!\r\n".into(),
        "Authorization: Basic\r\n".into(),
        "Authorization: Bearer abc\r\n".into(),
        format!("Authorization: Basic {}\r\n", "A".repeat(20_000)),
    ] {
        let bytes = form_request("GET", &path, &auth, &[]);
        let got = exchange(&house.url, &bytes).await.expect("an answer");
        assert_eq!((got.status, got.json()["code"].as_u64()), (401, Some(20003)), "{auth}");
        assert!(got.head.contains("Basic realm="), "{}", got.head);
        assert!(!got.text().contains(&house.token));
    }
    // Right credentials, somebody else's account.
    let path = format!("/2010-04-01/Accounts/{other}/Messages.json");
    let bytes = form_request("GET", &path, &basic(sid, &house.token), &[]);
    refused(&house, "another account", &bytes, 401, 20003).await;
    house.finish().await;
}

#[tokio::test]
async fn unknown_paths_sids_and_methods_are_404_and_405() {
    let house = open().await;
    let (auth, account) = (basic(house.sid.as_str(), &house.token), house.sid);
    let root = format!("/2010-04-01/Accounts/{account}");
    for (method, path, status, code) in [
        ("GET", format!("{root}/Messages/SM{}.json", "0".repeat(32)), 404, 20404),
        ("GET", format!("{root}/Messages/MM{}.json", "f".repeat(32)), 404, 20404),
        ("GET", format!("{root}/Messages/nonsense.json"), 404, 20404),
        ("GET", format!("{root}/Messages/%00%ff.json"), 404, 20404),
        ("GET", format!("{root}/Messages/SM{}'--.json", "0".repeat(32)), 404, 20404),
        ("DELETE", format!("{root}/Messages/SM{}.json", "0".repeat(32)), 404, 20404),
        ("GET", "/2010-04-01/Nonsense.json".into(), 404, 20404),
        ("GET", "/2010-04-01/Accounts/ACx/Messages.json".into(), 404, 20404),
        ("PATCH", format!("{root}/Messages.json"), 405, 20004),
        ("DELETE", format!("{root}/Messages.json"), 405, 20004),
        ("GET", "/../../etc/passwd".into(), 404, 20404),
    ] {
        let bytes = form_request(method, &path, &auth, &[]);
        refused(&house, &path, &bytes, status, code).await;
    }
    assert!(is_well(&house).await);
    house.finish().await;
}

#[tokio::test]
async fn bad_parameters_are_refused_with_their_codes() {
    let house = open().await;
    let long_body = "x".repeat(1601);
    let long_url = format!("http://x.example/{}", "a".repeat(4000));
    let good = [("To", PERSON), ("From", NUMBER), ("Body", "x")];
    for (name, value, code) in [
        ("To", "", 21604),
        ("To", "bob", 21211),
        ("To", "+1", 21211),
        ("To", "+99999999999999999999", 21211),
        ("To", "+1202555\r\n0123", 21211),
        ("From", "", 21603),
        ("From", "not a number!?", 21212),
        ("From", "+12025550123", 21606),
        ("Body", "", 21602),
        ("Body", &long_body, 21617),
        ("StatusCallback", "nonsense", 21609),
        ("StatusCallback", "ftp://x.example/", 21609),
        ("StatusCallback", "http://under_score.example/", 21609),
        ("StatusCallback", "http://x.example/\r\nX-Evil: 1", 21609),
        ("StatusCallback", &long_url, 21609),
        ("MediaUrl", "nonsense", 21620),
        ("ValidityPeriod", "-1", 0),
        ("ApplicationSid", "nonsense", 21218),
    ] {
        let mut form: Vec<(&str, &str)> =
            good.into_iter().filter(|(known, _)| *known != name).collect();
        form.push((name, value));
        let (status, shown) = house.send(&form).await;
        assert_eq!(status, 400, "{name}={value:?}: {shown}");
        if code != 0 {
            assert_eq!(shown["code"], code, "{name}={value:?}: {shown}");
        }
    }
    let path = format!("/offhook/v1/Phones/{PERSON}/Messages");
    for (to, body, code) in [
        ("", "x", 21604),
        ("bob", "x", 21211),
        ("+12025550123", "x", 21211),
        (NUMBER, "", 21602),
        (NUMBER, &long_body, 21617),
    ] {
        let (status, shown) = house.call("POST", &path, &[("To", to), ("Body", body)]).await;
        assert_eq!((status, &shown["code"]), (400, &code.into()), "{to}: {shown}");
    }
    house.quiet().await;
    assert!(house.messages().is_empty());
    house.finish().await;
}

#[tokio::test]
async fn nothing_a_person_writes_becomes_a_header_or_another_parameter() {
    let mut house = open().await;
    house.customer.on("/sms", [Say::status(204)]);
    let evil = "x\r\nX-Evil: 1\r\n\r\nGET /evil HTTP/1.1\r\n\r\n&From=%2B1&Body=other";
    for get in [false, true] {
        if get {
            house.hook(crate::support::by_get).await;
        }
        house.text(evil).await;
        let seen = house.heard().await;
        assert_eq!(seen.get("Body").as_deref(), Some(evil));
        assert_eq!(seen.get("From").as_deref(), Some(PERSON));
        assert_eq!(seen.header("X-Evil"), None);
        assert_eq!(seen.form().get_all("Body").count(), 1);
    }
    house.finish().await;
}

#[tokio::test]
async fn hostile_documents_are_alerts_and_cost_little() {
    let mut house = open().await;
    let bomb = "<!DOCTYPE b [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>\
                <Response><Message>&b;</Message></Response>";
    let outside = "<!DOCTYPE b [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>\
                   <Response><Message>&a;</Message></Response>";
    let deep = format!("<Response>{}{}</Response>", "<a>".repeat(9000), "</a>".repeat(9000));
    let wide = format!("<Response>{}</Response>", "<a/>".repeat(15_000));
    let attributes: String = (0..3000).map(|n| format!(" a{n}='1'")).collect();
    let attributes = format!("<Response><Message{attributes}>x</Message></Response>");
    for (name, document, replies) in [
        ("an entity bomb", bomb, 0),
        ("an outside entity", outside, 0),
        ("deep", &deep, 0),
        ("wide", &wide, 0),
        ("attributes", &attributes, 1),
        ("cut off", "<Response><Message>x", 0),
        ("a null", "<Response><Message>\0</Message></Response>", 0),
        ("binary", "\u{fffd}PNG\u{1a}", 0),
    ] {
        house.customer.on("/sms", [Say::twiml(document)]);
        let before = house.codes().len();
        let sid = house.text("hello").await;
        house.heard().await;
        house.quiet().await;
        let codes = house.codes().split_off(before);
        assert!(!codes.is_empty() && codes.len() <= 10, "{name}: {codes:?}");
        assert_eq!(house.replies(sid).len(), replies, "{name}");
        let entry = house.log().pop().expect("an entry");
        let exchange = house.house.store.exchanges(entry.webhook.id).expect("readable").remove(0);
        assert!(exchange.problems.len() <= 100, "{name}: {} problems", exchange.problems.len());
        assert!(is_well(&house).await, "{name}");
    }
    house.finish().await;
}

#[tokio::test]
async fn endless_and_slow_answers_end_in_time() {
    let mut house = open().await;
    let heads = format!("HTTP/1.1 200 OK\r\n{}", "X-A: bbbbbbbbbbbbbbbb\r\n".repeat(20_000));
    for (name, say, code) in [
        ("an endless body", Say::endless("text/xml", &"<Response>".repeat(500)), 11750),
        ("endless headers", Say::raw(heads), 11206),
        ("a body that stops", Say::raw("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n<R"), 11205),
        (
            "a chunk that lies",
            Say::raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n"),
            11206,
        ),
    ] {
        house.customer.on("/sms", [say]);
        let before = house.codes().len();
        house.text("hello").await;
        house.heard().await;
        house.quiet().await;
        assert_eq!(house.codes().split_off(before), [code], "{name}");
    }
    assert!(is_well(&house).await);
    house.finish().await;
}

#[tokio::test]
async fn a_document_that_is_not_utf_8_is_read_as_well_as_can_be() {
    let mut house = open().await;
    let body = b"<Response><Message>caf\xe9</Message></Response>".to_vec();
    house.customer.on("/sms", [Say::typed("text/xml", body)]);
    let sid = house.text("hello").await;
    house.heard().await;
    house.quiet().await;
    assert_eq!(house.replies(sid)[0].body, "caf\u{fffd}");
    house.finish().await;
}

#[tokio::test]
async fn a_long_document_suspended_by_its_action_keeps_its_limits() {
    let mut house = open().await;
    // Every character of this is three bytes in a form: the suspended rest is far above 64 kB.
    let filler = format!("<!--{}-->", "<".repeat(60_000));
    let document = format!("{}{filler}", "<Message action='/act'>x</Message>".repeat(12));
    house.customer.on("/sms", [Say::verbs(&document)]);
    house.customer.on("/act", [Say::verbs("")]);
    let sid = house.text("hello").await;
    house.quiet().await;
    assert_eq!(house.replies(sid).len(), 10, "{:?}", house.codes());
    assert_eq!(house.codes(), [14109, 14109]);
    house.customer.unread();
    house.finish().await;
}

#[tokio::test]
async fn requests_that_break_off_leave_nothing_behind() {
    let house = open().await;
    let auth = basic(house.sid.as_str(), &house.token);
    let path = format!("/2010-04-01/Accounts/{}/Messages.json", house.sid);
    let form = [("To", PERSON), ("From", NUMBER), ("Body", "half")];
    let whole = form_request("POST", &path, &auth, &form);
    let address = house.url.trim_start_matches("http://").to_owned();
    for cut in [whole.len() - 1, whole.len() / 2, 10] {
        let mut stream = tokio::net::TcpStream::connect(&address).await.expect("connected");
        tokio::io::AsyncWriteExt::write_all(&mut stream, &whole[..cut]).await.expect("sent");
    }
    assert!(is_well(&house).await);
    assert!(house.messages().is_empty());
    assert_eq!(asker::exchange(&house.url, &whole).await.expect("an answer").status, 201);
    house.quiet().await;
    assert_eq!(house.messages().len(), 1);
    house.finish().await;
}
