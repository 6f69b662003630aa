//! MP3 files, and their elder layers: frames, one after the other, with tags around them.
//!
//! ISO/IEC 11172-3 and 13818-3, decoded by `nanomp3-core`. A frame that is damaged is left out, as
//! players do. An encoder's delay is not cut off: a few hundredths of a second of silence.

use super::{DecodeError, Sink};
use nanomp3_core::{Decoder, MAX_SAMPLES_PER_FRAME};

pub(super) fn read(bytes: &[u8], sink: &mut Sink) -> Result<(), DecodeError> {
    let mut rest = after_tag(bytes);
    let mut decoder = Decoder::new();
    let mut frame = [0f32; MAX_SAMPLES_PER_FRAME];
    let mut mono = Vec::with_capacity(MAX_SAMPLES_PER_FRAME);
    let mut found = false;
    while !rest.is_empty() {
        let (consumed, result) = decoder.decode(rest, &mut frame);
        // Something is always consumed; if not, this would never end.
        rest = rest.get(consumed.max(1)..).unwrap_or_default();
        let Ok(info) = result else {
            continue;
        };
        let channels = usize::from(info.channels.num());
        let samples = &frame[..info.samples_produced * channels];
        mono.clear();
        mono.extend(samples.chunks_exact(channels).map(|one| loud(one.iter().sum(), channels)));
        sink.push(info.sample_rate, &mono)?;
        found = true;
    }
    if found { Ok(()) } else { Err(DecodeError::NotThat("MP3")) }
}

/// The average of channels, in the units of `i16`.
fn loud(sum: f32, channels: usize) -> f32 {
    (sum / channels as f32 * 32_768.0).clamp(-32_768.0, 32_767.0)
}

/// What follows an ID3v2 tag: its pictures can look like frames. ID3v2.4, section 3.1: the size is
/// in 4 bytes of 7 bits, and there may be a footer as long as the header.
fn after_tag(bytes: &[u8]) -> &[u8] {
    let Some(head) = bytes.get(..10).filter(|head| head.starts_with(b"ID3")) else {
        return bytes;
    };
    let size = head[6..].iter().fold(0usize, |sum, byte| sum << 7 | usize::from(byte & 0x7F));
    let footer = if head[5] & 0x10 == 0 { 0 } else { 10 };
    bytes.get(10 + size + footer..).unwrap_or_default()
}
