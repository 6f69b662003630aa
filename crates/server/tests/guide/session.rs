//! Somebody reads a page: saves what it says to save, types what it says to type, in a folder of
//! their own, and sees what it shows.
//!
//! A shown line may have `…` where texts differ from run to run; a line that is `…` alone is any
//! number of lines. The ports on the page, 4665 of the house and 3000 of applications, are free
//! ones here.

use crate::page::{Block, Page, root};
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// How long a command may take, or a terminal to say its next line.
const PATIENCE: Duration = Duration::from_secs(120);
/// How long a terminal stays open, if the test does not end it.
const VISIT: Duration = Duration::from_secs(1200);
/// The ports that pages name.
const HOUSE: &str = "4665";
const APPLICATION: &str = "3000";

/// A command in a terminal of its own.
struct Terminal {
    name: String,
    child: Child,
    lines: Receiver<String>,
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // The group: a shell and what it runs.
        let group = format!("-{}", self.child.id());
        let _ = Command::new("kill").args(["-TERM", "--", &group]).stderr(Stdio::null()).status();
        let _ = self.child.wait();
    }
}

pub struct Session {
    folder: tempfile::TempDir,
    terminals: Vec<Terminal>,
    /// What the page calls 4665 and 3000 is here.
    house: Option<String>,
    application: String,
    /// The status of the last command.
    last: i32,
}

