//! The schema as data, and how to write a document that has one given element in it.

#![allow(dead_code)] // each test binary uses a part

use twiml::{Document, Problem, Realm, parse};

/// One line of `schema.txt`.
pub struct Row {
    pub element: &'static str,
    pub parents: Vec<&'static str>,
    pub attribute: &'static str,
    pub kind: &'static str,
    pub default: &'static str,
}

impl Row {
    pub fn is_content(&self) -> bool {
        self.attribute == "(content)"
    }
}

pub fn rows() -> Vec<Row> {
    let lines = include_str!("../schema.txt").lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let cells: Vec<&str> = line.split(" | ").collect();
            let [element, parents, attribute, kind, default] = cells[..] else { panic!("{line}") };
            let parents = parents.split(' ').collect();
            Row { element, parents, attribute, kind, default }
        })
        .collect()
}

/// The name in a document: two elements of one name differ by where they stand.
pub fn tag(element: &str) -> &str {
    element.split(' ').next().unwrap_or(element)
}

pub fn read(xml: &str, realm: Realm) -> (Document, Vec<Problem>) {
    parse(xml, realm).unwrap_or_else(|fatal| panic!("{fatal} in {xml}"))
}

pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

/// Values of a type, each to be read without a problem.
pub fn good(kind: &str) -> Vec<String> {
    let owned = |values: &[&str]| values.iter().map(|value| (*value).to_owned()).collect();
    let (name, rest) = kind.split_once(' ').unwrap_or((kind, ""));
    match name {
        "one" => rest.split(',').map(str::to_owned).collect(),
        "list" => vec![
            rest.split(',').next().unwrap_or_default().to_owned(),
            rest.replace(',', " "),
            rest.split(',').rev().collect::<Vec<_>>().join("  "),
        ],
        "int" => match rest.split_once("..") {
            Some((from, "")) => vec![from.to_owned(), "4294967295".to_owned()],
            Some((from, to)) => vec![from.to_owned(), to.to_owned()],
            None => panic!("{kind}"),
        },
        "numbers" => owned(&["1", "1 2 3"]),
        "text" => match rest.parse() {
            Ok(most) => vec!["ü".repeat(most)],
            Err(_) => owned(&["a & b", "<\"c'>", "ünï 🎉", ""]),
        },
        "word" => owned(&["one", "two words"]),
        "url" => owned(&["/a?b=c&d=e", "https://example.com/ü", ""]),
        "wss" => owned(&["wss://example.com/a"]),
        "sid" => vec![format!("{rest}0123456789abcdef0123456789ABCDEF")],
        "language" => owned(&["de-DE", "yue-Hant-HK", "zh", "arb"]),
        "voice" => owned(&["woman", "Polly.Lea-Neural", "Google.de-DE-Chirp3-HD-Aoede"]),
        "key" => owned(&["", "*", "#", "7"]),
        "keys" => owned(&["", "12#"]),
        "tones" => owned(&["ww1A#*W"]),
        "keys-and-pauses" => owned(&["ww1#*"]),
        "seconds-or-auto" => owned(&["auto", "3"]),
        "hints" => owned(&["one, two,three", "$OOV_CLASS_DIGIT_SEQUENCE"]),
        "amount" => owned(&["0", "20.45", "1000000"]),
        "to" => owned(&["+12025550123", "whatsapp:+12025550123", "12345"]),
        "from" => owned(&["+12025550123", "My Shop 1"]),
        "header" => owned(&["X-One", "User-to-User"]),
        _ => panic!("{kind}"),
    }
}

/// Texts that are no value of a type; none if every text is one.
pub fn bad(kind: &str) -> Vec<String> {
    let (name, rest) = kind.split_once(' ').unwrap_or((kind, ""));
    let mut bad: Vec<&str> = match name {
        "one" | "list" | "sid" | "seconds-or-auto" => vec!["", "bogus", "ONE"],
        "int" | "numbers" => vec!["", "x", "-1", "1.5", "4294967296"],
        "url" => vec!["htp://x", "a b"],
        "wss" => vec!["", "https://example.com", "ws://example.com"],
        "word" => vec!["", " "],
        "language" | "voice" => vec!["", "en US"],
        "key" | "keys" | "tones" | "keys-and-pauses" => vec!["x", "1,2"],
        "amount" | "to" => vec!["", "x"],
        "from" | "header" => vec!["", "?"],
        _ => vec![],
    };
    if let Some((from, to)) = rest.split_once("..").filter(|_| name == "int") {
        bad.extend(if from == "0" { None } else { Some("0") });
        bad.extend(if to.is_empty() { None } else { Some("86401") });
    }
    let mut bad: Vec<String> = bad.into_iter().map(str::to_owned).collect();
    if let Some(most) = rest.parse().ok().filter(|_| name == "text") {
        bad.push("x".repeat(most) + "x");
    }
    bad
}

/// The element with these attributes, those it needs beside them, and this inside.
pub fn element(element: &str, attributes: &[(&str, &str)], inside: &str) -> String {
    let needed: &[(&str, &str)] = match element {
        "Parameter" | "Config" => &[("name", "n"), ("value", "v")],
        "Header" => &[("name", "x-n"), ("value", "v")],
        "Language" => &[("code", "en-US")],
        "ConversationRelay" | "Stream" => &[("url", "wss://example.com")],
        _ => &[],
    };
    let given = |name: &str| attributes.iter().any(|(given, _)| *given == name);
    let needed = needed.iter().filter(|(name, _)| !given(name));
    let all = attributes.iter().chain(needed);
    let attributes: String =
        all.map(|(name, value)| format!(" {name}=\"{}\"", escape(value))).collect();
    let tag = tag(element);
    format!("<{tag}{attributes}>{inside}</{tag}>")
}

/// A sample of what stands in an element.
pub fn content(rows: &[Row], element: &str) -> &'static str {
    let row = rows.iter().find(|row| row.is_content() && row.element == element);
    row.map(|row| row.kind).unwrap_or_default()
}

/// A document that has `inner` in an element of that name, which may need more beside it.
pub fn document(rows: &[Row], inner: &str, parent: &str) -> (String, Realm) {
    match parent {
        "Response" => return (format!("<Response>{inner}</Response>"), Realm::Voice),
        "Messaging" => return (format!("<Response>{inner}</Response>"), Realm::Messaging),
        _ => {}
    }
    let begins = |tag: &str| inner.starts_with(&format!("<{tag}"));
    let beside = match parent {
        "Client" if !begins("Identity") => "<Identity>alice</Identity>",
        "Sip" if begins("Headers") => "<Uri>sip:alice@example.com</Uri>",
        "Application" if !begins("ApplicationSid") => content(rows, parent),
        "Connect" | "Dial" | "Client" | "Sip" | "Application" | "Start" | "Stop" | "Headers"
        | "Refer" | "Message" => "",
        "Enqueue" if begins("Task") => "",
        _ => content(rows, parent),
    };
    let inside = format!("{beside}{inner}");
    let outer = element(parent, &[], &inside);
    let row = rows.iter().find(|row| row.is_content() && row.element == parent);
    let grandparent = row.unwrap_or_else(|| panic!("{parent}")).parents[0];
    document(rows, &outer, grandparent)
}
