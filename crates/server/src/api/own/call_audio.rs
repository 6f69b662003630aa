//! `/offhook/v1/Phones/{address}/Calls/{CA}/Audio`: hearing and speaking live, over a WebSocket.
//!
//! Binary messages both ways, µ-law at 8 kHz: from the house a frame of 20 ms each (160 bytes),
//! to it whole frames, several at once if need be. Contract: DESIGN section 1, RFC 6455.

use super::calls::{find, wrong};
use crate::api::error::ApiError;
use crate::api::request::Call;
use crate::api::websocket::{self, Message};
use crate::calls::AudioLine;
use crate::house::House;
use axum::Router;
use axum::body::Body;
use axum::extract::{Extension, FromRequest, Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use exchange::refusal::Refusal;
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use std::sync::Arc;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

/// Bytes of a frame of 20 ms.
const FRAME_BYTES: usize = 160;
/// Sockets at once.
const SOCKETS_MAX: usize = 1000;
/// Answers to pings that wait for the socket; who sends more is not answered faster.
const CONTROLS_MAX: usize = 8;
/// Closing codes of RFC 6455 7.4.1.
const NORMAL: u16 = 1000;
const GOING_AWAY: u16 = 1001;
const PROTOCOL_ERROR: u16 = 1002;
const UNSUPPORTED: u16 = 1003;

pub(super) fn routes() -> Router<Arc<House>> {
    Router::new()
        .route("/offhook/v1/Phones/{address}/Calls/{sid}/Audio", get(listen))
        .layer(Extension(Arc::new(Semaphore::new(SOCKETS_MAX))))
}

async fn listen(
    Path((address, sid)): Path<(String, String)>,
    State(house): State<Arc<House>>,
    Extension(places): Extension<Arc<Semaphore>>,
    mut request: Request,
) -> Result<Response, ApiError> {
    let upgrade = request.extensions_mut().remove::<OnUpgrade>();
    let call = Call::from_request(request, &house).await?;
    let of = find(&call, &address, &sid)?;
    let accepted = websocket::accept(&call.headers);
    let (Some(accept), Some(upgrade)) = (accepted, upgrade) else {
        let why = "This is a WebSocket (RFC 6455, version 13): ask for an upgrade to one";
        return Err(Refusal::new(20_001, 426, why).into());
    };
    let place = places.try_acquire_owned().map_err(|_| Refusal::too_many_requests())?;
    let line = house.calls.listen(of.sid).await.map_err(wrong)?;
    let closed = house.events.resume(None).closed;
    tokio::spawn(carry(upgrade, line, closed, place));
    let headers = [
        (header::UPGRADE, "websocket".to_owned()),
        (header::CONNECTION, "Upgrade".to_owned()),
        (header::SEC_WEBSOCKET_ACCEPT, accept),
    ];
    Ok((StatusCode::SWITCHING_PROTOCOLS, headers, Body::empty()).into_response())
}

/// Carries frames both ways until either side, the call or the house is through.
async fn carry(
    upgrade: OnUpgrade,
    line: AudioLine,
    closed: watch::Receiver<bool>,
    place: OwnedSemaphorePermit,
) {
    // An error is an asker who went away in between.
    if let Ok(upgraded) = upgrade.await {
        talk(TokioIo::new(upgraded), line, closed).await;
    }
    drop(place);
}

async fn talk(socket: impl AsyncRead + AsyncWrite, line: AudioLine, closed: watch::Receiver<bool>) {
    let (from, to) = tokio::io::split(socket);
    let (controls, control) = channel(CONTROLS_MAX);
    tokio::select! {
        () = hear(from, line.says, controls) => {}
        () = speak(to, line.hears, control, closed) => {}
    }
}

/// What the person says, until the socket is gone. A close is answered by the other half, which
/// then ends both.
async fn hear(mut from: impl AsyncRead + Unpin, says: Sender<Vec<u8>>, controls: Sender<Message>) {
    loop {
        let control = match websocket::read(&mut from).await {
            Ok(Some(Message::Binary(bytes))) if is_whole(&bytes) => {
                for frame in bytes.chunks_exact(FRAME_BYTES) {
                    // The call is over; the other half says so.
                    let _ = says.send(frame.to_vec()).await;
                }
                continue;
            }
            Ok(Some(Message::Binary(_) | Message::Text(_))) => Message::Close(UNSUPPORTED),
            Ok(Some(Message::Ping(bytes))) => Message::Pong(bytes),
            Ok(Some(Message::Pong(_))) => continue,
            Ok(Some(Message::Close(_))) => Message::Close(NORMAL),
            Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
                Message::Close(PROTOCOL_ERROR)
            }
            Ok(None) | Err(_) => return,
        };
        let is_end = matches!(control, Message::Close(_));
        // The other half ends only together with this one.
        let _ = controls.send(control).await;
        if is_end {
            return std::future::pending().await;
        }
    }
}

