//! Which country a number belongs to, by its first digits.
//!
//! `phone_number` alone reads these tables. They never say whether a number is in use.
//! Contract: ITU-T E.164 "List of assigned country codes", and NANPA's list of area codes for
//! the countries that share code 1.

/// The country (ISO alpha-2) of `digits`, which begin with a calling code other than 1; empty for
/// the codes of no country (satellite, international freephone), none if nobody has the code.
pub(super) fn of_digits(digits: &str) -> Option<&'static str> {
    let country = (1..=3).filter_map(|len| digits.get(..len)).find_map(|code| {
        let at = CODES.binary_search_by_key(&code, |row| row.0).ok()?;
        Some(CODES[at].1)
    })?;
    // One code, two countries: Kazakhstan has the areas 6 and 7 of Russia's.
    match digits.get(..2) {
        Some("76" | "77") => Some("KZ"),
        _ => Some(country),
    }
}

/// The calling code of a country, none if it has none here. Countries with code 1 all give `1`.
pub(super) fn of_country(country: &str) -> Option<&'static str> {
    let country = country.to_ascii_uppercase();
    if country == "KZ" {
        return Some("7");
    }
    let shared = ["US", "CA", "PR", "DO", "JM", "TT", "BS", "BB"];
    if shared.contains(&country.as_str()) {
        return Some("1");
    }
    CODES.iter().find(|row| !row.1.is_empty() && row.1 == country).map(|row| row.0)
}

/// The country of a North American area code; one that is not listed is the United States'.
#[rustfmt::skip]
pub(super) fn of_area(area: &str) -> &'static str {
    match area {
        "204" | "226" | "236" | "249" | "250" | "257" | "263" | "289" | "306" | "343" | "354"
        | "365" | "367" | "368" | "382" | "387" | "403" | "416" | "418" | "428" | "431" | "437"
        | "438" | "450" | "460" | "468" | "474" | "506" | "514" | "519" | "537" | "548" | "568"
        | "579" | "581" | "584" | "587" | "604" | "613" | "639" | "647" | "672" | "683" | "705"
        | "709" | "742" | "753" | "778" | "780" | "782" | "807" | "819" | "825" | "867" | "873"
        | "879" | "902" | "905" | "942" => "CA",
        "268" => "AG",
        "264" => "AI",
        "684" => "AS",
        "246" => "BB",
        "441" => "BM",
        "242" => "BS",
        "767" => "DM",
        "809" | "829" | "849" => "DO",
        "473" => "GD",
        "671" => "GU",
        "658" | "876" => "JM",
        "869" => "KN",
        "345" => "KY",
        "758" => "LC",
        "670" => "MP",
        "664" => "MS",
        "787" | "939" => "PR",
        "721" => "SX",
        "649" => "TC",
        "868" => "TT",
        "784" => "VC",
        "284" => "VG",
        "340" => "VI",
        _ => "US",
    }
}

