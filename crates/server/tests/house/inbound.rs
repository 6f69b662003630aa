//! A text comes in: what its number's application is asked (webhooks.md 2a, 2g).

use crate::customer::Say;
use crate::support::{NUMBER, PERSON, by_get, open};
use exchange::messages::State;
use exchange::numbers::{Application, Hook, Method};
use exchange::sid::ApplicationSid;
use store::{Change, Write};

/// The parameters of a plain US text, sorted: what captures of Twilio show, no more, no less.
const PLAIN: &[&str] = &[
    "AccountSid",
    "ApiVersion",
    "Body",
    "From",
    "FromCity",
    "FromCountry",
    "FromState",
    "FromZip",
    "MessageSid",
    "NumMedia",
    "NumSegments",
    "SmsMessageSid",
    "SmsSid",
    "SmsStatus",
    "To",
    "ToCity",
    "ToCountry",
    "ToState",
    "ToZip",
];

#[tokio::test]
async fn a_text_is_asked_by_post_with_exactly_the_documented_parameters() {
    let mut house = open().await;
    house.customer.on("/sms", [Say::verbs("<Message>hi</Message>")]);
    let sid = house.text("hello").await;
    let seen = house.heard().await;
    assert_eq!((seen.method.as_str(), seen.target.as_str()), ("POST", "/sms"));
    assert_eq!(seen.names(), PLAIN);
    for (name, value) in [
        ("MessageSid", sid.as_str()),
        ("SmsSid", sid.as_str()),
        ("SmsMessageSid", sid.as_str()),
        ("AccountSid", house.sid.as_str()),
        ("From", PERSON),
        ("To", NUMBER),
        ("Body", "hello"),
        ("NumMedia", "0"),
        ("NumSegments", "1"),
        ("SmsStatus", "received"),
        ("ApiVersion", "2010-04-01"),
        ("FromCountry", "US"),
        ("ToCountry", "US"),
        ("FromCity", ""),
        ("ToZip", ""),
    ] {
        assert_eq!(seen.get(name).as_deref(), Some(value), "{name}");
    }
    house.quiet().await;
    let replies = house.replies(sid);
    assert_eq!(replies.len(), 1);
    let reply = &replies[0];
    assert_eq!((reply.from.as_str(), reply.to.as_str()), (NUMBER, PERSON));
    assert_eq!((reply.body.as_str(), reply.state), ("hi", State::Delivered));
    house.finish().await;
}

#[tokio::test]
async fn a_text_is_asked_by_get_with_the_parameters_after_the_urls_own() {
    let mut house = open().await;
    house.customer.on("/sms", [Say::status(204)]);
    let url = house.customer.url("/sms?a=1&b=%2B");
    house
        .hook(|hook| {
            by_get(hook);
            hook.url.clone_from(&url)
        })
        .await;
    house.text("1 + 1 = 2 & more").await;
    let seen = house.heard().await;
    assert_eq!(seen.method, "GET");
    assert!(seen.target.starts_with("/sms?a=1&b=%2B&MessageSid="), "{}", seen.target);
    assert!(seen.body.is_empty());
    assert_eq!(seen.get("Body").as_deref(), Some("1 + 1 = 2 & more"));
    let names = seen.names();
    assert!(PLAIN.iter().all(|name| names.iter().any(|found| found == name)), "{names:?}");
    assert_eq!(names.len(), PLAIN.len() + 2);
    house.finish().await;
}

#[tokio::test]
async fn texts_arrive_as_they_were_written() {
    let mut house = open().await;
    house.customer.on("/sms", [Say::status(204)]);
    let long = "é".repeat(1600);
    for (body, segments) in [
        ("héllo wörld ✓ 😀", "1"),
        (" spaces around ", "1"),
        ("a=b&c=d+e%20f", "1"),
        ("line\r\none: two\r\n\r\n", "1"),
        ("\u{1}\u{7f}\"'<>", "1"),
        (long.as_str(), "11"),
    ] {
        house.text(body).await;
        let seen = house.heard().await;
        assert_eq!(seen.get("Body").as_deref(), Some(body));
        assert_eq!(seen.get("NumSegments").as_deref(), Some(segments), "{body}");
    }
    house.finish().await;
}

