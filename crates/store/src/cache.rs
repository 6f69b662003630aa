//! What every text reads and hardly anything writes, kept in memory: numbers by their phone number,
//! their services, accounts, handsets, whether anybody left anything of an account's, where its
//! events go, and whether its conversations have cookies.
//!
//! A read that is not answered here goes to the database and is kept, also when it found nothing.
//! The writer [holds](Cache::hold) the cache around a commit that changes any of them: everything
//! kept is dropped before the commit, and until it is done reads go to the database and nothing is
//! kept. So no read is ever older than another that ended before it, and what was acknowledged is
//! seen by every read after. It never writes, and decides nothing.

use crate::{ChatWrite, StoreError, Write};
use exchange::accounts::Account;
use exchange::numbers::Number;
use exchange::phones::Handset;
use exchange::pools::Service;
use exchange::sinks::Route;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Records of a kind that are kept; a full shelf is emptied and begins anew.
const SHELF_MAX: usize = 10_000;

/// Names of a table that are kept: most tables have few rows, and most that is asked for is not
/// among them.
pub(crate) const NAMES_MAX: usize = 256;

/// All names of a table, when there are at most [`NAMES_MAX`].
pub(crate) type Names = Option<Arc<HashSet<String>>>;

/// The records in memory.
#[derive(Debug, Default)]
pub(crate) struct Cache(Mutex<Shelves>);

#[derive(Debug, Default)]
struct Shelves {
    /// A commit that changes them is under way.
    held: bool,
    /// Grows with each hold: a read that began before one is not kept after it.
    holds: u64,
    names: Shelf<Names>,
    numbers: Shelf<Option<Number>>,
    services: Shelf<Option<Service>>,
    accounts: Shelf<Option<Account>>,
    handsets: Shelf<Handset>,
    leavers: Shelf<bool>,
    routes: Shelf<Arc<Vec<Route>>>,
    binders: Shelf<bool>,
    jars: Shelf<bool>,
}

type Shelf<V> = HashMap<String, V>;

/// The cache gives everything to the database as long as this lives.
#[derive(Debug)]
pub(crate) struct Hold<'a>(&'a Cache);

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        self.0.shelves().held = false;
    }
}

/// Whether a write changes what is kept here, whatever that is.
fn concerns(write: &Write) -> bool {
    matches!(
        write,
        Write::InsertNumber(_)
            | Write::UpdateNumber { .. }
            | Write::DeleteNumber { .. }
            | Write::InsertService(_)
            | Write::UpdateService { .. }
            | Write::DeleteService { .. }
            | Write::InsertSender(_)
            | Write::DeleteSender { .. }
            | Write::InsertAccount(_)
            | Write::UpdateAccount { .. }
            | Write::UpdateSettings { .. }
            | Write::PutHandset(_)
            | Write::PutOptOut { .. }
            | Write::DeleteOptOuts { .. }
            | Write::Sinks(_)
            | Write::Chats(
                ChatWrite::InsertParticipant(_)
                    | ChatWrite::DeleteParticipant(_)
                    | ChatWrite::DeleteConversation(_)
                    | ChatWrite::DeleteService(_),
            )
            | Write::Clear
    )
}

impl Cache {
    fn shelves(&self) -> MutexGuard<'_, Shelves> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a write changes what is kept here. Cookies come with every text of an application that
    /// has some, so only the first ones do.
    pub(crate) fn concerns(&self, write: &Write) -> bool {
        match write {
            Write::PutCookies(cookies) => {
                self.shelves().jars.get(cookies.account.as_str()) != Some(&true)
            }
            write => concerns(write),
        }
    }

