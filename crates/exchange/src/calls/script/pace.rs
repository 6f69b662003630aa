//! How many documents a call may ask for.
//!
//! Twilio documents no limit for calls. A loop that holds a caller (`<Play/>`, `<Redirect/>`) may
//! go on for as long as the call; one in which no time passes has to end.

use jiff::Timestamp;

/// Documents of one call at most: more than one a second for a day.
pub const DOCUMENTS_MAX: u32 = 100_000;
/// Documents that may follow each other at once. One more is allowed each second.
pub const DOCUMENTS_AT_ONCE_MAX: u32 = 100;

/// The documents so far.
#[derive(Debug, Default)]
pub(super) struct Pace {
    documents: u32,
    /// Those that no second has paid for yet.
    unpaid: u32,
    paid_until: Option<Timestamp>,
}

impl Pace {
    /// One more document, unless that is too many.
    pub fn document(&mut self, now: Timestamp) -> Result<(), String> {
        let since = *self.paid_until.get_or_insert(now);
        let seconds = now.duration_since(since).as_secs().max(0);
        if seconds > 0 {
            self.unpaid = self.unpaid.saturating_sub(u32::try_from(seconds).unwrap_or(u32::MAX));
            self.paid_until = Some(now);
        }
        if self.unpaid >= DOCUMENTS_AT_ONCE_MAX {
            return Err(format!("Too many documents in a row: {DOCUMENTS_AT_ONCE_MAX}"));
        }
        if self.documents >= DOCUMENTS_MAX {
            return Err(format!("Too many documents for one call: {DOCUMENTS_MAX}"));
        }
        self.documents += 1;
        self.unpaid += 1;
        Ok(())
    }
}
