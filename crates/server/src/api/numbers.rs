//! `/2010-04-01/Accounts/{AC}/IncomingPhoneNumbers` and its Local, Mobile and TollFree lists:
//! buy, list, configure, move, release.
//!
//! A released number is a handset again. Contract: rest.md 4.3, 7 and A.4.

use super::error::ApiError;
use super::paging::Page;
use super::request::Call;
use super::show;
use crate::house::House;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use exchange::accounts::AccountStatus;
use exchange::numbers::buy::{self, MAGIC_NUMBER, Pool, Wish};
use exchange::numbers::{Number, configure};
use exchange::refusal::Refusal;
use exchange::sid::{AccountSid, NumberSid, PostalSid};
use serde_json::{Value, json};
use std::sync::Arc;
use store::{Change, NumberFilter, Write};

const LIST: &str = "/2010-04-01/Accounts/{account}/IncomingPhoneNumbers";
/// The list's key in answers.
const KEY: &str = "incoming_phone_numbers";

pub(super) fn routes() -> Router<Arc<House>> {
    let mut router =
        Router::new().route(&format!("{LIST}/{{sid}}"), get(fetch).post(update).delete(release));
    for (path, pool) in [
        ("", Pool::Any),
        ("/Local", Pool::Local),
        ("/Mobile", Pool::Mobile),
        ("/TollFree", Pool::TollFree),
    ] {
        let listing = move |path: Path<String>, call: Call| async move { list(path, call, pool) };
        let buying = move |path: Path<String>, call: Call| buy(path, call, pool);
        router = router.route(&format!("{LIST}{path}"), get(listing).post(buying));
    }
    router
}

fn list(Path(account): Path<String>, call: Call, pool: Pool) -> Result<Response, ApiError> {
    let account = call.acting(&account)?;
    let page = Page::of(&call)?;
    let (begins, begins_not) = pool.prefixes();
    let wanted = call.filled("PhoneNumber").map(pattern);
    let filter = NumberFilter {
        phone_number: wanted.clone().flatten(),
        friendly_name: call.filled("FriendlyName").map(str::to_owned),
        begins,
        begins_not,
        address: None,
        place: page.place(NumberSid::parse)?,
    };
    // Every number of the house is its own, and none is new to its platform.
    let origin = call.filled("Origin");
    let foreign = origin.is_some_and(|origin| origin != "twilio");
    let found = if foreign || wanted == Some(None) || call.boolean("Beta")? == Some(true) {
        Vec::new()
    } else {
        call.house.store.numbers(account.sid, &filter, page.limit())?
    };
    let sid_of = |number: &Number| number.sid.to_string();
    let shown = (sid_of, |number: &Number| show_number(number, pool));
    Ok(show::ok(&page.classic(&call, KEY, found, shown)))
}

/// A `PhoneNumber` filter: digits, a leading `+` and `*` count, ` -.()` are how people write; with
/// anything else in it, or with nothing that counts, it is found in no number.
fn pattern(text: &str) -> Option<String> {
    let is_known = |c: char| c.is_ascii_digit() || "*+ -.()".contains(c);
    let counts = |c: &char| c.is_ascii_digit() || matches!(c, '*' | '+');
    let pattern: String = text.chars().filter(counts).collect();
    Some(pattern).filter(|pattern| !pattern.is_empty() && text.chars().all(is_known))
}

async fn buy(Path(account): Path<String>, call: Call, pool: Pool) -> Result<Response, ApiError> {
    let account = call.acting(&account)?;
    let wish = buy::wish(&call.form, pool)?;
    if call.is_test() {
        let number = test(&call, account.sid, &wish)?;
        return Ok(show::created(&show_number(&number, pool)));
    }
    let bought = call.house.decide(|| decide_to_buy(&call, account.sid, &wish)).await?;
    Ok(show::created(&show_number(&bought, pool)))
}

