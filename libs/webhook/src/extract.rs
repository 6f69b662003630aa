//! For handlers of axum: verified requests as arguments, TwiML as an answer.
//!
//! [`Signed`] gives a typed form, [`SignedBody`] the raw body of a webhook that is no form,
//! [`Attempt`] the token to claim, and [`Twiml`] is what a handler gives back. All of them find their
//! settings in the router's state: a [`Receiver`], or something it can be taken from (`FromRef`).

use axum::extract::{FromRef, FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use std::convert::Infallible;

use crate::body::read;
use crate::claims::received_token;
use crate::headers::IDEMPOTENCY_TOKEN;
use crate::parameters::Parameters;
use crate::receiver::{Receiver, Refusal};
use crate::verify::Verified;
use crate::verify_layer::refused;

/// A webhook's parameters, after its signature was checked: a POST's form or a GET's query.
///
/// What is not signed is answered with 403, and the handler is not called. Take
/// `Result<Signed<T>, Refusal>` to decide yourself. Behind a [`VerifyLayer`](crate::VerifyLayer)
/// the check is not made twice.
///
/// ```
/// use axum::{Router, routing::post};
/// use webhook::{InboundMessage, Origin, Receiver, Signed, Twiml, twiml::Response};
///
/// async fn sms(Signed(message): Signed<InboundMessage>) -> Twiml {
///     Twiml(Response::new().message(format!("You said: {}", message.body)))
/// }
///
/// let receiver = Receiver::new("the auth token", Origin::fixed("https://example.com")?);
/// let app: Router = Router::new().route("/sms", post(sms)).with_state(receiver);
/// # Ok::<(), webhook::OriginError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed<T>(pub T);

impl<S, T> FromRequest<S> for Signed<T>
where
    S: Send + Sync,
    T: Parameters,
    Receiver: FromRef<S>,
{
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let receiver = Receiver::from_ref(state);
        let (verified, _) = check(request, &receiver).await?;
        let read = T::from_form(&verified.parameters);
        read.map(Self).map_err(|error| receiver.told(Refusal::Parameters(error)))
    }
}

/// The raw body of a webhook, after its signature and `bodySHA256` were checked: for JSON, such
/// as the CloudEvents of Event Streams.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedBody(pub Bytes);

impl<S> FromRequest<S> for SignedBody
where
    S: Send + Sync,
    Receiver: FromRef<S>,
{
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let (_, body) = check(request, &Receiver::from_ref(state)).await?;
        Ok(Self(body))
    }
}

/// The check, unless a layer has made it.
async fn check(request: Request, receiver: &Receiver) -> Result<(Verified, Bytes), Refusal> {
    let (mut parts, body) = request.into_parts();
    let body = read(body, receiver.body_limit_bytes()).await.map_err(|why| receiver.told(why))?;
    let verified = match parts.extensions.remove::<Verified>() {
        Some(verified) => verified,
        None => receiver.check(&parts, &body)?,
    };
    Ok((verified, body))
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        refused(self)
    }
}

/// The token that all attempts at one webhook share, if the request has one: what to claim.
///
/// ```
/// use axum::extract::State;
/// use std::sync::Arc;
/// use webhook::{Attempt, Claim, Claims, InboundMessage, Memory, Signed, Twiml, twiml::Response};
///
/// async fn sms(
///     State(claims): State<Arc<Memory>>,
///     attempt: Attempt,
///     Signed(message): Signed<InboundMessage>,
/// ) -> Twiml {
///     let claim = match &attempt.token {
///         Some(token) => claims.claim(token).await,
///         None => Ok(Claim::First),
///     };
///     if claim == Ok(Claim::First) {
///         println!("kept once: {}", message.body);
///         if let Some(token) = &attempt.token {
///             let Ok(()) = claims.settle(token).await;
///         }
///     }
///     Twiml(Response::new().message("Thank you")) // every attempt gets the answer
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// `I-Twilio-Idempotency-Token`.
    pub token: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Attempt {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let header = parts.headers.get(IDEMPOTENCY_TOKEN).and_then(|value| value.to_str().ok());
        Ok(Self { token: received_token(header).map(str::to_owned) })
    }
}

/// TwiML as the answer to a request for it: 200 with `text/xml`.
///
/// A document longer than [`twiml::DOCUMENT_BYTES_MAX`] is refused by Twilio with error 11750.
///
/// ```
/// use webhook::{Twiml, twiml::Response};
///
/// let nothing = Twiml::default(); // <Response/>: no reply, or the end of a call
/// let answer = Twiml(Response::new().say("Hello").hangup());
/// # let _ = (nothing, answer);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Twiml(pub twiml::Response);

impl IntoResponse for Twiml {
    fn into_response(self) -> Response {
        ([(CONTENT_TYPE, "text/xml; charset=utf-8")], self.0.to_xml()).into_response()
    }
}

impl From<twiml::Response> for Twiml {
    fn from(response: twiml::Response) -> Self {
        Self(response)
    }
}
