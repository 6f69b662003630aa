//! What a live call costs: a frame mixed and packed, and a second of listening for keys.

use criterion::{Criterion, criterion_group, criterion_main};
use media::{FRAME_SAMPLES, RATE_HZ, dtmf, g711, mix, tones};
use std::hint::black_box;

fn frame(c: &mut Criterion) {
    let one = tones::sines(&[440.0], 9000.0, FRAME_SAMPLES);
    let other = tones::sines(&[550.0], 9000.0, FRAME_SAMPLES);
    c.bench_function("mix and pack a frame", |b| {
        let mut bytes = Vec::with_capacity(FRAME_SAMPLES);
        b.iter(|| {
            let mut sum = one.clone();
            mix::add_saturating(&mut sum, black_box(&other));
            bytes.clear();
            g711::encode_mu(&sum, &mut bytes);
            black_box(bytes.last().copied())
        });
    });
}

fn keys(c: &mut Criterion) {
    let second = tones::sines(&[440.0, 480.0], 9000.0, RATE_HZ as usize);
    c.bench_function("listen for keys for a second", |b| {
        let mut detector = dtmf::Detector::new();
        b.iter(|| detector.feed(black_box(&second)).len());
    });
}

criterion_group!(benches, frame, keys);
criterion_main!(benches);
