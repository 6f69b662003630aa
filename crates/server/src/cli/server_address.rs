//! Where a client command finds the server, and what it signs in with.
//!
//! The server: `--server` or `OFFHOOK_URL`, else the data folder's lock file, else the default
//! address. Credentials: `OFFHOOK_ACCOUNT_SID` and `OFFHOOK_AUTH_TOKEN`, else `TWILIO_…`, else what
//! the server left in the data folder. Contract: DESIGN section 1.

use super::configuration::{account, data_folder};
use super::failure::Failure;
use crate::data_dir::{Credentials, DataDir};
use std::path::PathBuf;

/// Where a server listens unless told otherwise.
const DEFAULT_URL: &str = "http://127.0.0.1:4665";

// What every client command takes; no doc comment, which would become the help of each.
#[derive(Debug, Clone, Default, clap::Args)]
pub(super) struct ServerFlags {
    /// The server's URL [default: the data folder's server, else http://127.0.0.1:4665]
    #[arg(long, value_name = "URL", env = "OFFHOOK_URL", hide_env_values = true)]
    #[arg(help_heading = "Server")]
    server: Option<String>,
    /// The server's data folder, which knows its URL and credentials [default: ./offhook-data]
    #[arg(long, value_name = "DIR", env = "OFFHOOK_DATA", hide_env_values = true)]
    #[arg(help_heading = "Server")]
    data: Option<PathBuf>,
    /// Write JSON, a value per line
    #[arg(long)]
    pub(super) json: bool,
}

/// Where credentials come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Origin {
    /// `OFFHOOK_ACCOUNT_SID` and `OFFHOOK_AUTH_TOKEN`.
    Offhook,
    /// `TWILIO_ACCOUNT_SID` and `TWILIO_AUTH_TOKEN`.
    Twilio,
    /// A data folder.
    Folder(PathBuf),
}

/// A server, found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// Scheme, host and port; no slash at the end.
    pub(super) url: String,
    /// The credentials and where they are from.
    pub(super) credentials: Option<(Credentials, Origin)>,
}

/// Finds the server; whether one answers there shows when it is asked.
///
/// # Errors
/// Half a pair of credentials, an unusable `offhook.toml`.
pub(super) fn find(flags: &ServerFlags) -> Result<Found, Failure> {
    let folder = data_folder(flags.data.as_ref())?;
    let given = flags.server.as_deref().map(str::trim).filter(|url| !url.is_empty());
    let url = match given {
        Some(url) => url.to_owned(),
        None => DataDir::url_of(&folder).unwrap_or_else(|| DEFAULT_URL.into()),
    };
    let credentials = match account()? {
        Some((sid, token)) => Some((Credentials { sid: sid.to_string(), token }, Origin::Offhook)),
        None => twilio().map(|credentials| (credentials, Origin::Twilio)).or_else(|| {
            let kept = DataDir::credentials_of(&folder)?;
            Some((kept, Origin::Folder(folder)))
        }),
    };
    Ok(Found { url: url.trim_end_matches('/').to_owned(), credentials })
}

/// The pair of the official SDKs; half of it means that they use an API key.
fn twilio() -> Option<Credentials> {
    let read = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    Some(Credentials { sid: read("TWILIO_ACCOUNT_SID")?, token: read("TWILIO_AUTH_TOKEN")? })
}

impl Origin {
    /// What to do when the server refuses them.
    pub(super) fn advice(&self) -> String {
        match self {
            Origin::Offhook => "those of OFFHOOK_ACCOUNT_SID and OFFHOOK_AUTH_TOKEN".into(),
            Origin::Twilio => "those of TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN; set \
                OFFHOOK_ACCOUNT_SID and OFFHOOK_AUTH_TOKEN as the server printed them, or unset \
                both to use those of the data folder"
                .into(),
            Origin::Folder(folder) => format!(
                "those of {}; is it another server's folder? Name the right one with --data",
                folder.display()
            ),
        }
    }
}
