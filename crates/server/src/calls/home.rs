//! What tasks bring home to the switchboard.

use super::asks::Fetched;
use super::recorder::Kept;
use super::switchboard::Board;
use crate::audio::{Audio, AudioFailure};
use exchange::calls::script::{Sound, Ticket};
use exchange::sid::CallSid;
use std::sync::Arc;

/// Something a task has finished. Each was sent by this thread, so they are bounded by its legs.
pub(super) enum Home {
    /// A document.
    Fetched(Box<Fetched>),
    /// The audio of a `<Play>`, or why it can't be had.
    Audio {
        sid: CallSid,
        ticket: Ticket,
        sound: Sound,
        got: Result<Arc<Audio>, AudioFailure>,
        work: crate::clock::Work,
    },
    /// A recording is on the disk, or could not be written.
    Kept(Box<Kept>),
}

impl Board {
    pub(super) fn come_home(&mut self, home: Home) {
        match home {
            Home::Fetched(fetched) => self.fetched(*fetched),
            Home::Audio { sid, ticket, sound, got, work } => {
                self.audio_came(sid, ticket, sound, got);
                drop(work);
            }
            Home::Kept(kept) => self.kept(*kept),
        }
    }
}
