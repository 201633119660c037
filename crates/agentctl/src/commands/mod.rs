//! The commands, one file each.

mod config;
mod dump;
mod models;
mod status;
mod values;

use clap::Subcommand;

use crate::cli::{Agent, Screen};
use crate::error::Error;

/// What the agent is asked to do or to show.
#[derive(Debug, Subcommand)]
pub enum Command {
    Config(config::Config),
    Dump(dump::Dump),
    Status(status::Status),
    Values(values::Values),
}

impl Command {
    /// Runs the command and shows its result.
    pub async fn run(&self, agent: &Agent, screen: &mut Screen<'_>) -> Result<(), Error> {
        match self {
            Command::Config(config) => config.run(agent, screen).await,
            Command::Dump(dump) => dump.run(agent, screen).await,
            Command::Status(status) => status.run(agent, screen).await,
            Command::Values(values) => values.run(agent, screen).await,
        }
    }
}
