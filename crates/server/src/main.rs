//! The `offhook` binary: everything it does begins in [`offhook::cli`].

// A third less work per delivery than with the system's allocator (bench/README.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    offhook::cli::run()
}
