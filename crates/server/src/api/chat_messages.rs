//! `/conversations/v1/Conversations/{CH}/Messages` and their receipts.
//!
//! A message of the API goes out to everybody who takes part by texts; its receipts are what became
//! of those. Contract: Twilio's pages "Conversation Message" and "Delivery Receipt".

use super::chat_acts::{Act, Names, carry_out, check_attributes, route, span};
use super::chat_media::{show_all, to_say};
use super::error::ApiError;
use super::paging::Page;
use super::pools::own_url;
use super::request::Call;
use super::show;
use crate::chats::{fresh, say};
use crate::house::House;
use crate::media_files;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use exchange::chats::event::of_message;
use exchange::chats::{ChatMessage, ChatText, Conversation, Standing, configure};
use exchange::messages::State;
use exchange::refusal::Refusal;
use exchange::sid::{ChatMessageSid, ReceiptSid};
use serde_json::{Value, json};
use std::sync::Arc;
use store::{Change, ChatWrite, Span, StoreError, Write};

pub(super) fn routes() -> Router<Arc<House>> {
    let mut router = Router::new();
    for (path, methods) in [
        ("Messages", get(list).post(create)),
        ("Messages/{sid}", get(fetch).post(update).delete(delete)),
        ("Messages/{sid}/Receipts", get(list_receipts)),
        ("Messages/{sid}/Receipts/{receipt}", get(fetch_receipt)),
    ] {
        router = route(router, &format!("Conversations/{{chat}}/{path}"), methods);
    }
    router
}

async fn list(names: Names, call: Call) -> Result<Response, ApiError> {
    let chat = names.chat(&call)?;
    let page = Page::of(&call)?;
    let backwards = match call.filled("Order") {
        None | Some("asc") => false,
        Some("desc") => true,
        Some(_) => return Err(Refusal::parameter_invalid("Order", "use asc or desc").into()),
    };
    let wanted = Span { backwards, ..span(&page) };
    let found = call.house.store.chat_messages(chat.sid, wanted)?;
    let url = own_url(&call);
    let mut shown = Vec::with_capacity(found.len());
    for one in &found {
        let one = show_message(&call.house, one, &format!("{url}/{}", one.sid))?;
        shown.push(names.shown(one, chat.service));
    }
    Ok(show::ok(&page.counted(&call, "messages", shown, Value::clone)))
}

async fn create(names: Names, call: Call) -> Result<Response, ApiError> {
    check_attributes(&call)?;
    let house = &call.house;
    let (one, service) = carry_out(&call, |advice| {
        let chat = names.chat(&call)?;
        if chat.standing == Standing::Closed {
            return Err(Refusal::chat_closed().into());
        }
        let mut one = fresh(house, &chat)?;
        one.media = to_say(&call, &chat)?;
        configure::message(&mut one, &call.form)?;
        configure::message(&mut one, advice)?;
        let all = house.store.participants(chat.sid, Span::ALL)?;
        let author = |name: &str| !name.is_empty() && name == one.author;
        let said = all.iter().find(|one| author(&one.identity) || author(&one.address));
        one.participant = said.map(|participant| participant.sid);
        let mut change = Change::default();
        say(house, &chat, &one, &mut change)?;
        let event = of_message("onMessageAdded", "API", &one);
        let outcome = (one, chat.service);
        Ok(Act { change, chat, event, outcome })
    })
    .await?;
    let url = format!("{}/{}", own_url(&call), one.sid);
    Ok(show::created(&names.shown(show_message(house, &one, &url)?, service)))
}

/// The message of a path, when it is of its conversation.
fn find_one(call: &Call, chat: &Conversation, sid: &str) -> Result<ChatMessage, ApiError> {
    let sid = ChatMessageSid::parse(sid).ok_or_else(|| call.not_found())?;
    let found = call.house.store.chat_message(sid)?;
    found.filter(|found| found.conversation == chat.sid).ok_or_else(|| call.not_found())
}

async fn fetch(names: Names, call: Call) -> Result<Response, ApiError> {
    let chat = names.chat(&call)?;
    let one = find_one(&call, &chat, &names.sid)?;
    let shown = show_message(&call.house, &one, &own_url(&call))?;
    Ok(show::ok(&names.shown(shown, chat.service)))
}

async fn update(names: Names, call: Call) -> Result<Response, ApiError> {
    check_attributes(&call)?;
    if call.filled("MediaSid").is_some() {
        return Err(Refusal::unsupported("MediaSid of a message that was said").into());
    }
    let (one, service) = carry_out(&call, |advice| {
        let chat = names.chat(&call)?;
        let mut now = find_one(&call, &chat, &names.sid)?;
        let was = now.updated;
        configure::message(&mut now, &call.form)?;
        configure::message(&mut now, advice)?;
        now.updated = call.house.after(was);
        let write = ChatWrite::UpdateMessage { was, now: Box::new(now.clone()) };
        let event = of_message("onMessageUpdated", "API", &now);
        let outcome = (now, chat.service);
        Ok(Act { change: Change::one(Write::Chats(write)), chat, event, outcome })
    })
    .await?;
    let shown = show_message(&call.house, &one, &own_url(&call))?;
    Ok(show::ok(&names.shown(shown, service)))
}

