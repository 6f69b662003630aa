//! TwiML Bins: made, judged, kept in versions, and asked by the world.

use super::{ask_as, ask_bare, head, keys, subaccount};
use crate::support::{Opened, open, open_with};
use serde_json::Value;
use webhook::{Form, Key};

const FORM: &str = "Content-Type: application/x-www-form-urlencoded\r\n";
const GREETING: &str = "<Response><Message>Hi {{Name}}</Message></Response>";

/// A bin's sid.
async fn make(opened: &Opened, form: &[(&str, &str)]) -> String {
    let (status, made) = opened.call("POST", "/offhook/v1/Bins", form).await;
    assert_eq!(status, 201, "{made}");
    made["sid"].as_str().expect("a sid").to_owned()
}

#[tokio::test]
async fn a_bin_is_made_shown_changed_and_deleted() {
    let opened = open().await;
    let form = [("FriendlyName", "Greeting"), ("Twiml", GREETING), ("Access", "signed")];
    let sid = make(&opened, &form).await;
    let path = format!("/offhook/v1/Bins/{sid}");
    let (status, bin) = opened.call("GET", &path, &[]).await;
    assert_eq!(status, 200);
    let contract = [
        "access",
        "account_sid",
        "date_created",
        "date_updated",
        "friendly_name",
        "problems",
        "sid",
        "twiml",
        "url",
        "version",
    ];
    assert_eq!(keys(&bin), contract);
    assert_eq!(bin["twiml"], GREETING);
    assert_eq!((&bin["access"], &bin["version"]), (&"signed".into(), &1.into()));
    assert_eq!(bin["url"], format!("http://localhost/bins/{sid}"), "on the asker's own host");

    let (status, bin) = opened.call("POST", &path, &[("Access", "open")]).await;
    assert_eq!((status, &bin["version"], &bin["access"]), (200, &1.into(), &"open".into()));

    let (_, list) = opened.call("GET", "/offhook/v1/Bins", &[("PageSize", "1")]).await;
    assert_eq!(list["bins"][0]["sid"], sid.as_str(), "the newest first");
    let next = list["meta"]["next_page_url"].as_str().expect("the demo's bin comes next");
    let next = next.trim_start_matches("http://localhost");
    let (_, list) = opened.call("GET", next, &[]).await;
    assert_eq!(list["bins"][0]["friendly_name"], "Demo");
    assert_eq!(list["meta"]["next_page_url"], Value::Null);

    let (status, _) = opened.call("DELETE", &path, &[]).await;
    assert_eq!(status, 204);
    for (method, path) in
        [("GET", path.clone()), ("DELETE", path), ("GET", "/bins/".to_owned() + &sid)]
    {
        assert_eq!(opened.call(method, &path, &[]).await.0, 404, "{method} {path}");
    }
    opened.finish().await;
}

#[tokio::test]
async fn what_can_never_be_a_document_is_refused_with_its_place() {
    let opened = open().await;
    for (twiml, code, place) in [
        ("<Response>\n  <Say>Hi</Response>", 12_100, Some((2, 10))),
        ("<Answer/>", 12_102, Some((1, 1))),
        ("<Response>{{#Body}}</Response>", 11_320, Some((1, 11))),
        ("", 20_001, None),
    ] {
        let form = [("FriendlyName", "Bad"), ("Twiml", twiml)];
        let (status, refused) = opened.call("POST", "/offhook/v1/Bins", &form).await;
        assert_eq!((status, &refused["code"]), (400, &code.into()), "{refused}");
        let Some((line, column)) = place else {
            continue;
        };
        let message = refused["message"].as_str().expect("a message");
        assert!(message.contains(&format!("line {line}, column {column}")), "{message}");
        assert_eq!(refused["details"]["line"], line, "{refused}");
        assert_eq!(refused["details"]["column"], column, "{refused}");
    }
    let (_, list) = opened.call("GET", "/offhook/v1/Bins", &[]).await;
    assert_eq!(list["bins"].as_array().map(Vec::len), Some(1), "nothing half-done: {list}");
    opened.finish().await;
}

