//! The sound of a recording: `/2010-04-01/Accounts/{AC}/Recordings/{RE}`, with `.wav`, `.mp3` or without.
//!
//! Open by its unguessable URL unless the account's `MediaAuth` is `basic`. The file is read piece
//! by piece, also from the middle (`Range`), and its two channels become one on the way when only
//! one is asked for. As `.mp3` where this house can make such. Contract: rest.md 4.4, DESIGN
//! section 1.

use super::byte_range::{self, Wanted, range_of};
use super::error::ApiError;
use super::request::Call;
use crate::house::House;
use crate::mp3::Mp3Error;
use axum::extract::{FromRequest, Request};
use axum::response::Response;
use bytes::{Bytes, BytesMut};
use exchange::accounts::MediaAuth;
use exchange::calls::recordings::{Recording, RecordingStatus};
use exchange::refusal::Refusal;
use exchange::sid::RecordingSid;
use http_body_util::channel::Sender;
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
/// Bytes of a file that are read at once.
const PIECE_BYTES: usize = 16 * 1024;

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
    let channels = channels(&recording, &query.unwrap_or_default())?;
    if is_mp3 {
        let file = match house.mp3.file(house, sid, channels).await {
            Ok(path) => File::open(path).await.map_err(|_| not_found())?,
            Err(Mp3Error::Gone) => return Err(not_found()),
            Err(error) => return Err(not_made(sid, &error)),
        };
        return answer_mp3(file, range).await.map_err(|_| not_found());
    }
    let sound = Sound::open(house, sid, channels).await.ok_or_else(not_found)?;
    Ok(sound.answer(range))
}

/// Why there is no MP3 of a recording that is there.
fn not_made(sid: RecordingSid, error: &Mp3Error) -> ApiError {
    match error {
        Mp3Error::NoEncoder => {
            let why = "No MP3 is made here: install lame on the server, or ask for it as .wav";
            Refusal::new(20_403, 403, why).into()
        }
        Mp3Error::Busy => Refusal::unavailable().into(),
        Mp3Error::Gone | Mp3Error::Failed(_) => {
            tracing::error!(%error, %sid, "the MP3 of a recording can't be made");
            Refusal::internal().into()
        }
    }
}

/// A file as it is.
async fn answer_mp3(mut file: File, wanted: Wanted) -> std::io::Result<Response> {
    let total = file.metadata().await?.len();
    Ok(byte_range::answer("audio/mpeg", (wanted, total), async move |range, mut sender| {
        // A reader that has gone, or a file that broke off: its length says so to the reader.
        let _ = pour_file(&mut file, range, &mut sender).await;
    }))
}

/// Sends bytes of a file; `None` when that came to an early end.
async fn pour_file(file: &mut File, range: Range<u64>, sender: &mut Sender<Bytes>) -> Option<()> {
    file.seek(SeekFrom::Start(range.start)).await.ok()?;
    let mut rest = file.take(range.end - range.start);
    loop {
        let mut piece = BytesMut::with_capacity(PIECE_BYTES);
        if rest.read_buf(&mut piece).await.ok()? == 0 {
            return Some(());
        }
        sender.send_data(piece.freeze()).await.ok()?;
    }
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
        byte_range::answer("audio/x-wav", (wanted, total), async move |range, mut sender| {
            // A reader that has gone, or a file that broke off: its length says so to the reader.
            let _ = self.pour(range, &mut sender).await;
        })
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
