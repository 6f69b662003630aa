//! `/conversations/v1/Conversations/{CH}/Participants` and `/Webhooks`: who takes part, who is told.
//!
//! Contract: Twilio's pages "Participant" and "Conversation Scoped Webhook".

use super::chats::{check_attributes, find, span, tell_if_wanted};
use super::error::ApiError;
use super::paging::Page;
use super::pools::own_url;
use super::request::Call;
use super::show;
use crate::house::House;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use exchange::chats::event::of_participant;
use exchange::chats::{ChatHook, Conversation, Participant, configure};
use exchange::numbers::Method;
use exchange::refusal::Refusal;
use exchange::sid::{ParticipantSid, WebhookSid};
use serde_json::{Value, json};
use std::sync::Arc;
use store::{Change, ChatWrite, Span, Write};

const LIST: &str = "/conversations/v1/Conversations/{chat}/Participants";
const ONE: &str = "/conversations/v1/Conversations/{chat}/Participants/{sid}";
const HOOKS: &str = "/conversations/v1/Conversations/{chat}/Webhooks";
const HOOK: &str = "/conversations/v1/Conversations/{chat}/Webhooks/{sid}";

/// Participants of one conversation at most.
const PARTICIPANTS_MAX: usize = 1000;
/// Webhooks of one conversation at most: Twilio's own limit.
const HOOKS_MAX: usize = 5;

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new()
        .route(LIST, get(list).post(create))
        .route(ONE, get(fetch).post(update).delete(delete))
        .route(HOOKS, get(list_hooks).post(create_hook))
        .route(HOOK, get(fetch_hook).post(update_hook).delete(delete_hook))
}

async fn list(Path(chat): Path<String>, call: Call) -> Result<Response, ApiError> {
    let chat = find(&call, &chat)?;
    let page = Page::of(&call)?;
    let found = call.house.store.participants(chat.sid, span(&page))?;
    let url = own_url(&call);
    let show_one = |one: &Participant| show_participant(one, &format!("{url}/{}", one.sid));
    Ok(show::ok(&page.counted(&call, "participants", found, show_one)))
}

async fn create(Path(chat): Path<String>, call: Call) -> Result<Response, ApiError> {
    check_attributes(&call)?;
    let house = &call.house;
    let one = house
        .decide(|| -> Result<_, ApiError> {
            let chat = find(&call, &chat)?;
            let now = house.now();
            let mut one = Participant {
                sid: ParticipantSid::from_parts(house.ids.parts(house.clock.wire_us())),
                conversation: chat.sid,
                account: chat.account,
                identity: String::new(),
                address: String::new(),
                proxy: String::new(),
                attributes: "{}".to_owned(),
                last_read_index: None,
                created: now,
                updated: now,
            };
            configure::participant(&mut one, &call.form, true)?;
            check_new(&call, &chat, &one)?;
            let insert = ChatWrite::InsertParticipant(Box::new(one.clone()));
            let mut change = Change::one(Write::Chats(insert));
            tell_if_wanted(&call, &chat, &of_participant("onParticipantAdded", &one), &mut change)?;
            Ok((change, one))
        })
        .await?;
    let url = format!("{}/{}", own_url(&call), one.sid);
    Ok(show::created(&show_participant(&one, &url)))
}

/// That nobody is there twice, and that texts can go between the two addresses.
fn check_new(call: &Call, chat: &Conversation, one: &Participant) -> Result<(), ApiError> {
    let store = &call.house.store;
    let all = store.participants(chat.sid, Span::ALL)?;
    if all.len() >= PARTICIPANTS_MAX {
        return Err(Refusal::conflict("a conversation has 1000 participants at most").into());
    }
    if !one.identity.is_empty() && all.iter().any(|known| known.identity == one.identity) {
        return Err(Refusal::chat_participant_exists().into());
    }
    if one.address.is_empty() {
        return Ok(());
    }
    let number = store.number_at(&one.proxy)?;
    if number.is_none_or(|number| number.account != one.account) || one.proxy == one.address {
        return Err(Refusal::chat_address_invalid(&one.proxy).into());
    }
    match store.bound(one.account, &one.proxy, &one.address)? {
        Some(bound) => Err(Refusal::chat_binding_exists(bound.conversation).into()),
        None => Ok(()),
    }
}

/// The participant of a path, by sid or identity.
fn find_one(call: &Call, chat: &Conversation, name: &str) -> Result<Participant, ApiError> {
    let all = call.house.store.participants(chat.sid, Span::ALL)?;
    let is_it = |one: &Participant| one.sid.as_str() == name || one.identity == name;
    all.into_iter().find(is_it).ok_or_else(|| call.not_found())
}

async fn fetch(
    Path((chat, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let one = find_one(&call, &find(&call, &chat)?, &sid)?;
    Ok(show::ok(&show_participant(&one, &own_url(&call))))
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
            configure::participant(&mut now, &call.form, false)?;
            now.updated = call.house.after(was);
            let write = ChatWrite::UpdateParticipant { was, now: Box::new(now.clone()) };
            let mut change = Change::one(Write::Chats(write));
            let event = of_participant("onParticipantUpdated", &now);
            tell_if_wanted(&call, &chat, &event, &mut change)?;
            Ok((change, now))
        })
        .await?;
    Ok(show::ok(&show_participant(&one, &own_url(&call))))
}

