//! `cargo xtask bench routes|loopbacks|acls --n N [--json]`: what the agent costs, beside what VPP alone can do, in one run.
//!
//! On the VPP that `VPP_BIN` and its companions name, polling as it does by default; else on the simulated one. The agent
//! is the release binary, in a process of its own.

mod acls;
mod loopbacks;
mod machine;
mod raw;
mod under_test;

use machine::{binary_mib, percentile, seconds};
use serde_json::{Map, Value, json};
use std::time::{Duration, Instant};
use under_test::{AgentProcess, Client};

type Failure = Box<dyn std::error::Error>;

/// Updates of one more route each, for the single figures.
const SINGLES: usize = 1000;

fn main() -> Result<(), Failure> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let json = args.iter().any(|arg| arg == "--json");
    let n = args.iter().position(|arg| arg == "--n").and_then(|at| args.get(at + 1));
    let n: Option<usize> = n.map(|n| n.parse()).transpose()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (n, what, figures) = match args.first().map(String::as_str) {
        Some("routes") => {
            let n = n.unwrap_or(100_000);
            (n, "routes", runtime.block_on(routes(n))?)
        }
        Some("loopbacks") => {
            let n = n.unwrap_or(1000);
            (n, "loopbacks", runtime.block_on(loopbacks::run(n))?)
        }
        Some("acls") => {
            let n = n.unwrap_or(10_000);
            (n, "ACL rules", runtime.block_on(acls::run(n))?)
        }
        _ => return Err("usage: bench routes|loopbacks|acls --n N [--json]".into()),
    };
    if json {
        println!("{}", Value::Object(figures));
    } else {
        println!("{n} {what} on {}", machine::description());
        figures.iter().for_each(|(name, figure)| println!("{name:<16} {figure}"));
    }
    Ok(())
}

async fn routes(n: usize) -> Result<Map<String, Value>, Failure> {
    let mut target = testkit::target::Target::polling();
    let vpp = raw::connect(&target.socket()).await?;
    let rtt = raw::round_trip(&vpp).await?;
    let raw = raw::replay(&vpp, n).await?;
    drop(vpp);
    // What was replayed must be gone before the agent is measured.
    target.restart();

    let started = Instant::now();
    let agent = AgentProcess::start(&target.socket(), target.dir())?;
    agent.ready().await?;
    let ready = started.elapsed();
    tokio::time::sleep(Duration::from_secs(1)).await; // the figure is that of an agent at rest
    let rss_idle = agent.rss_mib()?;

    let mut client = Client::connect(agent.grpc()).await?;
    client.update(under_test::uplink()).await?;
    let all = under_test::routes(0..n);
    let total = timed(client.update(all.clone())).await?;
    tokio::time::sleep(Duration::from_secs(2)).await; // as the figure is defined
    let rss = agent.rss_mib()?;
    let repeat = timed(client.update(all)).await?;
    let mut singles = Vec::with_capacity(SINGLES);
    for i in 0..SINGLES {
        singles.push(timed(client.update(under_test::routes(n + i..n + i + 1))).await?);
    }
    let recover = agent.recover(&mut target, n + SINGLES).await?;

    let mut figures = Map::new();
    let mut add = |name: &str, figure: Value| figures.insert(name.to_owned(), figure);
    add("raw_s", seconds(raw));
    add("total_s", seconds(total));
    add("ratio_to_raw", machine::ratio(total, raw));
    add("repeat_s", seconds(repeat));
    add("recover_s", seconds(recover));
    add("single_p50_ms", percentile(&mut singles, 50));
    add("single_p99_ms", percentile(&mut singles, 99));
    add("rtt_ms", json!((rtt.as_secs_f64() * 1e6).round() / 1e3));
    add("rss_idle_mib", json!(rss_idle));
    add("rss_mib", json!(rss));
    add("binary_mib", binary_mib(&agent.binary)?);
    add("ready_ms", json!((ready.as_secs_f64() * 1e4).round() / 10.0));
    Ok(figures)
}

async fn timed<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<Duration, Failure> {
    let started = Instant::now();
    work.await?;
    Ok(started.elapsed())
}
