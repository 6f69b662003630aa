//! The port: connections in, requests through the door to the router, and a graceful end.
//!
//! HTTP/1.1 on our own accept loop, so that heads have a deadline and a size, connections a
//! maximum, and a stop lets every request in flight be answered.

use crate::api::door::{self, Connection};
use axum::Router;
use axum::body::Body;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tower::ServiceExt;

/// Connections at once.
const CONNECTIONS_MAX: usize = 10_000;
/// How long a request's head may take.
const HEAD_WAIT: Duration = Duration::from_secs(15);
/// Bytes of a request's head.
const HEAD_BYTES_MAX: usize = 64 * 1024;
/// How long a stop waits for requests in flight.
const STOP_WAIT: Duration = Duration::from_secs(8);

/// Serves `router` until `stop` says so; then answers what is in flight and returns.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    connection: Connection,
    mut stop: watch::Receiver<bool>,
) {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    // Too many open files, say: the next try may be luckier.
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            _ = stop.changed() => break,
        };
        // The semaphore is never closed.
        let Ok(place) = places.clone().acquire_owned().await else { break };
        let (router, stop) = (router.clone(), stop.clone());
        tokio::spawn(async move {
            talk(stream, router, connection, stop).await;
            drop(place);
        });
    }
    drop(listener);
    let all = places.acquire_many(CONNECTIONS_MAX as u32);
    // Whoever is still talking after the wait is cut off.
    let _ = tokio::time::timeout(STOP_WAIT, all).await;
}

async fn talk(
    stream: TcpStream,
    router: Router,
    connection: Connection,
    mut stop: watch::Receiver<bool>,
) {
    // Without it small answers wait for the asker's acknowledgement.
    let _ = stream.set_nodelay(true);
    let peer = stream.peer_addr().ok().map(|address| address.ip());
    let connection = Connection { peer, ..connection };
    let service =
        hyper::service::service_fn(move |request: hyper::Request<hyper::body::Incoming>| {
            let router = router.clone();
            async move {
                let request = door::enter(request.map(Body::new), connection);
                match router.oneshot(request).await {
                    Ok(response) => Ok::<_, Infallible>(response),
                    Err(never) => match never {},
                }
            }
        });
    let conversation = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_WAIT)
        .max_buf_size(HEAD_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    tokio::pin!(conversation);
    let stopped = async move {
        // An error means the house is gone, which is a stop, too.
        drop(stop.wait_for(|stopped| *stopped).await);
    };
    tokio::select! {
        // What a broken connection says is of no use to anybody here.
        _ = conversation.as_mut() => return,
        () = stopped => conversation.as_mut().graceful_shutdown(),
    }
    let _ = conversation.await;
}
