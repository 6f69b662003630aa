//! The bins in `examples/bins`: saved without a warning, and saying what they should.

use crate::support::open;
use exchange::bins::Template;
use exchange::bins::check::{Check, check};
use std::collections::BTreeSet;
use twiml::Realm;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/bins");

fn read(name: &str) -> String {
    std::fs::read_to_string(format!("{FOLDER}/{name}")).expect(name)
}

fn rendered(name: &str, parameters: &[(&str, &str)]) -> String {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let parameters: Vec<_> = parameters.iter().map(owned).collect();
    Template::parse(&read(name)).expect(name).render(&parameters).expect(name)
}

const TEXT: &[(&str, &str)] =
    &[("MessageSid", "SM1"), ("From", "+12025550199"), ("To", "+12025550100"), ("Body", "a < b")];
const CALL: &[(&str, &str)] =
    &[("CallSid", "CA1"), ("From", "+12025550199"), ("To", "+12025550100")];
const RECORDED: &[(&str, &str)] = &[("CallSid", "CA1"), ("RecordingUrl", "http://localhost/RE1")];

#[test]
fn every_example_is_saved_without_a_warning_and_named_in_both_languages() {
    let files = std::fs::read_dir(FOLDER).expect("a folder");
    let names = files.map(|file| file.expect("a file").file_name().to_string_lossy().into_owned());
    let names: BTreeSet<String> = names.filter(|name| name.ends_with(".xml")).collect();
    assert!(names.len() >= 5, "{names:?}");
    for name in &names {
        assert_eq!(check(&read(name)), Check::default(), "{name}");
        for page in ["README.md", "README.es.md"] {
            assert!(read(page).contains(&format!("]({name})")), "{name} in {page}");
        }
    }
}

#[test]
fn each_example_renders_to_a_document_that_says_what_it_should() {
    let with_pictures: Vec<_> = TEXT
        .iter()
        .copied()
        .chain([("MediaUrl0", "http://x/0"), ("MediaUrl1", "http://x/1")])
        .collect();
    // The key that ended a recording is told, too.
    let with_key: Vec<_> = RECORDED.iter().copied().chain([("Digits", "*")]).collect();
    for (name, parameters, realm, says) in [
        (
            "forward-all-messages.xml",
            TEXT,
            Realm::Messaging,
            &["to=\"+12025550142\"", "+12025550199: a &lt; b"][..],
        ),
        (
            "forward-all-messages.xml",
            &with_pictures,
            Realm::Messaging,
            &["<Media>http://x/0</Media>", "<Media>http://x/1</Media>"],
        ),
        ("auto-reply.xml", TEXT, Realm::Messaging, &["Hello +12025550199"]),
        ("greeting.xml", TEXT, Realm::Messaging, &["Hello friend!", "We have nothing today."]),
        (
            "greeting.xml",
            &[("Name", "Jane"), ("Item", "tea"), ("Item", "salt")],
            Realm::Messaging,
            &["Hello Jane!", "We have tea. We have salt."],
        ),
        ("texts-and-calls.xml", TEXT, Realm::Messaging, &["<Message>"]),
        ("texts-and-calls.xml", CALL, Realm::Voice, &["<Dial callerId=\"+12025550100\">"]),
        ("menu.xml", CALL, Realm::Voice, &["<Gather ", "Nothing was pressed"]),
        ("menu.xml", &[("CallSid", "CA1"), ("Digits", "1")], Realm::Voice, &["<Record "]),
        ("menu.xml", &with_key, Realm::Voice, &["Thank you", "<Hangup/>"]),
        ("voicemail.xml", CALL, Realm::Voice, &["<Record "]),
        ("voicemail.xml", RECORDED, Realm::Voice, &["Thank you", "<Hangup/>"]),
    ] {
        let document = rendered(name, parameters);
        let (_, problems) =
            twiml::parse(&document, realm).unwrap_or_else(|fatal| panic!("{name}: {fatal}"));
        assert_eq!(problems, [], "{name}: {document}");
        for text in says {
            assert!(document.contains(text), "{name} says {text}: {document}");
        }
    }
    assert!(!rendered("texts-and-calls.xml", TEXT).contains("<Dial"));
    assert!(!rendered("forward-all-messages.xml", TEXT).contains("<Media>"));
    assert!(!rendered("voicemail.xml", RECORDED).contains("<Record"));
}

#[tokio::test]
async fn every_message_is_forwarded_to_one_number_by_a_bin_alone() {
    let opened = open().await;
    let form = [("FriendlyName", "Forward"), ("Twiml", &read("forward-all-messages.xml"))];
    let (_, bin) = opened.call("POST", "/offhook/v1/Bins", &form).await;
    let url = format!("{}/bins/{}", opened.url, bin["sid"].as_str().expect("a sid"));
    opened.point(&url).await;
    opened.text("Are you open today?").await;
    opened.quiet().await;
    let (_, phone) = opened.call("GET", "/offhook/v1/Phones/+12025550142/Messages", &[]).await;
    let got = &phone["messages"][0];
    assert_eq!(got["body"], "+12025550199: Are you open today?", "{phone}");
    assert_eq!(got["from"], crate::support::NUMBER);
    opened.finish().await;
}
