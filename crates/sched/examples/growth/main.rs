//! `cargo xtask bench growth [--max N] [--rounds R] [--json]`: what the scheduler alone costs, from 1,000 values to a
//! million, on a southbound that does everything at once.
//!
//! Every size is measured in processes of its own, so that none inherits another one's memory. Each figure is the least
//! of the rounds: whatever else the machine does can only add to it.

mod measure;
mod null;
mod table;

use serde_json::{Value, json};
use std::process::Command;

type Failure = Box<dyn std::error::Error>;

const SIZES: [usize; 4] = [1_000, 10_000, 100_000, 1_000_000];

/// What was asked for.
struct Options {
    max: usize,
    rounds: usize,
    json: bool,
    /// Measure this size here, and print the figures as an object.
    one: Option<usize>,
}

fn options(mut args: impl Iterator<Item = String>) -> Result<Options, Failure> {
    let mut options = Options { max: 1_000_000, rounds: 3, json: false, one: None };
    while let Some(arg) = args.next() {
        let mut number = || match args.next().map(|number| number.parse::<usize>()) {
            Some(Ok(number)) if number > 0 => Ok(number),
            _ => Err(format!("{arg} needs a number above 0")),
        };
        match arg.as_str() {
            "growth" => {}
            "--json" => options.json = true,
            "--max" => options.max = number()?,
            "--rounds" => options.rounds = number()?,
            "--one" => options.one = Some(number()?),
            _ => return Err(format!("there is no {arg:?}; growth [--max N] [--rounds R] [--json]").into()),
        }
    }
    if options.max < SIZES[0] {
        return Err(format!("--max must be at least {}", SIZES[0]).into());
    }
    Ok(options)
}

fn main() -> Result<(), Failure> {
    let options = options(std::env::args().skip(1))?;
    if let Some(n) = options.one {
        println!("{}", measure::measure(n)?);
        return Ok(());
    }
    let mut columns = Vec::new();
    for n in SIZES.into_iter().filter(|&n| n <= options.max) {
        let runs: Result<Vec<Value>, Failure> = (0..options.rounds).map(|_| in_its_own_process(n)).collect();
        columns.push((n, least(&runs?)));
    }
    if options.json {
        let sizes: Vec<Value> = columns.iter().map(|(n, run)| json!({"values": n, "figures": run})).collect();
        println!("{}", json!({"rounds": options.rounds, "sizes": sizes}));
    } else {
        print!("{}", table::table(&columns));
    }
    Ok(())
}

fn in_its_own_process(n: usize) -> Result<Value, Failure> {
    let output = Command::new(std::env::current_exe()?).args(["--one", &n.to_string()]).output()?;
    if !output.status.success() {
        return Err(format!("measuring {n} values: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// The least of each figure.
fn least(runs: &[Value]) -> Value {
    let first = runs.first().and_then(Value::as_object);
    let figures = first.into_iter().flatten().map(|(name, _)| {
        let values = runs.iter().filter_map(|run| run[name].as_f64());
        (name.clone(), json!(values.reduce(f64::min)))
    });
    Value::Object(figures.collect())
}
