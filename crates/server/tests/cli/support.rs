//! The binary in a folder of its own, a server of it, and two small HTTP servers: an application
//! that answers as told, and a stand-in for the house that records what is asked.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

/// An account and its token, as an environment would name them.
pub const SID: &str = "AC0123456789abcdef0123456789abcdef";
pub const TOKEN: &str = "fedcba9876543210fedcba987654cdef";

/// A working folder.
pub struct Folder(tempfile::TempDir);

/// What a command did.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Folder {
    pub fn new() -> Folder {
        Folder(tempfile::tempdir().expect("a temporary folder"))
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        std::fs::write(&path, content).expect("a file");
        path
    }

    /// The binary, here, with nothing of this process's environment that it would read.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_offhook"));
        command.args(arguments).current_dir(self.path()).stdin(Stdio::null());
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            let is_read = ["OFFHOOK_", "TWILIO_", "CARGO", "RUST_LOG"];
            if is_read.iter().any(|prefix| name.starts_with(prefix)) {
                command.env_remove(name);
            }
        }
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        run(&mut self.command(arguments), "")
    }
}

/// Runs a client command against a stand-in for the house.
pub fn against(house: &Small, arguments: &[&str], input: &str) -> Ran {
    let folder = Folder::new();
    against_in(&folder, house, arguments, input)
}

/// As [`against`], in this folder.
pub fn against_in(folder: &Folder, house: &Small, arguments: &[&str], input: &str) -> Ran {
    let mut command = folder.command(arguments);
    command.env("OFFHOOK_URL", &house.url);
    command.env("OFFHOOK_ACCOUNT_SID", SID).env("OFFHOOK_AUTH_TOKEN", TOKEN);
    run(&mut command, input)
}

/// Runs a command with this standard input.
pub fn run(command: &mut Command, input: &str) -> Ran {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary starts");
    let mut stdin = child.stdin.take().expect("piped");
    // A command that does not read its input closes it.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    let output = child.wait_with_output().expect("the binary ends");
    Ran {
        code: output.status.code().expect("an exit code"),
        stdout: String::from_utf8(output.stdout).expect("UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

/// A running `offhook serve`.
pub struct Server {
    pub folder: Folder,
    pub url: String,
    /// What it printed when it was ready.
    pub welcome: String,
    pub child: Child,
    stderr: BufReader<ChildStderr>,
}

impl Server {
    pub fn start(arguments: &[&str]) -> Server {
        Server::start_in(Folder::new(), arguments)
    }

    pub fn start_in(folder: Folder, arguments: &[&str]) -> Server {
        let mut all = vec!["serve", "--listen", "127.0.0.1:0"];
        all.extend(arguments);
        let mut command = folder.command(&all);
        Server::spawn(folder, &mut command)
    }

    pub fn spawn(folder: Folder, command: &mut Command) -> Server {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut stdout = BufReader::new(child.stdout.take().expect("piped"));
        let stderr = BufReader::new(child.stderr.take().expect("piped"));
        let mut welcome = String::new();
        // The last line is the command to try.
        while !welcome.lines().any(|line| line.contains("second terminal"))
            || welcome.lines().last().is_some_and(|line| line.contains("second terminal"))
        {
            let read = stdout.read_line(&mut welcome).expect("UTF-8");
            assert!(read > 0, "it ended early:\n{welcome}{}", rest(stderr));
        }
        let url = welcome.split_whitespace().find(|word| word.starts_with("http://"));
        let url = url.expect("a URL in the first line").to_owned();
        Server { folder, url, welcome, child, stderr }
    }

    /// A client command that finds this server by the data folder.
    pub fn run(&self, arguments: &[&str]) -> Ran {
        self.folder.run(arguments)
    }

    /// Sends a signal by name.
    pub fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args([&format!("-{name}"), &pid]).status();
        assert!(sent.expect("kill is there").success());
    }

    /// Reads stderr until a line holds `text`.
    pub fn until_says(&mut self, text: &str) {
        let mut line = String::new();
        while !line.contains(text) {
            line.clear();
            assert!(self.stderr.read_line(&mut line).expect("UTF-8") > 0, "never said {text}");
        }
    }

    /// Waits until it has ended; its exit code and what it said last.
    pub fn end(mut self) -> (i32, String) {
        let status = self.child.wait().expect("it ends");
        let mut said = String::new();
        self.stderr.read_to_string(&mut said).expect("UTF-8");
        (status.code().expect("an exit code"), said)
    }

    /// Stops it, and gives its folder back.
    pub fn stop(mut self) -> Folder {
        self.signal("TERM");
        assert!(self.child.wait().expect("it ends").success());
        std::mem::replace(&mut self.folder, Folder::new())
    }
}

fn rest(mut reader: impl Read) -> String {
    let mut text = String::new();
    let _ = reader.read_to_string(&mut text);
    text
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A request that a small server got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Got {
    /// `POST /path?query`
    pub line: String,
    pub headers: String,
    pub body: String,
}

/// A small HTTP server: answers in turn, the last one forever; or as a function says.
pub struct Small {
    pub url: String,
    got: Receiver<Got>,
}

/// An answer of a small server: status, content type, body.
pub type Answer = (u16, &'static str, String);

impl Small {
    pub fn answering(answers: Vec<Answer>) -> Small {
        let answers = Mutex::new(VecDeque::from(answers));
        Small::by(move |_| {
            let mut left = answers.lock().expect("no panics");
            match left.len() {
                1 => left[0].clone(),
                _ => left.pop_front().expect("an answer"),
            }
        })
    }

    /// Answers are the function's, which many connections call at once.
    pub fn by(answers: impl Fn(&Got) -> Answer + Send + Sync + 'static) -> Small {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("bound"));
        let (sender, got) = channel();
        let answers = Arc::new(answers);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (sender, answers) = (sender.clone(), answers.clone());
                std::thread::spawn(move || answer(stream, &sender, &*answers));
            }
        });
        Small { url, got }
    }

    /// An application with one answer to everything.
    pub fn application(status: u16, content_type: &'static str, body: &str) -> Small {
        Small::answering(vec![(status, content_type, body.to_owned())])
    }

    /// The next request.
    pub fn next(&self) -> Got {
        self.got.recv_timeout(std::time::Duration::from_secs(20)).expect("a request comes")
    }

    /// Every request so far.
    pub fn all(&self) -> Vec<Got> {
        self.got.try_iter().collect()
    }
}

fn answer(stream: TcpStream, sender: &Sender<Got>, answers: &dyn Fn(&Got) -> Answer) {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).unwrap_or(0) == 0 {
            return;
        }
    }
    let length = head
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; length];
    if reader.read_exact(&mut body).is_err() {
        return;
    }
    let (first, headers) = head.split_once("\r\n").unwrap_or_default();
    let got = Got {
        line: first.trim_end_matches(" HTTP/1.1").to_owned(),
        headers: headers.to_owned(),
        body: String::from_utf8_lossy(&body).into_owned(),
    };
    let (status, content_type, body) = answers(&got);
    // The test may have seen enough.
    let _ = sender.send(got);
    if status == 0 {
        // Never an answer: the connection stays open until the asker leaves.
        let _ = reader.read(&mut [0]);
        return;
    }
    let text = format!(
        "HTTP/1.1 {status} X\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\
         Connection: close\r\n\r\n{body}",
        body.len()
    );
    let _ = reader.get_mut().write_all(text.as_bytes());
}
