//! Event Streams: CloudEvents as a webhook sink gets them.
//!
//! The platform writes a JSON array of them, signed with `bodySHA256`; the application reads it.
//! They come at least once and in any order: [`CloudEvent::id`] is the key against doing a thing
//! twice. Members nobody knows are kept. Contract: CloudEvents 1.0 (JSON format), Twilio's "Event
//! Streams: webhook sink".

use std::fmt;

use serde_json::{Map, Value};

/// Most events of one request that are read.
pub const EVENTS_MAX: usize = 1000;

/// One event.
///
/// ```
/// use webhook::CloudEvent;
///
/// let body = br#"[{"specversion":"1.0","type":"com.twilio.messaging.message.delivered",
///     "source":"/2010-04-01/Accounts/AC1/Messages/SM1.json","id":"EZ1",
///     "time":"2026-01-01T00:00:00Z","data":{"messageSid":"SM1"}}]"#;
/// let events = CloudEvent::from_json(body).unwrap();
/// assert_eq!(events[0].kind, "com.twilio.messaging.message.delivered");
/// assert_eq!(events[0].data.as_ref().unwrap()["messageSid"], "SM1");
/// assert_eq!(CloudEvent::from_json(CloudEvent::to_json(&events).as_bytes()), Ok(events));
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct CloudEvent {
    /// `specversion`: `1.0`.
    pub spec_version: String,
    /// `type`: what happened, for instance `com.twilio.messaging.message.delivered`.
    pub kind: String,
    /// `source`: what it happened to.
    pub source: String,
    /// `id`: `EZ…`; the same when the event comes again.
    pub id: String,
    /// `time`: when, ISO 8601.
    pub time: Option<String>,
    /// `dataschema`: the URL of the schema of `data`.
    pub data_schema: Option<String>,
    /// `datacontenttype`: `application/json`.
    pub data_content_type: Option<String>,
    /// `data`: an object; old samples have JSON as a text.
    pub data: Option<Value>,
    /// Members not named above.
    pub extra: Map<String, Value>,
}

impl CloudEvent {
    /// An event of version 1.0 without time and data.
    pub fn new(id: impl Into<String>, kind: impl Into<String>, source: impl Into<String>) -> Self {
        Self {
            spec_version: "1.0".to_owned(),
            kind: kind.into(),
            source: source.into(),
            id: id.into(),
            time: None,
            data_schema: None,
            data_content_type: None,
            data: None,
            extra: Map::new(),
        }
    }

    /// The body to send: an array.
    pub fn to_json(events: &[Self]) -> String {
        Value::Array(events.iter().map(Self::to_value).collect()).to_string()
    }

    fn to_value(&self) -> Value {
        let mut members = Map::new();
        let texts = [
            ("specversion", Some(&self.spec_version)),
            ("type", Some(&self.kind)),
            ("source", Some(&self.source)),
            ("id", Some(&self.id)),
            ("time", self.time.as_ref()),
            ("dataschema", self.data_schema.as_ref()),
            ("datacontenttype", self.data_content_type.as_ref()),
        ];
        for (name, text) in texts {
            members.extend(text.map(|text| (name.to_owned(), Value::from(text.as_str()))));
        }
        members.extend(self.data.clone().map(|data| ("data".to_owned(), data)));
        members.extend(self.extra.clone());
        Value::Object(members)
    }

    /// Reads the body of a verified request: an array of events, or one alone.
    ///
    /// # Errors
    ///
    /// It is not JSON, or not of events; more than [`EVENTS_MAX`]; `specversion`, `type`, `source`
    /// or `id` is missing, or a member that is a text is none.
    pub fn from_json(body: &[u8]) -> Result<Vec<Self>, EventError> {
        let events = match serde_json::from_slice(body) {
            Ok(Value::Array(events)) => events,
            Ok(Value::Object(event)) => vec![Value::Object(event)],
            Ok(_) => return Err(EventError::NotEvents),
            Err(error) => return Err(EventError::NotJson { reason: error.to_string() }),
        };
        if events.len() > EVENTS_MAX {
            return Err(EventError::TooMany);
        }
        events.into_iter().map(Self::from_value).collect()
    }

    fn from_value(value: Value) -> Result<Self, EventError> {
        let Value::Object(mut members) = value else {
            return Err(EventError::NotEvents);
        };
        let mut text = |name: &'static str| match members.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(EventError::NotText { member: name }),
        };
        let need = |name, text: Option<String>| text.ok_or(EventError::Missing { member: name });
        Ok(Self {
            spec_version: need("specversion", text("specversion")?)?,
            kind: need("type", text("type")?)?,
            source: need("source", text("source")?)?,
            id: need("id", text("id")?)?,
            time: text("time")?,
            data_schema: text("dataschema")?,
            data_content_type: text("datacontenttype")?,
            data: members.remove("data"),
            extra: members,
        })
    }
}

/// Why a body is not a list of events.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EventError {
    /// It is not JSON.
    NotJson {
        /// What the reader found, and where.
        reason: String,
    },
    /// It is JSON, and neither an object nor an array of them.
    NotEvents,
    /// More than [`EVENTS_MAX`].
    TooMany,
    /// A member that every event has is not there.
    Missing {
        /// Its name.
        member: &'static str,
    },
    /// A member that is a text is something else.
    NotText {
        /// Its name.
        member: &'static str,
    },
}

impl fmt::Display for EventError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson { reason } => write!(f, "the body is not JSON: {reason}"),
            Self::NotEvents => f.write_str("the body is not an array of CloudEvents"),
            Self::TooMany => write!(f, "the body has more than {EVENTS_MAX} events"),
            Self::Missing { member } => write!(f, "an event has no {member}"),
            Self::NotText { member } => write!(f, "an event's {member} is not a text"),
        }
    }
}

impl std::error::Error for EventError {}
