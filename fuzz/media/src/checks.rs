//! What must hold for any sound file and any text of digits: run by the fuzz targets, and over the
//! corpus as plain tests.

use media::dtmf::{Detector, STEPS_MAX, Sequence};

/// The longest sound that is asked for: two seconds.
const SAMPLES_MAX: usize = 16_000;

/// The first byte chooses the content type, the rest is the file. Nothing panics, nothing is longer
/// than was asked for, and the answer is the same every time.
pub fn decode(input: &[u8]) {
    let types = ["audio/wav", "audio/mpeg", "audio/aiff", "audio/gsm", "audio/ulaw", "audio/basic"];
    let Some((first, file)) = input.split_first() else {
        return;
    };
    let content_type = types[usize::from(*first) % types.len()];
    let sound = media::decode(content_type, file, SAMPLES_MAX);
    assert_eq!(sound, media::decode(content_type, file, SAMPLES_MAX));
    match sound {
        Ok(samples) => assert!(samples.len() <= SAMPLES_MAX),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// A text is refused with a place inside of it, or is as long as its sound, in which its keys are
/// found again.
pub fn dtmf(input: &str) {
    let Ok(sequence) = Sequence::parse(input) else {
        let good = input.chars().all(|sign| "0123456789ABCD*#wW".contains(sign));
        assert!(!good || input.len() > STEPS_MAX);
        return;
    };
    assert_eq!(sequence.steps().len(), input.len());
    assert!(sequence.presses().count() <= input.len());
    if input.len() < 50 {
        let sound = sequence.render();
        assert_eq!(media::ms_of(sound.len()), sequence.length_ms());
        let heard: String = Detector::new().feed(&sound).iter().map(|one| one.key.sign()).collect();
        assert_eq!(heard, input.replace(['w', 'W'], ""));
    }
}
