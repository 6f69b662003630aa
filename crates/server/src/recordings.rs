//! Where the sound of recordings lies: `RE….wav` in the data folder's `recordings`, and what was made
//! of it as MP3 beside it.
//!
//! The switchboard writes a file before its row says completed; the API serves it and takes it
//! away with the row. Every path is made here.

use crate::house::House;
use exchange::sid::RecordingSid;
use std::io::ErrorKind;
use std::path::PathBuf;

/// The file of one: WAV, 8 kHz, 16 bits, one channel or two.
pub fn file(house: &House, sid: RecordingSid) -> PathBuf {
    house.settings.recordings.join(format!("{sid}.wav"))
}

/// The same as MP3 with so many channels, once that was asked for.
pub fn mp3_file(house: &House, sid: RecordingSid, channels: u16) -> PathBuf {
    house.settings.recordings.join(format!("{sid}.{channels}.mp3"))
}

/// The extension of a file that is being made.
pub(crate) const UNFINISHED: &str = "part";

/// Removes all of them, and what a crash left of them.
///
/// # Errors
/// The disk's; those that could be removed are gone.
pub(crate) async fn remove(house: &House, sid: RecordingSid) -> std::io::Result<()> {
    let mut done = Ok(());
    let all = [file(house, sid), mp3_file(house, sid, 1), mp3_file(house, sid, 2)];
    for path in all.iter().flat_map(|path| [path.clone(), path.with_extension(UNFINISHED)]) {
        match tokio::fs::remove_file(path).await {
            Err(error) if error.kind() != ErrorKind::NotFound => done = Err(error),
            _ => {}
        }
    }
    done
}
