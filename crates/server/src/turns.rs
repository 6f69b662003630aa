//! Whose turn it is to fetch a file: so many at once for the house, and for one account of it.
//!
//! Audio and media have turns of their own. An account that wants many waits for itself: it never
//! holds the turns of others meanwhile.

use exchange::sid::AccountSid;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The turns of a kind of file.
#[derive(Debug)]
pub struct Turns {
    all: Arc<Semaphore>,
    account_max: usize,
    /// Those of accounts that fetch something now.
    accounts: Mutex<HashMap<AccountSid, Arc<Semaphore>>>,
}

/// It is somebody's turn for as long as this is held.
#[derive(Debug)]
pub struct Turn {
    _of_account: Option<OwnedSemaphorePermit>,
    _of_house: Option<OwnedSemaphorePermit>,
}

impl Turns {
    /// `max` at once, `account_max` of them for one account.
    pub fn new(max: usize, account_max: usize) -> Turns {
        Turns { all: Arc::new(Semaphore::new(max)), account_max, accounts: Mutex::default() }
    }

    /// Waits until it is the account's turn.
    pub async fn wait(&self, account: AccountSid) -> Turn {
        let turns = self.of(account);
        // Neither is ever closed. The account's comes first.
        let _of_account = turns.acquire_owned().await.ok();
        Turn { _of_account, _of_house: self.all.clone().acquire_owned().await.ok() }
    }

    /// One account's turns; those of accounts that fetch nothing are forgotten.
    fn of(&self, account: AccountSid) -> Arc<Semaphore> {
        let mut all = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|sid, turns| *sid == account || Arc::strong_count(turns) > 1);
        let fresh = || Arc::new(Semaphore::new(self.account_max));
        all.entry(account).or_insert_with(fresh).clone()
    }
}
