//! `WhatsApp`: a WhatsApp number to dial.
//!
//! A noun of `Dial`. An empty one is skipped.
//! Contract: Twilio docs, TwiML WhatsApp.

use crate::choices::{CallEvent, Method};
use crate::element::{Content, SCHEMA, URL, element};
use crate::reader::{Reader, Xml};
use crate::rules;
use crate::writer::Writer;

element! {
    /// A WhatsApp number to dial.
    WhatsApp = "WhatsApp" {
        /// A document for whoever answers, before they are connected.
        text url "url" [rules::url], URL;
        /// How that is requested.
        value method "method": Method = Method::Post, SCHEMA;
        /// Who is told what happens to the leg.
        text status_callback "statusCallback" [rules::callback], URL;
        /// How that is requested.
        value status_callback_method "statusCallbackMethod": Method = Method::Post, SCHEMA;
        /// What is told.
        list status_callback_event "statusCallbackEvent": CallEvent
            = [CallEvent::Completed], SCHEMA;
    }
    inside {
        /// The number, as it was written.
        number: String,
    }
}

impl WhatsApp {
    /// Dials that number.
    pub fn new(number: impl Into<String>) -> WhatsApp {
        WhatsApp { number: number.into(), ..WhatsApp::default() }
    }
}

impl Content for WhatsApp {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<WhatsApp> {
        let mut whats_app: WhatsApp = reader.attributes(node);
        whats_app.number = reader.text(node);
        if whats_app.number.is_empty() {
            reader.bad_text(node, SCHEMA, "a phone number");
            return None;
        }
        Some(whats_app)
    }

    fn write(&self, out: &mut Writer) {
        out.text_element(self, &self.number);
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{problems, voice};
    use crate::{Dial, Verb, WhatsApp};

    #[test]
    fn its_number_is_trimmed_and_needed() {
        let xml = "<Dial><WhatsApp url='/hi'> +12025550123 </WhatsApp></Dial>";
        let whats_app = WhatsApp::new("+12025550123").url("/hi");
        assert_eq!(voice(xml), Verb::Dial(Dial::new().noun(whats_app)));
        assert_eq!(problems("<Dial><WhatsApp/><Number>1</Number></Dial>"), [12200]);
    }
}
