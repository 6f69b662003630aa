//! Recordings: begun by a verb, a `<Dial>`, the REST API or a plan; ended, rendered, kept, told.

use super::home::Home;
use super::leg::Phase;
use super::orders::{CallError, RecordingUpdate, Reply};
use super::recorder::{self, Clip, Ended, How, Kept, Recorder, Then, Track};
use super::switchboard::Board;
use crate::house::House;
use exchange::calls::recordings::{Recording, RecordingSource, RecordingStatus};
use exchange::calls::request::{self, Stamp, Words};
use exchange::calls::script::{self, Input, RecordOrder, RecordingEnd, Ticket};
use exchange::calls::speech::Utterance;
use exchange::calls::{Call, RecordPlan};
use exchange::documents::Remark;
use exchange::numbers::Target;
use exchange::sid::{CallSid, RecordingSid};
use jiff::Timestamp;
use media::{Timeline, samples_of};
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::sync::Arc;
use store::{Change, Write};
use twiml::{RecordingTrack, Trim};

/// Recordings of one leg at once at most.
const RECORDINGS_MAX: usize = 8;
/// A recording has no words in writing.
const NOT_TRANSCRIBED: u32 = 13_618;
/// The tone that stands for words, and how long it is where nothing says.
const TONE_HZ: f64 = 440.0;
const TONE_MS: u64 = 1000;
/// Samples rendered at once: a second.
const CHUNK: usize = media::RATE_HZ as usize;

impl Board {
    /// `<Record>`: the person alone.
    pub(super) fn record_verb(&mut self, sid: CallSid, ticket: Ticket, order: RecordOrder) {
        let plan = RecordPlan {
            dual: false,
            from_ringing: false,
            track: RecordingTrack::Inbound,
            trim: order.trim,
            callback: order.callback,
        };
        let begun = self.begin_recording(sid, plan, RecordingSource::RecordVerb, Some(ticket));
        if begun.is_none() {
            // Nothing would ever come of it.
            return self.give(sid, Input::Recorded(ticket, RecordingEnd { kept: None }));
        }
        self.with(sid, |leg| {
            let mut all = leg.recorders.iter_mut();
            if let Some(recorder) = all.find(|one| one.how.ticket == Some(ticket)) {
                recorder.how.transcribe = order.transcribe;
            }
        });
    }

    /// REST `Record=true`.
    pub(super) fn record_call(&mut self, sid: CallSid, plan: RecordPlan) {
        let begun = self.begin_recording(sid, plan, RecordingSource::OutboundApi, None);
        if let Some(recording) = begun {
            let base = &self.house.settings.public_url;
            let whole = webhook::CallRecording {
                sid: recording.sid.to_string(),
                url: request::recording_url(&recording, base),
                duration_secs: 0,
            };
            self.with(sid, |leg| leg.whole = Some(whole));
        }
    }

    /// `<Start><Recording>`.
    pub(super) fn start_tap(&mut self, sid: CallSid, name: Option<String>, plan: RecordPlan) {
        let source = RecordingSource::StartCallRecordingTwiml;
        if let Some(recording) = self.begin_recording(sid, plan, source, None) {
            self.with(sid, |leg| {
                let mut all = leg.recorders.iter_mut();
                if let Some(recorder) = all.find(|one| one.recording.sid == recording.sid) {
                    recorder.how.name = name;
                }
            });
        }
    }

    /// `<Stop><Recording>`: by its name, or the newest.
    pub(super) fn stop_tap(&mut self, sid: CallSid, name: Option<&str>) {
        let Some(leg) = self.legs.get(&sid) else { return };
        let source = RecordingSource::StartCallRecordingTwiml;
        let found = leg.recorders.iter().rev().find(|recorder| {
            recorder.recording.source == source
                && (name.is_none() || recorder.how.name.as_deref() == name)
        });
        if let Some(recording) = found.map(|recorder| recorder.recording.sid) {
            self.end_one(sid, recording, Then::Nothing);
        }
    }

