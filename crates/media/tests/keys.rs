//! Keys in what is heard: each press once, whatever the level, the length and the pieces; and none
//! in speech, music, ringing and noise.

use media::dtmf::{Detector, Key, Sequence};
use media::tones::{self, sines};
use media::{RATE_HZ, mix, samples_of};
use proptest::prelude::*;
use std::f64::consts::TAU;

const ALL: &str = "0123456789ABCD*#";

fn heard(samples: &[i16]) -> String {
    Detector::new().feed(samples).iter().map(|press| press.key.sign()).collect()
}

/// Noise that is the same each time, with this peak.
fn noise(samples: usize, peak: f64, seed: u64) -> Vec<i16> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1u64 << 53) as f64 * 2.0 - 1.0
    };
    (0..samples).map(|_| (next() * peak) as i16).collect()
}

/// Two sines with peaks of their own.
fn pair(low: (f64, f64), high: (f64, f64), ms: u64) -> Vec<i16> {
    let mut sound = sines(&[low.0], low.1, samples_of(ms));
    mix::add_saturating(&mut sound, &sines(&[high.0], high.1, samples_of(ms)));
    sound
}

/// `2`, the key with the pitches 697 and 1336, in silence.
fn two(peaks: (f64, f64), off: (f64, f64), ms: u64) -> Vec<i16> {
    let silence = vec![0; samples_of(60)];
    let tone = pair((697.0 * off.0, peaks.0), (1336.0 * off.1, peaks.1), ms);
    [silence.clone(), tone, silence].concat()
}

#[test]
fn every_key_is_found_where_it_is() {
    let sequence = Sequence::parse(ALL).expect("these are the keys");
    let presses = Detector::new().feed(&sequence.render());
    let expected: Vec<_> = sequence.presses().collect();
    assert_eq!(presses.len(), expected.len());
    for (found, made) in presses.iter().zip(expected) {
        assert_eq!(found.key, made.key);
        assert!(found.at.abs_diff(made.at) <= 102, "{found:?} of {made:?}");
    }
}

#[test]
fn levels_twists_and_offsets_that_q24_wants_are_taken() {
    for decibels in 0..=30 {
        // Both together are full scale.
        let peak = 16_383.0 * 10f64.powf(-f64::from(decibels) / 20.0);
        assert_eq!(heard(&two((peak, peak), (1.0, 1.0), 40)), "2", "-{decibels} dBFS");
        for off in [(0.985, 0.985), (1.015, 1.015), (0.985, 1.015), (1.015, 0.985)] {
            assert_eq!(heard(&two((peak, peak), off, 50)), "2", "-{decibels} dBFS, {off:?}");
        }
    }
    // 6 dB either way.
    for peaks in [(4000.0, 8000.0), (8000.0, 4000.0)] {
        assert_eq!(heard(&two(peaks, (1.0, 1.0), 40)), "2", "{peaks:?}");
        assert_eq!(heard(&two(peaks, (1.01, 0.99), 50)), "2", "{peaks:?}");
    }
    // 16 dB, and one alone, are no key.
    for peaks in [(12_000.0, 1900.0), (1900.0, 12_000.0), (12_000.0, 0.0), (0.0, 12_000.0)] {
        assert_eq!(heard(&two(peaks, (1.0, 1.0), 100)), "", "{peaks:?}");
    }
    assert_eq!(heard(&two((100.0, 100.0), (1.0, 1.0), 100)), "", "too quiet");
    assert_eq!(heard(&two((8000.0, 8000.0), (1.0, 1.0), 20)), "", "too short");
}

#[test]
fn a_key_that_is_held_is_one_press_and_one_that_is_pressed_twice_two() {
    let key = Key::of('5').expect("it is a key");
    let press = |ms| key.sound(samples_of(ms));
    let gap = |ms| vec![0; samples_of(ms)];
    for shift in 0..102 {
        let before = vec![0; shift];
        assert_eq!(heard(&[before.clone(), press(10_000), gap(50)].concat()), "5");
        assert_eq!(heard(&[before.clone(), press(40), gap(40), press(40), gap(40)].concat()), "55");
        assert_eq!(
            heard(&[before, press(60), gap(8), press(60), gap(40)].concat()),
            "5",
            "{shift}"
        );
    }
    let other = Key::of('6').expect("it is a key").sound(samples_of(60));
    assert_eq!(heard(&[press(60), other, gap(40)].concat()), "56", "without a gap");
}

