//! Tokens, kinds of API keys, and test credentials: who may do what with which.

use super::{ask_as, create, of_account, refused, text};
use crate::support::{NUMBER, Opened, PERSON, open};
use serde_json::{Value, json};

const SECONDARY: &str = "/accounts/v1/AuthTokens/Secondary";
const PROMOTE: &str = "/accounts/v1/AuthTokens/Promote";
const IAM: &str = "/iam/v1/Keys";

fn keys(body: &Value) -> Vec<&String> {
    body.as_object().unwrap_or_else(|| panic!("{body}")).keys().collect()
}

#[tokio::test]
async fn two_tokens_authenticate_and_the_promoted_one_signs() {
    let mut opened = open().await;
    refused("none yet", opened.call("POST", PROMOTE, &[]).await, (400, 20_001));
    refused("none yet", opened.call("DELETE", SECONDARY, &[]).await, (400, 20_001));
    let (status, made) = opened.call("POST", SECONDARY, &[]).await;
    assert_eq!(status, 201, "{made}");
    let fields = ["account_sid", "date_created", "date_updated", "secondary_auth_token", "url"];
    assert_eq!(keys(&made), fields);
    refused("a second one", opened.call("POST", SECONDARY, &[]).await, (409, 20_409));
    let sid = opened.sid.to_string();
    let (old, new) = (opened.token.clone(), text(&made, "secondary_auth_token"));
    let messages = of_account("Messages");
    let good = async |opened: &Opened, token: &str| {
        ask_as(opened, (&sid, token), ("GET", &messages), &[]).await.status == 200
    };
    assert!(good(&opened, &old).await && good(&opened, &new).await);
    assert!(!good(&opened, "").await, "no token is none");
    // The customer checks every signature with the primary token.
    opened.text("hello").await;
    opened.heard().await;

    let (status, promoted) = opened.call("POST", PROMOTE, &[]).await;
    assert_eq!((status, &promoted["auth_token"]), (200, &new.as_str().into()), "{promoted}");
    assert_eq!(
        keys(&promoted),
        ["account_sid", "auth_token", "date_created", "date_updated", "url"]
    );
    assert!(!good(&opened, &old).await && good(&opened, &new).await);
    opened.token.clone_from(&new);
    let (_, account) = opened.call("GET", "/2010-04-01/Accounts/{AC}.json", &[]).await;
    assert_eq!(account["auth_token"], new.as_str());
    // Client commands of this machine go on.
    let kept = offhook::data_dir::DataDir::credentials_of(opened.folder.path()).expect("kept");
    assert_eq!(kept.token, new);
    opened.text("again").await;
    let seen = opened.heard().await;
    let signed = |token: &str| seen.verify(token).is_ok();
    assert!(signed(&new) && !signed(&old));

    assert_eq!(opened.call("POST", SECONDARY, &[]).await.0, 201);
    assert_eq!(opened.ask("DELETE", SECONDARY, &[]).await.status, 204);
    // Standard keys manage no tokens.
    let key = create(&opened, "Keys", &[]).await;
    let (sid, secret) = (text(&key, "sid"), text(&key, "secret"));
    let by_key = ask_as(&opened, (&sid, &secret), ("POST", SECONDARY), &[]).await;
    refused("a key", (by_key.status, by_key.json()), (403, 20_003));
    opened.finish().await;
}

