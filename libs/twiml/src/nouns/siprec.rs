//! `Siprec`: a recorder that is reached by SIP.
//!
//! A noun of `Start` and `Stop`; holds parameters.
//! Contract: Twilio docs, TwiML Siprec.

use crate::choices::{Method, Track};
use crate::element::{Content, SCHEMA, URL, element};
use crate::nouns::{Parameter, parameter};
use crate::reader::{Reader, Xml};
use crate::rules;
use crate::writer::Writer;

element! {
    /// A recorder that is reached by SIP.
    Siprec = "Siprec" {
        /// A name to stop it by. Not given: its sid.
        text name "name", SCHEMA;
        /// The installed connector.
        text connector_name "connectorName", SCHEMA;
        /// Which side it hears.
        value track "track": Track = Track::Both, SCHEMA;
        /// Who is told that it starts, stops and fails.
        text status_callback "statusCallback" [rules::callback], URL;
        /// How that is requested.
        value status_callback_method "statusCallbackMethod": Method = Method::Post, SCHEMA;
    }
    inside {
        /// Custom parameters.
        parameters: Vec<Parameter>,
    }
}

impl Siprec {
    /// A recorder of that connector.
    pub fn new(connector_name: impl Into<String>) -> Siprec {
        Siprec::default().connector_name(connector_name)
    }
}

impl Content for Siprec {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<Siprec> {
        let mut siprec: Siprec = reader.attributes(node);
        siprec.parameters = parameter::read_all(reader, node);
        Some(siprec)
    }

    fn write(&self, out: &mut Writer) {
        out.element(self, |out| parameter::write_all(&self.parameters, out));
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{problems, voice};
    use crate::{Siprec, Start, Verb};

    #[test]
    fn it_names_a_connector() {
        let xml = "<Start><Siprec connectorName='c' name='n'/></Start>";
        assert_eq!(problems(xml), []);
        assert_eq!(voice(xml), Verb::Start(Start::new(Siprec::new("c").name("n"))));
        assert_eq!(problems("<Start><Siprec url='wss://a.b'/></Start>"), [12200]);
    }
}
