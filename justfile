# Short names for what is done often. `scripts/test` is the one test command; it needs no `just`.

# What there is.
default:
    @just --list

# Start a house on port 4665.
run *flags:
    cargo run --release -- {{flags}}

# Formatting, clippy, and the laws: seconds, before every commit.
check:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings
    cargo test -p offhook --test laws

# Everything that has to pass.
test *flags:
    scripts/test {{flags}}

# Look for inputs that break a promise: just fuzz webhook form_parse 60
fuzz crate target seconds:
    cd fuzz/{{crate}} && cargo +nightly fuzz run {{target}} -- -max_total_time={{seconds}}

# Measure against the ceiling of this machine.
bench *flags:
    cargo build --release -p offhook -p offhook-bench
    target/release/offhook-bench {{flags}}

# Write the generated pages again.
docs:
    UPDATE=1 cargo test -p offhook compatibility_page_is_current
