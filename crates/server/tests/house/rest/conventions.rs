//! What all of the API has in common: credentials, headers, errors, pages, doors.

use super::{ask_as, create, of_account, refused, text};
use crate::asker;
use crate::support::{Opened, open};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    head.lines().find_map(|line| {
        let (found, value) = line.split_once(": ")?;
        found.eq_ignore_ascii_case(name).then_some(value)
    })
}

#[tokio::test]
async fn every_answer_has_an_id_of_its_own_and_its_duration() {
    let opened = open().await;
    let mut ids = Vec::new();
    for (path, status) in [
        (of_account("Messages"), 200),
        (of_account("Conferences"), 403),
        (of_account("Nothing"), 404),
        ("/monitor/v1/Alerts".to_owned(), 200),
    ] {
        let got = opened.ask("GET", &path, &[]).await;
        assert_eq!(got.status, status, "{path}");
        let id = header(&got.head, "Twilio-Request-Id").expect("an id");
        assert!(id.starts_with("RQ") && id.len() == 34, "{id}");
        ids.push(id.to_owned());
        let duration = header(&got.head, "Twilio-Request-Duration").expect("a duration");
        assert!(duration.parse::<f64>().is_ok_and(|seconds| (0.0..60.0).contains(&seconds)));
        assert_eq!(header(&got.head, "Twilio-Concurrent-Requests"), Some("1"));
        assert_eq!(header(&got.head, "Content-Type"), Some("application/json;charset=utf-8"));
        assert!(header(&got.head, "Content-Length").is_some());
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 4);
}

#[tokio::test]
async fn wrong_credentials_are_refused_with_a_challenge() {
    let opened = open().await;
    let sid = opened.sid.as_str();
    let unknown = format!("AC{:032}", 0);
    for (user, password) in [
        (sid, "wrong"),
        (sid, ""),
        ("", ""),
        (unknown.as_str(), opened.token.as_str()),
        ("SK00000000000000000000000000000000", "x"),
        ("somebody", "something"),
    ] {
        let got = ask_as(&opened, (user, password), ("GET", &of_account("Messages")), &[]).await;
        refused(user, (got.status, got.json()), (401, 20_003));
        assert_eq!(header(&got.head, "WWW-Authenticate"), Some("Basic realm=\"Twilio API\""));
    }
    // An operation that is known is not named to strangers.
    let got = ask_as(&opened, ("", ""), ("GET", &of_account("Calls")), &[]).await;
    refused("Calls", (got.status, got.json()), (401, 20_003));
    let path = format!("/2010-04-01/Accounts/{unknown}/Messages.json");
    refused("another account", opened.call("GET", &path, &[]).await, (401, 20_003));
}

#[tokio::test]
async fn unknown_paths_methods_and_sids_are_told_apart() {
    let opened = open().await;
    for (method, path, expected) in [
        ("GET", of_account("Spoons"), (404, 20_404)),
        ("GET", "/v9/Nothing".to_owned(), (404, 20_404)),
        ("GET", "/2010-04-01/Accounts/%FF/Messages.json".to_owned(), (404, 20_404)),
        ("GET", "/2010-04-01/Accounts/%00%0d%0aA:b/Messages.json".to_owned(), (404, 20_404)),
        ("GET", of_account("Messages/%zz%"), (404, 20_404)),
        ("GET", of_account("Messages/SM1"), (404, 20_404)),
        ("GET", of_account("Messages/SM00000000000000000000000000000000"), (404, 20_404)),
        (
            "GET",
            of_account("IncomingPhoneNumbers/AP00000000000000000000000000000000"),
            (404, 20_404),
        ),
        ("GET", "/2010-04-01/Accounts/me.json".to_owned(), (404, 20_404)),
        ("GET", of_account("Messages").replace(".json", ".html"), (404, 20_404)),
        ("DELETE", of_account("Messages"), (405, 20_004)),
        ("PUT", of_account("Applications"), (405, 20_004)),
        ("POST", "/monitor/v1/Alerts".to_owned(), (405, 20_004)),
        ("PUT", of_account("Calls"), (405, 20_004)),
        ("GET", of_account("Conferences"), (403, 20_403)),
        ("GET", "/messaging/v1/Deactivations".to_owned(), (403, 20_403)),
        ("GET", "/video/v1/Rooms".to_owned(), (403, 20_403)),
    ] {
        let answer = opened.call(method, &path, &[]).await;
        if expected.0 == 404 {
            let asked = path.replace("{AC}", opened.sid.as_str());
            let message = format!("The requested resource {asked} was not found");
            assert_eq!(answer.1["message"], message.as_str());
        }
        refused(&format!("{method} {path}"), answer, expected);
    }
}