#[test]
fn keys_are_found_over_noise_and_through_the_line() {
    let sequence = Sequence::parse("159D*0#").expect("these are keys");
    for seed in 0..20 {
        let mut sound = sequence.render();
        let hiss = noise(sound.len(), 2500.0, seed);
        mix::add_saturating(&mut sound, &hiss);
        let line: Vec<i16> =
            sound.iter().map(|one| media::g711::mu_to(media::g711::mu_from(*one))).collect();
        assert_eq!(heard(&line), "159D*0#", "seed {seed}");
    }
}

#[test]
fn noise_and_tones_of_the_network_are_no_keys() {
    for seed in 0..10 {
        assert_eq!(heard(&noise(RATE_HZ as usize * 20, 20_000.0, seed)), "", "seed {seed}");
    }
    for code in ["us", "uk", "us-old", "fr", "in", "za"] {
        for cadence in [tones::ringback(code), tones::busy(code)] {
            assert_eq!(heard(&cadence.samples()), "", "{code}");
        }
    }
    assert_eq!(heard(&tones::beep()), "");
    // A sweep through all pitches.
    let sweep: Vec<i16> = (0..80_000)
        .map(|at| {
            let time = f64::from(at) / 8000.0;
            ((TAU * (300.0 + 90.0 * time) * time).sin() * 15_000.0) as i16
        })
        .collect();
    assert_eq!(heard(&sweep), "");
}

/// A voice: harmonics of a pitch that glides, each as loud as three formants make it.
fn vowel(pitch: f64, formants: [f64; 3], samples: usize) -> Vec<i16> {
    let loud = |hz: f64| -> f64 {
        let near = |formant: f64| 1.0 / (1.0 + ((hz - formant) / 70.0).powi(2));
        formants.iter().zip([1.0, 0.6, 0.3]).map(|(formant, part)| near(*formant) * part).sum()
    };
    let mut phase = 0.0;
    (0..samples)
        .map(|at| {
            let glide = 1.0 + 0.08 * (TAU * 3.0 * at as f64 / 8000.0).sin();
            phase += TAU * pitch * glide / 8000.0;
            let harmonics = (1..(3600.0 / pitch) as usize).map(|n| n as f64);
            let sum: f64 = harmonics.map(|n| (phase * n).sin() * loud(pitch * glide * n)).sum();
            (sum * 6000.0) as i16
        })
        .collect()
}

#[test]
fn voices_are_no_keys() {
    let vowels = [
        [730.0, 1090.0, 2440.0],
        [270.0, 2290.0, 3010.0],
        [530.0, 1840.0, 2480.0],
        [570.0, 840.0, 2410.0],
        [300.0, 870.0, 2240.0],
        [660.0, 1720.0, 2410.0],
    ];
    for formants in vowels {
        for pitch in [85, 100, 121, 140, 165, 190, 220, 255, 300] {
            let sound = vowel(f64::from(pitch), formants, 8000);
            assert_eq!(heard(&sound), "", "{pitch} Hz, {formants:?}");
        }
    }
}

proptest! {
    #[test]
    fn what_is_rendered_is_heard_in_any_pieces(
        text in "[0-9A-D*#wW]{0,12}",
        pieces in prop::collection::vec(1..700usize, 1..8),
        before in 0..400usize,
    ) {
        let sequence = Sequence::parse(&text).expect("it is of the alphabet");
        let sound = [vec![0; before], sequence.render(), vec![0; 400]].concat();
        let mut detector = Detector::new();
        let (mut rest, mut found) = (sound.as_slice(), String::new());
        for piece in pieces.iter().cycle() {
            let (now, later) = rest.split_at(rest.len().min(*piece));
            found.extend(detector.feed(now).iter().map(|press| press.key.sign()));
            if later.is_empty() {
                break;
            }
            rest = later;
        }
        let keys: String = text.chars().filter(|sign| !"wW".contains(*sign)).collect();
        prop_assert_eq!(found, keys);
        prop_assert_eq!(detector.held(), None);
    }

    #[test]
    fn any_text_is_a_sequence_or_refused(text in "\\PC{0,20}") {
        let good = text.chars().all(|sign| ALL.contains(sign) || "wW".contains(sign));
        prop_assert_eq!(Sequence::parse(&text).is_ok(), good);
    }
}
