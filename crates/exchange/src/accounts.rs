//! Accounts, their tokens and their settings, as the house knows them.
//!
//! What API keys may do is decided in `keys`; finding the record is the store's work, comparing
//! secrets the door's. Contract: rest.md 1.3, 4.4.

use crate::refusal::Refusal;
use crate::sid::AccountSid;
use crate::webhooks::url::Url;
use jiff::Timestamp;
use webhook::Form;

/// Subaccounts of one account at most (21480).
pub const SUBACCOUNTS_MAX: u64 = 1000;

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
    /// Authenticates, too, until it is promoted or deleted; never signs.
    pub secondary_token: Option<String>,
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

/// The status an account takes when `text` is asked for (rest.md 4.4).
///
/// # Errors
/// 21475 for a word that is no status, 21477 for a main account, 21479 once it is closed.
pub fn change_status(account: &Account, text: &str) -> Result<AccountStatus, Refusal> {
    let wished = AccountStatus::parse(text).ok_or_else(Refusal::account_status_invalid)?;
    if wished == account.status {
        Ok(wished)
    } else if account.owner == account.sid {
        Err(Refusal::parent_status_fixed())
    } else if account.status == AccountStatus::Closed {
        Err(Refusal::account_closed())
    } else {
        Ok(wished)
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
    /// Whether the platform itself confirms STOP, START and HELP.
    pub opt_out_replies: bool,
    /// Whether senders send no faster than Twilio lets them.
    pub pacing: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            debugger_url: None,
            retry_profile: RetryProfile::Twilio,
            tls_validation: true,
            media_auth: MediaAuth::Open,
            opt_out_replies: true,
            pacing: false,
        }
    }
}

/// Applies `DebuggerUrl`, `RetryProfile`, `TlsValidation`, `MediaAuth`, `OptOutReplies` and `Pacing`;
/// what is absent stays, an empty `DebuggerUrl` is none (DESIGN section 1, Settings).
///
/// # Errors
/// The first parameter that can't be; `settings` may then be half changed.
pub fn configure(settings: &mut Settings, form: &Form) -> Result<(), Refusal> {
    let filled = |name: &str| form.get(name).map(str::trim).filter(|text| !text.is_empty());
    let wrong = |name: &str, why: &str| Refusal::parameter_invalid(name, why);
    match form.get("DebuggerUrl").map(str::trim) {
        None => {}
        Some("") => settings.debugger_url = None,
        Some(url) => match Url::parse(url) {
            Ok(_) => settings.debugger_url = Some(url.to_owned()),
            Err(why) => return Err(wrong("DebuggerUrl", &why.to_string())),
        },
    }
    if let Some(text) = filled("RetryProfile") {
        settings.retry_profile = RetryProfile::parse(text)
            .ok_or_else(|| wrong("RetryProfile", "use twilio or durable"))?;
    }
    for (field, name) in [
        (&mut settings.tls_validation, "TlsValidation"),
        (&mut settings.opt_out_replies, "OptOutReplies"),
    ] {
        if let Some(text) = filled(name) {
            *field = match text.to_ascii_lowercase().as_str() {
                "true" => true,
                "false" => false,
                _ => return Err(wrong(name, "use true or false")),
            };
        }
    }
    if let Some(text) = filled("MediaAuth") {
        settings.media_auth =
            MediaAuth::parse(text).ok_or_else(|| wrong("MediaAuth", "use open or basic"))?;
    }
    if let Some(text) = filled("Pacing") {
        settings.pacing = match text.to_ascii_lowercase().as_str() {
            "on" => true,
            "off" => false,
            _ => return Err(wrong("Pacing", "use on or off")),
        };
    }
    Ok(())
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

/// Makes the secondary token the primary one; the primary is gone (rest.md 1.3).
///
/// # Errors
/// 20001 for an account without a secondary token.
pub fn promote(account: &mut Account) -> Result<(), Refusal> {
    let token = account.secondary_token.take().ok_or_else(Refusal::secondary_token_missing)?;
    account.auth_token = token;
    Ok(())
}

/// Test credentials of an account: they check parameters, and nothing is kept or told
/// (rest.md 7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestCredentials {
    /// Whose they are.
    pub account: AccountSid,
    /// Their user name, and the account that paths name.
    pub sid: AccountSid,
    /// Their password.
    pub token: String,
    /// House time.
    pub created: Timestamp,
}

/// Whether a text can be an auth token: letters and digits. The official Go SDK sends no other.
pub fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subaccount_is_suspended_and_closed_and_a_main_account_is_not() {
        use AccountStatus::{Active, Closed, Suspended};
        let sid = |n: u32| AccountSid::parse(&format!("AC{n:032}")).expect("a sid");
        let account = |owner, status| Account {
            sid: sid(1),
            owner: sid(owner),
            friendly_name: String::new(),
            auth_token: String::new(),
            secondary_token: None,
            status,
            created: Timestamp::UNIX_EPOCH,
            updated: Timestamp::UNIX_EPOCH,
            settings: Settings::default(),
        };
        for (owner, was, text, now) in [
            (2, Active, "suspended", Ok(Suspended)),
            (2, Suspended, "active", Ok(Active)),
            (2, Active, "closed", Ok(Closed)),
            (2, Closed, "closed", Ok(Closed)),
            (2, Closed, "active", Err(21_479)),
            (2, Active, "paused", Err(21_475)),
            (1, Active, "active", Ok(Active)),
            (1, Active, "suspended", Err(21_477)),
        ] {
            let found = change_status(&account(owner, was), text).map_err(|refusal| refusal.code);
            assert_eq!(found, now, "{owner} {was:?} {text}");
        }
    }
}
