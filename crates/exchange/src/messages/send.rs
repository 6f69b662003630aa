//! A customer sends a message by the REST API: what is refused, and what is queued.
//!
//! Called by the API with the parameters and what the store knows of the sender; never looks
//! anything up itself. The magic numbers of Twilio's test credentials behave as documented with
//! every credential. Contract: rest.md 4.1 and 7.

use crate::messages::{Direction, Feedback, Media, Message, State, segments};
use crate::numbers::{Address, Method, Target, is_whatsapp};
use crate::pools::{Sender, Service, VALIDITY_SECONDS, choice, configure};
use crate::refusal::Refusal;
use crate::sid::{AccountSid, MessageSid};
use crate::webhooks::url::Url;
use jiff::{SignedDuration, Timestamp};

/// Characters of a StatusCallback URL at most (21609).
pub const STATUS_CALLBACK_CHARACTERS_MAX: usize = 4000;
/// Media of one message at most (21623).
pub const MEDIA_MAX: usize = 10;

/// What the customer wants sent. Empty texts are absent ones.
#[derive(Debug, Clone, Default)]
pub struct Draft<'a> {
    /// To.
    pub to: &'a str,
    /// From, unless it names a service.
    pub from: &'a str,
    /// The service that the message goes through, with its senders.
    pub through: Option<Through<'a>>,
    /// When it goes, if not at once.
    pub send_at: Option<Timestamp>,
    /// Body.
    pub body: &'a str,
    /// MediaUrl, repeated.
    pub media_urls: Vec<&'a str>,
    /// StatusCallback.
    pub status_callback: &'a str,
    /// The status URL of the ApplicationSid's application.
    pub application_status_url: Option<&'a str>,
    /// SmartEncoded; else the service's choice.
    pub smart_encoded: Option<bool>,
    /// ProvideFeedback.
    pub provide_feedback: bool,
    /// ValidityPeriod.
    pub validity_period: Option<&'a str>,
}

/// A service and who sends for it.
#[derive(Debug, Clone, Copy)]
pub struct Through<'a> {
    /// The service.
    pub service: &'a Service,
    /// Its senders.
    pub senders: &'a [Sender],
}

/// The sender and receiver of a draft, once they are known to be addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// As it will be shown.
    pub to: String,
    /// As it will be shown; empty when the service picks one.
    pub from: String,
}

/// Twilio's numbers that always fail, as To (rest.md 7).
fn magic_to(to: &str, from: &str) -> Option<Refusal> {
    match to {
        "+15005550001" => Some(Refusal::to_invalid(to)),
        "+15005550002" => Some(Refusal::to_unreachable(to, from)),
        "+15005550003" => Some(Refusal::region_not_enabled(to)),
        "+15005550004" => Some(Refusal::to_unsubscribed()),
        "+15005550009" => Some(Refusal::to_not_mobile(to)),
        _ => None,
    }
}

/// Twilio's numbers as From: the ones that fail; `None` for others.
fn magic_from(from: &str) -> Option<Refusal> {
    match from {
        "+15005550001" => Some(Refusal::from_invalid(from)),
        "+15005550007" => Some(Refusal::from_not_owned(from)),
        "+15005550008" => Some(Refusal::from_queue_full(from)),
        _ => None,
    }
}

/// Twilio's number that every account may send from.
pub const MAGIC_FROM: &str = "+15005550006";

/// Who sends to whom.
///
/// # Errors
/// Addresses that are none, or that may not go together.
pub fn route(draft: &Draft<'_>) -> Result<Route, Refusal> {
    if draft.to.is_empty() {
        return Err(Refusal::to_missing());
    }
    let from = sender(draft)?;
    let to = Address::parse(draft.to, Some("US")).map_err(|_| Refusal::to_invalid(draft.to))?;
    match (&to, &from) {
        (Address::ShortCode(_), _) => return Err(Refusal::to_is_short_code()),
        // A name can send, and nobody can send to it.
        (Address::AlphaSender(_), _) => return Err(Refusal::to_invalid(draft.to)),
        (Address::Phone(_) | Address::WhatsApp(_), None) => {}
        (Address::WhatsApp(_), Some(Address::WhatsApp(_))) => {}
        (
            Address::Phone(_),
            Some(Address::Phone(_) | Address::ShortCode(_) | Address::AlphaSender(_)),
        ) => {}
        (Address::Phone(_) | Address::WhatsApp(_), Some(_))
        | (_, Some(Address::Phone(_) | Address::WhatsApp(_))) => {
            return Err(Refusal::channels_differ());
        }
        _ => return Err(Refusal::to_invalid(draft.to)),
    }
    let from = from.map(|from| from.to_string()).unwrap_or_default();
    let route = Route { to: to.to_string(), from };
    if route.to == route.from {
        return Err(Refusal::to_is_from());
    }
    if let Some(refusal) = magic_from(&route.from).or_else(|| magic_to(&route.to, &route.from)) {
        return Err(refusal);
    }
    Ok(route)
}

