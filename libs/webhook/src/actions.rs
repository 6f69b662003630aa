//! What a verb found out: the forms sent to the `action` of Gather, Record, Dial, Refer and Pay.
//!
//! Each is a call's standard set ([`VoiceRequest`]) with the verb's result; the answer is the next
//! TwiML. The platform writes them, the application reads them. What follows from a result is not
//! decided here. Contract: the pages of these verbs in Twilio's TwiML docs, captured requests.

use crate::call_state::CallState;
use crate::value::{parameters, words};
use crate::voice_request::VoiceRequest;

parameters! {
    /// What a `<Gather>` heard.
    ///
    /// Keys and words are in [`VoiceRequest::gathered`]. It is asked when there was input, or with
    /// `actionOnEmptyResult` also when there was none.
    ///
    /// ```
    /// use webhook::{Form, GatherResult, Heard};
    ///
    /// let mut form = Form::from_pairs([
    ///     ("CallSid", "CA1"), ("AccountSid", "AC1"), ("From", "+15551230000"),
    ///     ("To", "+15559870000"), ("CallStatus", "in-progress"),
    /// ]);
    /// form.push("Digits", "42");
    /// form.push("FinishedOnKey", "#");
    /// let result = GatherResult::from_form(&form).unwrap();
    /// assert_eq!(result.heard(), Heard::Keys("42"));
    /// ```
    pub struct GatherResult with a call {
        always {}
        sometimes {
            /// the language the words were understood in, BCP 47; with speech only.
            language: Option<String> = "Language",
        }
    }
}

/// Keys, words, or nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard<'a> {
    /// The keys, without the one that ended them.
    Keys(&'a str),
    /// The words as they were understood.
    Words(&'a str),
    /// Neither.
    Nothing,
}

impl GatherResult {
    /// What the person did: keys count before words.
    pub fn heard(&self) -> Heard<'_> {
        let given = |text: &'_ Option<String>| text.as_deref().is_some_and(|text| !text.is_empty());
        let gathered = &self.call.gathered;
        if given(&gathered.digits) {
            Heard::Keys(gathered.digits.as_deref().unwrap_or_default())
        } else if given(&gathered.speech_result) {
            Heard::Words(gathered.speech_result.as_deref().unwrap_or_default())
        } else {
            Heard::Nothing
        }
    }
}

parameters! {
    /// Words while they are spoken: told to `<Gather partialResultCallback>`, the answer is ignored.
    ///
    /// They come one request each, without an order; [`sequence_number`](Self::sequence_number)
    /// gives it.
    pub struct PartialSpeech with a call {
        always {}
        sometimes {
            /// the words that will hardly change any more.
            stable: Option<String> = "StableSpeechResult",
            /// the words that may still change.
            unstable: Option<String> = "UnstableSpeechResult",
            /// how sure the unstable ones are, `0.0` to `1.0`.
            stability: Option<String> = "Stability",
            /// counts the requests of this Gather from 0.
            sequence_number: Option<u32> = "SequenceNumber",
            /// what the recogniser noticed, for instance that speech began.
            activity: Option<String> = "SpeechActivity",
            /// the language, BCP 47.
            language: Option<String> = "Language",
        }
    }
}

parameters! {
    /// What a `<Record>` recorded.
    ///
    /// The key that ended it is in [`VoiceRequest::gathered`] (`digits`), which is `hangup` when
    /// the caller hung up; then the answer's TwiML is not carried out.
    ///
    /// ```
    /// use webhook::{CallState, RecordResult, VoiceRequest};
    ///
    /// let mut call =
    ///     VoiceRequest::new("CA1", "AC1", "+15551230000", "+15559870000", CallState::InProgress);
    /// call.gathered.digits = Some("hangup".into());
    /// let mut result = RecordResult::new(call, "https://api.twilio.com/…/Recordings/RE1");
    /// result.duration_secs = Some(7);
    /// assert!(result.is_hung_up());
    /// assert_eq!(RecordResult::from_form(&result.to_form()), Ok(result));
    /// ```
    pub struct RecordResult with a call {
        always {
            /// where its file will be, without an ending; it may take a moment.
            url: String = "RecordingUrl",
        }
        sometimes {
            /// the recording, `RE…`.
            sid: Option<String> = "RecordingSid",
            /// seconds.
            duration_secs: Option<u32> = "RecordingDuration",
        }
    }
}

