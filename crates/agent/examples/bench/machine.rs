//! Figures and the machine they were taken on.

use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;

/// Seconds with three digits.
pub fn seconds(time: Duration) -> Value {
    json!((time.as_secs_f64() * 1e3).round() / 1e3)
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
