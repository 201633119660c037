//! The commands, one file each.

mod capabilities;
mod config;
mod dump;
mod models;
mod status;
mod values;
mod vpp;
mod why;

use clap::Subcommand;

use crate::cli::{Agent, Exit, Screen};
use crate::error::Error;

/// What the agent is asked to do or to show.
#[derive(Debug, Subcommand)]
pub enum Command {
    Capabilities(capabilities::Capabilities),
    Config(config::Config),
    Dump(dump::Dump),
    Status(status::Status),
    Values(values::Values),
    Vpp(vpp::Vpp),
    Why(why::Why),
}

impl Command {
    /// Runs the command and shows its result.
    pub async fn run(&self, agent: &Agent, screen: &mut Screen<'_>) -> Result<Exit, Error> {
        match self {
            Command::Config(config) => return config.run(agent, screen).await,
            Command::Capabilities(capabilities) => capabilities.run(agent, screen).await?,
            Command::Dump(dump) => dump.run(agent, screen).await?,
            Command::Status(status) => status.run(agent, screen).await?,
            Command::Values(values) => values.run(agent, screen).await?,
            Command::Vpp(vpp) => vpp.run(agent, screen).await?,
            Command::Why(why) => why.run(agent, screen).await?,
        }
        Ok(Exit::Done)
    }
}
