//! The request log, and sending what is in it again.

use super::{ask_as, keys, subaccount};
use crate::customer::{Gate, Say};
use crate::support::{Opened, open, open_with};
use exchange::accounts::RetryProfile;
use serde_json::Value;

const PATH: &str = "/offhook/v1/Webhooks";

/// The entries of a list.
async fn list(opened: &Opened, filter: &[(&str, &str)]) -> Vec<Value> {
    let (status, list) = opened.call("GET", PATH, filter).await;
    assert_eq!(status, 200, "{list}");
    list["webhooks"].as_array().expect("a list").clone()
}

#[tokio::test]
async fn an_entry_says_what_was_sent_what_came_back_and_what_is_wrong_with_it() {
    let mut opened = open().await;
    opened.point(&opened.customer.url("/moved")).await;
    opened.customer.on("/moved", [Say::redirect(307, "/sms?x=1")]);
    let document = "<Response>\n<Message bogus=\"1\">Hi</Message></Response>";
    opened
        .customer
        .on("/sms", [Say::twiml(document).header("Set-Cookie", "a=1").header("Set-Cookie", "b=2")]);
    let sid = opened.text("hello").await;
    let (first, last) = (opened.heard().await, opened.heard().await);
    opened.quiet().await;
    let entries = list(&opened, &[("ResourceSid", sid.as_str())]).await;
    assert_eq!(entries.len(), 1, "{entries:#?}");
    let entry = &entries[0];
    let contract = [
        "account_sid",
        "attempts",
        "date_created",
        "due",
        "fallback_url",
        "headers",
        "idempotency_token",
        "kind",
        "late",
        "method",
        "parameters",
        "problems",
        "purpose",
        "resource_sid",
        "response",
        "sid",
        "status",
        "url",
    ];
    assert_eq!(keys(entry), contract);
    for (name, value) in [
        ("kind", "ask"),
        ("purpose", "inbound-message"),
        ("status", "done"),
        ("resource_sid", sid.as_str()),
        ("method", "POST"),
        ("url", &opened.customer.url("/moved")),
        ("idempotency_token", &first.token()),
        ("account_sid", opened.sid.as_str()),
    ] {
        assert_eq!(entry[name], value, "{name}");
    }
    assert_eq!((&entry["late"], &entry["fallback_url"]), (&false.into(), &Value::Null));
    for (name, value) in first.form().iter() {
        assert_eq!(entry["parameters"][name], value, "{name}");
    }
    let attempts = entry["attempts"].as_array().expect("a list");
    let whys: Vec<_> = attempts.iter().map(|attempt| &attempt["why"]).collect();
    assert_eq!(whys, ["first", "redirect"]);
    let contract = [
        "connect_ms",
        "duration_ms",
        "error",
        "first_byte_ms",
        "method",
        "remote_address",
        "request_headers",
        "response_headers",
        "started_at",
        "status",
        "url",
        "why",
    ];
    assert_eq!(keys(&attempts[1]), contract);
    assert_eq!(attempts[0]["status"], 307);
    assert_eq!(attempts[1]["url"], opened.customer.url("/sms?x=1"));
    assert_eq!(attempts[1]["remote_address"], opened.customer.address.to_string());
    let signature = last.header("X-Twilio-Signature").expect("signed");
    assert_eq!(entry["headers"]["X-Twilio-Signature"], signature, "as in the last attempt");
    let cookies: Value = ["a=1", "b=2"].into_iter().map(Value::from).collect();
    assert_eq!(entry["response"]["headers"]["set-cookie"], cookies, "{entry:#}");
    assert_eq!(entry["response"]["body"], document);
    assert_eq!(
        (&entry["response"]["status"], &entry["response"]["truncated"]),
        (&200.into(), &false.into())
    );
    let problem = &entry["problems"][0];
    assert_eq!(
        (&problem["code"], &problem["line"], &problem["column"]),
        (&12_200.into(), &2.into(), &10.into())
    );
    assert_eq!(problem["level"], "warning");

    let one = format!("{PATH}/{}", entry["sid"].as_str().expect("a sid"));
    assert_eq!(&opened.call("GET", &one, &[]).await.1, entry);
    opened.finish().await;
}

