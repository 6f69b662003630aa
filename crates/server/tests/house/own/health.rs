//! What the house tells whoever watches over it.

use super::ask_bare;
use crate::customer::Say;
use crate::support::open;

#[tokio::test]
async fn the_counters_tell_what_happened() {
    let mut opened = open().await;
    opened.customer.on("/sms", [Say::verbs("<Message>Hi</Message>"), Say::status(500)]);
    for body in ["well", "ill"] {
        opened.text(body).await;
        opened.heard().await;
        opened.quiet().await;
    }
    let got = ask_bare(&opened, "GET", "/metrics", "", "").await;
    assert_eq!(got.status, 200);
    assert!(got.head.to_ascii_lowercase().contains("text/plain; version=0.0.4"), "{}", got.head);
    let text = got.text();
    for line in [
        "offhook_webhooks_created_total{kind=\"ask\"} 2",
        "offhook_webhooks_ended_total{kind=\"ask\",status=\"done\"} 1",
        "offhook_webhooks_ended_total{kind=\"ask\",status=\"failed\"} 1",
        "offhook_webhooks_ended_total{kind=\"tell\",status=\"dead\"} 0",
        "offhook_webhook_attempts_total{kind=\"ask\"} 2",
        "offhook_webhooks_waiting{kind=\"ask\"} 0",
        "offhook_webhooks_running 0",
        "offhook_messages_total{direction=\"in\"} 2",
        "offhook_messages_total{direction=\"out\"} 1",
        "offhook_alerts_total 1",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
    }
    let names = text.lines().filter(|line| !line.starts_with('#'));
    for name in names.map(|line| line.split(['{', ' ']).next().unwrap_or_default()) {
        assert!(text.contains(&format!("# TYPE {name} ")), "{name} has a type");
    }
    for path in ["/healthz", "/readyz"] {
        assert_eq!(ask_bare(&opened, "GET", path, "", "").await.status, 200, "{path}");
    }
    opened.finish().await;
}
