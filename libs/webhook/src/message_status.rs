//! "A message changed": the form sent to a message's `StatusCallback`.
//!
//! The platform writes it, the application reads it; the answer's body is ignored. Parameters keep a
//! fixed order and unknown ones are kept in `extra`. It does not decide which changes are told.
//! Contract: Twilio's "Outbound message status in status callbacks" page and captured requests.

use crate::API_VERSION;
use crate::fields::{FieldError, Fields, optional_parameters, push_number, push_some};
use crate::form::Form;
use crate::message_state::MessageState;

/// The new status of a message that was sent.
///
/// ```
/// use webhook::{MessageState, MessageStatus};
///
/// let mut status =
///     MessageStatus::new("SM1", "AC1", "+15558675309", "+14155551234", MessageState::Undelivered);
/// status.error_code = Some(30003);
///
/// let form = status.to_form();
/// assert_eq!(form.get("MessageStatus"), form.get("SmsStatus"));
/// assert_eq!(form.get("ErrorCode"), Some("30003"));
/// assert_eq!(MessageStatus::from_form(&form), Ok(status));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MessageStatus {
    /// `MessageSid`, and its old name `SmsSid`.
    pub sid: String,
    /// `AccountSid`: the account that sent the message.
    pub account_sid: String,
    /// `MessagingServiceSid`, if it was sent through a Messaging Service.
    pub messaging_service_sid: Option<String>,
    /// `From`: the sender, E.164 or an address of a channel.
    pub from: String,
    /// `To`: the recipient.
    pub to: String,
    /// `MessageStatus`, and its old name `SmsStatus`.
    pub state: MessageState,
    /// `ApiVersion`: [`API_VERSION`].
    pub api_version: String,
    /// `ErrorCode`: why it failed or was not delivered, Twilio's code.
    pub error_code: Option<u32>,
    /// What depends on carrier and channel.
    pub details: StatusDetails,
    /// Parameters not named above, in order.
    pub extra: Form,
}

optional_parameters! {
    /// What carriers and channels add to a message's status; absent parameters are `None`.
    pub struct StatusDetails {
        /// the text of the error; not every sender gives it.
        error_message = "ErrorMessage",
        /// the carrier's time of delivery, `YYMMDDhhmm`.
        raw_dlr_done_date = "RawDlrDoneDate",
        /// the installed channel, `XE…`.
        channel_install_sid = "ChannelInstallSid",
        /// the channel's prefix, for instance `whatsapp`.
        channel_prefix = "ChannelPrefix",
        /// the recipient's number, its last digits hidden (`+1202555XXXX`).
        channel_to_address = "ChannelToAddress",
        /// the channel's own words about a failure.
        channel_status_message = "ChannelStatusMessage",
        /// what the channel reports: `DELIVERED`, `UNDELIVERED`, or `READ` when the person has
        /// read the message (WhatsApp, RCS).
        event_type = "EventType",
        /// whether the message was a template of the channel (`true`, `false`).
        structured_message = "StructuredMessage",
    }
}

impl MessageStatus {
    /// A status without error or details.
    pub fn new(
        sid: impl Into<String>,
        account_sid: impl Into<String>,
        from: impl Into<String>,
        to: impl Into<String>,
        state: MessageState,
    ) -> Self {
        Self {
            sid: sid.into(),
            account_sid: account_sid.into(),
            messaging_service_sid: None,
            from: from.into(),
            to: to.into(),
            state,
            api_version: API_VERSION.to_owned(),
            error_code: None,
            details: StatusDetails::default(),
            extra: Form::new(),
        }
    }

    /// The parameters to send, in a fixed order.
    pub fn to_form(&self) -> Form {
        let mut form = Form::new();
        form.push("MessageSid", self.sid.as_str());
        form.push("SmsSid", self.sid.as_str());
        form.push("AccountSid", self.account_sid.as_str());
        push_some(&mut form, "MessagingServiceSid", self.messaging_service_sid.as_deref());
        form.push("From", self.from.as_str());
        form.push("To", self.to.as_str());
        form.push("MessageStatus", self.state.as_str());
        form.push("SmsStatus", self.state.as_str());
        form.push("ApiVersion", self.api_version.as_str());
        push_number(&mut form, "ErrorCode", self.error_code);
        self.details.write(&mut form);
        form.extend(self.extra.iter());
        form
    }

    /// Reads the parameters of a verified request.
    ///
    /// # Errors
    ///
    /// `MessageSid`, `AccountSid`, `From`, `To` or `MessageStatus` missing; a status or an error
    /// code that is none.
    pub fn from_form(form: &Form) -> Result<Self, FieldError> {
        let mut fields = Fields::of(form);
        let sid = fields.need("MessageSid")?;
        fields.drop_copy("SmsSid", &sid);
        let name = "MessageStatus";
        let state = fields
            .parse(name, "a message status", MessageState::parse)?
            .ok_or_else(|| FieldError::Missing { name: name.to_owned() })?;
        fields.drop_copy("SmsStatus", state.as_str());
        Ok(Self {
            sid,
            account_sid: fields.need("AccountSid")?,
            messaging_service_sid: fields.take("MessagingServiceSid"),
            from: fields.need("From")?,
            to: fields.need("To")?,
            state,
            api_version: fields.take("ApiVersion").unwrap_or_else(|| API_VERSION.to_owned()),
            error_code: fields.number("ErrorCode")?,
            details: StatusDetails::read(&mut fields),
            extra: fields.rest(),
        })
    }
}
