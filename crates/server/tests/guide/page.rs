//! A page of the guide: its blocks of code, and the remarks for this test that stand before them.
//!
//! A remark is an HTML comment on the line before a block, which no reader sees:
//! `file: NAME` saves the block, `terminal: NAME` runs its command in a terminal of its own,
//! `from: NAME` is what that terminal says next, `not run: WHY` leaves commands alone, `needs: WHAT`
//! skips them where something is not installed.

use std::path::{Path, PathBuf};

/// A block of code.
#[derive(Debug, Clone)]
pub struct Block {
    /// The language after the fence.
    pub language: String,
    /// What it holds, without the fences.
    pub lines: Vec<String>,
    /// The remarks before it.
    pub remarks: Vec<(String, String)>,
    /// The line of its fence, from 1.
    pub line: usize,
}

impl Block {
    pub fn remark(&self, name: &str) -> Option<&str> {
        let found = self.remarks.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        let mut text = self.lines.join("\n");
        text.push('\n');
        text
    }
}

/// A table with a remark before it: its rows without the head, cell by cell.
#[derive(Debug, Clone)]
pub struct Table {
    pub remarks: Vec<(String, String)>,
    pub rows: Vec<Vec<String>>,
}

#[derive(Debug)]
pub struct Page {
    /// From the repository's root.
    pub path: String,
    pub text: String,
    pub blocks: Vec<Block>,
    pub tables: Vec<Table>,
}

pub fn root() -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).to_owned()
}

pub fn read(language: &str, name: &str) -> Page {
    let path = format!("docs/guide/{language}/{name}.md");
    let text = std::fs::read_to_string(root().join(&path)).expect("the page is there");
    let mut page = Page { path, text: text.clone(), blocks: Vec::new(), tables: Vec::new() };
    let mut remarks = Vec::new();
    let mut lines = text.lines().enumerate().peekable();
    while let Some((at, line)) = lines.next() {
        if let Some(language) = line.strip_prefix("```") {
            let language = language.to_owned();
            let inside = lines.by_ref().map(|(_, line)| line.to_owned());
            let lines = inside.take_while(|line| line != "```").collect();
            let remarks = std::mem::take(&mut remarks);
            page.blocks.push(Block { language, lines, remarks, line: at + 1 });
        } else if line.starts_with('|') {
            let mut rows = Vec::new();
            while let Some((_, row)) = lines.next_if(|(_, line)| line.starts_with('|')) {
                let cells = row.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned());
                rows.push(cells.collect::<Vec<_>>());
            }
            // The rule under the head.
            rows.remove(0);
            page.tables.push(Table { remarks: std::mem::take(&mut remarks), rows });
        } else if let Some(remark) = line.strip_prefix("<!-- ") {
            let remark = remark.trim_end_matches(" -->");
            let (name, value) = remark.split_once(": ").expect("a remark is NAME: VALUE");
            remarks.push((name.to_owned(), value.to_owned()));
        } else if !line.is_empty() {
            assert!(remarks.is_empty(), "{}:{}: {remarks:?} of nothing", page.path, at + 1);
        }
    }
    page
}
