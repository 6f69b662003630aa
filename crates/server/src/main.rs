//! The `offhook` binary.

use exchange::webhooks::guard::{Guard, Profile};
use offhook::open::{Options, open};

fn main() {
    tracing_subscriber::fmt().with_env_filter("warn").with_writer(std::io::stderr).init();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let port = std::env::args().nth(1).and_then(|a| a.parse().ok()).unwrap_or(4665);
        let running = open(Options {
            listen: ([127, 0, 0, 1], port).into(),
            data: std::env::args().nth(2).unwrap_or("offhook-data".into()).into(),
            public_url: None,
            seed: None,
            first_account: None,
            guard: Guard { profile: Profile::Local, allow: Vec::new() },
            maps: Vec::new(),
            trust: Vec::new(),
            proxy: false,
            size_bytes_max: None,
        })
        .await;
        let running = match running {
            Ok(running) => running,
            Err(error) => { eprintln!("{error}"); std::process::exit(1) }
        };
        let account = running.house.store.accounts().expect("accounts").remove(0);
        println!("{} {} {}", running.url, account.sid, account.auth_token);
        let _ = tokio::signal::ctrl_c().await;
        running.stop().await;
    });
}
