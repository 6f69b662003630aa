//! `/conversations/v1`: the configuration, services, and the webhooks of both.
//!
//! Contract: Twilio's pages "Configuration", "Conversation Service" and their webhooks; fields as
//! the official SDKs have them.

use super::chat_acts::{Names, find_service, first_service, settings, url};
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
use exchange::chats::{ChatService, ChatSettings, Hooks, configure};
use exchange::refusal::Refusal;
use exchange::sid::{ChatServiceSid, chat_service};
use serde_json::{Value, json};
use std::sync::Arc;
use store::{Change, ChatWrite, Span, Write};

const SERVICES: &str = "/conversations/v1/Services";
const SERVICE: &str = "/conversations/v1/Services/{sid}";
const OF_SERVICE: &str = "/conversations/v1/Services/{service}/Configuration";
const HOOKS_OF_SERVICE: &str = "/conversations/v1/Services/{service}/Configuration/Webhooks";

/// Services of one account at most.
const SERVICES_MAX: usize = 1000;

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new()
        .route("/conversations/v1/Configuration", get(configuration).post(update_configuration))
        .route("/conversations/v1/Configuration/Webhooks", get(hooks).post(update_hooks))
        .route(SERVICES, get(list).post(create))
        .route(SERVICE, get(fetch).delete(delete))
        .route(OF_SERVICE, get(of_service))
        .route(HOOKS_OF_SERVICE, get(service_hooks).post(update_service_hooks))
}

async fn configuration(call: Call) -> Result<Response, ApiError> {
    Ok(show::ok(&show_configuration(&call, &settings(&call)?)))
}

async fn update_configuration(call: Call) -> Result<Response, ApiError> {
    let refused = ["DefaultMessagingServiceSid", "DefaultInactiveTimer", "DefaultClosedTimer"];
    if let Some(name) = refused.iter().find(|name| call.filled(name).is_some()) {
        return Err(Refusal::unsupported(format!("{name} of conversations")).into());
    }
    let one = call
        .house
        .decide(|| -> Result<_, ApiError> {
            let mut one = settings(&call)?;
            if let Some(sid) = call.filled("DefaultChatServiceSid") {
                let found = find_service(&call, sid).map_err(|_| {
                    let why = "it is no service of the account's";
                    Refusal::parameter_invalid("DefaultChatServiceSid", why)
                })?;
                one.default_service = Some(found.sid);
            }
            let write = ChatWrite::PutSettings(Box::new(one.clone()));
            Ok((Change::one(Write::Chats(write)), one))
        })
        .await?;
    Ok(show::ok(&show_configuration(&call, &one)))
}

fn show_configuration(call: &Call, one: &ChatSettings) -> Value {
    let service = one.service();
    json!({
        "account_sid": one.account.as_str(),
        "default_chat_service_sid": service.as_str(),
        "default_messaging_service_sid": null,
        "default_inactive_timer": null,
        "default_closed_timer": null,
        "url": own_url(call),
        "links": {
            "service": url(call, &format!("Services/{service}")),
            "webhooks": url(call, "Configuration/Webhooks"),
        },
    })
}

async fn hooks(call: Call) -> Result<Response, ApiError> {
    Ok(show::ok(&show_hooks(&call, &settings(&call)?.hooks)))
}

async fn update_hooks(call: Call) -> Result<Response, ApiError> {
    let one = call
        .house
        .decide(|| -> Result<_, ApiError> {
            let mut one = settings(&call)?;
            configure::hooks(&mut one.hooks, &call.form)?;
            let write = ChatWrite::PutSettings(Box::new(one.clone()));
            Ok((Change::one(Write::Chats(write)), one))
        })
        .await?;
    Ok(show::ok(&show_hooks(&call, &one.hooks)))
}

fn show_hooks(call: &Call, one: &Hooks) -> Value {
    json!({
        "account_sid": call.account.sid.as_str(),
        "method": one.method.as_str(),
        "filters": one.filters,
        "pre_webhook_url": show::text_or_null(&one.pre_url),
        "post_webhook_url": show::text_or_null(&one.post_url),
        "target": "webhook",
        "url": own_url(call),
    })
}

/// The services of an account: the one that it began with is always among them.
fn all_services(call: &Call) -> Result<Vec<ChatService>, ApiError> {
    let account = call.account.sid;
    let mut all = call.house.store.chat_services(account, Span::ALL)?;
    if all.iter().all(|one| one.sid != chat_service(account)) {
        all.insert(0, first_service(call));
    }
    Ok(all)
}

async fn list(call: Call) -> Result<Response, ApiError> {
    let page = Page::of(&call)?;
    let found: Vec<ChatService> = page.cut(&all_services(&call)?).to_vec();
    Ok(show::ok(&page.counted(&call, "services", found, |one| show_service(&call, one))))
}

