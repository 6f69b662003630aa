//! Server-sent events as the house writes them, read for `webhooks tail` and `answer`.
//!
//! Knows `id`, `event` and `data`; comments keep the connection alive and mean nothing.
//! Contract: the HTML standard, "Server-sent events"; DESIGN section 1 (Events).

use super::api::Api;
use super::failure::Failure;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use serde_json::Value;
use std::time::Duration;

/// Bytes of one event.
const EVENT_BYTES_MAX: usize = 1024 * 1024;
/// Where the pauses before a lost stream is taken up again begin and end.
const PAUSE_FIRST: Duration = Duration::from_millis(10);
const PAUSE_MAX: Duration = Duration::from_millis(500);
/// How often a lost stream is taken up again before the server counts as gone.
const RECONNECTS_MAX: u32 = 20;

/// One event.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Event {
    /// What a reader that comes back names.
    pub(super) id: Option<String>,
    /// `<noun>.<what>`.
    pub(super) name: String,
    /// Its JSON.
    pub(super) data: Value,
}

/// A stream on its way.
pub(super) struct EventStream {
    body: Incoming,
    lines: Lines,
}

impl EventStream {
    pub(super) fn new(body: Incoming) -> EventStream {
        EventStream { body, lines: Lines::default() }
    }

    /// Takes a lost stream up where it was.
    ///
    /// # Errors
    /// The server is gone, or refuses.
    pub(super) async fn reopened(api: &Api, last: Option<&str>) -> Result<EventStream, Failure> {
        let mut pause = PAUSE_FIRST;
        let mut lost = Failure::no_server(format!("the server at {} went away", api.url()));
        for _ in 0..RECONNECTS_MAX {
            tokio::time::sleep(pause).await;
            match api.stream("/offhook/v1/Events", last).await {
                Ok(body) => return Ok(EventStream::new(body)),
                Err(failure) => lost = failure,
            }
            pause = (pause * 2).min(PAUSE_MAX);
        }
        Err(lost)
    }

    /// The next event; `None` when the server has ended the stream or the connection broke.
    pub(super) async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.lines.event() {
                return Some(event);
            }
            let frame = self.body.frame().await?.ok()?;
            if let Ok(bytes) = frame.into_data() {
                self.lines.bytes.extend_from_slice(&bytes);
            }
            if self.lines.bytes.len() > EVENT_BYTES_MAX {
                return None;
            }
        }
    }
}

/// Bytes that came, and the event being read.
#[derive(Default)]
struct Lines {
    bytes: Vec<u8>,
    id: Option<String>,
    name: String,
    data: String,
}

impl Lines {
    /// Takes whole lines until one ends an event.
    fn event(&mut self) -> Option<Event> {
        while let Some(end) = self.bytes.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.bytes.drain(..=end).collect();
            let line = String::from_utf8_lossy(&line);
            let line = line.trim_end_matches(['\n', '\r']);
            if line.is_empty() {
                let name = std::mem::take(&mut self.name);
                let data = std::mem::take(&mut self.data);
                if name.is_empty() && data.is_empty() {
                    continue;
                }
                let data = serde_json::from_str(&data).unwrap_or(Value::Null);
                return Some(Event { id: self.id.clone(), name, data });
            }
            let (field, value) = line.split_once(':').unwrap_or((line, ""));
            let value = value.strip_prefix(' ').unwrap_or(value);
            match field {
                "id" => self.id = Some(value.to_owned()),
                "event" => value.clone_into(&mut self.name),
                "data" => self.data.push_str(value),
                _ => {}
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_read_however_the_bytes_are_cut() {
        let text = ": hello\n\nid: 7\nevent: webhook.done\ndata: {\"sid\":\"WH1\"}\r\n\n\
                    id:8\nevent:house.gap\n\n";
        for size in [1, 3, 1000] {
            let mut lines = Lines::default();
            let mut events = Vec::new();
            for piece in text.as_bytes().chunks(size) {
                lines.bytes.extend_from_slice(piece);
                events.extend(std::iter::from_fn(|| lines.event()));
            }
            assert_eq!(events.len(), 2, "pieces of {size}");
            assert_eq!(events[0].data["sid"], "WH1");
            assert_eq!(
                (events[1].id.as_deref(), events[1].name.as_str()),
                (Some("8"), "house.gap")
            );
        }
    }
}
