//! The fuzz corpus as plain tests: what fuzzing once found stays found.

use proptest::prelude::*;
use std::path::Path;

#[path = "../../../fuzz/exchange/src/checks.rs"]
mod checks;

fn holds(target: &str, check: fn(&str)) {
    let corpus =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/exchange/corpus").join(target);
    let entries = std::fs::read_dir(corpus).expect("the corpus is in the repository");
    let mut count = 0;
    for entry in entries {
        let path = entry.expect("the entry is readable").path();
        println!("{}", path.display());
        let input = std::fs::read(&path).expect("the file is readable");
        check(&String::from_utf8_lossy(&input));
        count += 1;
    }
    assert!(count > 0, "an empty corpus tests nothing");
}

#[test]
fn every_template_of_the_corpus_holds() {
    holds("mustache", checks::mustache);
}

#[test]
fn every_call_of_the_corpus_holds() {
    holds("script", checks::script);
}

/// Documents of any verbs, well written or not.
fn document() -> impl Strategy<Value = String> {
    let verb = prop_oneof![
        "<Say loop='[0-3]'>[a-z ]{0,9}</Say>",
        "<Pause length='[0-3]'/>",
        "<Play digits='[0-9w]{0,3}'>(/a|b.mp3|htp://x|)</Play>",
        "<Gather input='(dtmf|speech|dtmf speech)' numDigits='[0-3]' finishOnKey='[#1]?' \
         bargeIn='(true|false)' speechTimeout='(auto|1)' action='(/x|http://a.example/x|htp:)' \
         partialResultCallback='http://a.example/p'>(<Say>x</Say>|<Pause/>|)</Gather>",
        "<Record (action='http://a.example/x' |)timeout='[0-3]' playBeep='(true|false)'/>",
        "<Dial (action='http://a.example/x' |)answerOnBridge='(true|false)'>\
         (<Number url='/w'>1</Number>|<Client>c</Client>|<Conference>r</Conference>|)</Dial>",
        "<Redirect>(|/x|http://a.example/x)</Redirect>",
        "<(Hangup|Reject|Echo|Leave|Pay|Nothing)/>",
        "<Sms action='http://a.example/x'>x</Sms><Refer><Sip>sip:a@b.example</Sip></Refer>",
        "<St(art><Recording/></Start|op><Recording/></Stop)>",
        "[<&a-z]{0,4}",
    ];
    proptest::collection::vec(verb, 0..5)
        .prop_map(|verbs| format!("<Response>{}</Response>", verbs.concat()))
}

proptest! {
    // What is found goes to the corpus, not to a file of seeds.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_call_of_any_documents_holds(
        events in "[iwo][a-zA-Z0-9.#* ]{0,60}",
        documents in proptest::collection::vec(document(), 1..4),
    ) {
        checks::script(&format!("{events}\n----\n{}", documents.join("\n----\n")));
    }
}
