//! `Pause`: waits in silence.
//!
//! Stands under `Response`, `Gather` and `Prompt`.
//! Contract: Twilio docs, TwiML Pause; error page 13910.

use crate::element::{Content, element};
use crate::reader::{Reader, Xml};
use crate::writer::Writer;

element! {
    /// Waits in silence. As the first verb of an inbound call it delays the answer.
    Pause = "Pause" {
        /// How long, in seconds.
        value length "length": u32 [1..=u32::MAX] = 1, 13910;
    }
}

impl Pause {
    /// Waits that many seconds.
    pub fn new(length: u32) -> Pause {
        Pause { length }
    }
}

impl Content for Pause {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<Pause> {
        let pause = reader.attributes(node);
        reader.empty(node);
        Some(pause)
    }

    fn write(&self, out: &mut Writer) {
        out.element(self, |_| {});
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{problems, voice};
    use crate::{Pause, Verb};

    #[test]
    fn a_length_is_a_positive_number_of_seconds_else_one() {
        assert_eq!(voice("<Pause length='10'/>"), Verb::Pause(Pause::new(10)));
        assert_eq!(voice("<Pause></Pause>"), Verb::Pause(Pause::new(1)));
        for length in ["0", "-1", "2.5", "long", ""] {
            let xml = format!("<Pause length='{length}'/>");
            assert_eq!(problems(&xml), [13910], "{length}");
            assert_eq!(voice(&xml), Verb::Pause(Pause::new(1)), "{length}");
        }
    }

    #[test]
    fn it_takes_nothing_inside() {
        assert_eq!(problems("<Pause>5</Pause>"), [12200]);
        assert_eq!(problems("<Pause><Say>x</Say></Pause>"), [12200]);
    }
}
