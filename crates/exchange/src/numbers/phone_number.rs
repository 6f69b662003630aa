//! Phone numbers in E.164, and the addresses a message or call can go to or come from.
//!
//! The API, the carriers and the console parse what people write with this; records keep what
//! comes out.
//! It never asks whether a number exists or can be reached, and it knows no numbering plan but the
//! North American one (country code 1) beyond its length.
//! Contract: ITU-T E.164 (digits, country codes); NANPA's list of area codes; Twilio doc pages
//! "Formatting International Phone Numbers", "What is an Alphanumeric Sender ID" and "SIP noun".

use std::fmt;

use super::calling_codes;

/// Most digits of a number, country code included (E.164, 6.2.1).
pub const PHONE_DIGITS_MAX: usize = 15;
/// Fewest digits of a number, country code included.
pub const PHONE_DIGITS_MIN: usize = 7;
/// Longest text that is looked at as a phone number, in bytes; more is never one.
pub const PHONE_TEXT_BYTES_MAX: usize = 64;
/// Fewest and most digits of a short code.
pub const SHORT_CODE_DIGITS: std::ops::RangeInclusive<usize> = 3..=6;
/// Longest alphanumeric sender id, in characters.
pub const ALPHA_SENDER_CHARACTERS_MAX: usize = 11;
/// Longest name after `client:`, `sip:` and the channel prefixes, in bytes.
pub const ADDRESS_NAME_BYTES_MAX: usize = 255;

/// Digits of a North American number with its country code.
const NANP_DIGITS: usize = 11;

/// A phone number in E.164.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhoneNumber {
    /// `+` and digits, padded with zero bytes: the order of the bytes is the order of the text.
    text: [u8; PHONE_DIGITS_MAX + 1],
}

/// Why a text is not a phone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvalidPhone {
    /// It has something else than digits, a leading `+` and the separators `()-. `.
    Characters,
    /// It has too few or too many digits for its country code.
    Length,
    /// No country has its first digits, or its area code cannot exist.
    CountryCode,
    /// It has no `+`, and too few digits to tell what country it belongs to.
    Ambiguous,
}

impl fmt::Display for InvalidPhone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            InvalidPhone::Characters => "a phone number has digits and a leading + only",
            InvalidPhone::Length => "the phone number has too few or too many digits",
            InvalidPhone::CountryCode => "no country or area has numbers that begin like this",
            InvalidPhone::Ambiguous => "the phone number needs + and its country code",
        })
    }
}

impl std::error::Error for InvalidPhone {}

impl PhoneNumber {
    /// Reads `+12025550100`, `12025550100`, `2025550100`, and all of them with `()-. ` between.
    ///
    /// `home` is the country (ISO alpha-2) whose national numbers may come without `+`; none and
    /// unknown ones mean the United States. `+` may be left out of an international number of at
    /// least eleven digits, and `00` (from North America `011`) may stand for it.
    ///
    /// ```
    /// use exchange::numbers::phone_number::PhoneNumber;
    /// let number = PhoneNumber::parse("(202) 555-0100", None).unwrap();
    /// assert_eq!(number.as_str(), "+12025550100");
    /// assert_eq!(PhoneNumber::parse("020 7946 0018", Some("GB")).unwrap().as_str(), "+442079460018");
    /// ```
    pub fn parse(text: &str, home: Option<&str>) -> Result<PhoneNumber, InvalidPhone> {
        let (plus, digits) = strip(text)?;
        if plus {
            return PhoneNumber::from_digits(&digits);
        }
        if let Some(international) = digits.strip_prefix("00") {
            return PhoneNumber::from_digits(international);
        }
        let home_code = home.and_then(calling_codes::of_country).unwrap_or("1");
        if home_code != "1" {
            return match digits.strip_prefix('0') {
                // Nearly every trunk prefix is 0; Italy keeps it in the international form.
                Some(national) if home_code != "39" => {
                    PhoneNumber::from_digits(&format!("{home_code}{national}"))
                }
                _ if home_code == "39" && digits.len() < NANP_DIGITS => {
                    PhoneNumber::from_digits(&format!("39{digits}"))
                }
                _ => PhoneNumber::from_unmarked(&digits),
            };
        }
        if let Some(international) = digits.strip_prefix("011") {
            return PhoneNumber::from_digits(international);
        }
        if digits.len() == NANP_DIGITS - 1 {
            return PhoneNumber::from_digits(&format!("1{digits}"));
        }
        PhoneNumber::from_unmarked(&digits)
    }

