//! A TwiML Bin and its versions.

use crate::sid::{AccountSid, BinSid};
use jiff::Timestamp;

/// Who may ask for a bin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BinAccess {
    /// Everybody who knows its URL.
    #[default]
    Open,
    /// Only requests that carry a valid signature of its account.
    Signed,
}

impl BinAccess {
    /// The API's word.
    pub fn as_str(self) -> &'static str {
        match self {
            BinAccess::Open => "open",
            BinAccess::Signed => "signed",
        }
    }

    /// Reads the API's word.
    pub fn parse(text: &str) -> Option<BinAccess> {
        [BinAccess::Open, BinAccess::Signed].into_iter().find(|a| a.as_str() == text)
    }
}

/// A bin with its current version.
#[derive(Debug, Clone, PartialEq)]
pub struct Bin {
    /// Its sid, part of its URL.
    pub sid: BinSid,
    /// Whose it is.
    pub account: AccountSid,
    /// A name for people.
    pub friendly_name: String,
    /// Who may ask for it.
    pub access: BinAccess,
    /// The current version's number, from 1.
    pub version: u32,
    /// The current template.
    pub twiml: String,
    /// House time.
    pub created: Timestamp,
    /// House time.
    pub updated: Timestamp,
}

/// An earlier or the current version of a bin.
#[derive(Debug, Clone, PartialEq)]
pub struct BinVersion {
    /// From 1, one more at each save that changes the template.
    pub version: u32,
    /// The template.
    pub twiml: String,
    /// House time.
    pub created: Timestamp,
}

/// Versions of one bin that are kept; the oldest goes first.
pub const BIN_VERSIONS_MAX: u32 = 100;
