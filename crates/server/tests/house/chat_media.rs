//! Pictures in conversations: a person sends them, an application uploads and says them, and they
//! reach the others.

use crate::asker::{self, Got};
use crate::chats::{ACCOUNTS_HOOK, FRIEND, asked_at, conversation, join, make, told_at, tried};
use crate::customer::Say;
use crate::media::{PNG, files, get, header, show_pictures};
use crate::rest::{ask_as, has, refused, text};
use crate::support::{NUMBER, Opened, PERSON, open, sid_of};
use crate::verify::create_account;
use exchange::messages::State;
use serde_json::{Value, json};

const OTHER: &str = "+12025550101";

const MEDIUM: &str = "sid account_sid service_sid channel_sid message_sid author category \
    content_type filename size is_multipart_upstream date_created date_updated \
    date_upload_updated url links";

/// The service that the account begins with.
fn service(house: &Opened) -> String {
    exchange::sid::chat_service(house.sid).to_string()
}

async fn try_upload(house: &Opened, path: &str, content_type: &str, body: &[u8]) -> Got {
    let auth = asker::basic(house.sid.as_str(), &house.token);
    let headers = format!("{auth}Content-Type: {content_type}\r\n");
    let request = asker::request("POST", path, &headers, body);
    asker::exchange(&house.url, &request).await.expect("an answer")
}

/// Uploads a picture to a service of conversations.
pub async fn upload(house: &Opened, service: &str, query: &str) -> Value {
    let path = format!("/mcs/v1/Services/{service}/Media{query}");
    let got = try_upload(house, &path, "image/png", PNG).await;
    assert_eq!(got.status, 201, "{}", got.head);
    got.json()
}

/// A person sends the customer's picture to the house's number.
async fn send_picture(house: &Opened, from: &str, body: &str) -> Value {
    let url = house.customer.url("/cat.png");
    let form = [("To", NUMBER), ("Body", body), ("MediaUrl", url.as_str())];
    make(house, &format!("/offhook/v1/Phones/{from}/Messages"), &form).await
}

/// The last message that a handset received.
async fn last(house: &Opened, address: &str) -> Value {
    house.quiet().await;
    let path = format!("/offhook/v1/Phones/{address}/Messages");
    house.call("GET", &path, &[]).await.1["messages"][0].clone()
}

/// The picture that a handset was shown last.
async fn last_picture(house: &Opened, address: &str) -> Got {
    let shown = last(house, address).await;
    get(house, shown["media"][0]["url"].as_str().unwrap_or_else(|| panic!("{shown}"))).await
}

/// The messages of a conversation.
async fn messages(house: &Opened, chat: &str) -> Vec<Value> {
    let (_, page) = house.call("GET", &format!("{chat}/Messages"), &[]).await;
    page["messages"].as_array().expect("a list").clone()
}

#[tokio::test]
async fn a_picture_that_a_person_sends_is_in_the_conversation_and_reaches_the_others() {
    let mut house = open().await;
    show_pictures(&house.customer);
    let chat = conversation(&house).await;
    join(&house, &chat, PERSON).await;
    join(&house, &chat, FRIEND).await;
    told_at(&house, &chat, "/scoped", &["onMessageAdded"]).await;
    // A picture without words, then one with them.
    let sent = send_picture(&house, PERSON, "").await;
    house.customer.heard_on("/cat.png").await;
    let told = house.heard_on("/scoped").await;
    let media: Value = serde_json::from_str(&told.get("Media").expect("there")).expect("JSON");
    let sid = text(&media[0], "Sid");
    let size = PNG.len();
    let expected = json!([{"Sid": sid, "Category": "media", "Filename": "",
        "ContentType": "image/png", "Size": size}]);
    assert_eq!((media, told.get("Body").as_deref()), (expected, Some("")));
    let said = messages(&house, &chat).await.remove(0);
    let expected = json!([{"sid": sid, "category": "media", "filename": null,
        "content_type": "image/png", "size": size}]);
    assert_eq!((&said["media"], &said["body"]), (&expected, &json!("")));
    // It is downloaded from the media service.
    let path = format!("/mcs/v1/Services/{}/Media/{sid}", service(&house));
    let (status, shown) = house.call("GET", &path, &[]).await;
    assert_eq!(status, 200, "{shown}");
    has(&shown, MEDIUM, "", "a medium");
    assert_eq!((&shown["message_sid"], &shown["author"]), (&said["sid"], &json!(PERSON)));
    assert!(chat.ends_with(shown["channel_sid"].as_str().expect("a sid")), "{shown}");
    let content = house.ask("GET", &format!("{path}/Content"), &[]).await;
    assert_eq!((content.status, &content.body[..]), (200, PNG));
    // The others get it by a text.
    assert_eq!(last_picture(&house, FRIEND).await.body, PNG);
    let receipts = format!("{chat}/Messages/{}/Receipts", text(&said, "sid"));
    let (_, receipts) = house.call("GET", &receipts, &[]).await;
    let text_sid = text(&receipts["delivery_receipts"][0], "channel_message_sid");
    assert!(text_sid.starts_with("MM"), "{receipts}");
    // The text's deletion leaves what was said.
    let path_of_text = format!("/2010-04-01/Accounts/{{AC}}/Messages/{}.json", text(&sent, "sid"));
    assert_eq!(house.ask("DELETE", &path_of_text, &[]).await.status, 204);
    assert_eq!(house.ask("GET", &format!("{path}/Content"), &[]).await.body, PNG);
    let house = house.stop().await.reopen().await;
    assert_eq!(house.ask("GET", &format!("{path}/Content"), &[]).await.body, PNG);
    assert_eq!(files(&house), 2);
    assert_eq!(house.ask("DELETE", &chat, &[]).await.status, 204);
    assert_eq!((files(&house), house.ask("GET", &path, &[]).await.status), (1, 404));
    house.finish().await;
}

