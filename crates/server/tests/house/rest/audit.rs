//! Who changed what by the APIs is read from monitor/v1 Events.

use super::{ask_as, create, of_account, refused, text};
use crate::support::{Opened, open};
use serde_json::{Value, json};

const EVENTS: &str = "/monitor/v1/Events";

async fn events(opened: &Opened, filters: &[(&str, &str)]) -> Vec<Value> {
    let (status, body) = opened.call("GET", EVENTS, filters).await;
    assert_eq!(status, 200, "{body}");
    body["events"].as_array().expect("events").clone()
}

#[tokio::test]
async fn a_change_by_the_api_is_noted_with_who_made_it_and_what_it_changed() {
    let opened = open().await;
    let key = create(&opened, "Keys", &[("FriendlyName", "laptop")]).await;
    let number = create(&opened, "IncomingPhoneNumbers", &[("AreaCode", "415")]).await;
    let path = of_account(&format!("IncomingPhoneNumbers/{}", text(&number, "sid")));
    let by_key = (text(&key, "sid"), text(&key, "secret"));
    let form = [("FriendlyName", "Desk"), ("SmsUrl", "https://app.example/sms")];
    let got = ask_as(&opened, (&by_key.0, &by_key.1), ("POST", &path), &form).await;
    assert_eq!(got.status, 200);
    assert_eq!(opened.ask("DELETE", &path, &[]).await.status, 204);
    // What is refused changes nothing.
    refused("gone", opened.call("POST", &path, &form).await, (404, 20_404));
    let all = events(&opened, &[]).await;
    let types: Vec<&str> = all.iter().filter_map(|event| event["event_type"].as_str()).collect();
    assert_eq!(
        types,
        ["phone-number.deleted", "phone-number.updated", "phone-number.created", "api-key.created"]
    );
    let updated = &all[1];
    let mut fields: Vec<&str> =
        "account_sid actor_sid actor_type description event_data event_date \
        event_type resource_sid resource_type sid source source_ip_address url links"
            .split_whitespace()
            .collect();
    fields.sort_unstable();
    assert_eq!(updated.as_object().expect("one").keys().collect::<Vec<_>>(), fields);
    assert_eq!(
        updated["event_data"],
        json!({
            "friendly_name": { "previous": "(415) 555-0100", "updated": "Desk" },
            "sms_url": { "previous": "", "updated": "https://app.example/sms" },
        })
    );
    assert_eq!(updated["actor_sid"], by_key.0.as_str());
    assert_eq!(updated["source_ip_address"], "127.0.0.1");
    assert_eq!(updated["resource_sid"], number["sid"]);
    let one = format!("{EVENTS}/{}", text(updated, "sid"));
    assert_eq!(opened.call("GET", &one, &[]).await, (200, updated.clone()));

    for (filter, count) in [
        (("ActorSid", by_key.0.as_str()), 1),
        (("EventType", "phone-number.created"), 1),
        (("ResourceSid", number["sid"].as_str().expect("a sid")), 3),
        (("SourceIpAddress", "127.0.0.1"), 4),
        (("SourceIpAddress", "10.0.0.1"), 0),
        (("StartDate", "2020-01-01"), 4),
        (("EndDate", "2020-01-01"), 0),
    ] {
        assert_eq!(events(&opened, &[filter]).await.len(), count, "{filter:?}");
    }
    let page = events(&opened, &[("PageSize", "1")]).await;
    assert_eq!(page, all[..1]);
    refused("no date", opened.call("GET", EVENTS, &[("EndDate", "x")]).await, (400, 20_422));
    let unknown = format!("{EVENTS}/AE00000000000000000000000000000001");
    refused("none", opened.call("GET", &unknown, &[]).await, (404, 20_404));
    opened.finish().await;
}

#[tokio::test]
async fn the_log_of_an_account_has_no_secrets_and_is_its_own() {
    let opened = open().await;
    let (_, sub) = opened.call("POST", "/2010-04-01/Accounts.json", &[]).await;
    let (sid, token) = (text(&sub, "sid"), text(&sub, "auth_token"));
    let path = format!("/2010-04-01/Accounts/{sid}.json");
    assert_eq!(opened.call("POST", &path, &[("FriendlyName", "Branch")]).await.0, 200);
    assert_eq!(opened.call("POST", "/accounts/v1/AuthTokens/Secondary", &[]).await.0, 201);
    let own = events(&opened, &[]).await;
    let shown = json!(own).to_string();
    assert!(!shown.contains(&opened.token) && !shown.contains(&token), "{shown}");
    let types: Vec<&Value> = own.iter().map(|event| &event["event_type"]).collect();
    assert_eq!(types, ["account.updated", "account.created"]);
    let theirs = ask_as(&opened, (&sid, &token), ("GET", EVENTS), &[]).await.json();
    let theirs = theirs["events"].as_array().expect("events");
    assert_eq!(theirs.len(), 1);
    assert_eq!(theirs[0]["event_data"]["friendly_name"]["updated"], "Branch");
    assert_eq!(theirs[0]["actor_sid"], opened.sid.as_str());
    let one = format!("{EVENTS}/{}", text(&theirs[0], "sid"));
    refused("not its own", opened.call("GET", &one, &[]).await, (404, 20_404));
    opened.finish().await;
}
