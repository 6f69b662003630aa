//! Numbers are bought, configured, moved and released; applications are shared by them.

use super::{create, of_account, refused, text};
use crate::support::{Opened, open};
use serde_json::Value;

async fn buy(opened: &Opened, form: &[(&str, &str)]) -> (u16, Value) {
    opened.call("POST", &of_account("IncomingPhoneNumbers"), form).await
}

fn one(number: &Value) -> String {
    of_account(&format!("IncomingPhoneNumbers/{}", text(number, "sid")))
}

#[tokio::test]
async fn a_number_is_bought_by_itself_or_by_area_code_once() {
    let opened = open().await;
    let (status, body) = buy(&opened, &[("PhoneNumber", "(415) 555-0123")]).await;
    assert_eq!(status, 201, "{body}");
    assert_eq!(body["phone_number"], "+14155550123");
    assert_eq!(body["friendly_name"], "(415) 555-0123");
    assert_eq!((&body["sms_url"], &body["sms_method"]), (&"".into(), &"POST".into()));
    assert_eq!(body["type"], "local");
    refused("twice", buy(&opened, &[("PhoneNumber", "+14155550123")]).await, (400, 21_422));
    let (_, first) = buy(&opened, &[("AreaCode", "628")]).await;
    let (_, second) = buy(&opened, &[("AreaCode", "628")]).await;
    assert_eq!(first["phone_number"], "+16285550100");
    assert_eq!(second["phone_number"], "+16285550101");
}

#[tokio::test]
async fn magic_numbers_answer_as_documented_with_every_credential() {
    let opened = open().await;
    for (form, expected) in [
        (("PhoneNumber", "+15005550000"), (400, 21_422)),
        (("PhoneNumber", "+15005550001"), (400, 21_421)),
        (("AreaCode", "533"), (400, 21_452)),
        (("AreaCode", "1"), (400, 21_451)),
        (("PhoneNumber", "none"), (400, 21_421)),
        (("FriendlyName", "no number"), (400, 21_421)),
    ] {
        refused(&format!("{form:?}"), buy(&opened, &[form]).await, expected);
    }
    // Again and again: test suites do.
    for form in [("PhoneNumber", "+15005550006"), ("AreaCode", "500")] {
        let (status, body) = buy(&opened, &[form]).await;
        assert_eq!((status, body["phone_number"].as_str()), (201, Some("+15005550006")), "{body}");
    }
}

#[tokio::test]
async fn lists_of_kinds_have_their_own_numbers() {
    let opened = open().await;
    for (kind, number, status) in [
        ("TollFree", "+18005550199", 201),
        ("Local", "+13125550101", 201),
        ("Mobile", "+447700900123", 201),
        ("TollFree", "+13125550102", 400),
        ("Local", "+18005550198", 400),
    ] {
        let path = of_account(&format!("IncomingPhoneNumbers/{kind}"));
        let (found, body) = opened.call("POST", &path, &[("PhoneNumber", number)]).await;
        assert_eq!(found, status, "{kind} {number}: {body}");
        assert!(body.get("type").is_none(), "{body}");
    }
    let numbers = |body: &Value| -> Vec<String> {
        let list = body["incoming_phone_numbers"].as_array().expect("a list");
        list.iter().map(|number| text(number, "phone_number")).collect()
    };
    for (path, filter, expected) in [
        ("/TollFree", ("Beta", "false"), vec!["+18005550199"]),
        ("/Mobile", ("Origin", "twilio"), vec!["+447700900123"]),
        ("/Local", ("PhoneNumber", "312"), vec!["+13125550101"]),
        ("", ("PhoneNumber", "+1***5550101"), vec!["+13125550101"]),
        ("", ("PhoneNumber", "555*1*9"), vec!["+18005550199"]),
        ("", ("FriendlyName", "(312) 555-0101"), vec!["+13125550101"]),
        ("", ("Beta", "true"), vec![]),
        ("", ("Origin", "hosted"), vec![]),
        ("", ("PhoneNumber", "xyz"), vec![]),
        ("", ("PhoneNumber", "312x"), vec![]),
        ("", ("PhoneNumber", "-"), vec![]),
        ("", ("PhoneNumber", "(312) 555-01"), vec!["+13125550101"]),
    ] {
        let path = of_account(&format!("IncomingPhoneNumbers{path}"));
        let (_, body) = opened.call("GET", &path, &[filter]).await;
        assert_eq!(numbers(&body), expected, "{path} {filter:?}");
    }
}

