//! The check of every request of a router, before any handler.
//!
//! [`VerifyLayer`] reads the body, checks the signature and hands the request on with its body and
//! the [`Verified`](crate::Verified) in its extensions, where `Signed` finds it. What is refused
//! never reaches the router. It works with every service on the `http` crate's requests.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use tower::{Layer, Service};

use crate::body::{BoxError, read};
use crate::receiver::{Receiver, Refusal};

/// Checks all requests of a service with one [`Receiver`].
///
/// ```
/// # #[cfg(feature = "axum")] {
/// use axum::{Router, routing::post};
/// use webhook::{InboundMessage, Origin, Receiver, Signed, VerifyLayer};
///
/// async fn sms(Signed(message): Signed<InboundMessage>) -> String {
///     message.body
/// }
///
/// let receiver = Receiver::new("the auth token", Origin::http_host());
/// let app: Router = Router::new()
///     .route("/sms", post(sms))
///     .layer(VerifyLayer::new(receiver.clone()))
///     .with_state(receiver);
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct VerifyLayer {
    receiver: Receiver,
}

impl VerifyLayer {
    /// With these settings.
    pub fn new(receiver: Receiver) -> Self {
        Self { receiver }
    }
}

impl<S> Layer<S> for VerifyLayer {
    type Service = Verify<S>;

    fn layer(&self, inner: S) -> Verify<S> {
        Verify { receiver: self.receiver.clone(), inner }
    }
}

/// The service that [`VerifyLayer`] makes.
#[derive(Clone, Debug)]
pub struct Verify<S> {
    receiver: Receiver,
    inner: S,
}

/// What the services of this crate give back.
pub(crate) type Answering<R, E> = Pin<Box<dyn Future<Output = Result<R, E>> + Send>>;

impl<S, B, R> Service<Request<B>> for Verify<S>
where
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    B: http_body::Body + From<Bytes> + Send + 'static,
    B::Data: Send,
    B::Error: Into<BoxError>,
    R: From<Bytes>,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = Answering<Response<R>, S::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        // The one that is ready goes into the future, a fresh copy stays.
        let fresh = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, fresh);
        let receiver = self.receiver.clone();
        Box::pin(async move {
            match checked(&receiver, request).await {
                Ok(request) => inner.call(request).await,
                Err(refusal) => Ok(refused(refusal)),
            }
        })
    }
}

async fn checked<B>(receiver: &Receiver, request: Request<B>) -> Result<Request<B>, Refusal>
where
    B: http_body::Body + From<Bytes>,
    B::Error: Into<BoxError>,
{
    let (mut parts, body) = request.into_parts();
    let body = read(body, receiver.body_limit_bytes()).await.map_err(|why| receiver.told(why))?;
    let verified = receiver.check(&parts, &body)?;
    parts.extensions.insert(verified);
    Ok(Request::from_parts(parts, B::from(body)))
}

/// The answer to a refused request; the refusal is in its extensions, for layers further out.
pub(crate) fn refused<R: From<Bytes>>(refusal: Refusal) -> Response<R> {
    let mut response = Response::new(R::from(Bytes::from(refusal.answer())));
    *response.status_mut() = refusal.status();
    let plain = http::HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(http::header::CONTENT_TYPE, plain);
    response.extensions_mut().insert(refusal);
    response
}
