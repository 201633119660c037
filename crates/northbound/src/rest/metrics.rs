//! `/metrics`: counters and sizes in the text format of Prometheus.

mod observed;
mod requests;

use super::Shared;
use crate::direct::Requests;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use sched::{BUCKETS, Statistics, Timing};
use std::fmt::{Display, Write};
use std::time::Duration;

/// Version 0.0.4 is that of the text format.
const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

pub async fn get(State(shared): State<Shared>) -> Response {
    let statistics = shared.intake.scheduler().statistics().await;
    let keys = shared.intake.scheduler().size().await;
    let mut text = text(&statistics, &shared.vpp.requests(), keys, shared.version, &Process::observe());
    let gauges = match &shared.observed.telemetry {
        Some(telemetry) => telemetry.gauges().await,
        None => Vec::new(),
    };
    let mut out = Exposition::default();
    observed::write(&mut out, &shared.observed.interfaces.all(), &gauges);
    text += &out.text;
    ([(header::CONTENT_TYPE, CONTENT_TYPE)], text).into_response()
}

/// What the kernel says about this process.
#[derive(Debug, Default, PartialEq)]
struct Process {
    /// Memory in use, in bytes.
    resident: Option<u64>,
    /// When it started, in seconds since 1970.
    start: Option<f64>,
}

impl Process {
    fn observe() -> Process {
        let read = |path| std::fs::read_to_string(path).unwrap_or_default(); // unknown values are left out
        let (status, own, system) = (read("/proc/self/status"), read("/proc/self/stat"), read("/proc/stat"));
        Process { resident: resident(&status), start: start(&own, &system) }
    }
}

/// The resident memory of `/proc/self/status`, where it is in KiB.
fn resident(status: &str) -> Option<u64> {
    let value = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(value.split_whitespace().next()?.parse::<u64>().ok()? * 1024)
}

/// The start of the process: `/proc/self/stat` has it in ticks since the boot, `/proc/stat` has the time of the boot.
fn start(own: &str, system: &str) -> Option<f64> {
    /// Linux tells ticks to programs in hundredths of a second, whatever the kernel itself counts in.
    const TICKS_PER_SECOND: f64 = 100.0;
    // The name of the program, the second field, may hold blanks and parentheses. The start is the 22nd field.
    let (_, after_name) = own.rsplit_once(')')?;
    let ticks: f64 = after_name.split_whitespace().nth(19)?.parse().ok()?;
    let boot = system.lines().find_map(|line| line.strip_prefix("btime "))?;
    Some(boot.trim().parse::<f64>().ok()? + ticks / TICKS_PER_SECOND)
}

/// Families of samples, each with its help and its type. A family without samples is left out.
#[derive(Default)]
struct Exposition {
    text: String,
    /// The family that is to be announced before its first sample.
    announcement: String,
}

