//! For the tests beside the code: short ways from a verb's XML to what became of it.

use crate::{Document, Problem, Realm, Verb, parse};

fn read(verbs: &str, realm: Realm) -> (Document, Vec<Problem>) {
    let xml = format!("<Response>{verbs}</Response>");
    let read = parse(&xml, realm).unwrap_or_else(|fatal| panic!("{fatal} in {xml}"));
    let again = parse(&read.0.to_xml(), realm).unwrap_or_else(|fatal| panic!("{fatal} in {xml}"));
    assert_eq!(again.0, read.0, "written as {}", read.0.to_xml());
    read
}

fn codes(problems: Vec<Problem>) -> Vec<u32> {
    let mut codes: Vec<u32> = problems.iter().map(|problem| problem.code).collect();
    codes.sort_unstable();
    codes
}

/// The codes of the problems of a voice document, in the order of the codes.
pub(crate) fn problems(verbs: &str) -> Vec<u32> {
    codes(read(verbs, Realm::Voice).1)
}

/// The codes of the problems of a messaging document, in the order of the codes.
pub(crate) fn messaging_problems(verbs: &str) -> Vec<u32> {
    codes(read(verbs, Realm::Messaging).1)
}

/// The verbs of a voice document.
pub(crate) fn verbs(verbs: &str) -> Vec<Verb> {
    read(verbs, Realm::Voice).0.verbs.into_iter().map(|node| node.verb).collect()
}

/// The verbs of a messaging document.
pub(crate) fn messaging(verbs: &str) -> Vec<Verb> {
    read(verbs, Realm::Messaging).0.verbs.into_iter().map(|node| node.verb).collect()
}

/// The only verb of a voice document.
pub(crate) fn voice(verb: &str) -> Verb {
    let mut verbs = verbs(verb);
    assert_eq!(verbs.len(), 1, "{verb}");
    verbs.remove(0)
}
