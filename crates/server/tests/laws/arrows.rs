//! Laws 1 to 3, in manifests: arrows go down only, and rooms on one floor do not see each other.

use crate::tree::Tree;
use crate::{Broken, kept};

/// Every room, and the rooms it may depend on.
const ROOMS: &[(&str, &[&str])] = &[
    ("libs/twiml", &[]),
    ("libs/webhook", &["twiml"]),
    ("crates/exchange", &["twiml", "webhook"]),
    ("crates/media", &[]),
    ("crates/store", &["exchange", "webhook"]),
    ("crates/client", &["exchange", "webhook"]),
    ("crates/carriers", &["exchange", "media"]),
    ("crates/server", &["twiml", "webhook", "exchange", "media", "store", "client", "carriers"]),
];

/// What the pure middle may be built from: things that compute and do nothing else.
const PURE: &[&str] = &[
    "base64",
    "encoding_rs",
    "jiff",
    "md-5",
    "nanomp3-core",
    "roxmltree",
    "sha2",
    "twiml",
    "unicode-segmentation",
    "webhook",
];

/// What would bring a runtime into a published library. An optional dependency may.
const RUNTIMES: &[&str] = &["async-std", "axum", "futures", "hyper", "reqwest", "smol", "tokio"];

/// The tables of a manifest that name dependencies, and the names in each.
fn dependencies(manifest: &toml::Table, kinds: &[&str]) -> Vec<(String, toml::Value)> {
    let mut tables: Vec<&toml::Table> = vec![manifest];
    let targets = manifest.get("target").and_then(toml::Value::as_table);
    tables.extend(targets.into_iter().flatten().filter_map(|(_, target)| target.as_table()));
    let named = tables.iter().flat_map(|table| kinds.iter().filter_map(|kind| table.get(*kind)));
    let all = named.filter_map(toml::Value::as_table).flatten();
    all.map(|(name, how)| (name.clone(), how.clone())).collect()
}

const SHIPPED: &[&str] = &["dependencies", "build-dependencies"];
const ALL: &[&str] = &["dependencies", "build-dependencies", "dev-dependencies"];

/// Whether a dependency of this name is a room of the house.
fn is_room(name: &str) -> bool {
    let named = |room: &str| room.rsplit('/').next() == Some(name);
    name == "offhook" || ROOMS.iter().any(|(room, _)| named(room))
}

/// Names of every dependency of every manifest, with the manifest's path; rooms left out.
pub fn outside(tree: &Tree) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for (path, manifest) in tree.manifests() {
        let names = dependencies(&manifest, ALL).into_iter().map(|(name, _)| name);
        all.extend(names.filter(|name| !is_room(name)).map(|name| (path.to_owned(), name)));
    }
    all
}

fn rooms(tree: &Tree) -> Broken {
    let mut broken = Broken::new();
    for (path, manifest) in tree.manifests() {
        let folder = path.trim_end_matches("/Cargo.toml");
        if !folder.starts_with("libs/") && !folder.starts_with("crates/") {
            continue;
        }
        let Some((_, may)) = ROOMS.iter().find(|(room, _)| *room == folder) else {
            broken.push(format!("{path}: a room that is not in the table of arrows"));
            continue;
        };
        for (name, _) in dependencies(&manifest, ALL) {
            if is_room(&name) && !may.contains(&name.as_str()) {
                broken.push(format!("{path}: depends on {name}, which it may not see"));
            }
        }
    }
    broken
}

#[test]
fn arrows_go_down_only() {
    kept(
        rooms,
        &[
            ("libs/twiml/Cargo.toml", "[dependencies]\nwebhook.workspace = true"),
            ("libs/webhook/Cargo.toml", "[dev-dependencies]\nexchange.workspace = true"),
            ("crates/store/Cargo.toml", "[target.'cfg(unix)'.dependencies]\ncarriers = '1'"),
            ("crates/carriers/Cargo.toml", "[dependencies]\ntwiml.workspace = true"),
            ("crates/exchange/Cargo.toml", "[build-dependencies]\nstore.workspace = true"),
            ("crates/exchange/Cargo.toml", "[dependencies]\nmedia.workspace = true"),
            ("crates/media/Cargo.toml", "[dependencies]\nexchange.workspace = true"),
            ("crates/media/Cargo.toml", "[dev-dependencies]\ntwiml.workspace = true"),
            ("crates/store/Cargo.toml", "[dependencies]\nmedia.workspace = true"),
            ("crates/attic/Cargo.toml", "[package]\nname = 'attic'"),
        ],
    );
}

fn pure(tree: &Tree) -> Broken {
    let mut broken = Broken::new();
    for (path, manifest) in tree.manifests() {
        if path.starts_with("crates/exchange/") || path.starts_with("crates/media/") {
            let names = dependencies(&manifest, SHIPPED).into_iter().map(|(name, _)| name);
            let impure = names.filter(|name| !PURE.contains(&name.as_str()));
            broken.extend(impure.map(|name| format!("{path}: {name} is not known to be pure")));
        }
    }
    broken
}

#[test]
fn the_pure_middle_is_built_from_pure_things() {
    kept(
        pure,
        &[
            ("crates/exchange/Cargo.toml", "[dependencies]\ntokio.workspace = true"),
            ("crates/media/Cargo.toml", "[dependencies]\nrand = '1'"),
        ],
    );
}

fn light(tree: &Tree) -> Broken {
    let mut broken = Broken::new();
    for (path, manifest) in tree.manifests() {
        if !path.starts_with("libs/") {
            continue;
        }
        for (name, how) in dependencies(&manifest, SHIPPED) {
            let optional = how.get("optional").and_then(toml::Value::as_bool) == Some(true);
            if RUNTIMES.contains(&name.as_str()) && !optional {
                broken.push(format!("{path}: {name} in a published library"));
            }
        }
    }
    broken
}

#[test]
fn the_published_libraries_bring_no_runtime() {
    kept(light, &[("libs/webhook/Cargo.toml", "[dependencies]\naxum = { workspace = true }")]);
}

fn strict(tree: &Tree) -> Broken {
    let mut broken = Broken::new();
    for (path, manifest) in tree.manifests() {
        let lints = manifest.get("lints").and_then(|lints| lints.get("workspace"));
        let in_workspace = path.starts_with("libs/") || path.starts_with("crates/");
        if in_workspace && lints.and_then(toml::Value::as_bool) != Some(true) {
            broken.push(format!("{path}: does not take the workspace's lints"));
        }
        if path == "Cargo.toml" {
            let lints = &manifest["workspace"]["lints"];
            if lints["rust"]["unsafe_code"].as_str() != Some("forbid") {
                broken.push(format!("{path}: unsafe code is not forbidden"));
            }
            if lints["clippy"]["all"]["level"].as_str() != Some("warn") {
                broken.push(format!("{path}: clippy's lints are not on"));
            }
        }
    }
    broken
}

#[test]
fn every_crate_takes_the_workspaces_lints_and_unsafe_code_is_forbidden() {
    let root = "[workspace.lints]\nrust.unsafe_code = 'deny'\nclippy.all.level = 'warn'";
    kept(
        strict,
        &[("crates/store/Cargo.toml", "[package]\nname = 'offhook-store'"), ("Cargo.toml", root)],
    );
}
