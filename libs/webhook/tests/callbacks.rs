//! Typed forms of calls, conferences and what listens to them: nothing is lost on the wire, names
//! have their fields, and what is always sent has to be there.

use proptest::prelude::*;
use webhook::{
    AmdStatus, AnsweredBy, CallState, ConferenceEndReason, ConferenceEvent, ConferenceStatus,
    Dequeued, DialResult, DialState, EnqueueResult, FieldError, Form, GatherResult, Heard,
    Parameters, PartialSpeech, ParticipantLeftReason, PayOutcome, PayResult, QueueOutcome,
    QueueWait, RecordResult, RecordedText, RecordedTrack, RecordingSource, RecordingState,
    RecordingStatus, ReferRequest, ReferResult, RelayResult, RelayState, StreamEvent, StreamStatus,
    TranscriptionEvent, TranscriptionState, TranscriptionStatus, UserDefinedMessage, VoiceRequest,
};

/// What a parameter can be.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Text,
    Number,
    Flag,
    Word(&'static [&'static str]),
}
use Kind::{Flag, Number, Text, Word};

type Names = &'static [(&'static str, Kind)];

/// The parameters of one webhook, by the contract.
#[derive(Clone, Copy)]
struct Contract {
    always: Names,
    sometimes: Names,
}

const CALL_STATES: Kind =
    Word(&["queued", "ringing", "in-progress", "completed", "busy", "failed", "no-answer"]);

/// What every request about a call has.
const CALL: Names = &[
    ("CallSid", Text),
    ("AccountSid", Text),
    ("From", Text),
    ("To", Text),
    ("CallStatus", CALL_STATES),
];

/// What requests about a call may have.
const CALL_MORE: Names = &[
    ("ApiVersion", Text),
    ("ParentCallSid", Text),
    ("CallerName", Text),
    ("Digits", Text),
    ("FinishedOnKey", Text),
    ("SpeechResult", Text),
    ("Confidence", Text),
    ("SipHeader_X-Foo", Text),
];

