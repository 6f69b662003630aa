//! "A recording is there": the forms of `recordingStatusCallback` and `transcribeCallback`.
//!
//! The platform writes them for `<Record>`, `<Dial>`, `<Conference>`, recorded calls and trunks; the
//! application reads them and the answer is ignored. They never fetch the sound. Contract: Twilio's
//! pages of the Recordings resource (RecordingStatusCallback) and of `<Record>`, captured requests.

use crate::call_state::CallState;
use crate::value::{parameters, words};

words! {
    /// What became of a recording.
    ///
    /// Callbacks say `in-progress`, `completed`, `absent` or `failed`; the others are the
    /// resource's.
    pub enum RecordingState ("a recording status") {
        /// it runs.
        InProgress = "in-progress",
        /// it stands still, and can go on.
        Paused = "paused",
        /// it ended and is not yet made.
        Stopped = "stopped",
        /// it is being made.
        Processing = "processing",
        /// its file can be fetched.
        Completed = "completed",
        /// nothing was recorded: too short, or silent.
        Absent = "absent",
        /// it could not be made.
        Failed = "failed",
        /// it was deleted.
        Deleted = "deleted",
    }
}

words! {
    /// What started a recording.
    pub enum RecordingSource ("a recording source") {
        /// the verb `<Record>`.
        RecordVerb = "RecordVerb",
        /// `record` of `<Dial>`.
        DialVerb = "DialVerb",
        /// `record` of `<Conference>`.
        Conference = "Conference",
        /// `Record` when the call was made by the API.
        OutboundApi = "OutboundAPI",
        /// a SIP trunk.
        Trunking = "Trunking",
        /// the API, during the call.
        StartCallRecordingApi = "StartCallRecordingAPI",
        /// the API, during the conference.
        StartConferenceRecordingApi = "StartConferenceRecordingAPI",
        /// the verb `<Start>` with `<Recording>`.
        StartCallRecordingTwiml = "StartCallRecordingTwiML",
    }
}

words! {
    /// Which side was recorded.
    pub enum RecordedTrack ("inbound, outbound or both") {
        /// what came from the caller of this leg.
        Inbound = "inbound",
        /// what was played to it.
        Outbound = "outbound",
        /// all of it.
        Both = "both",
    }
}

parameters! {
    /// A recording changed.
    ///
    /// ```
    /// use webhook::{RecordingState, RecordingStatus};
    ///
    /// let mut status = RecordingStatus::new("AC1", "RE1", RecordingState::Completed);
    /// status.call_sid = Some("CA1".into());
    /// status.duration_secs = Some(12);
    ///
    /// let form = status.to_form();
    /// assert_eq!(form.get("RecordingStatus"), Some("completed"));
    /// assert_eq!(form.get("RecordingDuration"), Some("12"));
    /// assert_eq!(RecordingStatus::from_form(&form), Ok(status));
    /// ```
    pub struct RecordingStatus {
        always {
            /// the account, `AC…`.
            account_sid: String = "AccountSid",
            /// the recording, `RE…`.
            sid: String = "RecordingSid",
            /// what became of it.
            state: RecordingState = "RecordingStatus",
        }
        sometimes {
            /// the call, `CA…`; of a `<Dial>`, the parent. Absent for a conference.
            call_sid: Option<String> = "CallSid",
            /// the conference, `CF…`; only if one was recorded.
            conference_sid: Option<String> = "ConferenceSid",
            /// where its file is, without an ending: add `.wav` or `.mp3`. Absent without a file.
            url: Option<String> = "RecordingUrl",
            /// seconds; when it is completed.
            duration_secs: Option<u32> = "RecordingDuration",
            /// 1, or 2 with each side in its own.
            channels: Option<u32> = "RecordingChannels",
            /// when it began, RFC 2822, UTC.
            start_time: Option<String> = "RecordingStartTime",
            /// what started it.
            source: Option<RecordingSource> = "RecordingSource",
            /// which side it has.
            track: Option<RecordedTrack> = "RecordingTrack",
            /// why it is absent or failed, Twilio's code; 0 if nothing went wrong.
            error_code: Option<u32> = "ErrorCode",
        }
    }
}

words! {
    /// What became of a transcription.
    pub enum TranscriptionState ("a transcription status") {
        /// it is being made; only the resource says so.
        InProgress = "in-progress",
        /// its text is there.
        Completed = "completed",
        /// it could not be made.
        Failed = "failed",
    }
}

parameters! {
    /// The words of a `<Record transcribe="true">`, told to its `transcribeCallback`.
    ///
    /// Recordings of 2 to 120 seconds have one. The call in it may have ended.
    ///
    /// ```
    /// use webhook::{CallState, RecordedText, TranscriptionState, VoiceRequest};
    ///
    /// let call = VoiceRequest::new("CA1", "AC1", "+15551230000", "+15559870000", CallState::Completed);
    /// let mut words = RecordedText::new(call, "TR1", TranscriptionState::Completed);
    /// words.text = Some("call me back".into());
    /// assert_eq!(words.to_form().get("TranscriptionText"), Some("call me back"));
    /// ```
    pub struct RecordedText with a call {
        always {
            /// the transcription, `TR…`.
            sid: String = "TranscriptionSid",
            /// whether there is a text.
            state: TranscriptionState = "TranscriptionStatus",
        }
        sometimes {
            /// the words; absent or empty if it failed.
            text: Option<String> = "TranscriptionText",
            /// the transcription's resource.
            url: Option<String> = "TranscriptionUrl",
            /// the recording, `RE…`.
            recording_sid: Option<String> = "RecordingSid",
            /// the recording's file, without an ending.
            recording_url: Option<String> = "RecordingUrl",
        }
    }
}

impl RecordedText {
    /// Whether the call it was recorded in is over.
    pub fn is_call_over(&self) -> bool {
        !matches!(
            self.call.state,
            CallState::Queued | CallState::Initiated | CallState::Ringing | CallState::InProgress
        )
    }
}
