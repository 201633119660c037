//! The whole agent, simulated, for so many steps.

use super::now;
use crate::process;

/// As many unless told otherwise.
const STEPS: u64 = 1_000_000;

/// How much, and from which seed on.
#[derive(Debug, PartialEq)]
struct Limits {
    steps: u64,
    seed: u64,
}

pub fn run(arguments: &[String]) -> Result<(), String> {
    let limits = limits(arguments, now().as_secs() * 1000)?;
    println!("{} steps, seeds from {} on", limits.steps, limits.seed);
    let mut command = process::cargo();
    command.args(["test", "--release", "--quiet", "-p", "agent", "--test", "simulation"]);
    command.args(["--target-dir", "target/soak", "--", "--nocapture", "whatever_happens"]);
    // With all assertions; not optimised across packages, which takes longer than it gains.
    command.envs([("CARGO_PROFILE_RELEASE_DEBUG_ASSERTIONS", "true"), ("CARGO_PROFILE_RELEASE_LTO", "off")]);
    command
        .envs([("SIMULATION_STEPS", limits.steps.to_string()), ("SIMULATION_SEED", limits.seed.to_string())]);
    process::run(&mut command)
}

/// Reads `--steps` and `--seed`; `fresh` is a seed that nobody had before.
fn limits(arguments: &[String], fresh: u64) -> Result<Limits, String> {
    let mut limits = Limits { steps: STEPS, seed: fresh };
    let mut arguments = arguments.iter();
    while let Some(name) = arguments.next() {
        let number = arguments.next().and_then(|text| text.parse::<u64>().ok());
        match (name.as_str(), number) {
            ("--steps", Some(steps)) if steps > 0 => limits.steps = steps,
            ("--seed", Some(seed)) => limits.seed = seed,
            ("--steps" | "--seed", _) => return Err(format!("{name} takes a number")),
            _ => return Err(format!("\"soak agent\" knows --steps N and --seed S, not \"{name}\"")),
        }
    }
    Ok(limits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Limits, String> {
        let arguments: Vec<String> = line.split_whitespace().map(str::to_string).collect();
        limits(&arguments, 7)
    }

    #[test]
    fn limits_are_read_in_any_order_and_have_defaults() {
        assert_eq!(parse(""), Ok(Limits { steps: STEPS, seed: 7 }));
        assert_eq!(parse("--seed 5 --steps 2"), Ok(Limits { steps: 2, seed: 5 }));
    }

    #[test]
    fn mistakes_are_named() {
        assert_eq!(parse("--steps many"), Err("--steps takes a number".to_string()));
        assert_eq!(parse("--steps 0"), Err("--steps takes a number".to_string()));
        assert!(parse("--minutes 2").unwrap_err().contains("--minutes"));
    }
}
