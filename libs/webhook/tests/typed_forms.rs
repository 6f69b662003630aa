//! Typed forms: what is written can be read, known names have their fields, nothing is lost.

use proptest::prelude::*;
use webhook::{
    CallStatus, DebuggerEvent, DebuggerPayload, Fallback, FieldError, Form, InboundMessage, Level,
    Media, MessageState, MessageStatus, Place, VoiceRequest, WebhookExchange,
};

type Pairs = &'static [(&'static str, &'static str)];

/// Parameters without which a form is refused, then all others the contract names.
const INBOUND_MESSAGE: (Pairs, &[&str]) = (
    &[("MessageSid", "SM1"), ("AccountSid", "AC1"), ("From", "+1"), ("To", "whatsapp:+2")],
    &[
        "Body",
        "MessagingServiceSid",
        "ApiVersion",
        "FromCity",
        "FromState",
        "FromZip",
        "FromCountry",
        "ToCity",
        "ToState",
        "ToZip",
        "ToCountry",
        "OptOutType",
        "ProfileName",
        "WaId",
        "Forwarded",
        "FrequentlyForwarded",
        "ButtonPayload",
        "ButtonText",
        "ButtonType",
        "ListId",
        "ListTitle",
        "ListDescription",
        "InteractiveData",
        "FlowData",
        "ChannelMetadata",
        "MessageType",
        "Latitude",
        "Longitude",
        "Address",
        "Label",
        "OriginalRepliedMessageSid",
        "OriginalRepliedMessageSender",
        "ReferralBody",
        "ReferralHeadline",
        "ReferralSourceId",
        "ReferralSourceType",
        "ReferralSourceUrl",
        "ReferralMediaId",
        "ReferralMediaContentType",
        "ReferralMediaUrl",
        "ReferralNumMedia",
        "ReferralCtwaClid",
    ],
);
const MESSAGE_STATUS: (Pairs, &[&str]) = (
    &[
        ("MessageSid", "SM1"),
        ("AccountSid", "AC1"),
        ("From", "+1"),
        ("To", "+2"),
        ("MessageStatus", "sent"),
    ],
    &[
        "ApiVersion",
        "MessagingServiceSid",
        "ErrorMessage",
        "RawDlrDoneDate",
        "ChannelInstallSid",
        "ChannelPrefix",
        "ChannelStatusMessage",
        "EventType",
        "StructuredMessage",
        "ChannelToAddress",
    ],
);
const VOICE_REQUEST: (Pairs, &[&str]) = (
    &[
        ("CallSid", "CA1"),
        ("AccountSid", "AC1"),
        ("From", "+1"),
        ("To", "client:bob"),
        ("CallStatus", "in-progress"),
    ],
    &[
        "ApiVersion",
        "ApplicationSid",
        "ForwardedFrom",
        "CalledVia",
        "CallerName",
        "ParentCallSid",
        "CallToken",
        "StirVerstat",
        "StirPassportToken",
        "AnsweredBy",
        "MachineDetectionDuration",
        "Digits",
        "FinishedOnKey",
        "SpeechResult",
        "Confidence",
        "msg",
        "FromCity",
        "FromState",
        "FromZip",
        "FromCountry",
        "ToCity",
        "ToState",
        "ToZip",
        "ToCountry",
        "SipDomain",
        "SipDomainSid",
        "SipCallId",
        "SipSourceIp",
        "SipHeader_X-Foo",
        "SipHeader_User-to-User",
    ],
);
const CALL_STATUS_MORE: &[&str] = &["CallbackSource", "Timestamp", "StirStatus"];
const DEBUGGER_EVENT: (Pairs, &[&str]) = (
    &[
        ("Sid", "NO1"),
        ("AccountSid", "AC1"),
        ("Timestamp", "2020-01-01T23:28:54Z"),
        ("Level", "ERROR"),
        ("Payload", "{}"),
    ],
    &["ParentAccountSid", "PayloadType"],
);

/// Any text, empty ones and line breaks included.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), proptest::string::string_regex("[ -~é日\n\0]{0,12}").unwrap(),]
}

