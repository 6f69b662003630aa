//! `answer`: the phone at the other end, against a stand-in for the house.

use crate::house_line::{Line, after};
use crate::support::against;
use serde_json::json;

#[test]
fn a_phone_that_rings_is_answered_and_its_script_done() {
    let script = vec![
        after("Answer", &["  900 > bridged", "  950 < play say \"Accept with 1\""], "in-progress"),
        after("Digits Digits=1", &[" 1200 > digit 1"], "in-progress"),
        after("Hangup", &[" 1500 > hung up"], "completed"),
    ];
    let line = Line::new("real", script, json!([]));
    let words = ["answer", "--as", "+12025550111", "--press", "until accept,1,wait 0,hangup"];
    let ran = against(&line.house, &words, "");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.starts_with("☎ +12025550100 calls +12025550111\n"), "{ran:?}");
    assert!(ran.stdout.ends_with("▸ Accept with 1\n◂ 1\n✕ hung up\n"), "{ran:?}");
    assert_eq!(line.orders(), ["Answer", "Digits Digits=1", "Hangup"]);
    let asked: Vec<String> = line.house.all().into_iter().map(|got| got.line).collect();
    assert_eq!(
        asked[..3],
        [
            "GET /offhook/v1/Events",
            "GET /offhook/v1/Phones/+12025550111/Calls",
            "POST /offhook/v1/Phones/+12025550111/Calls/CA2/Answer",
        ]
    );
}

#[test]
fn a_call_may_be_declined_or_given_up() {
    let line = Line::new("real", vec![after("Reject", &[], "busy")], json!([]));
    let ran = against(&line.house, &["answer", "--as", "+12025550111", "--reject"], "");
    assert_eq!((ran.code, line.orders()), (0, vec!["Reject".to_owned()]), "{ran:?}");

    let line = Line::new("real", vec![after("Answer", &[], "canceled")], json!([]));
    let ran = against(&line.house, &["answer", "--as", "+12025550111", "--press", "1"], "");
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stderr.contains("the call was not answered (canceled)"), "{ran:?}");
}
