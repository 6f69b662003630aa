//! The seed: a file describes the house.

use super::keys;
use crate::support::{Opened, open, options};
use offhook::open::OpenError;
use offhook::seed;
use serde_json::Value;
use std::collections::BTreeSet;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

fn read(path: &str) -> String {
    std::fs::read_to_string(format!("{ROOT}/{path}")).expect(path)
}

fn schema() -> Value {
    serde_json::from_str(&read("docs/seed.schema.json")).expect("JSON")
}

async fn seeded(text: &str) -> Opened {
    // `open` points the demo's number, which a seed need not have.
    let folder = tempfile::tempdir().expect("a folder");
    let closed =
        crate::support::Closed { folder, customer: crate::customer::Customer::start().await };
    let opened = closed.reopen_with(|options, _| options.seed = Some(text.into())).await;
    opened.expect("it opens")
}

/// Why a house does not open with this seed.
async fn refused(text: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let mut options = options(folder.path());
    options.seed = Some(text.into());
    match offhook::open::open(options).await {
        Err(OpenError::Seed(why)) => why,
        Err(other) => panic!("{other}"),
        Ok(running) => {
            running.stop().await;
            panic!("it opened with {text}");
        }
    }
}

#[tokio::test]
async fn the_example_describes_a_house() {
    let opened = seeded(&read("examples/seed.yaml")).await;
    assert_eq!(opened.sid.as_str(), "AC0123456789abcdef0123456789abcdef");
    assert_eq!(opened.token, "0123456789abcdef0123456789abcdef");
    let accounts = opened.house.store.accounts().expect("readable");
    assert_eq!(accounts.len(), 2);
    assert_eq!(accounts[1].owner, opened.sid);
    assert_eq!(
        accounts[0].settings.debugger_url.as_deref(),
        Some("http://localhost:3000/debugger")
    );
    let number = |at: &str| opened.house.store.number_at(at).expect("readable").expect(at);
    let shut = number("+12025550100");
    assert_eq!(shut.friendly_name, "After hours");
    let bin = shut.sms.url.rsplit('/').next().and_then(exchange::sid::BinSid::parse);
    let bin = opened.house.store.bin(bin.expect("a bin's URL")).expect("readable").expect("there");
    assert_eq!((bin.friendly_name.as_str(), shut.voice.url == shut.sms.url), ("Closed", true));
    let orders = number("+12025550101").sms_application.expect("an application");
    let orders = opened.house.store.application(orders).expect("readable").expect("there");
    assert_eq!(orders.sms.url, "http://localhost:3000/orders");
    assert!(orders.sms.fallback_url.contains("/bins/EH"));
    assert_eq!(number("+12025550102").account, accounts[1].sid, "as people write it, unquoted");
    let (_, phone) = opened.call("GET", "/offhook/v1/Phones/+12025550190", &[]).await;
    assert_eq!(
        (&phone["on_message"], &phone["error_code"]),
        (&"undelivered".into(), &30_005.into())
    );
    opened.text("Are you open?").await;
    opened.quiet().await;
    assert_eq!(opened.codes(), Vec::<u32>::new(), "nothing in it raises an alert");
    let (_, phone) = opened.call("GET", "/offhook/v1/Phones/+12025550199/Messages", &[]).await;
    assert!(
        phone["messages"][0]["body"].as_str().is_some_and(|body| body.contains("closed")),
        "{phone}"
    );
    opened.finish().await;
}

#[tokio::test]
async fn reset_brings_the_seed_back_with_the_same_credentials() {
    let text = "accounts: [{FriendlyName: One}, {FriendlyName: Two}]\n\
                numbers: [{PhoneNumber: '+12025550123', AccountSid: Two}]\n";
    let opened = seeded(text).await;
    let accounts = |opened: &Opened| -> Vec<(String, String, String)> {
        let all = opened.house.store.accounts().expect("readable");
        all.into_iter().map(|a| (a.friendly_name, a.sid.to_string(), a.auth_token)).collect()
    };
    let before = accounts(&opened);
    let names: Vec<_> = before.iter().map(|one| one.0.as_str()).collect();
    assert_eq!(names, ["One", "Two"], "as the file lists them");
    let path = "/2010-04-01/Accounts/{AC}.json";
    assert_eq!(opened.call("POST", path, &[("FriendlyName", "Renamed")]).await.0, 200);
    for _ in 0..2 {
        assert_eq!(opened.call("POST", "/offhook/v1/Reset", &[]).await.0, 200);
        assert_eq!(accounts(&opened), before);
    }
    let number = opened.house.store.number_at("+12025550123").expect("readable").expect("there");
    assert_eq!(number.account.as_str(), before[1].1);
    // A later start leaves the house as it is, whatever became of it.
    let opened =
        opened.stop().await.reopen_with(|options, _| options.seed = Some(text.into())).await;
    let opened = opened.expect("it opens again");
    assert_eq!(accounts(&opened), before);
    opened.finish().await;
}

