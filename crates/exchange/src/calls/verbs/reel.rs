//! Sounds and silences one after another: what `<Say>`, `<Play>`, `<Pause>` and the prompts of a
//! `<Gather>` let the caller hear.
//!
//! There is at most one sound at a time. One that can't be had is told and left out.

use super::Running;
use crate::calls::script::{Input, Orders, Scene, Sound, Step, Then, Ticket};
use crate::documents::Remark;
use jiff::Timestamp;
use std::collections::VecDeque;
use twiml::{LOOPS_MAX, Pause, Play, Say};

/// Sounds to come.
#[derive(Debug, Default)]
pub(in crate::calls) struct Reel {
    strips: VecDeque<Strip>,
    now: Option<Now>,
}

/// Something to hear, or silence.
#[derive(Debug)]
enum Strip {
    Sound { sound: Sound, left: u32 },
    Silence { seconds: u32 },
}

#[derive(Debug)]
enum Now {
    Playing(Ticket),
    Silent { until: Timestamp },
}

/// Whether anything is left to hear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::calls) enum Runs {
    On,
    Out,
}

/// How often; 0 is as often as anything is repeated.
fn times(loops: u32) -> u32 {
    if loops == 0 { LOOPS_MAX } else { loops.min(LOOPS_MAX) }
}

impl Reel {
    pub fn of(sound: Sound) -> Reel {
        Reel { strips: VecDeque::from([Strip::Sound { sound, left: 1 }]), now: None }
    }

    pub fn add_say(&mut self, mut say: Say) {
        let left = times(say.loops);
        say.loops = 1;
        self.strips.push_back(Strip::Sound { sound: Sound::Say(Box::new(say)), left });
    }

    /// A Play that names keys and audio has the keys first, as often as the audio.
    pub fn add_play(&mut self, play: Play, scene: &mut Scene<'_>) {
        let left = times(play.loops);
        if let Some(digits) = play.digits {
            self.strips.push_back(Strip::Sound { sound: Sound::Digits(digits), left });
        }
        if play.url.is_empty() {
            return;
        }
        match scene.sound_url(&play.url) {
            Ok(url) => self.strips.push_back(Strip::Sound { sound: Sound::Url(url), left }),
            Err(why) => scene.remark(11100, format!("The audio has no usable URL: {why}")),
        }
    }

    pub fn add_pause(&mut self, pause: &Pause) {
        self.strips.push_back(Strip::Silence { seconds: pause.length });
    }

    /// As a verb of its own.
    pub fn start(mut self, orders: &mut Orders) -> Step {
        match self.go_on(orders) {
            Runs::On => Step::Wait(Running::Hear(self)),
            Runs::Out => Step::Next,
        }
    }

    pub fn name(&self) -> &'static str {
        match self.strips.front() {
            Some(Strip::Sound { sound: Sound::Say(_), .. }) => "Say",
            Some(Strip::Silence { .. }) => "Pause",
            Some(Strip::Sound { .. }) | None => "Play",
        }
    }

    /// The first strip is the one that is heard; it stays there as long as it is.
    pub fn go_on(&mut self, orders: &mut Orders) -> Runs {
        self.now = match self.strips.front() {
            None => None,
            Some(Strip::Sound { sound, .. }) => Some(Now::Playing(orders.play(sound.clone()))),
            Some(Strip::Silence { seconds }) => Some(Now::Silent { until: orders.after(*seconds) }),
        };
        if self.now.is_some() { Runs::On } else { Runs::Out }
    }

    pub fn deadline(&self) -> Option<Timestamp> {
        match self.now {
            Some(Now::Silent { until }) => Some(until),
            _ => None,
        }
    }

    /// `None` when it was no news of this reel.
    pub fn played(&mut self, ticket: Ticket, end: &Result<(), Remark>) -> Option<()> {
        if !matches!(self.now, Some(Now::Playing(playing)) if playing == ticket) {
            return None;
        }
        match self.strips.front_mut() {
            Some(Strip::Sound { left, .. }) if *left > 1 && end.is_ok() => *left -= 1,
            _ => drop(self.strips.pop_front()),
        }
        Some(())
    }

    /// A silence is over.
    pub fn waited(&mut self) {
        self.strips.pop_front();
    }

    pub fn input(&mut self, input: Input, scene: &mut Scene<'_>) -> Then {
        match input {
            Input::Played(ticket, end) => {
                if self.played(ticket, &end).is_none() {
                    return Then::Stay;
                }
                if let Err(remark) = end {
                    scene.pass_on(remark);
                }
            }
            Input::Tick => self.waited(),
            _ => return Then::Stay,
        }
        match self.go_on(scene.orders) {
            Runs::On => Then::Stay,
            Runs::Out => Then::Go(Step::Next),
        }
    }

    pub fn stop(self, orders: &mut Orders) {
        if let Some(Now::Playing(ticket)) = self.now {
            orders.push(crate::calls::script::Output::StopPlaying(ticket));
        }
    }
}
