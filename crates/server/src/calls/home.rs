//! What tasks bring home to the switchboard.

use super::asks::Fetched;
use super::recorder::Kept;
use super::sounds::Loaded;
use super::switchboard::Board;

/// Something a task has finished. Each was sent by this thread, so they are bounded by its legs.
pub(super) enum Home {
    /// A document.
    Fetched(Box<Fetched>),
    /// The audio of a `<Play>`, or why it can't be had.
    Loaded(Box<Loaded>),
    /// A recording is on the disk, or could not be written.
    Kept(Box<Kept>),
}

impl Board {
    pub(super) fn come_home(&mut self, home: Home) {
        match home {
            Home::Fetched(fetched) => self.fetched(*fetched),
            Home::Loaded(loaded) => self.loaded(*loaded),
            Home::Kept(kept) => self.kept(*kept),
        }
    }
}