/// The number that is free for the wish, configured. The magic number is always free: whoever
/// has it gives it up.
fn decide_to_buy(
    call: &Call,
    account: AccountSid,
    wish: &Wish,
) -> Result<(Change, Number), ApiError> {
    let house = &call.house;
    let mut change = Change::default();
    let phone_number = match wish {
        Wish::Number(number) => {
            free(house, number.as_str(), &mut change)?.then(|| number.to_string())
        }
        Wish::OneOf { candidates, .. } => {
            let mut found = None;
            for candidate in candidates {
                if free(house, candidate, &mut change)? {
                    found = Some(candidate.clone());
                    break;
                }
            }
            found
        }
    };
    let phone_number = phone_number.ok_or_else(|| match wish {
        Wish::Number(number) => Refusal::number_not_available(number),
        Wish::OneOf { area_code, .. } => Refusal::area_code_empty(area_code),
    })?;
    let sid = NumberSid::from_parts(house.parts());
    let mut number = crate::first::number(account, sid, &phone_number, house.now());
    configure::number(&mut number, &call.form)?;
    check_named(call, &mut number, account)?;
    change.writes.push(Write::InsertNumber(Box::new(number.clone())));
    Ok((change, number))
}

/// What test credentials buy: the magic number only, and nothing is kept of it (rest.md 7).
fn test(call: &Call, account: AccountSid, wish: &Wish) -> Result<Number, ApiError> {
    match wish {
        Wish::Number(number) if number.as_str() != MAGIC_NUMBER => {
            return Err(Refusal::number_not_available(number).into());
        }
        Wish::OneOf { area_code, candidates } if candidates != &[MAGIC_NUMBER] => {
            return Err(Refusal::area_code_empty(area_code).into());
        }
        Wish::Number(_) | Wish::OneOf { .. } => {}
    }
    let sid = NumberSid::from_parts(call.house.parts());
    let mut number = crate::first::number(account, sid, MAGIC_NUMBER, call.house.now());
    configure::number(&mut number, &call.form)?;
    check_named(call, &mut number, account)?;
    Ok(number)
}

/// Whether a number can be bought; `change` then frees it.
fn free(house: &House, number: &str, change: &mut Change) -> Result<bool, ApiError> {
    match house.store.number_at(number)? {
        None => Ok(true),
        Some(owned) if number == MAGIC_NUMBER => {
            change.writes.push(Write::DeleteNumber { sid: owned.sid, account: owned.account });
            Ok(true)
        }
        Some(_) => Ok(false),
    }
}

/// Refuses what the request names for a number and `account` does not have.
fn check_named(call: &Call, number: &mut Number, account: AccountSid) -> Result<(), ApiError> {
    check_applications(call, number, account)?;
    check_address(call, "AddressSid", &mut number.attachments.address_sid, account)?;
    check_address(
        call,
        "EmergencyAddressSid",
        &mut number.attachments.emergency_address_sid,
        account,
    )
}

/// Refuses an address that the account does not have. One that the number had before it moved to
/// this account stays behind.
fn check_address(
    call: &Call,
    name: &str,
    address: &mut String,
    account: AccountSid,
) -> Result<(), ApiError> {
    let Some(sid) = PostalSid::parse(address) else { return Ok(()) };
    if call.house.store.address(sid)?.is_some_and(|found| found.account == account) {
        return Ok(());
    }
    if call.filled(name).is_some() {
        return Err(Refusal::address_unknown(name, sid).into());
    }
    address.clear();
    Ok(())
}

/// Refuses applications that the request names and the account does not have.
fn check_applications(call: &Call, number: &Number, account: AccountSid) -> Result<(), ApiError> {
    let named = [
        ("VoiceApplicationSid", number.voice_application),
        ("SmsApplicationSid", number.sms_application),
    ];
    for (name, sid) in named {
        let Some(sid) = sid.filter(|_| call.filled(name).is_some()) else {
            continue;
        };
        let found = call.house.store.application(sid)?;
        configure::check_application(sid, found.as_ref(), account)?;
    }
    Ok(())
}

/// The number of a path, when it is the account's.
fn find(call: &Call, account: &str, sid: &str) -> Result<Number, ApiError> {
    let account = call.acting(account)?;
    let sid = NumberSid::parse(sid).ok_or_else(|| call.not_found())?;
    let found = call.house.store.number(sid)?;
    found.filter(|found| found.account == account.sid).ok_or_else(|| call.not_found())
}