/// The address of From; `None` when the service picks one.
fn sender(draft: &Draft<'_>) -> Result<Option<Address>, Refusal> {
    if draft.from.is_empty() {
        return match draft.through {
            Some(_) => Ok(None),
            None => Err(Refusal::from_missing()),
        };
    }
    let from = Address::parse(draft.from, Some("US"));
    from.map(Some).map_err(|_| Refusal::from_invalid(draft.from))
}

/// That the sender may send: a number of the account or, of a service, one of its senders; or that
/// the service has somebody.
fn check_sender(draft: &Draft<'_>, route: &Route, owned: bool) -> Result<(), Refusal> {
    let Some(Through { service, senders }) = draft.through else {
        let may = owned || route.from == MAGIC_FROM;
        return may.then_some(()).ok_or_else(|| match is_whatsapp(&route.from) {
            true => Refusal::channel_not_found(&route.from),
            false => Refusal::from_not_owned(&route.from),
        });
    };
    if senders.is_empty() {
        return Err(Refusal::service_empty(service.sid));
    }
    if route.from.is_empty() {
        let nobody = choice::candidates(service, senders, &route.to).is_empty();
        return match nobody {
            true => Err(Refusal::service_no_number_available(service.sid)),
            false => Ok(()),
        };
    }
    let is_its = choice::has(senders, &route.from);
    is_its.then_some(()).ok_or_else(|| Refusal::service_lacks_sender(&route.from))
}

/// The message of a draft: queued, accepted until its service has picked a sender, or scheduled.
/// `owned`: the sender is a number of the account.
///
/// # Errors
/// What Twilio would refuse.
pub fn queue(
    draft: &Draft<'_>,
    route: Route,
    owned: bool,
    (account, sid, media_sids): (AccountSid, MessageSid, Vec<crate::sid::MediaSid>),
    now: Timestamp,
) -> Result<Message, Refusal> {
    check_sender(draft, &route, owned)?;
    check_content(draft)?;
    let validity = validity(draft)?;
    let service = draft.through.map(|through| through.service);
    let status_callback = status_callback(draft)?;
    let media = draft
        .media_urls
        .iter()
        .zip(media_sids)
        .map(|(url, sid)| Media::at(sid, url.trim()))
        .collect::<Vec<_>>();
    let by_channel = is_whatsapp(&route.to);
    let smart = draft.smart_encoded.or(service.map(|service| service.smart_encoding));
    let body = if smart == Some(true) && !by_channel {
        super::smart_encoding::apply(draft.body)
    } else {
        draft.body.to_owned()
    };
    let picks = route.from.is_empty();
    Ok(Message {
        sid,
        account,
        direction: Direction::OutboundApi,
        from: route.from,
        to: route.to,
        num_segments: segments::of_message(&body, by_channel || !media.is_empty()),
        body,
        state: match draft.send_at {
            Some(_) => State::Scheduled,
            None if picks => State::Accepted,
            None => State::Queued,
        },
        error_code: None,
        media,
        service: service.map(|service| service.sid),
        status_callback,
        in_reply_to: None,
        created: now,
        updated: now,
        sent: None,
        feedback: draft.provide_feedback.then_some(Feedback::Expected),
        send_at: draft.send_at,
        expires: Some(expires(draft.send_at.unwrap_or(now), validity)),
    })
}

fn check_content(draft: &Draft<'_>) -> Result<(), Refusal> {
    if draft.body.is_empty() && draft.media_urls.is_empty() {
        return Err(Refusal::body_missing());
    }
    if segments::body_characters(draft.body) > segments::BODY_CHARACTERS_MAX {
        return Err(Refusal::body_too_long());
    }
    if draft.media_urls.len() > MEDIA_MAX {
        return Err(Refusal::media_too_many());
    }
    if let Some(bad) = draft.media_urls.iter().find(|url| Url::parse(url).is_err()) {
        return Err(Refusal::media_url_invalid(bad));
    }
    Ok(())
}

/// Seconds that the message may wait.
fn validity(draft: &Draft<'_>) -> Result<u32, Refusal> {
    match (draft.validity_period, draft.through) {
        (Some(text), _) => configure::validity(text),
        (None, Some(through)) => Ok(through.service.validity_period),
        (None, None) => Ok(VALIDITY_SECONDS),
    }
}

/// When a message that is queued `from` then is too old.
pub fn expires(from: Timestamp, validity_seconds: u32) -> Timestamp {
    from + SignedDuration::from_secs(validity_seconds.into())
}

fn status_callback(draft: &Draft<'_>) -> Result<Option<Target>, Refusal> {
    let of_service = draft.through.map_or("", |through| &through.service.status_callback);
    let of_application = draft.application_status_url.unwrap_or_default();
    let mut urls = [draft.status_callback, of_application, of_service].into_iter();
    let url = urls.find(|url| !url.is_empty()).unwrap_or_default();
    if url.is_empty() {
        return Ok(None);
    }
    if url.chars().count() > STATUS_CALLBACK_CHARACTERS_MAX {
        return Err(Refusal::status_callback_invalid(url));
    }
    match Url::parse(url) {
        Ok(read) if !read.host().contains('_') => {
            Ok(Some(Target { url: url.to_owned(), method: Method::Post }))
        }
        _ => Err(Refusal::status_callback_invalid(url)),
    }
}
