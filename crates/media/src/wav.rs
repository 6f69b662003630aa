//! WAV files as they are downloaded: 8 kHz, 16 bits, one channel or two.
//!
//! The form is RIFF's: a header of 44 bytes, then samples, little-endian, channels in turn
//! (Microsoft and IBM, "Multimedia Programming Interface and Data Specifications 1.0"; RFC 2361).
//! A header needs to know the length first; the samples can then follow piece by piece, so that a
//! long recording is never whole in memory. Who reads such a file is [`crate::decode`].

use crate::RATE_HZ;

/// Bytes of a header.
pub const HEADER_BYTES: usize = 44;

/// Bytes of samples that a header can announce: RIFF counts in 32 bits, its own header included.
pub const DATA_BYTES_MAX: usize = u32::MAX as usize - HEADER_BYTES;

/// How many tracks a file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channels {
    /// One.
    Mono = 1,
    /// Two, in turn: a call's both sides, say.
    Stereo = 2,
}

/// How many bytes a file with so many samples in each channel has, header included.
pub fn file_bytes(channels: Channels, samples: usize) -> usize {
    HEADER_BYTES + data_bytes(channels, samples)
}

fn data_bytes(channels: Channels, samples: usize) -> usize {
    samples.saturating_mul(2 * channels as usize).min(DATA_BYTES_MAX)
}

/// The header of a file with `samples` in each channel. What is longer than RIFF can count is
/// announced as the longest that it can.
pub fn header(channels: Channels, samples: usize) -> [u8; HEADER_BYTES] {
    let data = data_bytes(channels, samples) as u32;
    let frame_bytes = 2 * channels as u16;
    let mut bytes = [0; HEADER_BYTES];
    let fields: [&[u8]; 13] = [
        b"RIFF",
        &(data + HEADER_BYTES as u32 - 8).to_le_bytes(),
        b"WAVE",
        b"fmt ",
        &16u32.to_le_bytes(),
        &1u16.to_le_bytes(), // PCM
        &(channels as u16).to_le_bytes(),
        &RATE_HZ.to_le_bytes(),
        &(RATE_HZ * u32::from(frame_bytes)).to_le_bytes(),
        &frame_bytes.to_le_bytes(),
        &16u16.to_le_bytes(),
        b"data",
        &data.to_le_bytes(),
    ];
    let mut at = 0;
    for field in fields {
        bytes[at..at + field.len()].copy_from_slice(field);
        at += field.len();
    }
    bytes
}

/// The next samples of a file with one channel, after what is in `to` already.
pub fn append(samples: &[i16], to: &mut Vec<u8>) {
    to.reserve(samples.len() * 2);
    samples.iter().for_each(|sample| to.extend_from_slice(&sample.to_le_bytes()));
}

/// The next samples of a file with two channels. Where one side is shorter, it is silent.
pub fn append_stereo(left: &[i16], right: &[i16], to: &mut Vec<u8>) {
    let length = left.len().max(right.len());
    to.reserve(length * 4);
    for at in 0..length {
        for side in [left, right] {
            to.extend_from_slice(&side.get(at).unwrap_or(&0).to_le_bytes());
        }
    }
}

/// A whole file with one channel.
pub fn encode(samples: &[i16]) -> Vec<u8> {
    let mut bytes = header(Channels::Mono, samples.len()).to_vec();
    append(samples, &mut bytes);
    bytes
}

/// A whole file with two channels.
pub fn encode_stereo(left: &[i16], right: &[i16]) -> Vec<u8> {
    let mut bytes = header(Channels::Stereo, left.len().max(right.len())).to_vec();
    append_stereo(left, right, &mut bytes);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_as_long_as_its_header_says() {
        let one = encode(&[1, -2, 3]);
        assert_eq!(one.len(), file_bytes(Channels::Mono, 3));
        assert_eq!(one[4..8], 42u32.to_le_bytes());
        assert_eq!(one[40..], [6, 0, 0, 0, 1, 0, 254, 255, 3, 0]);
        let two = encode_stereo(&[1, 2], &[3]);
        assert_eq!(two.len(), file_bytes(Channels::Stereo, 2));
        assert_eq!(two[40..], [8, 0, 0, 0, 1, 0, 3, 0, 2, 0, 0, 0]);
    }

    #[test]
    fn a_length_that_riff_cannot_count_does_not_wrap() {
        let bytes = header(Channels::Stereo, usize::MAX);
        assert_eq!(bytes[4..8], (u32::MAX - 8).to_le_bytes());
    }
}
