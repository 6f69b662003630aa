//! A Verify service and a verification, as the house knows them.
//!
//! ```text
//! pending ─▶ approved            the code was right, or the customer says so
//!    ├─────▶ canceled            the customer says so
//!    ├─────▶ max-attempts-reached  too many wrong codes; over when its time is
//!    └─────▶ expired             ten minutes are over: only shown, never stored
//! ```
//!
//! Contract: Twilio doc pages "Verify Services", "Verification" and "Verification Check"; fields as
//! the official SDKs have them.

use crate::sid::{AccountSid, Sid, VerificationSid, VerifyServiceSid};
use jiff::{SignedDuration, Timestamp};

/// How long a verification can be checked.
pub const LIFETIME: SignedDuration = SignedDuration::from_mins(10);

/// A Verify service: how its codes look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyService {
    /// Its sid.
    pub sid: VerifyServiceSid,
    /// Whose it is.
    pub account: AccountSid,
    /// Named in the texts.
    pub friendly_name: String,
    /// Digits of a code: 4 to 10.
    pub code_length: u32,
    /// Whether a code may be the customer's own.
    pub custom_code_enabled: bool,
    /// Whether a verification names an amount and a payee.
    pub psd2_enabled: bool,
    /// Whether a text warns of sharing the code.
    pub do_not_share_warning_enabled: bool,
    /// Stored and shown.
    pub lookup_enabled: bool,
    /// Stored and shown.
    pub skip_sms_to_landlines: bool,
    /// Stored and shown.
    pub dtmf_input_required: bool,
    /// Stored and shown.
    pub verify_event_subscription_enabled: bool,
    /// The name as a call says it; empty for the friendly name.
    pub tts_name: String,
    /// Stored and shown: a template's sid.
    pub default_template_sid: String,
    /// House time.
    pub created: Timestamp,
    /// House time.
    pub updated: Timestamp,
}

impl VerifyService {
    /// A new one, with Twilio's defaults.
    pub fn new(sid: VerifyServiceSid, account: AccountSid, now: Timestamp) -> VerifyService {
        VerifyService {
            sid,
            account,
            friendly_name: String::new(),
            code_length: 6,
            custom_code_enabled: false,
            psd2_enabled: false,
            do_not_share_warning_enabled: false,
            lookup_enabled: false,
            skip_sms_to_landlines: false,
            dtmf_input_required: true,
            verify_event_subscription_enabled: false,
            tts_name: String::new(),
            default_template_sid: String::new(),
            created: now,
            updated: now,
        }
    }
}

/// How a code reaches the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// By a text.
    Sms,
    /// A call says it.
    Call,
}

impl Channel {
    /// The wire's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Channel::Sms => "sms",
            Channel::Call => "call",
        }
    }

    /// Reads the wire's word.
    pub fn parse(text: &str) -> Option<Channel> {
        [Channel::Sms, Channel::Call].into_iter().find(|one| one.as_str() == text)
    }
}

/// Where a verification stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The code may come.
    Pending,
    /// It came, or the customer says so.
    Approved,
    /// The customer wants it no more.
    Canceled,
    /// Too many wrong codes.
    MaxAttemptsReached,
    /// Its time is over.
    Expired,
}

impl Standing {
    /// The wire's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Standing::Pending => "pending",
            Standing::Approved => "approved",
            Standing::Canceled => "canceled",
            Standing::MaxAttemptsReached => "max_attempts_reached",
            Standing::Expired => "expired",
        }
    }

    /// Reads the wire's word.
    pub fn parse(text: &str) -> Option<Standing> {
        [
            Standing::Pending,
            Standing::Approved,
            Standing::Canceled,
            Standing::MaxAttemptsReached,
            Standing::Expired,
        ]
        .into_iter()
        .find(|one| one.as_str() == text)
    }
}

/// One sending of a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// `VL…`.
    pub sid: Sid,
    /// How it went.
    pub channel: Channel,
    /// House time.
    pub at: Timestamp,
}

/// A code that was sent to a person, and what came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verification {
    /// Its sid.
    pub sid: VerificationSid,
    /// Its service.
    pub service: VerifyServiceSid,
    /// Whose it is.
    pub account: AccountSid,
    /// The person, E.164.
    pub to: String,
    /// How the code went last.
    pub channel: Channel,
    /// As stored; [`Verification::standing`] counts the time in.
    pub stored: Standing,
    /// The code.
    pub code: String,
    /// Of the transaction; empty for none.
    pub amount: String,
    /// Of the transaction; empty for none.
    pub payee: String,
    /// Sendings so far, in their order: at most `start::SENDS_MAX`.
    pub attempts: Vec<Attempt>,
    /// Wrong codes so far.
    pub wrong: u32,
    /// House time.
    pub created: Timestamp,
    /// House time.
    pub updated: Timestamp,
}

impl Verification {
    /// When its time is over.
    pub fn expires(&self) -> Timestamp {
        self.created + LIFETIME
    }

    /// Where it stands at `now`.
    pub fn standing(&self, now: Timestamp) -> Standing {
        match self.stored {
            Standing::Pending | Standing::MaxAttemptsReached if now >= self.expires() => {
                Standing::Expired
            }
            stored => stored,
        }
    }

    /// Whether it goes on: a person has one such of a service at a time.
    pub fn is_open(&self, now: Timestamp) -> bool {
        matches!(self.standing(now), Standing::Pending | Standing::MaxAttemptsReached)
    }
}
