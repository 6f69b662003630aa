//! A person listens and speaks live: 20 ms frames of µ-law both ways.
//!
//! ```text
//!  what the leg plays ─▶ rendered ─▶ track ─▶ a frame every 20 ms ─▶ hears
//!  says ─▶ frames ─▶ voice, keys, recordings ─▶ whoever the leg is connected with
//! ```
//!
//! One tick serves every listener of the house. A tick that comes late is counted and not caught
//! up in a burst: what was missed is silence that nobody hears. Who begins to listen in the middle
//! of a sound hears the rest of it; a caller hears ringing while it rings. On the virtual clock there is
//! nothing to hear, because no time passes.

use super::home::Home;
use super::orders::{AudioLine, CallError, Reply};
use super::recorder::{Clip, Track};
use super::recordings;
use super::switchboard::Board;
use crate::clock::Mode;
use exchange::calls::script::Input;
use exchange::sid::CallSid;
use jiff::Timestamp;
use media::tones::{self, Cadence};
use media::{FRAME_SAMPLES, Timeline, dtmf, g711, voice};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::AbortHandle;

/// How long a frame lasts.
pub(super) const FRAME: Duration = Duration::from_millis(20);
/// Frames that wait for a slow listener, or for the house, at most: a second.
const FRAMES_MAX: usize = 50;
/// Samples of live sound that become one piece of a recording: a second.
const PIECE_SAMPLES: usize = media::RATE_HZ as usize;
/// Bytes of one frame from a listener at most: a second; what is longer is cut.
const FRAME_BYTES_MAX: usize = media::RATE_HZ as usize;

/// Somebody who listens at the handset end of a leg.
pub(super) struct Listener {
    hears: Sender<Vec<u8>>,
    /// What is still to be heard, and how far it has been.
    track: Timeline,
    at: usize,
    /// How long ringing has been heard, in samples.
    rung: usize,
    activity: voice::Activity,
    keys: dtmf::Detector,
    /// Live sound that is not yet in the recordings, and since when.
    said: Vec<i16>,
    said_since: Timestamp,
    reader: AbortHandle,
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

impl Listener {
    /// Adds the ringing of a country to a frame.
    fn ring(&mut self, rings: Option<Cadence>, frame: &mut [i16; FRAME_SAMPLES]) {
        let Some(rings) = rings else { return self.rung = 0 };
        let mut tone = [0; FRAME_SAMPLES];
        rings.read(self.rung, &mut tone);
        self.rung += FRAME_SAMPLES;
        for (sample, tone) in frame.iter_mut().zip(tone) {
            *sample = sample.saturating_add(tone);
        }
    }
}

impl Board {
    /// Somebody wants to listen at the handset end of a leg.
    pub(super) fn listen(&mut self, sid: CallSid, reply: Reply<AudioLine>) {
        // Whoever asked may have gone.
        let _ = reply.send(self.begin_listening(sid));
    }

    fn begin_listening(&mut self, sid: CallSid) -> Result<AudioLine, CallError> {
        let wrong = |why: &str| Err(CallError::Wrong(why.to_owned()));
        if self.house.clock.mode() == Mode::Virtual {
            return wrong("the clock is virtual: no time passes, and there is nothing to hear");
        }
        let now = self.now();
        let (home, clock) = (self.home(), self.house.clock.clone());
        let leg = self.legs.get_mut(&sid).filter(|leg| leg.phase.is_live());
        let leg = leg.ok_or(CallError::NotLive)?;
        if leg.listener.is_some() {
            return wrong("somebody listens to this call already");
        }
        let (hears, heard) = channel(FRAMES_MAX);
        let (says, mut said): (Sender<Vec<u8>>, Receiver<Vec<u8>>) = channel(FRAMES_MAX);
        let reader = tokio::task::spawn_local(async move {
            while let Some(bytes) = said.recv().await {
                // The board is gone only when the house is.
                let _ = home.send(Home::Said { sid, bytes, work: clock.work() });
            }
            let _ = home.send(Home::Left(sid));
        });
        leg.listener = Some(Box::new(Listener {
            hears,
            track: Timeline::new(),
            at: 0,
            rung: 0,
            activity: voice::Activity::new(),
            keys: dtmf::Detector::new(),
            said: Vec::new(),
            said_since: now,
            reader: reader.abort_handle(),
        }));
        leg.note(now, '>', "somebody listens");
        self.listeners += 1;
        self.catch_up(sid);
        Ok(AudioLine { hears: heard, says })
    }

    /// Of what sounds already, whoever begins to listen hears the rest.
    fn catch_up(&mut self, sid: CallSid) {
        for (_, since, clip) in self.heard_now(sid) {
            let (house, home) = (self.house.clone(), self.home());
            let work = house.clock.work();
            self.errand(async move {
                let samples = recordings::rendered(&house, &clip, None).await;
                // The board is gone only when the house is.
                let _ = home.send(Home::Caught { sid, since, samples, work });
            });
        }
    }

    /// What sounds at the far end of a leg now.
    fn heard_now(&self, sid: CallSid) -> impl Iterator<Item = (Track, Timestamp, Clip)> + use<> {
        self.sounding(sid).into_iter().filter(|(track, ..)| *track == Track::Outbound)
    }

