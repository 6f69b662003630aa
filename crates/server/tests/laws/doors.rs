//! Laws 4 and 6: who may open a connection, and which doors the command line uses.

use crate::tree::Tree;
use crate::{Broken, kept};

/// What reaches out, or finds out where to.
const DIALLING: &[&str] = &[
    "HttpConnector",
    "TcpSocket",
    "TcpStream::connect",
    "TcpStream::connect_timeout",
    "ToSocketAddrs",
    "UdpSocket",
    "UnixStream",
    "hyper_util::client",
    "lookup_host",
    "reqwest",
    "to_socket_addrs",
    "ureq",
];

/// Who may, and why.
const DIALLERS: &[(&str, &str)] = &[
    ("crates/client/src/dial.rs", "checks the very address it dials"),
    ("crates/server/src/cli/", "speaks to the house, at the address its user gave"),
];

fn dialling(tree: &Tree) -> Broken {
    let may = |path: &str| DIALLERS.iter().any(|(dialler, _)| path.starts_with(dialler));
    tree.sources().filter(|file| !may(&file.path)).flat_map(|file| file.naming(DIALLING)).collect()
}

#[test]
fn only_the_guarded_client_opens_connections_to_customers() {
    kept(
        dialling,
        &[
            ("crates/server/src/media.rs", "fn f() { tokio::net::TcpStream::connect(a); }"),
            ("crates/client/src/run.rs", "use tokio::net::lookup_host;"),
            ("crates/server/src/bins.rs", "use hyper_util::client::legacy::Client;"),
            ("crates/server/src/api/media.rs", "fn f() { reqwest::get(url); }"),
        ],
    );
}

/// What is behind the public doors.
const BEHIND: &[&str] = &[
    "crate::api",
    "crate::bins",
    "crate::first",
    "crate::house",
    "crate::messages",
    "crate::open",
    "crate::webhooks",
    "offhook::house",
    "offhook::open",
    "rusqlite",
    "store",
];

/// Commands that are the house itself, and why.
const INSIDE: &[(&str, &str)] = &[
    ("crates/server/src/cli/configuration.rs", "what `serve` opens a house with"),
    ("crates/server/src/cli/migrate.rs", "moves a data folder"),
    ("crates/server/src/cli/serve.rs", "opens a house"),
];

fn outside(tree: &Tree) -> Broken {
    let folders = ["crates/server/src/cli/", "crates/server/src/console/"];
    let sources = folders.iter().flat_map(|folder| tree.sources_in(folder));
    let visitors = sources.filter(|file| !INSIDE.iter().any(|(path, _)| file.path == *path));
    visitors.flat_map(|file| file.naming(BEHIND)).collect()
}

#[test]
fn console_and_command_line_use_the_public_doors() {
    kept(
        outside,
        &[
            ("crates/server/src/cli/numbers.rs", "use store::Store;"),
            ("crates/server/src/console/mod.rs", "use crate::{house::House, clock::Clock};"),
        ],
    );
}
