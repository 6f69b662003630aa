//! How an exchange connects, waits and tries again: the defaults, and the overrides a customer
//! writes into the URL's fragment (`#ct=1000&rp=ct,5xx`).
//!
//! Called by the guarded client once per exchange, and after each failure ([`Connection::again`]).
//! It never waits and never counts time: milliseconds left are an argument.
//! The contract is spec/webhooks.md 4.1 and 4.2.

use super::Problem;
use super::failure::Failure;
use super::url::percent_decoded;

/// Default of `ct`: milliseconds for one attempt to connect.
pub const CONNECT_TIMEOUT_MS: u32 = 5_000;
/// Largest `ct` in milliseconds.
pub const CONNECT_TIMEOUT_MS_MAX: u32 = 10_000;
/// Default and largest `rt` in milliseconds: until the first byte, and between bytes.
pub const READ_TIMEOUT_MS_MAX: u32 = 15_000;
/// Default and largest `tt` in milliseconds: everything, retries and redirects included.
pub const TOTAL_TIMEOUT_MS_MAX: u32 = 15_000;
/// Smallest value of any timeout in milliseconds.
pub const TIMEOUT_MS_MIN: u32 = 100;
/// Default of `rc`: retries, not attempts.
pub const RETRY_COUNT: u32 = 1;
/// Largest `rc`.
pub const RETRY_COUNT_MAX: u32 = 5;
/// Pairs read from one fragment; later ones are ignored.
const OVERRIDES_MAX: usize = 32;
/// Problems reported for one fragment.
const PROBLEMS_MAX: usize = 8;
/// Edges one can name (spec/webhooks.md 4.2).
const EDGES: [&str; 8] =
    ["ashburn", "dublin", "frankfurt", "sao-paulo", "singapore", "sydney", "tokyo", "umatilla"];

/// A group of failures that `rp` can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trigger {
    /// `ct`: no connection, or no TLS session.
    Connect = 1,
    /// `rt`: connected, but nothing came back in time.
    Read = 2,
    /// `4xx`.
    FourXx = 4,
    /// `5xx`.
    FiveXx = 8,
}

/// A set of [`Trigger`]s.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryOn(u8);

impl RetryOn {
    /// Never.
    pub const NONE: RetryOn = RetryOn(0);
    /// The default: `ct`.
    pub const CONNECT: RetryOn = RetryOn(Trigger::Connect as u8);
    /// `all`.
    pub const ALL: RetryOn = RetryOn(15);

    /// This set and one more.
    #[must_use]
    pub fn with(self, trigger: Trigger) -> RetryOn {
        RetryOn(self.0 | trigger as u8)
    }

    /// Whether the set names the trigger.
    pub fn contains(self, trigger: Trigger) -> bool {
        self.0 & trigger as u8 != 0
    }
}

/// What follows from a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// Send the same request again at once.
    Retry,
    /// The failure stands.
    Stop,
}

/// The limits of one exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// `ct`: milliseconds to resolve the name and connect, per attempt.
    pub connect_timeout_ms: u32,
    /// `rt`: milliseconds to the first byte and between bytes.
    pub read_timeout_ms: u32,
    /// `tt`: milliseconds for the whole exchange.
    pub total_timeout_ms: u32,
    /// `rc`: how often a failed attempt is repeated.
    pub retry_count: u32,
    /// `rp`: after which failures.
    pub retry_on: RetryOn,
    /// `sni`: whether the TLS handshake names the host.
    pub sni: bool,
    /// `e`: Twilio's edges, in order. Known and kept, without effect: we have one place.
    pub edges: Vec<&'static str>,
}

impl Default for Connection {
    fn default() -> Connection {
        Connection {
            connect_timeout_ms: CONNECT_TIMEOUT_MS,
            read_timeout_ms: READ_TIMEOUT_MS_MAX,
            total_timeout_ms: TOTAL_TIMEOUT_MS_MAX,
            retry_count: RETRY_COUNT,
            retry_on: RetryOn::CONNECT,
            sni: true,
            edges: Vec::new(),
        }
    }
}