    /// Digits without `+` that are long enough to be international.
    fn from_unmarked(digits: &str) -> Result<PhoneNumber, InvalidPhone> {
        if digits.len() < NANP_DIGITS {
            return Err(InvalidPhone::Ambiguous);
        }
        PhoneNumber::from_digits(digits)
    }

    /// `digits` are ASCII digits, country code first.
    fn from_digits(digits: &str) -> Result<PhoneNumber, InvalidPhone> {
        if !(PHONE_DIGITS_MIN..=PHONE_DIGITS_MAX).contains(&digits.len()) {
            return Err(InvalidPhone::Length);
        }
        if let Some(national) = digits.strip_prefix('1') {
            if digits.len() != NANP_DIGITS {
                return Err(InvalidPhone::Length);
            }
            // An area code begins with 2-9; office codes are left alone so that the made-up
            // numbers of test suites (+15551234567) pass.
            if national.starts_with(['0', '1']) {
                return Err(InvalidPhone::CountryCode);
            }
        } else if calling_codes::of_digits(digits).is_none() {
            return Err(InvalidPhone::CountryCode);
        }
        let mut text = [0; PHONE_DIGITS_MAX + 1];
        text[0] = b'+';
        text[1..=digits.len()].copy_from_slice(digits.as_bytes());
        Ok(PhoneNumber { text })
    }

    /// The number in E.164: `+` and digits.
    pub fn as_str(&self) -> &str {
        let len = self.text.iter().position(|&byte| byte == 0).unwrap_or(self.text.len());
        std::str::from_utf8(&self.text[..len]).expect("the constructor copies ASCII only")
    }

    /// The digits without `+`, as WhatsApp's `WaId` has them.
    pub fn digits(&self) -> &str {
        &self.as_str()[1..]
    }

    /// How Twilio names a number by default: `(202) 555-0100` in North America, E.164 elsewhere.
    pub fn friendly(&self) -> String {
        match self.nanp() {
            Some(national) => {
                format!("({}) {}-{}", &national[..3], &national[3..6], &national[6..])
            }
            None => self.to_string(),
        }
    }

    /// ISO alpha-2 of the country, by calling code and in North America by area code; none for
    /// numbers that belong to no country, such as satellite and international freephone.
    pub fn country(&self) -> Option<&'static str> {
        match self.area_code() {
            Some(area) => Some(calling_codes::of_area(area)),
            None => calling_codes::of_digits(self.digits()).filter(|code| !code.is_empty()),
        }
    }

    /// The three digits of a North American area code.
    pub fn area_code(&self) -> Option<&str> {
        self.nanp().map(|national| &national[..3])
    }

    /// Whether it is a North American toll-free number (800, 833, 844, 855, 866, 877, 888).
    pub fn is_toll_free(&self) -> bool {
        matches!(self.area_code(), Some("800" | "833" | "844" | "855" | "866" | "877" | "888"))
    }

    /// The ten national digits of a North American number.
    fn nanp(&self) -> Option<&str> {
        self.digits().strip_prefix('1')
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PhoneNumber({self})")
    }
}

/// Whether a `+` leads, and the digits.
fn strip(text: &str) -> Result<(bool, String), InvalidPhone> {
    let text = text.trim();
    if text.len() > PHONE_TEXT_BYTES_MAX {
        return Err(InvalidPhone::Length);
    }
    let (plus, rest) = match text.strip_prefix('+') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let mut digits = String::with_capacity(PHONE_DIGITS_MAX);
    for c in rest.chars() {
        match c {
            '0'..='9' => digits.push(c),
            '(' | ')' | '-' | '.' | ' ' => {}
            _ => return Err(InvalidPhone::Characters),
        }
    }
    if digits.is_empty() { Err(InvalidPhone::Length) } else { Ok((plus, digits)) }
}

/// What a WhatsApp address begins with.
pub const WHATSAPP: &str = "whatsapp:";

/// Whether an address, as the house writes it, is a WhatsApp account's.
pub fn is_whatsapp(address: &str) -> bool {
    address.starts_with(WHATSAPP)
}

/// The phone number of a WhatsApp account; any other address as it is.
pub fn without_channel(address: &str) -> &str {
    address.strip_prefix(WHATSAPP).unwrap_or(address)
}

