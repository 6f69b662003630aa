//! `AiSession`: a configured AI session.
//!
//! A noun of `Connect`; holds nothing.
//! Contract: Twilio's SDK builders.

use crate::element::{Content, SCHEMA, element};
use crate::reader::{Reader, Xml};
use crate::writer::Writer;

element! {
    /// A configured AI session.
    AiSession = "AiSession" {
        /// The connector.
        text ai_connector "aiConnector", SCHEMA;
        /// The configuration.
        text ai_session_configuration "aiSessionConfiguration", SCHEMA;
    }
}

impl Content for AiSession {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<AiSession> {
        let session = reader.attributes(node);
        reader.empty(node);
        Some(session)
    }

    fn write(&self, out: &mut Writer) {
        out.element(self, |_| {});
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{problems, voice};
    use crate::{AiSession, Connect, Verb};

    #[test]
    fn it_names_a_configuration() {
        let xml = "<Connect><AiSession aiConnector='a' aiSessionConfiguration='b'/></Connect>";
        let session = AiSession::default().ai_connector("a").ai_session_configuration("b");
        assert_eq!(voice(xml), Verb::Connect(Connect::new(session)));
        assert_eq!(problems("<Connect><AiSession>x</AiSession></Connect>"), [12200]);
    }
}
