//! The requests for TwiML that a text or a call led to, and what was wrong with them.
//!
//! For `text` and `call`, which say it at the end. Reads the own API's webhooks.

use super::api::{Api, with_query};
use super::failure::Failure;
use super::problems;
use super::terminal::{note, plain};
use serde_json::Value;
use webhook::Form;

/// Webhooks that are looked through: 50 documents and their fallbacks.
const WEBHOOKS_MAX: usize = 100;

/// The asks about a message or a call, oldest first; `None` when they can't be seen.
///
/// # Errors
/// No server.
pub(super) async fn of(api: &mut Api, sid: &str) -> Result<Option<Vec<Value>>, Failure> {
    let query = Form::from_pairs([
        ("ResourceSid", sid),
        ("Kind", "ask"),
        ("PageSize", &WEBHOOKS_MAX.to_string()),
    ]);
    let mut answer = api.look(&with_query("/offhook/v1/Webhooks", &query)).await?;
    match answer.body["webhooks"].take() {
        Value::Array(webhooks) if answer.status == 200 => {
            Ok(Some(webhooks.into_iter().rev().filter(|w| w["kind"] == "ask").collect()))
        }
        _ => Ok(None),
    }
}

/// Whether an ask brought nothing that could be carried out.
pub(super) fn has_failed(ask: &Value) -> bool {
    let problems = ask["problems"].as_array().map_or(&[][..], Vec::as_slice);
    matches!(ask["status"].as_str(), Some("failed" | "dead"))
        || problems.iter().any(|problem| problem["level"] == "error")
}

/// Says what was wrong with an ask: its problems, else why its last attempt failed.
pub(super) fn write_problems(ask: &Value) {
    let url = plain(ask["url"].as_str().unwrap_or_default());
    let method = plain(ask["method"].as_str().unwrap_or_default());
    let found = ask["problems"].as_array().map_or(&[][..], Vec::as_slice);
    for problem in found {
        note(format_args!("{method} {url}: {}", problems::shown(problem)));
    }
    let attempts = ask["attempts"].as_array().map_or(&[][..], Vec::as_slice);
    if found.is_empty()
        && has_failed(ask)
        && let Some(error) = attempts.last().map(|attempt| &attempt["error"])
    {
        note(format_args!("{method} {url}: {}", problems::shown(error)));
    }
}
