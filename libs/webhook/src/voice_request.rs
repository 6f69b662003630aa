//! "What shall this call do?": the form of every request for TwiML during a call.
//!
//! The first request (`VoiceUrl`), each verb's `action` and the fallback share it; verbs add what
//! they found out. The platform writes it, the application reads it. Parameters keep a fixed order
//! and unknown ones (also an application's own) are kept in `extra`. Contract: Twilio's "Request
//! to your application" (TwiML for voice) and captured requests.

use crate::API_VERSION;
use crate::call_state::{CallState, Direction};
use crate::fields::{FieldError, Fields, optional_parameters};
use crate::form::Form;
use crate::place::{Fallback, Place};

/// A call, as a request for TwiML tells it.
///
/// ```
/// use webhook::{CallState, VoiceRequest};
///
/// let mut call =
///     VoiceRequest::new("CA1", "AC1", "+14155551234", "+15558675309", CallState::InProgress);
/// call.gathered.digits = Some("1".into());
///
/// let form = call.to_form();
/// assert_eq!(form.get("Caller"), form.get("From"));
/// assert_eq!(form.get("Digits"), Some("1"));
/// assert_eq!(VoiceRequest::from_form(&form), Ok(call));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct VoiceRequest {
    /// `CallSid`: `CA…`.
    pub sid: String,
    /// `AccountSid`.
    pub account_sid: String,
    /// `From` and `Caller`: E.164, `client:…`, `sip:…`, or the caller ID as it came.
    pub from: String,
    /// `To` and `Called`.
    pub to: String,
    /// `CallStatus`: `ringing` on an inbound call's first request, then `in-progress`.
    pub state: CallState,
    /// `ApiVersion`: [`API_VERSION`].
    pub api_version: String,
    /// `Direction`.
    pub direction: Direction,
    /// `FromCity` … and `CallerCity` ….
    pub from_place: Option<Place>,
    /// `ToCity` … and `CalledCity` ….
    pub to_place: Option<Place>,
    /// What is known about the call besides.
    pub details: CallDetails,
    /// What `<Gather>` and `<Record>` heard.
    pub gathered: Gathered,
    /// What a SIP leg adds.
    pub sip: SipLeg,
    /// `SipHeader_X-…`: names (without `SipHeader_`) and values, in order.
    pub sip_headers: Vec<(String, String)>,
    /// `ErrorCode` and `ErrorUrl`, if this is the request to the fallback URL.
    pub fallback: Option<Fallback>,
    /// Parameters not named above, in order.
    pub extra: Form,
}

optional_parameters! {
    /// Circumstances of a call; absent parameters are `None`.
    pub struct CallDetails {
        /// the TwiML App that handles the call, `AP…`.
        application_sid = "ApplicationSid",
        /// the call this one was made from.
        parent_call_sid = "ParentCallSid",
        /// the number the call was diverted from, as the carrier says.
        forwarded_from = "ForwardedFrom",
        /// the same number, on some calls.
        called_via = "CalledVia",
        /// the caller's name, if the number looks it up.
        caller_name = "CallerName",
        /// opaque JSON that keeps the caller's identity when the call is forwarded.
        call_token = "CallToken",
        /// the result of SHAKEN, for instance `TN-Validation-Passed-A`.
        stir_verstat = "StirVerstat",
        /// the PASSporT it was made from, a JWT.
        stir_passport_token = "StirPassportToken",
        /// who or what answered (`human`, `machine_start`, …).
        answered_by = "AnsweredBy",
        /// how long finding that out took, milliseconds.
        machine_detection_duration_ms = "MachineDetectionDuration",
    }
}

optional_parameters! {
    /// What the person on the call said or pressed; absent parameters are `None`.
    pub struct Gathered {
        /// the keys; `hangup` when a recording ended so.
        digits = "Digits",
        /// the key that ended the input; empty if a timeout or the number of keys did.
        finished_on_key = "FinishedOnKey",
        /// the words.
        speech_result = "SpeechResult",
        /// how sure the words are, `0.0` to `1.0`.
        confidence = "Confidence",
        /// `Gather End`, on keys only.
        msg = "msg",
    }
}

