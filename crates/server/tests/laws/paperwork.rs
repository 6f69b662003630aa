//! The papers say what is so: dependencies, choices, links, and both languages.

use crate::arrows::outside;
use crate::tree::{Tree, root};
use crate::{Broken, kept};
use std::collections::BTreeSet;

/// The first cell of each row of a table, if it is in backticks.
fn first_cells(table: &str) -> BTreeSet<&str> {
    let rows = table.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.filter_map(|row| row.split('`').next()).collect()
}

fn dependencies(tree: &Tree) -> Broken {
    let named = first_cells(tree.text("docs/dependencies.md"));
    let used = outside(tree);
    let mut broken = Broken::new();
    for (manifest, name) in &used {
        if !named.contains(name.as_str()) {
            broken.push(format!("{manifest}: {name} has no reason in docs/dependencies.md"));
        }
    }
    for name in named {
        if !used.iter().any(|(_, used)| used == name) {
            broken.push(format!("docs/dependencies.md: {name} is not used any more"));
        }
    }
    broken
}

#[test]
fn every_dependency_has_its_reason() {
    kept(
        dependencies,
        &[
            ("crates/store/Cargo.toml", "[dependencies]\nleft-pad = '1'"),
            ("fuzz/webhook/Cargo.toml", "[dependencies]\nleft-pad = '1'"),
            ("docs/dependencies.md", "| `left-pad` | pads |"),
        ],
    );
}

/// The root manifest names nothing that nobody uses.
fn unused(tree: &Tree) -> Broken {
    let used: BTreeSet<String> = outside(tree).into_iter().map(|(_, name)| name).collect();
    let root: toml::Table = tree.text("Cargo.toml").parse().expect("cargo has read it, too");
    let all = root["workspace"]["dependencies"].as_table().expect("it is a table");
    let outside = all.iter().filter(|(_, how)| how.get("path").is_none());
    let idle = outside.filter(|(name, _)| !used.contains(*name));
    idle.map(|(name, _)| format!("Cargo.toml: nobody uses {name}")).collect()
}

#[test]
fn the_root_manifest_names_nothing_in_vain() {
    kept(unused, &[("Cargo.toml", "[workspace.dependencies]\nleft-pad = '1'")]);
}

/// Functions that tests are, by name.
fn tests(tree: &Tree) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for file in tree.files().filter(|file| file.path.ends_with(".rs")) {
        let mut lines = file.text.lines().map(str::trim);
        while let Some(line) = lines.next() {
            if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
                let function = lines.by_ref().find(|line| line.contains("fn ")).unwrap_or("");
                let name = function.split("fn ").nth(1).and_then(|rest| rest.split('(').next());
                names.extend(name.map(str::to_owned));
            }
        }
    }
    names
}

/// Rows of choices: what, why, and the tests that hold it.
fn choices(tree: &Tree) -> Broken {
    let known = tests(tree);
    let mut broken = Broken::new();
    let rows = tree.text("docs/fidelity.md").lines().filter(|line| line.starts_with("| "));
    // The first is the head of the table.
    let mut count = 0;
    for row in rows.filter(|row| !row.starts_with("| what ")) {
        count += 1;
        let cells: Vec<&str> = row.trim().trim_matches('|').split(" | ").map(str::trim).collect();
        let [what, _why, held] = cells[..] else {
            broken.push(format!("docs/fidelity.md: not three cells: {row}"));
            continue;
        };
        let mut named = held.split('`').skip(1).step_by(2).peekable();
        if named.peek().is_none() {
            broken.push(format!("docs/fidelity.md: {what}: no test holds it"));
        }
        for name in named.filter(|name| !known.contains(*name)) {
            broken.push(format!("docs/fidelity.md: {what}: there is no test {name}"));
        }
    }
    if count == 0 {
        broken.push("docs/fidelity.md has no rows".to_owned());
    }
    broken
}

#[test]
fn every_choice_names_tests_that_exist() {
    kept(
        choices,
        &[
            ("docs/fidelity.md", ""),
            ("docs/fidelity.md", "| a choice | because | `no_such_test_exists` |"),
            ("docs/fidelity.md", "| a choice | because |"),
            ("docs/fidelity.md", "| a choice | because | nothing |"),
        ],
    );
}

/// Papers that have to be there.
const PAPERS: &[&str] = &[
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.es.md",
    "README.md",
    "deny.toml",
    "docs/adding-a-resource.md",
    "docs/dependencies.md",
    "docs/fidelity.md",
    "docs/guide/en/README.md",
    "docs/guide/es/README.md",
    "fuzz/README.md",
    "scripts/test",
];

fn present(tree: &Tree) -> Broken {
    let missing = PAPERS.iter().filter(|path| tree.text(path).trim().is_empty());
    missing.map(|path| format!("{path} is missing")).collect()
}

#[test]
fn the_papers_are_there() {
    kept(present, &[("LICENSE-MIT", "\n")]);
}

