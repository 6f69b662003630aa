//! A track is what was laid on it, whatever pieces it is read in.

use media::Timeline;
use proptest::prelude::*;
use std::sync::Arc;

/// What is done to a track.
#[derive(Debug, Clone)]
enum Do {
    Place(usize, usize),
    Part(usize, usize, usize),
    Append(usize, usize),
    Cut(usize),
}

const LENGTH: usize = 3000;

fn doing() -> impl Strategy<Value = Do> {
    prop_oneof![
        (0..2000usize, 0..900usize).prop_map(|(at, length)| Do::Place(at, length)),
        (0..2000usize, 0..900usize, 0..900usize).prop_map(|(at, a, b)| Do::Part(at, a, b)),
        (0..2000usize, 0..900usize).prop_map(|(at, length)| Do::Append(at, length)),
        (0..3000usize).prop_map(Do::Cut),
    ]
}

fn clip(length: usize, value: i16) -> Arc<[i16]> {
    (0..length).map(|at| value + at as i16 % 7).collect()
}

fn add(plain: &mut [i32], at: usize, samples: &[i16]) {
    plain[at..].iter_mut().zip(samples).for_each(|(sum, one)| *sum += i32::from(*one));
}

proptest! {
    #[test]
    fn a_track_is_the_sum_of_its_clips(
        doings in prop::collection::vec(doing(), 0..12),
        pieces in prop::collection::vec(1..500usize, 1..6),
    ) {
        let mut track = Timeline::new();
        let mut plain = vec![0; LENGTH];
        for (n, doing) in doings.into_iter().enumerate() {
            let value = 9000 + n as i16;
            match doing {
                Do::Place(at, length) => {
                    let samples = clip(length, value);
                    add(&mut plain, at, &samples);
                    track.place(at, samples).expect("there is room");
                }
                Do::Part(at, from, to) => {
                    let samples = clip(600, value);
                    add(&mut plain, at, samples.get(from..to.min(600)).unwrap_or_default());
                    track.place_range(at, samples, from..to).expect("there is room");
                }
                Do::Append(at, length) => {
                    let samples = clip(length, -value);
                    add(&mut plain, at, &samples);
                    track.append(at, &samples).expect("there is room");
                }
                Do::Cut(at) => {
                    plain[at..].fill(0);
                    track.cut(at);
                    prop_assert!(track.end() <= at);
                }
            }
        }
        let plain: Vec<i16> = plain.iter().map(|sum| (*sum).clamp(-32_768, 32_767) as i16).collect();
        let last = plain.iter().rposition(|one| *one != 0).map_or(0, |at| at + 1);
        prop_assert!(track.end() >= last);
        let (mut at, mut read) = (0, vec![1; LENGTH]);
        for piece in pieces.iter().cycle() {
            let until = (at + piece).min(LENGTH);
            track.read(at, &mut read[at..until]);
            at = until;
            if at == LENGTH {
                break;
            }
        }
        prop_assert_eq!(&read, &plain);
        // What is forgotten was before.
        track.forget(1500);
        track.read(0, &mut read);
        prop_assert_eq!(&read[1500..], &plain[1500..]);
    }
}
