//! The command line: `serve`, the person's side (`text`, `call`, `answer`), and the public APIs by hand.
//!
//! Commands are a file each. All but `serve` are clients of the public APIs or work on files; none
//! reads the store (law 6). Exit codes: 0 as wished, 1 the application or check failed, 2 wrong
//! use, 3 no server. Without a command, `offhook` serves. Contract: DESIGN section 1.

mod accounts;
mod addresses;
mod alerts;
mod answer;
mod api;
mod applications;
mod asks;
mod bins;
mod call;
mod call_script;
mod call_session;
mod caller_ids;
mod calls;
mod check;
mod configuration;
mod console;
mod event_stream;
mod exchange_view;
mod failure;
mod keys;
mod lookup;
mod manual;
mod messages;
mod numbers;
mod pages;
mod phones;
mod pools;
mod press;
mod problems;
mod recordings;
mod resource;
mod serve;
mod server_address;
mod settings;
mod signals;
mod signature;
mod terminal;
mod text;
mod transcript;
mod typing;
mod usage;
mod webhooks;

use clap::{ArgMatches, Command, CommandFactory, FromArgMatches, Parser, Subcommand};
use failure::Failure;
use std::ffi::OsString;
use std::process::ExitCode;
use webhook::Form;

/// Phones for web applications: Twilio's webhooks, TwiML and REST API in one binary.
#[derive(Debug, Parser)]
#[command(name = "offhook", version, max_term_width = 100)]
#[command(after_help = "Without a command, offhook serves.\n\
    Exit codes: 0 as wished, 1 the application or check failed, 2 wrong use, 3 no server.\n\
    Not in this version yet: run, test.")]
struct Offhook {
    #[command(subcommand)]
    command: Typed,
}

/// Commands with arguments of their own; those over resources are tables.
#[derive(Debug, Subcommand)]
enum Typed {
    #[command(display_order = 1)]
    Serve(configuration::Serve),
    #[command(display_order = 2)]
    Text(text::Text),
    #[command(display_order = 3)]
    Call(call::Call),
    #[command(display_order = 4)]
    Answer(answer::Answer),
    #[command(display_order = 30)]
    Console(console::Console),
    #[command(display_order = 31)]
    Check(check::Check),
    #[command(display_order = 32)]
    Sign(signature::Sign),
    #[command(display_order = 33)]
    Verify(signature::Verify),
    /// Print a completion script for a shell
    #[command(display_order = 34)]
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    #[command(display_order = 35)]
    Man(manual::Manual),
}

/// What is planned and named here only to be refused clearly.
const NOT_YET: &[(&str, &str)] = &[
    ("run", "point the program at the server by the base URL instead"),
    ("test", "`offhook text` in a script does the same: its exit code says how it went"),
];

/// Every command that does something.
fn command() -> Command {
    let tables = [
        numbers::command(),
        pools::command(),
        applications::RESOURCE.command(),
        bins::command(),
        messages::RESOURCE.command(),
        calls::command(),
        recordings::command(),
        phones::command(),
        caller_ids::command(),
        addresses::command(),
        lookup::command(),
        webhooks::command(),
        alerts::RESOURCE.command(),
        usage::command(),
        usage::TRIGGERS.command(),
        accounts::RESOURCE.command(),
        keys::command(),
        settings::TEST_CREDENTIALS.command(),
        settings::SETTINGS.command(),
        settings::CLOCK.command(),
    ];
    let ordered = tables.into_iter().enumerate().map(|(at, table)| table.display_order(5 + at));
    Offhook::command().subcommands(ordered)
}

