//! "A message came in": the form sent to a number's `SmsUrl` and its fallback.
//!
//! The platform writes it with [`InboundMessage::to_form`], the application reads it with
//! [`InboundMessage::from_form`]. Parameters keep a fixed order; unknown ones are kept in `extra`.
//! It never checks a signature and never fetches media. Contract: Twilio's "Request to your
//! application" (messaging webhooks) and captured requests for `SmsStatus` and `ApiVersion`.

use crate::API_VERSION;
use crate::fields::{FieldError, Fields, optional_parameters, push_some};
use crate::form::Form;
use crate::message_state::MessageState;
use crate::place::{Fallback, Place};

/// Most media a message can have.
pub const MEDIA_MAX: usize = 10;

/// One picture, sound or file of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Media {
    /// `MediaUrl{N}`: where to fetch it.
    pub url: String,
    /// `MediaContentType{N}`: its media type, for instance `image/jpeg`.
    pub content_type: String,
}

/// A message that came in, as its webhook tells it.
///
/// ```
/// use webhook::{InboundMessage, Media, Place};
///
/// let mut message = InboundMessage::new("MM1", "AC1", "+14155551234", "+15558675309", "look");
/// message.media.push(Media {
///     url: "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1".into(),
///     content_type: "image/jpeg".into(),
/// });
/// message.from_place = Some(Place { country: "US".into(), ..Place::default() });
///
/// let form = message.to_form();
/// assert_eq!(form.get("NumMedia"), Some("1"));
/// assert_eq!(form.get("MediaContentType0"), Some("image/jpeg"));
/// assert_eq!(form.get("FromCity"), Some(""));
/// assert_eq!(form.get("ToCity"), None);
/// assert_eq!(InboundMessage::from_form(&form), Ok(message));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InboundMessage {
    /// `MessageSid`, and its old names `SmsSid` and `SmsMessageSid`: `SM…`, or `MM…` with media.
    pub sid: String,
    /// `AccountSid`: the account the receiving number belongs to.
    pub account_sid: String,
    /// `MessagingServiceSid`, if the number belongs to a Messaging Service.
    pub messaging_service_sid: Option<String>,
    /// `From`: E.164, or an address of a channel such as `whatsapp:+14155551234`.
    pub from: String,
    /// `To`: the number or address of the house.
    pub to: String,
    /// `Body`: the text, up to 1600 characters; empty if there is only media.
    pub body: String,
    /// `NumMedia`, `MediaUrl{N}`, `MediaContentType{N}`: at most [`MEDIA_MAX`]. More are not sent.
    pub media: Vec<Media>,
    /// `NumSegments`: how many SMS it took; 1 for everything that is no SMS.
    pub segments: u32,
    /// `SmsStatus`: `received`.
    pub state: MessageState,
    /// `ApiVersion`: [`API_VERSION`].
    pub api_version: String,
    /// `FromCity`, `FromState`, `FromZip`, `FromCountry`.
    pub from_place: Option<Place>,
    /// `ToCity`, `ToState`, `ToZip`, `ToCountry`.
    pub to_place: Option<Place>,
    /// `OptOutType`: `STOP`, `START` or `HELP`, with Advanced Opt-Out only.
    pub opt_out_type: Option<String>,
    /// What WhatsApp, RCS and Messenger add.
    pub channel: Channel,
    /// `ErrorCode` and `ErrorUrl`, if this is the request to the fallback URL.
    pub fallback: Option<Fallback>,
    /// Parameters not named above, in order.
    pub extra: Form,
}

optional_parameters! {
    /// What channels other than SMS and MMS add to a message; absent parameters are `None`.
    pub struct Channel {
        /// the sender's name in the channel.
        profile_name = "ProfileName",
        /// the sender's WhatsApp id, digits without `+`.
        wa_id = "WaId",
        /// the kind of content (`text`, `image`, `button`, `location`, …).
        message_type = "MessageType",
        /// `true` if the message was forwarded.
        forwarded = "Forwarded",
        /// `true` if it was forwarded many times.
        frequently_forwarded = "FrequentlyForwarded",
        /// the developer's value of the button that was pressed.
        button_payload = "ButtonPayload",
        /// the button's label.
        button_text = "ButtonText",
        /// `REPLY` or `ACTION`.
        button_type = "ButtonType",
        /// the id of the list entry that was picked.
        list_id = "ListId",
        /// its title.
        list_title = "ListTitle",
        /// its description.
        list_description = "ListDescription",
        /// the answer to an interactive message, JSON.
        interactive_data = "InteractiveData",
        /// the answer to a WhatsApp flow, JSON.
        flow_data = "FlowData",
        /// what the channel says, JSON: of WhatsApp's, `{"type":"whatsapp","data":{"context":
        /// {"ProfileName":…,"WaId":…}}}`.
        channel_metadata = "ChannelMetadata",
        /// of a shared location, degrees.
        latitude = "Latitude",
        /// of a shared location, degrees.
        longitude = "Longitude",
        /// of a shared location, text.
        address = "Address",
        /// of a shared location, its name.
        label = "Label",
        /// the message this one replies to, if it is not older than seven days.
        original_replied_message_sid = "OriginalRepliedMessageSid",
        /// who sent that message.
        original_replied_message_sender = "OriginalRepliedMessageSender",
        /// text of the ad that led to this message.
        referral_body = "ReferralBody",
        /// its headline.
        referral_headline = "ReferralHeadline",
        /// the ad's or post's id.
        referral_source_id = "ReferralSourceId",
        /// `ad` or `post`.
        referral_source_type = "ReferralSourceType",
        /// the ad's or post's URL.
        referral_source_url = "ReferralSourceUrl",
        /// its media's id.
        referral_media_id = "ReferralMediaId",
        /// its media's type.
        referral_media_content_type = "ReferralMediaContentType",
        /// its media's URL.
        referral_media_url = "ReferralMediaUrl",
        /// how many media it has; seen as `0` on plain messages too.
        referral_num_media = "ReferralNumMedia",
        /// the click's id.
        referral_ctwa_clid = "ReferralCtwaClid",
    }
}