async fn fetch(
    Path((account, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    Ok(show::ok(&show_number(&find(&call, &account, &sid)?, Pool::Any)))
}

async fn update(
    Path((account, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let updated = call
        .house
        .decide(|| -> Result<(Change, Number), ApiError> {
            let mut now = find(&call, &account, &sid)?;
            let was = now.updated;
            configure::number(&mut now, &call.form)?;
            if let Some(target) = call.filled("AccountSid") {
                now.account = destination(&call, &now, target)?;
            }
            let account = now.account;
            check_named(&call, &mut now, account)?;
            now.updated = call.house.after(was);
            Ok((Change::one(Write::UpdateNumber { was, now: Box::new(now.clone()) }), now))
        })
        .await?;
    Ok(show::ok(&show_number(&updated, Pool::Any)))
}

/// The account that a number moves to: another one of the family, moved by the parent.
fn destination(call: &Call, number: &Number, target: &str) -> Result<AccountSid, ApiError> {
    let sid = AccountSid::parse(target).ok_or_else(|| Refusal::account_sid_invalid(target))?;
    if sid == number.account {
        return Ok(sid);
    }
    let found = call.house.store.account(sid)?;
    let found = found.ok_or_else(|| Refusal::account_unknown(target))?;
    let from = call.house.account(number.account)?;
    if found.owner != from.owner {
        return Err(Refusal::transfer_unrelated().into());
    }
    if call.account.sid != from.owner {
        return Err(Refusal::transfer_needs_parent().into());
    }
    if found.status != AccountStatus::Active {
        return Err(Refusal::target_account_not_active(target).into());
    }
    Ok(sid)
}

async fn release(
    Path((account, sid)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    call.house
        .decide(|| -> Result<(Change, ()), ApiError> {
            let number = find(&call, &account, &sid)?;
            let (sid, account) = (number.sid, number.account);
            Ok((Change::one(Write::DeleteNumber { sid, account }), ()))
        })
        .await?;
    Ok(show::deleted())
}

/// A number as the 2010 API shows it; only the list of all kinds tells the type (A.4).
fn show_number(number: &Number, pool: Pool) -> Value {
    let Number { voice, sms, attachments: kept, .. } = number;
    let (account, sid) = (number.account, number.sid);
    let emergency_status =
        if kept.emergency_status.is_empty() { "Inactive" } else { &kept.emergency_status };
    let registered = if emergency_status == "Active" { "registered" } else { "unregistered" };
    let mut body = json!({
        "account_sid": account.as_str(),
        "address_sid": show::text_or_null(&kept.address_sid),
        "address_requirements": "none",
        "api_version": webhook::API_VERSION,
        "beta": false,
        "capabilities": { "voice": true, "sms": true, "mms": true, "fax": false },
        "date_created": show::rfc2822(number.created),
        "date_updated": show::rfc2822(number.updated),
        "friendly_name": number.friendly_name,
        "identity_sid": show::text_or_null(&kept.identity_sid),
        "phone_number": number.phone_number,
        "origin": "twilio",
        "sid": sid.as_str(),
        "sms_application_sid": text(number.sms_application),
        "sms_fallback_method": sms.fallback_method.as_str(),
        "sms_fallback_url": sms.fallback_url,
        "sms_method": sms.method.as_str(),
        "sms_url": sms.url,
        "status_callback": number.status_callback,
        "status_callback_method": number.status_callback_method.as_str(),
        "trunk_sid": show::text_or_null(&kept.trunk_sid),
        "uri": format!("/2010-04-01/Accounts/{account}/IncomingPhoneNumbers/{sid}.json"),
        "voice_receive_mode": number.voice_receive_mode,
        "voice_application_sid": text(number.voice_application),
        "voice_caller_id_lookup": number.voice_caller_id_lookup,
        "voice_fallback_method": voice.fallback_method.as_str(),
        "voice_fallback_url": voice.fallback_url,
        "voice_method": voice.method.as_str(),
        "voice_url": voice.url,
        "emergency_status": emergency_status,
        "emergency_address_sid": show::text_or_null(&kept.emergency_address_sid),
        "emergency_address_status": registered,
        "bundle_sid": show::text_or_null(&kept.bundle_sid),
        "status": "in-use",
    });
    if pool == Pool::Any {
        body["type"] = buy::type_of(&number.phone_number).into();
    }
    body
}

/// A number that names an address, as the address's list shows it (A.2).
pub(super) fn show_dependent(number: &Number) -> Value {
    const LEFT_OUT: &[&str] = &[
        "address_sid",
        "beta",
        "identity_sid",
        "origin",
        "voice_receive_mode",
        "emergency_address_status",
        "bundle_sid",
        "status",
    ];
    let mut shown = show_number(number, Pool::Local);
    if let Some(fields) = shown.as_object_mut() {
        fields.retain(|name, _| !LEFT_OUT.contains(&name.as_str()));
    }
    shown
}

fn text(sid: Option<exchange::sid::ApplicationSid>) -> Value {
    sid.map_or(Value::Null, |sid| sid.as_str().into())
}
