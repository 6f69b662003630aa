//! Messaging Services and their senders by `messaging/v1`.

use super::{ask_as, create, refused, text};
use crate::pools::service;
use crate::support::{NUMBER, Opened, open};
use serde_json::{Value, json};

const LIST: &str = "/messaging/v1/Services";

fn number(opened: &Opened, at: &str) -> String {
    opened.house.store.number_at(at).expect("readable").expect("there").sid.to_string()
}

#[tokio::test]
async fn a_service_is_made_with_defaults_changed_in_part_and_deleted() {
    let opened = open().await;
    refused("no name", opened.call("POST", LIST, &[]).await, (400, 20_001));
    let (status, made) = opened.call("POST", LIST, &[("FriendlyName", "Shop")]).await;
    assert_eq!(status, 201, "{made}");
    for (name, value) in [
        ("inbound_request_url", Value::Null),
        ("inbound_method", "POST".into()),
        ("fallback_method", "POST".into()),
        ("status_callback", Value::Null),
        ("sticky_sender", true.into()),
        ("smart_encoding", true.into()),
        ("area_code_geomatch", true.into()),
        ("synchronous_validation", false.into()),
        ("scan_message_content", "inherit".into()),
        ("validity_period", 36_000.into()),
        ("usecase", "undeclared".into()),
        ("us_app_to_person_registered", false.into()),
        ("use_inbound_webhook_on_number", false.into()),
    ] {
        assert_eq!(made[name], value, "{name}");
    }
    let sid = text(&made, "sid");
    let url = text(&made, "url");
    assert_eq!(url, format!("http://localhost{LIST}/{sid}"), "on the host that was asked");
    assert_eq!(made["links"]["phone_numbers"], format!("{url}/PhoneNumbers"));
    let path = format!("{LIST}/{sid}");
    let form = [("InboundRequestUrl", "http://h/in"), ("StickySender", "false")];
    let (status, changed) = opened.call("POST", &path, &form).await;
    assert_eq!((status, &changed["sticky_sender"]), (200, &false.into()), "{changed}");
    assert_eq!((&changed["friendly_name"], &changed["url"]), (&"Shop".into(), &url.into()));
    refused("a URL", opened.call("POST", &path, &[("FallbackUrl", "x")]).await, (400, 21_402));
    let (_, shown) = opened.call("GET", &path, &[]).await;
    assert_eq!(shown, changed);
    assert_eq!(opened.ask("DELETE", &path, &[]).await.status, 204);
    refused("gone", opened.call("GET", &path, &[]).await, (404, 20_404));
    opened.finish().await;
}

#[tokio::test]
async fn a_number_is_in_one_service_once_until_it_leaves() {
    let opened = open().await;
    let shop = service(&opened, &[], &[NUMBER]).await;
    let other = service(&opened, &[], &[]).await;
    let pn = number(&opened, NUMBER);
    let numbers = |service: &str| format!("{LIST}/{service}/PhoneNumbers");
    let add = |service: &str| {
        let (path, pn) = (numbers(service), pn.clone());
        let opened = &opened;
        async move { opened.call("POST", &path, &[("PhoneNumberSid", &pn)]).await }
    };
    refused("twice", add(&shop).await, (409, 21_710));
    refused("in another", add(&other).await, (409, 21_712));
    let unknown = [("PhoneNumberSid", "PN00000000000000000000000000000001")];
    refused("none", opened.call("POST", &numbers(&shop), &[]).await, (400, 20_001));
    refused("unknown", opened.call("POST", &numbers(&shop), &unknown).await, (400, 21_711));
    let bad = [("PhoneNumberSid", "PN1")];
    refused("no sid", opened.call("POST", &numbers(&shop), &bad).await, (400, 20_423));
    let one = format!("{}/{pn}", numbers(&shop));
    let (status, shown) = opened.call("GET", &one, &[]).await;
    assert_eq!((status, &shown["phone_number"]), (200, &NUMBER.into()), "{shown}");
    assert_eq!(shown["country_code"], "US");
    let elsewhere = format!("{}/{pn}", numbers(&other));
    refused("not there", opened.call("GET", &elsewhere, &[]).await, (404, 20_404));
    refused("not there", opened.call("DELETE", &elsewhere, &[]).await, (404, 20_404));
    assert_eq!(opened.ask("DELETE", &one, &[]).await.status, 204);
    assert_eq!(add(&other).await.0, 201);
    // Its service goes, and the number is free.
    assert_eq!(opened.ask("DELETE", &format!("{LIST}/{other}"), &[]).await.status, 204);
    assert_eq!(add(&shop).await.0, 201);

    let alpha = format!("{LIST}/{shop}/AlphaSenders");
    let (status, made) = opened.call("POST", &alpha, &[("AlphaSender", "Bakery")]).await;
    assert_eq!((status, &made["alpha_sender"]), (201, &"Bakery".into()), "{made}");
    let again = opened.call("POST", &alpha, &[("AlphaSender", "BAKERY")]).await;
    refused("twice", again, (409, 21_710));
    let bad = opened.call("POST", &alpha, &[("AlphaSender", "12345")]).await;
    refused("digits", bad, (400, 21_657));
    let one = format!("{alpha}/{}", text(&made, "sid"));
    let wrong_list = format!("{}/{}", numbers(&shop), text(&made, "sid"));
    refused("of another kind", opened.call("GET", &wrong_list, &[]).await, (404, 20_404));
    assert_eq!(opened.ask("DELETE", &one, &[]).await.status, 204);
    let short = format!("{LIST}/{shop}/ShortCodes");
    let (_, list) = opened.call("GET", &short, &[]).await;
    assert_eq!(list["short_codes"], json!([]));
    opened.finish().await;
}