impl InboundMessage {
    /// A received text of one segment, without media or anything else.
    pub fn new(
        sid: impl Into<String>,
        account_sid: impl Into<String>,
        from: impl Into<String>,
        to: impl Into<String>,
        body: impl Into<String>,
    ) -> Self {
        Self {
            sid: sid.into(),
            account_sid: account_sid.into(),
            messaging_service_sid: None,
            from: from.into(),
            to: to.into(),
            body: body.into(),
            media: Vec::new(),
            segments: 1,
            state: MessageState::Received,
            api_version: API_VERSION.to_owned(),
            from_place: None,
            to_place: None,
            opt_out_type: None,
            channel: Channel::default(),
            fallback: None,
            extra: Form::new(),
        }
    }

    /// The parameters to send, in a fixed order.
    pub fn to_form(&self) -> Form {
        let mut form = Form::new();
        for name in ["MessageSid", "SmsSid", "SmsMessageSid"] {
            form.push(name, self.sid.as_str());
        }
        form.push("AccountSid", self.account_sid.as_str());
        push_some(&mut form, "MessagingServiceSid", self.messaging_service_sid.as_deref());
        form.push("From", self.from.as_str());
        form.push("To", self.to.as_str());
        form.push("Body", self.body.as_str());
        let media = &self.media[..self.media.len().min(MEDIA_MAX)];
        form.push("NumMedia", media.len().to_string());
        for (index, media) in media.iter().enumerate() {
            form.push(format!("MediaUrl{index}"), media.url.as_str());
            form.push(format!("MediaContentType{index}"), media.content_type.as_str());
        }
        form.push("NumSegments", self.segments.to_string());
        form.push("SmsStatus", self.state.as_str());
        form.push("ApiVersion", self.api_version.as_str());
        Place::write(self.from_place.as_ref(), "From", &mut form);
        Place::write(self.to_place.as_ref(), "To", &mut form);
        push_some(&mut form, "OptOutType", self.opt_out_type.as_deref());
        self.channel.write(&mut form);
        Fallback::write(self.fallback.as_ref(), &mut form);
        form.extend(self.extra.iter());
        form
    }

    /// Reads the parameters of a verified request.
    ///
    /// # Errors
    ///
    /// `MessageSid`, `AccountSid`, `From` or `To` missing; a number or state that is none; fewer
    /// media than `NumMedia` says, or more than [`MEDIA_MAX`]. Whatever else Twilio always sends
    /// takes its usual value when it is absent.
    pub fn from_form(form: &Form) -> Result<Self, FieldError> {
        let mut fields = Fields::of(form);
        let sid = fields.need("MessageSid")?;
        fields.drop_copy("SmsSid", &sid);
        fields.drop_copy("SmsMessageSid", &sid);
        Ok(Self {
            sid,
            account_sid: fields.need("AccountSid")?,
            messaging_service_sid: fields.take("MessagingServiceSid"),
            from: fields.need("From")?,
            to: fields.need("To")?,
            body: fields.take("Body").unwrap_or_default(),
            media: read_media(&mut fields)?,
            segments: fields.number("NumSegments")?.unwrap_or(1),
            state: fields
                .parse("SmsStatus", "a message status", MessageState::parse)?
                .unwrap_or(MessageState::Received),
            api_version: fields.take("ApiVersion").unwrap_or_else(|| API_VERSION.to_owned()),
            from_place: Place::read(&mut fields, "From"),
            to_place: Place::read(&mut fields, "To"),
            opt_out_type: fields.take("OptOutType"),
            channel: Channel::read(&mut fields),
            fallback: Fallback::read(&mut fields)?,
            extra: fields.rest(),
        })
    }
}

fn read_media(fields: &mut Fields) -> Result<Vec<Media>, FieldError> {
    let count = fields.number("NumMedia")?.unwrap_or(0);
    if !usize::try_from(count).is_ok_and(|count| count <= MEDIA_MAX) {
        let (name, value) = ("NumMedia".to_owned(), count.to_string());
        return Err(FieldError::Invalid { name, value, expected: "a number from 0 to 10" });
    }
    (0..count)
        .map(|index| {
            let url = fields.need(&format!("MediaUrl{index}"))?;
            let content_type = fields.take(&format!("MediaContentType{index}")).unwrap_or_default();
            Ok(Media { url, content_type })
        })
        .collect()
}
