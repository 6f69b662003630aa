//! What is kept in memory as long as there is room, and made once when several want it at a time.
//!
//! Audio files and rendered speech stand on shelves of their own. What was not used for the longest
//! time makes room. Nothing here knows what it keeps, and nothing waits while a lock is held.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::OnceCell;

/// Things on one shelf at most, however small they are.
pub const THINGS_MAX: usize = 4096;

/// Things by their key, of a limited size together.
#[derive(Debug)]
pub struct Shelf<K, V> {
    bytes_max: usize,
    thing_bytes_max: usize,
    inside: Mutex<Inside<K, V>>,
}

#[derive(Debug)]
struct Inside<K, V> {
    things: HashMap<K, Thing<V>>,
    bytes: usize,
    uses: u64,
}

#[derive(Debug)]
struct Thing<V> {
    value: V,
    bytes: usize,
    used: u64,
}

impl<K: Clone + Eq + Hash, V: Clone> Shelf<K, V> {
    /// An empty shelf for `bytes_max` bytes; a thing larger than `thing_bytes_max` is not kept.
    pub fn new(bytes_max: usize, thing_bytes_max: usize) -> Shelf<K, V> {
        let inside = Inside { things: HashMap::new(), bytes: 0, uses: 0 };
        let thing_bytes_max = thing_bytes_max.min(bytes_max);
        Shelf { bytes_max, thing_bytes_max, inside: Mutex::new(inside) }
    }

    fn lock(&self) -> MutexGuard<'_, Inside<K, V>> {
        // Nothing in here can panic half-way through a change.
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A thing that is there.
    pub fn get(&self, key: &K) -> Option<V> {
        let mut inside = self.lock();
        inside.uses += 1;
        let used = inside.uses;
        let thing = inside.things.get_mut(key)?;
        thing.used = used;
        Some(thing.value.clone())
    }

    /// Keeps a thing of `bytes` bytes instead of what has its key, and lets others go for it.
    pub fn put(&self, key: K, value: V, bytes: usize) {
        let mut inside = self.lock();
        inside.take(&key);
        if bytes > self.thing_bytes_max {
            return;
        }
        while inside.bytes + bytes > self.bytes_max || inside.things.len() >= THINGS_MAX {
            let oldest = inside.things.iter().min_by_key(|(_, thing)| thing.used);
            let Some(oldest) = oldest.map(|(key, _)| key.clone()) else { break };
            inside.take(&oldest);
        }
        inside.uses += 1;
        let used = inside.uses;
        inside.bytes += bytes;
        inside.things.insert(key, Thing { value, bytes, used });
    }

    /// Lets a thing go.
    pub fn remove(&self, key: &K) {
        self.lock().take(key);
    }

    /// Lets everything go.
    pub fn clear(&self) {
        let mut inside = self.lock();
        inside.things.clear();
        inside.bytes = 0;
    }

    /// Bytes that are kept.
    pub fn bytes(&self) -> usize {
        self.lock().bytes
    }
}

impl<K: Eq + Hash, V> Inside<K, V> {
    fn take(&mut self, key: &K) {
        if let Some(thing) = self.things.remove(key) {
            self.bytes -= thing.bytes;
        }
    }
}

/// What is being made. As many as callers that wait: it needs no limit of its own.
#[derive(Debug)]
pub struct Makings<K: Eq + Hash, T> {
    under_way: Mutex<HashMap<K, Arc<OnceCell<T>>>>,
}

impl<K: Eq + Hash, T> Default for Makings<K, T> {
    fn default() -> Makings<K, T> {
        Makings { under_way: Mutex::default() }
    }
}

/// A caller's share in something that is being made.
struct Share<'a, K: Clone + Eq + Hash, T> {
    makings: &'a Makings<K, T>,
    key: K,
    cell: Arc<OnceCell<T>>,
}

impl<K: Clone + Eq + Hash, T: Clone> Makings<K, T> {
    /// What `make` makes, or what another caller is making under the same key at this moment. When
    /// that one goes away, `make` goes on in its place.
    pub async fn once(&self, key: K, make: impl Future<Output = T>) -> T {
        let cell = {
            let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
            under_way.entry(key.clone()).or_default().clone()
        };
        let share = Share { makings: self, key, cell };
        share.cell.get_or_init(|| make).await.clone()
    }
}

impl<K: Clone + Eq + Hash, T> Drop for Share<'_, K, T> {
    fn drop(&mut self) {
        let mut under_way = self.makings.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        let ours = under_way.get(&self.key).is_some_and(|cell| Arc::ptr_eq(cell, &self.cell));
        // The map's and ours: nobody else waits for it.
        let alone = Arc::strong_count(&self.cell) <= 2;
        if ours && (alone || self.cell.initialized()) {
            under_way.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::oneshot;

    #[test]
    fn what_was_not_used_for_longest_makes_room() {
        let shelf = Shelf::new(100, 60);
        for key in ["a", "b", "c"] {
            shelf.put(key, key, 30);
        }
        assert_eq!(shelf.get(&"a"), Some("a"));
        shelf.put("d", "d", 30);
        let there = |key| shelf.get(&key).is_some();
        assert_eq!(["a", "b", "c", "d"].map(there), [true, false, true, true]);
        shelf.put("e", "e", 60);
        assert_eq!(["a", "c", "d", "e"].map(there), [false, false, true, true]);
        assert_eq!(shelf.bytes(), 90);
        shelf.put("f", "f", 61);
        assert!(!there("f"), "larger than one may be");
        shelf.put("e", "e2", 10);
        assert_eq!((shelf.get(&"e"), shelf.bytes()), (Some("e2"), 40));
        shelf.remove(&"e");
        shelf.clear();
        assert_eq!((shelf.bytes(), there("d")), (0, false));
    }

    #[test]
    fn small_things_are_counted_too() {
        let shelf = Shelf::new(usize::MAX, usize::MAX);
        (0..=THINGS_MAX).for_each(|key| shelf.put(key, (), 0));
        assert_eq!((shelf.get(&0), shelf.get(&THINGS_MAX)), (None, Some(())));
    }

    #[tokio::test]
    async fn several_that_want_the_same_have_it_made_once() {
        let makings = Makings::<&str, u32>::default();
        let (send, receive) = oneshot::channel();
        let first = makings.once("a", async { receive.await.expect("sent below") });
        let second = makings.once("a", std::future::pending());
        let other = makings.once("b", async {
            send.send(7).expect("somebody waits");
            8
        });
        assert_eq!(tokio::join!(first, second, other), (7, 7, 8));
        assert_eq!(makings.once("a", async { 9 }).await, 9, "it was over");
    }

    #[tokio::test]
    async fn who_waits_goes_on_for_who_went_away() {
        let makings = Makings::<&str, u32>::default();
        let mut first = Box::pin(makings.once("a", std::future::pending()));
        let mut second = Box::pin(makings.once("a", async { 2 }));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(first.as_mut().poll(&mut context).is_pending());
        assert!(second.as_mut().poll(&mut context).is_pending());
        drop(first);
        assert_eq!(second.await, 2);
        assert!(makings.under_way.lock().expect("no panic").is_empty());
    }
}
