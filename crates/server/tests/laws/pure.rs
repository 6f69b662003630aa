//! Laws 2, 3 and 8, in sources: who decides does nothing, who keeps does not decide.

use crate::tree::Tree;
use crate::{Broken, kept};

/// The rooms that decide.
const PURE: &[&str] = &["crates/exchange/src/", "crates/media/src/"];

/// What only doers need. Addresses as values (`std::net::IpAddr`) are fine.
const DOING: &[&str] = &[
    "async",
    "await",
    "Instant",
    "LazyLock",
    "Mutex",
    "OnceLock",
    "RwLock",
    "SystemTime",
    "TcpListener",
    "TcpStream",
    "ToSocketAddrs",
    "UdpSocket",
    "eprintln",
    "now",
    "println",
    "std::env",
    "std::fs",
    "std::io",
    "std::os",
    "std::process",
    "std::sync",
    "std::thread",
    "thread_local",
];

fn deciding(tree: &Tree) -> Broken {
    let sources = PURE.iter().flat_map(|folder| tree.sources_in(folder));
    // `now` is an argument everywhere; only asking somebody for it is doing.
    // What is shared by counting it is a value like any other.
    let called = |line: &String| !line.ends_with(": now") && !line.ends_with(": std::sync::Arc");
    sources.flat_map(|file| file.naming(DOING)).filter(called).collect()
}

#[test]
fn who_decides_knows_no_async_clock_file_socket_thread_or_log() {
    let path = "crates/exchange/src/messages/send.rs";
    kept(
        deciding,
        &[
            (path, "pub async fn send() {}"),
            (path, "use std::{fs, fmt};"),
            (path, "use std::time::{Duration, Instant};"),
            (path, "fn at() -> Timestamp { Timestamp::now() }"),
            (path, "fn ask() { let a = std::net::TcpStream::connect(b); }"),
            (path, "static A: std::sync::OnceLock<u8> = std::sync::OnceLock::new();"),
            (path, "fn log() { println!(\"here\"); }"),
            ("crates/media/src/decode.rs", "fn f() { std::fs::read(a); }"),
            ("crates/media/src/timeline.rs", "use std::sync::{Arc, Mutex};"),
            ("crates/media/src/timeline.rs", "use std::sync::*;"),
            ("crates/media/src/wav.rs", "fn f(to: &mut impl std::io::Write) {}"),
        ],
    );
}

/// Records and words are types; what decides about them are functions, whose names begin small.
fn keeping(tree: &Tree) -> Broken {
    let mut broken = Broken::new();
    for file in tree.sources_in("crates/store/src/") {
        for mention in &file.mentions {
            let mut segments = mention.path.split("::").skip_while(|one| *one == "self");
            let of_the_middle = segments.next() == Some("exchange");
            let a_type = |one: &str| one.starts_with(|first: char| first.is_ascii_uppercase());
            if of_the_middle && !segments.any(a_type) {
                broken.push(format!("{}:{}: {}", file.path, mention.line, mention.path));
            }
        }
    }
    broken
}

#[test]
fn the_store_takes_records_from_the_middle_and_never_its_decisions() {
    let path = "crates/store/src/messages.rs";
    kept(
        keeping,
        &[
            (path, "use exchange::messages::status;"),
            (path, "fn f() { exchange::messages::inbound::receive(); }"),
            (path, "use exchange::{sid::Sid, webhooks::retry::next};"),
        ],
    );
}

fn carrying(tree: &Tree) -> Broken {
    let unseen = ["exchange::bins", "exchange::webhooks", "store", "twiml", "webhook"];
    tree.sources_in("crates/carriers/src/").flat_map(|file| file.naming(&unseen)).collect()
}

#[test]
fn carriers_never_see_store_webhooks_or_twiml() {
    let path = "crates/carriers/src/lib.rs";
    kept(carrying, &[(path, "use exchange::{messages::Message, webhooks::Webhook};")]);
}

fn plain(tree: &Tree) -> Broken {
    let rooms = ["crates/exchange/", "crates/media/", "crates/carriers/"];
    let sources = rooms.iter().flat_map(|folder| tree.sources_in(folder));
    sources.flat_map(|file| file.naming(&["serde", "Serialize", "Deserialize"])).collect()
}

#[test]
fn records_do_not_derive_their_shape_on_the_wire() {
    let path = "crates/exchange/src/bins/record.rs";
    kept(plain, &[(path, "#[derive(Debug, serde::Serialize)]\npub struct Bin;")]);
}
