//! The simulated inventory: which numbers a search finds.
//!
//! Every number that nobody owns can be bought in this house, so an inventory is an order in which
//! they are offered, the same in every run: by place, then by line, first those that are kept for
//! fiction (555-0100 to 555-0199 in North America). A pattern is laid over these. Who owns a number
//! is the caller's to look up. Contract: rest.md 4.3 and A.5.

use crate::numbers::PhoneNumber;
use crate::numbers::buy::TOLL_FREE;
use crate::numbers::places::{COUNTRIES, Country, Range, TOWNS, Town};
use crate::refusal::Refusal;
use std::collections::HashSet;
use webhook::Form;

/// Numbers that one search looks at.
pub const CANDIDATES_MAX: usize = 5_000;
/// Numbers that a search finds, unless `PageSize` says otherwise.
pub const FOUND: u64 = 30;
/// Numbers that a search finds at most.
pub const FOUND_MAX: u64 = 50;
/// Lines per place that are offered: 555-0100 to 555-0199, and as many elsewhere.
const LINES: u32 = 100;
/// Digits of a North American number without its country code.
const NATIONAL: usize = 10;
/// Miles that a search near something reaches.
const DISTANCE: f64 = 25.0;
/// Miles that it reaches at most.
const DISTANCE_MAX: f64 = 500.0;
/// The mean radius of the earth, in miles.
const EARTH_MILES: f64 = 3_958.8;

/// The kinds of numbers that have a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Numbers of a place.
    Local,
    /// Numbers of mobile networks.
    Mobile,
    /// Numbers that cost the caller nothing.
    TollFree,
}

impl Kind {
    /// All of them: key and path of their lists.
    pub const ALL: [(Kind, &'static str, &'static str); 3] = [
        (Kind::Local, "local", "Local"),
        (Kind::TollFree, "toll_free", "TollFree"),
        (Kind::Mobile, "mobile", "Mobile"),
    ];
}

/// The countries that numbers are searched in, by code.
pub fn countries() -> &'static [Country] {
    COUNTRIES
}

/// The country of an ISO alpha-2 code, in any case.
pub fn country(code: &str) -> Option<&'static Country> {
    COUNTRIES.iter().find(|country| country.code.eq_ignore_ascii_case(code))
}

/// Whether a country has numbers of a kind.
pub fn has(country: &Country, kind: Kind) -> bool {
    is_north_american(country) && kind != Kind::Mobile || !ranges(country, kind).is_empty()
}

fn is_north_american(country: &Country) -> bool {
    matches!(country.code, "US" | "CA")
}

fn ranges(country: &Country, kind: Kind) -> &'static [Range] {
    match kind {
        Kind::Local => country.local,
        Kind::Mobile => country.mobile,
        Kind::TollFree => country.toll_free,
    }
}

/// A number that is offered, and where it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// The number.
    pub number: PhoneNumber,
    /// Its place, when it is North American and local.
    pub town: Option<&'static Town>,
    /// Its town beyond.
    pub locality: Option<&'static str>,
    /// ISO alpha-2.
    pub country: &'static str,
}

/// A place, in degrees north and east, and how many miles around it.
type Near = ((f64, f64), f64);

/// What a search asks for.
#[derive(Debug, Clone, Default)]
pub struct Search {
    area: Option<String>,
    pattern: Vec<Option<u8>>,
    region: Option<String>,
    locality: Option<String>,
    rate_center: Option<String>,
    lata: Option<String>,
    postal_code: Option<String>,
    /// Degrees north and east, and miles.
    near: Option<Near>,
    /// It wants what no number of this house can: fax.
    impossible: bool,
}

/// Reads the filters of a list of `country` and `kind`.
///
/// # Errors
/// 21451 for an area code that is none, 21457 where there are none, 20422 for what else cannot be.
pub fn search(form: &Form, country: &Country, kind: Kind) -> Result<Search, Refusal> {
    let filled = |name: &str| form.get(name).map(str::trim).filter(|text| !text.is_empty());
    let own = |name: &str| filled(name).map(str::to_owned);
    let mut search = Search {
        region: own("InRegion"),
        locality: own("InLocality"),
        rate_center: own("InRateCenter"),
        lata: own("InLata"),
        postal_code: own("InPostalCode"),
        ..Search::default()
    };
    if let Some(area) = filled("AreaCode") {
        if !is_north_american(country) {
            return Err(Refusal::area_code_unsupported());
        }
        let digits = area.len() == 3 && area.bytes().all(|byte| byte.is_ascii_digit());
        if !digits || area.starts_with(['0', '1']) {
            return Err(Refusal::area_code_invalid(area));
        }
        search.area = Some(area.to_owned());
    }
    if let Some(text) = filled("Contains") {
        search.pattern = pattern(text)?;
    }
    for (name, can) in
        [("SmsEnabled", true), ("MmsEnabled", true), ("VoiceEnabled", true), ("FaxEnabled", false)]
    {
        search.impossible |= boolean(filled(name), name)?.is_some_and(|wanted| wanted != can);
    }
    for name in [
        "Beta",
        "ExcludeAllAddressRequired",
        "ExcludeLocalAddressRequired",
        "ExcludeForeignAddressRequired",
    ] {
        // No number here needs an address, and none is new.
        boolean(filled(name), name)?;
    }
    search.near = near(&filled, kind)?;
    Ok(search)
}

