//! WAV files: RIFF with samples.
//!
//! Microsoft and IBM, "Multimedia Programming Interface and Data Specifications 1.0"; the numbers
//! of codecs are those of RFC 2361, "extensible" is Microsoft's WAVEFORMATEXTENSIBLE.

use super::pcm::{Kind, Layout};
use super::{CHUNKS_MAX, DecodeError, Sink};

/// "The codec is further down": its number is the beginning of a GUID.
const EXTENSIBLE: u16 = 0xFFFE;

pub(super) fn read(bytes: &[u8], sink: &mut Sink) -> Result<(), DecodeError> {
    if bytes.get(..4) != Some(b"RIFF") || bytes.get(8..12) != Some(b"WAVE") {
        return Err(DecodeError::NotThat("WAV"));
    }
    let mut rest = &bytes[12..];
    let mut layout = None;
    for _ in 0..CHUNKS_MAX {
        let Some((head, body)) = rest.split_at_checked(8) else {
            break;
        };
        let announced = u32::from_le_bytes([head[4], head[5], head[6], head[7]]) as usize;
        // A file written as a stream announces nothing, or too much: it goes on to its end.
        let streamed = &head[..4] == b"data" && announced == 0;
        let size = if streamed { body.len() } else { announced.min(body.len()) };
        match &head[..4] {
            b"fmt " => layout = Some(layout_of(&body[..size])?),
            b"data" => {
                let layout = layout.ok_or(DecodeError::Broken("it has samples before a format"))?;
                return layout.read(&body[..size], sink);
            }
            _ => {}
        }
        rest = body.get(size + size % 2..).unwrap_or_default();
    }
    Err(DecodeError::Broken("it has no samples"))
}

fn layout_of(format: &[u8]) -> Result<Layout, DecodeError> {
    let number = |at: usize| match format.get(at..at + 2) {
        Some(pair) => Ok(u16::from_le_bytes([pair[0], pair[1]])),
        None => Err(DecodeError::Broken("its format ends early")),
    };
    let codec = match number(0)? {
        EXTENSIBLE => number(24)?,
        codec => codec,
    };
    let channels = number(2)?;
    let rate = u32::from(number(4)?) | u32::from(number(6)?) << 16;
    let (block, bits) = (usize::from(number(12)?), usize::from(number(14)?));
    // A sample of 20 bits, say, lies in 3 bytes, in their upper part.
    let width = match usize::from(channels) {
        0 => 0,
        channels if block % channels == 0 && block > 0 => block / channels,
        _ => bits.div_ceil(8),
    };
    let kind = match codec {
        1 if width == 1 => Kind::Unsigned,
        1 => Kind::Signed,
        3 => Kind::Float,
        6 => Kind::ALaw,
        7 => Kind::MuLaw,
        _ => return Err(DecodeError::Unsupported(format!("WAV with {}", named(codec)))),
    };
    Ok(Layout { kind, width, big_endian: false, channels, rate })
}

/// Codecs that are met in practice, for a message that can be understood.
fn named(codec: u16) -> String {
    match codec {
        0x02 => "Microsoft ADPCM".to_owned(),
        0x11 => "IMA ADPCM".to_owned(),
        0x31 => "GSM 06.10".to_owned(),
        0x40 | 0x45 | 0x64 => "G.72x ADPCM".to_owned(),
        0x50 | 0x55 => "MPEG sound".to_owned(),
        codec => format!("codec {codec:#06x}"),
    }
}
