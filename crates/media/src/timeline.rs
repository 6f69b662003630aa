//! A track that clips are laid on, and that is read piece by piece.
//!
//! One track is what one end of a call hears, or what a recording will hold: prompts and tones are
//! placed where they begin, live sound is appended as it comes, and a frame or a minute is read
//! where it is wanted. What overlaps is mixed. A clip is shared, not copied: one that repeats a
//! thousand times costs a thousand entries. Memory is what was placed, within [`CLIPS_MAX`] and
//! [`LIVE_SAMPLES_MAX`], and [`Timeline::forget`] gives back what has been heard.

use crate::mix::Sum;
use crate::{FRAME_SAMPLES, RATE_HZ};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// Clips on one track at once. Four hours of live sound are 14 400.
pub const CLIPS_MAX: usize = 100_000;

/// Live samples that one track keeps: five hours, 288 MB. A call lasts four at most.
pub const LIVE_SAMPLES_MAX: usize = 5 * 3600 * RATE_HZ as usize;

/// Live samples that are kept together.
const LIVE_PIECE: usize = RATE_HZ as usize;

/// The track holds as much as it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full;

impl fmt::Display for Full {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a track holds at most {CLIPS_MAX} clips and {LIVE_SAMPLES_MAX} live samples")
    }
}

impl std::error::Error for Full {}

#[derive(Debug, Clone)]
struct Clip {
    at: usize,
    samples: Arc<[i16]>,
    part: Range<usize>,
    live: bool,
}

impl Clip {
    fn end(&self) -> usize {
        self.at + self.part.len()
    }
}

/// Clips at their places.
#[derive(Debug, Clone, Default)]
pub struct Timeline {
    /// By where they begin.
    clips: Vec<Clip>,
    /// No clip is longer: how far before a place a clip that sounds there can begin.
    longest: usize,
    /// Live sound that is not a clip yet: where it begins, and its samples.
    live_at: usize,
    live: Vec<i16>,
    live_kept: usize,
}

impl Timeline {
    /// Nothing, for ever.
    pub fn new() -> Timeline {
        Timeline::default()
    }

    /// Lays a clip so that its first sample is at `at`.
    pub fn place(&mut self, at: usize, samples: Arc<[i16]>) -> Result<(), Full> {
        let all = 0..samples.len();
        self.place_range(at, samples, all)
    }

    /// Lays a part of a clip; what is not in the clip is left out.
    pub fn place_range(
        &mut self,
        at: usize,
        samples: Arc<[i16]>,
        part: Range<usize>,
    ) -> Result<(), Full> {
        let ends = part.end.min(samples.len()).min(usize::MAX - at);
        let part = part.start.min(ends)..ends;
        self.insert(Clip { at, samples, part, live: false })
    }

    fn insert(&mut self, clip: Clip) -> Result<(), Full> {
        if clip.part.is_empty() {
            return Ok(());
        }
        if self.clips.len() >= CLIPS_MAX {
            return Err(Full);
        }
        self.longest = self.longest.max(clip.part.len());
        let place = self.clips.partition_point(|other| other.at <= clip.at);
        self.clips.insert(place, clip);
        Ok(())
    }

    /// Lays live sound at `at`: a frame as it comes. Frames that follow each other are kept
    /// together.
    pub fn append(&mut self, at: usize, samples: &[i16]) -> Result<(), Full> {
        if at.checked_add(samples.len()).is_none()
            || self.live_kept + samples.len() > LIVE_SAMPLES_MAX
        {
            return Err(Full);
        }
        let follows = at == self.live_at + self.live.len();
        if !follows || self.live.len() + samples.len() > LIVE_PIECE {
            self.settle()?;
            self.live_at = at;
        }
        self.live.extend_from_slice(samples);
        self.live_kept += samples.len();
        Ok(())
    }

    /// Makes a clip of the live sound.
    fn settle(&mut self) -> Result<(), Full> {
        if self.live.is_empty() {
            return Ok(());
        }
        let samples: Arc<[i16]> = Arc::from(self.live.as_slice());
        let part = 0..samples.len();
        self.insert(Clip { at: self.live_at, samples, part, live: true })?;
        self.live.clear();
        Ok(())
    }

    /// Stops everything that sounds from `from` on: clips that go on are shortened, later ones
    /// taken away.
    pub fn cut(&mut self, from: usize) {
        let place = self.clips.partition_point(|clip| clip.at < from);
        self.clips.truncate(place);
        for clip in &mut self.clips {
            let excess = clip.end().saturating_sub(from);
            clip.part.end -= excess;
        }
        self.live.truncate(from.saturating_sub(self.live_at));
        self.count();
    }

    /// Gives back clips that end before `until`: they are not read any more.
    pub fn forget(&mut self, until: usize) {
        self.clips.retain(|clip| clip.end() > until);
        if self.live_at + self.live.len() <= until {
            self.live.clear();
        }
        self.count();
    }

