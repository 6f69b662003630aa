//! Samples as files hold them, byte by byte: PCM of many widths, floats, µ-law, A-law.
//!
//! Used by every form of file that is a header and then samples.

use super::{CHANNELS_MAX, DecodeError, Sink};
use crate::RATE_HZ;
use crate::g711;

/// Samples that are unpacked at once.
const PIECE: usize = 4096;

/// What one sample is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// 8 bits without sign; silence is 128.
    Unsigned,
    /// Whole numbers of 1 to 4 bytes.
    Signed,
    /// IEEE floats of 4 or 8 bytes, from -1 to 1.
    Float,
    /// G.711.
    MuLaw,
    /// G.711.
    ALaw,
}

/// How samples lie in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) kind: Kind,
    /// Bytes of one sample of one channel.
    pub(super) width: usize,
    pub(super) big_endian: bool,
    pub(super) channels: u16,
    pub(super) rate: u32,
}

/// µ-law as telephones have it.
pub(super) const MU_LAW: Layout =
    Layout { kind: Kind::MuLaw, width: 1, big_endian: false, channels: 1, rate: RATE_HZ };

impl Layout {
    /// Reads all of `bytes`; what is left over of a last sample is dropped.
    pub(super) fn read(&self, bytes: &[u8], sink: &mut Sink) -> Result<(), DecodeError> {
        self.check()?;
        let frame = self.width * usize::from(self.channels);
        let whole = bytes.len() - bytes.len() % frame;
        let mut mono = Vec::with_capacity(PIECE.min(whole / frame));
        for piece in bytes[..whole].chunks(frame * PIECE) {
            mono.clear();
            mono.extend(piece.chunks_exact(frame).map(|frame| self.mono(frame)));
            sink.push(self.rate, &mono)?;
        }
        Ok(())
    }

    fn check(&self) -> Result<(), DecodeError> {
        if self.channels == 0 {
            return Err(DecodeError::Broken("it has no channels"));
        }
        if self.channels > CHANNELS_MAX {
            return Err(DecodeError::Unsupported(format!("sound of {} channels", self.channels)));
        }
        let widths = match self.kind {
            Kind::Unsigned | Kind::MuLaw | Kind::ALaw => 1..=1,
            Kind::Signed => 1..=4,
            Kind::Float => 4..=8,
        };
        if !widths.contains(&self.width)
            || (self.kind == Kind::Float && !self.width.is_multiple_of(4))
        {
            return Err(DecodeError::Unsupported(format!("sound of {} bits", self.width * 8)));
        }
        Ok(())
    }

    fn mono(&self, frame: &[u8]) -> f32 {
        let sum: f32 = frame.chunks_exact(self.width).map(|bytes| self.sample(bytes)).sum();
        sum / f32::from(self.channels)
    }

    /// One sample, in the units of `i16`.
    fn sample(&self, bytes: &[u8]) -> f32 {
        let mut ordered = [0; 8];
        // The most significant byte comes first.
        for (at, byte) in bytes.iter().enumerate() {
            ordered[if self.big_endian { at } else { bytes.len() - 1 - at }] = *byte;
        }
        let [first, b, c, d, ..] = ordered;
        match self.kind {
            Kind::Unsigned => (f32::from(first) - 128.0) * 256.0,
            Kind::Signed => i32::from_be_bytes([first, b, c, d]) as f32 / 65_536.0,
            Kind::Float if self.width == 4 => f32::from_be_bytes([first, b, c, d]) * 32_768.0,
            Kind::Float => f64::from_be_bytes(ordered) as f32 * 32_768.0,
            Kind::MuLaw => f32::from(g711::mu_to(first)),
            Kind::ALaw => f32::from(g711::a_to(first)),
        }
        .clamp(-32_768.0, 32_767.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_sample_is_read() {
        use Kind::*;
        for (kind, big_endian, bytes, expected) in [
            (Unsigned, false, &[128, 0, 255][..], &[0, -32_768, 32_512][..]),
            (Signed, false, &[0x34, 0x12], &[0x1234]),
            (Signed, true, &[0x12, 0x34], &[0x1234]),
            (Signed, false, &[0xFF, 0xFF], &[-1]),
            (MuLaw, false, &[0xFF, 0x80], &[0, 32_124]),
            (ALaw, false, &[0xAA], &[32_256]),
        ] {
            let width = bytes.len() / expected.len();
            let layout = Layout { kind, width, big_endian, channels: 1, rate: 8000 };
            let mut sink = Sink::new(100);
            layout.read(bytes, &mut sink).expect("it is sound");
            assert_eq!(sink.end().as_deref(), Ok(expected), "{layout:?}");
        }
        for (kind, bytes, expected) in [
            (Signed, &[0xFF, 0x34, 0x12][..], 0x1235),
            (Signed, &[0, 0, 0, 0x80], -32_768),
            (Signed, &[0x7F], 32_512),
            (Float, &0.5f32.to_le_bytes(), 16_384),
            (Float, &(-0.5f64).to_le_bytes(), -16_384),
            (Float, &9f32.to_le_bytes(), 32_767),
            (Float, &f32::NAN.to_le_bytes(), 0),
        ] {
            let layout = Layout { kind, width: bytes.len(), ..MU_LAW };
            let mut sink = Sink::new(100);
            layout.read(bytes, &mut sink).expect("it is sound");
            assert_eq!(sink.end(), Ok(vec![expected]), "{layout:?}");
        }
    }

    #[test]
    fn channels_are_averaged_and_half_a_sample_is_dropped() {
        let layout = Layout { kind: Kind::Signed, width: 2, channels: 2, ..MU_LAW };
        let mut sink = Sink::new(100);
        layout.read(&[100, 0, 200, 0, 1, 0, 3], &mut sink).expect("it is sound");
        assert_eq!(sink.end(), Ok(vec![150]));
    }

    #[test]
    fn what_is_no_sound_is_refused() {
        for (layout, why) in [
            (Layout { channels: 0, ..MU_LAW }, "the file is broken: it has no channels"),
            (Layout { channels: 9, ..MU_LAW }, "sound of 9 channels is not supported"),
            (Layout { width: 2, ..MU_LAW }, "sound of 16 bits is not supported"),
            (Layout { kind: Kind::Float, width: 5, ..MU_LAW }, "sound of 40 bits is not supported"),
            (Layout { width: 0, ..MU_LAW }, "sound of 0 bits is not supported"),
            (Layout { rate: 0, ..MU_LAW }, "a rate of 0 Hz is not supported"),
            (Layout { rate: u32::MAX, ..MU_LAW }, "a rate of 4294967295 Hz is not supported"),
        ] {
            let refused = layout.read(&[0; 100], &mut Sink::new(1000)).expect_err(why);
            assert_eq!(refused.to_string(), why);
        }
    }
}
