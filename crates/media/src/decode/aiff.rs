//! AIFF and AIFF-C files: IFF with samples.
//!
//! Apple, "Audio Interchange File Format: AIFF" 1.3 and "AIFF-C" draft of 1991. Chunks come in any
//! order, so both that are needed are found first.

use super::pcm::{Kind, Layout};
use super::{CHUNKS_MAX, DecodeError, Sink};

pub(super) fn read(bytes: &[u8], sink: &mut Sink) -> Result<(), DecodeError> {
    let is_aiff = matches!(bytes.get(8..12), Some(b"AIFF" | b"AIFC"));
    if bytes.get(..4) != Some(b"FORM") || !is_aiff {
        return Err(DecodeError::NotThat("AIFF"));
    }
    let mut rest = &bytes[12..];
    let (mut common, mut sound) = (None, None);
    for _ in 0..CHUNKS_MAX {
        let Some((head, body)) = rest.split_at_checked(8) else {
            break;
        };
        let announced = u32::from_be_bytes([head[4], head[5], head[6], head[7]]) as usize;
        let size = announced.min(body.len());
        match &head[..4] {
            b"COMM" => common = Some(&body[..size]),
            b"SSND" => sound = Some(&body[..size]),
            _ => {}
        }
        rest = body.get(size + size % 2..).unwrap_or_default();
    }
    let layout = layout_of(common.ok_or(DecodeError::Broken("it has no COMM chunk"))?)?;
    // A file without sound need not have the chunk.
    let sound = sound.unwrap_or(&[0; 8]);
    let (head, body) =
        sound.split_at_checked(8).ok_or(DecodeError::Broken("its SSND chunk ends early"))?;
    let offset = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
    layout.read(body.get(offset..).unwrap_or_default(), sink)
}

fn layout_of(common: &[u8]) -> Result<Layout, DecodeError> {
    if common.len() < 18 {
        return Err(DecodeError::Broken("its COMM chunk ends early"));
    }
    let channels = u16::from_be_bytes([common[0], common[1]]);
    let bits = u16::from_be_bytes([common[6], common[7]]);
    let rate = rate_of(&common[8..18]);
    // Plain AIFF has no name of a codec.
    let codec = common.get(18..22).unwrap_or(b"NONE");
    let width = usize::from(bits).div_ceil(8);
    let (kind, width, big_endian) = match codec {
        b"NONE" | b"twos" | b"in24" | b"in32" => (Kind::Signed, width, true),
        b"sowt" => (Kind::Signed, width, false),
        b"raw " => (Kind::Unsigned, width, true),
        b"fl32" | b"FL32" => (Kind::Float, 4, true),
        b"fl64" | b"FL64" => (Kind::Float, 8, true),
        b"ulaw" | b"ULAW" => (Kind::MuLaw, 1, true),
        b"alaw" | b"ALAW" => (Kind::ALaw, 1, true),
        other => {
            let named = String::from_utf8_lossy(other);
            return Err(DecodeError::Unsupported(format!("AIFF with codec {named:?}")));
        }
    };
    Ok(Layout { kind, width, big_endian, channels, rate })
}

/// A rate as AIFF has it: a float of 80 bits (IEEE 754 extended). Whole part only; 0 for what is
/// negative or does not fit.
fn rate_of(bytes: &[u8]) -> u32 {
    let exponent = u16::from_be_bytes([bytes[0], bytes[1]]);
    let mantissa = bytes[2..10].iter().fold(0u64, |sum, byte| sum << 8 | u64::from(*byte));
    // With an exponent of 16383 + 63 the mantissa is the number itself.
    match (16_383u32 + 63).checked_sub(u32::from(exponent)) {
        Some(shift @ 32..=63) => (mantissa >> shift) as u32,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_floats_of_80_bits() {
        for (bytes, rate) in [
            ([0x40, 0x0B, 0xFA, 0, 0, 0, 0, 0, 0, 0], 8000),
            ([0x40, 0x0E, 0xAC, 0x44, 0, 0, 0, 0, 0, 0], 44_100),
            ([0x40, 0x0E, 0xBB, 0x80, 0, 0, 0, 0, 0, 0], 48_000),
            ([0xC0, 0x0B, 0xFA, 0, 0, 0, 0, 0, 0, 0], 0),
            ([0x7F, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0], 0),
            ([0; 10], 0),
        ] {
            assert_eq!(rate_of(&bytes), rate);
        }
    }
}
