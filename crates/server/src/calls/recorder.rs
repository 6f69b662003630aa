//! A recording while it is made: what sounded when, on which side.
//!
//! Nothing is mixed or rendered before it ends: a recorder keeps pieces with their times. At the
//! end a task lays them on tracks, has words spoken, and writes a WAV file; only when that is on
//! the disk is the recording completed, told, and its script told.

use super::leg::Speech;
use exchange::calls::RecordingCallback;
use exchange::calls::recordings::Recording;
use exchange::calls::script::{DialEnd, Sound, Ticket};
use exchange::calls::speech::{self, Utterance};
use exchange::numbers::Target;
use exchange::sid::CallSid;
use jiff::Timestamp;
use media::{ms_of, samples_of};
use std::ops::Range;
use std::sync::Arc;

/// Pieces of one recording at most; what sounds after that is not in it.
const PIECES_MAX: usize = 20_000;
/// A recording of nothing but silence keeps this much of it.
const SILENCE_KEPT_MS: u64 = 1000;

/// Which side of a leg sounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Track {
    /// What the far end of the leg says.
    Inbound,
    /// What the far end of the leg hears.
    Outbound,
}

/// What sounds.
#[derive(Debug, Clone)]
pub(super) enum Clip {
    /// Words that the speech engine says.
    Words(Box<Utterance>),
    /// Samples.
    Samples(Arc<[i16]>),
    /// Keys, as tones.
    Keys(String),
    /// The beep of `<Record>`.
    Beep,
}

impl Clip {
    /// A sound of the house; `samples` when it is an audio file.
    pub(super) fn of(sound: &Sound, samples: Option<&Arc<[i16]>>) -> Clip {
        match (sound, samples) {
            (_, Some(samples)) => Clip::Samples(samples.clone()),
            (Sound::Say(say), None) => Clip::Words(Box::new(speech::utterance(say))),
            (Sound::Digits(keys), None) => Clip::Keys(keys.clone()),
            (Sound::Beep, None) => Clip::Beep,
            (Sound::ApplicationError | Sound::Url(_) | Sound::Document { .. }, None) => {
                Clip::Words(Box::new(Utterance::plain(speech::APPLICATION_ERROR)))
            }
        }
    }

    /// Words of a person.
    pub(super) fn spoken(speech: &Speech) -> Clip {
        match &speech.samples {
            Some(samples) => Clip::Samples(samples.clone()),
            None => Clip::Words(Box::new(Utterance::plain(speech.text.clone()))),
        }
    }
}

/// Something that sounded, in milliseconds of the recording.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub(super) track: Track,
    pub(super) from_ms: u64,
    /// What of the clip had sounded before.
    pub(super) skip_ms: u64,
    /// `None` while it sounds.
    pub(super) until_ms: Option<u64>,
    pub(super) clip: Clip,
}

/// How a recording is made.
#[derive(Debug, Clone)]
pub(super) struct How {
    /// Silence at the ends goes.
    pub(super) trims: bool,
    /// Who is told.
    pub(super) callback: Option<RecordingCallback>,
    /// Its words are wanted, and who is told them.
    pub(super) transcribe: Option<Option<Target>>,
    /// The order of `<Record>`.
    pub(super) ticket: Option<Ticket>,
    /// The name of a `<Start><Recording>`.
    pub(super) name: Option<String>,
}

/// What goes on when a recording is kept.
#[derive(Debug)]
pub(super) enum Then {
    /// Nothing waits for it.
    Nothing,
    /// A `<Record>`.
    Recorded(Ticket),
    /// A `<Dial>`.
    Dialed(Ticket, Box<DialEnd>),
}

/// A recording that is being made.
pub(super) struct Recorder {
    pub(super) recording: Recording,
    pub(super) how: How,
    pieces: Vec<Piece>,
    /// Milliseconds that were left out before now.
    left_out_ms: u64,
    /// Paused since, and whether that time is silence in the recording.
    paused: Option<(Timestamp, bool)>,
}

/// A recording that has ended, on its way to the disk.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) recording: Recording,
    pub(super) how: How,
    pub(super) pieces: Vec<Piece>,
    /// What of it is kept, in milliseconds.
    pub(super) part: Range<u64>,
}

/// A recording that is on the disk, or not.
pub(super) struct Kept {
    pub(super) call: CallSid,
    /// Which of the leg's scripts ran when it ended.
    pub(super) script: u32,
    pub(super) ended: Ended,
    pub(super) written: std::io::Result<()>,
    pub(super) then: Then,
    pub(super) work: crate::clock::Work,
}

impl Recorder {
    pub(super) fn new(recording: Recording, how: How) -> Recorder {
        Recorder { recording, how, pieces: Vec::new(), left_out_ms: 0, paused: None }
    }