#[tokio::test]
async fn services_and_senders_are_paged_one_by_one_on_the_askers_host() {
    let opened = open().await;
    let mut sids = Vec::new();
    for _ in 0..3 {
        sids.push(service(&opened, &[], &[]).await);
    }
    sids.reverse();
    let mut senders = Vec::new();
    for name in ["One", "Two", "Three"] {
        let path = format!("{LIST}/{}/AlphaSenders", sids[0]);
        let (_, made) = opened.call("POST", &path, &[("AlphaSender", name)]).await;
        senders.push(text(&made, "sid"));
    }
    senders.reverse();
    let lists = [
        (LIST.to_owned(), "services", sids.clone()),
        (format!("{LIST}/{}/AlphaSenders", sids[0]), "alpha_senders", senders),
    ];
    for (path, key, expected) in lists {
        let mut found = Vec::new();
        let mut next = format!("{path}?PageSize=1");
        loop {
            let (_, page) = opened.call("GET", &next, &[]).await;
            assert_eq!(page["meta"]["key"], key);
            let items = page[key].as_array().expect("a list");
            assert_eq!(items.len(), 1, "{page}");
            found.push(text(&items[0], "sid"));
            let Some(url) = page["meta"]["next_page_url"].as_str() else { break };
            next = url.strip_prefix("http://localhost").expect("our own host").to_owned();
        }
        assert_eq!(found, expected, "{key}");
    }
    // As a bare path, too.
    let (_, bare) = opened.call("GET", "/v1/Services", &[("PageSize", "2")]).await;
    let url = text(&bare["services"][0], "url");
    assert_eq!(url, format!("http://localhost/v1/Services/{}", sids[0]));
    opened.finish().await;
}

#[tokio::test]
async fn another_account_sees_nothing_of_a_service() {
    let opened = open().await;
    let sid = service(&opened, &[], &[NUMBER]).await;
    let (_, sub) = opened.call("POST", "/2010-04-01/Accounts.json", &[]).await;
    let (user, token) = (text(&sub, "sid"), text(&sub, "auth_token"));
    let pn = number(&opened, NUMBER);
    let one = format!("{LIST}/{sid}");
    for (method, path) in [
        ("GET", one.clone()),
        ("POST", one.clone()),
        ("DELETE", one.clone()),
        ("GET", format!("{one}/PhoneNumbers")),
        ("POST", format!("{one}/AlphaSenders")),
        ("DELETE", format!("{one}/PhoneNumbers/{pn}")),
        ("POST", format!("/offhook/v1/Services/{sid}")),
    ] {
        let form = [("AlphaSender", "Bakery"), ("FriendlyName", "theirs")];
        let got = ask_as(&opened, (&user, &token), (method, &path), &form).await;
        refused(&format!("{method} {path}"), (got.status, got.json()), (404, 20_404));
    }
    let got = ask_as(&opened, (&user, &token), ("GET", LIST), &[]).await;
    assert_eq!(got.json()["services"], json!([]));
    let form = [("To", "+12025550199"), ("MessagingServiceSid", sid.as_str()), ("Body", "x")];
    let path = format!("/2010-04-01/Accounts/{user}/Messages.json");
    let got = ask_as(&opened, (&user, &token), ("POST", &path), &form).await;
    refused("sending", (got.status, got.json()), (404, 21_701));
    // A number that moves away leaves.
    let path = format!("IncomingPhoneNumbers/{pn}");
    let moved = opened.call("POST", &super::of_account(&path), &[("AccountSid", &user)]).await;
    assert_eq!(moved.0, 200, "{}", moved.1);
    let (_, list) = opened.call("GET", &format!("{one}/PhoneNumbers"), &[]).await;
    assert_eq!(list["phone_numbers"], json!([]));
    create(&opened, "Keys", &[]).await;
    opened.finish().await;
}
