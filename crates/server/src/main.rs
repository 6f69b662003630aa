//! The `offhook` binary: everything it does begins in [`offhook::cli`].

// A delivery makes many small allocations on two threads; the system's allocator stood out in its
// profile.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    offhook::cli::run()
}