/// A form with all required parameters, some of the others, and some nobody knows, shuffled.
fn any_form((required, others): (Pairs, &'static [&'static str])) -> impl Strategy<Value = Form> {
    let known = proptest::sample::subsequence(others, 0..=others.len());
    let known = known.prop_flat_map(|names| {
        let count = names.len();
        (Just(names), proptest::collection::vec(any_text(), count))
    });
    let unknown = proptest::collection::vec(("[xyz]{0,3}", any_text()), 0..4);
    (known, unknown)
        .prop_map(move |((names, values), unknown)| {
            let required = required.iter().map(|(name, value)| (*name, (*value).to_owned()));
            let mut pairs: Vec<(String, String)> = required
                .chain(names.into_iter().zip(values))
                .map(|(name, value)| (name.to_owned(), value))
                .collect();
            pairs.extend(unknown);
            pairs
        })
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
macro_rules! survives_the_wire {
    ($form:expr, $type:ty) => {{
        let form: Form = $form;
        let typed = <$type>::from_form(&form).unwrap();
        let written = typed.to_form();
        prop_assert!(holds(&written, &form), "{form:?} became {written:?}");
        let wire = Form::parse(written.encode().as_bytes()).unwrap();
        prop_assert_eq!(<$type>::from_form(&wire), Ok(typed));
    }};
}

proptest! {
    #[test]
    fn any_inbound_message_survives_the_wire(
        mut form in any_form(INBOUND_MESSAGE),
        media in proptest::collection::vec((any_text(), any_text()), 0..=10),
        code in proptest::option::of(0..99_999_u32),
        segments in 0..u32::MAX,
    ) {
        form.push("NumMedia", media.len().to_string());
        form.push("NumSegments", segments.to_string());
        for (index, (url, content_type)) in media.into_iter().enumerate() {
            form.push(format!("MediaUrl{index}"), url);
            form.push(format!("MediaContentType{index}"), content_type);
        }
        if let Some(code) = code {
            form.push("ErrorCode", code.to_string());
            form.push("ErrorUrl", "https://example.com/broken");
        }
        survives_the_wire!(form, InboundMessage);
    }

    #[test]
    fn any_message_status_survives_the_wire(
        mut form in any_form(MESSAGE_STATUS),
        state in proptest::sample::select(MessageState::ALL.to_vec()),
        code in proptest::option::of(0..99_999_u32),
    ) {
        form.set("MessageStatus", state.as_str());
        if let Some(code) = code {
            form.push("ErrorCode", code.to_string());
        }
        survives_the_wire!(form, MessageStatus);
    }

    #[test]
    fn any_voice_request_survives_the_wire(form in any_form(VOICE_REQUEST)) {
        survives_the_wire!(form, VoiceRequest);
    }

    #[test]
    fn any_call_status_survives_the_wire(
        mut form in any_form(VOICE_REQUEST),
        numbers in proptest::collection::vec(proptest::option::of(0..u32::MAX), 4),
        texts in proptest::collection::vec(proptest::option::of(any_text()), 3),
        recording in proptest::option::of(0..u32::MAX),
    ) {
        let names = ["SequenceNumber", "CallDuration", "Duration", "SipResponseCode"];
        let numbers = numbers.iter().map(|number| number.map(|number| number.to_string()));
        let texts = CALL_STATUS_MORE.iter().zip(texts);
        for (name, value) in names.iter().zip(numbers).chain(texts) {
            form.extend(value.map(|value| (*name, value)));
        }
        if let Some(duration_secs) = recording {
            form.push("RecordingSid", "RE1");
            form.push("RecordingUrl", "https://example.com/RE1");
            form.push("RecordingDuration", duration_secs.to_string());
        }
        survives_the_wire!(form, CallStatus);
    }

    #[test]
    fn any_debugger_event_survives_the_wire(form in any_form(DEBUGGER_EVENT)) {
        survives_the_wire!(form, DebuggerEvent);
    }

    #[test]
    fn any_debugger_payload_is_json(
        texts in proptest::collection::vec(any::<String>(), 6),
        code in any::<u32>(),
        status_code in proptest::option::of(any::<u16>()),
    ) {
        let mut payload = DebuggerPayload::new(&texts[0], code);
        payload.more_info.push((texts[1].clone(), texts[2].clone()));
        payload.webhook = Some(WebhookExchange {
            url: texts[3].clone(),
            parameters: Form::from_pairs([(&texts[4], &texts[5]), (&texts[4], &texts[0])]),
            status_code,
            ..WebhookExchange::default()
        });
        let json: serde_json::Value = serde_json::from_str(&payload.to_json()).unwrap();
        prop_assert_eq!(&json["resource_sid"], &texts[0]);
        prop_assert_eq!(&json["error_code"], &code.to_string());
        prop_assert_eq!(&json["more_info"][&texts[1]], &texts[2]);
        let request = &json["webhook"]["request"];
        prop_assert_eq!(&request["url"], &texts[3]);
        prop_assert_eq!(&request["parameters"][&texts[4]], &texts[5]);
        let expected = status_code.map_or(serde_json::Value::Null, serde_json::Value::from);
        prop_assert_eq!(&json["webhook"]["response"]["status_code"], &expected);
    }
}

/// A form with every parameter of a contract.
fn complete((required, others): (Pairs, &'static [&'static str])) -> Form {
    let others = others.iter().map(|name| (*name, "v"));
    Form::from_pairs(required.iter().copied().chain(others))
}

