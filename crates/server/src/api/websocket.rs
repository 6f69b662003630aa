//! The server's end of a WebSocket: what RFC 6455 asks of one, and no more.
//!
//! Who has a socket hands its two halves to [`read`] and [`write`]; nothing here knows what the
//! messages mean. No extensions, no subprotocols: a message is its bytes, with a maximum. A crate
//! for it would bring a second generator, a second SHA-1 and a second base64 with it.

use axum::http::{HeaderMap, header};
use base64::Engine as _;
use sha1::{Digest, Sha1};
use std::io::{self, ErrorKind};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// Bytes of one message.
pub(super) const MESSAGE_BYTES_MAX: usize = 16 * 1024;
/// Frames that a message may come in.
const FRAMES_MAX: usize = 64;
/// Bytes of a control frame (RFC 6455 5.5).
const CONTROL_BYTES_MAX: usize = 125;
/// What a key is signed with (RFC 6455 1.3).
const GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// A message, or what stands for one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Message {
    /// Bytes.
    Binary(Vec<u8>),
    /// Text, not looked at.
    Text(Vec<u8>),
    /// To be answered with the same bytes.
    Ping(Vec<u8>),
    /// An answer to a ping.
    Pong(Vec<u8>),
    /// The end, with its code.
    Close(u16),
}

/// The `Sec-WebSocket-Accept` that answers a request; `None` when it asks for no WebSocket of
/// version 13.
pub(super) fn accept(headers: &HeaderMap) -> Option<String> {
    let has = |name: header::HeaderName, wanted: &str| {
        let values = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|text| text.split(',')).any(|one| one.trim().eq_ignore_ascii_case(wanted))
    };
    let upgrades = has(header::UPGRADE, "websocket")
        && has(header::CONNECTION, "upgrade")
        && has(header::SEC_WEBSOCKET_VERSION, "13");
    let key = headers.get(header::SEC_WEBSOCKET_KEY)?.as_bytes();
    let engine = &base64::engine::general_purpose::STANDARD;
    let is_key = engine.decode(key).is_ok_and(|bytes| bytes.len() == 16);
    (upgrades && is_key).then(|| {
        let signed = Sha1::new().chain_update(key).chain_update(GUID).finalize();
        engine.encode(signed)
    })
}