fn boolean(text: Option<&str>, name: &str) -> Result<Option<bool>, Refusal> {
    match text.map(str::to_ascii_lowercase).as_deref() {
        None => Ok(None),
        Some("true") => Ok(Some(true)),
        Some("false") => Ok(Some(false)),
        Some(_) => Err(Refusal::parameter_invalid(name, "use true or false")),
    }
}

/// Digits, letters as on a keypad, and `*` for any digit; how people write numbers is left out.
fn pattern(text: &str) -> Result<Vec<Option<u8>>, Refusal> {
    let wrong = |why: &str| Refusal::parameter_invalid("Contains", why);
    let mut found = Vec::new();
    for c in text.chars() {
        match c.to_ascii_uppercase() {
            '*' => found.push(None),
            '0'..='9' => found.push(Some(c as u8)),
            letter @ 'A'..='Z' => {
                let key = b"22233344455566677778889999"[usize::from(letter as u8 - b'A')];
                found.push(Some(key));
            }
            '+' | ' ' | '-' | '.' | '(' | ')' => {}
            _ => return Err(wrong("use digits, letters and *")),
        }
    }
    match found.len() {
        0 | 1 => Err(wrong("at least two characters are needed")),
        length if length > crate::numbers::phone_number::PHONE_DIGITS_MAX => {
            Err(wrong("a number has at most 15 digits"))
        }
        _ => Ok(found),
    }
}

/// `NearLatLong` or `NearNumber`, with `Distance`.
fn near<'a>(
    filled: &impl Fn(&str) -> Option<&'a str>,
    kind: Kind,
) -> Result<Option<Near>, Refusal> {
    let wrong = |name: &str, why: &str| Refusal::parameter_invalid(name, why);
    let miles = match filled("Distance") {
        None => DISTANCE,
        Some(text) => text
            .parse()
            .ok()
            .filter(|miles: &f64| (0.0..=DISTANCE_MAX).contains(miles))
            .ok_or_else(|| wrong("Distance", "use miles from 0 to 500"))?,
    };
    if let Some(text) = filled("NearLatLong") {
        let degrees = |text: &str, most: f64| {
            text.trim().parse::<f64>().ok().filter(|degrees| degrees.abs() <= most)
        };
        let both =
            text.split_once(',').map(|(north, east)| (degrees(north, 90.0), degrees(east, 180.0)));
        return match both {
            Some((Some(north), Some(east))) => Ok(Some(((north, east), miles))),
            _ => Err(wrong("NearLatLong", "use latitude,longitude in degrees")),
        };
    }
    match filled("NearNumber").filter(|_| kind == Kind::Local) {
        None => Ok(None),
        Some(text) => {
            let number = PhoneNumber::parse(text, Some("US"));
            let number = number.map_err(|_| wrong("NearNumber", "a phone number is expected"))?;
            let town = TOWNS.iter().find(|town| number.area_code() == Some(town.area));
            // Where nobody knows, nothing is near.
            Ok(Some(town.map_or(((90.0, 0.0), 0.0), |town| (town.at, miles))))
        }
    }
}

/// The numbers that fit, in the order in which they are offered; each once.
pub fn offers(search: &Search, country: &'static Country, kind: Kind) -> Vec<Offer> {
    if search.impossible {
        return Vec::new();
    }
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    let mut take = |digits: String, town, locality| {
        let number = PhoneNumber::parse(&format!("+{digits}"), None).ok();
        if let Some(number) = number.filter(|one| found.len() < CANDIDATES_MAX && seen.insert(*one))
        {
            found.push(Offer { number, town, locality, country: country.code });
        }
    };
    if is_north_american(country) {
        match kind {
            Kind::Local => local(search, country, &mut take),
            Kind::TollFree if !search.is_placed() => toll_free(search, &mut take),
            Kind::TollFree | Kind::Mobile => {}
        }
    } else if search.area.is_none() {
        abroad(search, ranges(country, kind), &mut take);
    }
    found
}

