//! The sound of a recording: `/2010-04-01/Accounts/{AC}/Recordings/{RE}`, with `.wav` or without.
//!
//! Open by its unguessable URL unless the account's `MediaAuth` is `basic`. The file is read piece
//! by piece, also from the middle (`Range`), and its two channels become one on the way when only
//! one is asked for. Contract: rest.md 4.4, DESIGN section 1; RFC 9110 section 14.

use super::error::ApiError;
use super::request::Call;
use crate::house::House;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use exchange::accounts::MediaAuth;
use exchange::calls::recordings::{Recording, RecordingStatus};
use exchange::refusal::Refusal;
use exchange::sid::RecordingSid;
use http_body_util::channel::{Channel, Sender};
use std::io::SeekFrom;
use std::ops::Range;
use std::sync::Arc;
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use webhook::Form;

/// Bytes of a WAV file before its samples, as ours are written.
const HEADER_BYTES: usize = 44;
/// Frames that are read at once: a quarter of a second.
const PIECE_FRAMES: u64 = 2000;
/// Pieces that wait for a slow reader.
const PIECES_MAX: usize = 4;

/// Answers with the sound; `name` is the sid with an extension or without.
pub(super) async fn serve(
    house: &Arc<House>,
    (account, name): (&str, &str),
    path: String,
    request: Request,
) -> Result<Response, ApiError> {
    let not_found = || ApiError(Refusal::not_found(&path));
    let (sid, is_mp3) = match name.split_once('.') {
        None | Some((_, "wav")) => (&name[..name.find('.').unwrap_or(name.len())], false),
        Some((sid, "mp3")) => (sid, true),
        Some(_) => return Err(not_found()),
    };
    let sid = RecordingSid::parse(sid).ok_or_else(not_found)?;
    let found = house.store.recording(sid)?;
    let recording = found.filter(|one| one.account.as_str() == account).ok_or_else(not_found)?;
    let query = Form::parse(request.uri().query().unwrap_or_default().as_bytes());
    let range = range_of(request.headers());
    if house.account(recording.account)?.settings.media_auth == MediaAuth::Basic {
        Call::from_request(request, house).await?.acting(account)?;
    }
    if recording.status != RecordingStatus::Completed {
        return Err(not_found());
    }
    if is_mp3 {
        let why = "Offhook keeps recordings as WAV and makes no MP3 of them: ask for it as .wav";
        return Err(Refusal::new(20_403, 403, why).into());
    }
    let channels = channels(&recording, &query.unwrap_or_default())?;
    let sound = Sound::open(house, sid, channels).await.ok_or_else(not_found)?;
    Ok(sound.answer(range))
}

/// How many channels are wanted: what is there, or one of two.
fn channels(recording: &Recording, query: &Form) -> Result<u16, ApiError> {
    match query.get("RequestedChannels").map(str::trim).filter(|text| !text.is_empty()) {
        None => Ok(recording.channels.into()),
        Some("1") => Ok(1),
        Some("2") if recording.channels == 2 => Ok(2),
        Some("2") => {
            let why = "Cannot download a dual-channel presentation of a mono recording";
            Err(Refusal::new(16_113, 400, why).into())
        }
        Some(_) => Err(Refusal::parameter_invalid("RequestedChannels", "use 1 or 2").into()),
    }
}

/// Which bytes are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    All,
    /// From the first to the last, both included; to the end without a last.
    From(u64, Option<u64>),
    /// So many at the end.
    Last(u64),
}

/// The one range of a request; several at once, and what is none, mean the whole.
fn range_of(headers: &HeaderMap) -> Wanted {
    let value = headers.get(header::RANGE).and_then(|value| value.to_str().ok());
    let bounds = value.and_then(|text| text.strip_prefix("bytes=")).and_then(|text| {
        let (first, last) = text.trim().split_once('-')?;
        Some(match (first, last) {
            ("", last) => Wanted::Last(last.parse().ok()?),
            (first, "") => Wanted::From(first.parse().ok()?, None),
            (first, last) => {
                let (first, last) = (first.parse().ok()?, last.parse().ok()?);
                if last < first {
                    return None;
                }
                Wanted::From(first, Some(last))
            }
        })
    });
    bounds.unwrap_or(Wanted::All)
}

impl Wanted {
    /// The bytes it means of `total`; `None` when there are no such.
    fn of(self, total: u64) -> Option<Range<u64>> {
        let range = match self {
            Wanted::All => 0..total,
            Wanted::From(first, last) => {
                first..last.map_or(total, |last| last.saturating_add(1).min(total))
            }
            Wanted::Last(count) => total.saturating_sub(count)..total,
        };
        (range.start < range.end).then_some(range)
    }
}

/// A file that is open, and what is made of it.
struct Sound {
    file: File,
    /// Samples of each channel.
    frames: u64,
    has: u16,
    gives: u16,
    header: [u8; HEADER_BYTES],
}

impl Sound {
    /// Opens the file and reads its header; `None` when it is not there or not ours.
    async fn open(house: &House, sid: RecordingSid, gives: u16) -> Option<Sound> {
        let mut file = File::open(crate::recordings::file(house, sid)).await.ok()?;
        let mut header = [0; HEADER_BYTES];
        file.read_exact(&mut header).await.ok()?;
        let two = |at: usize| u16::from_le_bytes([header[at], header[at + 1]]);
        let (has, bits) = (two(22), two(34));
        let samples = file.metadata().await.ok()?.len() - HEADER_BYTES as u64;
        if &header[..4] != b"RIFF" || bits != 16 || has < gives || !(1..=2).contains(&has) {
            tracing::error!(%sid, "the file of a recording is none");
            return None;
        }
        let mut sound = Sound { file, frames: samples / u64::from(2 * has), has, gives, header };
        sound.announce();
        Some(sound)
    }

