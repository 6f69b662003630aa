//! What the command line writes: lines on stdout for results, on stderr for remarks.
//!
//! Colours only where a terminal shows them and `NO_COLOR` is not set. Texts that came from
//! elsewhere pass [`plain`] first: a message must not move the cursor.

use std::fmt::Arguments;
use std::io::{IsTerminal, Write};

/// Characters of a table's cell on a terminal; more is cut off with `…`.
const CELL_CHARACTERS_MAX: usize = 60;

/// Writes a line of result.
pub(super) fn line(text: Arguments<'_>) {
    if writeln!(std::io::stdout().lock(), "{text}").is_err() {
        // Nobody reads any more, as behind `| head`: there is nothing left to do.
        std::process::exit(0);
    }
}

/// Writes a remark.
pub(super) fn note(text: Arguments<'_>) {
    // Without a stderr there is nowhere to say that there is none.
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// A style of stdout's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Bold,
    Dim,
    Red,
    Green,
    Yellow,
    Cyan,
}

/// `text` in a style, where stdout is a terminal.
pub(super) fn styled(style: Style, text: &str) -> String {
    if !is_coloured() {
        return text.to_owned();
    }
    let code = match style {
        Style::Bold => 1,
        Style::Dim => 2,
        Style::Red => 31,
        Style::Green => 32,
        Style::Yellow => 33,
        Style::Cyan => 36,
    };
    format!("\x1b[{code}m{text}\x1b[0m")
}

fn is_coloured() -> bool {
    let asked_not_to = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    !asked_not_to && std::io::stdout().is_terminal()
}

/// A foreign text without what a terminal would obey: control characters but line breaks and tabs.
pub(super) fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| *c != '\r')
        .map(|c| if c.is_control() && !matches!(c, '\n' | '\t') { '\u{fffd}' } else { c })
        .collect()
}

/// A foreign text on one line.
pub(super) fn one_line(text: &str) -> String {
    plain(text).replace('\n', "⏎").replace('\t', " ")
}

/// Writes rows below their titles, aligned. A last column is never padded.
pub(super) fn table(titles: &[&str], rows: &[Vec<String>]) {
    let cut = std::io::stdout().is_terminal();
    let shown: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            row.iter()
                .map(|cell| if cut { shortened(cell, CELL_CHARACTERS_MAX) } else { cell.clone() })
                .collect()
        })
        .collect();
    let width = |column: usize| {
        let cells = shown.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain([titles[column].len()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..titles.len()).map(width).collect();
    let write = |cells: &[String], style: Option<Style>| {
        let padded: Vec<String> =
            cells.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        let text = padded.join("  ");
        let text = text.trim_end();
        line(format_args!("{}", style.map_or_else(|| text.to_owned(), |s| styled(s, text))));
    };
    write(&titles.iter().map(|title| (*title).to_owned()).collect::<Vec<_>>(), Some(Style::Dim));
    for row in &shown {
        write(row, None);
    }
}

/// So many characters of a text at most.
pub(super) fn shortened(text: &str, characters_max: usize) -> String {
    if text.chars().count() <= characters_max {
        return text.to_owned();
    }
    let kept: String = text.chars().take(characters_max - 1).collect();
    format!("{kept}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_foreign_text_cannot_command_the_terminal() {
        for (text, shown) in [
            ("hello\r\nthere", "hello\nthere"),
            ("\x1b[2J\x07", "\u{fffd}[2J\u{fffd}"),
            ("tab\tñ 👍", "tab\tñ 👍"),
        ] {
            assert_eq!(plain(text), shown);
        }
        assert_eq!(one_line("a\nb\tc"), "a⏎b c");
    }
}