#[tokio::test]
async fn a_persons_picture_is_asked_about_and_said_when_the_application_lets_it() {
    let mut house = open().await;
    show_pictures(&house.customer);
    let chat = conversation(&house).await;
    join(&house, &chat, PERSON).await;
    let says = [(200, r#"{"body":"a cat"}"#), (403, "")];
    asked_at(&house, ACCOUNTS_HOOK, &["onMessageAdd"], &says).await;
    for _ in says {
        send_picture(&house, PERSON, "").await;
        house.customer.heard_on("/cat.png").await;
        let asked = house.heard_on("/pre").await;
        assert!(asked.get("Media").expect("there").contains("image/png"));
        house.quiet().await;
    }
    let said = messages(&house, &chat).await;
    assert_eq!((said.len(), &said[0]["body"]), (1, &json!("a cat")));
    assert_eq!(said[0]["media"][0]["content_type"], "image/png");
    // Deleted here, it is on the text still.
    let sid = text(&said[0]["media"][0], "sid");
    let path = format!("/mcs/v1/Services/{}/Media/{sid}", service(&house));
    assert_eq!(house.ask("DELETE", &path, &[]).await.status, 204);
    assert_eq!(messages(&house, &chat).await[0]["media"], Value::Null);
    let shown = house.messages();
    let kept = shown.iter().find(|one| one.media.iter().any(|one| one.sid.as_str() == sid));
    let kept = kept.expect("the text").sid;
    let content =
        get(&house, &format!("/2010-04-01/Accounts/{}/Messages/{kept}/Media/{sid}", house.sid))
            .await;
    assert_eq!((content.status, &content.body[..]), (200, PNG));
    house.finish().await;
}

#[tokio::test]
async fn an_uploaded_picture_is_said_and_every_handset_receives_it() {
    let mut house = open().await;
    let chat = conversation(&house).await;
    join(&house, &chat, PERSON).await;
    join(&house, &chat, FRIEND).await;
    make(&house, &format!("{chat}/Participants"), &[("Identity", "alice")]).await;
    told_at(&house, &chat, "/scoped", &["onMessageAdded"]).await;
    let shown = upload(&house, &service(&house), "?Filename=a%20%22cat%22.png").await;
    has(&shown, MEDIUM, "", "a medium");
    assert_eq!(
        (&shown["message_sid"], &shown["filename"]),
        (&Value::Null, &json!("a \"cat\".png"))
    );
    let sid = text(&shown, "sid");
    let path = format!("{chat}/Messages");
    let (status, said) =
        tried(&house, "POST", &path, &[("MediaSid", &sid), ("Author", "alice")]).await;
    assert_eq!((status, &said["media"][0]["sid"]), (201, &json!(sid)), "{said}");
    let told = house.heard_on("/scoped").await;
    let media: Value = serde_json::from_str(&told.get("Media").expect("there")).expect("JSON");
    assert_eq!(media[0]["Filename"], "a \"cat\".png");
    for address in [PERSON, FRIEND] {
        let got = last_picture(&house, address).await;
        assert_eq!((&got.body[..], header(&got, "content-type")), (PNG, Some("image/png")));
    }
    // Words may be with it, and changed; the picture stays.
    let second = text(&upload(&house, &service(&house), "").await, "sid");
    let said = make(&house, &path, &[("MediaSid", &second), ("Body", "look")]).await;
    assert_eq!(text(&last(&house, PERSON).await, "body"), "look");
    let one = format!("{path}/{}", text(&said, "sid"));
    let (_, changed) = house.call("POST", &one, &[("Body", "see")]).await;
    assert_eq!((&changed["body"], &changed["media"]), (&json!("see"), &said["media"]));
    assert_eq!(house.call("GET", &one, &[]).await.1["media"], said["media"]);
    // It goes with its message.
    assert_eq!(house.ask("DELETE", &one, &[]).await.status, 204);
    let gone = format!("/mcs/v1/Services/{}/Media/{second}", service(&house));
    assert_eq!(house.ask("GET", &gone, &[]).await.status, 404);
    assert!(house.log().iter().all(|entry| !entry.webhook.url.contains("/mcs/")));
    house.finish().await;
}

#[tokio::test]
async fn content_is_for_who_has_credentials_or_its_temporary_url() {
    let house = open().await;
    house.stand_still();
    let own = service(&house);
    let shown = upload(&house, &own, "").await;
    let path = format!("/mcs/v1/Services/{own}/Media/{}", text(&shown, "sid"));
    let temporary = text(&shown["links"], "content_direct_temporary");
    assert_eq!(get(&house, &temporary).await.body, PNG);
    assert_eq!(get(&house, &format!("{path}/Content")).await.status, 401);
    for broken in [temporary.replace("Expires=", "Expires=1"), format!("{temporary}x")] {
        assert_eq!(get(&house, &broken).await.status, 403, "{broken}");
    }
    house.advance(301).await;
    assert_eq!(get(&house, &temporary).await.status, 403);
    // As under the product's own host.
    let auth = asker::basic(house.sid.as_str(), &house.token);
    let bare = path.trim_start_matches("/mcs");
    let request = format!(
        "GET {bare} HTTP/1.1\r\nHost: mcs.us1.twilio.com\r\nConnection: close\r\n{auth}\r\n"
    );
    let got = asker::exchange(&house.url, request.as_bytes()).await.expect("an answer");
    assert_eq!((got.status, got.json()["sid"].clone()), (200, shown["sid"].clone()));
    let other = create_account(&house).await;
    let credentials = (other.0.as_str(), other.1.as_str());
    for method in ["GET", "DELETE"] {
        assert_eq!(ask_as(&house, credentials, (method, &path), &[]).await.status, 404);
    }
    assert_eq!((house.ask("DELETE", &path, &[]).await.status, files(&house)), (204, 0));
    assert_eq!(house.ask("DELETE", &path, &[]).await.status, 404);
    house.finish().await;
}

#[tokio::test]
async fn what_media_of_conversations_refuse_has_its_code_and_status() {
    let house = open().await;
    let own = service(&house);
    let path = format!("/mcs/v1/Services/{own}/Media");
    let nowhere = format!("/mcs/v1/Services/IS{:032}/Media", 9);
    let huge = vec![0; 5 * 1024 * 1024 + 1];
    for (path, content_type, body, expected) in [
        (path.as_str(), "text/html", &b"<html>"[..], (400, 12_300)),
        (&path, "image/png", b"<html>", (400, 12_300)),
        (&path, "image/png", b"", (400, 12_300)),
        (&path, "video/mp4", &huge[..500 * 1024 + 1], (400, 11_751)),
        (&format!("{path}?Category=body"), "image/png", PNG, (403, 20_403)),
        (&format!("{path}?Filename=a%0Ab"), "image/png", PNG, (400, 20_422)),
        (&nowhere, "image/png", PNG, (404, 20_404)),
    ] {
        let got = try_upload(&house, path, content_type, body).await;
        refused(&format!("{path} {content_type}"), (got.status, got.json()), expected);
    }
    assert_eq!(try_upload(&house, &path, "image/png", &huge).await.status, 413);
    assert_eq!(files(&house), 0);
    let chat = conversation(&house).await;
    let to = format!("{chat}/Messages");
    let sid = text(&upload(&house, &own, "").await, "sid");
    let said = make(&house, &to, &[("MediaSid", &sid)]).await;
    let one = format!("{to}/{}", text(&said, "sid"));
    let support = make(&house, "/conversations/v1/Services", &[("FriendlyName", "Support")]).await;
    let elsewhere = text(&upload(&house, &text(&support, "sid"), "").await, "sid");
    let unknown = format!("ME{:032}", 7);
    for (path, medium, expected) in [
        (&to, "ME1", (400, 20_422)),
        (&to, &unknown, (400, 20_422)),
        (&to, &sid, (400, 20_422)),
        (&to, &elsewhere, (400, 20_422)),
        (&one, &unknown, (403, 20_403)),
    ] {
        let form = [("Body", "x"), ("MediaSid", medium)];
        refused(&format!("{path} {medium}"), house.call("POST", path, &form).await, expected);
    }
    assert_eq!((messages(&house, &chat).await.len(), files(&house)), (1, 2));
    // Media of a service go with it.
    let support = format!("/conversations/v1/Services/{}", text(&support, "sid"));
    assert_eq!(house.ask("DELETE", &support, &[]).await.status, 204);
    assert_eq!(files(&house), 1);
    house.finish().await;
}

#[tokio::test]
async fn a_picture_that_is_gone_before_it_goes_out_is_told_as_failed() {
    let mut house = open().await;
    let chat = conversation(&house).await;
    join(&house, &chat, PERSON).await;
    told_at(&house, &chat, "/scoped", &["onDeliveryUpdated"]).await;
    let sid = text(&upload(&house, &service(&house), "").await, "sid");
    // Nobody looks after it but the house itself.
    std::fs::remove_file(house.house.settings.media.join(&sid)).expect("removed");
    make(&house, &format!("{chat}/Messages"), &[("MediaSid", &sid)]).await;
    let told = house.heard_on("/scoped").await;
    let get = |name: &str| told.get(name).unwrap_or_default();
    assert_eq!((get("Status"), get("ErrorCode")), ("failed".into(), "11200".into()));
    house.quiet().await;
    assert_eq!(house.codes(), [11_200]);
    house.finish().await;
}

#[tokio::test]
async fn pictures_go_both_ways_between_a_conversation_and_another_number_of_the_house() {
    let mut house = open().await;
    show_pictures(&house.customer);
    let other = house.customer.url("/other");
    house.customer.on("/other", [Say::status(204)]);
    house.add_number(OTHER, &other).await;
    let chat = conversation(&house).await;
    join(&house, &chat, OTHER).await;
    let cat = house.customer.url("/cat.png");
    let form = [("To", NUMBER), ("From", OTHER), ("MediaUrl", cat.as_str())];
    let (status, sent) = house.send(&form).await;
    assert_eq!(status, 201, "{sent}");
    house.customer.heard_on("/cat.png").await;
    house.quiet().await;
    let said = messages(&house, &chat).await.remove(0);
    assert_eq!((&said["author"], &said["media"][0]["size"]), (&json!(OTHER), &json!(PNG.len())));
    let sid = text(&upload(&house, &service(&house), "").await, "sid");
    make(&house, &format!("{chat}/Messages"), &[("MediaSid", &sid)]).await;
    let asked = house.heard_on("/other").await;
    assert_eq!(asked.get("NumMedia").as_deref(), Some("1"));
    assert_eq!(get(&house, &asked.get("MediaUrl0").expect("one")).await.body, PNG);
    house.finish().await;
}

#[tokio::test]
async fn media_of_a_conversation_are_sent_by_nobody_but_their_account() {
    let house = open().await;
    let shown = upload(&house, &service(&house), "").await;
    let sid = text(&shown, "sid");
    let url = format!("{}/mcs/v1/Services/{}/Media/{sid}/Content", house.url, service(&house));
    let (status, sent) =
        house.send(&[("To", PERSON), ("From", NUMBER), ("MediaUrl", url.as_str())]).await;
    assert_eq!(status, 201, "{sent}");
    assert_eq!(last_picture(&house, PERSON).await.body, PNG);
    let other = create_account(&house).await;
    let credentials = (other.0.as_str(), other.1.as_str());
    let of_other = |list: &str| format!("/2010-04-01/Accounts/{}/{list}.json", other.0);
    let form = [("AreaCode", "415")];
    let path = of_other("IncomingPhoneNumbers");
    let number = ask_as(&house, credentials, ("POST", &path), &form).await.json();
    let from = text(&number, "phone_number");
    let form = [("To", FRIEND), ("From", from.as_str()), ("MediaUrl", url.as_str())];
    let sent = ask_as(&house, credentials, ("POST", &of_other("Messages")), &form).await.json();
    house.quiet().await;
    let message = house.message(sid_of(&sent));
    assert_eq!((message.state, message.error_code), (State::Failed, Some(11_200)));
    house.finish().await;
}
