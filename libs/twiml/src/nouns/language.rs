//! `Language`: how one language is spoken and understood in a session.
//!
//! Stands under `ConversationRelay` and `Assistant`; holds nothing. One without a code is
//! skipped.
//! Contract: Twilio docs, TwiML ConversationRelay.

use crate::element::{Content, SCHEMA, element};
use crate::reader::{Reader, Xml};
use crate::rules;
use crate::writer::Writer;

element! {
    /// How one language is spoken and understood; what is not given is as in the session.
    Language = "Language" {
        /// The language, or `multi`.
        required code "code" [rules::language], SCHEMA;
        /// Who speaks it.
        text tts_provider "ttsProvider", SCHEMA;
        /// With which voice.
        text voice "voice", SCHEMA;
        /// Who understands it.
        text transcription_provider "transcriptionProvider", SCHEMA;
        /// With which model.
        text speech_model "speechModel", SCHEMA;
    }
}

impl Language {
    /// That language, spoken and understood as everything else.
    pub fn new(code: impl Into<String>) -> Language {
        Language::default().code(code)
    }
}

impl Content for Language {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<Language> {
        let language: Language = reader.attributes(node);
        reader.empty(node);
        (!language.code.is_empty()).then_some(language)
    }

    fn write(&self, out: &mut Writer) {
        out.element(self, |_| {});
    }
}
