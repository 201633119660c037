//! `agentctl config`: the configuration as one document.

mod delete;
mod get;
mod history;
mod labels;
mod plan;
mod resync;
mod update;
mod watch;

#[cfg(test)]
mod tests;

use clap::{Args, Subcommand};

use crate::cli::{Agent, Exit, Screen};
use crate::error::Error;

/// Show and change the configuration
#[derive(Args, Debug)]
pub struct Config {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Delete(delete::Delete),
    Get(get::Get),
    History(history::History),
    Plan(plan::Plan),
    Resync(resync::Resync),
    Update(update::Update),
    #[command(visible_aliases = ["notify", "subscribe"])]
    Watch(watch::Watch),
}

impl Config {
    pub async fn run(&self, agent: &Agent, screen: &mut Screen<'_>) -> Result<Exit, Error> {
        match &self.command {
            Command::Delete(delete) => delete.run(agent, screen).await?,
            Command::Get(get) => get.run(agent, screen).await?,
            Command::History(history) => history.run(agent, screen).await?,
            Command::Plan(plan) => return plan.run(agent, screen).await,
            Command::Resync(resync) => resync.run(agent, screen).await?,
            Command::Update(update) => update.run(agent, screen).await?,
            Command::Watch(watch) => watch.run(agent, screen).await?,
        }
        Ok(Exit::Done)
    }
}

/// The text of the file; `-` is the standard input.
fn read(path: &str) -> Result<String, Error> {
    let text =
        if path == "-" { std::io::read_to_string(std::io::stdin()) } else { std::fs::read_to_string(path) };
    text.map_err(|error| Error::File { path: path.to_string(), cause: error.to_string() })
}
