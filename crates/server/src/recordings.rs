//! Where the sound of recordings lies: `RE….wav` in the data folder's `recordings`.
//!
//! The switchboard writes a file before its row says completed; the API serves it and takes it
//! away with the row. Every path is made here.

use crate::house::House;
use exchange::sid::RecordingSid;
use std::path::PathBuf;

/// The file of one: WAV, 8 kHz, 16 bits, one channel or two.
pub fn file(house: &House, sid: RecordingSid) -> PathBuf {
    house.settings.recordings.join(format!("{sid}.wav"))
}
