//! A message comes in: what is kept of it, and what its number's application is asked.
//!
//! Called by the server when a carrier hands a message over; the record and the ask it returns
//! are saved together. Contract: webhooks.md 2a and 2g.

use crate::messages::opt_out::Word;
use crate::messages::{Direction, Media, Message, State, segments};
use crate::numbers::{Hook, Number, PhoneNumber};
use crate::sid::{MessageSid, ServiceSid};
use crate::webhooks::{Kind, Purpose, Webhook};
use jiff::Timestamp;
use webhook::{Form, InboundMessage, Place};

/// What a carrier hands over.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrival {
    /// What it will be called: its media lie under that name already.
    pub sid: MessageSid,
    /// The sender's address.
    pub from: String,
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
        from: arrival.from,
        to: number.phone_number.clone(),
        num_segments: segments::of_message(&arrival.body, !arrival.media.is_empty()),
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

/// The first ask of a message's reply session, if its number has a URL for it. Media are shown
/// under `base`, the house's public URL; `opt_out` is said where the service is to tell it.
pub fn ask(
    message: &Message,
    hook: &Hook,
    base: &str,
    opt_out: Option<Word>,
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
        parameters: parameters(message, base, opt_out).encode(),
        token,
        fallback: hook.fallback(),
        context: String::new(),
        due: message.created,
        created: message.created,
        failures: 0,
    })
}

/// The parameters of the inbound message webhook.
pub fn parameters(message: &Message, base: &str, opt_out: Option<Word>) -> Form {
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
            url: media_url(message, media, base),
            content_type: media.content_type.clone(),
        })
        .collect();
    wire.from_place = place(&message.from);
    wire.to_place = place(&message.to);
    wire.opt_out_type = opt_out.map(|word| word.as_str().to_owned());
    wire.to_form()
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
