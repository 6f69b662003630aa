//! Any rate to 8 kHz, piece by piece: a windowed sinc, as a table of phases.
//!
//! Called by [`crate::decode`] only. What 8 kHz can't carry (above about 3.7 kHz) is filtered out
//! before, so that it does not come back as another tone. Theory: J. O. Smith, "Digital Audio
//! Resampling". Memory is the table and the taps' worth of input, however long the sound is.

use crate::RATE_HZ;
use std::f64::consts::PI;

/// The slowest and the fastest input that is read.
pub(crate) const RATES_HZ: std::ops::RangeInclusive<u32> = 1000..=192_000;

/// Zero crossings of the sinc on each side: the filter's steepness against its cost.
const CROSSINGS: f64 = 20.0;

/// Where the filter's edge is, as a part of half the lower rate.
const EDGE: f64 = 0.93;

/// Phases in the table. All usual rates need fewer and are exact; a rate that needs more gets the
/// nearest, which is off by less than a thousandth of a sample.
const PHASES_MAX: u64 = 1024;

/// Turns samples of one rate into samples of 8 kHz. The samples are in the units of `i16`.
pub(crate) struct Resampler {
    rate: u64,
    /// One row of taps for each phase.
    table: Vec<f32>,
    taps: usize,
    phases: u64,
    /// Input not yet done with; the first is number `begins - taps / 2` of the input.
    buffer: Vec<f32>,
    begins: u64,
    taken: u64,
    made: u64,
}

impl Resampler {
    /// For input at `rate`, which is in [`RATES_HZ`].
    pub(crate) fn new(rate: u32) -> Resampler {
        let rate = u64::from(rate.clamp(*RATES_HZ.start(), *RATES_HZ.end()));
        let wanted = u64::from(RATE_HZ);
        let phases = (wanted / gcd(rate, wanted)).min(PHASES_MAX);
        let scale = (wanted as f64 / rate as f64).min(1.0) * EDGE;
        let half = (CROSSINGS / scale).ceil() as usize;
        let table = table(scale, half, phases);
        let buffer = vec![0.0; half];
        Resampler { rate, table, taps: 2 * half, phases, buffer, begins: 0, taken: 0, made: 0 }
    }

    /// Takes the next samples, and writes what can be said from them. At 8 kHz they pass as they
    /// are. Stops early when `to` has more than `max`.
    pub(crate) fn push(&mut self, samples: &[f32], to: &mut Vec<i16>, max: usize) {
        self.taken += samples.len() as u64;
        if self.rate == u64::from(RATE_HZ) {
            let room = (max + 1).saturating_sub(to.len());
            to.extend(samples.iter().take(room).map(|sample| rounded(*sample)));
            return;
        }
        self.buffer.extend_from_slice(samples);
        self.make(to, u64::MAX, max);
    }

    /// Ends the sound: what is still in the filter is written.
    pub(crate) fn finish(mut self, to: &mut Vec<i16>, max: usize) {
        if self.rate != u64::from(RATE_HZ) {
            self.buffer.extend(std::iter::repeat_n(0.0, self.taps));
            let total = (self.taken * u64::from(RATE_HZ)).div_ceil(self.rate);
            self.make(to, total, max);
        }
    }

    fn make(&mut self, to: &mut Vec<i16>, total: u64, max: usize) {
        let wanted = u64::from(RATE_HZ);
        while self.made < total && to.len() <= max {
            // Where the next sample is in the input: a whole number, and a phase.
            let place = self.made * self.rate;
            let phase = ((place % wanted) * self.phases + wanted / 2) / wanted;
            let whole = place / wanted + phase / self.phases;
            let row = (phase % self.phases) as usize * self.taps;
            // The row's first tap is for the sample `half - 1` before `whole`, and the buffer has
            // `half` zeros before the first.
            let from = (whole + 1 - self.begins) as usize;
            let Some(input) = self.buffer.get(from..from + self.taps) else {
                break;
            };
            let row = &self.table[row..row + self.taps];
            to.push(rounded(row.iter().zip(input).map(|(tap, one)| tap * one).sum()));
            self.made += 1;
        }
        let next = self.made * self.rate / wanted;
        let done = ((next - self.begins) as usize).min(self.buffer.len());
        self.buffer.drain(..done);
        self.begins += done as u64;
    }
}

