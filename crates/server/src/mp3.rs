//! Recordings as MP3: made by `lame` where that is installed, when one is first asked for, and kept
//! beside the WAV file.
//!
//! No encoder is linked: those that are kept up are LGPL. Without the program there is a clear error.
//! See docs/dependencies.md.

use crate::house::House;
use crate::process::{ProcessError, Program, found, run};
use crate::recordings;
use crate::shelf::Makings;
use exchange::sid::RecordingSid;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// The program that makes them.
const PROGRAM: &str = "lame";
/// Files that are made at once.
const ENCODINGS_MAX: usize = 2;
/// How long one may take, in wire time: a call of four hours needs half a minute of a slow core.
const ENCODING_TIME_MAX: Duration = Duration::from_secs(300);
/// How long one may wait for its turn, in wire time.
const TURN_WAIT_MAX: Duration = Duration::from_secs(10);
/// Bytes of what it says; it is told to be quiet.
const CHATTER_BYTES_MAX: usize = 64 * 1024;
/// Kilobits a second of each channel.
const KBITS: u16 = 32;

/// Why there is no MP3.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Mp3Error {
    /// The program is not installed.
    #[error("this house can make no MP3")]
    NoEncoder,
    /// Too many are being made.
    #[error("too many MP3 files are being made")]
    Busy,
    /// The recording has been deleted.
    #[error("the recording is gone")]
    Gone,
    /// The program failed, or the disk did.
    #[error("{PROGRAM}: {0}")]
    Failed(String),
}

type Made = Result<PathBuf, Mp3Error>;

/// Where the program is, if it is on the PATH.
pub fn installed() -> Option<PathBuf> {
    found(PROGRAM)
}

/// Makes MP3 files.
pub struct Mp3 {
    program: Option<PathBuf>,
    turns: Semaphore,
    makings: Makings<(RecordingSid, u16), Made>,
}

impl Mp3 {
    /// With the program, when it is installed.
    pub fn new(program: Option<PathBuf>) -> Mp3 {
        Mp3 { program, turns: Semaphore::new(ENCODINGS_MAX), makings: Makings::default() }
    }

    /// Whether there is ever one.
    pub fn has_encoder(&self) -> bool {
        self.program.is_some()
    }

    /// The file of a recording whose sound is there, with one channel or as many as it has.
    pub(crate) async fn file(&self, house: &House, sid: RecordingSid, channels: u16) -> Made {
        self.makings.once((sid, channels), self.make(house, sid, channels)).await
    }

    async fn make(&self, house: &House, sid: RecordingSid, channels: u16) -> Made {
        let path = recordings::mp3_file(house, sid, channels);
        if tokio::fs::try_exists(&path).await.unwrap_or(false) {
            return Ok(path);
        }
        let program = self.program.as_ref().ok_or(Mp3Error::NoEncoder)?;
        let _turn = match timeout(TURN_WAIT_MAX, self.turns.acquire()).await {
            Ok(Ok(turn)) => turn,
            // The semaphore is never closed.
            Ok(Err(_)) | Err(_) => return Err(Mp3Error::Busy),
        };
        let sound = recordings::file(house, sid);
        let unfinished = Unfinished(path.with_extension(recordings::UNFINISHED));
        let made = match encode(program, (&sound, &unfinished.0), channels).await {
            Ok(()) => tokio::fs::rename(&unfinished.0, &path).await.map_err(failed),
            Err(error) => Err(error),
        };
        if !tokio::fs::try_exists(&sound).await.unwrap_or(false) {
            // It was deleted meanwhile, and nobody would ever find what was made of it.
            let _ = tokio::fs::remove_file(&path).await;
            return Err(Mp3Error::Gone);
        }
        made.map(|()| path)
    }
}

/// A file that is being made: it goes when it is not finished, also when nobody waits for it any
/// more.
struct Unfinished(PathBuf);

impl Drop for Unfinished {
    fn drop(&mut self) {
        // When it is finished it has another name.
        let _ = std::fs::remove_file(&self.0);
    }
}

fn failed(error: std::io::Error) -> Mp3Error {
    Mp3Error::Failed(error.to_string())
}

/// 8 kHz as recorded, at a bit rate that speech is well heard with; two channels stay two voices.
async fn encode(program: &Path, (from, to): (&Path, &Path), channels: u16) -> Result<(), Mp3Error> {
    let mode = if channels == 1 { "m" } else { "s" };
    let rate = (KBITS * channels).to_string();
    let mut arguments: Vec<OsString> =
        ["--quiet", "--resample", "8", "-b", &rate, "-m", mode].map(OsString::from).into();
    for path in [from, to] {
        // Whole, so that no name of a folder is taken for an option.
        arguments.push(std::path::absolute(path).map_err(failed)?.into());
    }
    let program = Program { path: program.as_os_str().to_owned(), arguments };
    let limits = (CHATTER_BYTES_MAX, ENCODING_TIME_MAX);
    let ended = run(&program, String::new(), limits).await;
    ended.map(drop).map_err(|error: ProcessError| Mp3Error::Failed(error.to_string()))
}
