//! `Conversation`: a conversation of Conversations.
//!
//! A noun of `Connect`; holds nothing.
//! Contract: Twilio docs, TwiML Conversation.

use crate::choices::{CallRecord, Method, RecordingEvent, Trim};
use crate::element::{Content, SCHEMA, URL, element};
use crate::reader::{Reader, Xml};
use crate::rules;
use crate::value::choices;
use crate::writer::Writer;

choices! {
    /// What a conversation's status callback tells.
    ConversationEvent {
        /// The call was made.
        Initiated = "call-initiated",
        /// It rings.
        Ringing = "call-ringing",
        /// Somebody answered.
        Answered = "call-answered",
        /// It ended.
        Completed = "call-completed",
    }
}

element! {
    /// A conversation of Conversations.
    Conversation = "Conversation" {
        /// The conversation service.
        text service_instance_sid "serviceInstanceSid", SCHEMA;
        /// Whether a conversation is made when there is none.
        value inbound_autocreation "inboundAutocreation": bool = false, SCHEMA;
        /// Seconds until routing gives up.
        maybe routing_assignment_timeout "routingAssignmentTimeout": u32 [0..=u32::MAX], SCHEMA;
        /// Seconds until the inbound call gives up.
        maybe inbound_timeout "inboundTimeout": u32 [0..=u32::MAX], SCHEMA;
        /// A document for the call.
        text url "url" [rules::url], URL;
        /// How that is requested.
        value method "method": Method = Method::Post, SCHEMA;
        /// Whether it is recorded.
        maybe record "record": CallRecord, SCHEMA;
        /// What happens to silence at the ends of the recording.
        maybe trim "trim": Trim, SCHEMA;
        /// Who is told what became of the recording.
        text recording_status_callback "recordingStatusCallback" [rules::callback], 13256;
        /// How that is requested.
        value recording_status_callback_method "recordingStatusCallbackMethod": Method
            = Method::Post, SCHEMA;
        /// What is told of the recording.
        list recording_status_callback_event "recordingStatusCallbackEvent": RecordingEvent,
            13621;
        /// Who is told what happens to the call.
        text status_callback "statusCallback" [rules::callback], URL;
        /// How that is requested.
        value status_callback_method "statusCallbackMethod": Method = Method::Post, SCHEMA;
        /// What is told of the call.
        list status_callback_event "statusCallbackEvent": ConversationEvent, SCHEMA;
    }
}

impl Content for Conversation {
    fn read(reader: &mut Reader<'_>, node: Xml<'_>) -> Option<Conversation> {
        let conversation = reader.attributes(node);
        reader.empty(node);
        Some(conversation)
    }

    fn write(&self, out: &mut Writer) {
        out.element(self, |_| {});
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{problems, voice};
    use crate::{CallRecord, Connect, Conversation, Verb};

    #[test]
    fn a_bad_attribute_leaves_its_default() {
        let of = |attribute: &str| format!("<Connect><Conversation {attribute}/></Connect>");
        assert_eq!(
            voice(&of("record='true'")),
            Verb::Connect(Connect::new(Conversation::default().record(CallRecord::FromAnswer)))
        );
        for attribute in ["record='x'", "inboundTimeout='x'", "statusCallbackEvent='ringing'"] {
            assert_eq!(problems(&of(attribute)), [12200], "{attribute}");
        }
    }
}
