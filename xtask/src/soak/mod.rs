//! `cargo xtask soak <what>`: random tests with ever new seeds, until the time is over or one fails.

mod agent;
mod scheduler;

use crate::Command;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

pub const COMMAND: Command = Command {
    name: "soak",
    usage: "scheduler --minutes N | agent [--steps N] [--seed S]",
    summary: "run random tests with ever new seeds until the time is over, the steps are made, or one fails",
    run,
};

type Soak = fn(&[String]) -> Result<(), String>;

/// What can be soaked.
const WHAT: &[(&str, Soak)] =
    &[("scheduler", |arguments| scheduler::run(&limits(arguments, now())?)), ("agent", agent::run)];

/// How long, and from which seed on.
#[derive(Debug, PartialEq)]
struct Limits {
    time: Duration,
    seed: u64,
}

fn run(arguments: &[String]) -> Result<(), String> {
    let known: Vec<&str> = WHAT.iter().map(|(name, _)| *name).collect();
    let Some((what, rest)) = arguments.split_first() else {
        return Err(format!("say what to soak: {}", known.join(", ")));
    };
    let Some((_, soak)) = WHAT.iter().find(|(name, _)| name == what) else {
        return Err(format!("\"{what}\" cannot be soaked; known are: {}", known.join(", ")));
    };
    soak(rest)
}

/// Reads `--minutes` and `--seed`. Seconds since 1970, times a thousand, are a first seed that nobody had before.
fn limits(arguments: &[String], now: Duration) -> Result<Limits, String> {
    let mut limits = Limits { time: Duration::ZERO, seed: now.as_secs() * 1000 };
    let mut arguments = arguments.iter();
    while let Some(name) = arguments.next() {
        let number = arguments.next().and_then(|text| text.parse::<u64>().ok());
        match (name.as_str(), number) {
            ("--minutes", Some(minutes)) if minutes > 0 => {
                limits.time = Duration::from_secs(minutes.saturating_mul(60))
            }
            ("--seed", Some(seed)) => limits.seed = seed,
            ("--minutes" | "--seed", _) => return Err(format!("{name} takes a number")),
            _ => return Err(format!("soak knows --minutes N and --seed S, not \"{name}\"")),
        }
    }
    if limits.time.is_zero() {
        return Err("say for how long: --minutes N".to_string());
    }
    Ok(limits)
}

/// Since 1970.
fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Limits, String> {
        let arguments: Vec<String> = line.split_whitespace().map(str::to_string).collect();
        limits(&arguments, Duration::from_millis(7500))
    }

    #[test]
    fn limits_are_read_in_any_order_and_the_seed_comes_from_the_clock() {
        let two = Duration::from_secs(120);
        assert_eq!(parse("--minutes 2"), Ok(Limits { time: two, seed: 7000 }));
        assert_eq!(parse("--seed 5 --minutes 2"), Ok(Limits { time: two, seed: 5 }));
    }

    #[test]
    fn mistakes_are_named() {
        assert_eq!(parse(""), Err("say for how long: --minutes N".to_string()));
        assert_eq!(parse("--minutes ten"), Err("--minutes takes a number".to_string()));
        assert_eq!(parse("--minutes 0"), Err("--minutes takes a number".to_string()));
        assert!(parse("--hours 2").unwrap_err().contains("--hours"));
        assert!(run(&[]).unwrap_err().contains("scheduler"));
        assert!(run(&["moon".to_string()]).unwrap_err().contains("\"moon\""));
    }
}