type Take<'a> = dyn FnMut(String, Option<&'static Town>, Option<&'static str>) + 'a;

fn local(search: &Search, country: &Country, take: &mut Take<'_>) {
    let towns: Vec<&'static Town> = TOWNS
        .iter()
        .filter(|town| town.country == country.code && search.is_in(town))
        .filter(|town| search.area.as_deref().is_none_or(|area| area == town.area))
        .collect();
    // An area that the table has no place for has numbers all the same, unless places are asked for.
    let elsewhere = search.area.as_deref().filter(|area| {
        let known = PhoneNumber::parse(&format!("+1{area}5550100"), None).ok();
        let here =
            known.is_some_and(|one| one.country() == Some(country.code) && !one.is_toll_free());
        here && towns.is_empty() && !search.is_placed()
    });
    let areas: Vec<&str> = towns.iter().map(|town| town.area).chain(elsewhere).collect();
    for line in 0..LINES {
        for area in &areas {
            for national in search.over(&format!("{area}5550{:03}", 100 + line)) {
                let town = TOWNS.iter().find(|town| national.starts_with(town.area));
                let number = PhoneNumber::parse(&format!("+1{national}"), None).ok();
                let here = number
                    .is_some_and(|one| one.country() == Some(country.code) && !one.is_toll_free());
                // The pattern may have brought it elsewhere.
                let fits = match town {
                    Some(town) => search.is_in(town),
                    None => !search.is_placed(),
                };
                let in_area = search.area.as_deref().is_none_or(|area| national.starts_with(area));
                if here && fits && in_area && !matches!(&national[3..4], "0" | "1") {
                    take(format!("1{national}"), town, None);
                }
            }
        }
    }
}

fn toll_free(search: &Search, take: &mut Take<'_>) {
    for line in 0..LINES {
        for begins in TOLL_FREE {
            let area = &begins[2..];
            for national in search.over(&format!("{area}5550{:03}", 100 + line)) {
                let in_area = search.area.as_deref().is_none_or(|area| national.starts_with(area));
                let free = TOLL_FREE.iter().any(|begins| national.starts_with(&begins[2..]));
                if in_area && free && !matches!(&national[3..4], "0" | "1") {
                    take(format!("1{national}"), None, None);
                }
            }
        }
    }
}

/// Beyond North America a pattern only chooses among what is offered anyway.
fn abroad(search: &Search, ranges: &'static [Range], take: &mut Take<'_>) {
    let placed = search.near.is_some()
        || search.region.is_some()
        || search.rate_center.is_some()
        || search.lata.is_some()
        || search.postal_code.is_some();
    if placed {
        return;
    }
    for line in 0..10_u32.pow(4) {
        for range in ranges.iter().filter(|range| line < 10_u32.pow(range.digits)) {
            let wanted = search.locality.as_deref();
            let there = wanted.is_none_or(|wanted| {
                range.locality.is_some_and(|town| town.eq_ignore_ascii_case(wanted))
            });
            let digits =
                format!("{}{line:0width$}", &range.begins[1..], width = range.digits as usize);
            if there && search.is_within(&digits) {
                take(digits, None, range.locality);
            }
        }
    }
}

impl Search {
    /// Whether it asks for a place, beyond an area code.
    fn is_placed(&self) -> bool {
        self.near.is_some()
            || [&self.region, &self.locality, &self.rate_center, &self.lata, &self.postal_code]
                .into_iter()
                .any(Option::is_some)
    }

    fn is_in(&self, town: &Town) -> bool {
        let same = |wanted: &Option<String>, found: &str| {
            wanted.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(found))
        };
        same(&self.region, town.region)
            && same(&self.locality, town.locality)
            && same(&self.rate_center, town.rate_center)
            && same(&self.lata, town.lata)
            && same(&self.postal_code, town.postal_code)
            && self.near.is_none_or(|(at, miles)| distance(at, town.at) <= miles)
    }

    /// A national number with the pattern laid over it in every way, the last digits first; itself
    /// without one.
    fn over(&self, national: &str) -> Vec<String> {
        if self.pattern.is_empty() {
            return vec![national.to_owned()];
        }
        // A pattern of eleven digits may begin with the country code.
        let pattern = match &self.pattern[..] {
            [Some(b'1'), rest @ ..] if rest.len() == NATIONAL => rest,
            all => all,
        };
        let Some(room) = NATIONAL.checked_sub(pattern.len()) else { return Vec::new() };
        let laid = (0..=room).rev().map(|at| {
            let mut digits = national.as_bytes().to_vec();
            for (slot, wanted) in digits[at..].iter_mut().zip(pattern) {
                *slot = wanted.unwrap_or(*slot);
            }
            digits.into_iter().map(char::from).collect()
        });
        laid.collect()
    }

    fn is_within(&self, digits: &str) -> bool {
        let fits = |window: &[u8]| {
            window
                .iter()
                .zip(&self.pattern)
                .all(|(digit, wanted)| wanted.is_none_or(|w| w == *digit))
        };
        self.pattern.is_empty() || digits.as_bytes().windows(self.pattern.len()).any(fits)
    }
}

