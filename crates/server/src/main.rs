//! The `offhook` binary.

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

use exchange::webhooks::guard::{Guard, Profile};
use offhook::open::{Options, open};

fn main() {
    tracing_subscriber::fmt().with_env_filter("warn").with_writer(std::io::stderr).init();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let args: Vec<String> = std::env::args().collect();
        let flag = |name: &str| args.iter().position(|a| a == name).and_then(|i| args.get(i + 1));
        let first_account = std::env::var("OFFHOOK_ACCOUNT_SID").ok().and_then(|sid| {
            let sid = exchange::sid::AccountSid::parse(&sid)?;
            Some((sid, std::env::var("OFFHOOK_AUTH_TOKEN").ok()?))
        });
        let running = open(Options {
            listen: flag("--listen").and_then(|a| a.parse().ok()).unwrap_or(([127, 0, 0, 1], 4665).into()),
            data: flag("--data").cloned().unwrap_or("offhook-data".into()).into(),
            public_url: None,
            seed: None,
            first_account,
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
