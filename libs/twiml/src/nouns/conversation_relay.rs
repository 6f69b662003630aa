//! `ConversationRelay`: a WebSocket that reads and writes the text of a call; and
//! `ConversationRelaySession`, one that is configured elsewhere.
//!
//! Nouns of `Connect`; the relay holds languages and parameters.
//! Contract: Twilio docs, TwiML ConversationRelay.

use crate::choices::{Interruption, Sensitivity, TextNormalization};
use crate::element::{Content, SCHEMA, element};
use crate::nouns::{Language, Parameter, parameter};
use crate::reader::{Allowed, Reader, Xml};
use crate::rules;
use crate::writer::Writer;

element! {
    /// A WebSocket that reads and writes the text of a call.
    ConversationRelay = "ConversationRelay" {
        /// The WebSocket: `wss`.
        required url "url" [rules::socket], SCHEMA;
        /// What is said first.
        text welcome_greeting "welcomeGreeting", SCHEMA;
        /// What interrupts the greeting.
        value welcome_greeting_interruptible "welcomeGreetingInterruptible": Interruption
            = Interruption::Any, SCHEMA;
        /// The language that is spoken and understood.
        string language "language" [rules::language] = "en-US", SCHEMA;
        /// The language that is spoken. Not given: `language`.
        text tts_language "ttsLanguage", SCHEMA;
        /// The language that is understood. Not given: `language`.
        text transcription_language "transcriptionLanguage", SCHEMA;
        /// Who speaks. Not given: `ElevenLabs`.
        text tts_provider "ttsProvider", SCHEMA;
        /// With which voice. Not given: that of the provider.
        text voice "voice", SCHEMA;
        /// Who understands. Not given: `Deepgram`.
        text transcription_provider "transcriptionProvider", SCHEMA;
        /// With which model. Not given: that of the provider.
        text speech_model "speechModel", SCHEMA;
        /// What interrupts the speech.
        value interruptible "interruptible": Interruption = Interruption::Any, SCHEMA;
        /// How easily speech interrupts.
        value interrupt_sensitivity "interruptSensitivity": Sensitivity = Sensitivity::High, SCHEMA;
        /// Whether keys are told.
        value dtmf_detection "dtmfDetection": bool = false, SCHEMA;
        /// What is told while something is spoken.
        value report_input_during_agent_speech "reportInputDuringAgentSpeech": Interruption
            = Interruption::None, SCHEMA;
        /// Whether newer speech stops the older.
        value preemptible "preemptible": bool = false, SCHEMA;
        /// Whether text is told while it is still being understood.
        maybe partial_prompts "partialPrompts": bool, SCHEMA;
        /// Whether swear words lose their letters.
        maybe profanity_filter "profanityFilter": bool, SCHEMA;
        /// Words to expect, with commas between.
        text hints "hints", SCHEMA;
        /// What is told for debugging, with blanks between.
        text debug "debug", SCHEMA;
        /// Whether numbers are spelled out before they are spoken.
        value elevenlabs_text_normalization "elevenlabsTextNormalization": TextNormalization
            = TextNormalization::Off, SCHEMA;
        /// A Conversational Intelligence service.
        text intelligence_service "intelligenceService", SCHEMA;
        /// Of the SDKs only.
        text events "events", SCHEMA;
        /// Of the SDKs only.
        text background_noise_reduction "backgroundnoisereduction", SCHEMA;
        /// Of the SDKs only.
        text deepgram_smart_format "deepgramsmartformat", SCHEMA;
        /// Of the SDKs only.
        text ignore_backchannel "ignorebackchannel", SCHEMA;
        /// Of the SDKs only.
        text speech_timeout "speechtimeout", SCHEMA;
    }
    inside {
        /// How single languages are spoken and understood.
        languages: Vec<Language>,
        /// Custom parameters of its first message.
        parameters: Vec<Parameter>,
    }
}

element! {
    /// A relay that is configured elsewhere.
    ConversationRelaySession = "ConversationRelaySession" {
        /// The connector.
        text connector "connector", SCHEMA;
        /// The configuration.
        text session_configuration "sessionConfiguration", SCHEMA;
    }
}

impl ConversationRelay {
    /// A relay to that WebSocket.
    pub fn new(url: impl Into<String>) -> ConversationRelay {
        ConversationRelay::default().url(url)
    }

    /// Adds a custom parameter.
    #[must_use]
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameters.push(Parameter::new(name, value));
        self
    }
}

impl Content for ConversationRelay {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<ConversationRelay> {
        let mut relay: ConversationRelay = reader.attributes(node);
        (relay.languages, relay.parameters) = read_inside(reader, node);
        Some(relay)
    }

    fn write(&self, out: &mut Writer) {
        out.element(self, |out| {
            parameter::write_all(&self.languages, out);
            parameter::write_all(&self.parameters, out);
        });
    }
}

/// The languages and parameters of a relay or an assistant.
pub(super) fn read_inside(
    reader: &mut Reader<'_>,
    node: Xml<'_>,
) -> (Vec<Language>, Vec<Parameter>) {
    let (mut languages, mut parameters) = (Vec::new(), Vec::new());
    reader.children(node, Allowed::only(&["Language", "Parameter"]), |reader, name, child| {
        match name {
            "Language" => languages.extend(Language::read(reader, child)),
            "Parameter" => parameters.extend(Parameter::read(reader, child)),
            _ => return false,
        }
        true
    });
    (languages, parameters)
}

impl Content for ConversationRelaySession {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<ConversationRelaySession> {
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
    use crate::{Connect, ConversationRelay, Interruption, Language, Verb};

    fn of(attributes: &str, inside: &str) -> String {
        format!(
            "<Connect><ConversationRelay url='wss://a.b/c?d=e' {attributes}>{inside}\
             </ConversationRelay></Connect>"
        )
    }

    #[test]
    fn it_holds_languages_and_parameters() {
        let inside = "<Language code='sv-SE' voice='v'/><Parameter name='a' value='b'/>";
        let xml = of("interruptible='false'", inside);
        assert_eq!(problems(&xml), []);
        let mut relay = ConversationRelay::new("wss://a.b/c?d=e")
            .interruptible(Interruption::None)
            .parameter("a", "b");
        relay.languages.push(Language::new("sv-SE").voice("v"));
        assert_eq!(voice(&xml), Verb::Connect(Connect::new(relay)));
    }

    #[test]
    fn a_bad_attribute_leaves_its_default() {
        let plain = Verb::Connect(Connect::new(ConversationRelay::new("wss://a.b/c?d=e")));
        for attribute in [
            "interruptible='maybe'",
            "interruptSensitivity='x'",
            "dtmfDetection='x'",
            "elevenlabsTextNormalization='x'",
            "speechTimeout='1'",
        ] {
            assert_eq!(problems(&of(attribute, "")), [12200], "{attribute}");
            assert_eq!(voice(&of(attribute, "")), plain, "{attribute}");
        }
        assert_eq!(problems(&of("", "<Language/>")), [12200]);
        assert_eq!(problems(&of("", "hello")), [12200]);
    }
}