impl RecordResult {
    /// Whether the caller ended it by hanging up.
    pub fn is_hung_up(&self) -> bool {
        self.call.gathered.digits.as_deref() == Some("hangup")
    }
}

words! {
    /// How a `<Dial>` ended.
    pub enum DialState ("a dial status") {
        /// somebody answered and the two were joined.
        Completed = "completed",
        /// a conference or queue was entered.
        Answered = "answered",
        /// the other end was busy.
        Busy = "busy",
        /// nobody answered in time.
        NoAnswer = "no-answer",
        /// the number could not be reached.
        Failed = "failed",
        /// the caller hung up before anybody answered.
        Canceled = "canceled",
    }
}

parameters! {
    /// How a `<Dial>` went.
    ///
    /// It is asked also when the caller hung up.
    ///
    /// ```
    /// use webhook::{CallState, DialResult, DialState, VoiceRequest};
    ///
    /// let call =
    ///     VoiceRequest::new("CA1", "AC1", "+15551230000", "+15559870000", CallState::InProgress);
    /// let mut result = DialResult::new(call, DialState::Completed);
    /// result.call_sid = Some("CA2".into());
    /// result.duration_secs = Some(30);
    /// result.is_bridged = Some(true);
    /// let form = result.to_form();
    /// assert_eq!((form.get("CallSid"), form.get("DialCallSid")), (Some("CA1"), Some("CA2")));
    /// assert_eq!(DialResult::from_form(&form), Ok(result));
    /// ```
    pub struct DialResult with a call {
        always {
            /// how it ended.
            state: DialState = "DialCallStatus",
        }
        sometimes {
            /// the call that was made, `CA…`; absent for conferences and queues.
            call_sid: Option<String> = "DialCallSid",
            /// seconds it was connected; absent for conferences and queues.
            duration_secs: Option<u32> = "DialCallDuration",
            /// whether the two were ever joined.
            is_bridged: Option<bool> = "DialBridged",
            /// the recording's file, without an ending; with `record` only.
            recording_url: Option<String> = "RecordingUrl",
            /// the recording, `RE…`; with `record` only.
            recording_sid: Option<String> = "RecordingSid",
            /// its seconds; with `record` only.
            recording_duration_secs: Option<u32> = "RecordingDuration",
            /// SIP's Call-ID of the call that was made; after `<Sip>` only.
            sip_call_id: Option<String> = "DialSipCallId",
            /// SIP's answer to its INVITE; after `<Sip>` only.
            sip_response_code: Option<u32> = "DialSipResponseCode",
        }
    }
}

impl DialResult {
    /// A header of SIP's answer to the INVITE, by its name without `DialSipHeader_`.
    pub fn sip_header(&self, name: &str) -> Option<&str> {
        self.call.extra.get(&["DialSipHeader_", name].concat())
    }
}

parameters! {
    /// The other end of a `<Dial>` wants to be somewhere else: asked of its `referUrl` when a SIP
    /// REFER comes.
    pub struct ReferRequest with a call {
        always {
            /// where to, a SIP URI.
            target: String = "ReferTransferTarget",
        }
        sometimes {}
    }
}

parameters! {
    /// How a `<Refer>` went.
    pub struct ReferResult with a call {
        always {
            /// the new call's state, or `failed` if the REFER was refused.
            state: CallState = "ReferCallStatus",
        }
        sometimes {
            /// SIP's answer to the REFER: 202 if it was taken.
            sip_response_code: Option<u32> = "ReferSipResponseCode",
            /// the status that the NOTIFY carried; absent if none came.
            notify_code: Option<u32> = "NotifySipResponseCode",
        }
    }
}

