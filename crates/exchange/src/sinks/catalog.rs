//! The event types that the house has, and their schemas.
//!
//! Twilio's own names, each with the newest version of its schema. Contract: Twilio's pages of event
//! types, and its public schemas.

use crate::messages::State;

/// An event type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventType {
    /// Its name.
    pub name: &'static str,
    /// The id of its schema.
    pub schema: &'static str,
    /// The newest version of the schema; all before it are there, too.
    pub version: u32,
    /// For people.
    pub description: &'static str,
}

const MESSAGE: (&str, u32) = ("Messaging.MessageStatus", 7);
const CALL: (&str, u32) = ("Voice.WebhookEvent", 2);

/// A text came in.
pub const RECEIVED: &str = "com.twilio.messaging.inbound-message.received";
/// A debugger event.
pub const ERROR: &str = "com.twilio.error-logs.error.logged";
/// What a sink is tested with; nobody subscribes to it.
pub const TEST: &str = "com.twilio.eventstreams.test-event";
/// The schema of [`TEST`], with its version.
pub const TEST_SCHEMA: &str = "EventStreams.TestSink/1";
/// It was found out who answered.
pub const DETECTED: &str = "com.twilio.voice.status-callback.amd.detected";

const fn of(name: &'static str, schema: (&'static str, u32), text: &'static str) -> EventType {
    EventType { name, schema: schema.0, version: schema.1, description: text }
}

/// All of them, in the order of their names.
pub const EVENT_TYPES: &[EventType] = &[
    of(ERROR, ("ErrorLogs.Error", 2), "An error or warning was logged"),
    of(RECEIVED, ("Messaging.InboundMessageV1", 6), "A message came in"),
    of("com.twilio.messaging.message.delivered", MESSAGE, "A message was delivered"),
    of("com.twilio.messaging.message.failed", MESSAGE, "A message could not be sent"),
    of("com.twilio.messaging.message.queued", MESSAGE, "A message was queued"),
    of("com.twilio.messaging.message.read", MESSAGE, "A message was read"),
    of("com.twilio.messaging.message.sent", MESSAGE, "The network took a message"),
    of("com.twilio.messaging.message.undelivered", MESSAGE, "A message was not delivered"),
    of(DETECTED, CALL, "It was found out who answered"),
    of("com.twilio.voice.status-callback.call.answered", CALL, "A call was answered"),
    of("com.twilio.voice.status-callback.call.completed", CALL, "A call ended"),
    of("com.twilio.voice.status-callback.call.initiated", CALL, "A call began"),
    of("com.twilio.voice.status-callback.call.ringing", CALL, "A call rings"),
];

/// The event type of a name.
pub fn find(name: &str) -> Option<&'static EventType> {
    EVENT_TYPES.iter().find(|one| one.name == name)
}

/// The newest version of a schema.
pub fn schema(id: &str) -> Option<u32> {
    EVENT_TYPES.iter().find(|one| one.schema == id).map(|one| one.version)
}

/// The event type of a message that reached a state; none for what is no event.
pub fn of_message(state: State) -> Option<&'static EventType> {
    let name = match state {
        State::Queued => "queued",
        State::Sent => "sent",
        State::Delivered => "delivered",
        State::Undelivered => "undelivered",
        State::Failed => "failed",
        State::Read => "read",
        State::Received => return find(RECEIVED),
        _ => return None,
    };
    EVENT_TYPES.iter().find(|one| {
        one.name.strip_prefix("com.twilio.messaging.message.").is_some_and(|rest| rest == name)
    })
}

/// The event type of a call's status callback, by its `CallStatus`.
pub fn of_callback(status: &str) -> Option<&'static EventType> {
    let name = match status {
        "initiated" | "ringing" => status,
        "in-progress" => "answered",
        _ => "completed",
    };
    find(&format!("com.twilio.voice.status-callback.call.{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_order_and_one_schema_has_one_newest_version() {
        assert!(EVENT_TYPES.is_sorted_by(|a, b| a.name < b.name));
        for one in EVENT_TYPES {
            assert_eq!(schema(one.schema), Some(one.version), "{}", one.name);
        }
    }

    #[test]
    fn states_and_statuses_have_their_event_types() {
        for (state, name) in [
            (State::Received, Some(RECEIVED)),
            (State::Sent, Some("com.twilio.messaging.message.sent")),
            (State::Accepted, None),
            (State::Sending, None),
        ] {
            assert_eq!(of_message(state).map(|one| one.name), name, "{state:?}");
        }
        for (status, name) in [
            ("initiated", "initiated"),
            ("in-progress", "answered"),
            ("no-answer", "completed"),
            ("completed", "completed"),
        ] {
            let found = of_callback(status).expect("there");
            assert!(found.name.ends_with(name), "{status}: {}", found.name);
        }
    }
}
