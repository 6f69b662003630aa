//! `/conversations/v1`: the configuration, the default service, and conversations.
//!
//! What is in a conversation has a file of its own. Like Twilio's, webhooks tell of what the API did
//! only where the request has `X-Twilio-Webhook-Enabled: true`. Contract: Twilio's pages of the
//! Conversations API; fields as the official SDKs have them.

use super::error::ApiError;
use super::paging::Page;
use super::pools::own_url;
use super::request::Call;
use super::show;
use crate::chats::tell;
use crate::house::House;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use exchange::chats::event::{Event, of_conversation};
use exchange::chats::{ChatSettings, Conversation, Standing, configure};
use exchange::numbers::Method;
use exchange::refusal::Refusal;
use exchange::sid::{ConversationSid, chat_service};
use serde_json::{Value, json};
use std::sync::Arc;
use store::{Change, ChatWrite, Span, StoreError, Write};

const LIST: &str = "/conversations/v1/Conversations";
const ONE: &str = "/conversations/v1/Conversations/{sid}";

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new()
        .route("/conversations/v1/Configuration", get(configuration))
        .route("/conversations/v1/Configuration/Webhooks", get(settings).post(update_settings))
        .route("/conversations/v1/Services", get(list_services))
        .route("/conversations/v1/Services/{sid}", get(fetch_service))
        .route(LIST, get(list).post(create))
        .route(ONE, get(fetch).post(update).delete(delete))
}

/// The URL of something of conversations/v1, on the base and prefix that were asked.
fn url(call: &Call, path: &str) -> String {
    let asked = own_url(call);
    let base = asked.rfind("/v1/").map_or(asked.as_str(), |at| &asked[..at]);
    format!("{base}/v1/{path}")
}

async fn configuration(call: Call) -> Result<Response, ApiError> {
    let service = chat_service(call.account.sid);
    Ok(show::ok(&json!({
        "account_sid": call.account.sid.as_str(),
        "default_chat_service_sid": service.as_str(),
        "default_messaging_service_sid": null,
        "default_inactive_timer": null,
        "default_closed_timer": null,
        "url": own_url(&call),
        "links": {
            "service": url(&call, &format!("Services/{service}")),
            "webhooks": url(&call, "Configuration/Webhooks"),
        },
    })))
}

/// What the account said of its conversations, or what holds until it does.
fn current(call: &Call) -> Result<ChatSettings, ApiError> {
    let account = call.account.sid;
    let found = call.house.store.chat_settings(account)?;
    Ok(found.unwrap_or_else(|| ChatSettings {
        account,
        method: Method::Post,
        filters: Vec::new(),
        post_url: String::new(),
    }))
}

async fn settings(call: Call) -> Result<Response, ApiError> {
    Ok(show::ok(&show_settings(&call, &current(&call)?)))
}

async fn update_settings(call: Call) -> Result<Response, ApiError> {
    let one = call
        .house
        .decide(|| -> Result<_, ApiError> {
            let mut one = current(&call)?;
            configure::settings(&mut one, &call.form)?;
            let write = ChatWrite::PutSettings(Box::new(one.clone()));
            Ok((Change::one(Write::Chats(write)), one))
        })
        .await?;
    Ok(show::ok(&show_settings(&call, &one)))
}

fn show_settings(call: &Call, one: &ChatSettings) -> Value {
    json!({
        "account_sid": one.account.as_str(),
        "method": one.method.as_str(),
        "filters": one.filters,
        "pre_webhook_url": null,
        "post_webhook_url": show::text_or_null(&one.post_url),
        "target": "webhook",
        "url": own_url(call),
    })
}

async fn list_services(call: Call) -> Result<Response, ApiError> {
    let page = Page::of(&call)?;
    let found = page.cut(&[()]);
    Ok(show::ok(&page.counted(&call, "services", found, |()| show_service(&call))))
}

async fn fetch_service(Path(sid): Path<String>, call: Call) -> Result<Response, ApiError> {
    if sid != chat_service(call.account.sid).as_str() {
        return Err(call.not_found());
    }
    Ok(show::ok(&show_service(&call)))
}

/// The default service, which is as old as its account.
fn show_service(call: &Call) -> Value {
    let sid = chat_service(call.account.sid);
    let url = url(call, &format!("Services/{sid}"));
    json!({
        "account_sid": call.account.sid.as_str(),
        "sid": sid.as_str(),
        "friendly_name": "Default Conversations Service",
        "date_created": show::iso8601(call.account.created),
        "date_updated": show::iso8601(call.account.created),
        "url": url,
        "links": {
            "conversations": format!("{url}/Conversations"),
            "users": format!("{url}/Users"),
            "roles": format!("{url}/Roles"),
            "bindings": format!("{url}/Bindings"),
            "configuration": format!("{url}/Configuration"),
        },
    })
}

/// The span of a list that a page asks for.
pub(super) fn span(page: &Page) -> Span {
    Span { offset: page.offset(), limit: page.size + 1, backwards: false }
}

