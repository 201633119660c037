//! Command line client of the agent.

use std::io::{IsTerminal, stderr, stdout};
use std::process::ExitCode;

use agentctl::{Screen, run};

fn main() -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("ERROR: cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    // The common way to ask every program for no colours.
    let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let colours = !plain && stdout().is_terminal();
    let mut screen = Screen { out: &mut stdout(), err: &mut stderr(), colours };
    runtime.block_on(run(std::env::args_os(), |name| std::env::var(name).ok(), &mut screen)).into()
}
