//! What is packed: the unit of systemd and the image are what the guide and the README say.

use crate::page::{read, root};
use std::process::{Command, Stdio};

fn text(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).expect("it is there")
}

/// Whether a program is on this system; where CI is set it has to be.
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

/// The unit, with the binary of this build, as a file of its own.
fn unit() -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("offhook.service");
    let unit = text("packaging/offhook.service");
    let here = unit.replace("/usr/local/bin/offhook", env!("CARGO_BIN_EXE_offhook"));
    assert_ne!(unit, here, "it starts the binary that the guide installs");
    std::fs::write(&path, here).expect("a file");
    (folder, path)
}

#[test]
fn systemd_accepts_the_unit_and_finds_it_well_confined() {
    if !has("systemd-analyze") {
        return;
    }
    let (_folder, path) = unit();
    let verified = Command::new("systemd-analyze").args(["verify", "--man=no"]).arg(&path).output();
    let verified = verified.expect("it runs");
    let said = String::from_utf8_lossy(&verified.stderr).into_owned();
    let ours = said.lines().filter(|line| line.contains("offhook")).collect::<Vec<_>>();
    assert!(verified.status.success() && ours.is_empty(), "{said}");
    // 10 is no confinement at all; 2.0 and less is "OK".
    let rated = Command::new("systemd-analyze")
        .args(["security", "--offline=true", "--threshold=20", "--no-pager"])
        .arg(&path)
        .output()
        .expect("it runs");
    assert!(rated.status.success(), "{}", String::from_utf8_lossy(&rated.stdout));
}

/// Arguments of each instruction of this name, lines that go on joined.
fn instructions(dockerfile: &str, name: &str) -> Vec<String> {
    let joined = dockerfile.replace("\\\n", " ");
    let lines = joined.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    lines.map(|line| line.trim().to_owned()).collect()
}

#[test]
fn the_image_is_built_of_what_there_is_by_the_command_of_the_readme() {
    let dockerfile = text("packaging/Dockerfile");
    let mut copied = Vec::new();
    for copy in instructions(&dockerfile, "COPY").iter().filter(|copy| !copy.starts_with("--from"))
    {
        let words: Vec<&str> = copy.split_whitespace().collect();
        let (_, sources) = words.split_last().expect("a target");
        for source in sources {
            assert!(root().join(source).exists(), "COPY {source}: it is not there");
            copied.push((*source).to_owned());
        }
    }
    // Every member of the workspace has to be there for cargo to read the manifest.
    let manifest: toml::Table = text("Cargo.toml").parse().expect("TOML");
    for member in manifest["workspace"]["members"].as_array().expect("a list") {
        let folder = member.as_str().expect("a text").split('/').next().expect("a folder");
        assert!(copied.iter().any(|source| source == folder), "{folder} is not copied");
    }
    // What is copied is not left out of the context.
    let ignore = text("packaging/Dockerfile.dockerignore");
    for source in &copied {
        assert!(ignore.lines().any(|line| line == format!("!{source}")), "{source} is ignored");
    }
    let builds = instructions(&dockerfile, "RUN");
    let build = builds.iter().find(|run| run.starts_with("cargo ")).expect("it builds");
    let readme = "cargo install --path crates/server";
    assert!(build.starts_with(readme) && build.contains("--locked"), "{build}");
    for page in [text("README.md"), text("README.es.md"), read("en", "first-minute").text] {
        assert!(page.contains(readme));
    }
    let version = manifest["workspace"]["package"]["rust-version"].as_str().expect("a version");
    let from = instructions(&dockerfile, "FROM");
    assert!(from[0].starts_with(&format!("rust:{version}-")), "{from:?} and Rust {version}");
}