#[tokio::test]
async fn the_log_is_found_by_resource_status_and_kind_newest_first() {
    let mut opened = open().await;
    opened.customer.on("/sms", [Say::status(200), Say::status(500)]);
    opened.customer.on("/status", [Say::status(200)]);
    let (well, ill) = (opened.text("well").await, opened.text("ill").await);
    opened.heard().await;
    opened.heard().await;
    let told = opened.send_told("told").await;
    opened.heard().await;
    opened.heard().await;
    opened.quiet().await;
    let resources = |entries: &[Value]| -> Vec<String> {
        entries.iter().map(|one| one["resource_sid"].as_str().expect("a sid").to_owned()).collect()
    };
    let newest_first = [told.as_str(), told.as_str(), ill.as_str(), well.as_str()];
    assert_eq!(resources(&list(&opened, &[]).await), newest_first);
    for (filter, found) in [
        (&[("Kind", "tell")][..], &newest_first[..2]),
        (&[("Kind", "ask"), ("Status", "done")], &[well.as_str()]),
        (&[("Status", "failed")], &[ill.as_str()]),
        (&[("Status", "waiting")], &[]),
        (&[("Status", "running")], &[]),
        (&[("Status", "dead")], &[]),
        (&[("ResourceSid", ill.as_str()), ("Status", "failed"), ("Kind", "ask")], &[ill.as_str()]),
    ] {
        assert_eq!(resources(&list(&opened, filter).await), found, "{filter:?}");
    }
    // Page by page it is the same list, filters and all.
    let mut next = format!("{PATH}?Kind=tell&PageSize=1");
    let mut walked = Vec::new();
    while !next.is_empty() {
        let (_, page) = opened.call("GET", &next, &[]).await;
        walked.extend(page["webhooks"].as_array().expect("a list").iter().cloned());
        let url = page["meta"]["next_page_url"].as_str().unwrap_or_default();
        next = url.trim_start_matches("http://localhost").to_owned();
    }
    assert_eq!(resources(&walked), newest_first[..2]);
    for (name, value, code) in [
        ("Status", "lost", 20_422),
        ("Kind", "shout", 20_422),
        ("ResourceSid", "SM1", 20_423),
        ("PageToken", "PAWH00000000000000000000000000000000", 21_481),
    ] {
        let (status, refused) = opened.call("GET", PATH, &[(name, value)]).await;
        assert_eq!((status, &refused["code"]), (400, &code.into()), "{name} {refused}");
    }
    let (_, page) = opened.call("GET", PATH, &[("PageSize", "1000")]).await;
    assert_eq!(page["meta"]["page_size"], 100);
    opened.finish().await;
}

#[tokio::test]
async fn what_is_on_its_way_is_running_and_what_is_behind_it_waits() {
    let mut opened = open().await;
    let gate = Gate::new();
    opened.customer.on("/status", [Say::status(200).behind(&gate)]);
    let sid = opened.send_told("slow").await;
    opened.heard_on("/status").await;
    let running = list(&opened, &[("Status", "running")]).await;
    assert_eq!(running.len(), 1, "{running:#?}");
    assert_eq!(
        (&running[0]["status"], &running[0]["attempts"]),
        (&"running".into(), &Value::Array(Vec::new()))
    );
    assert_eq!(running[0]["response"], Value::Null);
    assert_eq!(running[0]["parameters"]["MessageStatus"], "sent");
    let waiting = list(&opened, &[("Status", "waiting"), ("ResourceSid", sid.as_str())]).await;
    assert_eq!(waiting.len(), 1, "{waiting:#?}");
    assert_eq!(waiting[0]["parameters"]["MessageStatus"], "delivered");
    gate.open();
    opened.heard_on("/status").await;
    opened.finish().await;
}