#[tokio::test]
async fn other_problems_are_shown_in_the_editors_lines_and_saved() {
    let opened = open().await;
    let twiml = "<Response>\n  <Message>{{{Body}}}</Message>\n  <Massage/>\n</Response>";
    let form = [("FriendlyName", "Odd"), ("Twiml", twiml)];
    let (status, bin) = opened.call("POST", "/offhook/v1/Bins", &form).await;
    assert_eq!(status, 201, "{bin}");
    let found = bin["problems"].as_array().expect("a list");
    let places: Vec<_> = found.iter().map(|one| (&one["line"], &one["column"])).collect();
    assert_eq!(places, [(&2.into(), &12.into()), (&3.into(), &3.into())], "{bin}");
    assert_eq!(found[0]["level"], "warning");
    let path = format!("/offhook/v1/Bins/{}", bin["sid"].as_str().expect("a sid"));
    assert_eq!(opened.call("GET", &path, &[]).await.1["problems"], bin["problems"]);
    opened.finish().await;
}

#[tokio::test]
async fn earlier_versions_are_kept_and_restored() {
    let opened = open().await;
    let sid = make(&opened, &[("FriendlyName", "V"), ("Twiml", "<Response/>")]).await;
    let path = format!("/offhook/v1/Bins/{sid}");
    for (twiml, version) in [(GREETING, 2), (GREETING, 2), ("<Response><Say>3</Say></Response>", 3)]
    {
        let (_, bin) = opened.call("POST", &path, &[("Twiml", twiml)]).await;
        assert_eq!(bin["version"], version);
    }
    let (status, bin) = opened.call("POST", &format!("{path}/Versions/1/Restore"), &[]).await;
    assert_eq!((status, &bin["version"], &bin["twiml"]), (200, &4.into(), &"<Response/>".into()));
    let (_, list) = opened.call("GET", &format!("{path}/Versions"), &[]).await;
    let versions = list["versions"].as_array().expect("a list");
    let found: Vec<_> = versions.iter().map(|one| (&one["version"], &one["current"])).collect();
    let yes_or_no = |n: u64| (Value::from(n), Value::from(n == 4));
    let expected: Vec<_> = [4, 3, 2, 1].map(yes_or_no).into();
    assert_eq!(found, expected.iter().map(|(a, b)| (a, b)).collect::<Vec<_>>());
    assert_eq!(keys(&versions[0]), ["current", "date_created", "twiml", "version"]);
    for missing in ["9", "x", "01"] {
        let path = format!("{path}/Versions/{missing}/Restore");
        assert_eq!(opened.call("POST", &path, &[]).await.0, 404, "{missing}");
    }
    opened.finish().await;
}

#[tokio::test]
async fn the_world_asks_a_bin_by_get_head_and_post_and_the_form_wins() {
    let opened = open().await;
    let twiml = "<Response><Message>{{Name}}{{#X}}-{{.}}{{/X}}</Message></Response>";
    let sid = make(&opened, &[("FriendlyName", "B"), ("Twiml", twiml)]).await;
    let said = |text: &str| format!("<Response><Message>{text}</Message></Response>");
    for (method, path, headers, body, answer) in [
        ("GET", format!("/bins/{sid}"), "", "", said("")),
        ("GET", format!("/twiml/{sid}?Name=a%26b&X=1&X=2"), "", "", said("a&amp;b-1-2")),
        ("POST", format!("/bins/{sid}?Name=query&X=q"), FORM, "Name=form", said("form-q")),
        ("POST", format!("/bins/{sid}"), "", "Name=untyped", said("untyped")),
        ("POST", format!("/bins/{sid}"), "Content-Type: application/json\r\n", "{}", said("")),
    ] {
        let got = ask_bare(&opened, method, &path, headers, body).await;
        assert_eq!((got.status, got.text()), (200, answer), "{method} {path}");
        let head = got.head.to_ascii_lowercase();
        assert!(head.contains("content-type: text/xml"), "{head}");
    }
    let head = head(&opened, &format!("/bins/{sid}"), "").await;
    assert!(head.starts_with("HTTP/1.1 200") && head.contains("text/xml"), "{head}");
    for (method, path, headers, body, status) in [
        ("GET", format!("/bins/{sid}?Name=%zz"), "", "", 400),
        ("POST", format!("/bins/{sid}"), FORM, "Name=%ff%fe", 400),
        ("GET", "/bins/EH00000000000000000000000000000000".into(), "", "", 404),
        ("GET", "/bins/nonsense".into(), "", "", 404),
        ("PUT", format!("/bins/{sid}"), "", "", 405),
    ] {
        let got = ask_bare(&opened, method, &path, headers, body).await;
        assert_eq!(got.status, status, "{method} {path}: {}", got.text());
    }
    opened.finish().await;
}

