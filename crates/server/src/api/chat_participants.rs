//! `/conversations/v1/Conversations/{CH}/Participants` and `/Webhooks`: who takes part, who is told.
//!
//! Contract: Twilio's pages "Participant" and "Conversation Scoped Webhook".

use super::chat_acts::{Act, Names, carry_out, check_attributes, route, span, url};
use super::error::ApiError;
use super::paging::Page;
use super::pools::own_url;
use super::request::Call;
use super::show;
use crate::house::House;
use axum::Router;
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

/// Participants of one conversation at most.
const PARTICIPANTS_MAX: usize = 1000;
/// Webhooks of one conversation at most: Twilio's own limit.
const HOOKS_MAX: usize = 5;

pub(super) fn routes() -> Router<Arc<House>> {
    let one = get(fetch).post(update).delete(delete);
    let hook = get(fetch_hook).post(update_hook).delete(delete_hook);
    let mut router = Router::new();
    for (path, methods) in [
        ("Participants", get(list).post(create)),
        ("Participants/{sid}", one),
        ("Webhooks", get(list_hooks).post(create_hook)),
        ("Webhooks/{sid}", hook),
    ] {
        router = route(router, &format!("Conversations/{{chat}}/{path}"), methods);
    }
    route(router, "ParticipantConversations", get(list_participations))
}

/// Where somebody takes part.
async fn list_participations(names: Names, call: Call) -> Result<Response, ApiError> {
    let who = (call.filled("Identity"), call.filled("Address"));
    if who.0.is_none() == who.1.is_none() {
        return Err(Refusal::parameter_missing("Identity or Address").into());
    }
    let (service, page) = (names.service(&call)?, Page::of(&call)?);
    let store = &call.house.store;
    let who = (who.0.unwrap_or_default(), who.1.unwrap_or_default());
    let mut shown = Vec::new();
    for one in store.participations(service, who, span(&page))? {
        // Who left just now is not shown.
        let Some(chat) = store.conversation(one.conversation)? else { continue };
        shown.push(show_participation(&call, &one, &chat));
    }
    Ok(show::ok(&page.counted(&call, "conversations", shown, Value::clone)))
}

fn show_participation(call: &Call, one: &Participant, chat: &Conversation) -> Value {
    let place = url(call, &format!("Services/{}/Conversations/{}", chat.service, chat.sid));
    json!({
        "account_sid": one.account.as_str(),
        "chat_service_sid": chat.service.as_str(),
        "participant_sid": one.sid.as_str(),
        "participant_user_sid": null,
        "participant_identity": show::text_or_null(&one.identity),
        "participant_messaging_binding": binding(one),
        "conversation_sid": chat.sid.as_str(),
        "conversation_unique_name": show::text_or_null(&chat.unique_name),
        "conversation_friendly_name": show::text_or_null(&chat.friendly_name),
        "conversation_attributes": chat.attributes,
        "conversation_date_created": show::iso8601(chat.created),
        "conversation_date_updated": show::iso8601(chat.updated),
        "conversation_created_by": "system",
        "conversation_state": chat.standing.as_str(),
        "conversation_timers": {},
        "links": {
            "participant": format!("{place}/Participants/{}", one.sid),
            "conversation": place,
        },
    })
}

/// The two addresses of who takes part by texts.
fn binding(one: &Participant) -> Option<Value> {
    (!one.address.is_empty())
        .then(|| json!({ "type": "sms", "address": one.address, "proxy_address": one.proxy }))
}

async fn list(names: Names, call: Call) -> Result<Response, ApiError> {
    let chat = names.chat(&call)?;
    let page = Page::of(&call)?;
    let found = call.house.store.participants(chat.sid, span(&page))?;
    let url = own_url(&call);
    let show_one = |one: &Participant| {
        names.shown(show_participant(one, &format!("{url}/{}", one.sid)), chat.service)
    };
    Ok(show::ok(&page.counted(&call, "participants", found, show_one)))
}

async fn create(names: Names, call: Call) -> Result<Response, ApiError> {
    check_attributes(&call)?;
    let sid = ParticipantSid::from_parts(call.house.ids.parts(call.house.clock.wire_us()));
    let (one, service) = carry_out(&call, |advice| {
        let chat = names.chat(&call)?;
        let mut one = fresh(&call, sid, &chat);
        configure::participant(&mut one, &call.form, true)?;
        configure::participant(&mut one, advice, false)?;
        check_new(&call, &chat, &one)?;
        let insert = ChatWrite::InsertParticipant(Box::new(one.clone()));
        let event = of_participant("onParticipantAdded", &one);
        let outcome = (one, chat.service);
        Ok(Act { change: Change::one(Write::Chats(insert)), chat, event, outcome })
    })
    .await?;
    let url = format!("{}/{}", own_url(&call), one.sid);
    Ok(show::created(&names.shown(show_participant(&one, &url), service)))
}

