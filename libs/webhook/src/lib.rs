//! Twilio's webhooks on the wire, written once and used from both ends.
//!
//! A platform that sends webhooks *encodes* with this crate; the application that receives them
//! *decodes* with it. It holds the form body ([`Form`]), the `X-Twilio-Signature` ([`Key`]), the
//! receiver's check with a diagnosis ([`verify()`]), one typed form per webhook (below), and what a
//! receiver needs besides: the URL behind a proxy ([`Origin`]), work that is done once
//! ([`Claims`]), statuses that only move forward ([`MessageProgress`], [`CallProgress`]).
//!
//! It opens no sockets, reads no clock, logs nothing, and without features it knows no web framework
//! and brings no runtime. No input makes it panic, and every input it reads has a named maximum. The
//! contract is Twilio's documentation ("Webhooks security", "Twilio's request to your application")
//! and what the official SDKs accept.
//!
//! # Texts, with axum
//!
//! With the feature `axum`, this is a whole receiver:
//!
//! ```
//! # #[cfg(feature = "axum")] {
//! use axum::{Router, routing::post};
//! use webhook::{InboundMessage, Origin, Receiver, Signed, Twiml, twiml::Response};
//!
//! async fn sms(Signed(message): Signed<InboundMessage>) -> Twiml {
//!     Twiml(Response::new().message(format!("You said: {}", message.body)))
//! }
//!
//! let receiver = Receiver::new("the auth token", Origin::fixed("https://example.com")?)
//!     .on_refusal(|why| eprintln!("refused: {why}"));
//! let app: Router = Router::new().route("/sms", post(sms)).with_state(receiver);
//! # }
//! # Ok::<(), webhook::OriginError>(())
//! ```
//!
//! # Calls, with axum
//!
//! ```
//! # #[cfg(feature = "axum")] {
//! use axum::{Router, routing::post};
//! use webhook::twiml::{Gather, Response};
//! use webhook::{GatherResult, Heard, Receiver, Signed, Twiml, VoiceRequest};
//!
//! async fn voice(Signed(_): Signed<VoiceRequest>) -> Twiml {
//!     let menu = Gather::new().num_digits(1).action("/menu").say("For our hours, press 1.");
//!     Twiml(Response::new().gather(menu).redirect("/voice"))
//! }
//!
//! async fn menu(Signed(result): Signed<GatherResult>) -> Twiml {
//!     Twiml(match result.heard() {
//!         Heard::Keys("1") => Response::new().say("We are open from nine to five."),
//!         _ => Response::new().redirect("/voice"),
//!     })
//! }
//!
//! let app: Router<Receiver> =
//!     Router::new().route("/voice", post(voice)).route("/menu", post(menu));
//! # }
//! ```
//!
//! # With anything else
//!
//! ```
//! use webhook::{InboundMessage, Key, Request, verify};
//!
//! # let body = b"MessageSid=SM1&AccountSid=AC1&From=%2B15551230000&To=%2B15559870000&Body=Hi+there";
//! # let form = webhook::Form::parse(body).unwrap();
//! # let signature = Key::new("12345").sign_form("https://example.com/sms", &form);
//! let request = Request {
//!     method: "POST",
//!     url: "https://example.com/sms", // as Twilio asked for it, not as a proxy passed it on
//!     body: body,
//!     content_type: Some("application/x-www-form-urlencoded"),
//!     signature: Some(&signature),
//! };
//! match verify("12345", &request) {
//!     Ok(verified) => {
//!         let message = InboundMessage::from_form(&verified.parameters).unwrap();
//!         assert_eq!(message.body, "Hi there");
//!     }
//!     Err(mismatch) => panic!("{mismatch}"), // log it, answer 403
//! }
//! ```
//!
//! # Which form comes where
//!
//! | webhook | form |
//! |---|---|
//! | a text comes in (`SmsUrl`), its fallback | [`InboundMessage`] |
//! | a message's `StatusCallback` | [`MessageStatus`] |
//! | a call needs TwiML (`VoiceUrl`, `Url`, `<Redirect>`, `<Number url>`), its fallback | [`VoiceRequest`] |
//! | a call's `StatusCallback` | [`CallStatus`] |
//! | `action` of a verb | [`GatherResult`], [`RecordResult`], [`DialResult`], [`EnqueueResult`], [`ReferResult`], [`PayResult`], [`RelayResult`] |
//! | `partialResultCallback` of `<Gather>` | [`PartialSpeech`] |
//! | `referUrl` of `<Dial>` | [`ReferRequest`] |
//! | `waitUrl` of `<Enqueue>`, `url` of `<Queue>` | [`QueueWait`], [`Dequeued`] |
//! | `recordingStatusCallback`, `transcribeCallback` | [`RecordingStatus`], [`RecordedText`] |
//! | a conference's `statusCallback` | [`ConferenceStatus`] |
//! | `statusCallback` of `<Stream>`, `statusCallbackUrl` of `<Transcription>` | [`StreamStatus`], [`TranscriptionStatus`] |
//! | `AsyncAmdStatusCallback` | [`AmdStatus`] |
//! | `Callback` of a UserDefinedMessageSubscription | [`UserDefinedMessage`] |
//! | the debugger's webhook | [`DebuggerEvent`] |
//! | a sink of Event Streams | `CloudEvent` (feature `json`) |
//!
//! Parameters that no field names are kept in `extra`: Twilio adds some without notice.
//!
//! # Features
//!
//! | feature | what it adds |
//! |---|---|
//! | `axum` | `Signed`, `SignedBody`, `Attempt` as arguments of handlers, `Twiml` as their answer; `tower`, too |
//! | `tower` | `VerifyLayer` and `OnceLayer` for services on the `http` crate's requests |
//! | `http` | `Receiver`, which checks those requests |
//! | `json` | `CloudEvent` |
//! | `testing` | signed requests to test a receiver with |
//!
//! # Sending
//!
//! ```
//! use webhook::{InboundMessage, Key, Product, signing_url};
//!
//! let message = InboundMessage::new("SM1", "AC1", "+15551230000", "+15559870000", "Hi there");
//! let form = message.to_form();
//! let url = signing_url("https://user:pass@example.com/sms#rc=2", Product::Messaging);
//! assert_eq!(url, "https://example.com/sms");
//! let signature = Key::new("the account's auth token").sign_form(&url, &form);
//! assert_eq!(signature.len(), 28);
//! let body = form.encode(); // POST this, with Content-Type `webhook::CONTENT_TYPE`
//! assert!(body.starts_with("MessageSid=SM1&"));
//! ```

