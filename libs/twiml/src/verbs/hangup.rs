//! `Hangup`: ends the call.
//!
//! Stands under `Response`; holds parameters, of the SDKs only.
//! Contract: Twilio docs, TwiML Hangup.

use crate::element::{Content, element};
use crate::nouns::{Parameter, parameter};
use crate::reader::{Reader, Xml};
use crate::writer::Writer;

element! {
    /// Ends the call; nothing after it runs.
    Hangup = "Hangup" {}
    inside {
        /// Custom parameters.
        parameters: Vec<Parameter>,
    }
}

impl Content for Hangup {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<Hangup> {
        let mut hangup: Hangup = reader.attributes(node);
        hangup.parameters = parameter::read_all(reader, node);
        Some(hangup)
    }

    fn write(&self, out: &mut Writer) {
        out.element(self, |out| parameter::write_all(&self.parameters, out));
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{problems, voice};
    use crate::{Hangup, Parameter, Verb};

    #[test]
    fn it_can_carry_parameters() {
        let xml = "<Hangup><Parameter name='a' value='b'/></Hangup>";
        assert_eq!(problems(xml), []);
        let parameters = vec![Parameter::new("a", "b")];
        assert_eq!(voice(xml), Verb::Hangup(Hangup { parameters }));
        assert_eq!(problems("<Hangup reason='busy'/>"), [12200]);
    }
}
