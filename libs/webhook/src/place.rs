//! Where a number is, and what a fallback adds: parts that several webhooks share.
//!
//! Used by the typed forms of messages and calls. A [`Place`] comes in four parameters under one or
//! two prefixes (`From…`, and for calls also `Caller…`); a [`Fallback`] repeats a failed request at
//! the fallback URL. Contract: "Twilio's request to your application" for messaging and voice.

use crate::fields::{FieldError, Fields};
use crate::form::Form;

/// Where a phone number is registered, as far as known; unknown parts are empty.
///
/// A place that *could* be known is sent with empty values rather than left out. Where the idea does
/// not apply (WhatsApp, SIP, client addresses) there is no `Place` at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// City, in capitals: `SAN FRANCISCO`.
    pub city: String,
    /// State or province: `CA`.
    pub state: String,
    /// Postal code: `94105`.
    pub zip: String,
    /// Country, ISO 3166 alpha-2: `US`.
    pub country: String,
}

impl Place {
    pub(crate) fn write(place: Option<&Self>, prefix: &str, form: &mut Form) {
        let Some(place) = place else { return };
        for (part, value) in ["City", "State", "Zip", "Country"].iter().zip([
            &place.city,
            &place.state,
            &place.zip,
            &place.country,
        ]) {
            form.push([prefix, part].concat(), value.as_str());
        }
    }

    /// The place under `prefix`, if any of its parts is there.
    pub(crate) fn read(fields: &mut Fields, prefix: &str) -> Option<Self> {
        let mut known = false;
        let mut take = |part: &str| {
            let value = fields.take(&[prefix, part].concat());
            known |= value.is_some();
            value.unwrap_or_default()
        };
        let place = Self {
            city: take("City"),
            state: take("State"),
            zip: take("Zip"),
            country: take("Country"),
        };
        known.then_some(place)
    }

    /// Drops the same place under a second prefix.
    pub(crate) fn drop_copy(place: Option<&Self>, prefix: &str, fields: &mut Fields) {
        let Some(place) = place else { return };
        fields.drop_copy(&[prefix, "City"].concat(), &place.city);
        fields.drop_copy(&[prefix, "State"].concat(), &place.state);
        fields.drop_copy(&[prefix, "Zip"].concat(), &place.zip);
        fields.drop_copy(&[prefix, "Country"].concat(), &place.country);
    }
}

/// What a request to a fallback URL says about the request that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fallback {
    /// `ErrorCode`: Twilio's code, for instance 11200.
    pub error_code: u32,
    /// `ErrorUrl`: the URL that failed.
    pub error_url: String,
}

impl Fallback {
    pub(crate) fn write(fallback: Option<&Self>, form: &mut Form) {
        let Some(fallback) = fallback else { return };
        form.push("ErrorCode", fallback.error_code.to_string());
        form.push("ErrorUrl", fallback.error_url.as_str());
    }

    /// Only both together make a fallback; one alone stays an extra parameter.
    pub(crate) fn read(fields: &mut Fields) -> Result<Option<Self>, FieldError> {
        if !fields.has("ErrorCode") || !fields.has("ErrorUrl") {
            return Ok(None);
        }
        let Some(error_code) = fields.number("ErrorCode")? else {
            return Ok(None);
        };
        Ok(Some(Self { error_code, error_url: fields.need("ErrorUrl")? }))
    }
}
