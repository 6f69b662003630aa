//! What a shell and `man` make of the command line: completions that complete, pages that render.

use crate::support::{Folder, run};
use std::process::{Command, Stdio};

/// Whether a program is on this system.
fn has(program: &str) -> bool {
    let found = Command::new("sh")
        .args(["-c", &format!("command -v {program}")])
        .stdout(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if !found {
        println!("SKIPPED: {program} is not installed");
    }
    found
}

/// What bash offers after these words, the last of which is being typed.
fn offered(folder: &Folder, words: &str) -> Vec<String> {
    let offhook = env!("CARGO_BIN_EXE_offhook");
    let script = format!(
        "source <({offhook} completions bash)\n\
         complete -p offhook > /dev/null || exit 9\n\
         COMP_WORDS=({words})\n\
         COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))\n\
         _offhook offhook \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD-1]}}\"\n\
         printf '%s\\n' \"${{COMPREPLY[@]}}\""
    );
    let mut bash = Command::new("bash");
    bash.args(["--norc", "-c", &script]).current_dir(folder.path());
    let ran = run(&mut bash, "");
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{words}");
    ran.stdout.lines().map(str::to_owned).collect()
}

#[test]
fn bash_completes_commands_and_flags() {
    let folder = Folder::new();
    for (words, expected) in [
        ("offhook tex", &["text"][..]),
        ("offhook web", &["webhooks"]),
        ("offhook webhooks re", &["replay"]),
        ("offhook numbers update --sms-u", &["--sms-url"]),
        ("offhook text --no", &["--no-wait"]),
        ("offhook completions f", &["fish"]),
        ("offhook man --d", &["--dir"]),
    ] {
        assert_eq!(offered(&folder, words), expected, "{words}");
    }
}

#[test]
fn the_scripts_of_other_shells_are_read_by_them() {
    let folder = Folder::new();
    for shell in ["bash", "zsh", "fish"] {
        let script = folder.run(&["completions", shell]);
        assert_eq!(script.code, 0);
        assert!(script.stdout.contains("webhooks") && script.stdout.contains("sms-url"), "{shell}");
        if has(shell) {
            let path = folder.file("script", &script.stdout);
            let read = run(Command::new(shell).arg("-n").arg(path), "");
            assert_eq!((read.code, read.stderr.as_str()), (0, ""), "{shell}");
        }
    }
}

#[test]
fn every_command_has_a_page_that_renders_without_a_warning() {
    let folder = Folder::new();
    let ran = folder.run(&["man", "--dir", "pages/man1"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let pages = std::fs::read_dir(folder.path().join("pages/man1")).expect("the folder");
    let mut pages: Vec<_> = pages.map(|entry| entry.expect("readable").path()).collect();
    pages.sort();
    assert_eq!(ran.stderr, format!("{} pages in pages/man1\n", pages.len()));
    let named = |name: &str| pages.iter().any(|page| page.ends_with(name));
    for name in ["offhook.1", "offhook-text.1", "offhook-numbers-update.1", "offhook-man.1"] {
        assert!(named(name), "{name}: {pages:?}");
    }
    assert!(!named("offhook-run.1"), "what is not there has no page");
    if has("groff") {
        let mut groff = Command::new("groff");
        groff.args(["-k", "-man", "-Tutf8", "-ww", "-z"]).args(&pages);
        let rendered = run(&mut groff, "");
        assert_eq!((rendered.code, rendered.stderr.as_str()), (0, ""));
    }
    if has("mandoc") {
        let rendered =
            run(Command::new("mandoc").args(["-T", "lint", "-W", "error"]).args(&pages), "");
        assert_eq!(rendered.code, 0, "{}", rendered.stdout);
    }
}

#[test]
fn a_page_says_what_the_help_says() {
    let folder = Folder::new();
    let page = folder.run(&["man", "numbers", "update"]);
    assert!(page.stdout.contains(".TH offhook-numbers-update 1"), "{}", page.stdout);
    assert!(page.stdout.contains(r"\fB\-\-sms\-url\fR"), "{}", page.stdout);
    if has("man") {
        let shown = run(Command::new("man").args(["-l", "-"]).env("MANPAGER", "cat"), &page.stdout);
        assert!(shown.stdout.contains("NAME") && shown.stdout.contains("--sms-url"), "{shown:?}");
    }
    let unknown = folder.run(&["man", "numbers", "fly"]);
    assert_eq!(unknown.code, 2);
    assert_eq!(unknown.stderr, "error: there is no command `numbers fly`\n");
    assert_eq!(folder.run(&["man", "run"]).code, 2);
    assert_eq!(folder.run(&["man", "text", "--dir", "x"]).code, 2);
}