#[tokio::test]
async fn a_signed_bin_answers_signed_requests_only() {
    let public = "https://shop.example.com";
    let opened = open_with(|options, _| options.public_url = Some(public.into())).await;
    let form = [("FriendlyName", "S"), ("Twiml", GREETING), ("Access", "signed")];
    let path = format!("/bins/{}?Name=you", make(&opened, &form).await);
    let key = Key::new(&opened.token);
    let signed = |signature: String| format!("X-Twilio-Signature: {signature}\r\n");
    let body = Form::from_pairs([("Body", "hello")]);
    let of_get = signed(key.sign_url(&format!("http://localhost{path}")));
    let of_post = signed(key.sign_form(&format!("http://localhost{path}"), &body));
    let tunnelled = signed(key.sign_url(&format!("{public}{path}")));
    let other = signed(Key::new("another").sign_url(&format!("http://localhost{path}")));
    let of_public = |headers: &str| format!("Host: shop.example.com\r\n{headers}");
    for (what, method, headers, status) in [
        ("no signature", "GET", String::new(), 403),
        ("another account's", "GET", other, 403),
        ("its own", "GET", of_get.clone(), 200),
        ("a form's", "POST", of_post + FORM, 200),
        ("a GET's on a POST", "POST", of_get.clone() + FORM, 403),
    ] {
        let text = if method == "POST" { body.encode() } else { String::new() };
        let got = ask_bare(&opened, method, &path, &headers, &text).await;
        assert_eq!(got.status, status, "{what}: {}", got.text());
    }
    let answer = head(&opened, &path, &of_get).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    // Behind a tunnel the request comes by http, and was signed for https.
    let request =
        format!("GET {path} HTTP/1.1\r\nConnection: close\r\n{}\r\n", of_public(&tunnelled));
    let got = crate::asker::exchange(&opened.url, request.as_bytes()).await.expect("an answer");
    assert_eq!(got.status, 200, "{}", got.text());
    opened.finish().await;
}

#[tokio::test]
async fn twilios_own_host_leads_to_bins_and_to_nothing_else() {
    let opened = open().await;
    let sid = make(&opened, &[("FriendlyName", "B"), ("Twiml", GREETING)]).await;
    for (path, status) in [(format!("/twiml/{sid}"), 200), ("/offhook/v1/openapi.json".into(), 404)]
    {
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: handler.twilio.com\r\nConnection: close\r\n\r\n");
        let got = crate::asker::exchange(&opened.url, request.as_bytes()).await.expect("an answer");
        assert_eq!(got.status, status, "{path}: {}", got.text());
    }
    opened.finish().await;
}

#[tokio::test]
async fn bins_of_other_accounts_are_not_there() {
    let opened = open().await;
    let sid = make(&opened, &[("FriendlyName", "B"), ("Twiml", GREETING)]).await;
    let (other, token) = subaccount(&opened).await;
    let as_other = (other.as_str(), token.as_str());
    let path = format!("/offhook/v1/Bins/{sid}");
    for (method, path) in [
        ("GET", path.clone()),
        ("POST", path.clone()),
        ("DELETE", path.clone()),
        ("GET", format!("{path}/Versions")),
        ("POST", format!("{path}/Versions/1/Restore")),
    ] {
        let got = ask_as(&opened, as_other, (method, &path), &[]).await;
        assert_eq!(got.status, 404, "{method} {path}");
    }
    let list = ask_as(&opened, as_other, ("GET", "/offhook/v1/Bins"), &[]).await.json();
    assert_eq!(list["bins"], Value::Array(Vec::new()));
    opened.finish().await;
}
