//! "Something happened in a conference": the form sent to its `statusCallback`.
//!
//! The platform writes it for the events that were asked for, the application reads it; the answer
//! is ignored. The URL is the one that the first participant brought. It does not keep who is in.
//! Contract: Twilio's page of `<Conference>`; note hyphens and underscores in the two reasons.

use crate::call_state::CallState;
use crate::value::{parameters, words};

words! {
    /// What happened.
    pub enum ConferenceEvent ("a conference event") {
        /// two are in, one of whom may start it.
        ConferenceStart = "conference-start",
        /// it is over.
        ConferenceEnd = "conference-end",
        /// somebody came.
        ParticipantJoin = "participant-join",
        /// somebody left.
        ParticipantLeave = "participant-leave",
        /// somebody can't be heard any more.
        ParticipantMute = "participant-mute",
        /// somebody can be heard again.
        ParticipantUnmute = "participant-unmute",
        /// somebody was put on hold.
        ParticipantHold = "participant-hold",
        /// somebody is back from hold.
        ParticipantUnhold = "participant-unhold",
        /// a participant's settings changed.
        ParticipantModify = "participant-modify",
        /// somebody began to speak.
        ParticipantSpeechStart = "participant-speech-start",
        /// somebody stopped to speak.
        ParticipantSpeechStop = "participant-speech-stop",
        /// an announcement was played.
        AnnouncementEnd = "announcement-end",
        /// an announcement could not be played.
        AnnouncementFail = "announcement-fail",
    }
}

words! {
    /// Why a conference ended.
    pub enum ConferenceEndReason ("a reason for a conference's end") {
        /// the API ended it.
        EndedViaApi = "conference-ended-via-api",
        /// the API removed the last one.
        LastParticipantKicked = "last-participant-kicked",
        /// the last one left.
        LastParticipantLeft = "last-participant-left",
        /// the API removed one with `endConferenceOnExit`.
        EndingParticipantKicked = "participant-with-end-conference-on-exit-kicked",
        /// one with `endConferenceOnExit` left.
        EndingParticipantLeft = "participant-with-end-conference-on-exit-left",
    }
}

words! {
    /// Why somebody left.
    pub enum ParticipantLeftReason ("a reason for a participant's end") {
        /// the API ended the conference.
        ConferenceEndedViaApi = "conference_ended_via_api",
        /// one with `endConferenceOnExit` left.
        ModeratorEndedConference = "moderator_ended_conference",
        /// the API sent the call elsewhere.
        UpdatedViaApi = "participant_updated_via_api",
        /// they hung up.
        HungUp = "participant_hung_up",
        /// they could not be called in.
        AddFailed = "participant_add_failed",
    }
}

parameters! {
    /// An event of a conference.
    ///
    /// Requests may arrive in another order than things happened; `sequence_number` counts them.
    ///
    /// ```
    /// use webhook::{ConferenceEvent, ConferenceStatus};
    ///
    /// let mut status = ConferenceStatus::new("AC1", "CF1");
    /// status.event = Some(ConferenceEvent::ParticipantJoin);
    /// status.call_sid = Some("CA1".into());
    /// status.is_muted = Some(false);
    /// let form = status.to_form();
    /// assert_eq!(form.get("StatusCallbackEvent"), Some("participant-join"));
    /// assert_eq!(form.get("Muted"), Some("false"));
    /// assert_eq!(ConferenceStatus::from_form(&form), Ok(status));
    /// ```
    pub struct ConferenceStatus {
        always {
            /// the account, `AC…`.
            account_sid: String = "AccountSid",
            /// the conference, `CF…`.
            sid: String = "ConferenceSid",
        }
        sometimes {
            /// its name.
            friendly_name: Option<String> = "FriendlyName",
            /// what happened; only the old request about a recording has `EventName` instead.
            event: Option<ConferenceEvent> = "StatusCallbackEvent",
            /// counts the conference's events, from 1.
            sequence_number: Option<u32> = "SequenceNumber",
            /// when it happened, RFC 2822, UTC.
            timestamp: Option<String> = "Timestamp",
            /// the participant, `CA…`; participants' events only.
            call_sid: Option<String> = "CallSid",
            /// the participant's label, if it has one; participants' events only.
            participant_label: Option<String> = "ParticipantLabel",
            /// whether the participant can't be heard; participants' events only.
            is_muted: Option<bool> = "Muted",
            /// whether the participant is on hold; participants' events only.
            is_on_hold: Option<bool> = "Hold",
            /// whether the participant whispers to another; participants' events only.
            is_coaching: Option<bool> = "Coaching",
            /// whether the conference ends with the participant; participants' events only.
            ends_conference: Option<bool> = "EndConferenceOnExit",
            /// whether the conference starts with the participant; participants' events only.
            starts_conference: Option<bool> = "StartConferenceOnEnter",
            /// how the participant's call stands; when one left.
            participant_state: Option<CallState> = "ParticipantCallStatus",
            /// why the participant left; when one left.
            left_reason: Option<ParticipantLeftReason> = "ReasonParticipantLeft",
            /// why it ended; at the end.
            end_reason: Option<ConferenceEndReason> = "ReasonConferenceEnded",
            /// the same in words; at the end.
            reason: Option<String> = "Reason",
            /// whose exit ended it, `CA…`; at the end, if it was somebody's.
            ended_by_call_sid: Option<String> = "CallSidEndingConference",
            /// that participant's label; at the end, if it has one.
            ended_by_label: Option<String> = "ParticipantLabelEndingConference",
            /// what was or should have been played; announcements only.
            announce_url: Option<String> = "AnnounceUrl",
            /// why it was not played; announcements only.
            announcement_failed_reason: Option<String> = "ReasonAnnouncementFailed",
            /// `conference-record-end`: the old request about a recording; use
            /// `recordingStatusCallback`.
            event_name: Option<String> = "EventName",
            /// the recording's file; that old request only.
            recording_url: Option<String> = "RecordingUrl",
            /// its seconds; that old request only.
            recording_duration_secs: Option<u32> = "Duration",
            /// its bytes; that old request only.
            recording_size_bytes: Option<u32> = "RecordingFileSize",
        }
    }
}
