//! `/2010-04-01/Accounts/{AC}/Usage/Records` and its lists by period.
//!
//! Counted from the house's own traffic; a main account's has that of its subaccounts, unless
//! `IncludeSubaccounts=false`. Contract: rest.md 4.4 and A.12.

use super::error::ApiError;
use super::paging::Page;
use super::request::Call;
use super::show;
use crate::house::House;
use axum::Router;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use exchange::accounts::Account;
use exchange::refusal::Refusal;
use exchange::usage::categories::{self, CATEGORIES, Category};
use exchange::usage::periods::{self, Listed, Period};
use exchange::usage::{self, Tally};
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};
use std::sync::Arc;

pub(super) fn routes() -> Router<Arc<House>> {
    let mut router = Router::new();
    for (listed, _, path) in Listed::ALL {
        let listing =
            move |path: Path<String>, call: Call| async move { list(path, &call, listed) };
        let slash = if path.is_empty() { "" } else { "/" };
        let route = format!("/2010-04-01/Accounts/{{account}}/Usage/Records{slash}{path}");
        router = router.route(&route, get(listing));
    }
    router
}

/// What a list shows: an item for each of its periods and categories, the newest period first.
struct Records<'a> {
    account: &'a Account,
    listed: Listed,
    periods: Vec<Period>,
    categories: Vec<&'static Category>,
    tallies: Vec<Tally>,
    as_of: String,
}

fn list(Path(account): Path<String>, call: &Call, listed: Listed) -> Result<Response, ApiError> {
    let account = call.acting(&account)?;
    let page = Page::of(call)?;
    let utc = |time| TimeZone::UTC.to_datetime(time).date();
    let (now, created) = (call.house.now(), utc(account.created));
    let today = utc(now);
    let date = |name: &str, usual| match call.filled(name) {
        None => Ok(usual),
        Some(text) => periods::date(name, text, today),
    };
    let within = (date("StartDate", created)?, date("EndDate", today)?);
    let categories = match call.filled("Category") {
        None => CATEGORIES.iter().collect(),
        Some(name) => {
            let why = "it is none of the categories of usage";
            let found = categories::find(name);
            vec![found.ok_or_else(|| Refusal::parameter_invalid("Category", why))?]
        }
    };
    let periods = periods::periods(listed, within, today);
    let first = periods.last().map_or(0, |period| periods::number(period.0));
    let last = periods.first().map_or(-1, |period| periods::number(period.1));
    let with_subaccounts = call.boolean("IncludeSubaccounts")?.unwrap_or(true);
    let tallies = call.house.store.usage(account.sid, (first, last), with_subaccounts)?;
    let as_of = now.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string();
    let records = Records { account: &account, listed, periods, categories, tallies, as_of };
    let count = (records.periods.len() * records.categories.len()) as u64;
    let from = page.offset().min(count);
    let to = (from + page.size + 1).min(count);
    let shown = (from..to).map(|at| records.show(at as usize)).collect();
    Ok(show::ok(&page.classic_counted(call, "usage_records", shown)))
}

impl Records<'_> {
    fn show(&self, at: usize) -> Value {
        let period = self.periods[at / self.categories.len()];
        let category = self.categories[at % self.categories.len()];
        let days = (periods::number(period.0), periods::number(period.1));
        let (count, usage) = usage::sum(&self.tallies, category, days);
        let root = format!("/2010-04-01/Accounts/{}/Usage/Records", self.account.sid);
        let lists: Map<String, Value> = Listed::ALL[1..]
            .iter()
            .map(|(_, key, path)| {
                let uri = format!("{root}/{path}.json?Category={}", category.name);
                ((*key).to_owned(), uri.into())
            })
            .collect();
        let own = Listed::ALL.iter().find(|(listed, ..)| *listed == self.listed);
        let path = own.map(|(_, _, path)| *path).filter(|path| !path.is_empty());
        let path = path.map_or(String::new(), |path| format!("/{path}"));
        json!({
            "account_sid": self.account.sid.as_str(),
            "api_version": webhook::API_VERSION,
            "as_of": self.as_of,
            "category": category.name,
            "count": count.to_string(),
            "count_unit": category.count_unit,
            "description": category.description,
            "end_date": period.1.to_string(),
            "price": "0",
            "price_unit": "usd",
            "start_date": period.0.to_string(),
            "subresource_uris": lists,
            "uri": format!(
                "{root}{path}.json?Category={}&StartDate={}&EndDate={}",
                category.name, period.0, period.1
            ),
            "usage": usage.to_string(),
            "usage_unit": category.usage_unit,
        })
    }
}
