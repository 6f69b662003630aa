//! Accounts, subaccounts and API keys.

use super::{ask_as, create, of_account, refused, text};
use crate::support::{Opened, open};
use serde_json::Value;

const ACCOUNTS: &str = "/2010-04-01/Accounts.json";

async fn subaccount(opened: &Opened, name: &str) -> Value {
    let (status, body) = opened.call("POST", ACCOUNTS, &[("FriendlyName", name)]).await;
    assert_eq!(status, 201, "{body}");
    body
}

fn path(account: &Value) -> String {
    format!("/2010-04-01/Accounts/{}.json", text(account, "sid"))
}

#[tokio::test]
async fn a_list_shows_the_account_first_and_then_its_subaccounts() {
    let opened = open().await;
    let one = subaccount(&opened, "One").await;
    let two = subaccount(&opened, "Two").await;
    let (_, body) = opened.call("GET", ACCOUNTS, &[]).await;
    let sids: Vec<&str> = body["accounts"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|a| a["sid"].as_str())
        .collect();
    assert_eq!(sids, [opened.sid.as_str(), &text(&two, "sid"), &text(&one, "sid")]);
    for (filter, count) in [
        (("FriendlyName", "One"), 1),
        (("FriendlyName", "one"), 0),
        (("Status", "active"), 3),
        (("Status", "closed"), 0),
    ] {
        let (_, body) = opened.call("GET", ACCOUNTS, &[filter]).await;
        assert_eq!(body["accounts"].as_array().map(Vec::len), Some(count), "{filter:?}");
    }
    refused("Status", opened.call("GET", ACCOUNTS, &[("Status", "x")]).await, (400, 20_422));
}

#[tokio::test]
async fn a_subaccount_acts_for_itself_only_and_makes_no_other() {
    let opened = open().await;
    let sub = subaccount(&opened, "Sub").await;
    assert_eq!(sub["owner_account_sid"], opened.sid.as_str());
    let (sid, token) = (text(&sub, "sid"), text(&sub, "auth_token"));
    let credentials = (sid.as_str(), token.as_str());
    let own = ask_as(&opened, credentials, ("GET", ACCOUNTS), &[]).await.json();
    assert_eq!(own["accounts"].as_array().map(Vec::len), Some(1));
    let parent = ask_as(&opened, credentials, ("GET", "/2010-04-01/Accounts/{AC}.json"), &[]).await;
    refused("the parent", (parent.status, parent.json()), (401, 20_003));
    let another = ask_as(&opened, credentials, ("POST", ACCOUNTS), &[]).await;
    refused("its own sub", (another.status, another.json()), (400, 21_101));
    // The parent acts on it.
    let (status, _) = opened
        .call(
            "POST",
            &format!("/2010-04-01/Accounts/{sid}/Applications.json"),
            &[("FriendlyName", "a")],
        )
        .await;
    assert_eq!(status, 201);
}

#[tokio::test]
async fn a_suspended_subaccount_is_only_read_and_a_closed_one_stays_closed() {
    let opened = open().await;
    let sub = subaccount(&opened, "Sub").await;
    let (sid, token) = (text(&sub, "sid"), text(&sub, "auth_token"));
    let numbers = format!("/2010-04-01/Accounts/{sid}/IncomingPhoneNumbers.json");
    let buy = [("PhoneNumber", "+12025550177")];
    assert_eq!(opened.call("POST", &numbers, &buy).await.0, 201);
    let (status, body) = opened.call("POST", &path(&sub), &[("Status", "suspended")]).await;
    assert_eq!((status, body["status"].as_str()), (200, Some("suspended")));
    let itself = ask_as(&opened, (&sid, &token), ("GET", &numbers), &[]).await;
    refused("its own credentials", (itself.status, itself.json()), (403, 20_005));
    refused("a write", opened.call("POST", &numbers, &[("AreaCode", "415")]).await, (403, 20_005));
    assert_eq!(opened.call("GET", &numbers, &[]).await.0, 200);
    let (status, body) =
        opened.call("POST", &path(&sub), &[("Status", "closed"), ("FriendlyName", "Gone")]).await;
    assert_eq!((status, body["friendly_name"].as_str()), (200, Some("Gone")));
    let (_, body) = opened.call("GET", &numbers, &[]).await;
    assert_eq!(body["incoming_phone_numbers"].as_array().map(Vec::len), Some(0));
    let again = opened.call("POST", &path(&sub), &[("Status", "active")]).await;
    refused("open again", again, (400, 21_479));
    let parent =
        opened.call("POST", "/2010-04-01/Accounts/{AC}.json", &[("Status", "closed")]).await;
    refused("the parent", parent, (400, 21_477));
    let word = opened.call("POST", &path(&sub), &[("Status", "asleep")]).await;
    refused("no status", word, (400, 21_475));
}