    /// Begins a recording; `None` when the leg has too many.
    pub(super) fn begin_recording(
        &mut self,
        sid: CallSid,
        plan: RecordPlan,
        source: RecordingSource,
        ticket: Option<Ticket>,
    ) -> Option<Recording> {
        let now = self.now();
        let sounding = self.sounding(sid);
        let leg = self.legs.get_mut(&sid)?;
        if leg.recorders.len() >= RECORDINGS_MAX {
            tracing::warn!(call.sid = %sid, "too many recordings at once; one is left out");
            return None;
        }
        let recording = Recording {
            sid: self.house.recording_sid(),
            account: leg.call.account,
            call: sid,
            status: RecordingStatus::InProgress,
            source,
            channels: if plan.dual { 2 } else { 1 },
            track: plan.track,
            duration_ms: None,
            error_code: None,
            started: now,
            created: now,
            updated: now,
        };
        let tell = tell(&self.house, &leg.call, &recording, plan.callback.as_ref(), now);
        let write = Write::InsertRecording(Box::new(recording.clone()));
        let webhooks = tell.into_iter().collect();
        let trims = plan.trim == Trim::TrimSilence;
        let how = How { trims, callback: plan.callback, transcribe: None, ticket, name: None };
        let mut recorder = Recorder::new(recording.clone(), how);
        for (track, since, clip) in sounding {
            recorder.join_in(track, (since, now), clip);
        }
        leg.recorders.push(recorder);
        leg.note(now, '<', "recording");
        self.submit(Change { writes: vec![write], webhooks, ..Change::default() });
        Some(recording)
    }

    /// What sounds at a leg now: on which side, and since when.
    pub(super) fn sounding(&self, sid: CallSid) -> Vec<(Track, Timestamp, Clip)> {
        let Some(leg) = self.legs.get(&sid) else { return Vec::new() };
        let heard = leg.playing.iter().map(|one| (one.since, &one.clip));
        let joined = leg.joined.and_then(|other| self.legs.get(&other));
        let beyond = joined.and_then(|other| other.saying.as_ref());
        let said = leg.saying.iter().map(|(since, clip)| (Track::Inbound, *since, clip.clone()));
        heard
            .chain(beyond.map(|(since, clip)| (*since, clip)))
            .map(|(since, clip)| (Track::Outbound, since, clip.clone()))
            .chain(said)
            .collect()
    }

    /// A `<Record>` is to end.
    pub(super) fn stop_recording(&mut self, sid: CallSid, ticket: Ticket) {
        let Some(leg) = self.legs.get(&sid) else { return };
        let found = leg.recorders.iter().find(|one| one.how.ticket == Some(ticket));
        match found.map(|recorder| recorder.recording.sid) {
            Some(recording) => self.end_one(sid, recording, Then::Recorded(ticket)),
            // It could not begin.
            None => self.give(sid, Input::Recorded(ticket, RecordingEnd { kept: None })),
        }
    }

    /// The recording of a source ends, and then something else goes on.
    pub(super) fn end_recording_of(&mut self, sid: CallSid, source: RecordingSource, then: Then) {
        let Some(leg) = self.legs.get(&sid) else { return };
        let found = leg.recorders.iter().find(|one| one.recording.source == source);
        match found.map(|recorder| recorder.recording.sid) {
            Some(recording) => self.end_one(sid, recording, then),
            None => self.go_on(sid, then, None),
        }
    }

    /// Every recording of a leg that is over ends.
    pub(super) fn end_recordings(&mut self, sid: CallSid) {
        let Some(leg) = self.legs.get(&sid) else { return };
        // That of a `<Dial>` ends with it.
        let ends = |one: &&Recorder| one.recording.source != RecordingSource::DialVerb;
        let all: Vec<(RecordingSid, Option<Ticket>)> = leg
            .recorders
            .iter()
            .filter(ends)
            .map(|one| (one.recording.sid, one.how.ticket))
            .collect();
        for (recording, ticket) in all {
            self.end_one(sid, recording, ticket.map_or(Then::Nothing, Then::Recorded));
        }
    }