/// Headings and blocks of code, in order: a translation has the same.
fn skeleton(text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut in_code = false;
    for line in text.lines() {
        if line.starts_with("```") {
            in_code = !in_code;
            if in_code {
                parts.push(line.to_owned());
            }
        } else if line.starts_with('#') && !in_code {
            parts.push(line.split(' ').next().unwrap_or("").to_owned());
        }
    }
    parts
}

/// Where the same page is in the other language, if it should be somewhere.
fn other_language(path: &str) -> Option<(String, bool)> {
    for (here, there) in
        [("docs/guide/en/", "docs/guide/es/"), ("docs/guide/es/", "docs/guide/en/")]
    {
        if let Some(page) = path.strip_prefix(here) {
            return Some((format!("{there}{page}"), true));
        }
    }
    if path.ends_with(".es.md") {
        return Some((path.replace(".es.md", ".md"), true));
    }
    // What a user reads of them beside the guide.
    if matches!(path, "docs/accounts.md" | "docs/speech.md") {
        return Some((path.replace(".md", ".es.md"), true));
    }
    // Libraries and tools have one language; what a newcomer reads has two.
    let name = path.rsplit('/').next().unwrap_or(path);
    (name == "README.md").then(|| (path.replace(".md", ".es.md"), path == "README.md"))
}

/// Rows of tables, by their number of cells, and commands of blocks: the guide's are alike, too.
fn details(text: &str) -> Vec<String> {
    let rows = text.lines().filter(|line| line.starts_with('|'));
    let rows = rows.map(|row| format!("row of {}", row.matches(" | ").count() + 1));
    let commands = text.lines().filter_map(|line| line.strip_prefix("$ "));
    let commands = commands.map(|command| command.split('"').next().unwrap_or("").to_owned());
    let remarks = text.lines().filter(|line| line.starts_with("<!-- ")).map(str::to_owned);
    rows.chain(commands).chain(remarks).collect()
}

fn translated(tree: &Tree) -> Broken {
    let mut broken = Broken::new();
    for file in tree.files() {
        let Some((other, has_to)) = other_language(&file.path) else { continue };
        if !tree.has(&other) {
            if has_to {
                broken.push(format!("{}: {other} is missing", file.path));
            }
            continue;
        }
        let text = tree.text(&other);
        if skeleton(&file.text) != skeleton(text) {
            broken.push(format!("{}: other headings or code than {other}", file.path));
        } else if file.path.starts_with("docs/guide/") && details(&file.text) != details(text) {
            broken.push(format!("{}: other rows or commands than {other}", file.path));
        }
    }
    broken
}

#[test]
fn both_languages_say_the_same() {
    kept(
        translated,
        &[
            ("examples/new/README.es.md", "# Hola\n"),
            ("README.es.md", "# Hola\n```sh\nls\n```\n# Otro\n## Otro\n"),
            ("docs/guide/en/new.md", "# New\n"),
            ("docs/guide/es/nueva.md", "# Nueva\n"),
            ("docs/guide/es/README.md", "# La guía\n\n| página | a qué responde |\n"),
        ],
    );
}

/// Where the relative links of a page lead, and the paths in backticks that look like places here.
fn places(text: &str) -> Vec<&str> {
    let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let links = links.filter(|link| !link.contains("://") && !link.starts_with('#'));
    let mut all: Vec<&str> = links
        .map(|link| link.split('#').next().unwrap_or(link))
        .filter(|l| !l.is_empty())
        .collect();
    let prose = text.split("```").step_by(2);
    let quoted = prose.flat_map(|prose| prose.split('`').skip(1).step_by(2));
    let roots = [
        "crates/",
        "libs/",
        "docs/",
        "scripts/",
        "fuzz/",
        "examples/",
        "bench/",
        ".ci/",
        "packaging/",
    ];
    let plain = |path: &&str| !path.contains(['*', '{', '<', ' ', '…']);
    all.extend(quoted.filter(|path| roots.iter().any(|root| path.starts_with(root))).filter(plain));
    all
}

fn leads(tree: &Tree) -> Broken {
    let mut broken = Broken::new();
    for file in tree.files().filter(|file| file.path.ends_with(".md")) {
        let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for place in places(&file.text) {
            let near = format!("{folder}/{place}").replace("/./", "/");
            let mut parts: Vec<&str> = Vec::new();
            for part in near.split('/').filter(|part| !part.is_empty() && *part != ".") {
                match part {
                    ".." => parts.truncate(parts.len().saturating_sub(1)),
                    part => parts.push(part),
                }
            }
            // A picture is no text, and so not in the tree.
            let is_picture = || place.ends_with(".png") && root().join(parts.join("/")).is_file();
            if !tree.has(&parts.join("/")) && !tree.has(place) && !is_picture() {
                broken.push(format!("{}: {place} is not there", file.path));
            }
        }
    }
    broken
}

#[test]
fn every_place_that_a_page_names_is_there() {
    kept(
        leads,
        &[
            ("docs/new.md", "See [the map](../ARCHITECTURE-OLD.md)."),
            ("docs/new.md", "![a room](screenshots/no-such-room.png)"),
            ("ARCHITECTURE.md", "It is in `crates/server/src/nowhere.rs`."),
        ],
    );
}