    /// A sound that began before somebody listened has been rendered: the rest of it is heard, if
    /// it still sounds.
    pub(super) fn caught(&mut self, sid: CallSid, since: Timestamp, samples: &Arc<[i16]>) {
        let now = self.now();
        if !self.heard_now(sid).any(|(_, begun, _)| begun == since) {
            return;
        }
        let gone_ms = u64::try_from(now.duration_since(since).as_millis()).unwrap_or(0);
        let gone = media::samples_of(gone_ms).min(samples.len());
        self.with(sid, |leg| {
            if let Some(listener) = &mut leg.listener {
                let rest = gone..samples.len();
                // A track that is full plays nothing more.
                let _ = listener.track.place_range(listener.at, samples.clone(), rest);
            }
        });
    }

    /// A listener has gone.
    pub(super) fn left(&mut self, sid: CallSid) {
        let now = self.now();
        self.keep_said(sid, 0);
        let Some(leg) = self.legs.get_mut(&sid) else { return };
        if leg.listener.take().is_some() {
            self.listeners = self.listeners.saturating_sub(1);
            leg.note(now, '>', "nobody listens any more");
            if leg.speaking.take().is_some() {
                self.give(sid, Input::Voice(false));
            }
        }
    }

    /// 20 ms have passed: every listener hears a frame.
    pub(super) fn tick(&mut self) {
        for leg in self.legs.values_mut() {
            if leg.listener.is_none() {
                continue;
            }
            let rings = leg.hears_ringing().map(tones::ringback);
            let Some(listener) = &mut leg.listener else { continue };
            let mut frame = [0; FRAME_SAMPLES];
            listener.track.read(listener.at, &mut frame);
            listener.ring(rings, &mut frame);
            listener.at += FRAME_SAMPLES;
            listener.track.forget(listener.at);
            let mut bytes = Vec::with_capacity(FRAME_SAMPLES);
            g711::encode_mu(&frame, &mut bytes);
            // Who does not keep up misses something.
            let _ = listener.hears.try_send(bytes);
        }
    }

    /// A listener hears this from now on.
    pub(super) fn let_hear(&mut self, sid: CallSid, samples: &Arc<[i16]>) {
        let Some(leg) = self.legs.get_mut(&sid) else { return };
        if let Some(listener) = &mut leg.listener {
            // A track that is full plays nothing more.
            let _ = listener.track.place(listener.at, samples.clone());
        }
    }

    /// What a listener was to hear is not heard any more.
    pub(super) fn cut_heard(&mut self, sid: CallSid) {
        self.with(sid, |leg| {
            if let Some(listener) = &mut leg.listener {
                listener.track.cut(listener.at);
            }
        });
    }

    /// A listener says something.
    pub(super) fn said(&mut self, sid: CallSid, mut bytes: Vec<u8>) {
        let now = self.now();
        bytes.truncate(FRAME_BYTES_MAX);
        let mut samples = Vec::with_capacity(bytes.len());
        g711::decode_mu(&bytes, &mut samples);
        let Some(leg) = self.legs.get_mut(&sid) else { return };
        let joined = leg.joined;
        let Some(listener) = &mut leg.listener else { return };
        let events = listener.activity.feed(&samples);
        let presses = listener.keys.feed(&samples);
        if listener.said.is_empty() {
            listener.said_since = now;
        }
        listener.said.extend_from_slice(&samples);
        for event in events {
            let begins = matches!(event, voice::Event::Began(_));
            self.with(sid, |leg| leg.speaking = begins.then_some(now));
            self.give(sid, Input::Voice(begins));
        }
        for press in presses {
            self.far_key(sid, press.key.sign());
        }
        if let Some(other) = joined {
            self.let_hear(other, &samples.into());
        }
        self.keep_said(sid, PIECE_SAMPLES);
    }

    /// Live sound goes into the recordings, a second at a time.
    pub(super) fn keep_said(&mut self, sid: CallSid, samples_min: usize) {
        let Some(leg) = self.legs.get_mut(&sid) else { return };
        let joined = leg.joined;
        let Some(listener) = &mut leg.listener else { return };
        if listener.said.is_empty() || listener.said.len() < samples_min {
            return;
        }
        let since = listener.said_since;
        let samples: Arc<[i16]> = std::mem::take(&mut listener.said).into();
        let ms = media::ms_of(samples.len());
        for recorder in &mut leg.recorders {
            recorder.add(Track::Inbound, since, ms, Clip::Samples(samples.clone()));
        }
        if let Some(other) = joined.and_then(|sid| self.legs.get_mut(&sid)) {
            for recorder in &mut other.recorders {
                recorder.add(Track::Outbound, since, ms, Clip::Samples(samples.clone()));
            }
        }
    }

    /// Whoever listens at the other side of a connection hears what is said.
    pub(super) fn overhear(&mut self, sid: CallSid, clip: &Clip, length_ms: u64) {
        if !self.is_heard(sid) {
            return;
        }
        let (house, home, clip) = (self.house.clone(), self.home(), clip.clone());
        let work = house.clock.work();
        self.errand(async move {
            let samples = recordings::rendered(&house, &clip, Some(length_ms)).await;
            // The board is gone only when the house is.
            let _ = home.send(Home::Overheard { sid, samples, work });
        });
    }

    /// Whether somebody hears what a leg plays, so that it has to sound.
    pub(super) fn is_heard(&self, sid: CallSid) -> bool {
        self.legs.get(&sid).is_some_and(|leg| leg.listener.is_some())
    }
}