    /// Drops what is kept, and keeps nothing until the hold is dropped.
    pub(crate) fn hold(&self) -> Hold<'_> {
        let mut shelves = self.shelves();
        *shelves = Shelves { held: true, holds: shelves.holds + 1, ..Shelves::default() };
        Hold(self)
    }

    /// Whether a table certainly has no row of a name.
    pub(crate) fn is_absent(
        &self,
        table: &'static str,
        name: &str,
        read: impl FnOnce() -> Result<Names, StoreError>,
    ) -> Result<bool, StoreError> {
        let names = self.through(table, |shelves| &mut shelves.names, read)?;
        Ok(names.is_some_and(|names| !names.contains(name)))
    }

    /// The number at a phone number.
    pub(crate) fn number(
        &self,
        phone_number: &str,
        read: impl FnOnce() -> Result<Option<Number>, StoreError>,
    ) -> Result<Option<Number>, StoreError> {
        self.through(phone_number, |shelves| &mut shelves.numbers, read)
    }

    /// The service that has the number of a sid.
    pub(crate) fn service(
        &self,
        number: &str,
        read: impl FnOnce() -> Result<Option<Service>, StoreError>,
    ) -> Result<Option<Service>, StoreError> {
        self.through(number, |shelves| &mut shelves.services, read)
    }

    /// The account of a sid.
    pub(crate) fn account(
        &self,
        sid: &str,
        read: impl FnOnce() -> Result<Option<Account>, StoreError>,
    ) -> Result<Option<Account>, StoreError> {
        self.through(sid, |shelves| &mut shelves.accounts, read)
    }

    /// The handset at an address.
    pub(crate) fn handset(
        &self,
        address: &str,
        read: impl FnOnce() -> Result<Handset, StoreError>,
    ) -> Result<Handset, StoreError> {
        self.through(address, |shelves| &mut shelves.handsets, read)
    }

    /// Whether anybody left anything of an account's: most have nobody who did.
    pub(crate) fn leavers(
        &self,
        account: &str,
        read: impl FnOnce() -> Result<bool, StoreError>,
    ) -> Result<bool, StoreError> {
        self.through(account, |shelves| &mut shelves.leavers, read)
    }

    /// Whether anybody takes part in a conversation of an account's by texts.
    pub(crate) fn binders(
        &self,
        account: &str,
        read: impl FnOnce() -> Result<bool, StoreError>,
    ) -> Result<bool, StoreError> {
        self.through(account, |shelves| &mut shelves.binders, read)
    }

    /// Whether a conversation of an account's has cookies: most applications set none.
    pub(crate) fn jars(
        &self,
        account: &str,
        read: impl FnOnce() -> Result<bool, StoreError>,
    ) -> Result<bool, StoreError> {
        self.through(account, |shelves| &mut shelves.jars, read)
    }

    /// Where an account's events go: nowhere, for most.
    pub(crate) fn routes(
        &self,
        account: &str,
        read: impl FnOnce() -> Result<Arc<Vec<Route>>, StoreError>,
    ) -> Result<Arc<Vec<Route>>, StoreError> {
        self.through(account, |shelves| &mut shelves.routes, read)
    }

    fn through<V: Clone>(
        &self,
        key: &str,
        shelf: impl Fn(&mut Shelves) -> &mut Shelf<V>,
        read: impl FnOnce() -> Result<V, StoreError>,
    ) -> Result<V, StoreError> {
        let (held, holds) = {
            let mut shelves = self.shelves();
            if let Some(known) = shelf(&mut shelves).get(key) {
                return Ok(known.clone());
            }
            (shelves.held, shelves.holds)
        };
        // Without the lock: a slow read keeps nobody else waiting.
        let found = read()?;
        let mut shelves = self.shelves();
        if !held && shelves.holds == holds {
            let shelf = shelf(&mut shelves);
            if shelf.len() >= SHELF_MAX {
                shelf.clear();
            }
            shelf.insert(key.to_owned(), found.clone());
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Cookies;
    use exchange::sid::AccountSid;

    fn read(cache: &Cache, address: &str, lines: u32) -> u32 {
        let answer = || Ok(Handset { lines, ..Handset::new(address) });
        cache.handset(address, answer).expect("read").lines
    }

    #[test]
    fn what_was_read_is_kept_until_a_hold_and_nothing_is_kept_during_one() {
        let cache = Cache::default();
        assert_eq!((read(&cache, "a", 1), read(&cache, "a", 2)), (1, 1));
        let hold = cache.hold();
        assert_eq!((read(&cache, "a", 3), read(&cache, "a", 4)), (3, 4));
        drop(hold);
        assert_eq!((read(&cache, "a", 5), read(&cache, "a", 6)), (5, 5));
    }

    #[test]
    fn a_read_that_began_before_or_in_a_hold_is_not_kept_after_it() {
        let cache = Cache::default();
        let before = cache.handset("a", || {
            // The database is read; then the writer commits.
            drop(cache.hold());
            Ok(Handset { lines: 1, ..Handset::new("a") })
        });
        assert_eq!((before.expect("read").lines, read(&cache, "a", 2)), (1, 2));
        let mut hold = Some(cache.hold());
        let within = cache.handset("a", || {
            hold = None;
            Ok(Handset { lines: 3, ..Handset::new("a") })
        });
        assert_eq!((within.expect("read").lines, read(&cache, "a", 4)), (3, 4));
    }

    #[test]
    fn a_name_of_a_small_table_is_known_to_be_absent_and_one_of_a_large_table_is_not() {
        let cache = Cache::default();
        let few = || Ok(Some(Arc::new(HashSet::from(["a".to_owned()]))));
        let absent = |name| cache.is_absent("numbers", name, few).expect("read");
        assert_eq!((absent("a"), absent("b")), (false, true));
        assert!(!cache.is_absent("handsets", "b", || Ok(None)).expect("read"));
        // What is written is seen.
        drop(cache.hold());
        let more = || Ok(Some(Arc::new(HashSet::from(["b".to_owned()]))));
        assert!(!cache.is_absent("numbers", "b", more).expect("read"));
    }

    #[test]
    fn only_the_first_cookies_change_what_is_kept() {
        let cache = Cache::default();
        let account = AccountSid::parse(&format!("AC{}", "0".repeat(32))).expect("a sid");
        let put = Write::PutCookies(Box::new(Cookies {
            account,
            number: "+1".into(),
            peer: "+2".into(),
            jar: "a=1".into(),
            used: jiff::Timestamp::UNIX_EPOCH,
        }));
        let are_there = |there| cache.jars(account.as_str(), || Ok(there)).expect("read");
        // Somebody may be reading that there are none, so what is not known is changed, too.
        assert!(cache.concerns(&put));
        assert!(!are_there(false));
        assert!(cache.concerns(&put));
        drop(cache.hold());
        assert!(are_there(true));
        assert!(!cache.concerns(&put));
    }

    #[test]
    fn a_failed_read_is_not_kept_and_a_shelf_is_bounded() {
        let cache = Cache::default();
        assert!(cache.number("a", || Err(StoreError::Closed)).is_err());
        assert_eq!(cache.number("a", || Ok(None)).expect("read"), None);
        for n in 0..SHELF_MAX + 10 {
            read(&cache, &n.to_string(), 1);
        }
        assert_eq!(cache.shelves().handsets.len(), 10);
    }
}
