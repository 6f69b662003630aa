//! Pure sound: samples in, samples out.
//!
//! Everything in here is 8 kHz, mono, 16 bits, as a telephone line carries it (G.711, RFC 3551).
//! Files become samples ([`decode`]), samples become files ([`wav`], [`g711`]), tones and keys are
//! made and found ([`tones`], [`dtmf`]), speech is told from silence ([`voice`]), and clips are
//! laid on a track and read from it piece by piece ([`Timeline`]).
//!
//! Positions and lengths are counted in samples, from the beginning of whatever they are in. No
//! clock, file, socket, thread or log is in here (law 2 of ARCHITECTURE.md): who calls knows what
//! time it is, and hands over the bytes.

pub mod decode;
pub mod dtmf;
pub mod g711;
pub mod mix;
mod resample;
mod timeline;
pub mod tones;
pub mod voice;
pub mod wav;

pub use decode::{DecodeError, accepts, decode};
pub use timeline::{CLIPS_MAX, Full, LIVE_SAMPLES_MAX, Timeline};

/// Samples in a second, everywhere in this crate.
pub const RATE_HZ: u32 = 8000;

/// Samples in a frame of 20 ms, as they go over the line.
pub const FRAME_SAMPLES: usize = 160;

/// Samples in a millisecond.
const PER_MS: u64 = RATE_HZ as u64 / 1000;

/// How many samples so many milliseconds are.
pub const fn samples_of(ms: u64) -> usize {
    ms.saturating_mul(PER_MS) as usize
}

/// How many whole milliseconds so many samples last.
pub const fn ms_of(samples: usize) -> u64 {
    samples as u64 / PER_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milliseconds_and_samples_are_the_same_length() {
        for (ms, samples) in [(0, 0), (1, 8), (20, FRAME_SAMPLES), (1000, 8000), (60_000, 480_000)]
        {
            assert_eq!(samples_of(ms), samples);
            assert_eq!(ms_of(samples), ms);
        }
        assert_eq!(ms_of(7), 0);
    }
}
