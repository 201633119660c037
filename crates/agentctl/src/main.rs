//! Command line client of the agent. Each command is a file of its own in `commands`.

mod cli;
mod commands;
mod duration;
mod error;
mod grpc;
mod output;
mod rest;
mod time;

#[cfg(test)]
mod canned;

use std::process::ExitCode;

fn main() -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("ERROR: cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    let mut screen = cli::Screen { out: &mut std::io::stdout(), err: &mut std::io::stderr() };
    match runtime.block_on(cli::run(std::env::args_os(), |name| std::env::var(name).ok(), &mut screen)) {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}