words! {
    /// How a `<Pay>` ended.
    pub enum PayOutcome ("a payment result") {
        /// paid, or a token was made.
        Success = "success",
        /// the caller typed it wrong too often.
        TooManyFailedAttempts = "too-many-failed-attempts",
        /// the payment processor refused or could not be reached.
        PaymentConnectorError = "payment-connector-error",
        /// the caller pressed the star.
        CallerInterruptedWithStar = "caller-interrupted-with-star",
        /// the caller hung up.
        CallerHungUp = "caller-hung-up",
        /// an attribute of the verb was wrong.
        ValidationError = "validation-error",
        /// something else.
        InternalError = "internal-error",
    }
}

parameters! {
    /// How a `<Pay>` went. Numbers of cards and accounts are masked; the full ones are never sent.
    pub struct PayResult with a call {
        always {
            /// how it ended.
            outcome: PayOutcome = "Result",
        }
        sometimes {
            /// what can be charged later, the processor's token.
            token: Option<String> = "PaymentToken",
            /// the customer at the processor.
            profile_id: Option<String> = "ProfileId",
            /// the processor's confirmation of a charge.
            confirmation_code: Option<String> = "PaymentConfirmationCode",
            /// `credit-card` or `ach-debit`.
            method: Option<String> = "PaymentMethod",
            /// the card's number, all but its end as `x`.
            card_number: Option<String> = "PaymentCardNumber",
            /// the card's brand, for instance `visa`.
            card_type: Option<String> = "PaymentCardType",
            /// the card's end, `MMYY`.
            expiration_date: Option<String> = "ExpirationDate",
            /// masked.
            security_code: Option<String> = "SecurityCode",
            /// of the card's owner.
            postal_code: Option<String> = "PaymentCardPostalCode",
            /// masked; with `ach-debit` only.
            bank_account_number: Option<String> = "BankAccountNumber",
            /// with `ach-debit` only.
            bank_routing_number: Option<String> = "BankRoutingNumber",
            /// `consumer-checking` and its like; with `ach-debit` only.
            bank_account_type: Option<String> = "BankAccountType",
            /// what went wrong, in words.
            error: Option<String> = "PaymentError",
            /// what went wrong, Twilio's code.
            error_code: Option<u32> = "PayErrorCode",
            /// the processor's own words.
            connector_error: Option<String> = "ConnectorError",
        }
    }
}

words! {
    /// How a `<ConversationRelay>` session ended.
    pub enum RelayState ("a session status") {
        /// the application ended it.
        Ended = "ended",
        /// the caller hung up.
        Completed = "completed",
        /// it broke.
        Failed = "failed",
    }
}

parameters! {
    /// How a `<Connect><ConversationRelay>` went, asked of the `action` of `<Connect>`.
    pub struct RelayResult with a call {
        always {
            /// how it ended.
            state: RelayState = "SessionStatus",
        }
        sometimes {
            /// the session, `VX…`.
            session_id: Option<String> = "SessionId",
            /// seconds.
            duration_secs: Option<u32> = "SessionDuration",
            /// what the application said when it ended the session, its own text.
            handoff_data: Option<String> = "HandoffData",
            /// why it failed, Twilio's code.
            error_code: Option<u32> = "ErrorCode",
            /// why it failed, in words.
            error_message: Option<String> = "ErrorMessage",
        }
    }
}

/// The standard set is what these forms have in common.
macro_rules! of_a_call {
    ($($name:ident),+) => {
        $(impl From<$name> for VoiceRequest {
            fn from(result: $name) -> Self {
                result.call
            }
        })+
    };
}
of_a_call!(GatherResult, RecordResult, DialResult, ReferResult, PayResult, RelayResult);
