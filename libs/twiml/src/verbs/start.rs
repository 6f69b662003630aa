//! `Start`: begins something that runs beside the call.
//!
//! Stands under `Response`; holds streams, recordings, transcriptions and SIPREC sessions.
//! Contract: Twilio docs, TwiML Start; error page 14300.

use crate::choices::Method;
use crate::element::{Content, SCHEMA, URL, element, one_of};
use crate::nouns::{Recording, Siprec, Stream, Transcription};
use crate::reader::{Allowed, Reader, Xml};
use crate::rules;
use crate::writer::Writer;

pub(crate) const NESTED_NOUN: u32 = 14300;

one_of! {
    /// Something that listens to a call without being part of it.
    Tap {
        /// A WebSocket that hears the call.
        Stream,
        /// A recorder that is reached by SIP.
        Siprec,
        /// Text of what is said, as it is said.
        Transcription,
        /// A recording.
        Recording,
    }
}

element! {
    /// Begins something that runs beside the call; the next verb runs at once.
    Start = "Start" {
        /// Of the SDKs only; without a documented meaning.
        text action "action" [rules::url], URL;
        /// How `action` is requested.
        value method "method": Method = Method::Post, SCHEMA;
    }
    inside {
        /// What begins.
        taps: Vec<Tap>,
    }
}

impl Start {
    /// Begins one thing.
    pub fn new(tap: impl Into<Tap>) -> Start {
        Start::default().tap(tap)
    }

    /// Adds something that begins.
    #[must_use]
    pub fn tap(mut self, tap: impl Into<Tap>) -> Start {
        self.taps.push(tap.into());
        self
    }
}

impl<T: Into<Tap>> From<T> for Start {
    fn from(tap: T) -> Start {
        Start::new(tap)
    }
}

impl Content for Start {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<Start> {
        let mut start: Start = reader.attributes(node);
        let allowed = Allowed { names: Tap::NAMES, code: NESTED_NOUN };
        reader.children(node, allowed, |reader, name, child| {
            let read = Tap::read(reader, name, child);
            let known = read.is_some();
            if name == "Stream" {
                reader.require(child, name, "url");
            }
            start.taps.extend(read.flatten());
            known
        });
        if start.taps.is_empty() {
            reader.incomplete(node, SCHEMA, Tap::NAMES);
        }
        Some(start)
    }

    fn write(&self, out: &mut Writer) {
        out.element(self, |out| self.taps.iter().for_each(|tap| tap.write(out)));
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{problems, voice};
    use crate::{Recording, Start, Stream, Track, Verb};

    #[test]
    fn it_begins_whatever_it_holds() {
        let xml = "<Start><Stream url='wss://a.b/c' track='both_tracks'/><Recording/></Start>";
        assert_eq!(problems(xml), []);
        let stream = Stream::new("wss://a.b/c").track(Track::Both);
        assert_eq!(voice(xml), Verb::Start(Start::new(stream).tap(Recording::default())));
    }

    #[test]
    fn what_is_wrong_has_its_own_code() {
        for (xml, codes) in [
            ("<Start><Recording/><Say>x</Say></Start>", vec![14300]),
            ("<Start/>", vec![12200]),
            ("<Start><Stream/></Start>", vec![12200]),
            ("<Start><Stream url='https://a.b'/></Start>", vec![12200]),
            ("<Start><Recording/>now</Start>", vec![12200]),
        ] {
            assert_eq!(problems(xml), codes, "{xml}");
        }
    }
}
