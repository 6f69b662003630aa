//! Events of Event Streams: made from the change that they tell, and saved with it.
//!
//! Called by the house with every change, just before it goes to the store. An account without
//! subscriptions costs a look into memory; nothing is read for it. Texts make events by their
//! statuses, calls by the status callbacks that were asked for, alerts by being raised. Contract:
//! webhooks.md 2h; the fields of `data` are those of Twilio's public schemas.

use crate::house::House;
use exchange::messages::{Direction, Message, State};
use exchange::numbers::{Method, PhoneNumber};
use exchange::sid::{AccountSid, Sid};
use exchange::sinks::{Route, catalog};
use exchange::webhooks::{Kind, Purpose, Webhook};
use jiff::Timestamp;
use serde_json::{Value, json};
use store::{Change, StoreError, Write};
use webhook::{CloudEvent, Form};

/// Events for a sink that could not be delivered (Twilio's dictionary).
pub(crate) const UNDELIVERED: u32 = 93_101;
/// Where schemas are.
pub(crate) const SCHEMAS: &str = "https://events-schemas.twilio.com";

/// Something that sinks may want to know.
struct Happened {
    kind: &'static str,
    resource: Sid,
    data: Value,
}

/// What sinks are to be told of a change.
pub(crate) fn events(house: &House, change: &Change) -> Result<Vec<Webhook>, StoreError> {
    let mut told = Vec::new();
    for write in &change.writes {
        let Some(account) = account_of(write) else { continue };
        let routes = house.store.routes(account)?;
        if routes.is_empty() {
            continue;
        }
        let happened = of_write(house, &routes, write)?;
        told.extend(webhooks(house, account, &routes, happened));
    }
    for callback in &change.webhooks {
        if !matches!(callback.purpose, Purpose::CallStatus | Purpose::AmdStatus) {
            continue;
        }
        let routes = house.store.routes(callback.account)?;
        if !routes.is_empty() {
            let happened = of_callback(house, callback).into_iter().collect();
            told.extend(webhooks(house, callback.account, &routes, happened));
        }
    }
    Ok(told)
}

/// Whose a write is, if it is one that sinks may hear of.
fn account_of(write: &Write) -> Option<AccountSid> {
    match write {
        Write::InsertMessage(message) => Some(message.account),
        Write::AdvanceMessage { account, .. } => Some(*account),
        Write::InsertAlert(alert) => Some(alert.account),
        _ => None,
    }
}

fn is_wanted(routes: &[Route], kind: &str) -> bool {
    routes.iter().any(|route| route.wanted.iter().any(|one| one.kind == kind))
}

fn of_write(house: &House, routes: &[Route], write: &Write) -> Result<Vec<Happened>, StoreError> {
    match write {
        Write::InsertMessage(message) => {
            let code = message.error_code;
            Ok(of_message(message, message.state, code, house.now()).into_iter().collect())
        }
        Write::AdvanceMessage { sid, to, error_code, sender, sent, at, .. } => {
            // The network can take it and settle it in one commit: both happened.
            let states = [sent.and(Some(State::Sent)).filter(|sent| sent != to), Some(*to)];
            let kinds = states.into_iter().flatten().filter(|state| {
                catalog::of_message(*state).is_some_and(|one| is_wanted(routes, one.name))
            });
            let kinds: Vec<State> = kinds.collect();
            let Some(mut message) = (match kinds.is_empty() {
                true => None,
                false => house.store.message(*sid)?,
            }) else {
                return Ok(Vec::new());
            };
            if let Some(sender) = sender {
                message.from.clone_from(sender);
            }
            let one = |state| of_message(&message, state, *error_code, *at);
            Ok(kinds.into_iter().filter_map(one).collect())
        }
        // What a sink did wrong is told to none: it would go on for ever.
        Write::InsertAlert(alert) if alert.code != UNDELIVERED => {
            let text = Form::parse(alert.text.as_bytes()).unwrap_or_default();
            let payload = json!({ "error_code": alert.code, "message": text.get("Msg") });
            Ok(vec![Happened {
                kind: catalog::ERROR,
                resource: alert.sid.sid(),
                data: json!({
                    "sid": alert.sid.as_str(),
                    "account_sid": alert.account.as_str(),
                    "date_created": millis(alert.created),
                    "level": alert.level.as_upper_str(),
                    "correlation_sid": alert.resource.map(|sid| sid.to_string()),
                    "error_code": alert.code.to_string(),
                    "payload": payload.to_string(),
                }),
            }])
        }
        _ => Ok(Vec::new()),
    }
}

