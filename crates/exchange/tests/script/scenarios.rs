//! Runs every scenario of `scenarios/*.txt`. `UPDATE=1` writes their transcripts anew.
//!
//! ```text
//! == a name                         what it shows
//! role outbound                     inbound unless said; whisper
//! first GET /voice                  or a document; POST /voice unless said
//! fallback /sorry
//! limit 60                          seconds
//! peer sip:bob@example.com          +12025550199 unless said
//! /voice <Response>…</Response>     what is answered; the next time the next one, then the last
//! /voice fails 11200 refused
//! /voice text/plain Hello           or another type; `untyped` for none
//! /voice after 500 …                so many milliseconds later
//! missing /a.mp3 11200              a sound that can't be had
//! 900 press 1                       at 900 ms: press, voice, silence, partial, says, hangs up,
//!                                   replaced /x or a document, fallback, limit
//! dial busy after 3000              what comes of one dial after another; or
//! dial answered after 3000 for 5000
//! text fails 14101, text after 500  refer busy 202 486        records nothing
//! --
//! the transcript, and how it ended
//! ```

use crate::driver::{Scenario, run};
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/script/scenarios")
}

fn run_file(name: &str) {
    let path = folder().join(format!("{name}.txt"));
    let text = std::fs::read_to_string(&path).expect("the scenarios are in the repository");
    let mut written = String::new();
    let mut wrong = Vec::new();
    for part in text.split("\n== ").map(|part| part.trim_start_matches("== ")) {
        let (title, rest) = part.split_once('\n').expect("a title and more");
        let (setup, expected) = rest.split_once("\n--\n").unwrap_or((rest, ""));
        let transcript = run(&Scenario::read(setup)).join("\n");
        if transcript.trim_end() != expected.trim_end() {
            wrong.push(format!("{title}\nexpected\n{expected}\nbut was\n{transcript}"));
        }
        if !written.is_empty() {
            written.push('\n');
        }
        written += &format!("== {title}\n{}\n--\n{transcript}\n", setup.trim_end());
    }
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, written).expect("the scenarios can be written");
    } else {
        assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    }
}

#[test]
fn every_file_of_scenarios_is_run() {
    let mut files: Vec<String> = std::fs::read_dir(folder())
        .expect("the folder is in the repository")
        .map(|entry| entry.expect("it is readable").file_name())
        .map(|name| name.to_string_lossy().trim_end_matches(".txt").to_owned())
        .collect();
    files.sort();
    let source = include_str!("scenarios.rs");
    let runs = source.split("run_file(\"").skip(1).filter_map(|rest| rest.split('"').next());
    let mut run: Vec<&str> = runs.filter(|name| !name.contains(')')).collect();
    run.sort_unstable();
    assert_eq!(files, run);
}

#[test]
fn what_answers_a_call_and_what_does_not() {
    run_file("answering");
}

#[test]
fn where_documents_come_from_and_what_follows_when_they_do_not() {
    run_file("documents");
}

#[test]
fn say_play_and_pause_are_heard_one_after_another() {
    run_file("hearing");
}

#[test]
fn a_gather_takes_keys() {
    run_file("gather");
}

#[test]
fn a_gather_takes_words() {
    run_file("speech");
}

#[test]
fn a_record_ends_and_asks_its_action() {
    run_file("record");
}

#[test]
fn a_dial_orders_and_goes_on() {
    run_file("dial");
}

#[test]
fn a_redirect_a_hangup_and_a_reject_end_a_document() {
    run_file("ending");
}

#[test]
fn a_text_or_a_transfer_goes_on_with_its_action() {
    run_file("sms");
}

#[test]
fn a_recording_runs_beside_the_documents() {
    run_file("start");
}

#[test]
fn what_is_not_carried_out_yet_says_so_and_goes_on() {
    run_file("later");
}

#[test]
fn a_call_that_is_replaced_leaves_everything() {
    run_file("replaced");
}

#[test]
fn a_hangup_ends_each_verb_in_its_own_way() {
    run_file("hangup");
}

#[test]
fn whole_journeys_of_a_call() {
    run_file("journeys");
}
