//! The list of what calls do with each element and attribute is complete, and what it says is
//! carried out stands in a scenario.

use std::collections::BTreeMap;
use std::path::Path;

const LIST: &str = include_str!("../../src/calls/verbs/attributes.txt");
const SCHEMA: &str = include_str!("../../../../libs/twiml/tests/schema.txt");
const WORDS: [&str; 4] = ["yes", "partly", "no effect", "not yet"];

fn cells(line: &str) -> Vec<&str> {
    line.split('|').map(str::trim).collect()
}

/// Element and attribute of each entry, and what it says.
fn list() -> BTreeMap<(String, String), String> {
    let mut list = BTreeMap::new();
    for line in LIST.lines().filter(|line| !line.starts_with('#')) {
        let cells = cells(line);
        let [element, attributes, what, _] = cells[..] else { panic!("not four cells: {line}") };
        assert!(WORDS.contains(&what), "no such word: {line}");
        for attribute in attributes.split_whitespace() {
            let key = (element.to_owned(), attribute.to_owned());
            assert_eq!(list.insert(key, what.to_owned()), None, "twice: {element} {attribute}");
        }
    }
    list
}

#[test]
fn every_attribute_of_a_call_has_an_entry() {
    let schema: Vec<(String, String)> = SCHEMA
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(cells)
        .filter(|cells| !matches!(cells[1], "Messaging" | "Message"))
        .map(|cells| (cells[0].to_owned(), cells[2].to_owned()))
        .collect();
    let list = list();
    let missing: Vec<_> = schema.iter().filter(|key| !list.contains_key(*key)).collect();
    assert!(missing.is_empty(), "without an entry: {missing:?}");
    let unknown: Vec<_> = list.keys().filter(|key| !schema.contains(key)).collect();
    assert!(unknown.is_empty(), "not in the schema: {unknown:?}");
}

/// Each tag of the scenarios' documents, without its brackets.
fn tags() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/script/scenarios");
    let mut tags = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder is in the repository") {
        let path = entry.expect("it is readable").path();
        let text = std::fs::read_to_string(path).expect("it is readable");
        let ends = text.split('<').skip(1).filter_map(|tag| tag.split_once('>'));
        tags.extend(ends.map(|(tag, _)| tag.trim_end_matches('/').to_owned()));
    }
    tags
}

#[test]
fn what_is_carried_out_stands_in_a_scenario() {
    let tags = tags();
    let stands = |element: &str, attribute: &str| {
        let element = element.split(' ').next().unwrap_or_default();
        tags.iter().any(|tag| {
            let (name, rest) = tag.split_once(' ').unwrap_or((tag, ""));
            name == element
                && (attribute == "(content)"
                    || format!(" {rest}").contains(&format!(" {attribute}=")))
        })
    };
    let missing: Vec<_> = list()
        .into_iter()
        .filter(|(_, what)| what == "yes")
        .map(|(key, _)| key)
        .filter(|(element, attribute)| !stands(element, attribute))
        .collect();
    assert!(missing.is_empty(), "in no scenario: {missing:?}");
}
