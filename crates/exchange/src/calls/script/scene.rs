//! What a verb may see and do, and what follows from it.

use super::program::Program;
use super::{Orders, Output, Setup, Tell};
use crate::calls::RecordingCallback;
use crate::calls::verbs::Running;
use crate::documents::{Remark, method, resolve};
use crate::numbers::{Method, Target};
use twiml::{Reason, RecordingEvent};

/// Recordings beside a document at once at most.
pub(in crate::calls) const TAPS_MAX: usize = 16;

/// The names of what runs beside the documents, the newest last.
pub(in crate::calls) type Taps = Vec<Option<String>>;

/// What a verb sees of its script.
pub(in crate::calls) struct Scene<'a> {
    pub orders: &'a mut Orders,
    pub setup: &'a Setup,
    pub program: &'a Program,
    pub taps: &'a mut Taps,
    /// Sound other than silence is on the line.
    pub has_voice: bool,
}

/// What follows from a verb.
pub(in crate::calls) enum Step {
    /// The next one.
    Next,
    /// It takes its time.
    Wait(Running),
    /// Another document.
    Ask(Goal),
    /// The end of the call.
    Hangup,
    /// The end of a call that is not answered.
    Reject(Reason),
}

/// What follows when a verb that takes its time was told something.
pub(in crate::calls) enum Then {
    /// It goes on.
    Stay,
    /// It goes on, and the call is answered.
    Answer,
    /// It is done.
    Go(Step),
}

/// A document to go on with.
pub(in crate::calls) struct Goal {
    /// As it was written; `None` and empty are the current document.
    pub url: Option<String>,
    pub method: Method,
    /// What is told beside the standard parameters.
    pub parameters: Vec<(String, String)>,
    /// The code for having none, in a document without a URL of its own.
    pub missing_code: u32,
}

impl Goal {
    pub fn new(url: Option<String>, how: twiml::Method) -> Goal {
        Goal { url, method: method(how), parameters: Vec::new(), missing_code: 11100 }
    }

    #[must_use]
    pub fn tell(mut self, name: &str, value: impl Into<String>) -> Goal {
        self.parameters.push((name.to_owned(), value.into()));
        self
    }

    /// The same if there is something to tell.
    #[must_use]
    pub fn tell_if(self, name: &str, value: Option<impl ToString>) -> Goal {
        match value {
            Some(value) => self.tell(name, value.to_string()),
            None => self,
        }
    }
}

impl Scene<'_> {
    /// Remarks on the current verb, unless the parser has told the same of it.
    pub fn remark(&mut self, code: u32, message: impl Into<String>) {
        if !self.program.has_told(code) {
            let at = self.program.place();
            self.orders.push(Output::Remark(Remark { code, message: message.into(), at }));
        }
    }

    /// Passes on what somebody else found wrong with the current verb.
    pub fn pass_on(&mut self, remark: Remark) {
        let at = remark.at.or(self.program.place());
        self.orders.push(Output::Remark(Remark { at, ..remark }));
    }

    /// A URL that only is told something; a bad one is nobody.
    pub fn callback(&mut self, url: Option<&str>, how: twiml::Method, code: u32) -> Option<Target> {
        let url = url.map(str::trim).filter(|url| !url.is_empty())?;
        match resolve(self.program.url(), url, method(how)) {
            Ok(target) => Some(target),
            Err(why) => {
                self.remark(code, format!("The callback {url} has no usable URL: {why}"));
                None
            }
        }
    }

    /// A document for somebody else. One that can't be had stays as it was written: asking for it
    /// fails there, instead of leaving it out.
    pub fn document(&self, url: Option<&str>, how: twiml::Method) -> Option<Target> {
        let url = url.map(str::trim).filter(|url| !url.is_empty())?;
        let as_written = Target { url: url.to_owned(), method: method(how) };
        Some(resolve(self.program.url(), url, method(how)).unwrap_or(as_written))
    }

    /// The absolute URL of a sound.
    pub fn sound_url(&self, url: &str) -> Result<String, String> {
        resolve(self.program.url(), url, Method::Get).map(|target| target.url)
    }

    /// Who is told what becomes of a recording.
    pub fn recording_callback(
        &mut self,
        url: Option<&str>,
        how: twiml::Method,
        events: &[RecordingEvent],
    ) -> Option<RecordingCallback> {
        let target = self.callback(url, how, 13256)?;
        Some(RecordingCallback { target, events: events.to_vec() })
    }

    pub fn tell(&mut self, target: Target, parameters: Vec<(String, String)>) {
        self.orders.push(Output::Tell(Tell { target, parameters }));
    }
}
