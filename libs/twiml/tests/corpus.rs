//! The fuzzer's corpus, and texts like it, as plain tests.

mod invariants;

use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::*;

#[test]
fn the_corpus_of_the_fuzzer_holds() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/twiml/corpus/parse");
    let files = std::fs::read_dir(&folder).expect("the corpus is in the repository");
    let mut count = 0;
    for file in files {
        let path = file.expect("a folder that can be listed").path();
        let bytes = std::fs::read(&path).expect("a file that can be read");
        invariants::hold(&String::from_utf8_lossy(&bytes));
        count += 1;
    }
    assert!(count >= 20, "{count} files in {}", folder.display());
}

/// Pieces that documents are made of, put together without sense.
fn pieces() -> impl Strategy<Value = String> {
    let names = prop::sample::select(vec![
        "Response",
        "Say",
        "Play",
        "Gather",
        "Dial",
        "Number",
        "Client",
        "Identity",
        "Sip",
        "Uri",
        "Headers",
        "Header",
        "Conference",
        "Queue",
        "Enqueue",
        "Task",
        "Connect",
        "Stream",
        "Start",
        "Stop",
        "Recording",
        "Parameter",
        "Pay",
        "Prompt",
        "Refer",
        "Message",
        "Body",
        "Media",
        "Redirect",
        "Sms",
        "Application",
        "ApplicationSid",
        "ConversationRelay",
        "Language",
        "p",
        "break",
        "sub",
        "say",
        "Foo",
    ]);
    let attribute = prop::sample::select(vec![
        "",
        " loop='2'",
        " timeout='0'",
        " url='wss://a.b'",
        " name='a' value='b'",
        " to='x'",
        " xml:lang='fr'",
        " action='a b'",
        " digits='1'",
        " code='x'",
        " method='get'",
        " alias=''",
        " from=''",
        " workflowSid='WW1'",
        " finishOnKey='&#10;'",
    ]);
    let text = prop::sample::select(vec![
        "x",
        " \n",
        "&amp;",
        "sip:a@b",
        "AP1",
        "{}",
        "<!-- c -->",
        "<![CDATA[<]]>",
        "ü",
        "&#13;",
    ]);
    let leaf = prop_oneof![
        text.prop_map(str::to_owned),
        (names.clone(), attribute.clone())
            .prop_map(|(name, attribute)| format!("<{name}{attribute}/>"))
    ];
    let tree = leaf.prop_recursive(5, 60, 6, move |inner| {
        (names.clone(), attribute.clone(), vec(inner, 0..6)).prop_map(
            |(name, attribute, inside)| format!("<{name}{attribute}>{}</{name}>", inside.concat()),
        )
    });
    vec(tree, 0..5).prop_map(|verbs| format!("<Response>{}</Response>", verbs.concat()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn any_text_holds(text in any::<String>()) {
        invariants::hold(&text);
    }

    #[test]
    fn any_document_holds(text in pieces()) {
        invariants::hold(&text);
    }

    #[test]
    fn any_part_of_a_document_holds(text in pieces(), from in 0..200usize, to in 0..200usize) {
        let part: String = text.chars().skip(from).take(to).collect();
        invariants::hold(&part);
        let without: String =
            text.chars().enumerate().filter(|(at, _)| *at != from).map(|(_, c)| c).collect();
        invariants::hold(&without);
    }
}
