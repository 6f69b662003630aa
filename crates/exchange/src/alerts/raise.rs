//! An alert is raised: its record, and the debugger webhook that tells it.
//!
//! An alert about the debugger webhook itself is kept and told to nobody: that is the guard
//! against a loop. Contract: webhooks.md 2f, rest.md 4.5.

use crate::accounts::Account;
use crate::alerts::codes::Level;
use crate::alerts::{Alert, RequestRecord};
use crate::numbers::Method;
use crate::sid::{AlertSid, Sid};
use crate::webhooks::{Kind, Purpose, Webhook};
use jiff::Timestamp;
use webhook::{DebuggerEvent, DebuggerPayload, Form, WebhookExchange};

/// What went wrong, before it is a record.
#[derive(Debug, Clone, PartialEq)]
pub struct Trouble {
    /// Twilio's code.
    pub code: u32,
    /// How grave it is.
    pub level: Level,
    /// What happened, for a person.
    pub message: String,
    /// Where in the document, 1-based line and column.
    pub at: Option<(u32, u32)>,
    /// The message, call, … it is about.
    pub resource: Option<Sid>,
    /// The request it is about.
    pub request: Option<RequestRecord>,
}

/// The alert's record.
pub fn raise(trouble: Trouble, account: &Account, sid: AlertSid, now: Timestamp) -> Alert {
    let mut text = Form::new();
    text.push("Msg", trouble.message.as_str());
    text.push("ErrorCode", trouble.code.to_string());
    text.push("sourceComponent", trouble_source(trouble.code));
    if let Some((line, column)) = trouble.at {
        text.push("parserMessage", trouble.message.as_str());
        text.push("line", line.to_string());
        text.push("cols", column.to_string());
    }
    if let Some(request) = &trouble.request {
        if request.response_status != 0 {
            text.push("httpResponse", request.response_status.to_string());
        }
        text.push("url", request.url.as_str());
    }
    text.push("LogLevel", trouble.level.as_upper_str());
    Alert {
        sid,
        account: account.sid,
        resource: trouble.resource,
        code: trouble.code,
        level: trouble.level,
        text: text.encode(),
        request: trouble.request,
        created: now,
    }
}

/// The tell of an alert to the account's debugger URL, unless it is about that very webhook.
pub fn tell(alert: &Alert, account: &Account, about: Purpose, token: u128) -> Option<Webhook> {
    let url = account.settings.debugger_url.clone()?;
    if about == Purpose::Debugger || about == Purpose::Replay {
        return None;
    }
    Some(Webhook {
        id: 0,
        account: account.sid,
        kind: Kind::Tell,
        purpose: Purpose::Debugger,
        resource: alert.sid.sid(),
        url,
        method: Method::Post,
        parameters: event(alert, account).to_form().encode(),
        token,
        fallback: None,
        context: String::new(),
        due: alert.created,
        created: alert.created,
        failures: 0,
    })
}

/// The component Twilio names for a group of codes; captures show these two.
fn trouble_source(code: u32) -> &'static str {
    if (14_000..15_000).contains(&code) { "14100" } else { "12000" }
}

/// The event as it goes over the wire (webhooks.md 2f).
fn event(alert: &Alert, account: &Account) -> DebuggerEvent {
    let resource = alert.resource.unwrap_or(alert.account.sid());
    let mut payload = DebuggerPayload::new(resource.as_str(), alert.code);
    let text = Form::parse(alert.text.as_bytes()).unwrap_or_default();
    for (name, value) in text.iter() {
        payload.more_info.push((name.to_owned(), value.to_owned()));
        if name == "Msg" {
            payload.more_info.push(("msg".to_owned(), value.to_owned()));
        }
    }
    payload.webhook = alert.request.as_ref().map(exchange);
    let when = alert.created.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let level = match alert.level {
        Level::Error => webhook::Level::Error,
        Level::Warning => webhook::Level::Warning,
    };
    let mut event = DebuggerEvent::new(
        alert.sid.as_str(),
        alert.account.as_str(),
        when,
        level,
        payload.to_json(),
    );
    event.parent_account_sid = (account.owner != account.sid).then(|| account.owner.to_string());
    event
}

fn exchange(request: &RequestRecord) -> WebhookExchange {
    let mut wire = WebhookExchange::default();
    wire.url.clone_from(&request.url);
    wire.method.clone_from(&request.method);
    wire.request_headers = lines(&request.headers);
    wire.parameters = Form::parse(request.variables.as_bytes()).unwrap_or_default();
    wire.status_code = (request.response_status != 0).then_some(request.response_status);
    wire.response_headers = lines(&request.response_headers);
    wire.response_body = (request.response_status != 0).then(|| request.response_body.clone());
    wire
}

fn lines(headers: &str) -> Vec<(String, String)> {
    headers
        .lines()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}
