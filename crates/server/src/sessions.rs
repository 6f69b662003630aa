//! Who is signed in to the console: in memory, so that a restart signs everybody out.
//!
//! A session acts as the account that signed in, for as long as its secret is the same. A link
//! signs in once. Both are kept as digests: nothing here opens anything. What a browser may do
//! with its cookie is decided in `api::console`.

use exchange::sid::{AccountSid, KeySid};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Browsers that are signed in at once; the one not seen for longest makes room.
const SESSIONS_MAX: usize = 1000;
/// Links that wait to be opened; the oldest makes room.
const LINKS_MAX: usize = 20;
/// How long a session lives without being used, in microseconds: a working day.
const IDLE_US_MAX: i64 = 12 * 3_600_000_000;
/// How long a link can be opened, in microseconds: as long.
const LINK_US_MAX: i64 = IDLE_US_MAX;

/// What a browser signed in with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// As whom.
    pub account: AccountSid,
    /// By which API key, if by one.
    pub key: Option<KeySid>,
    /// SHA-256 of the secret, hex: another secret ends the session.
    pub secret_sha256: String,
}

type Secret = [u8; 32];

struct Kept {
    signed: Signed,
    /// When it was last used, or made.
    at_us: i64,
}

/// Sessions and links.
#[derive(Default)]
pub struct Sessions {
    sessions: Mutex<HashMap<Secret, Kept>>,
    links: Mutex<HashMap<Secret, Kept>>,
}

impl Sessions {
    /// A new session under `secret`.
    pub fn begin(&self, secret: &str, signed: Signed, now_us: i64) {
        put(&self.sessions, SESSIONS_MAX, secret, Kept { signed, at_us: now_us });
    }

    /// A new link, to be opened once.
    pub fn offer(&self, secret: &str, signed: Signed, now_us: i64) {
        put(&self.links, LINKS_MAX, secret, Kept { signed, at_us: now_us });
    }

    /// Opens a link: it will not open again.
    pub fn open(&self, secret: &str, now_us: i64) -> Option<Signed> {
        let mut links = self.links.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = links.remove(&digest(secret))?;
        (now_us - kept.at_us <= LINK_US_MAX).then_some(kept.signed)
    }

    /// Whose session it is; using it keeps it alive.
    pub fn find(&self, secret: &str, now_us: i64) -> Option<Signed> {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        let digest = digest(secret);
        let kept = sessions.get_mut(&digest)?;
        if now_us - kept.at_us > IDLE_US_MAX {
            sessions.remove(&digest);
            return None;
        }
        kept.at_us = now_us;
        Some(kept.signed.clone())
    }

    /// Signs out.
    pub fn end(&self, secret: &str) {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner).remove(&digest(secret));
    }
}

fn put(all: &Mutex<HashMap<Secret, Kept>>, most: usize, secret: &str, kept: Kept) {
    let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
    if all.len() >= most
        && let Some(oldest) = all.iter().min_by_key(|(_, kept)| kept.at_us).map(|(at, _)| *at)
    {
        all.remove(&oldest);
    }
    all.insert(digest(secret), kept);
}

/// What is looked up: who measures how long that takes learns nothing about a secret.
fn digest(secret: &str) -> Secret {
    Sha256::digest(secret.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed() -> Signed {
        let account = AccountSid::parse(&format!("AC{}", "0".repeat(32))).expect("a sid");
        Signed { account, key: None, secret_sha256: "s".into() }
    }

    #[test]
    fn a_link_opens_once_and_not_for_ever() {
        let sessions = Sessions::default();
        sessions.offer("a", signed(), 0);
        assert_eq!(sessions.open("b", 1), None);
        assert_eq!(sessions.open("a", 1), Some(signed()));
        assert_eq!(sessions.open("a", 1), None);
        sessions.offer("late", signed(), 0);
        assert_eq!(sessions.open("late", LINK_US_MAX + 1), None);
    }

    #[test]
    fn a_session_lives_while_it_is_used() {
        let sessions = Sessions::default();
        sessions.begin("a", signed(), 0);
        assert!(sessions.find("a", IDLE_US_MAX).is_some());
        assert!(sessions.find("a", 2 * IDLE_US_MAX).is_some());
        assert!(sessions.find("a", 3 * IDLE_US_MAX + 1).is_none());
        sessions.begin("b", signed(), 0);
        sessions.end("b");
        assert_eq!(sessions.find("b", 0), None);
    }

    #[test]
    fn the_oldest_makes_room() {
        let sessions = Sessions::default();
        for n in 0..=SESSIONS_MAX {
            sessions.begin(&n.to_string(), signed(), n as i64);
        }
        assert_eq!(sessions.find("0", 0), None);
        assert!(sessions.find("1", 0).is_some());
    }
}
