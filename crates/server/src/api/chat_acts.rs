//! What the doors of Conversations have in common: which service a path means, and how something is
//! done: asked about before, saved, told after.
//!
//! Each path is there twice: below `Services/{IS}`, and without one for the account's default
//! service. Like Twilio's, webhooks hear of what the API did only where the request has
//! `X-Twilio-Webhook-Enabled: true`. Contract: Twilio's pages of the Conversations API.

use super::error::ApiError;
use super::paging::Page;
use super::pools::own_url;
use super::request::Call;
use crate::chats::advice::{self, Asked};
use crate::chats::tell;
use crate::house::House;
use axum::Router;
use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use axum::routing::MethodRouter;
use exchange::chats::event::Event;
use exchange::chats::{ChatService, ChatSettings, Conversation, Hooks};
use exchange::refusal::Refusal;
use exchange::sid::{ChatServiceSid, chat_service};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;
use store::{Change, Span};
use webhook::Form;

/// A router that has `path` without a service and below one.
pub(super) fn route(
    router: Router<Arc<House>>,
    path: &str,
    methods: MethodRouter<Arc<House>>,
) -> Router<Arc<House>> {
    router
        .route(&format!("/conversations/v1/{path}"), methods.clone())
        .route(&format!("/conversations/v1/Services/{{service}}/{path}"), methods)
}

/// What a path names; empty where it does not.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// `IS…`, of a path below a service.
    pub service: Option<String>,
    /// A conversation's sid or unique name.
    pub chat: String,
    /// What is asked for.
    pub sid: String,
    /// A receipt of it.
    pub receipt: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Names {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Names, ApiError> {
        let named = Path::<HashMap<String, String>>::from_request_parts(parts, state).await;
        let path = parts.uri.path().to_owned();
        let Ok(Path(mut named)) = named else { return Err(Refusal::not_found(&path).into()) };
        Ok(Names {
            service: named.remove("service"),
            chat: named.remove("chat").unwrap_or_default(),
            sid: named.remove("sid").unwrap_or_default(),
            receipt: named.remove("receipt").unwrap_or_default(),
        })
    }
}

impl Names {
    /// The service that the path means.
    pub(super) fn service(&self, call: &Call) -> Result<ChatServiceSid, ApiError> {
        match &self.service {
            Some(sid) => Ok(find_service(call, sid)?.sid),
            None => Ok(settings(call)?.service()),
        }
    }

    /// The conversation of the path, by its sid or unique name.
    pub(super) fn chat(&self, call: &Call) -> Result<Conversation, ApiError> {
        let found = call.house.store.conversation_in(self.service(call)?, &self.chat)?;
        found.ok_or_else(|| call.not_found())
    }

    /// What is shown below a service names it.
    pub(super) fn shown(&self, mut shown: Value, service: ChatServiceSid) -> Value {
        if self.service.is_some() {
            shown["chat_service_sid"] = service.as_str().into();
        }
        shown
    }
}

/// What the account said of its conversations, or what holds until it does.
pub(super) fn settings(call: &Call) -> Result<ChatSettings, ApiError> {
    let account = call.account.sid;
    Ok(call.house.store.chat_settings(account)?.unwrap_or_else(|| ChatSettings::new(account)))
}

/// The service of a sid, when it is the account's; the one that it began with was never made.
pub(super) fn find_service(call: &Call, sid: &str) -> Result<ChatService, ApiError> {
    let sid = ChatServiceSid::parse(sid).ok_or_else(|| call.not_found())?;
    let found = call.house.store.chat_service(sid)?;
    let found = match found {
        None if sid == chat_service(call.account.sid) => Some(first_service(call)),
        found => found.filter(|found| found.account == call.account.sid),
    };
    found.ok_or_else(|| call.not_found())
}

/// The service that an account begins with, as old as the account.
pub(super) fn first_service(call: &Call) -> ChatService {
    ChatService {
        sid: chat_service(call.account.sid),
        account: call.account.sid,
        friendly_name: "Default Conversations Service".to_owned(),
        hooks: Hooks::none(),
        created: call.account.created,
        updated: call.account.created,
    }
}

/// The URL of something of conversations/v1, on the base and prefix that were asked.
pub(super) fn url(call: &Call, path: &str) -> String {
    let asked = own_url(call);
    let base = asked.find("/v1/").map_or(asked.as_str(), |at| &asked[..at]);
    format!("{base}/v1/{path}")
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

/// Something that is to be done in a conversation.
pub(super) struct Act<T> {
    /// What it writes.
    pub change: Change,
    /// Where.
    pub chat: Conversation,
    /// What will have happened.
    pub event: Event,
    /// What the caller is shown.
    pub outcome: T,
}

/// Whether webhooks hear of what a request does: Twilio's header says so.
fn is_told(call: &Call) -> bool {
    let header = call.headers.get("X-Twilio-Webhook-Enabled");
    let wanted = header.and_then(|value| value.to_str().ok());
    wanted.is_some_and(|text| text.eq_ignore_ascii_case("true"))
}

/// Does something in a conversation: `act` decides it from the records as they are and from what an
/// application that was asked wants changed.
///
/// # Errors
/// What `act` refuses; 20403 when an application forbids it.
pub(super) async fn carry_out<T>(
    call: &Call,
    mut act: impl FnMut(&Form) -> Result<Act<T>, ApiError>,
) -> Result<T, ApiError> {
    let told = is_told(call);
    let asked = if told { ask(call, &mut act).await? } else { None };
    let unchanged = Form::new();
    let changes = asked.as_ref().map_or(&unchanged, |asked| &asked.advice.changes);
    let decide = || -> Result<(Change, T), ApiError> {
        let Act { mut change, chat, event, outcome } = act(changes)?;
        if told {
            // What follows from it is told after it.
            let later = std::mem::take(&mut change.webhooks);
            tell(&call.house, &chat, &event, &mut change)?;
            change.webhooks.extend(later);
        }
        if let Some(asked) = &asked {
            asked.log(&call.house, &mut change);
        }
        Ok((change, outcome))
    };
    call.house.decide(decide).await
}

/// Asks about it, when somebody wants to be asked.
async fn ask<T>(
    call: &Call,
    act: &mut impl FnMut(&Form) -> Result<Act<T>, ApiError>,
) -> Result<Option<Asked>, ApiError> {
    let planned = act(&Form::new())?;
    let asked = advice::ask_now(&call.house, &planned.chat, &planned.event).await?;
    let Some(mut asked) = asked else { return Ok(None) };
    if asked.advice.forbids {
        let mut change = Change::default();
        asked.log(&call.house, &mut change);
        call.house.save(change).await?;
        return Err(Refusal::chat_forbidden().into());
    }
    if let Err(refused) = act(&asked.advice.changes) {
        asked.advice.ignored(&refused.0.message);
    }
    Ok(Some(asked))
}
