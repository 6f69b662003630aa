//! Exit codes and wrong use: 1 the application or check failed, 2 wrong use, 3 no server.

use crate::support::{Folder, SID, TOKEN, run};

#[test]
fn exit_codes_say_who_has_to_do_something() {
    let folder = Folder::new();
    for (arguments, code, said) in [
        ("--help", 0, ""),
        ("--version", 0, ""),
        ("help text", 0, ""),
        ("numbers update --help", 0, ""),
        ("completions bash", 0, ""),
        ("completions nosuch", 2, "invalid value"),
        ("nonsense", 2, "unrecognized subcommand"),
        ("text", 2, "<TO>"),
        ("text +12025550100", 2, "<BODY>"),
        ("numbers", 2, "Usage"),
        ("numbers fly", 2, "unrecognized subcommand"),
        ("numbers update", 2, "<NUMBER>"),
        ("numbers list --limit 0", 2, "invalid value"),
        ("bins create", 2, "a bin needs a document"),
        ("bins create nosuch.xml", 2, "nosuch.xml: "),
        ("webhooks replay WH1 noequals", 2, "NAME=VALUE is expected"),
        ("--nonsense", 2, "unexpected argument"),
        ("serve --listen nowhere", 2, "--listen"),
        ("serve --guard open", 2, "--guard"),
        ("serve --allow !", 2, "--allow"),
        ("serve --map https://a.example", 2, "--map"),
        ("serve --keep-log 0", 2, "--keep-log \"0\": use 1 to 36500 days"),
        ("serve --keep-log never", 2, "--keep-log \"never\""),
        ("serve --trust nosuch.pem", 2, "--trust nosuch.pem"),
        ("serve --seed nosuch.yaml", 2, "--seed nosuch.yaml"),
        ("serve --public-url app.example", 2, "--public-url"),
        ("serve --proxy=perhaps", 2, "use true or false"),
        ("serve --database postgres://h/d", 1, "not in this version yet"),
        ("text +12025550100 hi", 3, "no server answers at http://127.0.0.1:4665"),
        ("numbers list", 3, "serve"),
        ("webhooks tail", 3, "no server answers"),
        ("text --server ftp://h +1 hi", 2, "can't be used"),
        ("text --server http://h/path +1 hi", 2, "can't be used"),
        ("text --server http://127.0.0.1:1 +1 hi", 3, "http://127.0.0.1:1"),
        ("call", 2, "<TO>"),
        ("call +12025550100 --press fly", 2, "--press: step 1: `fly` is not a step"),
        ("call +12025550100 --press wait", 2, "use seconds"),
        ("call +12025550100 --no-wait --say hi", 2, "cannot be used with"),
        ("call +12025550100 --press 1", 3, "no server answers"),
        ("answer --reject --press 1", 2, "cannot be used with"),
        ("answer --as +12025550111", 3, "no server answers"),
        ("calls list", 3, "no server answers"),
        ("calls create --twiml nosuch.xml", 2, "nosuch.xml: "),
        ("recordings download RE1 --format ogg", 2, "invalid value"),
        ("recordings download RE1", 3, "no server answers"),
        ("services list", 3, "no server answers"),
        ("run -- npm test", 1, "not in this version yet"),
        ("test a.yaml --proxy", 1, "not in this version yet"),
    ] {
        let words: Vec<&str> = arguments.split(' ').collect();
        let ran = folder.run(&words);
        assert_eq!(ran.code, code, "{arguments}: {ran:?}");
        assert!(ran.stderr.contains(said), "{arguments}: {ran:?}");
        assert_eq!(ran.stdout.is_empty(), code != 0, "{arguments}: {ran:?}");
    }
    let left: Vec<_> = std::fs::read_dir(folder.path()).expect("there").collect();
    assert!(left.is_empty(), "wrong use leaves nothing behind: {left:?}");
}