#[tokio::test]
async fn a_key_opens_all_but_accounts_and_keys_until_it_is_deleted() {
    let opened = open().await;
    let key = create(&opened, "Keys", &[("FriendlyName", "laptop")]).await;
    let (sid, secret) = (text(&key, "sid"), text(&key, "secret"));
    assert!(
        secret.len() == 32 && secret.bytes().all(|byte| byte.is_ascii_alphanumeric()),
        "{secret}"
    );
    let credentials = (sid.as_str(), secret.as_str());
    let messages = of_account("Messages");
    assert_eq!(ask_as(&opened, credentials, ("GET", &messages), &[]).await.status, 200);
    let one = of_account(&format!("Keys/{sid}"));
    let (keys, signing_keys) = (of_account("Keys"), of_account("SigningKeys"));
    for (method, path) in [
        ("GET", ACCOUNTS),
        ("POST", ACCOUNTS),
        ("GET", "/2010-04-01/Accounts/{AC}.json"),
        ("POST", "/2010-04-01/Accounts/{AC}.json"),
        ("GET", keys.as_str()),
        ("POST", keys.as_str()),
        ("GET", one.as_str()),
        ("DELETE", one.as_str()),
        ("POST", signing_keys.as_str()),
    ] {
        let got = ask_as(&opened, credentials, (method, path), &[]).await;
        refused(&format!("{method} {path}"), (got.status, got.json()), (403, 20_003));
    }
    let (_, shown) = opened.call("GET", &one, &[]).await;
    assert!(shown.get("secret").is_none(), "{shown}");
    let (status, renamed) = opened.call("POST", &one, &[("FriendlyName", "desktop")]).await;
    assert_eq!((status, renamed["friendly_name"].as_str()), (200, Some("desktop")));
    assert_eq!(opened.ask("DELETE", &one, &[]).await.status, 204);
    refused("the key", opened.call("GET", &one, &[]).await, (404, 20_404));
    let after = ask_as(&opened, credentials, ("GET", &messages), &[]).await;
    refused("its credentials", (after.status, after.json()), (401, 20_003));
}

#[tokio::test]
async fn signing_keys_are_keys_under_their_older_name() {
    let opened = open().await;
    let key = create(&opened, "SigningKeys", &[]).await;
    let sid = text(&key, "sid");
    let (_, list) = opened.call("GET", &of_account("SigningKeys"), &[]).await;
    assert_eq!(list["signing_keys"][0]["sid"], sid.as_str());
    let (status, _) = opened.call("GET", &of_account(&format!("Keys/{sid}")), &[]).await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn a_suspended_account_gets_no_texts_and_an_alert() {
    let opened = open().await;
    let sub = subaccount(&opened, "Sub").await;
    let sid = text(&sub, "sid");
    let numbers = format!("/2010-04-01/Accounts/{sid}/IncomingPhoneNumbers.json");
    let url = opened.customer.url("/sub");
    let form = [("PhoneNumber", "+12025550123"), ("SmsUrl", url.as_str())];
    let (status, body) = opened.call("POST", &numbers, &form).await;
    assert_eq!(status, 201, "{body}");
    let (status, body) = opened.call("POST", &path(&sub), &[("Status", "suspended")]).await;
    assert_eq!(status, 200, "{body}");
    let phone = "/offhook/v1/Phones/+12025550199/Messages";
    let form = [("To", "+12025550123"), ("Body", "hello")];
    refused("text", opened.call("POST", phone, &form).await, (400, 10_001));
    let account = exchange::sid::AccountSid::parse(&sid).expect("a sid");
    let alerts = opened.house.store.alerts(account, &Default::default(), 10).expect("read");
    assert_eq!(alerts.iter().map(|alert| alert.code).collect::<Vec<_>>(), [10_001]);
    opened.finish().await;
}
