//! Laws 7 and 10: nothing grows without a named limit, no lock is held across an await. And no
//! state but a house's own.

use crate::tree::Tree;
use crate::{Broken, kept};

/// Queues without a length, and why each still has a limit.
const UNBOUNDED: &[(&str, &str)] = &[
    ("crates/server/src/open.rs", "committed batches: as many as callers that wait, and finishes"),
    ("crates/server/src/calls/orders.rs", "orders: as many as callers that wait, and new calls"),
    ("crates/server/src/calls/switchboard.rs", "as many as documents and files on their way"),
    ("crates/server/src/webhooks/delivery.rs", "outcomes: as many as exchanges on their way"),
    ("crates/store/src/writer.rs", "orders: as many as connections and exchanges"),
];

fn queues(tree: &Tree) -> Broken {
    let may = |path: &str| UNBOUNDED.iter().any(|(known, _)| path == *known);
    let queues = ["unbounded_channel", "mpsc::channel", "unbounded", "LinkedList"];
    let bounded = |line: &String| !line.contains("tokio::sync::mpsc::channel");
    let sources = tree.sources().filter(|file| !may(&file.path));
    sources.flat_map(|file| file.naming(&queues)).filter(bounded).collect()
}

#[test]
fn every_queue_has_a_length_or_a_reason() {
    kept(
        queues,
        &[
            ("crates/server/src/events.rs", "use tokio::sync::mpsc::unbounded_channel;"),
            ("crates/store/src/reader.rs", "use std::sync::mpsc::{Sender, channel};"),
        ],
    );
}

fn bodies(tree: &Tree) -> Broken {
    let mut broken = Broken::new();
    for file in tree.sources() {
        broken.extend(file.naming(&["DefaultBodyLimit::disable", "read_to_end", "read_to_string"]));
        for (n, line) in file.code.lines().enumerate() {
            let endless = ["to_bytes", "Limited::new", "with_capacity"];
            if line.contains("::MAX)") && endless.iter().any(|call| line.contains(call)) {
                broken.push(format!("{}:{}: {}", file.path, n + 1, line.trim()));
            }
        }
    }
    broken.retain(|line| !WHOLE_FILES.iter().any(|(path, _)| line.starts_with(path)));
    broken
}

/// Who reads a whole file or stream, and what bounds it.
const WHOLE_FILES: &[(&str, &str)] = &[
    ("crates/client/src/answer.rs", "unpacks through `take`, up to the request's limit"),
    ("crates/server/src/data_dir.rs", "files that the house itself wrote"),
    ("crates/server/src/cli/", "what the user of the command named"),
];

#[test]
fn every_body_has_a_named_maximum() {
    let path = "crates/server/src/api/request.rs";
    kept(
        bodies,
        &[
            (path, "fn f() { axum::body::to_bytes(body, usize::MAX); }"),
            (path, "fn f() { stream.read(a); std::fs::read_to_string(b); }"),
            (path, "use axum::extract::DefaultBodyLimit;\nfn f() { DefaultBodyLimit::disable() }"),
        ],
    );
}

/// Clippy sees a lock of `std` held across an await, and is on (see `arrows`); these it would not
/// see, or silence it.
fn locks(tree: &Tree) -> Broken {
    let locks = [
        "clippy::await_holding_lock",
        "parking_lot",
        "sync::RwLockWriteGuard",
        "tokio::sync::Mutex",
        "tokio::sync::RwLock",
    ];
    tree.sources().flat_map(|file| file.naming(&locks)).collect()
}

#[test]
fn no_lock_is_made_to_be_held_across_an_await() {
    let path = "crates/server/src/house.rs";
    kept(
        locks,
        &[
            (path, "use tokio::sync::{Mutex, mpsc};"),
            (path, "#[allow(clippy::await_holding_lock)]\nfn f() {}"),
        ],
    );
}

/// Who has a static, and why.
const STATICS: &[(&str, &str)] = &[
    ("crates/server/src/main.rs", "the allocator"),
    ("crates/store/src/lib.rs", "which fault is planted; in no build that ships"),
];

fn statics(tree: &Tree) -> Broken {
    let mut broken = Broken::new();
    for file in tree.sources() {
        if STATICS.iter().any(|(path, _)| file.path == *path) {
            continue;
        }
        for (n, line) in file.code.lines().enumerate() {
            let words: Vec<&str> = line.split_whitespace().collect();
            let named = |pair: &[&str]| {
                let name = pair[1].trim_end_matches(':');
                let loud = |sign: char| sign.is_ascii_uppercase() || sign == '_';
                pair[0] == "static" && pair[1].ends_with(':') && name.chars().any(loud)
            };
            if words.windows(2).any(named) {
                broken.push(format!("{}:{}: {}", file.path, n + 1, line.trim()));
            }
        }
    }
    broken
}

#[test]
fn all_state_is_a_house_s_own() {
    let text = "pub(crate) static SEEN: Mutex<Vec<u8>> = Mutex::new(Vec::new());";
    kept(statics, &[("crates/server/src/events.rs", text)]);
}