#[test]
fn every_parameter_of_the_contract_has_a_field() {
    let none = Form::new();
    let mut text = complete(INBOUND_MESSAGE);
    text.extend([("SmsSid", "SM1"), ("SmsMessageSid", "SM1"), ("SmsStatus", "received")]);
    text.extend([("NumMedia", "1"), ("MediaUrl0", "u"), ("MediaContentType0", "t")]);
    text.extend([("NumSegments", "2"), ("ErrorCode", "11200"), ("ErrorUrl", "u")]);
    assert_eq!(InboundMessage::from_form(&text).unwrap().extra, none);

    let mut status = complete(MESSAGE_STATUS);
    status.extend([("SmsSid", "SM1"), ("SmsStatus", "sent"), ("ErrorCode", "30003")]);
    assert_eq!(MessageStatus::from_form(&status).unwrap().extra, none);

    let mut call = complete(VOICE_REQUEST);
    call.extend([("Caller", "+1"), ("Called", "client:bob"), ("Direction", "outbound-dial")]);
    call.extend([("ErrorCode", "11200"), ("ErrorUrl", "u")]);
    for prefix in ["Caller", "Called"] {
        call.extend(
            ["City", "State", "Zip", "Country"].map(|part| (format!("{prefix}{part}"), "v")),
        );
    }
    assert_eq!(VoiceRequest::from_form(&call).unwrap().extra, none);

    call.extend(CALL_STATUS_MORE.iter().map(|name| (*name, "v")));
    call.extend([("SequenceNumber", "3"), ("CallDuration", "61"), ("Duration", "2")]);
    call.extend([("SipResponseCode", "200"), ("RecordingDuration", "60")]);
    call.extend([("RecordingSid", "RE1"), ("RecordingUrl", "u")]);
    assert_eq!(CallStatus::from_form(&call).unwrap().call.extra, none);

    let event = complete(DEBUGGER_EVENT);
    assert_eq!(DebuggerEvent::from_form(&event).unwrap().extra, none);
}

#[test]
fn a_plain_text_has_the_keys_of_a_real_one_in_a_fixed_order() {
    let mut message = InboundMessage::new("SM1", "AC1", "+14155551234", "+15558675309", "hi");
    message.from_place = Some(Place {
        city: "SAN FRANCISCO".into(),
        state: "CA".into(),
        zip: "94105".into(),
        country: "US".into(),
    });
    message.to_place = Some(Place { country: "US".into(), ..Place::default() });
    assert_eq!(
        message.to_form().encode(),
        "MessageSid=SM1&SmsSid=SM1&SmsMessageSid=SM1&AccountSid=AC1&From=%2B14155551234\
         &To=%2B15558675309&Body=hi&NumMedia=0&NumSegments=1&SmsStatus=received\
         &ApiVersion=2010-04-01&FromCity=SAN+FRANCISCO&FromState=CA&FromZip=94105&FromCountry=US\
         &ToCity=&ToState=&ToZip=&ToCountry=US"
    );
}

#[test]
fn a_fallback_repeats_the_message_and_says_what_failed() {
    let mut message = InboundMessage::new("SM1", "AC1", "+1", "+2", "hi");
    let first = message.to_form();
    let error_url = "https://example.com/sms".to_owned();
    message.fallback = Some(Fallback { error_code: 11200, error_url: error_url.clone() });
    let mut expected = first;
    expected.extend([("ErrorCode", "11200"), ("ErrorUrl", &error_url)]);
    assert_eq!(message.to_form(), expected);
}

