//! `/2010-04-01/Accounts`: the account of the credentials and its subaccounts.
//!
//! API keys may not come here; a closed subaccount loses its numbers and stays closed.
//! Contract: rest.md 4.4 and A.1.

use super::error::ApiError;
use super::paging::Page;
use super::request::Call;
use super::show;
use crate::house::House;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use exchange::accounts::{self, Account, AccountStatus, SUBACCOUNTS_MAX, Settings};
use exchange::numbers::configure;
use exchange::refusal::Refusal;
use exchange::sid::AccountSid;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use store::{AccountFilter, Change, NumberFilter, Write};

/// Numbers that a closed account gives up at once at most.
const RELEASED_MAX: u64 = 100_000;

/// Subresources of an account, by name and path: those of Twilio's own example.
const SUBRESOURCES: &[(&str, &str)] = &[
    ("addresses", "Addresses"),
    ("applications", "Applications"),
    ("authorized_connect_apps", "AuthorizedConnectApps"),
    ("available_phone_numbers", "AvailablePhoneNumbers"),
    ("balance", "Balance"),
    ("calls", "Calls"),
    ("conferences", "Conferences"),
    ("connect_apps", "ConnectApps"),
    ("incoming_phone_numbers", "IncomingPhoneNumbers"),
    ("keys", "Keys"),
    ("messages", "Messages"),
    ("notifications", "Notifications"),
    ("outgoing_caller_ids", "OutgoingCallerIds"),
    ("queues", "Queues"),
    ("recordings", "Recordings"),
    ("short_codes", "SMS/ShortCodes"),
    ("signing_keys", "SigningKeys"),
    ("sip", "SIP"),
    ("transcriptions", "Transcriptions"),
    ("usage", "Usage"),
];

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new()
        .route("/2010-04-01/Accounts", get(list).post(create))
        .route("/2010-04-01/Accounts/{account}", get(fetch).post(update))
}

async fn list(call: Call) -> Result<Response, ApiError> {
    call.managing()?;
    let page = Page::of(&call)?;
    let status = match call.filled("Status") {
        None => None,
        Some(text) => {
            let why = "use active, suspended or closed";
            let status = AccountStatus::parse(text);
            Some(status.ok_or_else(|| Refusal::parameter_invalid("Status", why))?)
        }
    };
    let filter = AccountFilter {
        friendly_name: call.filled("FriendlyName").map(str::to_owned),
        status,
        place: page.place(AccountSid::parse)?,
    };
    let found = call.house.store.family(call.account.sid, &filter, page.limit())?;
    let sid_of = |account: &Account| account.sid.to_string();
    Ok(show::ok(&page.classic(&call, "accounts", found, (sid_of, show_account))))
}

async fn create(call: Call) -> Result<Response, ApiError> {
    call.managing()?;
    let house = &call.house;
    let parent = &call.account;
    if parent.owner != parent.sid {
        return Err(Refusal::subaccount_cannot_have_subaccounts().into());
    }
    // The parent itself is one of the family.
    let family = house.store.family(parent.sid, &AccountFilter::default(), SUBACCOUNTS_MAX + 1)?;
    if family.len() as u64 > SUBACCOUNTS_MAX {
        return Err(Refusal::subaccount_limit().into());
    }
    let name = configure::friendly_name(&call.form)?.filter(|name| !name.is_empty());
    let account = subaccount(house, parent, name);
    let shown = show_account(&account);
    house.save(Change::one(Write::InsertAccount(Box::new(account)))).await?;
    Ok(show::created(&shown))
}

/// A new account of `parent`'s family; unnamed, it has the name that Twilio gives.
fn subaccount(house: &House, parent: &Account, name: Option<String>) -> Account {
    let now = house.now();
    let unnamed = || now.strftime("SubAccount Created at %Y-%m-%d %I:%M %P").to_string();
    Account {
        sid: AccountSid::from_parts(house.parts()),
        owner: parent.sid,
        friendly_name: name.unwrap_or_else(unnamed),
        auth_token: house.ids.auth_token(),
        secondary_token: None,
        status: AccountStatus::Active,
        created: now,
        updated: now,
        settings: Settings::default(),
    }
}

async fn fetch(Path(account): Path<String>, call: Call) -> Result<Response, ApiError> {
    call.managing()?;
    Ok(show::ok(&show_account(&call.named(&account)?)))
}

async fn update(Path(account): Path<String>, call: Call) -> Result<Response, ApiError> {
    call.managing()?;
    let name = configure::friendly_name(&call.form)?;
    let updated = call
        .house
        .decide(|| -> Result<(Change, Account), ApiError> {
            let was = call.named(&account)?;
            let mut now = was.clone();
            if let Some(name) = &name {
                now.friendly_name.clone_from(name);
            }
            if let Some(text) = call.filled("Status") {
                now.status = accounts::change_status(&was, text)?;
            }
            now.updated = call.house.after(was.updated);
            let mut change =
                Change::one(Write::UpdateAccount { was: was.updated, now: Box::new(now.clone()) });
            if now.status == AccountStatus::Closed && was.status != AccountStatus::Closed {
                release_numbers(&call.house, now.sid, &mut change)?;
            }
            Ok((change, now))
        })
        .await?;
    Ok(show::ok(&show_account(&updated)))
}

fn release_numbers(
    house: &House,
    account: AccountSid,
    change: &mut Change,
) -> Result<(), ApiError> {
    let numbers = house.store.numbers(account, &NumberFilter::default(), RELEASED_MAX)?;
    change.writes.extend(
        numbers
            .iter()
            .map(|number| Write::DeleteNumber { sid: number.sid, account: number.account }),
    );
    Ok(())
}

/// An account as the 2010 API shows it.
fn show_account(account: &Account) -> Value {
    let uri = format!("/2010-04-01/Accounts/{}", account.sid);
    let subresources: Map<String, Value> = SUBRESOURCES
        .iter()
        .map(|(name, path)| ((*name).to_owned(), format!("{uri}/{path}.json").into()))
        .collect();
    json!({
        "auth_token": account.auth_token,
        "date_created": show::rfc2822(account.created),
        "date_updated": show::rfc2822(account.updated),
        "friendly_name": account.friendly_name,
        "owner_account_sid": account.owner.as_str(),
        "sid": account.sid.as_str(),
        "status": account.status.as_str(),
        "subresource_uris": subresources,
        "type": "Full",
        "uri": format!("{uri}.json"),
    })
}
