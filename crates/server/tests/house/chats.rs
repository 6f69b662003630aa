//! Conversations: texts of who takes part come in to them, and what is said goes out by texts.

use crate::asker;
use crate::customer::{Gate, Say};
use crate::rest::{ask_as, has, refused, text};
use crate::support::{NUMBER, Opened, PERSON, open};
use crate::verify::create_account;
use serde_json::Value;

const LIST: &str = "/conversations/v1/Conversations";
pub const ACCOUNTS_HOOK: &str = "/conversations/v1/Configuration/Webhooks";
pub const FRIEND: &str = "+12025550111";

const CONVERSATION: &str = "account_sid chat_service_sid messaging_service_sid sid friendly_name \
    unique_name attributes state date_created date_updated timers url links bindings";
const PARTICIPANT: &str = "account_sid conversation_sid sid identity attributes \
    messaging_binding role_sid date_created date_updated url last_read_message_index \
    last_read_timestamp";
const MESSAGE: &str = "account_sid conversation_sid sid index author body media attributes \
    participant_sid date_created date_updated url delivery links content_sid";
const RECEIPT: &str = "account_sid conversation_sid sid message_sid channel_message_sid \
    participant_sid status error_code date_created date_updated url";
const HOOK: &str =
    "sid account_sid conversation_sid target url configuration date_created date_updated";
const CONFIGURATION: &str = "account_sid default_chat_service_sid default_messaging_service_sid \
    default_inactive_timer default_closed_timer url links";
const SETTINGS: &str = "account_sid method filters pre_webhook_url post_webhook_url target url";
const PARTICIPATION: &str = "account_sid chat_service_sid participant_sid participant_user_sid \
    participant_identity participant_messaging_binding conversation_sid conversation_unique_name \
    conversation_friendly_name conversation_attributes conversation_date_created \
    conversation_date_updated conversation_created_by conversation_state conversation_timers links";
const SERVICE_SETTINGS: &str =
    "account_sid chat_service_sid pre_webhook_url post_webhook_url filters method url";
const SERVICE_CONFIGURATION: &str = "chat_service_sid default_conversation_creator_role_sid \
    default_conversation_role_sid default_chat_service_role_sid url links reachability_enabled";
const SERVICE: &str = "account_sid sid friendly_name date_created date_updated url links";

pub async fn make(house: &Opened, path: &str, form: &[(&str, &str)]) -> Value {
    let (status, made) = house.call("POST", path, form).await;
    assert_eq!(status, 201, "{path}: {made}");
    made
}

/// A conversation; its path.
pub async fn conversation(house: &Opened) -> String {
    let made = make(house, LIST, &[("FriendlyName", "Order 7")]).await;
    format!("{LIST}/{}", text(&made, "sid"))
}

/// Somebody takes part by texts with the house's number.
pub async fn join(house: &Opened, chat: &str, address: &str) -> Value {
    let form = [("MessagingBinding.Address", address), ("MessagingBinding.ProxyAddress", NUMBER)];
    make(house, &format!("{chat}/Participants"), &form).await
}

/// Calls the API so that webhooks tell of it.
async fn call_told(house: &Opened, path: &str, form: &[(&str, &str)]) -> Value {
    let auth = asker::basic(house.sid.as_str(), &house.token);
    let auth = format!("{auth}X-Twilio-Webhook-Enabled: true\r\n");
    let request = asker::form_request("POST", path, &auth, form);
    let got = asker::exchange(&house.url, &request).await.expect("an answer");
    assert!(matches!(got.status, 200 | 201), "{path}");
    got.json()
}

/// What the messages of a conversation say.
async fn said(house: &Opened, chat: &str) -> Vec<(String, String)> {
    let (_, page) = house.call("GET", &format!("{chat}/Messages"), &[]).await;
    let all = page["messages"].as_array().expect("a list");
    all.iter().map(|one| (text(one, "author"), text(one, "body"))).collect()
}

/// The last text that a handset received.
async fn last_text(house: &Opened, address: &str) -> String {
    house.quiet().await;
    let path = format!("/offhook/v1/Phones/{address}/Messages");
    let (_, shown) = house.call("GET", &path, &[]).await;
    text(&shown["messages"][0], "body")
}

