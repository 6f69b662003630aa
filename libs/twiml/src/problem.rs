//! What is wrong with a document, and where.
//!
//! A [`Problem`] leaves the document usable: the bad part is skipped or its default stands in.
//! A [`Fatal`] means there is no document. Both carry the code of Twilio's error dictionary.
//! Made by the reader and by `parse`; shown by alerts, the debugger and checkers.
//! Nothing here decides what happens next.
//! Contract: the error dictionary pages of Twilio's docs, one per code.

use std::fmt;

/// A place in the text of a document, as an editor shows it.
///
/// Lines and columns count from 1; a column is one character, not one byte.
/// `0:0`, the default, is the place of something that was built and never read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The character in that line, from 1.
    pub column: u32,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// How bad a problem is, by the log level of its code in the error dictionary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// What was asked for happens, with something left out or replaced by its default.
    Warning,
    /// What was asked for cannot happen as written.
    Error,
}

impl Severity {
    /// The log level of a code that [`parse`](crate::parse) can report.
    pub(crate) fn of(code: u32) -> Severity {
        match code {
            11100
            | 13231
            | 13239
            | 13240
            | 13257
            | 13621
            | 14201..=14206
            | 14210..=14223
            | 14300 => Severity::Error,
            _ => Severity::Warning,
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Warning => "warning",
            Severity::Error => "error",
        })
    }
}

/// Something in a document that Twilio would log while it carries on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The code in Twilio's error dictionary; 12200 for everything the schema alone forbids.
    pub code: u32,
    /// The log level of that code.
    pub severity: Severity,
    /// Where the element, attribute or text begins.
    pub at: Position,
    /// One sentence, worded the way a schema validator words it.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}: {}", self.at, self.severity, self.code, self.message)
    }
}

/// Why a text is no TwiML document at all.
///
/// Codes: 11750 too large, 12100 not well-formed or refused for safety, 12101 unknown version,
/// 12102 the root is not `Response`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fatal {
    /// The code in Twilio's error dictionary.
    pub code: u32,
    /// Where reading stopped.
    pub at: Position,
    /// One sentence that says why.
    pub message: String,
}

impl fmt::Display for Fatal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} error {}: {}", self.at, self.code, self.message)
    }
}

impl std::error::Error for Fatal {}