    fn count(&mut self) {
        let live = self.clips.iter().filter(|clip| clip.live).map(|clip| clip.part.len());
        self.live_kept = live.sum::<usize>() + self.live.len();
        self.longest = self.clips.iter().map(|clip| clip.part.len()).max().unwrap_or(0);
    }

    /// Where the last clip ends; 0 when there is none.
    pub fn end(&self) -> usize {
        let live = if self.live.is_empty() { 0 } else { self.live_at + self.live.len() };
        self.clips.iter().map(Clip::end).max().unwrap_or(0).max(live)
    }

    /// Reads the samples from `at` on into `to`, all of it: what sounds together is mixed, and
    /// saturates; where nothing is, there is silence.
    pub fn read(&self, at: usize, to: &mut [i16]) {
        for (index, piece) in to.chunks_mut(FRAME_SAMPLES).enumerate() {
            self.read_piece(at.saturating_add(index * FRAME_SAMPLES), piece);
        }
    }

    fn read_piece(&self, at: usize, to: &mut [i16]) {
        let wanted = at..at.saturating_add(to.len());
        let mut sum = Sum::new();
        let mut heard = |begins: usize, samples: &[i16]| {
            let from = wanted.start.max(begins);
            let until = wanted.end.min(begins + samples.len());
            if from < until {
                sum.add(from - wanted.start, &samples[from - begins..until - begins]);
            }
        };
        let first = self.clips.partition_point(|clip| clip.at + self.longest <= wanted.start);
        for clip in self.clips[first..].iter().take_while(|clip| clip.at < wanted.end) {
            heard(clip.at, &clip.samples[clip.part.clone()]);
        }
        heard(self.live_at, &self.live);
        sum.write(to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(timeline: &Timeline, range: Range<usize>) -> Vec<i16> {
        let mut to = vec![99; range.len()];
        timeline.read(range.start, &mut to);
        to
    }

    fn clip(samples: &[i16]) -> Arc<[i16]> {
        Arc::from(samples)
    }

    #[test]
    fn clips_sound_where_they_are_and_together() {
        let mut track = Timeline::new();
        assert_eq!((track.end(), read(&track, 0..3)), (0, vec![0; 3]));
        track.place(3, clip(&[5, 6, 7])).expect("there is room");
        track.place(1, clip(&[1, 1, 1])).expect("there is room");
        track.place_range(7, clip(&[1, 2, 3, 4]), 1..3).expect("there is room");
        assert_eq!(read(&track, 0..10), [0, 1, 1, 6, 6, 7, 0, 2, 3, 0]);
        assert_eq!(read(&track, 4..6), [6, 7]);
        assert_eq!(track.end(), 9);
        track.place(4, clip(&[i16::MAX, i16::MIN])).expect("there is room");
        assert_eq!(read(&track, 4..6), [i16::MAX, i16::MIN + 7]);
    }

    #[test]
    fn a_cut_stops_what_sounds() {
        let mut track = Timeline::new();
        track.place(0, clip(&[1; 10])).expect("there is room");
        track.place(8, clip(&[2; 10])).expect("there is room");
        track.append(2, &[4; 10]).expect("there is room");
        track.cut(5);
        assert_eq!((track.end(), read(&track, 0..7)), (5, vec![1, 1, 5, 5, 5, 0, 0]));
        track.append(5, &[9]).expect("there is room");
        assert_eq!(read(&track, 4..7), [5, 9, 0]);
        track.cut(0);
        assert_eq!(track.end(), 0);
    }

    #[test]
    fn live_frames_become_one_sound_and_gaps_stay() {
        let mut track = Timeline::new();
        for frame in 0..200usize {
            // One frame was lost.
            if frame != 77 {
                track.append(frame * 160, &[frame as i16; 160]).expect("there is room");
            }
        }
        assert_eq!(track.end(), 32_000);
        let all = read(&track, 0..32_000);
        for (at, sample) in all.iter().enumerate() {
            let frame = (at / 160) as i16;
            assert_eq!(*sample, if frame == 77 { 0 } else { frame }, "{at}");
        }
        assert!(track.clips.len() < 6, "{} clips", track.clips.len());
        track.forget(31_000);
        assert!(track.live_kept < 9000);
        assert_eq!(
            read(&track, 31_990..32_002)[..11],
            [199, 199, 199, 199, 199, 199, 199, 199, 199, 199, 0]
        );
    }

    #[test]
    fn a_track_that_is_full_says_so_and_goes_on() {
        let mut track = Timeline::new();
        let one = clip(&[1]);
        for at in 0..CLIPS_MAX {
            track.place(at, one.clone()).expect("there is room");
        }
        assert_eq!(track.place(0, one), Err(Full));
        assert_eq!(read(&track, 10..12), [1, 1]);
        assert_eq!(track.append(usize::MAX, &[1]), Err(Full));
        assert_eq!(track.place(usize::MAX, clip(&[1, 2])), Ok(()), "there is nothing to place");
        let mut live = Timeline::new();
        live.live_kept = LIVE_SAMPLES_MAX;
        assert_eq!(live.append(0, &[1]), Err(Full));
    }
}
