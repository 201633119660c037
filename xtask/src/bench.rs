//! `cargo xtask bench`: the measurements, on a release build.

use crate::{Command, process};

pub const COMMAND: Command = Command {
    name: "bench",
    usage: "routes|loopbacks|acls|linux|growth [--json]",
    summary: "measure the agent, on the simulator or VPP (routes|loopbacks|acls [--n N]), Linux beside ip -batch (linux [--n ROUTES] [--pairs N] [--rounds R]), or the scheduler (growth [--max N] [--rounds R])",
    run,
};

/// The measuring is done by a program of the package that is measured; arguments and environment are handed on to it.
fn run(arguments: &[String]) -> Result<(), String> {
    let (package, example) = match arguments.first().map(String::as_str) {
        Some("routes" | "loopbacks" | "acls") => {
            // It starts the agent as a process of its own.
            let mut build = process::cargo();
            build.args(["build", "--quiet", "--release", "-p", "agent", "--bins"]);
            process::run(&mut build)?;
            ("agent", "bench")
        }
        Some("linux") => ("linux", "measure"),
        Some("growth") => ("sched", "growth"),
        _ => {
            return Err(
                "say what to measure: `bench routes`, `loopbacks`, `acls`, `linux` or `growth`".to_string()
            );
        }
    };
    let mut command = process::cargo();
    // Quiet, because with `--json` one object stands alone on the standard output.
    command.args(["run", "--quiet", "--release", "-p", package, "--example", example, "--"]).args(arguments);
    process::run(&mut command)
}
