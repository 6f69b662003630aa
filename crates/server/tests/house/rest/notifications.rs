//! Notifications: the alerts of an account and of a call, in the older shape.

use super::{ask_as, busy_call, of_account, refused, text};
use crate::support::{Opened, open};
use exchange::alerts::codes;
use exchange::alerts::{Alert, RequestRecord};
use exchange::sid::Sid;
use serde_json::Value;
use store::{Change, Write};

async fn raise(opened: &Opened, code: u32, resource: Option<&str>) -> String {
    let alert = Alert {
        sid: opened.house.alert_sid(),
        account: opened.sid,
        resource: resource.and_then(Sid::parse),
        code,
        level: codes::level(code),
        text: format!("Msg=m&ErrorCode={code}"),
        request: Some(RequestRecord {
            method: "POST".into(),
            url: "https://app.example/voice".into(),
            variables: "CallSid=1".into(),
            response_status: 500,
            response_body: "oh".into(),
            ..RequestRecord::default()
        }),
        created: opened.house.now(),
    };
    let sid = alert.sid.to_string();
    opened.house.save(Change::one(Write::InsertAlert(Box::new(alert)))).await.expect("saved");
    sid
}

#[tokio::test]
async fn they_are_listed_by_level_date_and_call() {
    let opened = open().await;
    let call = text(&busy_call(&opened).await, "sid");
    let error = raise(&opened, 11_200, Some(&call)).await;
    let warning = raise(&opened, 12_200, Some(&call)).await;
    let other = raise(&opened, 11_750, None).await;
    let of_call = format!("Calls/{call}/Notifications");
    for (list, filter, found) in [
        ("Notifications", vec![], vec![&other, &warning, &error]),
        ("Notifications", vec![("Log", "0")], vec![&other, &error]),
        ("Notifications", vec![("Log", "1")], vec![&warning]),
        ("Notifications", vec![("MessageDate<", "2000-01-01")], vec![]),
        ("Notifications", vec![("MessageDate>", "2000-01-01"), ("PageSize", "1")], vec![&other]),
        (&of_call, vec![], vec![&warning, &error]),
        (&of_call, vec![("Log", "1")], vec![&warning]),
    ] {
        let (status, body) = opened.call("GET", &of_account(list), &filter).await;
        assert_eq!(status, 200, "{body}");
        let all = body["notifications"].as_array().expect("a list");
        let sids: Vec<&str> = all.iter().filter_map(|one| one["sid"].as_str()).collect();
        assert_eq!(sids, found, "{list} {filter:?}");
    }
    for filter in [("Log", "2"), ("MessageDate", "once")] {
        let answer = opened.call("GET", &of_account("Notifications"), &[filter]).await;
        refused(filter.0, answer, (400, 20_422));
    }
    let path = of_account(&format!("{of_call}/{other}"));
    refused("another's", opened.call("GET", &path, &[]).await, (404, 20_404));
    let (_, one) = opened.call("GET", &of_account(&format!("{of_call}/{warning}")), &[]).await;
    for (name, value) in [
        ("log", "1"),
        ("error_code", "12200"),
        ("call_sid", call.as_str()),
        ("request_method", "POST"),
        ("request_url", "https://app.example/voice"),
        ("request_variables", "CallSid=1"),
        ("response_body", "oh"),
        ("more_info", "https://www.twilio.com/docs/errors/12200"),
        ("message_text", "Msg=m&ErrorCode=12200"),
    ] {
        assert_eq!(one[name], value, "{name}");
    }
    let (_, one) = opened.call("GET", &of_account(&format!("Notifications/{other}")), &[]).await;
    assert_eq!(one["call_sid"], Value::Null);
    let (_, sub) = opened.call("POST", "/2010-04-01/Accounts.json", &[]).await;
    let (sid, token) = (text(&sub, "sid"), text(&sub, "auth_token"));
    let path = format!("/2010-04-01/Accounts/{sid}/Notifications/{other}.json");
    let got = ask_as(&opened, (&sid, &token), ("GET", &path), &[]).await;
    refused("another account's", (got.status, got.json()), (404, 20_404));
}
