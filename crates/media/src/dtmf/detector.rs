//! Finds keys in what is heard, whatever pieces it comes in.
//!
//! Goertzel's algorithm at the eight pitches, over blocks of 12.75 ms that overlap by half. A key is
//! pressed when four blocks in a row show it and nothing else: 40 ms of tone always hold so many, as
//! Q.24 wants. It is let go when four in a row don't show it: 40 ms of silence separate two presses
//! of one key, and a gap of 10 ms does not. What tells a key from speech is that almost all energy
//! of a block is in exactly two pitches, and about the same in both, for so long.

use super::{COLUMNS_HZ, Key, ROWS_HZ};
use crate::RATE_HZ;
use std::f64::consts::TAU;

/// Samples of a block: long enough to tell 697 from 770 Hz, short enough for a key of 40 ms.
const BLOCK: usize = 102;

/// Samples from one block to the next.
const HOP: usize = BLOCK / 2;

/// Blocks in a row that make a press: 32 ms.
const HITS: u8 = 4;

/// Blocks in a row without the key that end it.
const MISSES: u8 = 4;

/// The weakest pitch that counts, as mean square: -41 dBFS, so that keys of -30 dBFS are found with
/// a twist and off their pitch, too.
const WEAKEST: f32 = 85_000.0;

/// How much of a block's energy the two pitches have at least. A pitch that is 1.5 % off, which
/// Q.24 wants taken, leaves three quarters in them; voices leave far less.
const PURITY: f32 = 0.72;

/// As much is enough while the key is held: a block that a short gap has cut.
const PURITY_HELD: f32 = 0.3;

/// How much stronger the higher pitch may be than the lower: 8 dB.
const TWIST: f32 = 6.3;

/// How much stronger the lower pitch may be than the higher: 7 dB. Voices lean this way.
const TWIST_BACK: f32 = 5.0;

/// How much stronger a pitch is than the next of its group: 7 dB.
const ALONE: f32 = 5.0;

/// A key that was found, or is to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Press {
    /// Which.
    pub key: Key,
    /// The sample at which it begins; when found, within a block (12.75 ms) of where it really does.
    pub at: usize,
}

/// Listens for keys: feed it everything that is heard, from the beginning.
#[derive(Debug, Clone)]
pub struct Detector {
    /// `2 cos` of each pitch's angle per sample: four rows, four columns.
    factors: [f32; 8],
    /// The last samples; before there were any, silence.
    block: [f32; BLOCK],
    /// Samples that are new since the last block.
    fresh: usize,
    /// Samples up to the last block's end.
    heard: usize,
    pressed: Option<Key>,
    misses: u8,
    /// What the last blocks showed, and how many of them.
    seen: Option<Key>,
    hits: u8,
}

impl Default for Detector {
    fn default() -> Detector {
        Detector::new()
    }
}

impl Detector {
    /// Has heard nothing.
    pub fn new() -> Detector {
        let hz = |at: usize| if at < 4 { ROWS_HZ[at] } else { COLUMNS_HZ[at - 4] };
        let factor = |at| 2.0 * (TAU * hz(at) / f64::from(RATE_HZ)).cos();
        Detector {
            factors: std::array::from_fn(|at| factor(at) as f32),
            block: [0.0; BLOCK],
            fresh: 0,
            heard: 0,
            pressed: None,
            misses: 0,
            seen: None,
            hits: 0,
        }
    }

    /// Hears the next samples, and says which keys were pressed in them. A key that is held is said
    /// once.
    pub fn feed(&mut self, samples: &[i16]) -> Vec<Press> {
        let mut presses = Vec::new();
        for sample in samples {
            self.block[BLOCK - HOP + self.fresh] = f32::from(*sample);
            self.fresh += 1;
            if self.fresh == HOP {
                presses.extend(self.judge());
                self.block.copy_within(HOP.., 0);
            }
        }
        presses
    }

    /// The key that is held now.
    pub fn held(&self) -> Option<Key> {
        self.pressed
    }

    /// Ends a block.
    fn judge(&mut self) -> Option<Press> {
        let found = self.found();
        self.fresh = 0;
        self.heard += HOP;
        self.hits = if found == self.seen { self.hits.saturating_add(1) } else { 1 };
        self.seen = found;
        if self.pressed.is_some() && found != self.pressed {
            self.misses += 1;
            if self.misses == MISSES {
                self.pressed = None;
            }
        } else {
            self.misses = 0;
        }
        let key = found.filter(|_| self.hits == HITS && self.pressed != found)?;
        self.pressed = Some(key);
        self.misses = 0;
        let span = BLOCK + HOP * (usize::from(HITS) - 1);
        Some(Press { key, at: self.heard.saturating_sub(span) })
    }

    /// The key that the block shows.
    fn found(&self) -> Option<Key> {
        let powers = self.factors.map(|factor| self.power(factor));
        let (row, low) = strongest(&powers[..4])?;
        let (column, high) = strongest(&powers[4..])?;
        let key = Key { row: row as u8, column: column as u8 };
        let mean = self.block.iter().map(|one| one * one).sum::<f32>() / BLOCK as f32;
        let purity = if self.pressed == Some(key) { PURITY_HELD } else { PURITY };
        let pure = low + high > mean * purity;
        let even = high < low * TWIST && low < high * TWIST_BACK;
        let heard = low > WEAKEST && high > WEAKEST;
        (heard && even && pure).then_some(key)
    }

    /// How strong a pitch is in the block, as the mean square of a sine of that pitch.
    fn power(&self, factor: f32) -> f32 {
        let step = |[one, two]: [f32; 2], sample: &f32| [sample + factor * one - two, one];
        let [one, two] = self.block.iter().fold([0.0; 2], step);
        (one * one + two * two - factor * one * two) * 2.0 / (BLOCK * BLOCK) as f32
    }
}

/// The strongest of four, if it stands alone.
fn strongest(powers: &[f32]) -> Option<(usize, f32)> {
    let (at, power) = powers.iter().copied().enumerate().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let alone = |(other, one): (usize, &f32)| other == at || one * ALONE < power;
    powers.iter().enumerate().all(alone).then_some((at, power))
}
