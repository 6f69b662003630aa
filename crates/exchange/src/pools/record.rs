//! A Messaging Service and its senders, as the house knows them, and which URL a text to one of
//! its numbers is asked at.
//!
//! Contract: rest.md 5 and A.14; which URL receives a message: webhooks.md 2g.

use crate::numbers::{self, Application, Hook, Number};
use crate::sid::{AccountSid, ServiceSid, Sid};
use jiff::Timestamp;

/// Seconds that a message may wait in the queue at most, and unless told otherwise.
pub const VALIDITY_SECONDS: u32 = 36_000;

/// A Messaging Service.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    /// Its sid.
    pub sid: ServiceSid,
    /// Whose it is.
    pub account: AccountSid,
    /// A name for people.
    pub friendly_name: String,
    /// Asked when a message comes in to one of its numbers; without a URL messages are dropped.
    pub inbound: Hook,
    /// Told the statuses of its messages, unless a message has a URL of its own; empty for none.
    pub status_callback: String,
    /// Whether a person always hears from the same sender.
    pub sticky_sender: bool,
    /// Stored and shown.
    pub mms_converter: bool,
    /// Whether look-alike characters are replaced by those of GSM-7.
    pub smart_encoding: bool,
    /// Stored and shown: `inherit`, `enable` or `disable`.
    pub scan_message_content: String,
    /// Stored and shown.
    pub fallback_to_long_code: bool,
    /// Whether a sender of the person's area code is preferred.
    pub area_code_geomatch: bool,
    /// Seconds that a message may wait in the queue.
    pub validity_period: u32,
    /// Stored and shown.
    pub synchronous_validation: bool,
    /// Stored and shown.
    pub usecase: String,
    /// Whether texts to its numbers are asked at the numbers' own URLs.
    pub use_inbound_webhook_on_number: bool,
    /// Whether the application is told `OptOutType`. Twilio keeps it in its console.
    pub advanced_opt_out: bool,
    /// House time.
    pub created: Timestamp,
    /// House time.
    pub updated: Timestamp,
}

impl Service {
    /// A new one, with Twilio's defaults.
    pub fn new(sid: ServiceSid, account: AccountSid, now: Timestamp) -> Service {
        Service {
            sid,
            account,
            friendly_name: String::new(),
            inbound: Hook::default(),
            status_callback: String::new(),
            sticky_sender: true,
            mms_converter: true,
            smart_encoding: true,
            scan_message_content: "inherit".into(),
            fallback_to_long_code: true,
            area_code_geomatch: true,
            validity_period: VALIDITY_SECONDS,
            synchronous_validation: false,
            usecase: "undeclared".into(),
            use_inbound_webhook_on_number: false,
            advanced_opt_out: false,
            created: now,
            updated: now,
        }
    }
}

/// A sender of a service. A phone number is in one service only, under its own sid (`PN…`); an
/// alphanumeric sender has a sid (`AI…`) of the service's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// Its sid.
    pub sid: Sid,
    /// The service.
    pub service: ServiceSid,
    /// Whose both are.
    pub account: AccountSid,
    /// E.164, or the alphanumeric sender id.
    pub address: String,
    /// House time.
    pub created: Timestamp,
}

impl Sender {
    /// Whether it is a phone number.
    pub fn is_number(&self) -> bool {
        self.sid.prefix() == "PN"
    }
}

/// The hook that receives a message to `number` (webhooks.md 2g): its application's, else by its
/// service's choice the number's own or the service's, else its own. `None`: the service drops
/// what comes in.
pub fn sms_hook<'a>(
    number: &'a Number,
    application: Option<&'a Application>,
    service: Option<&'a Service>,
) -> Option<&'a Hook> {
    let by_application = number
        .sms_application
        .is_some_and(|sid| application.is_some_and(|application| application.sid == sid));
    match service {
        Some(service) if !by_application && !service.use_inbound_webhook_on_number => {
            (!service.inbound.url.is_empty()).then_some(&service.inbound)
        }
        _ => Some(numbers::sms_hook(number, application)),
    }
}
