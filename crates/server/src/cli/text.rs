//! `offhook text`: play the person. Texts a number, waits until its whole reply session is over,
//! and prints every reply; when the application failed, says how.

use super::api::{Api, segment};
use super::asks;
use super::failure::Failure;
use super::server_address::ServerFlags;
use super::terminal::{Style, line, note, plain, styled};
use serde_json::Value;
use std::time::Duration;
use webhook::Form;

/// First pause before looking again; each is twice the one before.
const PAUSE_FIRST: Duration = Duration::from_millis(10);
/// Longest pause before looking again.
const PAUSE_MAX: Duration = Duration::from_millis(250);

/// Endings of files, and what such files are.
const TYPES: &[(&str, &str)] = &[
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("png", "image/png"),
    ("gif", "image/gif"),
    ("webp", "image/webp"),
    ("bmp", "image/bmp"),
    ("mp4", "video/mp4"),
    ("mov", "video/quicktime"),
    ("3gp", "video/3gpp"),
    ("mp3", "audio/mpeg"),
    ("ogg", "audio/ogg"),
    ("amr", "audio/amr"),
    ("pdf", "application/pdf"),
    ("vcf", "text/vcard"),
    ("csv", "text/csv"),
];

/// Text a number as a person would: wait for the whole reply session, print every reply
#[derive(Debug, clap::Args)]
#[command(after_help = "Exit code 1 when the application failed and nothing came back.")]
pub(super) struct Text {
    /// The number that is texted, such as +12025550100
    to: String,
    /// What is said; may be left out with --media
    #[arg(required_unless_present = "media")]
    body: Option<String>,
    /// The person's address
    #[arg(long, value_name = "NUMBER", default_value = "+12025550199")]
    from: String,
    /// Send a picture or another file, by its URL or from this machine; repeatable
    #[arg(long, value_name = "URL|FILE")]
    media: Vec<String>,
    /// Print the message's sid instead of waiting for replies
    #[arg(long)]
    no_wait: bool,
    /// How long to wait for the session's end
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    timeout: u64,
    #[command(flatten)]
    server: ServerFlags,
}

pub(super) async fn run(text: Text) -> Result<(), Failure> {
    let mut api = Api::open(&text.server).await?;
    let mut form = Form::from_pairs([("To", text.to.as_str())]);
    form.push("Body", text.body.as_deref().unwrap_or_default());
    let phone = format!("/offhook/v1/Phones/{}", segment(&text.from));
    for media in &text.media {
        form.push("MediaUrl", media_url(&mut api, &phone, media).await?);
    }
    let messages = format!("{phone}/Messages");
    let message = api.post(&messages, &form).await?;
    let sid = message["sid"].as_str().unwrap_or_default();
    if text.no_wait {
        match text.server.json {
            true => line(format_args!("{message}")),
            false => line(format_args!("{sid}")),
        }
        return Ok(());
    }
    let person = message["from"].as_str().unwrap_or(&text.from);
    let mut shown = Shown { count: 0, person, json: text.server.json };
    let watching = watch(&mut api, format!("{messages}/{sid}"), &mut shown);
    let wait = Duration::from_secs(text.timeout);
    let message = match tokio::time::timeout(wait, watching).await {
        Ok(watched) => watched?,
        Err(_) => {
            return Err(Failure::failed(format!(
                "the session has not ended within {} s; `{} webhooks list --resource-sid {sid}` \
                 shows what it waits for",
                text.timeout,
                super::program()
            )));
        }
    };
    judge(&mut api, &message, shown.count).await
}

/// The URL of what is sent: a file of this machine is uploaded first.
async fn media_url(api: &mut Api, phone: &str, media: &str) -> Result<String, Failure> {
    if media.contains("://") {
        return Ok(media.to_owned());
    }
    let file = std::fs::read(media)
        .map_err(|why| Failure::wrong_use(format!("{media}: neither a URL nor a file: {why}")))?;
    let shown = api.upload(&format!("{phone}/Media"), (content_type_of(media), file)).await?;
    Ok(shown["url"].as_str().unwrap_or_default().to_owned())
}

/// Looks until the session is closed; shows each reply once it has arrived. The message as it is
/// then.
async fn watch(api: &mut Api, path: String, shown: &mut Shown<'_>) -> Result<Value, Failure> {
    let mut pause = PAUSE_FIRST;
    loop {
        let message = api.get(&path).await?;
        let is_open = message["reply_session"] == "open";
        shown.write(message["replies"].as_array().map_or(&[], Vec::as_slice), is_open);
        if !is_open {
            return Ok(message);
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(PAUSE_MAX);
    }
}

/// What a file is, by its name's ending.
fn content_type_of(file: &str) -> &'static str {
    let ending = file.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    let known = TYPES.iter().find(|(known, _)| Some(*known) == ending.as_deref());
    known.map_or("application/octet-stream", |(_, content_type)| content_type)
}

