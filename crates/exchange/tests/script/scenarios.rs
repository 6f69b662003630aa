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

macro_rules! scenarios {
    ($($test:ident $file:literal,)*) => {
        $( #[test] fn $test() { run_file($file); } )*

        #[test]
        fn every_file_of_scenarios_is_run() {
            let mut files: Vec<String> = std::fs::read_dir(folder())
                .expect("the folder is in the repository")
                .map(|entry| entry.expect("it is readable").file_name())
                .map(|name| name.to_string_lossy().trim_end_matches(".txt").to_owned())
                .collect();
            files.sort();
            let mut run = vec![$($file),*];
            run.sort_unstable();
            assert_eq!(files, run);
        }
    };
}

scenarios! {
    what_answers_a_call "answering",
    where_documents_come_from "documents",
    say_play_and_pause "hearing",
    gather_keys "gather",
    gather_words "speech",
    record "record",
    dial "dial",
    redirect_reject_and_hangup "ending",
    sms_and_refer "sms",
    start_and_stop "start",
    what_is_not_carried_out_yet "later",
    a_call_is_replaced "replaced",
    a_hangup_in_every_verb "hangup",
    whole_journeys "journeys",
}
