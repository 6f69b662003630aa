//! What the house sends has a name in `libs/webhook`: every test that ends well has its log read
//! here, so that a parameter that only one end knows can't come to be.

use exchange::webhooks::{Purpose, Webhook};
use webhook::Form;

/// The parameters of a form that a type has no field for; `None` when the form is none of it.
macro_rules! left_of {
    ($form:expr, $kind:ident, $($extra:ident).+) => {
        webhook::$kind::from_form($form).ok().map(|read| read.$($extra).+)
    };
}

/// What is kept in `extra` on purpose: the first message's sid in the action of a `<Message>`, and
/// what the action of a call's old `<Sms>` is told, which has no type.
const KEPT: &[&str] = &["SmsMessageSid", "SmsSid", "SmsStatus"];

/// What each type that a webhook may be read as leaves over.
fn left(purpose: Purpose, form: &Form) -> Vec<Option<Form>> {
    match purpose {
        Purpose::InboundMessage => vec![
            left_of!(form, InboundMessage, extra),
            // The action of a `<Message>` is told of the reply, too.
            left_of!(form, MessageStatus, extra),
        ],
        Purpose::MessageStatus => vec![left_of!(form, MessageStatus, extra)],
        Purpose::Voice => vec![
            left_of!(form, VoiceRequest, extra),
            left_of!(form, GatherResult, call.extra),
            left_of!(form, RecordResult, call.extra),
            left_of!(form, DialResult, call.extra),
            left_of!(form, EnqueueResult, call.extra),
            left_of!(form, ReferResult, call.extra),
            left_of!(form, PayResult, call.extra),
            left_of!(form, RelayResult, call.extra),
            left_of!(form, ReferRequest, call.extra),
            left_of!(form, QueueWait, call.extra),
            left_of!(form, Dequeued, call.extra),
        ],
        Purpose::CallStatus => vec![left_of!(form, CallStatus, call.extra)],
        Purpose::RecordingStatus => vec![left_of!(form, RecordingStatus, extra)],
        Purpose::Transcription => vec![left_of!(form, RecordedText, call.extra)],
        Purpose::AmdStatus => vec![left_of!(form, AmdStatus, extra)],
        Purpose::PartialResult => vec![left_of!(form, PartialSpeech, call.extra)],
        Purpose::UserMessage => vec![left_of!(form, UserDefinedMessage, extra)],
        Purpose::Debugger => vec![left_of!(form, DebuggerEvent, extra)],
        // No form is written for these: our own, JSON, what has no parameters, what somebody chose.
        Purpose::CallerId
        | Purpose::UsageTrigger
        | Purpose::Conversation
        | Purpose::SinkEvent
        | Purpose::Audio
        | Purpose::Media
        | Purpose::Replay => Vec::new(),
    }
}

/// Parameters of a webhook that no type of `libs/webhook` names, but for the customer's own.
pub fn unnamed(webhook: &Webhook, own: &[String]) -> Vec<String> {
    let form = Form::parse(webhook.parameters.as_bytes()).expect("a form");
    let left: Vec<Form> = left(webhook.purpose, &form).into_iter().flatten().collect();
    let Some((first, rest)) = left.split_first() else { return Vec::new() };
    let is_unnamed =
        |name: &str| !KEPT.contains(&name) && rest.iter().all(|form| form.get(name).is_some());
    let names = first.iter().map(|(name, _)| name.to_owned());
    names.filter(|name| is_unnamed(name) && !own.contains(name)).collect()
}

#[test]
fn a_parameter_that_no_type_names_is_found() {
    let account = "AC00000000000000000000000000000001";
    let message = webhook::InboundMessage::new("SM1", account, "+1", "+2", "hi");
    let mut webhook = Webhook {
        id: 0,
        account: exchange::sid::AccountSid::parse(account).expect("a sid"),
        kind: exchange::webhooks::Kind::Ask,
        purpose: Purpose::InboundMessage,
        resource: exchange::sid::Sid::parse(account).expect("a sid"),
        url: "http://127.0.0.1/".into(),
        method: exchange::numbers::Method::Post,
        parameters: message.to_form().encode(),
        token: 1,
        fallback: None,
        context: String::new(),
        due: jiff::Timestamp::UNIX_EPOCH,
        created: jiff::Timestamp::UNIX_EPOCH,
        failures: 0,
    };
    assert_eq!(unnamed(&webhook, &[]), Vec::<String>::new());
    webhook.parameters.push_str("&Boddy=x");
    assert_eq!(unnamed(&webhook, &[]), ["Boddy"]);
    assert_eq!(unnamed(&webhook, &["Boddy".into()]), Vec::<String>::new());
}
