//! `vpp-sim`: a simulated VPP on a Unix socket.

use clap::Parser;
use sim::{Machine, Sim, SimConfig};
use std::path::PathBuf;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

/// A simulated VPP that speaks the binary API on a Unix socket until it is interrupted.
#[derive(Debug, Parser)]
#[command(name = "vpp-sim", version)]
struct Args {
    /// The socket to listen on.
    #[arg(long, value_name = "PATH")]
    socket: PathBuf,
    /// The release whose messages it serves; the newest unless given.
    #[arg(long, value_name = "RELEASE")]
    release: Option<String>,
    /// A plugin that is not loaded, by the module of its messages; may be repeated.
    #[arg(long = "no-plugin", value_name = "NAME")]
    no_plugins: Vec<String>,
    /// Where to hand out statistics; nowhere unless given.
    #[arg(long, value_name = "PATH")]
    stats_socket: Option<PathBuf>,
    /// Make a TAP of Linux for each of its TAPs, in the network namespace that it is started in. Packets are
    /// bridged and routed, and pings answered.
    #[arg(long)]
    linux_taps: bool,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match run(Args::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("vpp-sim: {message}");
            ExitCode::FAILURE
        }
    }
}

async fn run(args: Args) -> Result<(), String> {
    let Args { no_plugins, stats_socket, .. } = args;
    let linux_taps = args.linux_taps.then(|| "/proc/self/ns/net".into());
    let machine = Machine { linux_taps, ..Machine::default() };
    let mut config = SimConfig { machine, no_plugins, stats_socket, ..SimConfig::default() };
    if let Some(release) = args.release {
        config.release = release;
    }
    let release = config.release.clone();
    let sim = Sim::start(&args.socket, config).await.map_err(|e| e.to_string())?;
    println!("simulated VPP {release} listens on {}", sim.path().display());
    tokio::signal::ctrl_c().await.map_err(|e| e.to_string())?;
    sim.stop();
    Ok(())
}
