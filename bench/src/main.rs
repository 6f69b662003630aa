//! Measures the house against a bare client on the same machine, in one run: see README.md.

mod calls;
mod process;
mod receiver;
mod runs;
mod wire;

use process::Receiver;

/// A measured figure of every round, with its mark.
struct Row {
    name: &'static str,
    unit: &'static str,
    mark: &'static str,
    values: Vec<f64>,
}

/// The parts of the calls' run.
const CALL_PHASES: [&str; 3] =
    ["calls: dialled and asked", "calls: key and asked again", "calls: hung up and told"];

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|first| first == "receiver") {
        return receiver::run();
    }
    if let [what, folder, tells] = arguments.as_slice()
        && what == "fill"
    {
        return fill(folder, tells.parse().unwrap_or(10_000));
    }
    let rounds = arguments.first().and_then(|n| n.parse().ok()).unwrap_or(5);
    let only = arguments.get(1).map(String::as_str);
    let handsets = arguments.get(2).and_then(|n| n.parse().ok()).unwrap_or(calls::HANDSETS_MAX);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(measure(rounds, only, handsets.min(calls::HANDSETS_MAX)));
}

/// For a profiler: a folder with tells to be sent, and the receiver that waits for them.
fn fill(folder: &str, tells: usize) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let receiver = Receiver::start();
        runs::prepare(std::path::Path::new(folder), receiver.address, tells).await;
        println!("{folder} has {tells} tells for {}; serve it now", receiver.address);
        receiver.wait_long(|stats| stats.requests >= tells as u64).await;
    });
}

async fn measure(rounds: usize, only: Option<&str>, handsets: usize) {
    let wanted = |name: &str| only.is_none_or(|only| only == name);
    let receiver = Receiver::start();
    let mut rows: Vec<Row> = Vec::new();
    let mut note = |name, unit, mark, value: f64| {
        match rows.iter_mut().find(|row: &&mut Row| row.name == name) {
            Some(row) => row.values.push(value),
            None => rows.push(Row { name, unit, mark, values: vec![value] }),
        }
        eprintln!("  {name}: {value:.3} {unit}");
    };
    for round in 1..=rounds {
        eprintln!("round {round} of {rounds}");
        if wanted("drain") {
            let ceiling = runs::ceiling(&receiver, 100_000).await;
            note("ceiling", "posts/s", "", ceiling);
            let drain = runs::drain(&receiver, 100_000).await;
            note("drain", "deliveries/s", "", drain.rate);
            note("drain ÷ ceiling", "", "≥ 0.30", drain.rate / ceiling);
            note("drain CPU per 1,000", "s", "≤ 0.03", drain.cpu_per_1000);
            note("drain memory", "MiB", "< 100", drain.memory_mib);
        }
        if wanted("creates") {
            let ceiling = runs::ceiling(&receiver, 100_000).await;
            let rate = runs::creates(&receiver, 20_000).await;
            note("create → delivered", "deliveries/s", "", rate);
            note("create → delivered ÷ ceiling", "", "≥ 0.08", rate / ceiling);
        }
        if wanted("journeys") {
            let ceiling = runs::ceiling(&receiver, 100_000).await;
            let rate = runs::journeys(&receiver, 15_000).await;
            note("journeys", "journeys/s", "", rate);
            note("journeys ÷ ceiling", "", "≥ 0.05", rate / ceiling);
        }
        if wanted("latency") {
            let [p50, p99, _] = runs::latency(&receiver, 200, 1000).await;
            note("event → request p50", "ms", "< 1.2", f64::from(p50) / 1000.0);
            note("event → request p99", "ms", "< 5", f64::from(p99) / 1000.0);
            let [p50, p99, _] = runs::engine_latency(&receiver, 200, 1000).await;
            note("engine alone p50", "ms", "< 0.5", f64::from(p50) / 1000.0);
            note("engine alone p99", "ms", "< 1.5", f64::from(p99) / 1000.0);
            let [p50, p99] = runs::flush();
            note("disk flush p50", "ms", "", f64::from(p50) / 1000.0);
            note("disk flush p99", "ms", "", f64::from(p99) / 1000.0);
        }
        if wanted("calls") {
            let ceiling = runs::ceiling(&receiver, 100_000).await;
            let calls = calls::calls(&receiver, handsets).await;
            note("calls", "calls/s", "", calls.rate);
            note("calls ÷ ceiling", "", "≥ 0.04", calls.rate / ceiling);
            note("calls with keys ÷ ceiling", "", "", calls.rate_with_keys / ceiling);
            for (name, rate) in CALL_PHASES.into_iter().zip(calls.phases) {
                note(name, "calls/s", "", rate);
            }
            note("calls CPU per 1,000", "s", "", calls.cpu_per_1000);
            note("memory of a call", "kB", "< 20", calls.kb_each);
            let [p50, p99] = calls.steady_us;
            note("key → request p50, all live", "ms", "", p50 as f64 / 1000.0);
            note("key → request p99, all live", "ms", "", p99 as f64 / 1000.0);
            let [p50, p99] = calls.flood_us;
            note("key → request p50, all press", "ms", "", p50 as f64 / 1000.0);
            note("key → request p99, all press", "ms", "", p99 as f64 / 1000.0);
            note("calls that differ", "", "0", calls.different as f64);
        }
        if wanted("ivr") {
            let ivr = calls::ivr(&receiver).await;
            note("ten-minute IVR", "ms", "< 100", ivr.took.as_secs_f64() * 1000.0);
            note("ten-minute IVR, documents", "", "", ivr.asks as f64);
            note("ten-minute IVR, the same again", "", "1", f64::from(u8::from(ivr.is_same)));
        }
        if wanted("start") {
            let start = runs::start().await;
            note("first start to ready", "ms", "< 300", start.first.as_secs_f64() * 1000.0);
            note("start to ready", "ms", "< 100", start.again.as_secs_f64() * 1000.0);
            note("memory idle", "MiB", "< 40", start.idle_mib);
        }
    }
    println!("| figure | median of {rounds} | lowest | highest | mark |");
    println!("|---|---|---|---|---|");
    for row in rows {
        let lowest = row.values.iter().copied().fold(f64::INFINITY, f64::min);
        let highest = row.values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let digits = if lowest.abs() >= 1000.0 { 0 } else { 3 };
        println!(
            "| {} | {:.digits$} {} | {:.digits$} | {:.digits$} | {} |",
            row.name,
            median(&row.values),
            row.unit,
            lowest,
            highest,
            row.mark,
        );
    }
}