#[test]
fn a_call_is_told_under_both_families_of_names() {
    let form = Form::from_pairs(VOICE_REQUEST.0.iter().copied());
    let mut call = VoiceRequest::from_form(&form).unwrap();
    call.from_place = Some(Place { zip: "94105".into(), ..Place::default() });
    call.sip_headers.push(("X-Foo".into(), "bar".into()));
    let form = call.to_form();
    for (name, value) in [
        ("Caller", "+1"),
        ("Called", "client:bob"),
        ("FromZip", "94105"),
        ("CallerZip", "94105"),
        ("CallerCity", ""),
        ("SipHeader_X-Foo", "bar"),
    ] {
        assert_eq!(form.get(name), Some(value), "{name}");
    }
    assert_eq!(form.get("CalledZip"), None);
}

#[test]
fn a_copy_that_says_something_else_is_kept() {
    let mut form = Form::from_pairs(VOICE_REQUEST.0.iter().copied());
    form.extend([("Caller", "+9"), ("CallerCity", "ROME"), ("FromCity", "PARIS")]);
    let call = VoiceRequest::from_form(&form).unwrap();
    assert_eq!(call.extra, Form::from_pairs([("Caller", "+9"), ("CallerCity", "ROME")]));
}

#[test]
fn a_form_without_what_is_always_sent_is_refused_by_name() {
    fn refusals<T>(required: Pairs, read: fn(&Form) -> Result<T, FieldError>) {
        for (missing, _) in required {
            let form =
                Form::from_pairs(required.iter().filter(|(name, _)| name != missing).copied());
            let error = read(&form).err();
            assert_eq!(error, Some(FieldError::Missing { name: (*missing).to_owned() }));
        }
    }
    refusals(INBOUND_MESSAGE.0, InboundMessage::from_form);
    refusals(MESSAGE_STATUS.0, MessageStatus::from_form);
    refusals(VOICE_REQUEST.0, VoiceRequest::from_form);
    refusals(VOICE_REQUEST.0, CallStatus::from_form);
    refusals(DEBUGGER_EVENT.0, DebuggerEvent::from_form);
}

#[test]
fn values_that_cannot_be_are_refused_by_name() {
    let message = [
        ("NumMedia", "11"),
        ("NumMedia", "-1"),
        ("NumMedia", "two"),
        ("NumSegments", "+1"),
        ("NumSegments", "4294967296"),
        ("SmsStatus", "Received"),
    ];
    for (name, value) in message {
        let mut form = Form::from_pairs(INBOUND_MESSAGE.0.iter().copied());
        form.push(name, value);
        let error = InboundMessage::from_form(&form).unwrap_err();
        assert!(
            matches!(&error, FieldError::Invalid { name: n, value: v, .. } if n == name && v == value)
        );
        assert!(error.to_string().starts_with(&format!("the parameter {name} is \"{value}\"")));
    }
    let mut form = Form::from_pairs(INBOUND_MESSAGE.0.iter().copied());
    form.extend([("NumMedia", "2"), ("MediaUrl0", "u"), ("MediaUrl2", "u")]);
    let error = InboundMessage::from_form(&form).unwrap_err();
    assert_eq!(error, FieldError::Missing { name: "MediaUrl1".into() });

    let call = [("Direction", "sideways"), ("CallStatus", "dead"), ("SequenceNumber", "1.5")];
    for (name, value) in call {
        let mut form = Form::from_pairs(VOICE_REQUEST.0.iter().copied());
        form.set(name, value);
        let error = CallStatus::from_form(&form).unwrap_err();
        assert!(matches!(&error, FieldError::Invalid { name: n, .. } if n == name), "{error}");
    }
}

#[test]
fn more_media_than_a_message_can_have_are_not_sent() {
    let mut message = InboundMessage::new("MM1", "AC1", "+1", "+2", "");
    let media = Media { url: "u".into(), content_type: "image/png".into() };
    message.media = vec![media; 12];
    let form = message.to_form();
    assert_eq!((form.get("NumMedia"), form.get("MediaUrl10")), (Some("10"), None));
    assert_eq!(InboundMessage::from_form(&form).unwrap().media.len(), 10);
}

#[test]
fn a_level_is_read_in_any_case_and_a_parent_only_if_there_is_one() {
    for (word, level) in [("ERROR", Level::Error), ("Warning", Level::Warning)] {
        let mut form = Form::from_pairs(DEBUGGER_EVENT.0.iter().copied());
        form.set("Level", word);
        form.push("ParentAccountSid", "");
        let event = DebuggerEvent::from_form(&form).unwrap();
        assert_eq!((event.level, event.parent_account_sid.as_deref()), (level, None));
        assert_eq!(event.to_form().get("ParentAccountSid"), Some(""));
    }
}
