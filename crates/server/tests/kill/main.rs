//! Kill -9 in a loop under load, restart, and the books balance.
//!
//! ```text
//! load: creates and texts over many connections ─▶ the binary ─▶ receiver: slow now and then,
//!                                                   ▲    │        500 now and then
//!                                         restart ──┘    └─ kill -9 at any moment
//! ```
//!
//! When the last life of the house has become quiet, `books` compares what clients were promised,
//! what the store has, and what the receiver got. With the feature `planted-faults` the binary can
//! be told to do wrong in three ways, and each has to be found.

#[path = "../house/asker.rs"]
#[allow(dead_code, reason = "the house's tests use the rest")]
mod asker;
mod books;
mod calls;
#[path = "../house/customer.rs"]
#[allow(dead_code, reason = "the house's tests use the rest")]
mod customer;
mod load;
mod receiver;
#[path = "../house/support.rs"]
#[allow(dead_code, reason = "the house's tests use the rest")]
mod support;
#[path = "../house/typed.rs"]
mod typed;

use exchange::accounts::RetryProfile;
use jiff::SignedDuration;
use load::{Acknowledged, Load};
use offhook::clock::{StoppedBy, Until};
use receiver::Receiver;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Lives of the house that end with a kill.
const LIVES: u32 = 10;
/// How long a life lasts under load, in milliseconds: a random time between these.
const LIFE_MS: (u64, u64) = (200, 1200);
/// House time in which every retry of the durable profile is over.
const RETRIES_END: SignedDuration = SignedDuration::from_hours(100);

/// One loop at a time: each wants the machine for itself.
static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// The binary on a folder.
struct House {
    child: Child,
    url: String,
}

impl House {
    fn start(folder: &Path, fault: &str) -> House {
        let mut child = Command::new(env!("CARGO_BIN_EXE_offhook"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(folder)
            .current_dir(folder)
            .env("OFFHOOK_PLANT", fault)
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let url = lines
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| {
                let begin = line.find("http://")?;
                Some(line[begin..].trim().to_owned())
            })
            .expect("it says where it listens");
        // Whoever closes the other end of its output ends it.
        std::thread::spawn(move || lines.for_each(drop));
        House { child, url }
    }

    fn kill(mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it has ended");
    }
}

/// A number from `least` up to and without `end`.
fn between((least, end): (u64, u64)) -> u64 {
    least + getrandom::u64().expect("random bytes") % (end - least)
}

/// Runs the loop; what is wrong with the books afterwards.
async fn run(fault: &str) -> Vec<String> {
    let _turn = TURN.lock().await;
    let receiver = Receiver::start().await;
    let setup = support::open().await;
    setup.point(&receiver.url("/sms")).await;
    setup.settings(|settings| settings.retry_profile = RetryProfile::Durable).await;
    let (sid, token) = (setup.sid, setup.token.clone());
    let closed = setup.stop().await;

    let auth = asker::basic(sid.as_str(), &token);
    let load = Load::new(sid, &auth, &receiver.url("/status"));
    let mut acknowledged = Acknowledged::default();
    for _ in 0..LIVES {
        let house = House::start(closed.folder.path(), fault);
        let working = load.begin(&house.url);
        // The one pause of the house's tests: a life has to last for some time.
        tokio::time::sleep(Duration::from_millis(between(LIFE_MS))).await;
        house.kill();
        acknowledged.extend(working.end().await);
    }

    let house = closed.reopen().await;
    house.stand_still();
    let until = Until::Idle(house.house.now() + RETRIES_END);
    assert_eq!(house.house.clock.advance(until).await, StoppedBy::Idle);
    let received = receiver.received();
    let wrong = books::balance(&house, &acknowledged, &received);
    eprintln!(
        "{} creates and {} texts acknowledged, {} requests received, {} wrong{}",
        acknowledged.created.len(),
        acknowledged.texted.len(),
        received.len(),
        wrong.len(),
        if fault.is_empty() { String::new() } else { format!(" with {fault}") },
    );
    assert!(acknowledged.created.len() > 50 && acknowledged.texted.len() > 50, "a real load");
    house.stop().await;
    wrong
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_books_balance_after_every_kill() {
    let wrong = run("").await;
    assert!(wrong.is_empty(), "{} entries:\n{}", wrong.len(), wrong.join("\n"));
}

#[cfg(feature = "planted-faults")]
mod planted {
    use super::run;

    /// Loops in which a fault has to be found: whether a kill falls into its window is chance.
    const LOOPS_MAX: u32 = 4;

    /// Plants a fault; the loop has to find it, by the sign that is its own.
    async fn is_found(fault: &str, sign: &str) {
        let mut wrong = Vec::new();
        for _ in 0..LOOPS_MAX {
            wrong = run(fault).await;
            if wrong.iter().any(|entry| entry.contains(sign)) {
                return;
            }
        }
        panic!("{fault} stays hidden: {wrong:#?}");
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn an_acknowledgement_before_the_commit_is_found() {
        is_found("acknowledge-before-commit", "was acknowledged and is lost").await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_dropped_tell_is_found() {
        is_found("drop-tell", "has no tell of").await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_new_token_for_an_old_event_is_found() {
        is_found("no-token-reuse", "with a token that is not its own").await;
    }
}
