//! Pages of lists, in Twilio's two styles (rest.md 1.7).
//!
//! A list is asked for one more than a page, which tells whether there is a next one. The page
//! token names the last item shown (`PA<sid>`), so pages stay right while new items come in.

use super::error::ApiError;
use super::request::Call;
use exchange::refusal::Refusal;
use exchange::sid::Sid;
use serde_json::{Value, json};
use webhook::Form;

/// Items of a page unless asked otherwise.
const PAGE_SIZE: u64 = 50;
/// Items of a page at most; more is clamped.
const PAGE_SIZE_MAX: u64 = 1000;
/// Items that a page named by its number alone may lie behind; a page further on is empty.
const SKIPPED_MAX: u64 = 100_000;

/// The page that was asked for.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    /// Its number, from 0: shown, and the place of lists that have no token.
    pub number: u64,
    /// Its size.
    pub size: u64,
    /// The last item of the page before.
    pub after: Option<Sid>,
    filters: Form,
}

impl Page {
    /// Reads `PageSize`, `Page` and `PageToken`; what else the query has are the list's filters.
    pub(crate) fn of(call: &Call) -> Result<Page, ApiError> {
        let number = |name: &str| -> Result<Option<u64>, ApiError> {
            match call.query.get(name).filter(|text| !text.is_empty()) {
                None => Ok(None),
                Some(text) => text.parse().map(Some).map_err(|_| {
                    Refusal::parameter_invalid(name, "a whole number is expected").into()
                }),
            }
        };
        let after = match call.query.get("PageToken").filter(|text| !text.is_empty()) {
            None => None,
            Some(token) => {
                let sid = token.strip_prefix("PA").and_then(Sid::parse);
                Some(sid.ok_or_else(Refusal::page_token_invalid)?)
            }
        };
        let mut filters = Form::new();
        for (name, value) in call.query.iter() {
            if !matches!(name, "PageSize" | "Page" | "PageToken") {
                filters.push(name, value);
            }
        }
        Ok(Page {
            number: number("Page")?.unwrap_or(0),
            size: number("PageSize")?.unwrap_or(PAGE_SIZE).clamp(1, PAGE_SIZE_MAX),
            after,
            filters,
        })
    }

    /// The last item of the page before, as the list's kind of sid.
    pub(crate) fn token<T>(
        &self,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, ApiError> {
        match &self.after {
            None => Ok(None),
            Some(sid) => match parse(sid.as_str()) {
                Some(sid) => Ok(Some(sid)),
                None => Err(Refusal::page_token_invalid().into()),
            },
        }
    }

    /// The page with at most `size_max` items, for lists whose items are large.
    pub(crate) fn capped(mut self, size_max: u64) -> Page {
        self.size = self.size.min(size_max);
        self
    }

    /// How many to ask the store for: one more than are shown.
    pub(crate) fn limit(&self) -> u64 {
        match self.skipped() {
            skipped if skipped > SKIPPED_MAX => 0,
            skipped => skipped + self.size + 1,
        }
    }

    /// Items before the page when its number alone says where it begins: without a token the
    /// pages before have to be read, too.
    fn skipped(&self) -> u64 {
        if self.after.is_some() { 0 } else { self.offset() }
    }

    /// Where the page begins, for lists that count.
    pub(crate) fn offset(&self) -> u64 {
        self.number.saturating_mul(self.size)
    }

    fn query(&self, number: u64, after: Option<&str>) -> String {
        let mut query = self.filters.clone();
        query.push("PageSize", self.size.to_string());
        query.push("Page", number.to_string());
        if let Some(sid) = after {
            query.push("PageToken", format!("PA{sid}"));
        }
        query.encode()
    }

    /// The page around `items`, which are at most one more than its size. `sid_of` names an item
    /// for the next page's token.
    fn cut<T>(&self, items: &mut Vec<T>, sid_of: impl Fn(&T) -> String) -> Option<String> {
        let more = items.len() as u64 > self.size;
        items.truncate(self.size as usize);
        items.last().filter(|_| more).map(sid_of)
    }

    fn skip<T>(&self, items: &mut Vec<T>) {
        let skipped = usize::try_from(self.skipped()).unwrap_or(usize::MAX);
        items.drain(..skipped.min(items.len()));
    }

    /// A list of the 2010 API: flat keys and relative URIs.
    pub(crate) fn classic<T>(
        &self,
        call: &Call,
        key: &str,
        mut items: Vec<T>,
        (sid_of, show): (impl Fn(&T) -> String, impl Fn(&T) -> Value),
    ) -> Value {
        self.skip(&mut items);
        let last = self.cut(&mut items, sid_of);
        let path = &call.path;
        let start = self.offset();
        let count = items.len() as u64;
        let mut body = json!({
            "page": self.number,
            "page_size": self.size,
            "start": if count == 0 { 0 } else { start },
            "end": if count == 0 { 0 } else { start + count - 1 },
            "uri": format!("{path}?{}", self.query(self.number, self.after_text().as_deref())),
            "first_page_uri": format!("{path}?{}", self.query(0, None)),
            "next_page_uri": last
                .map(|sid| format!("{path}?{}", self.query(self.number + 1, Some(&sid)))),
            // A token names what comes after, not before: the way back is the first page.
            "previous_page_uri": (self.number == 1)
                .then(|| format!("{path}?{}", self.query(0, None))),
        });
        body[key] = items.iter().map(show).collect();
        body
    }

    /// A list of our own API that goes on by its page's number: a short one, of what has no sid.
    pub(crate) fn counted<T>(
        &self,
        call: &Call,
        key: &str,
        mut items: Vec<T>,
        show: impl Fn(&T) -> Value,
    ) -> Value {
        let more = self.cut(&mut items, |_| String::new()).is_some();
        let url = |query: String| format!("{}{}?{query}", call.base.url, call.path);
        let before = self.number.checked_sub(1);
        let mut body = json!({
            "meta": {
                "key": key,
                "page": self.number,
                "page_size": self.size,
                "url": url(self.query(self.number, None)),
                "first_page_url": url(self.query(0, None)),
                "previous_page_url": before.map(|number| url(self.query(number, None))),
                "next_page_url": more.then(|| url(self.query(self.number + 1, None))),
            },
        });
        body[key] = items.iter().map(show).collect();
        body
    }

    /// A list of a v1 product or of our own API: `meta` with absolute URLs.
    pub(crate) fn modern<T>(
        &self,
        call: &Call,
        key: &str,
        mut items: Vec<T>,
        (sid_of, show): (impl Fn(&T) -> String, impl Fn(&T) -> Value),
    ) -> Value {
        self.skip(&mut items);
        let last = self.cut(&mut items, sid_of);
        let url = |query: String| format!("{}{}?{query}", call.base.url, call.path);
        let mut body = json!({
            "meta": {
                "key": key,
                "page": self.number,
                "page_size": self.size,
                "url": url(self.query(self.number, self.after_text().as_deref())),
                "first_page_url": url(self.query(0, None)),
                "previous_page_url": (self.number == 1).then(|| url(self.query(0, None))),
                "next_page_url": last.map(|sid| url(self.query(self.number + 1, Some(&sid)))),
            },
        });
        body[key] = items.iter().map(show).collect();
        body
    }

    fn after_text(&self) -> Option<String> {
        self.after.map(|sid| sid.to_string())
    }
}