/// What a line shows, with `…` for anything.
pub fn shows(shown: &str, said: &str) -> bool {
    let mut parts = shown.split('…');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = said.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

/// Whether what was said is what is shown.
pub fn matches(shown: &[String], said: &[&str]) -> bool {
    match shown.split_first() {
        None => said.is_empty(),
        Some((any, rest)) if any.trim() == "…" => {
            (0..=said.len()).any(|skipped| matches(rest, &said[skipped..]))
        }
        Some((line, rest)) => said.split_first().is_some_and(|(first, others)| {
            shows(line.trim_end(), first.trim_end()) && matches(rest, others)
        }),
    }
}

/// A port as a number of its own in a text.
fn port_replaced(text: &str, from: &str, to: &str) -> String {
    let mut made = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(from) {
        let (before, after) = (&rest[..at], &rest[at + from.len()..]);
        let digit = |next: Option<char>| next.is_some_and(|next| next.is_ascii_digit());
        let whole = !digit(before.chars().next_back()) && !digit(after.chars().next());
        made.push_str(before);
        made.push_str(if whole { to } else { from });
        rest = after;
    }
    made + rest
}

/// The commands of a block with what is shown after each.
pub fn commands(block: &Block) -> Vec<(String, Vec<String>)> {
    let mut found: Vec<(String, Vec<String>)> = Vec::new();
    let mut goes_on = false;
    for line in &block.lines {
        let command = line.strip_prefix("$ ");
        if goes_on {
            let last = &mut found.last_mut().expect("a command goes on").0;
            last.push('\n');
            last.push_str(line.strip_prefix("> ").unwrap_or(line));
            goes_on = line.ends_with('\\');
        } else if let Some(command) = command.or((block.language == "sh").then_some(line.as_str()))
        {
            found.push((command.to_owned(), Vec::new()));
            goes_on = command.ends_with('\\');
        } else {
            found.last_mut().expect("a console begins with a command").1.push(line.clone());
        }
    }
    for (_, shown) in &mut found {
        while shown.last().is_some_and(String::is_empty) {
            shown.pop();
        }
    }
    found
}

impl Session {
    pub fn new() -> Session {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join(".bin")).expect("a folder");
        let here = folder.path().join(".bin/offhook");
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_offhook"), here).expect("a link");
        let free = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr());
        let application = free.expect("a free port").port().to_string();
        Session { folder, terminals: Vec::new(), house: None, application, last: 0 }
    }

    /// What the page says, with the ports of this run.
    fn here(&self, text: &str) -> String {
        let text = port_replaced(text, APPLICATION, &self.application);
        self.house.as_ref().map_or(text.clone(), |port| port_replaced(&text, HOUSE, port))
    }

    /// What was said, with the ports of the page.
    fn there(&self, text: &str) -> String {
        let text = port_replaced(text, &self.application, APPLICATION);
        self.house.as_ref().map_or(text.clone(), |port| port_replaced(&text, port, HOUSE))
    }

    fn shell(&self, command: &str, patience: Duration) -> Command {
        let mut bash = Command::new("timeout");
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            let is_read = ["OFFHOOK_", "TWILIO_", "CARGO", "RUST_LOG", "PYTHON"];
            if is_read.iter().any(|prefix| name.starts_with(prefix))
                || name.to_ascii_lowercase().ends_with("_proxy")
            {
                bash.env_remove(name);
            }
        }
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = [self.folder.path().join(".bin"), root().join(".tools/venv/bin")];
        let path = folders.into_iter().chain(std::env::split_paths(&path));
        bash.env("PATH", std::env::join_paths(path).expect("no colons"))
            .env("NODE_PATH", root().join(".tools/node/node_modules"))
            .env("OFFHOOK_LISTEN", "127.0.0.1:0")
            .env("OFFHOOK_SPEECH", "none")
            .env("NO_COLOR", "1")
            .env("PYTHONUNBUFFERED", "1")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        // What one command exports, the next one has.
        let state = self.folder.path().join(".state");
        let state = state.display();
        let script = format!(
            "exec 2>&1; [ ! -e {state} ] || . {state}; (exit {})\n{command}\ncode=$?\nexport -p > {state}\n\
             exit $code",
            self.last
        );
        bash.args(["--kill-after=5", &patience.as_secs().to_string(), "bash", "-c", &script]);
        bash
    }

    /// Runs a page from its first block to its last.
    pub fn read(&mut self, page: &Page) {
        let starts_it =
            |block: &Block| block.lines.iter().any(|l| l.starts_with("$ offhook serve"));
        if !page.blocks.iter().any(|block| block.remark("terminal").is_some() && starts_it(block)) {
            self.terminal("house", "offhook serve", &[], "the house");
        }
        for block in &page.blocks {
            let place = format!("{}:{}", page.path, block.line);
            if let Some(name) = block.remark("file") {
                let prose = format!("`{name}`");
                assert!(page.text.contains(&prose), "{place}: the reader is not told of {prose}");
                let path = self.folder.path().join(name);
                std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
                std::fs::write(path, self.here(&block.text())).expect("a file");
            } else if let Some(name) = block.remark("from") {
                self.wait(name, &block.lines, &place);
            } else if ["sh", "console"].contains(&block.language.as_str()) {
                self.block(block, &place);
            }
        }
    }

    fn block(&mut self, block: &Block, place: &str) {
        if let Some(why) = block.remark("not run") {
            assert!(why.len() > 10, "{place}: why is it not run?");
            return;
        }
        if let Some(what) = block.remark("needs").filter(|what| !is_installed(what)) {
            println!("SKIPPED: {place}: {what} is not installed");
            assert!(std::env::var_os("CI").is_none(), "{place}: {what} is not installed");
            return;
        }
        for (command, shown) in commands(block) {
            match block.remark("terminal") {
                Some(name) => self.terminal(name, &command, &shown, place),
                None => self.run(&command, &shown, block, place),
            }
        }
    }

    fn run(&mut self, command: &str, shown: &[String], block: &Block, place: &str) {
        let here = self.here(command);
        let output = self.shell(&here, PATIENCE).output().expect("bash runs");
        let said = self.there(&String::from_utf8(output.stdout).expect("UTF-8"));
        self.last = output.status.code().expect("it ended by itself");
        let fails = block.lines.iter().any(|line| line == "$ echo $?");
        assert!(self.last == 0 || fails, "{place}: $ {command}: {}\n{said}", self.last);
        let lines: Vec<&str> = said.trim_end().lines().collect();
        let whole = block.language == "sh" || shown_is_left_out(block, shown);
        assert!(
            whole || matches(shown, &lines),
            "{place}: $ {command}\nsays\n{said}\nand the page shows\n{}",
            shown.join("\n")
        );
    }

    fn terminal(&mut self, name: &str, command: &str, shown: &[String], place: &str) {
        use std::os::unix::process::CommandExt as _;
        let command = self.here(command);
        let mut shell = self.shell(&format!("exec {command}"), VISIT);
        shell.stdout(Stdio::piped()).process_group(0);
        let mut child = shell.spawn().expect("bash starts");
        let out = BufReader::new(child.stdout.take().expect("piped"));
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in out.lines().map_while(Result::ok) {
                // The session may be over.
                let _ = sender.send(line);
            }
        });
        self.terminals.push(Terminal { name: name.to_owned(), child, lines });
        if command.starts_with("offhook serve") && self.house.is_none() {
            let line = self.next(name, place, Instant::now() + PATIENCE);
            let port = line.rsplit(':').next().expect("a URL").trim().to_owned();
            assert!(port.parse::<u16>().is_ok(), "{place}: {line}");
            self.house = Some(port);
            let first = shown.first().map_or("Offhook …", String::as_str);
            assert!(shows(first, &self.there(&line)), "{place}: {line}");
            self.wait(name, shown.get(1..).unwrap_or_default(), place);
            if shown.is_empty() {
                self.wait(name, &["…".to_owned(), "  offhook text …".to_owned()], place);
            }
        } else {
            self.wait(name, shown, place);
        }
    }

    fn next(&self, name: &str, place: &str, until: Instant) -> String {
        let terminal = self.terminals.iter().rev().find(|terminal| terminal.name == name);
        let terminal = terminal.unwrap_or_else(|| panic!("{place}: there is no terminal {name}"));
        let left = until.saturating_duration_since(Instant::now());
        match terminal.lines.recv_timeout(left) {
            Ok(line) => line,
            Err(RecvTimeoutError::Timeout) => panic!("{place}: {name} says nothing more"),
            Err(RecvTimeoutError::Disconnected) => panic!("{place}: {name} has ended"),
        }
    }

    /// Waits until a terminal has said what is shown.
    fn wait(&self, name: &str, shown: &[String], place: &str) {
        let until = Instant::now() + PATIENCE;
        let mut said: Vec<String> = Vec::new();
        loop {
            let lines: Vec<&str> = said.iter().map(String::as_str).collect();
            if matches(shown, &lines) {
                return;
            }
            let ends_open = shown.last().is_some_and(|line| line.trim() == "…");
            assert!(
                said.len() < shown.len() || ends_open || shown.iter().any(|l| l.trim() == "…"),
                "{place}: {name} says\n{}\nand the page shows\n{}",
                said.join("\n"),
                shown.join("\n")
            );
            said.push(self.there(&self.next(name, place, until)));
        }
    }

    /// A command whose answer only this test reads.
    pub fn ask(&self, command: &str) -> String {
        let command = format!("unset OFFHOOK_ACCOUNT_SID OFFHOOK_AUTH_TOKEN\n{command}");
        let output = self.shell(&command, PATIENCE).output().expect("bash runs");
        assert!(output.status.success(), "{command}: {output:?}");
        String::from_utf8(output.stdout).expect("UTF-8")
    }
}

/// A console may show nothing of what a command says, but then of all its commands.
fn shown_is_left_out(block: &Block, shown: &[String]) -> bool {
    shown.is_empty() && block.remark("quiet").is_some()
}

/// What the tests of SDKs install, and what a system has or not.
fn is_installed(what: &str) -> bool {
    let tools = |path: &str| -> PathBuf { root().join(".tools").join(path) };
    match what {
        "twilio for Python" => tools("venv/bin/python").exists(),
        "twilio for Node.js" => tools("node/node_modules/twilio").exists(),
        program => Command::new("sh")
            .args(["-c", &format!("command -v {program}")])
            .stdout(Stdio::null())
            .status()
            .is_ok_and(|status| status.success()),
    }
}
