//! Words that have no place in the tree: how it was made, on which machine, what is left to do.

use crate::tree::Tree;
use crate::{Broken, kept};

/// In any file. Written in two parts, because this file is one of them.
const ANYWHERE: &[(&str, &str)] = &[
    ("/wo", "rk/"),
    ("/tm", "p/"),
    ("/ro", "ot/"),
    ("/ho", "me/"),
    ("clau", "de"),
    ("anthro", "pic"),
    ("chat", "gpt"),
    ("copi", "lot"),
    ("language mo", "del"),
    ("coding ag", "ent"),
    ("sub-ag", "ent"),
    ("subag", "ent"),
    ("ai ag", "ent"),
    ("ai assis", "tant wrote"),
    ("this ses", "sion's work"),
    ("work", "tree"),
    ("this mac", "hine has"),
    ("co-autho", "red-by"),
];

/// What the words mean where they are allowed.
const ALLOWED: &[(&str, &str, &str)] = &[];

fn made(tree: &Tree) -> Broken {
    let words: Vec<String> = ANYWHERE.iter().map(|(a, b)| format!("{a}{b}")).collect();
    let mut broken = Broken::new();
    for file in tree.files().filter(|file| file.name() != "Cargo.lock") {
        for (n, line) in file.text.lines().enumerate() {
            let lower = line.to_lowercase();
            for word in words.iter().filter(|word| lower.contains(word.as_str())) {
                let may = |(path, text, _): &(&str, &str, &str)| *path == file.path && text == word;
                if !ALLOWED.iter().any(may) {
                    broken.push(format!("{}:{}: {word}", file.path, n + 1));
                }
            }
        }
    }
    broken
}

#[test]
fn nothing_tells_how_or_where_it_was_made() {
    let path = concat!("// see /wo", "rk/notes");
    let maker = concat!("written by Clau", "de");
    kept(made, &[("crates/server/src/new.rs", path), ("docs/new.md", maker)]);
}

fn unfinished(tree: &Tree) -> Broken {
    let marks =
        [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X:"), concat!("HA", "CK")];
    let mut broken = Broken::new();
    let texts = [".rs", ".toml", ".sql", ".md", ".py", ".mjs", ".sh"];
    for file in tree.files().filter(|file| texts.iter().any(|end| file.path.ends_with(end))) {
        for (n, line) in file.text.lines().enumerate() {
            if marks.iter().any(|mark| line.contains(mark)) {
                broken.push(format!("{}:{}: {}", file.path, n + 1, line.trim()));
            }
        }
    }
    for file in tree.sources() {
        broken.extend(file.naming(&["todo", "unimplemented"]));
    }
    broken
}

#[test]
fn nothing_is_left_to_do_in_the_text() {
    kept(
        unfinished,
        &[
            ("crates/server/src/new.rs", concat!("// TO", "DO: later")),
            ("crates/server/src/new.rs", "fn f() { todo!() }"),
        ],
    );
}

/// What gives up without saying why it can't happen.
fn surprised(tree: &Tree) -> Broken {
    let mut broken = Broken::new();
    for file in tree.sources() {
        for (n, line) in file.code.lines().enumerate() {
            if [".unwrap()", ".unwrap_err()", "panic!("].iter().any(|call| line.contains(call)) {
                broken.push(format!("{}:{}: {}", file.path, n + 1, line.trim()));
            }
        }
    }
    broken
}

#[test]
fn whatever_cannot_happen_says_why() {
    let path = "crates/server/src/new.rs";
    kept(surprised, &[(path, "fn f() { a().unwrap(); }"), (path, "fn f() { panic!(\"no\") }")]);
}
