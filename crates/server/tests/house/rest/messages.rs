//! Messages and their media.

use super::{ask_as, create, of_account, refused, text};
use crate::support::{Opened, open};
use exchange::accounts::MediaAuth;
use exchange::sid::MessageSid;
use serde_json::Value;

const FROM: (&str, &str) = ("From", "+12025550100");
const TO: (&str, &str) = ("To", "+12025550199");

/// Waits until the message stands where it will stay: the stream of events tells.
async fn settled(opened: &Opened, message: &Value) -> Value {
    let path = of_account(&format!("Messages/{}", text(message, "sid")));
    let mut events = opened.house.events.resume(None).live;
    loop {
        let (_, body) = opened.call("GET", &path, &[]).await;
        let state = text(&body, "status");
        if matches!(state.as_str(), "delivered" | "undelivered" | "failed") {
            return body;
        }
        events.recv().await.expect("the house is open");
    }
}

/// A form, and the status and code it is refused with.
type Refused<'a> = (&'a [(&'a str, &'a str)], (u16, u32));

#[tokio::test]
async fn every_parameter_of_a_create_is_checked_and_the_rest_is_ignored() {
    let opened = open().await;
    let path = of_account("Messages");
    let body = ("Body", "hi");
    let long = "x".repeat(1601);
    let service = ("MessagingServiceSid", "MG00000000000000000000000000000001");
    let refusals: &[Refused] = &[
        (&[FROM, body], (400, 21_604)),
        (&[TO, body], (400, 21_603)),
        (&[TO, FROM], (400, 21_602)),
        (&[("To", "12345"), FROM, body], (400, 21_265)),
        (&[("To", "+1"), FROM, body], (400, 21_211)),
        (&[TO, TO, FROM, body], (400, 21_653)),
        (&[TO, ("From", "+1999"), body], (400, 21_212)),
        (&[TO, ("From", "+12025550111"), body], (400, 21_606)),
        (&[("To", "+12025550100"), FROM, body], (400, 21_266)),
        (&[("To", "whatsapp:+12025550199"), FROM, body], (400, 21_910)),
        (&[TO, FROM, ("Body", &long)], (400, 21_617)),
        (&[TO, FROM, ("MediaUrl", "nope")], (400, 21_620)),
        (&[TO, FROM, body, ("StatusCallback", "http://under_score.example/")], (400, 21_609)),
        (&[TO, FROM, body, ("ApplicationSid", "AP1")], (400, 21_218)),
        (&[TO, FROM, body, ("ValidityPeriod", "0")], (400, 21_624)),
        (&[TO, FROM, body, ("MaxPrice", "x")], (400, 21_627)),
        (&[TO, FROM, body, ("ContentVariables", "{}")], (400, 21_654)),
        (&[TO, FROM, body, ("ScheduleType", "fixed")], (400, 35_111)),
        (&[TO, body, service], (404, 21_701)),
        (&[TO, FROM, body, ("MessagingServiceSid", "MG1")], (400, 21_705)),
        (&[("To", "+15005550001"), FROM, body], (400, 21_211)),
        (&[("To", "+15005550002"), FROM, body], (400, 21_612)),
        (&[("To", "+15005550003"), FROM, body], (400, 21_408)),
        (&[("To", "+15005550004"), FROM, body], (400, 21_610)),
        (&[("To", "+15005550009"), FROM, body], (400, 21_614)),
        (&[TO, ("From", "+15005550001"), body], (400, 21_212)),
        (&[TO, ("From", "+15005550007"), body], (400, 21_606)),
        (&[TO, ("From", "+15005550008"), body], (429, 21_611)),
    ];
    for (form, expected) in refusals {
        refused(&format!("{form:?}"), opened.call("POST", &path, form).await, *expected);
    }
    let (_, list) = opened.call("GET", &path, &[]).await;
    assert_eq!(list["messages"].as_array().map(Vec::len), Some(0), "a refusal leaves nothing");
    let accepted = [
        TO,
        FROM,
        body,
        ("MaxPrice", "0.05"),
        ("Attempt", "1"),
        ("ValidityPeriod", "60"),
        ("ForceDelivery", "true"),
        ("ContentRetention", "retain"),
        ("AddressRetention", "retain"),
        ("TrafficType", "free"),
        ("SendAsMms", "false"),
        ("RiskCheck", "disable"),
        ("PersistentAction", "a"),
        ("Else", "b"),
    ];
    let made = create(&opened, "Messages", &accepted).await;
    assert_eq!(made["status"], "queued");
    assert_eq!(made["date_sent"], Value::Null);
    let from = [("From", "+15005550006"), TO, body];
    assert_eq!(opened.call("POST", &path, &from).await.0, 201);
}

#[tokio::test]
async fn a_message_is_redacted_and_deleted_once_it_is_settled() {
    let opened = open().await;
    let form = [TO, FROM, ("Body", "secret"), ("ProvideFeedback", "true")];
    let made = create(&opened, "Messages", &form).await;
    let path = of_account(&format!("Messages/{}", text(&made, "sid")));
    settled(&opened, &made).await;
    refused("a new body", opened.call("POST", &path, &[("Body", "x")]).await, (400, 20_422));
    refused("cancel", opened.call("POST", &path, &[("Status", "canceled")]).await, (400, 30_409));
    refused("send", opened.call("POST", &path, &[("Status", "sent")]).await, (400, 20_422));
    let (status, body) = opened.call("POST", &path, &[("Body", "")]).await;
    assert_eq!((status, body["body"].as_str()), (200, Some("")));
    let feedback = of_account(&format!("Messages/{}/Feedback", text(&made, "sid")));
    let (status, body) = opened.call("POST", &feedback, &[("Outcome", "confirmed")]).await;
    assert_eq!((status, body["outcome"].as_str()), (200, Some("confirmed")), "{body}");
    assert_eq!(opened.ask("DELETE", &path, &[]).await.status, 204);
    refused("deleted", opened.call("GET", &path, &[]).await, (404, 20_404));
}

