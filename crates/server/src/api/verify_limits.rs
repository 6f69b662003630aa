//! `/verify/v2/Services/{VA}/RateLimits` and their `/Buckets`; and what they make of a verification.
//!
//! A rate limit may be named by its unique name, too. Contract: Twilio doc pages "Service Rate
//! Limits" and "Service Rate Limit Buckets".

use super::error::ApiError;
use super::paging::Page;
use super::pools::own_url;
use super::request::Call;
use super::show;
use super::verify::find as find_service;
use crate::house::House;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use exchange::refusal::Refusal;
use exchange::sid::{BucketSid, RateLimitSid};
use exchange::verify::VerifyService;
use exchange::verify::limits::{
    self, BUCKETS_MAX, Bucket, INTERVAL_SECONDS_MAX, LIMITS_MAX, RateLimit,
};
use jiff::SignedDuration;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use store::{Change, LimitWrite, Place, VerifyWrite, Write};

const LIST: &str = "/verify/v2/Services/{service}/RateLimits";

pub(super) fn routes() -> Router<Arc<House>> {
    let one = format!("{LIST}/{{limit}}");
    let buckets = format!("{one}/Buckets");
    Router::new()
        .route(LIST, get(list).post(create))
        .route(&one, get(fetch).post(update).delete(delete))
        .route(&buckets, get(list_buckets).post(create_bucket))
        .route(
            &format!("{buckets}/{{sid}}"),
            get(fetch_bucket).post(update_bucket).delete(delete_bucket),
        )
}

/// The change of one write.
fn change(write: LimitWrite) -> Change {
    Change::one(Write::Verify(VerifyWrite::Limits(write)))
}

async fn list(Path(service): Path<String>, call: Call) -> Result<Response, ApiError> {
    let service = find_service(&call, &service)?;
    let page = Page::of(&call)?;
    let place = page.place(RateLimitSid::parse)?;
    let found = call.house.store.rate_limits(service.sid, place, page.limit())?;
    let url = own_url(&call);
    let sid_of = |one: &RateLimit| one.sid.to_string();
    let show_one = |one: &RateLimit| show_limit(one, &format!("{url}/{}", one.sid));
    Ok(show::ok(&page.modern(&call, "rate_limits", found, (sid_of, show_one))))
}

/// All rate limits of a service.
fn all(house: &House, service: &VerifyService) -> Result<Vec<RateLimit>, ApiError> {
    Ok(house.store.rate_limits(service.sid, Place::Top, LIMITS_MAX as u64)?)
}

/// All buckets of a rate limit.
fn all_buckets(house: &House, limit: &RateLimit) -> Result<Vec<Bucket>, ApiError> {
    Ok(house.store.buckets(limit.sid, Place::Top, BUCKETS_MAX as u64)?)
}

async fn create(Path(service): Path<String>, call: Call) -> Result<Response, ApiError> {
    let house = &call.house;
    let made = house.decide(|| -> Result<_, ApiError> {
        let service = find_service(&call, &service)?;
        let others = all(house, &service)?;
        let unique_name = limits::unique_name(&call.form, others.iter())?;
        if others.len() >= LIMITS_MAX {
            return Err(Refusal::verify_limits_full().into());
        }
        let limit = RateLimit {
            sid: RateLimitSid::from_parts(house.parts()),
            service: service.sid,
            account: service.account,
            unique_name,
            description: limits::description(&call.form)?.unwrap_or_default(),
            created: house.now(),
            updated: house.now(),
        };
        Ok((change(LimitWrite::InsertLimit(Box::new(limit.clone()))), limit))
    });
    let made = made.await?;
    Ok(show::created(&show_limit(&made, &format!("{}/{}", own_url(&call), made.sid))))
}

/// The rate limit of a path, by its sid or its unique name.
fn find(call: &Call, service: &str, name: &str) -> Result<RateLimit, ApiError> {
    let found = all(&call.house, &find_service(call, service)?)?;
    let mut found = found.into_iter();
    let found = found.find(|one| one.sid.as_str() == name || one.unique_name == name);
    found.ok_or_else(|| call.not_found())
}

