//! Twilio's official SDKs, unchanged, drive a running house: the scripts of tests/sdk.
//!
//! Each script has a house of its own. `scripts/install-sdks` gets the SDKs; without them the tests
//! say that they are skipped, and fail where CI is set. `OFFHOOK_SDK_PYTHON` names another
//! interpreter that has the SDK.

use exchange::webhooks::guard::{Guard, Profile};
use offhook::open::{Options, open};
use offhook::speech::Choice;
use std::path::{Path, PathBuf};
use std::process::Command;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// Where SDKs look for proxies; a house on this machine needs none.
const PROXIES: &[&str] =
    &["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"];

/// The interpreter of a language with its SDK, if it is there.
fn interpreter(language: &str) -> Option<Command> {
    let root = Path::new(ROOT);
    match language {
        "python" => {
            let named = std::env::var_os("OFFHOOK_SDK_PYTHON").map(PathBuf::from);
            let python = named.unwrap_or_else(|| root.join(".tools/venv/bin/python"));
            python.exists().then(|| Command::new(python))
        }
        _ => {
            let modules = root.join(".tools/node/node_modules");
            modules.join("twilio").exists().then(|| {
                let mut node = Command::new("node");
                node.env("NODE_PATH", modules);
                node
            })
        }
    }
}

/// Runs a script of tests/sdk against a fresh house.
async fn run(language: &str, script: &str) {
    let Some(mut command) = interpreter(language) else {
        println!("SKIPPED: run scripts/test --install");
        assert!(std::env::var_os("CI").is_none(), "the {language} SDK is not installed");
        return;
    };
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
    command
        .arg(Path::new(ROOT).join("tests/sdk").join(language).join(script))
        .env("OFFHOOK_URL", &running.url)
        .env("OFFHOOK_ACCOUNT_SID", account.sid.as_str())
        .env("OFFHOOK_AUTH_TOKEN", &account.auth_token)
        .env("PYTHONDONTWRITEBYTECODE", "1");
    for name in PROXIES {
        command.env_remove(name);
    }
    let ran = tokio::task::spawn_blocking(move || command.output()).await.expect("no panic");
    let ran = ran.expect("the interpreter starts");
    let (out, err) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{language}/{script}: {}\n{out}{err}", ran.status);
    print!("{language}: {out}");
    running.stop().await;
}

/// A test per script, and one that no script is forgotten.
macro_rules! scripts {
    ($($language:ident, $ending:literal: $($name:ident)+;)+) => {
        $(mod $language {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::run(stringify!($language), concat!(stringify!($name), $ending)).await;
            })+

            #[test]
            fn every_script_of_the_folder_is_run() {
                let folder = std::path::Path::new(super::ROOT)
                    .join("tests/sdk")
                    .join(stringify!($language));
                let mut found: Vec<String> = std::fs::read_dir(folder)
                    .expect("the folder")
                    .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
                    .filter_map(|name| name.strip_suffix($ending).map(str::to_owned))
                    // Those beside them are what scripts have in common.
                    .filter(|name| name != "house" && name != "customer")
                    .collect();
                found.sort_unstable();
                assert_eq!(found, [$(stringify!($name)),+]);
            }
        })+
    };
}

scripts! {
    python, ".py": drive_accounts drive_alerts drive_calls drive_conversations drive_events
        drive_messages drive_numbers drive_paging_and_errors drive_recordings drive_services
        drive_verify drive_world play_documents validate_calls validate_webhooks;
    node, ".mjs": drive_accounts drive_alerts drive_calls drive_conversations drive_events
        drive_messages drive_numbers drive_paging_and_errors drive_services drive_verify
        drive_world play_documents validate_calls validate_webhooks;
}