#[tokio::test]
async fn a_key_may_what_its_kind_says() {
    let opened = open().await;
    let sid = opened.sid.to_string();
    let policy = r#"{"allow":["/twilio/messaging/messages/create","/twilio/voice/calls/*"]}"#;
    let form = [
        ("AccountSid", sid.as_str()),
        ("FriendlyName", "sender"),
        ("KeyType", "restricted"),
        ("Policy", policy),
    ];
    let (status, made) = opened.call("POST", IAM, &form).await;
    assert_eq!(status, 201, "{made}");
    assert_eq!(
        keys(&made),
        ["date_created", "date_updated", "friendly_name", "policy", "secret", "sid"]
    );
    let restricted = (text(&made, "sid"), text(&made, "secret"));
    let form = [("KeyType", "main"), ("FriendlyName", "root")];
    let (status, made) = opened.call("POST", "/offhook/v1/Keys", &form).await;
    assert_eq!((status, &made["key_type"]), (201, &"main".into()), "{made}");
    let main = (text(&made, "sid"), text(&made, "secret"));
    let (_, made) = opened.call("POST", IAM, &[("AccountSid", &sid)]).await;
    let standard = (text(&made, "sid"), text(&made, "secret"));
    assert_eq!(made["policy"], Value::Null);

    let texting = [("To", PERSON), ("From", NUMBER), ("Body", "hi")];
    let (messages, calls, all) = (of_account("Messages"), of_account("Calls"), of_account("Keys"));
    for (who, key, expected) in [
        ("main", &main, [201, 200, 200, 200, 200]),
        ("standard", &standard, [201, 200, 200, 403, 403]),
        ("restricted", &restricted, [201, 403, 200, 403, 403]),
    ] {
        let key = (key.0.as_str(), key.1.as_str());
        let mut found = Vec::new();
        for (method, path, form) in [
            ("POST", messages.as_str(), &texting[..]),
            ("GET", messages.as_str(), &[]),
            ("GET", calls.as_str(), &[]),
            ("GET", all.as_str(), &[]),
            ("GET", "/2010-04-01/Accounts/{AC}.json", &[]),
        ] {
            found.push(ask_as(&opened, key, (method, path), form).await.status);
        }
        assert_eq!(found, expected, "{who}");
    }
    let key = (restricted.0.as_str(), restricted.1.as_str());
    let got = ask_as(&opened, key, ("GET", &messages), &[]).await;
    refused("lists", (got.status, got.json()), (403, 70_051));
    let message = got.json()["message"].to_string();
    assert!(message.contains("/twilio/messaging/messages/list"), "{message}");

    // What it permits can be changed.
    let one = format!("{IAM}/{}", restricted.0);
    let policy = r#"{"allow":["/twilio/messaging/messages/list"]}"#;
    let (status, changed) = opened.call("POST", &one, &[("Policy", policy)]).await;
    assert_eq!((status, keys(&changed).len()), (200, 5), "{changed}");
    assert_eq!(changed["policy"], json!({ "allow": ["/twilio/messaging/messages/list"] }));
    assert_eq!(opened.call("GET", &one, &[]).await.1, changed);
    assert_eq!(ask_as(&opened, key, ("GET", &messages), &[]).await.status, 200);
    let (_, list) = opened.call("GET", IAM, &[("AccountSid", &sid)]).await;
    assert_eq!(list["keys"].as_array().map(Vec::len), Some(3));
    assert_eq!(keys(&list["keys"][0]), ["date_created", "date_updated", "friendly_name", "sid"]);
    let (_, list) = opened.call("GET", "/offhook/v1/Keys", &[]).await;
    let kinds: Vec<&Value> =
        list["keys"].as_array().expect("keys").iter().map(|key| &key["key_type"]).collect();
    assert_eq!(kinds, ["standard", "main", "restricted"]);
    assert_eq!(opened.ask("DELETE", &one, &[]).await.status, 204);
    refused("gone", opened.call("GET", &one, &[]).await, (404, 20_404));
    opened.finish().await;
}

