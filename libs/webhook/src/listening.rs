//! What listens to a call: forms about answering machines, media streams and live transcription.
//!
//! The platform writes them, the application reads them; the answers are ignored. They are short:
//! none has a call's standard set. Contract: Twilio's pages of answering machine detection, of
//! `<Stream>` and of `<Transcription>`, captured requests.

use crate::value::{parameters, words};

words! {
    /// Who or what answered a call.
    pub enum AnsweredBy ("human, machine_…, fax or unknown") {
        /// a person.
        Human = "human",
        /// a machine; it may still speak (`Enable`).
        MachineStart = "machine_start",
        /// a machine, after its beep (`DetectMessageEnd`).
        MachineEndBeep = "machine_end_beep",
        /// a machine that fell silent (`DetectMessageEnd`).
        MachineEndSilence = "machine_end_silence",
        /// a machine that ended in another way (`DetectMessageEnd`).
        MachineEndOther = "machine_end_other",
        /// a fax.
        Fax = "fax",
        /// it could not be found out in time.
        Unknown = "unknown",
    }
}

impl AnsweredBy {
    /// Whether a message can be left now: a machine has said its greeting.
    pub fn is_machine_done(self) -> bool {
        matches!(self, Self::MachineEndBeep | Self::MachineEndSilence | Self::MachineEndOther)
    }
}

parameters! {
    /// The verdict of an asynchronous answering machine detection (`AsyncAmdStatusCallback`).
    ///
    /// A synchronous one is in the first request for TwiML:
    /// [`CallDetails::answered_by`](crate::CallDetails::answered_by).
    ///
    /// ```
    /// use webhook::{AmdStatus, AnsweredBy};
    ///
    /// let mut status = AmdStatus::new("AC1", "CA1", AnsweredBy::MachineEndBeep);
    /// status.duration_ms = Some(3200);
    /// assert!(status.answered_by.is_machine_done());
    /// assert_eq!(status.to_form().get("MachineDetectionDuration"), Some("3200"));
    /// assert_eq!(AmdStatus::from_form(&status.to_form()), Ok(status));
    /// ```
    pub struct AmdStatus {
        always {
            /// the account, `AC…`.
            account_sid: String = "AccountSid",
            /// the call, `CA…`.
            call_sid: String = "CallSid",
            /// the verdict.
            answered_by: AnsweredBy = "AnsweredBy",
        }
        sometimes {
            /// milliseconds it took.
            duration_ms: Option<u32> = "MachineDetectionDuration",
        }
    }
}

parameters! {
    /// A message that the client program of a call has sent, told to the `Callback` of a
    /// UserDefinedMessageSubscription.
    ///
    /// ```
    /// use webhook::UserDefinedMessage;
    ///
    /// let mut message = UserDefinedMessage::new("AC1", "CA1", "KX1", r#"{"cart":3}"#);
    /// message.sequence_number = Some(1);
    /// assert_eq!(message.to_form().get("SequenceNumber"), Some("1"));
    /// assert_eq!(UserDefinedMessage::from_form(&message.to_form()), Ok(message));
    /// ```
    pub struct UserDefinedMessage {
        always {
            /// the account, `AC…`.
            account_sid: String = "AccountSid",
            /// the call, `CA…`.
            call_sid: String = "CallSid",
            /// the message, `KX…`.
            sid: String = "Sid",
            /// what was sent: JSON, as text.
            content: String = "Content",
        }
        sometimes {
            /// which of the program's messages in this call it is; the first is 1.
            sequence_number: Option<u32> = "SequenceNumber",
            /// what the content is: `application/json`.
            content_type: Option<String> = "ContentType",
        }
    }
}

words! {
    /// What a media stream did.
    pub enum StreamEvent ("a stream event") {
        /// its WebSocket is open.
        Started = "stream-started",
        /// it is over.
        Stopped = "stream-stopped",
        /// it could not be opened, or broke.
        Error = "stream-error",
    }
}

parameters! {
    /// A change of a `<Stream>`, told to its `statusCallback`.
    pub struct StreamStatus {
        always {
            /// the account, `AC…`.
            account_sid: String = "AccountSid",
            /// the call, `CA…`.
            call_sid: String = "CallSid",
            /// the stream, `MZ…`.
            sid: String = "StreamSid",
            /// what it did.
            event: StreamEvent = "StreamEvent",
        }
        sometimes {
            /// its name, or else its sid.
            name: Option<String> = "StreamName",
            /// what went wrong, in words; with `stream-error`.
            error: Option<String> = "StreamError",
            /// when, ISO 8601.
            timestamp: Option<String> = "Timestamp",
        }
    }
}

words! {
    /// What a live transcription did.
    pub enum TranscriptionEvent ("a transcription event") {
        /// it listens.
        Started = "transcription-started",
        /// it understood something.
        Content = "transcription-content",
        /// it is over.
        Stopped = "transcription-stopped",
        /// it broke.
        Error = "transcription-error",
    }
}

parameters! {
    /// A step of a live transcription, told to the `statusCallbackUrl` of `<Transcription>`.
    ///
    /// Steps may arrive in another order; `sequence_id` counts them.
    ///
    /// ```
    /// use webhook::{TranscriptionEvent, TranscriptionStatus};
    ///
    /// let mut status =
    ///     TranscriptionStatus::new("AC1", "CA1", "GT1", TranscriptionEvent::Content);
    /// status.data = Some(r#"{"transcript":"hello","confidence":0.98}"#.into());
    /// status.is_final = Some(true);
    /// assert_eq!(status.to_form().get("Final"), Some("true"));
    /// assert_eq!(TranscriptionStatus::from_form(&status.to_form()), Ok(status));
    /// ```
    pub struct TranscriptionStatus {
        always {
            /// the account, `AC…`.
            account_sid: String = "AccountSid",
            /// the call, `CA…`.
            call_sid: String = "CallSid",
            /// the transcription, `GT…`.
            sid: String = "TranscriptionSid",
            /// what it did.
            event: TranscriptionEvent = "TranscriptionEvent",
        }
        sometimes {
            /// counts its steps, from 1.
            sequence_id: Option<u32> = "SequenceId",
            /// when, ISO 8601.
            timestamp: Option<String> = "Timestamp",
            /// what was understood, JSON with `transcript` and, when final, `confidence`.
            data: Option<String> = "TranscriptionData",
            /// whether it will not change any more; with content.
            is_final: Option<bool> = "Final",
            /// how sure what is not final is, `0.0` to `1.0`; with content.
            stability: Option<String> = "Stability",
            /// who spoke: `inbound_track` or `outbound_track`.
            track: Option<String> = "Track",
            /// the language, BCP 47.
            language_code: Option<String> = "LanguageCode",
            /// whose engine it is; at the start.
            engine: Option<String> = "TranscriptionEngine",
            /// the engine's settings, JSON; at the start.
            provider_configuration: Option<String> = "ProviderConfiguration",
            /// whether what is not final is told, too; at the start.
            has_partial_results: Option<bool> = "PartialResults",
            /// what went wrong, Twilio's code; with an error.
            error_code: Option<u32> = "ErrorCode",
            /// what went wrong, in words; with an error.
            error_message: Option<String> = "ErrorMessage",
        }
    }
}
