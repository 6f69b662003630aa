//! G.711: 16-bit samples as one byte each, µ-law or A-law.
//!
//! Recommendation ITU-T G.711; as payloads RFC 3551, section 4.5.14. Both keep about 38 dB between
//! sound and error over the levels that people speak at. Media streams and the phone's line carry
//! µ-law; A-law comes in files.

/// Added before a µ-law byte's segment is looked for, so that each segment begins at a power of 2.
const MU_BIAS: i32 = 0x84;
/// The loudest that µ-law has a byte for.
const MU_CLIP: i32 = 32_635;
/// What a µ-law byte of silence looks like.
pub const MU_SILENCE: u8 = 0xFF;

const MU_TABLE: [i16; 256] = table(false);
const A_TABLE: [i16; 256] = table(true);

const fn table(a_law: bool) -> [i16; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = if a_law { expand_a(byte as u8) } else { expand_mu(byte as u8) };
        byte += 1;
    }
    table
}

const fn expand_mu(byte: u8) -> i16 {
    let byte = !byte as i32;
    let size = ((((byte & 0x0F) << 3) + MU_BIAS) << ((byte & 0x70) >> 4)) - MU_BIAS;
    (if byte & 0x80 != 0 { -size } else { size }) as i16
}

const fn expand_a(byte: u8) -> i16 {
    let byte = (byte ^ 0x55) as i32;
    let (segment, step) = ((byte & 0x70) >> 4, (byte & 0x0F) << 4);
    let size = if segment == 0 { step + 8 } else { (step + 0x108) << (segment - 1) };
    (if byte & 0x80 != 0 { size } else { -size }) as i16
}

/// One sample as a µ-law byte.
pub fn mu_from(sample: i16) -> u8 {
    let size = i32::from(sample).abs().min(MU_CLIP) + MU_BIAS;
    let segment = size.ilog2() as i32 - 7;
    let sign = if sample < 0 { 0x80 } else { 0 };
    !(sign | (segment << 4) | ((size >> (segment + 3)) & 0x0F)) as u8
}

/// The sample of one µ-law byte.
pub fn mu_to(byte: u8) -> i16 {
    MU_TABLE[usize::from(byte)]
}

/// One sample as an A-law byte.
pub fn a_from(sample: i16) -> u8 {
    let size = i32::from(sample) >> 3;
    let (mask, size) = if size >= 0 { (0xD5, size) } else { (0x55, -size - 1) };
    let segment = if size < 32 { 0 } else { size.ilog2() as i32 - 4 };
    let step = (size >> segment.max(1)) & 0x0F;
    (((segment << 4) | step) ^ mask) as u8
}

/// The sample of one A-law byte.
pub fn a_to(byte: u8) -> i16 {
    A_TABLE[usize::from(byte)]
}

/// Samples as µ-law, a byte each, after what is in `to` already.
pub fn encode_mu(samples: &[i16], to: &mut Vec<u8>) {
    to.extend(samples.iter().map(|sample| mu_from(*sample)));
}

/// Samples of µ-law, after what is in `to` already.
pub fn decode_mu(bytes: &[u8], to: &mut Vec<i16>) {
    to.extend(bytes.iter().map(|byte| mu_to(*byte)));
}

/// Samples as A-law, a byte each, after what is in `to` already.
pub fn encode_a(samples: &[i16], to: &mut Vec<u8>) {
    to.extend(samples.iter().map(|sample| a_from(*sample)));
}

/// Samples of A-law, after what is in `to` already.
pub fn decode_a(bytes: &[u8], to: &mut Vec<i16>) {
    to.extend(bytes.iter().map(|byte| a_to(*byte)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recommendation_s_corners_are_met() {
        for (sample, mu, a) in [
            (0, 0xFF, 0xD5),
            (-1, 0x7F, 0x55),
            (32_767, 0x80, 0xAA),
            (-32_768, 0x00, 0x2A),
            (1000, 0xCE, 0xFA),
            (-1000, 0x4E, 0x7A),
        ] {
            assert_eq!((mu_from(sample), a_from(sample)), (mu, a), "{sample}");
        }
        assert_eq!((mu_to(0xFF), mu_to(0x80), mu_to(0x00)), (0, 32_124, -32_124));
        assert_eq!((a_to(0xD5), a_to(0xAA), a_to(0x2A)), (8, 32_256, -32_256));
    }

    #[test]
    fn every_byte_is_read_and_written_again() {
        for byte in 0..=255 {
            // µ-law has two bytes for zero.
            assert!(mu_from(mu_to(byte)) == byte || mu_to(byte) == 0, "{byte}");
            assert_eq!(a_from(a_to(byte)), byte);
        }
    }

    #[test]
    fn what_comes_back_is_near_what_went_in() {
        let mut last = (i16::MIN, i16::MIN);
        for sample in i16::MIN..=i16::MAX {
            let (mu, a) = (mu_to(mu_from(sample)), a_to(a_from(sample)));
            assert!(mu >= last.0 && a >= last.1, "{sample} is lower than its neighbour");
            last = (mu, a);
            let near = i32::from(sample).abs() / 16 + 16;
            let clipped = i32::from(sample).clamp(-32_124, 32_124);
            assert!((i32::from(mu) - clipped).abs() <= near, "{sample} became {mu}");
            assert!((i32::from(a) - i32::from(sample)).abs() <= near + 512, "{sample} became {a}");
        }
    }
}
