//! Calls end to end: the real binary on both sides of a real house, documents from its bins.

use crate::support::{Ran, Server, Small};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

/// A house whose first number asks a bin with this document.
fn with_document(twiml: &str) -> Server {
    let server = Server::start(&[]);
    point(&server, "+12025550100", twiml);
    server
}

fn point(server: &Server, number: &str, twiml: &str) {
    let made = server.run(&["bins", "create", "--twiml", twiml, "--json"]);
    let bin: Value = serde_json::from_str(&made.stdout).expect("a bin as JSON");
    let url = bin["url"].as_str().expect("its URL");
    let ran = server.run(&["numbers", "update", number, "--voice-url", url]);
    assert_eq!(ran.code, 0, "{ran:?}");
}

fn call(server: &Server, more: &[&str]) -> Ran {
    let words: Vec<&str> = ["call", "+12025550100"].iter().chain(more).copied().collect();
    server.run(&words)
}

/// Starts a command that a second person gives.
fn beside(command: &mut Command) -> std::process::Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary starts")
}

fn end(child: std::process::Child) -> Ran {
    let output = child.wait_with_output().expect("it ends");
    Ran {
        code: output.status.code().expect("an exit code"),
        stdout: String::from_utf8(output.stdout).expect("UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

fn virtual_time(server: &Server) {
    let ran = server.run(&["clock", "update", "--mode", "virtual"]);
    assert_eq!(ran.code, 0, "{ran:?}");
}

const MENU: &str = "<Response>\
    {{^Digits}}<Gather numDigits=\"1\"><Say>Press 1 for hours</Say></Gather>\
    <Say>No key</Say>{{/Digits}}\
    {{#Digits}}<Say>You pressed {{Digits}}</Say>{{/Digits}}</Response>";

#[test]
fn the_first_number_answers_before_anyone_has_written_a_line() {
    let server = Server::start(&[]);
    virtual_time(&server);
    let ran = call(&server, &["--press", "until press 1, 1, wait 1"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.contains("▸ You pressed 1, and you call from +12025550199"), "{ran:?}");
}

#[test]
fn a_key_leads_on_and_no_key_does_too() {
    for (press, says) in [("until press 1,7", "▸ You pressed 7\n"), ("wait 1", "▸ No key\n")] {
        let server = with_document(MENU);
        virtual_time(&server);
        let ran = call(&server, &["--press", press]);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(ran.stdout.contains("▸ Press 1 for hours\n"), "{ran:?}");
        assert!(ran.stdout.contains(says), "{press}: {ran:?}");
    }
}

#[test]
fn with_virtual_time_the_same_call_is_the_same_everywhere() {
    let lines = || {
        let server = with_document(
            "<Response><Say>One</Say><Pause length=\"600\"/><Say>Ten minutes on</Say></Response>",
        );
        virtual_time(&server);
        let ran = call(&server, &["--press", "until ten minutes", "--json"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        // Sids and ports differ.
        ran.stdout.lines().filter(|line| line.contains("play")).map(str::to_owned).collect()
    };
    let first: Vec<String> = lines();
    assert_eq!(first.len(), 2, "{first:?}");
    assert_eq!(first, lines());
}

#[test]
fn how_a_call_ends_is_the_exit_code() {
    for (twiml, press, code, says) in [
        ("<Response><Say>Bye</Say></Response>", "wait 1", 0, ""),
        // A pause does not answer.
        ("<Response><Pause length=\"60\"/></Response>", "wait 1,hangup", 0, "(no-answer)"),
        ("<Response><Say loop=\"0\">Hi</Say></Response>", "wait 1,hangup", 0, "you hung up"),
        ("<Response><Reject reason=\"busy\"/></Response>", "wait 1", 1, "not answered (busy)"),
        ("<Response><Reject/></Response>", "wait 1", 1, "not answered (no-answer)"),
        ("<Response><Say>Bye</Say></Response>", "until hello", 1, "ended before `until hello`"),
    ] {
        let server = with_document(twiml);
        virtual_time(&server);
        let ran = call(&server, &["--press", press]);
        assert_eq!(ran.code, code, "{twiml}: {ran:?}");
        assert!(ran.stderr.contains(says), "{twiml}: {ran:?}");
    }
}

#[test]
fn an_application_that_fails_is_shown_with_its_url() {
    for (status, content_type, body, says) in [
        (500, "text/plain", "oops", "error 11200"),
        (200, "text/xml", "<Response>\n<Say>x</Response>", "error 12100"),
    ] {
        let server = Server::start(&[]);
        let application = Small::application(status, content_type, body);
        let url = format!("{}/voice", application.url);
        server.run(&["numbers", "update", "+12025550100", "--voice-url", &url]);
        virtual_time(&server);
        let ran = call(&server, &["--press", "wait 1"]);
        assert_eq!(ran.code, 1, "{body}: {ran:?}");
        assert!(ran.stderr.contains(says) && ran.stderr.contains(&url), "{body}: {ran:?}");
    }
    let server = Server::start(&[]);
    server.run(&["numbers", "update", "+12025550100", "--voice-url", ""]);
    let ran = call(&server, &[]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stderr.contains("no URL for calls"), "{ran:?}");
}

#[test]
fn two_terminals_reach_each_other() {
    let server = with_document("<Response><Dial><Number>+12025550111</Number></Dial></Response>");
    let words = ["answer", "--as", "+12025550111", "--press", "wait 0.2,hangup"];
    let other = beside(&mut server.folder.command(&words));
    let ran = call(&server, &[]);
    let other = end(other);
    assert_eq!((ran.code, other.code), (0, 0), "{ran:?} {other:?}");
    assert!(other.stdout.contains(" calls +12025550111\n"), "{other:?}");
    let legs = server.run(&["calls", "list", "--json"]).stdout;
    let ways: Vec<Value> = legs
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("JSON")["direction"].take())
        .collect();
    assert_eq!(ways, ["outbound-dial", "inbound"]);
}

#[test]
fn a_phone_that_declines_is_busy_for_the_caller() {
    let server = with_document(
        "<Response><Dial><Number>+12025550111</Number></Dial><Say>Nobody there</Say></Response>",
    );
    let other = beside(&mut server.folder.command(&["answer", "--as", "+12025550111", "--reject"]));
    let ran = call(&server, &[]);
    assert_eq!((ran.code, end(other).code), (0, 0), "{ran:?}");
    assert!(ran.stdout.contains("▸ Nobody there"), "{ran:?}");
}

#[test]
fn the_application_calls_and_the_person_answers() {
    let server = Server::start(&[]);
    let words = ["answer", "--press", "until how are you,say fine"];
    let person = beside(&mut server.folder.command(&words));
    let twiml = "<Response><Say>How are you?</Say><Pause length=\"1\"/></Response>";
    let made = server.run(&[
        "calls",
        "create",
        "--to",
        "+12025550199",
        "--from",
        "+12025550100",
        "--twiml",
        twiml,
        "--json",
    ]);
    assert_eq!(made.code, 0, "{made:?}");
    let person = end(person);
    assert_eq!(person.code, 0, "{person:?}");
    assert!(person.stdout.contains("▸ How are you?\n◂ fine\n"), "{person:?}");
    let call: Value = serde_json::from_str(&made.stdout).expect("JSON");
    let sid = call["sid"].as_str().expect("a sid");
    let ran = server.run(&["calls", "transcript", sid]);
    assert!(ran.stdout.contains("How are you?"), "{ran:?}");
    assert_eq!(server.run(&["calls", "events", sid]).code, 0);
    let ran = server.run(&["phones", "calls", "+12025550199"]);
    assert!(ran.stdout.contains(sid), "{ran:?}");
    assert_eq!(server.run(&["calls", "delete", sid]).code, 0);
}

#[test]
fn a_call_that_is_over_goes_on_from_its_menu_with_another_key() {
    let server = with_document(MENU);
    virtual_time(&server);
    let ran = call(&server, &["--press", "until press 1, 1"]);
    assert!(ran.stdout.contains("▸ You pressed 1"), "{ran:?}");
    let legs = server.run(&["calls", "list", "--json"]).stdout;
    let first: Value = serde_json::from_str(legs.lines().next().expect("a call")).expect("JSON");
    let sid = first["sid"].as_str().expect("a sid");
    let points = server.run(&["calls", "points", sid]);
    assert!(points.stdout.contains("Gather") && points.stdout.contains("digit 1"), "{points:?}");
    let fits = points.stdout.lines().all(|line| line.chars().count() <= 100);
    assert!(fits && points.stdout.contains('…'), "{points:?}");
    let whole = server.run(&["calls", "points", sid, "--json"]).stdout;
    assert!(whole.contains("</Response>"), "{whole}");
    let made = server.run(&["calls", "fork", sid, "--at", "1", "--digits", "2", "--json"]);
    assert_eq!(made.code, 0, "{made:?}");
    let made: Value = serde_json::from_str(&made.stdout).expect("JSON");
    assert_eq!(made["forked_from"], sid);
    assert_eq!(server.run(&["clock", "update", "--advance", "PT10S"]).code, 0);
    let heard = server.run(&["calls", "transcript", made["sid"].as_str().expect("a sid")]);
    assert!(heard.stdout.contains("You pressed 2"), "{heard:?}");
    let ran = server.run(&["calls", "fork", sid, "--at", "99"]);
    assert!(ran.code == 1 && ran.stderr.contains("the last point of this call is"), "{ran:?}");
}

#[test]
fn a_live_call_is_ended_from_elsewhere() {
    let server = with_document("<Response><Say>Wait</Say><Pause length=\"600\"/></Response>");
    virtual_time(&server);
    let sid = call(&server, &["--no-wait"]).stdout.trim().to_owned();
    // The document has come when the house is quiet.
    assert_eq!(server.run(&["clock", "update", "--advance", "PT1S"]).code, 0);
    let ran = server.run(&["calls", "update", &sid, "--status", "completed", "--json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let shown = server.run(&["calls", "show", &sid, "--json"]);
    let shown: Value = serde_json::from_str(&shown.stdout).expect("JSON");
    assert_eq!(shown["status"], "completed");
}

#[test]
fn who_is_told_to_end_hangs_up_and_keeps_no_line() {
    let server = with_document("<Response><Say>Wait</Say><Pause length=\"600\"/></Response>");
    for signal in ["INT", "TERM"] {
        let mut child = beside(&mut server.folder.command(&["call", "+12025550100"]));
        let mut stdout = BufReader::new(child.stdout.take().expect("piped"));
        let mut heard = String::new();
        while !heard.contains("Wait") {
            assert_ne!(stdout.read_line(&mut heard).expect("UTF-8"), 0, "{heard}");
        }
        let pid = child.id().to_string();
        let sent = Command::new("kill").args([&format!("-{signal}"), &pid]).status();
        assert!(sent.expect("kill is there").success());
        assert_eq!(child.wait().expect("it ends").code(), Some(0), "{signal}");
        let last = server.run(&["calls", "list", "--limit", "1", "--json"]).stdout;
        let last: Value = serde_json::from_str(&last).expect("JSON");
        assert_eq!(last["status"], "completed", "{signal}");
    }
}

#[test]
fn a_voicemail_is_recorded_and_downloaded() {
    let server = with_document(
        "<Response>{{^RecordingUrl}}<Say>Speak</Say><Record finishOnKey=\"*\"/>{{/RecordingUrl}}\
         {{#RecordingUrl}}<Say>Thank you</Say>{{/RecordingUrl}}</Response>",
    );
    virtual_time(&server);
    let ran = call(&server, &["--press", "until beep,say hello there,wait 2,*"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.contains("● recording\n"), "{ran:?}");
    assert!(ran.stdout.contains("▸ Thank you\n"), "{ran:?}");
    let list = server.run(&["recordings", "list", "--json"]).stdout;
    let recording: Value = serde_json::from_str(list.trim()).expect("one recording");
    let sid = recording["sid"].as_str().expect("its sid");
    let ran = server.run(&["recordings", "download", sid]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let sound = std::fs::read(server.folder.path().join(format!("{sid}.wav"))).expect("the file");
    assert!(sound.starts_with(b"RIFF"), "{} bytes", sound.len());
    assert_eq!(server.run(&["recordings", "delete", sid]).code, 0);
}