#[tokio::test]
async fn a_known_operation_names_itself_under_every_door() {
    let opened = open().await;
    let auth = asker::basic(opened.sid.as_str(), &opened.token);
    for (host, method, path, name) in [
        ("api.twilio.com", "GET", of_account("Conferences"), "ListConference"),
        ("localhost", "GET", format!("/api{}", of_account("Conferences")), "ListConference"),
        ("messaging.twilio.com", "GET", "/v1/Deactivations".into(), "FetchDeactivations"),
        ("localhost", "GET", "/v1/Services/Usecases".into(), "FetchUsecase"),
        ("verify.twilio.com", "POST", "/v2/Services/VA1/Entities".into(), "CreateEntity"),
        ("studio.twilio.com", "GET", "/v2/Flows".into(), "ListFlow"),
        ("localhost", "GET", "/offhook/v1/Faults".into(), "the door Faults"),
        ("localhost", "DELETE", "/offhook/v1/Faults/1".into(), "the door Faults"),
        ("video.twilio.com", "GET", "/v1/Rooms".into(), "the product video"),
    ] {
        let path = path.replace("{AC}", opened.sid.as_str());
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{auth}Content-Length: 0\r\n\r\n"
        );
        let got = asker::exchange(&opened.url, head.as_bytes()).await.expect("an answer");
        let body = got.json();
        let message = text(&body, "message");
        assert!(message.contains(name) && message.contains("docs/compatibility.md"), "{message}");
        refused(path.as_str(), (got.status, body), (403, 20_403));
    }
}

/// Walks a 2010 list by its links; the sids met, in order.
async fn walk(opened: &Opened, first: &str, key: &str) -> (Vec<String>, usize) {
    let mut next = Some(first.to_owned());
    let (mut sids, mut pages) = (Vec::new(), 0);
    while let Some(path) = next {
        let (status, body) = opened.call("GET", &path, &[]).await;
        assert_eq!(status, 200, "{path}: {body}");
        assert_eq!(body["page"], pages, "{path}");
        let items = body[key].as_array().expect("a list");
        assert_eq!(body["start"], if items.is_empty() { 0 } else { sids.len() }, "{path}");
        sids.extend(items.iter().map(|item| text(item, "sid")));
        assert_eq!(body["end"], sids.len().saturating_sub(1), "{path}");
        next = body["next_page_uri"].as_str().map(str::to_owned);
        pages += 1;
        assert!(pages < 100, "the list does not end");
    }
    (sids, pages)
}

/// Walks a list to its end and back to its beginning by its links, with something new coming in
/// on the way; checks that the pages are the same both ways.
async fn there_and_back(opened: &Opened, first: &str, key: &str, new: impl AsyncFn()) {
    let link = |body: &Value, name: &str| {
        let (flat, meta) = (&body[format!("{name}_page_uri")], &body["meta"]);
        let url = flat.as_str().or_else(|| meta[format!("{name}_page_url")].as_str());
        url.map(|url| url.trim_start_matches("http://localhost").to_owned())
    };
    let items = |body: &Value| -> Vec<String> {
        body[key].as_array().expect("a list").iter().map(|item| text(item, "sid")).collect()
    };
    let mut next = Some(first.to_owned());
    let mut pages = Vec::new();
    let mut last = Value::Null;
    while let Some(path) = next {
        let (status, body) = opened.call("GET", &path, &[]).await;
        assert_eq!(status, 200, "{path}: {body}");
        assert_eq!(link(&body, "previous").is_some(), !pages.is_empty(), "{path}: {body}");
        pages.push(items(&body));
        next = link(&body, "next");
        last = body;
    }
    assert!(pages.len() > 3, "{first}: {pages:?}");
    new().await;
    for page in pages.iter().rev().skip(1) {
        let previous = link(&last, "previous").expect("a page before it");
        let (status, body) = opened.call("GET", &previous, &[]).await;
        assert_eq!(status, 200, "{previous}: {body}");
        assert_eq!(&items(&body), page, "{previous}");
        let (_, again) = opened.call("GET", &link(&body, "next").expect("a next one"), &[]).await;
        assert_eq!(items(&again), items(&last), "{previous}: and forward again");
        last = body;
    }
    assert_eq!(link(&last, "previous"), None, "{first}: the first page has none before it");
}

