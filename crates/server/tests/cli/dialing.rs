//! `call`: what it asks of the house, how it shows what is heard, how it ends. The house is a
//! stand-in; `calling.rs` has the real one.

use crate::house_line::{After, Line, after};
use crate::support::{Ran, against};
use serde_json::{Value, json};

const MENU: &[&str] = &[
    "    0 < fetch POST /voice",
    "    0 > document <Response><Gather><Say>Press 1</Say></Gather></Response>",
    "    0 < answer",
    "    0 < play say \"Press 1 for sales\"",
];

fn ivr() -> Vec<After> {
    vec![
        after("", MENU, "in-progress"),
        after(
            "Digits Digits=1",
            &["  900 > digit 1", "  900 < fetch POST /menu", "  900 < play say \"Say your name\""],
            "in-progress",
        ),
        after(
            "Speech Text=Jo%2C+please",
            &[" 2000 > speech \"Jo, please\"", " 2000 < play /bye.wav", " 4000 < hang up"],
            "completed",
        ),
    ]
}

fn call(line: &Line, more: &[&str]) -> Ran {
    let words: Vec<&str> = ["call", "+12025550100"].iter().chain(more).copied().collect();
    against(&line.house, &words, "")
}

const SCRIPT: &str = "until press 1,1,until your name,say Jo\\, please,hangup";

#[test]
fn a_script_presses_and_speaks_when_it_has_heard_what_it_waits_for() {
    let line = Line::new("real", ivr(), json!([]));
    let ran = call(&line, &["--press", SCRIPT]);
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (
            0,
            "☎ answered\n▸ Press 1 for sales\n◂ 1\n▸ Say your name\n◂ Jo, please\n\
             ♪ audio /bye.wav\n✕ hung up by the application\n"
        ),
        "{ran:?}"
    );
    assert_eq!(line.orders(), ["Digits Digits=1", "Speech Text=Jo%2C+please"]);
    let dialled = line.house.next();
    assert_eq!(dialled.line, "POST /offhook/v1/Phones/+12025550199/Calls");
    assert_eq!(dialled.body, "To=%2B12025550100");
}

#[test]
fn json_is_every_line_as_it_is() {
    let line = Line::new("real", ivr(), json!([]));
    let ran = call(&line, &["--press", SCRIPT, "--json", "--from", "client:jo"]);
    let lines: Vec<String> = ran
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).expect("a JSON string per line"))
        .collect();
    assert_eq!(lines[..4], *MENU);
    assert_eq!(lines.len(), 10, "{ran:?}");
    assert_eq!(line.house.next().line, "POST /offhook/v1/Phones/client:jo/Calls");
}

#[test]
fn words_are_said_once_the_call_is_answered() {
    let said = vec![
        after("", &["    0 < answer"], "in-progress"),
        after("Speech Text=hello", &["  100 > speech \"hello\""], "in-progress"),
        after("Hangup", &["  200 > hung up"], "completed"),
    ];
    let line = Line::new("real", said, json!([]));
    let ran = call(&line, &["--say", "hello", "--press", "wait 0.01,hangup"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "☎ answered\n◂ hello\n✕ hung up\n"), "{ran:?}");
    assert_eq!(line.orders(), ["Speech Text=hello", "Hangup"]);
    assert_eq!(ran.stderr, "you hung up\n");
}

