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
    /// wait to be sent, `running` those on their way.
    pub fn text(&self, waiting: (u64, u64), running: usize) -> String {
        let mut text = String::new();
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let kinds = [("ask", &self.asks), ("tell", &self.tells)];
        head(&mut text, "offhook_webhooks_created_total", "counter", "Webhooks made.");
        for (kind, counters) in kinds {
            let n = get(&counters.created);
            line(&mut text, &format!("offhook_webhooks_created_total{{kind=\"{kind}\"}}"), n);
        }
        head(&mut text, "offhook_webhooks_ended_total", "counter", "Webhooks that came to an end.");
        for (kind, counters) in kinds {
            for (status, counter) in
                [("done", &counters.done), ("failed", &counters.failed), ("dead", &counters.dead)]
            {
                let labels = format!("{{kind=\"{kind}\",status=\"{status}\"}}");
                line(&mut text, &format!("offhook_webhooks_ended_total{labels}"), get(counter));
            }
        }
        head(&mut text, "offhook_webhook_attempts_total", "counter", "Requests made for webhooks.");
        for (kind, counters) in kinds {
            let n = get(&counters.attempts);
            line(&mut text, &format!("offhook_webhook_attempts_total{{kind=\"{kind}\"}}"), n);
        }
        let name = "offhook_webhook_attempt_seconds_total";
        head(&mut text, name, "counter", "Time those requests took, together.");
        for (kind, counters) in kinds {
            let seconds = get(&counters.attempts_us) as f64 / 1e6;
            line(&mut text, &format!("{name}{{kind=\"{kind}\"}}"), seconds);
        }
        let name = "offhook_webhooks_waiting";
        head(&mut text, name, "gauge", "Webhooks to be sent, or on their way.");
        line(&mut text, &format!("{name}{{kind=\"ask\"}}"), waiting.0);
        line(&mut text, &format!("{name}{{kind=\"tell\"}}"), waiting.1);
        head(&mut text, "offhook_webhooks_running", "gauge", "Webhooks on their way.");
        line(&mut text, "offhook_webhooks_running", running as u64);
        head(&mut text, "offhook_messages_total", "counter", "Messages made.");
        for (direction, counter) in [("in", &self.messages_in), ("out", &self.messages_out)] {
            let labels = format!("{{direction=\"{direction}\"}}");
            line(&mut text, &format!("offhook_messages_total{labels}"), get(counter));
        }
        head(&mut text, "offhook_alerts_total", "counter", "Alerts raised.");
        line(&mut text, "offhook_alerts_total", get(&self.alerts));
        text
    }
}

fn head(text: &mut String, name: &str, kind: &str, help: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

fn line(text: &mut String, series: &str, value: impl std::fmt::Display) {
    // As above.
    let _ = writeln!(text, "{series} {value}");
}
