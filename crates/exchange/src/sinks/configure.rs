//! What a request makes of a sink or a subscription: what is refused, and what it becomes.
//!
//! Called by the REST API, which reads the JSON in its parameters. Contract: rest.md A.16; Twilio
//! publishes no codes for what it refuses here, so it is 20001 for what is missing and 20422 for
//! what can't be.

use super::{Sink, Subscribed, Subscription, catalog};
use crate::refusal::Refusal;
use crate::webhooks::url::Url;

/// Characters of a description at most.
pub const DESCRIPTION_CHARACTERS_MAX: usize = 255;
/// Sinks of an account at most: Twilio's own limit of subscriptions to one event type.
pub const SINKS_MAX: usize = 100;
/// Subscriptions of an account at most.
pub const SUBSCRIPTIONS_MAX: usize = 100;

/// `SinkConfiguration` of a webhook sink, as its JSON has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Webhook {
    /// `destination`.
    pub destination: String,
    /// `method`; empty is POST.
    pub method: String,
    /// `batch_events`.
    pub batch_events: bool,
}

/// `SinkType`: only webhooks are there.
///
/// # Errors
/// 20403 for Twilio's others, 20422 for anything else.
pub fn sink_type(text: &str) -> Result<(), Refusal> {
    match text.to_ascii_lowercase().as_str() {
        "webhook" => Ok(()),
        other @ ("kinesis" | "segment" | "email") => {
            Err(Refusal::unsupported(format!("sinks of the type {other}")))
        }
        _ => Err(Refusal::parameter_invalid("SinkType", "use webhook")),
    }
}

/// A description.
///
/// # Errors
/// 20422 when it is too long.
pub fn description(text: &str) -> Result<String, Refusal> {
    if text.chars().count() > DESCRIPTION_CHARACTERS_MAX {
        return Err(Refusal::parameter_invalid("Description", "it is longer than 255 characters"));
    }
    Ok(text.to_owned())
}

/// Sets where a sink is.
///
/// # Errors
/// 20422 for a destination that is no URL or a method that is none; 20403 for GET.
pub fn webhook(sink: &mut Sink, configuration: Webhook) -> Result<(), Refusal> {
    let refuse = |why: &str| Err(Refusal::parameter_invalid("SinkConfiguration", why));
    match configuration.method.to_ascii_uppercase().as_str() {
        "" | "POST" => {}
        // JSON has no place in a GET.
        "GET" => return Err(Refusal::unsupported("webhook sinks with the method GET")),
        _ => return refuse("method has to be POST"),
    }
    if configuration.destination.is_empty() {
        return refuse("destination is missing");
    }
    if Url::parse(&configuration.destination).is_err() {
        return refuse("destination has to be an absolute http or https URL");
    }
    sink.destination = configuration.destination;
    sink.batch_events = configuration.batch_events;
    Ok(())
}

/// An event type and its schema's version, the newest unless one is named.
///
/// # Errors
/// 20422 for a type or a version that is not there.
pub fn wanted(kind: &str, version: Option<u32>) -> Result<Subscribed, Refusal> {
    let Some(known) = catalog::find(kind) else {
        let why = format!("{kind} is no event type of this house: see /v1/Types");
        return Err(Refusal::parameter_invalid("Type", why));
    };
    let version = version.unwrap_or(known.version);
    if !(1..=known.version).contains(&version) {
        let why = format!("{} has versions 1 to {}", known.schema, known.version);
        return Err(Refusal::parameter_invalid("SchemaVersion", why));
    }
    Ok(Subscribed { kind: kind.to_owned(), version })
}

/// Adds what a subscription wants; what it wants already has the new version.
pub fn add(subscription: &mut Subscription, wanted: Subscribed) {
    subscription.wanted.retain(|one| one.kind != wanted.kind);
    subscription.wanted.push(wanted);
    subscription.wanted.sort_by(|a, b| a.kind.cmp(&b.kind));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sid::{AccountSid, SinkSid};
    use crate::sinks::SinkStatus;
    use jiff::Timestamp;

    fn sink() -> Sink {
        Sink {
            sid: SinkSid::parse(&format!("DG{:032}", 1)).expect("a sid"),
            account: AccountSid::parse(&format!("AC{:032}", 1)).expect("a sid"),
            description: String::new(),
            destination: String::new(),
            batch_events: false,
            status: SinkStatus::Initialized,
            test_id: String::new(),
            created: Timestamp::UNIX_EPOCH,
            updated: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn what_can_be_no_sink_is_refused_with_its_code() {
        for (destination, method, code) in [
            ("", "", 20_422),
            ("nowhere", "POST", 20_422),
            ("https://example.com/", "PUT", 20_422),
            ("https://example.com/", "GET", 20_403),
        ] {
            let (destination, method) = (destination.to_owned(), method.to_owned());
            let asked = Webhook { destination, method, batch_events: true };
            assert_eq!(webhook(&mut sink(), asked).expect_err("refused").code, code);
        }
        for (kind, code) in
            [("kinesis", 20_403), ("segment", 20_403), ("email", 20_403), ("x", 20_422)]
        {
            assert_eq!(sink_type(kind).expect_err(kind).code, code);
        }
        assert_eq!(sink_type("webhook"), Ok(()));
    }

    #[test]
    fn only_event_types_and_versions_that_are_there_can_be_wanted() {
        let newest = wanted(catalog::RECEIVED, None).expect("there");
        assert_eq!(newest.version, 6);
        for (kind, version) in
            [("com.twilio.nothing", None), (catalog::ERROR, Some(0)), (catalog::ERROR, Some(3))]
        {
            assert_eq!(wanted(kind, version).expect_err("refused").code, 20_422, "{kind}");
        }
    }
}