#[tokio::test]
async fn a_bound_persons_text_is_said_in_the_conversation_and_reaches_the_others() {
    let mut house = open().await;
    house.customer.on("/told", [Say::status(204)]);
    house.customer.on("/scoped", [Say::status(204)]);
    let chat = conversation(&house).await;
    let told = house.customer.url("/told");
    let form = [("PostWebhookUrl", told.as_str()), ("Filters", "onMessageAdded")];
    assert_eq!(house.call("POST", ACCOUNTS_HOOK, &form).await.0, 200);
    let scoped = house.customer.url("/scoped");
    let form = [
        ("Target", "webhook"),
        ("Configuration.Url", scoped.as_str()),
        ("Configuration.Method", "GET"),
        ("Configuration.Filters", "onMessageAdded"),
    ];
    make(&house, &format!("{chat}/Webhooks"), &form).await;
    let person = join(&house, &chat, PERSON).await;
    join(&house, &chat, FRIEND).await;
    house.text("Where is my order?").await;
    let seen = house.heard_on("/told").await;
    let sid = chat.rsplit('/').next().expect("a sid");
    for (name, value) in [
        ("EventType", "onMessageAdded"),
        ("ConversationSid", sid),
        ("AccountSid", house.sid.as_str()),
        ("Source", "SMS"),
        ("Author", PERSON),
        ("Body", "Where is my order?"),
        ("Index", "0"),
        ("ParticipantSid", person["sid"].as_str().expect("a sid")),
        ("Attributes", "{}"),
    ] {
        assert_eq!(seen.get(name).as_deref(), Some(value), "{name}");
    }
    let seen = house.heard_on("/scoped").await;
    assert_eq!((seen.method.as_str(), seen.get("Author").as_deref()), ("GET", Some(PERSON)));
    assert_eq!(last_text(&house, FRIEND).await, "Where is my order?");
    // What the API says goes to both; who is told is said by a header.
    let form = [("Author", "shop"), ("Body", "On its way")];
    let made = make(&house, &format!("{chat}/Messages"), &form).await;
    assert_eq!((&made["index"], &made["author"]), (&1.into(), &"shop".into()));
    for address in [PERSON, FRIEND] {
        assert_eq!(last_text(&house, address).await, "On its way");
    }
    let one = format!("{chat}/Messages/{}", text(&made, "sid"));
    let (_, shown) = house.call("GET", &one, &[]).await;
    let delivery = &shown["delivery"];
    assert_eq!((&delivery["total"], &delivery["delivered"]), (&2.into(), &"all".into()));
    assert_eq!((&delivery["failed"], &delivery["read"]), (&"none".into(), &"none".into()));
    let (_, receipts) = house.call("GET", &format!("{one}/Receipts?PageSize=1"), &[]).await;
    let receipt = &receipts["delivery_receipts"][0];
    has(receipt, RECEIPT, "", "a receipt");
    assert_eq!((&receipt["status"], &receipt["error_code"]), (&"delivered".into(), &0.into()));
    let alone = format!("{one}/Receipts/{}", text(receipt, "sid"));
    assert_eq!(&house.call("GET", &alone, &[]).await.1, receipt);
    let pairs = [(PERSON, "Where is my order?"), ("shop", "On its way")];
    assert_eq!(said(&house, &chat).await, pairs.map(|(a, b)| (a.to_owned(), b.to_owned())));
    call_told(&house, &format!("{chat}/Messages"), &[("Body", "told")]).await;
    let seen = house.heard_on("/told").await;
    assert_eq!(
        (seen.get("Source").as_deref(), seen.get("Index").as_deref()),
        (Some("API"), Some("2"))
    );
    house.heard_on("/scoped").await;
    house.finish().await;
}

#[tokio::test]
async fn who_takes_no_part_left_or_finds_it_closed_is_asked_for_at_the_number() {
    let mut house = open().await;
    house.customer.on("/sms", [Say::verbs("")]);
    let chat = conversation(&house).await;
    let person = join(&house, &chat, PERSON).await;
    house.text_from(FRIEND, "hi").await;
    house.heard_on("/sms").await;
    house.text("one").await;
    assert_eq!(said(&house, &chat).await.len(), 1);
    assert_eq!(house.call("POST", &chat, &[("State", "closed")]).await.1["state"], "closed");
    house.text("two").await;
    house.heard_on("/sms").await;
    let closed = house.call("POST", &format!("{chat}/Messages"), &[("Body", "x")]).await;
    refused("closed", closed, (409, 20_409));
    // Meanwhile the two addresses may be in another conversation, and then in no second one.
    let other = conversation(&house).await;
    join(&house, &other, PERSON).await;
    let open = house.call("POST", &chat, &[("State", "active")]).await;
    refused("bound elsewhere", open, (409, 50_416));
    assert_eq!(house.ask("DELETE", &other, &[]).await.status, 204);
    house.call("POST", &chat, &[("State", "active")]).await;
    let house = house.stop().await.reopen().await;
    let mut house = house;
    house.text("three").await;
    house.quiet().await;
    assert_eq!(said(&house, &chat).await.len(), 2, "also after a restart");
    let path = format!("{chat}/Participants/{}", text(&person, "sid"));
    assert_eq!(house.ask("DELETE", &path, &[]).await.status, 204);
    house.text("four").await;
    house.heard_on("/sms").await;
    join(&house, &chat, PERSON).await;
    assert_eq!(house.ask("DELETE", &chat, &[]).await.status, 204);
    house.text("five").await;
    house.heard_on("/sms").await;
    house.finish().await;
}

