//! Sids: two letters and 32 lower-case hex digits (spec: rest.md 1.4).
//!
//! The sids we mint carry their place in time: the first 16 digits are a key that grows
//! (41 bits of milliseconds, 22 bits to tell apart what one millisecond made), the last 16 are
//! random. The key is the primary key of the store's growing tables, so a sid finds its row
//! without an index of its own, and the 64 random bits keep it unguessable.
//!
//! Nothing here makes randomness or reads a clock: both are arguments of [`Parts::mint`].

use std::fmt;

/// Hex digits after the prefix.
const DIGITS: usize = 32;
/// Length of every sid in bytes.
pub const SID_BYTES: usize = 2 + DIGITS;
/// 2020-01-01T00:00:00Z in Unix milliseconds: the zero of minted keys.
const EPOCH_MS: i64 = 1_577_836_800_000;
/// Low bits of a key that tell apart the sids of one millisecond.
const COUNTER_BITS: u32 = 22;

/// The two halves of a minted sid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Parts {
    /// Time-ordered, positive; the row's key.
    pub key: i64,
    /// Random.
    pub tail: u64,
}

impl Parts {
    /// The parts of a new sid: `unix_ms` now, `last_key` the greatest key given so far
    /// (keys never repeat and never step back), `random` 64 random bits.
    pub fn mint(unix_ms: i64, last_key: i64, random: u64) -> Parts {
        let base = (unix_ms - EPOCH_MS).max(0) << COUNTER_BITS;
        Parts { key: base.max(last_key + 1), tail: random }
    }
}

/// Any sid: 34 ASCII bytes, cheap to copy.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sid([u8; SID_BYTES]);

impl Sid {
    /// Reads a sid of any prefix; `None` unless it is two upper-case letters and 32 lower-case
    /// hex digits.
    pub fn parse(text: &str) -> Option<Sid> {
        let bytes: [u8; SID_BYTES] = text.as_bytes().try_into().ok()?;
        let prefix = bytes[..2].iter().all(u8::is_ascii_uppercase);
        let digits = bytes[2..].iter().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        (prefix && digits).then_some(Sid(bytes))
    }

    /// A sid from its prefix and parts.
    pub fn from_parts(prefix: [u8; 2], parts: Parts) -> Sid {
        let mut bytes = [0; SID_BYTES];
        bytes[..2].copy_from_slice(&prefix);
        hex16(parts.key as u64, &mut bytes[2..18]);
        hex16(parts.tail, &mut bytes[18..]);
        Sid(bytes)
    }

    /// The sid as text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("a sid is made of ASCII only")
    }

    /// The two letters.
    pub fn prefix(&self) -> &str {
        &self.as_str()[..2]
    }

    /// The halves of the 32 digits, whoever minted them.
    pub fn parts(&self) -> Parts {
        let half = |from: usize| {
            self.0[from..from + 16].iter().fold(0u64, |n, b| {
                (n << 4) | u64::from(if b.is_ascii_digit() { b - b'0' } else { b - b'a' + 10 })
            })
        };
        Parts { key: half(2) as i64, tail: half(18) }
    }
}

fn hex16(value: u64, out: &mut [u8]) {
    for (i, slot) in out.iter_mut().enumerate() {
        *slot = b"0123456789abcdef"[(value >> (60 - 4 * i)) as usize & 15];
    }
}

impl fmt::Display for Sid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Sid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

