//! What a leg lets its far end hear: how long it takes, and when it is over.
//!
//! Words and tones have a length by rule, audio files have their own. Nothing is rendered here: a
//! recording is, when it ends.

use super::asks::Asked;
use super::home::Home;
use super::leg::{Far, Playing, Speech, Timer};
use super::recorder::{Clip, Track};
use super::recordings;
use super::switchboard::Board;
use crate::audio::{self, AudioFailure, Heard};
use crate::clock::Work;
use exchange::accounts::Account;
use exchange::calls::script::{Input, Sound, Ticket};
use exchange::calls::speech;
use exchange::documents::Remark;
use exchange::sid::CallSid;
use exchange::webhooks::Webhook;
use std::collections::VecDeque;
use std::sync::Arc;

/// How sure words of another application are: they were never spoken.
const CONFIDENCE_WRITTEN: &str = "1.0";

/// An audio file that came, or did not.
pub(super) struct Loaded {
    sid: CallSid,
    /// Which of the leg's scripts wants it, and by which order.
    order: (u32, Ticket),
    sound: Sound,
    account: Account,
    /// The request, as the log has it.
    webhook: Webhook,
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
        let now = self.now();
        if let Sound::Say(say) = &sound
            && let Some(text) = self.house.speech.note(&speech::utterance(say))
        {
            self.with(sid, |leg| leg.note(now, '<', &text));
        }
        let Some(leg) = self.legs.get_mut(&sid) else { return };
        leg.loading = Some(ticket);
        let order = (leg.scripts, ticket);
        let (house, home) = (self.house.clone(), self.home());
        let work = house.clock.work();
        self.errand(async move {
            let samples = recordings::rendered(&house, &Clip::of(&sound, None), None).await;
            // The board is gone only when the house is.
            let _ = home.send(Home::Rendered { sid, order, sound, samples, work });
        });
    }

    /// Words have become sound.
    pub(super) fn rendered(
        &mut self,
        sid: CallSid,
        order: (u32, Ticket),
        sound: Sound,
        samples: Arc<[i16]>,
    ) {
        if !self.had(sid, order) {
            return;
        }
        let ticket = order.1;
        let length_ms = media::ms_of(samples.len());
        self.begin_sound(sid, ticket, sound, Some(samples), length_ms);
    }

    /// A sound that was being had is there, or can't be had; `false` when nobody wants it any more.
    fn had(&mut self, sid: CallSid, (script, ticket): (u32, Ticket)) -> bool {
        let Some(leg) = self.legs.get_mut(&sid) else { return false };
        let is_wanted = leg.scripts == script && leg.loading == Some(ticket);
        if is_wanted {
            leg.loading = None;
        }
        is_wanted
    }

    /// Has an audio file fetched; it is heard when it is there.
    fn load(&mut self, sid: CallSid, ticket: Ticket, sound: Sound, url: String) {
        let Some(webhook) = self.audio_request(sid, &url) else { return };
        let Some(leg) = self.legs.get_mut(&sid) else { return };
        let account = match self.house.account(leg.call.account) {
            Ok(account) => account,
            Err(error) => {
                tracing::error!(%error, call.sid = %sid, "its account can't be read");
                let message = "the house is in trouble".to_owned();
                let remark = Remark { code: 12400, message, at: None };
                return self.give(sid, Input::Played(ticket, Err(remark)));
            }
        };
        leg.loading = Some(ticket);
        let order = (leg.scripts, ticket);
        let (house, home) = (self.house.clone(), self.home());
        let work = house.clock.work();
        self.errand(async move {
            let begun_us = house.clock.wire_us();
            let heard = audio::audio(&house, &account, &url).await;
            let loaded = Loaded { sid, order, sound, account, webhook, begun_us, heard, work };
            // The board is gone only when the house is.
            let _ = home.send(Home::Loaded(Box::new(loaded)));
        });
    }

    /// An audio file is there, or can't be had.
    pub(super) fn loaded(&mut self, loaded: Loaded) {
        let Loaded { sid, order, sound, account, webhook, begun_us, heard, work } = loaded;
        let is_wanted = self.had(sid, order);
        let mut problem = None;
        match &heard.audio {
            Ok(audio) if is_wanted => {
                let samples = audio.samples.clone();
                let length_ms = media::ms_of(samples.len());
                self.begin_sound(sid, order.1, sound, Some(samples), length_ms);
            }
            Ok(_) => {}
            Err(failure) => {
                let AudioFailure { code, message } = failure.clone();
                let remark = Remark { code, message, at: None };
                problem = Some(remark.clone());
                if is_wanted {
                    self.submit_remarks(sid);
                    self.give(sid, Input::Played(order.1, Err(remark)));
                    self.drain(sid);
                    // The script knows where it stood, and so its code: that is the first it says.
                    let logged = heard.exchange.is_some();
                    if let Some(leg) = self.legs.get_mut(&sid).filter(|_| logged)
                        && !leg.remarks.is_empty()
                    {
                        problem = Some(leg.remarks.remove(0));
                    }
                }
            }
        }
        if let Some(outcome) = &heard.exchange {
            let asked = Asked { account: &account, webhook, outcome, begun_us };
            self.log_audio(asked, problem);
        }
        drop(work);
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
        // The sound of a fork began before it, and only its rest is heard.
        let resumed = leg.resumes.take_if(|(resumed, _)| *resumed == ticket);
        let since = resumed.map_or(now, |(_, since)| since);
        let heard_ms = u64::try_from(now.duration_since(since).as_millis()).unwrap_or(0);
        let length_ms = length_ms.saturating_sub(heard_ms);
        for recorder in &mut leg.recorders {
            recorder.join_in(Track::Outbound, (since, now), clip.clone());
        }
        let far = leg.far.clone();
        leg.playing = Some(Playing { ticket, clip, since });
        if let Some(samples) = &samples {
            self.let_hear(sid, samples);
        }
        self.later(sid, length_ms, Timer::Played(ticket));
        match (far, &sound) {
            (Far::Handset(_), _) => {}
            (Far::Leg(_), Sound::Digits(keys)) => self.press_steps(sid, keys),
            (Far::Leg(other), sound) => self.hear_from_leg(other, sound, samples, length_ms),
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
            // Keys come one by one, in their time.
            Sound::Digits(_) | Sound::Beep => return,
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
            self.silence(sid);
        }
    }

    /// Whatever is being heard is not any more.
    pub(super) fn silence(&mut self, sid: CallSid) {
        let now = self.now();
        let Some(leg) = self.legs.get_mut(&sid) else { return };
        leg.loading = None;
        if leg.playing.take().is_none() {
            return;
        }
        let has_ended = !leg.timers.iter().any(|(_, timer)| matches!(timer, Timer::Played(_)));
        leg.unset(|timer| matches!(timer, Timer::Played(_) | Timer::Press(_)));
        for recorder in &mut leg.recorders {
            recorder.cease(Track::Outbound, now);
        }
        let far = leg.far.clone();
        self.cut_heard(sid);
        // One that was heard to its end is understood at the same moment.
        if let Far::Leg(other) = far
            && !has_ended
        {
            self.stop_talking(other);
        }
    }

    /// The house presses keys at the far end of a leg; how long that takes, in milliseconds.
    pub(super) fn press(&mut self, sid: CallSid, keys: &str) -> u64 {
        let now = self.now();
        self.with(sid, |leg| leg.note(now, '<', &format!("press {keys}")));
        self.press_steps(sid, keys);
        keys_ms(keys)
    }

    /// The far end, if it is a number of the house, hears keys in their time.
    fn press_steps(&mut self, sid: CallSid, keys: &str) {
        let Some(Far::Leg(_)) = self.legs.get(&sid).map(|leg| &leg.far) else { return };
        if let Ok(sequence) = media::dtmf::Sequence::parse(keys) {
            self.press_next(sid, sequence.steps().iter().copied().collect());
        }
    }

    /// The next of keys and waits.
    pub(super) fn press_next(&mut self, sid: CallSid, mut left: VecDeque<media::dtmf::Step>) {
        let far = self.legs.get(&sid).map(|leg| leg.far.clone());
        let (Some(Far::Leg(other)), Some(step)) = (far, left.pop_front()) else { return };
        let ms = match step {
            media::dtmf::Step::Press(key) => {
                self.far_key(other, key.sign());
                media::dtmf::TONE_MS + media::dtmf::GAP_MS
            }
            media::dtmf::Step::Wait(ms) => ms,
        };
        if !left.is_empty() {
            self.later(sid, ms, Timer::Press(left));
        }
    }
}

/// How long keys take, in milliseconds; what is no key takes no time.
fn keys_ms(keys: &str) -> u64 {
    media::dtmf::Sequence::parse(keys).map_or(0, |sequence| sequence.length_ms())
}
