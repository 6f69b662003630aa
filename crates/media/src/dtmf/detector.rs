//! Finds keys in what is heard, whatever pieces it comes in.
//!
//! Goertzel's algorithm at the eight pitches, over blocks of 12.75 ms. A key is pressed when two
//! blocks in a row show it and nothing else: 40 ms of tone always hold two whole blocks, as Q.24
//! wants. It is let go when two blocks in a row don't show it: 40 ms of silence separate two
//! presses of one key, and a gap of 10 ms does not. What tells a key from speech is that almost all
//! energy of a block is in exactly two pitches, and about the same in both.

use super::{COLUMNS_HZ, Key, ROWS_HZ};
use crate::RATE_HZ;
use std::f64::consts::TAU;

/// Samples of a block: long enough to tell 697 from 770 Hz, short enough for a key of 40 ms.
const BLOCK: usize = 102;

/// Blocks in a row that make a press.
const HITS: u8 = 2;

/// Blocks in a row without the key that end it.
const MISSES: u8 = 2;

/// The weakest pitch that counts, as mean square: -38 dBFS, so that keys of -30 dBFS are found with
/// a twist, too.
const WEAKEST: f32 = 1.7e5;

/// How much of a block's energy the two pitches have at least. A pitch that is 1.5 % off, which
/// Q.24 wants taken, leaves about three quarters in them; voices leave far less.
const PURITY: f32 = 0.66;

/// How much stronger the higher pitch may be than the lower, or the other way round: 9 dB.
const TWIST: f32 = 8.0;

/// How much stronger a pitch is than the next of its group: 7 dB.
const ALONE: f32 = 5.0;

/// A key that was found, or is to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Press {
    /// Which.
    pub key: Key,
    /// The sample at which it begins; when found, up to a block later than it really does.
    pub at: usize,
}

/// Listens for keys: feed it everything that is heard, from the beginning.
#[derive(Debug, Clone)]
pub struct Detector {
    /// `2 cos` of each pitch's angle per sample: four rows, four columns.
    factors: [f32; 8],
    /// Goertzel's two last values for each pitch.
    states: [[f32; 2]; 8],
    energy: f32,
    /// Samples in the block so far.
    filled: usize,
    /// Samples before the block.
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
        Detector {
            factors: std::array::from_fn(|at| {
                (2.0 * (TAU * hz(at) / f64::from(RATE_HZ)).cos()) as f32
            }),
            states: [[0.0; 2]; 8],
            energy: 0.0,
            filled: 0,
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
        let mut rest = samples;
        while !rest.is_empty() {
            let (piece, others) = rest.split_at(rest.len().min(BLOCK - self.filled));
            self.listen(piece);
            if self.filled == BLOCK {
                presses.extend(self.judge());
            }
            rest = others;
        }
        presses
    }

    /// The key that is held now.
    pub fn held(&self) -> Option<Key> {
        self.pressed
    }

    fn listen(&mut self, piece: &[i16]) {
        for sample in piece {
            let sample = f32::from(*sample);
            self.energy += sample * sample;
            for (state, factor) in self.states.iter_mut().zip(self.factors) {
                *state = [sample + factor * state[0] - state[1], state[0]];
            }
        }
        self.filled += piece.len();
    }

    /// Ends a block.
    fn judge(&mut self) -> Option<Press> {
        let found = self.found();
        self.states = [[0.0; 2]; 8];
        self.energy = 0.0;
        self.filled = 0;
        self.heard += BLOCK;
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
        Some(Press { key, at: self.heard - BLOCK * usize::from(HITS) })
    }

    /// The key that the block shows.
    fn found(&self) -> Option<Key> {
        let powers: [f32; 8] = std::array::from_fn(|at| {
            let [one, two] = self.states[at];
            let squared = one * one + two * two - self.factors[at] * one * two;
            // As the mean square of a sine with that pitch.
            squared * 2.0 / (BLOCK * BLOCK) as f32
        });
        let (row, low) = strongest(&powers[..4])?;
        let (column, high) = strongest(&powers[4..])?;
        let mean = self.energy / BLOCK as f32;
        let even = low < high * TWIST && high < low * TWIST;
        let pure = low + high > mean * PURITY;
        let heard = low > WEAKEST && high > WEAKEST;
        (heard && even && pure).then_some(Key { row: row as u8, column: column as u8 })
    }
}

/// The strongest of four, if it stands alone.
fn strongest(powers: &[f32]) -> Option<(usize, f32)> {
    let (at, power) = powers.iter().copied().enumerate().max_by(|a, b| a.1.total_cmp(&b.1))?;
    let alone = |(other, one): (usize, &f32)| other == at || one * ALONE < power;
    powers.iter().enumerate().all(alone).then_some((at, power))
}