async fn fetch(
    Path((service, limit)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    Ok(show::ok(&show_limit(&find(&call, &service, &limit)?, &own_url(&call))))
}

async fn update(
    Path((service, limit)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let description = limits::description(&call.form)?;
    let updated = call.house.decide(|| -> Result<_, ApiError> {
        let mut now = find(&call, &service, &limit)?;
        let was = now.updated;
        if let Some(text) = &description {
            now.description.clone_from(text);
        }
        now.updated = call.house.after(was);
        Ok((change(LimitWrite::UpdateLimit { was, now: Box::new(now.clone()) }), now))
    });
    Ok(show::ok(&show_limit(&updated.await?, &own_url(&call))))
}

async fn delete(
    Path((service, limit)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let deleted = call.house.decide(|| -> Result<_, ApiError> {
        let limit = find(&call, &service, &limit)?;
        Ok((change(LimitWrite::DeleteLimit(limit.sid)), ()))
    });
    deleted.await?;
    Ok(show::deleted())
}

async fn list_buckets(
    Path((service, limit)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let limit = find(&call, &service, &limit)?;
    let page = Page::of(&call)?;
    let place = page.place(BucketSid::parse)?;
    let found = call.house.store.buckets(limit.sid, place, page.limit())?;
    let url = own_url(&call);
    let sid_of = |one: &Bucket| one.sid.to_string();
    let show_one = |one: &Bucket| show_bucket(&limit, one, &format!("{url}/{}", one.sid));
    Ok(show::ok(&page.modern(&call, "buckets", found, (sid_of, show_one))))
}

async fn create_bucket(
    Path((service, limit)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let house = &call.house;
    let made = house.decide(|| -> Result<_, ApiError> {
        let limit = find(&call, &service, &limit)?;
        let (sid, now) = (BucketSid::from_parts(house.parts()), house.now());
        let (max, interval_seconds) = (0, 0);
        let mut bucket =
            Bucket { sid, limit: limit.sid, max, interval_seconds, created: now, updated: now };
        let others = all_buckets(house, &limit)?;
        limits::bucket(&mut bucket, &call.form, true, &others)?;
        if others.len() >= BUCKETS_MAX {
            return Err(Refusal::verify_buckets_full().into());
        }
        Ok((change(LimitWrite::InsertBucket(Box::new(bucket.clone()))), (limit, bucket)))
    });
    let (limit, made) = made.await?;
    Ok(show::created(&show_bucket(&limit, &made, &format!("{}/{}", own_url(&call), made.sid))))
}

/// The bucket of a path, with its rate limit.
fn find_bucket(
    call: &Call,
    (service, limit, sid): &(String, String, String),
) -> Result<(RateLimit, Bucket), ApiError> {
    let limit = find(call, service, limit)?;
    let found = all_buckets(&call.house, &limit)?.into_iter().find(|one| one.sid.as_str() == sid);
    found.map(|bucket| (limit, bucket)).ok_or_else(|| call.not_found())
}

async fn fetch_bucket(
    Path(path): Path<(String, String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let (limit, bucket) = find_bucket(&call, &path)?;
    Ok(show::ok(&show_bucket(&limit, &bucket, &own_url(&call))))
}

async fn update_bucket(
    Path(path): Path<(String, String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let house = &call.house;
    let updated = house.decide(|| -> Result<_, ApiError> {
        let (limit, mut now) = find_bucket(&call, &path)?;
        let was = now.updated;
        limits::bucket(&mut now, &call.form, false, &all_buckets(house, &limit)?)?;
        now.updated = house.after(was);
        let write = LimitWrite::UpdateBucket { was, now: Box::new(now.clone()) };
        Ok((change(write), (limit, now)))
    });
    let (limit, bucket) = updated.await?;
    Ok(show::ok(&show_bucket(&limit, &bucket, &own_url(&call))))
}

async fn delete_bucket(
    Path(path): Path<(String, String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let deleted = call.house.decide(|| -> Result<_, ApiError> {
        let (_, bucket) = find_bucket(&call, &path)?;
        Ok((change(LimitWrite::DeleteBucket(bucket.sid)), ()))
    });
    deleted.await?;
    Ok(show::deleted())
}

/// What a verification's `RateLimits` counts, or that it comes too soon.
///
/// # Errors
/// 60200 for what names no rate limit, 20429 when a bucket is full.
pub(super) fn counted(call: &Call, service: &VerifyService) -> Result<Vec<Write>, ApiError> {
    let Some(text) = call.filled("RateLimits") else { return Ok(Vec::new()) };
    let members: Option<Map<String, Value>> = serde_json::from_str(text).ok();
    let members = members.ok_or_else(|| Refusal::verify_parameter_invalid("RateLimits"))?;
    let members: Vec<(String, Option<String>)> = members
        .into_iter()
        .map(|(name, value)| match value {
            Value::String(text) => (name, Some(text)),
            Value::Number(number) => (name, Some(number.to_string())),
            _ => (name, None),
        })
        .collect();
    let (house, now) = (&call.house, call.house.now());
    let all = all(house, service)?;
    let longest = SignedDuration::from_secs(i64::from(INTERVAL_SECONDS_MAX));
    let since = now.checked_sub(longest).unwrap_or(now);
    let mut writes = Vec::new();
    for (limit, value) in limits::values(&members, &all)? {
        let times = house.store.rate_uses(limit.sid, value, since)?;
        limits::admit(&all_buckets(house, limit)?, &times, now)?;
        let (limit, value, seen) = (limit.sid, value.to_owned(), times.len());
        writes.push(Write::Verify(VerifyWrite::Limits(LimitWrite::Use {
            limit,
            value,
            at: now,
            since,
            seen,
        })));
    }
    Ok(writes)
}

fn show_limit(one: &RateLimit, url: &str) -> Value {
    json!({
        "sid": one.sid.as_str(),
        "service_sid": one.service.as_str(),
        "account_sid": one.account.as_str(),
        "unique_name": one.unique_name,
        "description": one.description,
        "date_created": show::iso8601(one.created),
        "date_updated": show::iso8601(one.updated),
        "url": url,
        "links": { "buckets": format!("{url}/Buckets") },
    })
}

fn show_bucket(limit: &RateLimit, one: &Bucket, url: &str) -> Value {
    json!({
        "sid": one.sid.as_str(),
        "rate_limit_sid": limit.sid.as_str(),
        "service_sid": limit.service.as_str(),
        "account_sid": limit.account.as_str(),
        "max": one.max,
        "interval": one.interval_seconds,
        "date_created": show::iso8601(one.created),
        "date_updated": show::iso8601(one.updated),
        "url": url,
    })
}