#[tokio::test]
async fn a_replay_is_signed_anew_and_nothing_follows_from_it() {
    let mut opened = open().await;
    opened.customer.on("/sms", [Say::verbs("<Message>Hi</Message>")]);
    opened.customer.on("/other", [Say::twiml("no XML at all")]);
    let sid = opened.text("hello").await;
    let first = opened.heard().await;
    opened.quiet().await;
    let before = (opened.messages().len(), opened.alerts().len());
    let entry = list(&opened, &[("ResourceSid", sid.as_str())]).await.remove(0);
    let path = format!("{PATH}/{}/Replay", entry["sid"].as_str().expect("a sid"));

    let (status, again) = opened.call("POST", &path, &[]).await;
    assert_eq!((status, &again["purpose"]), (201, &"replay".into()), "{again}");
    assert_ne!(again["sid"], entry["sid"]);
    // `heard` checks the signature.
    let second = opened.heard().await;
    assert_eq!(second.form(), first.form());
    assert_eq!(second.token(), again["idempotency_token"].as_str().expect("a token"));
    assert_ne!(second.token(), first.token());

    let url = opened.customer.url("/other");
    let form = [
        ("Url", url.as_str()),
        ("Body", "changed"),
        ("NumSegments", ""),
        ("-FromCity", ""),
        ("New", "1"),
    ];
    let (status, _) = opened.call("POST", &path, &form).await;
    assert_eq!(status, 201);
    let third = opened.heard_on("/other").await;
    for (name, value) in [
        ("Body", Some("changed")),
        ("NumSegments", Some("")),
        ("FromCity", None),
        ("New", Some("1")),
        ("Url", None),
    ] {
        assert_eq!(third.get(name).as_deref(), value, "{name}");
    }
    assert_eq!(third.get("MessageSid").as_deref(), Some(sid.as_str()));
    opened.quiet().await;
    assert_eq!((opened.messages().len(), opened.alerts().len()), before, "acted on by nobody");
    let log = list(&opened, &[("ResourceSid", sid.as_str())]).await;
    let purposes: Vec<_> = log.iter().map(|one| &one["purpose"]).collect();
    assert_eq!(purposes, ["replay", "replay", "inbound-message"]);

    let (status, refused) = opened.call("POST", &path, &[("Url", "nowhere")]).await;
    assert_eq!((status, &refused["code"]), (400, &20_422.into()), "{refused}");
    opened.finish().await;
}

#[tokio::test]
async fn tells_that_were_given_up_are_sent_again_with_their_tokens() {
    let mut opened = open().await;
    opened.customer.on("/status", [Say::status(500), Say::status(500), Say::status(200)]);
    opened.customer.on("/sms", [Say::status(500)]);
    opened.send_told("lost").await;
    let lost = [opened.heard().await, opened.heard().await];
    opened.text("an ask that failed").await;
    opened.heard().await;
    opened.quiet().await;
    let path = format!("{PATH}/Replay");
    for (form, found) in [
        (&[("Status", "dead")][..], 0),
        (&[("Status", "failed"), ("ResourceSid", "SM00000000000000000000000000000000")], 0),
        (&[("Status", "failed")], 2),
        (&[("Status", "failed")], 0),
    ] {
        let (status, answer) = opened.call("POST", &path, form).await;
        assert_eq!((status, &answer["count"]), (200, &found.into()), "{form:?} {answer}");
        if found > 0 {
            // Out of any order: each is late.
            let mut again = [opened.heard().await, opened.heard().await];
            again.sort_by_key(|seen| seen.get("MessageStatus") == Some("delivered".into()));
            for (again, lost) in again.iter().zip(&lost) {
                assert_eq!((again.token(), again.form()), (lost.token(), lost.form()));
            }
            opened.quiet().await;
        }
    }
    let done = list(&opened, &[("Kind", "tell"), ("Status", "done")]).await;
    assert_eq!(done.len(), 2);
    assert!(done.iter().all(|one| one["late"] == true), "{done:#?}");
    assert_eq!(done[0]["attempts"].as_array().map(Vec::len), Some(2), "both exchanges are kept");
    for form in [&[][..], &[("Status", "done")], &[("Status", "failed"), ("Kind", "ask")]] {
        let (status, refused) = opened.call("POST", &path, form).await;
        assert_eq!((status, &refused["code"]), (400, &20_422.into()), "{form:?} {refused}");
    }
    opened.finish().await;
}

