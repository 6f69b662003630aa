//! An account's settings.

use super::keys;
use crate::support::open;
use serde_json::Value;

const PATH: &str = "/offhook/v1/Settings";

#[tokio::test]
async fn settings_are_shown_and_changed_one_by_one() {
    let opened = open().await;
    let (_, fresh) = opened.call("GET", PATH, &[]).await;
    let contract = [
        "account_sid",
        "date_updated",
        "debugger_url",
        "media_auth",
        "opt_out_replies",
        "pacing",
        "retry_profile",
        "tls_validation",
    ];
    assert_eq!(keys(&fresh), contract);
    for (name, text, key, value) in [
        (
            "DebuggerUrl",
            "http://localhost:1/d",
            "debugger_url",
            Value::from("http://localhost:1/d"),
        ),
        ("RetryProfile", "durable", "retry_profile", "durable".into()),
        ("TlsValidation", "false", "tls_validation", false.into()),
        ("MediaAuth", "basic", "media_auth", "basic".into()),
        ("OptOutReplies", "false", "opt_out_replies", false.into()),
        ("Pacing", "on", "pacing", "on".into()),
        ("DebuggerUrl", "", "debugger_url", Value::Null),
    ] {
        let (status, changed) = opened.call("POST", PATH, &[(name, text)]).await;
        assert_eq!((status, &changed[key]), (200, &value), "{name}: {changed}");
    }
    let (_, after) = opened.call("GET", PATH, &[]).await;
    assert_eq!(
        (&after["retry_profile"], &after["media_auth"]),
        (&"durable".into(), &"basic".into())
    );
    opened.finish().await;
}

#[tokio::test]
async fn what_can_not_be_is_refused_and_changes_nothing() {
    let opened = open().await;
    let (_, before) = opened.call("GET", PATH, &[]).await;
    for (name, text) in [
        ("DebuggerUrl", "nowhere"),
        ("DebuggerUrl", "http://a b/"),
        ("RetryProfile", "often"),
        ("TlsValidation", "maybe"),
        ("MediaAuth", "digest"),
        ("OptOutReplies", "sometimes"),
        ("Pacing", "slow"),
    ] {
        // One that could be stands beside it: all or nothing.
        let good =
            if name == "MediaAuth" { ("TlsValidation", "false") } else { ("MediaAuth", "basic") };
        let (status, refused) = opened.call("POST", PATH, &[good, (name, text)]).await;
        assert_eq!((status, &refused["code"]), (400, &20_422.into()), "{refused}");
        assert!(refused["message"].as_str().is_some_and(|said| said.contains(name)), "{refused}");
    }
    assert_eq!(opened.call("GET", PATH, &[]).await.1, before);
    opened.finish().await;
}