const GATHER: Contract = Contract { always: &[], sometimes: &[("Language", Text)] };
const PARTIAL: Contract = Contract {
    always: &[],
    sometimes: &[
        ("StableSpeechResult", Text),
        ("UnstableSpeechResult", Text),
        ("Stability", Text),
        ("SequenceNumber", Number),
        ("SpeechActivity", Text),
        ("Language", Text),
    ],
};
const RECORD: Contract = Contract {
    always: &[("RecordingUrl", Text)],
    sometimes: &[("RecordingSid", Text), ("RecordingDuration", Number)],
};
const DIAL: Contract = Contract {
    always: &[(
        "DialCallStatus",
        Word(&["completed", "answered", "busy", "no-answer", "failed", "canceled"]),
    )],
    sometimes: &[
        ("DialCallSid", Text),
        ("DialCallDuration", Number),
        ("DialBridged", Flag),
        ("RecordingUrl", Text),
        ("RecordingSid", Text),
        ("RecordingDuration", Number),
        ("DialSipCallId", Text),
        ("DialSipResponseCode", Number),
    ],
};
const REFER_ASKED: Contract = Contract { always: &[("ReferTransferTarget", Text)], sometimes: &[] };
const REFER: Contract = Contract {
    always: &[("ReferCallStatus", CALL_STATES)],
    sometimes: &[("ReferSipResponseCode", Number), ("NotifySipResponseCode", Number)],
};
const PAY: Contract = Contract {
    always: &[("Result", Word(&["success", "caller-hung-up", "validation-error"]))],
    sometimes: &[
        ("PaymentToken", Text),
        ("ProfileId", Text),
        ("PaymentConfirmationCode", Text),
        ("PaymentMethod", Text),
        ("PaymentCardNumber", Text),
        ("PaymentCardType", Text),
        ("ExpirationDate", Text),
        ("SecurityCode", Text),
        ("PaymentCardPostalCode", Text),
        ("BankAccountNumber", Text),
        ("BankRoutingNumber", Text),
        ("BankAccountType", Text),
        ("PaymentError", Text),
        ("PayErrorCode", Number),
        ("ConnectorError", Text),
    ],
};
const RELAY: Contract = Contract {
    always: &[("SessionStatus", Word(&["ended", "completed", "failed"]))],
    sometimes: &[
        ("SessionId", Text),
        ("SessionDuration", Number),
        ("HandoffData", Text),
        ("ErrorCode", Number),
        ("ErrorMessage", Text),
    ],
};
const WAIT: Contract = Contract {
    always: &[("QueueSid", Text)],
    sometimes: &[
        ("QueuePosition", Number),
        ("QueueTime", Number),
        ("AvgQueueTime", Number),
        ("CurrentQueueSize", Number),
        ("MaxQueueSize", Number),
    ],
};
const ENQUEUE: Contract = Contract {
    always: &[("QueueResult", Word(&["bridged", "hangup", "leave", "queue-full", "redirected"]))],
    sometimes: &[("QueueSid", Text), ("QueueTime", Number)],
};
const DEQUEUED: Contract = Contract {
    always: &[("QueueSid", Text)],
    sometimes: &[("QueueTime", Number), ("DequeingCallSid", Text)],
};
const TRANSCRIBED: Contract = Contract {
    always: &[
        ("TranscriptionSid", Text),
        ("TranscriptionStatus", Word(&["in-progress", "completed", "failed"])),
    ],
    sometimes: &[
        ("TranscriptionText", Text),
        ("TranscriptionUrl", Text),
        ("RecordingSid", Text),
        ("RecordingUrl", Text),
    ],
};
const RECORDING: Contract = Contract {
    always: &[
        ("AccountSid", Text),
        ("RecordingSid", Text),
        ("RecordingStatus", Word(&["in-progress", "completed", "absent", "failed"])),
    ],
    sometimes: &[
        ("CallSid", Text),
        ("ConferenceSid", Text),
        ("RecordingUrl", Text),
        ("RecordingDuration", Number),
        ("RecordingChannels", Number),
        ("RecordingStartTime", Text),
        ("RecordingSource", Word(&["RecordVerb", "DialVerb", "Conference", "OutboundAPI"])),
        ("RecordingTrack", Word(&["inbound", "outbound", "both"])),
        ("ErrorCode", Number),
    ],
};
const CONFERENCE: Contract = Contract {
    always: &[("AccountSid", Text), ("ConferenceSid", Text)],
    sometimes: &[
        ("FriendlyName", Text),
        ("StatusCallbackEvent", Word(&["conference-start", "participant-speech-stop"])),
        ("SequenceNumber", Number),
        ("Timestamp", Text),
        ("CallSid", Text),
        ("ParticipantLabel", Text),
        ("Muted", Flag),
        ("Hold", Flag),
        ("Coaching", Flag),
        ("EndConferenceOnExit", Flag),
        ("StartConferenceOnEnter", Flag),
        ("ParticipantCallStatus", CALL_STATES),
        ("ReasonParticipantLeft", Word(&["participant_hung_up", "moderator_ended_conference"])),
        ("ReasonConferenceEnded", Word(&["last-participant-left", "conference-ended-via-api"])),
        ("Reason", Text),
        ("CallSidEndingConference", Text),
        ("ParticipantLabelEndingConference", Text),
        ("AnnounceUrl", Text),
        ("ReasonAnnouncementFailed", Text),
        ("EventName", Text),
        ("RecordingUrl", Text),
        ("Duration", Number),
        ("RecordingFileSize", Number),
    ],
};
const AMD: Contract = Contract {
    always: &[
        ("AccountSid", Text),
        ("CallSid", Text),
        ("AnsweredBy", Word(&["human", "machine_start", "machine_end_beep", "fax", "unknown"])),
    ],
    sometimes: &[("MachineDetectionDuration", Number)],
};
const USER_MESSAGE: Contract = Contract {
    always: &[("AccountSid", Text), ("CallSid", Text), ("Sid", Text), ("Content", Text)],
    sometimes: &[("SequenceNumber", Number), ("ContentType", Text)],
};
const STREAM: Contract = Contract {
    always: &[
        ("AccountSid", Text),
        ("CallSid", Text),
        ("StreamSid", Text),
        ("StreamEvent", Word(&["stream-started", "stream-stopped", "stream-error"])),
    ],
    sometimes: &[("StreamName", Text), ("StreamError", Text), ("Timestamp", Text)],
};
const LIVE: Contract = Contract {
    always: &[
        ("AccountSid", Text),
        ("CallSid", Text),
        ("TranscriptionSid", Text),
        ("TranscriptionEvent", Word(&["transcription-started", "transcription-content"])),
    ],
    sometimes: &[
        ("SequenceId", Number),
        ("Timestamp", Text),
        ("TranscriptionData", Text),
        ("Final", Flag),
        ("Stability", Text),
        ("Track", Text),
        ("LanguageCode", Text),
        ("TranscriptionEngine", Text),
        ("ProviderConfiguration", Text),
        ("PartialResults", Flag),
        ("ErrorCode", Number),
        ("ErrorMessage", Text),
    ],
};

/// A value of this kind.
fn any_value(kind: Kind) -> BoxedStrategy<String> {
    let text = || proptest::string::string_regex("[ -~é日\n\0]{0,12}").expect("a pattern");
    match kind {
        Text => text().boxed(),
        Number => any::<u32>().prop_map(|number| number.to_string()).boxed(),
        Flag => any::<bool>().prop_map(|flag| flag.to_string()).boxed(),
        Word(words) => proptest::sample::select(words).prop_map(str::to_owned).boxed(),
    }
}

