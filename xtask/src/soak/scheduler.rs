//! The random tests of the scheduler, on all cores.

use super::{Limits, now};
use crate::process;
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Instant;

/// Test programs, and which of their tests are random.
const PROGRAMS: &[(&str, &str)] = &[("invariants", "invariant_"), ("scheduler", "random::")];
/// A round should take about so many seconds: long enough to be worth starting, short enough to vary all tests.
const ROUND: f64 = 30.0;

pub fn run(limits: &Limits) -> Result<(), String> {
    let programs = build()?;
    let (start, until) = (Instant::now(), now() + limits.time);
    let (mut seed, mut seeds, mut cases) = (limits.seed, 20, 0);
    println!("seeds from {seed} on");
    while now() < until {
        let round = Instant::now();
        for (program, tests) in &programs {
            let mut command = process::at_root(program);
            command.args([tests, "--nocapture"]);
            // A round that has begun is made whole: some tests count what they have seen, and fail if it was nothing.
            command.envs([("FIRST_SEED", seed.to_string()), ("SEEDS", seeds.to_string())]);
            let output = listen(&mut command)?;
            cases += output.cases;
            if let Some(failure) = output.failure {
                println!("{}", output.text);
                println!("{cases} cases in {:.1} minutes", start.elapsed().as_secs_f64() / 60.0);
                return Err(failure);
            }
        }
        seed += seeds;
        seeds = next_size(seeds, round.elapsed().as_secs_f64());
    }
    let minutes = start.elapsed().as_secs_f64() / 60.0;
    println!("{cases} cases in {minutes:.1} minutes, seeds {} to {}; none failed", limits.seed, seed - 1);
    Ok(())
}

/// How many seeds the next round takes, after one of so many took so long.
fn next_size(seeds: u64, seconds: f64) -> u64 {
    let fitting = (seeds as f64 * ROUND / seconds.max(0.1)) as u64;
    fitting.clamp(1, seeds * 4)
}

/// Builds the tests with optimisation and with all assertions; a folder of its own keeps other builds as they are.
fn build() -> Result<Vec<(String, &'static str)>, String> {
    let mut command = process::cargo();
    command.args(["test", "--release", "--quiet", "-p", "sched", "--no-run", "--message-format=json"]);
    command.args(["--target-dir", "target/soak"]);
    for (name, _) in PROGRAMS {
        command.args(["--test", name]);
    }
    command.envs([("CARGO_PROFILE_RELEASE_DEBUG_ASSERTIONS", "true"), ("CARGO_PROFILE_RELEASE_LTO", "off")]);
    let messages = process::output(&mut command)?;
    let executable = |name: &str| executable(&messages, name);
    PROGRAMS.iter().map(|(name, tests)| Ok((executable(name)?, *tests))).collect()
}

/// Where cargo put the test program of this name.
fn executable(messages: &str, name: &str) -> Result<String, String> {
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut paths = messages
        .filter(|message| message["target"]["name"] == name)
        .filter_map(|message| message["executable"].as_str().map(str::to_string));
    paths.next().ok_or_else(|| format!("cargo did not say where the tests \"{name}\" are"))
}

/// What came of one program.
#[derive(Default)]
struct Output {
    cases: u64,
    /// What to tell the user; `None` if all is well.
    failure: Option<String>,
    text: String,
}

impl Output {
    fn take(&mut self, line: &str) {
        if let Some((_, counted)) = line.split_once("cases: ") {
            let count = counted.split(' ').next().and_then(|count| count.parse::<u64>().ok());
            self.cases += count.unwrap_or(0);
            return;
        }
        if let Some(at) = line.find("replay with: ") {
            self.failure.get_or_insert_with(|| line[at..].to_string());
        }
        self.text.push_str(line);
        self.text.push('\n');
    }
}

/// Runs a program and reads what it prints.
fn listen(command: &mut Command) -> Result<Output, String> {
    let cannot = |error| format!("the tests cannot be started: {error}");
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().map_err(cannot)?;
    let mut output = Output::default();
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).lines() {
            output.take(&line.map_err(cannot)?);
        }
    }
    let status = child.wait().map_err(cannot)?;
    if !status.success() {
        output.failure.get_or_insert_with(|| format!("the tests failed: {status}"));
    }
    Ok(output)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_are_counted_and_the_first_failure_is_kept() {
        let mut output = Output::default();
        for line in [
            "test a ... cases: 17 of a",
            "cases: 4 of b",
            "seed 4, replay with: SEED=4 cargo test -p sched x",
            "replay with: SEED=5",
        ] {
            output.take(line);
        }
        assert_eq!(output.cases, 21);
        assert_eq!(output.failure.as_deref(), Some("replay with: SEED=4 cargo test -p sched x"));
    }

    #[test]
    fn rounds_grow_and_shrink_to_the_time_they_should_take() {
        assert_eq!(next_size(20, 30.0), 20);
        assert_eq!(next_size(20, 300.0), 2);
        assert_eq!(next_size(20, 0.0), 80);
        assert_eq!(next_size(1, 3000.0), 1);
    }

    #[test]
    fn the_program_is_found_among_what_cargo_says() {
        let messages = "warning: x\n{\"target\":{\"name\":\"a\"},\"executable\":null}\n\
                        {\"target\":{\"name\":\"a\"},\"executable\":\"/x/a-1\"}\n";
        assert_eq!(executable(messages, "a"), Ok("/x/a-1".to_string()));
        assert!(executable(messages, "b").is_err());
    }
}