async fn create(call: Call) -> Result<Response, ApiError> {
    let house = &call.house;
    let one = house
        .decide(|| -> Result<_, ApiError> {
            let now = house.now();
            let mut one = ChatService {
                sid: ChatServiceSid::from_parts(house.ids.parts(house.clock.wire_us())),
                created: now,
                updated: now,
                friendly_name: String::new(),
                ..first_service(&call)
            };
            configure::service(&mut one, &call.form)?;
            if all_services(&call)?.len() >= SERVICES_MAX {
                return Err(Refusal::conflict("an account has 1000 services at most").into());
            }
            let insert = ChatWrite::InsertService(Box::new(one.clone()));
            Ok((Change::one(Write::Chats(insert)), one))
        })
        .await?;
    Ok(show::created(&show_service(&call, &one)))
}

async fn fetch(names: Names, call: Call) -> Result<Response, ApiError> {
    Ok(show::ok(&show_service(&call, &find_service(&call, &names.sid)?)))
}

async fn delete(names: Names, call: Call) -> Result<Response, ApiError> {
    let media = call
        .house
        .decide(|| -> Result<_, ApiError> {
            let one = find_service(&call, &names.sid)?;
            if one.sid == settings(&call)?.service() || one.sid == chat_service(one.account) {
                return Err(Refusal::conflict("the default service can't be deleted").into());
            }
            let media = call.house.store.chat_media_of(one.sid)?;
            let write = ChatWrite::DeleteService(one.sid);
            Ok((Change::one(Write::Chats(write)), media))
        })
        .await?;
    media_files::remove_chat(&call.house, &media).await;
    Ok(show::deleted())
}

fn show_service(call: &Call, one: &ChatService) -> Value {
    let url = url(call, &format!("Services/{}", one.sid));
    json!({
        "account_sid": one.account.as_str(),
        "sid": one.sid.as_str(),
        "friendly_name": one.friendly_name,
        "date_created": show::iso8601(one.created),
        "date_updated": show::iso8601(one.updated),
        "url": url,
        "links": {
            "conversations": format!("{url}/Conversations"),
            "users": format!("{url}/Users"),
            "roles": format!("{url}/Roles"),
            "bindings": format!("{url}/Bindings"),
            "configuration": format!("{url}/Configuration"),
            "participant_conversations": format!("{url}/ParticipantConversations"),
            "conversation_with_participants": format!("{url}/ConversationWithParticipants"),
        },
    })
}

async fn of_service(names: Names, call: Call) -> Result<Response, ApiError> {
    let sid = names.service(&call)?;
    let url = url(&call, &format!("Services/{sid}/Configuration"));
    Ok(show::ok(&json!({
        "chat_service_sid": sid.as_str(),
        "default_conversation_creator_role_sid": null,
        "default_conversation_role_sid": null,
        "default_chat_service_role_sid": null,
        "reachability_enabled": false,
        "url": url,
        "links": {
            "notifications": format!("{url}/Notifications"),
            "webhooks": format!("{url}/Webhooks"),
        },
    })))
}

/// The service of a path below one.
fn named_service(call: &Call, names: &Names) -> Result<ChatService, ApiError> {
    find_service(call, names.service.as_deref().unwrap_or_default())
}

async fn service_hooks(names: Names, call: Call) -> Result<Response, ApiError> {
    Ok(show::ok(&show_service_hooks(&call, &named_service(&call, &names)?)))
}

async fn update_service_hooks(names: Names, call: Call) -> Result<Response, ApiError> {
    let one = call
        .house
        .decide(|| -> Result<_, ApiError> {
            let mut now = named_service(&call, &names)?;
            configure::hooks(&mut now.hooks, &call.form)?;
            let was = now.updated;
            now.updated = call.house.after(was);
            let boxed = Box::new(now.clone());
            let write = match call.house.store.chat_service(now.sid)? {
                Some(_) => ChatWrite::UpdateService { was, now: boxed },
                // The one that the account began with was never written.
                None => ChatWrite::InsertService(boxed),
            };
            Ok((Change::one(Write::Chats(write)), now))
        })
        .await?;
    Ok(show::ok(&show_service_hooks(&call, &one)))
}

fn show_service_hooks(call: &Call, one: &ChatService) -> Value {
    json!({
        "account_sid": one.account.as_str(),
        "chat_service_sid": one.sid.as_str(),
        "pre_webhook_url": show::text_or_null(&one.hooks.pre_url),
        "post_webhook_url": show::text_or_null(&one.hooks.post_url),
        "filters": one.hooks.filters,
        "method": one.hooks.method.as_str(),
        "url": own_url(call),
    })
}
