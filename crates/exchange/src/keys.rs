//! API keys: their kinds, and what a restricted one permits.
//!
//! A permission is `/twilio/{product}/{resource}/{action}`, with the parts of a resource joined by
//! dots and `*` for any action. The names of Twilio's own list are derived from the paths: the
//! product that a resource belongs to, its path without sids, in kebab case. Doors of our own API
//! are `/offhook/{resource}/{action}`. Contract: rest.md 1.3; Twilio doc page "Restricted API keys".

use crate::refusal::Refusal;
use crate::sid::{AccountSid, KeySid, Sid};
use jiff::Timestamp;

/// Permissions of a restricted key at most.
pub const PERMISSIONS_MAX: usize = 100;
/// Characters of a permission at most.
const PERMISSION_CHARACTERS_MAX: usize = 128;

/// What a key may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyKind {
    /// Everything that the auth token may.
    Main,
    /// All but accounts and keys.
    Standard,
    /// What its policy allows.
    Restricted(Vec<String>),
}

impl KeyKind {
    /// The wire's word.
    pub fn as_str(&self) -> &'static str {
        match self {
            KeyKind::Main => "main",
            KeyKind::Standard => "standard",
            KeyKind::Restricted(_) => "restricted",
        }
    }

    /// What a restricted key permits.
    pub fn policy(&self) -> &[String] {
        match self {
            KeyKind::Restricted(policy) => policy,
            KeyKind::Main | KeyKind::Standard => &[],
        }
    }

    /// Reads the wire's word; `policy` counts for restricted keys only.
    pub fn of(word: &str, policy: Vec<String>) -> Option<KeyKind> {
        match word {
            "main" => Some(KeyKind::Main),
            "standard" => Some(KeyKind::Standard),
            "restricted" => Some(KeyKind::Restricted(policy)),
            _ => None,
        }
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
    /// What it may do.
    pub kind: KeyKind,
    /// SHA-256 of the secret, lower-case hex.
    pub secret_sha256: String,
    /// House time.
    pub created: Timestamp,
    /// House time.
    pub updated: Timestamp,
}

/// The kind that `KeyType` names, with the permissions of `Policy`; standard by default.
/// `with_main`: whether a main key may be made here, which Twilio does in its console only.
///
/// # Errors
/// 20001 for a restricted key without a policy, 20422 for what else cannot be.
pub fn kind(
    key_type: Option<&str>,
    policy: Option<Vec<String>>,
    with_main: bool,
) -> Result<KeyKind, Refusal> {
    match key_type.unwrap_or("standard") {
        "standard" => Ok(KeyKind::Standard),
        "main" if with_main => Ok(KeyKind::Main),
        "restricted" => {
            let policy = policy.ok_or_else(|| Refusal::parameter_missing("Policy"))?;
            check(&policy)?;
            Ok(KeyKind::Restricted(policy))
        }
        _ if with_main => {
            Err(Refusal::parameter_invalid("KeyType", "use main, standard or restricted"))
        }
        _ => Err(Refusal::parameter_invalid("KeyType", "use standard or restricted")),
    }
}

/// That permissions can be those of a key.
///
/// # Errors
/// 20422.
pub fn check(policy: &[String]) -> Result<(), Refusal> {
    let wrong = |why: &str| Err(Refusal::parameter_invalid("Policy", why));
    if policy.is_empty() {
        return wrong("it allows nothing");
    }
    if policy.len() > PERMISSIONS_MAX {
        return wrong("a key has at most 100 permissions");
    }
    let known = |character: char| character.is_ascii_alphanumeric() || "/.-_*".contains(character);
    let good = policy.iter().all(|one| {
        (one.starts_with("/twilio/") || one.starts_with("/offhook/"))
            && one.len() <= PERMISSION_CHARACTERS_MAX
            && one.chars().all(known)
            && !one.ends_with('/')
    });
    if good { Ok(()) } else { wrong("a permission is /twilio/{product}/{resource}/{action}") }
}

/// Whether a policy has a permission, itself or by `*` as its last part.
pub fn permits(policy: &[String], permission: &str) -> bool {
    policy.iter().any(|one| {
        let all = one.strip_suffix('*').filter(|begin| begin.ends_with('/'));
        one == permission || all.is_some_and(|begin| permission.starts_with(begin))
    })
}

/// The permission that a request needs. `path` is as the router sees it: without `.json`, under
/// its product's name unless it is the 2010 API's.
pub fn permission(method: &str, path: &str) -> String {
    let mut segments = path.split('/').filter(|segment| !segment.is_empty());
    let product = segments.next().unwrap_or_default();
    // A version, or the 2010 API's `Accounts`.
    segments.next();
    let classic = product == "2010-04-01";
    if classic {
        segments.next();
    }
    let is_name = |segment: &str| segment.starts_with(|first: char| first.is_ascii_uppercase());
    let mut names: Vec<String> = Vec::new();
    let mut on_one = false;
    for segment in segments {
        on_one = !is_name(segment) || Sid::parse(segment).is_some();
        // Lists of a kind or a period are the list's own.
        let last = names.last().map(String::as_str);
        let of_list =
            matches!(last, Some("incoming-phone-numbers" | "records" | "available-phone-numbers"));
        on_one &= last != Some("available-phone-numbers");
        if !on_one && !of_list {
            names.push(kebab(segment));
        }
    }
    let resource = match names.join(".") {
        usage if usage == "usage.records" => "usage".to_owned(),
        codes if codes == "sms.short-codes" => "short-codes".to_owned(),
        other => other,
    };
    let action = match (method, on_one) {
        ("GET" | "HEAD", true) => "read",
        ("GET" | "HEAD", false) => "list",
        ("DELETE", _) => "delete",
        (_, true) => "update",
        (_, false) => "create",
    };
    match product {
        "offhook" => format!("/offhook/{resource}/{action}"),
        "lookups" => format!("/twilio/lookup/{resource}/{action}"),
        product if !classic => format!("/twilio/{product}/{resource}/{action}"),
        _ => format!("/twilio/{}/{resource}/{action}", product_of(&resource)),
    }
}

