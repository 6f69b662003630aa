//! `Gather`: keys or words while prompts play and for a while after; the first kind that comes
//! wins.
//!
//! ```text
//!  prompts ──end──▶ waiting ──timeout──────────────────────▶ nothing: next verb
//!     │ key            │ key        ┌─key─┐
//!     └────────────────┴─────────▶ keys ──┴ finish key, numDigits, timeout ─▶ action
//!     │ voice, words   │ voice      ┌words┐
//!     └────────────────┴─────────▶ speech ┴ silence, maxSpeechTime ─────────▶ action
//! ```
//!
//! Contract: twiml.md 2.4, webhooks.md 2e.

use super::reel::Runs;
use super::{Reel, Running};
use crate::calls::script::{
    Fault, Goal, Heard, Input, Listen, Orders, Output, Scene, Step, Then, Ticket,
};
use crate::documents::Remark;
use jiff::Timestamp;
use twiml::{FinishOnKey, Gather, GatherPrompt, Input as Kind, SpeechTimeout};

/// Keys of one Gather at most; more of them are enough.
const DIGITS_MAX: usize = 1_000;
/// Bytes of words of one Gather at most; what is said after them is left out.
const SPEECH_BYTES_MAX: usize = 16 << 10;
/// Partial results that are told at most.
const PARTIALS_MAX: u32 = 1_000;
/// A prompt of the wrong type has a code of its own inside a Gather.
const PLAY_TYPE: u32 = 13420;
const NESTED_PLAY_TYPE: u32 = 13325;

/// A Gather that is under way.
#[derive(Debug)]
pub(in crate::calls) struct Gathering {
    gather: Gather,
    prompts: Option<Reel>,
    listening: Option<Ticket>,
    digits: String,
    words: Words,
    /// When it gives up waiting: for a key, for words, or for more of them.
    quiet_until: Option<Timestamp>,
    /// When it has heard enough speech.
    speech_until: Option<Timestamp>,
    partials: u32,
}

#[derive(Debug, Default)]
struct Words {
    is_any: bool,
    text: String,
    /// What was understood since, and may change.
    unstable: String,
    confidence: String,
}

impl Words {
    fn all(&self) -> String {
        let parts = [self.text.as_str(), self.unstable.as_str()];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(" ")
    }

    fn finish(&mut self, text: &str, confidence: String) {
        self.unstable.clear();
        let text = text.trim();
        if self.text.len() + text.len() >= SPEECH_BYTES_MAX {
            return;
        }
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        self.text.push_str(text);
        self.confidence = confidence;
    }
}

pub(super) fn start(mut gather: Gather, scene: &mut Scene<'_>) -> Step {
    let mut prompts = Reel::default();
    for prompt in std::mem::take(&mut gather.prompts) {
        match prompt {
            GatherPrompt::Say(say) => prompts.add_say(say),
            GatherPrompt::Play(play) => prompts.add_play(play, scene),
            GatherPrompt::Pause(pause) => prompts.add_pause(&pause),
        }
    }
    let mut gathering = Box::new(Gathering {
        gather,
        prompts: None,
        listening: None,
        digits: String::new(),
        words: Words::default(),
        quiet_until: None,
        speech_until: None,
        partials: 0,
    });
    if gathering.gather.barge_in {
        gathering.listen(scene);
    }
    match prompts.go_on(scene.orders) {
        Runs::On => gathering.prompts = Some(prompts),
        Runs::Out => gathering.wait(scene),
    }
    if gathering.hears_words() && gathering.gather.barge_in && scene.has_voice {
        gathering.voice(true, scene);
    }
    Step::Wait(Running::Gather(gathering))
}

impl Gathering {
    fn takes(&self, kind: Kind) -> bool {
        self.gather.input.contains(&kind)
    }

    /// Whether words count now.
    fn hears_words(&self) -> bool {
        self.listening.is_some() && self.digits.is_empty()
    }

    pub fn deadline(&self) -> Option<Timestamp> {
        let silence = self.prompts.as_ref().and_then(Reel::deadline);
        [silence, self.quiet_until, self.speech_until].into_iter().flatten().min()
    }

