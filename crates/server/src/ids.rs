//! New sids, tokens and secrets: the house's only source of randomness.

use exchange::sid::Parts;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};

/// Random words that are fetched at once: a call to the operating system for each would cost more
/// than what it is for.
const POOL_WORDS: usize = 64;

/// Mints what has to be new.
#[derive(Debug)]
pub struct Ids {
    last_key: AtomicI64,
    pool: Mutex<Pool>,
}

/// Words of the operating system that were not given away yet. Each is given once, and forgotten.
struct Pool {
    words: [u64; POOL_WORDS],
    left: usize,
}

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pool").field("left", &self.left).finish_non_exhaustive()
    }
}

impl Pool {
    fn take(&mut self) -> u64 {
        if self.left == 0 {
            let mut bytes = [0; POOL_WORDS * 8];
            getrandom::fill(&mut bytes).expect(RANDOM);
            for (word, bytes) in self.words.iter_mut().zip(bytes.chunks_exact(8)) {
                *word = u64::from_ne_bytes(bytes.try_into().expect("chunks are of 8"));
            }
            self.left = POOL_WORDS;
        }
        self.left -= 1;
        std::mem::take(&mut self.words[self.left])
    }
}

impl Ids {
    /// Keys begin above `last_key`, the greatest one the store knows.
    pub fn after(last_key: i64) -> Ids {
        let pool = Pool { words: [0; POOL_WORDS], left: 0 };
        Ids { last_key: AtomicI64::new(last_key), pool: Mutex::new(pool) }
    }

    /// The parts of a new sid, minted at `wire_us` (Unix microseconds).
    pub fn parts(&self, wire_us: i64) -> Parts {
        let random = self.random();
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
        let bits = u128::from(self.random()) << 64 | u128::from(self.random());
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
        self.random()
    }

    fn random(&self) -> u64 {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

const RANDOM: &str = "the operating system always has random bytes once it is running";

fn random_u64() -> u64 {
    getrandom::u64().expect(RANDOM)
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
    fn no_word_of_the_pool_is_given_twice() {
        let ids = Ids::after(0);
        let words: std::collections::HashSet<u64> =
            (0..3 * POOL_WORDS).map(|_| ids.spread()).collect();
        assert_eq!(words.len(), 3 * POOL_WORDS);
        assert!(!words.contains(&0));
    }

    #[test]
    fn a_token_is_a_version_4_uuid() {
        let text = token_text(Ids::after(0).token());
        let bytes = text.as_bytes();
        assert_eq!(text.len(), 36);
        assert_eq!(bytes[14], b'4', "{text}");
        assert!(b"89ab".contains(&bytes[19]), "{text}");
    }
}
