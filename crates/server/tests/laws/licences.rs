//! What we ship may be shipped: every crate that is compiled in has a licence of the list in
//! deny.toml, and none is one of those it bans. `cargo deny` checks the same, and more, where it is installed.

use crate::Broken;
use crate::tree::{Tree, root};
use serde_json::Value;
use std::collections::BTreeSet;
use std::process::Command;

/// Whether `expression` (SPDX, or the older `A/B`) can be satisfied with `allowed` licences.
fn may(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    any_of(&words, &mut at, allowed) && at == words.len()
}

fn any_of(words: &[&str], at: &mut usize, allowed: &BTreeSet<String>) -> bool {
    let mut found = all_of(words, at, allowed);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        found |= all_of(words, at, allowed);
    }
    found
}

fn all_of(words: &[&str], at: &mut usize, allowed: &BTreeSet<String>) -> bool {
    let mut found = one(words, at, allowed);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        found &= one(words, at, allowed);
    }
    found
}

fn one(words: &[&str], at: &mut usize, allowed: &BTreeSet<String>) -> bool {
    let Some(word) = words.get(*at) else {
        return false;
    };
    *at += 1;
    if *word == "(" {
        let found = any_of(words, at, allowed);
        *at += 1;
        return found;
    }
    if words.get(*at) == Some(&"WITH") {
        *at += 2;
    }
    allowed.contains(*word)
}

fn allowed(tree: &Tree) -> BTreeSet<String> {
    let deny: toml::Table = tree.text("deny.toml").parse().expect("deny.toml is TOML");
    let list = deny["licenses"]["allow"].as_array().expect("deny.toml lists licences");
    list.iter().filter_map(|one| one.as_str()).map(str::to_owned).collect()
}

/// Crates that deny.toml bans.
fn bans(tree: &Tree) -> BTreeSet<String> {
    let deny: toml::Table = tree.text("deny.toml").parse().expect("deny.toml is TOML");
    let list = deny["bans"]["deny"].as_array().expect("deny.toml bans crates");
    list.iter().filter_map(|one| one["crate"].as_str()).map(str::to_owned).collect()
}

/// Crates and their licences, as cargo knows them; nothing is fetched.
fn crates() -> Vec<(String, String)> {
    let host = Command::new("rustc").arg("-vV").output().expect("rustc has built this test");
    let host = String::from_utf8_lossy(&host.stdout).into_owned();
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).expect("rustc has a host");
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--offline", "--filter-platform", host])
        .current_dir(root())
        .output()
        .expect("cargo has started this test");
    let why = String::from_utf8_lossy(&metadata.stderr);
    let metadata: Value = serde_json::from_slice(&metadata.stdout)
        .unwrap_or_else(|_| panic!("cargo metadata: {why}"));
    let packages = metadata["packages"].as_array().expect("cargo lists packages");
    let text = |value: &Value| value.as_str().unwrap_or("none").to_owned();
    packages.iter().map(|one| (text(&one["name"]), text(&one["license"]))).collect()
}

fn licensed(crates: &[(String, String)], allowed: &BTreeSet<String>) -> Broken {
    let bad = crates.iter().filter(|(_, licence)| !may(licence, allowed));
    bad.map(|(name, licence)| format!("{name}: {licence}")).collect()
}

#[test]
fn every_crate_has_a_licence_that_we_may_ship() {
    let allowed = allowed(Tree::of_the_house());
    let mut crates = crates();
    assert!(crates.len() > 100, "cargo names only {} crates", crates.len());
    let broken = licensed(&crates, &allowed);
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
    crates.push(("planted".to_owned(), "GPL-3.0-only".to_owned()));
    assert_eq!(licensed(&crates, &allowed), ["planted: GPL-3.0-only"]);
}

#[test]
fn licence_expressions_are_read_as_written() {
    let allowed = BTreeSet::from(["MIT", "ISC", "Apache-2.0"].map(str::to_owned));
    for (expression, expected) in [
        ("MIT", true),
        ("GPL-3.0-only", false),
        ("MIT/Apache-2.0", true),
        ("GPL-3.0-only OR MIT", true),
        ("GPL-3.0-only AND MIT", false),
        ("MIT AND (GPL-2.0 OR ISC)", true),
        ("(MIT OR ISC) AND GPL-2.0", false),
        ("Apache-2.0 WITH LLVM-exception OR GPL-2.0", true),
        ("none", false),
        ("", false),
    ] {
        assert_eq!(may(expression, &allowed), expected, "{expression}");
    }
}

fn banned(crates: &[(String, String)], bans: &BTreeSet<String>) -> Broken {
    crates.iter().map(|(name, _)| name.clone()).filter(|name| bans.contains(name)).collect()
}

#[test]
fn no_crate_is_a_banned_one() {
    let bans = bans(Tree::of_the_house());
    assert!(bans.len() >= 4, "{bans:?}");
    let mut crates = crates();
    let broken = banned(&crates, &bans);
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
    crates.push(("openssl-sys".to_owned(), "MIT".to_owned()));
    assert_eq!(banned(&crates, &bans), ["openssl-sys"]);
}
