//! `Assistant`: an AI assistant.
//!
//! A noun of `Connect`; holds languages and parameters. Its attributes are those of
//! `ConversationRelay` without the WebSocket and without defaults of their own.
//! Contract: Twilio's SDK builders.

use crate::choices::{Interruption, Sensitivity, TextNormalization};
use crate::element::{Content, SCHEMA, element};
use crate::nouns::{Language, Parameter, conversation_relay, parameter};
use crate::reader::{Reader, Xml};
use crate::rules;
use crate::writer::Writer;

element! {
    /// An AI assistant.
    Assistant = "Assistant" {
        /// The assistant.
        text id "id", SCHEMA;
        /// What is said first.
        text welcome_greeting "welcomeGreeting", SCHEMA;
        /// What interrupts the greeting.
        maybe welcome_greeting_interruptible "welcomeGreetingInterruptible": Interruption,
            SCHEMA;
        /// The language that is spoken and understood.
        text language "language" [rules::language], SCHEMA;
        /// The language that is spoken. Not given: `language`.
        text tts_language "ttsLanguage", SCHEMA;
        /// The language that is understood. Not given: `language`.
        text transcription_language "transcriptionLanguage", SCHEMA;
        /// Who speaks.
        text tts_provider "ttsProvider", SCHEMA;
        /// With which voice. Not given: that of the provider.
        text voice "voice", SCHEMA;
        /// Who understands.
        text transcription_provider "transcriptionProvider", SCHEMA;
        /// With which model. Not given: that of the provider.
        text speech_model "speechModel", SCHEMA;
        /// What interrupts the speech.
        maybe interruptible "interruptible": Interruption, SCHEMA;
        /// How easily speech interrupts.
        maybe interrupt_sensitivity "interruptSensitivity": Sensitivity, SCHEMA;
        /// Whether keys are told.
        maybe dtmf_detection "dtmfDetection": bool, SCHEMA;
        /// What is told while something is spoken.
        maybe report_input_during_agent_speech "reportInputDuringAgentSpeech": Interruption,
            SCHEMA;
        /// Whether newer speech stops the older.
        maybe preemptible "preemptible": bool, SCHEMA;
        /// Whether text is told while it is still being understood.
        maybe partial_prompts "partialPrompts": bool, SCHEMA;
        /// Whether swear words lose their letters.
        maybe profanity_filter "profanityFilter": bool, SCHEMA;
        /// Words to expect, with commas between.
        text hints "hints", SCHEMA;
        /// What is told for debugging, with blanks between.
        text debug "debug", SCHEMA;
        /// Whether numbers are spelled out before they are spoken.
        maybe elevenlabs_text_normalization "elevenlabsTextNormalization": TextNormalization,
            SCHEMA;
        /// A Conversational Intelligence service.
        text intelligence_service "intelligenceService", SCHEMA;
    }
    inside {
        /// How single languages are spoken and understood.
        languages: Vec<Language>,
        /// Custom parameters.
        parameters: Vec<Parameter>,
    }
}

impl Assistant {
    /// The assistant of that id.
    pub fn new(id: impl Into<String>) -> Assistant {
        Assistant::default().id(id)
    }
}

impl Content for Assistant {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<Assistant> {
        let mut assistant: Assistant = reader.attributes(node);
        (assistant.languages, assistant.parameters) = conversation_relay::read_inside(reader, node);
        Some(assistant)
    }

    fn write(&self, out: &mut Writer) {
        out.element(self, |out| {
            parameter::write_all(&self.languages, out);
            parameter::write_all(&self.parameters, out);
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{problems, voice};
    use crate::{Assistant, Connect, Verb};

    #[test]
    fn it_names_an_assistant() {
        let xml = "<Connect><Assistant id='a' dtmfDetection='true'/></Connect>";
        let assistant = Assistant::new("a").dtmf_detection(true);
        assert_eq!(voice(xml), Verb::Connect(Connect::new(assistant)));
        assert_eq!(problems("<Connect><Assistant url='wss://a.b'/></Connect>"), [12200]);
    }
}