#[tokio::test]
async fn dead_letters_of_the_durable_profile_are_sent_again() {
    let mut opened = open().await;
    opened.stand_still();
    opened.settings(|settings| settings.retry_profile = RetryProfile::Durable).await;
    opened.handset(&[("OnMessage", "silent")]).await;
    opened.customer.on("/status", [Say::status(503)]);
    opened.send_told("lost").await;
    let token = opened.heard().await.token();
    opened.quiet().await;
    opened.advance(3 * 86_400).await;
    let attempts = opened.customer.unread().len() + 1;
    assert_eq!(list(&opened, &[("Status", "dead")]).await.len(), 1);
    opened.customer.on("/status", [Say::status(200)]);
    let (_, answer) = opened.call("POST", &format!("{PATH}/Replay"), &[("Status", "dead")]).await;
    assert_eq!((&answer["count"], &answer["more"]), (&1.into(), &false.into()));
    assert_eq!(opened.heard().await.token(), token);
    opened.quiet().await;
    let entry = list(&opened, &[]).await.remove(0);
    assert_eq!((&entry["status"], &entry["late"]), (&"done".into(), &true.into()));
    assert_eq!(entry["attempts"].as_array().map(Vec::len), Some(attempts + 1));
    opened.finish().await;
}

#[tokio::test]
async fn webhooks_of_other_accounts_are_not_there() {
    let mut opened = open().await;
    opened.customer.on("/sms", [Say::status(200)]);
    opened.text("hello").await;
    opened.heard().await;
    opened.quiet().await;
    let (other, token) = subaccount(&opened).await;
    let as_other = (other.as_str(), token.as_str());
    let entry = list(&opened, &[]).await.remove(0);
    let path = format!("{PATH}/{}", entry["sid"].as_str().expect("a sid"));
    for (method, path) in [("GET", path.clone()), ("POST", format!("{path}/Replay"))] {
        let got = ask_as(&opened, as_other, (method, &path), &[]).await;
        assert_eq!((got.status, &got.json()["code"]), (404, &20_404.into()), "{method} {path}");
    }
    let none = ask_as(&opened, as_other, ("GET", PATH), &[]).await.json();
    assert_eq!(none["webhooks"], Value::Array(Vec::new()));
    for sid in ["WH00000000000000000000000000000000", "SM1", "Replay"] {
        let (status, _) = opened.call("GET", &format!("{PATH}/{sid}"), &[]).await;
        assert!(status == 404 || status == 405, "{sid} {status}");
    }
    opened.finish().await;
}

