//! New sids, tokens and secrets: the house's only source of randomness.

use exchange::sid::Parts;
use std::sync::atomic::{AtomicI64, Ordering};

/// Mints what has to be new.
#[derive(Debug)]
pub struct Ids {
    last_key: AtomicI64,
}

impl Ids {
    /// Keys begin above `last_key`, the greatest one the store knows.
    pub fn after(last_key: i64) -> Ids {
        Ids { last_key: AtomicI64::new(last_key) }
    }

    /// The parts of a new sid, minted at `wire_us` (Unix microseconds).
    pub fn parts(&self, wire_us: i64) -> Parts {
        let random = random_u64();
        let mut last = self.last_key.load(Ordering::Relaxed);
        loop {
            let parts = Parts::mint(wire_us / 1000, last, random);
            let swapped = self.last_key.compare_exchange_weak(
                last,
                parts.key,
                Ordering::Relaxed,
                Ordering::Relaxed,
            );
            match swapped {
                Ok(_) => return parts,
                Err(newer) => last = newer,
            }
        }
    }

    /// An idempotency token: the bits of a version 4 UUID.
    pub fn token(&self) -> u128 {
        let bits = u128::from(random_u64()) << 64 | u128::from(random_u64());
        (bits & !(0xf << 76) & !(0x3 << 62)) | (0x4 << 76) | (0x2 << 62)
    }

    /// 32 lower-case hex digits: an auth token.
    pub fn auth_token(&self) -> String {
        format!("{:016x}{:016x}", random_u64(), random_u64())
    }

    /// 32 letters and digits: the secret of an API key.
    pub fn key_secret(&self) -> String {
        const LETTERS: &[u8; 62] =
            b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        (0..32).map(|_| char::from(LETTERS[(random_u64() % 62) as usize])).collect()
    }

    /// 64 random bits, to spread things.
    pub fn spread(&self) -> u64 {
        random_u64()
    }
}

fn random_u64() -> u64 {
    getrandom::u64().expect("the operating system always has random bytes once it is running")
}

/// A token as it goes over the wire: lower-case UUID.
pub fn token_text(token: u128) -> String {
    let mut text = String::with_capacity(36);
    for digit in 0..32 {
        if matches!(digit, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        let nibble = (token >> (124 - 4 * digit)) as u32 & 15;
        text.push(char::from_digit(nibble, 16).unwrap_or('0'));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_a_version_4_uuid() {
        let text = token_text(Ids::after(0).token());
        let bytes = text.as_bytes();
        assert_eq!(text.len(), 36);
        assert_eq!(bytes[14], b'4', "{text}");
        assert!(b"89ab".contains(&bytes[19]), "{text}");
    }
}
