//! Every example runs against a house: a person texts it, calls it and chooses from its menu.
//!
//! Each has a house of its own on the virtual clock, and is a process as its reader would start it.
//! Those in Python and Node need Twilio's SDKs (`scripts/install-sdks`); without them they are
//! skipped, and fail where CI is set.

// The bare client of the house's own tests.
#[allow(dead_code)]
#[path = "../../crates/server/tests/house/asker.rs"]
mod asker;

use exchange::webhooks::guard::{Guard, Profile};
use offhook::open::{Options, Running, open};
use offhook::speech::Choice;
use serde_json::Value;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
const NUMBER: &str = "+12025550100";
const PERSON: &str = "%2B12025550199";
/// Lines of an example, tests not counted: what is longer is no example.
const LINES_MAX: usize = 60;
/// How long an example may take to say its next line.
const SAYS_WITHIN: Duration = Duration::from_secs(60);

/// A house, and how to ask it.
struct House {
    running: Running,
    auth: String,
    token: String,
    account: String,
    _folder: tempfile::TempDir,
}

impl House {
    async fn open() -> House {
        let folder = tempfile::tempdir().expect("a folder");
        let options = Options {
            listen: ([127, 0, 0, 1], 0).into(),
            data: folder.path().to_owned(),
            public_url: None,
            seed: None,
            first_account: None,
            guard: Guard { profile: Profile::Local, allow: Vec::new() },
            maps: Vec::new(),
            trust: Vec::new(),
            proxy: false,
            speech: Choice::None,
            mp3: None,
            keep_log_days: 30,
            size_bytes_max: None,
        };
        let running = open(options).await.expect("it opens");
        let account = running.house.store.accounts().expect("accounts").remove(0);
        let auth = asker::basic(account.sid.as_str(), &account.auth_token);
        let (token, account) = (account.auth_token.clone(), account.sid.to_string());
        House { running, auth, token, account, _folder: folder }
    }

    async fn ask(&self, method: &str, path: &str, form: &[(&str, &str)]) -> Value {
        let path = path.replace("{AC}", &self.account);
        let request = asker::form_request(method, &path, &self.auth, form);
        let got = asker::exchange(&self.running.url, &request).await.expect("an answer");
        assert!(got.status < 300, "{method} {path}: {} {}", got.status, got.text());
        got.json()
    }

    /// Moves the time; the house is quiet afterwards.
    async fn advance(&self, by: &str) {
        self.ask("POST", "/offhook/v1/Clock", &[("Mode", "virtual"), ("Advance", by)]).await;
    }

    /// Makes the number ask an application.
    async fn point(&self, base: &str) {
        let numbers = "/2010-04-01/Accounts/{AC}/IncomingPhoneNumbers";
        let listed = self.ask("GET", &format!("{numbers}.json"), &[]).await;
        let sid = listed["incoming_phone_numbers"][0]["sid"].as_str().expect("it has a number");
        let (sms, voice) = (format!("{base}/sms"), format!("{base}/voice"));
        let form = [("SmsUrl", sms.as_str()), ("VoiceUrl", voice.as_str())];
        self.ask("POST", &format!("{numbers}/{sid}.json"), &form).await;
    }
}

/// An example that runs.
struct App {
    _child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl App {
    fn start(mut command: Command, token: &str) -> App {
        let command = command.env("TWILIO_AUTH_TOKEN", token).env("PORT", "0");
        let command = command.env("PYTHONDONTWRITEBYTECODE", "1").env_remove("PUBLIC_URL");
        let command = command.stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
        let mut child = command.spawn().expect("it starts");
        let out = child.stdout.take().expect("it is piped");
        App { _child: child, lines: BufReader::new(out).lines() }
    }

    async fn line(&mut self) -> String {
        let line = tokio::time::timeout(SAYS_WITHIN, self.lines.next_line()).await;
        line.expect("it says something in time").expect("readable").expect("it runs on")
    }
}

/// What all examples do.
async fn receives_texts_and_calls(command: Option<Command>, language: &str) {
    let Some(command) = command else {
        println!("SKIPPED: run scripts/install-sdks");
        assert!(std::env::var_os("CI").is_none(), "the {language} SDK is not installed");
        return;
    };
    let house = House::open().await;
    let mut app = App::start(command, &house.token);
    let line = app.line().await;
    let base = line.strip_prefix("listening for ").expect("it says where").to_owned();
    house.point(&base).await;
    house.advance("PT0S").await;

    let texts = format!("/offhook/v1/Phones/{PERSON}/Messages");
    house.ask("POST", &texts, &[("To", NUMBER), ("Body", "¿hola & adiós?")]).await;
    house.advance("PT10S").await;
    let shown = house.ask("GET", &texts, &[]).await.to_string();
    assert!(shown.contains("You said: ¿hola & adiós?"), "{shown}");
    for status in ["sent", "delivered"] {
        let line = app.line().await;
        assert!(line.ends_with(&format!(" is {status}")), "{line}");
    }

    let calls = format!("/offhook/v1/Phones/{PERSON}/Calls");
    let call = house.ask("POST", &calls, &[("To", NUMBER)]).await;
    let call = format!("{calls}/{}", call["sid"].as_str().expect("a sid"));
    for (digit, heard) in
        [("7", "There is no such choice."), ("1", "We are open from nine to five.")]
    {
        house.advance("PT1S").await;
        house.ask("POST", &format!("{call}/Digits"), &[("Digits", digit)]).await;
        house.advance("PT4S").await;
        let shown = house.ask("GET", &format!("{call}/Transcript"), &[]).await.to_string();
        assert!(shown.contains("For our hours, press 1."), "{shown}");
        assert!(shown.contains(heard), "{shown}");
    }
    house.advance("PT10S").await;
    let ended = house.ask("GET", &call, &[]).await;
    assert_eq!(ended["status"], "completed", "{ended}");

    // What nobody signed.
    let form = asker::form_request("POST", "/sms", "", &[("Body", "let me in")]);
    let refused = asker::exchange(&base, &form).await.expect("an answer");
    assert_eq!(refused.status, 403, "{}", refused.text());
    house.running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_example_in_rust_receives_texts_and_calls() {
    let command = Command::new(env!("CARGO_BIN_EXE_rust-axum"));
    receives_texts_and_calls(Some(command), "Rust").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_example_in_python_receives_texts_and_calls() {
    let named = std::env::var_os("OFFHOOK_SDK_PYTHON").map(std::path::PathBuf::from);
    let python = named.unwrap_or_else(|| Path::new(ROOT).join(".tools/venv/bin/python"));
    let command = python.exists().then(|| {
        let mut command = Command::new(python);
        command.arg(Path::new(ROOT).join("examples/python/app.py"));
        command
    });
    receives_texts_and_calls(command, "Python").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_example_in_node_receives_texts_and_calls() {
    let modules = Path::new(ROOT).join(".tools/node/node_modules");
    let command = modules.join("twilio").exists().then(|| {
        let mut command = Command::new("node");
        command.arg(Path::new(ROOT).join("examples/node/app.mjs")).env("NODE_PATH", modules);
        command
    });
    receives_texts_and_calls(command, "Node").await;
}

#[test]
fn no_example_is_long() {
    for path in ["rust-axum/main.rs", "python/app.py", "node/app.mjs"] {
        let text = std::fs::read_to_string(Path::new(ROOT).join("examples").join(path));
        let lines = text.expect("it is there").lines().count();
        assert!(lines < LINES_MAX, "{path} has {lines} lines");
    }
}
