//! A person listens and speaks live: 20 ms frames of µ-law both ways.

use super::orders::{AudioLine, CallError, Reply};
use super::switchboard::Board;
use exchange::sid::CallSid;

impl Board {
    /// Somebody wants to listen at the handset end of a leg.
    pub(super) fn listen(&mut self, sid: CallSid, reply: Reply<AudioLine>) {
        let why = match self.legs.get(&sid) {
            None => CallError::NotLive,
            Some(_) => CallError::Wrong("live audio is not supported yet".to_owned()),
        };
        // Whoever asked may have gone.
        let _ = reply.send(Err(why));
    }
}
