//! "A call changed": the form sent to a call's `StatusCallback`.
//!
//! It is a call's standard set of parameters ([`VoiceRequest`]) with what happened. The platform
//! writes it, the application reads it; the answer's body is ignored. It does not decide which
//! changes are told, nor in which order they arrive. Contract: Twilio's "StatusCallback" section of
//! the Call resource and captured requests.

use crate::fields::{FieldError, Fields, push_number, push_some};
use crate::form::Form;
use crate::voice_request::VoiceRequest;

/// `CallbackSource` of every status callback that has one.
const CALLBACK_SOURCE: &str = "call-progress-events";

/// The new status of a call.
///
/// The callback of a *number* comes once, at the end, and may lack source, sequence and time.
///
/// ```
/// use webhook::{CallState, CallStatus, VoiceRequest};
///
/// let call = VoiceRequest::new("CA1", "AC1", "+15558675309", "+14155551234", CallState::Completed);
/// let mut status = CallStatus::new(call, 3, "Fri, 20 Aug 2010 01:13:42 +0000");
/// status.duration_secs = Some(61);
/// status.billed_minutes = Some(2);
///
/// let form = status.to_form();
/// assert_eq!((form.get("CallDuration"), form.get("Duration")), (Some("61"), Some("2")));
/// assert_eq!(form.get("CallbackSource"), Some("call-progress-events"));
/// assert_eq!(CallStatus::from_form(&form), Ok(status));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallStatus {
    /// The standard set; `state` in it is the new status, `extra` in it what is not named here.
    pub call: VoiceRequest,
    /// `CallbackSource`: `call-progress-events`.
    pub callback_source: Option<String>,
    /// `SequenceNumber`: counts the call's events from 0, also those nobody asked for.
    pub sequence_number: Option<u32>,
    /// `Timestamp`: when it happened, RFC 2822, UTC.
    pub timestamp: Option<String>,
    /// `CallDuration`: seconds, when the call has ended.
    pub duration_secs: Option<u32>,
    /// `Duration`: minutes as billed, rounded up, when the call has ended.
    pub billed_minutes: Option<u32>,
    /// `SipResponseCode`: how the leg was answered or refused, when the call has ended.
    pub sip_response_code: Option<u32>,
    /// The recording, if the whole call was recorded.
    pub recording: Option<CallRecording>,
    /// `StirStatus`: attestation of an outbound call, `A`, `B` or `C`.
    pub stir_status: Option<String>,
}

/// The recording of a whole call; its file may not be ready when the callback arrives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallRecording {
    /// `RecordingSid`: `RE…`.
    pub sid: String,
    /// `RecordingUrl`.
    pub url: String,
    /// `RecordingDuration`: seconds.
    pub duration_secs: u32,
}

impl CallStatus {
    /// A change of `call` to the state in it.
    pub fn new(call: VoiceRequest, sequence_number: u32, timestamp: impl Into<String>) -> Self {
        Self {
            call,
            callback_source: Some(CALLBACK_SOURCE.to_owned()),
            sequence_number: Some(sequence_number),
            timestamp: Some(timestamp.into()),
            duration_secs: None,
            billed_minutes: None,
            sip_response_code: None,
            recording: None,
            stir_status: None,
        }
    }

    /// The parameters to send, in a fixed order.
    pub fn to_form(&self) -> Form {
        let mut form = Form::new();
        self.call.write(&mut form);
        push_some(&mut form, "CallbackSource", self.callback_source.as_deref());
        push_number(&mut form, "SequenceNumber", self.sequence_number);
        push_some(&mut form, "Timestamp", self.timestamp.as_deref());
        push_number(&mut form, "CallDuration", self.duration_secs);
        push_number(&mut form, "Duration", self.billed_minutes);
        push_number(&mut form, "SipResponseCode", self.sip_response_code);
        if let Some(recording) = &self.recording {
            form.push("RecordingUrl", recording.url.as_str());
            form.push("RecordingSid", recording.sid.as_str());
            form.push("RecordingDuration", recording.duration_secs.to_string());
        }
        push_some(&mut form, "StirStatus", self.stir_status.as_deref());
        form.extend(self.call.extra.iter());
        form
    }

    /// Reads the parameters of a verified request.
    ///
    /// # Errors
    ///
    /// As [`VoiceRequest::from_form`], and numbers that are none.
    pub fn from_form(form: &Form) -> Result<Self, FieldError> {
        let mut fields = Fields::of(form);
        let mut status = Self {
            call: VoiceRequest::read(&mut fields)?,
            callback_source: fields.take("CallbackSource"),
            sequence_number: fields.number("SequenceNumber")?,
            timestamp: fields.take("Timestamp"),
            duration_secs: fields.number("CallDuration")?,
            billed_minutes: fields.number("Duration")?,
            sip_response_code: fields.number("SipResponseCode")?,
            recording: read_recording(&mut fields)?,
            stir_status: fields.take("StirStatus"),
        };
        status.call.extra = fields.rest();
        Ok(status)
    }
}

/// A recording has a sid and a URL; one alone stays an extra parameter.
fn read_recording(fields: &mut Fields) -> Result<Option<CallRecording>, FieldError> {
    if !fields.has("RecordingSid") || !fields.has("RecordingUrl") {
        return Ok(None);
    }
    Ok(Some(CallRecording {
        sid: fields.need("RecordingSid")?,
        url: fields.need("RecordingUrl")?,
        duration_secs: fields.number("RecordingDuration")?.unwrap_or(0),
    }))
}