/// A message came in, or reached a state.
fn of_message(
    message: &Message,
    state: State,
    error_code: Option<u32>,
    at: Timestamp,
) -> Option<Happened> {
    let kind = catalog::of_message(state)?.name;
    let mut data = json!({
        "messageSid": message.sid.as_str(),
        "accountSid": message.account.as_str(),
        "timestamp": millis(at),
        "eventName": kind,
        "from": message.from,
        "to": message.to,
    });
    if let Some(service) = message.service {
        data["messagingServiceSid"] = service.as_str().into();
    }
    let segments = message.num_segments.max(1);
    if message.direction == Direction::Inbound {
        let country = |address: &str| {
            let number = PhoneNumber::parse(address, None).ok();
            number.and_then(|number| number.country()).unwrap_or_default().to_owned()
        };
        data["body"] = message.body.as_str().into();
        data["numMedia"] = message.media.len().into();
        data["numSegments"] = segments.into();
        data["fromCountry"] = country(&message.from).into();
        data["toCountry"] = country(&message.to).into();
        data["recipients"] = json!([message.to]);
    } else {
        data["apiVersion"] = "2010-04-01".into();
        data["messageStatus"] = state.as_str().to_ascii_uppercase().into();
        data["numberOfSegments"] = segments.into();
        data["dateUpdated"] = millis(at).into();
        if let Some(callback) = &message.status_callback {
            data["statusCallBackUrl"] = callback.url.as_str().into();
        }
        if let Some(code) = error_code {
            data["errorCode"] = code.into();
        }
    }
    Some(Happened { kind, resource: message.sid.sid(), data })
}

/// A status callback of a call: what it says, as it is about to be sent.
fn of_callback(house: &House, callback: &Webhook) -> Option<Happened> {
    let form = Form::parse(callback.parameters.as_bytes()).ok()?;
    let kind = match callback.purpose {
        Purpose::AmdStatus => catalog::DETECTED,
        _ => catalog::of_callback(form.get("CallStatus")?)?.name,
    };
    let parameters: serde_json::Map<String, Value> =
        form.iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
    Some(Happened {
        kind,
        resource: callback.resource,
        data: json!({
            "sid": callback.resource.as_str(),
            "timestamp": millis(callback.created),
            "eventSid": fresh(house, *b"VW").as_str(),
            "request": {
                "method": callback.method.as_str(),
                "url": callback.url.split('#').next(),
                "parameters": parameters,
            },
        }),
    })
}

/// The rows that bring what happened to who wants it: a batch a sink and resource, where it takes
/// batches.
fn webhooks(
    house: &House,
    account: AccountSid,
    routes: &[Route],
    happened: Vec<Happened>,
) -> Vec<Webhook> {
    let mut rows = Vec::new();
    for route in routes {
        let mut batch: Vec<CloudEvent> = Vec::new();
        let Some(first) = happened.first() else { continue };
        for one in &happened {
            for wanted in route.wanted.iter().filter(|wanted| wanted.kind == one.kind) {
                let schema = catalog::find(one.kind).map(|known| known.schema);
                let schema = format!("{}/{}", schema.unwrap_or_default(), wanted.version);
                batch.push(event(house, one.kind, &schema, one.resource, one.data.clone()));
                if !route.batch_events {
                    rows.push(row(house, account, &route.url, (one.resource, &batch)));
                    batch.clear();
                }
            }
        }
        if !batch.is_empty() {
            rows.push(row(house, account, &route.url, (first.resource, &batch)));
        }
    }
    rows
}

/// An event with an id of its own.
pub(crate) fn event(
    house: &House,
    kind: &str,
    schema: &str,
    source: Sid,
    data: Value,
) -> CloudEvent {
    let mut event = CloudEvent::new(fresh(house, *b"EZ").as_str(), kind, source.as_str());
    event.time = Some(millis(house.now()));
    event.data_schema = Some(format!("{SCHEMAS}/{schema}"));
    event.data_content_type = Some("application/json".to_owned());
    event.data = Some(data);
    event
}

/// The row that brings events to a sink.
pub(crate) fn row(
    house: &House,
    account: AccountSid,
    url: &str,
    (resource, events): (Sid, &[CloudEvent]),
) -> Webhook {
    Webhook {
        id: 0,
        account,
        kind: Kind::Tell,
        purpose: Purpose::SinkEvent,
        resource,
        url: url.to_owned(),
        method: Method::Post,
        parameters: CloudEvent::to_json(events),
        token: house.ids.token(),
        fallback: None,
        context: String::new(),
        due: house.now(),
        created: house.now(),
        failures: 0,
    }
}

fn fresh(house: &House, prefix: [u8; 2]) -> Sid {
    Sid::from_parts(prefix, house.parts())
}

/// A time as events have it: with milliseconds.
fn millis(time: Timestamp) -> String {
    format!("{time:.3}")
}
