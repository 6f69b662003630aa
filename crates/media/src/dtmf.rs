//! Keys of a phone as sound: made from a text like `1w2W#`, and found in what is heard.
//!
//! Pitches are those of ITU-T Q.23; what a receiver has to take and to refuse is from Q.24. RFC
//! 4733 carries keys beside the sound and needs nothing from here but [`Key`]. The text's alphabet is
//! that of `<Play digits>` and `sendDigits` (twiml.md 7).

mod detector;

pub use detector::{Detector, Press};

use crate::{ms_of, samples_of, tones};
use std::fmt;

/// How long a key of a sequence sounds.
pub const TONE_MS: u64 = 100;

/// The silence after each key of a sequence.
pub const GAP_MS: u64 = 100;

/// What `w` waits; `W` waits twice as long.
pub const WAIT_MS: u64 = 500;

/// Keys and waits of one sequence.
pub const STEPS_MAX: usize = 1000;

/// The lower pitches, one for each row of keys, in Hz.
const ROWS_HZ: [f64; 4] = [697.0, 770.0, 852.0, 941.0];

/// The higher pitches, one for each column.
const COLUMNS_HZ: [f64; 4] = [1209.0, 1336.0, 1477.0, 1633.0];

/// Keys by row and column.
const KEYS: [[char; 4]; 4] =
    [['1', '2', '3', 'A'], ['4', '5', '6', 'B'], ['7', '8', '9', 'C'], ['*', '0', '#', 'D']];

/// The peak of each of a key's two sines: -12 dBFS. Together they stay below half of full scale.
const KEY_PEAK: f64 = 8231.0;

/// One of the sixteen keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    row: u8,
    column: u8,
}

impl Key {
    /// The key with this sign: `0` to `9`, `A` to `D`, `*` or `#`.
    pub fn of(sign: char) -> Option<Key> {
        let place = |row: usize| KEYS[row].iter().position(|key| *key == sign);
        (0..4).find_map(|row| Some(Key { row: row as u8, column: place(row)? as u8 }))
    }

    /// Its sign.
    pub fn sign(self) -> char {
        KEYS[usize::from(self.row)][usize::from(self.column)]
    }

    /// The sound of the key, held for so many samples.
    pub fn sound(self, samples: usize) -> Vec<i16> {
        let hz = [ROWS_HZ[usize::from(self.row)], COLUMNS_HZ[usize::from(self.column)]];
        tones::sines(&hz, KEY_PEAK, samples)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.sign())
    }
}

/// What a sequence does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Presses a key for [`TONE_MS`], then is silent for [`GAP_MS`].
    Press(Key),
    /// Is silent for so many milliseconds.
    Wait(u64),
}

impl Step {
    fn ms(self) -> u64 {
        match self {
            Step::Press(_) => TONE_MS + GAP_MS,
            Step::Wait(ms) => ms,
        }
    }
}

/// Keys and waits, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sequence(Vec<Step>);

/// Why a text is no sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadSequence {
    /// A sign that is no key and no wait, and its place, counted in characters from 0.
    Sign(char, usize),
    /// More than [`STEPS_MAX`].
    TooLong,
}

impl fmt::Display for BadSequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BadSequence::Sign(sign, at) => {
                let place = at + 1;
                write!(f, "{sign:?} at place {place} is none of 0-9, A-D, *, #, w and W")
            }
            BadSequence::TooLong => write!(f, "more than {STEPS_MAX} digits and pauses"),
        }
    }
}

impl std::error::Error for BadSequence {}

impl Sequence {
    /// Reads a text of `0`-`9`, `A`-`D`, `*`, `#`, `w` (half a second) and `W` (a second).
    pub fn parse(text: &str) -> Result<Sequence, BadSequence> {
        let mut steps = Vec::new();
        for (at, sign) in text.chars().enumerate() {
            if at == STEPS_MAX {
                return Err(BadSequence::TooLong);
            }
            steps.push(match sign {
                'w' => Step::Wait(WAIT_MS),
                'W' => Step::Wait(2 * WAIT_MS),
                sign => Step::Press(Key::of(sign).ok_or(BadSequence::Sign(sign, at))?),
            });
        }
        Ok(Sequence(steps))
    }

    /// Its steps.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// Keys alone, each with the sample at which it begins to sound.
    pub fn presses(&self) -> impl Iterator<Item = Press> + '_ {
        let mut at = 0;
        self.0.iter().filter_map(move |step| {
            let begins = at;
            at += samples_of(step.ms());
            match step {
                Step::Press(key) => Some(Press { key: *key, at: begins }),
                Step::Wait(_) => None,
            }
        })
    }

    /// How long it takes, in milliseconds.
    pub fn length_ms(&self) -> u64 {
        self.0.iter().map(|step| step.ms()).sum()
    }

    /// Its sound.
    pub fn render(&self) -> Vec<i16> {
        let mut samples = Vec::with_capacity(samples_of(self.length_ms()));
        for step in &self.0 {
            let ends = samples.len() + samples_of(step.ms());
            if let Step::Press(key) = step {
                samples.extend(key.sound(samples_of(TONE_MS)));
            }
            samples.resize(ends, 0);
        }
        debug_assert_eq!(ms_of(samples.len()), self.length_ms());
        samples
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_keys_and_waits() {
        let sequence = Sequence::parse("1w2W#A").expect("it is one");
        assert_eq!(sequence.length_ms(), 200 + 500 + 200 + 1000 + 200 + 200);
        assert_eq!(ms_of(sequence.render().len()), sequence.length_ms());
        let presses: String = sequence.presses().map(|press| press.key.sign()).collect();
        assert_eq!(presses, "12#A");
        let places: Vec<u64> = sequence.presses().map(|press| ms_of(press.at)).collect();
        assert_eq!(places, [0, 700, 1900, 2100]);
        assert_eq!(Sequence::parse(""), Ok(Sequence::default()));
    }

    #[test]
    fn what_is_no_key_is_named_with_its_place() {
        for (text, sign, at) in [("12x", 'x', 2), ("a", 'a', 0), ("1 2", ' ', 1), ("é1", 'é', 0)]
        {
            assert_eq!(Sequence::parse(text), Err(BadSequence::Sign(sign, at)));
        }
        let said = BadSequence::Sign('x', 2).to_string();
        assert_eq!(said, "'x' at place 3 is none of 0-9, A-D, *, #, w and W");
        assert!(Sequence::parse(&"1".repeat(STEPS_MAX)).is_ok());
        assert_eq!(Sequence::parse(&"1".repeat(STEPS_MAX + 1)), Err(BadSequence::TooLong));
    }
}