/// The product that a resource of the 2010 API belongs to.
fn product_of(resource: &str) -> &'static str {
    match resource.split('.').next().unwrap_or_default() {
        "messages" | "short-codes" => "messaging",
        "incoming-phone-numbers" | "available-phone-numbers" | "addresses" => "phone-numbers",
        "usage" | "balance" => "billing",
        _ => "voice",
    }
}

/// `PhoneNumbers` → `phone-numbers`, `SMS` → `sms`.
fn kebab(name: &str) -> String {
    let mut found = String::new();
    let mut before = '-';
    for character in name.chars() {
        if character.is_ascii_uppercase() && before.is_ascii_lowercase() {
            found.push('-');
        }
        found.push(character.to_ascii_lowercase());
        before = character;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_needs_the_permission_of_its_resource_and_action() {
        let account = "/2010-04-01/Accounts/AC00000000000000000000000000000001";
        let sid = |prefix: &str| format!("{prefix}00000000000000000000000000000001");
        let (sm, ca, mg) = (sid("SM"), sid("CA"), sid("MG"));
        for (method, path, permission) in [
            ("POST", format!("{account}/Messages"), "/twilio/messaging/messages/create"),
            ("GET", format!("{account}/Messages"), "/twilio/messaging/messages/list"),
            ("GET", format!("{account}/Messages/{sm}"), "/twilio/messaging/messages/read"),
            ("POST", format!("{account}/Messages/{sm}"), "/twilio/messaging/messages/update"),
            ("DELETE", format!("{account}/Messages/{sm}"), "/twilio/messaging/messages/delete"),
            (
                "GET",
                format!("{account}/Messages/{sm}/Media"),
                "/twilio/messaging/messages.media/list",
            ),
            ("POST", format!("{account}/Calls"), "/twilio/voice/calls/create"),
            (
                "GET",
                format!("{account}/Calls/{ca}/Notifications/{}", sid("NO")),
                "/twilio/voice/calls.notifications/read",
            ),
            ("GET", format!("{account}/Usage/Records/Daily"), "/twilio/billing/usage/list"),
            ("POST", format!("{account}/Usage/Triggers"), "/twilio/billing/usage.triggers/create"),
            (
                "POST",
                format!("{account}/IncomingPhoneNumbers/Local"),
                "/twilio/phone-numbers/incoming-phone-numbers/create",
            ),
            (
                "GET",
                format!("{account}/AvailablePhoneNumbers/US/Local"),
                "/twilio/phone-numbers/available-phone-numbers/list",
            ),
            ("GET", format!("{account}/SMS/ShortCodes"), "/twilio/messaging/short-codes/list"),
            ("GET", account.to_owned(), "/twilio/voice//list"),
            (
                "POST",
                format!("/messaging/v1/Services/{mg}/PhoneNumbers"),
                "/twilio/messaging/services.phone-numbers/create",
            ),
            ("GET", "/monitor/v1/Alerts".into(), "/twilio/monitor/alerts/list"),
            (
                "GET",
                "/lookups/v2/PhoneNumbers/+12025550100".into(),
                "/twilio/lookup/phone-numbers/read",
            ),
            ("POST", "/offhook/v1/Clock".into(), "/offhook/clock/create"),
            ("GET", "/".into(), "/twilio///list"),
        ] {
            assert_eq!(super::permission(method, &path), permission, "{method} {path}");
        }
    }

    #[test]
    fn a_policy_permits_what_it_names_and_a_star_every_action() {
        let policy =
            ["/twilio/messaging/messages/create", "/twilio/voice/calls/*"].map(str::to_owned);
        for (permission, expected) in [
            ("/twilio/messaging/messages/create", true),
            ("/twilio/messaging/messages/read", false),
            ("/twilio/voice/calls/list", true),
            ("/twilio/voice/calls.recordings/list", false),
        ] {
            assert_eq!(permits(&policy, permission), expected, "{permission}");
        }
    }

    #[test]
    fn a_kind_is_read_or_refused() {
        let policy = || Some(vec!["/twilio/voice/calls/*".to_owned()]);
        assert_eq!(kind(None, None, false), Ok(KeyKind::Standard));
        assert_eq!(kind(Some("main"), None, true), Ok(KeyKind::Main));
        assert!(matches!(kind(Some("restricted"), policy(), false), Ok(KeyKind::Restricted(_))));
        let many = vec!["/twilio/voice/calls/read".to_owned(); 101];
        for (key_type, policy, code) in [
            ("main", None, 20_422),
            ("other", None, 20_422),
            ("restricted", None, 20_001),
            ("restricted", Some(vec![]), 20_422),
            ("restricted", Some(vec!["calls".to_owned()]), 20_422),
            ("restricted", Some(vec!["/twilio/voice/".to_owned()]), 20_422),
            ("restricted", Some(vec!["/twilio/voice/ca lls".to_owned()]), 20_422),
            ("restricted", Some(many), 20_422),
        ] {
            let refused = kind(Some(key_type), policy, false).expect_err(key_type);
            assert_eq!(refused.code, code, "{key_type}");
        }
    }
}
