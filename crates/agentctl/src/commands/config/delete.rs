//! `agentctl config delete`: takes the values of a file out of the configuration.

use clap::Args;
use model::proto::ligato::configurator::{Config, DeleteRequest};
use serde_json::json;

use super::read;
use crate::cli::{Agent, Screen};
use crate::error::Error;
use crate::output::{Format, parse_format};

/// Delete the values of a file
///
/// Of each value only the fields that make its key matter. The file has the form of the message
/// ligato.configurator.Config, which lacks some models (VRRP, STN, iptables).
#[derive(Args, Debug)]
pub struct Delete {
    /// YAML or JSON; - is the standard input
    file: String,

    /// Wait until the values are gone
    #[arg(long)]
    waitdone: bool,

    /// Show the transaction
    #[arg(short, long)]
    verbose: bool,

    /// yaml or json, for --verbose
    #[arg(short, long, default_value = "json", value_parser = parse_format)]
    format: Format,
}

impl Delete {
    pub async fn run(&self, agent: &Agent, screen: &mut Screen<'_>) -> Result<(), Error> {
        if self.format == Format::Table {
            return Err(Error::Usage("a transaction has no table; use -f json or yaml".to_string()));
        }
        let unusable =
            |error: model::Error| Error::File { path: self.file.clone(), cause: error.to_string() };
        let root = model::yaml::parse(&read(&self.file)?).map_err(unusable)?;
        // An empty file is a configuration without values.
        let root = if root.is_null() { json!({}) } else { root };
        let config: Config = model::json::parse(&root).map_err(unusable)?;

        let grpc = agent.grpc().within(agent.timeout_of_change());
        let mut configurator = grpc.configurator().await?;
        let request = DeleteRequest { delete: Some(config), wait_done: self.waitdone };
        let reply = grpc.reply("ConfiguratorService/Delete", configurator.delete(request)).await?;
        if !self.verbose {
            return screen.print("OK");
        }
        let number = reply.metadata().get("seqnum").and_then(|number| number.to_str().ok());
        let number: u64 = number.and_then(|number| number.parse().ok()).ok_or_else(|| Error::Answer {
            call: "ConfiguratorService/Delete".to_string(),
            address: grpc.address().to_string(),
            cause: "the values are deleted, but the number of the transaction (seqnum) is missing"
                .to_string(),
        })?;
        let transaction = agent.rest().get(&format!("/scheduler/txn-history?seq-num={number}")).await?;
        screen.print(&self.format.render(&transaction, String::new)?)
    }
}