macro_rules! sids {
    ($($(#[$doc:meta])* $name:ident $($prefix:literal)+;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Sid);

        impl $name {
            /// Prefixes this kind of sid may carry; the first is the usual one.
            pub const PREFIXES: &[&str] = &[$($prefix),+];

            /// Reads one; `None` when the shape or the prefix is another's.
            pub fn parse(text: &str) -> Option<$name> {
                let sid = Sid::parse(text)?;
                Self::PREFIXES.contains(&sid.prefix()).then_some($name(sid))
            }

            /// Makes one of the usual prefix.
            pub fn from_parts(parts: Parts) -> $name {
                let p = Self::PREFIXES[0].as_bytes();
                $name(Sid::from_parts([p[0], p[1]], parts))
            }

            /// The sid as text.
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }

            /// The sid without its kind.
            pub fn sid(&self) -> Sid {
                self.0
            }

            /// Its halves.
            pub fn parts(&self) -> Parts {
                self.0.parts()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    )*};
}

sids! {
    /// An account.
    AccountSid "AC";
    /// An API key.
    KeySid "SK";
    /// A TwiML application.
    ApplicationSid "AP";
    /// A phone number of the house, or a caller id that was verified.
    NumberSid "PN";
    /// A message; `MM` when it was made with media.
    MessageSid "SM" "MM";
    /// A piece of media of a message.
    MediaSid "ME";
    /// A TwiML Bin.
    BinSid "EH";
    /// One webhook: an ask or a tell, with its attempts.
    WebhookSid "WH";
    /// A debugger event.
    AlertSid "NO";
    /// A Messaging Service.
    ServiceSid "MG";
    /// An alphanumeric sender of a Messaging Service.
    AlphaSenderSid "AI";
    /// A call.
    CallSid "CA";
    /// A recording.
    RecordingSid "RE";
    /// The words of a recording.
    TranscriptionSid "TR";
    /// A postal address.
    PostalSid "AD";
    /// A trigger of usage.
    TriggerSid "UT";
    /// An entry of the audit log.
    AuditSid "AE";
    /// A Verify service.
    VerifyServiceSid "VA";
    /// A verification.
    VerificationSid "VE";
    /// A rate limit of a Verify service.
    RateLimitSid "RK";
    /// A bucket of a rate limit.
    BucketSid "BL";
    /// A sink of events.
    SinkSid "DG";
    /// Which events go to a sink.
    SubscriptionSid "DF";
    /// A message between an application and the client program of a call.
    UserMessageSid "KX";
    /// Who is told of the messages that such a program sends.
    UserSubscriptionSid "ZY";
    /// A conversation.
    ConversationSid "CH";
    /// A service of conversations.
    ChatServiceSid "IS";
    /// Who takes part in a conversation.
    ParticipantSid "MB";
    /// A message of a conversation.
    ChatMessageSid "IM";
    /// A delivery receipt of a message of a conversation.
    ReceiptSid "DY";
}

/// The service of conversations that an account begins with, under its own digits.
pub fn chat_service(account: AccountSid) -> ChatServiceSid {
    ChatServiceSid::from_parts(account.parts())
}

impl MessageSid {
    /// A message with media is `MM…`, one without `SM…`.
    pub fn of(parts: Parts, with_media: bool) -> MessageSid {
        MessageSid(Sid::from_parts(if with_media { *b"MM" } else { *b"SM" }, parts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sid_is_two_letters_and_32_lower_case_hex_digits() {
        for (text, good) in [
            ("SM0123456789abcdef0123456789abcdef", true),
            ("SM0123456789ABCDEF0123456789abcdef", false),
            ("sm0123456789abcdef0123456789abcdef", false),
            ("SM0123456789abcdef0123456789abcde", false),
            ("SM0123456789abcdef0123456789abcdeg", false),
            ("", false),
            ("é", false),
        ] {
            assert_eq!(Sid::parse(text).is_some(), good, "{text}");
        }
        assert!(MessageSid::parse("AC0123456789abcdef0123456789abcdef").is_none());
        assert!(MessageSid::parse("MM0123456789abcdef0123456789abcdef").is_some());
    }

    #[test]
    fn parts_survive_the_text() {
        let parts = Parts { key: 0x0123_4567_89ab_cdef, tail: 0xfedc_ba98_7654_3210 };
        let sid = MessageSid::of(parts, true);
        assert_eq!(sid.as_str(), "MM0123456789abcdeffedcba9876543210");
        assert_eq!(sid.parts(), parts);
    }

    #[test]
    fn keys_grow_even_when_the_clock_stands_or_steps_back() {
        let a = Parts::mint(1_800_000_000_000, 0, 1);
        let b = Parts::mint(1_800_000_000_000, a.key, 2);
        let c = Parts::mint(1_700_000_000_000, b.key, 3);
        assert!(a.key < b.key && b.key < c.key);
    }
}