#[test]
fn with_virtual_time_waiting_is_an_order_to_the_clock() {
    let script = vec![
        after("", MENU, "in-progress"),
        after("Clock Advance=PT2.5S", &[" 2500 > played"], "in-progress"),
        after("Digits Digits=5%23", &[" 2500 > digit 5"], "in-progress"),
        after("Clock Advance=PT1S", &[" 3500 < play say \"Bye\""], "in-progress"),
        after("Clock Advance=idle&Limit=PT1M", &[], "in-progress"),
        after("Clock Advance=idle&Limit=PT1M", &["99000 < hang up"], "completed"),
    ];
    let line = Line::new("virtual", script, json!([]));
    let ran = call(&line, &["--press", "wait 2.5,5#,until bye"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.ends_with("▸ Bye\n✕ hung up by the application\n"), "{ran:?}");
    let moved: Vec<String> =
        line.orders().into_iter().filter(|order| order != "Clock Advance=PT0S").collect();
    assert_eq!(
        moved,
        [
            "Clock Advance=PT2.5S",
            "Digits Digits=5%23",
            "Clock Advance=PT1S",
            "Clock Advance=idle&Limit=PT1M",
            "Clock Advance=idle&Limit=PT1M",
        ]
    );
}

#[test]
fn a_call_that_is_not_as_wished_is_a_failure() {
    let failed = json!([{
        "kind": "ask", "status": "failed", "method": "POST", "url": "http://h/voice",
        "problems": [
            { "level": "error", "code": 11200, "message": "HTTP 500", "line": null, "column": null },
        ],
    }]);
    let fine = json!([{ "kind": "ask", "status": "done", "url": "http://h/voice" }]);
    let told = "POST http://h/voice: error 11200: HTTP 500\n";
    for (lines, status, asks, press, code, says) in [
        (&["    0 < hang up"][..], "completed", &fine, None, 0, vec![]),
        (&[], "busy", &fine, None, 1, vec!["the call was not answered (busy)\n"]),
        (&[], "no-answer", &json!([]), None, 1, vec!["no URL for calls", "--voice-url URL"]),
        (
            &[],
            "failed",
            &failed,
            None,
            1,
            vec![told, "not answered (failed): the application of +12025550100 failed"],
        ),
        (
            &["    0 < play application error", "  900 < hang up"],
            "completed",
            &failed,
            None,
            1,
            vec![told, "the application of +12025550100 failed during the call"],
        ),
        // A fallback took over: what was wrong is said, and nothing failed for the person.
        (&["    0 < play say \"Sorry\""], "completed", &failed, None, 0, vec![told]),
        (
            &["    0 < hang up"],
            "completed",
            &fine,
            Some("until Press 9,9"),
            1,
            vec!["the call ended before `until Press 9`"],
        ),
        (&["    0 < hang up"], "completed", &fine, Some("1"), 1, vec!["ended before `1`"]),
        (&["    0 < hang up"], "completed", &fine, Some("wait 60,hangup"), 0, vec![]),
    ] {
        let line = Line::new("real", vec![after("", lines, status)], asks.clone());
        let more: Vec<&str> = press.into_iter().flat_map(|press| ["--press", press]).collect();
        let ran = call(&line, &more);
        assert_eq!(ran.code, code, "{status} {press:?}: {ran:?}");
        for text in &says {
            assert!(ran.stderr.contains(text), "{text}: {ran:?}");
        }
        assert!(!says.is_empty() || ran.stderr.is_empty(), "{ran:?}");
    }
}

#[test]
fn who_gives_up_while_it_rings_wished_so() {
    let script = vec![after("Hangup", &["  900 > hung up"], "canceled")];
    let line = Line::new("real", script, json!([]));
    let ran = call(&line, &["--press", "hangup"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stderr.contains("hung up before anybody answered (canceled)"), "{ran:?}");
}

#[test]
fn waiting_has_an_end_and_nobody_stays_on_the_line() {
    let line = Line::new("real", vec![after("", MENU, "in-progress")], json!([]));
    let ran = call(&line, &["--timeout", "1"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stderr.contains("had not ended within 1 s, so it was hung up"), "{ran:?}");
    assert_eq!(line.orders(), ["Hangup"]);
}

#[test]
fn no_wait_leaves_the_call_to_others() {
    let line = Line::new("real", ivr(), json!([]));
    let ran = call(&line, &["--no-wait"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "CA1\n"), "{ran:?}");
    let ran = call(&line, &["--no-wait", "--json"]);
    let made: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    assert_eq!(made["sid"], "CA1");
}
