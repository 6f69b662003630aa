//! `Sms`: sends a text message during a call; deprecated.
//!
//! Stands under `Response` of a voice document; holds text. In messaging the same name is read
//! as a `Message`.
//! Contract: Twilio docs, TwiML SMS; error pages 14101 to 14105.

use crate::choices::Method;
use crate::element::{Content, URL, element};
use crate::reader::{Reader, Xml};
use crate::rules;
use crate::verbs::message::{check_body, from_address, refused, to_address};
use crate::writer::Writer;

element! {
    /// Sends a text message during a call.
    ///
    /// After it the document at `action` runs, or the next verb if there is none.
    Sms = "Sms" {
        /// To whom. Not given: the other side of the call.
        text to "to" [to_address], 14101;
        /// From which number. Not given: the number of the call.
        text from "from" [from_address], 14102;
        /// Where it goes on afterwards. Not given: with the next verb.
        text action "action" [rules::url], URL;
        /// How `action` is requested.
        value method "method": Method = Method::Post, 14104;
        /// Who is told the status of the message.
        text status_callback "statusCallback" [rules::callback], 14105;
    }
    inside {
        /// The text.
        body: String,
    }
}

impl Sms {
    /// Sends a text.
    pub fn new(body: impl Into<String>) -> Sms {
        Sms { body: body.into(), ..Sms::default() }
    }
}

impl<T: Into<String>> From<T> for Sms {
    fn from(body: T) -> Sms {
        Sms::new(body)
    }
}

impl Content for Sms {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<Sms> {
        let mut sms: Sms = reader.attributes(node);
        sms.body = reader.text(node);
        let sends = check_body(reader, node, &sms.body);
        let meant = !refused(node, "to", &sms.to) && !refused(node, "from", &sms.from);
        (sends && meant).then_some(sms)
    }

    fn write(&self, out: &mut Writer) {
        out.text_element(self, &self.body);
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{problems, verbs, voice};
    use crate::{Sms, Verb};

    #[test]
    fn it_sends_a_text_during_a_call() {
        let sms = Sms::new("Hello").to("+12025550123").action("/sent");
        let xml = "<Sms to='+12025550123' action='/sent'> Hello </Sms>";
        assert_eq!(voice(xml), Verb::Sms(sms));
        assert_eq!(problems(xml), []);
    }

    #[test]
    fn what_cannot_be_sent_as_meant_is_skipped() {
        for (xml, code) in
            [("<Sms/>", 14103), ("<Sms to='x'>x</Sms>", 14101), ("<Sms from='?'>x</Sms>", 14102)]
        {
            assert_eq!(problems(xml), [code], "{xml}");
            assert_eq!(verbs(xml), [], "{xml}");
        }
        assert_eq!(problems("<Sms method='x'>x</Sms>"), [14104]);
        assert_eq!(problems("<Sms statusCallback='a b'>x</Sms>"), [14105]);
    }
}
