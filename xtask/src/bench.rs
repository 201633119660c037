//! `cargo xtask bench`: the measurements, on a release build.

use crate::{Command, process};

pub const COMMAND: Command = Command {
    name: "bench",
    usage: "routes --n N [--json]",
    summary: "measure the agent on the simulator, or on the VPP that VPP_BIN and its companions name",
    run,
};

/// The measuring is done by a program of the agent's own; arguments and environment are handed on to it. It starts the
/// agent as a process of its own.
fn run(arguments: &[String]) -> Result<(), String> {
    let mut build = process::cargo();
    build.args(["build", "--quiet", "--release", "-p", "agent", "--bins"]);
    process::run(&mut build)?;
    let mut command = process::cargo();
    // Quiet, because with `--json` one object stands alone on the standard output.
    command.args(["run", "--quiet", "--release", "-p", "agent", "--example", "bench", "--"]).args(arguments);
    process::run(&mut command)
}
