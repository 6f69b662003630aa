//! The document of our own API says what the router does, no more and no less.

use super::ask_bare;
use crate::support::{NUMBER, open};
use serde_json::Value;
use std::collections::BTreeSet;

/// Where our own API's routes are written.
const SOURCES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/api");
const METHODS: &[&str] = &["get", "post", "put", "patch", "delete"];

/// Every path that a source in `folder` names as a text.
fn named_in(folder: &std::path::Path, paths: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            named_in(&path, paths);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = std::fs::read_to_string(&path).expect("a source");
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            let doors = ["/offhook/v1/", "/healthz", "/readyz", "/metrics", "/bins/{", "/twiml/{"];
            let quoted = code.lines().filter(|line| !line.trim_start().starts_with("//"));
            let quoted = quoted.flat_map(|line| line.split('"').skip(1).step_by(2));
            let is_route = |text: &&str| doors.iter().any(|door| text.starts_with(door));
            paths.extend(
                quoted.filter(is_route).filter(|text| !text.contains("{}")).map(str::to_owned),
            );
        }
    }
}

async fn document(opened: &crate::support::Opened) -> Value {
    let got = ask_bare(opened, "GET", "/offhook/v1/openapi.json", "", "").await;
    assert_eq!(got.status, 200);
    got.json()
}

#[tokio::test]
async fn every_route_of_our_own_api_is_documented_and_every_documented_one_is_there() {
    let opened = open().await;
    let document = document(&opened).await;
    let paths = document["paths"].as_object().expect("paths");
    let mut routed = BTreeSet::new();
    named_in(std::path::Path::new(SOURCES), &mut routed);
    let documented: BTreeSet<String> = paths.keys().cloned().collect();
    assert_eq!(documented, routed);

    for (path, operations) in paths {
        let probe = path
            .replace("{address}", "+12025550199")
            .replace("{sid}", "EH00000000000000000000000000000000")
            .replace("{version}", "1");
        for method in METHODS {
            let stands = operations.get(method).is_some();
            let auth = crate::asker::basic(opened.sid.as_str(), "wrong");
            let got = ask_bare(&opened, &method.to_uppercase(), &probe, &auth, "").await;
            // A wrong token is refused by every route that asks for one, before it does anything.
            let open_door = operations[*method]["security"] == Value::Array(Vec::new());
            let expected: &[u16] = match (stands, open_door) {
                (false, _) => &[405],
                (true, false) => &[401],
                (true, true) => &[200, 404],
            };
            assert!(expected.contains(&got.status), "{method} {path}: {}", got.status);
        }
    }
    opened.finish().await;
}

/// Every `$ref` in a value.
fn references<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(to)) = members.get("$ref") {
                found.push(to);
            }
            members.values().for_each(|member| references(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[tokio::test]
async fn the_document_is_whole_and_its_operations_have_names_of_their_own() {
    let opened = open().await;
    let document = document(&opened).await;
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(!found.is_empty());
    for reference in found {
        let place = reference.strip_prefix('#').expect("inside the document");
        assert!(document.pointer(place).is_some(), "{reference} leads nowhere");
    }
    let mut names = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().expect("paths") {
        for method in METHODS {
            let Some(operation) = operations.get(method) else {
                continue;
            };
            let name = operation["operationId"].as_str().expect("a name");
            assert!(names.insert(name.to_owned()), "{name} is there twice");
            let declared: Vec<&Value> = [&operations["parameters"], &operation["parameters"]]
                .into_iter()
                .filter_map(Value::as_array)
                .flatten()
                .collect();
            for part in path.split('{').skip(1).filter_map(|rest| rest.split('}').next()) {
                let is_it = |one: &&Value| match one["$ref"].as_str() {
                    Some(to) => document.pointer(&to[1..]).is_some_and(|one| one["name"] == part),
                    None => one["name"] == part,
                };
                assert!(declared.iter().any(is_it), "{method} {path}: {part}");
            }
        }
    }
    opened.finish().await;
}

/// Whether `value` has exactly the members that its schema requires and knows.
fn check(document: &Value, value: &Value, schema: &str) {
    let schema = &document["components"]["schemas"][schema];
    let known: BTreeSet<&str> =
        schema["properties"].as_object().expect("members").keys().map(String::as_str).collect();
    let required = schema["required"].as_array().expect("a list");
    let required: BTreeSet<&str> = required.iter().filter_map(Value::as_str).collect();
    let there: BTreeSet<&str> =
        value.as_object().expect("an object").keys().map(String::as_str).collect();
    assert!(there.is_subset(&known) && required.is_subset(&there), "{there:?} {known:?}");
}

#[tokio::test]
async fn what_is_shown_has_the_members_that_the_document_names() {
    let opened = open().await;
    let document = document(&opened).await;
    opened.point(&format!("{}/bins/EH00000000000000000000000000000000", opened.url)).await;
    let phone = "/offhook/v1/Phones/+12025550199";
    let form = [("To", NUMBER)];
    let (_, call) = opened.call("POST", &format!("{phone}/Calls"), &form).await;
    let call = call["sid"].as_str().expect("a sid");
    opened.quiet().await;
    let message = opened.text("hello").await;
    opened.quiet().await;
    let service = crate::pools::service(&opened, &[], &[]).await;
    for (path, key, schema) in [
        (phone.to_owned(), "", "Phone"),
        (format!("{phone}/Messages"), "messages", "PhoneMessage"),
        (format!("{phone}/Messages/{message}"), "", "PhoneMessage"),
        (format!("{phone}/Calls"), "calls", "PhoneCall"),
        (format!("{phone}/Calls/{call}"), "", "PhoneCall"),
        (format!("{phone}/Calls/{call}/Transcript"), "", "PhoneCallTranscript"),
        ("/offhook/v1/Webhooks".into(), "webhooks", "Webhook"),
        ("/offhook/v1/Bins".into(), "bins", "Bin"),
        ("/offhook/v1/Settings".into(), "", "Settings"),
        (format!("/offhook/v1/Services/{service}"), "", "Service"),
        ("/offhook/v1/Clock".into(), "", "Clock"),
        ("/offhook/v1/House".into(), "", "House"),
    ] {
        let (status, answer) = opened.call("GET", &path, &[]).await;
        assert_eq!(status, 200, "{path} {answer}");
        if key.is_empty() {
            check(&document, &answer, schema);
            continue;
        }
        check(&document, &answer["meta"], "Meta");
        check(&document, &answer[key][0], schema);
        if key == "webhooks" {
            check(&document, &answer[key][0]["attempts"][0], "Attempt");
            check(&document, &answer[key][0]["problems"][0], "Problem");
        }
    }
    let (_, codes) = opened.call("GET", "/offhook/v1/Codes", &[]).await;
    check(&document, &codes["codes"][0], "Code");
    let form = [("Twiml", "<Response><Sey/></Response>")];
    let (_, checked) = opened.call("POST", "/offhook/v1/Check", &form).await;
    check(&document, &checked, "Check");
    check(&document, &checked["problems"][0], "Problem");
    let (_, refused) = opened.call("GET", "/offhook/v1/Bins/none", &[]).await;
    check(&document, &refused, "Error");
    opened.finish().await;
}
