//! `/offhook/v1/Phones/{address}`: handsets of the simulated network and their messages.

use super::simulated;
use crate::api::error::ApiError;
use crate::api::paging::Page;
use crate::api::request::Call;
use crate::api::show;
use crate::house::House;
use crate::messages::{ReceiveError, receive};
use crate::webhooks::advance;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::{get, post};
use exchange::messages::inbound::Arrival;
use exchange::messages::segments::{BODY_CHARACTERS_MAX, body_characters};
use exchange::messages::{Direction, Media, Message, State as MessageState, is_final};
use exchange::numbers::{Address, WHATSAPP, is_whatsapp};
use exchange::phones::{self, Handset};
use exchange::refusal::Refusal;
use exchange::sid::MessageSid;
use exchange::webhooks::url::Url;
use exchange::webhooks::{Kind, Purpose, Status};
use jiff::SignedDuration;
use serde_json::{Value, json};
use std::sync::Arc;
use store::{Change, MessageFilter, Place, WebhookFilter, Write};

/// Media a person may send with one message.
const MEDIA_MAX: usize = webhook::MEDIA_MAX;
/// Replies shown with a message.
const REPLIES_MAX: u64 = 1000;

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new()
        .route("/offhook/v1/Phones/{address}", post(put).get(fetch))
        .route("/offhook/v1/Phones/{address}/Messages", get(list).post(create))
        .route("/offhook/v1/Phones/{address}/Messages/{sid}", get(fetch_message))
        .route("/offhook/v1/Phones/{address}/Messages/{sid}/Read", post(read))
}

pub(super) fn address_of(text: &str) -> Result<String, ApiError> {
    match Address::parse(text, Some("US")) {
        // A name can be a sender; nobody can be called or texted at one.
        Ok(Address::AlphaSender(_)) => {
            let why = "use E.164, client:…, sip:… or whatsapp:+…";
            Err(Refusal::parameter_invalid("address", why).into())
        }
        Ok(address) => Ok(address.to_string()),
        Err(why) => Err(Refusal::parameter_invalid("address", why).into()),
    }
}

/// The address of a handset: one that no account owns.
pub(super) fn handset_of(call: &Call, address: &str) -> Result<String, ApiError> {
    let address = address_of(address)?;
    match call.house.number_of(&address)? {
        None => Ok(address),
        Some(_) => {
            let why = format!("{address} is a number of this house, not a handset");
            Err(Refusal::parameter_invalid("address", why).into())
        }
    }
}

async fn fetch(Path(address): Path<String>, call: Call) -> Result<Response, ApiError> {
    simulated(&call)?;
    let handset = call.house.store.handset(&handset_of(&call, &address)?)?;
    Ok(show::ok(&show_handset(&handset)))
}

async fn put(Path(address): Path<String>, call: Call) -> Result<Response, ApiError> {
    simulated(&call)?;
    let mut handset = call.house.store.handset(&handset_of(&call, &address)?)?;
    phones::configure(&mut handset, &call.form)?;
    call.house.save(Change::one(Write::PutHandset(Box::new(handset.clone())))).await?;
    Ok(show::ok(&show_handset(&handset)))
}

fn show_handset(handset: &Handset) -> Value {
    let duration = |ms: u64| SignedDuration::from_millis(ms as i64).to_string();
    json!({
        "address": handset.address,
        "on_call": handset.on_call.as_str(),
        "answer_after": duration(handset.answer_after_ms),
        "on_message": handset.on_message.as_str(),
        "error_code": handset.error_code,
        "deliver_after": duration(handset.deliver_after_ms),
        "lines": handset.lines,
        "profile_name": show::text_or_null(&handset.profile_name),
        "read_after": handset.read_after_ms.map(duration),
        "service_window": handset.service_window,
    })
}

