//! `offhook answer`: the person at a phone that is called, such as by `<Dial>` or the REST API.
//!
//! Waits until it rings, by the events of the house; a look now and then beside them costs little
//! and misses nothing.

use super::api::{Api, segment};
use super::call::{SCRIPT_HELP, doing, left};
use super::call_session::{Doing, Session, note_unanswered, path};
use super::event_stream::EventStream;
use super::failure::Failure;
use super::server_address::ServerFlags;
use super::terminal::{Style, line, note, plain, styled};
use serde_json::Value;
use std::time::Duration;
use webhook::Form;

/// How long only the events are looked at.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// Wait for a call at a phone and take it: hear it as text, press keys, speak
#[derive(Debug, clap::Args)]
#[command(after_help = format!("In a terminal it rings: Enter answers, /reject declines. \
    Otherwise the call is answered at once.\n\n{SCRIPT_HELP}\n\n\
    Exit code 1 when no call came, it was given up, or it ended before the script did."))]
pub(super) struct Answer {
    /// The person's address
    #[arg(long = "as", value_name = "NUMBER", default_value = "+12025550199")]
    address: String,
    /// What the person does once the call is answered, such as '1,wait 2,5#'
    #[arg(long, value_name = "SCRIPT")]
    press: Option<String>,
    /// Words said once the call is answered, before --press; repeatable
    #[arg(long, value_name = "WORDS")]
    say: Vec<String>,
    /// Decline the call
    #[arg(long, conflicts_with_all = ["press", "say"])]
    reject: bool,
    /// How long to wait for a call, and how long that may take [default: 120; in a terminal, no
    /// limit]
    #[arg(long, value_name = "SECONDS")]
    timeout: Option<u64>,
    #[command(flatten)]
    server: ServerFlags,
}

pub(super) async fn run(answer: Answer) -> Result<(), Failure> {
    let (doing, timeout) = doing(answer.press.as_deref(), &answer.say, answer.timeout)?;
    let mut api = Api::open(&answer.server).await?;
    let address = plain(&answer.address);
    let ringing = rung(&mut api, &answer.address);
    let call = match timeout {
        None => ringing.await?,
        Some(wait) => tokio::time::timeout(wait, ringing).await.unwrap_or_else(|_| {
            let seconds = wait.as_secs();
            Err(Failure::failed(format!("no call came for {address} within {seconds} s")))
        })?,
    };
    let sid = call["sid"].as_str().unwrap_or_default();
    let from = plain(call["from"].as_str().unwrap_or_default());
    if !answer.server.json {
        let rings = styled(Style::Cyan, &format!("☎ {from} calls {address}"));
        line(format_args!("{rings}"));
    }
    let at = path(&answer.address, sid);
    if answer.reject {
        return api.post(&format!("{at}/Reject"), &Form::new()).await.map(drop);
    }
    let doing = match doing {
        Doing::Typing { .. } => Doing::Typing { rings: true },
        Doing::Script { steps, .. } => {
            api.post(&format!("{at}/Answer"), &Form::new()).await?;
            // Virtual time is the caller's to move: two that move it would race each other.
            Doing::Script { steps, moves_time: false }
        }
    };
    let session = Session { server: &answer.server, address: &answer.address, sid, timeout };
    let ended = session.run(doing).await?;
    match (ended.status.as_str(), ended.by_person) {
        ("completed", _) => left(&ended),
        (status, true) => {
            note_unanswered(&plain(status));
            Ok(())
        }
        (status, false) => {
            let status = plain(status);
            Err(Failure::failed(format!("the call was not answered ({status})")))
        }
    }
}

/// Waits until a call rings at a handset.
async fn rung(api: &mut Api, address: &str) -> Result<Value, Failure> {
    let path = format!("/offhook/v1/Phones/{}/Calls", segment(address));
    // The stream first: nothing may fall between it and the list.
    let mut stream = EventStream::new(api.stream("/offhook/v1/Events", None).await?);
    note(format_args!("waiting for a call to {}", plain(address)));
    loop {
        let mut list = api.get(&path).await?;
        if let Value::Array(calls) = list["calls"].take()
            && let Some(call) = calls.into_iter().find(rings)
        {
            return Ok(call);
        }
        loop {
            match tokio::time::timeout(LOOK_AGAIN, stream.next()).await {
                Ok(Some(event)) if event.name.starts_with("webhook.") => {}
                Ok(Some(_)) | Err(_) => break,
                Ok(None) => {
                    stream = EventStream::reopened(api, None).await?;
                    break;
                }
            }
        }
    }
}

/// Whether somebody calls the handset; what it dials itself rings elsewhere.
fn rings(call: &Value) -> bool {
    call["status"] == "ringing" && call["way"] == "incoming"
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_phone_rings_when_it_is_called() {
        for (status, way, expected) in [
            ("ringing", "incoming", true),
            ("ringing", "outgoing", false),
            ("queued", "incoming", false),
            ("in-progress", "incoming", false),
        ] {
            let call = json!({ "status": status, "way": way });
            assert_eq!(rings(&call), expected, "{call}");
        }
    }
}