fn is_whole(bytes: &[u8]) -> bool {
    !bytes.is_empty() && bytes.len().is_multiple_of(FRAME_BYTES)
}

/// What the person hears, and the answers to pings, until the end.
async fn speak(
    mut to: impl AsyncWrite + Unpin,
    mut hears: Receiver<Vec<u8>>,
    mut control: Receiver<Message>,
    mut closed: watch::Receiver<bool>,
) {
    loop {
        let message = tokio::select! {
            frame = hears.recv() => frame.map_or(Message::Close(NORMAL), Message::Binary),
            Some(message) = control.recv() => message,
            _ = closed.wait_for(|closed| *closed) => Message::Close(GOING_AWAY),
        };
        let is_end = matches!(message, Message::Close(_));
        if websocket::write(&mut to, &message).await.is_err() || is_end {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};

    /// A call's end of a line, and the socket's far end.
    struct Ends {
        hears: Sender<Vec<u8>>,
        says: Receiver<Vec<u8>>,
        close: watch::Sender<bool>,
        far: DuplexStream,
        talking: tokio::task::JoinHandle<()>,
    }

    fn ends() -> Ends {
        let (hears, heard) = channel(4);
        let (said, says) = channel(4);
        let (close, closed) = watch::channel(false);
        let (near, far) = tokio::io::duplex(4096);
        let line = AudioLine { hears: heard, says: said };
        Ends { hears, says, close, far, talking: tokio::spawn(talk(near, line, closed)) }
    }

    /// A frame as a client sends it, with a mask of zeros.
    fn framed(first: u8, bytes: &[u8]) -> Vec<u8> {
        let mut frame = vec![first, 0x80 | 126];
        frame.extend_from_slice(&(bytes.len() as u16).to_be_bytes());
        frame.extend_from_slice(&[0; 4]);
        frame.extend_from_slice(bytes);
        frame
    }

    async fn next(far: &mut DuplexStream, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        far.read_exact(&mut bytes).await.expect("it comes");
        bytes
    }

    #[tokio::test]
    async fn frames_go_both_ways_and_pings_are_answered() {
        let mut ends = ends();
        ends.hears.send(vec![1; FRAME_BYTES]).await.expect("somebody hears");
        let got = next(&mut ends.far, 4 + FRAME_BYTES).await;
        assert_eq!((&got[..4], got[4]), (&[0x82, 126, 0, 160][..], 1));
        let two = [[2; FRAME_BYTES], [3; FRAME_BYTES]].concat();
        ends.far.write_all(&framed(0x82, &two)).await.expect("written");
        assert_eq!(ends.says.recv().await, Some(vec![2; FRAME_BYTES]));
        assert_eq!(ends.says.recv().await, Some(vec![3; FRAME_BYTES]));
        ends.far.write_all(&framed(0x89, b"?")).await.expect("written");
        assert_eq!(next(&mut ends.far, 3).await, [0x8A, 1, b'?']);
    }

    #[tokio::test]
    async fn a_socket_is_closed_with_the_code_that_says_why() {
        for (what, sent, code) in [
            ("closed by the person", framed(0x88, &[3, 232]), NORMAL),
            ("text", framed(0x81, b"hello"), UNSUPPORTED),
            ("half a frame", framed(0x82, &[0; 80]), UNSUPPORTED),
            ("no frame of a WebSocket", vec![0xFF; 8], PROTOCOL_ERROR),
        ] {
            let mut ends = ends();
            ends.far.write_all(&sent).await.expect("written");
            let mut expected = vec![0x88, 2];
            expected.extend_from_slice(&code.to_be_bytes());
            assert_eq!(next(&mut ends.far, 4).await, expected, "{what}");
            ends.talking.await.expect("it ends");
        }
        for (what, code) in [("the call is over", NORMAL), ("the house closes", GOING_AWAY)] {
            let mut ends = ends();
            if code == NORMAL {
                drop(ends.hears);
            } else {
                ends.close.send_replace(true);
            }
            assert_eq!(next(&mut ends.far, 4).await[2..], code.to_be_bytes(), "{what}");
            ends.talking.await.expect("it ends");
        }
    }
}