    /// Milliseconds of the recording at a time of the house.
    fn at(&self, now: Timestamp) -> u64 {
        let until = match self.paused {
            Some((since, false)) => since,
            _ => now,
        };
        let ms = until.duration_since(self.recording.started).as_millis().max(0);
        u64::try_from(ms).unwrap_or(0).saturating_sub(self.left_out_ms)
    }

    /// Something begins to sound.
    pub(super) fn begin(&mut self, track: Track, now: Timestamp, clip: Clip) {
        self.join_in(track, (now, now), clip);
    }

    /// Something sounds now that began before.
    pub(super) fn join_in(
        &mut self,
        track: Track,
        (since, now): (Timestamp, Timestamp),
        clip: Clip,
    ) {
        if self.paused.is_none() && self.pieces.len() < PIECES_MAX {
            let from_ms = self.at(now);
            let skip_ms = u64::try_from(now.duration_since(since).as_millis()).unwrap_or(0);
            self.pieces.push(Piece { track, from_ms, skip_ms, until_ms: None, clip });
        }
    }

    /// What sounds on a side does so no longer.
    pub(super) fn cease(&mut self, track: Track, now: Timestamp) {
        let at = self.at(now);
        for piece in self.pieces.iter_mut().rev() {
            if piece.track == track && piece.until_ms.is_none() {
                piece.until_ms = Some(at);
            }
        }
    }

    /// Something sounds for a known time.
    pub(super) fn add(&mut self, track: Track, now: Timestamp, ms: u64, clip: Clip) {
        if self.paused.is_none() && self.pieces.len() < PIECES_MAX {
            let from_ms = self.at(now);
            let until_ms = Some(from_ms + ms);
            self.pieces.push(Piece { track, from_ms, skip_ms: 0, until_ms, clip });
        }
    }

    /// Waits; what sounds meanwhile is not in it.
    pub(super) fn pause(&mut self, now: Timestamp, keeps_silence: bool) {
        if self.paused.is_none() {
            self.cease(Track::Inbound, now);
            self.cease(Track::Outbound, now);
            self.paused = Some((now, keeps_silence));
        }
    }

    /// Goes on; `false` when it did not wait.
    pub(super) fn resume(&mut self, now: Timestamp) -> bool {
        let Some((since, keeps_silence)) = self.paused.take() else { return false };
        if !keeps_silence {
            let ms = now.duration_since(since).as_millis().max(0);
            self.left_out_ms += u64::try_from(ms).unwrap_or(0);
        }
        true
    }

    /// Ends it; `None` when not a single frame of sound was there.
    pub(super) fn end(mut self, now: Timestamp) -> Option<Ended> {
        self.cease(Track::Inbound, now);
        self.cease(Track::Outbound, now);
        let whole = 0..self.at(now);
        let part = if self.how.trims { trimmed(&self.pieces, &whole) } else { whole };
        if part.is_empty() {
            return None;
        }
        let Recorder { mut recording, how, pieces, .. } = self;
        recording.duration_ms = Some(part.end - part.start);
        recording.updated = now;
        Some(Ended { recording, how, pieces, part })
    }
}

/// The part of a recording from its first sound to its last: by the times of words and tones, and
/// by what is loud in samples. Silence alone keeps a second of itself: trimming never empties.
fn trimmed(pieces: &[Piece], whole: &Range<u64>) -> Range<u64> {
    let mut loud: Option<Range<u64>> = None;
    for piece in pieces {
        let until = piece.until_ms.unwrap_or(whole.end).min(whole.end);
        let part = match &piece.clip {
            Clip::Samples(samples) => {
                let part = media::voice::trim(samples);
                if media::voice::spans(samples).is_empty() {
                    continue;
                }
                let at =
                    |sample: usize| piece.from_ms + ms_of(sample).saturating_sub(piece.skip_ms);
                at(part.start)..at(part.end).min(until)
            }
            _ => piece.from_ms..until,
        };
        if !part.is_empty() {
            loud = Some(match loud {
                Some(loud) => loud.start.min(part.start)..loud.end.max(part.end),
                None => part,
            });
        }
    }
    loud.unwrap_or(0..whole.end.min(SILENCE_KEPT_MS))
}

/// Samples of a part, where words have been spoken: one track per side.
pub(super) fn place(
    tracks: &mut [media::Timeline; 2],
    piece: &Piece,
    samples: Arc<[i16]>,
) -> Result<(), media::Full> {
    let track = match piece.track {
        Track::Inbound => 0,
        Track::Outbound => 1,
    };
    let skip = samples_of(piece.skip_ms).min(samples.len());
    let end = match piece.until_ms {
        Some(until) => skip + samples_of(until.saturating_sub(piece.from_ms)),
        None => samples.len(),
    };
    tracks[track].place_range(samples_of(piece.from_ms), samples, skip..end)
}
