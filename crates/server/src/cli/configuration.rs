//! `serve`'s flags, the environment and `offhook.toml` become what a house is opened with.
//!
//! A flag beats `OFFHOOK_…` beats the file; a list is taken whole from the first that has it. An
//! empty value is as good as none. Everything wrong here is wrong use (exit code 2), said with the
//! name of the flag. Contract: DESIGN section 1.

use super::failure::Failure;
use crate::speech::Choice;
use client::Map;
use exchange::accounts::is_token;
use exchange::sid::AccountSid;
use exchange::webhooks::guard::{Allow, Guard, Profile};
use exchange::webhooks::url::Url;
use serde::Deserialize;
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The file in the working folder.
const FILE: &str = "offhook.toml";
/// Bytes of a configuration, seed or certificate file.
const FILE_BYTES_MAX: u64 = 1024 * 1024;
/// H-O-O-K on a phone's keys.
const PORT: u16 = 4665;
/// Days that the request log is kept unless told otherwise: Twilio's.
const KEEP_LOG_DAYS: u32 = 30;
/// Days that it is kept at most: a century.
const KEEP_LOG_DAYS_MAX: u32 = 36_500;
/// The data folder unless told otherwise.
pub(super) const DATA: &str = "offhook-data";

/// Start the server: REST API, webhooks, TwiML Bins, on one port.
#[derive(Debug, Default, clap::Args)]
#[command(
    after_help = "Every option can also stand in ./offhook.toml, as `public-url = \"…\"` or \
    `allow = [\"…\"]`.\nThe first account is made from OFFHOOK_ACCOUNT_SID and \
    OFFHOOK_AUTH_TOKEN when both are set.\nLogs go to stderr: OFFHOOK_LOG=info (or RUST_LOG) \
    shows more of them."
)]
pub(super) struct Serve {
    /// Where to listen: PORT or HOST:PORT; port 0 takes a free one [default: 127.0.0.1:4665]
    #[arg(long, value_name = "HOST:PORT", env = "OFFHOOK_LISTEN", hide_env_values = true)]
    listen: Option<String>,
    /// Data folder; made if it is not there [default: ./offhook-data]
    #[arg(long, value_name = "DIR", env = "OFFHOOK_DATA", hide_env_values = true)]
    data: Option<PathBuf>,
    /// PostgreSQL database; not in this version yet
    #[arg(long, value_name = "URL", env = "OFFHOOK_DATABASE", hide_env_values = true, hide = true)]
    database: Option<String>,
    /// Base of the URLs that webhooks carry, where the listener is behind a proxy or a tunnel
    #[arg(long, value_name = "URL", env = "OFFHOOK_PUBLIC_URL", hide_env_values = true)]
    public_url: Option<String>,
    /// Accounts, numbers, bins and phones to begin with: a YAML file, applied at the first start
    #[arg(long, value_name = "FILE", env = "OFFHOOK_SEED", hide_env_values = true)]
    seed: Option<PathBuf>,
    /// Which addresses webhooks may reach: `local` includes this machine and private networks
    /// [default: local on a loopback listener, else public]
    #[arg(long, value_name = "local|public", env = "OFFHOOK_GUARD", hide_env_values = true)]
    guard: Option<String>,
    /// An address range or host name that webhooks may reach all the same; repeatable
    #[arg(long, value_name = "CIDR|NAME", env = "OFFHOOK_ALLOW", hide_env_values = true)]
    #[arg(value_delimiter = ',')]
    allow: Option<Vec<String>>,
    /// Requests for a public URL are signed for it and sent to a local one, as in
    /// https://app.example.com=http://localhost:3000; repeatable
    #[arg(long, value_name = "PUBLIC=LOCAL", env = "OFFHOOK_MAP", hide_env_values = true)]
    #[arg(value_delimiter = ',')]
    map: Option<Vec<String>>,
    /// A certificate authority that webhooks trust, besides the public ones; repeatable
    #[arg(long, value_name = "CA.pem", env = "OFFHOOK_TRUST", hide_env_values = true)]
    #[arg(value_delimiter = ',')]
    trust: Option<Vec<PathBuf>>,
    /// Days that the log of webhook requests is kept [default: 30]
    #[arg(long, value_name = "DAYS", env = "OFFHOOK_KEEP_LOG", hide_env_values = true)]
    keep_log: Option<String>,
    /// Keep the simulated phones although a carrier is configured
    #[arg(long, env = "OFFHOOK_SIMULATOR", hide_env_values = true, value_parser = switch)]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    #[arg(value_name = "true|false", hide_possible_values = true)]
    simulator: Option<bool>,
    /// Answer requests for twilio.com hosts on other listeners than loopback, too
    #[arg(long, env = "OFFHOOK_PROXY", hide_env_values = true, value_parser = switch)]
    #[arg(num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    #[arg(value_name = "true|false")]
    proxy: Option<bool>,
    /// Who says what a call says: auto (espeak-ng if it is there), none, espeak-ng,
    /// command:PROGRAM …, or the URL of a service; docs/speech.md has more [default: auto]
    #[arg(long, value_name = "ENGINE", env = "OFFHOOK_SPEECH", hide_env_values = true)]
    speech: Option<String>,
}