/// Calling codes but 1, in the order of their digits; no code begins with another.
#[rustfmt::skip]
const CODES: &[(&str, &str)] = &[
    ("20", "EG"), ("211", "SS"), ("212", "MA"), ("213", "DZ"), ("216", "TN"), ("218", "LY"),
    ("220", "GM"), ("221", "SN"), ("222", "MR"), ("223", "ML"), ("224", "GN"), ("225", "CI"),
    ("226", "BF"), ("227", "NE"), ("228", "TG"), ("229", "BJ"), ("230", "MU"), ("231", "LR"),
    ("232", "SL"), ("233", "GH"), ("234", "NG"), ("235", "TD"), ("236", "CF"), ("237", "CM"),
    ("238", "CV"), ("239", "ST"), ("240", "GQ"), ("241", "GA"), ("242", "CG"), ("243", "CD"),
    ("244", "AO"), ("245", "GW"), ("246", "IO"), ("247", "AC"), ("248", "SC"), ("249", "SD"),
    ("250", "RW"), ("251", "ET"), ("252", "SO"), ("253", "DJ"), ("254", "KE"), ("255", "TZ"),
    ("256", "UG"), ("257", "BI"), ("258", "MZ"), ("260", "ZM"), ("261", "MG"), ("262", "RE"),
    ("263", "ZW"), ("264", "NA"), ("265", "MW"), ("266", "LS"), ("267", "BW"), ("268", "SZ"),
    ("269", "KM"), ("27", "ZA"), ("290", "SH"), ("291", "ER"), ("297", "AW"), ("298", "FO"),
    ("299", "GL"), ("30", "GR"), ("31", "NL"), ("32", "BE"), ("33", "FR"), ("34", "ES"),
    ("350", "GI"), ("351", "PT"), ("352", "LU"), ("353", "IE"), ("354", "IS"), ("355", "AL"),
    ("356", "MT"), ("357", "CY"), ("358", "FI"), ("359", "BG"), ("36", "HU"), ("370", "LT"),
    ("371", "LV"), ("372", "EE"), ("373", "MD"), ("374", "AM"), ("375", "BY"), ("376", "AD"),
    ("377", "MC"), ("378", "SM"), ("379", "VA"), ("380", "UA"), ("381", "RS"), ("382", "ME"),
    ("383", "XK"), ("385", "HR"), ("386", "SI"), ("387", "BA"), ("389", "MK"), ("39", "IT"),
    ("40", "RO"), ("41", "CH"), ("420", "CZ"), ("421", "SK"), ("423", "LI"), ("43", "AT"),
    ("44", "GB"), ("45", "DK"), ("46", "SE"), ("47", "NO"), ("48", "PL"), ("49", "DE"),
    ("500", "FK"), ("501", "BZ"), ("502", "GT"), ("503", "SV"), ("504", "HN"), ("505", "NI"),
    ("506", "CR"), ("507", "PA"), ("508", "PM"), ("509", "HT"), ("51", "PE"), ("52", "MX"),
    ("53", "CU"), ("54", "AR"), ("55", "BR"), ("56", "CL"), ("57", "CO"), ("58", "VE"),
    ("590", "GP"), ("591", "BO"), ("592", "GY"), ("593", "EC"), ("594", "GF"), ("595", "PY"),
    ("596", "MQ"), ("597", "SR"), ("598", "UY"), ("599", "CW"), ("60", "MY"), ("61", "AU"),
    ("62", "ID"), ("63", "PH"), ("64", "NZ"), ("65", "SG"), ("66", "TH"), ("670", "TL"),
    ("672", "NF"), ("673", "BN"), ("674", "NR"), ("675", "PG"), ("676", "TO"), ("677", "SB"),
    ("678", "VU"), ("679", "FJ"), ("680", "PW"), ("681", "WF"), ("682", "CK"), ("683", "NU"),
    ("685", "WS"), ("686", "KI"), ("687", "NC"), ("688", "TV"), ("689", "PF"), ("690", "TK"),
    ("691", "FM"), ("692", "MH"), ("7", "RU"), ("800", ""), ("808", ""), ("81", "JP"),
    ("82", "KR"), ("84", "VN"), ("850", "KP"), ("852", "HK"), ("853", "MO"), ("855", "KH"),
    ("856", "LA"), ("86", "CN"), ("870", ""), ("878", ""), ("880", "BD"), ("881", ""),
    ("882", ""), ("883", ""), ("886", "TW"), ("888", ""), ("90", "TR"), ("91", "IN"),
    ("92", "PK"), ("93", "AF"), ("94", "LK"), ("95", "MM"), ("960", "MV"), ("961", "LB"),
    ("962", "JO"), ("963", "SY"), ("964", "IQ"), ("965", "KW"), ("966", "SA"), ("967", "YE"),
    ("968", "OM"), ("970", "PS"), ("971", "AE"), ("972", "IL"), ("973", "BH"), ("974", "QA"),
    ("975", "BT"), ("976", "MN"), ("977", "NP"), ("979", ""), ("98", "IR"), ("992", "TJ"),
    ("993", "TM"), ("994", "AZ"), ("995", "GE"), ("996", "KG"), ("998", "UZ"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_rise_and_none_begins_with_another() {
        for pair in CODES.windows(2) {
            assert!(pair[0].0 < pair[1].0 && !pair[1].0.starts_with(pair[0].0), "{pair:?}");
        }
    }
}
