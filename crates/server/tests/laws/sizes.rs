//! Sizes: what is longer than this does more than one thing.

use crate::rust_text::functions;
use crate::tree::Tree;
use crate::{Broken, kept};

/// Lines of a file, its tests not counted; a file of tests is counted whole.
const FILE_LINES_MAX: usize = 700;
/// Lines of a function, from `fn` to the closing brace.
const FUNCTION_LINES_MAX: usize = 70;
/// Parameters of a function, `self` not counted.
const PARAMETERS_MAX: usize = 5;
/// Lines of the body of a handler of the API.
const HANDLER_LINES_MAX: usize = 30;
/// Lines of ARCHITECTURE.md.
const MAP_LINES_MAX: usize = 300;

/// Files that are one table: nothing in them can be read apart.
const TABLES: &[&str] = &[];

fn files(tree: &Tree) -> Broken {
    let mut broken = Broken::new();
    for file in tree.files().filter(|file| file.path.ends_with(".rs")) {
        // Tests beside the code come last; what is before them is counted.
        let text = &file.text;
        let end = if file.code.is_empty() { None } else { text.find("\n#[cfg(test)]\nmod ") };
        let lines = text[..end.unwrap_or(text.len())].lines().count();
        if lines > FILE_LINES_MAX && !TABLES.contains(&file.path.as_str()) {
            broken.push(format!("{}: {lines} lines, at most {FILE_LINES_MAX}", file.path));
        }
    }
    broken
}

#[test]
fn no_file_is_longer_than_can_be_kept_in_mind() {
    kept(files, &[("crates/server/src/long.rs", &"\n".repeat(701))]);
}

fn bodies(tree: &Tree) -> Broken {
    let mut broken = Broken::new();
    for file in tree.sources() {
        for function in functions(&file.code) {
            if function.lines > FUNCTION_LINES_MAX {
                broken.push(format!(
                    "{}:{}: {} has {} lines, at most {FUNCTION_LINES_MAX}",
                    file.path, function.line, function.name, function.lines
                ));
            }
            if function.parameters.len() > PARAMETERS_MAX {
                broken.push(format!(
                    "{}:{}: {} takes {} things, at most {PARAMETERS_MAX}",
                    file.path,
                    function.line,
                    function.name,
                    function.parameters.len()
                ));
            }
        }
    }
    broken
}

#[test]
fn no_function_is_longer_than_a_screen_or_takes_more_than_five_things() {
    let long = format!("fn long() {{{}}}", "\n".repeat(70));
    kept(
        bodies,
        &[
            ("crates/server/src/long.rs", &long),
            (
                "crates/server/src/wide.rs",
                "impl A { fn f(&self, a: A, b: B, c: C, d: D, e: E, f: F) {} }",
            ),
        ],
    );
}

fn handlers(tree: &Tree) -> Broken {
    let mut broken = Broken::new();
    for file in tree.sources_in("crates/server/src/api/") {
        for function in functions(&file.code) {
            // A handler takes the request that was read, or the house itself.
            let takes = |one: &&str| one.ends_with(": Call") || one.starts_with("State(");
            let is_handler = function.parameters.iter().any(takes);
            if is_handler && function.body_lines > HANDLER_LINES_MAX {
                broken.push(format!(
                    "{}:{}: {} has {} lines, at most {HANDLER_LINES_MAX}",
                    file.path, function.line, function.name, function.body_lines
                ));
            }
        }
    }
    broken
}

#[test]
fn a_handler_reads_calls_and_shows() {
    let long = format!(
        "async fn create(State(house): State<Arc<House>>) -> Shown {{{}}}",
        "\n".repeat(30)
    );
    let call =
        long.replace("State(house): State<Arc<House>>", "Path(sid): Path<String>, call: Call");
    let path = "crates/server/src/api/long.rs";
    kept(handlers, &[(path, &long), (path, &call)]);
}

fn map(tree: &Tree) -> Broken {
    let lines = tree.text("ARCHITECTURE.md").lines().count();
    let fits = (1..=MAP_LINES_MAX).contains(&lines);
    if fits { Vec::new() } else { vec![format!("ARCHITECTURE.md has {lines} lines")] }
}

#[test]
fn the_map_can_be_read_in_one_go() {
    kept(map, &[("ARCHITECTURE.md", ""), ("ARCHITECTURE.md", &"\n".repeat(301))]);
}