#[tokio::test]
async fn every_page_but_the_first_leads_back_while_new_items_come_in() {
    let opened = open().await;
    let message = "To=+12025550199&From=+12025550100&Body=hi&MediaUrl=http://a/1.gif";
    for (path, key, form) in [
        ("Applications", "applications", "FriendlyName=n"),
        ("Keys", "keys", ""),
        ("IncomingPhoneNumbers", "incoming_phone_numbers", "AreaCode=415"),
        ("Messages", "messages", message),
    ] {
        let form: Vec<(&str, &str)> =
            form.split('&').filter_map(|pair| pair.split_once('=')).collect();
        let new = async || drop(create(&opened, path, &form).await);
        for _ in 0..7 {
            new().await;
        }
        for size in [1, 2] {
            let list = format!("{}?PageSize={size}", of_account(path));
            there_and_back(&opened, &list, key, new).await;
        }
    }
    let account = async || {
        assert_eq!(opened.call("POST", "/2010-04-01/Accounts.json", &[]).await.0, 201);
    };
    for _ in 0..6 {
        account().await;
    }
    // Accounts begin with the own one: a new one comes in between.
    there_and_back(&opened, "/2010-04-01/Accounts.json?PageSize=2", "accounts", async || {}).await;
    // A bin that is not there: each text makes a webhook that fails and an alert.
    opened.point(&format!("{}/bins/EH00000000000000000000000000000000", opened.url)).await;
    let new = async || {
        opened.text("hello").await;
        opened.quiet().await;
    };
    for _ in 0..7 {
        new().await;
    }
    for (path, key) in [
        ("/monitor/v1/Alerts", "alerts"),
        ("/offhook/v1/Webhooks", "webhooks"),
        ("/offhook/v1/Phones/+12025550199/Messages", "messages"),
    ] {
        there_and_back(&opened, &format!("{path}?PageSize=2"), key, new).await;
    }
    let (_, list) = opened.call("GET", &of_account("Messages"), &[("PageSize", "1")]).await;
    assert_eq!(list["previous_page_uri"], Value::Null);
    crate::media::show_pictures(&opened.customer);
    let picture = opened.customer.url("/cat.png");
    let mut media = vec![("To", "+12025550199"), ("From", "+12025550100"), ("Body", "pics")];
    media.extend([("MediaUrl", picture.as_str()); 4]);
    let sid = text(&create(&opened, "Messages", &media).await, "sid");
    opened.quiet().await;
    let list = of_account(&format!("Messages/{sid}/Media"));
    there_and_back(&opened, &format!("{list}?PageSize=1"), "media_list", async || {}).await;
    opened.quiet().await;
}

#[tokio::test]
async fn the_way_back_ends_where_nothing_comes_before_any_more() {
    let opened = open().await;
    let mut sids = Vec::new();
    for _ in 0..3 {
        sids.push(text(&create(&opened, "Applications", &[]).await, "sid"));
    }
    let list = format!("{}?PageSize=1", of_account("Applications"));
    let (_, first) = opened.call("GET", &list, &[]).await;
    let (_, second) = opened.call("GET", &text(&first, "next_page_uri"), &[]).await;
    let (_, third) = opened.call("GET", &text(&second, "next_page_uri"), &[]).await;
    // The first and the third are deleted in between.
    for gone in [&sids[2], &sids[0]] {
        opened.ask("DELETE", &of_account(&format!("Applications/{gone}")), &[]).await;
    }
    let (_, back) = opened.call("GET", &text(&third, "previous_page_uri"), &[]).await;
    assert_eq!(text(&back["applications"][0], "sid"), sids[1]);
    assert_eq!(back["previous_page_uri"], Value::Null);
    for token in ["PB", "PB1", "PX00", "\u{e9}"] {
        let query = [("PageToken", token)];
        let answer = opened.call("GET", &of_account("Applications"), &query).await;
        refused(token, answer, (400, 21_481));
    }
}

