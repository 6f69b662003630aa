//! `Sim`: a SIM card to dial.
//!
//! A noun of `Dial` for a product that ended. An empty one is skipped.
//! Contract: Twilio docs, TwiML Sim.

use crate::element::{Content, SCHEMA, element};
use crate::reader::{Reader, Xml};
use crate::writer::Writer;

element! {
    /// A SIM card to dial.
    Sim = "Sim" {}
    inside {
        /// The sid of the card, `DE…`.
        sid: String,
    }
}

impl Sim {
    /// Dials that card.
    pub fn new(sid: impl Into<String>) -> Sim {
        Sim { sid: sid.into() }
    }
}

impl Content for Sim {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<Sim> {
        let mut sim: Sim = reader.attributes(node);
        sim.sid = reader.text(node);
        if sim.sid.is_empty() {
            reader.bad_text(node, SCHEMA, "the sid of a SIM card");
            return None;
        }
        Some(sim)
    }

    fn write(&self, out: &mut Writer) {
        out.text_element(self, &self.sid);
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{problems, voice};
    use crate::{Dial, Sim, Verb};

    #[test]
    fn it_names_a_card() {
        let xml = "<Dial><Sim> DE1 </Sim></Dial>";
        assert_eq!(voice(xml), Verb::Dial(Dial::new().noun(Sim::new("DE1"))));
        assert_eq!(problems("<Dial><Sim/></Dial>"), [12200, 12200]);
    }
}