    /// What a script was recording is nobody's business any more.
    pub(super) fn end_recordings_of_script(&mut self, sid: CallSid) {
        let Some(leg) = self.legs.get(&sid) else { return };
        let source = RecordingSource::RecordVerb;
        let found = leg.recorders.iter().find(|one| one.recording.source == source);
        if let Some(recording) = found.map(|recorder| recorder.recording.sid) {
            self.end_one(sid, recording, Then::Nothing);
        }
    }

    fn end_one(&mut self, sid: CallSid, recording: RecordingSid, then: Then) {
        let now = self.now();
        let Some(leg) = self.legs.get_mut(&sid) else { return };
        let place = leg.recorders.iter().position(|one| one.recording.sid == recording);
        let Some(recorder) = place.map(|place| leg.recorders.remove(place)) else { return };
        let mut absent = recorder.recording.clone();
        let callback = recorder.how.callback.clone();
        let Some(ended) = recorder.end(now) else {
            absent.status = RecordingStatus::Absent;
            absent.duration_ms = Some(0);
            absent.updated = now;
            let tell = tell(&self.house, &leg.call, &absent, callback.as_ref(), now);
            self.write(absent, tell);
            return self.go_on(sid, then, None);
        };
        if let Some(whole) = &mut leg.whole
            && whole.sid == ended.recording.sid.as_str()
        {
            let seconds = ended.recording.duration_seconds().unwrap_or(0);
            whole.duration_secs = u32::try_from(seconds).unwrap_or(u32::MAX);
        }
        // One that REST has stopped is still that of its `<Dial>`.
        if let Some(dial) = &mut leg.dial
            && ended.recording.source == RecordingSource::DialVerb
            && matches!(then, Then::Nothing)
        {
            dial.stopped = Some(seen(&ended.recording, &self.house.settings.public_url));
        }
        leg.keeping += 1;
        let script = leg.scripts;
        let (house, home) = (self.house.clone(), self.home());
        let work = house.clock.work();
        self.errand(async move {
            let written = keep(&house, &ended).await;
            let kept = Kept { call: sid, script, ended, written, then, work };
            // The board is gone only when the house is.
            let _ = home.send(Home::Kept(Box::new(kept)));
        });
    }

    fn write(&mut self, recording: Recording, tell: Option<exchange::webhooks::Webhook>) {
        let write = Write::UpdateRecording(Box::new(recording));
        let webhooks = tell.into_iter().collect();
        self.submit(Change { writes: vec![write], webhooks, ..Change::default() });
    }

    /// A recording is on the disk, or could not be written.
    pub(super) fn kept(&mut self, kept: Kept) {
        let Kept { call, script, ended, written, then, work } = kept;
        let now = self.now();
        let Some(leg) = self.legs.get_mut(&call) else { return };
        leg.keeping = leg.keeping.saturating_sub(1);
        let then = if leg.scripts == script { then } else { Then::Nothing };
        let Ended { mut recording, how, .. } = ended;
        recording.status = match &written {
            Ok(()) => RecordingStatus::Completed,
            Err(error) => {
                tracing::error!(%error, recording.sid = %recording.sid, "it can't be written");
                recording.error_code = Some(12400);
                RecordingStatus::Failed
            }
        };
        recording.updated = now;
        let tell = tell(&self.house, &leg.call, &recording, how.callback.as_ref(), now);
        let base = &self.house.settings.public_url;
        let seen = seen(&recording, base);
        if let Some(target) = &how.transcribe {
            self.not_transcribed(call, &recording, target.as_ref());
        }
        self.write(recording, tell);
        self.go_on(call, then, written.is_ok().then_some(seen));
        self.wake(call);
        drop(work);
    }

    /// Nobody here writes down what was said, and that is what is told.
    fn not_transcribed(&mut self, call: CallSid, recording: &Recording, target: Option<&Target>) {
        let message = "Recording not available for transcription: there is no engine that writes \
                       down what is said";
        self.remark(call, Remark { code: NOT_TRANSCRIBED, message: message.into(), at: None });
        let stamp = Stamp { token: self.house.ids.token(), at: self.now() };
        let words = Words { sid: self.house.transcription_sid(), text: None };
        let base = &self.house.settings.public_url;
        let Some((leg, target)) = self.legs.get(&call).zip(target) else { return };
        let tell = request::transcription(&leg.call, recording, &words, (target, base), stamp);
        self.submit(Change { webhooks: vec![tell], ..Change::default() });
    }

