//! What the house counts, for `/metrics`: numbers since it opened.
//!
//! Counted by the delivery thread from committed changes, so that a number never says more than
//! the store does; read by the door. It keeps no time series and no names of customers.

use exchange::messages::{Direction, Message};
use exchange::webhooks::{Finish, Kind, Status};
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

/// Counters since the house opened.
#[derive(Debug, Default)]
pub struct Metrics {
    asks: Webhooks,
    tells: Webhooks,
    messages_in: AtomicU64,
    messages_out: AtomicU64,
    alerts: AtomicU64,
}

/// Counters of one kind of webhook.
#[derive(Debug, Default)]
struct Webhooks {
    created: AtomicU64,
    done: AtomicU64,
    failed: AtomicU64,
    dead: AtomicU64,
    attempts: AtomicU64,
    attempts_us: AtomicU64,
}

fn add(counter: &AtomicU64, n: u64) {
    // Counters stand alone: nobody concludes from one what another says.
    counter.fetch_add(n, Ordering::Relaxed);
}

impl Metrics {
    fn of(&self, kind: Kind) -> &Webhooks {
        match kind {
            Kind::Ask => &self.asks,
            Kind::Tell => &self.tells,
        }
    }

    /// A webhook was made.
    pub fn webhook_created(&self, kind: Kind) {
        add(&self.of(kind).created, 1);
    }

    /// An exchange of a webhook ended.
    pub fn webhook_finished(&self, kind: Kind, finish: &Finish) {
        let counters = self.of(kind);
        match finish.status {
            Status::Done => add(&counters.done, 1),
            Status::Failed => add(&counters.failed, 1),
            Status::Dead => add(&counters.dead, 1),
            Status::Waiting | Status::Running => {}
        }
        add(&counters.attempts, finish.attempts.len() as u64);
        add(&counters.attempts_us, finish.attempts.iter().map(|a| a.duration_us).sum());
    }

    /// A message was made.
    pub fn message(&self, message: &Message) {
        match message.direction {
            Direction::Inbound => add(&self.messages_in, 1),
            _ => add(&self.messages_out, 1),
        }
    }

    /// An alert was raised.
    pub fn alert(&self) {
        add(&self.alerts, 1);
    }

    /// All of it as Prometheus reads it (text format 0.0.4). `waiting` are the asks and tells that
    /// wait to be sent or are on their way, `running` those on their way.
    pub fn text(&self, waiting: (u64, u64), running: usize) -> String {
        let mut page = Page::default();
        self.write_webhooks(&mut page);
        page.head("webhooks_waiting", "gauge", "Webhooks to be sent, or on their way.");
        page.line("webhooks_waiting", &[("kind", "ask")], waiting.0);
        page.line("webhooks_waiting", &[("kind", "tell")], waiting.1);
        page.head("webhooks_running", "gauge", "Webhooks on their way.");
        page.line("webhooks_running", &[], running);
        page.head("messages_total", "counter", "Messages made.");
        page.line("messages_total", &[("direction", "in")], get(&self.messages_in));
        page.line("messages_total", &[("direction", "out")], get(&self.messages_out));
        page.head("alerts_total", "counter", "Alerts raised.");
        page.line("alerts_total", &[], get(&self.alerts));
        page.0
    }

    fn write_webhooks(&self, page: &mut Page) {
        let kinds = [("ask", &self.asks), ("tell", &self.tells)];
        page.head("webhooks_created_total", "counter", "Webhooks made.");
        for (kind, of_kind) in kinds {
            page.line("webhooks_created_total", &[("kind", kind)], get(&of_kind.created));
        }
        page.head("webhooks_ended_total", "counter", "Webhooks that came to an end.");
        for (kind, of_kind) in kinds {
            let ends =
                [("done", &of_kind.done), ("failed", &of_kind.failed), ("dead", &of_kind.dead)];
            for (status, counter) in ends {
                let labels = [("kind", kind), ("status", status)];
                page.line("webhooks_ended_total", &labels, get(counter));
            }
        }
        page.head("webhook_attempts_total", "counter", "Requests made for webhooks.");
        for (kind, of_kind) in kinds {
            page.line("webhook_attempts_total", &[("kind", kind)], get(&of_kind.attempts));
        }
        page.head("webhook_attempt_seconds_total", "counter", "What those requests took together.");
        for (kind, of_kind) in kinds {
            let seconds = get(&of_kind.attempts_us) as f64 / 1e6;
            page.line("webhook_attempt_seconds_total", &[("kind", kind)], seconds);
        }
    }
}

fn get(counter: &AtomicU64) -> u64 {
    counter.load(Ordering::Relaxed)
}

/// The text as it is written; every name begins with `offhook_`.
#[derive(Default)]
struct Page(String);

impl Page {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.0, "# HELP offhook_{name} {help}\n# TYPE offhook_{name} {kind}");
    }

    fn line(&mut self, name: &str, labels: &[(&str, &str)], value: impl std::fmt::Display) {
        let labels: Vec<String> = labels.iter().map(|(k, v)| format!("{k}=\"{v}\"")).collect();
        let labels = match labels.is_empty() {
            true => String::new(),
            false => format!("{{{}}}", labels.join(",")),
        };
        // As above.
        let _ = writeln!(self.0, "offhook_{name}{labels} {value}");
    }
}
