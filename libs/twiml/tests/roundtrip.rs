//! Write then read gives the same document: for whatever the schema allows and for any text.

mod table;

use proptest::collection::vec;
use proptest::prelude::*;
use table::{Row, content, element, escape, good, read, rows};
use twiml::{Connect, Document, Gather, Hangup, Message, Parameter, Realm, Response, Room, Say};

/// Decisions taken from random bytes, so that a failing document shrinks with them.
struct Choices<'b> {
    bytes: std::slice::Iter<'b, u8>,
}

impl Choices<'_> {
    /// A number below `count`; 0 when the bytes are used up.
    fn pick(&mut self, count: usize) -> usize {
        self.bytes.next().map_or(0, |byte| *byte as usize % count)
    }

    fn of<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.pick(all.len())].clone()
    }
}

const TEXTS: [&str; 6] =
    ["Hello", "a & b < c", "\"quoted\" 'twice'", "ünï 🎉", "two\n  lines", "x]]>y"];

/// Writes an element with some of its attributes and children, none of them a problem.
fn write(
    rows: &[Row],
    name: &str,
    parent: &str,
    choices: &mut Choices<'_>,
    depth: usize,
) -> String {
    let mut attributes: Vec<(&str, String)> = Vec::new();
    for row in rows.iter().filter(|row| row.element == name && row.parents.contains(&parent)) {
        let apart = match row.attribute {
            "(content)" => true,
            "digits" => parent == "Gather",
            // These pairs are problems of their own.
            "speechTimeout" => attributes.iter().any(|(name, _)| *name == "speechModel"),
            "transcribe" => attributes.iter().any(|(name, _)| *name == "maxLength"),
            _ => false,
        };
        if !apart && choices.pick(4) == 1 {
            attributes.push((row.attribute, choices.of(&good(row.kind))));
        }
    }
    let attributes: Vec<(&str, &str)> = attributes.iter().map(|(n, v)| (*n, v.as_str())).collect();
    element(name, &attributes, &inside(rows, name, choices, depth))
}

fn children(
    rows: &[Row],
    names: &[&str],
    parent: &str,
    choices: &mut Choices<'_>,
    depth: usize,
) -> String {
    let count = choices.pick(4);
    let mut one = || {
        let name = choices.of(names);
        write(rows, name, parent, choices, depth + 1)
    };
    (0..count).map(|_| one()).collect()
}

fn inside(rows: &[Row], name: &str, choices: &mut Choices<'_>, depth: usize) -> String {
    let takes = |row: &&Row| row.is_content() && row.parents.contains(&name);
    let names: Vec<&str> = rows.iter().filter(takes).map(|row| row.element).collect();
    let plain = escape(choices.of(&TEXTS)).replace("]]>", "]]&gt;");
    match name {
        "Connect" => write(rows, choices.of(&names), name, choices, depth + 1),
        "Dial" => match choices.pick(3) {
            0 => content(rows, name).to_owned(),
            1 => {
                let alone = ["Conference", "Queue", "Application"];
                write(rows, choices.of(&alone), name, choices, depth + 1)
            }
            _ => {
                let beside = ["Number", "Client", "Sip", "Sim", "WhatsApp"];
                let one = write(rows, choices.of(&beside), name, choices, depth + 1);
                one + &children(rows, &beside, name, choices, depth)
            }
        },
        "Start" | "Stop" => {
            let one = write(rows, choices.of(&names), name, choices, depth + 1);
            one + &children(rows, &names, name, choices, depth)
        }
        "Client" | "Application" => {
            let first = if name == "Client" { "Identity" } else { "ApplicationSid" };
            let one = element(first, &[], content(rows, first));
            one + &children(rows, &["Parameter"], name, choices, depth)
        }
        "Sip" if choices.pick(2) == 1 => {
            let one = write(rows, "Uri", name, choices, depth + 1);
            one + &children(rows, &["Uri", "Headers"], name, choices, depth)
        }
        "Headers" => children(rows, &["Header"], name, choices, depth),
        "Enqueue" if choices.pick(2) == 1 => write(rows, "Task", name, choices, depth + 1),
        "Message" if choices.pick(2) == 1 => {
            let body = element("Body", &[], &plain);
            body + &children(rows, &["Body", "Media"], name, choices, depth)
        }
        "Message" | "Body" | "Sms" => plain,
        "Say" | "emphasis" | "lang" | "p" | "prosody" | "s" | "w" if depth < 6 => {
            let after = escape(choices.of(&TEXTS)).replace("]]>", "]]&gt;");
            format!("{plain} {} {after}", children(rows, &names, name, choices, depth))
        }
        "Say" => plain,
        "Gather" | "Hangup" | "Reject" | "Pay" | "Prompt" | "Stream" | "Siprec"
        | "Transcription" | "VirtualAgent" | "ConversationRelay" | "Assistant" => {
            children(rows, &names, name, choices, depth)
        }
        _ => content(rows, name).to_owned(),
    }
}