fn pairs(names: Vec<(&'static str, Kind)>) -> impl Strategy<Value = Vec<(String, String)>> {
    let values: Vec<_> = names.iter().map(|(_, kind)| any_value(*kind)).collect();
    values.prop_map(move |values| {
        names.iter().zip(values).map(|((name, _), value)| ((*name).to_owned(), value)).collect()
    })
}

/// A form with all that is always sent, some of the rest, some that nobody knows; shuffled.
fn any_form(contract: Contract, with_a_call: bool) -> impl Strategy<Value = Form> {
    let call = if with_a_call { (CALL, CALL_MORE) } else { (&[] as Names, &[] as Names) };
    let always: Vec<_> = call.0.iter().chain(contract.always).copied().collect();
    let sometimes: Vec<_> = call.1.iter().chain(contract.sometimes).copied().collect();
    let count = sometimes.len();
    let some = proptest::sample::subsequence(sometimes, 0..=count).prop_flat_map(pairs);
    let unknown = proptest::collection::vec(("[xyz]{0,3}", any_value(Text)), 0..4);
    (pairs(always), some, unknown)
        .prop_map(|(always, some, unknown)| [always, some, unknown].concat())
        .prop_shuffle()
        .prop_map(Form::from_pairs)
}

/// Every pair of `all` is in `form`, as often.
fn holds(form: &Form, all: &Form) -> bool {
    let mut left: Vec<(&str, &str)> = form.iter().collect();
    all.iter().all(|pair| {
        let found = left.iter().position(|known| *known == pair);
        found.map(|index| left.remove(index)).is_some()
    })
}

/// Reading keeps every parameter, and what is written reads as the same again.
fn survives<T: Parameters + PartialEq + std::fmt::Debug>(form: &Form) -> Result<(), TestCaseError> {
    let typed = T::from_form(form).expect("it keeps the contract");
    let written = typed.to_form();
    prop_assert!(holds(&written, form), "{:?} became {:?}", form, written);
    let wire = Form::parse(written.encode().as_bytes()).expect("it was just written");
    prop_assert_eq!(T::from_form(&wire), Ok(typed));
    Ok(())
}

/// A complete form; each parameter has its kind's first value.
fn complete(contract: Contract, with_a_call: bool) -> Form {
    let call = if with_a_call { CALL } else { &[] };
    let names = call.iter().chain(contract.always).chain(contract.sometimes);
    names
        .map(|(name, kind)| match kind {
            Text => (*name, "v"),
            Number => (*name, "7"),
            Flag => (*name, "true"),
            Word(words) => (*name, words[0]),
        })
        .collect()
}

/// Leaves out one after the other of what is always sent, and spoils each number, flag and word.
fn refuses<T: Parameters + std::fmt::Debug>(contract: Contract, with_a_call: bool) {
    let all = complete(contract, with_a_call);
    let call = if with_a_call { CALL } else { &[] };
    for (name, _) in call.iter().chain(contract.always) {
        let mut form = all.clone();
        form.remove(name);
        let error = T::from_form(&form).expect_err("something is missing");
        assert_eq!(error, FieldError::Missing { name: (*name).to_owned() });
    }
    for (name, kind) in contract.always.iter().chain(contract.sometimes) {
        if matches!(kind, Text) {
            continue;
        }
        let mut form = all.clone();
        form.set(name, "-1x");
        let error = T::from_form(&form).expect_err("a value that cannot be");
        let is_it = matches!(&error, FieldError::Invalid { name: found, .. } if found == name);
        assert!(is_it, "{name}: {error}");
    }
}

macro_rules! forms {
    ($($test:ident: $type:ty, $contract:ident, $with_a_call:literal;)+) => {
        proptest! {
            $(#[test]
            fn $test(form in any_form($contract, $with_a_call)) {
                survives::<$type>(&form)?;
            })+
        }

        #[test]
        fn what_is_always_sent_is_needed_and_what_cannot_be_is_refused_by_name() {
            $(refuses::<$type>($contract, $with_a_call);)+
        }
    };
}

forms! {
    any_gather_result_survives_the_wire: GatherResult, GATHER, true;
    any_partial_speech_survives_the_wire: PartialSpeech, PARTIAL, true;
    any_record_result_survives_the_wire: RecordResult, RECORD, true;
    any_dial_result_survives_the_wire: DialResult, DIAL, true;
    any_refer_request_survives_the_wire: ReferRequest, REFER_ASKED, true;
    any_refer_result_survives_the_wire: ReferResult, REFER, true;
    any_pay_result_survives_the_wire: PayResult, PAY, true;
    any_relay_result_survives_the_wire: RelayResult, RELAY, true;
    any_queue_wait_survives_the_wire: QueueWait, WAIT, true;
    any_enqueue_result_survives_the_wire: EnqueueResult, ENQUEUE, true;
    any_dequeued_survives_the_wire: Dequeued, DEQUEUED, true;
    any_recorded_text_survives_the_wire: RecordedText, TRANSCRIBED, true;
    any_recording_status_survives_the_wire: RecordingStatus, RECORDING, false;
    any_conference_status_survives_the_wire: ConferenceStatus, CONFERENCE, false;
    any_amd_status_survives_the_wire: AmdStatus, AMD, false;
    any_user_message_survives_the_wire: UserDefinedMessage, USER_MESSAGE, false;
    any_stream_status_survives_the_wire: StreamStatus, STREAM, false;
    any_transcription_status_survives_the_wire: TranscriptionStatus, LIVE, false;
}

#[test]
fn every_parameter_of_the_contract_has_a_field() {
    macro_rules! has_all {
        ($($type:ty: $contract:ident;)+) => {
            $(let read = <$type>::from_form(&complete($contract, true)).expect("complete");
            assert_eq!(read.call.extra, Form::new(), stringify!($type));)+
        };
    }
    has_all! {
        GatherResult: GATHER; PartialSpeech: PARTIAL; RecordResult: RECORD; DialResult: DIAL;
        ReferRequest: REFER_ASKED; ReferResult: REFER; PayResult: PAY; RelayResult: RELAY;
        QueueWait: WAIT; EnqueueResult: ENQUEUE; Dequeued: DEQUEUED; RecordedText: TRANSCRIBED;
    }
    let none = Form::new();
    let recording = RecordingStatus::from_form(&complete(RECORDING, false)).unwrap();
    assert_eq!(recording.extra, none);
    assert_eq!(AmdStatus::from_form(&complete(AMD, false)).unwrap().extra, none);
    let message = UserDefinedMessage::from_form(&complete(USER_MESSAGE, false)).unwrap();
    assert_eq!(message.extra, none);
    assert_eq!(StreamStatus::from_form(&complete(STREAM, false)).unwrap().extra, none);
    assert_eq!(TranscriptionStatus::from_form(&complete(LIVE, false)).unwrap().extra, none);
    assert_eq!(ConferenceStatus::from_form(&complete(CONFERENCE, false)).unwrap().extra, none);
}

#[test]
fn every_word_is_read_back() {
    macro_rules! words {
        ($($type:ty),+) => {
            $(for word in <$type>::ALL {
                assert_eq!(<$type>::parse(word.as_str()), Some(*word));
                assert_eq!(word.to_string(), word.as_str());
            }
            assert_eq!(<$type>::parse(""), None);)+
        };
    }
    words!(AnsweredBy, ConferenceEndReason, ConferenceEvent, DialState, ParticipantLeftReason);
    words!(PayOutcome, QueueOutcome, RecordedTrack, RecordingSource, RecordingState, RelayState);
    words!(StreamEvent, TranscriptionEvent, TranscriptionState);
}

#[test]
fn an_empty_number_flag_or_word_counts_as_absent_and_is_kept() {
    let mut form = Form::from_pairs([("AccountSid", "AC1"), ("ConferenceSid", "CF1")]);
    form.extend([("Muted", ""), ("SequenceNumber", ""), ("ParticipantCallStatus", "")]);
    let status = ConferenceStatus::from_form(&form).unwrap();
    assert_eq!(
        (status.is_muted, status.sequence_number, status.participant_state),
        (None, None, None)
    );
    assert_eq!(status.extra.len(), 3);
}

#[test]
fn a_gather_heard_keys_words_or_nothing() {
    let call = VoiceRequest::new("CA1", "AC1", "+1", "+2", CallState::InProgress);
    let mut result = GatherResult::new(call);
    assert_eq!(result.heard(), Heard::Nothing);
    result.call.gathered.digits = Some(String::new());
    result.call.gathered.speech_result = Some("sales".into());
    assert_eq!(result.heard(), Heard::Words("sales"));
    result.call.gathered.digits = Some("1".into());
    assert_eq!(result.heard(), Heard::Keys("1"));
}

#[test]
fn headers_of_a_sip_answer_are_found_by_name() {
    let call = VoiceRequest::new("CA1", "AC1", "+1", "+2", CallState::InProgress);
    let mut result = DialResult::new(call, DialState::Completed);
    result.call.extra.push("DialSipHeader_X-Agent", "7");
    assert_eq!((result.sip_header("X-Agent"), result.sip_header("X-Other")), (Some("7"), None));
}
