//! `/2010-04-01/Accounts/{AC}/AvailablePhoneNumbers`: what can be bought, by country and kind.
//!
//! The inventory is simulated and the same in every run; a number that somebody has is not in it.
//! Contract: rest.md 4.3 and A.5.

use super::error::ApiError;
use super::request::Call;
use super::show;
use crate::house::House;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use exchange::numbers::inventory::{self, FOUND, FOUND_MAX, Kind, Offer};
use exchange::numbers::places::Country;
use exchange::refusal::Refusal;
use serde_json::{Map, Value, json};
use std::sync::Arc;

const ROOT: &str = "/2010-04-01/Accounts/{account}/AvailablePhoneNumbers";

pub(super) fn routes() -> Router<Arc<House>> {
    let mut router = Router::new()
        .route(ROOT, get(countries))
        .route(&format!("{ROOT}/{{country}}"), get(country));
    for (kind, _, path) in Kind::ALL {
        let listing =
            move |path: Path<(String, String)>, call: Call| async move { list(path, &call, kind) };
        router = router.route(&format!("{ROOT}/{{country}}/{path}"), get(listing));
    }
    router
}

async fn countries(Path(account): Path<String>, call: Call) -> Result<Response, ApiError> {
    let account = call.acting(&account)?;
    let uri = format!("/2010-04-01/Accounts/{}/AvailablePhoneNumbers", account.sid);
    let shown = inventory::countries().iter().map(|country| show_country(country, &uri));
    Ok(show::ok(&json!({
        "countries": shown.collect::<Vec<_>>(),
        "uri": format!("{uri}.json"),
    })))
}

/// The country of a path, and the uri of the list of them.
fn find(call: &Call, account: &str, code: &str) -> Result<(&'static Country, String), ApiError> {
    let account = call.acting(account)?;
    let country = inventory::country(code).ok_or_else(|| call.not_found())?;
    Ok((country, format!("/2010-04-01/Accounts/{}/AvailablePhoneNumbers", account.sid)))
}

async fn country(
    Path((account, code)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let (country, uri) = find(&call, &account, &code)?;
    Ok(show::ok(&show_country(country, &uri)))
}

fn list(
    Path((account, code)): Path<(String, String)>,
    call: &Call,
    kind: Kind,
) -> Result<Response, ApiError> {
    let (country, _) = find(call, &account, &code)?;
    if !inventory::has(country, kind) {
        return Err(call.not_found());
    }
    let search = inventory::search(&call.query, country, kind)?;
    let wanted = match call.filled("PageSize").map(str::parse) {
        None => FOUND,
        Some(Ok(size)) => u64::clamp(size, 1, FOUND_MAX),
        Some(Err(_)) => {
            let why = "a whole number is expected";
            return Err(Refusal::parameter_invalid("PageSize", why).into());
        }
    };
    let mut free = Vec::new();
    for offer in inventory::offers(&search, country, kind) {
        if free.len() as u64 == wanted {
            break;
        }
        if call.house.store.number_at(offer.number.as_str())?.is_none() {
            free.push(show_offer(&offer));
        }
    }
    Ok(show::ok(&json!({ "available_phone_numbers": free, "uri": call.path })))
}

fn show_country(country: &Country, uri: &str) -> Value {
    let uri = format!("{uri}/{}", country.code);
    let kinds = Kind::ALL.into_iter().filter(|(kind, ..)| inventory::has(country, *kind));
    let lists: Map<String, Value> = kinds
        .map(|(_, name, path)| (name.to_owned(), format!("{uri}/{path}.json").into()))
        .collect();
    json!({
        "country_code": country.code,
        "country": country.name,
        "uri": format!("{uri}.json"),
        "beta": false,
        "subresource_uris": lists,
    })
}

fn show_offer(offer: &Offer) -> Value {
    let town = offer.town;
    json!({
        "friendly_name": offer.number.friendly(),
        "phone_number": offer.number.as_str(),
        "lata": town.map(|town| town.lata),
        "locality": town.map(|town| town.locality).or(offer.locality),
        "rate_center": town.map(|town| town.rate_center),
        "latitude": town.map(|town| town.at.0),
        "longitude": town.map(|town| town.at.1),
        "region": town.map(|town| town.region),
        "postal_code": town.map(|town| town.postal_code),
        "iso_country": offer.country,
        "address_requirements": "none",
        "beta": false,
        "capabilities": { "voice": true, "sms": true, "mms": true, "fax": false },
    })
}