#[tokio::test]
async fn what_is_wrong_is_said_with_its_line() {
    for (text, line, said) in [
        ("numbers:\n  - PhoneNumber: '+12025550100'\n    SmsUrll: http://x\n", Some(3), "SmsUrll"),
        ("telephones: []\n", Some(1), "telephones"),
        ("numbers:\n  - FriendlyName: x\n", Some(2), "PhoneNumber is missing"),
        ("numbers:\n  - PhoneNumber: nonsense\n", Some(2), "PhoneNumber"),
        (
            "numbers:\n  - FriendlyName: x\n    PhoneNumber: '+12025550100'\n    SmsUrl: nowhere\n",
            Some(4),
            "SmsUrl",
        ),
        ("numbers:\n  - PhoneNumber: '+12025550100'\n    SmsMethod: PUT\n", Some(3), "SmsMethod"),
        ("numbers:\n  - PhoneNumber: '+12025550100'\n    SmsUrl: bin:None\n", Some(3), "no bin"),
        (
            "numbers:\n  - PhoneNumber: '+12025550100'\n    SmsApplicationSid: None\n",
            Some(3),
            "no application",
        ),
        (
            "numbers:\n  - PhoneNumber: '+12025550100'\n  - PhoneNumber: (202) 555-0100\n",
            Some(3),
            "twice",
        ),
        ("numbers:\n  - PhoneNumber: '+12025550100'\n    AccountSid: Nobody\n", Some(3), "Nobody"),
        ("bins:\n  - FriendlyName: B\n    Twiml: <Response>\n", Some(3), "line 1, column"),
        (
            "bins:\n  - FriendlyName: B\n    Twiml: <Response/>\n    Access: closed\n",
            Some(4),
            "Access",
        ),
        (
            "bins:\n  - {FriendlyName: B, Twiml: <Response/>}\n  - {FriendlyName: B, Twiml: <Response/>}\n",
            Some(3),
            "FriendlyName",
        ),
        ("accounts:\n  - AccountSid: AC1\n    AuthToken: t\n", Some(2), "AccountSid"),
        ("accounts:\n  - AuthToken: t\n", Some(2), "AuthToken"),
        ("accounts:\n  - RetryProfile: often\n", Some(2), "RetryProfile"),
        ("phones:\n  - Address: '+12025550199'\n    OnMessage: eat\n", Some(3), "OnMessage"),
        ("phones:\n  - Address: '+12025550199'\n    DeliverAfter: soon\n", Some(3), "DeliverAfter"),
        (
            "numbers: [{PhoneNumber: '+12025550100'}]\nphones: [{Address: '+12025550100'}]\n",
            Some(2),
            "Address",
        ),
        (
            "numbers:\n  - PhoneNumber: '+12025550100'\n    PhoneNumber: '+12025550101'\n",
            Some(3),
            "",
        ),
        ("numbers:\n  - [1]\n", Some(2), ""),
        ("numbers: {\n", None, ""),
        ("- a\n", None, ""),
    ] {
        let why = refused(text).await;
        if let Some(line) = line {
            assert!(why.contains(&format!("line {line}")), "{text}\n{why}");
        }
        assert!(why.contains(said), "{text}\n{why}");
    }
}

