//! The laws of the house, kept by reading its manifests and sources.
//!
//! A law is a function from the tree to what breaks it. Each has a test named as a sentence, and
//! each test also plants faults into a copy of the tree in memory: a law that finds nothing there
//! would keep nothing. What text can't show is kept by clippy, or by the tests of behaviour.
//! The laws and their reasons: ARCHITECTURE.md.

mod arrows;
mod doors;
mod licences;
mod limits;
mod names;
mod paperwork;
mod pure;
mod rust_text;
mod sizes;
mod tells;
mod time;
mod tree;
mod words;

use tree::Tree;

/// What breaks a law: one line each, beginning with the place.
type Broken = Vec<String>;

/// Fails unless the tree keeps the law, and the law finds each fault planted into it: a file's
/// path and the text it shall have.
fn kept(law: fn(&Tree) -> Broken, planted: &[(&str, &str)]) {
    let tree = Tree::of_the_house();
    let broken = law(tree);
    assert!(broken.is_empty(), "\n{}\n", broken.join("\n"));
    for (path, text) in planted {
        let found = law(&tree.with(path, text));
        assert!(!found.is_empty(), "the law does not see this in {path}:\n{text}");
    }
}
