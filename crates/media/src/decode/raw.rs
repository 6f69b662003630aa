//! `audio/basic`: µ-law at 8 kHz (RFC 2046, section 4.3), often with a header all the same: Sun's
//! and NeXT's, which names another layout.

use super::pcm::{Kind, Layout, MU_LAW};
use super::{DecodeError, Sink};

pub(super) fn read(bytes: &[u8], sink: &mut Sink) -> Result<(), DecodeError> {
    if bytes.get(..4) != Some(b".snd") {
        return MU_LAW.read(bytes, sink);
    }
    let Some(head) = bytes.get(..24) else {
        return Err(DecodeError::Broken("its header ends early"));
    };
    let number =
        |at: usize| u32::from_be_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
    let (kind, width) = match number(12) {
        1 => (Kind::MuLaw, 1),
        encoding @ 2..=5 => (Kind::Signed, encoding as usize - 1),
        6 => (Kind::Float, 4),
        7 => (Kind::Float, 8),
        27 => (Kind::ALaw, 1),
        other => {
            return Err(DecodeError::Unsupported(format!("basic sound with encoding {other}")));
        }
    };
    let channels = u16::try_from(number(20)).unwrap_or(u16::MAX);
    let layout = Layout { kind, width, big_endian: true, channels, rate: number(16) };
    layout.read(bytes.get(number(4) as usize..).unwrap_or_default(), sink)
}
