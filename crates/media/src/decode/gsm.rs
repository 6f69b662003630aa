//! GSM 06.10 full rate: 33 bytes for each 20 ms, at 8 kHz.
//!
//! ETSI EN 300 961 (GSM 06.10), section 5.3: the decoder in its own arithmetic of 16 bits, so that
//! its output is the standard's, bit for bit. The file has frames and nothing else (RFC 3551,
//! section 4.5.8: each begins with the four bits 1101).

use super::{DecodeError, Sink};

const FRAME_BYTES: usize = 33;
const FRAME_SAMPLES: usize = 160;
/// Samples of one of a frame's four parts.
const PART: usize = 40;
/// The furthest back that a part repeats.
const LAG_MAX: usize = 120;

/// Tables 4.1 and 5.1: the reflection coefficients' offsets, smallest codes and factors.
const B: [i16; 8] = [0, 0, 2048, -2560, 94, -1792, -341, -1144];
const MIC: [i16; 8] = [-32, -32, -16, -16, -8, -8, -4, -4];
const INVA: [i16; 8] = [13_107, 13_107, 13_107, 13_107, 19_223, 17_476, 31_454, 29_708];
/// Table 5.3 b: the gains of repetition.
const QLB: [i16; 4] = [3277, 11_469, 21_299, 32_767];
/// Table 5.6: mantissas of the largest pulse.
const FAC: [i16; 8] = [18_431, 20_479, 22_527, 24_575, 26_623, 28_671, 30_719, 32_767];
/// Bits of the reflection coefficients.
const LAR_BITS: [u32; 8] = [6, 6, 5, 5, 4, 4, 3, 3];

pub(super) fn read(bytes: &[u8], sink: &mut Sink) -> Result<(), DecodeError> {
    if bytes.first().is_some_and(|byte| byte >> 4 != 0xD) {
        return Err(DecodeError::NotThat("GSM"));
    }
    let mut decoder = Decoder::new();
    for frame in bytes.chunks_exact(FRAME_BYTES) {
        if frame[0] >> 4 != 0xD {
            return Err(DecodeError::Broken("a GSM frame has no signature"));
        }
        sink.push_plain(&decoder.frame(frame))?;
    }
    Ok(())
}

/// A frame's parameters, in the order of its bits.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn take(&mut self, count: u32) -> i16 {
        let mut value = 0;
        for _ in 0..count {
            let byte = self.bytes.get(self.at / 8).copied().unwrap_or(0);
            value = value << 1 | i16::from(byte >> (7 - self.at % 8) & 1);
            self.at += 1;
        }
        value
    }
}

/// What one frame leaves for the next.
struct Decoder {
    /// The excitation of before, and then of the part that is made.
    past: [i16; LAG_MAX + PART],
    lag: usize,
    /// Log area ratios of the frame before.
    ratios: [i16; 8],
    lattice: [i16; 9],
    emphasis: i16,
}

impl Decoder {
    fn new() -> Decoder {
        let (past, ratios, lattice) = ([0; LAG_MAX + PART], [0; 8], [0; 9]);
        Decoder { past, lag: PART, ratios, lattice, emphasis: 0 }
    }

    fn frame(&mut self, bytes: &[u8]) -> [i16; FRAME_SAMPLES] {
        let mut bits = Bits { bytes, at: 4 };
        let codes = LAR_BITS.map(|count| bits.take(count));
        let mut excitation = [0; FRAME_SAMPLES];
        for part in excitation.chunks_exact_mut(PART) {
            let (lag, gain) = (bits.take(7) as usize, bits.take(2) as usize);
            let pulses = pulses(&mut bits);
            self.repeat(lag, QLB[gain & 3], &pulses);
            part.copy_from_slice(&self.past[LAG_MAX..]);
        }
        let mut samples = self.filter(ratios(&codes), &excitation);
        for sample in &mut samples {
            self.emphasis = sample.saturating_add(mult_r(self.emphasis, 28_180));
            *sample = self.emphasis.saturating_add(self.emphasis) & !7;
        }
        samples
    }

