//! Alerts of monitor/v1, under all the doors that lead to them.

use super::{refused, text};
use crate::asker;
use crate::support::{Opened, open};
use exchange::alerts::{Alert, RequestRecord};
use exchange::sid::AlertSid;
use serde_json::{Value, json};
use store::{Change, Write};

/// Puts an alert into the house, `age_hours` old.
async fn raise(opened: &Opened, code: u32, age_hours: i64) -> AlertSid {
    let sid = opened.house.alert_sid();
    let alert = Alert {
        sid,
        account: opened.sid,
        resource: None,
        code,
        level: exchange::alerts::codes::level(code),
        text: "Msg=x".into(),
        request: Some(RequestRecord {
            method: "POST".into(),
            url: "http://example.com/sms".into(),
            variables: "Body=hi".into(),
            headers: "Host: example.com".into(),
            response_status: 500,
            response_headers: "Server: x".into(),
            response_body: "oops".into(),
        }),
        created: opened.house.now() - jiff::SignedDuration::from_hours(age_hours),
    };
    opened.house.save(Change::one(Write::InsertAlert(Box::new(alert)))).await.expect("saved");
    sid
}

fn codes(body: &Value) -> Vec<String> {
    body["alerts"].as_array().expect("a list").iter().map(|one| text(one, "error_code")).collect()
}

#[tokio::test]
async fn alerts_are_filtered_by_level_and_time() {
    let opened = open().await;
    raise(&opened, 11_200, 72).await;
    raise(&opened, 12_200, 48).await;
    raise(&opened, 12_100, 1).await;
    let hours_ago = |hours| {
        let time = opened.house.now() - jiff::SignedDuration::from_hours(hours);
        time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    };
    let (two_days, three_days) = (hours_ago(50), hours_ago(71));
    for (filter, expected) in [
        (vec![], vec!["12100", "12200", "11200"]),
        (vec![("LogLevel", "error")], vec!["12100", "11200"]),
        (vec![("LogLevel", "warning")], vec!["12200"]),
        (vec![("LogLevel", "debug")], vec![]),
        (vec![("StartDate", two_days.as_str())], vec!["12100", "12200"]),
        (vec![("EndDate", two_days.as_str())], vec!["11200"]),
        (vec![("StartDate", three_days.as_str()), ("EndDate", two_days.as_str())], vec![]),
    ] {
        let (status, body) = opened.call("GET", "/monitor/v1/Alerts", &filter).await;
        assert_eq!(
            (status, codes(&body)),
            (200, expected.iter().map(|c| c.to_string()).collect()),
            "{filter:?}"
        );
    }
    for filter in [("LogLevel", "loud"), ("StartDate", "today")] {
        let answer = opened.call("GET", "/monitor/v1/Alerts", &[filter]).await;
        refused(&format!("{filter:?}"), answer, (400, 20_422));
    }
}

#[tokio::test]
async fn a_fetch_shows_the_request_that_a_list_leaves_out() {
    let opened = open().await;
    let sid = raise(&opened, 11_200, 0).await;
    let (_, list) = opened.call("GET", "/monitor/v1/Alerts", &[]).await;
    assert!(list["alerts"][0].get("response_body").is_none());
    let (status, body) = opened.call("GET", &format!("/monitor/v1/Alerts/{sid}"), &[]).await;
    assert_eq!(status, 200);
    for (name, value) in [
        ("log_level", "error"),
        ("error_code", "11200"),
        ("request_method", "POST"),
        ("request_url", "http://example.com/sms"),
        ("request_variables", "Body=hi"),
        ("request_headers", "Host: example.com"),
        ("response_headers", "Server: x"),
        ("response_body", "oops"),
        ("url", &format!("http://localhost/monitor/v1/Alerts/{sid}")),
    ] {
        assert_eq!(body[name], json!(value), "{name}");
    }
    let other = format!("/monitor/v1/Alerts/NO{:032}", 0);
    refused("unknown", opened.call("GET", &other, &[]).await, (404, 20_404));
}

#[tokio::test]
async fn a_page_s_links_lead_back_to_the_door_it_was_asked_at() {
    let opened = open().await;
    for _ in 0..3 {
        raise(&opened, 11_200, 0).await;
    }
    let auth = asker::basic(opened.sid.as_str(), &opened.token);
    for (host, path) in [
        ("monitor.twilio.com", "/v1/Alerts"),
        ("monitor.dublin.ie1.twilio.com", "/v1/Alerts"),
        ("house.example:4665", "/monitor/v1/Alerts"),
        ("house.example:4665", "/v1/Alerts"),
    ] {
        let mut next = format!("{path}?PageSize=2");
        let mut count = 0;
        for _ in 0..3 {
            let head =
                format!("GET {next} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{auth}\r\n");
            let body =
                asker::exchange(&opened.url, head.as_bytes()).await.expect("an answer").json();
            count += body["alerts"].as_array().map_or(0, Vec::len);
            let first = text(&body["meta"], "first_page_url");
            assert_eq!(first, format!("http://{host}{path}?PageSize=2&Page=0"));
            match body["meta"]["next_page_url"].as_str() {
                Some(url) => next = url.replace(&format!("http://{host}"), ""),
                None => break,
            }
        }
        assert_eq!(count, 3, "{host} {path}");
    }
}