#[tokio::test]
async fn a_bomb_is_refused_before_it_goes_off() {
    let mut bomb = String::from("a: &a [x, x, x, x, x, x, x, x, x]\n");
    for (name, before) in ('b'..='i').zip('a'..) {
        let aliases = vec![format!("*{before}"); 9].join(", ");
        bomb.push_str(&format!("{name}: &{name} [{aliases}]\n"));
    }
    bomb.push_str("numbers: *i\n");
    let began = std::time::Instant::now();
    refused(&bomb).await;
    let deep = format!("numbers: {}{}", "[".repeat(10_000), "]".repeat(10_000));
    refused(&deep).await;
    refused(&"#".repeat(seed::SEED_BYTES_MAX + 1)).await;
    let many = format!("numbers:\n{}", "- {}\n".repeat(seed::ENTRIES_MAX + 1));
    refused(&many).await;
    assert!(began.elapsed() < std::time::Duration::from_secs(20), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_later_start_refuses_a_seed_that_a_reset_could_not_apply() {
    let opened = open().await;
    let closed = opened.stop().await;
    let again = closed.reopen_with(|options, _| options.seed = Some("numbers: [{}]".into())).await;
    assert!(matches!(again.err(), Some(OpenError::Seed(why)) if why.contains("PhoneNumber")));
}

#[tokio::test]
async fn an_empty_seed_is_a_house_without_numbers() {
    for text in ["", "# nothing\n", "numbers:\n", "accounts: ~\nnumbers: []\n"] {
        let opened = seeded(text).await;
        assert_eq!(opened.house.store.accounts().expect("readable").len(), 1, "{text}");
        assert_eq!(opened.house.store.number_at("+12025550100").expect("readable"), None, "{text}");
        opened.finish().await;
    }
}

#[tokio::test]
async fn the_environments_account_is_the_first_one_that_has_no_sid_of_its_own() {
    let sid = "ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    let environment = (exchange::sid::AccountSid::parse(sid).expect("a sid"), "secret".to_owned());
    for (text, count) in [
        ("accounts: [{FriendlyName: Mine}]", 1),
        ("", 1),
        ("accounts: [{AccountSid: AC0123456789abcdef0123456789abcdef, AuthToken: t}]", 2),
        ("accounts: [{AccountSid: ACaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}]", 1),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let mut options = options(folder.path());
        options.first_account = Some(environment.clone());
        options.seed = Some(text.into());
        let running = offhook::open::open(options).await.expect("it opens");
        let account = running.house.account(environment.0).expect("there");
        assert_eq!(account.auth_token, "secret", "{text}");
        assert_eq!(running.house.store.accounts().expect("readable").len(), count, "{text}");
        running.stop().await;
    }
}

#[test]
fn the_schema_names_the_keys_that_are_read_and_no_others() {
    let schema = schema();
    assert_eq!(keys(&schema["properties"]).len(), seed::KEYS.len());
    for (list, known) in seed::KEYS {
        let to = schema["properties"][list]["items"]["$ref"].as_str().expect(list);
        let entry = schema.pointer(&to[1..]).expect(to);
        let known: BTreeSet<&str> = known.iter().copied().collect();
        let named: BTreeSet<&str> = keys(&entry["properties"]).into_iter().collect();
        assert_eq!(named, known, "{list}");
        assert_eq!(entry["additionalProperties"], false, "{list}");
    }
}

/// What is wrong with `value` by `schema`: as much of JSON Schema as ours uses.
fn invalid(root: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    if let Some(to) = schema["$ref"].as_str() {
        return invalid(root, root.pointer(&to[1..]).expect(to), value, at);
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let kinds = &schema["type"];
    let may = kinds == kind || kinds.as_array().is_some_and(|all| all.contains(&kind.into()));
    if !may {
        return vec![format!("{at} is {kind}, not {kinds}")];
    }
    let mut wrong = Vec::new();
    if schema["enum"].as_array().is_some_and(|all| !all.contains(value)) {
        wrong.push(format!("{at} is {value}, none of {}", schema["enum"]));
    }
    for (i, item) in value.as_array().into_iter().flatten().enumerate() {
        wrong.extend(invalid(root, &schema["items"], item, &format!("{at}/{i}")));
    }
    let members = value.as_object();
    for name in schema["required"].as_array().into_iter().flatten() {
        let name = name.as_str().expect("a name");
        if members.is_some_and(|members| !members.contains_key(name)) {
            wrong.push(format!("{at} has no {name}"));
        }
    }
    for (name, member) in members.into_iter().flatten() {
        match schema["properties"].get(name) {
            None => wrong.push(format!("{at} has {name}")),
            Some(schema) => wrong.extend(invalid(root, schema, member, &format!("{at}/{name}"))),
        }
    }
    wrong
}

#[test]
fn the_example_is_valid_by_the_schema_and_what_is_refused_is_not() {
    let schema = schema();
    let check = |text: &str| {
        let value: Value = serde_saphyr::from_str(text).expect("YAML");
        invalid(&schema, &schema, &value, "")
    };
    assert_eq!(check(&read("examples/seed.yaml")), Vec::<String>::new());
    for wrong in [
        "telephones: []",
        "numbers: [{}]",
        "numbers: [{PhoneNumber: '1', SmsUrll: x}]",
        "numbers: [{PhoneNumber: '1', SmsMethod: PUT}]",
        "phones: [{Address: '1', Lines: many}]",
        "bins: [{FriendlyName: x}]",
    ] {
        assert_ne!(check(wrong), Vec::<String>::new(), "{wrong}");
    }
}