impl Exposition {
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        let help = help.replace('\\', "\\\\").replace('\n', "\\n");
        self.announcement = format!("# HELP {name} {help}\n# TYPE {name} {kind}\n");
    }
    fn sample(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        self.text += &std::mem::take(&mut self.announcement);
        self.text += name;
        for (index, (label, content)) in labels.iter().enumerate() {
            let content = content.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            let before = if index == 0 { '{' } else { ',' };
            let _ = write!(self.text, "{before}{label}=\"{content}\""); // writing to a string cannot fail
        }
        let _ = writeln!(self.text, "{} {value}", if labels.is_empty() { "" } else { "}" });
    }
    /// A family of one sample without labels.
    fn single(&mut self, name: &str, kind: &str, help: &str, value: impl Display) {
        self.family(name, kind, help);
        self.sample(name, &[], value);
    }
    fn sum_and_count(&mut self, name: &str, label: (&str, &str), count: u64, total: Duration) {
        self.sample(&format!("{name}_sum"), &[label], total.as_secs_f64());
        self.sample(&format!("{name}_count"), &[label], count);
    }
    fn summary<'a>(
        &mut self,
        (name, help): (&str, &str),
        label: &str,
        timings: impl Iterator<Item = (&'a str, &'a Timing)>,
    ) {
        self.family(name, "summary", help);
        for (content, timing) in timings {
            self.sum_and_count(name, (label, content), timing.count, timing.total);
        }
    }
    fn histogram<'a>(
        &mut self,
        (name, help): (&str, &str),
        label: &str,
        timings: impl Iterator<Item = (&'a str, &'a Timing)>,
    ) {
        self.family(name, "histogram", help);
        for (content, timing) in timings {
            let buckets = BUCKETS.into_iter().zip(timing.buckets);
            self.buckets(name, (label, content), buckets, (timing.count, timing.total));
        }
    }
    /// One histogram of a family: bounds with the counts up to them, then count and sum of all.
    fn buckets(
        &mut self,
        name: &str,
        label: (&str, &str),
        buckets: impl Iterator<Item = (f64, u64)>,
        (count, total): (u64, Duration),
    ) {
        let bucket = format!("{name}_bucket");
        for (bound, count) in buckets {
            self.sample(&bucket, &[label, ("le", &bound.to_string())], count);
        }
        self.sample(&bucket, &[label, ("le", "+Inf")], count);
        self.sum_and_count(name, label, count, total);
    }
}

fn text(
    statistics: &Statistics,
    requests: &Requests,
    keys: usize,
    version: &str,
    process: &Process,
) -> String {
    let mut out = Exposition::default();
    out.family("ligato_build_info", "gauge", "The program: its version and how it was built.");
    let version = format!("v{version}");
    out.sample(
        "ligato_build_info",
        &[("version", &version), ("revision", ""), ("build_date", ""), ("built_by", "")],
        1,
    );
    scheduler(&mut out, statistics);
    requests::write(&mut out, requests);
    out.family(
        "vpp_agent_drift_total",
        "counter",
        "Values that were changed behind the agent's back, by what was done about them.",
    );
    for ((descriptor, action), count) in &statistics.drift {
        out.sample("vpp_agent_drift_total", &[("descriptor", descriptor), ("action", action)], count);
    }
    let help = "Values that transactions changed, by the state that they were left in.";
    out.family("vpp_agent_value_states_total", "counter", help);
    for (state, count) in &statistics.states {
        out.sample("vpp_agent_value_states_total", &[("state", state.name())], count);
    }
    out.family("vpp_agent_values", "gauge", "Values and parts of values, by the state that they are in.");
    for (state, count) in &statistics.values {
        out.sample("vpp_agent_values", &[("state", state.name())], count);
    }
    out.single("vpp_agent_keys", "gauge", "Keys that the scheduler keeps in mind.", keys);
    if let Some(bytes) = process.resident {
        out.single("process_resident_memory_bytes", "gauge", "Resident memory size in bytes.", bytes);
    }
    if let Some(start) = process.start {
        let help = "Start time of the process since unix epoch in seconds.";
        out.single("process_start_time_seconds", "gauge", help, start);
    }
    out.text
}

fn scheduler(out: &mut Exposition, statistics: &Statistics) {
    let processed = "Transactions that were executed.";
    out.single("ligato_kvscheduler_txn_processed", "counter", processed, statistics.processed);
    let dropped = "Transactions that were refused because the queue was full.";
    out.single("ligato_kvscheduler_txn_dropped", "counter", dropped, statistics.dropped);
    let capacity = "Transactions that may wait.";
    out.single("ligato_kvscheduler_queue_capacity", "gauge", capacity, statistics.queue_capacity);
    out.single(
        "ligato_kvscheduler_queue_length",
        "gauge",
        "Transactions that wait.",
        statistics.queue_length,
    );
    out.summary(
        ("ligato_kvscheduler_queue_wait_seconds", "How long transactions waited."),
        "txn_type",
        statistics.queue_wait.iter().map(|(kind, timing)| (kind.name(), timing)),
    );
    out.summary(
        ("ligato_kvscheduler_txn_process_duration_seconds", "How long the steps of transactions took."),
        "slice",
        statistics.slices.iter().map(|(name, timing)| (*name, timing)),
    );
    out.histogram(
        ("ligato_kvscheduler_txn_duration_seconds", "How long transactions took."),
        "txn_type",
        statistics.duration.iter().map(|(kind, timing)| (kind.name(), timing)),
    );
}

