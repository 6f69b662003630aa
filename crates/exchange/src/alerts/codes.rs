//! The one table of debugger codes: what the house raises as an alert about a webhook, a TwiML
//! document, a call, a conference or a recording, and why a message was not delivered.
//!
//! Whoever writes an alert, shows one, or fills `error_message` of a message reads it here; the
//! refusals of the REST API have their own table in `refusal`.
//! It never decides that something went wrong: codes come from `twiml`, from the webhook client
//! and from the carriers.
//! Contract: Twilio doc page "Error and Warning Dictionary" (code, level and title of each entry).

/// How grave an entry of the debugger is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Something was ignored or replaced by its default; work goes on.
    Warning,
    /// Something did not happen.
    Error,
}

impl Level {
    /// `warning` or `error`, as `log_level` of an alert says it.
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }

    /// Reads `warning` or `error`.
    pub fn parse(text: &str) -> Option<Level> {
        [Level::Warning, Level::Error].into_iter().find(|level| level.as_str() == text)
    }

    /// `WARNING` or `ERROR`, as `Level` of the debugger webhook says it.
    pub fn as_upper_str(self) -> &'static str {
        match self {
            Level::Warning => "WARNING",
            Level::Error => "ERROR",
        }
    }

    /// `1` or `0`, as `log` of the older notifications resource says it.
    pub fn as_log_digit(self) -> &'static str {
        match self {
            Level::Warning => "1",
            Level::Error => "0",
        }
    }
}

/// One entry of the debugger's dictionary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Twilio's number of the problem.
    pub code: u32,
    /// Its level.
    pub level: Level,
    /// Its title, without a full stop.
    pub title: &'static str,
}

/// How a message ends that met a delivery error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It never left the house.
    Failed,
    /// A carrier took it and could not deliver it.
    Undelivered,
    /// The error belongs to a message that came in.
    Inbound,
}

/// One delivery error: `error_code` and `error_message` of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeliveryEntry {
    /// Twilio's number of the error.
    pub code: u32,
    /// How the message ends; the split between failed and undelivered is not published.
    pub outcome: Outcome,
    /// The text of `error_message`.
    pub title: &'static str,
}

/// The dictionary's page of a code: `more_info` of alerts, notifications and REST errors.
pub fn more_info(code: u32) -> String {
    format!("https://www.twilio.com/docs/errors/{code}")
}

/// Every entry of the debugger, in the order of codes.
pub fn all() -> &'static [Entry] {
    ENTRIES
}

/// The debugger entry of `code`, if the table has it.
pub fn find(code: u32) -> Option<&'static Entry> {
    ENTRIES.binary_search_by_key(&code, |entry| entry.code).ok().map(|at| &ENTRIES[at])
}

/// The level of `code`; a code that is not in the table is an error.
pub fn level(code: u32) -> Level {
    find(code).map_or(Level::Error, |entry| entry.level)
}

/// The title of `code`, from the debugger's table or from the delivery errors.
pub fn title(code: u32) -> Option<&'static str> {
    find(code).map(|entry| entry.title).or_else(|| delivery_error(code))
}

/// The whole delivery entry of `code`.
pub fn find_delivery(code: u32) -> Option<&'static DeliveryEntry> {
    DELIVERY.binary_search_by_key(&code, |entry| entry.code).ok().map(|at| &DELIVERY[at])
}

/// The text of a message's `error_message` for its `error_code`.
pub fn delivery_error(code: u32) -> Option<&'static str> {
    find_delivery(code).map(|entry| entry.title)
}

const fn e(code: u32, title: &'static str) -> Entry {
    Entry { code, level: Level::Error, title }
}

const fn w(code: u32, title: &'static str) -> Entry {
    Entry { code, level: Level::Warning, title }
}

const fn failed(code: u32, title: &'static str) -> DeliveryEntry {
    DeliveryEntry { code, outcome: Outcome::Failed, title }
}

const fn undelivered(code: u32, title: &'static str) -> DeliveryEntry {
    DeliveryEntry { code, outcome: Outcome::Undelivered, title }
}

const fn inbound(code: u32, title: &'static str) -> DeliveryEntry {
    DeliveryEntry { code, outcome: Outcome::Inbound, title }
}