#[tokio::test]
async fn media_are_named_with_their_type_and_place() {
    let mut house = open().await;
    house.customer.on("/sms", [Say::status(204)]);
    crate::media::show_pictures(&house.customer);
    let path = format!("/offhook/v1/Phones/{PERSON}/Messages");
    let (cat, dog) = (house.customer.url("/cat.png"), house.customer.url("/dog.gif"));
    let pictures = [("To", NUMBER), ("MediaUrl", cat.as_str()), ("MediaUrl", dog.as_str())];
    let (status, shown) = house.call("POST", &path, &pictures).await;
    assert_eq!(status, 201, "{shown}");
    let sid = shown["sid"].as_str().expect("a sid").to_owned();
    assert!(sid.starts_with("MM"), "{sid}");
    let seen = house.heard_on("/sms").await;
    assert_eq!(house.customer.unread().len(), 2, "one request for each");
    assert_eq!(seen.get("NumMedia").as_deref(), Some("2"));
    assert_eq!(seen.get("Body").as_deref(), Some(""));
    assert_eq!(seen.get("MediaContentType0").as_deref(), Some("image/png"));
    assert_eq!(seen.get("MediaContentType1").as_deref(), Some("image/gif"));
    let place = format!("{}/2010-04-01/Accounts/{}/Messages/{sid}/Media/ME", house.url, house.sid);
    let url = seen.get("MediaUrl1").expect("a URL");
    assert!(url.starts_with(&place), "{url}");
    house.finish().await;
}

#[tokio::test]
async fn an_application_is_asked_in_place_of_its_numbers_url() {
    let mut house = open().await;
    house.customer.on("/application", [Say::status(204)]);
    let sid = ApplicationSid::from_parts(house.house.ids.parts(house.house.clock.wire_us()));
    let url = house.customer.url("/application");
    let application = Application {
        sid,
        account: house.sid,
        friendly_name: String::new(),
        voice: Hook::default(),
        sms: Hook { url, method: Method::Get, ..Hook::default() },
        status_callback: String::new(),
        status_callback_method: Method::Post,
        message_status_callback: String::new(),
        sms_status_callback: String::new(),
        voice_caller_id_lookup: false,
        public_application_connect_enabled: false,
        created: house.house.now(),
        updated: house.house.now(),
    };
    let write = Write::InsertApplication(Box::new(application));
    house.house.save(Change::one(write)).await.expect("a new application");
    house.number(|number| number.sms_application = Some(sid)).await;
    house.text("hello").await;
    let seen = house.heard().await;
    assert_eq!((seen.method.as_str(), seen.path()), ("GET", "/application"));
    house.finish().await;
}

#[tokio::test]
async fn a_number_without_a_url_receives_and_asks_nobody() {
    let house = open().await;
    house.hook(|hook| *hook = Hook::default()).await;
    let sid = house.text("hello").await;
    house.quiet().await;
    assert_eq!(house.message(sid).state, State::Received);
    assert!(house.log().is_empty());
    assert!(house.alerts().is_empty());
    house.finish().await;
}

#[tokio::test]
async fn the_demo_bin_answers_a_fresh_houses_first_text() {
    let house = open().await;
    let bin = house.house.store.bins(house.sid, 0, 1).expect("readable").remove(0);
    house.point(&format!("{}/bins/{}", house.url, bin.sid)).await;
    let sid = house.text("hello").await;
    house.quiet().await;
    let replies = house.replies(sid);
    assert_eq!(replies.len(), 1, "{:?}", house.codes());
    assert!(replies[0].body.contains("hello"), "{}", replies[0].body);
    house.finish().await;
}