/// Where a message or call goes to or comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Address {
    /// A phone.
    Phone(PhoneNumber),
    /// A browser or mobile client: `client:alice`.
    Client(String),
    /// A SIP endpoint: `sip:user@host`; the text after `sip:`, parameters included.
    Sip(String),
    /// A WhatsApp account: `whatsapp:+12025550100`.
    WhatsApp(PhoneNumber),
    /// A Messenger user or page: `messenger:123`.
    Messenger(String),
    /// An RCS agent: `rcs:brand`.
    Rcs(String),
    /// A short code: 3 to 6 digits.
    ShortCode(String),
    /// An alphanumeric sender id, such as `MyBakery`.
    AlphaSender(String),
}

/// Why a text is not an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvalidAddress {
    /// It is empty.
    Empty,
    /// What stands before the colon is no channel that the house knows.
    Channel,
    /// What stands after the colon is empty, too long, or has characters that cannot be there.
    Name,
    /// It looks like a phone number and is none.
    Phone(InvalidPhone),
}

impl fmt::Display for InvalidAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            InvalidAddress::Empty => f.write_str("the address is empty"),
            InvalidAddress::Channel => f.write_str("the address names an unknown channel"),
            InvalidAddress::Name => f.write_str("the name in the address is not usable"),
            InvalidAddress::Phone(why) => why.fmt(f),
        }
    }
}

impl std::error::Error for InvalidAddress {}

impl Address {
    /// Reads any address; prefixes may be in any case. A text with letters and no prefix is an
    /// alphanumeric sender id, 3 to 6 bare digits are a short code, all else is a phone number
    /// (of `home`, see [`PhoneNumber::parse`]).
    ///
    /// ```
    /// use exchange::numbers::phone_number::Address;
    /// assert_eq!(Address::parse("Client:alice", None).unwrap().to_string(), "client:alice");
    /// assert!(matches!(Address::parse("55512", None), Ok(Address::ShortCode(_))));
    /// ```
    pub fn parse(text: &str, home: Option<&str>) -> Result<Address, InvalidAddress> {
        let text = text.trim();
        if text.is_empty() {
            return Err(InvalidAddress::Empty);
        }
        match text.split_once(':') {
            Some((prefix, name)) => Address::of_channel(prefix, name, home),
            None => Address::without_channel(text, home),
        }
    }

    fn of_channel(prefix: &str, name: &str, home: Option<&str>) -> Result<Address, InvalidAddress> {
        match prefix.to_ascii_lowercase().as_str() {
            "client" => name_of(name).map(Address::Client),
            "sip" | "sips" => match name_of(name)? {
                name if name.starts_with('@') || name.ends_with('@') => Err(InvalidAddress::Name),
                name => Ok(Address::Sip(name)),
            },
            "messenger" => name_of(name).map(Address::Messenger),
            "rcs" => name_of(name).map(Address::Rcs),
            "whatsapp" => {
                PhoneNumber::parse(name, home).map(Address::WhatsApp).map_err(InvalidAddress::Phone)
            }
            "tel" => {
                PhoneNumber::parse(name, home).map(Address::Phone).map_err(InvalidAddress::Phone)
            }
            _ => Err(InvalidAddress::Channel),
        }
    }

    fn without_channel(text: &str, home: Option<&str>) -> Result<Address, InvalidAddress> {
        let is_digit = |c: char| c.is_ascii_digit();
        if SHORT_CODE_DIGITS.contains(&text.len()) && text.chars().all(is_digit) {
            return Ok(Address::ShortCode(text.to_owned()));
        }
        if !text.starts_with('+') && text.chars().any(|c| c.is_ascii_alphabetic()) {
            let usable = |c: char| c.is_ascii_alphanumeric() || " +-_&".contains(c);
            let fits = text.chars().count() <= ALPHA_SENDER_CHARACTERS_MAX;
            return if fits && text.chars().all(usable) {
                Ok(Address::AlphaSender(text.to_owned()))
            } else {
                Err(InvalidAddress::Phone(InvalidPhone::Characters))
            };
        }
        PhoneNumber::parse(text, home).map(Address::Phone).map_err(InvalidAddress::Phone)
    }

    /// The phone number behind the address, of a phone or a WhatsApp account.
    pub fn phone(&self) -> Option<PhoneNumber> {
        match self {
            Address::Phone(number) | Address::WhatsApp(number) => Some(*number),
            _ => None,
        }
    }