/// Refuses attributes that are no JSON.
pub(super) fn check_attributes(call: &Call) -> Result<(), ApiError> {
    match call.filled("Attributes").map(serde_json::from_str::<Value>) {
        Some(Err(error)) => {
            Err(Refusal::parameter_invalid("Attributes", format!("JSON is expected: {error}"))
                .into())
        }
        _ => Ok(()),
    }
}

/// Whether webhooks tell of what a request does: Twilio's header says so.
pub(super) fn wants_tells(call: &Call) -> bool {
    let header = call.headers.get("X-Twilio-Webhook-Enabled");
    let wanted = header.and_then(|value| value.to_str().ok());
    wanted.is_some_and(|text| text.eq_ignore_ascii_case("true"))
}

/// Adds the tells of what the API does, where the request wants them.
pub(super) fn tell_if_wanted(
    call: &Call,
    chat: &Conversation,
    event: &Event,
    change: &mut Change,
) -> Result<(), StoreError> {
    match wants_tells(call) {
        true => tell(&call.house, chat, event, change),
        false => Ok(()),
    }
}

async fn list(call: Call) -> Result<Response, ApiError> {
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
    let found = call.house.store.conversations(call.account.sid, standing, wanted)?;
    let url = own_url(&call);
    let show_one = |one: &Conversation| show_chat(one, &format!("{url}/{}", one.sid));
    Ok(show::ok(&page.counted(&call, "conversations", found, show_one)))
}

async fn create(call: Call) -> Result<Response, ApiError> {
    check_attributes(&call)?;
    let house = &call.house;
    let one = house
        .decide(|| -> Result<_, ApiError> {
            let mut one = fresh(&call);
            configure::conversation(&mut one, &call.form)?;
            check_name(&call, &one)?;
            let insert = ChatWrite::InsertConversation(Box::new(one.clone()));
            let mut change = Change::one(Write::Chats(insert));
            tell_if_wanted(
                &call,
                &one,
                &of_conversation("onConversationAdded", &one),
                &mut change,
            )?;
            Ok((change, one))
        })
        .await?;
    Ok(show::created(&show_chat(&one, &format!("{}/{}", own_url(&call), one.sid))))
}

/// A conversation without a name yet.
fn fresh(call: &Call) -> Conversation {
    let now = call.house.now();
    Conversation {
        sid: ConversationSid::from_parts(call.house.ids.parts(call.house.clock.wire_us())),
        account: call.account.sid,
        friendly_name: String::new(),
        unique_name: String::new(),
        attributes: "{}".to_owned(),
        standing: Standing::Active,
        created: now,
        updated: now,
    }
}

/// That no other conversation of the account has the unique name.
fn check_name(call: &Call, one: &Conversation) -> Result<(), ApiError> {
    if one.unique_name.is_empty() {
        return Ok(());
    }
    let found = call.house.store.conversation(one.account, &one.unique_name)?;
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

/// The conversation of a path, by its sid or unique name, when it is the account's.
pub(super) fn find(call: &Call, name: &str) -> Result<Conversation, ApiError> {
    let found = call.house.store.conversation(call.account.sid, name)?;
    found.ok_or_else(|| call.not_found())
}

async fn fetch(Path(sid): Path<String>, call: Call) -> Result<Response, ApiError> {
    Ok(show::ok(&show_chat(&find(&call, &sid)?, &own_url(&call))))
}

async fn update(Path(sid): Path<String>, call: Call) -> Result<Response, ApiError> {
    check_attributes(&call)?;
    let one = call
        .house
        .decide(|| -> Result<_, ApiError> {
            let mut now = find(&call, &sid)?;
            let (was, stood) = (now.updated, now.standing);
            configure::conversation(&mut now, &call.form)?;
            check_name(&call, &now)?;
            if stood == Standing::Closed && now.standing != Standing::Closed {
                check_bindings(&call, &now)?;
            }
            now.updated = call.house.after(was);
            let write = ChatWrite::UpdateConversation { was, now: Box::new(now.clone()) };
            let mut change = Change::one(Write::Chats(write));
            let name = match now.standing == stood {
                true => "onConversationUpdated",
                false => "onConversationStateUpdated",
            };
            tell_if_wanted(&call, &now, &of_conversation(name, &now), &mut change)?;
            Ok((change, now))
        })
        .await?;
    Ok(show::ok(&show_chat(&one, &own_url(&call))))
}

async fn delete(Path(sid): Path<String>, call: Call) -> Result<Response, ApiError> {
    call.house
        .decide(|| -> Result<(Change, ()), ApiError> {
            let one = find(&call, &sid)?;
            let mut change = Change::one(Write::Chats(ChatWrite::DeleteConversation(one.sid)));
            let event = of_conversation("onConversationRemoved", &one);
            tell_if_wanted(&call, &one, &event, &mut change)?;
            Ok((change, ()))
        })
        .await?;
    Ok(show::deleted())
}

/// A conversation as conversations/v1 shows it.
fn show_chat(one: &Conversation, url: &str) -> Value {
    json!({
        "account_sid": one.account.as_str(),
        "chat_service_sid": chat_service(one.account).as_str(),
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
