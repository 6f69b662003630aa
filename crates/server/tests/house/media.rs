//! Pictures: sent by persons, by the API, by replies, and between numbers of the house; and files
//! that no message can carry.

use crate::asker::{self, Got};
use crate::customer::{Customer, Gate, Say};
use crate::support::{NUMBER, Opened, PERSON, open, sid_of};
use exchange::accounts::MediaAuth;
use exchange::messages::{Message, State};
use exchange::webhooks::guard::Profile;
use exchange::webhooks::{Purpose, Status};
use serde_json::Value;

pub const PNG: &[u8] = b"\x89PNG\r\n\x1a\n as good as any";
const GIF: &[u8] = b"GIF89a as good as any";
const OTHER: &str = "+12025550101";

/// Makes the customer show pictures.
pub fn show_pictures(customer: &Customer) {
    customer.on("/cat.png", [Say::typed("image/png", PNG)]);
    customer.on("/dog.gif", [Say::typed("image/gif", GIF)]);
}

/// Something by its URL, without credentials.
pub async fn get(house: &Opened, url: &str) -> Got {
    let path = url.strip_prefix(&house.url).unwrap_or(url);
    asker::exchange(&house.url, &asker::request("GET", path, "", b"")).await.expect("an answer")
}

pub fn header<'g>(got: &'g Got, name: &str) -> Option<&'g str> {
    let lines = got.head.lines().filter_map(|line| line.split_once(": "));
    lines.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// The files in the house's folder of media.
pub fn files(house: &Opened) -> usize {
    std::fs::read_dir(&house.house.settings.media).expect("a folder").count()
}

/// The usual person sends media.
async fn send(house: &Opened, form: &[(&str, &str)]) -> (u16, Value) {
    let path = format!("/offhook/v1/Phones/{PERSON}/Messages");
    house.call("POST", &path, &[&[("To", NUMBER)], form].concat()).await
}

/// The customer sends a medium to the usual person; what became of the message.
async fn sent(house: &mut Opened, urls: &[&str]) -> Message {
    let callback = house.customer.url("/status");
    house.customer.on("/status", [Say::status(204)]);
    let mut form = vec![("To", PERSON), ("From", NUMBER), ("StatusCallback", &callback)];
    form.extend(urls.iter().map(|url| ("MediaUrl", *url)));
    let (status, shown) = house.send(&form).await;
    assert_eq!((status, shown["status"].as_str()), (201, Some("queued")), "{shown}");
    house.quiet().await;
    house.customer.unread();
    house.message(sid_of(&shown))
}

#[tokio::test]
async fn a_person_sends_pictures_and_the_application_gets_them() {
    let mut house = open().await;
    house.customer.on("/sms", [Say::status(204)]);
    show_pictures(&house.customer);
    let (cat, dog) = (house.customer.url("/cat.png"), house.customer.url("/dog.gif"));
    let (status, shown) = send(&house, &[("MediaUrl", &cat), ("MediaUrl", &dog)]).await;
    assert_eq!(status, 201, "{shown}");
    for path in ["/cat.png", "/dog.gif"] {
        let fetch = house.customer.heard_on(path).await;
        assert_eq!((fetch.method.as_str(), fetch.verify(&house.token)), ("GET", Ok(())));
    }
    let asked = house.heard_on("/sms").await;
    let sid = sid_of(&shown);
    assert!(sid.as_str().starts_with("MM"));
    let get_one = |name: &str| asked.get(name).expect("there");
    assert_eq!((get_one("NumMedia"), get_one("Body")), ("2".into(), "".into()));
    assert_eq!((get_one("MessageSid"), get_one("NumSegments")), (sid.to_string(), "1".into()));
    for (n, content_type, bytes) in [(0, "image/png", PNG), (1, "image/gif", GIF)] {
        assert_eq!(get_one(&format!("MediaContentType{n}")), content_type);
        let got = get(&house, &get_one(&format!("MediaUrl{n}"))).await;
        assert_eq!((got.status, &got.body[..]), (200, bytes), "{}", got.head);
        assert_eq!(header(&got, "content-type"), Some(content_type));
        assert_eq!(header(&got, "x-content-type-options"), Some("nosniff"));
    }
    // The person sees the same.
    assert_eq!(shown["media"][1]["url"], get_one("MediaUrl1"));
    assert_eq!(shown["media"][1]["content_type"], "image/gif");
    house.finish().await;
}