#[tokio::test]
async fn a_key_that_cannot_be_is_refused() {
    let opened = open().await;
    let sid = opened.sid.to_string();
    let own = ("AccountSid", sid.as_str());
    let (_, standard) = opened.call("POST", IAM, &[own]).await;
    let one = format!("{IAM}/{}", text(&standard, "sid"));
    let (_, sub) = opened.call("POST", "/2010-04-01/Accounts.json", &[]).await;
    let other = "AC00000000000000000000000000000001";
    for (path, form, expected) in [
        (IAM, vec![], (400, 20_001)),
        (IAM, vec![("AccountSid", other)], (401, 20_003)),
        (IAM, vec![own, ("KeyType", "main")], (400, 20_422)),
        (IAM, vec![own, ("KeyType", "golden")], (400, 20_422)),
        (IAM, vec![own, ("KeyType", "restricted")], (400, 20_001)),
        (IAM, vec![own, ("KeyType", "restricted"), ("Policy", "all")], (400, 20_422)),
        (IAM, vec![own, ("KeyType", "restricted"), ("Policy", "{}")], (400, 20_422)),
        (IAM, vec![own, ("KeyType", "restricted"), ("Policy", r#"{"allow":[]}"#)], (400, 20_422)),
        (IAM, vec![own, ("KeyType", "restricted"), ("Policy", r#"{"allow":[1]}"#)], (400, 20_422)),
        (
            IAM,
            vec![own, ("KeyType", "restricted"), ("Policy", r#"{"allow":["x"]}"#)],
            (400, 20_422),
        ),
        (&one, vec![("Policy", r#"{"allow":["/twilio/voice/calls/*"]}"#)], (400, 20_422)),
        ("/offhook/v1/Keys", vec![("KeyType", "golden")], (400, 20_422)),
    ] {
        refused(&format!("{path} {form:?}"), opened.call("POST", path, &form).await, expected);
    }
    // A parent makes keys for its subaccounts, and finds them by their sid.
    let of_sub = text(&sub, "sid");
    let (status, key) = opened.call("POST", IAM, &[("AccountSid", &of_sub)]).await;
    assert_eq!(status, 201, "{key}");
    let path = format!("{IAM}/{}", text(&key, "sid"));
    assert_eq!(opened.call("GET", &path, &[]).await.0, 200);
    let token = text(&sub, "auth_token");
    let upwards = ask_as(&opened, (&of_sub, &token), ("GET", &one), &[]).await;
    refused("upwards", (upwards.status, upwards.json()), (404, 20_404));
    opened.finish().await;
}

#[tokio::test]
async fn test_credentials_check_parameters_and_keep_and_tell_nothing() {
    let opened = open().await;
    let path = "/offhook/v1/TestCredentials";
    refused("none yet", opened.call("GET", path, &[]).await, (404, 20_404));
    let (status, made) = opened.call("POST", path, &[]).await;
    assert_eq!(status, 201, "{made}");
    assert_eq!(opened.call("GET", path, &[]).await.1, made);
    let (sid, token) = (text(&made, "sid"), text(&made, "auth_token"));
    let test = (sid.as_str(), token.as_str());
    let below = |name: &str| format!("/2010-04-01/Accounts/{sid}/{name}.json");
    let (numbers, messages, calls) =
        (below("IncomingPhoneNumbers"), below("Messages"), below("Calls"));
    let callback = opened.customer.url("/told");
    let text_ = ["From", "To"];
    let ok = "+15005550006";
    for (path, form, expected) in [
        (&numbers, vec![("PhoneNumber", "+15005550000")], (400, 21_422)),
        (&numbers, vec![("PhoneNumber", "+15005550001")], (400, 21_421)),
        (&numbers, vec![("PhoneNumber", "+14155550123")], (400, 21_422)),
        (&numbers, vec![("AreaCode", "533")], (400, 21_452)),
        (&numbers, vec![("AreaCode", "415")], (400, 21_452)),
        (&messages, vec![(text_[0], "+15005550001"), (text_[1], PERSON)], (400, 21_212)),
        (&messages, vec![(text_[0], "+15005550007"), (text_[1], PERSON)], (400, 21_606)),
        (&messages, vec![(text_[0], "+15005550008"), (text_[1], PERSON)], (429, 21_611)),
        (&messages, vec![(text_[0], NUMBER), (text_[1], PERSON)], (400, 21_606)),
        (&messages, vec![(text_[0], ok), (text_[1], "+15005550001")], (400, 21_211)),
        (&messages, vec![(text_[0], ok), (text_[1], "+15005550002")], (400, 21_612)),
        (&messages, vec![(text_[0], ok), (text_[1], "+15005550003")], (400, 21_408)),
        (&messages, vec![(text_[0], ok), (text_[1], "+15005550004")], (400, 21_610)),
        (&messages, vec![(text_[0], ok), (text_[1], "+15005550009")], (400, 21_614)),
        (&calls, vec![(text_[0], "+15005550001"), (text_[1], PERSON)], (400, 21_212)),
        (&calls, vec![(text_[0], NUMBER), (text_[1], PERSON)], (400, 21_210)),
        (&calls, vec![(text_[0], ok), (text_[1], "+15005550001")], (400, 21_217)),
        (&calls, vec![(text_[0], ok), (text_[1], "+15005550002")], (400, 21_214)),
        (&calls, vec![(text_[0], ok), (text_[1], "+15005550003")], (400, 21_215)),
        (&calls, vec![(text_[0], ok), (text_[1], "+15005550004")], (400, 21_216)),
    ] {
        let mut form = form;
        form.extend([("Body", "hi"), ("Url", "https://app.example/voice")]);
        let got = ask_as(&opened, test, ("POST", path), &form).await;
        refused(&format!("{path} {form:?}"), (got.status, got.json()), expected);
    }
    let told = ("StatusCallback", callback.as_str());
    for (path, form) in [
        (&numbers, vec![("PhoneNumber", ok)]),
        (&numbers, vec![("AreaCode", "500"), ("SmsUrl", "https://app.example/")]),
        (&messages, vec![("From", ok), ("To", PERSON), ("Body", "hi"), told]),
        (&calls, vec![("From", ok), ("To", PERSON), ("Url", "https://app.example/voice"), told]),
    ] {
        let got = ask_as(&opened, test, ("POST", path), &form).await;
        let body = got.json();
        assert_eq!((got.status, &body["account_sid"]), (201, &sid.as_str().into()), "{body}");
    }
    opened.quiet().await;
    assert!(opened.log().is_empty(), "nobody is told");
    assert!(opened.messages().is_empty());
    assert_eq!(opened.house.store.number_at(ok).expect("read"), None);
    let account = below("Messages").replace("/Messages.json", ".json");
    for (method, path) in [
        ("GET", messages.as_str()),
        ("GET", account.as_str()),
        ("GET", numbers.as_str()),
        ("POST", &of_account("Messages")),
        ("GET", "/offhook/v1/Settings"),
        ("GET", "/messaging/v1/Services"),
    ] {
        let got = ask_as(&opened, test, (method, path), &[]).await;
        refused(&format!("{method} {path}"), (got.status, got.json()), (403, 20_008));
    }
    let wrong = ask_as(&opened, (&sid, &opened.token), ("POST", &messages), &[]).await;
    refused("the live token", (wrong.status, wrong.json()), (401, 20_003));
    // New ones replace them.
    assert_eq!(opened.call("POST", path, &[]).await.0, 201);
    let old = ask_as(&opened, test, ("POST", &messages), &[]).await;
    refused("replaced", (old.status, old.json()), (401, 20_003));
    assert_eq!(opened.ask("DELETE", path, &[]).await.status, 204);
    refused("gone", opened.call("DELETE", path, &[]).await, (404, 20_404));
    opened.finish().await;
}

#[tokio::test]
async fn a_network_traversal_token_names_no_servers() {
    let opened = open().await;
    let body = create(&opened, "Tokens", &[("Ttl", "3600")]).await;
    let fields = [
        "account_sid",
        "date_created",
        "date_updated",
        "ice_servers",
        "password",
        "ttl",
        "username",
    ];
    assert_eq!(keys(&body), fields);
    assert_eq!((&body["ttl"], &body["ice_servers"]), (&"3600".into(), &json!([])));
    assert_eq!(create(&opened, "Tokens", &[]).await["ttl"], "86400");
    for ttl in ["0", "86401", "soon"] {
        let got = opened.call("POST", &of_account("Tokens"), &[("Ttl", ttl)]).await;
        refused(ttl, got, (400, 20_422));
    }
    opened.finish().await;
}
