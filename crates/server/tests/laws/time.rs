//! Law 11: one file reads the time. And what is like it: one source of randomness, and waits in
//! wire time that are known by name.

use crate::tree::Tree;
use crate::{Broken, kept};

/// What reads a clock.
const CLOCKS: &[&str] =
    &["Instant", "SystemTime", "Timestamp::now", "UNIX_EPOCH", "Utc::now", "Zoned::now", "elapsed"];

/// Who may, and why.
const READERS: &[(&str, &str)] = &[
    ("crates/server/src/clock.rs", "it is the clock"),
    ("crates/client/src/", "budgets of requests are wire time, measured by the runtime's timer"),
    ("crates/server/src/cli/", "commands wait for a house; they are outside of it"),
];

fn is_in(path: &str, known: &[(&str, &str)]) -> bool {
    known.iter().any(|(place, _)| path.starts_with(place))
}

fn reading(tree: &Tree) -> Broken {
    let others = tree.sources().filter(|file| !is_in(&file.path, READERS));
    let mut broken: Broken = others.flat_map(|file| file.naming(CLOCKS)).collect();
    // A database has a clock, too.
    let sql = ["'now'", "CURRENT_TIME", "CURRENT_DATE", "unixepoch()", "julianday()"];
    for file in tree.files().filter(|file| file.path.starts_with("crates/store/src/")) {
        for (n, line) in file.text.lines().enumerate() {
            if sql.iter().any(|clock| line.contains(clock)) {
                broken.push(format!("{}:{}: {}", file.path, n + 1, line.trim()));
            }
        }
    }
    broken
}

#[test]
fn nothing_but_the_clock_reads_the_time() {
    kept(
        reading,
        &[
            ("crates/server/src/house.rs", "fn f() { jiff::Timestamp::now(); }"),
            ("crates/server/src/webhooks/exchange.rs", "use std::time::Instant;"),
            ("libs/webhook/src/verify.rs", "use std::time::{Duration, SystemTime};"),
            ("crates/store/src/keys.rs", "const A: &str = \"VALUES (datetime('now'))\";"),
        ],
    );
}

/// Who waits in wire time, and for what. Everything else that waits, waits for house time.
const WAITS: &[(&str, &str)] = &[
    ("crates/server/src/clock.rs", "wakes house time's sleepers"),
    ("crates/client/src/", "budgets of requests, idle connections"),
    ("crates/server/src/api/own/call_transcript.rs", "a person who waits for what a call does"),
    ("crates/server/src/api/own/events.rs", "the stream's signs of life"),
    ("crates/server/src/api/request.rs", "bodies of requests"),
    ("crates/server/src/listener.rs", "heads of requests, open files, the end of a stop"),
    ("crates/server/src/calls/switchboard.rs", "the end of a stop, frames of live sound"),
    ("crates/server/src/webhooks/delivery.rs", "the end of a stop, a full disk"),
    ("crates/server/src/mp3.rs", "who waits for its turn"),
    ("crates/server/src/process.rs", "programs that hang"),
    ("crates/server/src/speech/", "who waits for its turn"),
    ("crates/server/src/messages/media.rs", "servers of media, all of a message together"),
    ("crates/server/src/reset.rs", "requests that are in and have to go"),
    ("crates/server/src/api/own/events.rs", "silence that a stream breaks to stay open"),
    ("crates/server/src/retention.rs", "the time between two looks at the log"),
    ("crates/server/src/cli/", "a house that is not there yet"),
];

fn waiting(tree: &Tree) -> Broken {
    let timers = ["interval", "sleep", "sleep_until", "timeout", "timeout_at"];
    let timers = timers.map(|timer| format!("time::{timer}"));
    let timers: Vec<&str> = timers.iter().map(String::as_str).chain(["thread::sleep"]).collect();
    let others = tree.sources().filter(|file| !is_in(&file.path, WAITS));
    others.flat_map(|file| file.naming(&timers)).collect()
}

#[test]
fn waits_in_wire_time_are_known_by_name() {
    let path = "crates/server/src/messages/inbound.rs";
    kept(
        waiting,
        &[
            (path, "async fn f() { tokio::time::sleep(a).await; }"),
            (path, "use tokio::time::{Duration, interval};"),
        ],
    );
}

/// Where randomness comes from, and what for.
const RANDOM: &[(&str, &str)] = &[
    ("crates/server/src/ids.rs", "sids, tokens, secrets and the spread of retries"),
    ("crates/client/src/", "the client's part of a digest login"),
];

fn chance(tree: &Tree) -> Broken {
    let sources = ["RandomState", "fastrand", "getrandom", "rand", "uuid"];
    let others = tree.sources().filter(|file| !is_in(&file.path, RANDOM));
    others.flat_map(|file| file.naming(&sources)).collect()
}

#[test]
fn randomness_has_one_source() {
    kept(chance, &[("crates/server/src/first.rs", "fn f() { getrandom::u64(); }")]);
}