/// Every debugger entry, by rising code.
#[rustfmt::skip]
pub const ENTRIES: &[Entry] = &[
    // Accounts
    e(10001, "Account is not active"),
    e(10002, "Trial accounts do not support the feature you tried to use"),
    e(10003, "Incoming call rejected due to inactive account"),
    e(10004, "Call concurrency limit exceeded"),
    e(10005, "Voice calling has been disabled for this account"),
    // The request to the application
    e(11100, "Invalid URL format"),
    e(11200, "HTTP retrieval failure"),
    e(11201, "TCP connection timed out"),
    e(11202, "TCP connection refused"),
    e(11203, "HTTP communication total time out triggered"),
    e(11205, "HTTP connection failure"),
    e(11206, "HTTP protocol violation"),
    e(11210, "HTTP bad host name"),
    e(11215, "HTTP too many redirects"),
    e(11216, "HTTP invalid redirect"),
    e(11217, "HTTP error response code"),
    e(11220, "SSL/TLS Handshake Error"),
    e(11235, "Certificate Invalid - Domain Mismatch"),
    e(11236, "Certificate Invalid - Certificate Expired"),
    e(11237, "Certificate Invalid - Could not find path to certificate"),
    e(11240, "HTTP connection edge location is invalid"),
    e(11241, "HTTP connection edge location is not supported"),
    e(11242, "HTTP connection over Twilio Interconnect is not allowed"),
    e(11243, "HTTP retry policy is invalid"),
    e(11251, "Fatal protocol violation"),
    e(11300, "Invalid template URL"),
    e(11310, "Invalid template token"),
    e(11320, "Invalid template unclosed brackets"),
    w(11321, "Misconfigured webhook"),
    w(11322, "Invalid webhook method"),
    e(11750, "TwiML response body too large"),
    e(11751, "Media Message - Media exceeds messaging provider size limit"),
    e(11770, "Empty response body"),
    // The document
    e(12100, "Document parse failure"),
    e(12101, "Invalid Twilio Markup XML version"),
    e(12102, "The root element must be Response"),
    w(12200, "Schema validation warning"),
    e(12300, "Invalid Content-Type"),
    e(12301, "Invalid Upload Content-Type"),
    e(12400, "Internal Failure"),
    // Voice verbs
    w(13000, "Conference Noun cannot be mixed with Number nouns"),
    e(13110, "Annotate: Annotate must contain one valid nested element"),
    e(13111, "Annotate: Annotate must contain only one of element X"),
    w(13112, "Annotate: Invalid nested element"),
    e(13120, "Annotate->BillingReferenceTag cannot be over 128 characters"),
    e(13201, "Dial: Cannot Dial out from a Dial Call Segment"),
    w(13210, "Dial: Invalid method value"),
    w(13211, "Dial: Invalid ifMachine value"),
    w(13212, "Dial: Invalid timeout value"),
    w(13213, "Dial: Invalid hangupOnStar value"),
    w(13214, "Dial: Invalid callerId value"),
    w(13215, "Dial: Invalid nested element"),
    w(13216, "Invalid timeLimit value"),
    w(13217, "Dial: Invalid record value"),
    w(13218, "Dial: Invalid sequential value"),
    w(13219, "Dial: Invalid answerOnBridge value"),
    w(13220, "Dial: Invalid ringTone value"),
    w(13221, "Dial->Number: Invalid method value"),
    w(13222, "Dial->Number: Invalid sendDigits value"),
    w(13223, "Dial: Invalid phone number format"),
    e(13224, "Dial: Twilio does not support calling this number or the number is invalid"),
    e(13225, "Dial: Call blocked by Twilio"),
    w(13226, "Dial: Invalid country code"),
    e(13227, "Geo Permission configuration is not permitting call"),
    w(13230, "Dial->Conference: Invalid muted value"),
    e(13231, "Dial->Conference: Invalid endConferenceOnExit value"),
    w(13232, "Dial->Conference: Invalid startConferenceOnEnter value"),
    w(13233, "Dial->Conference: Invalid waitUrl"),
    w(13234, "Dial->Conference: Invalid waitMethod"),
    w(13235, "Dial->Conference: Invalid beep value"),
    w(13236, "Dial->Conference: Invalid Conference Sid"),
    w(13237, "Dial->Conference: Invalid Conference Name"),
    e(13238, "Dial->Conference: Invalid Verb used in waitUrl, holdUrl, or announceUrl TwiML"),
    e(13239, "Dial->Conference: Invalid Trim Value"),
    e(13240, "Dial->Conference: Invalid Whisper SID"),
    w(13241, "Dial->SIP: Invalid method value"),
    w(13242, "Dial->SIP: Invalid sendDigits value"),
    w(13243, "Dial->SIP: Invalid SIP URI"),
    w(13244, "Dial: No SIP Authorization"),
    w(13245, "Dial: Not allowed in this API version"),
    w(13246, "Dial: SIP dialing not enabled for this account"),
    e(13247, "Dial: Invalid From number (caller ID)"),
    w(13248, "Dial: Invalid callerID, too long"),
    w(13249, "Dial: Invalid username or password attribute"),
    w(13250, "Dial: Too many URIs passed"),
    w(13251, "Dial: Too many headers passed"),
    w(13252, "Dial: Invalid header name"),
    w(13253, "Dial: Header is too long"),
    w(13254, "Dial->Sip: SIP URI DNS does not resolve or resolves to an non-public IP address"),
    w(13255, "Dialing .sip.twilio.com addresses is not currently allowed"),
    w(13256, "Invalid recordingStatusCallback URL"),
    e(13257, "Invalid transcribeCallback URL"),
    e(13258, "Dial->Sim not supported in this realm"),
    e(13299, "2010 Conference API feature requested using 2008 API"),
    w(13310, "Gather: Invalid finishOnKey value"),
    w(13311, "Gather: Invalid finishOnKey value"),
    w(13312, "Gather: Invalid method value"),
    w(13313, "Gather: Invalid timeout value"),
    w(13314, "Gather: Invalid numDigits value"),
    w(13320, "Gather: Invalid nested verb"),
    w(13321, "Gather->Say: Invalid voice value"),
    w(13322, "Gather->Say: Invalid loop value"),
    e(13325, "Gather->Play: Invalid Content-Type"),
    w(13326, "Gather: Invalid input value"),
    w(13327, "Gather: Invalid speechTimeout value"),
    w(13328, "Gather: Invalid maxSpeechTime value"),
    w(13329, "Gather: Invalid partialResultCallbackMethod value"),
    w(13330, "Gather: Invalid hints value"),
    w(13331, "Gather: Invalid language value"),
    w(13332, "Gather: Invalid bargeIn value"),
    w(13333, "Gather: Invalid profanityFilter value"),
    w(13334, "Gather: Invalid model value"),
    w(13335, "Gather: speechTimeout auto cannot be used with model default"),
    e(13337, "Gather: callback must be over HTTPS when using gather with PCI compliance"),
    e(13338, "Gather: Invalid actionOnEmptyResult value"),
    e(13340, "Gather: Degraded Speech"),
    e(13342, "Gather: Invalid config for Google STT V2 provider"),
    e(13343, "Gather: Invalid config for speech provider"),
    w(13410, "Play: Invalid loop value"),
    e(13420, "Play: Invalid Content-Type"),
    w(13430, "Play: Invalid DTMF String"),
    w(13510, "Say: Invalid loop value"),
    w(13511, "Say: Invalid voice value"),
    w(13512, "Gather element has an invalid \"language\" attribute value"),
    w(13513, "Say: Invalid rate value"),
    w(13520, "Say: Invalid text"),
    w(13521, "<Say> element character limits exceeded"),
    w(13610, "Record: Invalid method value"),
    w(13611, "Record: Invalid timeout value"),
    w(13612, "Record: Invalid maxLength value"),
    w(13613, "Record: Invalid finishOnKey value"),
    w(13614, "Record: Invalid transcribe value"),
    w(13615, "Record: maxLength too high for transcription"),
    w(13616, "Record: playBeep must be true or false"),
    w(13617, "Record: Recording length is out of range for transcription"),
    w(13618, "Record: Recording not available for transcription"),
    w(13619, "Record: Transcription feature not available for this type of recording"),
    w(13620, "Record: Transcription not available for this recording"),
    e(13621, "Invalid 'recordingStatusCallbackEvent'"),
    w(13622, "Record: invalid recordingTrack value"),
    w(13699, "Record: Invalid trim value"),
    w(13710, "Redirect: Invalid method value"),
    e(13750, "Twiml verb not supported by this API version"),
    e(13801, "Refer not allowed on non-SIP call legs"),
    e(13802, "Dial: No referUrl attribute specified"),
    e(13803, "SMS verb not supported in this realm"),
    w(13805, "Trial account call duration exceeded 10 minute limit"),
    e(13806, "Invalid Client Notification URL"),
    e(13807, "Client Notification URL Error Response"),
    w(13810, "Reject: Invalid cause"),
    w(13910, "Pause: Invalid length value"),
    // Messaging TwiML
    w(14101, "Invalid \"To\" attribute"),
    w(14102, "Invalid \"From\" attribute"),
    w(14103, "Invalid Body"),
    w(14104, "Invalid Method attribute"),
    w(14105, "Invalid statusCallback attribute"),
    w(14106, "Document retrieval limit reached"),
    e(14107, "SMS send rate limit exceeded"),
    w(14108, "From phone number not SMS capable"),
    w(14109, "TwiML Reply message limit exceeded"),
    w(14110, "Invalid Verb for SMS Reply"),
    w(14111, "Invalid To phone number for Trial mode"),
    // Queues and TaskRouter
    e(14201, "Enqueue: Invalid method value"),
    e(14202, "Enqueue: Invalid waitUrl"),
    e(14203, "Enqueue: Invalid Enqueue action url"),
    e(14204, "Enqueue: Queue name too short"),
    e(14205, "Enqueue: Queue name too long"),
    e(14206, "Enqueue: Invalid waitUrlMethod value"),
    w(14207, "Enqueue: The targeted queue reached max queue size"),
    e(14210, "Dial->Queue: Invalid whisper method"),
    e(14211, "Dial->Queue: Invalid whisper url"),
    e(14212, "Dial->Queue: queue name too short"),
    e(14213, "Dial->Queue: queue name too long"),
    e(14215, "Dial->Queue: Invalid ReservationSid. Unable to dequeue"),
    e(14217, "Dial->Queue: Could not find or accept provided reservationSid"),
    e(14218, "Dial->Queue: Could not update worker to provided activity"),
    e(14219, "TaskRouter Dial Queue not supported in this realm"),
    e(14220, "Enqueue: Provided Workflow was not a valid sid"),
    e(14221, "Enqueue: Provided Attributes JSON was not valid"),
    e(14222, "Enqueue: Could not create Task"),
    e(14223, "Enqueue: Unable to cleanup task"),
    e(14226, "TaskRouter Enqueue not supported in this realm"),
    e(14230, "Dial->Conference: Invalid WorkflowSid"),
    e(14231, "Dial->Conference: Provided Attributes was not valid JSON"),
    e(14232, "Dial->Conference: Invalid Priority"),
    e(14233, "Dial->Conference: Invalid Timeout"),
    e(14234, "Dial->Conference: Unable to create task"),
    e(14235, "Dial->Conference: Unable to cleanup task"),
    e(14236, "Dial->Conference: Invalid ReservationSid"),
    e(14237, "Dial->Conference: Invalid PostWorkActivitySid"),
    e(14238, "Dial->Conference: Unable to accept Reservation"),
    e(14239, "Dial->Conference: Unable to update Worker"),
    e(14300, "Start: Invalid nested noun value"),
    // Call progress, conferences and recordings
    e(15000, "Call Progress: Internal Twilio Error"),
    e(15002, "Call Progress: Queue Timeout"),
    w(15003, "Call Progress: Warning Response to Callback URL"),
    e(15004, "Action Callback URL must be absolute when updating in-progress calls"),
    e(16001, "Conference is not bridged"),
    e(16002, "Failed to validate conference attributes"),
    e(16003, "Could not recognize conference sid or friendly name"),
    e(16010, "Conference Event: Internal Twilio Error"),
    e(16011, "Conference Event: Error Response to Callback URL"),
    e(16020, "Conference is full"),
    e(16021, "Failed to join conference due to account concurrency limit exceeded"),
    e(16022, "Conference does not exist or is completed"),
    e(16023, "Conference: Participant label invalid (max 128 chars, not CallSid, no '/')"),
    e(16024, "Participant label invalid: max 128 chars, not a CallSid, no '/'"),
    e(16025, "Dial->Conference: Participant label is in use by another participant"),
    e(16026, "Participant label is in use by another participant"),
    w(16101, "Voice Recording: Unavailable because duration is too short"),
    w(16102, "Voice Recording: Unavailable because recording is silent"),
    e(16104, "Voice Recording: Unavailable due to encryption failure"),
    e(16105, "Voice Recording: Unavailable due to no valid public keys"),
    e(16106, "Voice Recording: Unavailable due to internal encryption error"),
    e(16107, "Voice Recording: Encrypted with alternate public key"),
    e(16108, "Voice Recording: Request failed due to concurrent recordings"),
    e(16109, "Voice Recording: Cannot fetch .mp3 encrypted recording"),
    e(16110, "Internal failure when bulk deleting recordings from your account"),
    e(16111, "Voice Recording: Upload file to external AWS S3 bucket failed (Invalid Configuration)"),
    e(16112, "Voice Recording: Upload file to external AWS S3 bucket failed (Access Denied)"),
    w(16113, "Voice Recording: Cannot download a dual-channel presentation of a mono recording"),
    w(17580, "Transcription status callback response error"),
    // Parameters of a REST call that are noticed only while the call runs
    w(21262, "No AMD status callback URL provided"),
    w(21263, "Invalid Answering Machine Detection Parameters"),
    e(32018, "Inline Twiml parameter is too long"),
    e(32650, "Invalid transcription engine or configuration"),
    w(32711, "User-defined message callback error"),
    e(93101, "Error delivering event to webhook"),
    w(95200, "Transcript status callback response error"),
];

