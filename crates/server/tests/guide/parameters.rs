//! The tables of parameters are those of `libs/webhook`, and what a house sends while a page is
//! read stands in them.

use crate::page::{Table, read};
use crate::session::Session;
use std::collections::{BTreeMap, BTreeSet};
use webhook::{
    CallDetails, CallState, CallStatus, Channel, DialResult, Form, GatherResult, Gathered,
    InboundMessage, MessageState, MessageStatus, PartialSpeech, RecordResult, RecordedText,
    RecordingStatus, SipLeg, StatusDetails, UserDefinedMessage, VoiceRequest,
};

type Names = BTreeMap<String, bool>;

fn names(always: &[&str], sometimes: &[&str]) -> Names {
    let always = always.iter().map(|name| ((*name).to_owned(), true));
    let sometimes = sometimes.iter().map(|name| ((*name).to_owned(), false));
    sometimes.chain(always).collect()
}

/// Names of a form with everything (`full`), and of one with what is always sent.
fn of_forms(least: &Form, full: &Form) -> Names {
    let of = |form: &Form| form.iter().map(|(name, _)| name.to_owned()).collect::<BTreeSet<_>>();
    let least = of(least);
    of(full).union(&least).map(|name| (name.clone(), least.contains(name))).collect()
}

/// A form with this and all these names besides, as the type writes it again.
fn grown(least: &Form, more: &[&str]) -> Form {
    let mut form = least.clone();
    let more = more.iter().filter(|name| least.get(name).is_none());
    form.extend(more.map(|name| (*name, "1")));
    form
}

const PLACES: [&str; 4] = ["City", "State", "Zip", "Country"];

fn places(prefixes: &[&str]) -> Vec<String> {
    let of = |prefix: &&str| PLACES.map(|part| [*prefix, part].concat());
    prefixes.iter().flat_map(of).collect()
}

/// Reads it and writes it again; whatever the type does not know is found in `extra`.
macro_rules! known {
    ($type:ident, $form:expr) => {{
        let read = $type::from_form(&$form).expect("it is complete");
        assert_eq!(read.extra.len(), 0, "{:?}", read.extra);
        read.to_form()
    }};
}

fn inbound_message() -> Names {
    let least = InboundMessage::new("SM1", "AC1", "+1", "+2", "hi").to_form();
    let mut full = least.clone();
    full.set("NumMedia", "1");
    let places = places(&["From", "To"]);
    let mut more = vec!["MessagingServiceSid", "MediaUrl0", "MediaContentType0", "OptOutType"];
    more.extend(["ErrorCode", "ErrorUrl"]);
    more.extend(places.iter().map(String::as_str));
    more.extend(Channel::NAMES);
    of_forms(&least, &known!(InboundMessage, grown(&full, &more)))
}

fn message_status() -> Names {
    let (sent, ok) = (MessageState::Sent, "AC1");
    let least = MessageStatus::new("SM1", ok, "+1", "+2", sent).to_form();
    let mut more = vec!["MessagingServiceSid", "ErrorCode"];
    more.extend(StatusDetails::NAMES);
    of_forms(&least, &known!(MessageStatus, grown(&least, &more)))
}

fn a_call() -> VoiceRequest {
    VoiceRequest::new("CA1", "AC1", "+1", "+2", CallState::InProgress)
}

/// The standard set; what verbs hear has a table of its own.
fn voice_request() -> Names {
    let least = a_call().to_form();
    let mut more = vec!["ErrorCode", "ErrorUrl"];
    let places = places(&["From", "Caller", "To", "Called"]);
    more.extend(places.iter().map(String::as_str));
    more.extend(CallDetails::NAMES.iter().chain(SipLeg::NAMES));
    of_forms(&least, &known!(VoiceRequest, grown(&least, &more)))
}