/// Taps for every phase: row `p` is for a place `p / phases` after a sample, its first tap for the
/// sample `half - 1` before.
fn table(scale: f64, half: usize, phases: u64) -> Vec<f32> {
    let mut table = Vec::with_capacity(phases as usize * half * 2);
    for phase in 0..phases {
        let offset = phase as f64 / phases as f64 + half as f64 - 1.0;
        let row: Vec<f64> =
            (0..2 * half).map(|tap| kernel(tap as f64 - offset, scale, half)).collect();
        // Every phase lets a constant through as it is.
        let sum: f64 = row.iter().sum();
        table.extend(row.iter().map(|tap| (tap / sum) as f32));
    }
    table
}

/// A sinc with its first zero at `1 / scale`, under a Blackman window of `half` on each side.
fn kernel(x: f64, scale: f64, half: usize) -> f64 {
    let turn = PI * x / half as f64;
    if turn.abs() >= PI {
        return 0.0;
    }
    let window = 0.42 + 0.5 * turn.cos() + 0.08 * (2.0 * turn).cos();
    let x = PI * x * scale;
    window * if x.abs() < 1e-9 { 1.0 } else { x.sin() / x }
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// The nearest sample; what is too loud is cut, what is no number is silence.
fn rounded(sample: f32) -> i16 {
    sample.round() as i16
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(rate: u32, input: &[f32], piece: usize) -> Vec<i16> {
        let mut resampler = Resampler::new(rate);
        let mut out = Vec::new();
        input.chunks(piece).for_each(|piece| resampler.push(piece, &mut out, usize::MAX - 1));
        resampler.finish(&mut out, usize::MAX - 1);
        out
    }

    fn sine(rate: u32, hz: f64, samples: usize) -> Vec<f32> {
        let turn = |at: usize| 2.0 * PI * hz * at as f64 / f64::from(rate);
        (0..samples).map(|at| (turn(at).sin() * 10_000.0) as f32).collect()
    }

    #[test]
    fn a_sine_stays_that_sine_at_every_rate_and_in_every_piece() {
        for rate in
            [1000, 6000, 7999, 8000, 11_025, 16_000, 22_050, 44_100, 44_101, 48_000, 192_000]
        {
            let hz = 300.0;
            let input = sine(rate, hz, rate as usize / 2);
            let out = run(rate, &input, 997);
            assert_eq!(out.len(), 4000, "{rate}");
            assert_eq!(out, run(rate, &input, usize::MAX), "{rate}");
            let wanted = sine(8000, hz, 4000);
            // The ends hear the silence around.
            for at in 400..3600 {
                let off = (f32::from(out[at]) - wanted[at]).abs();
                assert!(off < 40.0, "{rate}: {} instead of {} at {at}", out[at], wanted[at]);
            }
        }
    }

    #[test]
    fn what_8_khz_cannot_carry_is_gone() {
        for hz in [4400.0, 5000.0, 9000.0, 15_000.0] {
            let out = run(44_100, &sine(44_100, hz, 44_100), 4096);
            let loudest = out[400..7600].iter().map(|one| one.unsigned_abs()).max();
            assert!(loudest < Some(60), "{hz}: {loudest:?}");
        }
    }

    #[test]
    fn no_more_is_made_than_one_over_the_limit() {
        for rate in [8000, 48_000] {
            let mut out = Vec::new();
            Resampler::new(rate).push(&vec![1.0; 480_000], &mut out, 10);
            assert_eq!(out.len(), 11, "{rate}");
        }
    }
}