#[tokio::test]
async fn an_update_changes_what_it_names_and_a_refused_one_nothing() {
    let opened = open().await;
    let application = create(&opened, "Applications", &[("FriendlyName", "shared")]).await;
    let application = text(&application, "sid");
    let (_, number) =
        buy(&opened, &[("AreaCode", "415"), ("SmsUrl", "https://example.com/a")]).await;
    let path = one(&number);
    let form = [
        ("SmsMethod", "GET"),
        ("SmsFallbackUrl", "https://example.com/b"),
        ("VoiceApplicationSid", application.as_str()),
        ("FriendlyName", "Front desk"),
        ("SomethingElse", "is ignored"),
    ];
    let (status, body) = opened.call("POST", &path, &form).await;
    assert_eq!(status, 200, "{body}");
    let (_, fetched) = opened.call("GET", &path, &[]).await;
    assert_eq!(body, fetched);
    for (name, value) in [
        ("sms_url", "https://example.com/a"),
        ("sms_method", "GET"),
        ("sms_fallback_url", "https://example.com/b"),
        ("voice_application_sid", application.as_str()),
        ("friendly_name", "Front desk"),
    ] {
        assert_eq!(fetched[name], value, "{name}");
    }
    for (form, expected) in [
        (("VoiceUrl", "not a url"), (400, 21_402)),
        (("SmsMethod", "PUT"), (400, 21_403)),
        (("VoiceFallbackUrl", "https://example.com/"), (400, 21_405)),
        (("StatusCallback", "nope"), (400, 21_502)),
        (("SmsApplicationSid", "AP00000000000000000000000000000000"), (400, 21_218)),
        (("AccountSid", "AC00000000000000000000000000000000"), (400, 21_471)),
        (("AccountSid", "me"), (400, 21_470)),
    ] {
        let both = [("FriendlyName", "changed"), form];
        refused(&format!("{form:?}"), opened.call("POST", &path, &both).await, expected);
    }
    assert_eq!(opened.call("GET", &path, &[]).await.1, fetched);
    assert_eq!(opened.ask("DELETE", &path, &[]).await.status, 204);
    refused("released", opened.call("GET", &path, &[]).await, (404, 20_404));
    refused("released", opened.call("DELETE", &path, &[]).await, (404, 20_404));
    let again = text(&number, "phone_number");
    assert_eq!(buy(&opened, &[("PhoneNumber", &again)]).await.0, 201);
}

#[tokio::test]
async fn a_number_moves_inside_the_family_by_the_parent() {
    let opened = open().await;
    let (_, sub) = opened.call("POST", "/2010-04-01/Accounts.json", &[]).await;
    let (sid, token) = (text(&sub, "sid"), text(&sub, "auth_token"));
    let (_, number) = buy(&opened, &[("AreaCode", "415")]).await;
    let (status, moved) = opened.call("POST", &one(&number), &[("AccountSid", &sid)]).await;
    assert_eq!((status, moved["account_sid"].as_str()), (200, Some(sid.as_str())), "{moved}");
    refused("where it was", opened.call("GET", &one(&number), &[]).await, (404, 20_404));
    let there =
        format!("/2010-04-01/Accounts/{sid}/IncomingPhoneNumbers/{}.json", text(&number, "sid"));
    let back = [("AccountSid", opened.sid.as_str())];
    let by_sub = super::ask_as(&opened, (&sid, &token), ("POST", &there), &back).await;
    refused("by the subaccount", (by_sub.status, by_sub.json()), (403, 21_474));
    assert_eq!(opened.call("POST", &there, &back).await.0, 200);
    // An application of one account is not another's.
    let application = create(&opened, "Applications", &[]).await;
    let form = [("AccountSid", sid.as_str()), ("SmsApplicationSid", &text(&application, "sid"))];
    refused("application", opened.call("POST", &one(&number), &form).await, (400, 21_420));
}

#[tokio::test]
async fn an_application_is_made_changed_listed_and_deleted() {
    let opened = open().await;
    let form = [
        ("FriendlyName", "Ordering"),
        ("SmsUrl", "https://example.com/sms"),
        ("SmsMethod", "GET"),
        ("MessageStatusCallback", "https://example.com/status"),
        ("VoiceCallerIdLookup", "true"),
    ];
    let made = create(&opened, "Applications", &form).await;
    assert_eq!(made["sms_method"], "GET");
    assert_eq!(made["voice_caller_id_lookup"], true);
    assert_eq!(made["voice_url"], Value::Null);
    create(&opened, "Applications", &[("FriendlyName", "Other")]).await;
    let filter = [("FriendlyName", "Ordering")];
    let (_, list) = opened.call("GET", &of_account("Applications"), &filter).await;
    assert_eq!(list["applications"], serde_json::json!([made]));
    let path = of_account(&format!("Applications/{}", text(&made, "sid")));
    let (status, body) = opened.call("POST", &path, &[("SmsUrl", ""), ("SmsMethod", "")]).await;
    assert_eq!(
        (status, &body["sms_url"], body["sms_method"].as_str()),
        (200, &Value::Null, Some("POST"))
    );
    for (form, expected) in [
        (("SmsFallbackUrl", "https://example.com/"), (400, 21_406)),
        (("SmsStatusCallback", "nope"), (400, 21_502)),
        (("VoiceUrl", "javascript:1"), (400, 21_402)),
    ] {
        refused(&format!("{form:?}"), opened.call("POST", &path, &[form]).await, expected);
    }
    assert_eq!(opened.ask("DELETE", &path, &[]).await.status, 204);
    refused("deleted", opened.call("POST", &path, &[]).await, (404, 20_404));
}

#[tokio::test]
async fn updates_of_one_number_at_once_all_succeed() {
    let opened = open().await;
    let (_, listed) =
        opened.call("GET", "/2010-04-01/Accounts/{AC}/IncomingPhoneNumbers.json", &[]).await;
    let sid = listed["incoming_phone_numbers"][0]["sid"].as_str().expect("a number").to_owned();
    let path = format!("/2010-04-01/Accounts/{{AC}}/IncomingPhoneNumbers/{sid}.json");
    let names: Vec<String> = (0..40).map(|n| format!("n{n}")).collect();
    let update = |name| {
        let (opened, path) = (&opened, &path);
        async move { opened.call("POST", path, &[("FriendlyName", name)]).await.0 }
    };
    let mut statuses = Vec::new();
    for eight in names.chunks(8) {
        let (a, b, c, d, e, f, g, h) = tokio::join!(
            update(&eight[0]),
            update(&eight[1]),
            update(&eight[2]),
            update(&eight[3]),
            update(&eight[4]),
            update(&eight[5]),
            update(&eight[6]),
            update(&eight[7])
        );
        statuses.extend([a, b, c, d, e, f, g, h]);
    }
    assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
}