    /// What waited for a recording goes on.
    fn go_on(&mut self, sid: CallSid, then: Then, kept: Option<script::Kept>) {
        match then {
            Then::Nothing => {}
            Then::Recorded(ticket) => {
                self.give(sid, Input::Recorded(ticket, RecordingEnd { kept }));
            }
            Then::Dialed(ticket, mut end) => {
                end.recording = kept.or(end.recording);
                self.give(sid, Input::Dialed(ticket, *end));
            }
        }
    }

    /// REST records a live call.
    pub(super) fn record(&mut self, sid: CallSid, plan: RecordPlan, reply: Reply<Recording>) {
        let phase = self.legs.get(&sid).map(|leg| leg.phase);
        let done = match phase.filter(|phase| *phase == Phase::Live) {
            None => Err(CallError::NotLive),
            Some(_) => {
                let source = RecordingSource::StartCallRecordingApi;
                self.begin_recording(sid, plan, source, None).ok_or_else(|| {
                    CallError::Wrong(format!("at most {RECORDINGS_MAX} recordings at once"))
                })
            }
        };
        self.answer_when_kept(done, reply);
    }

    /// REST pauses, resumes or stops a recording.
    pub(super) fn update_recording(
        &mut self,
        call: CallSid,
        sid: Option<RecordingSid>,
        update: RecordingUpdate,
        reply: Reply<Recording>,
    ) {
        let done = self.change_recording(call, sid, update);
        self.wake(call);
        self.answer_when_kept(done, reply);
    }

    fn change_recording(
        &mut self,
        call: CallSid,
        sid: Option<RecordingSid>,
        update: RecordingUpdate,
    ) -> Result<Recording, CallError> {
        let now = self.now();
        let sounding = self.sounding(call);
        let leg = self.legs.get_mut(&call).ok_or(CallError::NotLive)?;
        let mut all = leg.recorders.iter_mut().rev();
        let found = all.find(|one| sid.is_none_or(|sid| one.recording.sid == sid));
        let recorder = found.ok_or(CallError::NotLive)?;
        match update {
            RecordingUpdate::Pause { keeps_silence } => {
                recorder.pause(now, keeps_silence);
                recorder.recording.status = RecordingStatus::Paused;
            }
            RecordingUpdate::Resume => {
                let was_paused = recorder.resume(now);
                for (track, since, clip) in sounding.into_iter().filter(|_| was_paused) {
                    recorder.join_in(track, (since, now), clip);
                }
                recorder.recording.status = RecordingStatus::InProgress;
            }
            RecordingUpdate::Stop => {
                let sid = recorder.recording.sid;
                let mut recording = recorder.recording.clone();
                recording.status = RecordingStatus::Stopped;
                recording.updated = now;
                let then = recorder.how.ticket.map_or(Then::Nothing, Then::Recorded);
                self.end_one(call, sid, then);
                return Ok(recording);
            }
        }
        recorder.recording.updated = now;
        let recording = recorder.recording.clone();
        self.write(recording.clone(), None);
        Ok(recording)
    }
}

/// The tell of a recording's status, if anybody asked for it.
fn tell(
    house: &House,
    call: &Call,
    recording: &Recording,
    callback: Option<&exchange::calls::RecordingCallback>,
    at: Timestamp,
) -> Option<exchange::webhooks::Webhook> {
    let stamp = Stamp { token: house.ids.token(), at };
    let base = &house.settings.public_url;
    callback.and_then(|callback| request::recording(call, recording, callback, base, stamp))
}

/// A recording as an action is told of it.
fn seen(recording: &Recording, base: &str) -> script::Kept {
    script::Kept {
        sid: recording.sid,
        url: request::recording_url(recording, base),
        duration_seconds: recording.duration_seconds().unwrap_or(1),
    }
}

