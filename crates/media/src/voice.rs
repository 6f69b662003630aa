//! Tells sound from silence, by its energy: when somebody speaks, and where a clip is quiet.
//!
//! Blocks of 10 ms are loud when their mean square is over [`LOUD_DBFS`]. Somebody begins when three
//! blocks in a row are loud, so that a click is no word; and has ended when it was quiet for
//! [`HANGOVER_MS`], so that the pauses inside of words are no ends. Digital silence and the noise of
//! a quiet line (about -60 dBFS) are silence. This knows no words: music and keys are loud, too.

use crate::samples_of;
use std::ops::Range;

/// What is louder than this is sound, in decibels below full scale. People speak at -30 to -15.
pub const LOUD_DBFS: f64 = -42.0;

/// [`LOUD_DBFS`] as mean square: `32768² * 10^(-42/10)`.
const LOUD: u64 = 67_748;

/// Silence that ends an activity.
pub const HANGOVER_MS: u64 = 200;

/// Samples of a block.
const BLOCK: usize = samples_of(10);

/// Loud blocks in a row that begin an activity.
const ONSET: usize = 3;

const HANGOVER: usize = samples_of(HANGOVER_MS) / BLOCK;

/// What became of the silence, or of the sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// Sound, from this sample on; said 30 ms after.
    Began(usize),
    /// Silence, from this sample on; said [`HANGOVER_MS`] after.
    Ended(usize),
}

/// Listens for sound: feed it everything that is heard, from the beginning.
#[derive(Debug, Clone, Default)]
pub struct Activity {
    squares: u64,
    filled: usize,
    /// Samples before the block.
    heard: usize,
    /// Loud blocks in a row, up to now.
    loud: usize,
    /// Quiet blocks in a row, up to now.
    quiet: usize,
    active: bool,
}

impl Activity {
    /// Has heard nothing, which is silence.
    pub fn new() -> Activity {
        Activity::default()
    }

    /// Whether there is sound now.
    pub fn is_active(&self) -> bool {
        self.active
    }

    /// Hears the next samples, and says what changed in them.
    pub fn feed(&mut self, samples: &[i16]) -> Vec<Event> {
        let mut events = Vec::new();
        for sample in samples {
            self.squares += u64::from(sample.unsigned_abs()).pow(2);
            self.filled += 1;
            if self.filled == BLOCK {
                events.extend(self.judge());
            }
        }
        events
    }

    fn judge(&mut self) -> Option<Event> {
        let is_loud = self.squares > LOUD * BLOCK as u64;
        (self.squares, self.filled) = (0, 0);
        self.heard += BLOCK;
        (self.loud, self.quiet) = if is_loud { (self.loud + 1, 0) } else { (0, self.quiet + 1) };
        if !self.active && self.loud == ONSET {
            self.active = true;
            return Some(Event::Began(self.heard - ONSET * BLOCK));
        }
        if self.active && self.quiet == HANGOVER {
            self.active = false;
            return Some(Event::Ended(self.heard - HANGOVER * BLOCK));
        }
        None
    }
}

/// Where there is sound in a clip, in order and apart.
pub fn spans(samples: &[i16]) -> Vec<Range<usize>> {
    let mut activity = Activity::new();
    let mut spans = Vec::new();
    let mut began = None;
    for event in activity.feed(samples) {
        match event {
            Event::Began(at) => began = Some(at),
            Event::Ended(at) => spans.extend(began.take().map(|began| began..at)),
        }
    }
    // The clip ends before the hangover does: what is quiet at its end is not counted.
    let ends = samples.len() - activity.filled - activity.quiet * BLOCK;
    let ends = if activity.quiet == 0 { samples.len() } else { ends };
    spans.extend(began.map(|began| began..ends));
    spans
}

/// A clip without the silence at its beginning and end; all of it when there is nothing else, so
/// that nothing becomes empty that was not. Who wants a silent clip to be nothing asks [`spans`].
pub fn trim(samples: &[i16]) -> Range<usize> {
    let spans = spans(samples);
    match (spans.first(), spans.last()) {
        (Some(first), Some(last)) => first.start..last.end,
        _ => 0..samples.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tones::sines;

    #[test]
    fn the_threshold_is_what_it_is_said_to_be() {
        let square = 32_768f64.powi(2) * 10f64.powf(LOUD_DBFS / 10.0);
        assert_eq!(LOUD, square as u64);
    }

    /// Clips of (milliseconds, peak), one after the other.
    fn clip(parts: &[(u64, f64)]) -> Vec<i16> {
        parts.iter().flat_map(|(ms, peak)| sines(&[300.0], *peak, samples_of(*ms))).collect()
    }

    #[test]
    fn sound_is_told_from_silence() {
        let ms = |from: u64, to: u64| samples_of(from)..samples_of(to);
        for (parts, expected) in [
            (&[(1000, 0.0)][..], vec![]),
            (&[(1000, 30.0)], vec![]),
            (&[(1000, 3000.0)], vec![ms(0, 1000)]),
            (&[(500, 0.0), (500, 3000.0), (500, 0.0)], vec![ms(500, 1000)]),
            // A pause inside of a word, and one between two.
            (&[(300, 3000.0), (150, 0.0), (300, 3000.0)], vec![ms(0, 750)]),
            (&[(300, 3000.0), (250, 0.0), (300, 3000.0)], vec![ms(0, 300), ms(550, 850)]),
            // The end comes before the hangover does.
            (&[(300, 3000.0), (100, 0.0)], vec![ms(0, 300)]),
            // A click.
            (&[(300, 0.0), (15, 9000.0), (300, 0.0)], vec![]),
            (&[], vec![]),
        ] {
            assert_eq!(spans(&clip(parts)), expected, "{parts:?}");
        }
    }

    #[test]
    fn events_come_in_turn_whatever_the_pieces() {
        let clip = clip(&[(200, 0.0), (300, 3000.0), (400, 0.0), (300, 3000.0), (50, 0.0)]);
        let whole = Activity::new().feed(&clip);
        let expected = [Event::Began(1600), Event::Ended(4000), Event::Began(7200)];
        assert_eq!(whole, expected);
        for piece in [1, 7, 160, 1000] {
            let mut activity = Activity::new();
            let events: Vec<Event> =
                clip.chunks(piece).flat_map(|one| activity.feed(one)).collect();
            assert_eq!(events, expected);
            assert!(activity.is_active());
        }
    }

    #[test]
    fn a_clip_is_trimmed_and_never_emptied() {
        let trimmed = trim(&clip(&[(300, 0.0), (300, 3000.0), (500, 10.0)]));
        assert_eq!(trimmed, samples_of(300)..samples_of(600));
        assert_eq!(trim(&[0; 500]), 0..500);
        assert_eq!(trim(&[]), 0..0);
    }
}
