//! Files of other programs, and our own, as samples.
//!
//! Fixtures were made with sox and lame: half a second or less of a sine of 1 kHz, and a sweep.

use media::{DecodeError, accepts, decode, tones, wav};
use proptest::prelude::*;
use std::f64::consts::TAU;
use std::fs;
use std::path::Path;

const MAX: usize = 8000 * 60;

fn fixture(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name);
    fs::read(path).expect("the fixture is in the repository")
}

/// How much of the sound is a sine of this pitch, from 0 to 1.
fn share(samples: &[i16], hz: f64) -> f64 {
    let (mut real, mut imaginary, mut energy) = (0.0, 0.0, 0.0);
    for (at, sample) in samples.iter().enumerate() {
        let (turn, sample) = (TAU * hz * at as f64 / 8000.0, f64::from(*sample));
        real += sample * turn.cos();
        imaginary += sample * turn.sin();
        energy += sample * sample;
    }
    (real * real + imaginary * imaginary) * 2.0 / (energy * samples.len() as f64)
}

fn peak(samples: &[i16]) -> u16 {
    samples.iter().map(|one| one.unsigned_abs()).max().unwrap_or(0)
}

#[test]
fn files_of_other_programs_are_read() {
    for (name, content_type, samples) in [
        ("tone-44100-stereo.mp3", "audio/mpeg", 2800..4300),
        ("tone-22050-vbr.mp3", "audio/mp3", 2000..3400),
        ("tone-8000-mono.mp3", "audio/mpeg", 3500..5700),
        ("tone-8000.aiff", "audio/x-aiff", 400..401),
        ("tone-8000-mulaw.au", "audio/basic", 400..401),
        ("tone-44100-24bit.wav", "audio/x-wav", 160..161),
    ] {
        let sound = decode(content_type, &fixture(name), MAX).expect(name);
        assert!(samples.contains(&sound.len()), "{name}: {} samples", sound.len());
        let middle = &sound[sound.len() / 3..][..sound.len() / 4];
        assert!(share(middle, 1000.0) > 0.97, "{name}: {}", share(middle, 1000.0));
        assert!((14_000..19_000).contains(&peak(middle)), "{name}: {}", peak(middle));
    }
}

