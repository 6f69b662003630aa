//! Law 9: a file's name says what is in it, a trait has more than one implementation, a source
//! begins by saying what it is.

use crate::tree::Tree;
use crate::{Broken, kept};

/// Names that say nothing.
const EMPTY: &[&str] = &[
    "common", "helper", "helpers", "manager", "misc", "service", "services", "shared", "type",
    "types", "util", "utils",
];

fn named(tree: &Tree) -> Broken {
    let rust = tree.files().filter(|file| file.path.ends_with(".rs"));
    let says_nothing = |path: &str| {
        let stem = path.trim_end_matches(".rs");
        stem.split('/').any(|part| part.split('_').any(|word| EMPTY.contains(&word)))
    };
    rust.filter(|file| says_nothing(&file.path)).map(|file| file.path.clone()).collect()
}

#[test]
fn no_file_has_a_name_that_says_nothing() {
    kept(
        named,
        &[
            ("crates/server/src/utils.rs", ""),
            ("crates/server/src/helpers/mod.rs", ""),
            ("crates/store/tests/store/sql_types.rs", ""),
        ],
    );
}

/// Traits whose implementations a macro writes, which text does not show.
const BY_MACRO: &[(&str, &str)] = &[("Element", "every element of TwiML, by `element!`")];

fn traits(tree: &Tree) -> Broken {
    let mut broken = Broken::new();
    let words: Vec<Vec<&str>> =
        tree.sources().map(|file| file.code.split_whitespace().collect()).collect();
    for (file, own) in tree.sources().zip(&words) {
        for pair in own.windows(2).filter(|pair| pair[0] == "trait") {
            let end = pair[1].find(|sign: char| !sign.is_alphanumeric() && sign != '_');
            let name = &pair[1][..end.unwrap_or(pair[1].len())];
            if name.is_empty() || BY_MACRO.iter().any(|(known, _)| *known == name) {
                continue;
            }
            let implements = |window: &&[&str]| {
                let path = window[0].split('<').next().unwrap_or("");
                window[1] == "for" && path.rsplit("::").next() == Some(name)
            };
            let count: usize =
                words.iter().map(|words| words.windows(2).filter(implements).count()).sum();
            if count < 2 {
                broken.push(format!("{}: trait {name} has {count} implementations", file.path));
            }
        }
    }
    broken
}

#[test]
fn no_trait_has_a_single_implementation() {
    kept(
        traits,
        &[
            ("crates/store/src/engine.rs", "pub trait Engine: Send {}\nimpl Engine for Sqlite {}"),
            ("crates/store/src/engine.rs", "trait Engine<T> {}"),
        ],
    );
}

/// Lines of a header.
const HEADER_LINES_MAX: usize = 40;

fn headers(tree: &Tree) -> Broken {
    let mut broken = Broken::new();
    for file in tree.files().filter(|file| file.path.ends_with(".rs")) {
        let lines = file.text.lines().take_while(|line| line.starts_with("//!")).count();
        if lines == 0 {
            broken.push(format!("{}: does not say what it is", file.path));
        }
        // A library's front page is its documentation.
        if lines > HEADER_LINES_MAX && !file.path.ends_with("/lib.rs") {
            broken.push(format!("{}: {lines} lines of header", file.path));
        }
    }
    broken
}

#[test]
fn every_source_begins_by_saying_what_it_is() {
    kept(headers, &[("crates/server/src/new.rs", "use std::fmt;\n")]);
}