/// What a house is opened with, as the command line sees it.
pub(super) struct Configuration {
    pub(super) listen: SocketAddr,
    pub(super) data: PathBuf,
    pub(super) public_url: Option<String>,
    /// The file's text.
    pub(super) seed: Option<String>,
    pub(super) first_account: Option<(AccountSid, String)>,
    pub(super) guard: Guard,
    pub(super) maps: Vec<Map>,
    /// Each PEM file's content.
    pub(super) trust: Vec<Vec<u8>>,
    pub(super) proxy: bool,
    pub(super) speech: Choice,
    pub(super) keep_log_days: u32,
}

/// `offhook.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct File {
    listen: Option<String>,
    data: Option<PathBuf>,
    database: Option<String>,
    public_url: Option<String>,
    seed: Option<PathBuf>,
    guard: Option<String>,
    allow: Option<Vec<String>>,
    map: Option<Vec<String>>,
    trust: Option<Vec<PathBuf>>,
    keep_log: Option<u32>,
    simulator: Option<bool>,
    proxy: Option<bool>,
    speech: Option<String>,
}

fn switch(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Ok(true),
        "" | "false" | "0" | "no" | "off" => Ok(false),
        _ => Err("use true or false".into()),
    }
}

impl File {
    fn read() -> Result<File, Failure> {
        if !Path::new(FILE).exists() {
            return Ok(File::default());
        }
        let text = read(Path::new(FILE), FILE)?;
        toml::from_str(&text).map_err(|error| {
            let before = error.span().map(|span| &text[..span.start.min(text.len())]);
            let line = before.map_or(1, |before| before.matches('\n').count() + 1);
            // The rest of its lines draws the place, which the number says already.
            Failure::wrong_use(format!("{FILE}:{line}: {}", one_line(error.message())))
        })
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The data folder of a client command: its flag or the environment, then the file.
pub(super) fn data_folder(given: Option<&PathBuf>) -> Result<PathBuf, Failure> {
    match given.filter(|path| !path.as_os_str().is_empty()) {
        Some(path) => Ok(path.clone()),
        None => Ok(File::read()?.data.unwrap_or_else(|| DATA.into())),
    }
}

/// The account of the environment: both halves or none.
///
/// # Errors
/// One without the other, or what is no account sid.
pub(super) fn account() -> Result<Option<(AccountSid, String)>, Failure> {
    let read = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    match (read("OFFHOOK_ACCOUNT_SID"), read("OFFHOOK_AUTH_TOKEN")) {
        (None, None) => Ok(None),
        (Some(sid), Some(token)) => {
            let parsed = AccountSid::parse(&sid).ok_or_else(|| {
                let sid = super::terminal::one_line(&sid);
                Failure::wrong_use(format!(
                    "OFFHOOK_ACCOUNT_SID is {sid:?}: an account sid is AC and 32 lower-case hex \
                     digits"
                ))
            })?;
            if !is_token(&token) {
                return Err(Failure::wrong_use(
                    "OFFHOOK_AUTH_TOKEN may have letters and digits only: official SDKs refuse \
                     other characters",
                ));
            }
            Ok(Some((parsed, token)))
        }
        (Some(_), None) => Err(half("OFFHOOK_ACCOUNT_SID", "OFFHOOK_AUTH_TOKEN")),
        (None, Some(_)) => Err(half("OFFHOOK_AUTH_TOKEN", "OFFHOOK_ACCOUNT_SID")),
    }
}

fn half(set: &str, missing: &str) -> Failure {
    Failure::wrong_use(format!("{set} is set and {missing} is not: set both or none"))
}

impl Serve {
    /// Everything read and checked.
    ///
    /// # Errors
    /// Whatever cannot be used, by the name of its flag.
    pub(super) fn read(self) -> Result<Configuration, Failure> {
        let file = File::read()?;
        if given(self.database, file.database).is_some() {
            return Err(Failure::failed(
                "--database is not in this version yet: it keeps its data in a folder (--data DIR)",
            ));
        }
        let listen = match given(self.listen, file.listen) {
            Some(text) => address(&text)?,
            None => SocketAddr::from(([127, 0, 0, 1], PORT)),
        };
        let guard = Guard {
            profile: match given(self.guard, file.guard) {
                Some(text) => parse("--guard", &text)?,
                None if listen.ip().is_loopback() => Profile::Local,
                None => Profile::Public,
            },
            allow: list::<Allow>("--allow", self.allow, file.allow)?,
        };
        let data = self.data.filter(|path| !path.as_os_str().is_empty());
        let seed = self.seed.filter(|path| !path.as_os_str().is_empty()).or(file.seed);
        let trust = self.trust.filter(|paths| paths.iter().any(|p| !p.as_os_str().is_empty()));
        let trust = trust.or(file.trust).unwrap_or_default();
        // There is no other carrier yet: the simulator is always there.
        let _ = self.simulator.or(file.simulator);
        Ok(Configuration {
            listen,
            data: data.or(file.data).unwrap_or_else(|| DATA.into()),
            public_url: given(self.public_url, file.public_url)
                .map(|text| public_url(&text))
                .transpose()?,
            seed: seed.map(|path| read(&path, "--seed")).transpose()?,
            first_account: account()?,
            guard,
            maps: list::<Map>("--map", self.map, file.map)?,
            trust: trust
                .iter()
                .filter(|path| !path.as_os_str().is_empty())
                .map(|path| read(path, "--trust").map(String::into_bytes))
                .collect::<Result<_, _>>()?,
            proxy: self.proxy.or(file.proxy).unwrap_or(false),
            speech: match given(self.speech, file.speech) {
                Some(text) => parse("--speech", &text)?,
                None => Choice::Auto,
            },
            keep_log_days: days(given(self.keep_log, file.keep_log.map(|days| days.to_string())))?,
        })
    }
}

/// For how long the log is kept.
fn days(given: Option<String>) -> Result<u32, Failure> {
    let Some(text) = given else { return Ok(KEEP_LOG_DAYS) };
    let days = text.trim().parse().ok().filter(|days| (1..=KEEP_LOG_DAYS_MAX).contains(days));
    days.ok_or_else(|| {
        let text = super::terminal::one_line(&text);
        Failure::wrong_use(format!("--keep-log {text:?}: use 1 to {KEEP_LOG_DAYS_MAX} days"))
    })
}

fn given(flag: Option<String>, file: Option<String>) -> Option<String> {
    flag.filter(|text| !text.trim().is_empty()).or(file)
}

fn parse<T: FromStr>(name: &str, text: &str) -> Result<T, Failure>
where
    T::Err: std::fmt::Display,
{
    text.trim().parse().map_err(|error: T::Err| {
        let why = error.to_string();
        // Some say themselves which flag they are about.
        Failure::wrong_use(if why.starts_with("--") { why } else { format!("{name}: {why}") })
    })
}

fn list<T: FromStr>(
    name: &str,
    flag: Option<Vec<String>>,
    file: Option<Vec<String>>,
) -> Result<Vec<T>, Failure>
where
    T::Err: std::fmt::Display,
{
    let given = flag.filter(|all| all.iter().any(|text| !text.trim().is_empty())).or(file);
    let texts = given.unwrap_or_default();
    texts.iter().filter(|text| !text.trim().is_empty()).map(|text| parse(name, text)).collect()
}

/// `PORT` and `:PORT` are on this machine only: who wants the world says `0.0.0.0:PORT`.
fn address(text: &str) -> Result<SocketAddr, Failure> {
    let text = text.trim();
    let bad = |why: &str| {
        Failure::wrong_use(format!("--listen {text:?}: {why}; use HOST:PORT, such as 0.0.0.0:4665"))
    };
    if let Ok(port) = text.strip_prefix(':').unwrap_or(text).parse::<u16>() {
        return Ok(SocketAddr::from(([127, 0, 0, 1], port)));
    }
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    let (host, port) = text.rsplit_once(':').ok_or_else(|| bad("no port"))?;
    let port: u16 = port.parse().map_err(|_| bad("not a port"))?;
    let mut found = (host, port).to_socket_addrs().map_err(|_| bad("no address of that name"))?;
    found.next().ok_or_else(|| bad("no address of that name"))
}

fn public_url(text: &str) -> Result<String, Failure> {
    let bad = |why: String| Failure::wrong_use(format!("--public-url {text:?}: {why}"));
    let url = Url::parse(text.trim()).map_err(|error| bad(error.to_string()))?;
    if url.credentials().is_some() || url.fragment().is_some() || url.target().contains('?') {
        return Err(bad("scheme, host, port and path only".into()));
    }
    Ok(url.bare().trim_end_matches('/').to_owned())
}

/// A file that a flag names.
pub(super) fn read(path: &Path, flag: &str) -> Result<String, Failure> {
    let bad = |why: String| {
        let named = if path == Path::new(flag) { String::new() } else { format!("{flag} ") };
        Failure::wrong_use(format!("{named}{}: {why}", path.display()))
    };
    let size_bytes = std::fs::metadata(path).map_err(|error| bad(error.to_string()))?.len();
    if size_bytes > FILE_BYTES_MAX {
        return Err(bad(format!("{size_bytes} bytes; at most {FILE_BYTES_MAX} are read")));
    }
    std::fs::read_to_string(path).map_err(|error| bad(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_may_be_a_port_alone_and_then_it_is_on_this_machine() {
        for (text, listens) in [
            ("8080", "127.0.0.1:8080"),
            (":8080", "127.0.0.1:8080"),
            ("0.0.0.0:80", "0.0.0.0:80"),
            ("[::1]:0", "[::1]:0"),
            (" 127.0.0.1:1 ", "127.0.0.1:1"),
        ] {
            assert_eq!(address(text).map(|a| a.to_string()).as_deref(), Ok(listens), "{text}");
        }
        assert!(address("localhost:4665").expect("resolves").ip().is_loopback());
        for text in ["", "host", "host:port", "127.0.0.1:65536", "1.2.3.4.5.6.invalid:1"] {
            assert!(address(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_public_url_has_no_slash_at_its_end_and_nothing_behind_its_path() {
        assert_eq!(public_url("https://a.example/").as_deref(), Ok("https://a.example"));
        assert_eq!(public_url("https://a.example:8/x/").as_deref(), Ok("https://a.example:8/x"));
        for text in ["a.example", "ftp://a", "https://u:p@a", "https://a?x", "https://a#x"] {
            assert!(public_url(text).is_err(), "{text}");
        }
    }
}
