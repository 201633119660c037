//! Figures and the machine they were taken on.

use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;

/// Seconds with three digits.
pub fn seconds(time: Duration) -> Value {
    json!((time.as_secs_f64() * 1e3).round() / 1e3)
}

/// How many times as long, with two digits.
pub fn ratio(time: Duration, raw: Duration) -> Value {
    json!((time.as_secs_f64() / raw.as_secs_f64() * 100.0).round() / 100.0)
}

/// How many for each, with two digits.
pub fn per(count: u64, each: usize) -> Value {
    json!((count as f64 / each as f64 * 100.0).round() / 100.0)
}

/// The middle one.
pub fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// A percentile in milliseconds with three digits.
pub fn percentile(times: &mut [Duration], percent: usize) -> Value {
    times.sort();
    let at = (times.len() * percent / 100).min(times.len().saturating_sub(1));
    let time = times.get(at).copied().unwrap_or_default();
    json!((time.as_secs_f64() * 1e6).round() / 1e3)
}

/// Size of a file in MiB.
pub fn binary_mib(path: &Path) -> std::io::Result<Value> {
    Ok(mib(std::fs::metadata(path)?.len() as f64))
}

/// Bytes in MiB with one digit.
pub fn mib(bytes: f64) -> Value {
    json!((bytes / f64::from(1 << 20) * 10.0).round() / 10.0)
}

/// Processors and their kind.
pub fn description() -> String {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{cores} × {}", model.map_or("unknown processor", |(_, model)| model))
}
