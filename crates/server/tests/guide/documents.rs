//! The TwiML on the pages: read as the house reads it, without a problem, and all there is.

use crate::page::{Page, read, root};
use twiml::Realm;

/// Problems of a document in a realm; `None` when there are none.
fn problems(text: &str, realm: Realm) -> Option<String> {
    match twiml::parse(text, realm) {
        Ok((_, problems)) if problems.is_empty() => None,
        Ok((_, problems)) => Some(format!("{problems:?}")),
        Err(fatal) => Some(format!("{fatal:?}")),
    }
}

fn documents(page: &Page) -> impl Iterator<Item = (usize, String)> {
    let documents = page.blocks.iter().filter(|block| block.language == "xml");
    documents.map(|block| (block.line, block.text()))
}

#[test]
fn every_document_is_read_without_a_problem() {
    for language in ["en", "es"] {
        for (name, realm) in [("twiml-messages", Realm::Messaging), ("twiml-calls", Realm::Voice)] {
            let page = read(language, name);
            let mut count = 0;
            for (line, text) in documents(&page) {
                count += 1;
                let problems = problems(&text, realm);
                assert!(problems.is_none(), "{}:{line}: {problems:?}", page.path);
            }
            assert!(count > 3, "{}: {count} documents", page.path);
        }
    }
}

/// Elements that a call carries out, by the table that the compatibility page shows.
fn carried_out() -> Vec<String> {
    let table = root().join("crates/exchange/src/calls/verbs/attributes.txt");
    let table = std::fs::read_to_string(table).expect("the table");
    let rows = table.lines().filter(|line| !line.starts_with('#'));
    let cells = rows.map(|row| row.split('|').map(str::trim).collect::<Vec<_>>());
    let carried = cells.filter(|row| row[1].contains("(content)") && row[2] != "not yet");
    let names = carried.map(|row| row[0].split(' ').next().unwrap_or_default().to_owned());
    names.collect()
}

/// Nouns of networks that no house here has, and the finer marks of SSML: named, not shown.
const NAMED: &[&str] = &[
    "lang",
    "p",
    "phoneme",
    "s",
    "say-as",
    "sub",
    "w",
    "emphasis",
    "prosody",
    "Sim",
    "WhatsApp",
    "Uri",
    "Headers",
    "Header",
    "Identity",
    "Parameter",
    "ApplicationSid",
    "Pay",
    "Refer",
];

#[test]
fn every_verb_that_is_carried_out_has_an_example() {
    let elements = carried_out();
    assert!(elements.len() > 20, "{elements:?}");
    for language in ["en", "es"] {
        let page = read(language, "twiml-calls");
        let all: String = documents(&page).map(|(_, text)| text).collect();
        for element in &elements {
            if NAMED.contains(&element.as_str()) {
                let named = format!("`<{element}>`");
                assert!(page.text.contains(&named), "{}: {named} is not named", page.path);
                continue;
            }
            let shown = ["<", element].concat();
            let open = |after: &str| after.starts_with(['>', ' ', '/']);
            let shown = all.split(&shown).skip(1).any(open);
            assert!(shown, "{}: no example of <{element}>", page.path);
        }
        let page = read(language, "twiml-messages");
        let all: String = documents(&page).map(|(_, text)| text).collect();
        for element in ["<Message", "<Body>", "<Media>", "<Redirect"] {
            assert!(all.contains(element), "{}: no example of {element}", page.path);
        }
    }
}