    pub fn input(&mut self, input: Input, scene: &mut Scene<'_>) -> Then {
        match input {
            Input::Played(ticket, end) => self.played(ticket, end, scene),
            Input::Digit(key) => return self.key(key, scene),
            Input::Voice(on) => self.voice(on, scene),
            Input::Speech(ticket, heard) if self.listening == Some(ticket) => {
                return self.heard(heard, scene);
            }
            Input::Tick => return self.tick(scene),
            _ => {}
        }
        Then::Stay
    }

    fn listen(&mut self, scene: &mut Scene<'_>) {
        if self.listening.is_some() || !self.takes(Kind::Speech) {
            return;
        }
        let ticket = scene.orders.ticket();
        let gather = &self.gather;
        let listen = Listen {
            language: gather.language.clone(),
            hints: gather.hints.clone(),
            model: gather.speech_model.clone(),
            profanity_filter: gather.profanity_filter,
            partial: gather.partial_result_callback.is_some(),
        };
        scene.orders.push(Output::Listen(ticket, listen));
        self.listening = Some(ticket);
    }

    /// The prompts are over: from here on the time counts.
    fn wait(&mut self, scene: &mut Scene<'_>) {
        self.prompts = None;
        self.listen(scene);
        self.quiet_until = Some(scene.orders.after(self.gather.timeout));
        if self.hears_words() && scene.has_voice {
            self.voice(true, scene);
        }
    }

    fn cut_prompts(&mut self, orders: &mut Orders) {
        if let Some(prompts) = self.prompts.take() {
            if orders.has(Fault::PromptGoesOn) {
                return;
            }
            prompts.stop(orders);
        }
    }

    fn played(&mut self, ticket: Ticket, end: Result<(), Remark>, scene: &mut Scene<'_>) {
        let Some(prompts) = &mut self.prompts else { return };
        if prompts.played(ticket, &end).is_none() {
            return;
        }
        if let Err(mut remark) = end {
            if remark.code == PLAY_TYPE {
                remark.code = NESTED_PLAY_TYPE;
            }
            scene.pass_on(remark);
        }
        if prompts.go_on(scene.orders) == Runs::Out {
            self.wait(scene);
        }
    }

    fn tick(&mut self, scene: &mut Scene<'_>) -> Then {
        let now = scene.orders.now;
        let has_come = |at: Option<Timestamp>| at.is_some_and(|at| at <= now);
        if has_come(self.quiet_until) || has_come(self.speech_until) {
            return self.finish(None, scene);
        }
        if let Some(prompts) = &mut self.prompts {
            prompts.waited();
            if prompts.go_on(scene.orders) == Runs::Out {
                self.wait(scene);
            }
        }
        Then::Stay
    }

    fn key(&mut self, key: char, scene: &mut Scene<'_>) -> Then {
        let is_key = matches!(key, '0'..='9' | 'A'..='D' | '*' | '#');
        if !is_key || !self.takes(Kind::Dtmf) || self.words.is_any {
            return Then::Stay;
        }
        self.cut_prompts(scene.orders);
        self.stop_listening(scene.orders);
        self.speech_until = None;
        if self.gather.finish_on_key == FinishOnKey::Key(key) {
            if scene.orders.has(Fault::FinishKeyCounts) {
                self.digits.push(key);
            }
            return self.finish(Some(key), scene);
        }
        self.digits.push(key);
        let enough = self.gather.num_digits.map_or(DIGITS_MAX, |digits| digits as usize);
        if self.digits.len() >= enough.min(DIGITS_MAX) {
            return self.finish(None, scene);
        }
        self.quiet_until = Some(scene.orders.after(self.gather.timeout));
        Then::Stay
    }

    fn voice(&mut self, on: bool, scene: &mut Scene<'_>) {
        if !self.hears_words() {
            return;
        }
        if on {
            self.cut_prompts(scene.orders);
            self.quiet_until = None;
            self.speaks(scene);
        } else if self.speech_until.is_some() {
            self.quiet_until = Some(scene.orders.after(self.patience()));
        }
    }

