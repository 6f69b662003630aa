//! Twilio's categories of usage, and which of them a house counts.
//!
//! What is counted is a leaf such as `sms-outbound-longcode`; a category above it has what all that
//! begin with its name have. The others are known and stay at nothing.
//! Contract: Twilio doc page "Usage Record", usage categories.

/// A category.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Category {
    /// Its name on the wire.
    pub name: &'static str,
    /// For people.
    pub description: &'static str,
    /// What `count` counts.
    pub count_unit: &'static str,
    /// What `usage` measures.
    pub usage_unit: &'static str,
}

impl Category {
    /// Whether what was counted under a leaf is part of it.
    pub fn covers(&self, leaf: &str) -> bool {
        leaf.strip_prefix(self.name).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    }
}

/// The category of a name.
pub fn find(name: &str) -> Option<&'static Category> {
    CATEGORIES.iter().find(|category| category.name == name)
}

macro_rules! categories {
    ($($name:literal $description:literal $count:literal $usage:literal;)+) => {
        /// All of them, in the order of lists.
        pub const CATEGORIES: &[Category] = &[$(Category {
            name: $name, description: $description, count_unit: $count, usage_unit: $usage,
        },)+];
    };
}

#[rustfmt::skip]
categories! {
    "answering-machine-detection" "Answering Machine Detection" "calls" "calls";
    "calleridlookups" "Caller ID Lookups" "lookups" "lookups";
    "calls" "Voice Minutes" "calls" "minutes";
    "calls-client" "Client Voice Minutes" "calls" "minutes";
    "calls-globalconference" "Global Conference Minutes" "calls" "minutes";
    "calls-inbound" "Inbound Voice Minutes" "calls" "minutes";
    "calls-inbound-local" "Inbound Local Calls" "calls" "minutes";
    "calls-inbound-mobile" "Inbound Mobile Calls" "calls" "minutes";
    "calls-inbound-tollfree" "Inbound Toll Free Calls" "calls" "minutes";
    "calls-outbound" "Outbound Voice Minutes" "calls" "minutes";
    "calls-sip" "SIP Minutes" "calls" "minutes";
    "calls-sip-inbound" "Inbound SIP Minutes" "calls" "minutes";
    "calls-sip-outbound" "Outbound SIP Minutes" "calls" "minutes";
    "carrier-lookups" "Carrier Lookups" "lookups" "lookups";
    "channels" "Channels" "messages" "messages";
    "channels-whatsapp" "WhatsApp Messages" "messages" "messages";
    "channels-whatsapp-inbound" "Inbound WhatsApp Messages" "messages" "messages";
    "channels-whatsapp-outbound" "Outbound WhatsApp Messages" "messages" "messages";
    "conversations" "Conversations" "conversations" "conversations";
    "lookups" "Lookups" "lookups" "lookups";
    "mediastorage" "Media Storage" "media" "gigabytes";
    "mms" "Total MMS" "messages" "messages";
    "mms-inbound" "Inbound MMS" "messages" "messages";
    "mms-inbound-longcode" "Inbound Long Code MMS" "messages" "messages";
    "mms-inbound-shortcode" "Inbound Short Code MMS" "messages" "messages";
    "mms-messages-carrierfees" "MMS Carrier Fees" "messages" "messages";
    "mms-outbound" "Outbound MMS" "messages" "messages";
    "mms-outbound-longcode" "Outbound Long Code MMS" "messages" "messages";
    "mms-outbound-shortcode" "Outbound Short Code MMS" "messages" "messages";
    "phonenumbers" "Phone Numbers" "numbers" "numbers";
    "phonenumbers-local" "Local Phone Numbers" "numbers" "numbers";
    "phonenumbers-mobile" "Mobile Phone Numbers" "numbers" "numbers";
    "phonenumbers-tollfree" "Toll Free Phone Numbers" "numbers" "numbers";
    "recordings" "Recordings" "recordings" "minutes";
    "recordingstorage" "Recording Storage" "recordings" "minutes";
    "shortcodes" "Short Codes" "codes" "codes";
    "sms" "Total SMS" "messages" "segments";
    "sms-inbound" "Inbound SMS" "messages" "segments";
    "sms-inbound-longcode" "Inbound Long Code SMS" "messages" "segments";
    "sms-inbound-shortcode" "Inbound Short Code SMS" "messages" "segments";
    "sms-messages-carrierfees" "SMS Carrier Fees" "messages" "messages";
    "sms-outbound" "Outbound SMS" "messages" "segments";
    "sms-outbound-longcode" "Outbound Long Code SMS" "messages" "segments";
    "sms-outbound-shortcode" "Outbound Short Code SMS" "messages" "segments";
    "speech-recognition" "Speech Recognition" "requests" "requests";
    "studio-engagements" "Studio Engagements" "engagements" "engagements";
    "taskrouter-tasks" "TaskRouter Tasks" "tasks" "tasks";
    "totalprice" "Total Price" "" "usd";
    "transcriptions" "Transcriptions" "transcriptions" "minutes";
    "trunking-origination" "Trunking Origination" "calls" "minutes";
    "trunking-termination" "Trunking Termination" "calls" "minutes";
    "verify-push" "Verify Push" "verifications" "verifications";
    "video-participant-minutes" "Video Participant Minutes" "participants" "minutes";
    "voice-insights" "Voice Insights" "calls" "minutes";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_rise_and_a_category_covers_what_begins_with_it() {
        assert!(CATEGORIES.windows(2).all(|two| two[0].name < two[1].name));
        let covers = |name: &str, leaf: &str| find(name).expect("a category").covers(leaf);
        assert!(covers("sms", "sms-outbound-longcode") && covers("sms-outbound", "sms-outbound"));
        assert!(!covers("sms-inbound", "sms-outbound-longcode") && !covers("calls", "callsx"));
    }
}
