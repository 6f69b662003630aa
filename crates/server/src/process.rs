//! A program of this machine as a helper: text in, bytes out, and an end in any case. A speech engine
//! is one, and the maker of MP3 files.
//!
//! No shell is asked, arguments are passed as they are. The process does not inherit the house's own
//! variables, which hold secrets, and it is killed when it takes too long, says too much, or nobody
//! waits for it any more. What it started itself is its own business.

use bytes::Bytes;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// Variables that are not for helpers.
const OWN_VARIABLES: [&str; 2] = ["OFFHOOK_", "TWILIO_"];
/// Bytes of complaints that are shown.
const COMPLAINT_BYTES_MAX: usize = 500;

/// Why there is nothing of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ProcessError {
    /// It took too long, and was killed.
    #[error("it did not end within {seconds} s")]
    Hangs {
        /// How long it had.
        seconds: u64,
    },
    /// It ended with an error, or could not be started.
    #[error("{0}")]
    Failed(String),
    /// It wrote more than is read.
    #[error("it wrote more than {bytes_max} bytes")]
    TooMuch {
        /// How much is read.
        bytes_max: usize,
    },
}

/// What is run.
pub(crate) struct Program {
    pub(crate) path: OsString,
    pub(crate) arguments: Vec<OsString>,
}

/// Runs it with `text` on its standard input; what it writes to its standard output, at most
/// `bytes_max`.
pub(crate) async fn run(
    program: &Program,
    text: String,
    (bytes_max, time_max): (usize, Duration),
) -> Result<Bytes, ProcessError> {
    let mut command = Command::new(&program.path);
    command.args(&program.arguments).kill_on_drop(true);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    for (name, _) in std::env::vars_os() {
        if is_own(&name.to_string_lossy()) {
            command.env_remove(&name);
        }
    }
    let mut child = command.spawn().map_err(|error| {
        let path = program.path.to_string_lossy();
        ProcessError::Failed(format!("{path} can't be started: {error}"))
    })?;
    let result = match timeout(time_max, converse(&mut child, text, bytes_max)).await {
        Ok(result) => result,
        Err(_) => Err(ProcessError::Hangs { seconds: time_max.as_secs() }),
    };
    if result.is_err() {
        // It may have ended by itself, which is as good.
        let _ = child.kill().await;
    }
    result
}

fn is_own(variable: &str) -> bool {
    OWN_VARIABLES.iter().any(|own| variable.starts_with(own))
}

async fn converse(
    child: &mut Child,
    text: String,
    bytes_max: usize,
) -> Result<Bytes, ProcessError> {
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let (Some(mut stdin), Some(stdout), Some(stderr)) = (stdin, stdout, stderr) else {
        return Err(ProcessError::Failed("it has no standard streams".to_owned()));
    };
    let feed = async move {
        // Who does not read to the end says with its status whether it is content.
        let _ = stdin.write_all(text.as_bytes()).await;
        drop(stdin);
        Ok(())
    };
    let ((), written, complaint) =
        tokio::try_join!(feed, written(stdout, bytes_max), complaint(stderr))?;
    let status = child.wait().await.map_err(|error| failed(&error))?;
    if status.success() {
        Ok(written)
    } else {
        Err(ProcessError::Failed(ended(status, &complaint)))
    }
}

fn failed(error: &std::io::Error) -> ProcessError {
    ProcessError::Failed(error.to_string())
}

async fn written(
    mut stdout: impl AsyncRead + Unpin,
    bytes_max: usize,
) -> Result<Bytes, ProcessError> {
    let mut all = Vec::new();
    while stdout.read_buf(&mut all).await.map_err(|error| failed(&error))? > 0 {
        if all.len() > bytes_max {
            return Err(ProcessError::TooMuch { bytes_max });
        }
    }
    Ok(all.into())
}

/// The beginning of what it complains about; the rest is read, so that it can go on.
async fn complaint(mut stderr: impl AsyncRead + Unpin) -> Result<String, ProcessError> {
    let mut kept = Vec::new();
    let mut piece = [0; COMPLAINT_BYTES_MAX];
    loop {
        let read = stderr.read(&mut piece).await.map_err(|error| failed(&error))?;
        if read == 0 {
            break;
        }
        kept.extend_from_slice(&piece[..read.min(COMPLAINT_BYTES_MAX - kept.len())]);
    }
    Ok(String::from_utf8_lossy(&kept).into_owned())
}

fn ended(status: ExitStatus, complaint: &str) -> String {
    let said: Vec<&str> = complaint.split_whitespace().collect();
    match said.is_empty() {
        true => status.to_string(),
        false => format!("{status}: {}", said.join(" ")),
    }
}

/// Where a program is: at its path, or by its name in the folders of PATH.
pub(crate) fn found(program: &str) -> Option<PathBuf> {
    if program.is_empty() {
        return None;
    }
    if program.contains('/') {
        return Some(PathBuf::from(program)).filter(|path| can_run(path));
    }
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).map(|folder| folder.join(program)).find(|path| can_run(path))
}

#[cfg(unix)]
fn can_run(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    let what = std::fs::metadata(path);
    what.is_ok_and(|what| what.is_file() && what.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn can_run(path: &Path) -> bool {
    path.is_file()
}

#[cfg(test)]
mod tests {
    use super::is_own;

    #[test]
    fn helpers_learn_no_secrets_of_the_house() {
        let names = ["OFFHOOK_AUTH_TOKEN", "TWILIO_AUTH_TOKEN", "PATH", "HOME", "LANG"];
        assert_eq!(names.map(is_own), [true, true, false, false, false]);
    }
}