#[tokio::test]
async fn a_parents_own_token_reads_the_log_of_its_subaccounts() {
    let mut opened = open().await;
    let (sid, token) = subaccount(&opened).await;
    let (sub, parent) = ((sid.clone(), token), (opened.sid.to_string(), opened.token.clone()));
    let callback = opened.customer.url("/status");
    opened.customer.on("/status", [Say::status(204)]);
    let form = [
        ("To", crate::support::PERSON),
        ("From", "+15005550006"),
        ("Body", "x"),
        ("StatusCallback", &callback),
    ];
    let path = format!("/2010-04-01/Accounts/{sid}/Messages.json");
    assert_eq!(ask_as(&opened, (&sub.0, &sub.1), ("POST", &path), &form).await.status, 201);
    opened.quiet().await;
    opened.customer.unread();
    assert!(list(&opened, &[]).await.is_empty(), "nothing of its own");
    let found = list(&opened, &[("AccountSid", &sid), ("PageSize", "1")]).await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["account_sid"], sid.as_str());
    let one = format!("{PATH}/{}?AccountSid={sid}", found[0]["sid"].as_str().expect("a sid"));
    assert_eq!(opened.call("GET", &one, &[]).await.0, 200);
    assert_eq!(opened.call("GET", one.split('?').next().expect("a path"), &[]).await.0, 404);
    let keys = format!("/2010-04-01/Accounts/{}/Keys.json", parent.0);
    let (_, key) = opened.call("POST", &keys, &[]).await;
    let key = (key["sid"].as_str().expect("a sid"), key["secret"].as_str().expect("a secret"));
    let stranger = format!("AC{:032}", 7);
    for (who, account, status) in [
        ((parent.0.as_str(), parent.1.as_str()), parent.0.as_str(), 200),
        ((&parent.0, &parent.1), stranger.as_str(), 401),
        ((&parent.0, &parent.1), "nonsense", 400),
        (key, &sid, 403),
        (key, &parent.0, 200),
        ((&sub.0, &sub.1), &sid, 200),
        ((&sub.0, &sub.1), &parent.0, 403),
    ] {
        let path = format!("{PATH}?AccountSid={account}");
        let got = ask_as(&opened, who, ("GET", &path), &[]).await;
        assert_eq!(got.status, status, "{who:?} {account}: {}", got.text());
    }
    opened.finish().await;
}

#[tokio::test]
async fn the_log_is_kept_as_long_as_it_was_told_and_what_waits_stays() {
    let mut opened = open_with(|options, _| options.keep_log_days = 2).await;
    opened.stand_still();
    opened.settings(|settings| settings.retry_profile = RetryProfile::Durable).await;
    opened.customer.on("/status", [Say::status(204)]);
    let more = 250;
    for _ in 0..more {
        opened.send_told("old").await;
    }
    opened.quiet().await;
    opened.customer.on("/status", [Say::status(500)]);
    opened.send_told("waits").await;
    opened.quiet().await;
    let clock = async |advance: &str| {
        let form = [("Advance", advance)];
        let (status, moved) = opened.call("POST", "/offhook/v1/Clock", &form).await;
        assert_eq!((status, &moved["stopped_by"]), (200, &"time".into()), "{moved}");
    };
    clock("PT1H").await;
    let before = opened.log();
    assert_eq!(before.len(), 2 * more + 2);
    let last = before.last().expect("rows").webhook.id;
    // A durable tell goes on for about a day; here it is still waiting when the others are old.
    let waiting = before.iter().filter(|entry| entry.status.as_str() == "waiting").count();
    assert_eq!(waiting, 2);
    clock("P2D").await;
    let left = opened.log();
    assert!(left.iter().all(|entry| entry.webhook.id > last - 2), "{left:#?}");
    assert_eq!(left.len(), 2, "it ended less than two days ago");
    assert!(opened.house.store.exchanges(before[0].webhook.id).expect("read").is_empty());
    assert_eq!(opened.messages().len(), more + 1, "messages stay");
    clock("P2D").await;
    assert!(opened.log().is_empty());
    opened.customer.unread();
    // Numbers go on, also over a restart: no sid of before names anything new.
    let mut opened = opened.stop().await.reopen().await;
    opened.customer.on("/status", [Say::status(204)]);
    opened.send_told("new").await;
    opened.quiet().await;
    opened.customer.unread();
    assert!(opened.log().iter().all(|entry| entry.webhook.id > last));
    opened.finish().await;
}
