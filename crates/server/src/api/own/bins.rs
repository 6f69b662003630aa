//! `/offhook/v1/Bins`: TwiML Bins and their versions. Their public door is `bin_door`.

use crate::api::error::{self, ApiError};
use crate::api::paging::Page;
use crate::api::request::Call;
use crate::api::show;
use crate::house::House;
use axum::Router;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use exchange::bins::save::{self, Draft, Refused};
use exchange::bins::{Bin, BinVersion, check};
use exchange::sid::BinSid;
use serde_json::{Value, json};
use std::sync::Arc;
use store::{Change, StoreError, Write};
use twiml::Problem;

/// Bins of a page at most; each is judged anew when it is shown.
const PAGE_SIZE_MAX: u64 = 100;

const ONE: &str = "/offhook/v1/Bins/{sid}";
const RESTORE: &str = "/offhook/v1/Bins/{sid}/Versions/{version}/Restore";

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new()
        .route("/offhook/v1/Bins", get(list).post(create))
        .route(ONE, get(fetch).post(update).delete(delete))
        .route("/offhook/v1/Bins/{sid}/Versions", get(versions))
        .route(RESTORE, post(restore))
}

/// Why a bin was not saved: by its template, with the place, or as any request.
enum Wrong {
    Template(Refused),
    Other(ApiError),
}

impl From<StoreError> for Wrong {
    fn from(error: StoreError) -> Wrong {
        Wrong::Other(error.into())
    }
}

impl From<ApiError> for Wrong {
    fn from(error: ApiError) -> Wrong {
        Wrong::Other(error)
    }
}

impl From<Refused> for Wrong {
    fn from(refused: Refused) -> Wrong {
        Wrong::Template(refused)
    }
}

impl IntoResponse for Wrong {
    fn into_response(self) -> Response {
        match self {
            Wrong::Other(error) => error.into_response(),
            Wrong::Template(Refused { refusal, at: None }) => ApiError(refusal).into_response(),
            Wrong::Template(Refused { refusal, at: Some(at) }) => {
                error::with_details(&refusal, json!({ "line": at.line, "column": at.column }))
            }
        }
    }
}

fn draft(call: &Call) -> Draft<'_> {
    Draft {
        friendly_name: call.get("FriendlyName"),
        twiml: call.get("Twiml"),
        access: call.get("Access"),
    }
}

async fn create(call: Call) -> Result<Response, Wrong> {
    let house = &call.house;
    let sid = BinSid::from_parts(house.parts());
    let (bin, problems) = save::create(&draft(&call), call.account.sid, sid, house.now())?;
    let shown = show_bin(&call, &bin, &problems);
    house.save(Change::one(Write::InsertBin(Box::new(bin)))).await?;
    Ok(show::created(&shown))
}

async fn list(call: Call) -> Result<Response, ApiError> {
    let page = Page::of(&call)?.capped(PAGE_SIZE_MAX);
    let found = call.house.store.bins(call.account.sid, page.offset(), page.limit())?;
    let show_one = |bin: &Bin| show_bin(&call, bin, &check::check(&bin.twiml).problems);
    Ok(show::ok(&page.counted(&call, "bins", found, show_one)))
}

/// The bin of a path, when it is the account's.
fn find(call: &Call, sid: &str) -> Result<Bin, ApiError> {
    let sid = BinSid::parse(sid).ok_or_else(|| call.not_found())?;
    let bin = call.house.store.bin(sid)?;
    bin.filter(|bin| bin.account == call.account.sid).ok_or_else(|| call.not_found())
}

async fn fetch(Path(sid): Path<String>, call: Call) -> Result<Response, ApiError> {
    let bin = find(&call, &sid)?;
    Ok(show::ok(&show_bin(&call, &bin, &check::check(&bin.twiml).problems)))
}

async fn update(Path(sid): Path<String>, call: Call) -> Result<Response, Wrong> {
    let house = &call.house;
    let changed = house.decide(|| -> Result<_, Wrong> {
        let bin = find(&call, &sid)?;
        let (now, problems) = save::update(&bin, &draft(&call), house.after(bin.updated))?;
        let write = Write::UpdateBin { was: bin.updated, now: Box::new(now.clone()) };
        Ok((Change::one(write), (now, problems)))
    });
    let (bin, problems) = changed.await?;
    Ok(show::ok(&show_bin(&call, &bin, &problems)))
}

async fn delete(Path(sid): Path<String>, call: Call) -> Result<Response, ApiError> {
    let bin = find(&call, &sid)?;
    let delete = Write::DeleteBin { sid: bin.sid, account: bin.account };
    match call.house.save(Change::one(delete)).await {
        Err(StoreError::Conflict) => Err(call.not_found()),
        saved => Ok(saved.map(|()| show::deleted())?),
    }
}

async fn versions(Path(sid): Path<String>, call: Call) -> Result<Response, ApiError> {
    let bin = find(&call, &sid)?;
    let page = Page::of(&call)?;
    let mut found = call.house.store.bin_versions(bin.sid)?;
    let begin = usize::try_from(page.offset()).unwrap_or(usize::MAX).min(found.len());
    found.drain(..begin);
    let show_one = |version: &BinVersion| show_version(version, &bin);
    Ok(show::ok(&page.counted(&call, "versions", found, show_one)))
}

async fn restore(
    Path((sid, version)): Path<(String, String)>,
    call: Call,
) -> Result<Response, ApiError> {
    let house = &call.house;
    let restored = house.decide(|| -> Result<_, ApiError> {
        let bin = find(&call, &sid)?;
        let found = house.store.bin_versions(bin.sid)?;
        let earlier = found.iter().find(|one| one.version.to_string() == version);
        let earlier = earlier.ok_or_else(|| call.not_found())?;
        let now = save::restore(&bin, earlier, house.after(bin.updated));
        let write = Write::UpdateBin { was: bin.updated, now: Box::new(now.clone()) };
        Ok((Change::one(write), now))
    });
    let bin = restored.await?;
    Ok(show::ok(&show_bin(&call, &bin, &check::check(&bin.twiml).problems)))
}

fn show_version(version: &BinVersion, bin: &Bin) -> Value {
    json!({
        "version": version.version,
        "current": version.version == bin.version,
        "twiml": version.twiml,
        "date_created": show::iso8601(version.created),
    })
}

/// What is wrong with a document, and where.
pub(super) fn show_problem(problem: &Problem) -> Value {
    json!({
        "code": problem.code,
        "level": problem.severity.to_string(),
        "message": problem.message,
        "line": problem.at.line,
        "column": problem.at.column,
        "more_info": exchange::alerts::codes::more_info(problem.code),
    })
}

fn show_bin(call: &Call, bin: &Bin, problems: &[Problem]) -> Value {
    let problems: Vec<Value> = problems.iter().map(show_problem).collect();
    json!({
        "sid": bin.sid.as_str(),
        "account_sid": bin.account.as_str(),
        "friendly_name": bin.friendly_name,
        "url": format!("{}/bins/{}", call.base.url, bin.sid),
        "access": bin.access.as_str(),
        "version": bin.version,
        "twiml": bin.twiml,
        "problems": problems,
        "date_created": show::iso8601(bin.created),
        "date_updated": show::iso8601(bin.updated),
    })
}
