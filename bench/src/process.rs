//! Processes of a run: the receiver and the server, with what the kernel says of them.

use crate::receiver::Stats;
use crate::wire::Wire;
use bytes::Bytes;
use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A receiver, killed on drop.
pub struct Receiver {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Receiver {
    /// Starts one.
    pub fn start() -> Receiver {
        let me = std::env::current_exe().expect("this program");
        let mut child = Command::new(me)
            .arg("receiver")
            .stdout(Stdio::piped())
            .spawn()
            .expect("a receiver process");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("a line");
        Receiver { child, address: line.trim().parse().expect("an address") }
    }

    /// Its counts.
    pub async fn stats(&self) -> Stats {
        let mut wire = Wire::open(self.address).await;
        let (_, body) = wire.send("GET", "/stats", &[], Bytes::new()).await;
        Stats::parse(&String::from_utf8_lossy(&body))
    }

    /// Of every call that asked or told: when its key came, and what it asked and told.
    pub async fn calls(&self) -> HashMap<String, (i64, String)> {
        let mut wire = Wire::open(self.address).await;
        let (_, body) = wire.send("GET", "/calls", &[], Bytes::new()).await;
        let text = String::from_utf8_lossy(&body);
        let line = |line: &str| {
            let mut words = line.splitn(3, ' ');
            let sid = words.next().unwrap_or_default().to_owned();
            let at = words.next().and_then(|at| at.parse().ok()).unwrap_or(0);
            (sid, (at, words.next().unwrap_or_default().to_owned()))
        };
        text.lines().map(line).collect()
    }

    /// From zero.
    pub async fn reset(&self) {
        Wire::open(self.address).await.send("GET", "/reset", &[], Bytes::new()).await;
    }

    /// Waits until its counts are as wished; panics when they are not within two minutes.
    pub async fn wait(&self, wished: impl Fn(&Stats) -> bool) -> Stats {
        self.wait_for(Duration::from_secs(120), wished).await
    }

    /// The same with an hour's patience: the server runs under a profiler.
    pub async fn wait_long(&self, wished: impl Fn(&Stats) -> bool) -> Stats {
        self.wait_for(Duration::from_secs(3600), wished).await
    }

    async fn wait_for(&self, patience: Duration, wished: impl Fn(&Stats) -> bool) -> Stats {
        let begun = Instant::now();
        loop {
            let stats = self.stats().await;
            if wished(&stats) {
                return stats;
            }
            assert!(begun.elapsed() < patience, "never came: {stats:?}");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        // It may have died by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A server process, killed on drop.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// From spawn to the first 200 of `/readyz`.
    pub ready_after: Duration,
}

/// The account of every bench house.
pub const SID: &str = "AC0123456789abcdef0123456789abcdef";
/// Its token.
pub const TOKEN: &str = "fedcba9876543210fedcba9876543210";

/// The server's program, beside this one.
fn program() -> PathBuf {
    let me = std::env::current_exe().expect("this program");
    me.with_file_name("offhook")
}

impl Server {
    /// Starts one on a data folder.
    pub async fn start(data: &Path) -> Server {
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .and_then(|socket| socket.local_addr())
            .expect("a free port")
            .port();
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let begun = Instant::now();
        let child = Command::new(program())
            .args(["serve", "--listen", &address.to_string(), "--data"])
            .arg(data)
            .env("OFFHOOK_ACCOUNT_SID", SID)
            .env("OFFHOOK_AUTH_TOKEN", TOKEN)
            .stdout(Stdio::null())
            .spawn()
            .expect("the server: build it with cargo build --release");
        loop {
            if tokio::net::TcpStream::connect(address).await.is_ok() {
                let mut wire = Wire::open(address).await;
                let (status, _) = wire.send("GET", "/readyz", &[], Bytes::new()).await;
                if status.is_success() {
                    break;
                }
            }
            assert!(begun.elapsed() < Duration::from_secs(30), "it never became ready");
            tokio::time::sleep(Duration::from_micros(500)).await;
        }
        Server { child, address, ready_after: begun.elapsed() }
    }

    /// CPU seconds so far, user and system.
    pub fn cpu_secs(&self) -> f64 {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()));
        let stat = stat.unwrap_or_default();
        let after = stat.rsplit(')').next().unwrap_or_default();
        let fields: Vec<&str> = after.split_whitespace().collect();
        let ticks = |i: usize| fields.get(i).and_then(|n| n.parse::<f64>().ok()).unwrap_or(0.0);
        // Ticks are 1/100 s on Linux whatever the kernel's own rate.
        (ticks(11) + ticks(12)) / 100.0
    }

    /// Resident memory now and at its highest, in MiB.
    pub fn memory_mib(&self) -> (f64, f64) {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()));
        let status = status.unwrap_or_default();
        let field = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name));
            let kib = line.and_then(|line| line.split_whitespace().nth(1));
            kib.and_then(|kib| kib.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
        };
        (field("VmRSS:"), field("VmHWM:"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have died by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
