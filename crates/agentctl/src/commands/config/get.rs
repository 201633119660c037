//! `agentctl config get`: the configuration that the agent was given.

use std::sync::Arc;

use clap::Args;
use model::document;
use model::proto::ligato::generic::{ConfigItem, GetConfigRequest, data::Union};
use model::value::Value;

use super::labels::{Labels, parse_labels};
use crate::cli::{Agent, Screen};
use crate::error::Error;
use crate::output::{Format, parse_format};

/// Show the configuration, in the form that "config update" reads
#[derive(Args, Debug)]
pub struct Get {
    /// Only values with these labels: name, name=value; !name for those without it
    #[arg(long, value_parser = parse_labels)]
    labels: Option<Labels>,

    /// yaml or json
    #[arg(short, long, default_value = "yaml", value_parser = parse_format)]
    format: Format,
}

impl Get {
    pub async fn run(&self, agent: &Agent, screen: &mut Screen<'_>) -> Result<(), Error> {
        if self.format == Format::Table {
            return Err(Error::Usage(
                "the configuration is a document, not a table; use -f yaml or json, or \"agentctl values\""
                    .to_string(),
            ));
        }
        let grpc = agent.grpc();
        let labels = self.labels.clone().unwrap_or_default();
        let request = GetConfigRequest { ids: Vec::new(), labels: labels.0 };
        let mut manager = grpc.manager().await?;
        let reply = grpc.reply("ManagerService/GetConfig", manager.get_config(request)).await?;

        let mut values: Vec<Arc<dyn Value>> = Vec::new();
        for item in reply.into_inner().items {
            match value(&item) {
                Ok(value) => values.push(value),
                Err(reason) => screen.warn(&format!("a value is left out: {reason}")),
            }
        }
        let text = match self.format {
            Format::Json => format!("{:#}", document::to_json(values.iter().map(|value| &**value))),
            Format::Table | Format::Yaml => document::render(values.iter().map(|value| &**value)),
        };
        screen.print(&text)
    }
}

/// The value in the item, or why there is none.
fn value(item: &ConfigItem) -> Result<Arc<dyn Value>, String> {
    let item = item.item.as_ref().ok_or("the agent sent an item without content")?;
    let name = item.id.as_ref().map(|id| format!("{} {}", id.model, id.name)).unwrap_or_default();
    let Some(Union::Any(any)) = item.data.as_ref().and_then(|data| data.union.as_ref()) else {
        return Err(format!("{name} came without data"));
    };
    let message = any.type_url.rsplit('/').next().unwrap_or_default();
    let spec = model::by_proto(message)
        .ok_or_else(|| format!("{name} is of the type {message}, which this agentctl does not know"))?;
    spec.decode(&any.value).map_err(|error| format!("{name}: {error}"))
}
