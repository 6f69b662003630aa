//! What a leg lets its far end hear: how long it takes, and when it is over.
//!
//! Words and tones have a length by rule, audio files have their own. Nothing is rendered here: a
//! recording is, when it ends.

use super::home::Home;
use super::leg::{Far, Playing, Speech, Timer};
use super::recorder::{Clip, Track};
use super::recordings;
use super::switchboard::Board;
use crate::audio::{self, Heard};
use crate::clock::Work;
use exchange::calls::script::{Input, Sound, Ticket};
use exchange::calls::speech;
use exchange::documents::Remark;
use exchange::sid::CallSid;
use std::sync::Arc;

/// How sure words of another application are: they were never spoken.
const CONFIDENCE_WRITTEN: &str = "1.0";

/// An audio file that came, or did not.
pub(super) struct Loaded {
    sid: CallSid,
    ticket: Ticket,
    sound: Sound,
    url: String,
    begun_us: i64,
    heard: Heard,
    work: Work,
}

impl Board {
    /// Lets the far end hear something.
    pub(super) fn play(&mut self, sid: CallSid, ticket: Ticket, sound: Sound) {
        let length_ms = match &sound {
            Sound::Say(say) => speech::length_of(say),
            Sound::ApplicationError => speech::length_ms(speech::APPLICATION_ERROR, 0),
            Sound::Beep => media::tones::BEEP_MS,
            // The parser let only such keys through.
            Sound::Digits(keys) => keys_ms(keys),
            Sound::Url(url) | Sound::Document { url, .. } => {
                let url = url.clone();
                return self.load(sid, ticket, sound, url);
            }
        };
        if self.is_heard(sid) {
            return self.render(sid, ticket, sound);
        }
        self.begin_sound(sid, ticket, sound, None, length_ms);
    }

    /// Somebody listens: the sound begins when there are samples of it, and lasts as long as they.
    fn render(&mut self, sid: CallSid, ticket: Ticket, sound: Sound) {
        self.with(sid, |leg| leg.loading = Some(ticket));
        let (house, home) = (self.house.clone(), self.home());
        let work = house.clock.work();
        tokio::task::spawn_local(async move {
            let samples = recordings::rendered(&house, &Clip::of(&sound, None), None).await;
            // The board is gone only when the house is.
            let _ = home.send(Home::Rendered { sid, ticket, sound, samples, work });
        });
    }

    /// Words have become sound.
    pub(super) fn rendered(
        &mut self,
        sid: CallSid,
        ticket: Ticket,
        sound: Sound,
        samples: Arc<[i16]>,
    ) {
        let Some(leg) = self.legs.get_mut(&sid) else { return };
        if leg.loading != Some(ticket) {
            return;
        }
        leg.loading = None;
        let length_ms = media::ms_of(samples.len());
        self.begin_sound(sid, ticket, sound, Some(samples), length_ms);
    }

    /// Has an audio file fetched; it is heard when it is there.
    fn load(&mut self, sid: CallSid, ticket: Ticket, sound: Sound, url: String) {
        let Some(leg) = self.legs.get_mut(&sid) else { return };
        leg.loading = Some(ticket);
        let account = match self.house.account(leg.call.account) {
            Ok(account) => account,
            Err(error) => {
                tracing::error!(%error, call.sid = %sid, "its account can't be read");
                let message = "the house is in trouble".to_owned();
                let remark = Remark { code: 12400, message, at: None };
                return self.give(sid, Input::Played(ticket, Err(remark)));
            }
        };
        let (house, home) = (self.house.clone(), self.home());
        let work = house.clock.work();
        tokio::task::spawn_local(async move {
            let begun_us = house.clock.wire_us();
            let heard = audio::audio(&house, &account, &url).await;
            let fetched = Loaded { sid, ticket, sound, url, begun_us, heard, work };
            // The board is gone only when the house is.
            let _ = home.send(Home::Loaded(Box::new(fetched)));
        });
    }