#[test]
fn the_image_runs_as_nobody_and_its_health_is_a_command_that_works() {
    let dockerfile = text("packaging/Dockerfile");
    assert_eq!(instructions(&dockerfile, "USER"), ["offhook"]);
    let folder = tempfile::tempdir().expect("a folder");
    let health = instructions(&dockerfile, "HEALTHCHECK").pop().expect("a health check");
    let command = health.split_once("CMD ").expect("a command").1;
    let words: Vec<String> = serde_json::from_str(command).expect("a JSON array");
    assert_eq!(words[0], "offhook");
    let check = || {
        let mut check = Command::new(env!("CARGO_BIN_EXE_offhook"));
        check.args(&words[1..]).env("OFFHOOK_DATA", folder.path().join("data"));
        check.env_remove("OFFHOOK_URL").stdout(Stdio::null()).stderr(Stdio::null());
        check.current_dir(folder.path()).status().expect("it runs").code()
    };
    assert_eq!(check(), Some(3), "nobody is there yet");
    // On all addresses, as in the image.
    let mut house = Command::new(env!("CARGO_BIN_EXE_offhook"))
        .args(["serve", "--listen", "0.0.0.0:0", "--speech", "none"])
        .env("OFFHOOK_DATA", folder.path().join("data"))
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut said = std::io::BufReader::new(house.stdout.take().expect("piped"));
    let mut line = String::new();
    std::io::BufRead::read_line(&mut said, &mut line).expect("UTF-8");
    let code = check();
    house.kill().expect("it runs");
    house.wait().expect("it ends");
    assert_eq!(code, Some(0), "{line}");
}

#[test]
fn the_limits_on_the_page_are_those_of_the_code() {
    use exchange::{accounts, bins, calls, messages, pools, webhooks};
    let kilobytes = |bytes: usize| format!("{} kB", bytes / 1024);
    let limits: Vec<String> = vec![
        messages::segments::BODY_CHARACTERS_MAX.to_string(),
        webhook::MEDIA_MAX.to_string(),
        messages::session::REPLIES_MAX.to_string(),
        messages::session::DOCUMENTS_MAX.to_string(),
        messages::schedule::SCHEDULED_MAX.to_string(),
        pools::choice::SENDERS_MAX.to_string(),
        kilobytes(twiml::DOCUMENT_BYTES_MAX),
        calls::create::TWIML_CHARACTERS_MAX.to_string(),
        calls::script::DOCUMENTS_MAX.to_string(),
        calls::dialing::CALLEES_MAX.to_string(),
        format!("{} MB", client::MEDIA_BYTES_MAX / 1024 / 1024),
        (webhooks::connection::TOTAL_TIMEOUT_MS_MAX / 1000).to_string(),
        webhooks::redirect::REDIRECTS_MAX.to_string(),
        webhooks::connection::RETRY_COUNT_MAX.to_string(),
        bins::BIN_VERSIONS_MAX.to_string(),
        accounts::SUBACCOUNTS_MAX.to_string(),
        kilobytes(webhook::FORM_BYTES_MAX),
    ];
    for language in ["en", "es"] {
        let page = read(language, "limits");
        let table = page.tables.iter().find(|table| !table.remarks.is_empty()).expect("a table");
        let shown: Vec<&str> = table.rows.iter().map(|row| row[1].as_str()).collect();
        assert_eq!(shown, limits, "{language}");
    }
}

#[test]
fn the_snippet_in_rust_is_one_that_is_compiled_and_does_what_it_says() {
    let source = include_str!("check_signature.rs");
    for language in ["en", "es"] {
        let page = read(language, "signatures");
        let snippet = page.blocks.iter().find(|block| block.language == "rust").expect("Rust");
        let code = |text: &str| {
            let lines = text.lines().map(|line| line.split("//").next().unwrap_or("").trim_end());
            lines.filter(|line| !line.is_empty()).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(code(&snippet.text()), code(source), "{language}");
    }
    let url = "https://example.com/sms";
    let body = b"MessageSid=SM1&AccountSid=AC1&From=%2B15551230000&To=%2B15559870000&Body=hello";
    let form = webhook::Form::parse(body).expect("a form");
    let signature = webhook::Key::new("12345").sign_form(url, &form);
    let read = crate::check_signature::body_of;
    assert_eq!(read(url, body, Some(&signature)), Ok("hello".to_owned()));
    assert!(read(url, b"Body=other", Some(&signature)).is_err());
    assert!(read(url, body, None).is_err());
}
