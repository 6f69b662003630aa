//! A message comes in: what is kept of it, and what its number's application is asked.
//!
//! Called by the server when a carrier hands a message over; the record and the ask it returns
//! are saved together. Contract: webhooks.md 2a and 2g.

use crate::messages::opt_out::Word;
use crate::messages::{Direction, Media, Message, State, segments};
use crate::numbers::{Hook, Number, PhoneNumber, is_whatsapp, without_channel};
use crate::sid::{MessageSid, ServiceSid};
use crate::webhooks::{Kind, Purpose, Webhook};
use jiff::Timestamp;
use webhook::{Channel, Form, InboundMessage, Place};

/// What a carrier hands over.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrival {
    /// What it will be called: its media lie under that name already.
    pub sid: MessageSid,
    /// The sender's address.
    pub from: String,
    /// The number's address: its phone number, or its WhatsApp address.
    pub to: String,
    /// The text.
    pub body: String,
    /// What it carries.
    pub media: Vec<Media>,
}

/// Keeps an arrival at `number`, which `service` may have, as a message that was received `now`.
pub fn receive(
    arrival: Arrival,
    number: &Number,
    service: Option<ServiceSid>,
    now: Timestamp,
) -> Message {
    Message {
        sid: arrival.sid,
        account: number.account,
        direction: Direction::Inbound,
        num_segments: segments::of_message(
            &arrival.body,
            is_whatsapp(&arrival.from) || !arrival.media.is_empty(),
        ),
        from: arrival.from,
        to: arrival.to,
        body: arrival.body,
        state: State::Received,
        error_code: None,
        media: arrival.media,
        service,
        status_callback: None,
        in_reply_to: None,
        created: now,
        updated: now,
        sent: Some(now),
        feedback: None,
        send_at: None,
        expires: None,
    }
}

/// What an application is told beside the message itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct Circumstances<'a> {
    /// The house's public URL, under which media are shown.
    pub base: &'a str,
    /// The word of leaving or coming back, where the service is to tell it.
    pub opt_out: Option<Word>,
    /// How the person is called on WhatsApp.
    pub profile_name: &'a str,
}

/// The first ask of a message's reply session, if its number has a URL for it.
pub fn ask(
    message: &Message,
    hook: &Hook,
    circumstances: Circumstances<'_>,
    token: u128,
) -> Option<Webhook> {
    let primary = hook.primary()?;
    Some(Webhook {
        id: 0,
        account: message.account,
        kind: Kind::Ask,
        purpose: Purpose::InboundMessage,
        resource: message.sid.sid(),
        url: primary.url,
        method: primary.method,
        parameters: parameters(message, circumstances).encode(),
        token,
        fallback: hook.fallback(),
        context: String::new(),
        due: message.created,
        created: message.created,
        failures: 0,
    })
}

/// The parameters of the inbound message webhook.
pub fn parameters(message: &Message, circumstances: Circumstances<'_>) -> Form {
    let mut wire = InboundMessage::new(
        message.sid.as_str(),
        message.account.as_str(),
        message.from.as_str(),
        message.to.as_str(),
        message.body.as_str(),
    );
    wire.segments = message.num_segments.max(1);
    wire.messaging_service_sid = message.service.map(|sid| sid.to_string());
    wire.media = message
        .media
        .iter()
        .map(|media| webhook::Media {
            url: media_url(message, media, circumstances.base),
            content_type: media.content_type.clone(),
        })
        .collect();
    if is_whatsapp(&message.from) {
        wire.channel = channel(message, circumstances.profile_name);
    } else {
        wire.from_place = place(&message.from);
        wire.to_place = place(&message.to);
    }
    wire.opt_out_type = circumstances.opt_out.map(|word| word.as_str().to_owned());
    wire.to_form()
}

/// What WhatsApp says of a message and its sender.
fn channel(message: &Message, profile_name: &str) -> Channel {
    let mut channel = Channel::default();
    let phone_number = without_channel(&message.from);
    let name = if profile_name.is_empty() { phone_number } else { profile_name };
    let first = message.media.first().map(|media| media.content_type.as_str());
    let wa_id = phone_number.trim_start_matches('+');
    channel.channel_metadata = Some(format!(
        r#"{{"type":"whatsapp","data":{{"context":{{"ProfileName":{},"WaId":{}}}}}}}"#,
        json_text(name),
        json_text(wa_id),
    ));
    channel.profile_name = Some(name.to_owned());
    channel.wa_id = Some(wa_id.to_owned());
    channel.message_type = Some(message_type(first).to_owned());
    channel.referral_num_media = Some("0".to_owned());
    channel
}

/// A text as JSON writes it.
fn json_text(text: &str) -> String {
    let mut json = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => json.extend(['\\', c]),
            c if c.is_control() => json.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => json.push(c),
        }
    }
    json.push('"');
    json
}

/// WhatsApp's word for what a message is, by the type of its medium.
fn message_type(content_type: Option<&str>) -> &'static str {
    match content_type.map(|text| text.split('/').next().unwrap_or_default()) {
        None => "text",
        Some("image") if content_type == Some("image/webp") => "sticker",
        Some("image") => "image",
        Some("audio") => "audio",
        Some("video") => "video",
        Some("text") => "contacts",
        Some(_) => "document",
    }
}

/// Where a medium of a message is served (webhooks.md 2a).
pub fn media_url(message: &Message, media: &Media, base: &str) -> String {
    format!(
        "{base}/2010-04-01/Accounts/{}/Messages/{}/Media/{}",
        message.account, message.sid, media.sid
    )
}

/// Only the country is known, from the number itself; the rest is sent empty, as Twilio does.
pub(crate) fn place(address: &str) -> Option<Place> {
    let number = PhoneNumber::parse(address, None).ok()?;
    let country = number.country().unwrap_or_default().to_owned();
    Some(Place { country, ..Place::default() })
}