#[test]
fn gsm_is_decoded_to_the_very_sample() {
    let expected = fixture("sweep.s16");
    let expected: Vec<i16> =
        expected.chunks_exact(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect();
    for content_type in ["audio/gsm", "audio/x-gsm"] {
        assert_eq!(decode(content_type, &fixture("sweep.gsm"), MAX).as_ref(), Ok(&expected));
    }
}

#[test]
fn a_tone_is_written_and_read_again() {
    let tone = tones::sines(&[1000.0], 9000.0, 4000);
    let read = decode("audio/wav", &wav::encode(&tone), MAX);
    assert_eq!(read.as_ref(), Ok(&tone));
    assert!(share(&tone[100..3900], 1000.0) > 0.99);
    assert!(share(&tone[100..3900], 1100.0) < 0.01);
    // Both tracks of a call are averaged.
    let read = decode("audio/wav", &wav::encode_stereo(&tone, &tone), MAX);
    assert_eq!(read, Ok(tone));
}

/// A WAV file with any rate and channels, of 16 bits.
fn wav_at(rate: u32, channels: u16, samples: &[i16]) -> Vec<u8> {
    let mut bytes = wav::encode(samples);
    bytes[22..24].copy_from_slice(&channels.to_le_bytes());
    bytes[24..28].copy_from_slice(&rate.to_le_bytes());
    bytes[32..34].copy_from_slice(&(channels * 2).to_le_bytes());
    bytes
}

#[test]
fn a_tone_keeps_pitch_loudness_and_length_at_every_rate() {
    for rate in [6000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000] {
        let stereo: Vec<i16> = (0..rate as usize)
            .map(|at| ((TAU * 1000.0 * at as f64 / f64::from(rate)).sin() * 10_000.0) as i16)
            .flat_map(|one| [one, one])
            .collect();
        let sound = decode("audio/wav", &wav_at(rate, 2, &stereo), MAX).expect("it is a file");
        assert_eq!(sound.len(), 8000, "{rate}");
        let middle = &sound[800..7200];
        let crossings = middle.windows(2).filter(|two| (two[0] < 0) != (two[1] < 0)).count();
        assert!((1584..=1616).contains(&crossings), "{rate}: {crossings} crossings");
        assert!(share(middle, 1000.0) > 0.999, "{rate}");
        assert!((9900..=10_100).contains(&peak(middle)), "{rate}: {}", peak(middle));
    }
}

#[test]
fn what_is_not_read_says_what_it_is() {
    let mut adpcm = wav::encode(&[0; 10]);
    adpcm[20] = 0x11;
    for (content_type, bytes, why) in [
        ("audio/wav", adpcm, "WAV with IMA ADPCM is not supported"),
        ("audio/wav", wav_at(8000, 0, &[0]), "the file is broken: it has no channels"),
        ("audio/wav", wav_at(400_000, 1, &[0]), "a rate of 400000 Hz is not supported"),
        ("audio/wav", b"RIFF    WAVE".to_vec(), "the file is broken: it has no samples"),
        ("audio/wav", Vec::new(), "the file is no WAV file"),
        ("audio/aiff", b"FORM    AIFF".to_vec(), "the file is broken: it has no COMM chunk"),
        ("audio/mpeg", vec![0; 5000], "the file is no MP3 file"),
        ("audio/ogg", Vec::new(), "\"audio/ogg\" is not a type of sound that can be played"),
    ] {
        let refused = decode(content_type, &bytes, MAX).expect_err(why);
        assert_eq!(refused.to_string(), why);
    }
    assert!(!accepts("audio/ogg"));
}

#[test]
fn a_file_that_ends_early_is_read_as_far_as_it_goes() {
    let whole = wav::encode(&[5; 100]);
    assert_eq!(decode("audio/wav", &whole[..whole.len() - 51], MAX), Ok(vec![5; 74]));
    // A file written as a stream, whose length was never filled in.
    for announced in [0, u32::MAX] {
        let mut streamed = whole.clone();
        streamed[40..44].copy_from_slice(&announced.to_le_bytes());
        assert_eq!(decode("audio/wav", &streamed, MAX), Ok(vec![5; 100]));
    }
    let mp3 = fixture("tone-44100-stereo.mp3");
    let part = decode("audio/mpeg", &mp3[..1500], MAX).expect("it has whole frames");
    assert!(part.len() > 1000);
}

#[test]
fn a_small_file_that_unfolds_is_stopped_at_the_limit() {
    // A second at 1 kHz is eight times as long as it looks.
    let slow = wav_at(1000, 1, &[1000; 100_000]);
    assert_eq!(decode("audio/wav", &slow, MAX), Err(DecodeError::TooLong));
    let mp3 = fixture("tone-8000-mono.mp3").repeat(100);
    assert_eq!(decode("audio/mpeg", &mp3, 8000), Err(DecodeError::TooLong));
}

const TYPES: [&str; 6] =
    ["audio/wav", "audio/mpeg", "audio/aiff", "audio/gsm", "audio/ulaw", "audio/basic"];
const FILES: [&str; 6] = [
    "tone-44100-24bit.wav",
    "tone-22050-vbr.mp3",
    "tone-8000.aiff",
    "sweep.gsm",
    "tone-8000.aiff",
    "tone-8000-mulaw.au",
];

proptest! {
    /// Files with some bytes changed, and a part left out: read or refused.
    #[test]
    fn no_damage_panics(
        which in 0..6usize,
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
        gone in any::<prop::sample::Index>(),
    ) {
        let mut bytes = fixture(FILES[which]);
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.remove(gone.index(bytes.len()));
        if let Ok(sound) = decode(TYPES[which], &bytes, 20_000) {
            prop_assert!(sound.len() <= 20_000);
        }
    }

    #[test]
    fn any_samples_are_written_and_read_again(samples in prop::collection::vec(any::<i16>(), 0..500)) {
        prop_assert_eq!(decode("audio/wav", &wav::encode(&samples), 500), Ok(samples));
    }
}
