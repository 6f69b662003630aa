//! `/2010-04-01/Accounts/{AC}/Transcriptions` and those of a recording: there are none.
//!
//! The house has no engine that writes down what is said, and makes no record that looks as if it
//! had: lists are empty, and no sid is found. Contract: rest.md 4.4 and A.10.

use super::error::ApiError;
use super::paging::Page;
use super::request::Call;
use super::{recordings, show};
use crate::house::House;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use exchange::sid::Sid;
use serde_json::Value;
use std::sync::Arc;

const LIST: &str = "/2010-04-01/Accounts/{account}/Transcriptions";
const ONE: &str = "/2010-04-01/Accounts/{account}/Transcriptions/{sid}";
const OF_RECORDING: &str = "/2010-04-01/Accounts/{account}/Recordings/{recording}/Transcriptions";
const ONE_OF_RECORDING: &str =
    "/2010-04-01/Accounts/{account}/Recordings/{recording}/Transcriptions/{sid}";

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new()
        .route(LIST, get(list))
        .route(ONE, get(none).delete(none))
        .route(OF_RECORDING, get(list_of_recording))
        .route(ONE_OF_RECORDING, get(none_of_recording).delete(none_of_recording))
}

async fn list(Path(account): Path<String>, call: Call) -> Result<Response, ApiError> {
    call.acting(&account)?;
    listed(&call)
}

async fn list_of_recording(
    Path((account, recording)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    recordings::find(&call, &account, &recording)?;
    listed(&call)
}

fn listed(call: &Call) -> Result<Response, ApiError> {
    let page = Page::of(call)?;
    page.place(|text| Sid::parse(text).filter(|sid| sid.prefix() == "TR"))?;
    let sid_of = |_: &Value| String::new();
    Ok(show::ok(&page.classic(call, "transcriptions", Vec::new(), (sid_of, Value::clone))))
}

async fn none(
    Path((account, _)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    call.acting(&account)?;
    Err(call.not_found())
}

async fn none_of_recording(
    Path((account, ..)): Path<(String, String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    call.acting(&account)?;
    Err(call.not_found())
}
