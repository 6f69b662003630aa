//! `offhook serve`: opens the house, says where it is and what to try, and ends it gracefully.
//!
//! The one command that reads the store (law 6): for the first lines it prints.

use super::configuration::{Configuration, DATA, Serve};
use super::failure::Failure;
use super::signals::Signals;
use super::terminal::{Style, line, note, styled};
use crate::api::console::{Offer, link, offer};
use crate::first::FIRST_NUMBER;
use crate::open::{OpenError, Options, Running, open};
use exchange::accounts::Account;
use std::io::IsTerminal;
use std::path::Path;
use std::time::Duration;
use store::NumberFilter;

/// How long a stop may take; the parts of the house need less by themselves.
const STOP_WAIT: Duration = Duration::from_secs(10);

/// Serves until a signal ends it.
pub(super) fn run(serve: Serve) -> Result<(), Failure> {
    log();
    let options = options(serve.read()?);
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|error| Failure::failed(format!("no threads: {error}")))?;
    let ended = runtime.block_on(until_stopped(options));
    // Whatever has not ended by now was waited for long enough.
    runtime.shutdown_background();
    ended
}

fn options(configuration: Configuration) -> Options {
    Options {
        listen: configuration.listen,
        data: configuration.data,
        public_url: configuration.public_url,
        seed: configuration.seed,
        first_account: configuration.first_account,
        guard: configuration.guard,
        maps: configuration.maps,
        trust: configuration.trust,
        proxy: configuration.proxy,
        speech: configuration.speech,
        mp3: crate::mp3::installed(),
        keep_log_days: configuration.keep_log_days,
        size_bytes_max: None,
    }
}

/// Logs go to stderr; `OFFHOOK_LOG` and `RUST_LOG` choose which.
fn log() {
    let chosen = ["OFFHOOK_LOG", "RUST_LOG"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    let filter = tracing_subscriber::EnvFilter::builder()
        .parse_lossy(chosen.unwrap_or_else(|| "warn".into()));
    let started = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false)
        .try_init();
    // Somebody else's subscriber is as good as ours.
    drop(started);
}

async fn until_stopped(options: Options) -> Result<(), Failure> {
    let data = options.data.clone();
    let mut signals = Signals::new()
        .map_err(|error| Failure::failed(format!("signals can't be waited for: {error}")))?;
    let running = open(options).await.map_err(|error| why(&error))?;
    welcome(&running, &data)?;
    signals.next().await;
    note(format_args!("Stopping; once more ends it at once."));
    tokio::select! {
        () = running.stop() => Ok(()),
        () = tokio::time::sleep(STOP_WAIT) => {
            Err(Failure::failed("not everything came to an end within 10 s; the rest goes on at \
                the next start"))
        }
        () = signals.next() => Err(Failure::failed("ended at once; the rest goes on at the next \
            start")),
    }
}

fn why(error: &OpenError) -> Failure {
    Failure::failed(match error {
        OpenError::Listen { address, source } if source.kind() == std::io::ErrorKind::AddrInUse => {
            format!(
                "{address} is in use by another program; choose another port with --listen, 0 for \
                 a free one"
            )
        }
        error => error.to_string(),
    })
}

fn welcome(running: &Running, data: &Path) -> Result<(), Failure> {
    let store = &running.house.store;
    let failed = |error: store::StoreError| Failure::failed(error.to_string());
    let account = running.house.main_account().map_err(failed)?;
    let first = store.number_at(FIRST_NUMBER).map_err(failed)?;
    let first = match first.filter(|number| number.account == account.sid) {
        Some(number) => Some(number),
        None => store.numbers(account.sid, &NumberFilter::default(), 1).map_err(failed)?.pop(),
    };
    let number = first.map(|number| number.phone_number);
    let program = super::program();
    let at = if data == Path::new(DATA) || data == Path::new("./offhook-data") {
        String::new()
    } else {
        format!(" --data {}", quoted(&data.display().to_string()))
    };
    let url = styled(Style::Bold, &running.url);
    line(format_args!("Offhook {} at {url}", env!("CARGO_PKG_VERSION")));
    if running.house.settings.public_url != running.url {
        line(format_args!("  public   {}", running.house.settings.public_url));
    }
    line(format_args!("  account  {}", account.sid));
    line(format_args!("  token    {}", account.auth_token));
    line(format_args!("  number   {}", number.as_deref().unwrap_or("none yet")));
    line(format_args!("  data     {}", data.display()));
    line(format_args!("  console  {}", console(running, &account)));
    line(format_args!(""));
    match number {
        Some(number) => line(format_args!(
            "Try it in a second terminal:\n  {}",
            styled(Style::Bold, &format!("{program} text{at} {number} \"hello\""))
        )),
        None => line(format_args!(
            "Give it a number, in a second terminal:\n  {}",
            styled(Style::Bold, &format!("{program} numbers create{at} {FIRST_NUMBER}"))
        )),
    }
    Ok(())
}

/// The console's URL; on this machine it signs in, once.
fn console(running: &Running, account: &Account) -> String {
    match offer(&running.house, account) {
        Offer::Link(secret) => link(&running.url, &secret),
        Offer::NotHere => format!("{}/console/", running.url),
    }
}

/// A word for a shell.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:=@".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_folder_is_quoted_for_the_shell_when_it_has_to_be() {
        for (word, shown) in
            [("/var/a-b_c", "/var/a-b_c"), ("my data", "'my data'"), ("it's", "'it'\\''s'")]
        {
            assert_eq!(quoted(word), shown);
        }
    }
}
