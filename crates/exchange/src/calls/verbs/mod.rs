//! What the verbs do, one file each; what they say is in `libs/twiml/src/verbs`.
//!
//! A verb begins with what was written and either is done at once or becomes a [`Running`] one
//! that is told what happens. It gives orders through its [`Scene`]; what follows from it is the
//! script's to carry out.

mod dial;
mod gather;
mod hangup;
mod later;
mod pause;
mod pay;
mod play;
mod record;
mod redirect;
mod reel;
mod refer;
mod reject;
mod say;
mod sms;
mod start;
mod stop;

use super::script::{Input, Orders, Scene, Sound, Step, Then};
use jiff::Timestamp;
use reel::Reel;
use twiml::Verb;

/// Whether a verb answers a call that still rings (twiml.md 4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answers {
    /// Before it begins.
    Now,
    /// It begins on a call that rings; what becomes of it decides.
    Later,
    /// It leaves that open.
    Never,
}

pub(super) fn answers(verb: &Verb) -> Answers {
    match verb {
        Verb::Reject(_) | Verb::Redirect(_) => Answers::Never,
        Verb::Pause(_) => Answers::Later,
        Verb::Dial(dial) if dial.answer_on_bridge => Answers::Later,
        _ => Answers::Now,
    }
}

/// Begins a verb.
pub(super) fn start(verb: Verb, scene: &mut Scene<'_>) -> Step {
    match verb {
        Verb::Dial(dial) => dial::start(dial, scene),
        Verb::Gather(gather) => gather::start(gather, scene),
        Verb::Hangup(_) => hangup::start(),
        Verb::Pause(pause) => pause::start(&pause, scene),
        Verb::Pay(pay) => pay::start(pay, scene),
        Verb::Play(play) => play::start(play, scene),
        Verb::Record(record) => record::start(record, scene),
        Verb::Redirect(redirect) => redirect::start(redirect),
        Verb::Refer(refer) => refer::start(refer, scene),
        Verb::Reject(reject) => reject::start(&reject),
        Verb::Say(say) => say::start(say, scene),
        Verb::Sms(sms) => sms::start(sms, scene),
        Verb::Start(start) => start::start(start, scene),
        Verb::Stop(stop) => stop::start(stop, scene),
        Verb::Connect(connect) => later::connect(connect, scene),
        Verb::Enqueue(enqueue) => later::enqueue(enqueue, scene),
        Verb::Echo(_) | Verb::Leave(_) | Verb::Prompt(_) | Verb::Queue(_) | Verb::Message(_) => {
            later::skip(verb.name(), scene)
        }
    }
}

/// Lets a sound be heard that no verb asked for.
pub(super) fn hear(sound: Sound, orders: &mut Orders) -> Step {
    Reel::of(sound).start(orders)
}

/// A verb that takes its time.
#[derive(Debug)]
pub(super) enum Running {
    Hear(Reel),
    Gather(Box<gather::Gathering>),
    Record(record::Recording),
    Dial(dial::Dialing),
    Sms(sms::Sending),
    Refer(refer::Referring),
}

impl Running {
    /// Its element.
    pub fn name(&self) -> &'static str {
        match self {
            Running::Hear(reel) => reel.name(),
            Running::Gather(_) => "Gather",
            Running::Record(_) => "Record",
            Running::Dial(_) => "Dial",
            Running::Sms(_) => "Sms",
            Running::Refer(_) => "Refer",
        }
    }

    /// When it wants to be told that time has passed.
    pub fn deadline(&self) -> Option<Timestamp> {
        match self {
            Running::Hear(reel) => reel.deadline(),
            Running::Gather(gathering) => gathering.deadline(),
            Running::Record(recording) => recording.deadline(),
            Running::Dial(_) | Running::Sms(_) | Running::Refer(_) => None,
        }
    }

    /// It is told what happened; [`Input::Tick`] only when its deadline has come.
    pub fn input(&mut self, input: Input, scene: &mut Scene<'_>) -> Then {
        match self {
            Running::Hear(reel) => reel.input(input, scene),
            Running::Gather(gathering) => gathering.input(input, scene),
            Running::Record(recording) => recording.input(input, scene),
            Running::Dial(dialing) => dialing.input(input, scene),
            Running::Sms(sending) => sending.input(input, scene),
            Running::Refer(referring) => referring.input(input, scene),
        }
    }

    /// Takes its orders back.
    pub fn interrupt(self, orders: &mut Orders) {
        match self {
            Running::Hear(reel) => reel.stop(orders),
            Running::Gather(gathering) => gathering.stop(orders),
            Running::Record(recording) => recording.stop(orders),
            Running::Dial(dialing) => dialing.stop(orders),
            Running::Sms(_) | Running::Refer(_) => {}
        }
    }

    /// Whether its end answers a call that still rings.
    pub fn ends_with_answer(&self) -> bool {
        matches!(self, Running::Hear(_))
    }

    /// What still comes when the leg is gone, and leads to its action.
    pub fn outlives_the_leg(self) -> Option<Running> {
        match self {
            Running::Record(recording) => recording.hung_up().map(Running::Record),
            Running::Dial(_) | Running::Refer(_) => Some(self),
            Running::Hear(_) | Running::Gather(_) | Running::Sms(_) => None,
        }
    }
}

/// What is told of a yes or no.
fn word(yes: bool) -> &'static str {
    if yes { "true" } else { "false" }
}
