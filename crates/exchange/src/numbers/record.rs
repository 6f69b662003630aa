//! An incoming phone number and a TwiML application, as the house knows them, and the choice
//! between their URLs.
//!
//! Contract: rest.md 4.3 and 4.4; which URL receives a message: webhooks.md 2g.

use crate::sid::{AccountSid, ApplicationSid, NumberSid};
use jiff::Timestamp;

/// How a customer URL is requested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Method {
    /// Parameters in the query.
    Get,
    /// Parameters in a form body.
    #[default]
    Post,
}

impl Method {
    /// The wire's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
        }
    }

    /// Reads `GET` or `POST` in any case.
    pub fn parse(text: &str) -> Option<Method> {
        [Method::Get, Method::Post].into_iter().find(|m| m.as_str().eq_ignore_ascii_case(text))
    }
}

/// A URL and the method it is asked with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Absolute, as configured.
    pub url: String,
    /// GET or POST.
    pub method: Method,
}

/// The URL asked first and the one asked when it fails. An empty URL is none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hook {
    /// Asked first; empty for none.
    pub url: String,
    /// Its method.
    pub method: Method,
    /// Asked when the first fails; empty for none.
    pub fallback_url: String,
    /// Its method.
    pub fallback_method: Method,
}

impl Hook {
    /// The first URL, unless it is empty.
    pub fn primary(&self) -> Option<Target> {
        target(&self.url, self.method)
    }

    /// The fallback, unless it is empty.
    pub fn fallback(&self) -> Option<Target> {
        target(&self.fallback_url, self.fallback_method)
    }
}

/// A target unless the URL is empty.
pub fn target(url: &str, method: Method) -> Option<Target> {
    (!url.is_empty()).then(|| Target { url: url.to_owned(), method })
}

/// A phone number of the house.
#[derive(Debug, Clone, PartialEq)]
pub struct Number {
    /// Its sid.
    pub sid: NumberSid,
    /// Whose it is.
    pub account: AccountSid,
    /// E.164; unique in the house.
    pub phone_number: String,
    /// A name for people.
    pub friendly_name: String,
    /// Asked when a call comes in.
    pub voice: Hook,
    /// Asked when a message comes in.
    pub sms: Hook,
    /// Told at the end of a call; empty for none.
    pub status_callback: String,
    /// Its method.
    pub status_callback_method: Method,
    /// Its URLs replace `voice`.
    pub voice_application: Option<ApplicationSid>,
    /// Its URLs replace `sms`.
    pub sms_application: Option<ApplicationSid>,
    /// Stored and shown.
    pub voice_caller_id_lookup: bool,
    /// Stored and shown: `voice` or `fax`.
    pub voice_receive_mode: String,
    /// Stored and shown; each is empty for none.
    pub attachments: Attachments,
    /// House time.
    pub created: Timestamp,
    /// House time.
    pub updated: Timestamp,
}

/// Sids and states of a number that we keep for their owner and do not act on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Attachments {
    /// `TK…`
    pub trunk_sid: String,
    /// `AD…`
    pub address_sid: String,
    /// `AD…`
    pub emergency_address_sid: String,
    /// `Active` or `Inactive`; empty means `Inactive`.
    pub emergency_status: String,
    /// `RI…`
    pub identity_sid: String,
    /// `BU…`
    pub bundle_sid: String,
}

/// A TwiML application: URLs shared by many numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Application {
    /// Its sid.
    pub sid: ApplicationSid,
    /// Whose it is.
    pub account: AccountSid,
    /// A name for people.
    pub friendly_name: String,
    /// Asked when a call comes in.
    pub voice: Hook,
    /// Asked when a message comes in.
    pub sms: Hook,
    /// Told at the end of a call; empty for none.
    pub status_callback: String,
    /// Its method.
    pub status_callback_method: Method,
    /// Told of an outgoing message's statuses; empty for none.
    pub message_status_callback: String,
    /// The older name of the same; used when the newer is empty.
    pub sms_status_callback: String,
    /// Stored and shown.
    pub voice_caller_id_lookup: bool,
    /// Stored and shown.
    pub public_application_connect_enabled: bool,
    /// House time.
    pub created: Timestamp,
    /// House time.
    pub updated: Timestamp,
}

impl Application {
    /// Where an outgoing message's statuses go when the message names no StatusCallback
    /// (rest.md 4.1, ApplicationSid).
    pub fn status_url(&self) -> Option<&str> {
        [&self.message_status_callback, &self.sms_status_callback]
            .into_iter()
            .find(|url| !url.is_empty())
            .map(String::as_str)
    }
}

/// The hook that receives a message to `number` (webhooks.md 2g): its application's when it has
/// one, else its own. `application` is the record of `number.sms_application`, when it exists.
pub fn sms_hook<'a>(number: &'a Number, application: Option<&'a Application>) -> &'a Hook {
    match (&number.sms_application, application) {
        (Some(sid), Some(application)) if *sid == application.sid => &application.sms,
        _ => &number.sms,
    }
}
