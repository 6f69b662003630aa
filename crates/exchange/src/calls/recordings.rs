//! A recording of a call: what is known of it beside its sound.
//!
//! ```text
//! in-progress ⇄ paused ─▶ completed | absent (no sound at all)
//! ```
//!
//! The sound is a file of the data folder; the server renders and serves it.
//! Contract: rest.md A (Recordings), webhooks.md 2e, 6.3.

use crate::calls::RecordingTrack;
use crate::sid::{AccountSid, CallSid, RecordingSid};
use jiff::Timestamp;

/// A recording.
#[derive(Debug, Clone, PartialEq)]
pub struct Recording {
    /// Its sid.
    pub sid: RecordingSid,
    /// Whose it is.
    pub account: AccountSid,
    /// The leg it was ordered for; the parent's for a `<Dial>`.
    pub call: CallSid,
    /// Where it stands.
    pub status: RecordingStatus,
    /// Who ordered it.
    pub source: RecordingSource,
    /// 1 or 2.
    pub channels: u8,
    /// `inbound`, `outbound` or `both`.
    pub track: RecordingTrack,
    /// Length of the sound in milliseconds; `None` until it has ended.
    pub duration_ms: Option<u64>,
    /// What went wrong, if anything.
    pub error_code: Option<u32>,
    /// When it began; house time.
    pub started: Timestamp,
    /// House time.
    pub created: Timestamp,
    /// House time.
    pub updated: Timestamp,
}

impl Recording {
    /// Whole seconds of its sound: at least 1 for a recording that was kept.
    pub fn duration_seconds(&self) -> Option<u64> {
        self.duration_ms.map(|ms| ms.div_ceil(1000).max(1))
    }
}

/// Where a recording stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordingStatus {
    /// It is being made.
    InProgress,
    /// It is being made, and waits.
    Paused,
    /// It has ended, and its sound is not there yet: what stopping it by REST answers.
    Stopped,
    /// Its sound is there.
    Completed,
    /// Nothing was heard at all.
    Absent,
    /// It could not be kept.
    Failed,
}

impl RecordingStatus {
    /// All of them.
    pub const ALL: [RecordingStatus; 6] = [
        RecordingStatus::InProgress,
        RecordingStatus::Paused,
        RecordingStatus::Stopped,
        RecordingStatus::Completed,
        RecordingStatus::Absent,
        RecordingStatus::Failed,
    ];

    /// The wire's word.
    pub fn as_str(self) -> &'static str {
        match self {
            RecordingStatus::InProgress => "in-progress",
            RecordingStatus::Paused => "paused",
            RecordingStatus::Stopped => "stopped",
            RecordingStatus::Completed => "completed",
            RecordingStatus::Absent => "absent",
            RecordingStatus::Failed => "failed",
        }
    }

    /// Reads the wire's word.
    pub fn parse(text: &str) -> Option<RecordingStatus> {
        RecordingStatus::ALL.into_iter().find(|status| status.as_str() == text)
    }
}

/// Who ordered a recording (`RecordingSource`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordingSource {
    /// `<Record>`.
    RecordVerb,
    /// `<Dial record>`.
    DialVerb,
    /// `Record=true` of a call made by REST.
    OutboundApi,
    /// `POST Calls/{CA}/Recordings`.
    StartCallRecordingApi,
    /// `<Start><Recording>`.
    StartCallRecordingTwiml,
}

impl RecordingSource {
    /// All of them.
    pub const ALL: [RecordingSource; 5] = [
        RecordingSource::RecordVerb,
        RecordingSource::DialVerb,
        RecordingSource::OutboundApi,
        RecordingSource::StartCallRecordingApi,
        RecordingSource::StartCallRecordingTwiml,
    ];

    /// The wire's word.
    pub fn as_str(self) -> &'static str {
        match self {
            RecordingSource::RecordVerb => "RecordVerb",
            RecordingSource::DialVerb => "DialVerb",
            RecordingSource::OutboundApi => "OutboundAPI",
            RecordingSource::StartCallRecordingApi => "StartCallRecordingAPI",
            RecordingSource::StartCallRecordingTwiml => "StartCallRecordingTwiML",
        }
    }

    /// Reads the wire's word.
    pub fn parse(text: &str) -> Option<RecordingSource> {
        RecordingSource::ALL.into_iter().find(|source| source.as_str() == text)
    }
}
