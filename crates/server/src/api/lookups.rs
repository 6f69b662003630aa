//! `/lookups/v2/PhoneNumbers/{number}`: what the numbering plans know of a number.
//!
//! Packages that only a network or a register could answer have an error code: 60600 where the plan
//! says nothing, 60606 for what an account has to be given. Contract: rest.md 5; the official SDKs
//! for the fields.

use super::error::ApiError;
use super::request::Call;
use super::show;
use crate::house::House;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use exchange::lookups::{self, Known, Line};
use exchange::refusal::Refusal;
use serde_json::{Value, json};
use std::sync::Arc;

/// Nobody here knows.
const OUT_OF_COVERAGE: u32 = 60_600;
/// A package that an account has to be given.
const NOT_ENABLED: u32 = 60_606;

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new().route("/lookups/v2/PhoneNumbers/{number}", get(fetch))
}

async fn fetch(Path(number): Path<String>, call: Call) -> Result<Response, ApiError> {
    let packages = lookups::packages(call.filled("Fields").unwrap_or_default())?;
    let country = call.filled("CountryCode");
    let letters = |code: &str| code.len() == 2 && code.bytes().all(|c| c.is_ascii_alphabetic());
    if country.is_some_and(|code| !letters(code)) {
        let why = "use two letters, such as US";
        return Err(Refusal::parameter_invalid("CountryCode", why).into());
    }
    let known = lookups::look_up(&number, country);
    let errors: Vec<&str> = known.invalid.iter().map(|why| why.as_str()).collect();
    let mut body = json!({
        "calling_country_code": known.calling_code,
        "country_code": known.country,
        "phone_number": known.phone_number,
        "national_format": known.national_format,
        "valid": known.invalid.is_none(),
        "validation_errors": errors,
        "url": format!("{}/v2/PhoneNumbers/{}", base(&call), known.phone_number),
    });
    for package in lookups::PACKAGES.iter().filter(|package| **package != "validation") {
        let wanted = packages.contains(package) && known.invalid.is_none();
        body[*package] = if wanted { answer(package, &known) } else { Value::Null };
    }
    Ok(show::ok(&body))
}

/// Where the asker reaches this product: with its prefix when the path had one.
fn base(call: &Call) -> String {
    let prefix = if call.path.starts_with("/lookups/") { "/lookups" } else { "" };
    format!("{}{prefix}", call.base.url)
}

fn answer(package: &str, known: &Known) -> Value {
    match package {
        "line_type_intelligence" => json!({
            "mobile_country_code": null,
            "mobile_network_code": null,
            "carrier_name": null,
            "type": known.line.map(line_type),
            "error_code": null,
        }),
        "caller_name" => json!({
            "caller_name": null,
            "caller_type": null,
            "error_code": OUT_OF_COVERAGE,
        }),
        _ => json!({ "error_code": NOT_ENABLED }),
    }
}

/// Twilio's word; a plan that does not tell places and mobiles apart says nothing.
fn line_type(line: Line) -> &'static str {
    match line {
        Line::Fixed => "landline",
        Line::Mobile => "mobile",
        Line::FixedOrMobile => "unknown",
        Line::TollFree => "tollFree",
        Line::Premium => "premium",
        Line::SharedCost => "sharedCost",
        Line::Personal => "personal",
        Line::Voip => "fixedVoip",
        Line::Pager => "pager",
        Line::Uan => "uan",
        Line::Voicemail => "voicemail",
    }
}