async fn delete(names: Names, call: Call) -> Result<Response, ApiError> {
    let media = carry_out(&call, |_| {
        let chat = names.chat(&call)?;
        let one = find_one(&call, &chat, &names.sid)?;
        let change = Change::one(Write::Chats(ChatWrite::DeleteMessage(one.sid)));
        let event = of_message("onMessageRemoved", "API", &one);
        Ok(Act { change, chat, event, outcome: one.media })
    })
    .await?;
    media_files::remove_chat(&call.house, &media).await;
    Ok(show::deleted())
}

async fn list_receipts(names: Names, call: Call) -> Result<Response, ApiError> {
    let chat = names.chat(&call)?;
    let one = find_one(&call, &chat, &names.sid)?;
    let page = Page::of(&call)?;
    let url = own_url(&call);
    let mut shown = Vec::new();
    for receipt in call.house.store.chat_texts(one.sid, span(&page))? {
        let url = format!("{url}/{}", receipt.sid);
        let receipt = show_receipt(&call.house, &one, &receipt, &url)?;
        shown.push(names.shown(receipt, chat.service));
    }
    Ok(show::ok(&page.counted(&call, "delivery_receipts", shown, Value::clone)))
}

async fn fetch_receipt(names: Names, call: Call) -> Result<Response, ApiError> {
    let chat = names.chat(&call)?;
    let one = find_one(&call, &chat, &names.sid)?;
    let receipt = ReceiptSid::parse(&names.receipt).ok_or_else(|| call.not_found())?;
    let all = call.house.store.chat_texts(one.sid, Span::ALL)?;
    let found = all.into_iter().find(|found| found.sid == receipt);
    let found = found.ok_or_else(|| call.not_found())?;
    let shown = show_receipt(&call.house, &one, &found, &own_url(&call))?;
    Ok(show::ok(&names.shown(shown, chat.service)))
}

/// How far the texts of a message are: of all of them, of some, or of none.
fn show_delivery(house: &House, one: &ChatMessage) -> Result<Value, StoreError> {
    let texts = house.store.chat_texts(one.sid, Span::ALL)?;
    if texts.is_empty() {
        return Ok(Value::Null);
    }
    let mut states = Vec::with_capacity(texts.len());
    for text in &texts {
        states.extend(house.store.message(text.text)?.map(|text| text.state));
    }
    let share =
        |reached: &[State]| match states.iter().filter(|state| reached.contains(state)).count() {
            0 => "none",
            count if count == texts.len() => "all",
            _ => "some",
        };
    Ok(json!({
        "total": texts.len(),
        "sent": share(&[State::Sent, State::Delivered, State::Undelivered, State::Read]),
        "delivered": share(&[State::Delivered, State::Read]),
        "read": share(&[State::Read]),
        "failed": share(&[State::Failed]),
        "undelivered": share(&[State::Undelivered]),
    }))
}

/// A message as conversations/v1 shows it.
fn show_message(house: &House, one: &ChatMessage, url: &str) -> Result<Value, StoreError> {
    Ok(json!({
        "account_sid": one.account.as_str(),
        "conversation_sid": one.conversation.as_str(),
        "sid": one.sid.as_str(),
        "index": one.index,
        "author": one.author,
        "body": one.body,
        "media": show_all(&one.media),
        "attributes": one.attributes,
        "participant_sid": one.participant.map(|sid| sid.to_string()),
        "date_created": show::iso8601(one.created),
        "date_updated": show::iso8601(one.updated),
        "url": url,
        "delivery": show_delivery(house, one)?,
        "links": {
            "delivery_receipts": format!("{url}/Receipts"),
            "channel_metadata": format!("{url}/ChannelMetadata"),
        },
        "content_sid": null,
    }))
}

/// A receipt as conversations/v1 shows it: what became of its text.
fn show_receipt(
    house: &House,
    one: &ChatMessage,
    receipt: &ChatText,
    url: &str,
) -> Result<Value, StoreError> {
    let text = house.store.message(receipt.text)?;
    let updated = text.as_ref().map_or(one.created, |text| text.updated);
    Ok(json!({
        "account_sid": one.account.as_str(),
        "conversation_sid": one.conversation.as_str(),
        "sid": receipt.sid.as_str(),
        "message_sid": one.sid.as_str(),
        "channel_message_sid": receipt.text.as_str(),
        "participant_sid": receipt.participant.as_str(),
        "status": text.as_ref().map(|text| text.state.as_str()),
        "error_code": text.and_then(|text| text.error_code).unwrap_or(0),
        "date_created": show::iso8601(one.created),
        "date_updated": show::iso8601(updated),
        "url": url,
    }))
}
