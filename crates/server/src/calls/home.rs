//! What tasks bring home to the switchboard.

use super::asks::Fetched;
use super::recorder::Kept;
use super::sounds::Loaded;
use super::switchboard::Board;
use crate::clock::Work;
use exchange::calls::script::{Sound, Ticket};
use exchange::sid::CallSid;
use jiff::Timestamp;
use std::sync::Arc;

/// Something a task has finished. Each was sent by this thread, so they are bounded by its legs.
pub(super) enum Home {
    /// A document.
    Fetched(Box<Fetched>),
    /// The audio of a `<Play>`, or why it can't be had.
    Loaded(Box<Loaded>),
    /// The words of a Say, as they sound, or a tone in their place.
    Rendered {
        sid: CallSid,
        /// Which of the leg's scripts wants it, and by which order.
        order: (u32, Ticket),
        sound: Sound,
        samples: Arc<[i16]>,
        work: Work,
    },
    /// What is said at the other side of a connection, as it sounds.
    Overheard { sid: CallSid, samples: Arc<[i16]>, work: Work },
    /// A sound that began before somebody listened, as it sounds from its beginning.
    Caught { sid: CallSid, since: Timestamp, samples: Arc<[i16]>, work: Work },
    /// A listener says something.
    Said { sid: CallSid, bytes: Vec<u8>, work: Work },
    /// A listener has gone.
    Left(CallSid),
    /// A recording is on the disk, or could not be written.
    Kept(Box<Kept>),
}

impl Board {
    pub(super) fn come_home(&mut self, home: Home) {
        match home {
            Home::Fetched(fetched) => self.fetched(*fetched),
            Home::Loaded(loaded) => self.loaded(*loaded),
            Home::Rendered { sid, order, sound, samples, work } => {
                self.rendered(sid, order, sound, samples);
                drop(work);
            }
            Home::Overheard { sid, samples, work } => {
                self.let_hear(sid, &samples);
                drop(work);
            }
            Home::Caught { sid, since, samples, work } => {
                self.caught(sid, since, &samples);
                drop(work);
            }
            Home::Said { sid, bytes, work } => {
                self.said(sid, bytes);
                drop(work);
            }
            Home::Left(sid) => self.left(sid),
            Home::Kept(kept) => self.kept(*kept),
        }
    }
}
