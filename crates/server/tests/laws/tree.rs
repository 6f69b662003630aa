//! The files of the repository, read once, and copies of them with planted faults.

use crate::rust_text::{self, Mention};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, LazyLock};

/// Folders that are not the project's own text.
const SKIPPED: &[&str] = &[
    ".git",
    ".tools",
    "__pycache__",
    "artifacts",
    "corpus",
    "node_modules",
    "offhook-data",
    "target",
];

/// A file of the project.
pub struct File {
    /// From the root, with `/`.
    pub path: String,
    /// What it says.
    pub text: String,
    /// Rust: without comments, texts and tests. Otherwise empty.
    pub code: String,
    /// Paths named in `code`.
    pub mentions: Vec<Mention>,
}

impl File {
    fn new(path: &str, text: String) -> File {
        let code = if path.ends_with(".rs") && !is_test(path) {
            rust_text::without_tests(&rust_text::code_of(&text))
        } else {
            String::new()
        };
        let mentions = rust_text::mentions(&code);
        File { path: path.to_owned(), text, code, mentions }
    }

    /// `path:line: path named`, for every mention of one of `forbidden`.
    pub fn naming(&self, forbidden: &[&str]) -> Vec<String> {
        let bad = |mention: &&Mention| forbidden.iter().any(|path| mention.names(path));
        let shown = |mention: &Mention| format!("{}:{}: {}", self.path, mention.line, mention.path);
        self.mentions.iter().filter(bad).map(shown).collect()
    }

    /// The name without folders.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }
}

/// Tests, benchmarks and examples are not part of the house.
fn is_test(path: &str) -> bool {
    let folders = ["tests/", "benches/", "examples/", "bench/", "fuzz/"];
    folders.iter().any(|folder| path.starts_with(folder) || path.contains(&format!("/{folder}")))
        || path.ends_with("/testing.rs")
}

/// Every text file of the project.
#[derive(Clone)]
pub struct Tree(BTreeMap<String, Arc<File>>);

impl Tree {
    /// The one this test was built from.
    pub fn of_the_house() -> &'static Tree {
        static TREE: LazyLock<Tree> = LazyLock::new(|| {
            let mut files = BTreeMap::new();
            read(&root(), "", &mut files);
            Tree(files)
        });
        &TREE
    }

    /// The same tree, with another text of one file.
    pub fn with(&self, path: &str, text: &str) -> Tree {
        let mut tree = self.clone();
        tree.0.insert(path.to_owned(), Arc::new(File::new(path, text.to_owned())));
        tree
    }

    /// All files.
    pub fn files(&self) -> impl Iterator<Item = &File> {
        self.0.values().map(Arc::as_ref)
    }

    /// Sources of the house and its libraries, without tests.
    pub fn sources(&self) -> impl Iterator<Item = &File> {
        self.files().filter(|file| !file.code.is_empty())
    }

    /// Sources under a folder.
    pub fn sources_in<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a File> {
        self.sources().filter(move |file| file.path.starts_with(folder))
    }

    /// A file's text; empty when there is none.
    pub fn text(&self, path: &str) -> &str {
        self.0.get(path).map_or("", |file| &file.text)
    }

    /// Whether a file, or a folder with files, has this path.
    pub fn has(&self, path: &str) -> bool {
        let folder = format!("{}/", path.trim_end_matches('/'));
        self.0.contains_key(path) || self.0.keys().any(|known| known.starts_with(&folder))
    }

    /// Every manifest, parsed, with its path.
    pub fn manifests(&self) -> Vec<(&str, toml::Table)> {
        let manifests = self.files().filter(|file| file.name() == "Cargo.toml");
        let parsed = |file: &File| file.text.parse().expect("cargo has read this manifest, too");
        manifests.map(|file| (file.path.as_str(), parsed(file))).collect()
    }
}

/// The repository's root: where cargo runs this, which need not be where it was built.
pub fn root() -> std::path::PathBuf {
    let manifest = std::env::var("CARGO_MANIFEST_DIR");
    Path::new(manifest.as_deref().unwrap_or(env!("CARGO_MANIFEST_DIR"))).join("../..")
}

fn read(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Arc<File>>) {
    for entry in std::fs::read_dir(folder).expect("the repository can be read") {
        let entry = entry.expect("the repository can be read");
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        let kind = entry.file_type().expect("the repository can be read");
        if kind.is_dir() {
            if !SKIPPED.contains(&name.as_str()) {
                read(&entry.path(), &format!("{path}/"), files);
            }
        } else if kind.is_file() && !path.starts_with(".git") {
            // What is no text (a picture, say) obeys no law.
            if let Ok(text) = std::fs::read_to_string(entry.path()) {
                let file = File::new(&path, text);
                files.insert(path, Arc::new(file));
            }
        }
    }
}
