//! `Record`: records the caller.
//!
//! Stands under `Response`; holds nothing.
//! Contract: Twilio docs, TwiML Record; error pages 13256, 13257, 13610 to 13621, 13699.

use crate::choices::{Method, RecordingEvent, Trim};
use crate::element::{Content, SCHEMA, URL, element};
use crate::reader::{Reader, Xml};
use crate::rules;
use crate::writer::Writer;

/// Seconds that a recording which is transcribed can last (Record page).
const TRANSCRIBED_SECONDS_MAX: u32 = 120;
const TOO_LONG_TO_TRANSCRIBE: u32 = 13615;

element! {
    /// Records the caller, then goes on with the document at `action`.
    Record = "Record" {
        /// Where it goes on. Not given: the URL of the current document.
        text action "action" [rules::url], URL;
        /// How `action` is requested.
        value method "method": Method = Method::Post, 13610;
        /// Seconds of silence that end the recording; 0: silence does not.
        value timeout "timeout": u32 [0..=u32::MAX] = 5, 13611;
        /// The keys that end the recording, any of them.
        string finish_on_key "finishOnKey" [rules::keys] = "1234567890*#", 13613;
        /// The longest recording in seconds. Not given: see [`Record::length_seconds_max`].
        maybe max_length "maxLength": u32 [2..=86_400], 13612;
        /// Whether a beep says that it begins.
        value play_beep "playBeep": bool = true, 13616;
        /// What happens to silence at its ends.
        value trim "trim": Trim = Trim::TrimSilence, 13699;
        /// Whether it is turned into text.
        value transcribe "transcribe": bool = false, 13614;
        /// Who is told the text.
        text transcribe_callback "transcribeCallback" [rules::callback], 13257;
        /// Who is told what became of the recording.
        text recording_status_callback "recordingStatusCallback" [rules::callback], 13256;
        /// How that is requested.
        value recording_status_callback_method "recordingStatusCallbackMethod": Method
            = Method::Post, SCHEMA;
        /// What is told.
        list recording_status_callback_event "recordingStatusCallbackEvent": RecordingEvent
            = [RecordingEvent::Completed], 13621;
        /// A recording configuration of the account.
        text recording_configuration_id "recordingConfigurationId", SCHEMA;
    }
}

impl Record {
    /// Records with all the defaults.
    pub fn new() -> Record {
        Record::default()
    }

    /// The longest recording in seconds: as given, else 120 when transcribing, else 3600.
    pub fn length_seconds_max(&self) -> u32 {
        let default = if self.transcribe { TRANSCRIBED_SECONDS_MAX } else { 3600 };
        self.max_length.unwrap_or(default)
    }
}

impl Content for Record {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<Record> {
        let record: Record = reader.attributes(node);
        reader.empty(node);
        if record.transcribe && record.length_seconds_max() > TRANSCRIBED_SECONDS_MAX {
            let message = "The value of attribute 'maxLength' on element 'Record' is not valid: \
                           it must be at most 120 for a recording that is transcribed.";
            reader.problem(TOO_LONG_TO_TRANSCRIBE, node.range().start, message);
        }
        Some(record)
    }

    fn write(&self, out: &mut Writer) {
        out.element(self, |_| {});
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{problems, voice};
    use crate::{Record, Verb};

    #[test]
    fn a_bad_attribute_has_its_own_code_and_leaves_its_default() {
        for (attribute, code) in [
            ("method='x'", 13610),
            ("timeout='-1'", 13611),
            ("maxLength='1'", 13612),
            ("maxLength='86401'", 13612),
            ("finishOnKey='A'", 13613),
            ("transcribe='x'", 13614),
            ("playBeep='x'", 13616),
            ("trim='x'", 13699),
            ("recordingStatusCallbackEvent='begun'", 13621),
            ("recordingStatusCallback='a b'", 13256),
            ("transcribeCallback='a b'", 13257),
            ("recordingStatusCallbackMethod='x'", 12200),
        ] {
            let xml = format!("<Record {attribute}/>");
            assert_eq!(problems(&xml), [code], "{attribute}");
            assert_eq!(voice(&xml), Verb::Record(Record::new()), "{attribute}");
        }
    }

    #[test]
    fn a_transcribed_recording_is_shorter() {
        assert_eq!(Record::new().length_seconds_max(), 3600);
        assert_eq!(Record::new().transcribe(true).length_seconds_max(), 120);
        assert_eq!(problems("<Record transcribe='true'/>"), []);
        assert_eq!(problems("<Record transcribe='true' maxLength='120'/>"), []);
        assert_eq!(problems("<Record transcribe='true' maxLength='121'/>"), [13615]);
    }

    #[test]
    fn silence_and_keys_can_be_told_not_to_end_it() {
        let Verb::Record(record) = voice("<Record timeout='0' finishOnKey=''/>") else { panic!() };
        assert_eq!((record.timeout, record.finish_on_key.as_str()), (0, ""));
    }
}
