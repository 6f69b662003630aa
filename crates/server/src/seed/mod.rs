//! A house described by a file: the seed, applied at the first start and by Reset.
//!
//! YAML with six lists (accounts, bins, applications, services, numbers, phones) whose entries have the
//! names of the REST parameters; the same functions judge them. Entries name each other by sid or
//! FriendlyName, and a URL may be `bin:<FriendlyName>`. What is wrong is said with its line.
//! Contract: docs/seed.schema.json, which a test holds against [`KEYS`].

mod entry;
mod records;

use crate::first::Start;
use entry::Entry;
use serde::{Deserialize, Deserializer};
use store::Write;

/// Bytes of a seed file.
pub const SEED_BYTES_MAX: usize = 1024 * 1024;
/// Entries of one list.
pub const ENTRIES_MAX: usize = 10_000;
/// Anchors and aliases of a seed file: a few save typing, many are a bomb.
const ANCHORS_MAX: usize = 100;
/// Nodes of a seed file, aliases written out.
const NODES_MAX: usize = 400_000;
/// How deep a seed file nests; lists of flat entries need four.
const DEPTH_MAX: usize = 16;

/// The keys of each list's entries.
pub const KEYS: &[(&str, &[&str])] = &[
    ("accounts", records::ACCOUNT_KEYS),
    ("bins", records::BIN_KEYS),
    ("applications", records::APPLICATION_KEYS),
    ("services", records::SERVICE_KEYS),
    ("numbers", records::NUMBER_KEYS),
    ("phones", records::PHONE_KEYS),
];

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Seed {
    #[serde(deserialize_with = "list")]
    accounts: Vec<Entry>,
    #[serde(deserialize_with = "list")]
    bins: Vec<Entry>,
    #[serde(deserialize_with = "list")]
    applications: Vec<Entry>,
    #[serde(deserialize_with = "list")]
    services: Vec<Entry>,
    #[serde(deserialize_with = "list")]
    numbers: Vec<Entry>,
    #[serde(deserialize_with = "list")]
    phones: Vec<Entry>,
}

/// A list; a name with nothing behind it is an empty one.
fn list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Entry>, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// The writes of a seed. Accounts without an `AccountSid` take the sid and token of the account
/// that is kept under their name, else (main accounts) in their place.
///
/// # Errors
/// The first thing that is wrong, with its line.
pub fn writes(start: &Start<'_>, text: &str) -> Result<Vec<Write>, String> {
    let seed = read(text)?;
    records::writes(start, &seed)
}

fn read(text: &str) -> Result<Seed, String> {
    if text.len() > SEED_BYTES_MAX {
        return Err(format!("it has more than {SEED_BYTES_MAX} bytes"));
    }
    if text.trim().is_empty() {
        return Ok(Seed::default());
    }
    let mut options = serde_saphyr::Options::default();
    let mut budget = serde_saphyr::Budget::default();
    budget.max_anchors = ANCHORS_MAX;
    budget.max_aliases = ANCHORS_MAX;
    budget.max_nodes = NODES_MAX;
    budget.max_depth = DEPTH_MAX;
    budget.max_documents = 1;
    options.budget = Some(budget);
    options.with_snippet = false;
    let seed: Seed =
        serde_saphyr::from_str_with_options(text, options).map_err(|error| {
            match error.location() {
                Some(place) => format!("line {}, column {}: {error}", place.line(), place.column()),
                None => error.to_string(),
            }
        })?;
    let lists = [
        &seed.accounts,
        &seed.bins,
        &seed.applications,
        &seed.services,
        &seed.numbers,
        &seed.phones,
    ];
    for ((name, keys), entries) in KEYS.iter().zip(lists) {
        if entries.len() > ENTRIES_MAX {
            return Err(format!("{name} has more than {ENTRIES_MAX} entries"));
        }
        entries.iter().try_for_each(|entry| entry.check_keys(name, keys))?;
    }
    Ok(seed)
}