/// Every delivery error, by rising code.
#[rustfmt::skip]
pub const DELIVERY: &[DeliveryEntry] = &[
    failed(21610, "Attempt to send to unsubscribed recipient"),
    failed(21701, "The Messaging Service does not exist"),
    failed(21703, "The Messaging Service does not have a phone number available to send a message"),
    failed(21704, "The Messaging Service contains no phone numbers"),
    failed(21711, "Phone Number or Short Code not found in Messaging Service"),
    failed(30001, "Queue overflow"),
    failed(30002, "Account suspended"),
    undelivered(30003, "Unreachable destination handset"),
    undelivered(30004, "Message blocked"),
    undelivered(30005, "Unknown destination handset"),
    undelivered(30006, "Landline or unreachable carrier"),
    undelivered(30007, "Message filtered"),
    undelivered(30008, "Unknown error"),
    inbound(30009, "Missing inbound segment"),
    failed(30010, "Message price exceeds max price"),
    failed(30011, "MMS not supported by the receiving phone number in this region"),
    failed(30012, "TTL is too small"),
    failed(30013, "TTL is too big"),
    failed(30014, "'To' attributes are Invalid"),
    failed(30015, "Non-supported channel type is used"),
    failed(30016, "'To' and 'From' channel types are incompatible"),
    undelivered(30017, "Carrier network congestion"),
    undelivered(30018, "Destination carrier requires sender ID pre-registration"),
    failed(30019, "Content size exceeds carrier limit"),
    failed(30020, "Internal Failure with Message Scheduling"),
    undelivered(30022, "US A2P 10DLC - Rate Limits Exceeded"),
    undelivered(30023, "US A2P 10DLC - Daily Message Cap Reached"),
    undelivered(30024, "Numeric Sender ID Not Provisioned on Carrier"),
    undelivered(30027, "US A2P 10DLC - T-Mobile Daily Message Limit Reached"),
    undelivered(30032, "Toll-Free Number Has Not Been Verified"),
    undelivered(30033, "US A2P 10DLC - Campaign Suspended"),
    undelivered(30034, "US A2P 10DLC - Message from an Unregistered Number"),
    undelivered(30035, "US A2P 10DLC - Message from a number still being configured"),
    failed(30036, "Validity Period Expired"),
    failed(30037, "Outbound Messaging Disabled"),
    failed(30038, "OTP Message Body Filtered"),
    failed(30039, "Filtered to Prevent Message Loops"),
    undelivered(30040, "Destination carrier requires Sender ID pre-registration"),
    undelivered(30041, "Sender is restricted or unregistered in a country requiring registration"),
    failed(30042, "Alphanumeric Sender ID is generic or unauthorized for this account"),
    failed(30044, "Trial Message Length Exceeded"),
    undelivered(30046, "Message delivery not confirmed"),
    undelivered(30410, "Provider Timeout Error"),
    failed(30450, "Message delivery blocked"),
    undelivered(30453, "Message couldn't be delivered"),
    failed(30454, "Account exceeded the messages limit"),
    undelivered(30485, "Message couldn't be delivered"),
    failed(63001, "Channel could not authenticate the request"),
    failed(63003, "Channel could not find To address"),
    failed(63005, "Channel did not accept given content"),
    failed(63007, "Channel could not find the From address"),
    undelivered(63012, "Channel provider returned an internal service error"),
    failed(63013, "Message violates the channel provider's policy"),
    failed(63015, "Channel Sandbox can only send messages to phone numbers that have joined it"),
    failed(63016, "Freeform message sent outside the allowed window"),
    undelivered(63018, "Rate limit exceeded for Channel"),
    failed(63019, "Media failed to download"),
    undelivered(63024, "Invalid message recipient"),
    undelivered(63032, "Message not sent because of a WhatsApp limitation"),
    failed(63038, "Account exceeded the daily messages limit"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_tables_rise_so_that_every_entry_is_found() {
        assert!(ENTRIES.windows(2).all(|pair| pair[0].code < pair[1].code));
        assert!(DELIVERY.windows(2).all(|pair| pair[0].code < pair[1].code));
        for entry in ENTRIES {
            assert_eq!(find(entry.code), Some(entry));
        }
        for entry in DELIVERY {
            assert_eq!(delivery_error(entry.code), Some(entry.title));
        }
    }

    #[test]
    fn no_code_stands_in_both_tables() {
        assert!(DELIVERY.iter().all(|entry| find(entry.code).is_none()));
    }

    #[test]
    fn levels_and_titles_are_the_dictionary_s() {
        let rows = [
            (11200, Level::Error, "HTTP retrieval failure"),
            (11320, Level::Error, "Invalid template unclosed brackets"),
            (12100, Level::Error, "Document parse failure"),
            (12200, Level::Warning, "Schema validation warning"),
            (13231, Level::Error, "Dial->Conference: Invalid endConferenceOnExit value"),
            (14107, Level::Error, "SMS send rate limit exceeded"),
            (14110, Level::Warning, "Invalid Verb for SMS Reply"),
            (15003, Level::Warning, "Call Progress: Warning Response to Callback URL"),
        ];
        for (code, expected, text) in rows {
            assert_eq!((level(code), title(code)), (expected, Some(text)), "{code}");
        }
    }

    #[test]
    fn a_delivery_error_says_how_the_message_ends() {
        let outcome = |code| find_delivery(code).map(|entry| entry.outcome);
        assert_eq!(outcome(30003), Some(Outcome::Undelivered));
        assert_eq!(outcome(30001), Some(Outcome::Failed));
        assert_eq!(outcome(30009), Some(Outcome::Inbound));
        assert_eq!(delivery_error(30006), Some("Landline or unreachable carrier"));
        assert_eq!(delivery_error(11200), None);
        assert_eq!(title(30008), Some("Unknown error"));
    }

    #[test]
    fn an_unknown_code_is_an_error_without_a_title() {
        assert_eq!((level(1), title(1), find(1)), (Level::Error, None, None));
    }

    #[test]
    fn no_title_ends_with_a_full_stop_or_is_empty() {
        let titles = ENTRIES.iter().map(|e| e.title).chain(DELIVERY.iter().map(|e| e.title));
        for title in titles {
            assert!(!title.is_empty() && !title.ends_with('.'), "{title}");
        }
    }
}