#[tokio::test]
async fn a_person_uploads_a_file_and_sends_it() {
    let mut house = open().await;
    house.customer.on("/sms", [Say::status(204)]);
    let path = format!("/offhook/v1/Phones/{PERSON}/Media");
    let auth = asker::basic(house.sid.as_str(), &house.token);
    let upload = async |content_type: &str, body: &[u8], auth: &str| {
        let headers = format!("{auth}Content-Type: {content_type}\r\n");
        let request = asker::request("POST", &path, &headers, body);
        let got = asker::exchange(&house.url, &request).await.expect("an answer");
        (got.status, got.json())
    };
    for (content_type, body, code) in [
        ("text/html", &b"<html>"[..], 12_300),
        ("image/png", b"<html>", 12_300),
        ("video/mp4", &[0; 500 * 1024 + 1], 11_751),
    ] {
        let (status, refused) = upload(content_type, body, &auth).await;
        assert_eq!((status, refused["code"].as_u64()), (400, Some(code)), "{refused}");
    }
    assert_eq!(upload("image/png", PNG, "").await.0, 401);
    let (status, shown) = upload("image/png", PNG, &auth).await;
    assert_eq!((status, shown["content_type"].as_str()), (201, Some("image/png")), "{shown}");
    let url = shown["url"].as_str().expect("a URL").to_owned();
    assert_eq!(get(&house, &url).await.body, PNG);
    assert_eq!(send(&house, &[("Body", "look"), ("MediaUrl", &url)]).await.0, 201);
    let asked = house.heard_on("/sms").await;
    let media = asked.get("MediaUrl0").expect("one");
    assert_ne!(media, url);
    assert_eq!(get(&house, &media).await.body, PNG);
    // It is the house's own, and no socket was opened for it; what is gone can't be sent.
    let gone = format!("{}/offhook/v1/Phones/{PERSON}/Media/ME{:032}", house.url, 1);
    assert_eq!(get(&house, &gone).await.status, 404);
    let (status, refused) = send(&house, &[("MediaUrl", &gone)]).await;
    assert_eq!((status, refused["code"].as_u64()), (400, Some(11_200)), "{refused}");
    house.settings(|settings| settings.media_auth = MediaAuth::Basic).await;
    assert_eq!(get(&house, &url).await.status, 401);
    house.finish().await;
}

#[tokio::test]
async fn the_api_sends_pictures_that_are_kept_listed_and_go_with_the_message() {
    let mut house = open().await;
    show_pictures(&house.customer);
    let (cat, dog) = (house.customer.url("/cat.png?x=1"), house.customer.url("/dog.gif"));
    let message = sent(&mut house, &[&cat, &dog]).await;
    assert_eq!(message.state, State::Delivered);
    let types: Vec<&str> = message.media.iter().map(|one| one.content_type.as_str()).collect();
    assert_eq!((types, files(&house)), (vec!["image/png", "image/gif"], 2));
    let path = format!("/offhook/v1/Phones/{PERSON}/Messages");
    let (_, seen) = house.call("GET", &path, &[]).await;
    let url = seen["messages"][0]["media"][0]["url"].as_str().expect("a URL").to_owned();
    assert_eq!(get(&house, &url).await.body, PNG);
    // What was asked for them is in the log.
    let log: Vec<_> =
        house.log().into_iter().filter(|e| e.webhook.purpose == Purpose::Media).collect();
    assert_eq!((log.len(), log[0].status), (2, Status::Done));
    assert_eq!(log[0].webhook.resource, message.sid.sid());
    let one = format!("/2010-04-01/Accounts/{{AC}}/Messages/{}", message.sid);
    let medium = format!("{one}/Media/{}.json", message.media[1].sid);
    assert_eq!(house.ask("DELETE", &medium, &[]).await.status, 204);
    assert_eq!(files(&house), 1);
    assert_eq!(house.ask("DELETE", &format!("{one}.json"), &[]).await.status, 204);
    assert_eq!((files(&house), get(&house, &url).await.status), (0, 404));
    house.finish().await;
}

