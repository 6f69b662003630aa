//! Sound files to samples: what `<Play>` fetches, and what a voice URL answers instead of TwiML.
//!
//! The type that came with the file decides how it is read (twiml.md 2.2, webhooks.md 4.6); a file
//! that is not of its type is refused, never guessed at. Any rate and number of channels becomes
//! 8 kHz and one. Files come from outside: whatever they say about themselves, nothing panics, and
//! no more memory is taken than the samples asked for and the file itself.

mod aiff;
mod gsm;
mod mp3;
mod pcm;
mod raw;
mod wav;

use crate::RATE_HZ;
use crate::resample::{RATES_HZ, Resampler};
use std::fmt;

/// Channels of a file that are read, and averaged.
pub const CHANNELS_MAX: u16 = 8;

/// Chunks of a WAV or AIFF file that are looked at.
pub const CHUNKS_MAX: usize = 1000;

/// What a file can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Wav,
    Mp3,
    Aiff,
    Gsm,
    /// µ-law at 8 kHz without a header; `audio/basic` may have Sun's.
    MuLaw,
    Basic,
}

/// Content types, without parameters and in small letters.
const TYPES: &[(&str, Format)] = &[
    ("audio/mpeg", Format::Mp3),
    ("audio/mp3", Format::Mp3),
    ("audio/wav", Format::Wav),
    ("audio/wave", Format::Wav),
    ("audio/x-wav", Format::Wav),
    ("audio/aiff", Format::Aiff),
    ("audio/x-aiff", Format::Aiff),
    ("audio/x-aifc", Format::Aiff),
    ("audio/gsm", Format::Gsm),
    ("audio/x-gsm", Format::Gsm),
    ("audio/ulaw", Format::MuLaw),
    ("audio/basic", Format::Basic),
];

/// Why a file could not be read. Shown to who wrote the application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DecodeError {
    /// The content type is not one of sound that is played.
    UnknownType(String),
    /// The file does not begin as files of its type do.
    NotThat(&'static str),
    /// The file is of its type, in a variant that is not read.
    Unsupported(String),
    /// The file breaks its own rules.
    Broken(&'static str),
    /// The sound is longer than the most samples that were asked for.
    TooLong,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DecodeError::UnknownType(content_type) => {
                write!(f, "{content_type:?} is not a type of sound that can be played")
            }
            DecodeError::NotThat(format) => write!(f, "the file is no {format} file"),
            DecodeError::Unsupported(what) => write!(f, "{what} is not supported"),
            DecodeError::Broken(why) => write!(f, "the file is broken: {why}"),
            DecodeError::TooLong => write!(f, "the sound is too long"),
        }
    }
}

impl std::error::Error for DecodeError {}

fn format_of(content_type: &str) -> Option<Format> {
    let plain = content_type.split(';').next().unwrap_or_default().trim();
    let known = TYPES.iter().find(|(name, _)| name.eq_ignore_ascii_case(plain));
    known.map(|(_, format)| *format)
}

/// Whether files of this content type are read; its parameters do not matter.
pub fn accepts(content_type: &str) -> bool {
    format_of(content_type).is_some()
}

/// The samples of a file. `samples_max` is the longest that is taken, in samples of 8 kHz; a longer
/// file is [`DecodeError::TooLong`], found out without decoding the rest of it. A file that ends
/// early is read as far as it goes.
pub fn decode(
    content_type: &str,
    bytes: &[u8],
    samples_max: usize,
) -> Result<Vec<i16>, DecodeError> {
    let Some(format) = format_of(content_type) else {
        return Err(DecodeError::UnknownType(content_type.chars().take(100).collect()));
    };
    let mut sink = Sink::new(samples_max);
    match format {
        Format::Wav => wav::read(bytes, &mut sink)?,
        Format::Mp3 => mp3::read(bytes, &mut sink)?,
        Format::Aiff => aiff::read(bytes, &mut sink)?,
        Format::Gsm => gsm::read(bytes, &mut sink)?,
        Format::MuLaw => pcm::MU_LAW.read(bytes, &mut sink)?,
        Format::Basic => raw::read(bytes, &mut sink)?,
    }
    sink.end()
}

/// Where decoders put what they find: resamples, and stops what is too long.
struct Sink {
    samples: Vec<i16>,
    samples_max: usize,
    resampler: Option<(u32, Resampler)>,
}

impl Sink {
    fn new(samples_max: usize) -> Sink {
        // One more than the limit is made, to know that there is more.
        Sink {
            samples: Vec::new(),
            samples_max: samples_max.min(isize::MAX as usize),
            resampler: None,
        }
    }

    /// Takes samples at `rate`, in the units of `i16`. The rate may change on the way.
    fn push(&mut self, rate: u32, samples: &[f32]) -> Result<(), DecodeError> {
        if self.resampler.as_ref().is_none_or(|(known, _)| *known != rate) {
            self.flush();
            if !RATES_HZ.contains(&rate) {
                return Err(DecodeError::Unsupported(format!("a rate of {rate} Hz")));
            }
            self.resampler = Some((rate, Resampler::new(rate)));
        }
        if let Some((_, resampler)) = &mut self.resampler {
            resampler.push(samples, &mut self.samples, self.samples_max);
        }
        self.checked()
    }

    fn flush(&mut self) {
        if let Some((_, resampler)) = self.resampler.take() {
            resampler.finish(&mut self.samples, self.samples_max);
        }
    }

    fn checked(&self) -> Result<(), DecodeError> {
        if self.samples.len() > self.samples_max { Err(DecodeError::TooLong) } else { Ok(()) }
    }

    fn end(mut self) -> Result<Vec<i16>, DecodeError> {
        self.flush();
        self.checked()?;
        Ok(self.samples)
    }

    /// Takes samples that are already as they should be.
    fn push_plain(&mut self, samples: &[i16]) -> Result<(), DecodeError> {
        self.push(RATE_HZ, &samples.iter().map(|one| f32::from(*one)).collect::<Vec<_>>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_type_decides_whatever_its_letters_and_parameters() {
        for content_type in ["audio/mpeg", "Audio/WAV", " audio/ulaw ; rate=8000", "audio/x-aifc"] {
            assert!(accepts(content_type), "{content_type}");
        }
        for content_type in ["", "audio", "audio/ogg", "video/mpeg", "application/octet-stream"] {
            assert!(!accepts(content_type), "{content_type}");
            let refused = decode(content_type, b"", 10);
            assert_eq!(refused, Err(DecodeError::UnknownType(content_type.to_owned())));
        }
    }

    #[test]
    fn a_file_of_another_type_is_refused() {
        let wav = crate::wav::encode(&[0; 100]);
        for (content_type, format) in
            [("audio/aiff", "AIFF"), ("audio/mpeg", "MP3"), ("audio/gsm", "GSM")]
        {
            let refused = decode(content_type, &wav, 1000);
            assert_eq!(refused, Err(DecodeError::NotThat(format)), "{content_type}");
        }
        assert_eq!(decode("audio/wav", b"FORM", 10), Err(DecodeError::NotThat("WAV")));
    }

    #[test]
    fn as_much_as_was_asked_for_and_not_one_more() {
        let wav = crate::wav::encode(&[7; 100]);
        assert_eq!(decode("audio/wav", &wav, 100), Ok(vec![7; 100]));
        assert_eq!(decode("audio/wav", &wav, 99), Err(DecodeError::TooLong));
        assert_eq!(decode("audio/ulaw", &[0xFF; 100], 99), Err(DecodeError::TooLong));
        assert_eq!(decode("audio/ulaw", &[0xFF; 100], usize::MAX), Ok(vec![0; 100]));
    }
}
