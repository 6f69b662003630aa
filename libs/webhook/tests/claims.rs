//! A token is claimed once, however many try at the same moment, until its work failed, its lease
//! ended or it was forgotten.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};
use std::time::Duration;
use webhook::{Claim, Claims, Memory, TOKEN_BYTES_MAX, received_token};

/// A clock that the test moves.
#[derive(Clone, Default)]
struct Clock(Arc<AtomicU64>);

impl Clock {
    fn advance(&self, seconds: u64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }

    fn memory(&self) -> Memory {
        let seconds = self.0.clone();
        Memory::new(move || Duration::from_secs(seconds.load(Ordering::SeqCst)))
    }
}

async fn claim(claims: &impl Claims, token: &str) -> Claim {
    claims.claim(token).await.unwrap_or_else(|error| panic!("{error}"))
}

#[tokio::test]
async fn work_that_failed_can_be_claimed_again_and_work_that_is_done_cannot() {
    let claims = Clock::default().memory();
    assert_eq!(claim(&claims, "a").await, Claim::First);
    assert_eq!(claim(&claims, "a").await, Claim::InWork);
    assert_eq!(claim(&claims, "b").await, Claim::First);
    claims.release("a").await.unwrap();
    assert_eq!(claim(&claims, "a").await, Claim::First);
    claims.settle("a").await.unwrap();
    assert_eq!(claim(&claims, "a").await, Claim::Done);
    assert_eq!(claim(&claims, "b").await, Claim::InWork);
    // Nobody claimed these.
    claims.settle("c").await.unwrap();
    claims.release("d").await.unwrap();
    assert_eq!(claim(&claims, "c").await, Claim::First);
}

#[tokio::test]
async fn a_lease_ends_and_tokens_are_forgotten_in_time() {
    let clock = Clock::default();
    let claims = clock.memory().lease(Duration::from_secs(60)).kept_for(Duration::from_secs(3600));
    claim(&claims, "dropped").await;
    claim(&claims, "done").await;
    claims.settle("done").await.unwrap();
    clock.advance(59);
    assert_eq!(claim(&claims, "dropped").await, Claim::InWork);
    clock.advance(1);
    assert_eq!(claim(&claims, "dropped").await, Claim::First);
    assert_eq!(claim(&claims, "done").await, Claim::Done);
    clock.advance(3540);
    assert_eq!(claim(&claims, "done").await, Claim::First);
}

#[tokio::test]
async fn at_the_limit_the_oldest_is_forgotten() {
    let claims = Clock::default().memory().tokens_max(3);
    for token in ["a", "b", "c", "d"] {
        claim(&claims, token).await;
    }
    assert_eq!(format!("{claims:?}"), "Memory { tokens: 3, .. }");
    assert_eq!(claim(&claims, "b").await, Claim::InWork);
    assert_eq!(claim(&claims, "a").await, Claim::First);
    assert_eq!(claim(&claims, "b").await, Claim::First);
}

#[test]
fn of_many_at_once_one_gets_the_claim() {
    let claims = Arc::new(Clock::default().memory());
    for round in 0..50 {
        let token = format!("token {round}");
        let (start, won) = (Barrier::new(8), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
                    start.wait();
                    // Through the shared pointer, as handlers have it.
                    if runtime.block_on(claim(&claims, &token)) == Claim::First {
                        won.fetch_add(1, Ordering::SeqCst);
                    }
                });
            }
        });
        assert_eq!(won.into_inner(), 1, "{token}");
    }
}

#[test]
fn a_token_has_a_longest_size() {
    let longest = "x".repeat(TOKEN_BYTES_MAX);
    assert_eq!(received_token(Some(&longest)), Some(&*longest));
    assert_eq!(received_token(Some(&format!("{longest}x"))), None);
    assert_eq!(received_token(None), None);
}