/// The next message; `None` when the peer is gone without a word.
///
/// # Errors
/// The socket's; [`ErrorKind::InvalidData`] for what breaks the protocol or a limit, to be
/// answered with a close of 1002.
pub(super) async fn read(from: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Message>> {
    let mut pieces = Vec::new();
    let mut kind = None;
    for _ in 0..FRAMES_MAX {
        let Some(frame) = read_frame(from, MESSAGE_BYTES_MAX - pieces.len()).await? else {
            return Ok(None);
        };
        match (frame.opcode, kind) {
            (8, None) => return Ok(Some(Message::Close(code_of(&frame.bytes)))),
            (9, None) => return Ok(Some(Message::Ping(frame.bytes))),
            (10, None) => return Ok(Some(Message::Pong(frame.bytes))),
            // Control frames may come between the pieces of a message. There is no answering them
            // from here; who tears messages of this size apart is not heard to the end.
            (8.., Some(_)) => {
                return Err(broken("a control frame between the pieces of a message"));
            }
            (1 | 2, None) => kind = Some(frame.opcode),
            (0, Some(_)) => {}
            _ => return Err(broken("a frame that does not belong there")),
        }
        pieces.extend_from_slice(&frame.bytes);
        if frame.is_last {
            let whole = if kind == Some(1) { Message::Text } else { Message::Binary };
            return Ok(Some(whole(pieces)));
        }
    }
    Err(broken("too many frames for one message"))
}

struct Frame {
    is_last: bool,
    opcode: u8,
    bytes: Vec<u8>,
}

async fn read_frame(
    from: &mut (impl AsyncRead + Unpin),
    bytes_max: usize,
) -> io::Result<Option<Frame>> {
    let mut head = [0; 2];
    match from.read_exact(&mut head).await {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        read => drop(read?),
    }
    let (is_last, opcode) = (head[0] & 0x80 != 0, head[0] & 0x0F);
    if head[0] & 0x70 != 0 || head[1] & 0x80 == 0 {
        return Err(broken("an extension, or a frame without a mask"));
    }
    let length = match head[1] & 0x7F {
        126 => u64::from(from.read_u16().await?),
        127 => from.read_u64().await?,
        short => u64::from(short),
    };
    let most = if opcode >= 8 { CONTROL_BYTES_MAX } else { bytes_max };
    if length > most as u64 || (opcode >= 8 && !is_last) {
        return Err(broken("a frame that is too long"));
    }
    let mut mask = [0; 4];
    from.read_exact(&mut mask).await?;
    let mut bytes = vec![0; length as usize];
    from.read_exact(&mut bytes).await?;
    bytes.iter_mut().zip(mask.iter().cycle()).for_each(|(byte, mask)| *byte ^= mask);
    Ok(Some(Frame { is_last, opcode, bytes }))
}

fn broken(why: &'static str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, why)
}

fn code_of(bytes: &[u8]) -> u16 {
    // 1000 stands for a close that gives no code.
    bytes.first_chunk().map_or(1000, |code| u16::from_be_bytes(*code))
}

/// Sends one message, whole.
///
/// # Errors
/// The socket's.
pub(super) async fn write(to: &mut (impl AsyncWrite + Unpin), message: &Message) -> io::Result<()> {
    let code;
    let (opcode, bytes): (u8, &[u8]) = match message {
        Message::Text(bytes) => (1, bytes),
        Message::Binary(bytes) => (2, bytes),
        Message::Ping(bytes) => (9, bytes),
        Message::Pong(bytes) => (10, bytes),
        Message::Close(number) => {
            code = number.to_be_bytes();
            (8, &code)
        }
    };
    let mut frame = vec![0x80 | opcode];
    match u16::try_from(bytes.len()) {
        Ok(length @ ..126) => frame.push(length as u8),
        Ok(length) => {
            frame.push(126);
            frame.extend_from_slice(&length.to_be_bytes());
        }
        Err(_) => {
            frame.push(127);
            frame.extend_from_slice(&(bytes.len() as u64).to_be_bytes());
        }
    }
    frame.extend_from_slice(bytes);
    to.write_all(&frame).await?;
    to.flush().await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(changed: (&'static str, &'static str)) -> HeaderMap {
        let mut all = HeaderMap::new();
        for (name, value) in [
            ("upgrade", "websocket"),
            ("connection", "keep-alive, Upgrade"),
            ("sec-websocket-version", "13"),
            ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
            changed,
        ] {
            all.insert(name, value.parse().expect("a value"));
        }
        all
    }

    #[test]
    fn a_handshake_is_answered_as_in_the_rfc_and_nothing_else_is() {
        let good = accept(&headers(("upgrade", "WebSocket")));
        assert_eq!(good.as_deref(), Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
        for changed in [
            ("upgrade", "h2c"),
            ("connection", "close"),
            ("sec-websocket-version", "8"),
            ("sec-websocket-key", "short"),
        ] {
            assert_eq!(accept(&headers(changed)), None, "{changed:?}");
        }
        assert_eq!(accept(&HeaderMap::new()), None);
    }

    /// A frame as a client sends it.
    fn masked(first: u8, bytes: &[u8]) -> Vec<u8> {
        let mut frame = vec![first];
        match bytes.len() {
            length @ ..126 => frame.push(0x80 | length as u8),
            length => {
                frame.push(0x80 | 126);
                frame.extend_from_slice(&(length as u16).to_be_bytes());
            }
        }
        let mask = [1, 2, 3, 4];
        frame.extend_from_slice(&mask);
        frame.extend(bytes.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
        frame
    }

    async fn read_all(bytes: &[u8]) -> io::Result<Vec<Message>> {
        let mut from = bytes;
        let mut all = Vec::new();
        while let Some(message) = read(&mut from).await? {
            all.push(message);
        }
        Ok(all)
    }

    #[tokio::test]
    async fn messages_come_whole_or_in_pieces() {
        for (frames, expected) in [
            (vec![masked(0x82, b"abcde")], vec![Message::Binary(b"abcde".to_vec())]),
            (vec![masked(0x82, &[7; 160])], vec![Message::Binary(vec![7; 160])]),
            (vec![masked(0x02, b"ab"), masked(0x80, b"c")], vec![Message::Binary(b"abc".to_vec())]),
            (vec![masked(0x81, b"hi")], vec![Message::Text(b"hi".to_vec())]),
            (vec![masked(0x89, b"1")], vec![Message::Ping(b"1".to_vec())]),
            (vec![masked(0x8A, b"")], vec![Message::Pong(Vec::new())]),
            (vec![masked(0x88, &[3, 233])], vec![Message::Close(1001)]),
            (vec![masked(0x88, b"")], vec![Message::Close(1000)]),
            (vec![], vec![]),
        ] {
            assert_eq!(read_all(&frames.concat()).await.expect("read"), expected);
        }
    }

    #[tokio::test]
    async fn what_breaks_the_protocol_or_a_limit_is_refused() {
        let mut endless = masked(0x02, b"").repeat(FRAMES_MAX);
        endless.extend(masked(0x80, b""));
        for (what, bytes) in [
            ("no mask", vec![0x82, 1, 7]),
            ("an extension", masked(0xC2, b"a")),
            ("nothing to go on with", masked(0x80, b"a")),
            ("a message in a message", [masked(0x02, b"a"), masked(0x82, b"b")].concat()),
            ("an unknown kind", masked(0x83, b"a")),
            ("a long ping", masked(0x89, &[0; 126])),
            ("a ping in pieces", masked(0x09, b"a")),
            ("too long", [0x82, 0xFF, 0, 0, 0, 1, 0, 0, 0, 0].to_vec()),
            ("too many frames", endless),
        ] {
            let error = read_all(&bytes).await.expect_err(what);
            assert_eq!(error.kind(), ErrorKind::InvalidData, "{what}");
        }
        // A frame that breaks off is a peer that has gone.
        let torn = read_all(&masked(0x82, b"abc")[..6]).await.expect_err("torn");
        assert_eq!(torn.kind(), ErrorKind::UnexpectedEof);
    }

    #[tokio::test]
    async fn what_is_written_has_its_length_and_no_mask() {
        for (message, head) in [
            (Message::Binary(vec![7; 3]), vec![0x82, 3, 7, 7, 7]),
            (Message::Close(1000), vec![0x88, 2, 3, 232]),
            (Message::Pong(b"1".to_vec()), vec![0x8A, 1, b'1']),
            (Message::Binary(vec![0; 160]), vec![0x82, 126, 0, 160]),
            (Message::Text(vec![0; 65_536]), vec![0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]),
        ] {
            let mut written = Vec::new();
            write(&mut written, &message).await.expect("written");
            assert_eq!(written[..head.len()], head, "{message:?}");
        }
    }
}
