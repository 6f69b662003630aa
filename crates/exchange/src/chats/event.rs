//! What happened in a conversation, as its webhooks are told it.
//!
//! Called by whoever changes a conversation; who is told follows from the filters. Contract: Twilio's
//! page "Conversations Webhooks": the post-action events and their parameters.

use super::{ChatHook, ChatMedium, ChatMessage, ChatText, Conversation, Hooks, Participant};
use crate::messages::State;
use crate::numbers::Method;
use crate::webhooks::{Kind, Purpose, Webhook};
use jiff::Timestamp;
use webhook::Form;

/// The events that can be told: those of things that happened.
pub const EVENTS: &[&str] = &[
    "onConversationAdded",
    "onConversationRemoved",
    "onConversationStateUpdated",
    "onConversationUpdated",
    "onDeliveryUpdated",
    "onMessageAdded",
    "onMessageRemoved",
    "onMessageUpdated",
    "onParticipantAdded",
    "onParticipantRemoved",
    "onParticipantUpdated",
];

/// The events that are asked about before they happen, and what each is called when it has.
pub const BEFORE: &[(&str, &str)] = &[
    ("onConversationAdd", "onConversationAdded"),
    ("onConversationRemove", "onConversationRemoved"),
    ("onConversationUpdate", "onConversationUpdated"),
    ("onConversationUpdate", "onConversationStateUpdated"),
    ("onMessageAdd", "onMessageAdded"),
    ("onMessageRemove", "onMessageRemoved"),
    ("onMessageUpdate", "onMessageUpdated"),
    ("onParticipantAdd", "onParticipantAdded"),
    ("onParticipantRemove", "onParticipantRemoved"),
    ("onParticipantUpdate", "onParticipantUpdated"),
];

/// Whether something happened by this name.
pub fn is_told(name: &str) -> bool {
    EVENTS.contains(&name)
}

/// Whether something is about to happen by this name.
pub fn is_asked(name: &str) -> bool {
    BEFORE.iter().any(|(before, _)| *before == name)
}

/// What happened.
#[derive(Debug, Clone)]
pub struct Event {
    /// One of [`EVENTS`].
    pub name: &'static str,
    /// `SMS` or `API`; empty where nobody acted.
    pub source: &'static str,
    /// What is known of it.
    pub form: Form,
}

fn iso8601(time: Timestamp) -> String {
    format!("{time:.3}")
}

/// Something of the conversation itself.
pub fn of_conversation(name: &'static str, one: &Conversation) -> Event {
    let mut form = Form::new();
    form.push("DateCreated", iso8601(one.created));
    form.push("DateUpdated", iso8601(one.updated));
    form.push("FriendlyName", one.friendly_name.as_str());
    form.push("UniqueName", one.unique_name.as_str());
    form.push("Attributes", one.attributes.as_str());
    form.push("State", one.standing.as_str());
    Event { name, source: "API", form }
}

/// Something of a participant.
pub fn of_participant(name: &'static str, one: &Participant) -> Event {
    let mut form = Form::new();
    form.push("ParticipantSid", one.sid.as_str());
    form.push("DateCreated", iso8601(one.created));
    form.push("DateUpdated", iso8601(one.updated));
    form.push("Identity", one.identity.as_str());
    form.push("Attributes", one.attributes.as_str());
    if !one.address.is_empty() {
        form.push("MessagingBinding.Type", "sms");
        form.push("MessagingBinding.Address", one.address.as_str());
        form.push("MessagingBinding.ProxyAddress", one.proxy.as_str());
    }
    Event { name, source: "API", form }
}

/// Something of a message.
pub fn of_message(name: &'static str, source: &'static str, one: &ChatMessage) -> Event {
    let mut form = Form::new();
    form.push("MessageSid", one.sid.as_str());
    form.push("Index", one.index.to_string());
    form.push("DateCreated", iso8601(one.created));
    form.push("DateUpdated", iso8601(one.updated));
    form.push("Author", one.author.as_str());
    form.push("Body", one.body.as_str());
    form.push("Attributes", one.attributes.as_str());
    if let Some(participant) = one.participant {
        form.push("ParticipantSid", participant.as_str());
    }
    if !one.media.is_empty() {
        form.push("Media", media(&one.media));
    }
    Event { name, source, form }
}

/// Media as JSON, with the members that applications read.
fn media(all: &[ChatMedium]) -> String {
    let shown = all.iter().map(|one| {
        // Neither a sid nor a media type has anything to escape.
        let filename = json_text(&one.filename);
        let (sid, content_type, size) = (one.sid, &one.content_type, one.size);
        format!(
            r#"{{"Sid":"{sid}","Category":"media","Filename":{filename},"ContentType":"{content_type}","Size":{size}}}"#
        )
    });
    format!("[{}]", shown.collect::<Vec<_>>().join(","))
}

