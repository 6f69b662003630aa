//! How many asks of calls are on the wire at once: per destination, account and house.
//!
//! The same limits as the delivery thread's (DESIGN: one slow endpoint never starves another).
//! An ask waits for its turn at its destination first, so that a slow one holds no other's place;
//! its 15 s begin when it has it. Who came first goes first.

use exchange::sid::AccountSid;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Asks on the wire to one destination at most.
const PER_DESTINATION_MAX: usize = 64;
/// Asks on the wire of one account at most.
const PER_ACCOUNT_MAX: usize = 256;
/// Asks on the wire at most.
const PER_HOUSE_MAX: usize = 1024;
/// Places that are remembered before those without anybody are forgotten.
const PLACES_MAX: usize = 4096;

/// Who waits for a turn, and where.
pub(super) struct Turns {
    destinations: HashMap<(AccountSid, String), Arc<Semaphore>>,
    accounts: HashMap<AccountSid, Arc<Semaphore>>,
    house: Arc<Semaphore>,
}

/// The three gates of an ask, in the order it goes through them.
pub(super) struct Gates([Arc<Semaphore>; 3]);

/// An ask's turn; it ends with it.
pub(super) struct Turn {
    _permits: Vec<OwnedSemaphorePermit>,
}

impl Turns {
    pub(super) fn new() -> Turns {
        Turns {
            destinations: HashMap::new(),
            accounts: HashMap::new(),
            house: Arc::new(Semaphore::new(PER_HOUSE_MAX)),
        }
    }

    /// The gates of an ask of `account` to the host of `url`.
    pub(super) fn gates(&mut self, account: AccountSid, url: &str) -> Gates {
        let is_used = |gate: &Arc<Semaphore>| Arc::strong_count(gate) > 1;
        if self.destinations.len() >= PLACES_MAX {
            self.destinations.retain(|_, gate| is_used(gate));
        }
        if self.accounts.len() >= PLACES_MAX {
            self.accounts.retain(|_, gate| is_used(gate));
        }
        let gate = |max| Arc::new(Semaphore::new(max));
        let place = (account, store::host_of(url).to_owned());
        let destination = self.destinations.entry(place);
        let destination = destination.or_insert_with(|| gate(PER_DESTINATION_MAX)).clone();
        let account = self.accounts.entry(account);
        let account = account.or_insert_with(|| gate(PER_ACCOUNT_MAX)).clone();
        Gates([destination, account, self.house.clone()])
    }
}

impl Gates {
    /// Waits for a turn.
    pub(super) async fn pass(self) -> Turn {
        let mut permits = Vec::with_capacity(self.0.len());
        for gate in self.0 {
            // They are never closed; without a permit an ask is no worse off than before.
            permits.extend(gate.acquire_owned().await.ok());
        }
        Turn { _permits: permits }
    }
}
