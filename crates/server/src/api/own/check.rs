//! `/offhook/v1/Check`: what is wrong with TwiML, and what a template becomes; nothing is kept.
//!
//! For editors: the same judgement as when a bin is saved, and with sample parameters the same
//! document that a request with them would get. Contract: DESIGN section 1, `offhook check`.

use super::bins::show_problem;
use crate::api::error::ApiError;
use crate::api::request::Call;
use crate::api::show;
use crate::house::House;
use axum::Router;
use axum::response::Response;
use axum::routing::post;
use exchange::bins::check::{self, Check};
use exchange::bins::template::Template;
use exchange::refusal::Refusal;
use serde_json::{Value, json};
use std::sync::Arc;
use twiml::{Fatal, Realm};

/// What a sample parameter's name begins with.
const SAMPLE: &str = "Parameter.";
/// Sample parameters of one request at most.
const SAMPLES_MAX: usize = 100;

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new().route("/offhook/v1/Check", post(check))
}

async fn check(call: Call) -> Result<Response, ApiError> {
    let missing = || Refusal::parameter_invalid("Twiml", "give the document");
    let text = call.get("Twiml").ok_or_else(missing)?;
    let found = match realm(&call)? {
        None => check::check(text),
        Some(realm) => judged(text, realm),
    };
    let rendered = match found.fatal {
        Some(_) => None,
        None => Template::parse(text).ok().and_then(|bin| bin.render(&samples(&call)).ok()),
    };
    Ok(show::ok(&json!({
        "valid": found.fatal.is_none(),
        "problems": shown(&found),
        "rendered": rendered,
    })))
}

/// Whose verbs are right: those of calls, of texts, or, as in a bin, of both.
fn realm(call: &Call) -> Result<Option<Realm>, ApiError> {
    match call.filled("Realm") {
        None | Some("bin") => Ok(None),
        Some("voice") => Ok(Some(Realm::Voice)),
        Some("messaging") => Ok(Some(Realm::Messaging)),
        Some(_) => Err(Refusal::parameter_invalid("Realm", "use voice, messaging or bin").into()),
    }
}

fn judged(text: &str, realm: Realm) -> Check {
    match twiml::parse(text, realm) {
        Ok((_, problems)) => Check { problems, fatal: None },
        Err(fatal) => Check { problems: Vec::new(), fatal: Some(fatal) },
    }
}

fn samples(call: &Call) -> Vec<(String, String)> {
    let samples = call.form.iter().filter_map(|(name, value)| {
        Some((name.strip_prefix(SAMPLE)?.to_owned(), value.to_owned()))
    });
    samples.take(SAMPLES_MAX).collect()
}

/// Problems, and what makes the document none at all last.
fn shown(found: &Check) -> Vec<Value> {
    let mut all: Vec<Value> = found.problems.iter().map(show_problem).collect();
    if let Some(Fatal { code, at, message }) = &found.fatal {
        all.push(json!({
            "code": code,
            "level": "error",
            "message": message,
            "line": at.line,
            "column": at.column,
            "more_info": exchange::alerts::codes::more_info(*code),
        }));
    }
    all
}
