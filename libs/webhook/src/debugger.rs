//! "Something went wrong in your account": the debugger's webhook.
//!
//! Sent for every error and warning, to one URL per account. The platform builds a
//! [`DebuggerPayload`], the application gets it as JSON text inside a [`DebuggerEvent`] and reads it
//! with the JSON library it already has. It never decides what is worth an event. Contract:
//! Twilio's "Debugging events webhook" page.

use std::fmt;

use crate::fields::{FieldError, Fields};
use crate::form::Form;
use crate::json::Object;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// It went on all the same.
    Warning,
    /// Something was given up.
    Error,
}

impl Level {
    /// The word on the wire, in capitals as in Twilio's sample.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Warning => "WARNING",
            Self::Error => "ERROR",
        }
    }

    /// The level this word names, in any case: Twilio's page writes `Error` as well.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Warning, Self::Error]
            .into_iter()
            .find(|level| level.as_str().eq_ignore_ascii_case(word))
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One error or warning of an account.
///
/// ```
/// use webhook::{DebuggerEvent, DebuggerPayload, Level};
///
/// let mut payload = DebuggerPayload::new("CA1", 11200);
/// payload.more_info.push(("Msg".into(), "the answer was 404".into()));
/// let event =
///     DebuggerEvent::new("NO1", "AC1", "2020-01-01T23:28:54Z", Level::Error, payload.to_json());
///
/// let form = event.to_form();
/// assert_eq!(form.get("Level"), Some("ERROR"));
/// assert_eq!(
///     form.get("Payload"),
///     Some(r#"{"resource_sid":"CA1","service_sid":null,"error_code":"11200","more_info":{"Msg":"the answer was 404"}}"#)
/// );
/// assert_eq!(DebuggerEvent::from_form(&form), Ok(event));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DebuggerEvent {
    /// `Sid`: `NO…`.
    pub sid: String,
    /// `AccountSid`: the account it happened in.
    pub account_sid: String,
    /// `ParentAccountSid`: of a subaccount; sent empty otherwise, as in Twilio's sample.
    pub parent_account_sid: Option<String>,
    /// `Timestamp`: ISO 8601, `2020-01-01T23:28:54Z`.
    pub timestamp: String,
    /// `Level`.
    pub level: Level,
    /// `PayloadType`: `application/json`.
    pub payload_type: String,
    /// `Payload`: text of that type, see [`DebuggerPayload::to_json`].
    pub payload: String,
    /// Parameters not named above, in order.
    pub extra: Form,
}

impl DebuggerEvent {
    /// An event of an account that has no parent.
    pub fn new(
        sid: impl Into<String>,
        account_sid: impl Into<String>,
        timestamp: impl Into<String>,
        level: Level,
        payload: impl Into<String>,
    ) -> Self {
        Self {
            sid: sid.into(),
            account_sid: account_sid.into(),
            parent_account_sid: None,
            timestamp: timestamp.into(),
            level,
            payload_type: "application/json".to_owned(),
            payload: payload.into(),
            extra: Form::new(),
        }
    }

    /// The parameters to send, in a fixed order.
    pub fn to_form(&self) -> Form {
        let parent_account_sid = self.parent_account_sid.as_deref().unwrap_or_default();
        let mut form = Form::from_pairs([
            ("ParentAccountSid", parent_account_sid),
            ("AccountSid", self.account_sid.as_str()),
            ("Sid", self.sid.as_str()),
            ("Timestamp", self.timestamp.as_str()),
            ("Level", self.level.as_str()),
            ("PayloadType", self.payload_type.as_str()),
            ("Payload", self.payload.as_str()),
        ]);
        form.extend(self.extra.iter());
        form
    }

    /// Reads the parameters of a verified request; the payload stays text.
    ///
    /// # Errors
    ///
    /// `Sid`, `AccountSid`, `Timestamp`, `Level` or `Payload` missing; a level that is none.
    pub fn from_form(form: &Form) -> Result<Self, FieldError> {
        let mut fields = Fields::of(form);
        Ok(Self {
            sid: fields.need("Sid")?,
            account_sid: fields.need("AccountSid")?,
            parent_account_sid: fields.take("ParentAccountSid").filter(|sid| !sid.is_empty()),
            timestamp: fields.need("Timestamp")?,
            level: fields
                .parse("Level", "ERROR or WARNING", Level::parse)?
                .ok_or_else(|| FieldError::Missing { name: "Level".to_owned() })?,
            payload_type: fields
                .take("PayloadType")
                .unwrap_or_else(|| "application/json".to_owned()),
            payload: fields.need("Payload")?,
            extra: fields.rest(),
        })
    }
}

/// What the debugger knows about an event.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DebuggerPayload {
    /// The message, call, … it happened to.
    pub resource_sid: String,
    /// The service the resource belongs to.
    pub service_sid: Option<String>,
    /// Twilio's code; a *text* in the JSON.
    pub error_code: u32,
    /// Names and texts that explain it, in order; a name counts once.
    pub more_info: Vec<(String, String)>,
    /// The request that went wrong, if one did.
    pub webhook: Option<WebhookExchange>,
}

/// A webhook request and what came back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WebhookExchange {
    /// The URL that was requested.
    pub url: String,
    /// `GET` or `POST`.
    pub method: String,
    /// Headers of the request.
    pub request_headers: Vec<(String, String)>,
    /// Parameters of the request.
    pub parameters: Form,
    /// HTTP status of the response; `None` if none came.
    pub status_code: Option<u16>,
    /// Headers of the response.
    pub response_headers: Vec<(String, String)>,
    /// Body of the response.
    pub response_body: Option<String>,
}

impl DebuggerPayload {
    /// A payload with a code and no explanation.
    pub fn new(resource_sid: impl Into<String>, error_code: u32) -> Self {
        Self {
            resource_sid: resource_sid.into(),
            service_sid: None,
            error_code,
            more_info: Vec::new(),
            webhook: None,
        }
    }

    /// The payload as JSON, its members in Twilio's order.
    pub fn to_json(&self) -> String {
        let mut object = Object::new()
            .text("resource_sid", &self.resource_sid)
            .text_or_null("service_sid", self.service_sid.as_deref())
            .text("error_code", &self.error_code.to_string())
            .object("more_info", Object::of(pairs(&self.more_info)));
        if let Some(webhook) = &self.webhook {
            object = object.object("webhook", webhook.to_object());
        }
        object.end()
    }
}

impl WebhookExchange {
    fn to_object(&self) -> Object {
        let request = Object::new()
            .text("url", &self.url)
            .text("method", &self.method)
            .object("headers", Object::of(pairs(&self.request_headers)))
            .object("parameters", Object::of(self.parameters.iter()));
        let response = Object::new()
            .number_or_null("status_code", self.status_code)
            .object("headers", Object::of(pairs(&self.response_headers)))
            .text_or_null("body", self.response_body.as_deref());
        Object::new()
            .text("type", "application/json")
            .object("request", request)
            .object("response", response)
    }
}

fn pairs(pairs: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
}
