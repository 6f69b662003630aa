//! A customer sends a message by the REST API: what is refused, and what is queued.
//!
//! Called by the API with the parameters and what the store knows of the sender; never looks
//! anything up itself. The magic numbers of Twilio's test credentials behave as documented with
//! every credential. Contract: rest.md 4.1 and 7.

use crate::messages::{Direction, Feedback, Media, Message, State, segments};
use crate::numbers::{Address, Method, Target};
use crate::refusal::Refusal;
use crate::sid::{AccountSid, MessageSid};
use crate::webhooks::url::Url;
use jiff::Timestamp;

/// Characters of a StatusCallback URL at most (21609).
pub const STATUS_CALLBACK_CHARACTERS_MAX: usize = 4000;
/// Media of one message at most (21623).
pub const MEDIA_MAX: usize = 10;

/// What the customer wants sent. Empty texts are absent ones.
#[derive(Debug, Clone, Default)]
pub struct Draft<'a> {
    /// To.
    pub to: &'a str,
    /// From.
    pub from: &'a str,
    /// Body.
    pub body: &'a str,
    /// MediaUrl, repeated.
    pub media_urls: Vec<&'a str>,
    /// StatusCallback.
    pub status_callback: &'a str,
    /// The status URL of the ApplicationSid's application.
    pub application_status_url: Option<&'a str>,
    /// SmartEncoded.
    pub smart_encoded: bool,
    /// ProvideFeedback.
    pub provide_feedback: bool,
    /// ValidityPeriod.
    pub validity_period: Option<&'a str>,
}

/// The sender and receiver of a draft, once they are known to be addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// As it will be shown.
    pub to: String,
    /// As it will be shown.
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
    if draft.from.is_empty() {
        return Err(Refusal::from_missing());
    }
    let to = Address::parse(draft.to, Some("US")).map_err(|_| Refusal::to_invalid(draft.to))?;
    let from =
        Address::parse(draft.from, Some("US")).map_err(|_| Refusal::from_invalid(draft.from))?;
    match (&to, &from) {
        (Address::ShortCode(_), _) => return Err(Refusal::to_is_short_code()),
        // A name can send, and nobody can send to it.
        (Address::AlphaSender(_), _) => return Err(Refusal::to_invalid(draft.to)),
        (
            Address::Phone(_),
            Address::Phone(_) | Address::ShortCode(_) | Address::AlphaSender(_),
        ) => {}
        (Address::Phone(_), _) | (_, Address::Phone(_)) => return Err(Refusal::channels_differ()),
        _ => return Err(Refusal::to_invalid(draft.to)),
    }
    let route = Route { to: to.to_string(), from: from.to_string() };
    if route.to == route.from {
        return Err(Refusal::to_is_from());
    }
    if let Some(refusal) = magic_from(&route.from).or_else(|| magic_to(&route.to, &route.from)) {
        return Err(refusal);
    }
    Ok(route)
}

/// The queued message of a draft. `owned`: the sender is a number of the account.
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
    if !owned && route.from != MAGIC_FROM {
        return Err(Refusal::from_not_owned(&route.from));
    }
    check_content(draft)?;
    let status_callback = status_callback(draft)?;
    let media = draft
        .media_urls
        .iter()
        .zip(media_sids)
        .map(|(url, sid)| Media {
            sid,
            url: (*url).trim().to_owned(),
            content_type: crate::media::content_type_of(url).to_owned(),
        })
        .collect();
    let body = if draft.smart_encoded {
        super::smart_encoding::apply(draft.body)
    } else {
        draft.body.to_owned()
    };
    Ok(Message {
        sid,
        account,
        direction: Direction::OutboundApi,
        from: route.from,
        to: route.to,
        num_segments: segments::segment(&body, false).segments.max(1),
        body,
        state: State::Queued,
        error_code: None,
        media,
        service: None,
        status_callback,
        in_reply_to: None,
        created: now,
        updated: now,
        sent: None,
        feedback: draft.provide_feedback.then_some(Feedback::Expected),
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
    if let Some(period) = draft.validity_period {
        let seconds: Option<u32> = period.parse().ok();
        if !seconds.is_some_and(|seconds| (1..=36_000).contains(&seconds)) {
            return Err(Refusal::validity_period_invalid(period));
        }
    }
    Ok(())
}

fn status_callback(draft: &Draft<'_>) -> Result<Option<Target>, Refusal> {
    let url = if draft.status_callback.is_empty() {
        draft.application_status_url.unwrap_or_default()
    } else {
        draft.status_callback
    };
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
