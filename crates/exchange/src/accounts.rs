//! Accounts, their settings and their API keys, as the house knows them.
//!
//! Who may do what with which credentials is decided in [`Access`]; finding the record is the
//! store's work, comparing secrets the door's. Contract: rest.md 1.3, 4.4.

use crate::sid::{AccountSid, KeySid};
use jiff::Timestamp;

/// An account or subaccount.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    /// Its sid.
    pub sid: AccountSid,
    /// The parent; a main account is its own.
    pub owner: AccountSid,
    /// A name for people.
    pub friendly_name: String,
    /// The primary token: authenticates and signs webhooks.
    pub auth_token: String,
    /// Whether it may act.
    pub status: AccountStatus,
    /// House time.
    pub created: Timestamp,
    /// House time.
    pub updated: Timestamp,
    /// What `/offhook/v1/Settings` shows.
    pub settings: Settings,
}

/// Whether an account may act (rest.md 4.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountStatus {
    /// All works.
    Active,
    /// Reads only; comes back by an update.
    Suspended,
    /// For ever.
    Closed,
}

impl AccountStatus {
    /// The wire's word.
    pub fn as_str(self) -> &'static str {
        match self {
            AccountStatus::Active => "active",
            AccountStatus::Suspended => "suspended",
            AccountStatus::Closed => "closed",
        }
    }

    /// Reads the wire's word.
    pub fn parse(text: &str) -> Option<AccountStatus> {
        [AccountStatus::Active, AccountStatus::Suspended, AccountStatus::Closed]
            .into_iter()
            .find(|s| s.as_str() == text)
    }
}

/// Settings of an account that Twilio keeps in its console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Where debugger events are told (webhooks.md 2f).
    pub debugger_url: Option<String>,
    /// How tells are retried.
    pub retry_profile: RetryProfile,
    /// Whether certificates of webhook targets are checked.
    pub tls_validation: bool,
    /// Whether media URLs ask for credentials.
    pub media_auth: MediaAuth,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            debugger_url: None,
            retry_profile: RetryProfile::Twilio,
            tls_validation: true,
            media_auth: MediaAuth::Open,
        }
    }
}

/// How a tell that failed is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryProfile {
    /// As Twilio does: within the one exchange, by the URL's connection overrides.
    Twilio,
    /// Backoff with jitter over a day, then a dead letter.
    Durable,
}

impl RetryProfile {
    /// The setting's word.
    pub fn as_str(self) -> &'static str {
        match self {
            RetryProfile::Twilio => "twilio",
            RetryProfile::Durable => "durable",
        }
    }

    /// Reads the setting's word.
    pub fn parse(text: &str) -> Option<RetryProfile> {
        [RetryProfile::Twilio, RetryProfile::Durable].into_iter().find(|p| p.as_str() == text)
    }
}

/// Whether media URLs ask for credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaAuth {
    /// The unguessable URL is enough.
    Open,
    /// HTTP Basic, as for the REST API.
    Basic,
}

impl MediaAuth {
    /// The setting's word.
    pub fn as_str(self) -> &'static str {
        match self {
            MediaAuth::Open => "open",
            MediaAuth::Basic => "basic",
        }
    }

    /// Reads the setting's word.
    pub fn parse(text: &str) -> Option<MediaAuth> {
        [MediaAuth::Open, MediaAuth::Basic].into_iter().find(|p| p.as_str() == text)
    }
}

/// An API key. Its secret is shown once, at creation; only a hash is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its sid, the user name of Basic auth.
    pub sid: KeySid,
    /// Whose it is.
    pub account: AccountSid,
    /// A name for people.
    pub friendly_name: String,
    /// SHA-256 of the secret, lower-case hex.
    pub secret_sha256: String,
    /// House time.
    pub created: Timestamp,
    /// House time.
    pub updated: Timestamp,
}
