//! The fuzz corpus as plain tests: what fuzzing once found stays found.

use std::path::Path;

#[path = "../../../fuzz/webhook/src/checks.rs"]
mod checks;

fn run(target: &str, check: fn(&[u8])) {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/webhook/corpus");
    let entries = std::fs::read_dir(corpus.join(target)).expect("the corpus is in the repository");
    let paths: Vec<_> = entries.map(|entry| entry.expect("the entry is readable").path()).collect();
    assert!(!paths.is_empty(), "an empty corpus tests nothing");
    for path in paths {
        println!("{}", path.display());
        check(&std::fs::read(&path).expect("the file is readable"));
    }
}

#[test]
fn every_form_of_the_corpus_holds() {
    run("form_parse", checks::form_parse);
}

#[test]
fn every_url_of_the_corpus_holds() {
    run("signature_url", checks::signature_url);
}
