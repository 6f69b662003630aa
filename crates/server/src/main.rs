//! The `offhook` binary: everything it does begins in [`offhook::cli`].

fn main() -> std::process::ExitCode {
    offhook::cli::run()
}
