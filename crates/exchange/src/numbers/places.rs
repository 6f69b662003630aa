//! Where the simulated inventory has its numbers: places of North America by area code, and the
//! countries beyond it with the beginnings of their numbers.
//!
//! `inventory` alone reads these tables. Beyond North America numbers come from ranges that a
//! regulator keeps for fiction, where there is one (Ofcom, ACMA, BNetzA, Arcep, ComReg, PTS).
//! Contract: NANPA's list of area codes; the shape of Twilio doc page "AvailablePhoneNumber Local".

/// A place with an area code of its own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Town {
    /// Three digits.
    pub area: &'static str,
    /// ISO alpha-2: `US` or `CA`.
    pub country: &'static str,
    /// State or province, two letters.
    pub region: &'static str,
    /// The town.
    pub locality: &'static str,
    /// Its rate center.
    pub rate_center: &'static str,
    /// Its local access and transport area.
    pub lata: &'static str,
    /// A postal code of the town.
    pub postal_code: &'static str,
    /// Degrees north and east.
    pub at: (f64, f64),
}

/// A kind of number beyond North America.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// What its numbers begin with, `+` included.
    pub begins: &'static str,
    /// Digits that follow.
    pub digits: u32,
    /// The town, for local numbers.
    pub locality: Option<&'static str>,
}

/// A country that numbers can be searched in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Country {
    /// ISO alpha-2.
    pub code: &'static str,
    /// In English.
    pub name: &'static str,
    /// Its local numbers, unless they are North American.
    pub local: &'static [Range],
    /// Its mobile numbers.
    pub mobile: &'static [Range],
    /// Its freephone numbers, unless they are North American.
    pub toll_free: &'static [Range],
}

const fn range(begins: &'static str, digits: u32) -> Range {
    Range { begins, digits, locality: None }
}

const fn town(begins: &'static str, digits: u32, locality: &'static str) -> Range {
    Range { begins, digits, locality: Some(locality) }
}

const fn country(
    code: &'static str,
    name: &'static str,
    local: &'static [Range],
    mobile: &'static [Range],
    toll_free: &'static [Range],
) -> Country {
    Country { code, name, local, mobile, toll_free }
}

/// Countries in the order of their codes.
#[rustfmt::skip]
pub const COUNTRIES: &[Country] = &[
    country("AU", "Australia", &[town("+6125550", 4, "Sydney"), town("+6135550", 4, "Melbourne")],
        &[range("+61491570", 3)], &[range("+6118009757", 2)]),
    country("CA", "Canada", &[], &[], &[]),
    country("DE", "Germany", &[town("+493023125", 3, "Berlin"), town("+4969900096", 2, "Frankfurt")],
        &[range("+4917139200", 2)], &[]),
    country("ES", "Spain", &[town("+3491000", 4, "Madrid"), town("+3493000", 4, "Barcelona")],
        &[range("+3460000", 4)], &[range("+3490000", 4)]),
    country("FR", "France", &[town("+3319900", 4, "Paris"), town("+3326191", 4, "Rennes")],
        &[range("+3363998", 4)], &[range("+3380500", 4)]),
    country("GB", "United Kingdom",
        &[town("+4420794600", 2, "London"), town("+4411349600", 2, "Leeds"),
          town("+4416149600", 2, "Manchester")],
        &[range("+447700900", 3)], &[range("+448081570", 3)]),
    country("IE", "Ireland", &[town("+35320910", 4, "Cork")], &[range("+35385000", 4)],
        &[range("+3531800000", 3)]),
    country("MX", "Mexico", &[town("+52555000", 4, "Mexico City"), town("+52333000", 4, "Guadalajara")],
        &[], &[range("+528000000", 3)]),
    country("NL", "Netherlands", &[town("+3120000", 4, "Amsterdam")], &[range("+3161000", 4)],
        &[range("+318000000", 3)]),
    country("SE", "Sweden", &[town("+46846500", 3, "Stockholm"), town("+463139006", 2, "Gothenburg")],
        &[range("+467017406", 2)], &[range("+462000000", 2)]),
    country("US", "United States", &[], &[], &[]),
];

macro_rules! towns {
    ($($area:literal $country:literal $region:literal $locality:literal $center:literal
       $lata:literal $postal:literal $latitude:literal $longitude:literal;)+) => {
        /// Places in the order in which a search without an area finds them.
        pub const TOWNS: &[Town] = &[$(Town {
            area: $area, country: $country, region: $region, locality: $locality,
            rate_center: $center, lata: $lata, postal_code: $postal,
            at: ($latitude, $longitude),
        },)+];
    };
}