fn a_document(rows: &[Row], parent: &str, choices: &mut Choices<'_>) -> String {
    let takes = |row: &&Row| row.is_content() && row.parents.contains(&parent);
    let names: Vec<&str> = rows.iter().filter(takes).map(|row| row.element).collect();
    let count = 1 + choices.pick(5);
    let mut one = || {
        let name = choices.of(&names);
        write(rows, name, parent, choices, 0)
    };
    let verbs: String = (0..count).map(|_| one()).collect();
    format!("<Response>{verbs}</Response>")
}

fn comes_back(document: &Document, realm: Realm) {
    let xml = document.to_xml();
    let (again, problems) = read(&xml, realm);
    assert_eq!(problems, [], "{xml}");
    assert_eq!(&again, document, "{xml}");
    assert_eq!(again.to_xml(), xml);
}

/// Texts of characters that XML can carry.
fn text() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        any::<char>(),
        prop::char::ranges(vec!['\t'..='\r', ' '..='~'].into()),
        prop::sample::select(vec!['&', '<', '>', '"', '\'', ']', '\t', '\n', '\r']),
    ];
    vec(character, 0..60).prop_map(|all| {
        let carried = |c: &char| {
            !matches!(c, '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}')
                && !matches!(c, '\u{fffe}' | '\u{ffff}')
        };
        all.into_iter().filter(carried).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn whatever_the_schema_allows_comes_back(bytes in vec(any::<u8>(), 0..300)) {
        let rows = rows();
        for (parent, realm) in [("Response", Realm::Voice), ("Messaging", Realm::Messaging)] {
            let xml = a_document(&rows, parent, &mut Choices { bytes: bytes.iter() });
            let (document, problems) = read(&xml, realm);
            prop_assert_eq!(&problems, &[], "{}", xml);
            comes_back(&document, realm);
        }
    }

    #[test]
    fn any_value_of_an_attribute_comes_back(value in text()) {
        let hangup = Hangup { parameters: vec![Parameter::new("n", value.clone())] };
        let room = Connect::new(Room::new("r").participant_identity(value));
        comes_back(&Response::new().verb(hangup).connect(room), Realm::Voice);
    }

    #[test]
    fn any_text_comes_back_without_the_blanks_around_it(value in text()) {
        let value = value.trim();
        prop_assume!(!value.is_empty());
        comes_back(&Response::new().say(value).gather(Gather::new().say(value)), Realm::Voice);
        let say = Say::new(value).speak(twiml::Tag::new(twiml::TagName::P).inside(value));
        comes_back(&Response::new().say(say), Realm::Voice);
        let message = Message::new(value);
        comes_back(&Response::new().message(message.clone()), Realm::Messaging);
        comes_back(&Response::new().message(message.media("/a.jpg")), Realm::Messaging);
    }

    #[test]
    fn what_xml_cannot_carry_is_left_out(value in any::<String>()) {
        let hangup = Hangup { parameters: vec![Parameter::new("n", value)] };
        let xml = Response::new().verb(hangup).to_xml();
        prop_assert!(twiml::parse(&xml, Realm::Voice).is_ok());
    }
}
