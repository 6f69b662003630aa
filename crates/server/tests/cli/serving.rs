//! `serve`: what it says, what it refuses, how it ends, and how clients find it.

use crate::support::{Folder, SID, Server, Small, TOKEN, run};

#[test]
fn serve_says_where_it_is_and_what_to_try() {
    let server = Server::start(&[]);
    let lines: Vec<&str> = server.welcome.lines().collect();
    assert!(lines[0].starts_with("Offhook ") && lines[0].ends_with(&server.url), "{lines:?}");
    assert!(lines[1].starts_with("  account  AC"), "{lines:?}");
    assert!(lines[2].starts_with("  token    "), "{lines:?}");
    assert_eq!(lines[3..5], ["  number   +12025550100", "  data     offhook-data"]);
    let link = format!("  console  {}/console/?link=", server.url);
    assert!(lines[5].starts_with(&link), "{lines:?}");
    assert_eq!(lines[6..8], ["", "Try it in a second terminal:"]);
    assert_eq!(lines.len(), 9);
    let tried = lines[8].trim().strip_prefix(env!("CARGO_BIN_EXE_offhook")).expect("the program");
    assert_eq!(tried, " text +12025550100 \"hello\"");
    // And it does as it says.
    let ran = server.run(&["text", "+12025550100", "hello"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert_eq!(ran.stdout, "+12025550100 ▸ Offhook here. You wrote: hello\n");
}

#[test]
fn a_fresh_link_to_the_console_needs_no_new_start() {
    let server = Server::start(&[]);
    let ran = server.run(&["console"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(ran.stdout.starts_with(&format!("{}/console/?link=", server.url)), "{ran:?}");
    assert_ne!(ran.stdout, server.run(&["console"]).stdout, "each link is its own");
}

#[test]
fn run_by_cargo_it_names_the_command_that_cargo_runs() {
    let folder = Folder::new();
    let mut command = folder.command(&["--listen", "0", "--data", "my data"]);
    command.env("CARGO_PKG_NAME", "offhook");
    let server = Server::spawn(folder, &mut command);
    let last = server.welcome.lines().last().expect("lines").trim();
    assert!(last.starts_with("cargo run "), "{last}");
    assert!(last.ends_with("-- text --data 'my data' +12025550100 \"hello\""), "{last}");
    let ran = server.run(&["text", "--data", "my data", "+12025550100", "x"]);
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn a_second_server_says_what_is_in_its_way() {
    let server = Server::start(&[]);
    let ran = server.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stderr.contains("in use by another offhook (pid "), "{ran:?}");
    assert!(ran.stderr.contains(&server.url), "{ran:?}");
    let address = server.url.strip_prefix("http://").expect("an http URL");
    let ran = server.run(&["serve", "--data", "other", "--listen", address]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stderr.contains("choose another port with --listen"), "{ran:?}");
    assert_eq!(ran.stderr.lines().count(), 1, "{ran:?}");
}

#[test]
fn the_environments_account_is_made_and_another_token_is_refused() {
    let folder = Folder::new();
    let mut command = folder.command(&["serve", "--listen", "0"]);
    command.env("OFFHOOK_ACCOUNT_SID", SID).env("OFFHOOK_AUTH_TOKEN", TOKEN);
    let server = Server::spawn(folder, &mut command);
    assert!(server.welcome.contains(SID) && server.welcome.contains(TOKEN));
    // The data folder has them for clients that were told nothing.
    assert_eq!(server.run(&["messages", "list"]).code, 0);
    let folder = server.stop();
    let mut command = folder.command(&["serve", "--listen", "0"]);
    let other = "ffffffffffffffffffffffffffff9876";
    let ran = run(command.env("OFFHOOK_ACCOUNT_SID", SID).env("OFFHOOK_AUTH_TOKEN", other), "");
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stderr.contains("…9876") && ran.stderr.contains("…cdef"), "{ran:?}");
    assert!(!ran.stderr.contains(TOKEN) && !ran.stderr.contains(other), "{ran:?}");
}

#[test]
#[cfg(unix)]
fn the_folder_and_its_credentials_are_private() {
    use std::os::unix::fs::PermissionsExt;
    let server = Server::start(&[]);
    let data = server.folder.path().join("offhook-data");
    let mode = |path: &std::path::Path| {
        std::fs::metadata(path).expect("there").permissions().mode() & 0o777
    };
    assert_eq!(mode(&data), 0o700);
    assert_eq!(mode(&data.join("credentials")), 0o600);
}

#[test]
fn a_flag_beats_the_environment_and_that_beats_the_file() {
    let folder = Folder::new();
    folder.file("offhook.toml", "data = \"of-file\"\npublic-url = \"https://of.file/\"\n");
    let mut command = folder.command(&["--listen", "0"]);
    let server = Server::spawn(folder, &mut command);
    assert!(server.welcome.contains("  data     of-file\n"), "{}", server.welcome);
    assert!(server.welcome.contains("  public   https://of.file\n"), "{}", server.welcome);
    // Clients read the same file.
    assert_eq!(server.run(&["messages", "list"]).code, 0);
    let folder = server.stop();

    let mut command = folder.command(&["--listen", "0"]);
    command.env("OFFHOOK_DATA", "of-environment").env("OFFHOOK_PUBLIC_URL", "");
    let server = Server::spawn(folder, &mut command);
    assert!(server.welcome.contains("  data     of-environment\n"), "{}", server.welcome);
    assert!(server.welcome.contains("https://of.file\n"), "empty is none: {}", server.welcome);
    let folder = server.stop();

    let mut command = folder.command(&["--listen", "0", "--data", "of-flag"]);
    let server = Server::spawn(folder, command.env("OFFHOOK_DATA", "of-environment"));
    assert!(server.welcome.contains("  data     of-flag\n"), "{}", server.welcome);
}

#[test]
fn clients_find_the_server_and_say_whose_credentials_were_refused() {
    let server = Server::start(&[]);
    let elsewhere = Folder::new();
    let with = |envs: &[(&str, &str)], arguments: &[&str]| {
        run(elsewhere.command(arguments).envs(envs.iter().copied()), "")
    };
    let data = server.folder.path().join("offhook-data");
    let data = data.to_str().expect("UTF-8");
    let word = |line: usize| {
        let line = server.welcome.lines().nth(line).expect("a line");
        line.split_whitespace().last().expect("a word").to_owned()
    };
    let (sid, token) = (word(1), word(2));
    let list = ["messages", "list", "--json"];
    for (envs, more, code, says) in [
        (&[][..], &["--data", data][..], 0, ""),
        (&[("OFFHOOK_DATA", data)], &[], 0, ""),
        (
            &[
                ("OFFHOOK_URL", server.url.as_str()),
                ("TWILIO_ACCOUNT_SID", &sid),
                ("TWILIO_AUTH_TOKEN", &token),
            ],
            &[],
            0,
            "",
        ),
        (
            &[("OFFHOOK_ACCOUNT_SID", sid.as_str()), ("OFFHOOK_AUTH_TOKEN", &token)],
            &["--server", &server.url],
            0,
            "",
        ),
        (&[], &["--server", &server.url], 2, "no credentials for"),
        (
            &[("TWILIO_ACCOUNT_SID", SID), ("TWILIO_AUTH_TOKEN", TOKEN)],
            &["--data", data],
            1,
            "those of TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN",
        ),
        (&[("TWILIO_ACCOUNT_SID", SID)], &["--data", data], 0, ""),
        (
            &[
                ("OFFHOOK_ACCOUNT_SID", sid.as_str()),
                ("OFFHOOK_AUTH_TOKEN", TOKEN),
                ("TWILIO_ACCOUNT_SID", &sid),
                ("TWILIO_AUTH_TOKEN", &token),
            ],
            &["--data", data],
            1,
            "those of OFFHOOK_ACCOUNT_SID",
        ),
    ] {
        let ran = with(envs, &[&list[..], more].concat());
        assert_eq!(ran.code, code, "{envs:?} {more:?}: {ran:?}");
        assert!(ran.stderr.contains(says), "{envs:?} {more:?}: {ran:?}");
    }
    let stranger = Small::application(200, "text/html", "<h1>hello</h1>");
    let account = [("OFFHOOK_ACCOUNT_SID", SID), ("OFFHOOK_AUTH_TOKEN", TOKEN)];
    let ran = with(&account, &["messages", "list", "--server", &stranger.url]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("is not Offhook"), "{ran:?}");
}

#[test]
fn a_signal_ends_it_gracefully_and_leaves_the_folder_free() {
    for signal in ["INT", "TERM"] {
        let server = Server::start(&[]);
        assert_eq!(server.run(&["text", "+12025550100", "x", "--no-wait"]).code, 0);
        server.signal(signal);
        let (code, _) = server.end();
        assert_eq!(code, 0);
    }
    let server = Server::start(&[]);
    let folder = server.stop();
    assert_eq!(folder.run(&["messages", "list"]).code, 3, "its lock names nobody any more");
    Server::start_in(folder, &[]);
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let silent = Small::answering(vec![(0, "", String::new())]);
    let mut server = Server::start(&[]);
    // A status callback that is never answered keeps the first signal waiting.
    let url = format!("{}/status", silent.url);
    let ran = server.run(&[
        "messages",
        "create",
        "--to",
        "+12025550199",
        "--from",
        "+12025550100",
        "--body",
        "x",
        "--status-callback",
        &url,
    ]);
    assert_eq!(ran.code, 0, "{ran:?}");
    silent.next();
    server.signal("TERM");
    server.until_says("Stopping");
    server.signal("TERM");
    let (code, said) = server.end();
    assert_eq!(code, 1);
    assert!(said.contains("ended at once"), "{said}");
}