async fn delete(
    Path((chat, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    call.house
        .decide(|| -> Result<(Change, ()), ApiError> {
            let chat = find(&call, &chat)?;
            let one = find_one(&call, &chat, &sid)?;
            let mut change = Change::one(Write::Chats(ChatWrite::DeleteParticipant(one.sid)));
            let event = of_participant("onParticipantRemoved", &one);
            tell_if_wanted(&call, &chat, &event, &mut change)?;
            Ok((change, ()))
        })
        .await?;
    Ok(show::deleted())
}

/// A participant as conversations/v1 shows it.
fn show_participant(one: &Participant, url: &str) -> Value {
    let binding = (!one.address.is_empty())
        .then(|| json!({ "type": "sms", "address": one.address, "proxy_address": one.proxy }));
    json!({
        "account_sid": one.account.as_str(),
        "conversation_sid": one.conversation.as_str(),
        "sid": one.sid.as_str(),
        "identity": show::text_or_null(&one.identity),
        "attributes": one.attributes,
        "messaging_binding": binding,
        "role_sid": null,
        "date_created": show::iso8601(one.created),
        "date_updated": show::iso8601(one.updated),
        "url": url,
        "last_read_message_index": one.last_read_index,
        "last_read_timestamp": null,
    })
}

async fn list_hooks(Path(chat): Path<String>, call: Call) -> Result<Response, ApiError> {
    let chat = find(&call, &chat)?;
    let page = Page::of(&call)?;
    let found = call.house.store.chat_hooks(chat.sid, span(&page))?;
    let url = own_url(&call);
    let show_one = |one: &ChatHook| show_hook(one, &format!("{url}/{}", one.sid));
    Ok(show::ok(&page.counted(&call, "webhooks", found, show_one)))
}

async fn create_hook(Path(chat): Path<String>, call: Call) -> Result<Response, ApiError> {
    let house = &call.house;
    let one = house
        .decide(|| -> Result<_, ApiError> {
            let chat = find(&call, &chat)?;
            let now = house.now();
            let mut one = ChatHook {
                sid: WebhookSid::from_parts(house.ids.parts(house.clock.wire_us())),
                conversation: chat.sid,
                account: chat.account,
                url: String::new(),
                method: Method::Post,
                filters: Vec::new(),
                created: now,
                updated: now,
            };
            configure::hook(&mut one, &call.form, true)?;
            if house.store.chat_hooks(chat.sid, Span::ALL)?.len() >= HOOKS_MAX {
                return Err(Refusal::conflict("a conversation has 5 webhooks at most").into());
            }
            let insert = ChatWrite::InsertHook(Box::new(one.clone()));
            Ok((Change::one(Write::Chats(insert)), one))
        })
        .await?;
    Ok(show::created(&show_hook(&one, &format!("{}/{}", own_url(&call), one.sid))))
}

/// The webhook of a path, when it is of its conversation.
fn find_hook(call: &Call, chat: &str, sid: &str) -> Result<ChatHook, ApiError> {
    let chat = find(call, chat)?;
    let all = call.house.store.chat_hooks(chat.sid, Span::ALL)?;
    all.into_iter().find(|one| one.sid.as_str() == sid).ok_or_else(|| call.not_found())
}

async fn fetch_hook(
    Path((chat, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    Ok(show::ok(&show_hook(&find_hook(&call, &chat, &sid)?, &own_url(&call))))
}

async fn update_hook(
    Path((chat, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let one = call
        .house
        .decide(|| -> Result<_, ApiError> {
            let mut now = find_hook(&call, &chat, &sid)?;
            let was = now.updated;
            configure::hook(&mut now, &call.form, false)?;
            now.updated = call.house.after(was);
            let write = ChatWrite::UpdateHook { was, now: Box::new(now.clone()) };
            Ok((Change::one(Write::Chats(write)), now))
        })
        .await?;
    Ok(show::ok(&show_hook(&one, &own_url(&call))))
}

async fn delete_hook(
    Path((chat, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    call.house
        .decide(|| -> Result<(Change, ()), ApiError> {
            let write = ChatWrite::DeleteHook(find_hook(&call, &chat, &sid)?.sid);
            Ok((Change::one(Write::Chats(write)), ()))
        })
        .await?;
    Ok(show::deleted())
}

/// A webhook as conversations/v1 shows it.
fn show_hook(one: &ChatHook, url: &str) -> Value {
    json!({
        "sid": one.sid.as_str(),
        "account_sid": one.account.as_str(),
        "conversation_sid": one.conversation.as_str(),
        "target": "webhook",
        "url": url,
        "configuration": {
            "url": one.url,
            "method": one.method.as_str(),
            "filters": one.filters,
        },
        "date_created": show::iso8601(one.created),
        "date_updated": show::iso8601(one.updated),
    })
}