/// A person texts.
async fn create(Path(address): Path<String>, call: Call) -> Result<Response, ApiError> {
    simulated(&call)?;
    let from = handset_of(&call, &address)?;
    let to = call.filled("To").ok_or_else(Refusal::to_missing)?;
    let to = receiver(&from, to)?;
    let body = call.get("Body").unwrap_or_default().to_owned();
    if body_characters(&body) > BODY_CHARACTERS_MAX {
        return Err(Refusal::body_too_long().into());
    }
    let media = media_of(&call)?;
    if body.is_empty() && media.is_empty() {
        return Err(Refusal::body_missing().into());
    }
    let sid = call.house.message_sid(!media.is_empty());
    let arrival = Arrival { sid, from, to, body, media };
    let message = receive(&call.house, arrival).await.map_err(not_taken)?;
    Ok(show::created(&show_message(&call.house, &message)))
}

/// Whom a person writes to, by the channel that the person is on: who is on WhatsApp may name the
/// bare number.
fn receiver(from: &str, to: &str) -> Result<String, ApiError> {
    match (is_whatsapp(from), Address::parse(to, Some("US"))) {
        (true, Ok(Address::Phone(to))) => Ok(format!("{WHATSAPP}{to}")),
        (false, Ok(Address::WhatsApp(_))) => Err(Refusal::channels_differ().into()),
        (_, Ok(to)) => Ok(to.to_string()),
        (_, Err(_)) => Err(Refusal::to_invalid(to).into()),
    }
}

/// Why a text did not come in.
fn not_taken(error: ReceiveError) -> ApiError {
    let why = format!("Not taken: {error}.");
    match error {
        ReceiveError::NoSuchNumber(number) => {
            let why = format!("The 'To' number {number} is not a number of this house.");
            Refusal::new(21_211, 400, why).into()
        }
        ReceiveError::NotActive(_) => Refusal::new(10_001, 400, why).into(),
        ReceiveError::Dropped { .. } => Refusal::new(21_612, 400, why).into(),
        ReceiveError::Media(unfit) => Refusal::new(unfit.code, 400, unfit.message).into(),
        ReceiveError::Disk(error) => {
            tracing::error!(%error, "media that came in can't be written");
            Refusal::unavailable().into()
        }
        ReceiveError::Store(error) => error.into(),
    }
}

fn media_of(call: &Call) -> Result<Vec<Media>, ApiError> {
    let urls: Vec<&str> = call.form.get_all("MediaUrl").filter(|url| !url.is_empty()).collect();
    if urls.len() > MEDIA_MAX {
        return Err(Refusal::media_too_many().into());
    }
    urls.into_iter()
        .map(|url| match Url::parse(url) {
            Err(_) => Err(Refusal::media_url_invalid(url).into()),
            Ok(_) => Ok(Media::at(call.house.media_sid(), url.trim())),
        })
        .collect()
}

async fn list(Path(address): Path<String>, call: Call) -> Result<Response, ApiError> {
    simulated(&call)?;
    let page = Page::of(&call)?;
    let filter = MessageFilter {
        peer: Some(handset_of(&call, &address)?),
        place: page.place(MessageSid::parse)?,
        ..MessageFilter::default()
    };
    let found = call.house.store.messages(call.account.sid, &filter, page.limit())?;
    let sid_of = |message: &Message| message.sid.to_string();
    let show_one = |message: &Message| show_message(&call.house, message);
    Ok(show::ok(&page.modern(&call, "messages", found, (sid_of, show_one))))
}

/// The message of a path, when it is the handset's and the account's.
fn find(call: &Call, address: &str, sid: &str) -> Result<Message, ApiError> {
    let address = handset_of(call, address)?;
    let sid = MessageSid::parse(sid).ok_or_else(|| call.not_found())?;
    let message = call.house.store.message(sid)?;
    message
        .filter(|message| message.account == call.account.sid && message.peer() == address)
        .ok_or_else(|| call.not_found())
}

