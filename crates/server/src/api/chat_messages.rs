//! `/conversations/v1/Conversations/{CH}/Messages` and their receipts.
//!
//! A message of the API goes out to everybody who takes part by texts; its receipts are what became
//! of those. Contract: Twilio's pages "Conversation Message" and "Delivery Receipt".

use super::chats::{check_attributes, find, span, tell_if_wanted, wants_tells};
use super::error::ApiError;
use super::paging::Page;
use super::pools::own_url;
use super::request::Call;
use super::show;
use crate::chats::{fresh, say};
use crate::house::House;
use axum::Router;
use axum::extract::Path;
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

const LIST: &str = "/conversations/v1/Conversations/{chat}/Messages";
const ONE: &str = "/conversations/v1/Conversations/{chat}/Messages/{sid}";
const RECEIPTS: &str = "/conversations/v1/Conversations/{chat}/Messages/{sid}/Receipts";
const RECEIPT: &str = "/conversations/v1/Conversations/{chat}/Messages/{sid}/Receipts/{receipt}";

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new()
        .route(LIST, get(list).post(create))
        .route(ONE, get(fetch).post(update).delete(delete))
        .route(RECEIPTS, get(list_receipts))
        .route(RECEIPT, get(fetch_receipt))
}

async fn list(Path(chat): Path<String>, call: Call) -> Result<Response, ApiError> {
    let chat = find(&call, &chat)?;
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
        shown.push(show_message(&call.house, one, &format!("{url}/{}", one.sid))?);
    }
    Ok(show::ok(&page.counted(&call, "messages", shown, Value::clone)))
}

async fn create(Path(chat): Path<String>, call: Call) -> Result<Response, ApiError> {
    check_attributes(&call)?;
    let house = &call.house;
    let one = house
        .decide(|| -> Result<_, ApiError> {
            let chat = find(&call, &chat)?;
            if chat.standing == Standing::Closed {
                return Err(Refusal::chat_closed().into());
            }
            let mut one = fresh(house, &chat)?;
            configure::message(&mut one, &call.form)?;
            let all = house.store.participants(chat.sid, Span::ALL)?;
            let author = |name: &str| !name.is_empty() && name == one.author;
            let said = all.iter().find(|one| author(&one.identity) || author(&one.address));
            one.participant = said.map(|participant| participant.sid);
            let mut change = Change::default();
            let event = of_message("onMessageAdded", "API", &one);
            say(house, &chat, &one, Some(&event).filter(|_| wants_tells(&call)), &mut change)?;
            Ok((change, one))
        })
        .await?;
    let url = format!("{}/{}", own_url(&call), one.sid);
    Ok(show::created(&show_message(house, &one, &url)?))
}

/// The message of a path, when it is of its conversation.
fn find_one(call: &Call, chat: &Conversation, sid: &str) -> Result<ChatMessage, ApiError> {
    let sid = ChatMessageSid::parse(sid).ok_or_else(|| call.not_found())?;
    let found = call.house.store.chat_message(sid)?;
    found.filter(|found| found.conversation == chat.sid).ok_or_else(|| call.not_found())
}

async fn fetch(
    Path((chat, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let one = find_one(&call, &find(&call, &chat)?, &sid)?;
    Ok(show::ok(&show_message(&call.house, &one, &own_url(&call))?))
}

async fn update(
    Path((chat, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    check_attributes(&call)?;
    let one = call
        .house
        .decide(|| -> Result<_, ApiError> {
            let chat = find(&call, &chat)?;
            let mut now = find_one(&call, &chat, &sid)?;
            let was = now.updated;
            configure::message(&mut now, &call.form)?;
            now.updated = call.house.after(was);
            let write = ChatWrite::UpdateMessage { was, now: Box::new(now.clone()) };
            let mut change = Change::one(Write::Chats(write));
            let event = of_message("onMessageUpdated", "API", &now);
            tell_if_wanted(&call, &chat, &event, &mut change)?;
            Ok((change, now))
        })
        .await?;
    Ok(show::ok(&show_message(&call.house, &one, &own_url(&call))?))
}

async fn delete(
    Path((chat, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    call.house
        .decide(|| -> Result<(Change, ()), ApiError> {
            let chat = find(&call, &chat)?;
            let one = find_one(&call, &chat, &sid)?;
            let mut change = Change::one(Write::Chats(ChatWrite::DeleteMessage(one.sid)));
            let event = of_message("onMessageRemoved", "API", &one);
            tell_if_wanted(&call, &chat, &event, &mut change)?;
            Ok((change, ()))
        })
        .await?;
    Ok(show::deleted())
}

async fn list_receipts(
    Path((chat, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let one = find_one(&call, &find(&call, &chat)?, &sid)?;
    let page = Page::of(&call)?;
    let url = own_url(&call);
    let mut shown = Vec::new();
    for receipt in call.house.store.chat_texts(one.sid, span(&page))? {
        let url = format!("{url}/{}", receipt.sid);
        shown.push(show_receipt(&call.house, &one, &receipt, &url)?);
    }
    Ok(show::ok(&page.counted(&call, "delivery_receipts", shown, Value::clone)))
}

async fn fetch_receipt(
    Path((chat, sid, receipt)): Path<(String, String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let one = find_one(&call, &find(&call, &chat)?, &sid)?;
    let receipt = ReceiptSid::parse(&receipt).ok_or_else(|| call.not_found())?;
    let all = call.house.store.chat_texts(one.sid, Span::ALL)?;
    let found = all.into_iter().find(|found| found.sid == receipt);
    let found = found.ok_or_else(|| call.not_found())?;
    Ok(show::ok(&show_receipt(&call.house, &one, &found, &own_url(&call))?))
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
        "media": null,
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