    /// 5.3.2: long-term prediction.
    fn repeat(&mut self, lag: usize, gain: i16, pulses: &[i16; PART]) {
        if (PART..=LAG_MAX).contains(&lag) {
            self.lag = lag;
        }
        self.past.copy_within(PART.., 0);
        for (at, pulse) in pulses.iter().enumerate() {
            let before = self.past[LAG_MAX + at - self.lag];
            self.past[LAG_MAX + at] = pulse.saturating_add(mult_r(gain, before));
        }
    }

    /// 5.3.3: short-term synthesis, with ratios that glide from the last frame's to this one's.
    fn filter(&mut self, new: [i16; 8], input: &[i16; FRAME_SAMPLES]) -> [i16; FRAME_SAMPLES] {
        let old = std::mem::replace(&mut self.ratios, new);
        let between = |glide: fn(i16, i16) -> i16| {
            std::array::from_fn(|at| reflection(glide(old[at], new[at])))
        };
        let glides: [(usize, [i16; 8]); 4] = [
            (13, between(|a, b| (a >> 2).saturating_add(b >> 2).saturating_add(a >> 1))),
            (27, between(|a, b| (a >> 1).saturating_add(b >> 1))),
            (40, between(|a, b| (a >> 2).saturating_add(b >> 2).saturating_add(b >> 1))),
            (FRAME_SAMPLES, between(|_, b| b)),
        ];
        let mut output = [0; FRAME_SAMPLES];
        let mut at = 0;
        for (end, reflections) in glides {
            while at < end {
                output[at] = self.step(&reflections, input[at]);
                at += 1;
            }
        }
        output
    }

    fn step(&mut self, reflections: &[i16; 8], input: i16) -> i16 {
        let v = &mut self.lattice;
        let mut sample = input;
        for at in (0..8).rev() {
            sample = sample.saturating_sub(mult_r(reflections[at], v[at]));
            v[at + 1] = v[at].saturating_add(mult_r(reflections[at], sample));
        }
        v[0] = sample;
        sample
    }
}

/// 5.3.1: the pulses of a part, every third sample from one of four places.
fn pulses(bits: &mut Bits) -> [i16; PART] {
    let grid = bits.take(2) as usize;
    let (exponent, mantissa) = largest(bits.take(6));
    let shift = 6 - exponent;
    let half = if shift > 0 { 1 << (shift - 1) } else { 0 };
    let mut pulses = [0; PART];
    for at in 0..13 {
        let code = (bits.take(3) * 2 - 7) << 12;
        let pulse = mult_r(FAC[mantissa], code).saturating_add(half) >> shift;
        pulses[grid + 3 * at] = pulse;
    }
    pulses
}

/// Exponent and mantissa of the largest pulse, from -4 to 6 and from 0 to 7.
fn largest(code: i16) -> (i16, usize) {
    let mut exponent = if code > 15 { (code >> 3) - 1 } else { 0 };
    let mut mantissa = code - (exponent << 3);
    if mantissa == 0 {
        return (-4, 7);
    }
    while mantissa <= 7 {
        mantissa = mantissa << 1 | 1;
        exponent -= 1;
    }
    (exponent, (mantissa & 7) as usize)
}

/// 5.2.8: log area ratios of their codes.
fn ratios(codes: &[i16; 8]) -> [i16; 8] {
    std::array::from_fn(|at| {
        let ratio = ((codes[at] + MIC[at]) << 10).saturating_sub(B[at] << 1);
        let ratio = mult_r(INVA[at], ratio);
        ratio.saturating_add(ratio)
    })
}

/// 5.2.9.2: a reflection coefficient of its log area ratio.
fn reflection(ratio: i16) -> i16 {
    let size = ratio.saturating_abs();
    let size = match size {
        ..11_059 => size << 1,
        11_059..20_070 => size + 11_059,
        _ => (size >> 2).saturating_add(26_112),
    };
    if ratio < 0 { -size } else { size }
}

/// The standard's product: rounded, and saturated where both are the smallest.
fn mult_r(a: i16, b: i16) -> i16 {
    ((i32::from(a) * i32::from(b) + 16_384) >> 15).min(i16::MAX.into()) as i16
}