impl Connection {
    /// Reads a URL's fragment (without the `#`). Numbers out of range are clamped, unknown keys
    /// and unreadable values ignored; bad edges and retry policies are reported.
    pub fn parse(fragment: &str) -> (Connection, Vec<Problem>) {
        let mut connection = Connection::default();
        let mut problems = Vec::new();
        for pair in fragment.split('&').take(OVERRIDES_MAX) {
            let Some((key, value)) = pair.split_once('=') else {
                continue;
            };
            let Some(value) = percent_decoded(value) else {
                continue;
            };
            connection.set(key, &value, &mut problems);
        }
        problems.truncate(PROBLEMS_MAX);
        (connection, problems)
    }

    fn set(&mut self, key: &str, value: &str, problems: &mut Vec<Problem>) {
        match key {
            "ct" => {
                clamp(&mut self.connect_timeout_ms, value, TIMEOUT_MS_MIN, CONNECT_TIMEOUT_MS_MAX)
            }
            "rt" => clamp(&mut self.read_timeout_ms, value, TIMEOUT_MS_MIN, READ_TIMEOUT_MS_MAX),
            "tt" => clamp(&mut self.total_timeout_ms, value, TIMEOUT_MS_MIN, TOTAL_TIMEOUT_MS_MAX),
            "rc" => clamp(&mut self.retry_count, value, 0, RETRY_COUNT_MAX),
            "rp" => self.retry_on = read_policy(value, problems),
            "sni" => match value {
                "y" => self.sni = true,
                "n" => self.sni = false,
                _ => {}
            },
            "e" => self.edges = read_edges(value, problems),
            _ => {}
        }
    }

    /// Whether a failed attempt is repeated, after `retries` earlier repetitions and with
    /// `left_ms` of the total time remaining.
    pub fn again(&self, failure: &Failure, retries: u32, left_ms: u64) -> Again {
        let named = failure.trigger().is_some_and(|trigger| self.retry_on.contains(trigger));
        if named && retries < self.retry_count && left_ms > 0 { Again::Retry } else { Again::Stop }
    }
}

fn clamp(field: &mut u32, value: &str, min: u32, max: u32) {
    if value.is_empty() || !value.bytes().all(|b| b.is_ascii_digit()) {
        return;
    }
    // All digits, so the only way to fail is to be larger than any limit.
    *field = value.parse::<u32>().unwrap_or(u32::MAX).clamp(min, max);
}

fn read_policy(value: &str, problems: &mut Vec<Problem>) -> RetryOn {
    let mut policy = RetryOn::NONE;
    for token in value.split(',') {
        policy = match token.trim() {
            "ct" => policy.with(Trigger::Connect),
            "rt" => policy.with(Trigger::Read),
            "4xx" => policy.with(Trigger::FourXx),
            "5xx" => policy.with(Trigger::FiveXx),
            "all" => RetryOn::ALL,
            other => {
                let message =
                    format!("retry policy {} is none of 4xx, 5xx, ct, rt, all", cut(other));
                problems.push(Problem { code: 11243, message });
                policy
            }
        };
    }
    // A policy without one readable word is no policy.
    if policy == RetryOn::NONE { RetryOn::CONNECT } else { policy }
}

fn read_edges(value: &str, problems: &mut Vec<Problem>) -> Vec<&'static str> {
    let mut edges: Vec<&'static str> = Vec::new();
    for token in value.split(',').take(OVERRIDES_MAX) {
        let token = token.trim();
        if let Some(edge) = EDGES.iter().find(|edge| **edge == token) {
            edges.push(edge);
            continue;
        }
        let spelled =
            !token.is_empty() && token.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
        let (code, why) = if !spelled {
            (11240, "is not the name of an edge")
        } else if token.ends_with("-ix") {
            (11242, "is reached by Interconnect, which is not available")
        } else {
            (11241, "is not a supported edge")
        };
        problems.push(Problem { code, message: format!("edge location {} {why}", cut(token)) });
    }
    edges
}

