//! A stand-in for the house with one call: lines that come at once, lines that follow what the
//! person does, and a clock. It notes every order; it never sleeps: questions for news are held
//! until there is some.

use crate::support::{Answer, Got, Small};
use serde_json::{Value, json};
use std::sync::{Arc, Condvar, Mutex};

/// What the call does after something.
#[derive(Debug, Clone)]
pub struct After {
    /// `POST` path's last part and body, such as `Digits Digits=1`; empty for the dialling.
    pub order: &'static str,
    /// Lines that are heard then.
    pub lines: Vec<&'static str>,
    /// The status from then on.
    pub status: &'static str,
}

#[derive(Default)]
struct State {
    lines: Vec<String>,
    status: String,
    orders: Vec<String>,
    left: Vec<After>,
}

/// The stand-in.
pub struct Line {
    pub house: Small,
    shared: Arc<(Mutex<State>, Condvar)>,
}

/// Something after an order.
pub fn after(order: &'static str, lines: &[&'static str], status: &'static str) -> After {
    After { order, lines: lines.to_vec(), status }
}

impl Line {
    /// A call that goes as `script` says, on a clock of this mode; its asks are these.
    pub fn new(mode: &'static str, script: Vec<After>, asks: Value) -> Line {
        let state = State { left: script, status: "ringing".into(), ..State::default() };
        let shared = Arc::new((Mutex::new(state), Condvar::new()));
        let of_house = shared.clone();
        let house = Small::by(move |got| answer(got, mode, &asks, &of_house));
        Line { house, shared }
    }

    /// Every order, as [`After::order`] writes them.
    pub fn orders(&self) -> Vec<String> {
        self.shared.0.lock().expect("no panics").orders.clone()
    }
}

fn answer(got: &Got, mode: &str, asks: &Value, shared: &(Mutex<State>, Condvar)) -> Answer {
    let (method, path) = got.line.split_once(' ').expect("a request line");
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let last = path.rsplit('/').next().unwrap_or_default();
    let json = |status, value: Value| (status, "application/json", value.to_string());
    let clock = json!({ "mode": mode, "now": "2026-11-23T10:00:00Z", "quiet": true });
    match (method, last) {
        ("GET", "Clock") => json(200, clock),
        ("GET", "Webhooks") => json(200, json!({ "webhooks": asks })),
        ("GET", "Events") => {
            (200, "text/event-stream", "event: call.ringing\ndata: {}\n\n".to_owned())
        }
        ("GET", "Calls") => {
            let calls = json!([{ "sid": "CA2", "status": "ringing", "way": "incoming",
                                 "from": "+12025550100", "to": "+12025550111" }]);
            json(200, json!({ "calls": calls }))
        }
        ("GET", "Transcript") => json(200, heard(query, shared)),
        ("POST", "Calls") => {
            happens("", shared);
            json(201, json!({ "sid": "CA1", "status": "ringing" }))
        }
        ("POST", what) => {
            let order = format!("{what} {}", got.body);
            match happens(order.trim_end(), shared) {
                _ if what == "Clock" => json(200, clock),
                true => json(201, json!({})),
                false => json(400, json!({ "code": 21220, "message": "the call is not live" })),
            }
        }
        _ => json(404, json!({ "code": 20404, "message": "not found" })),
    }
}

/// Does what the script says of an order; `false` when the call is over.
fn happens(order: &str, shared: &(Mutex<State>, Condvar)) -> bool {
    let mut state = shared.0.lock().expect("no panics");
    if state.status == "completed" {
        return false;
    }
    if !order.is_empty() {
        state.orders.push(order.to_owned());
    }
    if state.left.first().is_some_and(|next| next.order == order) {
        let next = state.left.remove(0);
        state.lines.extend(next.lines.iter().map(|line| (*line).to_owned()));
        state.status = next.status.into();
    }
    shared.1.notify_all();
    true
}

fn heard(query: &str, shared: &(Mutex<State>, Condvar)) -> Value {
    let after: usize = query
        .split('&')
        .find_map(|pair| pair.strip_prefix("After=")?.parse().ok())
        .expect("a number of lines");
    let mut state = shared.0.lock().expect("no panics");
    // A short wait, as at the end of a virtual call, is over at once here.
    while query.contains("Wait=PT10S")
        && state.lines.len() <= after
        && matches!(state.status.as_str(), "ringing" | "in-progress")
    {
        state = shared.1.wait(state).expect("no panics");
    }
    let lines = &state.lines[after.min(state.lines.len())..];
    json!({ "sid": "CA1", "status": state.status, "lines": lines, "count": state.lines.len() })
}
