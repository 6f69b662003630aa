//! What a script was told, with house time: the same again makes the same outputs.

use super::{First, Heard, Input, Output, Script, Setup};
use crate::documents::Answer;
use jiff::Timestamp;

/// Inputs that are kept of one call at most.
pub const LOG_INPUTS_MAX: usize = 10_000;
/// Bytes of documents and words that are kept of one call at most.
pub const LOG_BYTES_MAX: usize = 4 << 20;

/// The inputs of a script, as long as they fit.
#[derive(Debug, Clone, PartialEq)]
pub struct Log {
    setup: Setup,
    began: Timestamp,
    inputs: Vec<(Timestamp, Input)>,
    bytes: usize,
    is_whole: bool,
}

impl Log {
    /// Nothing has happened yet.
    pub fn new(setup: Setup, began: Timestamp) -> Log {
        Log { setup, began, inputs: Vec::new(), bytes: 0, is_whole: true }
    }

    /// Keeps an input; when there is no room it is left out, and all after it.
    pub fn keep(&mut self, now: Timestamp, input: &Input) {
        let bytes = self.bytes + weight(input);
        self.is_whole &= self.inputs.len() < LOG_INPUTS_MAX && bytes <= LOG_BYTES_MAX;
        if self.is_whole {
            self.bytes = bytes;
            self.inputs.push((now, input.clone()));
        }
    }

    /// How the leg began.
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// When it began.
    pub fn began(&self) -> Timestamp {
        self.began
    }

    /// What happened, with its time.
    pub fn inputs(&self) -> &[(Timestamp, Input)] {
        &self.inputs
    }

    /// Whether nothing was left out.
    pub fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// The same once more, in a script of its own: its outputs, with the time of each.
    pub fn replay(&self) -> Vec<(Timestamp, Output)> {
        let mut outputs = Vec::new();
        self.play(|now, _, wanted| outputs.extend(wanted.into_iter().map(|output| (now, output))));
        outputs
    }

    /// The same once more: each input, and what the script wanted after it. The first is the
    /// beginning, without an input.
    pub fn play(&self, mut step: impl FnMut(Timestamp, Option<&Input>, Vec<Output>)) -> Script {
        self.follow(|_, now, input, wanted| step(now, input, wanted))
    }

    /// The same, with how the script stands after each.
    pub fn follow(
        &self,
        mut step: impl FnMut(&Script, Timestamp, Option<&Input>, Vec<Output>),
    ) -> Script {
        let mut script = Script::begin(self.setup.clone(), self.began);
        let wanted = |script: &mut Script| std::iter::from_fn(|| script.output()).collect();
        let first = wanted(&mut script);
        step(&script, self.began, None, first);
        for (now, input) in &self.inputs {
            script.input(*now, input.clone());
            let next = wanted(&mut script);
            step(&script, *now, Some(input), next);
        }
        script
    }

    /// Bytes of memory that it takes, about.
    pub fn weight(&self) -> usize {
        self.bytes + self.inputs.len() * std::mem::size_of::<(Timestamp, Input)>()
    }
}

/// The bytes of an input that grow with what others send.
fn weight(input: &Input) -> usize {
    match input {
        Input::Document(_, Answer::Document { body, url, .. }) => body.len() + url.len(),
        Input::Document(_, Answer::Failed { message, .. }) => message.len(),
        Input::Speech(_, Heard::Partial(text) | Heard::Final { text, .. }) => text.len(),
        Input::Replaced(First::Twiml(text)) => text.len(),
        Input::Replaced(First::Ask(target)) => target.url.len(),
        Input::Dialed(_, end) => {
            end.parameters.iter().map(|(name, value)| name.len() + value.len()).sum()
        }
        _ => 0,
    }
}