optional_parameters! {
    /// What a SIP leg adds to its requests; absent parameters are `None`.
    pub struct SipLeg {
        /// the domain's name.
        sip_domain = "SipDomain",
        /// the domain, `SD…`.
        sip_domain_sid = "SipDomainSid",
        /// SIP's own Call-ID.
        sip_call_id = "SipCallId",
        /// the address the signalling came from.
        sip_source_ip = "SipSourceIp",
    }
}

impl VoiceRequest {
    /// An inbound call of which nothing else is known.
    pub fn new(
        sid: impl Into<String>,
        account_sid: impl Into<String>,
        from: impl Into<String>,
        to: impl Into<String>,
        state: CallState,
    ) -> Self {
        Self {
            sid: sid.into(),
            account_sid: account_sid.into(),
            from: from.into(),
            to: to.into(),
            state,
            api_version: API_VERSION.to_owned(),
            direction: Direction::Inbound,
            from_place: None,
            to_place: None,
            details: CallDetails::default(),
            gathered: Gathered::default(),
            sip: SipLeg::default(),
            sip_headers: Vec::new(),
            fallback: None,
            extra: Form::new(),
        }
    }

    /// The parameters to send, in a fixed order.
    pub fn to_form(&self) -> Form {
        let mut form = Form::new();
        self.write(&mut form);
        form.extend(self.extra.iter());
        form
    }

    /// Adds all but the extra parameters, which come last in every form.
    pub(crate) fn write(&self, form: &mut Form) {
        form.push("CallSid", self.sid.as_str());
        form.push("AccountSid", self.account_sid.as_str());
        form.push("From", self.from.as_str());
        form.push("To", self.to.as_str());
        form.push("Caller", self.from.as_str());
        form.push("Called", self.to.as_str());
        form.push("CallStatus", self.state.as_str());
        form.push("ApiVersion", self.api_version.as_str());
        form.push("Direction", self.direction.as_str());
        for prefix in ["From", "Caller"] {
            Place::write(self.from_place.as_ref(), prefix, form);
        }
        for prefix in ["To", "Called"] {
            Place::write(self.to_place.as_ref(), prefix, form);
        }
        self.details.write(form);
        self.gathered.write(form);
        self.sip.write(form);
        for (name, value) in &self.sip_headers {
            form.push(["SipHeader_", name].concat(), value.as_str());
        }
        Fallback::write(self.fallback.as_ref(), form);
    }

    /// Reads the parameters of a verified request.
    ///
    /// # Errors
    ///
    /// `CallSid`, `AccountSid`, `From`, `To` or `CallStatus` missing; a status, direction or error
    /// code that is none.
    pub fn from_form(form: &Form) -> Result<Self, FieldError> {
        let mut fields = Fields::of(form);
        let call = Self::read(&mut fields)?;
        Ok(Self { extra: fields.rest(), ..call })
    }

    /// Takes a call's parameters and leaves the others where they are.
    pub(crate) fn read(fields: &mut Fields) -> Result<Self, FieldError> {
        let sid = fields.need("CallSid")?;
        let account_sid = fields.need("AccountSid")?;
        let (from, to) = (fields.need("From")?, fields.need("To")?);
        fields.drop_copy("Caller", &from);
        fields.drop_copy("Called", &to);
        let name = "CallStatus";
        let state = fields
            .parse(name, "a call status", CallState::parse)?
            .ok_or_else(|| FieldError::Missing { name: name.to_owned() })?;
        let from_place = Place::read(fields, "From");
        Place::drop_copy(from_place.as_ref(), "Caller", fields);
        let to_place = Place::read(fields, "To");
        Place::drop_copy(to_place.as_ref(), "Called", fields);
        Ok(Self {
            sid,
            account_sid,
            from,
            to,
            state,
            api_version: fields.take("ApiVersion").unwrap_or_else(|| API_VERSION.to_owned()),
            direction: fields
                .parse("Direction", "a direction", Direction::parse)?
                .unwrap_or(Direction::Inbound),
            from_place,
            to_place,
            details: CallDetails::read(fields),
            gathered: Gathered::read(fields),
            sip: SipLeg::read(fields),
            sip_headers: fields.take_prefixed("SipHeader_"),
            fallback: Fallback::read(fields)?,
            extra: Form::new(),
        })
    }
}
