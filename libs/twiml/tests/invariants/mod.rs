//! What holds for every text, good or bad. Used by the tests and by the fuzzer.

use twiml::{DOCUMENT_BYTES_MAX, Document, NODES_MAX, PROBLEMS_MAX, Position, Realm, parse};

/// Reads a text in both realms and panics if anything is not as promised.
pub fn hold(text: &str) {
    for realm in [Realm::Voice, Realm::Messaging] {
        match parse(text, realm) {
            Ok((document, problems)) => {
                assert!(problems.len() <= PROBLEMS_MAX);
                assert!(problems.is_sorted_by_key(|problem| problem.at));
                problems.iter().for_each(|problem| is_in(text, problem.at));
                document.verbs.iter().for_each(|node| is_in(text, node.at));
                comes_back(&document, realm);
            }
            Err(fatal) => {
                assert!(matches!(fatal.code, 11750 | 12100 | 12101 | 12102), "{fatal}");
                is_in(text, fatal.at);
            }
        }
    }
}

/// A position is that of a character, or of the end of a line.
fn is_in(text: &str, at: Position) {
    let line = text.split('\n').nth(at.line.saturating_sub(1) as usize);
    let length = line.unwrap_or_else(|| panic!("no line {at}")).chars().count();
    assert!((1..=length + 1).contains(&(at.column as usize)), "no column {at}");
}

/// What was read, problems or not, is written so that it is read again.
fn comes_back(document: &Document, realm: Realm) {
    let xml = document.to_xml();
    // Escaping makes texts longer; what is then too large is a document no more.
    if xml.len() > DOCUMENT_BYTES_MAX || xml.matches('<').count() > NODES_MAX / 2 {
        return;
    }
    match parse(&xml, realm) {
        Ok((again, _)) => assert_eq!(&again, document, "{xml}"),
        Err(fatal) => panic!("{fatal} in {xml}"),
    }
}
