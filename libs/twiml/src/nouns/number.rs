//! `Number`: a phone number to dial.
//!
//! A noun of `Dial`. Whether a number can be dialed is judged elsewhere; only an empty one is
//! skipped here.
//! Contract: Twilio docs, TwiML Number; error pages 13221 to 13223, 21263.

use crate::choices::{CallEvent, MachineDetection, Method};
use crate::element::{Content, SCHEMA, URL, element};
use crate::reader::{Reader, Xml};
use crate::rules;
use crate::writer::Writer;

const BAD_FORMAT: u32 = 13223;
/// Parameters of machine detection that cannot be (error page 21263).
pub(super) const BAD_DETECTION: u32 = 21263;

element! {
    /// A phone number to dial.
    Number = "Number" {
        /// Keys that are pressed right after the answer.
        text send_digits "sendDigits" [rules::send_digits], 13222;
        /// A document for whoever answers, before they are connected.
        text url "url" [rules::url], URL;
        /// How that is requested.
        value method "method": Method = Method::Post, 13221;
        /// The trunk of a carrier of one's own.
        text byoc "byoc" [|text| rules::sid(text, "BY")], SCHEMA;
        /// Who is told what happens to the leg.
        text status_callback "statusCallback" [rules::callback], URL;
        /// How that is requested.
        value status_callback_method "statusCallbackMethod": Method = Method::Post, SCHEMA;
        /// What is told.
        list status_callback_event "statusCallbackEvent": CallEvent
            = [CallEvent::Completed], SCHEMA;
        /// Whether it is found out if a person answered. Not given: it is not.
        maybe machine_detection "machineDetection": MachineDetection, BAD_DETECTION;
        /// Seconds that finding out can take.
        value machine_detection_timeout "machineDetectionTimeout": u32 [3..=60] = 30,
            BAD_DETECTION;
        /// Milliseconds of speech that make a machine.
        value machine_detection_speech_threshold "machineDetectionSpeechThreshold": u32
            [1000..=6000] = 2400, BAD_DETECTION;
        /// Milliseconds of silence that end the speech.
        value machine_detection_speech_end_threshold "machineDetectionSpeechEndThreshold": u32
            [500..=5000] = 1200, BAD_DETECTION;
        /// Milliseconds of silence after which nothing is known.
        value machine_detection_silence_timeout "machineDetectionSilenceTimeout": u32
            [2000..=10_000] = 5000, BAD_DETECTION;
        /// Who is told the result.
        text amd_status_callback "amdStatusCallback" [rules::callback], URL;
        /// How that is requested.
        value amd_status_callback_method "amdStatusCallbackMethod": Method = Method::Post, SCHEMA;
    }
    inside {
        /// The number, as it was written.
        number: String,
    }
}

impl Number {
    /// Dials that number.
    pub fn new(number: impl Into<String>) -> Number {
        Number { number: number.into(), ..Number::default() }
    }
}

impl<T: Into<String>> From<T> for Number {
    fn from(number: T) -> Number {
        Number::new(number)
    }
}

impl Content for Number {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<Number> {
        let mut number: Number = reader.attributes(node);
        number.number = reader.text(node);
        if number.number.is_empty() {
            reader.bad_text(node, BAD_FORMAT, "a phone number");
            return None;
        }
        Some(number)
    }

    fn write(&self, out: &mut Writer) {
        out.text_element(self, &self.number);
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{problems, voice};
    use crate::{Dial, Number, Verb};

    #[test]
    fn a_bad_attribute_has_its_own_code_and_leaves_its_default() {
        for (attribute, code) in [
            ("method='x'", 13221),
            ("sendDigits='1,2'", 13222),
            ("byoc='x'", 12200),
            ("statusCallbackEvent='answer'", 12200),
            ("machineDetection='yes'", 21263),
            ("machineDetectionTimeout='2'", 21263),
            ("machineDetectionSpeechThreshold='999'", 21263),
            ("machineDetectionSpeechEndThreshold='499'", 21263),
            ("machineDetectionSilenceTimeout='1999'", 21263),
        ] {
            let xml = format!("<Dial><Number {attribute}>1</Number></Dial>");
            assert_eq!(problems(&xml), [code], "{attribute}");
            assert_eq!(voice(&xml), Verb::Dial(Dial::new().number("1")), "{attribute}");
        }
    }

    #[test]
    fn an_empty_one_is_skipped() {
        assert_eq!(problems("<Dial><Number/><Number>1</Number></Dial>"), [13223]);
        let dial = Dial::new().number(Number::new("1"));
        assert_eq!(voice("<Dial><Number/><Number>1</Number></Dial>"), Verb::Dial(dial));
    }
}
