//! Answers a status callback that comes again without doing its work again.
//!
//! [`OnceLayer`] claims the request's token, lets the handler work, and settles the claim when the
//! answer is a success. It is for callbacks whose answer's body is ignored. A request for TwiML needs
//! its TwiML on every attempt: there claim the token in the handler, around what must happen once.

use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use tower::{Layer, Service};

use crate::claims::{Claim, Claims, received_token};
use crate::headers::IDEMPOTENCY_TOKEN;
use crate::verify_layer::Answering;

/// Lets each token through once.
///
/// Another attempt gets 204 when the work is done, and 503 while it is not: a success would be a
/// promise, and the first attempt may still fail. The same 503 is answered when the store of
/// claims can't be asked. A request without a token is let through.
///
/// Put it *inside* of [`VerifyLayer`](crate::VerifyLayer), so that only signed requests claim.
///
/// ```
/// # #[cfg(feature = "axum")] {
/// use axum::{Router, routing::post};
/// use std::time::Instant;
/// use webhook::{Memory, MessageStatus, OnceLayer, Origin, Receiver, Signed, VerifyLayer};
///
/// async fn status(Signed(status): Signed<MessageStatus>) {
///     println!("{} is {}", status.sid, status.state);
/// }
///
/// let receiver = Receiver::new("the auth token", Origin::http_host());
/// let began = Instant::now();
/// let app: Router = Router::new()
///     .route("/status", post(status))
///     .layer(OnceLayer::new(Memory::new(move || began.elapsed())))
///     .layer(VerifyLayer::new(receiver.clone())) // the last one is the outermost
///     .with_state(receiver);
/// # }
/// ```
#[derive(Debug)]
pub struct OnceLayer<C> {
    claims: Arc<C>,
}

impl<C> OnceLayer<C> {
    /// With claims kept here.
    pub fn new(claims: C) -> Self {
        Self { claims: Arc::new(claims) }
    }
}

impl<C> Clone for OnceLayer<C> {
    fn clone(&self) -> Self {
        Self { claims: self.claims.clone() }
    }
}

impl<C, S> Layer<S> for OnceLayer<C> {
    type Service = Once<C, S>;

    fn layer(&self, inner: S) -> Once<C, S> {
        Once { claims: self.claims.clone(), inner }
    }
}

/// The service that [`OnceLayer`] makes.
#[derive(Debug)]
pub struct Once<C, S> {
    claims: Arc<C>,
    inner: S,
}

impl<C, S: Clone> Clone for Once<C, S> {
    fn clone(&self) -> Self {
        Self { claims: self.claims.clone(), inner: self.inner.clone() }
    }
}

impl<C, S, B, R> Service<Request<B>> for Once<C, S>
where
    C: Claims + 'static,
    S: Service<Request<B>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Send,
    B: Send + 'static,
    R: From<Bytes> + Send,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = Answering<Response<R>, S::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let fresh = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, fresh);
        let claims = self.claims.clone();
        let header = request.headers().get(IDEMPOTENCY_TOKEN).and_then(|value| value.to_str().ok());
        let token = received_token(header).map(str::to_owned);
        Box::pin(async move {
            let Some(token) = token else {
                return inner.call(request).await;
            };
            match claims.claim(&token).await {
                Ok(Claim::First) => {}
                Ok(Claim::Done) => return Ok(bare(StatusCode::NO_CONTENT)),
                Ok(Claim::InWork) | Err(_) => return Ok(bare(StatusCode::SERVICE_UNAVAILABLE)),
            }
            let answer = inner.call(request).await;
            let is_done = answer.as_ref().is_ok_and(|answer| answer.status().is_success());
            // If the store fails here, the claim's lease ends and another attempt begins again.
            let _ = match is_done {
                true => claims.settle(&token).await,
                false => claims.release(&token).await,
            };
            answer
        })
    }
}

fn bare<R: From<Bytes>>(status: StatusCode) -> Response<R> {
    let mut response = Response::new(R::from(Bytes::new()));
    *response.status_mut() = status;
    response
}