/// A customer's word, short enough for an alert.
fn cut(word: &str) -> String {
    const WORD_CHARACTERS_MAX: usize = 40;
    format!("{:?}", word.chars().take(WORD_CHARACTERS_MAX).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(fragment: &str) -> Connection {
        let (connection, problems) = Connection::parse(fragment);
        assert_eq!(problems, [], "{fragment}");
        connection
    }

    #[test]
    fn without_overrides_the_documented_defaults_hold() {
        let expected = Connection {
            connect_timeout_ms: 5000,
            read_timeout_ms: 15000,
            total_timeout_ms: 15000,
            retry_count: 1,
            retry_on: RetryOn::NONE.with(Trigger::Connect),
            sni: true,
            edges: vec![],
        };
        for fragment in
            ["", "section-2", "foo=bar&x", "ct=&rt=abc&tt=-5&rc=1.5&sni=maybe", "ct=%zz"]
        {
            assert_eq!(read(fragment), expected, "{fragment}");
        }
    }

    #[test]
    fn overrides_are_read_and_clamped() {
        let c = read("ct=1000&rt=5000&tt=8000&rc=2&sni=n&e=ashburn,umatilla");
        assert_eq!(
            (c.connect_timeout_ms, c.read_timeout_ms, c.total_timeout_ms),
            (1000, 5000, 8000)
        );
        assert_eq!((c.retry_count, c.sni), (2, false));
        assert_eq!(c.edges, ["ashburn", "umatilla"]);
        let low = read("ct=1&rt=0&tt=99&rc=0");
        assert_eq!(
            (low.connect_timeout_ms, low.read_timeout_ms, low.total_timeout_ms),
            (100, 100, 100)
        );
        assert_eq!(low.retry_count, 0);
        let high = read("ct=10001&rt=15001&tt=99999999999999&rc=6");
        assert_eq!((high.connect_timeout_ms, high.read_timeout_ms), (10000, 15000));
        assert_eq!((high.total_timeout_ms, high.retry_count), (15000, 5));
    }

    #[test]
    fn retry_policies_are_sets() {
        for (text, four, five, connect, read_timeout) in [
            ("rp=ct,rt", false, false, true, true),
            ("rp=4xx", true, false, false, false),
            ("rp=5xx,4xx", true, true, false, false),
            ("rp=all", true, true, true, true),
            ("rp=ct%2C5xx", false, true, true, false),
        ] {
            let on = read(text).retry_on;
            let has = |trigger| on.contains(trigger);
            let got = (
                has(Trigger::FourXx),
                has(Trigger::FiveXx),
                has(Trigger::Connect),
                has(Trigger::Read),
            );
            assert_eq!(got, (four, five, connect, read_timeout), "{text}");
        }
    }

    #[test]
    fn bad_edges_and_policies_are_reported_with_their_codes() {
        for (fragment, code) in [
            ("rp=never", 11243),
            ("rp=", 11243),
            ("rp=ct,6xx", 11243),
            ("e=", 11240),
            ("e=Ashburn!", 11240),
            ("e=atlantis", 11241),
            ("e=ashburn,london-ix", 11242),
        ] {
            let (connection, problems) = Connection::parse(fragment);
            assert_eq!(problems.iter().map(|p| p.code).collect::<Vec<_>>(), [code], "{fragment}");
            assert!(connection.retry_on.contains(Trigger::Connect), "{fragment}");
        }
    }

    #[test]
    fn a_failure_is_repeated_only_if_named_counted_and_in_time() {
        let connection = read("rc=2&rp=ct,5xx");
        let five = Failure::Status(503);
        for (failure, retries, left_ms, expected) in [
            (&five, 0, 1, Again::Retry),
            (&five, 1, 1, Again::Retry),
            (&five, 2, 1, Again::Stop),
            (&five, 0, 0, Again::Stop),
            (&Failure::Status(404), 0, 1, Again::Stop),
            (&Failure::ConnectRefused, 0, 1, Again::Retry),
            (&Failure::ReadTimeout { timeout_ms: 1 }, 0, 1, Again::Stop),
            (&Failure::TooManyRedirects, 0, 1, Again::Stop),
        ] {
            assert_eq!(
                connection.again(failure, retries, left_ms),
                expected,
                "{failure:?} {retries}"
            );
        }
    }

    proptest! {
        #[test]
        fn whatever_the_fragment_says_the_limits_hold(fragment in "[a-z0-9=&,%]{0,80}") {
            let (c, problems) = Connection::parse(&fragment);
            prop_assert!((TIMEOUT_MS_MIN..=CONNECT_TIMEOUT_MS_MAX).contains(&c.connect_timeout_ms));
            prop_assert!((TIMEOUT_MS_MIN..=READ_TIMEOUT_MS_MAX).contains(&c.read_timeout_ms));
            prop_assert!((TIMEOUT_MS_MIN..=TOTAL_TIMEOUT_MS_MAX).contains(&c.total_timeout_ms));
            prop_assert!(c.retry_count <= RETRY_COUNT_MAX && problems.len() <= PROBLEMS_MAX);
        }
    }
}
