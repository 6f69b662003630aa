//! The fuzz corpus as a plain test: what fuzzing once found stays found.

use std::path::Path;

#[path = "../../../fuzz/exchange/src/checks.rs"]
mod checks;

#[test]
fn every_template_of_the_corpus_holds() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/exchange/corpus/mustache");
    let entries = std::fs::read_dir(corpus).expect("the corpus is in the repository");
    let mut count = 0;
    for entry in entries {
        let path = entry.expect("the entry is readable").path();
        println!("{}", path.display());
        let input = std::fs::read(&path).expect("the file is readable");
        checks::mustache(&String::from_utf8_lossy(&input));
        count += 1;
    }
    assert!(count > 0, "an empty corpus tests nothing");
}