fn call_status() -> Names {
    let standard = voice_request();
    let least = CallStatus::new(a_call(), 0, "now").to_form();
    let mut status = CallStatus::new(a_call(), 0, "now");
    // Whoever adds a field is led here by the reader of the form below.
    (status.duration_secs, status.billed_minutes) = (Some(61), Some(2));
    (status.sip_response_code, status.stir_status) = (Some(200), Some("A".into()));
    let mut full = status.to_form();
    for name in ["RecordingUrl", "RecordingSid", "RecordingDuration"] {
        full.push(name, "1");
    }
    let read = CallStatus::from_form(&full).expect("it is complete");
    assert_eq!(read.call.extra.len(), 0, "{:?}", read.call.extra);
    let all = of_forms(&least, &read.to_form());
    all.into_iter().filter(|(name, _)| !standard.contains_key(name)).collect()
}

/// What each table has to hold, by its remark.
fn contract(name: &str) -> Names {
    match name {
        "InboundMessage" => inbound_message(),
        "MessageStatus" => message_status(),
        "VoiceRequest" => voice_request(),
        "CallStatus" => call_status(),
        "GatherResult" => {
            names(&[], &[Gathered::NAMES, GatherResult::ALWAYS, GatherResult::SOMETIMES].concat())
        }
        "PartialSpeech" => names(PartialSpeech::ALWAYS, PartialSpeech::SOMETIMES),
        "RecordResult" => names(RecordResult::ALWAYS, RecordResult::SOMETIMES),
        "DialResult" => names(DialResult::ALWAYS, DialResult::SOMETIMES),
        "RecordingStatus" => names(RecordingStatus::ALWAYS, RecordingStatus::SOMETIMES),
        "UserDefinedMessage" => names(UserDefinedMessage::ALWAYS, UserDefinedMessage::SOMETIMES),
        "RecordedText" => names(RecordedText::ALWAYS, RecordedText::SOMETIMES),
        other => panic!("a table of {other}?"),
    }
}

const TABLES: &[(&str, &[&str])] = &[
    ("webhooks", &["InboundMessage", "VoiceRequest", "GatherResult", "PartialSpeech"]),
    ("webhooks", &["RecordResult", "DialResult"]),
    ("status-callbacks", &["MessageStatus", "CallStatus", "RecordingStatus", "RecordedText"]),
    ("status-callbacks", &["UserDefinedMessage"]),
];

fn table(language: &str, page: &str, name: &str) -> Table {
    let page = read(language, page);
    let named = |table: &&Table| table.remarks.iter().any(|(_, value)| value == name);
    let found = page.tables.iter().find(named).cloned();
    found.unwrap_or_else(|| panic!("{}: no table of {name}", page.path))
}

/// Names in a row's first cell: several that belong together, and families as `From…` never.
fn row_names(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn the_tables_have_every_parameter_of_the_wire() {
    for (language, always) in [("en", "always"), ("es", "siempre")] {
        for (page, tables) in TABLES {
            for name in *tables {
                let mut shown = Names::new();
                for row in table(language, page, name).rows {
                    assert_eq!(row.len(), 3, "{language} {page} {name}: {row:?}");
                    for parameter in row_names(&row[0]) {
                        let twice = shown.insert(parameter, row[1] == always);
                        assert!(twice.is_none(), "{language} {page} {name}: twice: {row:?}");
                    }
                }
                assert_eq!(shown, contract(name), "{language} {page}: {name}");
            }
        }
    }
}

/// Every request that a house made while a page was read has no parameter that is in no table.
pub fn what_was_sent_is_in_the_tables(session: &Session, language: &str, page: &str) {
    let all: BTreeSet<String> = TABLES
        .iter()
        .flat_map(|(page, tables)| tables.iter().map(move |name| (page, name)))
        .flat_map(|(page, name)| table(language, page, name).rows)
        .flat_map(|row| row_names(&row[0]))
        .collect();
    // The debugger's are in its own paragraph.
    let sent = session.ask("offhook webhooks list --json --limit 1000");
    for line in sent.lines() {
        let sent: serde_json::Value = serde_json::from_str(line).expect("JSON");
        if sent["purpose"] == "debugger" || sent["purpose"] == "replay" {
            continue;
        }
        for (name, _) in sent["parameters"].as_object().expect("an object") {
            let mine = name.starts_with(|first: char| first.is_ascii_lowercase()) && name != "msg";
            assert!(mine || all.contains(name), "{page}: {name} is in no table: {sent}");
        }
    }
}
