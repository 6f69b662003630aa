//! Tones: sines that begin and end softly, the beep of a recording, and what a caller hears while
//! the other phone rings or is taken.
//!
//! The sounds of countries are ITU-T E.180 (and its supplement 2, "Various tones used in national
//! networks"), in [`Cadence`]'s table.

mod cadence;

pub use cadence::{Cadence, Sound, busy, ringback};

use crate::{RATE_HZ, samples_of};
use std::f64::consts::TAU;

/// How long a tone takes to swell and to fade: shorter clicks, longer sounds like a note.
pub const FADE_MS: u64 = 5;

/// The peak of each sine in a tone: -13 dBFS, the level of tones in networks (E.180: about
/// -10 dBm0, and full scale is +3 dBm0).
pub const TONE_PEAK: f64 = 7336.0;

/// The beep's pitch.
pub const BEEP_HZ: f64 = 1000.0;

/// The beep's length.
pub const BEEP_MS: u64 = 500;

/// The sum of sines of these pitches, each with a peak of `peak` (at most 32767), with soft ends.
pub fn sines(hz: &[f64], peak: f64, samples: usize) -> Vec<i16> {
    let one = |at: usize| {
        let sum: f64 = hz.iter().map(|hz| (turn(*hz, at)).sin()).sum();
        (sum * peak * fade(at, samples)) as i16
    };
    (0..samples).map(one).collect()
}

/// What precedes a recording: [`BEEP_HZ`] for [`BEEP_MS`].
pub fn beep() -> Vec<i16> {
    sines(&[BEEP_HZ], TONE_PEAK, samples_of(BEEP_MS))
}

/// A sine's angle at a sample.
fn turn(hz: f64, at: usize) -> f64 {
    TAU * hz * at as f64 / f64::from(RATE_HZ)
}

/// How loud the sample `at` of a tone of `samples` is, from 0 to 1: it rises and falls over
/// [`FADE_MS`], or over half of a shorter tone.
fn fade(at: usize, samples: usize) -> f64 {
    let ramp = samples_of(FADE_MS).min(samples / 2);
    let to_an_end = at.min(samples.saturating_sub(at + 1));
    if to_an_end >= ramp { 1.0 } else { (to_an_end as f64 + 0.5) / ramp as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_swells_holds_and_fades() {
        let beep = beep();
        assert_eq!(beep.len(), 4000);
        let loudest = |part: &[i16]| part.iter().map(|one| one.unsigned_abs()).max().unwrap_or(0);
        assert!(loudest(&beep[..2]) < 200 && loudest(&beep[3998..]) < 400);
        assert!((7300..=7336).contains(&loudest(&beep[100..3900])));
        for length in 0..20 {
            assert_eq!(sines(&[440.0], 1000.0, length).len(), length);
        }
    }

    #[test]
    fn what_is_too_loud_is_cut_not_wrapped() {
        let loud = sines(&[500.0, 501.0], 32_767.0, 800);
        assert!(loud.windows(2).all(|two| two[0].abs_diff(two[1]) < 30_000));
    }
}