    /// An audio file is there, or can't be had.
    pub(super) fn loaded(&mut self, loaded: Loaded) {
        let Loaded { sid, ticket, sound, url, begun_us, heard, work } = loaded;
        if let Some(outcome) = &heard.exchange {
            self.log_audio(sid, &url, outcome, begun_us);
        }
        drop(work);
        let Some(leg) = self.legs.get_mut(&sid) else { return };
        if leg.loading != Some(ticket) {
            return;
        }
        leg.loading = None;
        match heard.audio {
            Ok(audio) => {
                let length_ms = media::ms_of(audio.samples.len());
                self.begin_sound(sid, ticket, sound, Some(audio.samples.clone()), length_ms);
            }
            Err(failure) => {
                let remark = Remark { code: failure.code, message: failure.message, at: None };
                self.give(sid, Input::Played(ticket, Err(remark)));
            }
        }
    }

    fn begin_sound(
        &mut self,
        sid: CallSid,
        ticket: Ticket,
        sound: Sound,
        samples: Option<Arc<[i16]>>,
        length_ms: u64,
    ) {
        let now = self.now();
        let Some(leg) = self.legs.get_mut(&sid) else { return };
        let clip = Clip::of(&sound, samples.as_ref());
        for recorder in &mut leg.recorders {
            recorder.begin(Track::Outbound, now, clip.clone());
        }
        let far = leg.far.clone();
        leg.playing = Some(Playing { ticket, sound: sound.clone() });
        if let Some(samples) = &samples {
            self.let_hear(sid, samples);
        }
        self.later(sid, length_ms, Timer::Played(ticket));
        if let Far::Leg(other) = far {
            self.hear_from_leg(other, &sound, samples, length_ms);
        }
    }

    /// A number of the house hears what another one of its numbers plays.
    fn hear_from_leg(
        &mut self,
        sid: CallSid,
        sound: &Sound,
        samples: Option<Arc<[i16]>>,
        length_ms: u64,
    ) {
        let text = match sound {
            Sound::Say(say) => say.words(),
            Sound::ApplicationError => speech::APPLICATION_ERROR.to_owned(),
            Sound::Digits(keys) => return keys.chars().for_each(|key| self.far_key(sid, key)),
            Sound::Beep => return,
            Sound::Url(_) | Sound::Document { .. } => String::new(),
        };
        let confidence = CONFIDENCE_WRITTEN.to_owned();
        self.speak(sid, Speech { text, confidence, samples, length_ms });
    }

    /// A sound has been heard to its end.
    pub(super) fn played(&mut self, sid: CallSid, ticket: Ticket) {
        self.silence(sid);
        self.give(sid, Input::Played(ticket, Ok(())));
    }

    /// The script wants a sound stopped.
    pub(super) fn stop_playing(&mut self, sid: CallSid, ticket: Ticket) {
        let Some(leg) = self.legs.get_mut(&sid) else { return };
        if leg.loading == Some(ticket) {
            leg.loading = None;
        }
        if leg.playing.as_ref().is_some_and(|playing| playing.ticket == ticket) {
            leg.unset(|timer| matches!(timer, Timer::Played(_)));
            let far = leg.far.clone();
            self.silence(sid);
            if let Far::Leg(other) = far {
                self.stop_talking(other);
            }
        }
    }

    /// Whatever is being heard is not any more.
    pub(super) fn silence(&mut self, sid: CallSid) {
        let now = self.now();
        let Some(leg) = self.legs.get_mut(&sid) else { return };
        leg.loading = None;
        if leg.playing.take().is_some() {
            for recorder in &mut leg.recorders {
                recorder.cease(Track::Outbound, now);
            }
            self.cut_heard(sid);
        }
    }

    /// The house presses keys at the far end of a leg; how long that takes, in milliseconds.
    pub(super) fn press(&mut self, sid: CallSid, keys: &str) -> u64 {
        let now = self.now();
        let Some(leg) = self.legs.get_mut(&sid) else { return 0 };
        leg.note(now, '<', &format!("press {keys}"));
        if let Far::Leg(other) = leg.far.clone() {
            keys.chars().for_each(|key| self.far_key(other, key));
        }
        keys_ms(keys)
    }
}

/// How long keys take, in milliseconds; what is no key takes no time.
fn keys_ms(keys: &str) -> u64 {
    media::dtmf::Sequence::parse(keys).map_or(0, |sequence| sequence.length_ms())
}