/// The replies that are on the screen.
struct Shown<'t> {
    count: usize,
    /// Who texted; what goes to somebody else says so.
    person: &'t str,
    json: bool,
}

impl Shown<'_> {
    /// Shows the next replies, in their order, as far as it is known what became of them.
    fn write(&mut self, replies: &[Value], is_open: bool) {
        for reply in replies.iter().skip(self.count) {
            let status = reply["status"].as_str().unwrap_or_default();
            if is_open && matches!(status, "queued" | "sending") {
                return;
            }
            self.count += 1;
            match self.json {
                true => line(format_args!("{reply}")),
                false => line(format_args!("{}", bubble(reply, self.person))),
            }
        }
    }
}

/// A message as `+12025550100 ▸ text`, further lines below the first, media after it; one to
/// somebody else as `+12025550100 → +12025550111 ▸ text`.
fn bubble(message: &Value, person: &str) -> String {
    let mut from = plain(message["from"].as_str().unwrap_or_default());
    if let Some(other) = message["to"].as_str().filter(|to| *to != person) {
        from = format!("{from} → {}", plain(other));
    }
    let indent = " ".repeat(from.chars().count() + 3);
    let mut lines: Vec<String> = Vec::new();
    let body = plain(message["body"].as_str().unwrap_or_default());
    if !body.is_empty() {
        lines.extend(body.lines().map(str::to_owned));
    }
    for media in message["media"].as_array().into_iter().flatten() {
        let kind = plain(media["content_type"].as_str().unwrap_or_default());
        let url = plain(media["url"].as_str().unwrap_or_default());
        lines.push(format!("[{kind}] {url}"));
    }
    let status = message["status"].as_str().unwrap_or_default();
    if !matches!(status, "delivered" | "sent" | "read" | "received") {
        let code = message["error_code"].as_u64().map(|code| format!(", error {code}"));
        let text = format!("({}{})", plain(status), code.unwrap_or_default());
        lines.push(styled(Style::Red, &text));
    }
    let who = styled(Style::Bold, &from);
    format!("{who} {} {}", styled(Style::Dim, "▸"), lines.join(&format!("\n{indent}")))
}

/// Says what went wrong in the session, or that nothing could have come of it.
async fn judge(api: &mut Api, message: &Value, replies: usize) -> Result<(), Failure> {
    let sid = message["sid"].as_str().unwrap_or_default();
    let to = plain(message["to"].as_str().unwrap_or_default());
    let Some(asks) = asks::of(api, sid).await? else {
        return Ok(());
    };
    if let Some(conversation) = message["conversation"]["conversation_sid"].as_str() {
        asks.iter().for_each(asks::write_problems);
        let conversation = plain(conversation);
        match message["conversation"]["message_sid"].as_str() {
            Some(said) => note(format_args!(
                "said in conversation {conversation} as {}; the number's own URL is not asked",
                plain(said)
            )),
            None => note(format_args!(
                "not said in conversation {conversation}: its pre-action webhook rejected it, or \
                 who texted takes no part in it any more"
            )),
        }
        return Ok(());
    }
    if asks.is_empty() && replies == 0 {
        note(format_args!(
            "{to} has no URL for texts, so nobody was asked; give it one with: {} numbers update \
             {to} --sms-url URL",
            super::program()
        ));
        return Ok(());
    }
    for ask in &asks {
        asks::write_problems(ask);
    }
    match (asks.iter().any(asks::has_failed), replies) {
        (true, 0) => Err(Failure::failed(format!("the application of {to} failed: no reply"))),
        (false, 0) => {
            note(format_args!("no reply"));
            Ok(())
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_reply_is_shown_with_its_lines_its_media_and_what_became_of_it() {
        for (message, shown) in [
            (json!({ "from": "+1", "body": "hi", "status": "delivered" }), "+1 ▸ hi"),
            (
                json!({ "from": "+1", "body": "a\nb\x1b[m", "status": "sent" }),
                "+1 ▸ a\n     b\u{fffd}[m",
            ),
            (
                json!({ "from": "+1", "body": "", "status": "failed", "error_code": 30003,
                        "media": [{ "url": "http://h/cat.png", "content_type": "image/png" }] }),
                "+1 ▸ [image/png] http://h/cat.png\n     (failed, error 30003)",
            ),
            (
                json!({ "from": "+1", "to": "+3", "body": "hi\nho", "status": "sent" }),
                "+1 → +3 ▸ hi\n          ho",
            ),
            (json!({ "from": "+1", "to": "+2", "body": "hi", "status": "sent" }), "+1 ▸ hi"),
        ] {
            assert_eq!(bubble(&message, "+2"), shown);
        }
    }
}