#[test]
fn an_account_of_the_environment_is_whole_or_wrong_use() {
    let folder = Folder::new();
    for (sid, token, said) in [
        (SID, "", "OFFHOOK_ACCOUNT_SID is set and OFFHOOK_AUTH_TOKEN is not"),
        ("", TOKEN, "OFFHOOK_AUTH_TOKEN is set and OFFHOOK_ACCOUNT_SID is not"),
        ("AC1", TOKEN, "OFFHOOK_ACCOUNT_SID is \"AC1\""),
        (SID, "a\nb", "OFFHOOK_AUTH_TOKEN may have letters and digits only"),
        (SID, "a-secret", "OFFHOOK_AUTH_TOKEN may have letters and digits only"),
        (SID, "se\u{e9}cret", "OFFHOOK_AUTH_TOKEN may have letters and digits only"),
    ] {
        for arguments in [&["serve", "--listen", "0"][..], &["numbers", "list"]] {
            let mut command = folder.command(arguments);
            let ran =
                run(command.env("OFFHOOK_ACCOUNT_SID", sid).env("OFFHOOK_AUTH_TOKEN", token), "");
            assert_eq!(ran.code, 2, "{ran:?}");
            assert!(ran.stderr.contains(said), "{ran:?}");
        }
    }
}

#[test]
fn the_file_is_read_strictly() {
    let folder = Folder::new();
    for (text, said) in [
        ("listen = \"127.0.0.1:0\"\nlisten-on = 1\n", "offhook.toml:2: unknown field `listen-on`"),
        ("allow = \"10.0.0.0/8\"\n", "offhook.toml:1: invalid type"),
        ("a = \n", "offhook.toml:1: "),
        ("guard = \"open\"\n", "--guard"),
        ("keep-log = 0\n", "--keep-log \"0\""),
        ("keep-log = \"x\"\n", "offhook.toml:1: invalid type"),
    ] {
        folder.file("offhook.toml", text);
        let ran = folder.run(&["serve"]);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.stderr.contains(said), "{ran:?}");
        assert_eq!(ran.stderr.lines().count(), 1, "{ran:?}");
    }
}

#[test]
fn help_names_every_command_and_what_is_not_there_yet() {
    let help = Folder::new().run(&["--help"]).stdout;
    for word in [
        "serve",
        "text",
        "call",
        "answer",
        "calls",
        "recordings",
        "numbers",
        "applications",
        "bins",
        "messages",
        "phones",
        "caller-ids",
        "addresses",
        "lookup",
        "usage",
        "usage-triggers",
        "webhooks",
        "alerts",
        "accounts",
        "keys",
        "settings",
        "clock",
        "check",
        "sign",
        "verify",
        "Without a command, offhook serves.",
        "Exit codes: 0 as wished, 1 the application or check failed, 2 wrong use, 3 no server.",
        "Not in this version yet: run, test.",
    ] {
        assert!(help.contains(word), "{word} is missing in\n{help}");
    }
    assert!(help.lines().all(|line| line.chars().count() <= 100), "{help}");
}

#[test]
fn each_command_says_what_it_does() {
    let folder = Folder::new();
    for (command, says) in [
        ("serve", "Start the server"),
        ("text", "Text a number as a person would"),
        ("call", "Dial a number as a person would"),
        ("answer", "Wait for a call at a phone and take it"),
        ("calls list", "List calls, newest first"),
        ("calls transcript", "Show what a call's phone heard and did"),
        ("recordings download", "Write a recording's sound to a file"),
        ("phones calls", "List a phone's calls"),
        ("check", "Check a TwiML document"),
        ("sign", "Print the signature"),
        ("verify", "Check the signature"),
        ("webhooks tail", "Show each request and its answer as it happens"),
        ("webhooks replay", "Make a request again"),
        ("numbers list", "List numbers, newest first"),
        ("numbers update", "Change a number; an empty value clears a setting"),
        ("applications create", "Create an application"),
        ("bins versions", "List a bin's versions"),
        ("phones messages", "List what a phone sent and received"),
        ("phones read", "Let a phone's person have read a WhatsApp message"),
        ("addresses numbers", "List the numbers that name an address"),
        ("caller-ids validate", "Verify a number: its phone is called"),
        ("usage", "What the account used, by category"),
        ("usage-triggers create", "Create a trigger of usage"),
        ("lookup", "What the numbering plans know of a number"),
    ] {
        let words: Vec<&str> = command.split(' ').chain(["--help"]).collect();
        let ran = folder.run(&words);
        assert!(ran.stdout.starts_with(says), "{command}: {}", ran.stdout);
    }
}