/// A person reads a message, which its sender is told on WhatsApp.
async fn read(
    Path((address, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    simulated(&call)?;
    let message = call
        .house
        .decide(|| -> Result<_, ApiError> {
            let message = find(&call, &address, &sid)?;
            match message.state {
                MessageState::Read => return Ok((Change::default(), message)),
                MessageState::Sent | MessageState::Delivered if is_whatsapp(&message.to) => {}
                _ => {
                    let why = "only what came by WhatsApp can be told to be read";
                    return Err(Refusal::parameter_invalid("sid", why).into());
                }
            }
            let change = advance(&call.house, &message, &[(MessageState::Read, None)]);
            let updated = call.house.now();
            Ok((change, Message { state: MessageState::Read, updated, ..message }))
        })
        .await?;
    Ok(show::ok(&show_message(&call.house, &message)))
}

/// One message of the handset, and how far its reply session is.
async fn fetch_message(
    Path((address, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    simulated(&call)?;
    let message = find(&call, &address, &sid)?;
    let mut body = show_message(&call.house, &message);
    if message.direction == Direction::Inbound {
        let session = session(&call.house, &message)?;
        body["reply_session"] = session.0.into();
        body["replies"] = session.1;
        body["conversation"] = conversation(&call, &message)?;
    }
    Ok(show::ok(&body))
}

/// The conversation that a text was for, of a person who takes part in one: what it said there, if
/// it did. No number's application is asked about it.
fn conversation(call: &Call, message: &Message) -> Result<Value, ApiError> {
    if let Some(said) = call.house.store.said_by_text(message.sid)? {
        return Ok(json!({
            "conversation_sid": said.conversation.as_str(),
            "message_sid": said.sid.as_str(),
        }));
    }
    let asked = WebhookFilter {
        resource: Some(message.sid.sid()),
        kind: Some(Kind::Ask),
        status: None,
        place: Place::Top,
    };
    let asked = call.house.store.webhooks(message.account, &asked, 1)?;
    let asked = asked.first().map(|entry| &entry.webhook);
    let Some(asked) = asked.filter(|asked| asked.purpose == Purpose::Conversation) else {
        return Ok(Value::Null);
    };
    let form = asked.form();
    Ok(json!({ "conversation_sid": form.get("ConversationSid"), "message_sid": null }))
}

/// `open` while an ask of the session or a reply is on its way, else `closed`; and the replies.
fn session(house: &House, message: &Message) -> Result<(&'static str, Value), ApiError> {
    // Asks first: a reply that an ask makes is committed with the ask's end.
    let waiting = WebhookFilter {
        resource: Some(message.sid.sid()),
        kind: Some(Kind::Ask),
        status: Some(Status::Waiting),
        place: Place::Top,
    };
    let asking = !house.store.webhooks(message.account, &waiting, 1)?.is_empty();
    let filter = MessageFilter { in_reply_to: Some(message.sid), ..MessageFilter::default() };
    let mut replies = house.store.messages(message.account, &filter, REPLIES_MAX)?;
    replies.reverse();
    let moving = |reply: &Message| !is_final(reply.state) && reply.state != MessageState::Sent;
    let open = asking || replies.iter().any(moving);
    let shown = replies.iter().map(|reply| show_message(house, reply)).collect();
    Ok((if open { "open" } else { "closed" }, shown))
}

/// As the person sees it. What the house never let go (14107, a refusing network) did not arrive.
fn direction(message: &Message) -> &'static str {
    match (message.direction, message.state) {
        (Direction::Inbound, _) => "sent",
        (
            _,
            MessageState::Failed
            | MessageState::Undelivered
            | MessageState::Canceled
            | MessageState::Accepted
            | MessageState::Scheduled,
        ) => "not-received",
        _ => "received",
    }
}

fn show_message(house: &House, message: &Message) -> Value {
    let base = &house.settings.public_url;
    let media: Vec<Value> = message
        .media
        .iter()
        .filter(|media| media.is_kept())
        .map(|media| {
            json!({
                "url": exchange::messages::inbound::media_url(message, media, base),
                "content_type": media.content_type,
            })
        })
        .collect();
    json!({
        "sid": message.sid.as_str(),
        "direction": direction(message),
        "from": message.from,
        "to": message.to,
        "body": message.body,
        "status": message.state.as_str(),
        "error_code": message.error_code,
        "num_segments": message.num_segments,
        "media": media,
        "in_reply_to": message.in_reply_to.as_ref().map(|sid| sid.as_str()),
        "date_created": show::iso8601(message.created),
        "date_updated": show::iso8601(message.updated),
    })
}
