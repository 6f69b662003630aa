//! How a command ends when it does not end well: one line for a person, one number for a script.

use std::process::ExitCode;

/// Exit code of a command whose application, check or request failed.
const FAILED: u8 = 1;
/// Exit code of wrong use: flags, environment, `offhook.toml`. Also what clap exits with.
const WRONG_USE: u8 = 2;
/// Exit code of a client command that found no server.
const NO_SERVER: u8 = 3;

/// Why a command did not do as wished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    code: u8,
    /// Empty when everything has been said already.
    message: String,
}

impl Failure {
    /// The application or the check failed, or the server refused.
    pub(crate) fn failed(message: impl Into<String>) -> Failure {
        Failure { code: FAILED, message: message.into() }
    }

    /// As [`Failure::failed`], when what failed is on the screen already.
    pub(crate) fn said() -> Failure {
        Failure::failed("")
    }

    /// The command was used wrongly.
    pub(crate) fn wrong_use(message: impl Into<String>) -> Failure {
        Failure { code: WRONG_USE, message: message.into() }
    }

    /// Nobody answers where the server should be.
    pub(crate) fn no_server(message: impl Into<String>) -> Failure {
        Failure { code: NO_SERVER, message: message.into() }
    }

    /// Says it on stderr, when it does not end the command.
    pub(super) fn say(&self) {
        if !self.message.is_empty() {
            super::terminal::note(format_args!("error: {}", self.message));
        }
    }

    /// Says it on stderr, and the exit code.
    pub(super) fn report(self) -> ExitCode {
        self.say();
        ExitCode::from(self.code)
    }
}