#[rustfmt::skip]
towns! {
    "415" "US" "CA" "San Francisco" "SNFC CNTRL" "722" "94103" 37.7749 -122.4194;
    "212" "US" "NY" "New York" "NWYRCYZN01" "132" "10001" 40.7128 -74.0060;
    "202" "US" "DC" "Washington" "WSHNGTNZN1" "236" "20001" 38.9072 -77.0369;
    "312" "US" "IL" "Chicago" "CHICAGO" "358" "60601" 41.8781 -87.6298;
    "213" "US" "CA" "Los Angeles" "LSAN DA 01" "730" "90012" 34.0522 -118.2437;
    "510" "US" "CA" "Oakland" "OKLD MN-PD" "722" "94612" 37.8044 -122.2712;
    "408" "US" "CA" "San Jose" "SNJS WEST" "722" "95113" 37.3382 -121.8863;
    "619" "US" "CA" "San Diego" "SNDG SNDG" "732" "92101" 32.7157 -117.1611;
    "916" "US" "CA" "Sacramento" "SCRM MAIN" "726" "95814" 38.5816 -121.4944;
    "718" "US" "NY" "Brooklyn" "NWYRCYZN03" "132" "11201" 40.6782 -73.9442;
    "617" "US" "MA" "Boston" "BOSTON" "128" "02108" 42.3601 -71.0589;
    "215" "US" "PA" "Philadelphia" "PHLADELPHI" "228" "19103" 39.9526 -75.1652;
    "412" "US" "PA" "Pittsburgh" "PITTSBURGH" "234" "15222" 40.4406 -79.9959;
    "404" "US" "GA" "Atlanta" "ATLANTA" "438" "30303" 33.7490 -84.3880;
    "305" "US" "FL" "Miami" "MIAMI" "460" "33128" 25.7617 -80.1918;
    "407" "US" "FL" "Orlando" "ORLANDO" "458" "32801" 28.5383 -81.3792;
    "813" "US" "FL" "Tampa" "TAMPA" "952" "33602" 27.9506 -82.4572;
    "704" "US" "NC" "Charlotte" "CHARLOTTE" "422" "28202" 35.2271 -80.8431;
    "615" "US" "TN" "Nashville" "NASHVILLE" "470" "37203" 36.1627 -86.7816;
    "504" "US" "LA" "New Orleans" "NEWORLEANS" "490" "70112" 29.9511 -90.0715;
    "713" "US" "TX" "Houston" "HOUSTON" "560" "77002" 29.7604 -95.3698;
    "214" "US" "TX" "Dallas" "DALLAS" "552" "75201" 32.7767 -96.7970;
    "512" "US" "TX" "Austin" "AUSTIN" "558" "78701" 30.2672 -97.7431;
    "210" "US" "TX" "San Antonio" "SANANTONIO" "566" "78205" 29.4241 -98.4936;
    "314" "US" "MO" "St. Louis" "ST LOUIS" "520" "63101" 38.6270 -90.1994;
    "612" "US" "MN" "Minneapolis" "TWINCITIES" "628" "55401" 44.9778 -93.2650;
    "414" "US" "WI" "Milwaukee" "MILWAUKEE" "356" "53202" 43.0389 -87.9065;
    "313" "US" "MI" "Detroit" "DETROITZN1" "340" "48226" 42.3314 -83.0458;
    "216" "US" "OH" "Cleveland" "CLEVELAND" "320" "44114" 41.4993 -81.6944;
    "614" "US" "OH" "Columbus" "COLUMBUS" "324" "43215" 39.9612 -82.9988;
    "303" "US" "CO" "Denver" "DENVER" "656" "80202" 39.7392 -104.9903;
    "801" "US" "UT" "Salt Lake City" "SALT LAKE" "660" "84101" 40.7608 -111.8910;
    "602" "US" "AZ" "Phoenix" "PHOENIX" "666" "85003" 33.4484 -112.0740;
    "702" "US" "NV" "Las Vegas" "LAS VEGAS" "720" "89101" 36.1699 -115.1398;
    "206" "US" "WA" "Seattle" "SEATTLE" "674" "98101" 47.6062 -122.3321;
    "503" "US" "OR" "Portland" "PORTLAND" "672" "97204" 45.5152 -122.6784;
    "808" "US" "HI" "Honolulu" "HONOLULU" "834" "96813" 21.3069 -157.8583;
    "907" "US" "AK" "Anchorage" "ANCHORAGE" "832" "99501" 61.2181 -149.9003;
    "416" "CA" "ON" "Toronto" "TORONTO" "888" "M5H 2N2" 43.6532 -79.3832;
    "514" "CA" "QC" "Montreal" "MONTREAL" "888" "H2Y 1C6" 45.5017 -73.5673;
    "604" "CA" "BC" "Vancouver" "VANCOUVER" "888" "V5Y 1V4" 49.2827 -123.1207;
    "403" "CA" "AB" "Calgary" "CALGARY" "888" "T2P 2M5" 51.0447 -114.0719;
    "613" "CA" "ON" "Ottawa" "OTTAWAHULL" "888" "K1P 1J1" 45.4215 -75.6972;
    "204" "CA" "MB" "Winnipeg" "WINNIPEG" "888" "R3B 1B9" 49.8951 -97.1384;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numbers::PhoneNumber;

    #[test]
    fn places_are_where_their_area_codes_are() {
        for town in TOWNS {
            let number = PhoneNumber::parse(&format!("+1{}5550100", town.area), None);
            assert_eq!(number.expect("a number").country(), Some(town.country), "{town:?}");
        }
    }

    #[test]
    fn countries_are_sorted_and_their_numbers_are_theirs() {
        assert!(COUNTRIES.windows(2).all(|two| two[0].code < two[1].code));
        for country in COUNTRIES {
            for range in country.local.iter().chain(country.mobile).chain(country.toll_free) {
                let digits = "0".repeat(range.digits as usize);
                let number = PhoneNumber::parse(&format!("{}{digits}", range.begins), None);
                assert_eq!(number.expect("a number").country(), Some(country.code), "{range:?}");
            }
        }
    }
}
