//! Postal addresses that numbers may need.
//!
//! Nobody here knows whether an address exists: it is kept as it was given, neither validated nor
//! verified. Contract: rest.md 4.4 and A.2.

use crate::refusal::Refusal;
use crate::sid::{AccountSid, PostalSid};
use jiff::Timestamp;
use webhook::Form;

/// Characters of a part at most.
const PART_CHARACTERS_MAX: usize = 256;

/// An address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostalAddress {
    /// Its sid.
    pub sid: PostalSid,
    /// Whose it is.
    pub account: AccountSid,
    /// A name for people.
    pub friendly_name: String,
    /// Who lives or works there.
    pub customer_name: String,
    /// Street and number.
    pub street: String,
    /// Apartment, floor.
    pub street_secondary: String,
    /// Town.
    pub city: String,
    /// State or province.
    pub region: String,
    /// Postal code.
    pub postal_code: String,
    /// ISO alpha-2; never changes.
    pub iso_country: String,
    /// Stored and shown.
    pub emergency_enabled: bool,
    /// House time.
    pub created: Timestamp,
    /// House time.
    pub updated: Timestamp,
}

/// An address with nothing in it yet.
pub fn blank(account: AccountSid, sid: PostalSid, now: Timestamp) -> PostalAddress {
    PostalAddress {
        sid,
        account,
        friendly_name: String::new(),
        customer_name: String::new(),
        street: String::new(),
        street_secondary: String::new(),
        city: String::new(),
        region: String::new(),
        postal_code: String::new(),
        iso_country: String::new(),
        emergency_enabled: false,
        created: now,
        updated: now,
    }
}

/// Applies a request; what is absent stays. `new`: whether the country is set, too.
///
/// # Errors
/// 21628 for a part that is empty and has to be there, or that cannot be; `address` may then be
/// half changed.
pub fn configure(address: &mut PostalAddress, form: &Form, new: bool) -> Result<(), Refusal> {
    let text = |name: &str| form.get(name).map(|text| text.trim().to_owned());
    for (name, part) in [
        ("FriendlyName", &mut address.friendly_name),
        ("CustomerName", &mut address.customer_name),
        ("Street", &mut address.street),
        ("StreetSecondary", &mut address.street_secondary),
        ("City", &mut address.city),
        ("Region", &mut address.region),
        ("PostalCode", &mut address.postal_code),
    ] {
        if let Some(text) = text(name) {
            if text.chars().count() > PART_CHARACTERS_MAX {
                return Err(Refusal::address_invalid(format!("{name} is too long")));
            }
            *part = text;
        }
    }
    if new {
        address.iso_country = text("IsoCountry").unwrap_or_default().to_ascii_uppercase();
    }
    for (name, part) in [
        ("CustomerName", &address.customer_name),
        ("Street", &address.street),
        ("City", &address.city),
        ("Region", &address.region),
        ("PostalCode", &address.postal_code),
        ("IsoCountry", &address.iso_country),
    ] {
        if part.is_empty() {
            return Err(Refusal::address_invalid(format!("{name} is required")));
        }
    }
    let letters = address.iso_country.bytes().all(|byte| byte.is_ascii_uppercase());
    if address.iso_country.len() != 2 || !letters {
        return Err(Refusal::address_invalid("IsoCountry has two letters, such as US"));
    }
    for name in ["EmergencyEnabled", "AutoCorrectAddress"] {
        let read = match text(name).filter(|text| !text.is_empty()) {
            None => continue,
            Some(text) => match text.to_ascii_lowercase().as_str() {
                "true" => true,
                "false" => false,
                _ => return Err(Refusal::parameter_invalid(name, "use true or false")),
            },
        };
        if name == "EmergencyEnabled" {
            address.emergency_enabled = read;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_whole_or_refused() {
        let good = "CustomerName=Ann&Street=1+Main&City=Reno&Region=NV&PostalCode=89501";
        let make = |more: &str| {
            let account = AccountSid::parse("AC00000000000000000000000000000001").expect("a sid");
            let sid = PostalSid::parse("AD00000000000000000000000000000001").expect("a sid");
            let mut address = blank(account, sid, Timestamp::UNIX_EPOCH);
            let form = Form::parse(format!("{good}{more}").as_bytes()).expect("a form");
            configure(&mut address, &form, true).map(|()| address).map_err(|why| why.code)
        };
        assert_eq!(make("&IsoCountry=us").expect("good").iso_country, "US");
        for (more, code) in [
            ("", 21_628),
            ("&IsoCountry=USA", 21_628),
            ("&IsoCountry=U1", 21_628),
            ("&IsoCountry=US&EmergencyEnabled=perhaps", 20_422),
            (&format!("&IsoCountry=US&FriendlyName={}", "x".repeat(257)), 21_628),
        ] {
            assert_eq!(make(more), Err(code), "{more}");
        }
    }
}
