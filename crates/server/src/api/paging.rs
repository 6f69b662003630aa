//! Pages of lists, in Twilio's two styles (rest.md 1.7).
//!
//! A list is asked for one more than a page, which tells whether there is a next one. A page token
//! names the item that the page lies after (`PA<sid>`) or, on the way back, before (`PB<sid>`), so
//! pages stay right while new items come in.

use super::error::ApiError;
use super::request::Call;
use exchange::refusal::Refusal;
use exchange::sid::Sid;
use serde_json::{Value, json};
use store::Place;
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
    place: Place<Sid>,
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
        let place = match call.query.get("PageToken").filter(|text| !text.is_empty()) {
            None => Place::Top,
            Some(token) => place(token).ok_or_else(Refusal::page_token_invalid)?,
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
            place,
            filters,
        })
    }

    /// Where the page lies, by the list's kind of sid.
    pub(crate) fn place<T>(&self, parse: impl Fn(&str) -> Option<T>) -> Result<Place<T>, ApiError> {
        let name = |sid: Sid| parse(sid.as_str()).ok_or_else(Refusal::page_token_invalid);
        Ok(self.place.try_map(name)?)
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
        if self.place == Place::Top { self.offset() } else { 0 }
    }

    /// Where the page begins, for lists that count.
    pub(crate) fn offset(&self) -> u64 {
        self.number.saturating_mul(self.size)
    }

    fn query(&self, number: u64, place: Option<String>) -> String {
        let mut query = self.filters.clone();
        query.push("PageSize", self.size.to_string());
        query.push("Page", number.to_string());
        if let Some(token) = place {
            query.push("PageToken", token);
        }
        query.encode()
    }

    /// The queries of this page and of those around it. Cuts `items`, which are at most one more
    /// than a page, to its size.
    fn links<T>(&self, items: &mut Vec<T>, sid_of: impl Fn(&T) -> String) -> Links {
        self.skip(items);
        let more = items.len() as u64 > self.size;
        let back = matches!(self.place, Place::Before(_));
        if back && more {
            items.remove(0);
        }
        items.truncate(usize::try_from(self.size).unwrap_or(usize::MAX));
        // What the way back began at comes after the page.
        let last = items.last().filter(|_| more || back);
        // The way back ends when nothing comes before the page any more.
        let before = self.number.checked_sub(1).filter(|_| more || !back);
        let first = items.first();
        Links {
            own: self.query(self.number, self.token()),
            first: self.query(0, None),
            next: last.map(|last| self.query(self.number + 1, Some(format!("PA{}", sid_of(last))))),
            previous: before
                .map(|number| self.query(number, first.map(|one| format!("PB{}", sid_of(one))))),
        }
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
        let links = self.links(&mut items, sid_of);
        let uri = |query: String| format!("{}?{query}", call.path);
        let start = self.offset();
        let count = items.len() as u64;
        let mut body = json!({
            "page": self.number,
            "page_size": self.size,
            "start": if count == 0 { 0 } else { start },
            "end": if count == 0 { 0 } else { start + count - 1 },
            "uri": uri(links.own),
            "first_page_uri": uri(links.first),
            "next_page_uri": links.next.map(uri),
            "previous_page_uri": links.previous.map(uri),
        });
        body[key] = items.iter().map(show).collect();
        body
    }

    /// The part of a whole list that is on the page, and one more if there is one.
    pub(crate) fn cut<T: Clone>(&self, all: &[T]) -> Vec<T> {
        let usize_of = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        all.iter().skip(usize_of(self.offset())).take(usize_of(self.size + 1)).cloned().collect()
    }

    /// A list of the 2010 API that goes on by its page's number: of what has no sid. `items` begin
    /// with the page, and are one more than it when there is a next one.
    pub(crate) fn classic_counted(&self, call: &Call, key: &str, mut items: Vec<Value>) -> Value {
        let more = items.len() as u64 > self.size;
        items.truncate(usize::try_from(self.size).unwrap_or(usize::MAX));
        let uri = |number: u64| format!("{}?{}", call.path, self.query(number, None));
        let (start, count) = (self.offset(), items.len() as u64);
        let mut body = json!({
            "page": self.number,
            "page_size": self.size,
            "start": if count == 0 { 0 } else { start },
            "end": if count == 0 { 0 } else { start + count - 1 },
            "uri": uri(self.number),
            "first_page_uri": uri(0),
            "next_page_uri": more.then(|| uri(self.number + 1)),
            "previous_page_uri": self.number.checked_sub(1).map(uri),
        });
        body[key] = items.into();
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
        let more = items.len() as u64 > self.size;
        items.truncate(usize::try_from(self.size).unwrap_or(usize::MAX));
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
        let links = self.links(&mut items, sid_of);
        let url = |query: String| format!("{}{}?{query}", call.base.url, call.path);
        let mut body = json!({
            "meta": {
                "key": key,
                "page": self.number,
                "page_size": self.size,
                "url": url(links.own),
                "first_page_url": url(links.first),
                "previous_page_url": links.previous.map(url),
                "next_page_url": links.next.map(url),
            },
        });
        body[key] = items.iter().map(show).collect();
        body
    }

    fn token(&self) -> Option<String> {
        match self.place {
            Place::Top => None,
            Place::After(sid) => Some(format!("PA{sid}")),
            Place::Before(sid) => Some(format!("PB{sid}")),
        }
    }
}

/// The queries of a page and of those around it.
struct Links {
    own: String,
    first: String,
    next: Option<String>,
    previous: Option<String>,
}

/// Reads a page token.
fn place(token: &str) -> Option<Place<Sid>> {
    let sid = Sid::parse(token.get(2..)?)?;
    match &token[..2] {
        "PA" => Some(Place::After(sid)),
        "PB" => Some(Place::Before(sid)),
        _ => None,
    }
}