mod actions;
#[cfg(feature = "tower")]
mod body;
mod call_state;
mod call_status;
mod claims;
#[cfg(feature = "json")]
mod cloud_event;
mod conference_status;
mod debugger;
mod diagnosis;
#[cfg(feature = "axum")]
mod extract;
mod fields;
mod form;
pub mod headers;
mod inbound_message;
mod json;
mod listening;
mod message_state;
mod message_status;
mod mismatch;
#[cfg(feature = "tower")]
mod once_layer;
mod origin;
mod parameters;
mod place;
mod progress;
#[cfg(feature = "http")]
mod receiver;
mod recording_status;
mod signature;
#[cfg(feature = "testing")]
pub mod testing;
mod url;
mod value;
mod verify;
#[cfg(feature = "tower")]
mod verify_layer;
mod voice_request;
mod waiting;

pub use actions::{
    DialResult, DialState, GatherResult, Heard, PartialSpeech, PayOutcome, PayResult, RecordResult,
    ReferRequest, ReferResult, RelayResult, RelayState,
};
pub use call_state::{CallState, Direction};
pub use call_status::{CallRecording, CallStatus};
pub use claims::{
    Claim, Claims, KEPT_FOR, LEASE, Memory, TOKEN_BYTES_MAX, TOKENS_MAX, received_token,
};
#[cfg(feature = "json")]
pub use cloud_event::{CloudEvent, EVENTS_MAX, EventError};
pub use conference_status::{
    ConferenceEndReason, ConferenceEvent, ConferenceStatus, ParticipantLeftReason,
};
pub use debugger::{DebuggerEvent, DebuggerPayload, Level, WebhookExchange};
#[cfg(feature = "axum")]
pub use extract::{Attempt, Signed, SignedBody, Twiml};
pub use fields::FieldError;
pub use form::{CONTENT_TYPE, FORM_BYTES_MAX, Form, FormError, FormErrorKind, PAIRS_MAX};
pub use headers::idempotency_token;
pub use inbound_message::{Channel, InboundMessage, MEDIA_MAX, Media};
pub use listening::{
    AmdStatus, AnsweredBy, StreamEvent, StreamStatus, TranscriptionEvent, TranscriptionStatus,
    UserDefinedMessage,
};
pub use message_state::MessageState;
pub use message_status::{MessageStatus, StatusDetails};
pub use mismatch::Mismatch;
#[cfg(feature = "tower")]
pub use once_layer::{Once, OnceLayer};
pub use origin::{Origin, OriginError};
pub use parameters::Parameters;
pub use place::{Fallback, Place};
pub use progress::{CallProgress, MessageProgress};
#[cfg(feature = "http")]
pub use receiver::{BODY_BYTES_MAX, Receiver, Refusal};
pub use recording_status::{
    RecordedText, RecordedTrack, RecordingSource, RecordingState, RecordingStatus,
    TranscriptionState,
};
pub use signature::{BODY_HASH, Key, Product, append_query, request_url, signing_url};
pub use verify::{Request, Verified, verify};
#[cfg(feature = "tower")]
pub use verify_layer::{Verify, VerifyLayer};
pub use voice_request::{CallDetails, Gathered, SipLeg, VoiceRequest};
pub use waiting::{Dequeued, EnqueueResult, QueueOutcome, QueueWait};

/// The TwiML that answers are written in: the crate `offhook-twiml`.
#[cfg(feature = "axum")]
pub use ::twiml;

/// The API version every webhook names in `ApiVersion`: Twilio has had no other since 2010.
pub const API_VERSION: &str = "2010-04-01";

/// The example of the README is a test.
#[cfg(all(doctest, feature = "axum"))]
#[doc = include_str!("../README.md")]
struct Readme;