/// Nobody in particular yet.
fn fresh(call: &Call, sid: ParticipantSid, chat: &Conversation) -> Participant {
    let now = call.house.now();
    Participant {
        sid,
        conversation: chat.sid,
        account: chat.account,
        identity: String::new(),
        address: String::new(),
        proxy: String::new(),
        attributes: "{}".to_owned(),
        last_read_index: None,
        created: now,
        updated: now,
    }
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

async fn fetch(names: Names, call: Call) -> Result<Response, ApiError> {
    let chat = names.chat(&call)?;
    let one = find_one(&call, &chat, &names.sid)?;
    Ok(show::ok(&names.shown(show_participant(&one, &own_url(&call)), chat.service)))
}

async fn update(names: Names, call: Call) -> Result<Response, ApiError> {
    check_attributes(&call)?;
    let (one, service) = carry_out(&call, |advice| {
        let chat = names.chat(&call)?;
        let mut now = find_one(&call, &chat, &names.sid)?;
        let was = now.updated;
        configure::participant(&mut now, &call.form, false)?;
        configure::participant(&mut now, advice, false)?;
        now.updated = call.house.after(was);
        let write = ChatWrite::UpdateParticipant { was, now: Box::new(now.clone()) };
        let event = of_participant("onParticipantUpdated", &now);
        let outcome = (now, chat.service);
        Ok(Act { change: Change::one(Write::Chats(write)), chat, event, outcome })
    })
    .await?;
    Ok(show::ok(&names.shown(show_participant(&one, &own_url(&call)), service)))
}

async fn delete(names: Names, call: Call) -> Result<Response, ApiError> {
    carry_out(&call, |_| {
        let chat = names.chat(&call)?;
        let one = find_one(&call, &chat, &names.sid)?;
        let change = Change::one(Write::Chats(ChatWrite::DeleteParticipant(one.sid)));
        let event = of_participant("onParticipantRemoved", &one);
        Ok(Act { change, chat, event, outcome: () })
    })
    .await?;
    Ok(show::deleted())
}

/// A participant as conversations/v1 shows it.
fn show_participant(one: &Participant, url: &str) -> Value {
    json!({
        "account_sid": one.account.as_str(),
        "conversation_sid": one.conversation.as_str(),
        "sid": one.sid.as_str(),
        "identity": show::text_or_null(&one.identity),
        "attributes": one.attributes,
        "messaging_binding": binding(one),
        "role_sid": null,
        "date_created": show::iso8601(one.created),
        "date_updated": show::iso8601(one.updated),
        "url": url,
        "last_read_message_index": one.last_read_index,
        "last_read_timestamp": null,
    })
}

async fn list_hooks(names: Names, call: Call) -> Result<Response, ApiError> {
    let chat = names.chat(&call)?;
    let page = Page::of(&call)?;
    let found = call.house.store.chat_hooks(chat.sid, span(&page))?;
    let url = own_url(&call);
    let show_one =
        |one: &ChatHook| names.shown(show_hook(one, &format!("{url}/{}", one.sid)), chat.service);
    Ok(show::ok(&page.counted(&call, "webhooks", found, show_one)))
}

async fn create_hook(names: Names, call: Call) -> Result<Response, ApiError> {
    let house = &call.house;
    let (one, service) = house
        .decide(|| -> Result<_, ApiError> {
            let chat = names.chat(&call)?;
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
            Ok((Change::one(Write::Chats(insert)), (one, chat.service)))
        })
        .await?;
    let url = format!("{}/{}", own_url(&call), one.sid);
    Ok(show::created(&names.shown(show_hook(&one, &url), service)))
}

/// The webhook of a path, when it is of its conversation.
fn find_hook(call: &Call, chat: &Conversation, sid: &str) -> Result<ChatHook, ApiError> {
    let all = call.house.store.chat_hooks(chat.sid, Span::ALL)?;
    all.into_iter().find(|one| one.sid.as_str() == sid).ok_or_else(|| call.not_found())
}

async fn fetch_hook(names: Names, call: Call) -> Result<Response, ApiError> {
    let chat = names.chat(&call)?;
    let one = find_hook(&call, &chat, &names.sid)?;
    Ok(show::ok(&names.shown(show_hook(&one, &own_url(&call)), chat.service)))
}

async fn update_hook(names: Names, call: Call) -> Result<Response, ApiError> {
    let (one, service) = call
        .house
        .decide(|| -> Result<_, ApiError> {
            let chat = names.chat(&call)?;
            let mut now = find_hook(&call, &chat, &names.sid)?;
            let was = now.updated;
            configure::hook(&mut now, &call.form, false)?;
            now.updated = call.house.after(was);
            let write = ChatWrite::UpdateHook { was, now: Box::new(now.clone()) };
            Ok((Change::one(Write::Chats(write)), (now, chat.service)))
        })
        .await?;
    Ok(show::ok(&names.shown(show_hook(&one, &own_url(&call)), service)))
}

async fn delete_hook(names: Names, call: Call) -> Result<Response, ApiError> {
    call.house
        .decide(|| -> Result<(Change, ()), ApiError> {
            let chat = names.chat(&call)?;
            let write = ChatWrite::DeleteHook(find_hook(&call, &chat, &names.sid)?.sid);
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