#[cfg(test)]
#[path = "../../tests/rest/exposition.rs"]
mod exposition;

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::exposition::{Family, parse};
    use super::*;
    use sched::{State as ValueState, TxnKind};
    use std::collections::BTreeMap;
    use std::time::Duration;

    fn timing(count: u64, total: u64, buckets: [u64; BUCKETS.len()]) -> Timing {
        Timing { count, total: Duration::from_millis(total), buckets, ..Timing::default() }
    }

    fn statistics() -> Statistics {
        Statistics {
            processed: 3,
            dropped: 1,
            queue_capacity: 200,
            queue_length: 2,
            queue_wait: BTreeMap::from([(TxnKind::NbTransaction, timing(3, 1500, [0; BUCKETS.len()]))]),
            duration: BTreeMap::from([(
                TxnKind::RetryFailedOps,
                timing(4, 20_250, [1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 3]),
            )]),
            slices: BTreeMap::from([("executeTransaction", timing(3, 250, [0; BUCKETS.len()]))]),
            states: BTreeMap::from([(ValueState::Configured, 5), (ValueState::Pending, 1)]),
            values: BTreeMap::from([(ValueState::Configured, 3), (ValueState::Retrying, 2)]),
            drift: BTreeMap::from([(("vpp-interface", "repaired"), 2), (("vpp-route", "ignored"), 1)]),
            ..Statistics::default()
        }
    }

    const GOLDEN: &str = r#"# HELP ligato_build_info The program: its version and how it was built.
