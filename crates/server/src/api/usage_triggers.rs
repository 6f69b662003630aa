//! `/2010-04-01/Accounts/{AC}/Usage/Triggers`: who is told when usage reaches a value.
//!
//! Contract: rest.md 4.4 and A.12.

use super::error::ApiError;
use super::paging::Page;
use super::request::Call;
use super::show;
use crate::house::House;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use exchange::refusal::Refusal;
use exchange::sid::TriggerSid;
use exchange::usage::triggers::{self, Recurring, TRIGGERS_MAX, Trigger, TriggerBy};
use serde_json::{Value, json};
use std::sync::Arc;
use store::{Change, StoreError, TriggerFilter, Write};

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new()
        .route("/2010-04-01/Accounts/{account}/Usage/Triggers", get(list).post(create))
        .route(
            "/2010-04-01/Accounts/{account}/Usage/Triggers/{sid}",
            get(fetch).post(update).delete(delete),
        )
}

/// Where a trigger stands now, in millionths.
pub(crate) fn current(house: &House, trigger: &Trigger) -> Result<i64, StoreError> {
    let now = house.now();
    let tallies = house.store.usage(trigger.account, trigger.days(now), true)?;
    Ok(trigger.current(&tallies, now))
}

async fn list(Path(account): Path<String>, call: Call) -> Result<Response, ApiError> {
    let account = call.acting(&account)?;
    let page = Page::of(&call)?;
    let filter = TriggerFilter { place: page.place(TriggerSid::parse)?, ..filter(&call)? };
    let found = call.house.store.triggers(account.sid, &filter, page.limit())?;
    let shown: Result<Vec<(String, Value)>, StoreError> = found
        .iter()
        .map(|one| Ok((one.sid.to_string(), show_trigger(&call.house, one)?)))
        .collect();
    let sid_of = |one: &(String, Value)| one.0.clone();
    let show_one = |one: &(String, Value)| one.1.clone();
    Ok(show::ok(&page.classic(&call, "usage_triggers", shown?, (sid_of, show_one))))
}

/// Which triggers a list shows.
fn filter(call: &Call) -> Result<TriggerFilter, ApiError> {
    let wrong = |name: &str, why: &str| Refusal::parameter_invalid(name, why);
    let recurring = call.filled("Recurring").map(|text| {
        let why = "use daily, monthly, yearly or alltime";
        Recurring::parse(text).ok_or_else(|| wrong("Recurring", why))
    });
    let by = call.filled("TriggerBy").map(|text| {
        TriggerBy::parse(text).ok_or_else(|| wrong("TriggerBy", "use count, usage or price"))
    });
    Ok(TriggerFilter {
        recurring: recurring.transpose()?,
        by: by.transpose()?,
        category: call.filled("UsageCategory").map(str::to_owned),
        ..TriggerFilter::default()
    })
}

async fn create(Path(account): Path<String>, call: Call) -> Result<Response, ApiError> {
    let account = call.acting(&account)?;
    let house = &call.house;
    let sid = TriggerSid::from_parts(house.parts());
    let at = |trigger: &Trigger| current(house, trigger).map_err(ApiError::from);
    let trigger = triggers::create(&call.form, (account.sid, sid), house.now(), at)?;
    let filter = TriggerFilter::default();
    if house.store.triggers(account.sid, &filter, TRIGGERS_MAX)?.len() as u64 >= TRIGGERS_MAX {
        return Err(Refusal::conflict("the account has as many triggers as it may").into());
    }
    let shown = show_trigger(house, &trigger)?;
    house.save(Change::one(Write::InsertTrigger(Box::new(trigger)))).await?;
    Ok(show::created(&shown))
}

/// The trigger of a path, when it is the account's.
fn find(call: &Call, account: &str, sid: &str) -> Result<Trigger, ApiError> {
    let account = call.acting(account)?;
    let sid = TriggerSid::parse(sid).ok_or_else(|| call.not_found())?;
    let found = call.house.store.trigger(sid)?;
    found.filter(|found| found.account == account.sid).ok_or_else(|| call.not_found())
}

async fn fetch(
    Path((account, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    Ok(show::ok(&show_trigger(&call.house, &find(&call, &account, &sid)?)?))
}

async fn update(
    Path((account, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let updated = call.house.decide(|| -> Result<_, ApiError> {
        let mut now = find(&call, &account, &sid)?;
        let was = now.updated;
        triggers::configure(&mut now, &call.form)?;
        now.updated = call.house.after(was);
        Ok((Change::one(Write::UpdateTrigger { was, now: Box::new(now.clone()) }), now))
    });
    Ok(show::ok(&show_trigger(&call.house, &updated.await?)?))
}

async fn delete(
    Path((account, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let deleted = call.house.decide(|| -> Result<_, ApiError> {
        let Trigger { sid, account, .. } = find(&call, &account, &sid)?;
        Ok((Change::one(Write::DeleteTrigger { sid, account }), ()))
    });
    deleted.await?;
    Ok(show::deleted())
}

fn show_trigger(house: &House, trigger: &Trigger) -> Result<Value, StoreError> {
    let (account, sid) = (trigger.account, trigger.sid);
    Ok(json!({
        "account_sid": account.as_str(),
        "api_version": webhook::API_VERSION,
        "callback_method": trigger.callback.method.as_str(),
        "callback_url": trigger.callback.url,
        "current_value": triggers::shown(current(house, trigger)?),
        "date_created": show::rfc2822(trigger.created),
        "date_fired": trigger.fired.map(show::rfc2822),
        "date_updated": show::rfc2822(trigger.updated),
        "friendly_name": trigger.friendly_name,
        "recurring": trigger.recurring.map(Recurring::as_str),
        "sid": sid.as_str(),
        "trigger_by": trigger.by.as_str(),
        "trigger_value": triggers::shown(trigger.value),
        "uri": format!("/2010-04-01/Accounts/{account}/Usage/Triggers/{sid}.json"),
        "usage_category": trigger.category.name,
        "usage_record_uri": triggers::record_uri(trigger),
    }))
}
