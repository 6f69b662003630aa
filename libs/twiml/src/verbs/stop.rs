//! `Stop`: ends what a `Start` began.
//!
//! Stands under `Response`; holds the same nouns as `Start`, known by their `name`.
//! Contract: Twilio docs, TwiML Stop.

use crate::element::{Content, SCHEMA, element};
use crate::reader::{Allowed, Reader, Xml};
use crate::verbs::Tap;
use crate::writer::Writer;

element! {
    /// Ends what a Start began; the next verb runs at once.
    Stop = "Stop" {}
    inside {
        /// What ends; its name says which.
        taps: Vec<Tap>,
    }
}

impl Stop {
    /// Ends one thing.
    pub fn new(tap: impl Into<Tap>) -> Stop {
        Stop::default().tap(tap)
    }

    /// Adds something that ends.
    #[must_use]
    pub fn tap(mut self, tap: impl Into<Tap>) -> Stop {
        self.taps.push(tap.into());
        self
    }
}

impl<T: Into<Tap>> From<T> for Stop {
    fn from(tap: T) -> Stop {
        Stop::new(tap)
    }
}

impl Content for Stop {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<Stop> {
        let mut stop: Stop = reader.attributes(node);
        reader.children(node, Allowed::only(Tap::NAMES), |reader, name, child| {
            let read = Tap::read(reader, name, child);
            let known = read.is_some();
            stop.taps.extend(read.flatten());
            known
        });
        if stop.taps.is_empty() {
            reader.incomplete(node, SCHEMA, Tap::NAMES);
        }
        Some(stop)
    }

    fn write(&self, out: &mut Writer) {
        out.element(self, |out| self.taps.iter().for_each(|tap| tap.write(out)));
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{problems, voice};
    use crate::{Stop, Stream, Verb};

    #[test]
    fn a_name_is_enough_to_end_a_stream() {
        let xml = "<Stop><Stream name='one'/></Stop>";
        assert_eq!(problems(xml), []);
        assert_eq!(voice(xml), Verb::Stop(Stop::new(Stream::default().name("one"))));
        assert_eq!(problems("<Stop/>"), [12200]);
        assert_eq!(problems("<Stop name='one'><Stream name='one'/></Stop>"), [12200]);
    }
}