#[tokio::test]
async fn a_list_is_filtered_by_addresses_and_dates() {
    let opened = open().await;
    let made = create(&opened, "Messages", &[TO, FROM, ("Body", "1")]).await;
    let settled = settled(&opened, &made).await;
    let now = opened.house.now();
    let today = now.strftime("%Y-%m-%d").to_string();
    let day = jiff::SignedDuration::from_hours(24);
    let tomorrow = (now + day).strftime("%Y-%m-%d").to_string();
    // What SDKs make of a date.
    let midnight = format!("{today}T00:00:00Z");
    let yesterday = (now - day).strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    assert_ne!(settled["date_sent"], Value::Null);
    for (filter, count) in [
        (vec![("To", "+12025550199")], 1),
        (vec![("To", "+12025550198")], 0),
        (vec![("From", "(202) 555-0100")], 1),
        (vec![("DateSent", today.as_str())], 1),
        (vec![("DateSent", midnight.as_str())], 1),
        (vec![("DateSent", tomorrow.as_str())], 0),
        (vec![("DateSent>", yesterday.as_str())], 1),
        (vec![("DateSent<", yesterday.as_str())], 0),
        (vec![("DateSent>", today.as_str()), ("DateSent<", today.as_str())], 1),
    ] {
        let (_, body) = opened.call("GET", &of_account("Messages"), &filter).await;
        assert_eq!(body["messages"].as_array().map(Vec::len), Some(count), "{filter:?}");
    }
    let wrong = opened.call("GET", &of_account("Messages"), &[("DateSent", "soon")]).await;
    refused("a date", wrong, (400, 20_422));
}

#[tokio::test]
async fn media_are_listed_shown_fetched_and_deleted() {
    let opened = open().await;
    crate::media::show_pictures(&opened.customer);
    let (cat, dog) = (opened.customer.url("/cat.png?size=1#top"), opened.customer.url("/dog.gif"));
    let form = [TO, FROM, ("MediaUrl", cat.as_str()), ("MediaUrl", dog.as_str())];
    let made = create(&opened, "Messages", &form).await;
    let sid = text(&made, "sid");
    assert!(sid.starts_with("MM") && made["num_media"] == "2", "{made}");
    settled(&opened, &made).await;
    let all = of_account(&format!("Messages/{sid}/Media"));
    let (_, list) = opened.call("GET", &all, &[("PageSize", "1")]).await;
    assert_eq!(list["media_list"][0]["content_type"], "image/png");
    let next = text(&list, "next_page_uri");
    let (_, second) = opened.call("GET", &next, &[]).await;
    assert_eq!(second["media_list"][0]["content_type"], "image/gif");
    assert_eq!(second["next_page_uri"], Value::Null);
    let (_, none) = opened.call("GET", &all, &[("DateCreated<", "2020-01-01")]).await;
    assert_eq!(none["media_list"], serde_json::json!([]));

    let medium = text(&list["media_list"][0], "sid");
    let metadata = of_account(&format!("Messages/{sid}/Media/{medium}"));
    let (status, shown) = opened.call("GET", &metadata, &[]).await;
    assert_eq!((status, shown["parent_sid"].as_str()), (200, Some(sid.as_str())));
    let content = metadata.trim_end_matches(".json").to_owned();
    // No credentials: the URL is unguessable.
    let got = ask_as(&opened, ("", ""), ("GET", &content), &[]).await;
    assert_eq!((got.status, &got.body[..]), (200, crate::media::PNG), "{}", got.head);

    assert_eq!(opened.ask("DELETE", &metadata, &[]).await.status, 204);
    refused("deleted", opened.call("DELETE", &metadata, &[]).await, (404, 20_404));
    let gone = ask_as(&opened, ("", ""), ("GET", &content), &[]).await;
    refused("its content", (gone.status, gone.json()), (404, 20_404));
    let (_, message) = opened.call("GET", &of_account(&format!("Messages/{sid}")), &[]).await;
    assert_eq!(message["num_media"], "1");
    assert!(MessageSid::parse(&sid).is_some());
}

#[tokio::test]
async fn media_auth_basic_closes_the_content() {
    let opened = open().await;
    crate::media::show_pictures(&opened.customer);
    let picture = opened.customer.url("/cat.png");
    let made = create(&opened, "Messages", &[TO, FROM, ("MediaUrl", picture.as_str())]).await;
    let sid = text(&made, "sid");
    settled(&opened, &made).await;
    let (_, list) = opened.call("GET", &of_account(&format!("Messages/{sid}/Media")), &[]).await;
    let medium = text(&list["media_list"][0], "sid");
    let content = format!("/2010-04-01/Accounts/{{AC}}/Messages/{sid}/Media/{medium}");
    opened.settings(|settings| settings.media_auth = MediaAuth::Basic).await;
    let stranger = ask_as(&opened, ("", ""), ("GET", &content), &[]).await;
    refused("a stranger", (stranger.status, stranger.json()), (401, 20_003));
    let got = opened.ask("GET", &content, &[]).await;
    assert_eq!((got.status, &got.body[..]), (200, crate::media::PNG));
}