/// Renders a recording and writes it; when this returns, it is on the disk.
async fn keep(house: &House, ended: &Ended) -> std::io::Result<()> {
    let mut tracks = [Timeline::new(), Timeline::new()];
    for piece in &ended.pieces {
        let length_ms = piece.until_ms.map(|until| until.saturating_sub(piece.from_ms));
        let samples = rendered(house, &piece.clip, length_ms).await;
        if recorder::place(&mut tracks, piece, samples).is_err() {
            break;
        }
    }
    let path = crate::recordings::file(house, ended.recording.sid);
    let from = samples_of(ended.part.start);
    let count = samples_of(ended.part.end) - from;
    let (track, is_dual) = (ended.recording.track, ended.recording.channels == 2);
    let written = tokio::task::spawn_blocking(move || {
        let sides = sides(track, is_dual);
        write_wav(&path, &tracks, sides, (from, count))
    });
    written.await.unwrap_or_else(|panic| Err(std::io::Error::other(panic)))
}

/// What a clip sounds like. Words that no engine says are a tone of `length_ms`.
pub(super) async fn rendered(house: &House, clip: &Clip, length_ms: Option<u64>) -> Arc<[i16]> {
    match clip {
        Clip::Samples(samples) => samples.clone(),
        Clip::Beep => media::tones::beep().into(),
        Clip::Keys(keys) => match media::dtmf::Sequence::parse(keys) {
            Ok(sequence) => sequence.render().into(),
            // Nothing can be pressed.
            Err(_) => Vec::new().into(),
        },
        Clip::Words(words) => spoken(house, words, length_ms).await,
    }
}

/// Words as the speech engine says them; a tone where there is none.
async fn spoken(house: &House, words: &Utterance, length_ms: Option<u64>) -> Arc<[i16]> {
    match house.speech.render(words).await {
        Ok(samples) => samples,
        Err(error) => {
            house.speech.complain(&error);
            let ms = length_ms.unwrap_or(TONE_MS);
            media::tones::sines(&[TONE_HZ], media::tones::TONE_PEAK, samples_of(ms)).into()
        }
    }
}

/// Which tracks make which channel.
#[derive(Debug, Clone, Copy)]
enum Sides {
    One(usize),
    Mixed,
    Two,
}

fn sides(track: RecordingTrack, is_dual: bool) -> Sides {
    match (track, is_dual) {
        (RecordingTrack::Inbound, _) => Sides::One(0),
        (RecordingTrack::Outbound, _) => Sides::One(1),
        (RecordingTrack::Both, true) => Sides::Two,
        (RecordingTrack::Both, false) => Sides::Mixed,
    }
}

fn write_wav(
    path: &Path,
    tracks: &[Timeline; 2],
    sides: Sides,
    (from, count): (usize, usize),
) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let unfinished = path.with_extension(crate::recordings::UNFINISHED);
    let mut file = BufWriter::new(File::create(&unfinished)?);
    let channels = match sides {
        Sides::Two => media::wav::Channels::Stereo,
        _ => media::wav::Channels::Mono,
    };
    file.write_all(&media::wav::header(channels, count))?;
    let (mut bytes, mut done) = (Vec::new(), 0);
    while done < count {
        let length = CHUNK.min(count - done);
        let read = |track: &Timeline| {
            let mut samples = vec![0; length];
            track.read(from + done, &mut samples);
            samples
        };
        bytes.clear();
        match sides {
            Sides::One(side) => media::wav::append(&read(&tracks[side]), &mut bytes),
            Sides::Two => {
                media::wav::append_stereo(&read(&tracks[0]), &read(&tracks[1]), &mut bytes);
            }
            Sides::Mixed => {
                let mut mixed = read(&tracks[0]);
                media::mix::add_saturating(&mut mixed, &read(&tracks[1]));
                media::wav::append(&mixed, &mut bytes);
            }
        }
        file.write_all(&bytes)?;
        done += length;
    }
    let file = file.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    file.sync_all()?;
    std::fs::rename(&unfinished, path)?;
    // The name is durable, too, before anybody is told of it.
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}