    /// Bytes of a frame that is given.
    fn unit(&self) -> u64 {
        u64::from(2 * self.gives)
    }

    fn total(&self) -> u64 {
        HEADER_BYTES as u64 + self.frames * self.unit()
    }

    /// Makes the header say what is given. What RIFF can't count is announced as the most it can.
    fn announce(&mut self) {
        let data = u32::try_from(self.frames * self.unit());
        let data = data.unwrap_or(u32::MAX).min(u32::MAX - HEADER_BYTES as u32);
        let rate =
            self.header[24..28].iter().rev().fold(0, |rate, byte| rate << 8 | u32::from(*byte));
        let unit = 2 * self.gives;
        for (at, bytes) in [
            (4, &(data + HEADER_BYTES as u32 - 8).to_le_bytes()[..]),
            (22, &self.gives.to_le_bytes()),
            (28, &rate.saturating_mul(unit.into()).to_le_bytes()),
            (32, &unit.to_le_bytes()),
            (40, &data.to_le_bytes()),
        ] {
            self.header[at..at + bytes.len()].copy_from_slice(bytes);
        }
    }

    fn answer(self, wanted: Wanted) -> Response {
        let total = self.total();
        let Some(range) = wanted.of(total) else {
            let headers = [(header::CONTENT_RANGE, format!("bytes */{total}"))];
            return (StatusCode::RANGE_NOT_SATISFIABLE, headers).into_response();
        };
        let is_part = wanted != Wanted::All;
        let status = if is_part { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK };
        let headers = [
            (header::CONTENT_TYPE, "audio/x-wav".to_owned()),
            (header::ACCEPT_RANGES, "bytes".to_owned()),
            (header::CONTENT_LENGTH, (range.end - range.start).to_string()),
        ];
        let part =
            (header::CONTENT_RANGE, format!("bytes {}-{}/{total}", range.start, range.end - 1));
        let (mut sender, body) = Channel::<Bytes>::new(PIECES_MAX);
        tokio::spawn(async move {
            // A reader that has gone, or a file that broke off: its length says so to the reader.
            let _ = self.pour(range, &mut sender).await;
        });
        let mut response = (status, headers, Body::new(body)).into_response();
        if is_part && let Ok(value) = part.1.parse() {
            response.headers_mut().insert(part.0, value);
        }
        response
    }

    /// Sends the bytes of `range`; `None` when that came to an early end.
    async fn pour(mut self, range: Range<u64>, sender: &mut Sender<Bytes>) -> Option<()> {
        let head = HEADER_BYTES as u64;
        if range.start < head {
            let end = range.end.min(head) as usize;
            let bytes = Bytes::copy_from_slice(&self.header[range.start as usize..end]);
            sender.send_data(bytes).await.ok()?;
        }
        let mut at = range.start.max(head) - head;
        let end = range.end.saturating_sub(head);
        let in_file = head + at / self.unit() * u64::from(2 * self.has);
        self.file.seek(SeekFrom::Start(in_file)).await.ok()?;
        let mut piece = Vec::new();
        while at < end {
            let within = (at % self.unit()) as usize;
            let frames = (end - (at - within as u64)).div_ceil(self.unit()).min(PIECE_FRAMES);
            piece.resize((frames * u64::from(2 * self.has)) as usize, 0);
            self.file.read_exact(&mut piece).await.ok()?;
            let mut given = self.give(&piece);
            given.truncate(within + (end - at) as usize);
            given.drain(..within);
            at += given.len() as u64;
            sender.send_data(given.into()).await.ok()?;
        }
        Some(())
    }

    /// Frames of the file as they are given: as they are, or both sides heard at once.
    fn give(&self, piece: &[u8]) -> Vec<u8> {
        if self.has == self.gives {
            return piece.to_vec();
        }
        let sample = |low: u8, high: u8| i16::from_le_bytes([low, high]);
        let both = |four: &[u8]| sample(four[0], four[1]).saturating_add(sample(four[2], four[3]));
        piece.chunks_exact(4).flat_map(|four| both(four).to_le_bytes()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_read_as_http_writes_it() {
        for (text, wanted, of_100) in [
            ("bytes=0-9", Wanted::From(0, Some(9)), Some(0..10)),
            ("bytes=90-", Wanted::From(90, None), Some(90..100)),
            ("bytes=90-200", Wanted::From(90, Some(200)), Some(90..100)),
            ("bytes=-5", Wanted::Last(5), Some(95..100)),
            ("bytes=-500", Wanted::Last(500), Some(0..100)),
            ("bytes=100-", Wanted::From(100, None), None),
            ("bytes=-0", Wanted::Last(0), None),
            ("bytes=9-0", Wanted::All, Some(0..100)),
            ("bytes=0-1,5-6", Wanted::All, Some(0..100)),
            ("bytes=a-b", Wanted::All, Some(0..100)),
            ("lines=0-1", Wanted::All, Some(0..100)),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::RANGE, text.parse().expect("a value"));
            assert_eq!(range_of(&headers), wanted, "{text}");
            assert_eq!(wanted.of(100), of_100, "{text}");
        }
        assert_eq!(range_of(&HeaderMap::new()), Wanted::All);
    }
}