#[tokio::test]
async fn who_left_by_stop_is_sent_nothing_more_of_a_conversation() {
    let house = open().await;
    let chat = conversation(&house).await;
    join(&house, &chat, PERSON).await;
    house.text("STOP").await;
    house.quiet().await;
    let made = make(&house, &format!("{chat}/Messages"), &[("Body", "news")]).await;
    house.quiet().await;
    let one = format!("{chat}/Messages/{}", text(&made, "sid"));
    let (_, receipts) = house.call("GET", &format!("{one}/Receipts"), &[]).await;
    let receipt = &receipts["delivery_receipts"][0];
    assert_eq!((&receipt["status"], &receipt["error_code"]), (&"failed".into(), &21_610.into()));
    assert_eq!(house.call("GET", &one, &[]).await.1["delivery"]["failed"], "all");
    house.finish().await;
}

#[tokio::test]
async fn conversations_and_what_is_in_them_have_their_fields_and_pages() {
    let mut house = open().await;
    house.customer.on("/told", [Say::status(204)]);
    let (_, shown) = house.call("GET", "/conversations/v1/Configuration", &[]).await;
    has(&shown, CONFIGURATION, "", "the configuration");
    let service = text(&shown, "default_chat_service_sid");
    let (_, services) = house.call("GET", "/conversations/v1/Services", &[]).await;
    has(&services["services"][0], SERVICE, "", "a service");
    let one = format!("/conversations/v1/Services/{service}");
    assert_eq!(house.call("GET", &one, &[]).await.1, services["services"][0]);
    let told = house.customer.url("/told#rc=3");
    let form = [
        ("PostWebhookUrl", told.as_str()),
        ("Filters", "onConversationAdded"),
        ("Filters", "onParticipantAdded"),
        ("Method", "post"),
    ];
    let (_, shown) = house.call("POST", ACCOUNTS_HOOK, &form).await;
    has(&shown, SETTINGS, "", "the account's webhooks");
    assert_eq!(house.call("GET", ACCOUNTS_HOOK, &[]).await.1, shown);
    let form = [("UniqueName", "order-7"), ("Attributes", r#"{"a":1}"#)];
    let made = call_told(&house, LIST, &form).await;
    has(&made, CONVERSATION, "", "a conversation");
    assert_eq!((&made["state"], &made["attributes"]), (&"active".into(), &r#"{"a":1}"#.into()));
    let seen = house.heard_on("/told").await;
    assert_eq!(seen.get("EventType").as_deref(), Some("onConversationAdded"));
    assert_eq!(seen.get("UniqueName").as_deref(), Some("order-7"));
    let chat = format!("{LIST}/{}", text(&made, "sid"));
    let by_name = house.call("GET", &format!("{LIST}/order-7"), &[]).await.1;
    assert_eq!(by_name["sid"], made["sid"]);
    let people = format!("{chat}/Participants");
    let alice = call_told(&house, &people, &[("Identity", "alice")]).await;
    has(&alice, PARTICIPANT, "", "a participant");
    let seen = house.heard_on("/told").await;
    assert_eq!(seen.get("Identity").as_deref(), Some("alice"));
    let person = join(&house, &chat, PERSON).await;
    assert_eq!(person["messaging_binding"]["proxy_address"], NUMBER);
    let form = [("LastReadMessageIndex", "3"), ("Attributes", "")];
    let (_, read) = house.call("POST", &format!("{people}/alice"), &form).await;
    assert_eq!((&read["last_read_message_index"], &read["identity"]), (&3.into(), &"alice".into()));
    let said =
        make(&house, &format!("{chat}/Messages"), &[("Author", "alice"), ("Body", "1")]).await;
    has(&said, MESSAGE, "", "a message");
    assert_eq!(said["participant_sid"], alice["sid"]);
    make(&house, &format!("{chat}/Messages"), &[("Body", "2")]).await;
    let form = [("Target", "webhook"), ("Configuration.Url", told.as_str())];
    let hook = make(&house, &format!("{chat}/Webhooks"), &form).await;
    has(&hook, HOOK, "", "a webhook");
    let hook = format!("{chat}/Webhooks/{}", text(&hook, "sid"));
    let form = [("Configuration.Filters", "onMessageRemoved")];
    let (_, shown) = house.call("POST", &hook, &form).await;
    assert_eq!(shown["configuration"]["filters"][0], "onMessageRemoved");
    for (list, key, count) in [
        (LIST.to_owned(), "conversations", 1),
        (people, "participants", 2),
        (format!("{chat}/Messages"), "messages", 2),
        (format!("{chat}/Webhooks"), "webhooks", 1),
    ] {
        let mut next = Some(format!("{list}?PageSize=1"));
        let mut seen = 0;
        while let Some(path) = next {
            let (_, page) = house.call("GET", &path, &[]).await;
            seen += page[key].as_array().expect("a list").len();
            next = page["meta"]["next_page_url"].as_str().map(|url| url.replace(&house.url, ""));
        }
        assert_eq!(seen, count, "{key}");
    }
    let (_, page) = house.call("GET", &format!("{chat}/Messages?Order=desc"), &[]).await;
    assert_eq!(page["messages"][0]["index"], 1);
    let first = format!("{chat}/Messages/{}", text(&said, "sid"));
    let (_, changed) = house.call("POST", &first, &[("Body", "one")]).await;
    assert_eq!((&changed["body"], &changed["index"]), (&"one".into(), &0.into()));
    for path in [&first, &hook] {
        assert_eq!(house.ask("DELETE", path, &[]).await.status, 204);
        refused("gone", house.call("GET", path, &[]).await, (404, 20_404));
    }
    house.finish().await;
}

/// A webhook of a conversation at the customer's path that is told these events.
pub async fn told_at(house: &Opened, chat: &str, path: &str, events: &[&str]) {
    house.customer.on(path, [Say::status(204)]);
    let url = house.customer.url(path);
    let mut form = vec![("Target", "webhook"), ("Configuration.Url", url.as_str())];
    form.extend(events.iter().map(|event| ("Configuration.Filters", *event)));
    make(house, &format!("{chat}/Webhooks"), &form).await;
}

#[tokio::test]
async fn what_becomes_of_the_texts_of_a_message_is_told_to_its_conversation() {
    let mut house = open().await;
    let chat = conversation(&house).await;
    told_at(&house, &chat, "/scoped", &["onDeliveryUpdated", "onMessageAdded"]).await;
    house.customer.on("/told", [Say::status(204)]);
    let told = house.customer.url("/told");
    let form = [("PostWebhookUrl", told.as_str()), ("Filters", "onDeliveryUpdated")];
    assert_eq!(house.call("POST", ACCOUNTS_HOOK, &form).await.0, 200);
    let person = join(&house, &chat, PERSON).await;
    let made = call_told(&house, &format!("{chat}/Messages"), &[("Body", "On its way")]).await;
    let added = house.heard_on("/scoped").await;
    assert_eq!(added.get("EventType").as_deref(), Some("onMessageAdded"));
    let receipts = format!("{chat}/Messages/{}/Receipts", text(&made, "sid"));
    house.quiet().await;
    let (_, page) = house.call("GET", &receipts, &[]).await;
    let receipt = &page["delivery_receipts"][0];
    for (path, status) in
        [("/scoped", "sent"), ("/told", "sent"), ("/scoped", "delivered"), ("/told", "delivered")]
    {
        let seen = house.heard_on(path).await;
        assert_eq!(seen.names().len(), 12, "{:?}", seen.names());
        let sid = chat.rsplit('/').next().expect("a sid");
        for (name, value) in [
            ("EventType", "onDeliveryUpdated"),
            ("AccountSid", house.sid.as_str()),
            ("ConversationSid", sid),
            ("MessageSid", &text(&made, "sid")),
            ("ParticipantSid", &text(&person, "sid")),
            ("DeliveryReceiptSid", &text(receipt, "sid")),
            ("ChannelMessageSid", &text(receipt, "channel_message_sid")),
            ("ErrorCode", "0"),
            ("Status", status),
        ] {
            assert_eq!(seen.get(name).as_deref(), Some(value), "{name}");
        }
        assert!(seen.get("ChatServiceSid").is_some_and(|sid| sid.starts_with("IS")));
        assert!(["DateCreated", "DateUpdated"].iter().all(|name| seen.get(name).is_some()));
        seen.verify(&house.token).expect("signed");
    }
    // What fails says why, also when it never went out; what is not of a conversation is not told.
    house.handset(&[("OnMessage", "undelivered"), ("ErrorCode", "30003")]).await;
    house.send(&[("To", PERSON), ("From", NUMBER), ("Body", "no conversation's")]).await;
    make(&house, &format!("{chat}/Messages"), &[("Body", "2")]).await;
    for (status, code) in [("sent", "0"), ("undelivered", "30003")] {
        let seen = house.heard_on("/scoped").await;
        let (was, why) = (seen.get("Status"), seen.get("ErrorCode"));
        assert_eq!((was.as_deref(), why.as_deref()), (Some(status), Some(code)));
        house.heard_on("/told").await;
    }
    house.text("STOP").await;
    house.heard_on("/scoped").await;
    call_told(&house, &format!("{chat}/Messages"), &[("Body", "3")]).await;
    assert_eq!(house.heard_on("/scoped").await.get("Body").as_deref(), Some("3"));
    let seen = house.heard_on("/scoped").await;
    assert_eq!(seen.get("Status").as_deref(), Some("failed"));
    assert_eq!(seen.get("ErrorCode").as_deref(), Some("21610"));
    house.heard_on("/told").await;
    house.finish().await;
}

#[tokio::test]
async fn what_is_said_in_one_breath_is_told_with_the_place_that_it_has() {
    const AT_ONCE: usize = 8;
    let mut house = open().await;
    let chat = conversation(&house).await;
    join(&house, &chat, PERSON).await;
    join(&house, &chat, FRIEND).await;
    told_at(&house, &chat, "/scoped", &["onMessageAdded"]).await;
    tokio::join!(
        house.text_from(PERSON, "1"),
        house.text_from(FRIEND, "2"),
        house.text_from(PERSON, "3"),
        house.text_from(FRIEND, "4"),
        house.text_from(PERSON, "5"),
        house.text_from(FRIEND, "6"),
        house.text_from(PERSON, "7"),
        house.text_from(FRIEND, "8"),
    );
    let (_, page) = house.call("GET", &format!("{chat}/Messages"), &[]).await;
    let kept: Vec<(String, String)> = page["messages"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| (text(one, "sid"), one["index"].to_string()))
        .collect();
    let places: Vec<String> = kept.iter().map(|(_, place)| place.clone()).collect();
    assert_eq!(places, (0..AT_ONCE).map(|place| place.to_string()).collect::<Vec<_>>());
    let mut told = Vec::new();
    for _ in 0..AT_ONCE {
        let seen = house.heard_on("/scoped").await;
        told.push((seen.get("MessageSid").expect("one"), seen.get("Index").expect("one")));
    }
    told.sort();
    let mut kept = kept;
    kept.sort();
    assert_eq!(told, kept);
    house.finish().await;
}

/// The customer is asked at `/pre` about these events.
pub async fn asked_at(house: &Opened, path: &str, events: &[&str], says: &[(u16, &str)]) {
    let says = says.iter().map(|(status, body)| match *status {
        200 => Say::typed("application/json", *body),
        status => Say::status(status),
    });
    house.customer.on("/pre", says);
    let url = house.customer.url("/pre");
    let mut form = vec![("PreWebhookUrl", url.as_str())];
    form.extend(events.iter().map(|event| ("Filters", *event)));
    let (status, shown) = house.call("POST", path, &form).await;
    assert_eq!((status, shown["pre_webhook_url"].as_str()), (200, Some(url.as_str())), "{shown}");
}

/// Does something that may be asked about.
pub async fn tried(
    house: &Opened,
    method: &str,
    path: &str,
    form: &[(&str, &str)],
) -> (u16, Value) {
    let auth = asker::basic(house.sid.as_str(), &house.token);
    let auth = format!("{auth}X-Twilio-Webhook-Enabled: true\r\n");
    let request = asker::form_request(method, path, &auth, form);
    let got = asker::exchange(&house.url, &request).await.expect("an answer");
    (got.status, if got.body.is_empty() { Value::Null } else { got.json() })
}

#[tokio::test]
async fn an_application_is_asked_before_and_changes_or_forbids_what_the_api_does() {
    let mut house = open().await;
    let says = [
        (200, r#"{"friendly_name":"Renamed","attributes":{"a":1}}"#),
        (403, ""),
        (200, r#"{"body":"changed","author":"bot","attributes":"{\"b\":2}"}"#),
        (204, ""),
        (500, "oops"),
        (200, "not JSON"),
        (400, "no"),
        (200, "{}"),
        (418, ""),
    ];
    let events = ["onConversationAdd", "onMessageAdd", "onMessageUpdate", "onParticipantRemove"];
    asked_at(&house, ACCOUNTS_HOOK, &events, &says).await;
    let (status, made) = tried(&house, "POST", LIST, &[("FriendlyName", "Order 7")]).await;
    assert_eq!((status, made["friendly_name"].as_str()), (201, Some("Renamed")), "{made}");
    assert_eq!(made["attributes"], r#"{"a":1}"#);
    let asked = house.heard_on("/pre").await;
    asked.verify(&house.token).expect("signed");
    for (name, value) in [
        ("EventType", Some("onConversationAdd")),
        ("FriendlyName", Some("Order 7")),
        ("ConversationSid", None),
    ] {
        assert_eq!(asked.get(name).as_deref(), value, "{name}");
    }
    let chat = format!("{LIST}/{}", text(&made, "sid"));
    let person = join(&house, &chat, PERSON).await;
    let messages = format!("{chat}/Messages");
    let forbidden = tried(&house, "POST", &messages, &[("Body", "bad")]).await;
    refused("forbidden", forbidden, (403, 20_403));
    let asked = house.heard_on("/pre").await;
    assert_eq!(asked.get("Body").as_deref(), Some("bad"));
    assert!(["MessageSid", "Index"].iter().all(|name| asked.get(name).is_none()));
    assert!(said(&house, &chat).await.is_empty(), "nothing was done");
    let (status, changed) = tried(&house, "POST", &messages, &[("Body", "1")]).await;
    assert_eq!((status, &changed["body"], &changed["index"]), (201, &"changed".into(), &0.into()));
    assert_eq!((&changed["author"], &changed["attributes"]), (&"bot".into(), &r#"{"b":2}"#.into()));
    assert_eq!(last_text(&house, PERSON).await, "changed");
    // Silence, trouble and nonsense let it be; the last two are in the log and have alerts.
    for body in ["2", "3", "4"] {
        let (status, made) = tried(&house, "POST", &messages, &[("Body", body)]).await;
        assert_eq!((status, made["body"].as_str()), (201, Some(body)), "{made}");
    }
    assert_eq!(house.codes(), [11_200, 12_300]);
    let one = format!("{messages}/{}", text(&changed, "sid"));
    let forbidden = tried(&house, "POST", &one, &[("Body", "other")]).await;
    refused("not changed", forbidden, (403, 20_403));
    assert_eq!(tried(&house, "POST", &one, &[("Body", "other")]).await.1["body"], "other");
    let path = format!("{chat}/Participants/{}", text(&person, "sid"));
    refused("stays", tried(&house, "DELETE", &path, &[]).await, (403, 20_403));
    // Nobody is asked without the header, nor about what is not wanted.
    make(&house, &messages, &[("Body", "5")]).await;
    assert_eq!(tried(&house, "DELETE", &one, &[]).await.0, 204);
    for _ in 0..7 {
        house.heard_on("/pre").await;
    }
    house.finish().await;
}

#[tokio::test]
async fn what_a_person_texts_is_said_when_the_application_lets_it() {
    let mut house = open().await;
    let chat = conversation(&house).await;
    join(&house, &chat, PERSON).await;
    told_at(&house, &chat, "/scoped", &["onMessageAdded"]).await;
    let says = [(200, r#"{"body":"d**n"}"#), (403, ""), (503, ""), (200, "")];
    asked_at(&house, ACCOUNTS_HOOK, &["onMessageAdd"], &says).await;
    for (body, becomes) in
        [("damn", Some("d**n")), ("worse", None), ("fine", Some("fine")), ("good", Some("good"))]
    {
        let sid = house.text(body).await;
        let asked = house.heard_on("/pre").await;
        asked.verify(&house.token).expect("signed");
        assert_eq!(
            (asked.get("Body").as_deref(), asked.get("Source").as_deref()),
            (Some(body), Some("SMS"))
        );
        house.quiet().await;
        let path = format!("/offhook/v1/Phones/{PERSON}/Messages/{sid}");
        let (_, shown) = house.call("GET", &path, &[]).await;
        assert_eq!(shown["conversation"]["message_sid"].is_string(), becomes.is_some(), "{shown}");
        if let Some(becomes) = becomes {
            let told = house.heard_on("/scoped").await;
            assert_eq!(told.get("Body").as_deref(), Some(becomes));
            assert_eq!(shown["conversation"]["message_sid"], told.get("MessageSid").expect("one"));
        }
    }
    let said: Vec<String> = said(&house, &chat).await.into_iter().map(|(_, body)| body).collect();
    assert_eq!(said, ["d**n", "fine", "good"]);
    assert_eq!(house.codes(), [11_200]);
    house.finish().await;
}

#[tokio::test]
async fn an_application_that_says_nothing_for_five_seconds_lets_it_be_also_at_a_stop() {
    let mut house = open().await;
    let chat = conversation(&house).await;
    join(&house, &chat, PERSON).await;
    asked_at(&house, ACCOUNTS_HOOK, &["onMessageAdd"], &[]).await;
    let gate = Gate::new();
    house.customer.on("/pre", [Say::status(403).behind(&gate)]);
    house.text("hi").await;
    house.heard_on("/pre").await;
    assert!(said(&house, &chat).await.is_empty());
    let closed = house.stop().await;
    gate.open();
    let house = closed.reopen().await;
    house.quiet().await;
    assert_eq!(said(&house, &chat).await, [(PERSON.to_owned(), "hi".to_owned())]);
    assert_eq!(house.codes(), [11_203]);
    house.finish().await;
}

#[tokio::test]
async fn services_have_conversations_and_webhooks_of_their_own() {
    let mut house = open().await;
    let services = "/conversations/v1/Services";
    let made = make(&house, services, &[("FriendlyName", "Support")]).await;
    has(&made, SERVICE, "", "a service");
    let sid = text(&made, "sid");
    let service = format!("{services}/{sid}");
    assert_eq!(house.call("GET", &service, &[]).await.1, made);
    let (_, page) = house.call("GET", services, &[]).await;
    assert_eq!(page["services"].as_array().expect("a list").len(), 2);
    let of_service = format!("{service}/Configuration/Webhooks");
    house.customer.on("/told", [Say::status(204)]);
    let told = house.customer.url("/told");
    let form = [("PostWebhookUrl", told.as_str()), ("Filters", "onMessageAdded")];
    let (_, shown) = house.call("POST", &of_service, &form).await;
    has(&shown, SERVICE_SETTINGS, "", "a service's webhooks");
    assert_eq!(house.call("GET", &of_service, &[]).await.1, shown);
    let (_, shown) = house.call("GET", &format!("{service}/Configuration"), &[]).await;
    has(&shown, SERVICE_CONFIGURATION, "", "a service's configuration");
    let list = format!("{service}/Conversations");
    let form = [("UniqueName", "order-7")];
    let other = make(&house, LIST, &form).await;
    let here = make(&house, &list, &form).await;
    has(&here, CONVERSATION, "", "a conversation");
    assert_eq!(here["chat_service_sid"], sid.as_str());
    let chat = format!("{list}/{}", text(&here, "sid"));
    assert_eq!(house.call("GET", &format!("{list}/order-7"), &[]).await.1["sid"], here["sid"]);
    assert_eq!(house.call("GET", &format!("{LIST}/order-7"), &[]).await.1["sid"], other["sid"]);
    refused(
        "elsewhere",
        house.call("GET", &format!("{LIST}/{}", text(&here, "sid")), &[]).await,
        (404, 20_404),
    );
    // What is below has the service's sid, too.
    let person = join(&house, &chat, PERSON).await;
    has(&person, PARTICIPANT, "chat_service_sid", "a participant");
    let form = [("Target", "webhook"), ("Configuration.Url", told.as_str())];
    let hook = make(&house, &format!("{chat}/Webhooks"), &form).await;
    has(&hook, HOOK, "chat_service_sid", "a webhook");
    house.text("hello").await;
    let seen = house.heard_on("/told").await;
    assert_eq!(seen.get("ChatServiceSid").as_deref(), Some(sid.as_str()));
    let said = make(&house, &format!("{chat}/Messages"), &[("Body", "hi")]).await;
    has(&said, MESSAGE, "chat_service_sid", "a message");
    house.quiet().await;
    let receipts = format!("{chat}/Messages/{}/Receipts", text(&said, "sid"));
    let (_, page) = house.call("GET", &receipts, &[]).await;
    has(&page["delivery_receipts"][0], RECEIPT, "chat_service_sid", "a receipt");
    let by = format!("{service}/ParticipantConversations?Address={}", PERSON.replace('+', "%2B"));
    let found = page_of(&house, &by, "conversations").await;
    has(&found[0], PARTICIPATION, "", "a participation");
    let two = (&found[0]["conversation_sid"], &found[0]["participant_sid"]);
    assert_eq!((found.len(), two), (1, (&here["sid"], &person["sid"])));
    let elsewhere = by.replace(&service, "/conversations/v1");
    assert!(page_of(&house, &elsewhere, "conversations").await.is_empty());
    let nobody = house.call("GET", "/conversations/v1/ParticipantConversations", &[]).await;
    refused("nobody named", nobody, (400, 20_001));
    // Paths without a service mean the default one.
    let configuration = "/conversations/v1/Configuration";
    let form = [("DefaultChatServiceSid", sid.as_str())];
    let (_, shown) = house.call("POST", configuration, &form).await;
    assert_eq!(shown["default_chat_service_sid"], sid.as_str());
    assert_eq!(house.call("GET", &format!("{LIST}/order-7"), &[]).await.1["sid"], here["sid"]);
    let form = [("DefaultChatServiceSid", "IS0")];
    refused("none", house.call("POST", configuration, &form).await, (400, 20_422));
    let form = [("DefaultClosedTimer", "PT60M")];
    refused("timers", house.call("POST", configuration, &form).await, (403, 20_403));
    refused("default", house.call("DELETE", &service, &[]).await, (409, 20_409));
    let first = text(&page_of(&house, services, "services").await[0], "sid");
    let form = [("DefaultChatServiceSid", first.as_str())];
    house.call("POST", configuration, &form).await;
    assert_eq!(house.ask("DELETE", &service, &[]).await.status, 204);
    refused("gone", house.call("GET", &chat, &[]).await, (404, 20_404));
    house.customer.on("/sms", [Say::verbs("")]);
    house.text("anybody?").await;
    house.heard_on("/sms").await;
    house.finish().await;
}

/// The items of a list's first page.
async fn page_of(house: &Opened, path: &str, key: &str) -> Vec<Value> {
    house.call("GET", path, &[]).await.1[key].as_array().expect("a list").clone()
}

/// A path, a form, and the status and code of its refusal.
type Row<'a> = (&'a str, &'a [(&'a str, &'a str)], (u16, u32));

#[tokio::test]
async fn what_conversations_refuse_has_its_code_and_status() {
    let house = open().await;
    let chat = conversation(&house).await;
    make(&house, LIST, &[("UniqueName", "taken")]).await;
    join(&house, &chat, PERSON).await;
    let (people, messages, hooks) =
        (format!("{chat}/Participants"), format!("{chat}/Messages"), format!("{chat}/Webhooks"));
    make(&house, &people, &[("Identity", "alice")]).await;
    let (address, proxy) = ("MessagingBinding.Address", "MessagingBinding.ProxyAddress");
    let long = "b".repeat(1601);
    let nowhere = format!("{LIST}/CH{:032}/Messages", 9);
    let (hook, url) = (("Target", "webhook"), ("Configuration.Url", "https://example.com/"));
    let table: &[Row<'_>] = &[
        (LIST, &[("UniqueName", "taken")], (409, 50_353)),
        (LIST, &[("State", "open")], (400, 20_422)),
        (LIST, &[("Attributes", "{")], (400, 20_422)),
        (LIST, &[("Timers.Closed", "PT1H")], (403, 20_403)),
        (&chat, &[("UniqueName", "taken")], (409, 50_353)),
        (&people, &[], (400, 50_407)),
        (&people, &[(address, FRIEND)], (400, 50_407)),
        (&people, &[(address, FRIEND), (proxy, "+12025550999")], (400, 50_407)),
        (&people, &[(address, "nobody"), (proxy, NUMBER)], (400, 50_407)),
        (&people, &[(address, PERSON), (proxy, NUMBER)], (409, 50_416)),
        (&people, &[("Identity", "alice")], (409, 50_433)),
        (&people, &[("Identity", "bob"), ("RoleSid", "RL1")], (403, 20_403)),
        (&messages, &[], (400, 20_001)),
        (&messages, &[("Body", &long)], (400, 21_617)),
        (&messages, &[("Body", "x"), ("ContentSid", "HX1")], (403, 20_403)),
        (&messages, &[("Body", "x"), ("Attributes", "nope")], (400, 20_422)),
        (&nowhere, &[("Body", "x")], (404, 20_404)),
        (&hooks, &[url], (400, 20_001)),
        (&hooks, &[hook], (400, 20_001)),
        (&hooks, &[("Target", "studio"), url], (403, 20_403)),
        (&hooks, &[("Target", "pigeon"), url], (400, 20_422)),
        (&hooks, &[hook, ("Configuration.Url", "x")], (400, 21_502)),
        (&hooks, &[hook, url, ("Configuration.Filters", "onNothing")], (400, 20_422)),
        (&hooks, &[hook, url, ("Configuration.Method", "PUT")], (400, 20_422)),
        (ACCOUNTS_HOOK, &[("PreWebhookUrl", "nowhere")], (400, 21_502)),
        (ACCOUNTS_HOOK, &[("Filters", "onMessage")], (400, 20_422)),
    ];
    for (path, form, expected) in table {
        refused(&format!("{path} {form:?}"), house.call("POST", path, form).await, *expected);
    }
    let other = create_account(&house).await;
    let credentials = (other.0.as_str(), other.1.as_str());
    for (method, path) in [("GET", chat.as_str()), ("DELETE", &chat), ("GET", &messages)] {
        assert_eq!(ask_as(&house, credentials, (method, path), &[]).await.status, 404);
    }
    house.finish().await;
}