# TYPE ligato_build_info gauge
ligato_build_info{version="v1.2.3",revision="",build_date="",built_by=""} 1
# HELP ligato_kvscheduler_txn_processed Transactions that were executed.
# TYPE ligato_kvscheduler_txn_processed counter
ligato_kvscheduler_txn_processed 3
# HELP ligato_kvscheduler_txn_dropped Transactions that were refused because the queue was full.
# TYPE ligato_kvscheduler_txn_dropped counter
ligato_kvscheduler_txn_dropped 1
# HELP ligato_kvscheduler_queue_capacity Transactions that may wait.
# TYPE ligato_kvscheduler_queue_capacity gauge
ligato_kvscheduler_queue_capacity 200
# HELP ligato_kvscheduler_queue_length Transactions that wait.
# TYPE ligato_kvscheduler_queue_length gauge
ligato_kvscheduler_queue_length 2
# HELP ligato_kvscheduler_queue_wait_seconds How long transactions waited.
# TYPE ligato_kvscheduler_queue_wait_seconds summary
ligato_kvscheduler_queue_wait_seconds_sum{txn_type="NBTransaction"} 1.5
ligato_kvscheduler_queue_wait_seconds_count{txn_type="NBTransaction"} 3
# HELP ligato_kvscheduler_txn_process_duration_seconds How long the steps of transactions took.
# TYPE ligato_kvscheduler_txn_process_duration_seconds summary
ligato_kvscheduler_txn_process_duration_seconds_sum{slice="executeTransaction"} 0.25
ligato_kvscheduler_txn_process_duration_seconds_count{slice="executeTransaction"} 3
# HELP ligato_kvscheduler_txn_duration_seconds How long transactions took.
# TYPE ligato_kvscheduler_txn_duration_seconds histogram
ligato_kvscheduler_txn_duration_seconds_bucket{txn_type="RetryFailedOps",le="0.005"} 1
ligato_kvscheduler_txn_duration_seconds_bucket{txn_type="RetryFailedOps",le="0.01"} 1
ligato_kvscheduler_txn_duration_seconds_bucket{txn_type="RetryFailedOps",le="0.025"} 1
ligato_kvscheduler_txn_duration_seconds_bucket{txn_type="RetryFailedOps",le="0.05"} 2
ligato_kvscheduler_txn_duration_seconds_bucket{txn_type="RetryFailedOps",le="0.1"} 2
ligato_kvscheduler_txn_duration_seconds_bucket{txn_type="RetryFailedOps",le="0.25"} 2
ligato_kvscheduler_txn_duration_seconds_bucket{txn_type="RetryFailedOps",le="0.5"} 2
ligato_kvscheduler_txn_duration_seconds_bucket{txn_type="RetryFailedOps",le="1"} 2
ligato_kvscheduler_txn_duration_seconds_bucket{txn_type="RetryFailedOps",le="2.5"} 2
ligato_kvscheduler_txn_duration_seconds_bucket{txn_type="RetryFailedOps",le="5"} 2
ligato_kvscheduler_txn_duration_seconds_bucket{txn_type="RetryFailedOps",le="10"} 3
ligato_kvscheduler_txn_duration_seconds_bucket{txn_type="RetryFailedOps",le="+Inf"} 4
ligato_kvscheduler_txn_duration_seconds_sum{txn_type="RetryFailedOps"} 20.25
ligato_kvscheduler_txn_duration_seconds_count{txn_type="RetryFailedOps"} 4
# HELP ligato_govppmux_channels_created_total Connections to VPP that were made.
# TYPE ligato_govppmux_channels_created_total counter
ligato_govppmux_channels_created_total 0
# HELP ligato_govppmux_channels Connections to VPP that stand.
# TYPE ligato_govppmux_channels gauge
ligato_govppmux_channels 0
# HELP ligato_govppmux_requests Requests in flight.
# TYPE ligato_govppmux_requests gauge
ligato_govppmux_requests 0
# HELP vpp_agent_drift_total Values that were changed behind the agent's back, by what was done about them.
# TYPE vpp_agent_drift_total counter
vpp_agent_drift_total{descriptor="vpp-interface",action="repaired"} 2
vpp_agent_drift_total{descriptor="vpp-route",action="ignored"} 1
# HELP vpp_agent_value_states_total Values that transactions changed, by the state that they were left in.
# TYPE vpp_agent_value_states_total counter
vpp_agent_value_states_total{state="CONFIGURED"} 5
vpp_agent_value_states_total{state="PENDING"} 1
# HELP vpp_agent_values Values and parts of values, by the state that they are in.
# TYPE vpp_agent_values gauge
vpp_agent_values{state="CONFIGURED"} 3
vpp_agent_values{state="RETRYING"} 2
# HELP vpp_agent_keys Keys that the scheduler keeps in mind.
# TYPE vpp_agent_keys gauge
vpp_agent_keys 7
# HELP process_resident_memory_bytes Resident memory size in bytes.
# TYPE process_resident_memory_bytes gauge
process_resident_memory_bytes 2048
# HELP process_start_time_seconds Start time of the process since unix epoch in seconds.
# TYPE process_start_time_seconds gauge
process_start_time_seconds 1700000012.34
"#;

    #[test]
    fn every_family() {
        let process = Process { resident: Some(2048), start: Some(1_700_000_012.34) };
        let text = text(&statistics(), &Requests::default(), 7, "1.2.3", &process);
        assert_eq!(text, GOLDEN);
        let families = parse(&text).unwrap();
        let count = families.iter().find(|family| family.name.ends_with("txn_duration_seconds")).unwrap();
        assert_eq!(count.samples.len(), BUCKETS.len() + 3);
    }

    #[test]
    fn a_family_without_samples_is_left_out() {
        let text = text(&Statistics::default(), &Requests::default(), 0, "1", &Process::default());
        let families = parse(&text).unwrap();
        let names: Vec<_> = families.iter().map(|family| family.name.as_str()).collect();
        let scheduler = ["txn_processed", "txn_dropped", "queue_capacity", "queue_length"];
        let scheduler = scheduler.map(|name| format!("ligato_kvscheduler_{name}"));
        let mut expected = vec!["ligato_build_info"];
        expected.extend(scheduler.iter().map(String::as_str));
        let requests = ["channels_created_total", "channels", "requests"];
        let requests = requests.map(|name| format!("ligato_govppmux_{name}"));
        expected.extend(requests.iter().map(String::as_str));
        expected.push("vpp_agent_keys");
        assert_eq!(names, expected);
    }

    #[test]
    fn what_has_a_meaning_in_the_format_is_escaped() {
        let mut out = Exposition::default();
        out.family("a", "gauge", "one \\ two\nthree \"four\"");
        out.sample("a", &[("l", "one \\ two\nthree \"four\",}"), ("m", "")], 1.5);
        let expected = "# HELP a one \\\\ two\\nthree \"four\"\n# TYPE a gauge\n\
                        a{l=\"one \\\\ two\\nthree \\\"four\\\",}\",m=\"\"} 1.5\n";
        assert_eq!(out.text, expected);
        let [Family { help, samples, .. }] = &parse(&out.text).unwrap()[..] else { panic!("{}", out.text) };
        assert_eq!(help, "one \\ two\nthree \"four\"");
        assert_eq!(samples[0].label("l"), Some("one \\ two\nthree \"four\",}"));
    }

    /// The reader that the tests rely on finds faults.
    #[test]
    fn the_reader_is_strict() {
        let gauge = "# HELP a x\n# TYPE a gauge\n";
        for bad in [
            "",
            "a 1\n",
            "# TYPE a gauge\na 1\n",
            "# HELP a x\na 1\n",
            "# HELP a x\n# TYPE b gauge\nb 1\n",
            "# HELP a x\n# TYPE a number\na 1\n",
            "# HELP a x\n# TYPE a counter\na -1\n",
            gauge,
            &format!("{gauge}a 1"),
            &format!("{gauge}a 1\n\n"),
            &format!("{gauge}a 1\na 1\n"),
            &format!("{gauge}a one\n"),
            &format!("{gauge}a{{l=\"x\\y\"}} 1\n"),
            &format!("{gauge}a{{l=\"x\"m=\"y\"}} 1\n"),
            &format!("{gauge}a{{l=\"x\",l=\"y\"}} 1\n"),
            &format!("{gauge}a 1\n{gauge}a{{l=\"x\"}} 1\n"),
            &format!("{gauge}b 1\n"),
            &GOLDEN.replace("le=\"10\"} 3", "le=\"10\"} 5"),
            &GOLDEN.replace("le=\"0.01\"", "le=\"0.001\""),
            &GOLDEN.replace("_bucket{txn_type=\"RetryFailedOps\",le=\"+Inf\"} 4", "_bucket{le=\"+Inf\"} 4"),
            &GOLDEN
                .replace("ligato_kvscheduler_queue_wait_seconds_sum{txn_type=\"NBTransaction\"} 1.5\n", ""),
            &GOLDEN.replace("_count{slice=", "_counts{slice="),
        ] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_the_kernel_says() {
        let own = "42 (a ) b (c) S 1 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 9 0 1234 99 100";
        assert_eq!(start(own, "cpu  1 2\nbtime 1700000000\nprocesses 3\n"), Some(1_700_000_012.34));
        assert_eq!(resident("Name:\tx\nVmRSS:\t    2 kB\n"), Some(2048));
        assert_eq!((start("", ""), start(own, ""), resident("VmRSS:\n")), (None, None, None));

        let here = Process::observe();
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs_f64();
        let start = here.start.unwrap();
        assert!(start <= now + 2.0 && start > now - 24.0 * 3600.0, "{start} at {now}");
        assert!(here.resident.unwrap() > 1 << 20);
    }
}
