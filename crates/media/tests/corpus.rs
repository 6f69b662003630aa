//! The fuzz corpus as plain tests: what fuzzing once found stays found.

use std::path::Path;

#[path = "../../../fuzz/media/src/checks.rs"]
mod checks;

fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/media/corpus").join(target);
    let files = std::fs::read_dir(folder).expect("the corpus is in the repository");
    let read = |path| std::fs::read(path).expect("the corpus can be read");
    let inputs: Vec<_> = files.map(|file| read(file.expect("it can be listed").path())).collect();
    assert!(inputs.len() > 4, "{target} has only {} inputs", inputs.len());
    inputs
}

#[test]
fn every_file_is_read_or_refused() {
    corpus("decode").iter().for_each(|input| checks::decode(input));
}

#[test]
fn every_text_of_digits_is_a_sequence_or_refused() {
    for input in corpus("dtmf") {
        checks::dtmf(&String::from_utf8_lossy(&input));
    }
}