#[tokio::test]
async fn one_item_a_page_walks_every_list_once() {
    let opened = open().await;
    let sids: &[(&str, &str, &str)] = &[
        ("Applications", "applications", "FriendlyName=n"),
        ("Keys", "keys", ""),
        ("SigningKeys", "signing_keys", ""),
        ("IncomingPhoneNumbers", "incoming_phone_numbers", "AreaCode=415"),
        ("Messages", "messages", "To=+12025550199&From=+12025550100&Body=hi"),
    ];
    for (path, key, form) in sids {
        let form: Vec<(&str, &str)> =
            form.split('&').filter_map(|pair| pair.split_once('=')).collect();
        for _ in 0..4 {
            create(&opened, path, &form).await;
        }
        let list = of_account(path);
        let (_, all) = opened.call("GET", &list, &[]).await;
        let expected: Vec<String> =
            all[*key].as_array().expect("a list").iter().map(|item| text(item, "sid")).collect();
        assert!(expected.len() >= 4, "{path}");
        let (found, pages) = walk(&opened, &format!("{list}?PageSize=1"), key).await;
        assert_eq!(found, expected, "{path}");
        assert_eq!(pages, expected.len(), "{path}");
        let (found, _) = walk(&opened, &format!("{list}?PageSize=3"), key).await;
        assert_eq!(found, expected, "{path}");
    }
    for _ in 0..3 {
        opened.call("POST", "/2010-04-01/Accounts.json", &[]).await;
    }
    let (found, pages) = walk(&opened, "/2010-04-01/Accounts.json?PageSize=1", "accounts").await;
    assert_eq!((found.len(), pages, found[0].as_str()), (4, 4, opened.sid.as_str()));
}

#[tokio::test]
async fn a_page_stays_in_its_place_while_new_items_come_in() {
    let opened = open().await;
    for _ in 0..3 {
        create(&opened, "Applications", &[]).await;
    }
    let list = of_account("Applications");
    let (_, first) = opened.call("GET", &list, &[("PageSize", "2")]).await;
    let last = text(&first["applications"][1], "sid");
    create(&opened, "Applications", &[]).await;
    opened.ask("DELETE", &of_account(&format!("Applications/{last}")), &[]).await;
    let (_, second) = opened.call("GET", &text(&first, "next_page_uri"), &[]).await;
    let items = second["applications"].as_array().expect("a list");
    assert_eq!(items.len(), 1);
    assert!(text(&items[0], "sid") < last);
}

#[tokio::test]
async fn page_sizes_are_clamped_and_links_repeat_the_filters() {
    let opened = open().await;
    for (size, shown) in [("5000", 1000), ("0", 1), ("", 50), ("1000", 1000)] {
        let (_, body) =
            opened.call("GET", &of_account("Applications"), &[("PageSize", size)]).await;
        assert_eq!(body["page_size"], shown, "{size}");
    }
    let filter = [("DateSent>", "2008-01-02"), ("To", "+12025550199")];
    let (_, body) = opened.call("GET", &of_account("Messages"), &filter).await;
    let sid = opened.sid;
    let expected = format!(
        "/2010-04-01/Accounts/{sid}/Messages.json?DateSent%3E=2008-01-02&To=%2B12025550199&PageSize=50&Page=0"
    );
    assert_eq!(body["first_page_uri"], expected.as_str());
    assert_eq!(body["next_page_uri"], Value::Null);
    for (query, expected) in [
        (("PageSize", "many"), (400, 20_422)),
        (("PageToken", "PA1"), (400, 21_481)),
        (("PageToken", "PAAP00000000000000000000000000000000"), (400, 21_481)),
    ] {
        let answer = opened.call("GET", &of_account("Messages"), &[query]).await;
        refused(&format!("{query:?}"), answer, expected);
    }
}