/// A text as JSON has it.
fn json_text(text: &str) -> String {
    let mut shown = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => shown.extend(['\\', c]),
            c if c.is_control() => shown.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => shown.push(c),
        }
    }
    shown.push('"');
    shown
}

/// Whether a status of a text is told to its conversation: those that its network reports.
pub fn is_delivery(state: State) -> bool {
    matches!(
        state,
        State::Sent | State::Delivered | State::Undelivered | State::Failed | State::Read
    )
}

/// A text that brings a message to a participant reached a status.
pub fn of_delivery(
    receipt: &ChatText,
    (state, error_code): (State, Option<u32>),
    (created, updated): (Timestamp, Timestamp),
) -> Event {
    let mut form = Form::new();
    form.push("MessageSid", receipt.message.as_str());
    form.push("DeliveryReceiptSid", receipt.sid.as_str());
    form.push("ChannelMessageSid", receipt.text.as_str());
    form.push("ParticipantSid", receipt.participant.as_str());
    form.push("Status", state.as_str());
    form.push("ErrorCode", error_code.unwrap_or(0).to_string());
    form.push("DateCreated", iso8601(created));
    form.push("DateUpdated", iso8601(updated));
    Event { name: "onDeliveryUpdated", source: "", form }
}

impl Event {
    /// The same before it happens; nothing for what nobody is asked about. What is to be made has
    /// no sid yet, nor a place.
    pub fn before(&self) -> Option<Event> {
        let (name, _) = BEFORE.iter().find(|(_, told)| *told == self.name)?;
        let unknown: &[&str] = match *name {
            "onMessageAdd" => &["MessageSid", "Index", "DateUpdated"],
            "onParticipantAdd" => &["ParticipantSid", "DateUpdated"],
            "onConversationAdd" => &["DateUpdated"],
            _ => &[],
        };
        let known = self.form.iter().filter(|(name, _)| !unknown.contains(name));
        Some(Event { name, source: self.source, form: Form::from_pairs(known) })
    }
}

fn parameters(event: &Event, conversation: &Conversation) -> Form {
    let mut form = Form::new();
    form.push("EventType", event.name);
    form.push("AccountSid", conversation.account.as_str());
    form.push("ChatServiceSid", conversation.service.as_str());
    if event.name != "onConversationAdd" {
        form.push("ConversationSid", conversation.sid.as_str());
    }
    if !event.source.is_empty() {
        form.push("Source", event.source);
        form.push("RetryCount", "0");
    }
    event.form.iter().for_each(|(name, value)| form.push(name, value));
    form
}

/// The webhook of an event in a conversation, told until somebody says otherwise.
pub fn webhook(
    event: &Event,
    conversation: &Conversation,
    (url, method): (String, Method),
    (token, now): (u128, Timestamp),
) -> Webhook {
    Webhook {
        id: 0,
        account: conversation.account,
        kind: Kind::Tell,
        purpose: Purpose::Conversation,
        resource: conversation.sid.sid(),
        url,
        method,
        parameters: parameters(event, conversation).encode(),
        token,
        fallback: None,
        context: String::new(),
        due: now,
        created: now,
        failures: 0,
    }
}

/// Who is asked about an event before it happens: the service's application, else the account's.
pub fn asked(before: &Event, hooks: &[&Hooks]) -> Option<(String, Method)> {
    let wants = |hooks: &&&Hooks| {
        !hooks.pre_url.is_empty() && hooks.filters.iter().any(|filter| filter == before.name)
    };
    hooks.iter().rev().find(wants).map(|hooks| (hooks.pre_url.clone(), hooks.method))
}

/// The tells of an event: to the account's webhook, the service's, and those of the conversation
/// that want it.
pub fn tells(
    event: &Event,
    conversation: &Conversation,
    (hooks, scoped): (&[&Hooks], &[ChatHook]),
    token: impl Fn() -> u128,
    now: Timestamp,
) -> Vec<Webhook> {
    let wants = |filters: &[String]| filters.iter().any(|filter| filter == event.name);
    let of_all = hooks.iter().filter(|hooks| !hooks.post_url.is_empty() && wants(&hooks.filters));
    let of_all = of_all.map(|hooks| (hooks.post_url.clone(), hooks.method));
    let of_one = scoped.iter().filter(|hook| wants(&hook.filters));
    let of_one = of_one.map(|hook| (hook.url.clone(), hook.method));
    let targets = of_all.chain(of_one);
    targets.map(|target| webhook(event, conversation, target, (token(), now))).collect()
}
