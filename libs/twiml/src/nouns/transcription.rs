//! `Transcription`: text of what is said, as it is said.
//!
//! A noun of `Start` and `Stop`; holds settings and parameters.
//! Contract: Twilio docs, TwiML Transcription.

use crate::choices::{Method, Track};
use crate::element::{Content, SCHEMA, URL, element};
use crate::nouns::{Config, Parameter, parameter};
use crate::reader::{Reader, Xml};
use crate::rules;
use crate::writer::Writer;

element! {
    /// Text of what is said, as it is said.
    Transcription = "Transcription" {
        /// A name to stop it by. Not given: its sid.
        text name "name", SCHEMA;
        /// Which side is understood.
        value track "track": Track = Track::Both, SCHEMA;
        /// Who is told the text.
        text status_callback_url "statusCallbackUrl" [rules::callback], URL;
        /// How that is requested.
        value status_callback_method "statusCallbackMethod": Method = Method::Post, SCHEMA;
        /// What the caller is called in it.
        text inbound_track_label "inboundTrackLabel", SCHEMA;
        /// What the other side is called in it.
        text outbound_track_label "outboundTrackLabel", SCHEMA;
        /// Whether text is told while it is still being understood.
        value partial_results "partialResults": bool = false, SCHEMA;
        /// The language that is spoken.
        string language_code "languageCode" [rules::language] = "en-US", SCHEMA;
        /// Who understands it.
        string transcription_engine "transcriptionEngine" [rules::named] = "google", SCHEMA;
        /// Whether swear words lose their letters but the first.
        value profanity_filter "profanityFilter": bool = true, SCHEMA;
        /// The model that understands it.
        string speech_model "speechModel" [rules::named] = "telephony", SCHEMA;
        /// Words to expect, with commas between.
        text hints "hints", SCHEMA;
        /// Whether full stops and commas are set.
        value enable_automatic_punctuation "enableAutomaticPunctuation": bool = true, SCHEMA;
        /// A Conversational Intelligence service.
        text intelligence_service "intelligenceService", SCHEMA;
        /// Whether what the provider says is told too.
        value enable_provider_data "enableProviderData": bool = false, SCHEMA;
        /// A conversation configuration.
        text conversation_configuration "conversationConfiguration", SCHEMA;
        /// A conversation.
        text conversation_id "conversationId", SCHEMA;
    }
    inside {
        /// Settings of the provider.
        configs: Vec<Config>,
        /// Custom parameters.
        parameters: Vec<Parameter>,
    }
}

impl Content for Transcription {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<Transcription> {
        let mut transcription: Transcription = reader.attributes(node);
        (transcription.configs, transcription.parameters) =
            parameter::read_with_configs(reader, node);
        Some(transcription)
    }

    fn write(&self, out: &mut Writer) {
        out.element(self, |out| {
            parameter::write_all(&self.configs, out);
            parameter::write_all(&self.parameters, out);
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{problems, voice};
    use crate::{Config, Start, Transcription, Verb};

    #[test]
    fn it_holds_settings() {
        let xml = "<Start><Transcription statusCallbackUrl='/t' partialResults='true'>\
                   <Config name='a' value='b'/></Transcription></Start>";
        assert_eq!(problems(xml), []);
        let mut transcription =
            Transcription::default().status_callback_url("/t").partial_results(true);
        transcription.configs.push(Config::new("a", "b"));
        assert_eq!(voice(xml), Verb::Start(Start::new(transcription)));
        let xml = "<Start><Transcription statusCallback='/t' partialResults='x'/></Start>";
        assert_eq!(problems(xml), [12200, 12200]);
    }
}