#[tokio::test]
async fn a_2010_path_under_the_api_prefix_is_shown_without_it() {
    let opened = open().await;
    create(&opened, "Applications", &[]).await;
    create(&opened, "Applications", &[]).await;
    let (_, body) = opened
        .call("GET", &format!("/api{}", of_account("Applications")), &[("PageSize", "1")])
        .await;
    assert!(text(&body, "next_page_uri").starts_with("/2010-04-01/"), "{body}");
}

#[tokio::test]
async fn a_form_a_get_with_a_body_type_and_json_are_all_read() {
    let opened = open().await;
    let auth = asker::basic(opened.sid.as_str(), &opened.token);
    let path = of_account("Applications").replace("{AC}", opened.sid.as_str());
    let json = format!("{auth}Content-Type: application/json\r\n");
    let body = br#"{"FriendlyName":"from json","VoiceCallerIdLookup":true}"#;
    let made = asker::exchange(&opened.url, &asker::request("POST", &path, &json, body)).await;
    let made = made.expect("an answer").json();
    assert_eq!(
        (&made["friendly_name"], &made["voice_caller_id_lookup"]),
        (&"from json".into(), &true.into())
    );
    let form = format!("{auth}Content-Type: application/x-www-form-urlencoded\r\n");
    let got = asker::exchange(&opened.url, &asker::request("GET", &path, &form, b"")).await;
    assert_eq!(got.expect("an answer").status, 200);
    let broken = asker::request("POST", &path, &json, b"{\"FriendlyName\":");
    let got = asker::exchange(&opened.url, &broken).await.expect("an answer");
    refused("broken JSON", (got.status, got.json()), (400, 20_001));
}

#[tokio::test]
async fn a_page_named_by_its_number_alone_begins_where_it_says_and_the_count_ends() {
    let opened = open().await;
    for body in ["1", "2", "3"] {
        opened.send_told(body).await;
    }
    let list = "/2010-04-01/Accounts/{AC}/Messages.json";
    let mut seen = Vec::new();
    for page in ["0", "1", "2", "3", "4000000"] {
        let form = [("PageSize", "2"), ("Page", page)];
        let (status, body) = opened.call("GET", list, &form).await;
        assert_eq!(status, 200, "{body}");
        let bodies = body["messages"].as_array().expect("a list").iter();
        let bodies: Vec<&str> = bodies.filter_map(|message| message["body"].as_str()).collect();
        seen.push((bodies.join(" "), body["start"].clone(), body["end"].clone()));
    }
    let wished = [("3 2", 0, 1), ("1", 2, 2), ("", 0, 0), ("", 0, 0), ("", 0, 0)];
    let wished = wished.map(|(bodies, start, end)| (bodies.to_owned(), start.into(), end.into()));
    assert_eq!(seen, wished);
}

/// Two requests on one connection, whose first has its body later than its head.
async fn two_on_a_connection(opened: &Opened, path: &str, auth: &str) -> String {
    let authority = opened.url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(authority).await.expect("a connection");
    let head = format!("POST {path} HTTP/1.1\r\nHost: h\r\n{auth}Content-Length: 5\r\n\r\n");
    stream.write_all(head.as_bytes()).await.expect("taken");
    // Meanwhile the head is read: somebody else has been answered.
    assert_eq!(opened.ask("GET", "/healthz", &[]).await.status, 200);
    let next = "Url=xGET /healthz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
    stream.write_all(next.as_bytes()).await.expect("taken");
    let mut answers = String::new();
    stream.read_to_string(&mut answers).await.expect("answers");
    answers
}

#[tokio::test]
async fn who_is_refused_before_the_body_was_read_keeps_the_connection() {
    let opened = open().await;
    let known = asker::basic(opened.sid.as_str(), &opened.token);
    let account = opened.sid;
    let of_call = format!("/2010-04-01/Accounts/{account}/Calls/CA1");
    for (path, auth, status) in [
        (format!("{of_call}/Streams.json"), known.as_str(), "403"),
        (format!("{of_call}.json"), "", "401"),
        ("/nowhere".to_owned(), "", "404"),
    ] {
        let answers = two_on_a_connection(&opened, &path, auth).await;
        assert!(answers.starts_with(&format!("HTTP/1.1 {status} ")), "{path}: {answers}");
        assert!(answers.contains("HTTP/1.1 200 OK"), "{path}: {answers}");
    }
}
