//! Reads what an answer left of its request's body.
//!
//! Who is refused before the body was read may still be sending it. A connection that is closed
//! then is reset: the client loses the answer, or the next request that it sends on it. So the rest
//! is taken first, within the size and time of a body.

use super::request;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::StatusCode;
use hyper::body::{Frame, SizeHint};
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::sync::oneshot;

/// A body on loan: what is not read of it comes back.
struct Lent {
    body: Body,
    back: Option<oneshot::Sender<Body>>,
}

impl HttpBody for Lent {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(back) = self.back.take()
            && !self.body.is_end_stream()
        {
            // Nobody wants it back when the request itself was given up.
            let _ = back.send(std::mem::take(&mut self.body));
        }
    }
}

/// What an answer leaves of a request's body; there is none where there is no body.
pub(super) struct Rest(Option<oneshot::Receiver<Body>>);

/// Lends a request's body to who answers it.
pub(super) fn lend(request: Request) -> (Request, Rest) {
    if request.body().is_end_stream() {
        return (request, Rest(None));
    }
    let (back, rest) = oneshot::channel();
    let lent = request.map(|body| Body::new(Lent { body, back: Some(back) }));
    (lent, Rest(Some(rest)))
}

impl Rest {
    /// Reads it, once the answer is there.
    pub(super) async fn take(self, status: StatusCode) {
        // What was too large or too slow already had its limits.
        let had_enough = [StatusCode::PAYLOAD_TOO_LARGE, StatusCode::REQUEST_TIMEOUT];
        if !had_enough.contains(&status)
            && let Some(Ok(body)) = self.0.map(|mut rest| rest.try_recv())
        {
            // Whatever it is, the answer stands.
            let _ = request::read(body).await;
        }
    }
}
