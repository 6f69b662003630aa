//! `/conversations/v1/Conversations`, of the default service and of others.
//!
//! What is in a conversation has a file of its own. Contract: Twilio's page "Conversation"; fields
//! as the official SDKs have them.

use super::chat_acts::{Act, Names, carry_out, check_attributes, route, span};
use super::error::ApiError;
use super::paging::Page;
use super::pools::own_url;
use super::request::Call;
use super::show;
use crate::house::House;
use crate::media_files;
use axum::Router;
use axum::response::Response;
use axum::routing::get;
use exchange::chats::event::of_conversation;
use exchange::chats::{Conversation, Standing, configure};
use exchange::refusal::Refusal;
use exchange::sid::{ChatServiceSid, ConversationSid};
use serde_json::{Value, json};
use std::sync::Arc;
use store::{Change, ChatWrite, Span, Write};

pub(super) fn routes() -> Router<Arc<House>> {
    let router = route(Router::new(), "Conversations", get(list).post(create));
    route(router, "Conversations/{chat}", get(fetch).post(update).delete(delete))
}

async fn list(names: Names, call: Call) -> Result<Response, ApiError> {
    if let Some(name) = ["StartDate", "EndDate"].iter().find(|name| call.filled(name).is_some()) {
        return Err(Refusal::unsupported(format!("{name} of a list of conversations")).into());
    }
    let page = Page::of(&call)?;
    let standing = match call.filled("State") {
        None => None,
        Some(text) => Some(Standing::parse(text).ok_or_else(|| {
            Refusal::parameter_invalid("State", "use active, inactive or closed")
        })?),
    };
    let wanted = Span { backwards: true, ..span(&page) };
    let found = call.house.store.conversations(names.service(&call)?, standing, wanted)?;
    let url = own_url(&call);
    let show_one = |one: &Conversation| show_chat(one, &format!("{url}/{}", one.sid));
    Ok(show::ok(&page.counted(&call, "conversations", found, show_one)))
}

async fn create(names: Names, call: Call) -> Result<Response, ApiError> {
    check_attributes(&call)?;
    let first = fresh(&call, names.service(&call)?);
    let one = carry_out(&call, |advice| {
        let mut one = first.clone();
        configure::conversation(&mut one, &call.form)?;
        configure::conversation(&mut one, advice)?;
        check_name(&call, &one)?;
        let insert = ChatWrite::InsertConversation(Box::new(one.clone()));
        let event = of_conversation("onConversationAdded", &one);
        let change = Change::one(Write::Chats(insert));
        Ok(Act { change, chat: one.clone(), event, outcome: one })
    })
    .await?;
    Ok(show::created(&show_chat(&one, &format!("{}/{}", own_url(&call), one.sid))))
}

/// A conversation without a name yet.
fn fresh(call: &Call, service: ChatServiceSid) -> Conversation {
    let now = call.house.now();
    Conversation {
        sid: ConversationSid::from_parts(call.house.ids.parts(call.house.clock.wire_us())),
        account: call.account.sid,
        service,
        friendly_name: String::new(),
        unique_name: String::new(),
        attributes: "{}".to_owned(),
        standing: Standing::Active,
        created: now,
        updated: now,
    }
}

/// That no other conversation of the service has the unique name.
fn check_name(call: &Call, one: &Conversation) -> Result<(), ApiError> {
    if one.unique_name.is_empty() {
        return Ok(());
    }
    let found = call.house.store.conversation_in(one.service, &one.unique_name)?;
    match found.is_some_and(|found| found.sid != one.sid) {
        true => Err(Refusal::chat_name_taken(&one.unique_name).into()),
        false => Ok(()),
    }
}

/// That nobody who texts in a conversation that opens again does so in another one meanwhile.
fn check_bindings(call: &Call, one: &Conversation) -> Result<(), ApiError> {
    let store = &call.house.store;
    let all = store.participants(one.sid, Span::ALL)?;
    for participant in all.iter().filter(|participant| !participant.address.is_empty()) {
        if let Some(other) = store.bound(one.account, &participant.proxy, &participant.address)? {
            return Err(Refusal::chat_binding_exists(other.conversation).into());
        }
    }
    Ok(())
}

async fn fetch(names: Names, call: Call) -> Result<Response, ApiError> {
    Ok(show::ok(&show_chat(&names.chat(&call)?, &own_url(&call))))
}

async fn update(names: Names, call: Call) -> Result<Response, ApiError> {
    check_attributes(&call)?;
    let one = carry_out(&call, |advice| {
        let mut now = names.chat(&call)?;
        let (was, stood) = (now.updated, now.standing);
        configure::conversation(&mut now, &call.form)?;
        configure::conversation(&mut now, advice)?;
        check_name(&call, &now)?;
        if stood == Standing::Closed && now.standing != Standing::Closed {
            check_bindings(&call, &now)?;
        }
        now.updated = call.house.after(was);
        let write = ChatWrite::UpdateConversation { was, now: Box::new(now.clone()) };
        let name = match now.standing == stood {
            true => "onConversationUpdated",
            false => "onConversationStateUpdated",
        };
        let (change, event) = (Change::one(Write::Chats(write)), of_conversation(name, &now));
        Ok(Act { change, chat: now.clone(), event, outcome: now })
    })
    .await?;
    Ok(show::ok(&show_chat(&one, &own_url(&call))))
}

async fn delete(names: Names, call: Call) -> Result<Response, ApiError> {
    let media = carry_out(&call, |_| {
        let chat = names.chat(&call)?;
        let media = call.house.store.chat_media_in(chat.sid)?;
        let change = Change::one(Write::Chats(ChatWrite::DeleteConversation(chat.sid)));
        let event = of_conversation("onConversationRemoved", &chat);
        Ok(Act { change, chat, event, outcome: media })
    })
    .await?;
    media_files::remove_chat(&call.house, &media).await;
    Ok(show::deleted())
}

/// A conversation as conversations/v1 shows it.
fn show_chat(one: &Conversation, url: &str) -> Value {
    json!({
        "account_sid": one.account.as_str(),
        "chat_service_sid": one.service.as_str(),
        "messaging_service_sid": null,
        "sid": one.sid.as_str(),
        "friendly_name": show::text_or_null(&one.friendly_name),
        "unique_name": show::text_or_null(&one.unique_name),
        "attributes": one.attributes,
        "state": one.standing.as_str(),
        "date_created": show::iso8601(one.created),
        "date_updated": show::iso8601(one.updated),
        "timers": {},
        "url": url,
        "links": {
            "participants": format!("{url}/Participants"),
            "messages": format!("{url}/Messages"),
            "webhooks": format!("{url}/Webhooks"),
        },
        "bindings": null,
    })
}
