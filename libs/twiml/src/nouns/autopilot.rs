//! `Autopilot`: a bot of a product that ended.
//!
//! A noun of `Connect`; holds the sid or the name of the bot. One without is skipped.
//! Contract: Twilio's SDK builders; the page is gone.

use crate::element::{Content, SCHEMA, element};
use crate::reader::{Reader, Xml};
use crate::writer::Writer;

element! {
    /// A bot of a product that ended.
    Autopilot = "Autopilot" {}
    inside {
        /// Its sid or unique name.
        name: String,
    }
}

impl Autopilot {
    /// The bot of that sid or name.
    pub fn new(name: impl Into<String>) -> Autopilot {
        Autopilot { name: name.into() }
    }
}

impl Content for Autopilot {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<Autopilot> {
        let mut autopilot: Autopilot = reader.attributes(node);
        autopilot.name = reader.text(node);
        if autopilot.name.is_empty() {
            reader.bad_text(node, SCHEMA, "the sid or name of an assistant");
            return None;
        }
        Some(autopilot)
    }

    fn write(&self, out: &mut Writer) {
        out.text_element(self, &self.name);
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{problems, voice};
    use crate::{Autopilot, Connect, Verb};

    #[test]
    fn it_names_a_bot() {
        let xml = "<Connect><Autopilot> UA1 </Autopilot></Connect>";
        assert_eq!(voice(xml), Verb::Connect(Connect::new(Autopilot::new("UA1"))));
        assert_eq!(problems("<Connect><Autopilot/></Connect>"), [12200, 12200]);
    }
}