/// Miles along a great circle.
fn distance(from: (f64, f64), to: (f64, f64)) -> f64 {
    let (north, south) = (from.0.to_radians(), to.0.to_radians());
    let half = |a: f64, b: f64| ((a - b).to_radians() / 2.0).sin().powi(2);
    let chord = half(from.0, to.0) + north.cos() * south.cos() * half(from.1, to.1);
    2.0 * EARTH_MILES * chord.sqrt().min(1.0).asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(code: &str, kind: Kind, filters: &str) -> Result<Vec<String>, u32> {
        let country = country(code).expect("a country");
        let form = Form::parse(filters.as_bytes()).expect("a form");
        let search = search(&form, country, kind).map_err(|refusal| refusal.code)?;
        Ok(offers(&search, country, kind).iter().map(|one| one.number.to_string()).collect())
    }

    #[test]
    fn a_search_finds_what_fits_and_always_the_same() {
        use Kind::{Local, Mobile, TollFree};
        for (code, kind, filters, first, count) in [
            ("US", Local, "", "+14155550100", 3800),
            ("US", Local, "AreaCode=415", "+14155550100", 100),
            ("US", Local, "AreaCode=628", "+16285550100", 100),
            ("CA", Local, "AreaCode=415", "", 0),
            ("CA", Local, "", "+14165550100", 600),
            ("US", Local, "AreaCode=800", "", 0),
            ("US", Local, "AreaCode=415&Contains=STORM", "+14155578676", 111),
            ("US", Local, "Contains=510555****", "+15105550100", 100),
            ("US", Local, "Contains=%2B1510555****", "+15105550100", 100),
            ("US", Local, "AreaCode=212&Contains=510555****", "", 0),
            ("US", Local, "InRegion=ca&InLocality=oakland", "+15105550100", 100),
            ("US", Local, "InPostalCode=10001", "+12125550100", 100),
            ("US", Local, "InLata=722&AreaCode=408", "+14085550100", 100),
            ("US", Local, "NearNumber=%2B14155551234&AreaCode=510", "+15105550100", 100),
            ("US", Local, "NearNumber=%2B14155551234&AreaCode=212", "", 0),
            ("US", Local, "NearLatLong=40.7,-74&Distance=5", "+12125550100", 200),
            ("US", Local, "FaxEnabled=true", "", 0),
            ("US", Local, "SmsEnabled=false", "", 0),
            ("US", Local, "SmsEnabled=true&AreaCode=212", "+12125550100", 100),
            ("US", TollFree, "", "+18005550100", 700),
            ("US", TollFree, "AreaCode=888", "+18885550100", 100),
            ("US", TollFree, "InRegion=CA", "", 0),
            ("US", Mobile, "", "", 0),
            ("GB", Local, "", "+442079460000", 300),
            ("GB", Local, "InLocality=Leeds", "+441134960000", 100),
            ("GB", Mobile, "Contains=123", "+447700900123", 1),
            ("GB", Local, "InRegion=London", "", 0),
        ] {
            let found = find(code, kind, filters).expect(filters);
            let shown = found.first().map_or("", String::as_str);
            assert_eq!((shown, found.len()), (first, count), "{code} {kind:?} {filters}");
            assert_eq!(find(code, kind, filters).expect(filters), found, "again");
        }
    }

    #[test]
    fn what_cannot_be_searched_is_refused() {
        for (code, filters, expected) in [
            ("US", "AreaCode=41", 21_451),
            ("US", "AreaCode=114", 21_451),
            ("GB", "AreaCode=415", 21_457),
            ("US", "Contains=4", 20_422),
            ("US", "Contains=%2441", 20_422),
            ("US", "Contains=1234567890123456", 20_422),
            ("US", "SmsEnabled=perhaps", 20_422),
            ("US", "Beta=perhaps", 20_422),
            ("US", "NearLatLong=1", 20_422),
            ("US", "NearLatLong=91,0", 20_422),
            ("US", "NearNumber=me", 20_422),
            ("US", "NearNumber=4155550100&Distance=501", 20_422),
        ] {
            assert_eq!(find(code, Kind::Local, filters), Err(expected), "{filters}");
        }
    }
}
