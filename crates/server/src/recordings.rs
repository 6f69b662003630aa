//! Where the sound of recordings lies: `recordings/RE….wav` in the data folder.
//!
//! The switchboard writes a file before its row says completed; the API serves it and takes it
//! away with the row. Every path is made here.

use crate::house::House;
use exchange::sid::RecordingSid;
use std::path::PathBuf;

/// The folder of all of them; made by whoever writes the first.
pub fn folder(house: &House) -> PathBuf {
    house.settings.data.join("recordings")
}

/// The file of one: WAV, 8 kHz, 16 bits, one channel or two.
pub fn file(house: &House, sid: RecordingSid) -> PathBuf {
    folder(house).join(format!("{sid}.wav"))
}