    /// Somebody speaks: from the first word on it can last only so long.
    fn speaks(&mut self, scene: &mut Scene<'_>) {
        let until = scene.orders.after(self.gather.max_speech_time);
        self.speech_until.get_or_insert(until);
    }

    /// Seconds of silence that end the speech. With `auto` the first stretch of words does, and
    /// this is only for sounds that were none.
    fn patience(&self) -> u32 {
        match self.gather.speech_timeout {
            Some(SpeechTimeout::Seconds(seconds)) => seconds,
            Some(SpeechTimeout::Auto) | None => self.gather.timeout,
        }
    }

    fn heard(&mut self, heard: Heard, scene: &mut Scene<'_>) -> Then {
        let (Heard::Partial(text) | Heard::Final { text, .. }) = &heard;
        if text.trim().is_empty() {
            return Then::Stay;
        }
        self.cut_prompts(scene.orders);
        self.words.is_any = true;
        self.speaks(scene);
        let is_final = match heard {
            Heard::Partial(text) => {
                if self.words.text.len() + text.len() < SPEECH_BYTES_MAX {
                    self.words.unstable = text.trim().to_owned();
                }
                self.tell_partial(scene);
                false
            }
            Heard::Final { text, confidence } => {
                self.words.finish(&text, confidence);
                true
            }
        };
        let is_auto = self.gather.speech_timeout == Some(SpeechTimeout::Auto);
        if is_final && is_auto && !self.words.text.is_empty() {
            return self.finish(None, scene);
        }
        self.quiet_until = (!scene.has_voice).then(|| scene.orders.after(self.patience()));
        Then::Stay
    }

    fn tell_partial(&mut self, scene: &mut Scene<'_>) {
        let gather = &self.gather;
        let how = gather.partial_result_callback_method;
        let url = gather.partial_result_callback.as_deref();
        if self.partials >= PARTIALS_MAX {
            return;
        }
        let Some(target) = scene.callback(url, how, 11100) else { return };
        let told = [
            ("UnstableSpeechResult", self.words.unstable.clone()),
            ("StableSpeechResult", self.words.text.clone()),
            ("Language", gather.language.clone()),
            ("SequenceNumber", self.partials.to_string()),
        ];
        self.partials += 1;
        scene.tell(target, told.map(|(name, value)| (name.to_owned(), value)).into());
    }

    /// The input is complete, or there is none.
    fn finish(&mut self, key: Option<char>, scene: &mut Scene<'_>) -> Then {
        self.cut_prompts(scene.orders);
        self.stop_listening(scene.orders);
        let words = self.words.all();
        let gather = &mut self.gather;
        if self.digits.is_empty() && words.is_empty() && !gather.action_on_empty_result {
            return Then::Go(Step::Next);
        }
        let goal = Goal { missing_code: 15004, ..Goal::new(gather.action.take(), gather.method) };
        let hears_speech = gather.input.contains(&Kind::Speech);
        let goal = if !words.is_empty() {
            let confidence = std::mem::take(&mut self.words.confidence);
            let confidence = Some(confidence).filter(|known| !known.is_empty());
            goal.tell("SpeechResult", words)
                .tell_if("Confidence", confidence)
                .tell("Language", gather.language.as_str())
        } else {
            let nothing = self.digits.is_empty();
            let goal = goal
                .tell("msg", "Gather End")
                .tell("Digits", std::mem::take(&mut self.digits))
                .tell("FinishedOnKey", key.map(String::from).unwrap_or_default());
            if nothing && hears_speech { goal.tell("SpeechResult", "") } else { goal }
        };
        Then::Go(Step::Ask(goal))
    }

    fn stop_listening(&mut self, orders: &mut Orders) {
        if let Some(ticket) = self.listening.take() {
            if orders.has(Fault::ListensOn) {
                return;
            }
            orders.push(Output::StopListening(ticket));
        }
    }

    pub fn stop(mut self, orders: &mut Orders) {
        self.cut_prompts(orders);
        self.stop_listening(orders);
    }
}
