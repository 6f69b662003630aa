//! The audit log: who made, changed or deleted a resource by the APIs.
//!
//! What a record looked like is a list of named texts; secrets are none of them. The door finds the
//! record of before. Contract: rest.md 5 and A.15 (monitor/v1 Events).

use crate::accounts::Account;
use crate::numbers::{Application, Hook, Number};
use crate::sid::{AccountSid, AuditSid, Sid};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// Fields of a record, by name.
pub type Fields = BTreeMap<&'static str, String>;

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its sid.
    pub sid: AuditSid,
    /// Whose log it stands in.
    pub account: AccountSid,
    /// The account or key whose credentials were given.
    pub actor: Sid,
    /// `account.updated`, …
    pub event_type: String,
    /// `account`, …
    pub resource_type: String,
    /// What was changed.
    pub resource: Sid,
    /// The address that asked; empty when nobody knows it.
    pub source_ip: String,
    /// Fields that are other than before.
    pub data: Vec<Difference>,
    /// House time.
    pub created: Timestamp,
}

/// A field that is another than before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Its name.
    pub name: String,
    /// What it was; none for what is new.
    pub previous: Option<String>,
    /// What it is; none for what is gone.
    pub updated: Option<String>,
}

/// Fields of which the two differ, by name.
pub fn difference(before: &Fields, after: &Fields) -> Vec<Difference> {
    let names = before.keys().chain(after.keys().filter(|name| !before.contains_key(*name)));
    names
        .map(|name| (name, before.get(name), after.get(name)))
        .filter(|(_, was, is)| was != is)
        .map(|(name, was, is)| Difference {
            name: (*name).to_owned(),
            previous: was.cloned(),
            updated: is.cloned(),
        })
        .collect()
}

/// An account's; tokens are left out.
pub fn account(account: &Account) -> Fields {
    Fields::from([
        ("friendly_name", account.friendly_name.clone()),
        ("status", account.status.as_str().to_owned()),
    ])
}

/// A number's.
pub fn number(number: &Number) -> Fields {
    let sid = |sid: Option<String>| sid.unwrap_or_default();
    let mut fields = Fields::from([
        ("account_sid", number.account.to_string()),
        ("friendly_name", number.friendly_name.clone()),
        ("phone_number", number.phone_number.clone()),
        ("status_callback", number.status_callback.clone()),
        ("voice_application_sid", sid(number.voice_application.map(|sid| sid.to_string()))),
        ("sms_application_sid", sid(number.sms_application.map(|sid| sid.to_string()))),
    ]);
    hooks(&mut fields, &number.voice, &number.sms);
    fields
}

/// An application's.
pub fn application(application: &Application) -> Fields {
    let mut fields = Fields::from([
        ("friendly_name", application.friendly_name.clone()),
        ("status_callback", application.status_callback.clone()),
        ("message_status_callback", application.message_status_callback.clone()),
    ]);
    hooks(&mut fields, &application.voice, &application.sms);
    fields
}

fn hooks(fields: &mut Fields, voice: &Hook, sms: &Hook) {
    fields.insert("voice_url", voice.url.clone());
    fields.insert("voice_method", voice.method.as_str().to_owned());
    fields.insert("voice_fallback_url", voice.fallback_url.clone());
    fields.insert("sms_url", sms.url.clone());
    fields.insert("sms_method", sms.method.as_str().to_owned());
    fields.insert("sms_fallback_url", sms.fallback_url.clone());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_other_than_before_is_told() {
        let fields = |list: &[(&'static str, &str)]| -> Fields {
            list.iter().map(|(name, text)| (*name, (*text).to_owned())).collect()
        };
        let found = difference(
            &fields(&[("a", "1"), ("b", "2"), ("c", "3")]),
            &fields(&[("b", "5"), ("c", "3"), ("d", "4")]),
        );
        let told: Vec<_> = found
            .iter()
            .map(|one| (one.name.as_str(), one.previous.as_deref(), one.updated.as_deref()))
            .collect();
        assert_eq!(
            told,
            [("a", Some("1"), None), ("b", Some("2"), Some("5")), ("d", None, Some("4"))]
        );
    }
}
