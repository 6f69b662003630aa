//! A list, page after page, until there are as many items as were asked for.

use super::api::{Api, with_query};
use super::failure::Failure;
use clap::{Arg, ArgMatches};
use serde_json::Value;
use webhook::Form;

/// Items of a list unless asked otherwise.
const LIMIT: &str = "50";
/// Items asked for at once.
const PAGE_SIZE_MAX: usize = 100;

/// Items of the list at `path`, page after page, `limit` at most.
///
/// # Errors
/// The server's refusal, or no server.
pub(super) async fn pages(
    api: &mut Api,
    path: &str,
    key: &str,
    (mut filters, limit): (Form, usize),
) -> Result<Vec<Value>, Failure> {
    filters.push("PageSize", limit.min(PAGE_SIZE_MAX).to_string());
    let mut path = with_query(path, &filters);
    let mut items: Vec<Value> = Vec::new();
    loop {
        let mut page = api.get(&path).await?;
        let count = items.len();
        if let Value::Array(more) = page[key].take() {
            items.extend(more);
        }
        match next_page(&page) {
            // A page that brings nothing leads nowhere.
            Some(next) if items.len() < limit && items.len() > count => path = next,
            _ => break,
        }
    }
    items.truncate(limit);
    Ok(items)
}

/// The flag that limits a list.
pub(super) fn limit_arg() -> Arg {
    Arg::new("limit")
        .long("limit")
        .value_name("N")
        .default_value(LIMIT)
        .value_parser(clap::value_parser!(u32).range(1..))
        .help("At most so many")
}

/// The value of [`limit_arg`].
pub(super) fn limit(matches: &ArgMatches) -> usize {
    matches.get_one::<u32>("limit").map_or(usize::MAX, |limit| *limit as usize)
}

/// The path of the next page, in either of Twilio's styles.
fn next_page(page: &Value) -> Option<String> {
    if let Some(uri) = page["next_page_uri"].as_str() {
        return Some(uri.to_owned());
    }
    let url = page["meta"]["next_page_url"].as_str()?;
    let authority = url.find("://")? + 3;
    let path = authority + url[authority..].find('/')?;
    Some(url[path..].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_found_in_both_styles() {
        let classic = serde_json::json!({ "next_page_uri": "/2010-04-01/x?Page=1" });
        let modern = serde_json::json!({ "meta": { "next_page_url": "http://h:1/x/v1?Page=1" } });
        assert_eq!(next_page(&classic).as_deref(), Some("/2010-04-01/x?Page=1"));
        assert_eq!(next_page(&modern).as_deref(), Some("/x/v1?Page=1"));
        assert_eq!(next_page(&serde_json::json!({ "meta": { "next_page_url": null } })), None);
    }
}
