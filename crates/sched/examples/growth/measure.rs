//! One size, in this process.

use crate::Failure;
use crate::null::{INTERFACES, TABLES, World, interface, registry, route, table};
use model::value::Value;
use sched::{Config, Intent, Report, Resync, Scheduler, Select, Txn};
use serde_json::json;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Changes of one value each; the median is the figure.
const SINGLES: usize = 501;

/// Everything for `n` values, of which all but a few are routes.
pub fn measure(n: usize) -> Result<serde_json::Value, Failure> {
    // One thread for all: what is measured is what one core does.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(run(n))
}

async fn run(n: usize) -> Result<serde_json::Value, Failure> {
    let (begun, worked) = (Instant::now(), Clock::start()?);
    let routes = n.saturating_sub(INTERFACES + TABLES);
    let world = World::new(routes + 1);
    let scheduler = Scheduler::spawn(registry(&world)?, Config { record: false, ..Config::default() });
    scheduler.commit(Txn { complete: true, ..Txn::default() }).await?;
    let before = resident()?;

    let mut values: Vec<Arc<dyn Value>> = Vec::with_capacity(n);
    // Routes first: the scheduler has to find the order.
    values.extend((0..routes).map(|at| Arc::new(route(at, 1)) as Arc<dyn Value>));
    values.extend((0..INTERFACES).map(|at| Arc::new(interface(at)) as Arc<dyn Value>));
    values.extend((0..TABLES).map(|at| Arc::new(table(at)) as Arc<dyn Value>));
    let started = Clock::start()?;
    let changes: Vec<Intent> = values.into_iter().map(Intent::put).collect();
    let keys = started.elapsed()?;
    let key_bytes = changes.iter().map(|change| change.key.len()).sum::<usize>() as f64 / n as f64;
    let started = Clock::start()?;
    let create = scheduler.commit(Txn { changes, ..Txn::default() }).await?;
    let creating = started.elapsed()?;
    check(&world, n, &create, n)?;
    let bytes = resident()?.saturating_sub(before) as f64 / n as f64;

    let started = Clock::start()?;
    let same = scheduler.commit(Txn { resync: Resync::Downstream, ..Txn::default() }).await?;
    let resync = started.elapsed()?;
    check(&world, n, &same, 0)?;

    // One route more, another weight for it, and away with it: a route is changed by making it anew.
    let mut times: [Vec<Duration>; 3] = Default::default();
    for _ in 0..SINGLES {
        let steps = [(Some(1), 1), (Some(2), 2), (None, 1)];
        for (times, (weight, operations)) in times.iter_mut().zip(steps) {
            let value: Arc<dyn Value> = Arc::new(route(routes, weight.unwrap_or(1)));
            let change = match weight {
                Some(_) => Intent::put(value),
                None => Intent::delete(value.key()),
            };
            let started = Instant::now();
            let report = scheduler.commit(Txn { changes: vec![change], ..Txn::default() }).await?;
            times.push(started.elapsed());
            check(&world, n + usize::from(weight.is_some()), &report, operations)?;
        }
    }
    let [add, change, remove] = times.map(|mut times| {
        times.sort();
        micros(times.get(SINGLES / 2).copied().unwrap_or_default())
    });

    let started = Clock::start()?;
    let statuses = scheduler.statuses(Select::All).await;
    let reading = started.elapsed()?;
    let configured = statuses.iter().filter(|status| status.value.state == sched::State::Configured).count();
    if configured != n {
        return Err(format!("{configured} of {n} values are configured").into());
    }
    drop(statuses);
    let started = Clock::start()?;
    let snapshot = scheduler.snapshot(None).await;
    let taking = started.elapsed()?;
    if snapshot.len() != n {
        return Err(format!("the snapshot has {} keys, not {n}", snapshot.len()).into());
    }
    let (begun, worked) = (begun.elapsed(), worked.elapsed()?);
    Ok(json!({
        "keys_s": keys.as_secs_f64(),
        "create_s": creating.as_secs_f64(),
        "load_s": create.load.as_secs_f64(),
        "plan_s": create.plan.as_secs_f64(),
        "execute_s": create.execute.as_secs_f64(),
        "resync_s": resync.as_secs_f64(),
        "statuses_s": reading.as_secs_f64(),
        "snapshot_s": taking.as_secs_f64(),
        "add_us": add,
        "change_us": change,
        "remove_us": remove,
        "key_bytes": key_bytes,
        "bytes": bytes,
        "idle_percent": (1.0 - worked.as_secs_f64() / begun.as_secs_f64()).max(0.0) * 100.0,
    }))
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// A figure of something that did not happen would be worthless.
fn check(world: &World, size: usize, report: &Report, done: usize) -> Result<(), Failure> {
    match report.failed.first() {
        Some(failed) => Err(format!("{} failed: {}", failed.key, failed.error).into()),
        None if report.done != done => Err(format!("{} operations, not {done}", report.done).into()),
        None if world.size() != size => Err(format!("{} objects, not {size}", world.size()).into()),
        None => Ok(()),
    }
}

/// Counts the time that this process had a processor. Nothing here waits for anything, so what is missing of the time on
/// the wall is what others took.
struct Clock(Duration);

impl Clock {
    fn start() -> Result<Clock, Failure> {
        Ok(Clock(Clock::now()?))
    }
    fn elapsed(&self) -> Result<Duration, Failure> {
        Ok(Clock::now()?.saturating_sub(self.0))
    }
    fn now() -> Result<Duration, Failure> {
        std::thread::yield_now(); // the kernel brings its account up to date
        let text = std::fs::read_to_string("/proc/self/schedstat")?;
        let nanoseconds = text.split_whitespace().next().ok_or("nothing in /proc/self/schedstat")?;
        Ok(Duration::from_nanos(nanoseconds.parse()?))
    }
}

/// Bytes of memory that this process holds.
fn resident() -> Result<usize, Failure> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let kib = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB"));
    Ok(kib.ok_or("no VmRSS in /proc/self/status")?.trim().parse::<usize>()? * 1024)
}