    /// Whether it is a messaging channel other than SMS: these have no segments and no geo fields.
    pub fn is_channel(&self) -> bool {
        matches!(self, Address::WhatsApp(_) | Address::Messenger(_) | Address::Rcs(_))
    }

    /// `to_formatted` and `from_formatted` of a call: a phone's friendly form, the rest as it is.
    pub fn friendly(&self) -> String {
        match self {
            Address::Phone(number) => number.friendly(),
            other => other.to_string(),
        }
    }
}

/// A name after a prefix: not empty, no blanks or control characters, and not endless.
fn name_of(name: &str) -> Result<String, InvalidAddress> {
    let usable = |c: char| !c.is_control() && !c.is_whitespace();
    if name.is_empty() || name.len() > ADDRESS_NAME_BYTES_MAX || !name.chars().all(usable) {
        return Err(InvalidAddress::Name);
    }
    Ok(name.to_owned())
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Address::Phone(number) => number.fmt(f),
            Address::Client(name) => write!(f, "client:{name}"),
            Address::Sip(uri) => write!(f, "sip:{uri}"),
            Address::WhatsApp(number) => write!(f, "whatsapp:{number}"),
            Address::Messenger(id) => write!(f, "messenger:{id}"),
            Address::Rcs(agent) => write!(f, "rcs:{agent}"),
            Address::ShortCode(text) | Address::AlphaSender(text) => f.write_str(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::InvalidPhone::{Ambiguous, Characters, CountryCode, Length};
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        let rows: &[(&str, Option<&str>, Result<&str, InvalidPhone>)] = &[
            ("+12025550100", None, Ok("+12025550100")),
            ("12025550100", None, Ok("+12025550100")),
            ("2025550100", None, Ok("+12025550100")),
            ("(202) 555-0100", None, Ok("+12025550100")),
            (" +1 (202) 555.0100 ", None, Ok("+12025550100")),
            ("202-555-0100", Some("CA"), Ok("+12025550100")),
            ("+15005550006", None, Ok("+15005550006")),
            ("+15551234567", None, Ok("+15551234567")),
            ("447700900123", None, Ok("+447700900123")),
            ("00447700900123", None, Ok("+447700900123")),
            ("011447700900123", None, Ok("+447700900123")),
            ("07700 900123", Some("GB"), Ok("+447700900123")),
            ("+447700900123", Some("US"), Ok("+447700900123")),
            ("06 12345678", Some("it"), Ok("+390612345678")),
            ("+266696687", None, Ok("+266696687")),
            ("+2562533", None, Ok("+2562533")),
            ("+123456789012345", None, Err(Length)),
            ("+442079460018999", None, Ok("+442079460018999")),
            ("+4420794600189999", None, Err(Length)),
            ("+44207", None, Err(Length)),
            ("+1202555010", None, Err(Length)),
            ("+120255501000", None, Err(Length)),
            ("+11234567890", None, Err(CountryCode)),
            ("+0123456789", None, Err(CountryCode)),
            ("+2101234567", None, Err(CountryCode)),
            ("5550100", None, Err(Ambiguous)),
            ("112", None, Err(Ambiguous)),
            ("7700900123", Some("GB"), Err(Ambiguous)),
            ("", None, Err(Length)),
            ("+", None, Err(Length)),
            ("()-. ", None, Err(Length)),
            ("++12025550100", None, Err(Characters)),
            ("+1202555010a", None, Err(Characters)),
            ("anonymous", None, Err(Characters)),
            ("+１２０２５５５０１００", None, Err(Characters)),
            ("12025550100;ext=1", None, Err(Characters)),
        ];
        for (text, home, expected) in rows {
            let found = PhoneNumber::parse(text, *home);
            assert_eq!(
                found.as_ref().map(PhoneNumber::as_str),
                expected.as_ref().copied(),
                "{text}"
            );
        }
    }

    #[test]
    fn a_number_has_a_friendly_form_and_a_country() {
        let rows = [
            ("+12025550100", "(202) 555-0100", Some("US")),
            ("+14165550100", "(416) 555-0100", Some("CA")),
            ("+18765550100", "(876) 555-0100", Some("JM")),
            ("+17875550100", "(787) 555-0100", Some("PR")),
            ("+18005550100", "(800) 555-0100", Some("US")),
            ("+447700900123", "+447700900123", Some("GB")),
            ("+34600000000", "+34600000000", Some("ES")),
            ("+525512345678", "+525512345678", Some("MX")),
            ("+79161234567", "+79161234567", Some("RU")),
            ("+77011234567", "+77011234567", Some("KZ")),
            ("+358401234567", "+358401234567", Some("FI")),
            ("+8801712345678", "+8801712345678", Some("BD")),
            ("+80012345678", "+80012345678", None),
        ];
        for (text, friendly, country) in rows {
            let number = PhoneNumber::parse(text, None).expect(text);
            assert_eq!((number.friendly().as_str(), number.country()), (friendly, country));
        }
    }

    #[test]
    fn toll_free_numbers_are_north_american_ones_of_seven_area_codes() {
        let toll_free = |text: &str| PhoneNumber::parse(text, None).expect(text).is_toll_free();
        for area in ["800", "833", "844", "855", "866", "877", "888"] {
            assert!(toll_free(&format!("+1{area}5550100")), "{area}");
        }
        for text in ["+12025550100", "+18995550100", "+448005550100", "+80012345678"] {
            assert!(!toll_free(text), "{text}");
        }
    }

    #[test]
    fn addresses_are_read_by_their_shape() {
        let phone = PhoneNumber::parse("+12025550100", None).expect("a number");
        let rows = [
            ("+12025550100", Ok(Address::Phone(phone))),
            ("(202) 555-0100", Ok(Address::Phone(phone))),
            ("tel:+12025550100", Ok(Address::Phone(phone))),
            ("client:alice", Ok(Address::Client("alice".into()))),
            ("CLIENT:Alice_1", Ok(Address::Client("Alice_1".into()))),
            (
                "sip:bob@example.com:5060;transport=tcp",
                Ok(Address::Sip("bob@example.com:5060;transport=tcp".into())),
            ),
            ("whatsapp:+12025550100", Ok(Address::WhatsApp(phone))),
            ("messenger:1234", Ok(Address::Messenger("1234".into()))),
            ("rcs:brand_agent", Ok(Address::Rcs("brand_agent".into()))),
            ("12345", Ok(Address::ShortCode("12345".into()))),
            ("MyBakery", Ok(Address::AlphaSender("MyBakery".into()))),
            ("A&B Shop-1", Ok(Address::AlphaSender("A&B Shop-1".into()))),
            ("", Err(InvalidAddress::Empty)),
            ("  ", Err(InvalidAddress::Empty)),
            ("client:", Err(InvalidAddress::Name)),
            ("client:a b", Err(InvalidAddress::Name)),
            ("sip:@example.com", Err(InvalidAddress::Name)),
            ("sip:bob@", Err(InvalidAddress::Name)),
            ("pigeon:alice", Err(InvalidAddress::Channel)),
            ("whatsapp:alice", Err(InvalidAddress::Phone(Characters))),
            ("TwelveLetter", Err(InvalidAddress::Phone(Characters))),
            ("+1abc", Err(InvalidAddress::Phone(Characters))),
            ("1234567", Err(InvalidAddress::Phone(Ambiguous))),
        ];
        for (text, expected) in rows {
            assert_eq!(Address::parse(text, None), expected, "{text}");
        }
    }

    #[test]
    fn only_a_phone_is_shown_in_friendly_form() {
        let friendly = |text| Address::parse(text, None).expect(text).friendly();
        assert_eq!(friendly("+12025550100"), "(202) 555-0100");
        assert_eq!(friendly("client:alice"), "client:alice");
        assert_eq!(friendly("whatsapp:+12025550100"), "whatsapp:+12025550100");
    }

    proptest! {
        #[test]
        fn no_text_panics_and_what_is_read_is_read_again(text in "\\PC{0,24}|[+0-9() .:-]{0,20}|(client|sip|whatsapp):\\PC{0,12}") {
            if let Ok(number) = PhoneNumber::parse(&text, None) {
                prop_assert_eq!(PhoneNumber::parse(number.as_str(), Some("GB")), Ok(number));
                prop_assert!(number.digits().len() <= PHONE_DIGITS_MAX);
            }
            if let Ok(address) = Address::parse(&text, None) {
                prop_assert_eq!(Address::parse(&address.to_string(), None), Ok(address));
            }
        }
    }
}
