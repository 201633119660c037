//! `agentctl config update`: gives the agent the configuration of a file.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use clap::Args;
use model::document;
use model::proto::ligato::generic::item::Id;
use model::proto::ligato::generic::{
    Data, GetConfigRequest, Item, ItemStatus, SetConfigRequest, SetConfigResponse, UpdateItem, UpdateResult,
    data::Union,
};
use model::value::Value;
use serde_json::json;

use super::labels::{Labels, parse_labels};
use super::read;
use crate::cli::{Agent, Screen};
use crate::error::Error;
use crate::grpc::Grpc;
use crate::output::{Format, parse_format};

/// Give the agent the values of a file
#[derive(Args, Debug)]
pub struct Update {
    /// YAML or JSON, in the form that "config get" shows; - is the standard input
    file: String,

    /// Delete all values that came over gRPC and REST before and are not in the file
    #[arg(long)]
    replace: bool,

    /// Labels for the values: name, name=value, several with commas
    #[arg(long, value_parser = parse_labels)]
    labels: Option<Labels>,

    /// Wait until no value of the file is pending, up to the time of --timeout
    #[arg(long)]
    waitdone: bool,

    /// table, json or yaml; without it only OK
    #[arg(short, long, value_parser = parse_format)]
    format: Option<Format>,
}

/// What the values are labelled with if nothing is said.
const FROM_HERE: (&str, &str) = ("io.ligato.from-client", "agentctl");

/// How often pending values are looked at.
const LOOK: Duration = Duration::from_millis(50);

impl Update {
    pub async fn run(&self, agent: &Agent, screen: &mut Screen<'_>) -> Result<(), Error> {
        let start = Instant::now();
        let updates = self.updates()?;
        let limit = agent.timeout_of_change();
        let grpc = agent.grpc().within(limit);
        let mut manager = grpc.manager().await?;
        let request = SetConfigRequest { updates, overwrite_all: self.replace };
        let reply = grpc.reply("ManagerService/SetConfig", manager.set_config(request)).await?.into_inner();
        let mut outcomes = outcomes(reply);
        if self.waitdone {
            settle(&grpc, &mut outcomes, start + limit).await?;
        }

        let data = outcomes
            .iter()
            .map(|outcome| json!({ "key": outcome.key, "state": outcome.state, "message": outcome.message }))
            .collect();
        let text = match self.format {
            None => "OK".to_string(),
            Some(format) => format.render(&data, || table(&outcomes))?,
        };
        let failed: Vec<String> =
            outcomes.iter().filter(|outcome| outcome.failed()).map(Outcome::sentence).collect();
        if !failed.is_empty() {
            if self.format.is_some() {
                screen.print(&text)?;
            }
            let (bad, all) = (failed.len(), outcomes.len());
            let list = failed.join("\n  ");
            return Err(Error::Incomplete(format!("{bad} of {all} values are not in force:\n  {list}")));
        }
        screen.print(&text)
    }

    /// The values of the file. A mistake in it means that nothing is sent: with `--replace` a value that was left
    /// out would be deleted.
    fn updates(&self) -> Result<Vec<UpdateItem>, Error> {
        let unusable = |cause: String| Error::File { path: self.file.clone(), cause };
        let document = document::parse(&read(&self.file)?).map_err(|error| unusable(error.to_string()))?;
        if !document.errors.is_empty() {
            let list: Vec<String> = document.errors.iter().map(ToString::to_string).collect();
            return Err(unusable(format!("nothing was sent, because of\n  {}", list.join("\n  "))));
        }
        let labels = match &self.labels {
            Some(Labels(labels)) => labels.clone(),
            None => [(FROM_HERE.0.to_string(), FROM_HERE.1.to_string())].into(),
        };
        let item = |value: &dyn Value| {
            let key = value.key();
            let wire = value.wire();
            let (spec, name) = model::by_key(&key)
                .ok_or_else(|| unusable(format!("{key} is the key of no model; name the object")))?;
            let any =
                prost_types::Any { type_url: format!("models.ligato.io/{}", wire.name), value: wire.bytes };
            let id = Id { model: spec.name(), name: name.to_string() };
            let item = Item { id: Some(id), data: Some(Data { union: Some(Union::Any(any)) }) };
            Ok(UpdateItem { item: Some(item), labels: labels.clone() })
        };
        document.items.iter().map(|value| item(&**value)).collect()
    }
}

/// What became of one value.
struct Outcome {
    key: String,
    state: String,
    message: String,
}

impl Outcome {
    /// Whether the value is not in force and will not be without a change.
    fn failed(&self) -> bool {
        ["INVALID", "FAILED", "RETRYING"].contains(&self.state.as_str())
    }

    fn sentence(&self) -> String {
        format!("{}: {}: {}", self.key, self.state, self.message)
    }
}

/// The results that concern values; the first one only carries the number of the transaction.
fn outcomes(reply: SetConfigResponse) -> Vec<Outcome> {
    let outcome = |result: UpdateResult| {
        let status = result.status.unwrap_or_default();
        Outcome { key: result.key, state: status.status, message: status.message }
    };
    let mut outcomes: Vec<Outcome> =
        reply.results.into_iter().filter(|result| result.key != "seqnum").map(outcome).collect();
    outcomes.sort_by(|one, other| one.key.cmp(&other.key));
    outcomes
}

/// Waits until none of the values is pending; asks only for those that are.
async fn settle(grpc: &Grpc, outcomes: &mut [Outcome], end: Instant) -> Result<(), Error> {
    let mut manager = grpc.manager().await?;
    loop {
        let mut pending: Vec<&mut Outcome> =
            outcomes.iter_mut().filter(|outcome| outcome.state == "PENDING").collect();
        if pending.is_empty() {
            return Ok(());
        }
        if Instant::now() >= end {
            let list: Vec<String> = pending.iter().map(|outcome| outcome.sentence()).collect();
            return Err(Error::Incomplete(format!(
                "values are still pending; a longer time may help (--timeout):\n  {}",
                list.join("\n  ")
            )));
        }
        tokio::time::sleep(LOOK).await;
        let ids = pending.iter().filter_map(|outcome| {
            let (spec, name) = model::by_key(&outcome.key)?;
            Some(Id { model: spec.name(), name: name.to_string() })
        });
        let request = GetConfigRequest { ids: ids.collect(), labels: BTreeMap::new() };
        let reply = grpc.reply("ManagerService/GetConfig", manager.get_config(request)).await?.into_inner();
        let mut now: HashMap<String, ItemStatus> = HashMap::with_capacity(reply.items.len());
        for item in reply.items {
            let Some(id) = item.item.and_then(|item| item.id) else { continue };
            let Some(spec) = model::by_name(&id.model) else { continue };
            now.insert(spec.key(&id.name), item.status.unwrap_or_default());
        }
        for outcome in &mut pending {
            match now.remove(&outcome.key) {
                Some(status) => (outcome.state, outcome.message) = (status.status, status.message),
                // Somebody else has taken it away meanwhile.
                None => outcome.state = "NONEXISTENT".to_string(),
            }
        }
    }
}

fn table(outcomes: &[Outcome]) -> String {
    let rows: Vec<[String; 3]> = outcomes
        .iter()
        .map(|outcome| [outcome.key.clone(), outcome.state.clone(), outcome.message.clone()])
        .collect();
    crate::output::columns(["KEY", "STATE", "DETAILS"], &rows)
}
