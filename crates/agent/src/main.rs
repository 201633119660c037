//! `vpp-agent`: runs the agent, or shows it on a simulated VPP.

use agent::config::{Command, Flags, Settings, USAGE};
use agent::{Agent, VERSION, demo};
use std::io::IsTerminal;
use std::process::ExitCode;
use tracing::{error, info, warn};
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    agent::allocator::give_back_large_buffers();
    let flags = match Flags::parse(std::env::args().skip(1), |name| std::env::var(name).ok()) {
        Ok(flags) => flags,
        Err(error) => {
            eprintln!("vpp-agent: {error}");
            return ExitCode::from(2);
        }
    };
    match flags.command {
        Command::Help => print!("{USAGE}"),
        Command::Version => println!("vpp-agent v{VERSION}"),
        Command::Run | Command::Demo { .. } => return start(flags),
    }
    ExitCode::SUCCESS
}

fn start(flags: Flags) -> ExitCode {
    let level = std::env::var("INITIAL_LOGLVL")
        .unwrap_or_else(|_| if flags.command == Command::Run { "info" } else { "warn" }.to_owned());
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::try_new(&level).unwrap_or_else(|_| EnvFilter::new("info")))
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .init();
    // The scheduler has a thread of its own; one more is enough for the doors.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            error!("the agent cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    runtime.block_on(async {
        match flags.command {
            Command::Demo { once } => demo::run(once).await,
            _ => run(flags).await,
        }
    })
}

async fn run(flags: Flags) -> ExitCode {
    let (settings, warnings) = match Settings::load(&flags) {
        Ok(loaded) => loaded,
        Err(error) => {
            error!("{error}");
            return ExitCode::FAILURE;
        }
    };
    for warning in flags.warnings.iter().chain(&warnings) {
        warn!("{warning}");
    }
    let stop = agent::stop_signal();
    let agent = match Agent::start(settings).await {
        Ok(agent) => agent,
        Err(error) => {
            error!("the agent cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    info!("vpp-agent v{VERSION}: REST at {}, gRPC at {}", agent.rest_text(), agent.grpc_text());
    stop.await;
    info!("stopping; VPP keeps its configuration");
    agent.stop().await;
    ExitCode::SUCCESS
}
