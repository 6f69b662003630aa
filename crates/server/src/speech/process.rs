//! An engine as a process: text in, sound out, and an end in any case.
//!
//! No shell is asked, arguments are passed as they are. The process does not inherit the house's own
//! variables, which hold secrets, and it is killed when it takes too long, says too much, or nobody
//! waits for it any more. What it started itself is its own business.

use super::SpeechError;
use bytes::Bytes;
use std::ffi::OsString;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// Variables that are not for engines.
const OWN_VARIABLES: [&str; 2] = ["OFFHOOK_", "TWILIO_"];
/// Bytes of complaints that are shown.
const COMPLAINT_BYTES_MAX: usize = 500;

/// What is run.
pub(super) struct Program {
    pub path: OsString,
    pub arguments: Vec<String>,
}

/// Runs it with `text` on its standard input; what it writes to its standard output.
pub(super) async fn run(
    program: &Program,
    text: String,
    time_max: Duration,
) -> Result<Bytes, SpeechError> {
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
        SpeechError::Failed(format!("{path} can't be started: {error}"))
    })?;
    let result = match timeout(time_max, converse(&mut child, text)).await {
        Ok(result) => result,
        Err(_) => Err(SpeechError::Hangs { seconds: time_max.as_secs() }),
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

async fn converse(child: &mut Child, text: String) -> Result<Bytes, SpeechError> {
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let (Some(mut stdin), Some(stdout), Some(stderr)) = (stdin, stdout, stderr) else {
        return Err(SpeechError::Failed("it has no standard streams".to_owned()));
    };
    let feed = async move {
        // Who does not read to the end says with its status whether it is content.
        let _ = stdin.write_all(text.as_bytes()).await;
        drop(stdin);
        Ok(())
    };
    let ((), sound, complaint) = tokio::try_join!(feed, sound(stdout), complaint(stderr))?;
    let status = child.wait().await.map_err(|error| failed(&error))?;
    if status.success() { Ok(sound) } else { Err(SpeechError::Failed(ended(status, &complaint))) }
}

fn failed(error: &std::io::Error) -> SpeechError {
    SpeechError::Failed(error.to_string())
}

async fn sound(mut stdout: impl AsyncRead + Unpin) -> Result<Bytes, SpeechError> {
    let bytes_max = super::ENGINE_BYTES_MAX;
    let mut sound = Vec::new();
    while stdout.read_buf(&mut sound).await.map_err(|error| failed(&error))? > 0 {
        if sound.len() > bytes_max {
            return Err(SpeechError::TooMuch { bytes_max });
        }
    }
    Ok(sound.into())
}

/// The beginning of what it complains about; the rest is read, so that it can go on.
async fn complaint(mut stderr: impl AsyncRead + Unpin) -> Result<String, SpeechError> {
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

#[cfg(test)]
mod tests {
    use super::is_own;

    #[test]
    fn engines_learn_no_secrets_of_the_house() {
        let names = ["OFFHOOK_AUTH_TOKEN", "TWILIO_AUTH_TOKEN", "PATH", "HOME", "LANG"];
        assert_eq!(names.map(is_own), [true, true, false, false, false]);
    }
}