/// Those, and what is refused clearly.
fn understood() -> Command {
    let not_yet = NOT_YET.iter().map(|(name, _)| {
        let rest = clap::Arg::new("rest").num_args(0..).trailing_var_arg(true);
        let rest = rest.allow_hyphen_values(true).hide(true);
        Command::new(*name).about("Not in this version yet").hide(true).arg(rest)
    });
    command().subcommands(not_yet)
}

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    let arguments = with_default_command(std::env::args_os().collect());
    let matches = match understood().try_get_matches_from(arguments) {
        Ok(matches) => matches,
        Err(error) => {
            // Help and version come this way, too, with 0; wrong use with 2.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    match dispatch(&matches) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

/// `offhook` and `offhook --listen …` serve.
fn with_default_command(mut arguments: Vec<OsString>) -> Vec<OsString> {
    let of_offhook = ["-h", "--help", "-V", "--version"];
    let serves = match arguments.get(1).map(|first| first.to_string_lossy().into_owned()) {
        None => true,
        Some(first) => first.starts_with('-') && !of_offhook.contains(&first.as_str()),
    };
    if serves {
        arguments.insert(arguments.len().min(1), "serve".into());
    }
    arguments
}

fn dispatch(matches: &ArgMatches) -> Result<(), Failure> {
    let Some((name, of_name)) = matches.subcommand() else {
        return Ok(());
    };
    if let Some((_, instead)) = NOT_YET.iter().find(|(not_yet, _)| *not_yet == name) {
        return Err(Failure::failed(format!("`{name}` is not in this version yet: {instead}")));
    }
    let Ok(Offhook { command }) = Offhook::from_arg_matches(matches) else {
        return block_on(over_resource(name, of_name));
    };
    match command {
        Typed::Serve(serve) => serve::run(serve),
        Typed::Text(text) => block_on(text::run(text)),
        Typed::Call(call) => block_on(call::run(call)),
        Typed::Answer(answer) => block_on(answer::run(answer)),
        Typed::Console(console) => block_on(console::run(console)),
        Typed::Check(check) => block_on(check::run(check)),
        Typed::Sign(sign) => signature::sign(&sign),
        Typed::Verify(verify) => signature::verify(&verify),
        Typed::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut self::command(), "offhook", &mut script);
            terminal::line(format_args!("{}", String::from_utf8_lossy(&script).trim_end()));
            Ok(())
        }
        Typed::Man(manual) => manual::run(&manual, self::command()),
    }
}

async fn over_resource(name: &str, matches: &ArgMatches) -> Result<(), Failure> {
    let plain = match name {
        "numbers" => return numbers::run(matches).await,
        "services" => return pools::run(matches).await,
        "bins" => return bins::run(matches).await,
        "calls" => return calls::run(matches).await,
        "recordings" => return recordings::run(matches).await,
        "phones" => return phones::run(matches).await,
        "caller-ids" => return caller_ids::run(matches).await,
        "addresses" => return addresses::run(matches).await,
        "lookup" => return lookup::run(matches).await,
        "usage" => return usage::run(matches).await,
        "webhooks" => return webhooks::run(matches).await,
        "alerts" => return alerts::run(matches).await,
        "applications" => &applications::RESOURCE,
        "messages" => &messages::RESOURCE,
        "accounts" => &accounts::RESOURCE,
        "keys" => return keys::run(matches).await,
        "usage-triggers" => &usage::TRIGGERS,
        "test-credentials" => &settings::TEST_CREDENTIALS,
        "settings" => &settings::SETTINGS,
        _ => &settings::CLOCK,
    };
    plain.run(matches, Form::new()).await
}

fn block_on(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| Failure::failed(error.to_string()))?.block_on(work)
}

/// How this program was called, for commands that are to be copied.
fn program() -> String {
    let by_cargo = std::env::var("CARGO_PKG_NAME").is_ok_and(|name| name == env!("CARGO_PKG_NAME"));
    if by_cargo {
        let release = if cfg!(debug_assertions) { "" } else { " --release" };
        return format!("cargo run{release} --");
    }
    let called = std::env::args().next().unwrap_or_default();
    if called.is_empty() || called.contains(char::is_whitespace) {
        "offhook".into()
    } else {
        called
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commands_fit_together() {
        understood().debug_assert();
    }

    #[test]
    fn without_a_command_offhook_serves() {
        for (given, taken) in [
            ("offhook", "offhook serve"),
            ("offhook --listen 1", "offhook serve --listen 1"),
            ("offhook --help", "offhook --help"),
            ("offhook -V", "offhook -V"),
            ("offhook text +1 hi", "offhook text +1 hi"),
            ("offhook nonsense", "offhook nonsense"),
        ] {
            let arguments = given.split(' ').map(OsString::from).collect();
            let expected: Vec<OsString> = taken.split(' ').map(OsString::from).collect();
            assert_eq!(with_default_command(arguments), expected);
        }
    }
}
