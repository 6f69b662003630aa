//! `Recording`: a recording that runs beside the call.
//!
//! A noun of `Start` and, with its `name`, of `Stop`; holds nothing.
//! Contract: Twilio docs, TwiML Recording; error pages 13256, 13621.

use crate::choices::{Method, RecordingEvent, RecordingTrack, Trim};
use crate::element::{Content, SCHEMA, element};
use crate::reader::{Reader, Xml};
use crate::rules;
use crate::value::choices;
use crate::writer::Writer;

choices! {
    /// How many channels a recording has.
    Channels {
        /// One for both sides.
        Mono = "mono",
        /// One for each.
        Dual = "dual",
    }
}

element! {
    /// A recording that runs beside the call.
    Recording = "Recording" {
        /// A name to stop it by.
        text name "name", SCHEMA;
        /// How many channels it has.
        value channels "channels": Channels = Channels::Dual, SCHEMA;
        /// Which side is recorded.
        value track "track": RecordingTrack = RecordingTrack::Both, SCHEMA;
        /// What happens to silence at its ends.
        value trim "trim": Trim = Trim::TrimSilence, SCHEMA;
        /// Who is told what became of it.
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

impl Content for Recording {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<Recording> {
        let recording = reader.attributes(node);
        reader.empty(node);
        Some(recording)
    }

    fn write(&self, out: &mut Writer) {
        out.element(self, |_| {});
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{problems, voice};
    use crate::{Channels, Recording, Start, Verb};

    #[test]
    fn a_bad_attribute_leaves_its_default() {
        let xml = "<Start><Recording channels='mono' trim='x'/></Start>";
        assert_eq!(problems(xml), [12200]);
        let recording = Recording::default().channels(Channels::Mono);
        assert_eq!(voice(xml), Verb::Start(Start::new(recording)));
        let xml = "<Start><Recording recordingStatusCallbackEvent='x'/></Start>";
        assert_eq!(problems(xml), [13621]);
    }
}