#[tokio::test]
async fn a_reply_sends_the_persons_picture_back_and_one_beside_the_document() {
    let mut house = open().await;
    show_pictures(&house.customer);
    let cat = house.customer.url("/cat.png");
    assert_eq!(send(&house, &[("MediaUrl", &cat)]).await.0, 201);
    let asked = house.heard_on("/sms").await;
    house.customer.heard_on("/cat.png").await;
    house.quiet().await;
    let echo = asked.get("MediaUrl0").expect("one");
    let verbs =
        format!("<Message><Body>yours</Body><Media>{echo}</Media><Media>dog.gif</Media></Message>");
    house.customer.on("/sms", [Say::verbs(&verbs)]);
    // Its own media an account may always send.
    house.settings(|settings| settings.media_auth = MediaAuth::Basic).await;
    let sid = house.text("again").await;
    house.heard_on("/sms").await;
    house.customer.heard_on("/dog.gif").await;
    house.quiet().await;
    let reply = house.replies(sid).remove(0);
    assert_eq!((reply.state, reply.media.len()), (State::Delivered, 2));
    assert_eq!(reply.media[0].content_type, "image/png");
    assert!(reply.sid.as_str().starts_with("MM"));
    assert_eq!(files(&house), 3);
    house.finish().await;
}

#[tokio::test]
async fn two_numbers_of_the_house_send_each_other_pictures_each_with_its_own() {
    let mut house = open().await;
    show_pictures(&house.customer);
    let other = house.customer.url("/other");
    house.customer.on("/other", [Say::status(204)]);
    house.add_number(OTHER, &other).await;
    let cat = house.customer.url("/cat.png");
    let form = [("To", OTHER), ("From", NUMBER), ("Body", "look"), ("MediaUrl", cat.as_str())];
    let (_, shown) = house.send(&form).await;
    house.customer.heard_on("/cat.png").await;
    let asked = house.heard_on("/other").await;
    house.quiet().await;
    let (out, url) = (house.message(sid_of(&shown)), asked.get("MediaUrl0").expect("one"));
    assert_eq!((out.state, files(&house)), (State::Delivered, 2));
    assert_eq!(asked.get("MediaContentType0").as_deref(), Some("image/png"));
    let path = format!("/2010-04-01/Accounts/{{AC}}/Messages/{}.json", out.sid);
    assert_eq!(house.ask("DELETE", &path, &[]).await.status, 204);
    assert_eq!((files(&house), get(&house, &url).await.body), (1, PNG.to_vec()));
    house.finish().await;
}

#[tokio::test]
async fn a_message_whose_media_can_not_be_had_fails_is_told_and_raises_an_alert() {
    let mut house = open().await;
    let bomb = "x".repeat(64 * 1024);
    let packed = {
        use std::io::Write as _;
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        (0..20).for_each(|_| packer.write_all(&[0; 1_000_000]).expect("memory"));
        packer.finish().expect("memory")
    };
    let big = [PNG, &vec![0; 3 * 1024 * 1024][..]].concat();
    house.customer.on("/404.png", [Say::status(404)]);
    house.customer.on("/endless.png", [Say::endless("image/png", &bomb)]);
    let bomb = Say::typed("image/png", packed).header("Content-Encoding", "gzip");
    house.customer.on("/bomb.png", [bomb]);
    house.customer.on("/page.png", [Say::typed("text/html", "<html>")]);
    house.customer.on("/lie.png", [Say::typed("image/png", "<html>")]);
    house.customer.on("/none", [Say::status(200).header("X", "y")]);
    house.customer.on("/video", [Say::typed("video/mp4", vec![0; 500 * 1024 + 1])]);
    house.customer.on("/big.png", [Say::typed("image/png", big)]);
    house.customer.on("/loop.png", [Say::redirect(302, "/loop.png")]);
    house.customer.on("/close.png", [Say::close()]);
    let never = Gate::new();
    house.customer.on("/slow.png", [Say::typed("image/png", PNG).behind(&never)]);
    let cases: &[(&[&str], u32)] = &[
        (&["/404.png"], 11_200),
        (&["/endless.png"], 11_751),
        (&["/bomb.png"], 11_751),
        (&["/page.png"], 12_300),
        (&["/lie.png"], 12_300),
        (&["/none"], 12_300),
        (&["/video"], 11_751),
        (&["/big.png", "/big.png"], 11_751),
        (&["/loop.png"], 11_215),
        (&["/close.png"], 11_205),
        (&["/slow.png#rt=100"], 11_200),
    ];
    for (paths, code) in cases {
        let urls: Vec<String> = paths.iter().map(|path| house.customer.url(path)).collect();
        let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
        let told = house.log().len();
        let message = sent(&mut house, &urls).await;
        assert_eq!((message.state, message.error_code), (State::Failed, Some(*code)), "{paths:?}");
        assert_eq!((house.codes().pop(), files(&house)), (Some(*code), 0), "{paths:?}");
        let told = house.log().split_off(told);
        let told = told.iter().find(|entry| entry.webhook.purpose == Purpose::MessageStatus);
        let told = told.expect("the status is told").webhook.parameters.clone();
        assert!(
            told.contains("MessageStatus=failed") && told.contains(&format!("ErrorCode={code}"))
        );
        // What is not there is not listed.
        let list = format!("/2010-04-01/Accounts/{{AC}}/Messages/{}/Media.json", message.sid);
        let (_, list) = house.call("GET", &list, &[]).await;
        assert_eq!(list["media_list"], serde_json::json!([]));
        let path = format!("/offhook/v1/Phones/{PERSON}/Messages/{}", message.sid);
        assert_eq!(house.call("GET", &path, &[]).await.1["media"], serde_json::json!([]));
        let form: Vec<_> = urls.iter().map(|url| ("MediaUrl", *url)).collect();
        let (status, refused) = send(&house, &form).await;
        assert_eq!((status, refused["code"].as_u64()), (400, Some((*code).into())), "{paths:?}");
    }
    house.customer.unread();
    house.finish().await;
}

#[tokio::test]
async fn no_file_is_fetched_where_the_guard_lets_nobody_go() {
    let mut house = crate::support::open_with(|options, _| {
        options.guard.profile = Profile::Public;
    })
    .await;
    show_pictures(&house.customer);
    let cat = house.customer.url("/cat.png");
    let message = sent(&mut house, &[&cat]).await;
    assert_eq!((message.state, message.error_code), (State::Failed, Some(11_205)));
    let (status, refused) = send(&house, &[("MediaUrl", &cat)]).await;
    assert_eq!((status, refused["code"].as_u64()), (400, Some(11_205)), "{refused}");
    house.finish().await;
}

#[tokio::test]
async fn what_can_be_no_media_is_refused_and_leaves_nothing() {
    let house = open().await;
    let url = house.customer.url("/cat.png");
    for (count, url, code) in
        [(11, url.as_str(), 21_623), (1, "nope", 21_620), (1, "ftp://a/b.png", 21_620)]
    {
        let media = vec![("MediaUrl", url); count];
        let form = [&[("To", PERSON), ("From", NUMBER)], &media[..]].concat();
        let (status, refused) = house.send(&form).await;
        assert_eq!((status, refused["code"].as_u64()), (400, Some(code)), "{refused}");
        let (status, refused) = send(&house, &media).await;
        assert_eq!((status, refused["code"].as_u64()), (400, Some(code)), "{refused}");
    }
    assert!(house.messages().is_empty());
    house.finish().await;
}

#[tokio::test]
async fn media_that_a_stop_found_on_their_way_are_fetched_by_the_next_start() {
    let mut house = open().await;
    let gate = Gate::new();
    house.customer.on("/cat.png", [Say::typed("image/png", PNG).behind(&gate)]);
    let cat = house.customer.url("/cat.png");
    let form = [("To", PERSON), ("From", NUMBER), ("MediaUrl", cat.as_str())];
    let sid = sid_of(&house.send(&form).await.1);
    house.customer.heard_on("/cat.png").await;
    assert_eq!(house.message(sid).state, State::Queued);
    // What lies there and belongs to nobody goes at a start; the folder is the house's own.
    let strange = house.house.settings.media.join(format!("MM{:032}-ME{:032}", 7, 7));
    std::fs::write(&strange, "x").expect("written");
    let closed = house.stop().await;
    gate.open();
    let mut house = closed.reopen().await;
    house.quiet().await;
    assert_eq!(house.message(sid).state, State::Delivered);
    assert_eq!((strange.exists(), files(&house)), (false, 1));
    house.customer.unread();
    house.finish().await;
}

#[tokio::test]
async fn a_reset_takes_media_along() {
    let mut house = open().await;
    show_pictures(&house.customer);
    let cat = house.customer.url("/cat.png");
    sent(&mut house, &[&cat]).await;
    let gate = Gate::new();
    house.customer.on("/dog.gif", [Say::typed("image/gif", GIF).behind(&gate)]);
    let dog = house.customer.url("/dog.gif");
    let form = [("To", PERSON), ("From", NUMBER), ("MediaUrl", dog.as_str())];
    assert_eq!(house.send(&form).await.0, 201);
    house.customer.heard_on("/dog.gif").await;
    assert_eq!((files(&house), house.call("POST", "/offhook/v1/Reset", &[]).await.0), (1, 200));
    gate.open();
    house.quiet().await;
    assert_eq!((files(&house), house.messages().len(), house.alerts().len()), (0, 0, 0));
    house.finish().await;
}
